"""Accounts: who may do what. An account may have several duties and, if it wants, a password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as put

from pipeline.errors import NotSettledError, UsageError
from pipeline.store.database import Database

META = MetaData()
LOCAL = "local"
_NO_ACCOUNT = (
    "There is no account of that name in this workspace. Nothing was done. Add it with "
    "`candour user add`."
)
_NO_DUTY = (
    "The account does not have the duty that this step needs. Nothing was done. Choose another "
    "account, or add the duty with `candour user add`."
)
_NOT_PROVEN = (
    "The account has a password, and it was not given or is wrong. Nothing was done. Give it again."
)
NOT_SIGNED_IN = (
    "There is no account with this name and password. Nobody was signed in. Check both, or ask "
    "an administrator to set a password with `candour user add`."
)
LEAST_PASSWORD, MOST_PASSWORD = 12, 200
_WEAK = (
    "A password has 12 to 200 characters, five different ones at least, and does not hold the "
    "account's name. Nothing was changed. Three or four unrelated words do well."
)
_NO_NAME = "An account needs a name of 1 to 120 characters. Nothing was done. Give another name."

accounts = Table(
    "accounts",
    META,
    Column("account", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("password", String),
    Column("demonstration", Boolean, nullable=False),
)
duties = Table(
    "duties",
    META,
    Column("account", String, ForeignKey("accounts.account"), primary_key=True),
    Column("duty", String, primary_key=True),
)


class Duty(StrEnum):
    """What an account may do."""

    UPLOADER = "uploader"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff. `id` is drawn at random; it stands in the ledger, the name does not.

    What an account made for a demonstration approves says so.
    """

    id: str
    name: str
    duties: tuple[Duty, ...]
    has_password: bool
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something now. `proven` says that a password was given and fits."""

    id: str
    proven: bool
    demonstration: bool = False


# Whoever acts: the name of an account, or an account that signed in.
Who = str | Actor


class Accounts:
    """The accounts of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, duty: Duty, password: str | None = None, *, demonstration: bool = False
    ) -> Account:
        """Add an account, or a duty to the account of that name.

        A password makes an account provable. One that is set is not replaced here:
        NotSettledError where another is given.
        """
        name = name.strip()
        if not 0 < len(name) <= 120:
            raise UsageError(_NO_NAME)
        hashed = None if password is None else PasswordHasher().hash(password)
        with self._database.writing() as connection:
            query = select(accounts).where(accounts.c.name == name)
            found = connection.execute(query).first()
            account = f"u-{secrets.token_hex(4)}" if found is None else found.account
            if found is None:
                row = {"account": account, "name": name, "password": hashed}
                connection.execute(insert(accounts).values(demonstration=demonstration, **row))
            elif password is not None and found.password is not None:
                if not self._fits(account, password):
                    raise NotSettledError(_NOT_PROVEN)
            elif hashed is not None:
                here = accounts.c.account == account
                connection.execute(update(accounts).where(here).values(password=hashed))
            duty_row = put(duties).values(account=account, duty=Duty(duty).value)
            connection.execute(duty_row.on_conflict_do_nothing())
            return self.named(name)

    def named(self, name: str) -> Account:
        """The account of that name; UsageError where there is none."""
        for account in self.all():
            if account.name == name.strip():
                return account
        raise UsageError(_NO_ACCOUNT)

    def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        with self._database.reading() as connection:
            people = connection.execute(select(accounts).order_by(accounts.c.name)).all()
            held = connection.execute(select(duties).order_by(duties.c.duty)).all()
        return tuple(
            Account(
                id=person.account,
                name=person.name,
                duties=tuple(Duty(row.duty) for row in held if row.account == person.account),
                has_password=person.password is not None,
                demonstration=person.demonstration,
            )
            for person in people
        )

    def act(self, who: Who, *duties: Duty, password: str | None = None) -> Actor:
        """The account as the one who acts now: by its name, or as it signed in.

        NotSettledError where it has none of the duties, or a password that is not given or is
        wrong. An account without a password may act on this machine's command line, unproven.
        """
        account = self.named(who) if isinstance(who, str) else self.with_id(who.id)
        if not set(duties) & set(account.duties):
            raise NotSettledError(_NO_DUTY)
        if isinstance(who, Actor):
            return who
        if not account.has_password:
            return Actor(account.id, proven=False, demonstration=account.demonstration)
        if password is None or not self._fits(account.id, password):
            raise NotSettledError(_NOT_PROVEN)
        return Actor(account.id, proven=True, demonstration=account.demonstration)

    def sign_in(self, name: str, password: str) -> Actor:
        """The account of a name whose password was given: it has proved who it is.

        NotSettledError, always with the same words, where there is no such account, where it
        has no password, or where another was given; and it always takes as long.
        """
        known = next((one for one in self.all() if one.name == name.strip()), None)
        if known is None or not known.has_password:
            PasswordHasher().hash(password)
            raise NotSettledError(NOT_SIGNED_IN)
        if not self._fits(known.id, password):
            raise NotSettledError(NOT_SIGNED_IN)
        return Actor(known.id, proven=True, demonstration=known.demonstration)

    def prove(self, account: str, password: str) -> None:
        """Make sure that this is the account's password; NotSettledError where it is not."""
        if not self.with_id(account).has_password or not self._fits(account, password):
            raise NotSettledError(_NOT_PROVEN)

    def set_password(self, account: str, password: str) -> None:
        """Give an account a password in the place of any other; UsageError where it is weak."""
        known = self.with_id(account)
        require_strong(known.name, password)
        hashed = PasswordHasher().hash(password)
        with self._database.writing() as connection:
            here = accounts.c.account == account
            connection.execute(update(accounts).where(here).values(password=hashed))

    def remove_duty(self, account: str, duty: Duty) -> None:
        """Take a duty from an account."""
        with self._database.writing() as connection:
            here = (duties.c.account == account, duties.c.duty == duty.value)
            connection.execute(delete(duties).where(*here))

    def disable(self, account: str) -> None:
        """Take every duty and the password from an account. What it did stays in its name."""
        self.with_id(account)
        with self._database.writing() as connection:
            connection.execute(delete(duties).where(duties.c.account == account))
            here = accounts.c.account == account
            connection.execute(update(accounts).where(here).values(password=None))

    def with_id(self, account: str) -> Account:
        """The account with this id; UsageError where there is none."""
        for one in self.all():
            if one.id == account:
                return one
        raise UsageError(_NO_ACCOUNT)

    def _fits(self, account: str, password: str) -> bool:
        query = select(accounts.c.password).where(accounts.c.account == account)
        with self._database.reading() as connection:
            hashed = connection.execute(query).scalar_one()
        try:
            return PasswordHasher().verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def require_strong(name: str, password: str) -> None:
    """UsageError for a password that is short, long, of few characters, or the name itself.

    >>> require_strong("Jo Bell", "otter lantern quay")
    """
    folded = password.casefold()
    fits = LEAST_PASSWORD <= len(password) <= MOST_PASSWORD
    parts = [part for part in (name.casefold(), *name.casefold().split()) if len(part) > 2]
    if not fits or len(set(folded)) < 5 or any(part in folded for part in parts):
        raise UsageError(_WEAK)
