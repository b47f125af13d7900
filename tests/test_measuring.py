"""Measures of detection, against counts made by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.flow import measuring
from pipeline.flow.measuring import Found, GoldSpan, GoldText
from pipeline.span import Kind, Span

TEXT = "Anna Reed rang. Mrs Reed saw the Board in May. Page 3 Anna Reed"
#       0         1         2         3         4         5         6


def span_of(words: str, nth: int = 0) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(words, at + 1)
    return Span(at, at + len(words))


def gold(*marked: tuple[Span, Kind, str | None, str]) -> GoldText:
    spans = tuple(
        GoldSpan(start=s.start, end=s.end, kind=k, identity=i, action=a) for s, k, i, a in marked
    )
    return GoldText(id="t", text=TEXT, spans=spans)


FULL, SHORT, LAST = span_of("Anna Reed"), span_of("Mrs Reed"), span_of("Anna Reed", 1)
BOARD, MAY = span_of("Board"), span_of("May")
MARKED = gold(
    (FULL, Kind.PERSON, "p", "hide"),
    (SHORT, Kind.PERSON, "p", "hide"),
    (LAST, Kind.PERSON, "p", "hide"),
    (MAY, Kind.DATE, None, "keep"),
)
WHOLE = [Span(0, len(TEXT))]


@pytest.mark.parametrize(
    ("changed", "shown", "expected"),
    [
        (
            [FULL, span_of("Reed", 1), LAST],
            WHOLE,
            {"recall": (3, 3), "every-mention recall": (1, 1)},
        ),
        ([FULL, LAST], WHOLE, {"recall": (2, 3), "every-mention recall": (0, 1)}),
        ([span_of("Reed"), LAST], WHOLE, {"recall": (1, 3), "precision": (3, 3)}),
        (
            [FULL, SHORT],
            [Span(0, TEXT.index("Page"))],
            {"recall": (3, 3), "every-mention recall, 3 or more": (1, 1), "over-redaction": (0, 6)},
        ),
        ([FULL, SHORT, BOARD, LAST], WHOLE, {"precision": (5, 6), "over-redaction": (1, 8)}),
        ([], WHOLE, {"recall": (0, 3)}),
    ],
)
def test_counts_are_those_made_by_hand(
    changed: list[Span], shown: list[Span], expected: dict[str, tuple[int, int]]
) -> None:
    found = Found([(span, Kind.PERSON) for span in sorted(changed)], shown)
    tally = measuring.tally(MARKED, found)
    assert {measure: tally[measure, "ALL"] for measure in expected} == expected


def test_intervals_hold_the_value_and_widen_with_documents_that_differ() -> None:
    same = measuring.scores([{("recall", "PERSON"): (9, 10)}] * 8)
    mixed = measuring.scores(
        [{("recall", "PERSON"): (10, 10)}] * 7 + [{("recall", "PERSON"): (2, 10)}]
    )
    for (score,) in (same, mixed):
        assert score.low <= score.value <= score.high
    assert same[0].high - same[0].low < mixed[0].high - mixed[0].low


@pytest.mark.parametrize("line", ["{", '{"id": 1}', '{"id": "a", "text": "b", "spans": [{}]}'])
def test_a_line_that_is_no_gold_is_refused_without_a_word_of_it(tmp_path: Path, line: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        list(measuring.evaluate(path, "public", Settings(), progress=lambda _: None))
    assert line not in str(refused.value)


def test_a_marked_text_is_measured_with_the_real_recognisers(tmp_path: Path) -> None:
    text = "The aunt of Orla Pennyfather rang on 4 March 2011. Orla was not seen.\n"
    spans = [
        {"start": 12, "end": 28, "kind": "PERSON", "identity": "p", "action": "hide"},
        {"start": 51, "end": 55, "kind": "PERSON", "identity": "p", "action": "hide"},
        {"start": 37, "end": 49, "kind": "DATE", "action": "generalise"},
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "a", "text": text, "spans": spans}) + "\n", "utf-8")
    rows = list(measuring.evaluate(path, "public", Settings(), progress=lambda _: None))
    values = {(row["measure"], row["kind"]): row["value"] for row in rows}
    assert values["recall", "PERSON"] == 1.0
    assert values["recall", "DATE"] == 1.0
    assert values["every-mention recall", "PERSON"] == 1.0
