"""The review desk's work: a review opened, decided on step by step, undone and done again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from pipeline.door.redact import Redaction
from pipeline.errors import LeakError, NotSettledError, StoreError, UsageError
from pipeline.flow import editions, rendering, steps
from pipeline.flow.steps import Clear, Step, Table
from pipeline.raw import cards, residual, settle
from pipeline.raw.cards import Card
from pipeline.raw.document import Document, Proposal, Settlement, Unread
from pipeline.raw.residual import Left
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.casefile import CaseFile, Decided, changes
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_NOTHING_TO_UNDO = "There is nothing to take back. Nothing was changed."
_NOTHING_TO_REDO = "There is nothing to do again. Nothing was changed."
_KEPT_READINGS = 4
_NO_DRAFT = (State.APPROVED, State.PUBLISHED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a review does not change while people decide: raw, kept in memory only."""

    document: Document
    proposal: Proposal
    every: tuple[residual.Candidate, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """A review as it lies on the desk at one edition: raw, for reviewers and approvers.

    `groups` is the residual list, `passed` the keys of those that were looked at; `open_lines`
    are the lines of what was not read that nobody cleared.
    """

    row: Row
    reading: Reading
    decided: Decided
    settlement: Settlement
    proposal: Proposal
    cards: tuple[Card, ...]
    groups: tuple[Left, ...]
    open_lines: tuple[Unread, ...]

    @property
    def open_cards(self) -> tuple[Card, ...]:
        """The cards on which somebody still has to decide, in their order."""
        return tuple(card for card in self.cards if card.is_open)

    @property
    def open_groups(self) -> tuple[Left, ...]:
        """The groups of the residual list that nobody has looked at."""
        return residual.still_open(self.groups, self.decided.passed)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is open, so that a second person may approve."""
        return editions.state(self.settlement) is State.SETTLED


class Readings:
    """The readings of the last few reviews, so that each step need not open the vault anew.

    They hold names: one belongs to one running desk and is never written down.
    """

    def __init__(self, keep: int = _KEPT_READINGS) -> None:
        self._kept: OrderedDict[tuple[str, str, str], Reading] = OrderedDict()
        self._keep = keep
        self._lock = Lock()

    def get(self, key: tuple[str, str, str], make: Callable[[], Reading]) -> Reading:
        """The reading under a key, made where it is not there."""
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = make()
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > self._keep:
                self._kept.popitem(last=False)
        return found

    def forget(self, review: str) -> None:
        """Let go of a review, once it is purged or withdrawn."""
        with self._lock:
            for key in [key for key in self._kept if key[1] == review]:
                del self._kept[key]


def opened(
    workspace: Workspace,
    review: str,
    *,
    who: Who,
    password: str | None = None,
    what: str = "desk",
    readings: Readings | None = None,
) -> Desk:
    """The review as it lies on the desk. That the account saw raw text is in the ledger first.

    `what` is the part of the desk that is looked at, as a code.
    """
    may = (Duty.REVIEWER, Duty.APPROVER)
    actor = editions.allowed(workspace, who, *may, password=password, review=review, step=what)
    row = workspace.register.row(review)
    if row.state is State.WITHDRAWN:
        raise NotSettledError(editions.WITHDRAWN, review=review)
    workspace.ledger.append(actor.id, "view-raw", review, {"edition": row.edition, "what": what})
    case = CaseFile(Vault.unlock(workspace), review)
    return _desk(row, _reading(workspace, case, row, readings), case.decided(row.edition))


def _reading(workspace: Workspace, case: CaseFile, row: Row, readings: Readings | None) -> Reading:
    def make() -> Reading:
        document = case.document(row.edition)
        return Reading(document, case.proposal(row.edition), residual.candidates(document))

    key = (workspace.id, row.review, f"{row.sha256} {row.text_sha256} {row.versions}")
    return make() if readings is None else readings.get(key, make)


def _desk(row: Row, reading: Reading, decided: Decided) -> Desk:
    document = reading.document
    corrected = settle.amended(document, reading.proposal, decided.amended)
    whole = settle.extended(document, corrected, decided.added)
    made = settle.settled(document, corrected, decided.decisions, decided.added, decided.cleared)
    groups = residual.groups(document, reading.every, made)
    left = residual.still_open(groups, decided.passed)
    by_hand = [f.id for f in whole.findings if f.by == settle.REVIEWER]
    return Desk(
        row=row,
        reading=reading,
        decided=decided,
        settlement=replace(made, left=len(left)),
        proposal=whole,
        cards=cards.queue(document, whole, decided.decisions, by_hand),
        groups=groups,
        open_lines=settle.still_open(document, decided.cleared),
    )


def act(
    workspace: Workspace,
    review: str,
    step: Step,
    *,
    edition: int,
    who: Who,
    password: str | None = None,
    readings: Readings | None = None,
) -> Desk:
    """Take one step from the edition that the reviewer had on screen, and give the desk after it.

    Every approval of the review is void from then on. StoreError where somebody else has changed
    the review meanwhile, UsageError where the step speaks of something that is not there, or a
    card is accepted whose mentions were not shown.
    """
    actor, row, case, reading = _begun(workspace, review, edition, who, password, readings)
    before = case.decided(row.edition)
    table = Table(reading.document, reading.proposal, _desk(row, reading, before).cards)
    after = steps.taken(table, before, step)
    if isinstance(step, Clear) and step.description:
        editions.require_nameless([step.description], workspace.settings)
    after = replace(after, undo=(*before.undo, row.edition), redo=())
    return _kept(workspace, actor, row, case, reading, (before, after), type(step).__name__.lower())


def undo(
    workspace: Workspace,
    review: str,
    *,
    edition: int,
    who: Who,
    password: str | None = None,
    readings: Readings | None = None,
) -> Desk:
    """Take the last step back; as often as there are steps. UsageError where there is none."""
    actor, row, case, reading = _begun(workspace, review, edition, who, password, readings)
    before = case.decided(row.edition)
    if not before.undo:
        raise UsageError(_NOTHING_TO_UNDO)
    earlier = case.decided(before.undo[-1])
    after = replace(earlier, undo=before.undo[:-1], redo=(*before.redo, row.edition))
    return _kept(workspace, actor, row, case, reading, (before, after), "undo")


def redo(
    workspace: Workspace,
    review: str,
    *,
    edition: int,
    who: Who,
    password: str | None = None,
    readings: Readings | None = None,
) -> Desk:
    """Take a step again that was taken back last. UsageError where there is none."""
    actor, row, case, reading = _begun(workspace, review, edition, who, password, readings)
    before = case.decided(row.edition)
    if not before.redo:
        raise UsageError(_NOTHING_TO_REDO)
    later = case.decided(before.redo[-1])
    after = replace(later, undo=(*before.undo, row.edition), redo=before.redo[:-1])
    return _kept(workspace, actor, row, case, reading, (before, after), "redo")


_Begun = tuple[Actor, Row, CaseFile, Reading]


def _begun(
    workspace: Workspace,
    review: str,
    edition: int,
    who: Who,
    password: str | None,
    readings: Readings | None,
) -> _Begun:
    actor = editions.allowed(
        workspace, who, Duty.REVIEWER, password=password, review=review, step="decide"
    )
    row = workspace.register.row(review)
    if row.state is State.WITHDRAWN:
        raise NotSettledError(editions.WITHDRAWN, review=review)
    if row.edition != edition:
        raise StoreError(editions.CHANGED_MEANWHILE, review=review)
    case = CaseFile(Vault.unlock(workspace), review)
    return actor, row, case, _reading(workspace, case, row, readings)


def _kept(
    workspace: Workspace,
    actor: Actor,
    row: Row,
    case: CaseFile,
    reading: Reading,
    both: tuple[Decided, Decided],
    did: str,
) -> Desk:
    """Keep what was decided as a new edition; the draft in the library goes until it is made."""
    before, after = both
    desk = _desk(row, reading, after)
    told: Detail = {
        "step": did,
        "edition": row.edition + 1,
        "undecided": desk.settlement.undecided,
        "uncleared": desk.settlement.uncleared,
        "left": desk.settlement.left,
    }
    with workspace.writing():
        editions.require_unchanged(workspace, row)
        state = editions.state(desk.settlement)
        row = workspace.register.change(row, edition=row.edition + 1, editor=actor.id, state=state)
        case.decide(row.edition, after)
        voided = editions.void(workspace, row.review)
        workspace.library.drop(row.review, profile=workspace.settings.profile)
        detail: Detail = {**changes(before, after), **told, "voided": voided}
        workspace.ledger.append(actor.id, "decide", row.review, detail)
    return replace(desk, row=row)


def preview(workspace: Workspace, desk: Desk, profile: str) -> Redaction:
    """The text as it would be published under a profile after what was decided: a draft."""
    return rendering.redacted(
        desk.reading.document, desk.settlement, profile, review=desk.row.review, draft=True
    )


def keep_draft(workspace: Workspace, desk: Desk, made: Redaction) -> bool:
    """Put a draft into the library, unless the review changed since or the gate finds a leak."""
    try:
        rendering.require_clean_text(made)
    except LeakError:
        return False
    with workspace.writing():
        now = workspace.register.row(desk.row.review)
        if now.edition != desk.row.edition or now.state in _NO_DRAFT:
            return False
        workspace.library.put_document(made.document)
    return True
