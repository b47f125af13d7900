"""A summary against its report: what was changed, left out, put in, and what is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_parts import report

from pipeline.config import Settings
from pipeline.errors import CandourError
from pipeline.flow import checking
from pipeline.safe import align, summary, wording
from pipeline.safe.segment import passages

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
    assert key in [c.key for c in wording.changes(FULL, said)]


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
    assert wording.same(FULL, said)


@given(st.lists(st.sampled_from([*FULL.split(), "not", "12", "[mother]"]), max_size=12))
def test_a_statement_is_always_the_same_as_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert wording.changes(text, text.upper()) == ()


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


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    empty, full = tmp_path / "a.txt", tmp_path / "b.txt"
    empty.write_text("")
    full.write_text("Lessons\n\nStaff should listen.\n")
    with pytest.raises(CandourError):
        checking.check_summary(empty, full, "public", Settings())
