"""Counts for pages: themes by year, themes met together, one fact by another.

What counts as met, the years and the shares are those of `safe.trends`. A page needs only the
numbers: the quotations behind one are looked up when somebody opens it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.safe import trends
from pipeline.safe.lesson import NOT_STATED, Lesson, SafeFacts, Theme
from pipeline.safe.trends_share import Share

Met = Mapping[str, frozenset[str]]
"""For each key, a theme's code or a lesson's id, the reviews that have it."""


@dataclass(frozen=True, slots=True)
class Year:
    """In how many reviews of a year a theme or lesson was met."""

    year: str
    share: Share


@dataclass(frozen=True, slots=True)
class Trend:
    """A theme or lesson over the years; `all` counts the reviews of no stated year too."""

    key: str
    title: str
    group: str
    all: Share
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two themes that `together` of `of` reviews both have."""

    first: str
    second: str
    together: int
    of: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The reviews that say one thing and another of themselves."""

    row: str
    column: str
    reviews: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One fact by another. Where a fact has several values a review is in several cells."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    of: int


def years_of(facts: Mapping[str, SafeFacts]) -> dict[str, frozenset[str]]:
    """The reviews of each year from the first to the last, then those that state none."""
    return trends.by_year({review: one.year for review, one in facts.items()})


def themes_over_years(
    facts: Mapping[str, SafeFacts], met: Met, themes: Sequence[Theme]
) -> tuple[Trend, ...]:
    """Each theme that was met, over the years, the most met first."""
    named = [(one.code, one.title, one.group) for one in themes if one.code in met]
    return _trends(facts, met, named)


def lessons_over_years(
    facts: Mapping[str, SafeFacts], lessons: Sequence[Lesson], groups: Mapping[str, str]
) -> tuple[Trend, ...]:
    """Each of some lessons over the years, the most recurrent first."""
    met = {one.id: frozenset(one.reviews) for one in lessons}
    return _trends(facts, met, [(one.id, one.title, groups.get(one.theme, "")) for one in lessons])


def _trends(
    facts: Mapping[str, SafeFacts], met: Met, named: Sequence[tuple[str, str, str]]
) -> tuple[Trend, ...]:
    years = years_of(facts)
    made = [
        Trend(
            key=key,
            title=title,
            group=group,
            all=Share(len(met[key] & facts.keys()), len(facts)),
            years=tuple(Year(y, Share(len(r & met[key]), len(r))) for y, r in years.items()),
        )
        for key, title, group in named
    ]
    return tuple(sorted(made, key=lambda one: (-one.all.part, one.title, one.key)))


def pairs(facts: Mapping[str, SafeFacts], met: Met) -> dict[tuple[str, str], Pair]:
    """Every two themes that some review has both of."""
    counts: Counter[tuple[str, str]] = Counter()
    own: dict[str, list[str]] = defaultdict(list)
    for code in sorted(met):
        for review in met[code]:
            own[review].append(code)
    for codes in own.values():
        counts.update(combinations(codes, 2))
    return {(a, b): Pair(a, b, count, len(facts)) for (a, b), count in sorted(counts.items())}


def table(facts: Mapping[str, SafeFacts], row: str, column: str) -> Table:
    """One fact of the reviews by another; "not stated" stands last."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for review, one in facts.items():
        for r in values(one, row):
            for c in values(one, column):
                found[r, c].add(review)
    cells = {pair: Cell(*pair, tuple(sorted(reviews))) for pair, reviews in found.items()}
    rows = tuple(sorted({r for r, _ in found}, key=in_order))
    columns = tuple(sorted({c for _, c in found}, key=in_order))
    return Table(rows, columns, cells, len(facts))


def values(facts: SafeFacts, name: str) -> tuple[str, ...]:
    """What a review says of itself under one name: one value, or several kinds of harm."""
    value = getattr(facts, name)
    found = value if isinstance(value, tuple) else (value,)
    return tuple(str(one) for one in found) or (NOT_STATED,)


def in_order(value: str) -> tuple[bool, float, str]:
    """The order of what reviews say: lengths and ages by size, words by letter, silence last.

    >>> sorted(["1 to 2 years", "not stated", "under 6 months", "6 to 11 months"], key=in_order)
    ['under 6 months', '6 to 11 months', '1 to 2 years', 'not stated']
    """
    found = re.search(r"\d+", value)
    size = float(found.group()) if found else 0.0
    size *= 1 if "month" in value else 12
    lean = {"under": -0.5, "over": 0.5, "more": 0.5}.get(value.partition(" ")[0], 0.0)
    return value == NOT_STATED, size + lean if found else 0.0, value
