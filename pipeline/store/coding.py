"""What people decided about themes and lessons: a trail beside the library, only added to.

It holds ids, offsets, codes and the words that people wrote; never a text. It opens without the
vault's key.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    update,
)

from pipeline.errors import StoreError
from pipeline.safe.coding import Event
from pipeline.store.database import Database

NAME = "library"
META = MetaData(schema=NAME)
_OTHER_VERSION = (
    "What people coded was written by another version of Candour. Nothing of it was used. "
    "Update Candour, or restore the whole workspace from one backup."
)
# The words that people wrote stand apart: they can be blanked when a review is withdrawn.
WORDS = ("title", "definition", "reason")

codings = Table(
    "codings",
    META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("coder", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,
)
_TRIGGERS = (
    f"CREATE TRIGGER IF NOT EXISTS {NAME}.codings_no_delete BEFORE DELETE ON codings "
    "BEGIN SELECT RAISE(ABORT, 'codings are only added to'); END",
    f"CREATE TRIGGER IF NOT EXISTS {NAME}.codings_no_update BEFORE UPDATE OF number, coder, body "
    "ON codings BEGIN SELECT RAISE(ABORT, 'codings are only added to'); END",
)
_EVENT = TypeAdapter(Event)


class Coding:
    """The steps of all coders, in order. A workspace without any has no table for them yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def events(self) -> tuple[Event, ...]:
        """Every step, the oldest first, undone ones too."""
        with self._database.reading() as connection:
            if not _there(connection):
                return ()
            rows = connection.execute(select(codings).order_by(codings.c.number)).mappings().all()
        try:
            return tuple(
                replace(
                    _EVENT.validate_json(row["body"]),
                    number=row["number"],
                    **{name: row[name] for name in WORDS},
                )
                for row in rows
            )
        except ValidationError:
            raise StoreError(_OTHER_VERSION) from None

    def append(self, event: Event) -> Event:
        """Add a step; it gets its number and the time. The step as it was kept."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        kept = replace(event, number=0, time=now)
        bare = replace(kept, title="", definition="", reason="")
        row = {
            "coder": event.coder,
            "body": _EVENT.dump_json(bare, exclude_defaults=True).decode(),
            **{name: getattr(event, name) for name in WORDS},
        }
        with self._database.writing() as connection:
            if not _there(connection):
                META.create_all(connection)
                for trigger in _TRIGGERS:
                    connection.exec_driver_sql(trigger)
            added = connection.execute(insert(codings).values(row))
        number = int(added.inserted_primary_key[0]) if added.inserted_primary_key else 0
        return replace(kept, number=number)

    def blank(self, review: str) -> None:
        """Remove the words that people wrote of a review: they may repeat what is hidden now.

        The steps themselves stay. A lesson that rests on the review loses the title that a
        person gave it.
        """
        told = [e for e in self.events() if any(getattr(e, name) for name in WORDS)]
        numbers = [e.number for e in told if review in e.rests_on]
        with self._database.writing() as connection:
            for number in numbers:
                here = codings.c.number == number
                connection.execute(update(codings).where(here).values(dict.fromkeys(WORDS, "")))


def _there(connection: Connection) -> bool:
    return inspect(connection).has_table(codings.name, schema=NAME)
