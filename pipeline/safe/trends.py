"""In what share of each year's reviews a theme or lesson was met, and whether that changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.safe.evidence import Quote, quote, quote_of
from pipeline.safe.lesson import NOT_STATED, Lesson, Passage, Polarity, Role, Theme
from pipeline.safe.trends_share import CLEAR, Share, apart, corrected, slope

PROCESS = "process"  # the group of themes that concern the review itself, not the case
TEACHING = frozenset({Role.LEARNING, Role.RECOMMENDATION, Role.GOOD_PRACTICE, Role.ANALYSIS})
TOLD = TEACHING | {Role.CHRONOLOGY, Role.CONTEXT, Role.ACTION, Role.OTHER}
FOUND = frozenset({Polarity.FINDING, Polarity.ADVICE, Polarity.FOR, Polarity.AGAINST})
LEAST_REVIEWS = 30  # dated reviews below which no change is told
LEAST_YEARS = 4
LEAST_EACH = 5  # reviews that have it, and that have it not, below which no change is told
LEAST_OF_YEAR = 5  # reviews of a year that counts for what never goes away
COVERED = 0.75  # of the dated reviews must lie in such years, or too much is not looked at
LEAST_OF_PERIOD = 10  # reviews of each of two periods that are compared


class Change(StrEnum):
    """How a share moves over the years, or between two periods."""

    RISES = "rises"
    FALLS = "falls"
    NOT_CLEAR = "no clear change"
    TOO_FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class Met:
    """A theme or lesson and every quotation that it was met by.

    `quotes` stand in the order of reviews and places; `reviews` follow from them.
    """

    key: str
    title: str
    group: str
    quotes: tuple[Quote, ...]

    @property
    def reviews(self) -> frozenset[str]:
        """The reviews that it was met in."""
        return frozenset(quote.review for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class Year:
    """In how many reviews of a year it was met; `quotes` are what makes up the number.

    `year` is "not stated" for the reviews that state none.
    """

    year: str
    share: Share
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """A theme or lesson over the years.

    `all` counts every review, also those that state no year. `change` is told over the dated
    ones by the Cochran-Armitage test; `chance` is what that gives, corrected for the number of
    themes or lessons that were tested beside it, None where there were too few to test. Where
    `lasting`, it does not fall and was met in every year that has five reviews or more, at least
    four such years that hold three quarters of the dated reviews. `met_years` of `told_years`
    says in how many of those years it was met.
    """

    key: str
    title: str
    group: str
    all: Share
    years: tuple[Year, ...]
    change: Change
    chance: float | None
    met_years: int
    told_years: int
    lasting: bool
    draft: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A share of this period beside that of the one before."""

    key: str
    title: str
    group: str
    now: Share
    before: Share
    change: Change
    chance: float | None
    quotes: tuple[Quote, ...]


def is_met(passage: Passage, code: str) -> bool:
    """Whether a passage that analyses, teaches or recommends finds a theme or advises on it."""
    return passage.role in TEACHING and any(
        mark.code == code and mark.polarity in FOUND for mark in passage.themes
    )


def reviews_by_theme(passages: Iterable[Passage]) -> dict[str, frozenset[str]]:
    """The reviews that find each theme or advise on it, where only their number is wanted."""
    found: dict[str, set[str]] = defaultdict(set)
    for passage in passages:
        if passage.role in TEACHING:
            for mark in passage.themes:
                if mark.polarity in FOUND:
                    found[mark.code].add(passage.review)
    return {code: frozenset(reviews) for code, reviews in found.items()}


def met_by_theme(
    passages: Iterable[Passage],
    themes: Sequence[Theme],
    *,
    process: bool = False,
    everywhere: bool = False,
) -> tuple[Met, ...]:
    """The themes that reviews find or advise on, with the sentences that say so.

    A theme that is negated or only praised is not met. Counted is what is analysed, taught or
    recommended; with `everywhere` also what the story of the case tells. The themes of the
    review itself are left out unless `process`.
    """
    roles = TOLD if everywhere else TEACHING
    found: dict[str, list[Quote]] = defaultdict(list)
    for passage in passages:
        if passage.role in roles:
            for mark in passage.themes:
                if mark.polarity in FOUND:
                    found[mark.code].append(quote_of(passage, mark))
    return tuple(
        Met(theme.code, theme.title, theme.group, _in_order(found[theme.code]))
        for theme in themes
        if theme.code in found and (process or theme.group != PROCESS)
    )


def met_by_lesson(
    lessons: Iterable[Lesson],
    passages: Iterable[Passage],
    themes: Sequence[Theme],
    *,
    process: bool = False,
    least: int = 2,
) -> tuple[Met, ...]:
    """The lessons that at least so many reviews make, each with all its passages."""
    by_pair = {(p.review, p.id): p for p in passages}
    groups = {theme.code: theme.group for theme in themes}
    made = []
    for lesson in lessons:
        group = groups.get(lesson.theme, "")
        if len(lesson.reviews) < least or (group == PROCESS and not process):
            continue
        own = [by_pair[pair] for pair in lesson.passages if pair in by_pair]
        quotes = [
            quote(p, lesson.quote if (p.review, p.id) == lesson.quote_from else None) for p in own
        ]
        made.append(Met(lesson.id, lesson.title, group, _in_order(quotes)))
    return tuple(made)


