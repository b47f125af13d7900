"""What is due, what is missing, what may be there twice."""

from __future__ import annotations

import calendar
from datetime import date
from pathlib import Path

import pytest
from flow_parts import propose, report
from hypothesis import given
from hypothesis import strategies as st
from register_parts import BOARD, file_came, made

from pipeline.flow import (
    actions,
    intake,
    proposing,
    register_gaps,
    register_twice,
    registering,
    year,
)
from pipeline.raw import entry_alike, entry_due, entry_gaps
from pipeline.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return made(tmp_path, monkeypatch)


def add(workspace: Workspace, **given: str) -> str:
    return registering.add(workspace, {"board": BOARD} | given, as_name="Jo")


@pytest.mark.parametrize(
    ("judged", "due"),
    [
        ("2008-11-30", "2009-02-28"),
        ("2007-11-30", "2008-02-29"),
        ("2008-11-28", "2009-02-28"),
        ("2009-01-31", "2009-04-30"),
        ("2008-10-31", "2009-01-31"),
        ("2009-02-28", "2009-05-28"),
        ("2008-12-15", "2009-03-15"),
        ("2008-11", "2009-02-28"),
        ("2008", "2009-03-31"),
    ],
)
def test_an_inadequate_review_is_due_again_within_three_months(judged: str, due: str) -> None:
    values = {"judgement": "inadequate", "judged": judged}
    assert str(entry_due.resubmission(values)) == due


@given(start=st.dates(date(1950, 1, 1), date(2090, 1, 1)), months=st.integers(0, 60))
def test_months_are_counted_by_the_calendar(start: date, months: int) -> None:
    end = entry_due.months_after(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    last = calendar.monthrange(end.year, end.month)[1]
    assert end.day == min(start.day, last)


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({"judgement": "inadequate", "judged": "2009-01-31"}, [("resubmission", "2009-04-30")]),
        ({"judgement": "inadequate", "judged": "2009-01-31", "resubmitted": "yes"}, []),
        ({"judgement": "inadequate", "judged": "2009-01-31", "resubmitted_on": "2009-03-01"}, []),
        ({"judgement": "inadequate", "judged": "2009-01-31", "resubmitted": "no"},
         [("resubmission", "2009-04-30")]),
        ({"judgement": "inadequate", "judged": "2009-01-31", "resubmission_due": "2009-03-02"},
         [("resubmission", "2009-03-02")]),
        ({"judgement": "inadequate"}, [("resubmission", None)]),
        ({"judgement": "good", "judged": "2009-01-31"}, []),
        ({"publication_due": "2009-03-01"}, [("publication", "2009-03-01")]),
        ({"publication_due": "2009-03-01", "board_published": "2009-02-01"}, []),
        ({"expected_by": "2009-02"}, [("file", "2009-02-28")]),
        ({"publication_due": "not stated"}, []),
        ({"publication_due": "2011-01-01"}, []),
    ],
)  # fmt: skip
def test_what_is_due(
    workspace: Workspace, given: dict[str, str], due: list[tuple[str, str | None]]
) -> None:
    add(workspace, **given)
    rows = register_gaps.due(workspace, on="2009-03-10", as_name="Jo")
    assert [(row["what"], row["due"]) for row in rows] == due


def test_overdue_stands_first_and_what_has_no_date_last(workspace: Workspace) -> None:
    review = file_came(workspace, 1)
    year.set_hold(workspace, file_came(workspace, 2), basis="inquest", until="2009-03-12",
                  as_name="Sam")  # fmt: skip
    add(workspace, judgement="inadequate")
    add(workspace, judgement="inadequate", judged="2008-11-30")
    actions.add(workspace, review, {"due": "2009-03-01", "owner": "a lead"}, as_name="Jo")
    actions.add(workspace, review, {"due": "2009-03-01", "status": "done"}, as_name="Jo")
    rows = register_gaps.due(workspace, on="2009-03-10", within=5, as_name="Jo")
    assert [(row["what"], row["due"], row["overdue"]) for row in rows] == [
        ("resubmission", "2009-02-28", 10),
        ("action", "2009-03-01", 9),
        ("hold", "2009-03-12", -2),
        ("resubmission", None, None),
    ]


# -- missing -------------------------------------------------------------------------------


def test_gaps_are_files_numbers_fields_and_odd_dates(workspace: Workspace) -> None:
    waiting = add(workspace, subject="Child A", expected_by="2009-01-31")
    file_came(workspace, 1, subject="Child B")
    odd = file_came(workspace, 2, subject="Child D")
    given = {"completed": "2009-05-01", "judged": "2009-04-01", "author": "not stated"}
    registering.change(workspace, odd, given, as_name="Jo")
    rows = list(register_gaps.gaps(workspace, as_name="Jo"))
    assert [row["review"] for row in rows if row["what"] == "file"] == [waiting]
    assert [row["numbers"] for row in rows if row["what"] == "number"] == [["Child C"]]
    lacks = {row["review"]: row["fields"] for row in rows if row["what"] == "field"}
    assert lacks[odd] == ["chair", "independence", "incident", "judgement"]
    assert [(row["review"], row["odd"]) for row in rows if row["what"] == "odd"] == [
        (odd, ["judged_before_completed"])
    ]


