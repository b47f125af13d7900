"""What the body of a report says of its case, and what it says of others, wishes for or quotes.

All names and places are invented.
"""

from __future__ import annotations

import pytest
from facts_bodies import CHILD, TABLES, Passage

from pipeline.raw import facts, facts_sentences
from pipeline.raw.document import Block, Document
from pipeline.raw.readers.text import from_string
from pipeline.span import BlockKind, Span

ROWS = [(name, passage) for name, passages in TABLES.items() for passage in passages]


def said(name: str, text: str) -> str:
    """What is stated of one fact; several values joined."""
    found = facts.stated(from_string(text))
    return "; ".join(fact.value for field, fact in found.each() if field == name)


@pytest.mark.parametrize(("name", "passage"), ROWS, ids=lambda x: getattr(x, "text", x)[:60])
def test_a_passage_says(name: str, passage: Passage) -> None:
    text = f"{passage.cover}\n\n1 Introduction\n\n{passage.text}\n"
    assert said(name, text) == passage.expected


@pytest.mark.parametrize(("name", "passage"), ROWS, ids=lambda x: getattr(x, "text", x)[:60])
def test_what_is_as_written_stands_where_its_span_says(name: str, passage: Passage) -> None:
    read = from_string(f"{passage.cover}\n\n1 Introduction\n\n{passage.text}\n")
    for field, fact in facts.stated(read).each():
        assert fact.stated == (fact.source is not None)
        if fact.span is not None and field in ("incident", "begun", "born", "age", "ethnicity"):
            assert fact.value in (fact.span.of(read.text), "not recorded")


def test_a_soft_hyphen_hides_nothing_in_the_body() -> None:
    read = from_string(f"{CHILD}\n\n1 Introduction\n\nChild K di\u00aded on 3 M\u00aday 2011.\n")
    found = facts.stated(read)
    assert found.incident.value == "3 May 2011"
    assert found.incident.span is not None
    assert found.incident.span.of(read.text) == "3 May 2011"


RULES = """Recommendations

Child K was subject to a child protection plan. The parents contributed to the review."""


def test_recommendations_tell_nothing() -> None:
    found = facts.stated(from_string(f"{CHILD}\n\n9 {RULES}\n"))
    assert not found.plan.stated
    assert not found.family.stated


def test_a_paper_of_a_board_that_is_no_review_tells_nothing_of_a_case() -> None:
    text = """Zorbelshire Safeguarding Children Board

Annual Report

2015-2016

Child K died on 3 May 2011. The family were invited to contribute to the review."""
    found = facts.stated(from_string(text))
    assert found.board.stated
    assert not (found.incident.stated or found.family.stated or found.harm)


CORONER = """REGULATION 28 REPORT TO PREVENT FUTURE DEATHS

On 3 May 2019 I commenced an investigation into the death of Wilfred Marl, aged 34. The inquest
was opened on 9 May 2019. Mr Marl’s brother was known to mental health services.

Wilfred died at home on 1 May 2019. The conclusion of the inquest was suicide."""


def test_a_coroner_says_who_died_when_and_how() -> None:
    found = facts.stated(from_string(CORONER))
    assert [fact.value for fact in found.harm] == ["death", "suicide"]
    assert (found.incident.value, found.age.value) == ("1 May 2019", "34")
    assert not (found.known or found.board.stated or found.family.stated)


def test_lengths_are_counted_from_the_dates_of_the_report() -> None:
    cover = CHILD + "\n\nCompleted: 20 June 2012\n\nPublished: 19 July 2012"
    found = facts.stated(from_string(f"{cover}\n\n1 Introduction\n\nChild K died on 3 May 2011.\n"))
    assert found.incident_to_completion.value == "13 months"
    assert found.completion_to_publication.value == "0 months"
    assert found.incident_to_completion.source is facts.Source.COUNTED


