"""A review as it lies on the desk at one edition, and what is kept of it while people decide."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar, cast

from pipeline.flow import editions
from pipeline.raw import residual
from pipeline.raw.cards import Card
from pipeline.raw.document import Block, Document, Proposal, Settlement, Unread
from pipeline.raw.residual import Left
from pipeline.span import BlockKind, Span
from pipeline.store.casefile import Decided
from pipeline.store.register import Row, State

_KEPT_READINGS = 8
_Kept = TypeVar("_Kept", "Reading", "Desk")


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a review does not change while people decide: raw, kept in memory only."""

    document: Document
    proposal: Proposal
    every: tuple[residual.Candidate, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """A review as it lies on the desk at one edition: raw, for reviewers and approvers.

    `groups` is the residual list, `passed` the keys of those that were looked at; `open_lines`
    are the lines of what was not read that nobody cleared.
    """

    row: Row
    reading: Reading
    decided: Decided
    settlement: Settlement
    proposal: Proposal
    cards: tuple[Card, ...]
    groups: tuple[Left, ...]
    open_lines: tuple[Unread, ...]

    @property
    def open_cards(self) -> tuple[Card, ...]:
        """The cards on which somebody still has to decide, in their order."""
        return tuple(card for card in self.cards if card.is_open)

    @property
    def open_groups(self) -> tuple[Left, ...]:
        """The groups of the residual list that nobody has looked at."""
        return residual.still_open(self.groups, self.decided.passed)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is open, so that a second person may approve."""
        return editions.state(self.settlement) is State.SETTLED


class Readings:
    """What was worked out of the last few reviews, so that each step need not begin anew.

    It holds names: one belongs to one running desk and is never written down.
    """

    def __init__(self, keep: int = _KEPT_READINGS) -> None:
        self._kept: OrderedDict[tuple[str, ...], Reading | Desk] = OrderedDict()
        self._keep = 3 * keep
        self._making: dict[tuple[str, ...], Lock] = {}
        self._lock = Lock()

    def get(self, key: tuple[str, ...], make: Callable[[], _Kept]) -> _Kept:
        """What is kept under a key, made where it is not there. A key always means one type.

        Whoever asks while somebody else makes it waits: made twice, each takes twice as long.
        """
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            try:
                with self._lock:
                    found = self._kept.get(key)
                return self._put(key, make() if found is None else cast("_Kept", found))
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def _put(self, key: tuple[str, ...], made: _Kept) -> _Kept:
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._keep:
                self._kept.popitem(last=False)
        return made

    def forget(self, review: str) -> None:
        """Let go of a review, once it is purged or withdrawn."""
        with self._lock:
            for key in [key for key in self._kept if review in key]:
                del self._kept[key]


def warm() -> None:
    """Load the lists that every review needs, before somebody waits for the first of them."""
    words = "Somebody was seen."
    block = Block(BlockKind.PARAGRAPH, words, 1, Span(0, len(words)))
    residual.candidates(Document("", "text/plain", "none", 1, words, (block,)))
