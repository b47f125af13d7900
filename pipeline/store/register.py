"""The register: one row a review, its holds, and the approvals that stand for it.

Names of files and folders are never kept here; a review's id is drawn at random.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as put

from pipeline.errors import UsageError
from pipeline.store.database import Database

META = MetaData()
NOT_STATED = "not stated"
# Without vowels and look-alikes: an id spells nothing and reads the same aloud.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
# How many letters of a public id are drawn.
PUBLIC_LETTERS = 8
_NO_REVIEW = (
    "There is no review of that id in this workspace. Nothing was done. List them with "
    "`candour register`."
)

reviews = Table(
    "reviews",
    META,
    Column("review", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("board", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("received", String, nullable=False),
    Column("published", String),
    Column("sha256", String, nullable=False, unique=True),
    Column("text_sha256", String, nullable=False, index=True),
    Column("media", String, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("editor", String),
    Column("versions", String, nullable=False),
)
holds = Table(
    "holds",
    META,
    Column("review", String, ForeignKey("reviews.review"), primary_key=True),
    Column("basis", String, nullable=False),
    Column("until", String),
    Column("checked_by", String, nullable=False),
    Column("date", String, nullable=False),
)
approvals = Table(
    "approvals",
    META,
    Column("review", String, ForeignKey("reviews.review"), primary_key=True),
    Column("profile", String, primary_key=True),
    Column("record", Text, nullable=False),
)
public_ids = Table(
    "public_ids",
    META,
    Column("review", String, ForeignKey("reviews.review"), primary_key=True),
    Column("profile", String, primary_key=True),
    Column("public_id", String, nullable=False, unique=True),
)


class State(StrEnum):
    """How far a review has come."""

    RECEIVED = "received"
    READ = "read"
    PROPOSED = "proposed"
    SETTLED = "settled"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Basis(StrEnum):
    """Why a review is held back."""

    CRIMINAL = "criminal"
    INQUEST = "inquest"
    COURT_ORDER = "court_order"
    FAMILY = "family"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Hold:
    """Publishing waits while one stands. Dates are ISO (YYYY-MM-DD); `checked_by` an account."""

    basis: Basis
    until: str | None
    checked_by: str
    date: str


@dataclass(frozen=True, slots=True)
class Row:
    """One review. `edition` counts the times that it was decided on, `editor` did so last.

    `versions` names what read and proposed it: codes, joined by blanks.
    """

    review: str
    state: State
    kind: str
    board: str
    subject: str
    received: str
    published: str | None
    sha256: str
    text_sha256: str
    media: str
    edition: int = 0
    editor: str | None = None
    versions: str = ""
    hold: Hold | None = None


_KEPT = tuple(field.name for field in fields(Row) if field.name != "hold")


def today() -> str:
    """The date in UTC, as the register writes it."""
    return datetime.now(UTC).date().isoformat()


def public_prefix(*, demonstration: bool) -> str:
    """How a public id begins; that of a demonstration says so.

    >>> public_prefix(demonstration=False)
    'cr-'
    """
    return "demonstration-" if demonstration else "cr-"


def draw(prefix: str, letters: int) -> str:
    """An id drawn at random, derived from nothing."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(letters))


