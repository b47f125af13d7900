"""Texts of several sentences and of parts of sentences, for what learns themes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.training import themes_data, themes_pool
from pipeline.training.themes_pool import Row

ROWS: list[Row] = [
    ("Nobody asked the boy what he saw.", ("C1",)),
    ("The panel met five times in the spring.", ("",)),
    ("She could not leave the house, and no one checked.", ("A1", "C3")),
]
CODES = dict(ROWS)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_joined_text_has_the_codes_of_its_parts_and_no_others(seed: int, share: float) -> None:
    made = themes_pool.joined(ROWS, random.Random(seed), share)
    assert len(made) == len(ROWS)
    for text, codes in made:
        held = {code for part, some in CODES.items() if part in text for code in some}
        assert set(codes) == ((held - {""}) or {""})


def test_nothing_is_joined_where_the_share_is_none() -> None:
    assert themes_pool.joined(ROWS, random.Random(1), 0.0) == ROWS


def test_a_pool_is_the_same_for_a_seed_and_begins_with_the_texts_themselves() -> None:
    made = themes_pool.pool(ROWS * 9, 3)
    assert made == themes_pool.pool(ROWS * 9, 3) != themes_pool.pool(ROWS * 9, 4)
    assert made[:3] == [text for text, _ in ROWS]
    words = {word for text, _ in ROWS for word in text.split()}
    assert {word for text in made for word in text.split()} <= words
    assert min(len(text.split()) for text in made) > 3


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ("[C3]\nOne.\n[C3 A7]\nTwo.", [("One.", ("C3",)), ("Two.", ("A7", "C3"))]),
        ("# Said of it.\n[NONE]\n\nThree.", [("Three.", ("",))]),
        ("Four.", [("Four.", ("",))]),
    ],
    ids=["one and two codes", "none", "no header"],
)
def test_a_header_names_the_codes_of_the_lines_below(
    tmp_path_factory: pytest.TempPathFactory, lines: str, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("themes")
    (folder / "some.txt").write_text(lines, encoding="utf-8")
    assert list(themes_data.sentences(folder)) == rows
