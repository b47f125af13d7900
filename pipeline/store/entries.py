"""What the central body records of reviews: entries and actions, sealed in the vault.

What is recorded of a review lies under that review's own key, so that it is purged with it. A
review that was announced and has not arrived has an id and a key of its own (`e-…`); when its
file comes, its entry moves to the review. Outside the vault stands only that there is such an
id, since when, and which review it became.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
    update,
)

from pipeline.errors import StoreError
from pipeline.raw.record import Record
from pipeline.store.database import Database
from pipeline.store.register import draw, today

META = MetaData()
ENTRY, ACTIONS, SKETCH, JOINED = "register", "actions", "sketch", "joined"
_T = TypeVar("_T")
_OTHER_VERSION = (
    "What the register holds of this review was written by another version of Candour. Nothing "
    "was done. Update Candour, or restore the whole workspace from one backup."
)

expected = Table(
    "expected",
    META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("entry", String, nullable=False, unique=True),
    Column("added", String, nullable=False),
    Column("review", String, index=True),
)


@dataclass(frozen=True, slots=True)
class Joined:
    """What an entry and the review that it was joined with were before, so that it can be undone.

    `before` are the entries that had been joined with this one by then; `actions` the ids of
    the actions that moved.
    """

    entry: str
    added: str
    record: Record
    into: Record
    actions: tuple[str, ...] = ()
    before: tuple[Joined, ...] = ()

    def records(self) -> Iterator[tuple[str, Record]]:
        """Every record as it was, with the id of its entry; "" for the one that it joined."""
        yield self.entry, self.record
        yield "", self.into
        for one in self.before:
            yield from one.records()


@dataclass(frozen=True, slots=True)
class Expected:
    """A review that was announced: since when it is in the register, and what it became."""

    entry: str
    added: str
    review: str | None


_RECORD = TypeAdapter(Record)
_ACTIONS = TypeAdapter(dict[str, Record])
_JOINED = TypeAdapter(tuple[Joined, ...])


class Sealed(Protocol):
    """Named blobs by review, as the vault keeps them."""

    def put(self, review: str, name: str, content: bytes) -> None:
        """Keep a blob."""
        ...

    def get(self, review: str, name: str) -> bytes:
        """Give a blob back."""
        ...

    def names(self, review: str) -> tuple[str, ...]:
        """The names of a review's blobs."""
        ...

    def each(self, name: str) -> Iterator[tuple[str, bytes]]:
        """The blobs of one name, of every review."""
        ...

    def purge(self, review: str) -> None:
        """Destroy a review's key and its blobs."""
        ...


class Expecting:
    """The ids of reviews that were announced. No key is needed to list them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Expected, ...]:
        """Every one that was ever announced, in the order in which they were entered."""
        with self._database.reading() as connection:
            if not _there(connection):
                return ()
            rows = connection.execute(select(expected).order_by(expected.c.number)).all()
        return tuple(Expected(row.entry, row.added, row.review) for row in rows)

    def waiting(self) -> tuple[Expected, ...]:
        """Those whose file has not come."""
        return tuple(one for one in self.all() if one.review is None)

    def add(self, count: int = 1) -> tuple[str, ...]:
        """So many new ids, drawn at random."""
        with self._database.writing() as connection:
            META.create_all(connection)
            taken = set(connection.scalars(select(expected.c.entry)))
            made: list[str] = []
            while len(made) < count:
                if (drawn := draw("e-", 6)) not in taken:
                    taken.add(drawn)
                    made.append(drawn)
            rows = [{"entry": entry, "added": today(), "review": None} for entry in made]
            if rows:
                connection.execute(insert(expected), rows)
        return tuple(made)

    def turned(self) -> dict[str, str]:
        """The review that each announced one is by now, where that is another."""
        known = {one.entry: one.review for one in self.all() if one.review is not None}
        found = {}
        for entry, review in known.items():
            while review in known:  # an entry that was joined with another one
                review = known[review]
            found[entry] = review
        return found

    def became(self, entry: str, review: str | None) -> None:
        """An announced review is this one from now on; with None it waits again."""
        with self._database.writing() as connection:
            here = expected.c.entry == entry
            connection.execute(update(expected).where(here).values(review=review))

    def drop(self, entry: str) -> None:
        """Take an id out again."""
        with self._database.writing() as connection:
            connection.execute(expected.delete().where(expected.c.entry == entry))


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries and actions as the vault keeps them, one blob of each a review."""

    sealed: Sealed

    def all(self) -> dict[str, Record]:
        """The entry of every review that has one."""
        return {review: _load(_RECORD, review, blob) for review, blob in self.sealed.each(ENTRY)}

    def one(self, review: str) -> Record:
        """The entry of a review; an empty one where nothing is recorded."""
        there = ENTRY in self.sealed.names(review)
        return _load(_RECORD, review, self.sealed.get(review, ENTRY)) if there else Record()

    def keep(self, review: str, record: Record) -> None:
        """Keep the entry of a review."""
        self.sealed.put(review, ENTRY, _RECORD.dump_json(record))

    def every_action(self) -> dict[str, dict[str, Record]]:
        """The actions of every review that has some, by their ids."""
        return {review: _load(_ACTIONS, review, blob) for review, blob in self.sealed.each(ACTIONS)}

    def actions(self, review: str) -> dict[str, Record]:
        """The actions of a review, by their ids."""
        there = ACTIONS in self.sealed.names(review)
        return _load(_ACTIONS, review, self.sealed.get(review, ACTIONS)) if there else {}

    def keep_actions(self, review: str, actions: Mapping[str, Record]) -> None:
        """Keep the actions of a review, all of them."""
        self.sealed.put(review, ACTIONS, _ACTIONS.dump_json(dict(sorted(actions.items()))))

    def joined(self, review: str) -> tuple[Joined, ...]:
        """The entries that were joined with a review, the last one last."""
        there = JOINED in self.sealed.names(review)
        return _load(_JOINED, review, self.sealed.get(review, JOINED)) if there else ()

    def keep_joined(self, review: str, joined: tuple[Joined, ...]) -> None:
        """Keep what was joined with a review."""
        self.sealed.put(review, JOINED, _JOINED.dump_json(joined))

    def sketches(self) -> dict[str, tuple[str, tuple[int, ...]]]:
        """The sketch of every text that has one, with the hash of the text that it is of."""
        found = {}
        for review, blob in self.sealed.each(SKETCH):
            of, marks = json.loads(blob)
            found[review] = (str(of), tuple(int(mark) for mark in marks))
        return found

    def keep_sketch(self, review: str, of: str, marks: tuple[int, ...]) -> None:
        """Keep the sketch of a text."""
        self.sealed.put(review, SKETCH, json.dumps([of, list(marks)]).encode())


def _load(adapter: TypeAdapter[_T], review: str, content: bytes) -> _T:
    try:
        return adapter.validate_json(content)
    except ValidationError:
        # Not chained: the error quotes what it could not read.
        raise StoreError(_OTHER_VERSION, review=review) from None


def _there(connection: Connection) -> bool:
    return inspect(connection).has_table(expected.name)
