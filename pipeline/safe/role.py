"""The role of each passage: its words, what announces it, and the company that it keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.safe import chain, numbered, page_end, role_model
from pipeline.safe.chain import Link
from pipeline.safe.cues import NUMBER, weigh
from pipeline.safe.lesson import Role, SafeBlock, is_picture
from pipeline.safe.role_model import GROUPS, RoleModel
from pipeline.safe.traits import Traits, traits
from pipeline.span import BlockKind, Span

# All weights are logarithms of odds.
CUES = 1.0
GROUP = 0.8  # what the model says of the group
WITHIN = 0.4  # what it says within the group: learnt from invented reviews only
HEADING = 2.2
LEAD = 3.2
MOST = 5.0  # what the cues of one passage count at most
FLOOR = -3.0  # what the model says against a role counts no more than this
LOW = -1.5  # the same within the group, where it knows less of real reports
TURN = 0.6  # what the model says of two neighbours
STAY = 0.8  # what it counts beside that to be of the same role as the passage before
NEVER = -20.0
MOSTLY = 0.6  # the share of a numbered list that must recommend by its words
LISTED = 1.8  # the same, inside one list or one paragraph

_ORDER = (Role.CONTEXT, Role.CHRONOLOGY, Role.RECOMMENDATION, Role.LEARNING, Role.GOOD_PRACTICE,
          Role.ACTION, Role.ANALYSIS)  # fmt: skip
_COLUMNS = tuple(GROUPS.index(r) if r in GROUPS else len(GROUPS) - 1 for r in _ORDER)
_QUOTED = re.compile(
    r"^[“\"‘][^”\"]{25,}[”\"’]\W{0,3}(?:\([^()]{1,60}\)|[–—-] ?.{1,60})?\W{0,2}$", re.DOTALL
)
# Who owns a document, who may see it, whom to call: on every report, and no part of it.
_NOTICE = re.compile(
    r"^\W*(?:not for (?:circulation|publication|onward)|(?:strictly )?confidential\W|©|copyright\b"
    r"|no part (?:of this|may be)|this document is the property|all rights reserved)"
    r"|\b(?:tel(?:ephone)?|e-?mail|fax)\b ?[:.]|\bwww\.|\S@\S+\.\w",
    re.I,
)
# The same where the door has put a label for the address or the number.
_CALL = re.compile(
    r"^\W*published by\b|\[(?:link removed|email address|telephone number)\b[^\]]*\]\W*$", re.I
)
_CALL_WORDS = 25
_NOTE = re.compile(r"^\s*(?:\[\d{1,3}\] |\d{1,2}(?=[A-Z][a-z]))")  # its mark is glued to it
_NOTICE_WORDS = 60
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Place:
    """A passage before it has a role: where it stands and what announces it.

    `outside` says that it is no part of the text: it stands in the title or in the contents, or
    below the text, among what a web page puts there. `law` says that it is an item of what the law
    sets, as when a review is held.
    """

    span: Span
    block: SafeBlock
    heading: str | None
    lead: Role | None
    section: Role | None
    outside: bool = False
    law: bool = False


def roles(places: Sequence[Place], text: str) -> tuple[Role, ...]:
    """A role for each place; between two headings the roles are chosen together."""
    model = role_model.load()
    listed = _listed(places, text)
    found: list[Role] = []
    for _, group in groupby(places, key=lambda place: place.heading):
        found.extend(_together(tuple(group), text, model, listed))
    return tuple(found)


Listed = dict[int, bool]
"""By the start of a block between numbered recommendations: is it (part of) one of them?"""


def _listed(places: Sequence[Place], text: str) -> Listed:
    blocks = list({place.block.span.start: place.block for place in places}.values())
    found: Listed = {}
    for run in numbered.runs(blocks):
        if sum(_recommends(blocks[at].span.of(text)) for at in run) < MOSTLY * len(run):
            continue
        for item, after in zip(run, (*run[1:], run[-1] + 2), strict=True):
            bullets = item + 1 < len(blocks) and blocks[item + 1].kind is BlockKind.BULLET
            for block in blocks[item:after]:
                inside = block.kind is BlockKind.BULLET and bullets
                found[block.span.start] = block is blocks[item] or inside
    return found


def _recommends(words: str) -> bool:
    weights = weigh(words)
    return weights[Role.RECOMMENDATION] > 0 and weights[Role.RECOMMENDATION] >= max(
        weights[Role.CHRONOLOGY], weights[Role.ANALYSIS], weights[Role.CONTEXT]
    )


def _together(places: Sequence[Place], text: str, model: RoleModel, listed: Listed) -> list[Role]:
    fixed = [_fixed(place, place.span.of(text), listed) for place in places]
    told = [place for place, role in zip(places, fixed, strict=True) if role is None]
    chosen = iter(chain.best(_links(told, text, model, listed)))
    return [_ORDER[next(chosen)] if role is None else role for role in fixed]


def _links(places: Sequence[Place], text: str, model: RoleModel, listed: Listed) -> list[Link]:
    links: list[Link] = []
    before: tuple[Place, Traits] | None = None
    for place in places:
        found = traits(place.span.of(text))
        own = _weights(place, found, text, model)
        if listed.get(place.block.span.start) is False:  # what is said below a recommendation
            own = tuple(
                NEVER if r is Role.RECOMMENDATION else w for r, w in zip(_ORDER, own, strict=True)
            )
        if before is None:
            links.append(Link(own))
        else:
            new = before[0].block is not place.block
            turns = model.turns(before[1], found, new_block=new)
            extra = LISTED if _same_list(before[0], place, text) else STAY
            links.append(Link(own, _moves(turns, extra)))
        before = (place, found)
    return links


def _moves(turns: Sequence[float], extra: float) -> tuple[tuple[float, ...], ...]:
    """What each change of role counts: from group to group what the model says of neighbours."""
    stay, *start = (round(TURN * one, 4) for one in turns)
    return tuple(
        tuple(
            round(stay + extra * (role is before), 4)
            if column == _COLUMNS[place]
            else start[column]
            for role, column in zip(_ORDER, _COLUMNS, strict=True)
        )
        for place, before in enumerate(_ORDER)
    )


def _weights(place: Place, found: Traits, text: str, model: RoleModel) -> tuple[float, ...]:
    cues = weigh(place.span.of(text))
    groups = [max(GROUP * said, FLOOR) for said in model.groups(found)]
    within = dict(zip(model.roles, model.within(found), strict=True))
    weights = {
        role: groups[column]
        + max(WITHIN * within.get(role, 0.0), LOW)
        + CUES * min(cues.get(role, 0.0), MOST)
        for role, column in zip(_ORDER, _COLUMNS, strict=True)
    }
    for announced, weight in ((place.section, HEADING), (place.lead, LEAD)):
        if announced in weights:
            weights[announced] += weight
    return tuple(round(weights[role], 4) for role in _ORDER)


def _same_list(before: Place, place: Place, text: str) -> bool:
    """Whether two neighbours are parts of one paragraph or items of one list."""
    if before.block is place.block:
        return True
    both = (before.block, place.block)
    return all(b.kind is BlockKind.BULLET for b in both) or all(
        NUMBER.match(b.span.of(text)) for b in both
    )


def _fixed(place: Place, words: str, listed: Listed) -> Role | None:
    """What the structure says, whatever the words are."""
    kind = place.block.kind
    if place.outside:
        return Role.FURNITURE
    if is_picture(words):
        return Role.OTHER
    if kind is BlockKind.PARAGRAPH and page_end.is_line(words):
        return Role.FURNITURE
    if listed.get(place.block.span.start):
        return Role.RECOMMENDATION
    if kind is BlockKind.HEADING:
        return Role.LEARNING
    if kind is BlockKind.TABLE:
        return place.section if place.section in (Role.ACTION, Role.CHRONOLOGY) else Role.TABLE
    if kind is BlockKind.FOOTNOTE:
        return Role.OTHER
    if place.lead is Role.QUOTE or kind is BlockKind.QUOTE or _QUOTED.match(NUMBER.sub("", words)):
        return Role.QUOTE
    count = len(_WORD.findall(words))
    notice = (count <= _NOTICE_WORDS and _NOTICE.search(words)) or (
        count <= _CALL_WORDS and _CALL.search(words)
    )
    if (count < 3 and place.lead is None) or notice or _NOTE.match(words):
        return Role.OTHER
    return None
