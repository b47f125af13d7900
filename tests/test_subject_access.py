"""Subject access: what is held of one person, nobody else in it; rectification: what came of it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from flow_parts import CANARIES, propose
from keeping_parts import Kept, kept
from life_parts import RECIPIENT, holds, purge, withdraw
from test_health import run

from pipeline.door import provenance
from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.flow import (
    health,
    joining,
    proposing,
    publishing,
    rectifying,
    registering,
    subject_access,
)
from pipeline.flow.subject_access import Answer
from pipeline.match import Names
from pipeline.raw.document import Block, Finding
from pipeline.raw.record import Record
from pipeline.span import BlockKind, Kind, Span
from pipeline.store.entries import Entries, Joined
from pipeline.store.vault import Vault

MOTHER, FATHER, SCHOOL = CANARIES
LETTER = "Zebedee Quartermain writes that he was never told of the meeting."


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return kept(tmp_path, monkeypatch)


def search(there: Kept, *names: str, who: str = "Sam") -> Answer:
    return subject_access.search(there.workspace, names, as_name=who)


def texts(answer: Answer) -> str:
    return "\n".join(p.text for one in answer.held for p in one.passages)


@pytest.mark.parametrize(
    "name", [MOTHER, MOTHER.upper(), "Thistlewaite, Quenby", f"  {MOTHER} ", "Quenby  Thistlewaite"]
)
def test_what_is_held_is_found_however_the_name_is_written(there: Kept, name: str) -> None:
    answer = search(there, name)
    assert (answer.searched, answer.purged, len(answer.held)) == (3, 0, 3)
    assert MOTHER in texts(answer)
    for one in answer.held:
        for passage in one.passages:
            assert [passage.text[s:e] for s, e in passage.mentions]
            assert all(passage.text[s:e] == MOTHER for s, e in passage.mentions)


def test_nobody_else_is_in_it(there: Kept) -> None:
    answer = search(there, MOTHER)
    assert FATHER not in texts(answer)
    assert "[person]" in texts(answer)
    assert "was not told" in texts(answer)
    his = search(there, FATHER)
    assert MOTHER not in texts(his)
    # "X was supported by her sister" does not name him.
    assert his.places < answer.places


def test_a_surname_alone_is_not_everybody_of_that_name(there: Kept) -> None:
    answer = search(there, "Thistlewaite")
    assert texts(answer) == ""
    assert [one.unclear > 0 for one in answer.held] == [True] * 3


@pytest.mark.parametrize("name", ["Zebedee Quartermain", "spring"])
def test_who_is_not_there_is_not_found(there: Kept, name: str) -> None:
    assert search(there, name).held == ()


def test_what_is_no_name_is_refused(there: Kept) -> None:
    with pytest.raises(UsageError):
        search(there, "", "  ")


@pytest.mark.parametrize("who", ["Jo", "Una", "Ruth"])
def test_only_approvers_and_administrators_search(there: Kept, who: str) -> None:
    with pytest.raises(NotSettledError):
        search(there, MOTHER, who=who)


def test_the_ledger_says_that_somebody_searched_and_for_nobodys_name(there: Kept) -> None:
    answer = search(there, MOTHER, FATHER)
    rows = list(there.workspace.ledger.rows())
    (entry,) = [e for e in rows if e.action == "subject-access"]
    assert json.loads(entry.detail) == {
        "searched": 3, "found": 3, "places": answer.places, "purged": 0, "export": answer.id,
    }  # fmt: skip
    seen = [e.review for e in rows if e.action == "view-raw" and "subject" in e.detail]
    assert sorted(map(str, seen)) == sorted(one.review for one in answer.held)
    for name in (MOTHER, FATHER, "Thistlewaite", "thistlewaite"):
        assert holds(there.one, name) == []


def test_what_was_withdrawn_is_held_still_and_what_was_purged_is_not(there: Kept) -> None:
    withdraw(there.one)
    assert len(search(there, MOTHER).held) == 3
    purge(there.one)
    answer = search(there, MOTHER)
    assert (answer.searched, answer.purged, len(answer.held)) == (2, 1, 2)


def test_notes_and_recipients_are_counted(there: Kept) -> None:
    answer = search(there, "Perpetua Vexley")
    assert [(one.review, one.notes, one.passages) for one in answer.held] == [
        (there.one.review, 1, ())
    ]
    assert RECIPIENT not in json.dumps([one.review for one in answer.held])


def test_earlier_versions_are_counted(there: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "propose", propose)
    text = there.one.original.read_text(encoding="utf-8").replace(MOTHER, "Nobody")
    there.one.later(text)
    (held,) = [o for o in search(there, MOTHER).held if o.review == there.one.review]
    assert (held.passages, held.earlier) == ((), 1)


def test_the_export_is_for_its_owner_and_names_nobody_outside(there: Kept) -> None:
    answer = search(there, MOTHER)
    folder = subject_access.write(answer, there.folder)
    assert folder.name == answer.id
    assert MOTHER.split()[0].lower() not in str(folder).lower()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    page = (folder / "export.html").read_text(encoding="utf-8")
    assert f"<mark>{MOTHER}</mark>" in page
    assert FATHER not in page
    content = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    assert (content["searched"], len(content["held"])) == (3, 3)
    with pytest.raises(StoreError):
        subject_access.write(answer, there.folder)
    assert (folder / "export.html").read_text(encoding="utf-8") == page


def test_the_command_takes_names_from_a_file_and_shows_none(
    there: Kept, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_HOME", str(there.workspace.home))
    names, out = there.folder / "names.txt", there.folder / "exports"
    names.write_text(f"{MOTHER}\nMs Thistlewaite\n", encoding="utf-8")
    asked = ["subject-access", "--names", str(names), "--out", str(out), "--as", "Sam"]
    code, told, err = run([*asked, "--format", "jsonl"], capfd, monkeypatch)
    assert (code, len(told.splitlines())) == (0, 3)
    assert "Thistlewaite" not in told + err
    assert len(list(out.iterdir())) == 1
    assert run([*asked[:2], str(there.folder / "none"), *asked[3:]], capfd, monkeypatch)[0] == 2


def test_the_folder_of_exports_is_made_for_its_owner_and_holds_each_export_apart(
    there: Kept, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_HOME", str(there.workspace.home))
    names, out = there.folder / "names.txt", there.folder / "asked" / "exports"
    names.write_text(MOTHER, encoding="utf-8")

    def asked(folder: Path) -> int:
        to = ["--names", str(names), "--out", str(folder), "--as", "Sam"]
        return run(["subject-access", *to], capfd, monkeypatch)[0]

    assert asked(out) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert asked(out) == 0
    assert len(list(out.iterdir())) == 2
    before = there.workspace.ledger.tally()["subject-access"]
    assert asked(names) == 2  # a file
    assert asked(names / "exports") == 2
    assert there.workspace.ledger.tally()["subject-access"] == before


FAMILY = """Name	Relationship	Date of birth
Imogen Thistlewaite	Subject	DOB 14 January 2006
Quenby Thistlewaite	Mother	DOB 12 August 1970
"""


def test_of_a_table_only_the_persons_row_is_told_and_no_birthday_of_another() -> None:
    lines = FAMILY.splitlines()
    starts = [FAMILY.index(line) for line in lines]
    rows = tuple(
        (Span(start, start + len(line)),) for start, line in zip(starts, lines, strict=True)
    )
    block = Block(BlockKind.TABLE, FAMILY, 1, Span(0, len(FAMILY)), rows=rows)
    mine = [Span(FAMILY.index(MOTHER), FAMILY.index(MOTHER) + len(MOTHER))]
    births = [
        Finding(Span(FAMILY.index(day), FAMILY.index(day) + len(day)), Kind.DATE, "birth", 0.9, "x")
        for day in ("14 January 2006", "12 August 1970")
    ]
    stretches = list(subject_access._stretches(block, mine))
    assert [stretch.of(FAMILY) for stretch in stretches] == lines
    told = subject_access._hidden(FAMILY, stretches[2], mine, births[1:], Names(()))
    assert told == (lines[2], ((0, len(MOTHER)),))
    whole, _ = subject_access._hidden(FAMILY, Span(0, len(FAMILY)), mine, births, Names(()))
    assert ("14 January 2006" in whole, "12 August 1970" in whole) == (False, True)


# -- rectification -------------------------------------------------------------------------


def test_the_next_manifest_tells_that_there_is_a_statement_and_not_what_it_says(
    there: Kept,
) -> None:
    workspace, review = there.workspace, there.one.review
    manifest = there.one.out / f"{there.one.publish()}.manifest.json"
    assert "statements" not in provenance.told(provenance.verify(manifest.read_bytes()))
    rectifying.rectify(workspace, review, LETTER, "statement", as_name="Jo")
    rectifying.rectify(workspace, review, LETTER, "refused", as_name="Jo")
    there.one.publish()
    assert provenance.told(provenance.verify(manifest.read_bytes()))["statements"] == 1
    checks = list(publishing.verify(manifest, home=workspace.home))
    assert [one["check"] for one in checks if not one["holds"]] == []
    assert holds(there.one, "Quartermain") == []


def test_a_correction_makes_every_approval_void_and_is_kept_in_the_vault(there: Kept) -> None:
    workspace, review = there.workspace, there.one.review
    assert rectifying.rectify(workspace, review, LETTER, "statement", as_name="Jo") == 0
    assert there.one.row.state == "published"
    assert rectifying.rectify(workspace, review, LETTER, "correct", as_name="Jo") == 1
    assert there.one.row.state == "settled"
    with pytest.raises(NotSettledError):
        publishing.publish(workspace, [review], "public", there.one.out)
    rows = list(rectifying.listed(workspace, review, as_name="Sam"))
    assert [(row["outcome"], row["text"]) for row in rows] == [
        ("statement", LETTER), ("correct", LETTER),
    ]  # fmt: skip
    assert holds(there.one, "Quartermain") == []
    assert there.one.actions()[-2:] == ["rectify", "view-raw"]
    assert workspace.ledger.verify() is None
    there.one.approve()
    assert there.one.row.state == "approved"


@pytest.mark.parametrize(
    ("text", "outcome"), [("", "correct"), ("x" * 20_001, "correct"), (LETTER, "perhaps")]
)
def test_what_is_no_request_is_refused(there: Kept, text: str, outcome: str) -> None:
    with pytest.raises(UsageError):
        rectifying.rectify(there.workspace, there.one.review, text, outcome, as_name="Jo")
    assert there.one.row.state == "published"


def test_nothing_is_corrected_in_what_is_gone(there: Kept) -> None:
    purge(there.one)
    with pytest.raises(StoreError, match="purged"):
        rectifying.rectify(there.workspace, there.one.review, LETTER, "correct", as_name="Jo")
    assert there.one.row.state == "published"
    withdraw(there.one)
    with pytest.raises(NotSettledError, match="withdrawn"):
        rectifying.rectify(there.workspace, there.one.review, LETTER, "correct", as_name="Jo")


def test_the_command_keeps_and_lists_requests(
    there: Kept, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_HOME", str(there.workspace.home))
    letter = there.folder / "letter.txt"
    letter.write_text(LETTER, encoding="utf-8")
    asked = ["rectify", there.one.review, "--as", "Jo"]
    assert run([*asked, "--request", str(letter)], capfd, monkeypatch)[0] == 2
    more = ["--request", str(letter), "--outcome", "refused"]
    code, out, err = run([*asked, *more], capfd, monkeypatch)
    assert (code, "Quartermain" in out + err) == (0, False)
    code, out, _ = run([*asked, "--format", "jsonl"], capfd, monkeypatch)
    assert json.loads(out)["text"] == LETTER


def test_what_the_register_records_is_searched_too(there: Kept) -> None:
    entry = registering.add(
        there.workspace, {"board": "Quibbrook", "author": "Zebedee Marlpit"}, as_name="Sam"
    )
    answer = search(there, "Zebedee Marlpit")
    assert [(one.review, one.state, one.notes) for one in answer.held] == [(entry, "expected", 1)]
    assert all(one.status is not health.Status.WRONG for one in health.check(there.workspace))


def test_what_two_entries_said_before_they_were_joined_is_in_the_answer(there: Kept) -> None:
    """The author of an entry that gave way to its file's stands nowhere but there."""
    review, workspace = there.one.review, there.workspace
    registering.change(workspace, review, {"author": "Odile Fenwright"}, as_name="Sam")
    recorded = {"board": "Quibbrook", "author": "Zebedee Marlpit", "chair": "Odile Fenwright"}
    recorded["note"] = "Zebedee Marlpit\nrang, and Quenby Thistlewaite was told."
    entry = registering.add(workspace, recorded, as_name="Sam")
    joining.join(workspace, entry, review, as_name="Sam")
    (held,) = search(there, "Zebedee Marlpit").held
    # The fields of the entry, and the history that went with it.
    assert {(one.field, one.now, one.text) for one in held.recorded} == {
        ("author", False, "Zebedee Marlpit"),
        ("note", True, ""),
    }
    assert (held.review, held.notes) == (review, 2)
    page = (subject_access.write(search(there, "Zebedee Marlpit"), there.folder)) / "export.html"
    told = page.read_text(encoding="utf-8")
    assert "author: Zebedee Marlpit" in told
    assert not any(name in told for name in ("Fenwright", MOTHER))


def test_what_only_the_record_of_a_joining_holds_is_found(there: Kept) -> None:
    review, workspace = there.one.review, there.workspace
    entries = Entries(Vault.unlock(workspace))
    first = Joined("e-a", "2009-01-01", Record((("author", "Zebedee Marlpit"),)), Record())
    into = Record((("chair", "Zebedee Marlpit"),))
    entries.keep_joined(review, (Joined("e-b", "2009-02-01", Record(), into, (), (first,)),))
    (held,) = search(there, "Marlpit, Zebedee").held
    assert [(one.of, one.field, one.now, one.text) for one in held.recorded] == [
        (review, "chair", False, "Zebedee Marlpit"),
        ("e-a", "author", False, "Zebedee Marlpit"),
    ]
    assert held.notes == 1
