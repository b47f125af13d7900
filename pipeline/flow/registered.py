"""The register with all that is sealed in it, open for one account: what its flows start from.

Opening it is written into the ledger, and so is a refusal: author, chair and subject are names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.raw import entry
from pipeline.raw.record import Record, Stamp, mark
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.entries import Entries, Expecting
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

STAFF = (Duty.UPLOADER, Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)
_NO_REVIEW = (
    "There is no review of that id in the register, neither one with a file nor one that is "
    "expected. Nothing was changed. List them with `candour register`."
)
NOT_EXPECTED = (
    "Only a review that is expected, whose id begins with e-, can be joined with another or "
    "removed. Nothing was changed. A review with a file is taken back with `candour withdraw`."
)
CHANGED_MEANWHILE = (
    "Somebody else changed this while you looked at it. Nothing of yours was kept yet, and nothing "
    "of theirs is lost. Look at what is different and record yours again."
)
_WITHDRAWN = (
    "This review was withdrawn. What the register holds of it is not changed any more. Nothing "
    "was changed."
)


class ChangedMeanwhileError(StoreError):
    """What somebody wants to change is not any more as they saw it."""

    def __init__(self, review: str) -> None:
        super().__init__(CHANGED_MEANWHILE, review=review)


def require_as_seen(record: Record, seen: str | None, review: str) -> None:
    """ChangedMeanwhileError where a record is not in the state whose mark somebody was shown."""
    if seen is not None and seen != mark(record):
        raise ChangedMeanwhileError(review)


@dataclass(frozen=True, slots=True)
class Held:
    """One review of the register: `row` is None while its file has not come.

    `values` are its fields as they count: what was recorded, else what its report says.
    """

    id: str
    record: Record
    row: Row | None
    added: str
    values: dict[str, str]

    @property
    def state(self) -> str:
        """How far it has come; "expected" without a file."""
        return entry.EXPECTED if self.row is None else self.row.state.value


@dataclass(frozen=True, slots=True)
class Opened:
    """The register, open for the one who acts now."""

    workspace: Workspace
    actor: Actor
    entries: Entries
    expecting: Expecting

    def stamp(self, how: str, batch: str = "") -> Stamp:
        """That this account does something now."""
        return Stamp(datetime.now(UTC).isoformat(timespec="seconds"), self.actor.id, how, batch)

    def all(self) -> dict[str, Held]:
        """Every review by its id, those with a file first, in the order of receipt."""
        records = self.entries.all()
        rows = self.workspace.register.rows()
        held = {row.review: _held(row, records.get(row.review, Record())) for row in rows}
        for one in self.expecting.waiting():
            record = records.get(one.entry, Record())
            held[one.entry] = Held(one.entry, record, None, one.added, entry.told(record))
        return held

    def one(self, review: str) -> Held:
        """One review, by its id or by the one that it had before its file came."""
        wanted = self.expecting.turned().get(review, review)
        for waiting in self.expecting.waiting():
            if waiting.entry == wanted:
                record = self.entries.one(wanted)
                return Held(wanted, record, None, waiting.added, entry.told(record))
        found = self.workspace.register.rows(review=wanted)
        if not found:
            raise UsageError(_NO_REVIEW)
        return _held(found[0], self.entries.one(wanted))

    def changeable(self, review: str) -> Held:
        """One review that may be changed; NotSettledError for one that was withdrawn."""
        held = self.one(review)
        if held.row is not None and held.row.state is State.WITHDRAWN:
            raise NotSettledError(_WITHDRAWN, review=held.id)
        return held

    def waiting(self, review: str) -> Held:
        """A review whose file has not come; UsageError for any other."""
        held = self.one(review) if review.startswith("e-") else None
        if held is None or held.row is not None or held.id != review:
            raise UsageError(NOT_EXPECTED)
        return held


def _held(row: Row, record: Record) -> Held:
    values = entry.told(record, row.board, row.subject, row.kind)
    return Held(row.review, record, row, row.received, values)


def opened(
    workspace: Workspace, who: Who, *, password: str | None = None, step: str, looks: bool = True
) -> Opened:
    """The register for an account that may see it; that it `looks` at names is in the ledger."""
    try:
        actor = workspace.accounts.act(who, *STAFF, password=password)
    except NotSettledError:
        account = workspace.accounts.named(who).id if isinstance(who, str) else who.id
        workspace.ledger.append(account, "refused", None, {"step": step, "code": "no-duty"})
        raise
    entries = Entries(Vault.unlock(workspace))
    if looks:
        workspace.ledger.append(actor.id, "view-register", None, {"step": step})
    return Opened(workspace, actor, entries, Expecting(workspace.database))


@contextmanager
def writing(register: Opened) -> Iterator[None]:
    """A block in which the register is read and changed as a whole, or not at all."""
    with register.workspace.writing():
        yield


def write_action(register: Opened, act: str, review: str, id_: str, record: Record) -> None:
    """Write into the ledger that an action was changed: which fields, never what they hold."""
    detail: Detail = {"action": id_, "fields": list(record.steps[-1].fields)}
    register.workspace.ledger.append(register.actor.id, act, review, detail)


def history_rows(record: Record, names: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """The changes of a record, a row a field; `names` are those of accounts."""
    for step in record.steps:
        before, after = dict(step.before), dict(step.after)
        for name in step.fields:
            yield {
                "time": step.time,
                "by": names.get(step.by, step.by),
                "how": step.how,
                "field": name,
                "before": before.get(name, ""),
                "after": after.get(name, ""),
            }
