"""An approval: what exactly a second person approved, as hashes. Any change makes it void."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import NotSettledError, StoreError

_NOT_ANSWERED = (
    "The checklist of the approval is not complete, or has an answer that is none of those "
    "offered. The review was not approved. Answer every question, and say who signed the profile."
)
_DAMAGED = (
    "The record of an approval is damaged. Nothing was published. Approve the review again, or "
    "restore the whole workspace from one backup."
)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that an approver vouches for: its code, what is asked, and the answers by code."""

    code: str
    asks: str
    answers: tuple[tuple[str, str], ...]


_YES = (("yes", "Yes"),)
CHECKLIST = (
    Question(
        "holds",
        "I have checked that no hold, court order, inquest or criminal case stands against "
        "publication.",
        _YES,
    ),
    Question(
        "family",
        "The family knows of the publication.",
        (
            ("told", "They were told, and their wishes are recorded"),
            ("not-told", "They were not told; the reason is recorded in the case file"),
        ),
    ),
    Question(
        "names",
        "Names that stay in the text:",
        (
            ("none", "No name of the child, the adult or the family stays"),
            ("wish", "A name stays at the family's recorded wish"),
        ),
    ),
    Question(
        "rights",
        "The body holds the rights in the text, or has the author's leave to publish it.",
        _YES,
    ),
    Question("read", "I have read the text that will be published, from start to end.", _YES),
    Question("signed", "The profile was signed by the person named below.", _YES),
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
    demonstration took part. `editor` decided last and is never the approver. `checklist` has
    (question, answer) codes; it is empty where nobody was asked, as on the command line.
    `public_id` is empty: the id is drawn as the review goes out. Older versions drew it here.
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
    checklist: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.approver == self.editor:
            raise ValueError("the approver is not the last editor")


_APPROVAL = TypeAdapter(Approval)


def answered(given: Mapping[str, str], signatory: str) -> tuple[tuple[str, str], ...]:
    """The answers to the checklist, in its order; NotSettledError where one is missing or unknown.

    `signatory` says who signed the profile: free text, which is kept in the vault.

    >>> answered({}, "")
    Traceback (most recent call last):
    ...
    pipeline.errors.NotSettledError: The checklist of the approval is not complete, or has an \
answer that is none of those offered. The review was not approved. Answer every question, and \
say who signed the profile.
    """
    known = all(given.get(q.code) in dict(q.answers) for q in CHECKLIST)
    if not known or set(given) != {q.code for q in CHECKLIST} or not signatory.strip():
        raise NotSettledError(_NOT_ANSWERED)
    return tuple((question.code, given[question.code]) for question in CHECKLIST)


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
