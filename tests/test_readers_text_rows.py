"""Tables of a plain text whose cells wrap over lines or stand apart by spaces come back as rows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.raw.readers import text, text_lines, text_rows
from pipeline.span import BlockKind

PROSE = (
    "The panel met on three occasions and heard from each of the agencies that had\n"
    "known the family, and the chair then wrote to every one of them to ask for a\n"
    "chronology of what had been done, by whom, and what had come of it in the end.\n"
)


def rows(source: str) -> list[list[list[str]]]:
    document = text.from_string(PROSE + "\n" + source + "\n\n" + PROSE)
    return [
        [["" if cell is None else cell.of(document.text) for cell in row] for row in block.rows]
        for block in document.blocks
        if block.kind is BlockKind.TABLE
    ]


TABLES = [
    (
        "Name   Role   Agency\nZorah Quill   Named Nurse   Zorbel Trust\n"
        "Ann Quill   Head of Safeguarding   Marlstone Council",
        [
            ["Name", "Role", "Agency"],
            ["Zorah Quill", "Named Nurse", "Zorbel Trust"],
            ["Ann Quill", "Head of Safeguarding", "Marlstone Council"],
        ],
    ),
    (
        "No.\tRecommendation\tLead\tDue\n"
        "1\tThe hospital and the surgery to write down how each of the patients was\n"
        "seen alone.\tNamed Nurse\tMay 2017\n"
        "2\tThe board to ask again.\tDetective Inspector\tMay 2017",
        [
            ["No.", "Recommendation", "Lead", "Due"],
            [
                "1",
                "The hospital and the surgery to write down how each of the patients was seen"
                " alone.",
                "Named Nurse",
                "May 2017",
            ],
            ["2", "The board to ask again.", "Detective Inspector", "May 2017"],
        ],
    ),
    (
        "Date\tAgency\tEvent\tResponse\n3 May 2017\tHealth\tA visit.\t\n"
        "4 May 2017\tPolice\tA call.\tReferred on",
        [
            ["Date", "Agency", "Event", "Response"],
            ["3 May 2017", "Health", "A visit.", ""],
            ["4 May 2017", "Police", "A call.", "Referred on"],
        ],
    ),
]
NO_TABLES = [
    "Introduction   3\nTerms of reference   4\nThe family   6",
    "The nurse wrote to Zorbel   County Council   about\nthe  family   and the  house.",
    "1\tA list of one thing\n2\tAnd of another",
]

_PIECES = ["Name", "Zorah Quill", "\t", "   ", "\n", "\n\n", "12", "\f", "a b"]


@pytest.mark.parametrize(("source", "wanted"), TABLES, ids=range(len(TABLES)))
def test_rows_come_back(source: str, wanted: list[list[str]]) -> None:
    assert rows(source) == [wanted]


@pytest.mark.parametrize("source", NO_TABLES, ids=range(len(NO_TABLES)))
def test_what_is_no_table_stays_text(source: str) -> None:
    assert rows(source) == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_only_white_space_changes_and_none_is_added(source: str) -> None:
    lines = text_lines.split(source)
    made = text_rows.as_rows(source, lines, frozenset(), text_lines.measure(lines))
    assert len(made) == len(source)
    assert all(a == b or (a.isspace() and b.isspace()) for a, b in zip(made, source, strict=True))
