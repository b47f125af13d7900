"""Settling and publishing: two people, every byte bound, nothing out that was not approved."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flow_parts import CANARIES, propose, write_reports

from pipeline.door import policy as policies
from pipeline.door import verify
from pipeline.door.redact import Redaction
from pipeline.errors import CandourError, LeakError, NotSettledError, StoreError, UsageError
from pipeline.exporters import to_json
from pipeline.flow import editions, intake, proposing, publishing, settling, year
from pipeline.safe.lesson import SafeDocument
from pipeline.store.workspace import Workspace

PARTS = tuple(part for name in CANARIES for part in name.split() if part != "Academy")


@dataclass(frozen=True)
class Desk:
    """A workspace with one review and two accounts."""

    workspace: Workspace
    review: str
    original: Path
    out: Path

    def decided(self, **changes: object) -> dict[str, object]:
        """What the reviewer exported, everything accepted, taken in again."""
        content = settling.export(self.workspace, self.review, as_name="Jo")
        accept(content)
        return settling.decide(self.workspace, self.review, content | changes, as_name="Jo")

    def approved(self) -> None:
        self.decided()
        settling.approve(self.workspace, self.review, "public", as_name="Sam")

    def publish(self) -> list[dict[str, object]]:
        return publishing.publish(self.workspace, [self.review], "public", self.out)


def accept(content: object) -> None:
    """Set every verdict in an exported file to accept."""
    for inside in content.values() if isinstance(content, dict) else ():
        for one in inside if isinstance(inside, list) else ():
            if isinstance(one, dict) and "verdict" in one:
                one["verdict"] = "accept"
            if isinstance(one, dict) and "codes" in one:
                one["cleared_as"] = next(iter(one["codes"]))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = intake.init(tmp_path / "home")
    for name, duty in (("Jo", "reviewer"), ("Sam", "approver"), ("Jo", "approver")):
        intake.add_user(workspace, name, duty)
    paths = write_reports(tmp_path / "in", 1)
    review = str(next(intake.ingest(workspace, paths))["review"])
    return Desk(workspace, review, paths[0], tmp_path / "out")


def test_a_review_goes_from_proposed_to_published(desk: Desk) -> None:
    assert desk.decided() == {
        "review": desk.review,
        "state": "settled",
        "undecided": 0,
        "uncleared": 0,
        "left": 0,
    }
    settling.approve(desk.workspace, desk.review, "public", as_name="Sam")
    assert desk.workspace.register.row(desk.review).state == "approved"
    assert [d.draft for d in desk.workspace.library.documents()] == [False]
    rows = desk.publish()
    assert desk.workspace.register.row(desk.review).state == "published"
    assert rows[0]["review"] == desk.review
    names = sorted(path.name for path in desk.out.iterdir())
    public_id = str(rows[0]["public_id"])
    assert all(name.startswith(public_id) for name in names)
    assert {name.removeprefix(public_id) for name in names} >= {".html", ".txt", ".json", ".md"}
    actions = [entry.action for entry in desk.workspace.ledger.rows(desk.review)]
    assert actions == ["ingest", "view-raw", "decide", "approve", "publish"]
    assert desk.workspace.ledger.verify() is None


def test_no_word_of_a_report_gets_out(
    desk: Desk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    desk.approved()
    rows = desk.publish()
    shown = capfd.readouterr()
    held = [path.read_bytes() for path in desk.workspace.home.rglob("*") if path.is_file()]
    out = [path.read_bytes() for path in desk.out.rglob("*") if path.is_file()]
    names = " ".join(path.name for path in desk.out.rglob("*"))
    listed = json.dumps([rows, list(year.register(desk.workspace))], default=str)
    for part in PARTS:
        assert not [True for content in (*held, *out) if part.encode() in content]
        assert part not in names + listed + caplog.text + shown.out + shown.err


def test_a_review_stays_open_while_anything_is_undecided(desk: Desk) -> None:
    content = settling.export(desk.workspace, desk.review, as_name="Jo")
    state = settling.decide(desk.workspace, desk.review, content, as_name="Jo")
    assert state["state"] == "proposed"
    assert int(str(state["undecided"])) > 0
    with pytest.raises(NotSettledError):
        settling.approve(desk.workspace, desk.review, "public", as_name="Sam")


def test_nobody_approves_what_nobody_decided(desk: Desk) -> None:
    with pytest.raises(NotSettledError):
        settling.approve(desk.workspace, desk.review, "public", as_name="Sam")


def test_the_last_editor_does_not_approve(desk: Desk) -> None:
    desk.decided()
    with pytest.raises(NotSettledError, match="decided last"):
        settling.approve(desk.workspace, desk.review, "public", as_name="Jo")
    assert desk.workspace.register.approval(desk.review, "public") is None
    last = list(desk.workspace.ledger.rows(desk.review))[-1]
    assert (last.action, json.loads(last.detail)["code"]) == ("refused", "approval-by-editor")


@pytest.mark.parametrize(
    "step",
    [
        lambda desk: settling.export(desk.workspace, desk.review, as_name="Ruth"),
        lambda desk: settling.decide(desk.workspace, desk.review, {}, as_name="Sam"),
        lambda desk: settling.approve(desk.workspace, desk.review, "public", as_name="Ruth"),
        lambda desk: publishing.publish(
            desk.workspace, [desk.review], "public", desk.out, as_name="Ruth"
        ),
        lambda desk: year.set_hold(desk.workspace, desk.review, basis="other", as_name="Ruth"),
        lambda desk: publishing.publish(desk.workspace, [desk.review], "public", desk.out),
    ],
    ids=["export", "decide", "approve", "publish", "hold", "publish unapproved"],
)
def test_a_step_without_its_duty_or_its_time_is_refused(
    desk: Desk, step: Callable[[Desk], object]
) -> None:
    intake.add_user(desk.workspace, "Ruth", "researcher")
    with pytest.raises(NotSettledError):
        step(desk)
    assert not desk.out.exists()


def test_an_account_with_a_password_proves_itself(desk: Desk) -> None:
    intake.add_user(desk.workspace, "Pat", "approver", password="a long word")
    desk.decided()
    with pytest.raises(NotSettledError):
        settling.approve(desk.workspace, desk.review, "public", as_name="Pat")
    approval = settling.approve(
        desk.workspace, desk.review, "public", as_name="Pat", password="a long word"
    )
    assert approval.proven


def test_a_demonstration_says_so_in_its_outputs(desk: Desk) -> None:
    intake.add_user(desk.workspace, "Dee", "approver", demonstration=True)
    desk.decided()
    settling.approve(desk.workspace, desk.review, "public", as_name="Dee")
    assert desk.publish()[0]["demonstration"]
    for path in desk.out.iterdir():
        assert path.name.startswith("demonstration-")
        assert path.suffix == ".json" or b"demonstration-" in path.read_bytes()


def test_a_review_on_hold_is_not_published(desk: Desk) -> None:
    desk.approved()
    year.set_hold(desk.workspace, desk.review, basis="criminal", as_name="Jo")
    with pytest.raises(NotSettledError, match="hold"):
        desk.publish()
    assert not desk.out.exists()
    year.lift_hold(desk.workspace, desk.review, as_name="Jo")
    assert len(desk.publish()) == 1


def _new_decision(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.decided()


def _other_profile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    load = policies.load
    monkeypatch.setattr(
        policies, "load", lambda name: load(name).model_copy(update={"purpose": "another"})
    )


def _other_bytes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    render = to_json.render

    def spaced(document: SafeDocument, *, public_id: str) -> bytes:
        return render(document, public_id=public_id) + b"\n"

    monkeypatch.setattr(to_json, "render", spaced)


def _sql(file: str, statement: str) -> Callable[[Desk, pytest.MonkeyPatch], None]:
    def change(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        connection = sqlite3.connect(desk.workspace.home / file)
        connection.executescript(statement)
        connection.commit()
        connection.close()

    return change


@pytest.mark.parametrize(
    "change",
    [
        _new_decision,
        _other_profile,
        _other_bytes,
        _sql("register.db", "UPDATE approvals SET record = replace(record, 'false', 'true')"),
        _sql("register.db", "UPDATE reviews SET edition = 0"),
        _sql(
            "ledger.db",
            "DROP TRIGGER entries_no_update; UPDATE entries SET actor = 'u-2' WHERE seq = 3",
        ),
        _sql(
            "ledger.db",
            "DROP TRIGGER entries_no_delete; DELETE FROM entries WHERE action = 'approve'",
        ),
    ],
    ids=["decision", "profile", "bytes", "record", "edition", "ledger", "ledger cut"],
)
def test_any_later_change_voids_the_approval(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Desk, pytest.MonkeyPatch], None],
) -> None:
    desk.approved()
    change(desk, monkeypatch)
    with pytest.raises(CandourError):
        desk.publish()
    assert not desk.out.exists() or not list(desk.out.iterdir())


def test_the_ledger_tells_what_was_decided_by_ids(desk: Desk) -> None:
    desk.decided()
    content = settling.export(desk.workspace, desk.review, as_name="Jo")
    assert isinstance(content["identities"], list)
    content["identities"][0]["verdict"] = "reject"
    content["identities"][1]["verdict"] = "undecided"
    content["added"] = [{"text": "health visitor", "kind": "PERSON"}]
    state = settling.decide(desk.workspace, desk.review, content, as_name="Jo")
    first, second = [
        json.loads(entry.detail)
        for entry in desk.workspace.ledger.rows(desk.review)
        if entry.action == "decide"
    ]
    assert first["accepted"] == ["i1", "i2", "i3"]
    targets = [row["id"] for row in content["identities"]]
    assert (second["accepted"], second["rejected"]) == ([], targets[:1])
    assert second["reopened"] == targets[1:2]
    assert [one.split("-")[0] for one in second["added"]] == ["PERSON"]
    assert (state["state"], state["undecided"]) == ("proposed", 1)


def test_a_new_decision_takes_the_text_back_from_the_library(desk: Desk) -> None:
    desk.approved()
    desk.decided()
    assert list(desk.workspace.library.documents()) == []
    assert [d.draft for d in desk.workspace.library.documents(include_drafts=True)] == [True]
    assert desk.workspace.register.row(desk.review).state == "settled"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settlement = editions.of_case

    def slow(*given: object) -> object:
        monkeypatch.setattr(editions, "of_case", settlement)
        desk.decided()
        return settlement(*given)  # type: ignore[arg-type]

    content = settling.export(desk.workspace, desk.review, as_name="Jo")
    monkeypatch.setattr(editions, "of_case", slow)
    with pytest.raises(StoreError, match="same time"):
        settling.decide(desk.workspace, desk.review, content, as_name="Jo")
    assert desk.workspace.register.row(desk.review).edition == 1


def test_a_leak_in_a_finished_file_leaves_the_folder_empty(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.approved()

    require_clean = verify.require_clean

    def leaks(artefacts: dict[str, bytes], redaction: Redaction) -> None:
        require_clean(artefacts, redaction)
        if any(name.endswith("manifest.json") for name in artefacts):
            raise LeakError("something is left")

    monkeypatch.setattr(verify, "require_clean", leaks)
    with pytest.raises(LeakError):
        desk.publish()
    assert not desk.out.exists() or not list(desk.out.iterdir())
    assert desk.workspace.register.row(desk.review).state == "approved"


def test_what_a_killed_run_left_unchecked_goes(desk: Desk) -> None:
    desk.approved()
    (desk.out / ".quarantine-x").mkdir(parents=True)
    (desk.out / ".quarantine-x" / "half.html").write_text(CANARIES[0], encoding="utf-8")
    desk.publish()
    assert not list(desk.out.glob(".*"))


def test_a_second_profile_leaves_the_first_published(desk: Desk) -> None:
    desk.approved()
    desk.publish()
    settling.approve(desk.workspace, desk.review, "board", as_name="Sam")
    assert desk.workspace.register.row(desk.review).state == "published"
    assert desk.workspace.register.approved_profiles(desk.review) == ("board", "public")


def test_one_unapproved_review_keeps_all_back(desk: Desk, tmp_path: Path) -> None:
    desk.approved()
    (tmp_path / "other.txt").write_text("Another report.\n\nIt says little.", encoding="utf-8")
    other = str(next(intake.ingest(desk.workspace, [tmp_path / "other.txt"]))["review"])
    with pytest.raises(NotSettledError):
        publishing.publish(desk.workspace, [desk.review, other], "public", desk.out)
    assert not desk.out.exists()


@pytest.mark.parametrize("profile", ["as-published", "nonsense", "../public"])
def test_a_profile_that_is_not_for_release_is_refused(desk: Desk, profile: str) -> None:
    desk.approved()
    with pytest.raises(UsageError):
        publishing.publish(desk.workspace, [desk.review], profile, desk.out)


def test_two_publications_are_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    desk.approved()
    desk.publish()
    first = {path.name: path.read_bytes() for path in desk.out.iterdir()}
    desk.publish()
    assert {path.name: path.read_bytes() for path in desk.out.iterdir()} == first


def test_an_untouched_publication_verifies_and_replays(desk: Desk) -> None:
    desk.approved()
    manifest = Path(str(desk.publish()[0]["manifest"]))
    public = list(publishing.verify(manifest))
    assert public
    assert all(row["holds"] for row in public)
    replayed = list(publishing.verify(manifest, original=desk.original, home=desk.workspace.home))
    assert len(replayed) > len(public)
    assert all(row["holds"] for row in replayed)


@pytest.mark.parametrize("ending", [".html", ".txt", ".json", ".md"])
def test_a_changed_or_lost_file_is_told(desk: Desk, ending: str) -> None:
    desk.approved()
    row = desk.publish()[0]
    path = desk.out / f"{row['public_id']}{ending}"
    path.write_bytes(path.read_bytes() + b" ")
    assert not all(r["holds"] for r in publishing.verify(Path(str(row["manifest"]))))
    path.unlink()
    assert not all(r["holds"] for r in publishing.verify(Path(str(row["manifest"]))))


def test_another_original_does_not_replay(desk: Desk, tmp_path: Path) -> None:
    desk.approved()
    manifest = Path(str(desk.publish()[0]["manifest"]))
    other = tmp_path / "other.txt"
    other.write_bytes(desk.original.read_bytes().replace(b"spring", b"summer"))
    rows = list(publishing.verify(manifest, original=other, home=desk.workspace.home))
    assert not all(row["holds"] for row in rows)


def test_a_manifest_signed_by_another_workspace_is_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.approved()
    manifest = Path(str(desk.publish()[0]["manifest"]))
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "other" / "master.key"))
    other = intake.init(tmp_path / "other-home")
    rows = list(publishing.verify(manifest, home=other.home))
    assert not all(row["holds"] for row in rows)


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b"[1]"])
def test_what_is_no_manifest_is_refused(desk: Desk, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(CandourError):
        list(publishing.verify(path))