def _in_order(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    return tuple(sorted(set(quotes), key=lambda q: (q.review, q.span, q.passage)))


def timeline(years: Mapping[str, str], met: Sequence[Met]) -> tuple[Trend, ...]:
    """Each theme or lesson over the years, the most met first.

    `years` has the year of every review, "not stated" where it states none; reviews that it has
    not are left out. Years without a review are listed where they lie between others.
    """
    tested = [_tested(years, one) for one in met]
    chances = iter(corrected([found[1] for found in tested if found is not None]))
    made = []
    for one, found in zip(met, tested, strict=True):
        chance = None if found is None else next(chances)
        made.append(_trend(years, one, 0.0 if found is None else found[0], chance))
    return tuple(sorted(made, key=lambda t: (-t.all.part, t.title, t.key)))


def _tested(years: Mapping[str, str], met: Met) -> tuple[float, float] | None:
    """The test of one theme or lesson; None where there is too little to test."""
    of_year, own = by_year(years), met.reviews
    named = [year for year in of_year if year != NOT_STATED and of_year[year]]
    shares = [Share(len(of_year[y] & own), len(of_year[y])) for y in named]
    of, part = sum(s.of for s in shares), sum(s.part for s in shares)
    enough = of >= LEAST_REVIEWS and len(named) >= LEAST_YEARS
    if not enough or min(part, of - part) < LEAST_EACH:
        return None
    return slope([int(year) for year in named], shares)


def _trend(years: Mapping[str, str], met: Met, score: float, chance: float | None) -> Trend:
    rows = tuple(_year(year, reviews, met) for year, reviews in by_year(years).items())
    told = [r for r in rows if r.year != NOT_STATED and r.share.of >= LEAST_OF_YEAR]
    met_years = sum(row.share.part > 0 for row in told)
    dated = sum(row.share.of for row in rows if row.year != NOT_STATED)
    covered = sum(row.share.of for row in told) >= COVERED * dated
    change = _change(score, chance)
    steady = covered and len(told) >= LEAST_YEARS and change is not Change.FALLS
    return Trend(
        key=met.key,
        title=met.title,
        group=met.group,
        all=Share(sum(r.share.part for r in rows), len(years)),
        years=rows,
        change=change,
        chance=chance,
        met_years=met_years,
        told_years=len(told),
        lasting=steady and met_years == len(told),
        draft=any(quote.draft for row in rows for quote in row.quotes),
    )


def _change(score: float, chance: float | None) -> Change:
    if chance is None:
        return Change.TOO_FEW
    if chance >= CLEAR:
        return Change.NOT_CLEAR
    return Change.RISES if score > 0 else Change.FALLS


def by_year(years: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The reviews of every year from the first to the last; then those that state none."""
    found: dict[str, set[str]] = defaultdict(set)
    for review, year in years.items():
        found[year].add(review)
    named = sorted(int(year) for year in found if year != NOT_STATED)
    every = [str(year) for year in range(named[0], named[-1] + 1)] if named else []
    if NOT_STATED in found:
        every.append(NOT_STATED)
    return {year: frozenset(found.get(year, ())) for year in every}


def _year(year: str, reviews: Collection[str], met: Met) -> Year:
    quotes = tuple(quote for quote in met.quotes if quote.review in reviews)
    return Year(year, Share(len({quote.review for quote in quotes}), len(reviews)), quotes)


def compare(
    now: Collection[str], before: Collection[str], met: Sequence[Met]
) -> tuple[Compared, ...]:
    """Each theme or lesson in the reviews of a period beside those of the period before it.

    A change is told by Fisher's exact test, corrected for how many are compared, and only where
    each period has ten reviews or more. The most met first.
    """
    pairs = [_two(now, before, one) for one in met]
    enough = min(len(now), len(before)) >= LEAST_OF_PERIOD
    chances = corrected([apart(a, b) for a, b in pairs]) if enough else [None] * len(pairs)
    made = [
        Compared(
            key=one.key,
            title=one.title,
            group=one.group,
            now=a,
            before=b,
            change=_change((a.share or 0) - (b.share or 0), chance),
            chance=chance,
            quotes=tuple(quote for quote in one.quotes if quote.review in now),
        )
        for one, (a, b), chance in zip(met, pairs, chances, strict=True)
        if a.part or b.part
    ]
    return tuple(sorted(made, key=lambda c: (-c.now.part, -c.before.part, c.title, c.key)))


def _two(now: Collection[str], before: Collection[str], met: Met) -> tuple[Share, Share]:
    own = met.reviews
    return (
        Share(sum(review in own for review in now), len(now)),
        Share(sum(review in own for review in before), len(before)),
    )
