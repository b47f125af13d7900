"""The ledger: what was done, by whom and when, in a chain that shows any change to it.

It holds ids, offsets, kinds, counts and codes, never text: `append` refuses anything else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, func, insert, select

from pipeline.errors import StoreError
from pipeline.store.database import Database

NAME = "ledger"
META = MetaData(schema=NAME)
FIRST = "0" * 64
_PAGE = 1000
# What may stand in a row: a code or an id in lower case, a kind, or the id of a finding.
_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,79}|[A-Z]{3,14}(-\d{1,9}-\d{1,9})?")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NOT_A_CODE = (
    "Something other than an id, a number or a code was about to be written into the ledger. "
    "Nothing was done. Report this."
)

Detail = Mapping[str, "str | int | float | bool | Sequence[str | int] | None"]

entries = Table(
    "entries",
    META,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("time", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("review", String, index=True),
    Column("detail", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
)
TRIGGERS = tuple(
    f"CREATE TRIGGER {NAME}.entries_no_{verb.lower()} BEFORE {verb} ON entries "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
    for verb in ("UPDATE", "DELETE")
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: `time` is UTC (ISO 8601), `actor` an account's id, `detail` JSON of codes."""

    seq: int
    time: str
    actor: str
    action: str
    review: str | None
    detail: str
    previous: str
    hash: str

    @property
    def expected(self) -> str:
        """The hash that the row should have."""
        said = [self.seq, self.time, self.actor, self.action, self.review, self.detail]
        return hashlib.sha256(json.dumps([*said, self.previous]).encode()).hexdigest()


class Ledger:
    """The rows of a workspace's ledger, in the order in which they were written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self, actor: str, action: str, review: str | None = None, detail: Detail | None = None
    ) -> Entry:
        """Add a row and return it. A value that is no id, number or code: StoreError."""
        body = {} if detail is None else dict(detail)
        _check([actor, action, *([review] if review else [])], body)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._database.writing() as connection:
            last = _last(connection)
            entry = Entry(
                seq=1 if last is None else last.seq + 1,
                time=now,
                actor=actor,
                action=action,
                review=review,
                detail=json.dumps(body, sort_keys=True),
                previous=FIRST if last is None else last.hash,
                hash="",
            )
            row = {name: getattr(entry, name) for name in entry.__slots__}
            connection.execute(insert(entries).values(row | {"hash": entry.expected}))
            return Entry(**(row | {"hash": entry.expected}))

    def head(self) -> str:
        """The hash of the last row; 64 noughts for an empty ledger."""
        with self._database.reading() as connection:
            last = _last(connection)
        return FIRST if last is None else last.hash

    def rows(self, review: str | None = None) -> Iterator[Entry]:
        """The rows in order, all of them or those of one review.

        They are read a page at a time, so that no lock is held while the caller works on them.
        """
        query = select(entries).order_by(entries.c.seq).limit(_PAGE)
        if review is not None:
            query = query.where(entries.c.review == review)
        last = 0
        while True:
            with self._database.reading() as connection:
                page = connection.execute(query.where(entries.c.seq > last)).all()
            yield from (Entry(*row) for row in page)
            if len(page) < _PAGE:
                return
            last = page[-1].seq

    def latest(
        self, count: int, *, before: int | None = None, review: str | None = None
    ) -> tuple[Entry, ...]:
        """So many rows, the newest first: of one review, or older than a number, where named."""
        query = select(entries).order_by(entries.c.seq.desc()).limit(count)
        if before is not None:
            query = query.where(entries.c.seq < before)
        if review is not None:
            query = query.where(entries.c.review == review)
        with self._database.reading() as connection:
            return tuple(Entry(*row) for row in connection.execute(query))

    def after(self, seq: int, *actions: str) -> tuple[Entry, ...]:
        """The rows of some actions that came after a row, in order."""
        query = select(entries).where(entries.c.seq > seq, entries.c.action.in_(actions))
        with self._database.reading() as connection:
            return tuple(Entry(*row) for row in connection.execute(query.order_by(entries.c.seq)))

    def tally(self) -> dict[str, tuple[int, str]]:
        """For each action: how often it was done, and when it was done last."""
        query = select(entries.c.action, func.count(), func.max(entries.c.time))
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(entries.c.action)).all()
        return {str(action): (int(count), str(last)) for action, count, last in rows}

    def holds(self, head: str) -> bool:
        """Whether the ledger has a row with this hash: whether it goes on from that state."""
        query = select(entries.c.seq).where(entries.c.hash == head)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def of_file(self, sha256: str) -> str | None:
        """The review for which a file with this hash was taken in, as any of its versions."""
        query = select(entries.c.review).where(
            entries.c.action.in_(("ingest", "version")),
            entries.c.detail.contains(f'"file": "{sha256}"', autoescape=True),
        )
        with self._database.reading() as connection:
            found: str | None = connection.execute(query).scalar()
        return found

    def verify(self) -> int | None:
        """The number of the first row that does not fit the chain; None if all do."""
        previous = FIRST
        for at, entry in enumerate(self.rows(), start=1):
            if entry.seq != at or entry.previous != previous or entry.hash != entry.expected:
                return at
            previous = entry.hash
        return None


def _last(connection: Connection) -> Entry | None:
    row = connection.execute(select(entries).order_by(entries.c.seq.desc()).limit(1)).first()
    return None if row is None else Entry(*row)


def _check(codes: Sequence[str], detail: Mapping[str, object]) -> None:
    """Refuse whatever could be a word of a document."""
    said: list[object] = list(codes)
    for value in detail.values():
        if isinstance(value, Sequence) and not isinstance(value, str):
            said.extend(value)
        else:
            said.append(value)
    keys = all(_KEY.fullmatch(key) for key in detail)
    if not keys or not all(_plain(value) for value in said):
        raise StoreError(_NOT_A_CODE)


def _plain(value: object) -> bool:
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    return value is None or isinstance(value, bool | int | float)
