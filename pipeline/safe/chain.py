"""Roles for neighbours, chosen together: what each says by itself, and what company it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A passage in its chain: how much it speaks for each role, and how it follows the last one.

    `moves[i][j]` counts where the passage before had the i-th role and this one has the j-th; a
    chain's first passage has none.
    """

    own: tuple[float, ...]
    moves: tuple[tuple[float, ...], ...] = ()


def best(links: Sequence[Link]) -> tuple[int, ...]:
    """For each passage the place of its role, so that the sum over the chain is greatest.

    Nothing is known of where in the chain a passage stands. The first role wins a tie.

    >>> keep = ((1.0, 0.0), (0.0, 1.0))
    >>> best([Link((2.0, 0.0)), Link((0.0, 0.4), keep), Link((0.0, 0.4), keep)])
    (0, 0, 0)
    """
    if not links:
        return ()
    roles = range(len(links[0].own))
    sums = list(links[0].own)
    came: list[list[int]] = []
    for link in links[1:]:
        step = [_before(sums, link, role) for role in roles]
        came.append(step)
        sums = [
            round(sums[i] + link.moves[i][role] + link.own[role], 6) for role, i in enumerate(step)
        ]
    path = [max(roles, key=lambda i: (sums[i], -i))]
    for back in reversed(came):
        path.append(back[path[-1]])
    return tuple(reversed(path))


def _before(sums: Sequence[float], link: Link, role: int) -> int:
    """The best role for the passage before one that has this role; the same role wins a tie."""
    return max(
        range(len(sums)), key=lambda i: (round(sums[i] + link.moves[i][role], 6), i == role, -i)
    )
