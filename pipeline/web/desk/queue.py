"""The queue of a review: its cards, the lines of what was not read, the groups of what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.flow import looking
from pipeline.flow.desks import Desk
from pipeline.raw import settle
from pipeline.raw.cards import MIXED as MIXED
from pipeline.raw.cards import Card, Context
from pipeline.raw.document import Unread, Verdict
from pipeline.raw.residual import Left, LeftKind
from pipeline.raw.settle_codes import MEANINGS
from pipeline.span import Kind

CARD, LINE, LEFT = "card", "line", "left"
# What a reviewer reads for a kind, alone and for the many of one shape.
KINDS = {
    Kind.PERSON: "Person",
    Kind.PLACE: "Place",
    Kind.ORGANISATION: "Organisation",
    Kind.DATE: "Date",
    Kind.AGE: "Age",
    Kind.CODE: "Number or code",
    Kind.CONTACT: "Contact details",
    Kind.DEMOGRAPHIC: "Personal detail",
    Kind.QUANTITY: "Figure",
    Kind.OTHER: "Something else",
}
WHYS = {
    "conflict": "Shares a name or a place in the family with another card",
    "low score": "The program is not sure",
    "ambiguous": "Also an ordinary word, or a name of several people",
    "seen once": "Stands in the report once",
    "rest": "",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide: where it stands in the queue, and whether it is still open."""

    key: str
    what: str
    is_open: bool
    card: Card | None = None
    line: Unread | None = None
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reviewer has come: done and all of each part of the queue."""

    cards: tuple[int, int]
    lines: tuple[int, int]
    left: tuple[int, int]

    @property
    def done(self) -> int:
        """How many things are decided."""
        return self.cards[0] + self.lines[0] + self.left[0]

    @property
    def all(self) -> int:
        """How many things there are."""
        return self.cards[1] + self.lines[1] + self.left[1]


def items(desk: Desk) -> tuple[Item, ...]:
    """Everything that a person decides on, in the order in which it is worth looking at."""
    waiting = {line.id for line in desk.open_lines}
    groups = {group.key for group in desk.open_groups}
    return (
        *(Item(f"{CARD}:{one.id}", CARD, one.is_open, card=one) for one in desk.cards),
        *(
            Item(f"{LINE}:{one.id}", LINE, one.id in waiting, line=one)
            for one in desk.reading.document.unread
        ),
        *(Item(f"{LEFT}:{one.key}", LEFT, one.key in groups, left=one) for one in desk.groups),
    )


def progress(every: Sequence[Item]) -> Progress:
    """How far the queue is done."""

    def part(what: str) -> tuple[int, int]:
        own = [item for item in every if item.what == what]
        return sum(not item.is_open for item in own), len(own)

    return Progress(part(CARD), part(LINE), part(LEFT))


@dataclass(frozen=True, slots=True)
class Tally:
    """How the cards of one kind were decided: proposals that were right, wrong, or partly so."""

    kind: str
    hidden: int
    stay: int
    mixed: int


def tallies(cards: Sequence[Card]) -> tuple[Tally, ...]:
    """What became of the cards, by kind in the order of the kinds."""
    out = []
    for kind, words in KINDS.items():
        said = [card.verdict for card in cards if card.kind is kind]
        if said:
            counts = [said.count(one) for one in (Verdict.ACCEPT, Verdict.REJECT, MIXED)]
            out.append(Tally(words, *counts))
    return tuple(out)


def at(every: Sequence[Item], key: str) -> int | None:
    """Where in the queue an item stands; None where it is there no more."""
    return next((place for place, item in enumerate(every) if item.key == key), None)


def after(every: Sequence[Item], place: int) -> int | None:
    """The next open item behind a place, then the first open one; None where nothing is open."""
    following = [*range(place + 1, len(every)), *range(min(place + 1, len(every)))]
    return next((number for number in following if every[number].is_open), None)


def label(item: Item, labels: Mapping[str, str]) -> str:
    """The one label that all mentions of an identity get, empty where it is not known."""
    if item.card is None or item.card.identity is None:
        return ""
    given = {labels[one] for one in item.card.findings if one in labels}
    return given.pop() if len(given) == 1 else ""


_GUESSED = {
    LeftKind.CODE: Kind.CODE,
    LeftKind.NAME: Kind.PERSON,
    LeftKind.LETTERS: Kind.ORGANISATION,
    LeftKind.DATE: Kind.DATE,
    LeftKind.NUMBER: Kind.CODE,
}


def guess(item: Item) -> str:
    """What a group of one form is hidden as with a single key; its card can be called otherwise."""
    if item.left is None or len(item.left.forms) > 1 or item.left.kind not in _GUESSED:
        return ""
    if len(item.left.forms[0]) == 1:
        return Kind.PERSON.value  # an initial
    return _GUESSED[item.left.kind].value


def codes(desk: Desk, line: Unread) -> tuple[tuple[str, str], ...]:
    """The codes that may clear a line, each with what it says."""
    fitting = settle.fitting(line, desk.reading.document.view)
    return tuple((code.value, MEANINGS[code]) for code in fitting)


def contexts(desk: Desk, item: Item) -> tuple[Context, ...]:
    """The sentences that an item shows: at least three, where it has as many."""
    if item.card is not None:
        return item.card.contexts
    if item.left is not None:
        return looking.shown(desk, item.left)
    if item.line is not None and item.line.span is not None:
        return (looking.context(desk, item.line.span),)
    return ()


def named(card: Card) -> str:
    """What a card is called: its longest name, or the shape of what it holds."""
    if card.identity is not None:
        return card.identity.names[0]
    detail = card.subkind.replace("_", " ")
    plain = "" if detail in ("", "tagger", "any", "added") else f": {detail}"
    return f"{KINDS[card.kind]}{plain}"
