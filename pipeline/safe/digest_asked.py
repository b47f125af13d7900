"""What recommendations ask, and of whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pipeline.safe.agencies import NOT_SAID, agencies, asked
from pipeline.safe.evidence import Quote, bare, quote
from pipeline.safe.lesson import Passage, Role


@dataclass(frozen=True, slots=True)
class Asked:
    """The recommendations that ask one agency; one that asks two stands under both.

    `agency` is "not said" where a recommendation names nobody before what it asks.
    """

    agency: str
    recommendations: int
    reviews: int
    of: int
    quotes: tuple[Quote, ...]


def asked_of(passages: Iterable[Passage], inside: Collection[str]) -> tuple[Asked, ...]:
    """The recommendations of a period's reviews by whom they ask, the most asked first."""
    found: dict[str, list[Quote]] = defaultdict(list)
    for passage in passages:
        if passage.review in inside and passage.role is Role.RECOMMENDATION:
            for agency in asked(bare(passage.text)):
                found[agency].append(quote(passage))
    order = {agency.name: place for place, agency in enumerate(agencies())}
    made = [
        Asked(
            agency,
            len(rows),
            len({row.review for row in rows}),
            len(inside),
            tuple(sorted(rows, key=lambda q: (q.review, q.span))),
        )
        for agency, rows in found.items()
    ]
    return tuple(
        sorted(
            made,
            key=lambda a: (a.agency == NOT_SAID, -a.recommendations, order.get(a.agency, 0)),
        )
    )
