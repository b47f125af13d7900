"""Detection on the sample is no worse than its floors, and floors only rise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.flow import measuring
from pipeline.raw import detect
from pipeline.training import floors
from pipeline.training.floors import Figure

GOLD = Path(__file__).parents[1] / "corpora" / "sample" / "gold.jsonl"
# Seven-bit weights round differently from one processor to the next: two mentions in thousands.
_SLACK = 2
BEFORE = (Figure("recall", "PERSON", 90, 100), Figure("over-redaction", "ALL", 10, 1000))


@pytest.mark.skipif(not detect.tagger_present(), reason="the tagger is not installed")
def test_detection_on_the_sample_is_no_worse_than_its_floors() -> None:
    rows = measuring.evaluate(GOLD, "public", Settings(), progress=lambda _: None)
    assert floors.worse(floors.figures(rows), floors.pinned(GOLD), _SLACK) == []


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "marked" / "gold.jsonl"
    path.parent.mkdir()
    path.write_text("{}\n", encoding="utf-8")
    assert floors.pin(path, BEFORE) == []
    return path


@pytest.mark.parametrize(
    ("recall", "hidden", "lowered"),
    [
        ((90, 100), (10, 1000), []),
        ((95, 100), (10, 1000), []),
        ((89, 100), (10, 1000), ["recall PERSON"]),
        ((90, 100), (11, 1000), ["over-redaction ALL"]),
        ((180, 200), (20, 2000), []),
    ],
)
def test_a_floor_rises_and_is_never_lowered(
    gold: Path, recall: tuple[int, int], hidden: tuple[int, int], lowered: list[str]
) -> None:
    seen = (Figure("recall", "PERSON", *recall), Figure("over-redaction", "ALL", *hidden))
    kept = floors.path_of(gold).read_text(encoding="utf-8")
    assert floors.pin(gold, seen) == lowered
    now = floors.path_of(gold).read_text(encoding="utf-8")
    assert (now == kept) is (bool(lowered) or seen == BEFORE)


def test_a_figure_that_is_gone_is_worse(gold: Path) -> None:
    assert floors.pin(gold, BEFORE[:1]) == ["over-redaction ALL"]


def test_floors_of_other_texts_are_refused_unless_that_is_said(gold: Path) -> None:
    gold.write_text("{ }\n", encoding="utf-8")
    with pytest.raises(UsageError):
        floors.pin(gold, BEFORE)
    worse = (Figure("recall", "PERSON", 1, 100),)
    assert floors.pin(gold, worse, other_texts=True) == []
    assert json.loads(floors.path_of(gold).read_text())["floors"] == {"recall PERSON": [1, 100]}
