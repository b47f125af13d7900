"""What the benchmarks write down: nothing is measured twice, nothing lost, ratios as they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("faker", reason="the generator's own libraries are not installed")

import detection_others
import plot
import search_others
import whole_growth

from pipeline.span import Kind, Span


@dataclass
class Cost:
    wall: float = 2.0
    cpu: float = 3.0
    peak: float = 0.5
    failed: int = 0


def some(folder: Path, files: Sequence[Path]) -> Path:
    return folder


def commands(calls: list[str], cut: int = -1) -> Callable[..., Cost]:
    """A command that notes its name, and is cut off at the call of that number."""

    def command(home: Path, cores: int, *arguments: str) -> Cost:
        calls.append(arguments[0])
        if len(calls) == cut:
            raise KeyboardInterrupt
        return Cost()

    return command


def grow(folder: Path, command: Callable[..., Cost]) -> list[dict[str, object]]:
    files = [Path(f"{n}.txt") for n in range(6)]
    return list(whole_growth.growth(folder, files, [2, 4, 6], (2, 1), command, some, afresh=False))


def test_growth_sums_what_each_mark_took(tmp_path: Path) -> None:
    rows = grow(tmp_path, commands([]))
    assert [(r["reviews"], r["wall"], r["cpu_a_review"]) for r in rows] == [
        (2, 4.0, 3.0),
        (4, 8.0, 3.0),
        (6, 12.0, 3.0),
    ]


def test_growth_goes_on_where_it_was_cut_off_and_says_so(tmp_path: Path) -> None:
    first: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        grow(tmp_path, commands(first, cut=4))
    assert first == ["init", "ingest", "learn", "ingest"]
    second: list[str] = []
    rows = grow(tmp_path, commands(second))
    assert second == ["ingest", "learn", "ingest", "learn"]
    assert [r["cut"] for r in rows] == [False, True, True]
    assert grow(tmp_path, commands(second)) == rows
    assert len(second) == 4


@pytest.mark.parametrize(
    ("better", "measured", "beside", "bar", "expected"),
    [
        ("more", 8.0, 4.0, 2.0, (2.0, 0.5)),
        ("less", 2.0, 6.0, 3.0, (3.0, 2.0)),
    ],
)
def test_a_ratio_above_one_is_better_than_the_alternative(
    better: str, measured: float, beside: float, bar: float, expected: tuple[float, float]
) -> None:
    row = {"better": better, "measured": measured, "beside": beside, "bar": bar}
    assert (plot.ratio(row), plot.ratio(row, "bar")) == expected


def test_every_claim_that_is_kept_can_be_drawn_and_run() -> None:
    claims = plot.rows(plot.FIGURES / "claims.jsonl")
    picture, _ = plot.ratios(claims)
    for row in claims:
        assert row["claim"] in picture
        assert (plot.ROOT / row["command"].split()[1]).is_file()


def test_overlapping_stretches_are_joined() -> None:
    found = [
        (Span(0, 5), Kind.PERSON),
        (Span(3, 9), Kind.PLACE),
        (Span(9, 12), Kind.CODE),
        (Span(10, 11), Kind.CODE),
    ]
    assert detection_others._apart(found) == [
        (Span(0, 9), Kind.PERSON),
        (Span(9, 12), Kind.CODE),
    ]


def test_no_mark_is_lost_where_a_text_is_cut_into_paragraphs() -> None:
    text = "Ann rang.\nBob came.\n\nCath left."
    marks = [(0, 3, "PERSON"), (10, 13, "PERSON"), (21, 25, "PERSON")]
    pieces = list(detection_others._pieces(text, marks))
    assert [[part[a:b] for a, b, _ in own] for part, own in pieces] == [["Ann", "Bob"], ["Cath"]]


def test_passages_of_the_asking_review_are_no_answers() -> None:
    lessons = {("a", "1"): "x", ("a", "2"): "x", ("b", "1"): "x", ("c", "1"): "y"}
    answers = [("a", "2"), ("c", "1"), ("b", "1")]
    row = search_others.measure("any", lambda _: answers, [(("a", "1"), "asked")] * 2, lessons)
    assert (row["first is right"], row["mean reciprocal rank"], row["recall in ten"]) == (0, 0.5, 1)
    assert json.dumps(row)
