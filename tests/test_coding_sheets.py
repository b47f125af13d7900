"""Coding by file: sheets out, decisions in, a second coder who sees nothing, and their kappa."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from coding_parts import coder, codes, learned_workspace, passage
from learning_parts import SHARING

from pipeline.errors import UsageError
from pipeline.exporters import to_csv
from pipeline.flow import agreement, sheets
from pipeline.store.workspace import Workspace

Row = dict[str, object]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return learned_workspace(tmp_path, monkeypatch)


def filled(rows: list[Row], **cells: str) -> bytes:
    """A sheet as a coder sends it back."""
    return to_csv.render([{**row, **cells} for row in rows])


def outcomes(workspace: Workspace, content: bytes, name: str = "kim", **how: bool) -> list[str]:
    rows = sheets.read_in(workspace, coder(workspace, name), content, **how)
    return [str(row["outcome"]) for row in rows]


def test_a_sheet_has_a_row_a_theme_and_a_blank_one_where_there_is_none(
    workspace: Workspace,
) -> None:
    rows = list(sheets.sheet(workspace))
    marks = [(r["review"], r["passage"], r["theme"]) for r in rows if r["theme"]]
    assert marks == [
        (p.review, p.id, mark.code) for p in workspace.library.passages() for mark in p.themes
    ]
    assert {(r["review"], r["passage"]) for r in rows} == {
        (p.review, p.id) for p in workspace.library.passages()
    }
    assert {r["decision"] for r in rows} == {""}
    assert all(str(r["quote"]) in str(r["text"]) for r in rows)


def test_a_dry_run_says_all_and_keeps_nothing_and_a_second_import_changes_nothing(
    workspace: Workspace,
) -> None:
    rows = [row for row in sheets.sheet(workspace) if row["theme"]]
    content = filled(rows, decision="confirm")
    assert outcomes(workspace, content, dry_run=True) == ["done"] * len(rows)
    assert workspace.library.coding.events() == ()
    assert outcomes(workspace, content) == ["done"] * len(rows)
    assert outcomes(workspace, content) == ["same"] * len(rows)
    assert len(workspace.library.coding.events()) == len(rows)
    assert codes(workspace, "r-one", SHARING[0][:20])[0][1] == "person"
    rejected = filled(rows, decision="reject")
    assert outcomes(workspace, rejected) == ["done"] * len(rows)
    assert outcomes(workspace, rejected) == ["same"] * len(rows)
    assert codes(workspace, "r-one", SHARING[0][:20]) == []


def test_rows_without_a_decision_are_skipped_and_wrong_ones_refused_with_their_number(
    workspace: Workspace,
) -> None:
    found = passage(workspace, "r-one", SHARING[0][:20])
    theme = found.themes[0].code
    place = {"review": found.review, "passage": found.id}
    rows = [
        {**place, "theme": theme, "decision": ""},
        {**place, "theme": theme, "decision": "perhaps"},
        {**place, "theme": "Z9", "decision": "add"},
        {**place, "passage": "p0", "theme": theme, "decision": "confirm"},
        {**place, "theme": "B2", "decision": "add", "quote": "nowhere"},
        {**place, "theme": "B2", "decision": "add", "polarity": "loud"},
        {**place, "theme": theme, "decision": "undo"},
        {**place, "theme": "B2", "decision": "add", "quote": "lack of information"},
        {**place, "theme": theme, "decision": "Confirm", "reason": "seen"},
    ]
    content = "\n".join(json.dumps(row) for row in rows).encode()
    told = sheets.read_in(workspace, coder(workspace), content)
    assert [(row["row"], row["outcome"]) for row in told] == [
        (2, "refused"), (3, "refused"), (4, "refused"), (5, "refused"), (6, "refused"),
        (7, "refused"), (8, "done"), (9, "done"),
    ]  # fmt: skip
    now = passage(workspace, "r-one", SHARING[0][:20])
    assert [mark.code for mark in now.themes] == ["B2", theme]
    assert now.themes[0].span.shift(-now.span.start).of(now.text) == "lack of information"
    assert [e.reason for e in workspace.library.coding.events()] == ["", "seen"]


NO_SHEETS = {
    "not text": b"\xff\xfe\x00",
    "another table": b"a,b\r\n1,2\r\n",
    "no decision": b"review,passage,theme\r\nr,p,A1\r\n",
    "broken lines": b'{"review": "r"\n',
    "a list": b'{"review": "r", "passage": "p", "themes": "A1"}\n[1]\n',
}


@pytest.mark.parametrize("content", NO_SHEETS.values(), ids=NO_SHEETS.keys())
def test_what_is_no_sheet_is_refused(workspace: Workspace, content: bytes) -> None:
    with pytest.raises(UsageError, match="not a sheet"):
        sheets.read_in(workspace, coder(workspace), content)


def test_a_cell_that_looks_like_a_formula_is_text_and_comes_back(workspace: Workspace) -> None:
    rows = [r for r in sheets.sheet(workspace, blind=True) if str(r["text"]).startswith("=")]
    assert len(rows) == 1
    content = filled(rows, themes="B2")
    read = next(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert read["text"] == "'" + str(rows[0]["text"])
    assert outcomes(workspace, content) == ["done"]
    added = [{**rows[0], "theme": "B2", "decision": "add", "quote": "=SUM(A1)"}]
    assert outcomes(workspace, filled([{k: v for k, v in added[0].items() if k != "themes"}])) == [
        "done"
    ]
    assert workspace.library.coding.events()[-1].span is not None


def test_a_blind_sheet_shows_nobodys_coding(workspace: Workspace) -> None:
    confirmed = [row for row in sheets.sheet(workspace) if row["theme"]]
    outcomes(workspace, filled(confirmed, decision="confirm", reason="because"))
    blind = list(sheets.sheet(workspace, blind=True))
    assert set(blind[0]) == {
        "review", "passage", "page", "paragraph", "heading", "role", "themes", "reason", "text",
        "draft",
    }  # fmt: skip
    assert {(row["themes"], row["reason"]) for row in blind} == {("", "")}
    assert len(blind) == len(workspace.library.passages())


def test_a_sample_is_the_same_whatever_else_there_is(workspace: Workspace) -> None:
    three = [r["passage"] for r in sheets.sheet(workspace, blind=True, sample=3)]
    four = [r["passage"] for r in sheets.sheet(workspace, blind=True, sample=4)]
    assert (len(three), len(four)) == (3, 4)
    assert set(three) < set(four)


def test_two_coders_agree_as_far_as_the_hand_says_and_settle_what_is_left(
    workspace: Workspace,
) -> None:
    rows = list(sheets.sheet(workspace, blind=True))[:7]
    told = {
        "kim": ["B2", "B2", "B2; B3", "none", "none", "None", ""],
        "sam": ["B2", "B2", "none", "B2", "none", "none", "B3"],
    }
    for name, cells in told.items():
        filled_in = [{**row, "themes": cell} for row, cell in zip(rows, cells, strict=True)]
        assert outcomes(workspace, to_csv.render(filled_in), name).count("done") in (6, 7)
    assert ("B2", "person") not in codes(workspace, str(rows[0]["review"]), "")
    result = {str(r["theme"]): r for r in agreement.table(workspace, "kim", "sam")}
    # B2, six passages that both coded: 2 both, 1 only kim, 1 only sam, 2 neither.
    # po = 4/6, pe = 1/2, kappa = 1/3; B3: 1 only kim, 5 neither: po = pe, kappa = 0.
    assert (result["B2"]["n"], result["B2"]["kappa"], result["B3"]["kappa"]) == (6, 0.333, 0.0)
    assert (result["overall"]["kappa"], result["overall"]["agreed"]) == (0.167, 0.75)
    left = list(agreement.disagreements(workspace, "kim", "sam"))
    assert [(r["theme"], r["first"]) for r in left].count(("B2", True)) == 1
    assert len(left) == 3
    settled = [{**r, "decision": "add"} for r in left if r["theme"] == "B2"]
    assert outcomes(workspace, to_csv.render(settled), "kim") == ["done", "done"]
    again = {str(r["theme"]): r for r in agreement.table(workspace, "kim", "sam")}
    assert again == result  # what was settled together says nothing of how far they agreed


def test_agreement_before_anything_is_coded_is_empty_not_an_error(workspace: Workspace) -> None:
    rows = agreement.table(workspace, "kim", "sam")
    assert [(row["theme"], row["n"], row["kappa"]) for row in rows] == [("overall", 0, None)]
    with pytest.raises(UsageError):
        agreement.table(workspace, "kim", "nobody")


def test_a_coding_of_ones_own_is_corrected_by_a_later_one(workspace: Workspace) -> None:
    rows = list(sheets.sheet(workspace, blind=True, sample=1))
    first, second = filled(rows, themes="B2"), filled(rows, themes="B3, B2")
    assert outcomes(workspace, first) == ["done"]
    assert outcomes(workspace, first) == ["same"]
    assert outcomes(workspace, second) == ["done"]
    assert outcomes(workspace, filled(rows, themes="B2;Z9")) == ["refused"]
    assert workspace.library.coding.events()[-1].themes == ("B2", "B3")
