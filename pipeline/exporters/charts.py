"""The places of what a chart draws: bars with intervals, and shares by year. Numbers only.

A template writes them as SVG inside the page, so that a chart is text like the rest: it needs no
script, prints as it looks, and says in greys all that it says. Each stands above a table with
the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.safe.trends import Trend, Year
from pipeline.safe.trends_share import Share

WIDE = 720
_LEFT, _RIGHT = 336, 620  # where the bars begin, and where 100 % is
_ROW = 32
_TOP, _HIGH = 14, 96  # of a chart by year
_FIRST, _LAST = 70, 690
MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a label, its middle, its end, the ends of its interval, and what it counts."""

    label: str
    middle: int
    end: float
    low: float
    high: float
    counts: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of shares, one below the other; `says` is the chart in words."""

    height: int
    lines: tuple[tuple[int, str], ...]
    bars: tuple[Bar, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Point:
    """The share of one year; `y` is None where the year has no review."""

    x: float
    year: str
    y: float | None
    low: float
    high: float
    counts: str


@dataclass(frozen=True, slots=True)
class Line:
    """A share by year: points, the strokes between neighbouring years, and the chart in words."""

    key: str
    title: str
    points: tuple[Point, ...]
    strokes: tuple[tuple[float, float, float, float], ...]
    says: str


def counts(share: Share) -> str:
    """A share as it is counted.

    >>> counts(Share(3, 12))
    '3 of 12'
    """
    return f"{share.part} of {share.of}"


def percent(share: Share) -> str:
    """A share with its interval in whole percent, "" of no reviews.

    >>> percent(Share(3, 12)), percent(Share(0, 0))
    ('25 % (9 to 53)', '')
    """
    held = share.interval
    if held is None:
        return ""
    return f"{100 * share.part / share.of:.0f} % ({100 * held[0]:.0f} to {100 * held[1]:.0f})"


def bars(rows: Sequence[tuple[str, Share]]) -> Bars:
    """Shares as bars from 0 to 100 %, each with a line for its interval.

    >>> made = bars([("Neglect", Share(3, 12))])
    >>> made.bars[0].end, made.says
    (407.0, 'Neglect, 3 of 12.')
    """
    made = []
    for place, (label, share) in enumerate(rows):
        low, high = share.interval or (0.0, 0.0)
        middle = 12 + _ROW * place + _ROW // 2
        end = _across(share.part / share.of if share.of else 0)
        made.append(Bar(label, middle, end, _across(low), _across(high), counts(share)))
    height = 12 + _ROW * len(made) + 30
    lines = tuple((round(_across(p / 100)), f"{p} %") for p in (0, 25, 50, 75, 100))
    says = "; ".join(f"{bar.label}, {bar.counts}" for bar in made)
    return Bars(height, lines, tuple(made), f"{says}." if says else "")


def _across(share: float) -> float:
    return round(_LEFT + share * (_RIGHT - _LEFT), 1)


def last_years(trend: Trend) -> tuple[Year, ...]:
    """The years that a chart shows: the last ten that are stated."""
    return tuple(year for year in trend.years if year.year.isdigit())[-MOST_YEARS:]


def line(trend: Trend) -> Line:
    """The shares of the last ten years as points with intervals; no stroke over an empty year."""
    years = last_years(trend)
    step = (_LAST - _FIRST) / max(1, len(years))
    points = tuple(_point(year, _FIRST + step * (n + 0.5)) for n, year in enumerate(years))
    strokes = tuple(
        (a.x, a.y, b.x, b.y) for a, b in pairwise(points) if a.y is not None and b.y is not None
    )
    says = "; ".join(f"{year.year}, {counts(year.share)}" for year in years)
    return Line(trend.key, trend.title, points, strokes, f"{says}.")


def _point(year: Year, x: float) -> Point:
    held = year.share.interval
    if held is None:
        return Point(round(x, 1), year.year, None, 0, 0, "none")
    share = year.share.part / year.share.of
    places = _down(share), _down(held[0]), _down(held[1])
    return Point(round(x, 1), year.year, *places, f"{year.share.part}/{year.share.of}")


def _down(share: float) -> float:
    return round(_TOP + (1 - share) * _HIGH, 1)
