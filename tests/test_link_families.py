"""Families that a text names by the plural of their name."""

from __future__ import annotations

import pytest

from pipeline.match import Names
from pipeline.raw import link_forms
from pipeline.span import Span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The neighbours called them the Storys at number 21.", True),
        ("The stories were told again. Story is what it was.", False),
        ("The storys were told again.", False),
        ("Both of the Storys came. The Story was long.", False),
    ],
)
def test_a_surname_that_is_a_word_is_looked_for_where_its_family_is_named(
    text: str, *, expected: bool
) -> None:
    assert link_forms.stands_alone(text, "Story", found_alone=False) is expected
    found = Names([("story", "Story")]).find("They were the Storys at number 21.")
    assert [match.span for match in found] == [Span(14, 19)]
