"""A digest of a period: which lessons are new, which came back, what was done well."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.safe.evidence import Quote, quote
from pipeline.safe.lesson import Lesson, Passage, Polarity, Role, Theme

MOST_ALONE = 25  # lessons of one review that a digest lists
MOST_PRAISE = 25
MOST_QUOTES = 3  # of one lesson

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
_WHEN = (
    "A digest runs from one year or month to another, as --from 2009 --to 2012 or --from 2024-04 "
    "--to 2024-06, the first not after the last. No digest was made. Write the period so."
)
_TEACHING = frozenset({Role.LEARNING, Role.RECOMMENDATION, Role.GOOD_PRACTICE, Role.ANALYSIS})


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last year (2009) or month (2009-04), both included."""

    since: str
    until: str

    def __post_init__(self) -> None:
        whole = _DATE.fullmatch(self.since) and _DATE.fullmatch(self.until)
        if not whole or len(self.since) != len(self.until) or self.since > self.until:
            raise UsageError(_WHEN)

    @property
    def by_month(self) -> bool:
        """Whether the period is given in months."""
        return len(self.since) > 4

    def holds(self, date: str) -> bool:
        """Whether a year, month or day (ISO) lies in the period.

        >>> Period("2009", "2010").holds("2010-11-30"), Period("2009", "2010").holds("2011")
        (True, False)
        """
        return self.since <= date[: len(self.since)] <= self.until


@dataclass(frozen=True, slots=True)
class Told:
    """A lesson as a digest tells it: `now` of `of_now` reviews of the period, and of all."""

    id: str
    title: str
    theme: str
    stance: str
    now: int
    of_now: int
    ever: int
    of_ever: int
    first: str
    last: str
    quotes: tuple[Quote, ...]
    draft: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """In how many reviews of the period a theme was met, as a finding or advice."""

    code: str
    title: str
    group: str
    reviews: int
    of: int


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest says. `undated` are reviews that state no date and are in no period."""

    period: Period
    reviews: tuple[str, ...]
    of: int
    undated: int
    recurring: tuple[Told, ...]
    new: tuple[Told, ...]
    alone: tuple[Told, ...]
    alone_in_all: int
    themes: tuple[Counted, ...]
    good: tuple[Quote, ...]
    good_in_all: int
    draft: bool


def digest(
    period: Period,
    dates: Mapping[str, str | None],
    passages: Sequence[Passage],
    lessons: Sequence[Lesson],
    themes: Sequence[Theme],
) -> Digest:
    """The digest of a period; `dates` has the year, month or day of every review, None if none.

    A lesson is recurring where a review before the period had it, new where none had.
    """
    inside = tuple(sorted(r for r, date in dates.items() if date and period.holds(date)))
    before = {r for r, date in dates.items() if date and date[: len(period.since)] < period.since}
    by_pair = {(p.review, p.id): p for p in passages}
    titles = {theme.code: theme.title for theme in themes}
    now = [lesson for lesson in lessons if set(lesson.reviews) & set(inside)]
    told = [_told(one, inside, len(dates), by_pair, titles) for one in sorted(now, key=_order)]
    again = {one.id for one in now if before & set(one.reviews)}
    once = [one for one in told if one.id not in again and one.now == 1]
    praise = _praise(passages, set(inside))
    return Digest(
        period=period,
        reviews=inside,
        of=len(dates),
        undated=sum(date is None for date in dates.values()),
        recurring=tuple(one for one in told if one.id in again),
        new=tuple(one for one in told if one.id not in again and one.now > 1),
        alone=tuple(once[:MOST_ALONE]),
        alone_in_all=len(once),
        themes=_counted(themes, passages, inside),
        good=tuple(praise[:MOST_PRAISE]),
        good_in_all=len(praise),
        draft=any(p.draft for p in passages if p.review in set(inside)),
    )


def _order(lesson: Lesson) -> tuple[int, int, str]:
    return -len(lesson.reviews), -len(lesson.passages), lesson.id


def _told(
    lesson: Lesson,
    inside: Sequence[str],
    of_ever: int,
    by_pair: Mapping[tuple[str, str], Passage],
    titles: Mapping[str, str],
) -> Told:
    own = set(inside)
    pairs = [pair for pair in lesson.passages if pair[0] in own and pair in by_pair]
    quotes: dict[str, Quote] = {}
    for pair in sorted(pairs, key=lambda pair: pair != lesson.quote_from):
        passage = by_pair[pair]
        text = lesson.quote if pair == lesson.quote_from else None
        quotes.setdefault(passage.review, quote(passage, text))
    return Told(
        id=lesson.id,
        title=lesson.title,
        theme=titles.get(lesson.theme, ""),
        stance=lesson.stance,
        now=len(own & set(lesson.reviews)),
        of_now=len(own),
        ever=len(lesson.reviews),
        of_ever=of_ever,
        first=lesson.first,
        last=lesson.last,
        quotes=tuple(quotes.values())[:MOST_QUOTES],
        draft=lesson.draft,
    )


def _counted(
    themes: Sequence[Theme], passages: Iterable[Passage], inside: Sequence[str]
) -> tuple[Counted, ...]:
    own = set(inside)
    met: dict[str, set[str]] = defaultdict(set)
    for passage in passages:
        if passage.review in own and passage.role in _TEACHING:
            for mark in passage.themes:
                if mark.polarity is not Polarity.NEGATED:
                    met[mark.code].add(passage.review)
    rows = [
        Counted(t.code, t.title, t.group, len(met[t.code]), len(own))
        for t in themes
        if t.code in met
    ]
    return tuple(sorted(rows, key=lambda row: (-row.reviews, row.title)))


def _praise(passages: Iterable[Passage], inside: set[str]) -> list[Quote]:
    """Good practice: the passages of that role, and those that praise what a theme is about."""
    found = [
        quote(passage)
        for passage in passages
        if passage.review in inside
        and passage.role is not Role.RECOMMENDATION
        and (
            passage.role is Role.GOOD_PRACTICE
            or any(mark.polarity is Polarity.PRAISE for mark in passage.themes)
        )
    ]
    once = {one.text: one for one in reversed(found)}
    return sorted(once.values(), key=lambda q: (q.review, q.page, q.paragraph or "", q.text))
