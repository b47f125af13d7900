"""Quotations state their point without the sign of a list; what claims nothing is no point."""

from __future__ import annotations

from dataclasses import replace

import pytest
from learning_parts import marked, report

from pipeline.safe import learning_point
from pipeline.safe.lesson import Role
from pipeline.safe.tell import quotation

QUOTATIONS = [
    ("o  A worker who writes a change down has told nobody.", "writes a change",
     "A worker who writes a change down has told nobody."),
    ("Recommendation 4: The board should ask for proof.", "ask for proof",
     "The board should ask for proof."),
    ("R2. The board should ask each agency for proof.", "ask for proof",
     "The board should ask each agency for proof."),
    ("Lesson six. What a child says has to be heard.", "child says",
     "What a child says has to be heard."),
    ("The crew raised a concern although nobody asked. This was good practice.", "good practice",
     "The crew raised a concern although nobody asked. This was good practice."),
    ("Agencies met often. There was no lead.", "no lead", "Agencies met often. There was no lead."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title", "quote"), QUOTATIONS, ids=range(len(QUOTATIONS)))
def test_a_quotation_states_its_point_without_the_sign_of_a_list(
    text: str, title: str, quote: str
) -> None:
    assert quotation(text, title) == quote
    assert quote in text


def test_a_long_quotation_ends_where_a_clause_does() -> None:
    text = (
        "No plan was made for the house " + "by those who had seen it " * 7 + ", and " + "so " * 80
    )
    assert quotation(text).endswith("seen it")
    assert quotation(text) in text


SAID = [
    ("There were no concerns about drugs.", False),
    ("No concerns about neglect were raised, and there was no sign of neglect.", False),
    ("That is a real challenge for government.", False),
    ("Education and Special Needs Department", False),
    ("Based on 173 serious case reviews", False),
    ("Each of these factors is explained in more detail below.", False),
    ("It is important to know who lives in a household.", True),
    ("There was no system for calling families back.", True),
    ("Nobody asks about neglect at the school.", True),
    ("No single agency could have foreseen what he did.", False),
    ("No one agency could see it all; exchange has to be the reflex.", True),
]


@pytest.mark.parametrize(("text", "is_one"), SAID, ids=range(len(SAID)))
def test_what_denies_names_or_only_judges_is_no_learning_point(text: str, is_one: bool) -> None:
    (passage, *_) = marked(report("R1", text))
    assert learning_point.is_point(replace(passage, role=Role.LEARNING)) is is_one
