"""Pairs of reviews of which somebody said that they are not the same: ids and codes, no words.

No key is needed for them, so that they outlive what is recorded of either review.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, MetaData, String, Table, delete, inspect, select
from sqlalchemy.dialects.sqlite import insert as put

from pipeline.store.database import Database
from pipeline.store.register import today

META = MetaData()
apart = Table(
    "apart",
    META,
    Column("review", String, primary_key=True),
    Column("other", String, primary_key=True),
    Column("why", String, nullable=False),
    Column("account", String, nullable=False),
    Column("date", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Told:
    """That two reviews are not the same: for which reason they were shown, who said it, when."""

    review: str
    other: str
    why: str
    account: str
    date: str


class Apart:
    """The pairs that are not the same, each once whatever the order of its two."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Told, ...]:
        """Every pair, in the order of their ids."""
        with self._database.reading() as connection:
            if not inspect(connection).has_table(apart.name):
                return ()
            rows = connection.execute(select(apart).order_by(apart.c.review, apart.c.other)).all()
        return tuple(Told(*row) for row in rows)

    def keep(self, review: str, other: str, why: str, account: str) -> None:
        """Keep that two are not the same, in the place of what was said of them before."""
        first, second = sorted((review, other))
        values = {"review": first, "other": second, "why": why, "account": account,
                  "date": today()}  # fmt: skip
        with self._database.writing() as connection:
            META.create_all(connection)
            connection.execute(
                put(apart).values(values).on_conflict_do_update(["review", "other"], set_=values)
            )

    def drop(self, review: str, other: str) -> bool:
        """Take back that two are not the same; whether anybody had said it."""
        first, second = sorted((review, other))
        with self._database.writing() as connection:
            META.create_all(connection)
            here = (apart.c.review == first, apart.c.other == second)
            return bool(connection.execute(delete(apart).where(*here)).rowcount)
