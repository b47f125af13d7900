"""What a page of a text shows is the text: cut at labels and at the passage, and nothing lost."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.flow import counting
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeFacts, SafeText, Swap
from pipeline.span import BlockKind, Kind, Span
from pipeline.web.explore import reading, showing
from pipeline.web.explore.reading import Shown

WORDS = st.lists(
    st.sampled_from(["The", "visit", "[mother]", "was", "missed.", "[school 2]", "<b>", "&"]),
    min_size=1,
    max_size=9,
)


def document(paragraphs: list[list[str]]) -> SafeDocument:
    text, blocks = "", []
    for at, words in enumerate(paragraphs):
        start = len(text)
        text += " ".join(words)
        kind = BlockKind.HEADING if at % 3 == 0 else BlockKind.PARAGRAPH
        level = 1 + at % 2 if kind is BlockKind.HEADING else None
        blocks.append(SafeBlock(kind, 1 + at // 2, Span(start, len(text)), None, level))
        text += "\n\n"
    swaps = [Swap(Span(*m.span()), Kind.PERSON, m[0]) for m in re.finditer(r"\[[^]]*\]", text)]
    return SafeDocument("r-b", "public", SafeText(text), tuple(blocks), tuple(swaps))


def words_of(blocks: tuple[Shown, ...]) -> list[str]:
    return ["".join(piece.text for piece in block.pieces) for block in blocks]


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6), st.data())
def test_the_pages_of_a_text_hold_all_of_it_and_mark_the_passage_exactly(
    paragraphs: list[list[str]], data: st.DataObject
) -> None:
    made = document(paragraphs)
    block = data.draw(st.sampled_from(made.blocks))
    start = data.draw(st.integers(block.span.start, block.span.end - 1))
    mark = Span(start, data.draw(st.integers(start + 1, block.span.end)))
    pages = [reading.shown(made, number, mark) for number in reading.pages(made)]
    told = [words for page in pages for words in words_of(page)]
    assert told == [" ".join(words) for words in paragraphs]
    pieces = [piece for page in pages for one in page for piece in one.pieces]
    marked = "".join(piece.text for piece in pieces if piece.marked)
    assert marked == mark.of(made.text.value)
    labels = "".join(piece.text for piece in pieces if piece.label)
    assert labels == "".join(swap.label for swap in made.swaps)


def test_the_headings_above_a_place_are_those_that_hold_it() -> None:
    made = document([["One"], ["a"], ["b"], ["Two"], ["c"]])
    last = made.blocks[-1].span.start
    assert reading.above(made, last) == ("One", "Two")
    assert reading.above(made, made.blocks[1].span.start) == ("One",)


def test_furniture_is_on_no_page() -> None:
    text = "Head\n\n12"
    blocks = (
        SafeBlock(BlockKind.PARAGRAPH, 1, Span(0, 4)),
        SafeBlock(BlockKind.FURNITURE, 2, Span(6, 8)),
    )
    made = SafeDocument("r-b", "public", SafeText(text), blocks)
    assert reading.pages(made) == (1,)


def test_the_cells_of_a_table_are_shown_apart() -> None:
    text = "Date\tWhat\nMay\tA visit"
    rows = ((Span(0, 4), Span(5, 9)), (Span(10, 13), None))
    made = SafeDocument(
        "r-b", "public", SafeText(text), (SafeBlock(BlockKind.TABLE, 1, Span(0, 21), rows=rows),)
    )
    (table,) = reading.shown(made, 1, Span(10, 13))
    assert [["".join(p.text for p in cell) for cell in row] for row in table.rows] == [
        ["Date", "What"],
        ["May", ""],
    ]
    assert table.rows[1][0][0].marked


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80), st.lists(st.text("ab*é", min_size=1, max_size=5), max_size=3))
def test_marking_what_was_looked_for_changes_no_word(quote: str, words: list[str]) -> None:
    assert "".join(text for text, _ in showing.found(quote, words)) == quote


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3),
        st.tuples(
            st.sampled_from(["2011", "2012", "not stated"]),
            st.lists(st.sampled_from(["neglect", "suicide"]), unique=True, max_size=2),
        ),
        max_size=9,
    )
)
def test_every_review_is_in_a_table(said: dict[str, tuple[str, list[str]]]) -> None:
    facts = {r: SafeFacts(year=year, harm=tuple(harm)) for r, (year, harm) in said.items()}
    made = counting.table(facts, "year", "harm")
    assert {review for cell in made.cells.values() for review in cell.reviews} == set(facts)
    years = counting.years_of(facts)
    assert sorted(review for reviews in years.values() for review in reviews) == sorted(facts)
