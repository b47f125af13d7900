"""Which passages make a claim, and which claims come together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_parts import ALONE, SHARING, THEMES, VISITS, bag, marked, report, years
from numpy.typing import NDArray

from pipeline.safe import claim_vectors, learning_point, recur
from pipeline.safe.lesson import Passage, Polarity, Role, SafeDocument, ThemeMark
from pipeline.span import Span

LIBRARY = (
    report("R1", SHARING[0], VISITS[0]),
    report("R2", SHARING[1], ALONE),
    report("R3", SHARING[2], VISITS[1]),
)
# Two wordings of one claim: no word is shared, and no cue tells their theme.
ONE = "Curtains ought to be open whenever gardeners come."
OTHER = "Windows must stay uncovered while lawns are mown."
APART = report("R1", ONE), report("R2", OTHER)


def _point(text: str, role: Role) -> Passage:
    return Passage("R1", "p1", 1, None, None, Span(0, len(text)), role, text, (), draft=False)


@pytest.mark.parametrize(
    ("role", "text", "found"),
    [
        (Role.LEARNING, "Notes need to go back to whoever wrote them before panels meet.", True),
        (Role.LEARNING, "Summaries may wish to say what became of earlier advice.", True),
        (Role.ANALYSIS, "The duty desk should ring the sender back within one day.", True),
        (Role.ANALYSIS, "The duty desk should have rung the sender back that day.", False),
        (Role.ANALYSIS, "The desk was busy. It should ring the sender back.", False),
        (Role.CHRONOLOGY, "The duty desk should ring the sender back within one day.", False),
        (Role.FURNITURE, "The duty desk should ring the sender back within one day.", False),
        (Role.RECOMMENDATION, "The Trust to " + "count and " * 10 + "publish its letters.", True),
        (Role.RECOMMENDATION, "The Trust to " + "count and " * 20 + "publish its letters.", False),
    ],
)  # fmt: skip
def test_what_ought_to_be_is_a_point_also_where_no_cue_teaches(
    role: Role, text: str, *, found: bool
) -> None:
    assert learning_point.is_point(_point(text, role)) is found


@pytest.mark.parametrize(
    ("role", "text", "themed", "found"),
    [
        (Role.ANALYSIS, "7.2 Silence after a call is no answer. Callers must ask.", True, True),
        (Role.ANALYSIS, "7.2 Silence after a call is no answer. Callers must ask.", False, False),
        (Role.ANALYSIS, "Silence followed the call. It was not an answer.", True, False),
        (Role.ANALYSIS, "The mother is slow to answer. Silence is no answer.", True, False),
        (Role.ANALYSIS, "[SW 2] is not an answer to what callers ask.", True, False),
        (Role.LEARNING, "A tale told by a kind person earns the same scrutiny.", True, True),
        (Role.LEARNING, "A tale told by a kind person earns the same scrutiny.", False, False),
        (Role.LEARNING, "Learning point 4: Care that is slow has to be given time.", False, True),
        (Role.LEARNING, "The points that follow have been given to staff.", False, False),
    ],
)  # fmt: skip
def test_what_holds_in_general_is_a_point_where_it_has_a_theme(
    role: Role, text: str, *, themed: bool, found: bool
) -> None:
    mark = ThemeMark("C3", Span(0, 4), 0.9, Polarity.FINDING, "heads")
    point = replace(_point(text, role), themes=(mark,) if themed else ())
    assert learning_point.is_point(point) is found


def _all_alike(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.ones((len(texts), 1), dtype=np.float32)


def _each_its_own(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.eye(len(texts), dtype=np.float32)


def test_claims_come_together_by_what_they_claim_and_by_what_they_mean() -> None:
    half = "Gardeners should find open curtains on every visit."
    nearer = marked(*APART[:1], report("R2", half))
    assert len(recur.partition(marked(*APART), bag)) == 2
    assert len(recur.partition(nearer, bag)) == 2
    assert len(recur.partition(nearer, bag, _all_alike)) == 1
    assert len(recur.partition(nearer, bag, _each_its_own)) == 2
    same = marked(*APART[:1], report("R2", ONE.replace("open", "wide open")))
    assert len(recur.partition(same, bag)) == 1
    assert len(recur.partition(same, bag, _each_its_own)) == 2


@settings(max_examples=4, deadline=None)
@given(st.permutations(LIBRARY))
def test_lessons_by_claim_do_not_depend_on_the_order_of_reviews(
    library: Sequence[SafeDocument],
) -> None:
    def told(documents: Sequence[SafeDocument]) -> recur.Learned:
        return recur.lessons(
            marked(*documents),
            years(*documents),
            THEMES,
            vectors=bag,
            claimed=claim_vectors.vectors(),
        )

    assert told(library) == told(LIBRARY)
