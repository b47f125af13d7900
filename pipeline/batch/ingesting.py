"""Many files taken in: who reads them, in what order they are kept, and what is told meanwhile.

Whoever reads (a process of this machine, a Dask worker, this very process) gets a file's bytes
and gives back what is proposed. This process alone keeps it: it has the vault's key, and every
review is one transaction. So a kill at any moment leaves each file taken in whole or not at all,
and the next run goes on from there: files that are known are told by their hash alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline.errors import ReadError, StoreError
from pipeline.flow import intake, taking
from pipeline.flow.intake import Intake, Row
from pipeline.raw.readers import leftovers
from pipeline.store.accounts import Who
from pipeline.store.workspace import Workspace

_STOPPED = (
    "The workspace could not be written, and the run was ended: what was taken in stays, nothing "
    "is there by half. See the last row for the cause, then run the same command again: it goes "
    "on from here."
)


class Hands(Protocol):
    """Who reads files: at most `most` of them at a time."""

    @property
    def most(self) -> int:
        """How many files they may have in hand."""
        ...

    @property
    def again(self) -> bool:
        """Whether a file whose reader died is to be given to them once more, alone."""
        ...

    def give(self, order: taking.Order) -> None:
        """Have a file read."""
        ...

    def take(self) -> tuple[str, taking.Answer | None]:
        """The next review that is done, and what came of it: None where its reader died."""
        ...

    def close(self) -> None:
        """Let go of whoever reads; what they have in hand is lost."""
        ...


class Here:
    """This very process reads, one file at a time."""

    most = 1
    again = False

    def __init__(self, act: taking.Act = taking.answer) -> None:
        self._act = act
        self._orders: list[taking.Order] = []

    def give(self, order: taking.Order) -> None:
        """Have a file read."""
        self._orders.append(order)

    def take(self) -> tuple[str, taking.Answer | None]:
        """What came of the file."""
        order = self._orders.pop(0)
        return order.review, self._act(order)

    def close(self) -> None:
        """Nobody is to be let go."""


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is: counts and seconds alone, no name of a file.

    `seconds` are those that a file took so far on the whole, of the files that were read.
    """

    done: int
    of: int
    failed: int
    known: int
    seconds: float | None

    @property
    def left(self) -> float | None:
        """The seconds that the rest will take if it goes on so; None before anything is known."""
        return None if self.seconds is None else self.seconds * (self.of - self.done)


Tell = Callable[[State], None]


@dataclass(slots=True)
class _Run:
    """A run under way: what is in hand, and what is told of it."""

    intake: Intake
    hands: Hands
    of: int
    tell: Tell
    started: float = field(default_factory=time.monotonic)
    done: int = 0
    failed: int = 0
    known: int = 0
    in_hand: dict[str, tuple[Row, taking.Order]] = field(default_factory=dict)
    suspects: list[tuple[Row, taking.Order]] = field(default_factory=list)

    def files(self, paths: Sequence[Path]) -> Iterator[Row]:
        """The rows of all files, in the order in which they are done."""
        for path in paths:
            row, order = intake.looked_at(self.intake, path)
            while order is not None and self._same(order):
                yield from self._one()
                row, order = intake.looked_at(self.intake, path)
            if order is None:
                self.known += row["code"] == 0
                yield self._said(row)
                continue
            while len(self.in_hand) >= self.hands.most:
                yield from self._one()
            self._give(row, order)
        while self.in_hand:
            yield from self._one()
        while self.suspects:  # alone, with all the memory there is
            self._give(*self.suspects.pop(0))
            yield from self._one(last=True)

    def _same(self, order: taking.Order) -> bool:
        """Whether the same bytes are being read already, for another path."""
        return any(own.content == order.content for _, own in self.in_hand.values())

    def _give(self, row: Row, order: taking.Order) -> None:
        self.hands.give(order)
        self.in_hand[order.review] = row, order

    def _one(self, *, last: bool = False) -> Iterator[Row]:
        """Wait for one file and keep what came of it; no row yet where it is to be read again."""
        review, answer = self.hands.take()
        row, order = self.in_hand.pop(review)
        if answer is None and self.hands.again and not last:
            self.suspects.append((row, order))
            return
        if answer is None:
            answer = taking.Refused(taking.DIED, ReadError.exit_code)
        told = self._said(intake.kept(self.intake, row, order, answer))
        yield told
        if told["code"] == StoreError.exit_code:
            raise StoreError(_STOPPED)

    def _said(self, row: Row) -> Row:
        self.done += 1
        self.failed += row["code"] != 0
        read = self.done - self.known
        took = (time.monotonic() - self.started) / read if read else None
        self.tell(State(self.done, self.of, self.failed, self.known, took))
        return row


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    hands: Hands | None = None,
    *,
    as_name: Who | None = None,
    password: str | None = None,
    sender: str | None = None,
    tell: Tell | None = None,
) -> Iterator[Row]:
    """Take files in, and all files of folders: a row a file as it is done (contracts: ingest).

    What comes out of a file does not depend on who reads it, nor on the files beside it. A file
    that fails has its row with its code; StoreError, after its row, where the workspace cannot
    be written: then no file after it would be kept either.
    """
    begun = intake.begin(workspace, as_name=as_name, password=password, sender=sender)
    leftovers.sweep()
    found = intake.files(paths, workspace.home)
    run = _Run(begun, hands or Here(), len(found), tell or (lambda _: None))
    yield from run.files(found)
