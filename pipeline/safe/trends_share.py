"""Shares of reviews, how exact they are, and whether two or several of them differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959963984540054  # 95 % of a normal distribution lie between minus and plus this
FEW = 10  # a share of fewer reviews is told as one of few
CLEAR = 0.05  # a difference is told where chance alone would give less than this
PLACES = 4


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `of` reviews."""

    part: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.of:
            raise ValueError("a part is not larger than the whole")

    @property
    def share(self) -> float | None:
        """The share itself, from 0 to 1; None of no reviews."""
        return round(self.part / self.of, PLACES) if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share; None of no reviews."""
        return wilson(self.part, self.of) if self.of else None

    @property
    def few(self) -> bool:
        """Whether there are too few reviews for the share to say much."""
        return self.of < FEW


def wilson(part: int, of: int) -> tuple[float, float]:
    """Wilson's score interval, 95 %, of a share.

    >>> wilson(40, 173), wilson(0, 10)
    ((0.1746, 0.2995), (0.0, 0.2775))
    """
    share, square = part / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = math.sqrt(share * (1 - share) / of + square / (4 * of * of)) * Z / (1 + square / of)
    low = 0.0 if part == 0 else middle - reach
    high = 1.0 if part == of else middle + reach
    return round(low, PLACES), round(high, PLACES)


def slope(years: Sequence[int], shares: Sequence[Share]) -> tuple[float, float]:
    """The Cochran-Armitage test for a trend: its standard score and how likely chance gives it.

    A score above 0 rises. (0, 1) where there is nothing to test.

    >>> slope([1, 2, 3], [Share(1, 20), Share(5, 20), Share(12, 20)])
    (3.7954, 0.0001)
    """
    from scipy.stats import norm

    of = sum(share.of for share in shares)
    part = sum(share.part for share in shares)
    if part in (0, of):
        return 0.0, 1.0
    mean = sum(y * s.of for y, s in zip(years, shares, strict=True)) / of
    spread = sum(s.of * (y - mean) ** 2 for y, s in zip(years, shares, strict=True))
    moved = sum(s.part * (y - mean) for y, s in zip(years, shares, strict=True))
    if not spread:
        return 0.0, 1.0
    score = moved / math.sqrt(part / of * (1 - part / of) * spread)
    return round(score, PLACES), round(float(2 * norm.sf(abs(score))), PLACES)


def apart(one: Share, other: Share) -> float:
    """How likely chance gives two shares that lie so far apart (Fisher's exact test).

    >>> apart(Share(20, 50), Share(59, 173)), apart(Share(1, 20), Share(15, 20))
    (0.5026, 0.0)
    """
    from scipy.stats import fisher_exact

    table = [[one.part, one.of - one.part], [other.part, other.of - other.part]]
    return round(float(fisher_exact(table).pvalue), PLACES)


def corrected(chances: Sequence[float]) -> tuple[float, ...]:
    """The same, for so many tests at once (Benjamini and Hochberg): fifty tests find some by luck.

    >>> corrected([0.01, 0.04, 0.5])
    (0.03, 0.06, 0.5)
    """
    if not chances:
        return ()
    from scipy.stats import false_discovery_control

    return tuple(round(float(chance), PLACES) for chance in false_discovery_control(chances))
