"""Actions: from recommendations, by several boards, tracked over time, by hand and by file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from flow_parts import propose
from hypothesis import given
from hypothesis import strategies as st
from register_parts import AUTHOR, BOARD, OWNER, file_came, in_clear, made

from pipeline.errors import NotSettledError, UsageError
from pipeline.flow import action_sheets, actions, intake, proposing
from pipeline.flow.actions import Wanted
from pipeline.raw import action, sheet
from pipeline.raw.record import Record
from pipeline.store.workspace import Workspace

REPORT = """Overview report

1. Introduction

1.1 The health visitor did not know who lived in the home.

2. Recommendations

2.1 The council should review how it passes on changes of address by March 2009.

2.2 The school should train its staff in recording what a child says.
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return made(tmp_path, monkeypatch)


@pytest.fixture
def review(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A review with two recommendations, as a draft."""
    monkeypatch.setattr(proposing, "propose", propose)
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return str(next(intake.ingest(workspace, [path]))["review"])


def listed(workspace: Workspace, wanted: Wanted | None = None) -> tuple[dict[str, object], ...]:
    return actions.listed(workspace, wanted or Wanted(), on="2009-03-10", as_name="Jo")


def take(workspace: Workspace, content: str, *, dry_run: bool = False) -> tuple[list[object], bool]:
    rows, kept = action_sheets.read_in(workspace, content.encode(), dry_run=dry_run, as_name="Jo")
    return [row["what"] for row in rows], kept


def test_each_recommendation_becomes_an_action_once_for_each_board(
    workspace: Workspace, review: str
) -> None:
    def begin(board: str) -> int:
        return len(actions.from_recommendations(workspace, review, board=board, as_name="Jo"))

    assert [begin(""), begin(""), begin("Penn Council"), begin("penn  council")] == [2, 0, 2, 0]
    rows = listed(workspace)
    assert {(row["paragraph"], row["board"] == "Penn Council") for row in rows} == {
        ("2.1", False), ("2.1", True), ("2.2", False), ("2.2", True),
    }  # fmt: skip
    assert all(row["task"] and row["flags"] == ["ownerless", "no_due"] for row in rows)


def test_a_recommendation_tells_which_boards_answer_it(workspace: Workspace, review: str) -> None:
    actions.add(
        workspace, review, {"paragraph": "2.1", "board": BOARD, "status": "done"}, as_name="Jo"
    )
    late = {"paragraph": "2.1", "board": "Penn Council", "due": "2009-03-01"}
    actions.add(workspace, review, late, as_name="Jo")
    rows = list(actions.answered(workspace, on="2009-03-10", as_name="Jo"))
    told = [[row[k] for k in ("paragraph", "actions", "done", "open", "overdue", "ownerless")]
            for row in rows]  # fmt: skip
    assert told == [["2.1", 2, 1, 1, 1, 1], ["2.2", 0, 0, 0, 0, 0]]
    assert sorted(map(str, rows[0]["boards"])) == [BOARD, "Penn Council"]  # type: ignore[call-overload]
    assert all(row["draft"] for row in rows)


def test_an_action_is_tracked_over_time(workspace: Workspace) -> None:
    review = file_came(workspace)
    id_ = actions.add(workspace, review, {"board": BOARD}, as_name="Jo")
    proof = {"status": "done", "evidence": "minutes of May", "evidence_on": "5 May 2009"}
    for new in ({"owner": OWNER, "due": "1/4/2009"}, {"status": "ongoing"}, proof):
        actions.change(workspace, id_, new, as_name="Sam")
    rows = [(r["by"], r["field"], r["before"], r["after"])
            for r in actions.history(workspace, id_, as_name="Jo")]  # fmt: skip
    assert rows == [
        ("Jo", "board", "", BOARD),
        ("Sam", "due", "", "2009-04-01"),
        ("Sam", "owner", "", OWNER),
        ("Sam", "status", "", "in progress"),
        ("Sam", "evidence", "", "minutes of May"),
        ("Sam", "evidence_on", "", "2009-05-05"),
        ("Sam", "status", "in progress", "done"),
    ]
    (row,) = listed(workspace)
    assert (row["status"], row["overdue"], row["flags"]) == ("done", None, [])


def test_owners_and_evidence_stand_in_clear_nowhere(workspace: Workspace) -> None:
    review = file_came(workspace)
    new = {"owner": OWNER, "evidence": f"letter of {AUTHOR}", "note": "kept by hand"}
    id_ = actions.add(workspace, review, new, as_name="Jo")
    actions.change(workspace, id_, {"owner": "head of service"}, as_name="Jo")
    assert in_clear(workspace, OWNER, AUTHOR, "kept by hand", "head of service") == []
    told = [(one.action, json.loads(one.detail)) for one in workspace.ledger.rows(review)]
    assert told[-1] == ("action-set", {"action": id_, "fields": ["owner"]})


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ({}, ["ownerless", "no_due"]),
        ({"owner": "a lead", "due": "2009-03-10"}, []),
        ({"owner": "a lead", "due": "2009-03-09"}, ["overdue"]),
        ({"owner": "not stated", "due": "2009-04"}, ["ownerless"]),
        ({"status": "done"}, ["done_without_evidence"]),
        ({"status": "done", "evidence": "seen"}, []),
        ({"status": "not accepted"}, []),
    ],
)
def test_what_somebody_should_look_at(
    workspace: Workspace, values: dict[str, str], flags: list[str]
) -> None:
    actions.add(workspace, file_came(workspace), {"board": BOARD} | values, as_name="Jo")
    assert [row["flags"] for row in listed(workspace)] == [flags]


def test_the_longest_overdue_stands_first_and_what_is_done_last(workspace: Workspace) -> None:
    review = file_came(workspace)
    for task, due, status in (("a", "", ""), ("b", "2009-02-01", "done"), ("c", "2009-03-01", ""),
                              ("d", "2009-01-01", ""), ("e", "2010-01-01", "")):  # fmt: skip
        new = {"task": task, "due": due, "status": status}
        actions.add(workspace, review, new, as_name="Jo")
    assert [row["task"] for row in listed(workspace)] == ["d", "c", "e", "a", "b"]
    assert [row["task"] for row in listed(workspace, Wanted(flag="overdue"))] == ["d", "c"]
    assert [row["task"] for row in listed(workspace, Wanted(status="done"))] == ["b"]
    assert listed(workspace, Wanted(board="penn")) == ()


def test_only_staff_see_actions(workspace: Workspace) -> None:
    with pytest.raises(NotSettledError):
        actions.listed(workspace, as_name="Ruth")


@pytest.mark.parametrize("given", [{}, {"due": "soon"}, {"status": "nearly"}, {"colour": "red"}])
def test_a_value_that_is_refused_changes_nothing(
    workspace: Workspace, given: dict[str, str]
) -> None:
    review = file_came(workspace)
    id_ = actions.add(workspace, review, {"owner": OWNER}, as_name="Jo")
    with pytest.raises(UsageError, match="Nothing was changed"):
        actions.change(workspace, id_, given, as_name="Jo")
    with pytest.raises(UsageError, match="Nothing was changed"):
        actions.change(workspace, "a-nobody", {"owner": OWNER}, as_name="Jo")
    assert [row["owner"] for row in listed(workspace)] == [OWNER]


def test_an_action_is_removed(workspace: Workspace) -> None:
    id_ = actions.add(workspace, file_came(workspace), {"owner": OWNER}, as_name="Jo")
    actions.remove(workspace, id_, as_name="Jo")
    assert listed(workspace) == ()


# -- by file -------------------------------------------------------------------------------


def test_a_sheet_of_actions_is_taken_in_once(workspace: Workspace) -> None:
    review = file_came(workspace)
    content = (
        "Review,Recommendation,Agency,Lead,Deadline,Progress\n"
        f"{review},2.1,{BOARD},{OWNER},31/3/2009,ongoing\n"
        f"{review},2.1,Penn Council,,,\n"
    )
    assert take(workspace, content, dry_run=True) == (["added", "added"], False)
    assert listed(workspace) == ()
    assert take(workspace, content) == (["added", "added"], True)
    assert take(workspace, content) == (["left", "left"], True)
    assert take(workspace, content.replace("ongoing", "done")) == (["changed", "left"], True)
    assert {row["status"] for row in listed(workspace)} == {"done", "not started"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("a-nobody,,,", "no action has this id"),
        (",r-nobody,,", "no review of the register"),
        (",,2.1,", "no review of the register"),
        (",REVIEW,2.1,soon", "due: not a date"),
        (",REVIEW,2.1,,more", "more cells"),
    ],
)
def test_a_refused_row_stops_the_whole_sheet(workspace: Workspace, row: str, why: str) -> None:
    review = file_came(workspace)
    content = f"action,review,paragraph,due\n,{review},1,\n{row.replace('REVIEW', review)}\n"
    rows, kept = action_sheets.read_in(workspace, content.encode(), as_name="Jo")
    assert ([r["what"] for r in rows], kept) == (["added", "refused"], False)
    assert why in str(rows[1]["why"])
    assert listed(workspace) == ()


@pytest.mark.parametrize("header", ["name,when", "paragraph,owner", "action,review,colour"])
def test_wrong_columns_are_said(workspace: Workspace, header: str) -> None:
    with pytest.raises(UsageError, match="needs `action` or `review`"):
        take(workspace, f"{header}\na,b,c\n")


def test_actions_are_written_and_come_back_unchanged(workspace: Workspace) -> None:
    review = file_came(workspace)
    actions.add(workspace, review, {"owner": "=1+1", "task": "- ask\n- tell"}, as_name="Jo")
    actions.add(workspace, review, {"board": BOARD, "due": "2009-04"}, as_name="Jo")
    content = action_sheets.written(workspace, as_name="Jo")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert "'=1+1" in {row["owner"] for row in rows}
    assert take(workspace, content.decode("utf-8-sig")) == (["left", "left"], True)
    read = sheet.read(content, action_sheets.SHAPE)
    assert {dict(one.values).get("owner", "") for one in read} == {"=1+1", ""}


@given(due=st.dates(), on=st.dates(), status=st.sampled_from(("", *action.STATUSES)))
def test_only_what_is_open_is_overdue(due: object, on: object, status: str) -> None:
    values = {"due": str(due), "status": status}
    record = Record(tuple(sorted((k, v) for k, v in values.items() if v)))
    late = action.late_by(record, on)  # type: ignore[arg-type]
    overdue = action.OVERDUE in action.flags(record, on)  # type: ignore[arg-type]
    assert overdue == (late is not None and late > 0)
    assert (late is None) == (status in action.CLOSED)
