"""What researchers see: the approved library and what was learned from it, kept ready.

Nothing here opens the vault, and nothing of a draft is in it: a shelf is made of approved texts
only, and it is made anew as soon as one of them changes or is withdrawn.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from pipeline.errors import CandourError, StoreError, UsageError
from pipeline.flow import counting, learned, learning, searching
from pipeline.safe import embed, learning_point, trends
from pipeline.safe.lesson import (
    Hit,
    Lesson,
    Passage,
    Polarity,
    SafeDocument,
    SafeFacts,
    Theme,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.flow.searching import Searcher
    from pipeline.store.workspace import Workspace

    Matrix = NDArray[np.float32]

MOST_HITS = 500
_LIKE, _LEAST_LIKE = 5, 0.5
_NOT_YET = (
    "Nothing was learned from this workspace yet, so there is nothing to show. Somebody with the "
    "command line runs `candour learn` once a review is approved."
)
_CHANGED = (
    "The library was changed while it was read. Nothing was shown. Load the page again; if that "
    "does not help, run `candour learn`."
)

Place = tuple[str, str]
"""A review and the id of a passage in it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The approved reviews and what was learned from them, at one moment.

    `facts` and `profiles` are those of the reviews that were learned from; `waiting` are
    approved since. `left_out` are lessons that rested on a review which changed or is gone.
    `renamed` leads from lesson ids of the run before. `at` says where a passage stands in
    `passages`, `made` which lessons rest on it; `index` gives what answers queries, and
    `middles` are the vectors of the lessons.
    """

    state: str
    facts: Mapping[str, SafeFacts]
    profiles: Mapping[str, str]
    waiting: int
    left_out: int
    passages: tuple[Passage, ...]
    at: Mapping[Place, int]
    lessons: tuple[Lesson, ...]
    by_id: Mapping[str, Lesson]
    renamed: Mapping[str, str]
    made: Mapping[Place, tuple[str, ...]]
    themes: tuple[Theme, ...]
    met: counting.Met
    index: Callable[[], Searcher]
    middles: Matrix | None

    def theme(self, code: str) -> Theme | None:
        """The theme of a code; None where there is none."""
        return next((one for one in self.themes if one.code == code), None)

    def passage(self, review: str, passage: str) -> Passage | None:
        """A passage by its place; None where there is none."""
        number = self.at.get((review, passage))
        return None if number is None else self.passages[number]

    def of_review(self, review: str) -> tuple[Passage, ...]:
        """The passages of one review in reading order."""
        return tuple(one for one in self.passages if one.review == review)

    def of_lesson(self, lesson: Lesson) -> tuple[Passage, ...]:
        """The passages of a lesson, by year and review."""
        own = [self.passages[self.at[place]] for place in lesson.passages if place in self.at]
        return tuple(sorted(own, key=lambda p: (self.facts[p.review].year, p.review, p.span)))

    def with_theme(self, code: str, year: str = "", other: str = "") -> tuple[Passage, ...]:
        """The passages that find a theme or advise on it: of a year, of reviews with another."""
        reviews = self.met.get(code, frozenset())
        if other:
            reviews &= self.met.get(other, frozenset())
        return tuple(
            one
            for one in self.passages
            if one.review in reviews
            and (not year or self.facts[one.review].year == year)
            and any(trends.is_met(one, wanted) for wanted in (code, other) if wanted)
        )

    def like(self, lesson: Lesson) -> tuple[Lesson, ...]:
        """The lessons that mean nearly the same, the nearest first."""
        if self.middles is None:
            return ()
        own = next(row for row, one in enumerate(self.lessons) if one.id == lesson.id)
        near = (self.middles @ self.middles[own]).round(4).tolist()
        ranked = sorted((-score, row) for row, score in enumerate(near) if row != own)
        return tuple(self.lessons[row] for score, row in ranked[:_LIKE] if -score >= _LEAST_LIKE)


class Shelves:
    """The shelf of a workspace, made once and made anew when what it rests on has changed."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._shelf: Shelf | None = None
        self._making = threading.Lock()

    def now(self) -> Shelf:
        """The shelf as the library is now; UsageError where nothing was learned yet."""
        state = self._workspace.library.state()
        shelf = self._shelf
        if shelf is not None and shelf.state == state:
            return shelf
        with self._making:
            state = self._workspace.library.state()
            if self._shelf is None or self._shelf.state != state:
                self._shelf = None
                self._shelf = _made(self._workspace, state)
            return self._shelf

    def document(self, shelf: Shelf, review: str) -> SafeDocument | None:
        """The approved text of a review on the shelf; None where it is approved no longer."""
        profile = shelf.profiles.get(review)
        found = None if profile is None else self._workspace.library.document(review, profile)
        return None if found is None or found.draft else found

    def prepare(self) -> None:
        """Make the shelf in the background, so that the first to come need not wait."""
        threading.Thread(target=self._prepared, daemon=True).start()

    def _prepared(self) -> None:
        try:
            self.now().index()
        except CandourError:
            return  # whoever comes is told


