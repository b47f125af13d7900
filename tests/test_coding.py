"""Steps of coders, purely: which hold, what they give, and that the past can be replayed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_parts import SHARING, THEMES, marked, report

from pipeline.safe.agreement import agreement, alpha, disagreements, kappa
from pipeline.safe.coding import MOST, Act, Event, applied, heirs, live, view
from pipeline.safe.coding_themes import codebook
from pipeline.safe.lesson import Polarity
from pipeline.span import Span

PASSAGE = marked(report("r-one", SHARING[0]))[0]
SUGGESTED = [mark.code for mark in PASSAGE.themes]


def step(number: int, act: Act, *themes: str, coder: str = "u-a", **more: object) -> Event:
    event = Event(number, f"2026-01-01T00:00:{number:02}+00:00", coder, act, themes=themes)
    if act in (Act.CONFIRM, Act.REJECT, Act.ADD, Act.CODE):
        event = replace(event, review=PASSAGE.review, passage=PASSAGE.id)
    return replace(event, **more)  # type: ignore[arg-type]


def shown(*events: Event) -> list[tuple[str, str]]:
    return [(mark.code, mark.by) for mark in applied([PASSAGE], events)[0].themes]


def test_the_passage_of_these_tests_has_a_suggestion() -> None:
    assert SUGGESTED


FIRST = SUGGESTED[0]
CASES = {
    "nothing decided": ((), [(FIRST, "cue")]),
    "confirmed": ((step(1, Act.CONFIRM, FIRST),), [(FIRST, "person")]),
    "rejected": ((step(1, Act.REJECT, FIRST),), []),
    "the last decision holds": (
        (step(1, Act.REJECT, FIRST), step(2, Act.CONFIRM, FIRST)),
        [(FIRST, "person")],
    ),
    "added before what was suggested": (
        (step(1, Act.ADD, "A3"),),
        [("A3", "person"), (FIRST, "cue")],
    ),
    "undone": ((step(1, Act.REJECT, FIRST), step(2, Act.UNDO, undoes=1)), [(FIRST, "cue")]),
    "an undo undone": (
        (step(1, Act.REJECT, FIRST), step(2, Act.UNDO, undoes=1), step(3, Act.UNDO, undoes=2)),
        [],
    ),
    "a merged theme under its heir": (
        (step(1, Act.MERGE_THEMES, FIRST, into=("A3",)),),
        [("A3", "cue")],
    ),
    "a decision on a theme that was merged later": (
        (step(1, Act.CONFIRM, FIRST), step(2, Act.MERGE_THEMES, FIRST, into=("A3",))),
        [("A3", "person")],
    ),
    "a coding of one's own is not shown": ((step(1, Act.CODE, "A3"),), [(FIRST, "cue")]),
    "three at most": (
        tuple(step(n, Act.ADD, code) for n, code in enumerate(("A3", "A4", "A5"), start=1)),
        [("A3", "person"), ("A4", "person"), ("A5", "person")],
    ),
}


@pytest.mark.parametrize(("events", "expected"), CASES.values(), ids=CASES.keys())
def test_what_people_decide_is_what_is_shown(
    events: tuple[Event, ...], expected: list[tuple[str, str]]
) -> None:
    assert len(SUGGESTED) == 1
    assert shown(*events) == expected


def test_evidence_counts_from_the_passage_and_is_shown_in_the_text() -> None:
    event = step(1, Act.ADD, "A3", span=Span(2, 9), polarity=Polarity.PRAISE)
    mark = applied([PASSAGE], [event])[0].themes[0]
    assert (mark.span.start, mark.span.end) == (PASSAGE.span.start + 2, PASSAGE.span.start + 9)
    assert mark.polarity is Polarity.PRAISE
    beyond = replace(event, span=Span(0, len(PASSAGE.text) + 1))
    assert applied([PASSAGE], [beyond])[0].themes[0].span == PASSAGE.span


ACTS = st.sampled_from([Act.CONFIRM, Act.REJECT, Act.ADD, Act.CODE, Act.MERGE_THEMES, Act.UNDO])
CODES = st.sampled_from(["A1", "A2", "A3", FIRST])


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    made: list[Event] = []
    for number in range(1, draw(st.integers(1, 14)) + 1):
        act = draw(ACTS)
        if act is Act.UNDO:
            made.append(step(number, act, undoes=draw(st.integers(0, number - 1))))
        elif act is Act.MERGE_THEMES:
            made.append(step(number, act, draw(CODES), into=(draw(CODES),)))
        else:
            made.append(step(number, act, draw(CODES), coder=draw(st.sampled_from("ab"))))
    return made


@settings(max_examples=50, deadline=None)
@given(histories())
def test_any_history_gives_a_passage_that_is_right_and_can_be_replayed(events: list[Event]) -> None:
    now = applied([PASSAGE], events)[0]
    held = [mark.code for mark in now.themes]
    assert len(held) == len(set(held)) <= MOST
    assert not set(heirs(live(events))) & set(heirs(live(events)).values())
    assert not set(held) & set(heirs(live(events)))
    for version in range(len(events) + 1):
        assert live(events, version) == live(events[:version])
    assert replace(now, themes=PASSAGE.themes) == PASSAGE


@settings(max_examples=50, deadline=None)
@given(histories())
def test_an_undo_of_the_last_step_gives_what_was_before(events: list[Event]) -> None:
    number = len(events) + 1
    undone = live([*events, step(number, Act.UNDO, undoes=number - 1)])
    assert undone == live(events[:-1])


def test_a_theme_that_is_added_renamed_merged_or_split_makes_a_version_and_keeps_the_old() -> None:
    events = [
        step(1, Act.ADD_THEME, "Z1", title="Self-neglect", definition="d", group="own"),
        step(2, Act.RENAME_THEME, "A1", title="Called otherwise"),
        step(3, Act.MERGE_THEMES, "A2", into=("A1",)),
        step(4, Act.SPLIT_THEME, "A3", into=("Z1", "A1")),
        step(5, Act.CONFIRM, "Z1"),
    ]
    book = codebook(THEMES, events)
    titles = {theme.code: theme.title for theme in book.themes}
    assert (titles["Z1"], titles["A1"]) == ("Self-neglect", "Called otherwise")
    assert [(t.code, how, into) for t, how, into in book.closed] == [
        ("A2", "merged", ("A1",)), ("A3", "split", ("Z1", "A1")),
    ]  # fmt: skip
    assert "A3" in {theme.code for theme in book.all}
    assert book.version.endswith("+4")
    assert codebook(THEMES, events, at=0).themes == tuple(codebook(THEMES, []).themes)
    assert {t.code for t in codebook(THEMES, events, at=2).themes} == {
        *(t.code for t in THEMES), "Z1",
    }  # fmt: skip
    undone = [*events, step(6, Act.UNDO, undoes=4)]
    assert codebook(THEMES, undone).version.endswith("+6")
    assert [t.code for t, _, _ in codebook(THEMES, undone).closed] == ["A2"]


# Two coders, ten passages: 4 both, 2 only the first, 1 only the second, 3 neither.
# po = 7/10; pe = 6/10*5/10 + 4/10*5/10 = 0.5; kappa = (0.7 - 0.5) / 0.5 = 0.4.
# alpha: 11 yes and 9 no of 20 values, 3 disagreements: 1 - 19 * 6 / (2 * 99) = 0.424.
BY_HAND = [(True, True)] * 4 + [(True, False)] * 2 + [(False, True)] + [(False, False)] * 3


def test_kappa_and_alpha_are_what_the_hand_calculates() -> None:
    assert (kappa(BY_HAND), alpha(BY_HAND)) == (0.4, 0.424)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([(True, True), (False, False)], (1.0, 1.0)),
        ([(True, False), (False, True)], (-1.0, -0.5)),
        ([(True, False)] * 4, (0.0, -0.75)),
        ([(True, True)] * 3, (None, None)),
        ([(False, False)] * 3, (None, None)),
        ([], (None, None)),
    ],
    ids=["agree", "opposed", "one sees it everywhere", "all yes", "all no", "nothing"],
)
def test_kappa_and_alpha_at_their_edges(
    said: list[tuple[bool, bool]], expected: tuple[float | None, float | None]
) -> None:
    assert (kappa(said), alpha(said)) == expected


def test_only_passages_that_both_coded_count_and_disagreements_are_listed() -> None:
    first = {("r", "p1"): frozenset({"A1"}), ("r", "p2"): frozenset({"A1", "A2"})}
    second = {("r", "p2"): frozenset({"A1"}), ("r", "p3"): frozenset({"A2"})}
    rows = {row.theme: row for row in agreement(first, second)}
    assert (rows["A1"].n, rows["A1"].kappa, rows["A2"].kappa) == (1, None, 0.0)
    assert (rows["overall"].n, rows["overall"].units, rows["overall"].agreed) == (1, 2, 0.5)
    assert [(d.pair, d.theme, d.first, d.second) for d in disagreements(first, second)] == [
        (("r", "p2"), "A2", True, False)
    ]


def test_a_coders_own_coding_counts_and_what_was_agreed_later_does_not() -> None:
    events = [
        step(1, Act.CODE, "A1", coder="u-a"),
        step(2, Act.CONFIRM, FIRST, coder="u-b"),
        step(3, Act.ADD, "A2", coder="u-a"),
        step(4, Act.REJECT, "A3", coder="u-b"),
    ]
    pair = (PASSAGE.review, PASSAGE.id)
    assert view(events, "u-a") == {pair: frozenset({"A1"})}
    assert view(events, "u-b") == {pair: frozenset({FIRST})}
    assert view(events, "u-c") == {}
