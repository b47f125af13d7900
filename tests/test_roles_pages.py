"""Where a web page goes on below the text, and lists of recommendations that are answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.safe.lesson import Role, SafeBlock, SafeDocument, SafeText
from pipeline.safe.numbered import FEWEST, runs
from pipeline.safe.page_end import page_end
from pipeline.safe.segment import passages
from pipeline.span import BlockKind, Span

H, P, B = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BULLET
Row = tuple[BlockKind, str | None, str]
BODY = (
    "The review found that nobody had asked who lived in the home, although seven services knew "
    "the family and each of them had been told of the same worry in the months before."
)


def made(*rows: Row) -> SafeDocument:
    text, blocks = "", []
    for kind, number, words in rows:
        text += "\n\n" if text else ""
        blocks.append(SafeBlock(kind, 1, Span(len(text), len(text) + len(words)), number, 1))
        text += words
    return SafeDocument("R1", "public", SafeText(text), tuple(blocks))


TOP: Row = (P, None, "Skip to main content")
TEXT: Row = (P, None, BODY)
OTHER: Row = (P, None, "A man was said to have lied to the court about his neighbour's dogs.")

PAGES: list[tuple[str, tuple[Row, ...], bool]] = [
    ("other posts", (TOP, TEXT, (H, None, "Popular posts from this blog"), OTHER), True),
    ("other stories", (TEXT, (H, None, "News"), (P, None, "Keep up to date with our field."),
                       OTHER, (P, None, "Read full story")), True),
    ("comments", (TEXT, (H, None, "12 comments"), OTHER, (P, None, "Leave a reply")), True),
    ("one line only", (TEXT, (H, None, "Related articles"), OTHER), False),
    ("numbered text below", (TOP, TEXT, (H, None, "Comments"), (P, "9", BODY)), False),
    ("a report", ((H, None, "Comments"), TEXT, (H, None, "Responses"), OTHER), False),
    ("words in a sentence", (TEXT, (P, None, "They were asked to share this with staff."),
                             (P, None, "Read more was the advice to them."), OTHER), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "cut"), [(r, c) for _, r, c in PAGES], ids=[n for n, _, _ in PAGES]
)
def test_what_a_page_puts_below_the_text_is_furniture(rows: tuple[Row, ...], cut: bool) -> None:
    found = {p.text: p.role for p in passages(made(*rows))}
    below = next((role for text, role in found.items() if text == OTHER[2]), None)
    assert (below is Role.FURNITURE) is cut
    assert found[BODY] is not Role.FURNITURE


@given(st.lists(st.sampled_from([TOP, TEXT, OTHER, (H, None, "Latest news")]), max_size=8))
def test_a_text_ends_where_one_of_its_blocks_begins_or_at_its_end(rows: list[Row]) -> None:
    document = made(*rows)
    starts = {block.span.start for block in document.blocks}
    assert page_end(document) in {*starts, len(document.text.value)}


ASKED = [
    "Every trust should ask who lives in the home.",
    "The board must require proof of it.",
    "Schools should have a named lead:",
    "The police should revise their form.",
    "Managers should read one file a month.",
    "A report should be written.",
]


def answered(answer: str, *, numbers: bool = True) -> SafeDocument:
    rows: list[Row] = []
    for n, words in enumerate(ASKED, start=1):
        rows.append((P, str(n) if numbers else None, f"{n}. {words}"))
        if words.endswith(":"):
            rows += [(B, None, "• in each of its sites"), (B, None, "• with time for the work")]
        rows.append((P, None, answer))
    return made(*rows)


@pytest.mark.parametrize(
    "answer",
    ["This should be done and must be paid for.", "A bit obvious.", "No, that will not help."],
)
def test_what_is_said_below_a_numbered_recommendation_is_none(answer: str) -> None:
    for passage in passages(answered(answer)):
        assert (passage.role is Role.RECOMMENDATION) is (passage.text != answer)


def test_a_numbered_report_is_not_taken_for_a_list_of_recommendations() -> None:
    rows: list[Row] = [
        (P, str(n), f"{n}. In {2000 + n} [mother] was seen by the nurse and sent home.")
        for n in range(1, 9)
    ]
    rows.append((P, None, "The Board should ask each agency for proof of its visits."))
    roles = [p.role for p in passages(made(*rows))]
    assert Role.RECOMMENDATION not in roles[:-1]


RUNS = [
    ([1, 2, 3, 4, 5], ((0, 1, 2, 3, 4),)),
    ([1, None, 2, 3, None, 4, 5, None], ((0, 2, 3, 5, 6),)),
    ([1, 2, 3, 4], ()),
    ([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6], ((0, 1, 2, 3, 4), (5, 6, 7, 8, 9, 10))),
    ([7, 1, 2, 9, 3, 4, 5], ((1, 2, 4, 5, 6),)),
    ([], ()),
]


@pytest.mark.parametrize(("numbers", "expected"), RUNS, ids=range(len(RUNS)))
def test_runs_of_numbers_are_found(
    numbers: list[int | None], expected: tuple[tuple[int, ...], ...]
) -> None:
    rows: list[Row] = [(P, None if n is None else str(n), "words") for n in numbers]
    assert runs(made(*rows).blocks) == expected
    assert all(len(run) >= FEWEST for run in expected)


def test_extracts_that_a_numbered_paragraph_announces_are_quotes_until_the_next_number() -> None:
    rows: list[Row] = [
        (P, "7", "7. The following extracts from what staff wrote illustrate this:"),
        (P, None, "There were no interviews and the form was left empty by the team."),
        (P, None, "The history was told well, and what it meant was not asked."),
        (P, "8", "8. There was no system in place for following up missed appointments."),
        (P, None, "There was no policy on visits at night."),
    ]
    roles = [p.role for p in passages(made(*rows))]
    assert roles[1:3] == [Role.QUOTE, Role.QUOTE]
    assert Role.QUOTE not in (roles[0], *roles[3:])
