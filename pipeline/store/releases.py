"""The releases of a workspace: which reviews went out together, under which profile and when.

The tables are made at the first release, so that older workspaces need no change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    inspect,
    select,
    update,
)

from pipeline.store.database import Database

META = MetaData()

releases = Table(
    "releases",
    META,
    Column("quarter", String, primary_key=True),
    Column("profile", String, primary_key=True),
    Column("edition", Integer, primary_key=True),
    Column("date", String, nullable=False),
    Column("done", Boolean, nullable=False),
)
released_reviews = Table(
    "released_reviews",
    META,
    Column("quarter", String, primary_key=True),
    Column("profile", String, primary_key=True),
    Column("edition", Integer, primary_key=True),
    Column("review", String, primary_key=True),
    Column("public_id", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Released:
    """One release. `reviews` has (review, public id) pairs; `done` says that its files went out.

    `date` is the day on which it was made: it is told to nobody outside.
    """

    quarter: str
    profile: str
    edition: int
    date: str
    reviews: tuple[tuple[str, str], ...]
    done: bool = True

    @property
    def key(self) -> tuple[str, str, int]:
        """What no other release has."""
        return self.quarter, self.profile, self.edition


class Releases:
    """The rows of a workspace's releases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, one: Released) -> None:
        """Add a release; one of the same quarter, profile and edition gives way to it."""
        quarter, profile, edition = one.key
        key = {"quarter": quarter, "profile": profile, "edition": edition}
        with self._database.writing() as connection:
            META.create_all(connection)
            for table in (releases, released_reviews):
                here = [table.c[name] == value for name, value in key.items()]
                connection.execute(delete(table).where(*here))
            row = {**key, "date": one.date, "done": one.done}
            connection.execute(insert(releases).values(row))
            pairs = sorted(one.reviews)
            rows = [{**key, "review": review, "public_id": drawn} for review, drawn in pairs]
            connection.execute(insert(released_reviews), rows)

    def finish(self, one: Released) -> None:
        """Write down that the files of a release went out."""
        here = [releases.c[name] == getattr(one, name) for name in ("quarter", "profile")]
        here.append(releases.c.edition == one.edition)
        with self._database.writing() as connection:
            connection.execute(update(releases).where(*here).values(done=True))

    def all(self, *, profile: str | None = None) -> tuple[Released, ...]:
        """Every release, or those of one profile, by quarter and edition."""
        with self._database.reading() as connection:
            if not inspect(connection).has_table(releases.name):
                return ()
            query = select(releases).order_by(
                releases.c.quarter, releases.c.edition, releases.c.profile
            )
            if profile is not None:
                query = query.where(releases.c.profile == profile)
            rows = connection.execute(query).all()
            pairs = _pairs(connection)
        return tuple(
            Released(
                row.quarter,
                row.profile,
                row.edition,
                row.date,
                tuple(pairs.get((row.quarter, row.profile, row.edition), ())),
                bool(row.done),
            )
            for row in rows
        )


def _pairs(connection: Connection) -> dict[tuple[str, str, int], list[tuple[str, str]]]:
    found: dict[tuple[str, str, int], list[tuple[str, str]]] = {}
    for row in connection.execute(select(released_reviews).order_by(released_reviews.c.review)):
        key = (row.quarter, row.profile, row.edition)
        found.setdefault(key, []).append((row.review, row.public_id))
    return found


def last_of(found: Sequence[Released], quarter: str) -> Released | None:
    """The last edition of a quarter that went out, None where there is none."""
    own = [one for one in found if one.quarter == quarter and one.done]
    return max(own, key=lambda one: one.edition, default=None)
