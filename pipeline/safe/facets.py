"""Facets: how many of the passages found are of each kind, year, theme and so on.

What a report does not state is counted as "not stated" and never left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.safe.lesson import NOT_STATED, Role, SafeFacts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.int64]

OF_REVIEWS = ("kind", "year", "age_band", "sex", "ethnicity", "harm", "judgement", "published")
OF_PASSAGES = ("role", "theme")
NAMES = (*OF_REVIEWS, *OF_PASSAGES)
NO_THEME = "no theme"

_UNKNOWN = (
    "There is no such facet. Nothing was searched. Write --where NAME=VALUE with one of: "
    f"{', '.join(NAMES)}."
)
_NO_SUCH_VALUE = {
    "role": "There is no such role. Nothing was searched. Write --where role=VALUE with one of: "
    f"{', '.join(Role)}.",
    "published": "A review is published or not. Nothing was searched. Write --where "
    "published=yes or --where published=no.",
}
_CLOSED = {"role": frozenset(Role), "published": frozenset({"yes", "no"})}
_NO_VALUE = (
    "A facet lacks its value. Nothing was searched. Write it as in: --where role=learning; "
    "several values of one facet are parted by a bar, as in: year=2011|2012"
)

Where = Sequence[tuple[str, tuple[str, ...]]]
"""Facets with the values that are wanted of each: one of them is enough, of every facet one."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the passages found have a value, and of how many reviews they are.

    `once` counts a passage that has several values of the facet under its first one only: over
    all values of a facet `once` sums to the number of passages found.
    """

    facet: str
    value: str
    passages: int
    once: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of every passage. `values[facet]` has a tuple for each review or passage."""

    owners: Numbers
    reviews: int
    values: Mapping[str, Sequence[tuple[str, ...]]]

    def mask(self, where: Where) -> Mask:
        """The passages that have one of the values of every facet that is asked for."""
        import numpy as np

        found = np.ones(len(self.owners), dtype=np.bool_)
        for facet, wanted in where:
            units = self.values[facet]
            ours = np.array([not set(wanted).isdisjoint(each) for each in units], dtype=np.bool_)
            found &= ours[self.owners] if facet in OF_REVIEWS else ours
        return found

    def counts(self, numbers: Numbers) -> tuple[Count, ...]:
        """What the passages of some numbers are, facet by facet; the most frequent value first."""
        return tuple(count for facet in NAMES for count in self._counts(facet, numbers))

    def _counts(self, facet: str, numbers: Numbers) -> list[Count]:
        passages: dict[str, int] = {}
        once: dict[str, int] = {}
        reviews: dict[str, set[int]] = {}
        units = self.values[facet]
        owners = self.owners[numbers].tolist()
        places = owners if facet in OF_REVIEWS else numbers.tolist()
        for place, owner in zip(places, owners, strict=True):
            first, *more = units[place]
            once[first] = once.get(first, 0) + 1
            for value in (first, *more):
                passages[value] = passages.get(value, 0) + 1
                reviews.setdefault(value, set()).add(owner)
        found = [
            Count(facet, value, count, once.get(value, 0), len(reviews[value]))
            for value, count in passages.items()
        ]
        return sorted(found, key=lambda count: (-count.passages, count.value))


def of_review(facts: SafeFacts, *, published: bool) -> dict[str, tuple[str, ...]]:
    """The values of a review's facets, from what may be told of it.

    >>> of_review(SafeFacts(year="2011"), published=False)["year"]
    ('2011',)
    """
    return {
        "kind": (facts.kind,),
        "year": (facts.year,),
        "age_band": (facts.age_band,),
        "sex": (facts.sex,),
        "ethnicity": (facts.ethnicity,),
        "harm": tuple(dict.fromkeys(facts.harm)) or (NOT_STATED,),
        "judgement": (facts.judgement,),
        "published": ("yes" if published else "no",),
    }


def asked(conditions: Sequence[str]) -> Where:
    """Conditions as people write them: "name=value", or several with commas between them.

    >>> asked(["role=learning,year=2011|2012"])
    (('role', ('learning',)), ('year', ('2011', '2012')))
    """
    found = []
    for condition in [one for given in conditions for one in given.split(",")]:
        name, _, value = (part.strip() for part in condition.partition("="))
        if name not in NAMES:
            raise UsageError(_UNKNOWN)
        values = tuple(dict.fromkeys(part.strip() for part in value.split("|") if part.strip()))
        if not values:
            raise UsageError(_NO_VALUE)
        if not set(values) <= _CLOSED.get(name, set(values)):
            raise UsageError(_NO_SUCH_VALUE[name])
        found.append((name, values))
    return tuple(found)
