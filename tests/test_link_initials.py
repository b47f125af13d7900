"""Initials of people whose names are known, and names that look like words for something else."""

from __future__ import annotations

import re

import pytest

from pipeline.match import Names
from pipeline.raw.document import Block, Document, Finding
from pipeline.raw.link import link
from pipeline.raw.link_names import parse
from pipeline.span import BlockKind, Kind, Span


def hidden(text: str, names: tuple[str, ...]) -> list[str]:
    """What linking makes of a text of one block in which these names were found, each once."""
    block = Block(BlockKind.PARAGRAPH, text, 1, Span(0, len(text)))
    places = [re.search(rf"\b{re.escape(name)}\b", text) for name in names]
    found = [Finding(Span(*m.span()), Kind.PERSON, "test", 0.9, "test") for m in places if m]
    assert len(found) == len(names)
    proposal = link(Document("0" * 64, "text/plain", "test", 1, text, (block,)), found)
    return [finding.span.of(text) for finding in proposal.findings]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Dora Dunn came. DD missed it.", ("Dora Dunn",), ["Dora Dunn", "DD"]),
        ("Dora Dunn came. Adult DD is the subject. DD slept.", ("Dora Dunn",), ["Dora Dunn"]),
        ("Dora Dunn came. Children CC, DD and EE slept.", ("Dora Dunn",), ["Dora Dunn"]),
        (
            "Toby Brindleton had TB. Cards of TB Brindleton.",
            ("Toby Brindleton",),
            ["Toby Brindleton", "TB Brindleton"],
        ),
        (
            "Toby Brindleton had TB. Cards of TB\nBrindleton.",
            ("Toby Brindleton",),
            ["Toby Brindleton", "TB\nBrindleton"],
        ),
        ("Gita Pell came. GP Pell wrote.", ("Gita Pell",), ["Gita Pell", "Pell"]),
        ("Dilys Sharp came. We reached DS, at last.", ("Dilys Sharp",), ["Dilys Sharp", "DS"]),
        ("Dilys Sharp came. The DS wrote to DS, too.", ("Dilys Sharp",), ["Dilys Sharp"]),
        ("Ewan Price came.\n6.1.3 EP telephoned.", ("Ewan Price",), ["Ewan Price", "EP"]),
        ("Ewan Price came.\n12 EP visits.", ("Ewan Price",), ["Ewan Price"]),
        ("Peace Ayers came. It was flagged down by PA.", ("Peace Ayers",), ["Peace Ayers", "PA"]),
        ("Peace Ayers came. A paternal aunt, PA, left.", ("Peace Ayers",), ["Peace Ayers"]),
        ("Mary Óg came.\n7-5 MÓ came, too.", ("Mary Óg",), ["Mary Óg", "MÓ"]),
    ],
)
def test_initials_of_a_named_person_are_hidden_unless_they_say_something_else(
    text: str, names: tuple[str, ...], expected: list[str]
) -> None:
    assert hidden(text, names) == expected


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Liam Gay and Georgia Gay came. It said Baby Gay.", ("Liam Gay", "Georgia Gay"),
         ["Liam Gay", "Georgia Gay", "Baby Gay"]),
        ("Liam Gay and Georgia Gay came. Gay men met.", ("Liam Gay", "Georgia Gay"),
         ["Liam Gay", "Georgia Gay"]),
    ],
)  # fmt: skip
def test_a_surname_that_is_a_word_is_hidden_behind_baby(
    text: str, names: tuple[str, ...], expected: list[str]
) -> None:
    assert hidden(text, names) == expected


@pytest.mark.parametrize(
    ("name", "surname"), [("Dr Master", "master"), ("Mr Judge", "judge"), ("Dr Finch", "finch")]
)
def test_the_last_word_behind_a_title_is_a_name(name: str, surname: str) -> None:
    assert parse(name).surname == surname


def test_a_family_whose_name_has_two_words_is_found_in_the_plural() -> None:
    found = Names([("family", "Ó Marlstone")]).find("They were the Ó Marlstones at number 62.")
    assert [match.span for match in found] == [Span(14, 25)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am D. Quill, for the area.", "D. Quill"),
        ("Signed\nD. K. Quill, for the area.", "D. K. Quill"),
        ("It was the GP (D. Quill) who wrote.", "D. Quill"),
        ("They met child A. Quill came, too.", "Quill"),
        ("The unit was Ward B. Quill came, too.", "Quill"),
    ],
)
def test_initials_with_points_before_a_surname_are_of_the_name(text: str, expected: str) -> None:
    assert hidden(text, ("Quill",)) == [expected]


def test_what_stands_for_something_hidden_already_is_no_body() -> None:
    text = "The letter told [REDACTED] to pass the form on."
    block = Block(BlockKind.PARAGRAPH, text, 1, Span(0, len(text)))
    found = Finding(Span(17, 25), Kind.ORGANISATION, "test", 0.9, "test")
    proposal = link(Document("0" * 64, "text/plain", "test", 1, text, (block,)), [found])
    assert proposal.findings == ()
