"""Tables of plain texts: columns one below the other, cells split by tabs, bars that were drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.raw.document import Document
from pipeline.raw.readers import showing, text
from pipeline.span import BlockKind, Span

_PLACES = ["Alder Vale", "Birch Bay", "Cedar Moor", "Dogwood", "Elm & Hurst",
           "Fernley", "Gorse Hill", "Holly Bank", "Ivybrook", "Juniper Cross",
           "Larch End", "Mapleton"]  # fmt: skip
_GRADES = ["Good", "Adequate", "Inadequate", "Good", "Good", "Adequate", "Good", "Inadequate",
           "Adequate", "Adequate", "Good", "Good"]  # fmt: skip
_DAYS = [f"{k + 3:02}/0{k % 9 + 1}/2009" for k in range(12)]
_NUMBERS = ["12", "7", "31", "40", "2", "19", "5", "66", "23", "8", "14", "3"]
_ROLES = ["Social worker", "Head teacher", "Nurse", "Health visitor", "Detective", "Solicitor",
          "Chair", "Minute taker", "Doctor", "Housing officer", "Midwife", "Clerk"]  # fmt: skip
_SENTENCE = "The reviews that follow were all of them evaluated in the course of the year."


def tables(document: Document) -> list[list[list[str]]]:
    return [showing.cells(document, block) for block in document.blocks if block.rows]


def dumped(*columns: list[str]) -> str:
    return "\n\n".join("\n".join(column) for column in columns)


def rows(*columns: list[str]) -> list[list[str]]:
    return [list(row) for row in zip(*columns, strict=True)]


_COUNTED = [f"{k}." for k in range(1, 6)]
_TIERS = ["Tier two", "Tier one", "Tier two", "Tier two", "Tier one"]


@pytest.mark.parametrize(
    "columns",
    [
        (_PLACES, _GRADES, _DAYS),
        (_PLACES[:5], _GRADES[:5]),
        (_PLACES[:3], _DAYS[:3]),
        (_PLACES[:6], _NUMBERS[:6], _NUMBERS[6:]),
        (_COUNTED, _PLACES[:5], ["Yes", "No", "Yes", "Yes", "Yes"]),
        (_PLACES[:4], _ROLES[:4], ["12 March 2009", "3 May 2009", "1 June 2010", "May 2011"]),
        (_PLACES[:5], _TIERS),
        (_DAYS[:5], _ROLES[:5]),
        (["Good", "Adequate", "Inadequate"], ["12", "40", "9"]),
        (_PLACES[:4], ["12", "-", "8", "n/a"]),
        (["Place", *_PLACES[:5]], ["Grade", *_GRADES[:5]], ["Date", *_DAYS[:5]]),
        (_PLACES[:4], _DAYS[:4], _ROLES[:4]),
        (["Name of child", *_PLACES[:4]], ["Seen", "Yes", "No", "Yes", "Yes"]),
        (_PLACES[:3], ["01632 960 001", "01632 960 002", "01632 960 003"]),
    ],
)
def test_columns_of_one_size_are_rows(columns: tuple[list[str], ...]) -> None:
    document = text.from_string(f"{_SENTENCE}\n\n{dumped(*columns)}\n\n{_SENTENCE}\n")
    assert tables(document) == [rows(*columns)]
    assert [b.text for b in document.blocks if not b.rows] == [_SENTENCE, _SENTENCE]


_POEM = ["O the wind came over the hill", "And the snow lay deep on the moor",
         "And nobody heard the child", "That stood in the cold at the door"]  # fmt: skip


@pytest.mark.parametrize(
    "columns",
    [
        (_PLACES[:6], _GRADES[:5]),  # one judgement lost: no one knows whose
        (_PLACES[:5], _GRADES[:6], _DAYS[:6]),  # the judgements have lost their places
        (_PLACES[:6], _GRADES[:5], _DAYS[:6]),
        (_PLACES[:6], _ROLES[:6]),  # two lists of words
        (_PLACES[:2], _GRADES[:2]),
        (_PLACES[:5], ["Seen", *_GRADES[:4]]),  # the fifth judgement is lost
        (_POEM, _POEM[::-1], _POEM),
        (["Ann Alder", "4 Mill Lane", "Fernley"], ["Ben Birch", "12 Long Road", "Dogwood"],
         ["Cy Cedar", "8 High Street", "Ivybrook"]),
        (["Fernley", "12", "40", "9"], ["Dogwood", "8", "31", "7"]),  # rows, not columns
        (["1. Ann Alder", "2. Ben Birch", "3. Cy Cedar"], ["1. Nurse", "2. Clerk", "3. Chair"]),
        (_NUMBERS[:5], _NUMBERS[5:10]),
        (["Fernley and", "Dogwood", "Ivybrook"], ["Good", "Good", "Adequate"]),  # a broken cell
        (["03/04/2009", "Seen at home", "Nobody in"], ["04/04/2009", "Seen at school", "All well"]),
        (["She was seen that day", "and went home."  , "Nobody called"], ["1", "2", "3"]),
        (_PLACES[:5], [_SENTENCE], _GRADES[:5]),
    ],
)  # fmt: skip
def test_what_is_no_table_stays_lines(columns: tuple[list[str], ...]) -> None:
    document = text.from_string(f"{_SENTENCE}\n\n{dumped(*columns)}\n\n{_SENTENCE}\n")
    assert tables(document) == []


def test_a_column_that_lost_a_cell_does_not_move_the_others() -> None:
    """Only the columns of one size are paired, those that are whole."""
    source = dumped(["1.", "2.", "3.", "4."], _PLACES[:5], ["Yes", "Yes", "No", "Yes", "Yes"])
    assert tables(text.from_string(source)) == [
        rows(_PLACES[:5], ["Yes", "Yes", "No", "Yes", "Yes"])
    ]


@pytest.mark.parametrize("turn", ["\f", "\n ", "\n\n", "\n\n\f"])
def test_pages_of_a_table_are_one_table(turn: str) -> None:
    pages = [(slice(0, 5)), slice(5, 9), slice(9, 12)]
    source = turn.join(dumped(_PLACES[p], _GRADES[p], _DAYS[p]) for p in pages)
    document = text.from_string(f"{_SENTENCE}\n\n{source}\n\n{_SENTENCE}")
    assert tables(document) == [rows(_PLACES, _GRADES, _DAYS)]


def test_page_marks_and_notes_come_after_the_table() -> None:
    days = [*_DAYS[:3], _DAYS[3] + "1", *_DAYS[4:]]
    first = dumped(_PLACES[:6], _GRADES[:6], days[:6])
    second = dumped(_PLACES[6:], _GRADES[6:], days[6:])
    note = "1\n\nThe letter was sent a second time in the month after."
    source = f"{_SENTENCE}\n\n{first}\n\n{note}\n\nPage 4\n\n{second}\n\nPage 5\n"
    document = text.from_string(source)
    assert tables(document) == [rows(_PLACES, _GRADES, _DAYS)]
    kinds = [b.kind for b in document.blocks]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.FOOTNOTE,
                     BlockKind.FURNITURE, BlockKind.FURNITURE]  # fmt: skip
    # The sign is beside its cell and is not lost.
    assert f"{_DAYS[3]} 1\n" in document.text


def test_the_names_of_columns_are_no_headings() -> None:
    source = (
        f"{_SENTENCE}\n\nAnnex B\nAll of the reviews\n\nLocal place\n\nReview\nevaluation\n\n"
        f"Date of\nletter\n\n{dumped(_PLACES, _GRADES, _DAYS)}"
    )
    document = text.from_string(source)
    wanted = [("heading", "Annex B"), ("heading", "All of the reviews"),
              ("paragraph", "Local place")]  # fmt: skip
    assert [(b.kind.value, b.text) for b in document.blocks][1:4] == wanted
    assert all(b.kind is not BlockKind.HEADING for b in document.blocks[3:])


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("Name\tRole\nAnn Alder\tNurse\n", [["Name", "Role"], ["Ann Alder", "Nurse"]]),
        ("Name\tRole\tDay\nAnn\t\tMonday\nBen\tClerk\t\n",
         [["Name", "Role", "Day"], ["Ann", "", "Monday"], ["Ben", "Clerk", ""]]),
        ("\tMet\tNot met\nBoys\t3\t4\nGirls\t5\t6\n",
         [["", "Met", "Not met"], ["Boys", "3", "4"], ["Girls", "5", "6"]]),
        ("Ann Alder\t\tNurse\nBenedict Birch\tClerk\n",
         [["Ann Alder", "Nurse"], ["Benedict Birch", "Clerk"]]),
        ("| Name | Role |\n|------|:----:|\n| Ann | Nurse |\n| Ben | |\n",
         [["Name", "Role"], ["Ann", "Nurse"], ["Ben", ""]]),
        ("+-----+-----+\n| Ann | 3 |\n+-----+-----+\n| Ben | 4 |\n+-----+-----+\n",
         [["Ann", "3"], ["Ben", "4"]]),
        ("Name | Role\nAnn | Nurse\nBen | Clerk\n",
         [["Name", "Role"], ["Ann", "Nurse"], ["Ben", "Clerk"]]),
    ],
)  # fmt: skip
def test_rows_whose_cells_are_set_apart_by_signs(source: str, wanted: list[list[str]]) -> None:
    document = text.from_string(f"{_SENTENCE}\n\n{source}\n{_SENTENCE}\n")
    assert tables(document) == [wanted]


@pytest.mark.parametrize(
    "source",
    [
        "1.\tThe nurse called.\n2.\tNobody was in.\n",
        "•\tA plan\n•\tA visit\n",
        "1.1\tThe nurse called.\n1.2\tNobody was in.\n",
        "A line\twith a tab\n\nand another one\twith one\n",
        "Home | News | Contact\n",
        "one\ttwo\nthree\tfour\tfive\n",
    ],
)
def test_tabs_and_bars_that_make_no_table(source: str) -> None:
    assert tables(text.from_string(f"{_SENTENCE}\n\n{source}\n{_SENTENCE}\n")) == []


def test_every_cell_and_every_span_over_cells_leads_back() -> None:
    source = f"{_SENTENCE}\n\n{dumped(_PLACES, _GRADES, _DAYS)}\n\n{_SENTENCE}\n"
    document = text.from_string(source)
    [table] = [block for block in document.blocks if block.rows]
    for row in table.rows:
        assert None not in row
        cells = [cell for cell in row if cell is not None]
        places = [document.to_source(cell) for cell in cells]
        assert [p.of(source) for p in places] == [c.of(document.text) for c in cells]
        assert document.to_source(Span(cells[0].start, cells[-1].end)) == Span(
            places[0].start, places[-1].end
        )
    # The end of one row and the start of the next: the source runs backwards there.
    first, second = table.rows[0], table.rows[1]
    assert first[2] is not None
    assert second[0] is not None
    over = document.to_source(Span(first[2].start, second[0].end))
    assert over.of(source).startswith(_PLACES[1])
    assert over.of(source).endswith(_DAYS[0])
    assert table.span is not None
    assert document.to_source(table.span).of(source) == dumped(_PLACES, _GRADES, _DAYS)


# -- pages of columns, some of which lost a cell ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """So many rows, and the column that lost a cell, if any."""

    size: int
    short: int | None
    turn: str


_pages = st.lists(
    st.builds(
        Page,
        st.sampled_from([3, 5, 5, 6, 6, 7]),
        st.sampled_from([None, None, None, 0, 1, 2]),
        st.sampled_from(["\n\n", "\n\n", "\f", "\n "]),
    ),
    min_size=1,
    max_size=6,
)
_fills = st.permutations(["words", "choice", "date", "number", "other"]).map(lambda p: p[:3])


def _cell(fill: str, k: int) -> str:
    """A cell that says which row it belongs to, so that a wrong pairing shows."""
    if fill == "date":
        return f"{k % 28 + 1:02}/{k // 28 + 1:02}/2009"
    if fill == "number":
        return str(1000 + 7 * k)
    if fill == "choice":
        return ("Good", "Poor", "Fair")[k % 3]
    name = "Place" if fill == "words" else "Worker"
    return f"{name} {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[k % 26]}{'abcdefghij'[k // 26]}"


def _number(cell: str) -> set[int]:
    return {k for k in range(60) for fill in _FILLS if _cell(fill, k) == cell}


_FILLS = ("words", "choice", "date", "number", "other")


@settings(max_examples=300, deadline=None)
@given(_pages, _fills)
def test_no_row_ever_pairs_cells_of_two(pages: list[Page], fills: list[str]) -> None:
    made, k = "", 0
    for page in pages:
        columns = [[_cell(fill, k + i) for i in range(page.size)] for fill in fills]
        if page.short is not None:
            del columns[page.short][page.size // 2]
        made += (page.turn if made else "") + dumped(*columns)
        k += page.size
    document = text.from_string(made)
    for table in tables(document):
        for row in table:
            assert set.intersection(*map(_number, row)), row
    kept = document.text + "".join(b.text for b in document.blocks if b.span is None)
    assert Counter("".join(kept.split())) == Counter("".join(made.split()))


_LINES = [*_PLACES[:4], *_GRADES[:3], *_DAYS[:3], "1.", "2.", "14", "", "", "", _SENTENCE,
          " Fernley", "1", "x\ty", "a\tb", "\f", "Page 3", "in 20091 it", "| a | b |",
          "• one"]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_LINES), max_size=60))
def test_no_character_is_lost_whatever_the_lines_are(lines: list[str]) -> None:
    document = text.from_string("\n".join(lines))
    kept = document.text + "".join(b.text for b in document.blocks if b.span is None)
    wanted, got = Counter("".join("".join(lines).split())), Counter("".join(kept.split()))
    # Drawn bars leave the text, and a bullet whose sign was lost on the way gets one.
    del wanted["|"], got["|"]
    assert got.pop("•", 0) >= wanted.pop("•", 0)
    assert got == wanted
