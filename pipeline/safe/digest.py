"""A digest of a period: what is new, what came back, what is asked, what was done well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.safe import trends, trends_pairs, trends_tables
from pipeline.safe.agencies import ALL, Agency, named, place, speaks_to
from pipeline.safe.claim import teaches
from pipeline.safe.digest_asked import Asked, asked_of
from pipeline.safe.digest_training import Training, training
from pipeline.safe.evidence import Quote, once, quote
from pipeline.safe.lesson import (
    NOT_STATED,
    Lesson,
    Passage,
    Polarity,
    Role,
    SafeFacts,
    Theme,
)
from pipeline.safe.sentence import around
from pipeline.safe.trends import Compared, Met, Trend
from pipeline.safe.trends_pairs import Pair
from pipeline.safe.trends_share import Share
from pipeline.safe.trends_tables import Table

MOST_SHARED = 20  # lessons that came back, and new ones that several reviews share
MOST_ALONE = 12  # lessons of one review that a digest lists
MOST_PRAISE = 15
MOST_PAIRS = 10
MOST_QUOTES = 2  # of one lesson
LEAST_WORDS = 6  # of a passage that is told as good practice

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
_PAGE_AT_END = re.compile(r"[^\W\d]\W*\s\d{1,3}\s*$")
_WHEN = (
    "A digest runs from one year or month to another, as --from 2009 --to 2012 or --from 2024-04 "
    "--to 2024-06, the first not after the last. No digest was made. Write the period so."
)


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

    @property
    def before(self) -> Period:
        """The period of the same length that ends where this one begins.

        >>> Period("2010", "2011").before, Period("2024-01", "2024-03").before
        (Period(since='2008', until='2009'), Period(since='2023-10', until='2023-12'))
        """
        first, last = _count(self.since), _count(self.until)
        length = last - first + 1
        since, until = max(0, first - length), max(0, first - 1)
        return Period(_date(since, self.by_month), _date(until, self.by_month))

    def holds(self, date: str) -> bool:
        """Whether a year, month or day (ISO) lies in the period.

        >>> Period("2009", "2010").holds("2010-11-30"), Period("2009", "2010").holds("2011")
        (True, False)
        """
        return self.since <= date[: len(self.since)] <= self.until


def _count(date: str) -> int:
    """Years, or months, since year 0."""
    year, _, month = date.partition("-")
    return int(year) * 12 + int(month) - 1 if month else int(year)


def _date(count: int, by_month: bool) -> str:
    year, month = divmod(count, 12)
    return f"{year:04}-{month + 1:02}" if by_month else f"{count:04}"


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
    share: Share
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A review of the period; `published` is its public id, "" where it was not published."""

    review: str
    published: str
    year: str
    kind: str


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest says. `undated` are reviews that state no date and are in no period.

    With an `agency` it tells of the passages that speak to that agency alone; `to_all` is how
    many lessons of the period speak to all agencies instead. `before` are the reviews of the
    period before; `compared` sets the two side by side, `years` goes through all years up to
    the end of the period.
    """

    period: Period
    agency: str
    reviews: tuple[str, ...]
    listed: tuple[Listed, ...]
    before: tuple[str, ...]
    of: int
    undated: int
    recurring: tuple[Told, ...]
    recurring_in_all: int
    new: tuple[Told, ...]
    new_in_all: int
    alone: tuple[Told, ...]
    alone_in_all: int
    to_all: int
    themes: tuple[Counted, ...]
    compared: tuple[Compared, ...]
    years: tuple[Trend, ...]
    pairs: tuple[Pair, ...]
    training: tuple[Training, ...]
    training_reviews: Share
    asked: tuple[Asked, ...]
    good: tuple[Quote, ...]
    good_in_all: int
    tables: tuple[Table, ...]
    draft: bool


def digest(
    period: Period,
    dates: Mapping[str, str | None],
    passages: Sequence[Passage],
    lessons: Sequence[Lesson],
    themes: Sequence[Theme],
    *,
    facts: Mapping[str, SafeFacts] | None = None,
    published: Mapping[str, str] | None = None,
    agency: str | None = None,
) -> Digest:
    """The digest of a period; `dates` has the year, month or day of every review, None if none.

    A lesson is recurring where a review before the period had it, new where none had. `facts`
    are what reviews say of themselves, for the tables; `published` has the public ids of those
    that have one; `agency` is a name of the list of agencies. UsageError where there is no such
    agency.
    """
    whom = named(agency) if agency is not None else None
    inside = tuple(sorted(r for r, date in dates.items() if date and period.holds(date)))
    own = set(inside)
    spoken = [p for p in passages if whom is None or speaks_to(whom, p.text)]
    here = [p for p in spoken if p.review in own]
    kinds = _Kinds.of(period, dates, _heard(lessons, here, whom), spoken, themes, inside, whom)
    met = trends.met_by_theme(spoken, themes, process=True)
    practice = [one for one in met if one.group != trends.PROCESS]
    before = tuple(sorted(r for r, d in dates.items() if d and period.before.holds(d)))
    taught = training(here, themes, own)
    praise = _praise(here)
    return Digest(
        period=period,
        agency=whom.name if whom is not None else "",
        reviews=inside,
        listed=_listed(inside, facts or {}, published or {}),
        before=before,
        of=len(dates),
        undated=sum(date is None for date in dates.values()),
        recurring=kinds.again[:MOST_SHARED],
        recurring_in_all=len(kinds.again),
        new=kinds.new[:MOST_SHARED],
        new_in_all=len(kinds.new),
        alone=kinds.once[:MOST_ALONE],
        alone_in_all=len(kinds.once),
        to_all=_to_all(lessons, passages, own) if whom is not None else 0,
        themes=_counted(met, inside),
        compared=trends.compare(own, set(before), practice),
        years=_years(period, dates, practice),
        pairs=trends_pairs.co_occurrence(own, practice)[:MOST_PAIRS],
        training=taught,
        training_reviews=Share(
            len({q.review for one in taught for need in one.needs for q in need.quotes}),
            len(inside),
        ),
        asked=asked_of(here, own),
        good=tuple(praise[:MOST_PRAISE]),
        good_in_all=len(praise),
        tables=_tables(facts or {}, inside) if whom is None else (),
        draft=any(p.draft for p in passages if p.review in own),
    )


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The lessons of a period: those that came back, new ones, those of one review."""

    again: tuple[Told, ...]
    new: tuple[Told, ...]
    once: tuple[Told, ...]

    @classmethod
    def of(
        cls,
        period: Period,
        dates: Mapping[str, str | None],
        lessons: Sequence[Lesson],
        passages: Sequence[Passage],
        themes: Sequence[Theme],
        inside: Sequence[str],
        whom: Agency | None,
    ) -> _Kinds:
        """Sort the lessons of a period by whether a review before it had them."""
        earlier = {r for r, d in dates.items() if d and d[: len(period.since)] < period.since}
        by_pair = {(p.review, p.id): p for p in passages}
        titles = {theme.code: theme.title for theme in themes}
        groups = {theme.code: theme.group for theme in themes}
        now = [lesson for lesson in lessons if set(lesson.reviews) & set(inside)]
        now.sort(key=lambda one: (_rank(groups.get(one.theme)), *_order(one)))
        told = [_told(one, inside, len(dates), by_pair, titles, whom) for one in now]
        again = {one.id for one in now if earlier & set(one.reviews)}
        fresh = [one for one in told if one.id not in again]
        return cls(
            again=tuple(one for one in told if one.id in again),
            new=tuple(one for one in fresh if one.now > 1),
            once=tuple(one for one in fresh if one.now == 1),
        )