PANEL = (
    ("Name", "Role", "Agency"),
    ("Ann Quill", "Independent Chair", "Independent"),
    ("Owen Marl", "Named Nurse", "Zorbel NHS Trust"),
)
HOUSEHOLD = (
    ("Name", "Relationship", "Age", "Sex", "Ethnicity"),
    ("Child K", "Subject", "4 months", "M", "White British"),
    ("Mother", "Mother", "22", "F", "White Irish"),
)


def with_tables(*tables: tuple[str, tuple[tuple[str, ...], ...]]) -> Document:
    """A review with these tables, each below its heading."""
    text, blocks = "", []
    for line in CHILD.split("\n\n"):
        blocks.append(Block(BlockKind.PARAGRAPH, line, 1, Span(len(text), len(text) + len(line))))
        text += line + "\n\n"
    for heading, rows in tables:
        at = Span(len(text), len(text) + len(heading))
        blocks.append(Block(BlockKind.HEADING, heading, 2, at))
        text += heading + "\n\n"
        start, cells = len(text), []
        for row in rows:
            spans = []
            for cell in row:
                spans.append(Span(len(text), len(text) + len(cell)))
                text += cell + "\t"
            cells.append(tuple(spans))
            text = text[:-1] + "\n"
        body = text[start:-1]
        span = Span(start, start + len(body))
        blocks.append(Block(BlockKind.TABLE, body, 2, span, rows=tuple(cells)))
        text += "\n"
    return Document("0" * 64, "text/plain", "test", 2, text, tuple(blocks))


def test_tables_say_who_sat_on_the_panel_and_what_the_subject_is() -> None:
    read = with_tables(("The review panel", PANEL), ("Family composition", HOUSEHOLD))
    found = facts.stated(read)
    members = [
        "Ann Quill, Independent Chair, Independent",
        "Owen Marl, Named Nurse, Zorbel NHS Trust",
    ]
    assert [fact.value for fact in found.panel] == members
    assert [fact.value for fact in found.chairs] == ["Ann Quill"]
    assert (found.age.value, found.sex.value) == ("4 months", "male")
    assert found.ethnicity.value == "White British"
    assert found.age.source is facts.Source.TABLE


def test_a_table_of_somebody_else_says_nothing_of_the_subject() -> None:
    others = (HOUSEHOLD[0], ("Sam", "Sibling", "4", "F", "White British"), HOUSEHOLD[2])
    found = facts.stated(with_tables(("Agencies", PANEL), ("Family composition", others)))
    assert not (found.age.stated or found.sex.stated or found.ethnicity.stated or found.panel)


def test_half_a_sentence_tells_nothing() -> None:
    first = "At its third meeting in the autumn of that year the panel asked itself whether"
    second = "Child K was subject to a child protection plan"
    text, blocks = f"{CHILD}\n\n{first}\n\n{second}.", []
    for line in text.split("\n\n"):
        at = text.index(line)
        blocks.append(Block(BlockKind.PARAGRAPH, line, 1, Span(at, at + len(line))))
    read = Document("0" * 64, "text/plain", "test", 1, text, tuple(blocks))
    assert not facts.stated(read).plan.stated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n ", ""),
        ("  The  panel\n\tmet. ", "The panel met."),
        ("The\u00a0panel\u2003met", "The panel met"),
        ("The pa\u00adnel met", "The panel met"),
        ("Wren&rsquo;s panel", "Wren’s panel"),
        ("Wren`s  panel & chair", "Wren’s panel & chair"),
    ],
)
def test_a_sentence_has_single_spaces_and_its_letters_lead_back(text: str, expected: str) -> None:
    squeezed, places = facts_sentences.squeezed(text, 5)
    assert squeezed == expected
    assert len(places) == len(squeezed)
    for letter, place in zip(squeezed, places, strict=True):
        assert (
            text[place - 5] == letter
            or (letter == " " and text[place - 5].isspace())
            or (letter == "’" and text[place - 5] in "&`")
        )
