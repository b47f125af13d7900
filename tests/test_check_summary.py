"""A summary against its report: what was changed, left out, put in, and what is the same."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_parts import report

from pipeline.config import Settings
from pipeline.errors import CandourError
from pipeline.flow import checking
from pipeline.safe import align, changed, summary
from pipeline.safe.segment import passages

if TYPE_CHECKING:
    from pipeline.safe.embed import Matrix

FULL = "All agencies should record the views of the child and must share them with the school."


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("All agencies could record the views of the child and must share them with the school.",
         "weaker"),
        ("Some agencies should record the views of the child and must share them with the school.",
         "narrower"),
        ("All agencies should not record the views of the child and must share them with the "
         "school.", "polarity"),
        ("All managers should record the views of the child and must share them with the school.",
         "actor"),
        ("All agencies should record the views of the child and must share them with the school "
         "if the family wishes.", "condition"),
        ("All agencies should record the views of the child.", "dropped"),
        ("All agencies should record the views of the child and must share them with the school "
         "and the three nearest surgeries.", "number"),
        ("All agencies should increasingly record the views of the child and must share them with "
         "the school.", "trend"),
        ("All agencies should record the views of the family and must share them with the school.",
         "general"),
    ],
)  # fmt: skip
def test_a_change_is_told_by_its_kind(said: str, key: str) -> None:
    assert key in [c.key for c in changed.changes(FULL, said)]


@pytest.mark.parametrize(
    "said",
    [
        FULL,
        FULL.lower().rstrip("."),
        f"“{FULL}”",
        f"4.12 Learning point 3: {FULL}",
        FULL.replace(" and ", "\n  and "),
    ],
)
def test_what_only_looks_different_is_the_same(said: str) -> None:
    assert changed.same(FULL, said)


@given(st.lists(st.sampled_from([*FULL.split(), "not", "12", "[mother]"]), max_size=12))
def test_a_statement_is_always_the_same_as_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert changed.changes(text, text.upper()) == ()


POINTS = (
    "Staff must read the earlier records before they visit a family at home.",
    "The voice of the child should be written down in every assessment.",
    "Fathers need to be named, met and assessed like everybody else.",
    "Managers should check each closing letter before it leaves the team.",
)


def compared(full: tuple[str, ...], short: tuple[str, ...]) -> list[tuple[str, str]]:
    told, known = passages(report("s", *short)), passages(report("f", *full))
    rows = summary.differences(told, known)
    sides = [(r.kind, r.summary or r.full) for r in rows]
    return [(kind, side.text) for kind, side in sides if side is not None]


def test_the_same_points_give_no_row() -> None:
    assert compared(POINTS, POINTS) == []


def test_what_is_left_out_and_put_in() -> None:
    short = (*POINTS[:2], POINTS[3], "Housing officers should report every broken window at once.")
    assert compared(POINTS, short) == [("addition", short[3]), ("omission", POINTS[2])]


def test_a_turned_point_is_told_as_such() -> None:
    turned = POINTS[1].replace("should be", "should not be")
    assert compared(POINTS, (POINTS[0], turned, *POINTS[2:])) == [("polarity", turned)]


def test_the_order_of_the_report_finds_what_words_do_not() -> None:
    # By words alone the middle point is nearer to the last statement than to the second.
    points = [POINTS[0], "Assess the voice of families", POINTS[2]]
    among = [POINTS[0], POINTS[1], POINTS[2], "The voice of families was not heard."]
    alone = align.counterparts(points[1:2], among, [False] * 4)
    assert [m.place if m else None for m in alone] == [3]
    found = align.counterparts(points, among, [True, True, True, False])
    assert [m.place if m else None for m in found] == [0, 1, 2]


def test_texts_without_a_learning_point() -> None:
    assert compared(("The dog slept.", "It rained."), ("The cat slept.",)) == []


def test_one_person_has_one_label_in_both(tmp_path: Path) -> None:
    short, full = tmp_path / "short.txt", tmp_path / "full.txt"
    full.write_text(
        "Lessons\n\nMrs Wanda Quillfeather (mother) was not asked about her own needs and staff "
        "should have done so.\n\nMrs Quillfeather should be heard in every assessment.\n"
    )
    short.write_text("Lessons\n\nMrs Quillfeather may be heard in every assessment.\n")
    found = checking.check_summary(short, full, "public", Settings())
    assert "Quillfeather" not in str(found.rows)
    assert any("weaker" in str(row["why"]) for row in found.rows)


LISTEN = "Lessons\n\nStaff should listen.\n"


@pytest.mark.parametrize(
    ("short", "full", "message"),
    [
        ("", LISTEN, "This file is empty."),
        (LISTEN, " \n", "This file is empty."),
        (LISTEN, LISTEN, checking.SAME),
        ("Staff should listen. " * 15_000, LISTEN, checking.TOO_LONG),
    ],
    ids=["no summary", "no report", "the same twice", "too long"],
)
def test_texts_that_cannot_be_compared(tmp_path: Path, short: str, full: str, message: str) -> None:
    files = tmp_path / "a.txt", tmp_path / "b.txt"
    for path, text in zip(files, (short, full), strict=True):
        path.write_text(text)
    start = time.process_time()
    with pytest.raises(CandourError) as raised:
        checking.check_summary(*files, "public", Settings())
    assert message in str(raised.value)
    assert time.process_time() - start < 10


def test_a_summary_of_one_line_leaves_the_rest_out() -> None:
    assert [kind for kind, _ in compared(POINTS, POINTS[:1])] == ["omission"] * 3


def test_a_sentence_that_a_blank_line_cuts_is_one_statement() -> None:
    first, second = POINTS[1][:30].rstrip(), POINTS[1][30:].lstrip()
    assert compared(POINTS, (POINTS[0], first, second, *POINTS[2:])) == []


def test_of_two_near_in_meaning_a_finding_is_paired_with_a_finding() -> None:
    # The vectors are made up: the advice is a little nearer to the summary's point.
    advice = "Practitioners would benefit from help with the weighing of faith and customs."
    finding = "Reviewers seldom mention languages spoken, or beliefs held, by relatives."
    said = "There was little heed paid to whether workers knew the religious background."
    angles = {advice: 0.9, finding: 0.95, said: 0.0}

    def vectors(texts: Sequence[str]) -> Matrix:
        rows = [angles.get(text, 2.5) for text in texts]
        return np.array([[math.cos(a), math.sin(a)] for a in rows], dtype=np.float32)

    full = (*POINTS[:2], advice, finding, *POINTS[2:])
    told = passages(report("s", *POINTS[:2], said, *POINTS[2:]))
    rows = summary.differences(told, passages(report("f", *full)), vectors)
    left_out = [r.full.text for r in rows if r.kind == "omission" and r.full is not None]
    assert left_out == [advice]


gains = st.integers(1, 4).flatmap(
    lambda wide: st.lists(
        st.lists(st.integers(0, 9).map(float), min_size=wide, max_size=wide), max_size=4
    )
)


@given(gains)
def test_pairs_in_order_rise_and_gain_most(rows: list[list[float]]) -> None:
    cells = [(i, j) for i, row in enumerate(rows) for j, gain in enumerate(row) if gain > 0]

    def rises(pairs: Sequence[tuple[int, int]]) -> bool:
        return all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))

    def total(pairs: Sequence[tuple[int, int]]) -> float:
        return sum(rows[i][j] for i, j in pairs)

    found = align.in_order(rows)
    sets = (c for size in range(5) for c in combinations(cells, size))
    assert rises(found)
    assert total(found) == max(total(c) for c in sets if rises(c))
