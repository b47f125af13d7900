"""From a Word file with pictures, comments and tracked changes to its publication."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from docx_parts import commented, comments, deleted, inserted, p, package, picture, run
from flow_parts import CANARIES, propose, write_reports

from pipeline.config import Settings
from pipeline.errors import LeakError, NotSettledError, UsageError
from pipeline.flow import intake, proposing, publishing, settling
from pipeline.raw.document import Document, Unread, UnreadKind, View
from pipeline.store.casefile import CaseFile
from pipeline.store.register import Row
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

MOTHER, FATHER, SCHOOL = CANARIES
BODY = (
    p("Overview report")
    + p(f"1.1 {MOTHER} was seen by ", runs=commented(0, "the nurse") + run(" in spring."))
    + p("The family:")
    + p(runs=picture(f"Genogram of {FATHER}"))
    + p("1.2 The school ", runs=deleted(f"{SCHOOL} was told.") + inserted(run("was not told.")))
)
SAYS = "family tree of three generations"


@dataclass(frozen=True)
class Desk:
    """A workspace with one Word file and two accounts."""

    workspace: Workspace
    review: str
    original: Path
    out: Path

    @property
    def row(self) -> Row:
        return self.workspace.register.row(self.review)

    @property
    def case(self) -> CaseFile:
        return CaseFile(Vault.unlock(self.workspace), self.review)

    def exported(self) -> dict[str, Any]:
        """What is proposed, with everything but the unread lines accepted."""
        content: dict[str, Any] = settling.export(self.workspace, self.review, as_name="Jo")
        for row in (*content["identities"], *content["findings"], *content["left"]):
            row["verdict"] = "accept"
        return content

    def decide(self, content: dict[str, Any]) -> dict[str, object]:
        return settling.decide(self.workspace, self.review, content, as_name="Jo")

    def cleared(self, description: str | None = None) -> dict[str, object]:
        """Everything decided and cleared, each line with the first code that fits."""
        content = self.exported()
        for row in content["unread"]:
            row.update(verdict="accept", cleared_as=next(iter(row["codes"])))
            if "description" in row:
                row["description"] = description
        return self.decide(content)

    def approve(self, profile: str = "public") -> None:
        settling.approve(self.workspace, self.review, profile, as_name="Sam")

    def publish(self) -> dict[str, object]:
        return publishing.publish(self.workspace, [self.review], "public", self.out)[0]

    def library(self) -> list[str]:
        documents = self.workspace.library.documents(include_drafts=True)
        return [document.text.value for document in documents]

    def told(self) -> list[dict[str, Any]]:
        rows = self.workspace.ledger.rows(self.review)
        return [json.loads(row.detail) for row in rows if row.action == "decide"]


def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = intake.init(tmp_path / "home")
    for name, duty in (("Jo", "reviewer"), ("Sam", "approver")):
        intake.add_user(workspace, name, duty)
    return workspace


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    workspace = opened(tmp_path, monkeypatch)
    path = tmp_path / f"{MOTHER}.docx"
    path.write_bytes(package(BODY, {"word/comments.xml": comments(f"ask {FATHER}")}))
    review = str(next(intake.ingest(workspace, [path]))["review"])
    return Desk(workspace, review, path, tmp_path / "out")


def test_a_word_file_goes_the_whole_way_and_says_where_its_picture_was(desk: Desk) -> None:
    assert desk.cleared(SAYS)["state"] == "settled"
    desk.approve()
    manifest = Path(str(desk.publish()["manifest"]))
    (page,) = desk.out.glob("*.html")
    label = f'<span class="swap">[picture removed: {SAYS}]</span></p>'
    assert label in page.read_text(encoding="utf-8")
    out = b"".join(path.read_bytes() for path in desk.out.iterdir())
    assert not any(name.encode() in out for name in CANARIES)
    home = desk.workspace.home
    assert all(
        row["holds"] for row in publishing.verify(manifest, original=desk.original, home=home)
    )


def test_a_draft_says_that_a_picture_is_missing(desk: Desk) -> None:
    assert "[picture removed]" in desk.library()[0]
    desk.cleared(SAYS)
    assert f"[picture removed: {SAYS}]" in desk.library()[0]


def test_each_line_blocks_until_the_last_is_cleared(desk: Desk) -> None:
    lines = len(desk.exported()["unread"])
    assert lines == 4
    for done in range(lines + 1):
        content = desk.exported()
        for row in content["unread"][:done]:
            row.update(verdict="accept", cleared_as=next(iter(row["codes"])))
        state = desk.decide(content)
        assert state["uncleared"] == lines - done
        if done < lines:
            with pytest.raises(NotSettledError):
                desk.approve()
    desk.approve()


@pytest.mark.parametrize("what", list(UnreadKind))
def test_a_line_of_any_kind_blocks_approval_and_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: UnreadKind
) -> None:
    read = proposing.read_bytes

    def reads(data: bytes, name: str, settings: Settings) -> Document:
        line = Unread(f"{what.value}-1-1", what, 1, "It was not read.")
        return replace(read(data, name, settings), unread=(line,))

    monkeypatch.setattr(proposing, "read_bytes", reads)
    workspace = opened(tmp_path, monkeypatch)
    (path,) = write_reports(tmp_path / "in", 1)
    review = str(next(intake.ingest(workspace, [path]))["review"])
    desk = Desk(workspace, review, path, tmp_path / "out")
    assert desk.decide(desk.exported())["uncleared"] == 1
    with pytest.raises(NotSettledError):
        desk.approve()
    with pytest.raises(NotSettledError):
        desk.publish()
    assert not desk.out.exists()
    assert desk.cleared()["uncleared"] == 0
    desk.approve()
    assert desk.publish()["state"] == "published"


@pytest.mark.parametrize("name", [MOTHER, MOTHER.upper()])
def test_a_hidden_name_in_a_description_is_a_leak_and_nothing_is_kept(
    desk: Desk, name: str
) -> None:
    with pytest.raises(LeakError) as caught:
        desk.cleared(f"family tree of {name}")
    assert MOTHER not in str(caught.value)
    assert desk.row.edition == 0
    assert not desk.told()


def test_a_name_that_stands_in_the_picture_alone_is_refused_in_a_description(desk: Desk) -> None:
    with pytest.raises(UsageError, match="seems to hold a name"):
        desk.cleared(f"family tree with {FATHER}")
    assert desk.row.edition == 0


def test_the_ledger_has_codes_and_counts_and_no_description(desk: Desk) -> None:
    desk.cleared(SAYS)
    (told,) = desk.told()
    assert told["cleared_as"] == ["left-out:1", "picture-removed:1", "view-accepted:2"]
    assert (told["cleared"], told["uncleared"]) == (4, 0)
    everything = "".join(row.detail for row in desk.workspace.ledger.rows())
    assert "tree" not in everything


def test_what_was_approved_before_there_were_codes_is_published_as_it_was(desk: Desk) -> None:
    desk.cleared()
    desk.approve()
    ids = [line["id"] for line in desk.exported()["unread"]]
    kept = json.loads(desk.case.blobs.get(desk.review, "decided-000001"))
    old = json.dumps(kept | {"cleared": ids}).encode()
    desk.case.blobs.put(desk.review, "decided-000001", old)
    assert desk.publish()["state"] == "published"


def test_what_is_open_is_told_by_kinds_and_counts(desk: Desk) -> None:
    rows = settling.still_open(desk.workspace, desk.review, as_name="Jo")
    assert [(row["kind"], row["open"]) for row in rows] == [
        ("PERSON", 1),
        ("comment", 1),
        ("picture", 1),
        ("tracked_change", 2),
    ]
    assert rows[-1]["settle_with"] == "view-accepted"
    assert not any(part in json.dumps(rows) for name in CANARIES for part in name.split())
    desk.cleared()
    assert settling.still_open(desk.workspace, desk.review, as_name="Sam") == []


def again(desk: Desk, view: View) -> dict[str, object]:
    return settling.read_again(desk.workspace, desk.review, view, as_name="Jo")


def test_another_view_is_another_text_with_its_own_decisions(desk: Desk) -> None:
    desk.cleared(SAYS)
    desk.approve()
    before = desk.row
    aside = settling.set_aside(desk.workspace, desk.review, View.ORIGINAL, as_name="Jo")
    assert aside == len(desk.told()[0]["accepted"]) + 4
    state = again(desk, View.ORIGINAL)
    assert (state["state"], state["again"]) == ("proposed", 0)
    assert (state["undecided"], state["uncleared"]) == (2, 4)
    assert desk.workspace.register.approved_profiles(desk.review) == ()
    assert desk.row.edition == before.edition + 1
    assert desk.row.text_sha256 != before.text_sha256
    assert desk.row.versions.split()[0].endswith("-original")
    (text,) = desk.library()
    assert "was told." in text
    assert "was not told." not in text
    assert (desk.told()[-1]["view"], desk.told()[-1]["voided"]) == ("original", 1)
    assert desk.case.decided(before.edition).size == aside
    with pytest.raises(NotSettledError):
        desk.publish()


def test_a_change_is_cleared_as_the_view_that_was_read_and_published_so(desk: Desk) -> None:
    again(desk, View.ORIGINAL)
    content = desk.exported()
    with pytest.raises(UsageError):
        desk.decide(content | {"clear_kinds": {"tracked_change": "view-accepted"}})
    kinds = {"tracked_change": "view-original", "comment": "left-out", "picture": "left-out"}
    assert desk.decide(content | {"clear_kinds": kinds})["uncleared"] == 0
    desk.approve()
    manifest = Path(str(desk.publish()["manifest"]))
    (page,) = desk.out.glob("*.txt")
    assert "1.2 The school [primary school] was told." in page.read_text(encoding="utf-8")
    home = desk.workspace.home
    rows = list(publishing.verify(manifest, original=desk.original, home=home))
    assert all(row["holds"] for row in rows)
    # What was published stays provable after somebody reads the file in the other view.
    again(desk, View.ACCEPTED)
    later = list(publishing.verify(manifest, original=desk.original, home=home))
    assert later == rows


def test_what_was_decided_on_a_view_counts_again_when_it_is_read_again(desk: Desk) -> None:
    desk.cleared(SAYS)
    size = desk.case.decided(1).size
    assert again(desk, View.ORIGINAL)["again"] == 0
    state = again(desk, View.ACCEPTED)
    assert (state["state"], state["again"]) == ("settled", size)
    assert f"[picture removed: {SAYS}]" in desk.library()[0]
    desk.approve()
    desk.publish()


def test_the_one_who_chose_the_view_does_not_approve(desk: Desk) -> None:
    intake.add_user(desk.workspace, "Sam", "reviewer")
    desk.cleared()
    settling.read_again(desk.workspace, desk.review, View.ORIGINAL, as_name="Sam")
    settling.read_again(desk.workspace, desk.review, View.ACCEPTED, as_name="Sam")
    with pytest.raises(NotSettledError, match="decided last"):
        desk.approve()


def test_a_view_is_refused_where_there_is_only_one(desk: Desk, tmp_path: Path) -> None:
    (path,) = write_reports(tmp_path / "in", 1)
    plain = str(next(intake.ingest(desk.workspace, [path]))["review"])
    for step in (settling.read_again, settling.set_aside):
        with pytest.raises(UsageError, match="no tracked changes"):
            step(desk.workspace, plain, View.ORIGINAL, as_name="Jo")
        with pytest.raises(UsageError, match="already"):
            step(desk.workspace, desk.review, View.ACCEPTED, as_name="Jo")
        with pytest.raises(NotSettledError):
            step(desk.workspace, desk.review, View.ORIGINAL, as_name="Sam")
    assert desk.row.edition == 0