def search(shelf: Shelf, query: str) -> tuple[Hit, ...]:
    """The passages that answer a query, the best first, at most `MOST_HITS`."""
    hits = shelf.index().find(query, MOST_HITS)
    return tuple(hit for hit in hits if (hit.review, hit.passage) in shelf.at)


def sides(lesson: Lesson, passages: Iterable[Passage]) -> tuple[list[Passage], list[Passage]]:
    """The passages of a lesson that speak for its thing, and those that speak against it."""
    found: dict[Polarity, list[Passage]] = {Polarity.FOR: [], Polarity.AGAINST: []}
    for one in passages:
        said = {mark.polarity for mark in one.themes if mark.code == lesson.theme}
        for side, own in found.items():
            if side in said:
                own.append(one)
    return found[Polarity.FOR], found[Polarity.AGAINST]


def _made(workspace: Workspace, state: str) -> Shelf:
    run = workspace.library.last_run(include_drafts=False)
    if run is None:
        raise UsageError(_NOT_YET)
    approved = {
        one.review: (one.facts, one.profile)
        for one in workspace.library.documents(prefer=workspace.settings.profile)
    }
    passages = workspace.library.passages(include_drafts=False)
    there = {one.review for one in passages} & approved.keys()
    facts = {review: approved[review][0] for review in sorted(there)}
    if not facts:
        raise UsageError(_NOT_YET)
    if not all(one.review in facts for one in passages):
        raise StoreError(_CHANGED)
    lessons = learned.lessons(workspace.library, prefer=workspace.settings.profile)
    made = _made_of(lessons)
    return Shelf(
        state=state,
        facts=facts,
        profiles={review: approved[review][1] for review in facts},
        waiting=len(approved) - len(facts),
        left_out=workspace.library.left_out(),
        passages=passages,
        at={(one.review, one.id): number for number, one in enumerate(passages)},
        lessons=lessons,
        by_id={one.id: one for one in lessons},
        renamed=dict(run.renamed),
        made=made,
        themes=learned.codebook(workspace.library).all,
        met=trends.reviews_by_theme(passages),
        index=cache(partial(searching.build_index, workspace)),
        middles=_middles(workspace, passages, lessons, made),
    )


def _made_of(lessons: Sequence[Lesson]) -> dict[Place, tuple[str, ...]]:
    found: dict[Place, list[str]] = defaultdict(list)
    for lesson in lessons:
        for place in lesson.passages:
            found[place].append(lesson.id)
    return {place: tuple(ids) for place, ids in found.items()}


def _middles(
    workspace: Workspace,
    passages: Sequence[Passage],
    lessons: Sequence[Lesson],
    made: Mapping[Place, tuple[str, ...]],
) -> Matrix | None:
    """The middle of the vectors of each lesson, a row each; None where there are no vectors."""
    import numpy as np

    points = [one for one in passages if (one.review, one.id) in made]
    kept = embed.Cache.open(workspace.home / learning.VECTORS)
    known, matrix = kept.find([learning_point.words(one) for one in points])
    if not known:
        return None
    rows = {(points[at].review, points[at].id): row for row, at in enumerate(known)}
    middles = np.zeros((len(lessons), matrix.shape[1]), dtype=np.float32)
    for at, lesson in enumerate(lessons):
        own = [rows[place] for place in lesson.passages if place in rows]
        if own:
            middle = matrix[own].mean(axis=0)
            middles[at] = middle / (np.linalg.norm(middle) or 1.0)
    return middles
