"""Roles for neighbours, chosen together: what each says by itself, and what company it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A passage in its chain: how much it speaks for each role, and how it follows the last one.

    `stay` counts where it keeps the role of the passage before, `start[i]` where it begins
    another role, the i-th.
    """

    own: tuple[float, ...]
    stay: float
    start: tuple[float, ...]


def best(links: Sequence[Link]) -> tuple[int, ...]:
    """For each passage the place of its role, so that the sum over the chain is greatest.

    Nothing is known of which role follows which, nor of where in the chain a passage stands.
    The first role wins a tie.

    >>> flat = Link((0.0, 0.4), 1.0, (0.0, 0.0))
    >>> best([Link((2.0, 0.0), 1.0, (0.0, 0.0)), flat, flat])
    (0, 0, 0)
    """
    if not links:
        return ()
    roles = range(len(links[0].own))
    sums = list(links[0].own)
    came: list[list[int]] = []
    for link in links[1:]:
        step = [_before(sums, link, role) for role in roles]
        came.append([before for before, _ in step])
        sums = [round(so_far + link.own[role], 6) for role, (_, so_far) in enumerate(step)]
    path = [max(roles, key=lambda i: (sums[i], -i))]
    for back in reversed(came):
        path.append(back[path[-1]])
    return tuple(reversed(path))


def _before(sums: Sequence[float], link: Link, role: int) -> tuple[int, float]:
    """The best role before this one, and the sum with it."""
    kept = sums[role] + link.stay
    top = max(range(len(sums)), key=lambda i: (i != role, sums[i], -i))
    moved = sums[top] + link.start[role]
    return (top, moved) if top != role and moved > kept else (role, kept)
