"""Lessons as people changed them: confirmed, renamed, merged, split, rid of a passage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.safe.coding import ON_LESSONS, Act, Event, Pair, heirs, live
from pipeline.safe.lesson import Lesson, Passage
from pipeline.safe.tell import UNTHEMED, quotation, span_of_years, stance


@dataclass(slots=True)
class _Board:
    """The lessons while steps are taken on them; `moved` leads from ids that were merged away."""

    lessons: dict[str, Lesson]
    passages: Mapping[Pair, Passage]
    years: Mapping[str, str]
    moved: dict[str, str] = field(default_factory=dict)

    def find(self, name: str, pairs: Iterable[Pair]) -> Lesson | None:
        """The lesson that a step is about now.

        By its id while it has a passage of then, else the one that has most of them.
        """
        name = self.moved.get(name, name)
        then = set(pairs)
        shared = {one.id: len(then.intersection(one.passages)) for one in self.lessons.values()}
        best = max(shared, key=lambda i: (shared[i] > 0 and i == name, shared[i], i), default="")
        return self.lessons[best] if shared.get(best) else None

    def put(self, lesson: Lesson, pairs: Iterable[Pair]) -> None:
        """Keep a lesson with these passages, counted anew; one without any is gone."""
        there = [self.passages[pair] for pair in dict.fromkeys(pairs) if pair in self.passages]
        if not there:
            self.lessons.pop(lesson.id, None)
            return
        there.sort(key=lambda p: (p.review, p.span.start, p.id))
        reviews = tuple(sorted({p.review for p in there}))
        first, last = span_of_years(reviews, self.years)
        quote, source = lesson.quote, lesson.quote_from
        if source not in {(p.review, p.id) for p in there}:
            best = next((p for p in there if not p.draft), there[0])
            quote, source = quotation(best.text, lesson.title), (best.review, best.id)
        self.lessons[lesson.id] = replace(
            lesson,
            reviews=reviews,
            first=first,
            last=last,
            known=len(reviews) > 1,
            stance=stance(there),
            passages=tuple((p.review, p.id) for p in there),
            quote=quote,
            quote_from=source,
            draft=any(p.draft for p in there),
        )


def amended(
    found: Sequence[Lesson],
    passages: Iterable[Passage],
    years: Mapping[str, str],
    events: Sequence[Event],
) -> tuple[Lesson, ...]:
    """The lessons of a run with what people decided about them, the most recurrent first.

    A decision finds its lesson by the passages that it had, so that it outlives a later run of
    learning and a fresh one. `years` has the year of every review.
    """
    acts = live(events)
    merged = heirs(acts)
    steps = [e for e in acts if e.act in ON_LESSONS]
    lessons = [replace(one, theme=merged.get(one.theme, one.theme)) for one in found]
    if not steps:
        return tuple(lessons)
    there = {(p.review, p.id): p for p in passages}
    board = _Board({one.id: one for one in lessons}, there, years)
    for event in steps:
        _take(board, event)
    return tuple(sorted(board.lessons.values(), key=_order))


def _take(board: _Board, event: Event) -> None:
    if event.act is Act.SPLIT_LESSON:
        _split(board, event)
        return
    lesson = board.find(event.lesson, event.pairs)
    if lesson is None:
        return
    if event.act is Act.CONFIRM_LESSON:
        board.lessons[lesson.id] = replace(lesson, confirmed=True)
    elif event.act is Act.RENAME_LESSON and event.title:
        board.lessons[lesson.id] = replace(lesson, title=event.title)
    elif event.act is Act.DROP_PASSAGE:
        board.put(lesson, (pair for pair in lesson.passages if pair != event.pair))
    elif event.act is Act.MERGE_LESSONS:
        _merge(board, lesson, board.find(event.into[0], event.onto))


def _merge(board: _Board, lesson: Lesson, into: Lesson | None) -> None:
    """Nothing to do where learning brought the two together by itself."""
    if into is None or into.id == lesson.id:
        return
    board.lessons.pop(lesson.id)
    for old, new in list(board.moved.items()):
        if new == lesson.id:
            board.moved[old] = into.id
    board.moved[lesson.id] = into.id
    board.put(into, (*into.passages, *lesson.passages))


def _split(board: _Board, event: Event) -> None:
    """These passages are a lesson of their own, whichever lesson has them now."""
    own = [pair for pair in event.pairs if pair in board.passages]
    holders = [o for o in board.lessons.values() if set(own).intersection(o.passages)]
    if not own or not holders:
        return
    most = max(holders, key=lambda o: (len(set(own).intersection(o.passages)), o.id))
    for one in holders:
        board.put(one, (pair for pair in one.passages if pair not in own))
    texts = [board.passages[pair] for pair in own]
    title = event.title or quotation(min(texts, key=lambda p: (p.review, p.span.start)).text)
    new = replace(most, id=event.into[0], title=title, theme=_theme(texts), confirmed=False)
    board.put(replace(new, quote="", quote_from=("", "")), own)


def _theme(passages: Sequence[Passage]) -> str:
    """The theme that most of the passages have."""
    counts: dict[str, int] = {}
    for passage in passages:
        for mark in passage.themes:
            counts[mark.code] = counts.get(mark.code, 0) + 1
    return max(counts, key=lambda code: (counts[code], code)) if counts else UNTHEMED


def name_of_split(pairs: Iterable[Pair]) -> str:
    """The id of a lesson that a person made of these passages.

    >>> name_of_split([("r-a", "p1")]) == name_of_split([("r-a", "p1")])
    True
    """
    told = "\n".join(f"{review} {passage}" for review, passage in sorted(pairs))
    return f"L{hashlib.sha256(f'split {told}'.encode()).hexdigest()[:8]}"


def _order(lesson: Lesson) -> tuple[int, bool, int, str, str]:
    without = lesson.theme == UNTHEMED
    return -len(lesson.reviews), without, -len(lesson.passages), lesson.theme, lesson.id
