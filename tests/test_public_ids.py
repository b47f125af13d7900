"""A public id is drawn as a review goes out: who approved it has not seen the id."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flow_parts import propose
from life_parts import Life, made, published

from pipeline.config import Settings
from pipeline.door import provenance, renamed, verify
from pipeline.door.policy import REVIEWER
from pipeline.door.redact import Redaction
from pipeline.errors import LeakError, NotSettledError, StoreError
from pipeline.exporters import to_html
from pipeline.flow import (
    approved,
    backing_up,
    editions,
    intake,
    proposing,
    publishing,
    rechecking,
    rendering,
    restoring,
    settling,
)
from pipeline.raw.document import Document, Finding, Identity, Proposal
from pipeline.safe.lesson import SafeDocument
from pipeline.span import Kind, Span
from pipeline.store import approval as approvals
from pipeline.store import register
from pipeline.store.approval import Approval
from pipeline.store.workspace import Workspace

HOUSE = "12"


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return made(tmp_path)


def kept(life: Life, profile: str = "public") -> str | None:
    return life.workspace.register.public_id(life.review, profile)


def approval(life: Life, profile: str = "public") -> Approval:
    return approvals.from_json(str(life.workspace.register.approval(life.review, profile)))


def listed(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.exists() else []


# -- the approval --------------------------------------------------------------------------


def test_an_approval_knows_no_id_and_neither_does_the_ledger_of_it(life: Life) -> None:
    life.decide()
    life.approve()
    assert kept(life) is None
    record = str(life.workspace.register.approval(life.review, "public"))
    assert approval(life).public_id == ""
    assert {name.partition(".")[0] for name, _ in approval(life).bound.outputs} == {"cr-unissued"}
    public_id = life.publish()
    assert kept(life) == public_id
    before = [e.detail for e in life.workspace.ledger.rows(life.review) if e.action != "publish"]
    assert public_id not in "".join((record, *before))
    assert str(life.workspace.register.approval(life.review, "public")) == record
    assert not any("unissued" in name for name in listed(life.out))
    assert not any(b"unissued" in path.read_bytes() for path in life.out.iterdir())


def test_what_goes_out_is_but_for_the_id_what_was_approved(life: Life) -> None:
    life.decide()
    life.approve()
    before = life.case.approved("public")
    public_id = life.publish()
    out = {p.name: p.read_bytes() for p in life.out.iterdir() if "manifest" not in p.name}
    text = json.loads(out[f"{public_id}.json"])["text"]
    assert len(out) == 6
    assert approvals.hashes(before) == approval(life).bound.outputs
    assert renamed.differing(before, out, text, undrawn="cr-unissued", drawn=public_id) == ()
    for ending in (".html", ".txt", ".json", ".md"):
        back = out[public_id + ending].replace(public_id.encode(), b"cr-unissued")
        assert back == before[f"cr-unissued{ending}"]
    manifest = life.out / f"{public_id}.manifest.json"
    rows = list(publishing.verify(manifest, original=life.original, home=life.workspace.home))
    assert [row for row in rows if not row["holds"]] == []


def test_files_that_change_with_the_id_do_not_go_out(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.decide()
    life.approve()
    render = to_html.render

    def other(document: SafeDocument, *, public_id: str, anchors: bool = True) -> bytes:
        page = render(document, public_id=public_id, anchors=anchors)
        return page if public_id.endswith("unissued") else page.replace(b"</p>", b"</p>\n", 1)

    monkeypatch.setattr(to_html, "render", other)
    with pytest.raises(NotSettledError, match="not what was approved"):
        life.publish()
    assert listed(life.out) == []
    assert kept(life) is None


def test_an_id_stays_for_later_editions_and_differs_by_profile(life: Life) -> None:
    first = published(life)
    life.approve("board")
    board = life.publish("board")
    assert board != first
    life.decide()
    life.approve()
    assert approval(life).public_id == ""
    assert life.publish() == first
    assert kept(life, "board") == board
    life.approve("board")
    assert life.publish("board") == board


def test_a_demonstration_has_an_id_of_its_own(life: Life) -> None:
    intake.add_user(life.workspace, "Dee", "approver", demonstration=True)
    life.decide()
    settling.approve(life.workspace, life.review, "public", as_name="Dee")
    names = {name.partition(".")[0] for name, _ in approval(life).bound.outputs}
    assert names == {"demonstration-unissued"}
    shown = life.publish()
    assert shown.startswith("demonstration-")
    assert "unissued" not in shown
    life.approve()
    assert life.publish().startswith("cr-")


def test_of_two_who_publish_at_once_one_is_told(
    life: Life, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    life.decide()
    life.approve()
    check, ids = approved.write_and_check, []

    def slow(one: approved.Going, folder: Path) -> None:
        monkeypatch.setattr(approved, "write_and_check", check)
        ids.append(life.publish(out=tmp_path / "first"))
        check(one, folder)

    monkeypatch.setattr(approved, "write_and_check", slow)
    with pytest.raises(StoreError, match="same time"):
        life.publish()
    assert listed(life.out) == []
    assert ids == [kept(life)]
    assert life.publish() == ids[0]


def test_an_approval_in_a_backup_is_published_from_what_was_restored(
    life: Life, tmp_path: Path
) -> None:
    life.decide()
    life.approve()
    backup = backing_up.backup(life.workspace, tmp_path)
    again = restoring.restore(backup.path, tmp_path / "again").workspace
    rows = publishing.publish(again, [life.review], "public", life.out)
    assert again.register.public_id(life.review, "public") == rows[0]["public_id"]


def test_a_recheck_has_no_id_of_what_was_not_out_yet(life: Life) -> None:
    def ids() -> list[tuple[object, object]]:
        rows = rechecking.recheck(life.workspace, [life.review], as_name="Sam")
        return [(row["state"], row["public_id"]) for row in rows if row["type"] == "review"]

    life.decide()
    life.approve()
    assert ids() == [("approved", "")]
    public_id = life.publish()
    assert ids() == [("published", public_id)]
    life.decide()
    life.approve()
    assert ids() == [("published", public_id), ("approved", public_id)]


# -- drawn again ---------------------------------------------------------------------------


def with_house(document: Document, settings: Settings) -> Proposal:
    """The number of a house, which a reviewer hid."""
    before = propose(document, settings)
    found = [Span(*m.span()) for m in re.finditer(rf"\b{HOUSE}\b", document.text)]
    more = [Finding(span, Kind.PLACE, "address", 1.0, REVIEWER, "house") for span in found]
    own = (Identity("house", Kind.PLACE, (HOUSE,), "home address"),) if found else ()
    findings = sorted((*before.findings, *more), key=lambda one: one.span)
    return replace(before, findings=tuple(findings), identities=(*before.identities, *own))


@pytest.fixture
def house(life: Life, monkeypatch: pytest.MonkeyPatch) -> Life:
    """A review, approved, that hides the number of a house."""
    monkeypatch.setattr(proposing, "propose", with_house)
    life.later(f"{life.original.read_text(encoding='utf-8')}\nThey met at number {HOUSE}.\n")
    life.decide()
    life.approve()
    return life


def drawing(monkeypatch: pytest.MonkeyPatch, *letters: str) -> list[str]:
    """These letters are drawn, the last of them again and again; what was drawn."""
    drawn: list[str] = []

    def draw(prefix: str, count: int) -> str:
        drawn.append(prefix + letters[min(len(drawn), len(letters) - 1)])
        return drawn[-1]

    monkeypatch.setattr(register, "draw", draw)
    return drawn


def test_an_id_with_a_hidden_number_in_it_is_drawn_again(
    house: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = house.row.edition
    redaction = editions.to_publish(house.case, house.case.document(edition), edition, "public")
    with pytest.raises(LeakError):
        rendering.artefacts(redaction, f"cr-bc{HOUSE}dfgh")
    drawn = drawing(monkeypatch, f"bc{HOUSE}dfgh", f"{HOUSE}bcdfgh", "bcdfgh13")
    assert house.publish() == "cr-bcdfgh13"
    assert len(drawn) == 3


def test_a_review_that_no_id_fits_does_not_go_out(
    house: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = drawing(monkeypatch, *(f"bc{HOUSE}dfg{sign}" for sign in "bcdfghjkmnpqrstvwxz23456789"))
    with pytest.raises(LeakError) as stopped:
        house.publish()
    assert str(stopped.value) == approved.NO_ID
    assert HOUSE not in str(stopped.value)
    assert len(drawn) == approved.MOST_DRAWS == 20
    assert (kept(house), listed(house.out), house.row.state) == (None, [], "approved")


def test_what_the_gate_finds_elsewhere_draws_no_second_id(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.decide()
    life.approve()
    drawn = drawing(monkeypatch, "bcdfghjk")
    require_clean = verify.require_clean

    def leaks(artefacts: Mapping[str, bytes], redaction: Redaction) -> None:
        require_clean(artefacts, redaction)
        if any(name.startswith("cr-bcdfghjk") for name in artefacts):
            raise LeakError("something is left")

    monkeypatch.setattr(verify, "require_clean", leaks)
    with pytest.raises(LeakError, match="something is left"):
        life.publish()
    assert drawn == ["cr-bcdfghjk"]
    assert (kept(life), listed(life.out)) == (None, [])


# -- older approvals -----------------------------------------------------------------------


def as_before(life: Life, public_id: str) -> Approval:
    """Approved as older versions did it: with an id, which stands in the register from then on."""
    new = settling.approve(life.workspace, life.review, "public", as_name="Sam")
    row = life.row
    document = life.case.document(row.edition)
    redaction = editions.to_publish(life.case, document, row.edition, "public")
    files = rendering.artefacts(redaction, public_id)
    bound = replace(new.bound, outputs=approvals.hashes(files))
    old = replace(new, public_id=public_id, bound=bound)
    with life.workspace.writing():
        settling._keep(life.workspace, row, old)
        life.workspace.register.keep_public_id(life.review, "public", public_id)
        life.case.keep_approved("public", files)
    return old


def test_an_approval_that_has_an_id_goes_out_under_it_byte_for_byte(life: Life) -> None:
    life.decide()
    old = as_before(life, "cr-bcdfghjk")
    assert life.publish() == "cr-bcdfghjk"
    for name, sha256 in old.bound.outputs:
        assert provenance.sha256((life.out / name).read_bytes()) == sha256
    life.decide()
    life.approve()
    assert life.publish() == "cr-bcdfghjk"


def test_an_id_that_only_an_old_approval_had_is_not_used_by_a_new_one(life: Life) -> None:
    life.decide()
    as_before(life, "cr-bcdfghjk")
    life.decide()
    life.approve()
    assert life.publish() != "cr-bcdfghjk"
    assert life.workspace.register.of_public_id("cr-bcdfghjk") is None


@pytest.mark.parametrize("release", ["0.1.0", "0.5.0"])
def test_of_an_older_workspace_what_was_out_keeps_its_id_and_what_was_not_gets_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str
) -> None:
    archives = Path(__file__).parent / "files" / "workspaces"
    with zipfile.ZipFile(archives / f"{release}.zip") as archive:
        archive.extractall(tmp_path)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = Workspace.open(tmp_path / "home")
    out, only_approved = json.loads((tmp_path / "expected.json").read_text("utf-8"))["reviews"][:2]
    for review, stays in ((out, True), (only_approved, False)):
        before = workspace.register.public_id(review, "public")
        assert before is not None
        content = settling.export(workspace, review, as_name="Jo")
        for group in content["left"] if isinstance(content["left"], list) else ():
            group["verdict"] = "accept"
        settling.decide(workspace, review, content, as_name="Jo")
        settling.approve(workspace, review, "public", as_name="Sam")
        rows = publishing.publish(workspace, [review], "public", tmp_path / "out")
        assert (rows[0]["public_id"] == before) is stays
