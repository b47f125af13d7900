"""A new edition of what was decided: approvals that rested on the one before are void."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.config import Settings
from pipeline.door.redact import Redaction
from pipeline.errors import LeakError, NotSettledError, StoreError, UsageError
from pipeline.flow import proposing, rendering
from pipeline.raw import residual, settle
from pipeline.raw.document import Document, Proposal, Settlement
from pipeline.safe.lesson import SafeDocument
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.casefile import CaseFile, Decided
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State
from pipeline.store.workspace import Workspace

CHANGED_MEANWHILE = (
    "Somebody else changed this review at the same time. Nothing of yours was kept. Look at it "
    "again and repeat the step."
)
WITHDRAWN = (
    "This review was withdrawn. Nothing was changed. It stays in the register as withdrawn. If "
    "the report is to be published after all, save it anew in its program and take that file in."
)
SAME_PERSON = (
    "The account that decided last cannot approve. The review was not approved. Ask a second "
    "person with the duty of an approver."
)
_NAME_DESCRIBED = (
    "A description of a removed picture seems to hold a name, a place, a number or an address. "
    "Nothing was taken in. Write it with roles and kinds of place: it will be published."
)


_NO_SENDER = (
    "From whom a file came, or to whom one goes, is one line of 1 to 200 characters. Nothing was "
    "changed. Write a name or an office."
)
_LONGEST_NAMED = 200
SENDER = "sender-1"


def one_line(named: str) -> str:
    r"""Somebody outside, as staff name them: one line of free text, for the vault alone.

    >>> one_line("  The author,\n by post ")
    'The author, by post'
    """
    plain = " ".join(named.split())
    if not 0 < len(plain) <= _LONGEST_NAMED:
        raise UsageError(_NO_SENDER)
    return plain


def settled(document: Document, proposal: Proposal, decided: Decided) -> Settlement:
    """What is hidden, kept and still open after what was decided, the residual list included.

    `proposal` is what was proposed at first.
    """
    made = _without_left(document, proposal, decided)
    open_groups = residual.still_open(_groups(document, made), decided.passed)
    return replace(made, left=len(open_groups))


def left(document: Document, proposal: Proposal, decided: Decided) -> tuple[residual.Left, ...]:
    """The residual list after what was decided, all of its groups."""
    return _groups(document, _without_left(document, proposal, decided))


def _without_left(document: Document, proposal: Proposal, decided: Decided) -> Settlement:
    corrected = settle.amended(document, proposal, decided.amended)
    return settle.settled(document, corrected, decided.decisions, decided.added, decided.cleared)


def _groups(document: Document, made: Settlement) -> tuple[residual.Left, ...]:
    return residual.groups(document, residual.candidates(document), made)


def of_case(case: CaseFile, decided: Decided, edition: int) -> Settlement:
    """The same for a review in the vault; `edition` says which reading of its file counts."""
    return settled(case.document(edition), case.proposal(edition), decided)


def to_publish(
    case: CaseFile, document: Document, edition: int, profile: str, *, again: bool = False
) -> Redaction:
    """The review as it goes out; `again`, as it went out: nothing is asked of it any more."""
    made = of_case(case, case.decided(edition), edition)
    return rendering.redacted(
        document,
        replace(made, left=0) if again else made,
        profile,
        review=case.review,
        draft=False,
        version=case.version(edition),
    )


def state(settlement: Settlement) -> State:
    """Settled once nothing is open."""
    still = settlement.undecided or settlement.uncleared or settlement.left
    return State.PROPOSED if still else State.SETTLED


def require_unchanged(workspace: Workspace, row: Row) -> None:
    """Refuse to go on from what somebody else has changed meanwhile."""
    now = workspace.register.row(row.review)
    if (now.edition, now.state) != (row.edition, row.state):
        raise StoreError(CHANGED_MEANWHILE, review=row.review)


def standing(workspace: Workspace, review: str) -> Row:
    """The row of a review that one may work on; NotSettledError where it was withdrawn."""
    row = workspace.register.row(review)
    if row.state is State.WITHDRAWN:
        raise NotSettledError(WITHDRAWN, review=review)
    return row


Drafted = tuple[SafeDocument | None, LeakError | None]


def drafted(workspace: Workspace, review: str, document: Document, made: Settlement) -> Drafted:
    """The review's draft made anew; where the gate stops it there is none, and why."""
    profile = workspace.settings.profile
    draft = rendering.redacted(document, made, profile, review=review, draft=True)
    try:
        rendering.require_clean_text(draft)
    except LeakError as leak:
        return None, leak
    return draft.document, None


def void_and_draft(
    workspace: Workspace,
    actor: Actor,
    row: Row,
    drafted: Drafted,
    told: Detail,
    settlement: Settlement,
    *,
    action: str = "decide",
) -> None:
    """Take back every approval, keep the draft made anew, and write down what was done."""
    draft, leak = drafted
    voided = void(workspace, row.review)
    if draft is None:
        workspace.library.drop(row.review, profile=workspace.settings.profile)
    else:
        workspace.library.put_document(draft)
    more: Detail = {
        "undecided": settlement.undecided,
        "uncleared": settlement.uncleared,
        "left": settlement.left,
        "edition": row.edition,
        "voided": voided,
        "leak": leak is not None,
    }
    workspace.ledger.append(actor.id, action, row.review, {**told, **more})


def void(workspace: Workspace, review: str) -> int:
    """Take back every approval of a review, with the texts that it let into the library."""
    profiles = workspace.register.approved_profiles(review)
    workspace.register.void(review, profiles)
    for profile in profiles:
        workspace.library.drop(review, profile=profile)
    return len(profiles)


def require_nameless(descriptions: Iterable[str], settings: Settings) -> None:
    """UsageError where a description of a picture seems to name somebody or something.

    The gate knows what the report hides; a picture can show names that stand nowhere else.
    """
    if any(proposing.names_something(text, settings) for text in sorted(set(descriptions))):
        raise UsageError(_NAME_DESCRIBED)


def allowed(
    workspace: Workspace, who: Who, *duties: Duty, password: str | None, review: str, step: str
) -> Actor:
    """Who acts, where they may; that somebody was refused is in the ledger, with what they wanted.

    NotSettledError without the duty or the password, UsageError where there is no such account.
    """
    try:
        return workspace.accounts.act(who, *duties, password=password)
    except NotSettledError:
        account = workspace.accounts.named(who).id if isinstance(who, str) else who.id
        refused(workspace, account, review, step, "no-duty")
        raise


def refused(workspace: Workspace, account: str, review: str, step: str, code: str) -> None:
    """Write into the ledger that an account was refused a step of a review, and the code of why."""
    workspace.ledger.append(account, "refused", review, {"step": step, "code": code})
