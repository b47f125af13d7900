"""The review desk's work: a review opened, decided on step by step, undone and done again."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pipeline.door.redact import Redaction
from pipeline.errors import LeakError, NotSettledError, StoreError, UsageError
from pipeline.flow import editions, losing, rendering, steps
from pipeline.flow.desks import Desk, Reading, Readings
from pipeline.flow.steps import Clear, Step, Table
from pipeline.raw import cards, residual, settle
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.casefile import CaseFile, Decided, changes
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_NOTHING_TO_UNDO = "There is nothing to take back. Nothing was changed."
_NOTHING_TO_REDO = "There is nothing to do again. Nothing was changed."
_NO_DRAFT = (State.APPROVED, State.PUBLISHED, State.WITHDRAWN)


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
    workspace.ledger.append(actor.id, "view-raw", review, {"edition": row.edition, "what": what})
    return part(workspace, review, who=actor, readings=readings)


def part(workspace: Workspace, review: str, *, who: Who, readings: Readings | None = None) -> Desk:
    """The same for a part of a page whose view is in the ledger already: the caller vouches."""
    may = (Duty.REVIEWER, Duty.APPROVER)
    editions.allowed(workspace, who, *may, password=None, review=review, step="desk")
    desk = prepared(workspace, review, readings)
    if desk is None:
        raise NotSettledError(editions.WITHDRAWN, review=review)
    return desk


def prepared(workspace: Workspace, review: str, readings: Readings | None) -> Desk | None:
    """The desk worked out before somebody looks at it, for nobody's eyes; None if withdrawn."""
    row = workspace.register.row(review)
    if row.state is State.WITHDRAWN:
        return None
    case = CaseFile(Vault.unlock(workspace), review)
    if readings is not None and not case.has_original:  # purged by somebody else's command
        readings.forget(review)
    return _known(row, _reading(workspace, case, row, readings), case, readings)


def _known(row: Row, reading: Reading, case: CaseFile, readings: Readings | None) -> Desk:
    """The desk at the edition of a row; what is kept of it counts only with that row's state."""

    def make() -> Desk:
        return _desk(row, reading, case.decided(row.edition))

    if readings is None:
        return make()
    return replace(readings.get(_key(row), make), row=row)


def _remembered(desk: Desk, readings: Readings | None) -> Desk:
    return desk if readings is None else readings.get(_key(desk.row), lambda: desk)


def _key(row: Row) -> tuple[str, ...]:
    return ("desk", row.review, str(row.edition), row.sha256, row.versions)


def _reading(workspace: Workspace, case: CaseFile, row: Row, readings: Readings | None) -> Reading:
    def make() -> Reading:
        document = case.document(row.edition)
        return Reading(document, case.proposal(row.edition), residual.candidates(document))

    key = ("reading", row.review, row.sha256, row.text_sha256, row.versions)
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
    _, actor, row, case, reading = _begun(workspace, review, edition, who, password, readings)
    desk = _known(row, reading, case, readings)
    made = stepped(desk, step)
    if isinstance(step, Clear) and step.description:
        editions.require_nameless([step.description], workspace.settings)
    before = desk.decided
    after = replace(made.decided, undo=(*before.undo, row.edition), redo=())
    did = type(step).__name__.lower()
    kept = _kept(workspace, actor, case, replace(made, decided=after), before, did)
    return _remembered(kept, readings)


def stepped(desk: Desk, step: Step) -> Desk:
    """The desk after a step, not yet kept; UsageError as `act`, and where a hidden name is lost."""
    reading, before = desk.reading, desk.decided
    after = steps.taken(Table(reading.document, reading.proposal, desk.cards), before, step)
    made = _desk(desk.row, reading, after)
    proposed = settle.amended(reading.document, reading.proposal, before.amended)
    both = (desk.settlement, made.settlement)
    losing.require_nothing_lost(
        reading.document.text, step, desk.cards, desk.proposal, proposed, before.decisions, both
    )
    return made


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
    return _turned(_begun(workspace, review, edition, who, password, readings), "undo", readings)


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
    return _turned(_begun(workspace, review, edition, who, password, readings), "redo", readings)


_Begun = tuple[Workspace, Actor, Row, CaseFile, Reading]


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
    return workspace, actor, row, case, _reading(workspace, case, row, readings)


def _turned(begun: _Begun, way: Literal["undo", "redo"], readings: Readings | None) -> Desk:
    """The desk as it was one step before, or after a step that was taken back."""
    workspace, actor, row, case, reading = begun
    before = case.decided(row.edition)
    there = before.undo if way == "undo" else before.redo
    if not there:
        raise UsageError(_NOTHING_TO_UNDO if way == "undo" else _NOTHING_TO_REDO)
    if way == "undo":
        undone, redone = before.undo[:-1], (*before.redo, row.edition)
    else:
        undone, redone = (*before.undo, row.edition), before.redo[:-1]
    after = replace(case.decided(there[-1]), undo=undone, redo=redone)
    kept = _kept(workspace, actor, case, _desk(row, reading, after), before, way)
    return _remembered(kept, readings)


def _kept(
    workspace: Workspace, actor: Actor, case: CaseFile, desk: Desk, before: Decided, did: str
) -> Desk:
    """Keep what was decided as a new edition; the draft in the library goes until it is made."""
    row, after = desk.row, desk.decided
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
    """The text as it would be published under a profile after what was decided: a draft.

    What nobody decided on yet is hidden, but for what no rule hides and a person is asked about.
    """
    asked = {f for card in desk.cards if card.asked and card.is_open for f in card.findings}
    as_if_settled = replace(
        desk.settlement,
        findings=tuple(f for f in desk.settlement.findings if f.id not in asked),
        undecided=0,
        uncleared=0,
        left=0,
    )
    made = rendering.redacted(
        desk.reading.document, as_if_settled, profile, review=desk.row.review, draft=False
    )
    return replace(made, document=replace(made.document, draft=True))


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
