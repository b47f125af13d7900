"""Lessons by theme: what recurs, theme by theme, and what recurs although no theme fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.safe.lesson import Lesson, Theme
from pipeline.safe.tell import UNTHEMED

EMERGENT = "emergent"
_TITLES = {EMERGENT: "Recurs, but no theme of the codebook fits", UNTHEMED: "Said once, no theme"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The lessons of one theme, the most recurrent first; `reviews` are those that say any.

    The code is "emergent" for lessons of several reviews that no theme fits, which may ask for a
    theme of their own, and "none" for those that one review makes: they are unassigned.
    """

    code: str
    title: str
    reviews: tuple[str, ...]
    of: int
    lessons: tuple[Lesson, ...]


def shelves(lessons: Sequence[Lesson], themes: Sequence[Theme]) -> tuple[Shelf, ...]:
    """The shelves that hold a lesson: themes by the reviews that speak of them, then the rest.

    Each lesson stands on one shelf, in the order in which it came.
    """
    titles = {theme.code: theme.title for theme in themes} | _TITLES
    held: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        several = len(lesson.reviews) > 1
        code = EMERGENT if lesson.theme == UNTHEMED and several else lesson.theme
        held[code].append(lesson)
    made = [
        Shelf(
            code,
            titles.get(code, code),
            tuple(sorted({review for lesson in own for review in lesson.reviews})),
            max(lesson.of for lesson in own),
            tuple(own),
        )
        for code, own in held.items()
    ]
    last = [EMERGENT, UNTHEMED]
    return tuple(
        sorted(
            made,
            key=lambda one: (
                last.index(one.code) + 1 if one.code in last else 0,
                -len(one.reviews),
                one.code,
            ),
        )
    )
