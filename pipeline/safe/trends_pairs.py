"""Which themes are met in the same reviews, and whether more often than each alone would give."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.safe.evidence import Quote
from pipeline.safe.trends import Met
from pipeline.safe.trends_share import CLEAR, Share, apart, corrected

LEAST_TOGETHER = 3  # reviews that have both, below which a pair is not listed
LEAST_REVIEWS = 20  # below which it is not said whether a pair is met more often than expected


@dataclass(frozen=True, slots=True)
class Pair:
    """Two themes and the reviews that have both.

    `expected` is how many reviews would have both if neither went with the other; `lift` is
    `together` over `expected`. `chance` is Fisher's exact test, corrected for how many pairs were
    tested, None where there are too few reviews; `clear` says that it is below 0.05. That two
    things are met together does not say that one leads to the other.
    """

    first: str
    second: str
    first_title: str
    second_title: str
    together: int
    of: int
    of_first: int
    of_second: int
    expected: float
    lift: float
    chance: float | None
    clear: bool
    reviews: tuple[str, ...]
    quotes: tuple[Quote, ...]
    draft: bool


def co_occurrence(
    reviews: Collection[str], met: Sequence[Met], *, least: int = LEAST_TOGETHER
) -> tuple[Pair, ...]:
    """Every two themes that at least so many of the reviews have both of, the most met first.

    `quotes` are one sentence of each theme from each review that has both.
    """
    own = frozenset(reviews)
    if not own:
        return ()
    sets = {one.key: one.reviews & own for one in met}
    every = list(combinations(met, 2))
    tests = [_chance(sets[a.key], sets[b.key], len(own)) for a, b in every]
    chances = corrected(tests) if len(own) >= LEAST_REVIEWS else [None] * len(tests)
    found = [
        _pair(a, b, sets[a.key], sets[b.key], len(own), chance)
        for (a, b), chance in zip(every, chances, strict=True)
        if len(sets[a.key] & sets[b.key]) >= least
    ]
    return tuple(sorted(found, key=lambda p: (-p.together, -p.lift, p.first, p.second)))


def _chance(one: frozenset[str], other: frozenset[str], of: int) -> float:
    both = len(one & other)
    return apart(Share(both, len(one)), Share(len(other) - both, of - len(one)))


def _pair(
    a: Met,
    b: Met,
    one: frozenset[str],
    other: frozenset[str],
    of: int,
    chance: float | None,
) -> Pair:
    both = one & other
    expected = len(one) * len(other) / of
    quotes = (*_one_each(a, both), *_one_each(b, both))
    return Pair(
        first=a.key,
        second=b.key,
        first_title=a.title,
        second_title=b.title,
        together=len(both),
        of=of,
        of_first=len(one),
        of_second=len(other),
        expected=round(expected, 2),
        lift=round(len(both) / expected, 2),
        chance=chance,
        clear=chance is not None and chance < CLEAR,
        reviews=tuple(sorted(both)),
        quotes=tuple(sorted(quotes, key=lambda q: (q.review, q.span, q.passage))),
        draft=any(quote.draft for quote in quotes),
    )


def _one_each(met: Met, reviews: frozenset[str]) -> tuple[Quote, ...]:
    first: dict[str, Quote] = {}
    for quote in met.quotes:
        if quote.review in reviews:
            first.setdefault(quote.review, quote)
    return tuple(first.values())