def _heard(
    lessons: Sequence[Lesson], here: Iterable[Passage], whom: Agency | None
) -> Sequence[Lesson]:
    """The lessons that speak to an agency in a passage of the period; all without an agency."""
    if whom is None:
        return lessons
    pairs = {(p.review, p.id) for p in here}
    return [one for one in lessons if not pairs.isdisjoint(one.passages)]


def _to_all(lessons: Sequence[Lesson], passages: Iterable[Passage], own: set[str]) -> int:
    every = named(ALL)
    pairs = {(p.review, p.id) for p in passages if p.review in own and speaks_to(every, p.text)}
    return sum(not pairs.isdisjoint(one.passages) for one in lessons)


def _rank(group: str | None) -> int:
    """Lessons of the case and of practice first, then those without a theme, then the rest."""
    return 1 if group is None else 2 if group == trends.PROCESS else 0


def _order(lesson: Lesson) -> tuple[int, int, str]:
    return -len(lesson.reviews), -len(lesson.passages), lesson.id


def _told(
    lesson: Lesson,
    inside: Sequence[str],
    of_ever: int,
    by_pair: Mapping[tuple[str, str], Passage],
    titles: Mapping[str, str],
    whom: Agency | None,
) -> Told:
    own = set(inside)
    pairs = [pair for pair in lesson.passages if pair[0] in own and pair in by_pair]
    quotes: dict[str, Quote] = {}
    for pair in sorted(pairs, key=lambda pair: pair != lesson.quote_from):
        passage = by_pair[pair]
        text = lesson.quote if pair == lesson.quote_from else None
        quotes.setdefault(passage.review, _quote(passage, text, whom))
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
        quotes=once(quotes.values())[:MOST_QUOTES],
        draft=lesson.draft,
    )


