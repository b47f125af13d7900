"""An approval: what exactly a second person approved, as hashes. Any change makes it void."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import StoreError

_DAMAGED = (
    "The record of an approval is damaged. Nothing was published. Approve the review again, or "
    "restore the whole workspace from one backup."
)


@dataclass(frozen=True, slots=True)
class Bound:
    """What an approval rests on: hashes (SHA-256, hex), and the edition of the decisions.

    `outputs` are (file name, hash) pairs, sorted; `versions` names reader, model and program.
    """

    edition: int
    original: str
    text: str
    plan: str
    policy: str
    safe_text: str
    versions: str
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved what, when, and at which state of the ledger.

    `proven` says that the approver gave a password; `demonstration` that an account of a
    demonstration took part. `editor` decided last and is never the approver.
    """

    review: str
    profile: str
    public_id: str
    approver: str
    editor: str
    proven: bool
    demonstration: bool
    time: str
    ledger_head: str
    bound: Bound

    def __post_init__(self) -> None:
        if self.approver == self.editor:
            raise ValueError("the approver is not the last editor")


_APPROVAL = TypeAdapter(Approval)


def to_json(approval: Approval) -> str:
    """The record as the register keeps it: the same approval gives the same text."""
    return _APPROVAL.dump_json(approval).decode()


def from_json(record: str) -> Approval:
    """The approval of a record; StoreError where it is none."""
    try:
        return _APPROVAL.validate_json(record)
    except ValidationError:
        raise StoreError(_DAMAGED) from None


def sha256(record: str) -> str:
    """The hash of a record, as the ledger keeps it."""
    return hashlib.sha256(record.encode()).hexdigest()


def hashes(artefacts: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """The names of files and the hashes of their bytes, sorted.

    >>> hashes({"b.txt": b"", "a.txt": b"x"})[0]
    ('a.txt', '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881')
    """
    pairs = ((name, hashlib.sha256(content).hexdigest()) for name, content in artefacts.items())
    return tuple(sorted(pairs))