class Register:
    """The rows of a workspace's register."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, row: Row) -> None:
        """Add a review."""
        with self._database.writing() as connection:
            connection.execute(insert(reviews).values(_values(row)))

    def new_id(self) -> str:
        """An id that no review has."""
        taken = {row.review for row in self.rows()}
        while (drawn := draw("r-", 6)) in taken:
            pass
        return drawn

    def row(self, review: str) -> Row:
        """One review; UsageError where there is none."""
        found = self.rows(review=review)
        if not found:
            raise UsageError(_NO_REVIEW)
        return found[0]

    def with_file(self, sha256: str) -> Row | None:
        """The review that was taken in from a file with this hash."""
        return next(iter(self.rows(sha256=sha256)), None)

    def with_text(self, text_sha256: str) -> Row | None:
        """A review whose canonical text has this hash."""
        return next(iter(self.rows(text_sha256=text_sha256)), None)

    def rows(self, **equal: str) -> tuple[Row, ...]:
        """Reviews in the order of receipt, all or those whose columns equal what is given."""
        query = select(reviews).order_by(reviews.c.received, reviews.c.review)
        for name, value in equal.items():
            query = query.where(reviews.c[name] == value)
        with self._database.reading() as connection:
            found = connection.execute(query).mappings().all()
            held = {row.review: _hold(row) for row in connection.execute(select(holds))}
        return tuple(
            Row(**{**row, "state": State(row["state"]), "hold": held.get(row["review"])})
            for row in found
        )

    def change(self, row: Row, **new: str | int | None) -> Row:
        """The review with other values in the named columns."""
        changed = replace(row, **new)  # type: ignore[arg-type]
        with self._database.writing() as connection:
            here = reviews.c.review == row.review
            connection.execute(update(reviews).where(here).values(_values(changed)))
        return changed

    def hold(self, review: str, hold: Hold | None) -> None:
        """Set a hold, or lift the one that stands."""
        with self._database.writing() as connection:
            connection.execute(delete(holds).where(holds.c.review == review))
            if hold is not None:
                values = {
                    "review": review,
                    "basis": hold.basis.value,
                    "until": hold.until,
                    "checked_by": hold.checked_by,
                    "date": hold.date,
                }
                connection.execute(insert(holds).values(values))

    def approve(self, review: str, profile: str, record: str) -> None:
        """Keep the record of an approval (JSON of ids and hashes) in the place of an older one."""
        values = {"review": review, "profile": profile, "record": record}
        with self._database.writing() as connection:
            connection.execute(
                put(approvals)
                .values(values)
                .on_conflict_do_update(["review", "profile"], set_=values)
            )

    def approval(self, review: str, profile: str) -> str | None:
        """The record of the approval that stands, None where none does."""
        query = select(approvals.c.record).where(
            approvals.c.review == review, approvals.c.profile == profile
        )
        with self._database.reading() as connection:
            record: str | None = connection.execute(query).scalar()
        return record

    def approved_profiles(self, review: str) -> tuple[str, ...]:
        """The profiles under which the review is approved."""
        query = select(approvals.c.profile).where(approvals.c.review == review)
        with self._database.reading() as connection:
            return tuple(connection.scalars(query.order_by(approvals.c.profile)))

    def void(self, review: str, profiles: Sequence[str]) -> None:
        """Take back the approvals under these profiles."""
        with self._database.writing() as connection:
            here = (approvals.c.review == review, approvals.c.profile.in_(list(profiles)))
            connection.execute(delete(approvals).where(*here))

    def public_id(self, review: str, profile: str) -> str | None:
        """The id that was last kept for the review under a profile, None where there is none.

        Older versions kept one with the approval, before anything went out under it.
        """
        here = (public_ids.c.review == review, public_ids.c.profile == profile)
        with self._database.reading() as connection:
            known: str | None = connection.scalar(select(public_ids.c.public_id).where(*here))
        return known

    def new_public_id(self, *, demonstration: bool = False, taken: Collection[str] = ()) -> str:
        """An id that no publication has, nor any that is `taken`; it is kept nowhere yet.

        Titles and file names come from it, and that of a demonstration says so.
        """
        with self._database.reading() as connection:
            known = {*taken, *connection.scalars(select(public_ids.c.public_id))}
        while (drawn := draw(public_prefix(demonstration=demonstration), PUBLIC_LETTERS)) in known:
            pass
        return drawn

    def keep_public_id(self, review: str, profile: str, public_id: str) -> None:
        """Keep the id under which a review goes out, in the place of the one before it."""
        here = (public_ids.c.review == review, public_ids.c.profile == profile)
        values = {"review": review, "profile": profile, "public_id": public_id}
        with self._database.writing() as connection:
            connection.execute(delete(public_ids).where(*here))
            connection.execute(insert(public_ids).values(values))

    def of_public_id(self, public_id: str) -> tuple[str, str] | None:
        """The review and the profile that are published under an id."""
        query = select(public_ids).where(public_ids.c.public_id == public_id)
        with self._database.reading() as connection:
            found = connection.execute(query).first()
        return None if found is None else (found.review, found.profile)


def _values(row: Row) -> dict[str, object]:
    values = {name: getattr(row, name) for name in _KEPT}
    return values | {"state": row.state.value}


def _hold(row: object) -> Hold:
    return Hold(
        basis=Basis(getattr(row, "basis")),  # noqa: B009
        until=getattr(row, "until"),  # noqa: B009
        checked_by=getattr(row, "checked_by"),  # noqa: B009
        date=getattr(row, "date"),  # noqa: B009
    )
