"""Sessions of the desk: who is signed in and until when, and how often a password was tried.

Of a session's token only the SHA-256 is kept, and that of a session which ended for a month
more: so a token that is used again afterwards is known for what it is.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as put

from pipeline.store.database import Database

META = MetaData()
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 10 * 60 * 60
LONGEST_WAIT = 15 * 60
_REMEMBERED = 30 * 24 * 60 * 60
_FORGOTTEN = 24 * 60 * 60
# A session that is in use is written down once a minute, not at every click.
_TOUCHED = 60
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

sessions = Table(
    "sessions",
    META,
    Column("token", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("begun", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("ended", String),
    Column("told", Boolean, nullable=False),
)
tries = Table(
    "sign_in_tries",
    META,
    Column("key", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", Float, nullable=False),
    Column("last", Float, nullable=False),
)
# Accounts whose password somebody else chose: they choose another before anything else.
chosen = Table("chosen_passwords", META, Column("account", String, primary_key=True))


class End(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed-out"
    IDLE = "idle"
    LONG = "too-long"
    PASSWORD = "password-changed"  # noqa: S105 - a reason, not a password
    EVERYWHERE = "signed-out-everywhere"
    DISABLED = "account-disabled"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one account. Where it ended, `told` says that the ledger has its replay."""

    key: str
    account: str
    begun: float
    seen: float
    ended: End | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """Something that is counted when a password is tried: so many tries are free of a wait."""

    kind: str
    value: str
    free: int

    @property
    def key(self) -> str:
        """What is kept of it."""
        return hashlib.sha256(f"{self.kind}:{self.value}".encode()).hexdigest()


def now() -> float:
    """The seconds by which sessions are timed."""
    return time.time()


def wait_after(failures: int, free: int) -> float:
    """For how many seconds nothing may be tried after so many failures.

    >>> [wait_after(failures, 5) for failures in (1, 5, 6, 7, 10, 40)]
    [0.0, 0.0, 2.0, 4.0, 32.0, 900.0]
    """
    over = max(0, failures - free)
    return float(min(LONGEST_WAIT, 2 ** min(over, 20))) if over else 0.0


class Sessions:
    """The sessions of a workspace, and the tries to begin one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prepare(self) -> None:
        """Make the tables where a workspace was made before there were sessions."""
        with self._database.writing() as connection:
            META.create_all(connection)

    def begin(self, account: str) -> str:
        """A new session's token, drawn at random; what ended long ago is forgotten."""
        token, at = secrets.token_urlsafe(32), now()
        row = {"token": _key(token), "account": account, "begun": at, "seen": at}
        with self._database.writing() as connection:
            old = sessions.c.begun < at - LONGEST_SECONDS - _REMEMBERED
            connection.execute(delete(sessions).where(old))
            connection.execute(insert(sessions).values(told=False, **row))
        return token

    def look(self, token: str) -> Session | None:
        """The session of a token, live or ended; None where there never was one."""
        if not _TOKEN.fullmatch(token):
            return None
        with self._database.reading() as connection:
            query = select(sessions).where(sessions.c.token == _key(token))
            row = connection.execute(query).first()
        if row is None:
            return None
        session, at = _session(row), now()
        if session.ended is not None:
            return session
        if at - session.begun >= LONGEST_SECONDS:
            return self._end_one(session, End.LONG)
        if at - session.seen >= IDLE_SECONDS:
            return self._end_one(session, End.IDLE)
        if at - session.seen >= _TOUCHED:
            with self._database.writing() as connection:
                here = sessions.c.token == session.key
                connection.execute(update(sessions).where(here).values(seen=at))
        return session

    def end(self, token: str, why: End) -> None:
        """End the session of a token."""
        with self._database.writing() as connection:
            live = (sessions.c.token == _key(token), sessions.c.ended.is_(None))
            connection.execute(update(sessions).where(*live).values(ended=why.value))

    def end_all(self, account: str, why: End, *, but: str | None = None) -> int:
        """End every session of an account, all but that of one token; how many ended."""
        live = [sessions.c.account == account, sessions.c.ended.is_(None)]
        if but is not None:
            live.append(sessions.c.token != _key(but))
        with self._database.writing() as connection:
            outcome = connection.execute(update(sessions).where(*live).values(ended=why.value))
        return outcome.rowcount

    def tell(self, session: Session) -> bool:
        """Whether the replay of this session has yet to be told; from now on it has not."""
        with self._database.writing() as connection:
            here = (sessions.c.token == session.key, sessions.c.told.is_(False))
            return connection.execute(update(sessions).where(*here).values(told=True)).rowcount > 0

    def live(self, account: str) -> int:
        """In how many places an account is signed in."""
        at = now()
        query = select(sessions.c.token).where(
            sessions.c.account == account,
            sessions.c.ended.is_(None),
            sessions.c.seen > at - IDLE_SECONDS,
            sessions.c.begun > at - LONGEST_SECONDS,
        )
        with self._database.reading() as connection:
            return len(connection.execute(query).all())

    def must_wait(self, counted: Sequence[Try]) -> float:
        """Count a try before it is made; where it may not be made yet, the seconds until then.

        It is counted first, so that many tries at once do not pass for one.
        """
        at, longest = now(), 0.0
        with self._database.writing() as connection:
            connection.execute(delete(tries).where(tries.c.last < at - _FORGOTTEN))
            found = {one: _failures(connection, one) for one in counted}
            longest = max(0.0, *(until - at for _, until in found.values()))
            if longest > 0:
                return longest
            for one, (failures, _) in found.items():
                wait = wait_after(failures + 1, one.free)
                row = {"key": one.key, "failures": failures + 1, "until": at + wait, "last": at}
                connection.execute(put(tries).values(row).on_conflict_do_update(["key"], set_=row))
        return 0.0

    def succeeded(self, counted: Sequence[Try]) -> None:
        """Forget the failures of the first thing counted; of the others, only this try."""
        with self._database.writing() as connection:
            connection.execute(delete(tries).where(tries.c.key == counted[0].key))
            for one in counted[1:]:
                failures, _ = _failures(connection, one)
                less = update(tries).where(tries.c.key == one.key)
                connection.execute(less.values(failures=max(0, failures - 1), until=0.0))

    def choose(self, account: str, *, by_another: bool) -> None:
        """Note whether the password of an account was chosen by somebody else."""
        with self._database.writing() as connection:
            connection.execute(delete(chosen).where(chosen.c.account == account))
            if by_another:
                connection.execute(insert(chosen).values(account=account))

    def must_choose(self, account: str) -> bool:
        """Whether an account has yet to choose a password of its own."""
        query = select(chosen.c.account).where(chosen.c.account == account)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def _end_one(self, session: Session, why: End) -> Session:
        with self._database.writing() as connection:
            here = (sessions.c.token == session.key, sessions.c.ended.is_(None))
            connection.execute(update(sessions).where(*here).values(ended=why.value))
        return replace(session, ended=why)


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _session(row: Row[tuple[object, ...]]) -> Session:
    ended = None if row.ended is None else End(row.ended)
    return Session(row.token, row.account, row.begun, row.seen, ended, row.told)


def _failures(connection: Connection, one: Try) -> tuple[int, float]:
    row = connection.execute(select(tries).where(tries.c.key == one.key)).first()
    return (0, 0.0) if row is None else (row.failures, row.until)
