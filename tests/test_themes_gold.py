"""The gold of invented reviews beside our passages: which of ours a planted passage is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.training import themes_gold

ONE = "The nurse rang the bell twice and nobody came to the door of the flat."
TWO = "The school wrote a letter to the mother in the spring and had no reply."
TEXT = f"Chronology\n\n{ONE}\n\n{TWO}\n\nThe weather was fine for most of that week.\n"


@pytest.mark.parametrize(
    ("start", "end", "texts"),
    [
        (TEXT.index(ONE), TEXT.index(ONE) + len(ONE), [ONE]),
        (TEXT.index(ONE), TEXT.index(TWO) + len(TWO), [ONE, TWO]),
        (TEXT.index(ONE), TEXT.index(TWO) + 10, [ONE]),
        (TEXT.index(TWO) + 4, TEXT.index(TWO) + 12, [TWO]),
    ],
    ids=["a passage", "rows of a table", "the start of another", "a part of one"],
)
def test_a_planted_passage_is_those_that_lie_in_it_and_the_one_that_covers_most(
    tmp_path: Path, start: int, end: int, texts: list[str]
) -> None:
    planted = {"start": start, "end": end, "themes": ["C10"], "role": "chronology"}
    row = {"id": "review-1", "text": TEXT, "passages": [planted]}
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(row) + "\n", encoding="utf-8")
    (read,) = themes_gold.read(gold)
    (found,) = read.planted
    assert [read.passages[place].text for place in found.places] == texts
    assert not set(found.places) & set(read.free)
