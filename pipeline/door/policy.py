"""What a profile hides, generalises and keeps; one file a profile, read and never changed."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.raw.document import Identity
from pipeline.span import Kind

UNKNOWN_PROFILE = (
    "There is no profile of this name. Nothing was changed. Name one of the files in "
    "configs/profiles."
)
BROKEN_PROFILE = (
    "A profile has a key or a value that Candour does not know. Nothing was changed. Compare "
    "it with configs/profiles/public.toml."
)
NEVER_RELEASED = (
    "Texts of this profile may never enter a release. Nothing was released. Choose a profile "
    "that is made for release."
)

Word = Literal["label", "keep"]

# A decision of a reviewer is the only thing that hides these.
ASKED = frozenset({Kind.DEMOGRAPHIC, Kind.QUANTITY, Kind.OTHER})
REVIEWER = "reviewer"

_AUTHORS = re.compile(
    r"\b(?:author|chair|chairman|chairwoman|chairperson|panel|reviewer|overview (?:report )?writer"
    r"|report writer)\b",
    re.IGNORECASE,
)
_BOARD = re.compile(
    r"\b(?:board|safeguarding (?:children )?partnership|community safety partnership"
    r"|lscb|lscp|sab|csp)\b",
    re.IGNORECASE,
)
_WIDE = frozenset({"region", "country", "nation", "continent", "world"})


class Group(StrEnum):
    """What a profile speaks of: one column of the table of profiles."""

    PEOPLE = "people"
    AUTHORS = "authors"
    BOARD = "board"
    BODIES = "bodies"
    PLACES = "places"
    WIDE_PLACES = "wide places"
    CODES = "codes"
    CONTACTS = "contacts"


class Policy(BaseModel):
    """One profile: for each group of things, whether it stays, is labelled or is generalised."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z-]*$")
    purpose: str
    people: Word
    authors: Word
    board: Word
    bodies: Word
    places: Word
    dates: Literal["month", "season", "year", "distance", "keep"]
    births: Literal["hide", "year", "keep"]
    ages: Literal["band", "keep"]
    codes: Word
    contacts: Word
    release: bool
    needs_source: bool = False
    thresholds: dict[Kind, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _already_public_stays_out(self) -> Policy:
        if self.release and (self.needs_source or not self.changes):
            raise ValueError("a profile that hides nothing is never released")
        if any(not 0.0 <= score <= 1.0 for score in self.thresholds.values()):
            raise ValueError("a threshold is a probability")
        return self

    @property
    def changes(self) -> bool:
        """Whether the profile changes anything at all."""
        fields = (self.people, self.authors, self.board, self.bodies, self.places, self.codes)
        rest = (self.dates, self.births, self.ages, self.contacts)
        return any(value != "keep" for value in (*fields, *rest))

    @property
    def sha256(self) -> str:
        """The SHA-256 of the profile's meaning (its values, not its comments), in hex."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def require_release(self) -> None:
        """UsageError where the profile may not enter a release."""
        if not self.release:
            raise UsageError(NEVER_RELEASED)

    def counts(self, kind: Kind, score: float) -> bool:
        """Whether a finding of this kind and score is taken up."""
        return score >= self.thresholds.get(kind, 0.0)

    def hides(self, group: Group) -> bool:
        """Whether the names of this group are replaced by labels."""
        wishes = {
            Group.PEOPLE: self.people,
            Group.AUTHORS: self.authors,
            Group.BOARD: self.board,
            Group.BODIES: self.bodies,
            Group.PLACES: self.places,
            Group.WIDE_PLACES: "keep",
            Group.CODES: self.codes,
            Group.CONTACTS: self.contacts,
        }
        return wishes[group] == "label"


def load(name: str) -> Policy:
    """The profile of this name; UsageError where there is none or where it is not well formed."""
    if not re.fullmatch(r"[a-z][a-z-]*", name):
        raise UsageError(UNKNOWN_PROFILE)
    path = shipped("configs/profiles") / f"{name}.toml"
    if not path.is_file():
        raise UsageError(UNKNOWN_PROFILE)
    try:
        policy = Policy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(BROKEN_PROFILE) from error
    if policy.name != name:
        raise UsageError(BROKEN_PROFILE)
    return policy


def names() -> tuple[str, ...]:
    """The names of the profiles that ship with the program, sorted."""
    return tuple(sorted(path.stem for path in shipped("configs/profiles").glob("*.toml")))


def group(identity: Identity, subkind: str) -> Group:
    """The group that an identity belongs to; `subkind` is that of its first finding."""
    position = identity.position or ""
    words = f"{position} {subkind.replace('_', ' ')}"
    if identity.kind is Kind.PERSON:
        return Group.AUTHORS if _AUTHORS.search(words) else Group.PEOPLE
    if identity.kind is Kind.ORGANISATION:
        return Group.BOARD if _BOARD.search(words) else Group.BODIES
    if identity.kind is Kind.CODE:
        return Group.CODES
    if identity.kind is Kind.CONTACT:
        return Group.CONTACTS
    if _WIDE & set(words.lower().split()):
        return Group.WIDE_PLACES
    return Group.PLACES
