"""Sheets of the register: taken in as a whole or not at all, undone, written, taken in again."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from flow_parts import propose
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_parts import AUTHOR, BOARD, CHAIR, SHEET, fields, file_came, in_clear, made

from pipeline.errors import CandourError, ReadError, UsageError
from pipeline.flow import (
    intake,
    joining,
    proposing,
    register_sheets,
    registering,
    suggesting,
    withdrawing,
)  # fmt: skip
from pipeline.flow.register_sheets import SHAPE, Taken
from pipeline.raw import entry, sheet
from pipeline.raw.field import Field, Sort, value
from pipeline.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return made(tmp_path, monkeypatch)


def take(
    workspace: Workspace, content: str | bytes, *,
    dry_run: bool = False, skip_bad: bool = False, leave_out: bool = False,
) -> Taken:  # fmt: skip
    data = content if isinstance(content, bytes) else content.encode()
    return register_sheets.read_in(
        workspace, data, dry_run=dry_run, skip_bad=skip_bad, leave_out=leave_out, as_name="Jo"
    )


def listed(workspace: Workspace) -> list[dict[str, object]]:
    return list(registering.listed(workspace, as_name="Jo"))


def whats(taken: Taken) -> list[object]:
    return [row["what"] for row in taken.rows]


def test_a_sheet_is_taken_in_row_by_row(workspace: Workspace) -> None:
    taken = take(workspace, SHEET)
    assert (whats(taken), taken.kept) == (["added"] * 3, True)
    first = listed(workspace)[0]
    assert {k: first[k] for k in ("board", "subject", "kind", "author", "chair", "judged")} == {
        "board": BOARD, "subject": "Child A", "kind": "serious case review", "author": AUTHOR,
        "chair": "not stated", "judged": "2008-11-30",
    }  # fmt: skip
    assert [row["judged"] for row in listed(workspace)] == ["2008-11-30", "2008-12-01", "2009-01"]
    assert in_clear(workspace, AUTHOR, CHAIR, "Marl Safeguarding") == []


def test_a_sheet_that_comes_again_changes_nothing(workspace: Workspace) -> None:
    take(workspace, SHEET)
    assert whats(take(workspace, SHEET)) == ["left"] * 3
    assert len(listed(workspace)) == 3


def test_rows_that_are_the_same_stay_two_reviews_however_often_they_come(
    workspace: Workspace,
) -> None:
    twice = f"board,resubmitted\n{BOARD},yes\n{BOARD},yes\n{BOARD},no\n"
    assert whats(take(workspace, twice)) == ["added"] * 3
    assert whats(take(workspace, twice)) == ["left"] * 3


def test_a_dry_run_says_the_same_and_does_nothing(workspace: Workspace) -> None:
    before = workspace.ledger.head()
    dry = take(workspace, SHEET, dry_run=True)
    assert (whats(dry), dry.kept, listed(workspace)) == (["added"] * 3, False, [])
    assert [one.action for one in workspace.ledger.rows()][-2:] == ["view-register"] * 2
    assert workspace.ledger.holds(before)
    assert whats(take(workspace, SHEET)) == whats(dry)


def test_a_refused_row_stops_the_whole_sheet(workspace: Workspace) -> None:
    bad = SHEET.replace("1 December 2008", "1 Decembuary 2008")
    taken = take(workspace, bad)
    assert (whats(taken), taken.kept) == (["added", "refused", "added"], False)
    row = taken.rows[1]
    assert (row["line"], row["fields"]) == (3, ["judged"])
    assert str(row["why"]).startswith("judged: not a date")
    assert "Decembuary" not in json.dumps(taken.rows)
    assert listed(workspace) == []
    skipped = take(workspace, bad, skip_bad=True)
    assert (skipped.kept, len(listed(workspace))) == (True, 2)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("Name,When", "needs `board` or `review`"),
        ("Board,Link to file,Cost", "not known: B, C"),
        ("Board,State,Received", "not known: B, C"),
        ("Board,,c", "not known: B, C"),
        ("Board,Judgement,Grade", "Two columns"),
        ("Judgement,Author", "needs `board` or `review`"),
        ("=cmd|'/C calc'!A1,x", "needs `board` or `review`"),
        ("", "no row under its headings"),
    ],
)
def test_wrong_columns_are_said_and_nothing_is_lost(
    workspace: Workspace, header: str, says: str
) -> None:
    take(workspace, SHEET)
    with pytest.raises(UsageError, match=says) as wrong:
        take(workspace, f"{header}\nMarl,b,c\n" if header else "\n")
    assert "cmd" not in str(wrong.value) and "Link" not in str(wrong.value)
    assert len(listed(workspace)) == 3


def test_columns_that_are_not_known_are_left_out_if_that_is_asked(workspace: Workspace) -> None:
    taken = take(workspace, f"Board,Link,Cost\n{BOARD},x,y\n", leave_out=True)
    assert [row["fields"] for row in taken.rows] == [["board"]]


@pytest.mark.parametrize(
    "content",
    [
        SHEET.encode("utf-8-sig"),
        SHEET.replace(BOARD, "Bord Gofal Môn").encode("cp1252"),
        SHEET.encode("utf-16"),
        SHEET.replace(",", ";").encode(),
        SHEET.replace(",", "\t").encode(),
        ("sep=,\r\n" + SHEET).encode(),
        SHEET.replace("\n", "\r\n").encode(),
        (SHEET + ",,,,,,,\n\n").encode(),
        SHEET.replace("first", '"two\nlines, of it"').encode(),
        SHEET.replace("Board,", '"Board",').encode(),
        ("Reviews of the year,,,,,,,\n\n" + SHEET).encode(),
    ],
)
def test_sheets_are_read_as_programs_save_them(workspace: Workspace, content: bytes) -> None:
    assert whats(take(workspace, content)) == ["added"] * 3
    assert [row["subject"] for row in listed(workspace)] == ["Child A", "Child B", "Child D"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04 a workbook", ReadError),
        (b"\xd0\xcf\x11\xe0 an old workbook", ReadError),
        (b"board\nMarl\x00Board\n", ReadError),
        (b"\xff\xfeb", ReadError),
        (b"board,note\nMarl,\x81\x8d\x8f\n", ReadError),
        (b'board,note\nMarl,"open\n', ReadError),
        (b"", UsageError),
        (b"board\n", UsageError),
        (b"board,note\nMarl," + b"x" * 200_000 + b"\n", ReadError),
    ],
)
def test_what_is_no_sheet_is_refused(
    workspace: Workspace, content: bytes, error: type[CandourError]
) -> None:
    with pytest.raises(error, match="Nothing was changed"):
        take(workspace, content)
    assert listed(workspace) == []


@pytest.mark.parametrize(
    ("rows", "what", "why"),
    [
        (["r-nobody,Marl,good"], ["refused"], "no review has this id"),
        ([",,good"], ["refused"], "needs its board"),
        ([",Marl,good,more"], ["refused"], "more cells than headings"),
        ([",Marl,splendid"], ["refused"], "not one of the words"),
        ([",Marl,good", ",Marl,good"], ["added", "added"], ""),
        ([",Marl,not recorded"], ["added"], ""),
    ],
)
def test_each_row_says_why_it_is_refused(
    workspace: Workspace, rows: list[str], what: list[str], why: str
) -> None:
    taken = take(workspace, "\n".join(["review,board,judgement", *rows]))
    assert whats(taken) == what
    assert why in str(taken.rows[0]["why"])


def test_a_row_with_an_id_is_that_review_and_twice_is_refused(workspace: Workspace) -> None:
    review = file_came(workspace)
    content = f"review,judgement\n{review},good\n{review},adequate\n"
    assert whats(take(workspace, content)) == ["changed", "refused"]
    assert whats(take(workspace, f"review,judgement\n{review},good\n")) == ["changed"]
    assert fields(workspace, review)["judgement"] == "good"


def test_between_several_reviews_nothing_is_guessed(workspace: Workspace) -> None:
    take(workspace, f"board,subject,judged\n{BOARD},Child A,2008\n{BOARD},Child A,2009\n")
    taken = take(workspace, f"board,subject,author\n{BOARD},Child A,{AUTHOR}\n")
    assert (whats(taken), "several" in str(taken.rows[0]["why"])) == (["refused"], True)


def test_a_cell_can_take_a_value_away_and_an_empty_one_does_not(workspace: Workspace) -> None:
    review = file_came(workspace)
    take(workspace, f"review,author,chair\n{review},{AUTHOR},{CHAIR}\n")
    take(workspace, f"review,author,chair\n{review},,Not recorded\n")
    row = fields(workspace, review)
    assert (row["author"], row["chair"]) == (AUTHOR, "")


def test_a_review_that_was_withdrawn_is_not_changed(workspace: Workspace) -> None:
    review = file_came(workspace)
    withdrawing.withdraw(workspace, review, "leak", as_name="Sam")
    assert whats(take(workspace, f"review,author\n{review},{AUTHOR}\n")) == ["refused"]


# -- undo ----------------------------------------------------------------------------------


def test_the_last_sheet_can_be_undone_and_then_the_one_before(workspace: Workspace) -> None:
    review = file_came(workspace)
    registering.change(workspace, review, {"judgement": "good"}, as_name="Jo")
    take(workspace, f"review,judgement,author\n{review},adequate,{AUTHOR}\n")
    take(workspace, SHEET)
    rows = register_sheets.undo(workspace, as_name="Jo")
    assert [row["what"] for row in rows] == ["removed"] * 3
    assert [row["review"] for row in listed(workspace)] == [review]
    register_sheets.undo(workspace, as_name="Jo")
    row = fields(workspace, review)
    assert (row["judgement"], row["author"]) == ("good", "")
    with pytest.raises(UsageError, match="No sheet"):
        register_sheets.undo(workspace, as_name="Jo")


def test_what_was_changed_since_stays(workspace: Workspace) -> None:
    take(workspace, SHEET)
    first, second, third = (str(row["review"]) for row in listed(workspace))
    registering.change(workspace, first, {"author": CHAIR}, as_name="Jo")
    joining.join(workspace, second, file_came(workspace), as_name="Jo")
    told = {row["review"]: row["what"] for row in register_sheets.undo(workspace, as_name="Jo")}
    assert told.pop(third) == "removed"
    assert set(told.values()) == {"undone"}
    assert fields(workspace, first)["author"] == CHAIR
    assert fields(workspace, first)["judgement"] == ""


# -- out, and the same again ---------------------------------------------------------------


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_register_is_written_and_comes_back_unchanged(workspace: Workspace) -> None:
    take(workspace, SHEET)
    file_came(workspace, subject="Child K")
    content = register_sheets.written(workspace, as_name="Jo")
    assert [row["state"] for row in rows_of(content)] == ["proposed", "expected", "expected",
                                                          "expected"]  # fmt: skip
    assert whats(take(workspace, content)) == ["left"] * 4
    assert register_sheets.written(workspace, as_name="Jo") == content


def test_published_is_the_boards_date_but_in_a_sheet_of_ours(workspace: Workspace) -> None:
    review = file_came(workspace)
    take(workspace, f"review,Published\n{review},1/2/2009\n")
    assert fields(workspace, review)["board_published"] == "2009-02-01"
    ours = f"review,published,text_sha256\n{review},2010-01-01,{'1' * 64}\n"
    assert whats(take(workspace, ours)) == ["left"]


def test_a_formula_is_text_on_the_way_in_and_out(workspace: Workspace) -> None:
    formula = '=HYPERLINK("http://x")'
    review = file_came(workspace)
    quoted = formula.replace('"', '""')
    take(workspace, f'review,author,note\n{review},"{quoted}",-1+1\n')
    assert fields(workspace, review)["author"] == formula
    (row,) = rows_of(register_sheets.written(workspace, as_name="Jo"))
    assert (row["author"], row["note"]) == (f"'{formula}", "'-1+1")


def held(field: Field) -> st.SearchStrategy[str]:
    """What a field may hold, as it is kept."""
    if field.sort is Sort.WORD:
        return st.sampled_from((*field.words, "not stated"))
    if field.sort is Sort.DAY:
        return st.dates(min_value=dt.date(1950, 1, 1)).filter(
            lambda d: d.year < 2100
        ).map(str)  # fmt: skip
    letters = st.characters(
        blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff\ufeff"
    )
    tricky = st.sampled_from(["=1+1", "'=1", "''x", "@a", "+44", "-", "\t=1", 'a"b', "a;b", "a,b"])
    line = tricky | st.text(letters | st.sampled_from("=+-@',;\"\t"), max_size=30)
    note = st.lists(line, max_size=3).map("\n".join) if field.sort is Sort.NOTE else line
    return note.map(lambda written: value(field, written))


RECORDS = st.fixed_dictionaries({}, optional={field.name: held(field) for field in entry.FIELDS})


@given(records=st.lists(RECORDS, min_size=1, max_size=4))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_recorded_comes_back_from_a_sheet_as_it_was(
    records: list[dict[str, str]],
) -> None:
    rows = [{"review": f"r-{at}"} | record for at, record in enumerate(records)]
    columns = ("review", *(field.name for field in entry.FIELDS))
    read = sheet.read(sheet.write(rows, columns), SHAPE)
    assert [dict(one.values) for one in read] == [
        {name: it for name, it in record.items() if it.strip()} for record in records
    ]
    assert all(not one.refused for one in read)


def test_no_cell_of_a_written_sheet_is_a_formula(workspace: Workspace) -> None:
    review = file_came(workspace)
    for start in ("=", "+", "-", "@"):
        registering.change(workspace, review, {"note": f"{start}1"}, as_name="Jo")
        content = register_sheets.written(workspace, as_name="Jo")
        cells = [cell for row in rows_of(content) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


REPORT = """Marl Safeguarding Children Board

SERIOUS CASE REVIEW: {subject}

Author: Ottoline Quibbrook

1. Introduction

1.1 This review was completed on 4 May 2009. The health visitor was told in spring.
"""


@pytest.mark.parametrize(("subject", "told"), [("Child Q", "Child Q"), ("Tamsin Vexworth", "")])
def test_what_a_report_says_of_itself_is_suggested_and_recorded_by_nobody(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subject: str, told: str
) -> None:
    monkeypatch.setattr(proposing, "propose", propose)
    path = tmp_path / "report.txt"
    path.write_text(REPORT.format(subject=subject), encoding="utf-8")
    review = str(next(intake.ingest(workspace, [path]))["review"])
    content = suggesting.suggested(workspace, as_name="Jo")
    (row,) = rows_of(content)
    assert [row[k] for k in ("review", "kind", "author", "subject")] == [
        review, "serious case review", AUTHOR, told,
    ]  # fmt: skip
    assert fields(workspace, review)["author"] == ""
    registering.change(workspace, review, {"author": CHAIR}, as_name="Jo")
    (row,) = rows_of(suggesting.suggested(workspace, as_name="Jo"))
    assert row["author"] == ""
    assert whats(take(workspace, content)) == ["changed"]