def test_not_stated_is_kept_apart_from_not_recorded(workspace: Workspace) -> None:
    add(workspace, author="not stated")
    add(workspace, author="Somebody Of Marl")
    add(workspace, judgement="inadequate")
    rows = {row["field"]: row for row in register_gaps.completeness(workspace, as_name="Jo")}
    author = rows["author"]
    assert [author[k] for k in ("recorded", "not_stated", "not_recorded", "of", "share")] == [
        1, 1, 1, 3, 0.333,
    ]  # fmt: skip
    assert (rows["resubmitted"]["of"], rows["resubmitted"]["share"]) == (1, 0.0)


@pytest.mark.parametrize(
    ("labels", "gone"),
    [
        (["Child A", "Child B", "Child D"], ["Child C"]),
        (["SCR 1", "SCR 2", "SCR 5", "SCR 6"], ["SCR 3", "SCR 4"]),
        (["2009/1", "2009/2", "2009/4", "2010/1"], ["2009/3"]),
        (["Adult 1", "Adult 30", "Adult 31"], []),  # no series that somebody counted through
        (["Child A", "Child C"], []),  # two are none
        (["Child A", "Child B", "Child C"], []),
        (["SCR 2008", "SCR 2009", "SCR 2011"], []),  # years
        (["Tamsin", "Rowan", "Ash"], []),
    ],
)
def test_numbers_that_are_missing_in_a_series(labels: list[str], gone: list[str]) -> None:
    held = {str(at): {"board": "Marl", "subject": label} for at, label in enumerate(labels)}
    assert [n for hole in entry_gaps.holes(held) for n in hole.numbers] == gone


# -- twice ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"subject": "Child A", "judged": "2009"}, {"subject": "child a", "judged": "2009"},
         "same_case"),
        ({"subject": "Child A"}, {"subject": "Child A"}, "same_case"),
        ({"subject": "Child A", "judged": "2009"}, {"subject": "Child A", "judged": "2008"}, None),
        ({"subject": "Child A"}, {"subject": "Child B"}, None),
        ({"judged": "2009-01-01"}, {"judged": "2009-01-01"}, "same_day"),
        ({"reference": "7"}, {"reference": "7"}, "same_case"),
        ({"kind": "serious case review", "reference": "7"},
         {"kind": "safeguarding adults review", "reference": "7"}, None),
        ({}, {}, None),
        ({"subject": "not stated"}, {"subject": "not stated"}, None),
    ],
)  # fmt: skip
def test_reviews_that_may_be_one_by_what_is_recorded(
    one: dict[str, str], other: dict[str, str], why: str | None
) -> None:
    held = {"e-1": {"board": "Marl"} | one, "e-2": {"board": "MARL"} | other}
    assert [pair.why for pair in entry_alike.by_record(held)] == ([] if why is None else [why])


WORDS = st.lists(st.sampled_from("the nurse saw a school call visit home plan".split()),
                 min_size=5, max_size=60)  # fmt: skip


@given(one=WORDS, other=WORDS)
def test_likeness_is_the_same_both_ways_and_whole_with_itself(
    one: list[str], other: list[str]
) -> None:
    a, b = entry_alike.sketch(" ".join(one)), entry_alike.sketch(" ".join(other))
    assert entry_alike.likeness(a, b) == entry_alike.likeness(b, a)
    assert entry_alike.likeness(a, a) == 1.0


def test_texts_that_are_nearly_the_same_are_shown_and_never_made_one(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "propose", propose)
    long = report(1, 30).replace("health visitor", "district nurse")
    texts = {
        "one": long,
        "final": long.replace("In spring", "In the spring", 4),
        "same": "\n\n\n" + long,
        "other": "Overview report 9\n\n" + "\n\n".join(
            f"{n}.1 The housing officer rang about rent number {n * 7} twice." for n in range(30)
        ),
    }  # fmt: skip
    (tmp_path / "in").mkdir()
    ids = {}
    for name, text in texts.items():
        path = tmp_path / "in" / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        ids[str(next(intake.ingest(workspace, [path]))["review"])] = name
    rows = register_twice.duplicates(workspace, as_name="Jo")
    pairs = {(row["why"], *sorted((ids[str(row["review"])], ids[str(row["other"])]))): row["score"]
             for row in rows}  # fmt: skip
    assert ("near_text", "final", "one") in pairs
    assert pairs["same_text", "one", "same"] == 1.0
    assert [key for key in pairs if "other" in key] == []
    assert len(list(year.register(workspace))) == 4
    again = register_twice.duplicates(workspace, as_name="Jo", progress=pytest.fail)
    assert again == rows
