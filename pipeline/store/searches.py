"""Searches that somebody keeps, with what they were asked of; each can be forgotten.

A query may hold a name, so it stands in the workspace and nowhere else; what is forgotten is
overwritten.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert as put

from pipeline.store.database import Database

META = MetaData()

searches = Table(
    "searches",
    META,
    Column("name", String, primary_key=True),
    Column("query", Text, nullable=False),
    Column("where", Text, nullable=False),
    Column("most", Integer, nullable=False),
    Column("drafts", Boolean, nullable=False),
    Column("library", String, nullable=False),
    Column("model", String, nullable=False),
    Column("answer", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Saved:
    """A search that is kept: `library` and `answer` are hashes, `model` that of the vectors.

    With the same library and the same model it has the same answer.
    """

    name: str
    query: str
    where: str
    most: int
    drafts: bool
    library: str
    model: str
    answer: str


def save(database: Database, saved: Saved) -> None:
    """Keep a search under its name, in the place of another of that name."""
    with database.writing() as connection:
        META.create_all(connection)
        row = asdict(saved)
        connection.execute(put(searches).values(row).on_conflict_do_update(["name"], set_=row))


def saved_searches(database: Database) -> tuple[Saved, ...]:
    """All searches that are kept, by name."""
    with database.writing() as connection:
        META.create_all(connection)
        rows = connection.execute(select(searches).order_by(searches.c.name)).mappings().all()
    return tuple(Saved(**row) for row in rows)


def forget_search(database: Database, name: str) -> bool:
    """Forget a search, overwriting its text; whether there was one."""
    with database.writing() as connection:
        META.create_all(connection)
        return bool(connection.execute(delete(searches).where(searches.c.name == name)).rowcount)
