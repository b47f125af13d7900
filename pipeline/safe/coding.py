"""Coding by people: what they decided about themes and lessons, step by step, and what holds now.

The program suggests; people confirm, reject, add. Every step is an event that is only added,
never changed: the state at any version is what the events up to it give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.safe.lesson import Passage, Polarity, ThemeMark
from pipeline.span import Span

BY_PERSON = "person"
MOST = 3  # themes of one passage

Pair = tuple[str, str]


class Act(StrEnum):
    """What a person did. `code` is a coding of one's own, made without seeing any other."""

    CONFIRM = "confirm"
    REJECT = "reject"
    ADD = "add"
    CODE = "code"
    ADD_THEME = "add-theme"
    RENAME_THEME = "rename-theme"
    MERGE_THEMES = "merge-themes"
    SPLIT_THEME = "split-theme"
    CONFIRM_LESSON = "confirm-lesson"
    RENAME_LESSON = "rename-lesson"
    DROP_PASSAGE = "drop-passage"
    MERGE_LESSONS = "merge-lessons"
    SPLIT_LESSON = "split-lesson"
    UNDO = "undo"


ON_PASSAGES = frozenset({Act.CONFIRM, Act.REJECT, Act.ADD})
ON_THEMES = frozenset({Act.ADD_THEME, Act.RENAME_THEME, Act.MERGE_THEMES, Act.SPLIT_THEME})
ON_LESSONS = frozenset(
    {Act.CONFIRM_LESSON, Act.RENAME_LESSON, Act.DROP_PASSAGE, Act.MERGE_LESSONS, Act.SPLIT_LESSON}
)


@dataclass(frozen=True, slots=True)
class Event:
    """One step of one coder. `number` is the version that it made; `coder` an account's id.

    A step on a passage names `review`, `passage` and `themes`, with the evidence as `span`,
    counted from the passage's start. A step on a lesson names it by id and by the `pairs`
    (review, passage) that it had then, so that it is found again when ids change; `onto` are
    the pairs of the lesson that it is merged into. `title`, `definition` and `reason` are
    words that a person wrote.
    """

    number: int
    time: str
    coder: str
    act: Act
    review: str = ""
    passage: str = ""
    themes: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    span: Span | None = None
    polarity: Polarity = Polarity.FINDING
    lesson: str = ""
    pairs: tuple[Pair, ...] = ()
    onto: tuple[Pair, ...] = ()
    group: str = ""
    title: str = ""
    definition: str = ""
    reason: str = ""
    undoes: int = 0

    @property
    def pair(self) -> Pair:
        """The passage that the step is about."""
        return self.review, self.passage

    @property
    def rests_on(self) -> frozenset[str]:
        """The reviews whose text the step's own words may repeat."""
        own = (self.review,) if self.review else ()
        return frozenset((*own, *(review for review, _ in (*self.pairs, *self.onto))))


def live(events: Iterable[Event], at: int | None = None) -> tuple[Event, ...]:
    """The steps that hold at a version, in order: without those that were undone.

    An undo can be undone too.

    >>> said = [Event(1, "", "u-a", Act.CONFIRM), Event(2, "", "u-a", Act.UNDO, undoes=1)]
    >>> live(said), [e.number for e in live(said, at=1)]
    ((), [1])
    """
    until = [e for e in events if at is None or e.number <= at]
    undone: set[int] = set()
    for event in reversed(until):
        if event.act is Act.UNDO and event.number not in undone:
            undone.add(event.undoes)
    return tuple(e for e in until if e.number not in undone and e.act is not Act.UNDO)


def heirs(events: Iterable[Event]) -> dict[str, str]:
    """For each theme that was merged away: the theme that stands for it now.

    >>> said = [Event(1, "", "u-a", Act.MERGE_THEMES, themes=("A1",), into=("A2",)),
    ...         Event(2, "", "u-a", Act.MERGE_THEMES, themes=("A2",), into=("A3",))]
    >>> heirs(said)
    {'A1': 'A3', 'A2': 'A3'}
    """
    found: dict[str, str] = {}
    for event in events:
        if event.act is not Act.MERGE_THEMES:
            continue
        for old in event.themes:
            new = found.get(event.into[0], event.into[0])
            if new == old:  # two merges that an undo brought back against each other
                continue
            found = {code: new if heir == old else heir for code, heir in found.items()}
            found[old] = new
    return found


def decided(events: Iterable[Event]) -> dict[Pair, dict[str, Event]]:
    """The last decision on each theme of each passage, in the order of the decisions."""
    acts = live(events)
    merged = heirs(acts)
    found: dict[Pair, dict[str, Event]] = {}
    for event in acts:
        if event.act in ON_PASSAGES:
            for theme in event.themes:
                code = merged.get(theme, theme)
                own = found.setdefault(event.pair, {})
                own.pop(code, None)
                own[code] = event
    return found


def applied(passages: Iterable[Passage], events: Sequence[Event]) -> tuple[Passage, ...]:
    """The passages with the themes that hold: what people set first, then what was suggested.

    What a person set has `by` "person" and the score 1; what was rejected is gone. A theme
    that was merged stands under the code that it was merged into.
    """
    merged = heirs(live(events))
    found = decided(events)
    if not merged and not found:
        return tuple(passages)
    return tuple(_applied(one, found.get((one.review, one.id), {}), merged) for one in passages)


def _applied(
    passage: Passage, decisions: Mapping[str, Event], merged: Mapping[str, str]
) -> Passage:
    marks = [
        ThemeMark(code, _evidence(passage, event.span), 1.0, event.polarity, BY_PERSON)
        for code, event in decisions.items()
        if event.act is not Act.REJECT
    ]
    taken = set(decisions)
    for mark in passage.themes:
        code = merged.get(mark.code, mark.code)
        if code not in taken:
            marks.append(mark if code == mark.code else replace(mark, code=code))
            taken.add(code)
    themes = tuple(marks[:MOST])
    return passage if themes == passage.themes else replace(passage, themes=themes)


def _evidence(passage: Passage, span: Span | None) -> Span:
    """The evidence in the safe text: the whole passage where a person named no part of it."""
    if span is None or span.end > len(passage.text):
        return passage.span
    return span.shift(passage.span.start)


def view(events: Iterable[Event], coder: str) -> dict[Pair, frozenset[str]]:
    """What one coder says of each passage that this coder has coded.

    A coding of one's own counts, and later steps on that passage do not: they may have been
    agreed with others. Where there is none, the coder's confirmations and additions count.
    """
    acts = [e for e in live(events) if e.coder == coder]
    merged = heirs(live(events))
    alone: dict[Pair, frozenset[str]] = {}
    stepwise: dict[Pair, dict[str, bool]] = {}
    for event in acts:
        codes = [merged.get(theme, theme) for theme in event.themes]
        if event.act is Act.CODE:
            alone[event.pair] = frozenset(codes)
        elif event.act in ON_PASSAGES:
            own = stepwise.setdefault(event.pair, {})
            own.update(dict.fromkeys(codes, event.act is not Act.REJECT))
    told = {
        pair: frozenset(c for c, holds in own.items() if holds) for pair, own in stepwise.items()
    }
    return told | alone
