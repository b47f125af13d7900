"""The role of each passage: its words, what announces it, and the company that it keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.safe import chain, role_model
from pipeline.safe.chain import Link
from pipeline.safe.cues import NUMBER, role_cues, weigh
from pipeline.safe.lesson import Role, SafeBlock, is_picture
from pipeline.safe.role_model import RoleModel
from pipeline.safe.traits import Traits, traits
from pipeline.span import BlockKind, Span

# All weights are logarithms of odds.
CUES = 0.6
HEADING = 2.2
LEAD = 3.2
MOST = 5.0  # what the cues of one passage count at most
FLOOR = -4.0  # what the model says against a role counts no more than this
TURN = 0.6  # what the model says of two neighbours
STAY = 0.4  # what it counts beside that to be of the same role as the passage before
LISTED = 1.4  # the same, inside one list or one paragraph

_QUOTED = re.compile(r"^[“\"‘][^”\"’]{25,}[”\"’]\W{0,3}$", re.DOTALL)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Place:
    """A passage before it has a role: where it stands and what announces it."""

    span: Span
    block: SafeBlock
    heading: str | None
    lead: Role | None
    section: Role | None


def roles(places: Sequence[Place], text: str) -> tuple[Role, ...]:
    """A role for each place; between two headings the roles are chosen together."""
    model = role_model.load()
    found: list[Role] = []
    for _, group in groupby(places, key=lambda place: place.heading):
        found.extend(_together(tuple(group), text, model))
    return tuple(found)


def _together(places: Sequence[Place], text: str, model: RoleModel) -> list[Role]:
    fixed = [_fixed(place, place.span.of(text)) for place in places]
    told = [place for place, role in zip(places, fixed, strict=True) if role is None]
    chosen = iter(chain.best(_links(told, text, model)))
    return [model.roles[next(chosen)] if role is None else role for role in fixed]


def _links(places: Sequence[Place], text: str, model: RoleModel) -> list[Link]:
    links: list[Link] = []
    before: tuple[Place, Traits] | None = None
    for place in places:
        found = traits(place.span.of(text))
        own = _weights(place, found, text, model)
        if before is None:
            links.append(Link(own, 0.0, (0.0,) * len(own)))
        else:
            new = before[0].block is not place.block
            stay, *start = model.turns(before[1], found, new_block=new)
            extra = LISTED if _same_list(before[0], place, text) else STAY
            links.append(Link(own, TURN * stay + extra, tuple(TURN * one for one in start)))
        before = (place, found)
    return links


def _weights(place: Place, found: Traits, text: str, model: RoleModel) -> tuple[float, ...]:
    cues = weigh(place.span.of(text))
    weights = {
        role: max(said, FLOOR) + CUES * min(cues.get(role, 0.0), MOST)
        for role, said in zip(model.roles, model.speaks(found), strict=True)
    }
    for announced, weight in ((place.section, HEADING), (place.lead, LEAD)):
        if announced in weights:
            weights[announced] += weight
    return tuple(round(weights[role], 4) for role in model.roles)


def _same_list(before: Place, place: Place, text: str) -> bool:
    """Whether two neighbours are parts of one paragraph or items of one list."""
    if before.block is place.block:
        return True
    both = (before.block, place.block)
    return all(b.kind is BlockKind.BULLET for b in both) or all(
        NUMBER.match(b.span.of(text)) for b in both
    )


def _fixed(place: Place, words: str) -> Role | None:
    """What the structure says, whatever the words are."""
    kind = place.block.kind
    if is_picture(words):
        return Role.OTHER
    if kind is BlockKind.HEADING:
        return Role.LEARNING
    if kind is BlockKind.TABLE:
        return place.section if place.section in (Role.ACTION, Role.CHRONOLOGY) else Role.TABLE
    if kind is BlockKind.FOOTNOTE:
        return Role.OTHER
    if kind is BlockKind.QUOTE or _QUOTED.match(NUMBER.sub("", words)):
        return Role.QUOTE
    if len(_WORD.findall(words)) < 3 and place.lead is None:
        return Role.OTHER
    return None
