"""The review desk's work: a review opened, decided on step by step, undone and done again."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar, cast

from pipeline.door.redact import Redaction
from pipeline.errors import LeakError, NotSettledError, StoreError, UsageError
from pipeline.flow import editions, losing, rendering, steps
from pipeline.flow.steps import Clear, Step, Table
from pipeline.raw import cards, link_positions, residual, settle
from pipeline.raw.cards import Card, Context, Contexts
from pipeline.raw.document import Document, Finding, Proposal, Settlement, Unread, Verdict
from pipeline.raw.residual import Left
from pipeline.span import Kind, Span
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.casefile import CaseFile, Decided, changes
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_NOTHING_TO_UNDO = "There is nothing to take back. Nothing was changed."
_NOTHING_TO_REDO = "There is nothing to do again. Nothing was changed."
_NOWHERE = (
    "These words do not stand in the report as you typed them. Nothing was added. Copy them from "
    "the text, or mark them there."
)
_KEPT_READINGS = 4
_Kept = TypeVar("_Kept", "Reading", "Desk")
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
    """What was worked out of the last few reviews, so that each step need not begin anew.

    It holds names: one belongs to one running desk and is never written down.
    """

    def __init__(self, keep: int = _KEPT_READINGS) -> None:
        self._kept: OrderedDict[tuple[str, ...], Reading | Desk] = OrderedDict()
        self._keep = 3 * keep
        self._lock = Lock()

    def get(self, key: tuple[str, ...], make: Callable[[], _Kept]) -> _Kept:
        """What is kept under a key, made where it is not there. A key always means one type."""
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = make()
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > self._keep:
                self._kept.popitem(last=False)
        return cast("_Kept", found)

    def forget(self, review: str) -> None:
        """Let go of a review, once it is purged or withdrawn."""
        with self._lock:
            for key in [key for key in self._kept if review in key]:
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
    actor, row, case, reading = _begun(workspace, review, edition, who, password, readings)
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
    actor, row, case, reading = _begun(workspace, review, edition, who, password, readings)
    before = case.decided(row.edition)
    if not before.undo:
        raise UsageError(_NOTHING_TO_UNDO)
    earlier = case.decided(before.undo[-1])
    after = replace(earlier, undo=before.undo[:-1], redo=(*before.redo, row.edition))
    kept = _kept(workspace, actor, case, _desk(row, reading, after), before, "undo")
    return _remembered(kept, readings)


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
    kept = _kept(workspace, actor, case, _desk(row, reading, after), before, "redo")
    return _remembered(kept, readings)


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


def mentions(desk: Desk, card: Card) -> tuple[tuple[Context, str], ...]:
    """Every mention of a card in its sentence, with what counts for it: a verdict."""
    stays = {span.start for span in desk.settlement.kept}
    contexts = Contexts(desk.reading.document)
    own = set(card.findings)
    return tuple(
        (contexts.of(finding.span, finding.id), _counts(finding, card, stays))
        for finding in desk.proposal.findings
        if finding.id in own
    )


def _counts(finding: Finding, card: Card, stays: Collection[int]) -> str:
    if finding.span.start in stays:
        return Verdict.REJECT.value
    return Verdict.UNDECIDED.value if card.is_open else Verdict.ACCEPT.value


def context(desk: Desk, span: Span) -> Context:
    """A stretch of the report in its sentence."""
    return Contexts(desk.reading.document).of(span)


def shown(desk: Desk, group: Left, most: int = 3) -> tuple[Context, ...]:
    """Some places of a group of the residual list in their sentences, each form at least once."""
    contexts = Contexts(desk.reading.document)
    text = desk.reading.document.text
    first: dict[str, Span] = {}
    for span in group.spans:
        first.setdefault(span.of(text), span)
    picked = list(dict.fromkeys([*first.values(), *group.spans]))[:most]
    return tuple(contexts.of(span) for span in sorted(picked))


def where(desk: Desk, words: str) -> Span:
    """Where words first stand in the report, as somebody typed them; UsageError if nowhere."""
    plain = " ".join(words.split())
    text = desk.reading.document.text
    pattern = r"\s+".join(map(re.escape, plain.split(" ")))
    for flags in (re.NOFLAG, re.IGNORECASE):
        match = re.search(rf"(?<!\w){pattern}(?!\w)", text, flags) if plain else None
        if match:
            return Span(*match.span())
    raise UsageError(_NOWHERE)


def positions(kind: Kind) -> tuple[str, ...]:
    """What a person, a body or a place may be called: the positions that Candour knows."""
    known = link_positions.positions()
    rows = {Kind.PERSON: known.person, Kind.ORGANISATION: known.organisation}
    return tuple(row.position for row in rows.get(kind, known.place))
