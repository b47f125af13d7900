"""What the body of a report says of its case, and what it says of others, wishes for or quotes.

All names and places are invented.
"""

from __future__ import annotations

import pytest
from facts_bodies import TABLES, Passage

from pipeline.raw import facts
from pipeline.raw.readers.text import from_string

ROWS = [(name, passage) for name, passages in TABLES.items() for passage in passages]


def said(name: str, text: str) -> str:
    """What is stated of one fact; several values joined."""
    found = facts.stated(from_string(text))
    return "; ".join(fact.value for field, fact in found.each() if field == name)


@pytest.mark.parametrize(("name", "passage"), ROWS, ids=lambda x: getattr(x, "text", x)[:60])
def test_a_passage_says(name: str, passage: Passage) -> None:
    text = f"{passage.cover}\n\n1 Introduction\n\n{passage.text}\n"
    assert said(name, text) == passage.expected
