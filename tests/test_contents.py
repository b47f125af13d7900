"""Titles, contents and lines of leaflets are no passages of a report; lists that are counted."""

from __future__ import annotations

import pytest

from pipeline.safe.lesson import Passage, Role, SafeBlock, SafeDocument, SafeText
from pipeline.safe.segment import passages
from pipeline.safe.theme import load, mark
from pipeline.span import BlockKind, Span

H, P, B = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BULLET
Row = tuple[BlockKind, str]
BODY = (
    "Nobody had asked who lived in the home, although seven services knew the family and each of "
    "them had been told of the same worry in the months before."
)


def made(*rows: Row) -> SafeDocument:
    text, blocks = "", []
    for kind, words in rows:
        text += "\n\n" if text else ""
        blocks.append(SafeBlock(kind, 1, Span(len(text), len(text) + len(words)), None, 1))
        text += words
    return SafeDocument("R1", "public", SafeText(text), tuple(blocks))


def found(*rows: Row) -> dict[str, Passage]:
    return {one.text: one for one in passages(made(*rows))}


CONTENTS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("numbers at the end", ("1. What happened 4", "2. Learning points 9", "3. Good practice 11"),
     ("1. What happened 4", "2. Learning points 9", "3. Good practice 11")),
    ("dots", ("Contents", "What happened ...... 4", "Lessons for the board ..... 9"),
     ("Contents", "What happened ...... 4", "Lessons for the board ..... 9")),
    ("in this report", ("IN THIS REPORT", "What we found 3"),
     ("IN THIS REPORT", "What we found 3")),
    ("no page, but a line of the text", ("Contents", "Section Two: Lessons", BODY,
                                         "Section Two: Lessons"),
     ("Contents", "Section Two: Lessons")),
    ("two only", ("Nurses on duty 2", "Beds on the ward 12"), ()),
    ("falling numbers", ("Nurses on duty 9", "Beds on the ward 4", "Calls in a week 2"), ()),
    ("counted things", ("Agreed as in action 2", "Agreed as in action 3", "Agreed as in action 4"),
     ()),
    ("sentences", ("It was so in case 2.", "It was so in case 3.", "It was so in case 4."), ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "out"), [(a, b) for _, a, b in CONTENTS], ids=[name for name, *_ in CONTENTS]
)
def test_lines_of_contents_are_furniture(lines: tuple[str, ...], out: tuple[str, ...]) -> None:
    rows = [(P, BODY + " It was so."), *((P, line) for line in lines), (P, BODY + " It is still.")]
    named = [one.text for one in passages(made(*rows)) if one.role is Role.FURNITURE]
    assert named == list(out)


def test_furniture_has_no_theme() -> None:
    rows = ((P, "Contents"), (P, "Neglect and domestic abuse 4"), (P, "Missing children 9"),
            (H, "Lessons"),
            (P, "There was a lack of information sharing about the neglect."))  # fmt: skip
    marked = {one.text: one.themes for one in mark(passages(made(*rows)), load())}
    assert [bool(marked[text]) for _, text in rows if text in marked] == [False, False, False, True]


TITLES = [
    ((P, "Learning from lives"), True),
    ((P, "A review of failings in care"), True),
    ((P, "There was a lack of care."), False),
    ((B, "Lack of care"), False),
    ((P, "1. Lack of care"), False),
]


@pytest.mark.parametrize(("row", "is_title"), TITLES, ids=range(len(TITLES)))
def test_short_lines_above_the_text_are_its_title(row: Row, is_title: bool) -> None:
    assert (found(row, (P, BODY))[row[1]].role is Role.FURNITURE) is is_title


def test_a_text_of_short_lines_alone_has_no_title() -> None:
    rows = ((P, "Lack of care"), (P, "No plan for leave"))
    assert Role.FURNITURE not in {one.role for one in found(*rows).values()}


def test_a_line_in_capitals_is_a_heading_and_gives_the_role_to_what_is_below_it() -> None:
    rows = ((P, BODY), (P, "EXAMPLES OF GOOD PRACTICE"), (P, "The nurse kept calling for a year."),
            (P, "QUESTIONS FOR THE BOARD"),
            (P, "How will the board know that this changed?"))  # fmt: skip
    made_ = found(*rows)
    assert "QUESTIONS FOR THE BOARD" not in made_
    assert made_["The nurse kept calling for a year."].role is Role.GOOD_PRACTICE
    assert made_["How will the board know that this changed?"].heading == "QUESTIONS FOR THE BOARD"
    assert made_["How will the board know that this changed?"].role is Role.RECOMMENDATION


LEAFLETS = [
    ("Follow us on social media", Role.FURNITURE),
    ("Related news: Library opens a new wing", Role.FURNITURE),
    ("Other briefings in this series", Role.FURNITURE),
    ("If you worry about a child call [telephone number].", Role.OTHER),
    ("Published by the [safeguarding partnership], Town Hall. [link removed]", Role.OTHER),
]


@pytest.mark.parametrize(("line", "role"), LEAFLETS, ids=range(len(LEAFLETS)))
def test_lines_that_only_leaflets_have_teach_nothing(line: str, role: Role) -> None:
    rows = ((H, "Lessons"), (P, BODY), (P, line))
    assert found(*rows)[line].role is role


def test_the_items_of_a_counted_list_are_what_its_lead_says() -> None:
    rows = (
        (H, "Improving systems"),
        (P, "The review identified the following actions for the Board:"),
        (P, "1. The Board to publish its policy again and to test it."),
        (P, "2. The service to keep an up-to-date chronology."),
    )
    assert [one.role for one in found(*rows).values()][1:3] == [Role.RECOMMENDATION] * 2


def test_a_counted_list_of_what_a_caller_told_is_no_learning() -> None:
    rows = (
        (H, "Circumstances"),
        (P, "The first call was made by a neighbour at 16:38, expressing concerns that:"),
        (P, "1. The man had not been seen since Saturday."),
        (P, "2. The man was not answering the door, and his dog was inside."),
    )
    assert Role.LEARNING not in {one.role for one in list(found(*rows).values())[1:]}


def test_when_a_review_is_held_is_the_law_and_no_recommendation() -> None:
    lead = "A board must also consider conducting a serious case review where:"
    item = "a child has been killed by a person with a mental illness"
    assert found((H, "The rules"), (P, lead), (B, item))[item].role is not Role.RECOMMENDATION


def test_what_did_not_go_well_is_learned_from_and_what_a_box_explains_is_not() -> None:
    told = "The bath had no valve and nobody checked it."
    box = "A pathway is an approach to care. It was developed at a college, and a course is free."
    rows = (
        (P, BODY),
        (H, "What did not go well"),
        (P, told),
        (H, "Box: What is a pathway?"),
        (P, box),
    )
    assert found(*rows)[told].role is Role.LEARNING
    assert found(*rows)[box].role is not Role.LEARNING
