"""Real texts that nobody may copy into the project: the roles of their passages.

The texts are public and not part of the project; where they are absent, nothing here is tested.
What is expected is said by numbers and structure and not by words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.raw.readers import reading
from pipeline.safe.lesson import Passage, Role, SafeBlock, SafeDocument, SafeText
from pipeline.safe.segment import passages

SEEDS = Path(__file__).parent.parent.parent / "shared/seeds"
pytestmark = pytest.mark.skipif(
    not SEEDS.exists(), reason="the seed texts are no part of the project and are not here"
)


@cache
def seed(start: str) -> tuple[Passage, ...]:
    path = next(iter(sorted(SEEDS.glob(f"{start}*.txt"))))
    read = reading.read(path, Settings())
    blocks = tuple(
        SafeBlock(b.kind, b.page, b.span, b.number, b.level, b.rows)
        for b in read.blocks
        if b.span is not None
    )
    return passages(SafeDocument("seed", "as-published", SafeText(read.text), blocks))


def numbered(start: str) -> dict[str, list[Passage]]:
    """The passages of each numbered paragraph, up to where the numbers begin anew."""
    found: dict[str, list[Passage]] = {}
    for passage in seed(start):
        if passage.paragraph is not None and passage.role not in (Role.OTHER, Role.TABLE):
            found.setdefault(passage.paragraph, []).append(passage)
    return found


def test_recommendations_and_what_is_said_of_them_are_told_apart() -> None:
    """58 recommendations with their bullets, 55 comments: F1 1.00 (some comments are headings)."""
    items = [p for p in seed("hemming") if p.role is not Role.FURNITURE]
    first = next(n for n, p in enumerate(items) if p.paragraph == "1")
    asked = [p for p in items[first:] if p.paragraph is not None or p.text.startswith("•")]
    said = [p for p in items[first:] if p not in asked]
    assert len({p.paragraph for p in asked if p.paragraph is not None}) == 58
    assert {p.role for p in asked} == {Role.RECOMMENDATION}
    assert len(said) > 40
    assert Role.RECOMMENDATION not in {p.role for p in said}


@pytest.mark.parametrize(
    ("start", "share"), [("hemming", 0.2), ("children-first", 0.5), ("community-care_l", 0.5)]
)
def test_what_a_page_puts_below_the_text_does_not_count(start: str, share: float) -> None:
    found = seed(start)
    below = [p for p in found if p.role is Role.FURNITURE]
    assert below
    assert list(found[-len(below) :]) == below
    assert sum(len(p.text) for p in below) < share * sum(len(p.text) for p in found)


def role_of(number: str) -> Callable[[Role], bool]:
    return lambda role: any(p.role is role for p in numbered("ofsted")[number])


@pytest.mark.parametrize("number", ["53", "70", "81", "132"])
def test_paragraphs_that_announce_lessons_are_learning(number: str) -> None:
    assert role_of(number)(Role.LEARNING)


@pytest.mark.parametrize("number", ["76", "98", "100", "110"])
def test_extracts_below_a_paragraph_that_announces_them_are_quotes(number: str) -> None:
    found = seed("ofsted")
    at = max(n for n, p in enumerate(found) if p.paragraph == number and len(p.text) > 60)
    assert found[at + 1].role is Role.QUOTE