def _quote(passage: Passage, text: str | None, whom: Agency | None) -> Quote:
    """What a passage teaches; for an agency, the sentence that names it if that does not."""
    taught = quote(passage, text)
    at = place(whom, passage.text) if whom is not None else None
    if whom is None or at is None or speaks_to(whom, taught.text):
        return taught
    return quote(passage, around(passage.text, at, most=400).of(passage.text))


def _counted(met: Sequence[Met], inside: Sequence[str]) -> tuple[Counted, ...]:
    own = frozenset(inside)
    rows = [
        Counted(
            one.key,
            one.title,
            one.group,
            Share(len(one.reviews & own), len(own)),
            tuple(quote for quote in one.quotes if quote.review in own),
        )
        for one in met
        if one.reviews & own
    ]
    return tuple(sorted(rows, key=lambda row: (-row.share.part, row.title)))


def _years(
    period: Period, dates: Mapping[str, str | None], met: Sequence[Met]
) -> tuple[Trend, ...]:
    """The themes over all years up to the end of the period; reviews without a date are out."""
    until = period.until
    years = {r: date[:4] for r, date in dates.items() if date and date[: len(until)] <= until}
    return tuple(one for one in trends.timeline(years, met) if one.all.part)


def _listed(
    inside: Sequence[str], facts: Mapping[str, SafeFacts], published: Mapping[str, str]
) -> tuple[Listed, ...]:
    """The reviews of a period by their year, those that state none last."""
    told = [(review, facts.get(review, SafeFacts())) for review in inside]
    rows = [Listed(name, published.get(name, ""), one.year, one.kind) for name, one in told]
    return tuple(sorted(rows, key=lambda row: (row.year == NOT_STATED, row.year, row.review)))


def _tables(facts: Mapping[str, SafeFacts], inside: Sequence[str]) -> tuple[Table, ...]:
    """The standard tables of the period, where any review states both facts."""
    own = {review: facts[review] for review in inside if review in facts}
    made = (trends_tables.table(name, own) for name in trends_tables.STANDARD)
    return tuple(table for table in made if table.stated)


def _praise(passages: Iterable[Passage]) -> list[Quote]:
    """Good practice: the passages of that role, and those that praise what a theme is about."""
    found = [
        quote(passage)
        for passage in passages
        if passage.role is not Role.RECOMMENDATION
        and (
            passage.role is Role.GOOD_PRACTICE
            or any(mark.polarity is Polarity.PRAISE for mark in passage.themes)
        )
        and _says(passage.text)
    ]
    return list(once(sorted(found, key=lambda q: (q.review, q.span, q.text))))


def _says(text: str) -> bool:
    """Whether a text says something: no line of a list of contents, and not a word or two."""
    return len(text.split()) >= LEAST_WORDS and not _PAGE_AT_END.search(text) and teaches(text)
