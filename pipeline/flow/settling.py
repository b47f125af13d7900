"""Settling: a reviewer decides, a second person approves, and what was approved is bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from pipeline.errors import LeakError, NotSettledError, StoreError, UsageError
from pipeline.flow import editions, proposing, rendering
from pipeline.raw import settle
from pipeline.raw.document import (
    Document,
    Proposal,
    Settlement,
    UnreadKind,
    View,
)
from pipeline.store import approval as approvals
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.approval import Approval
from pipeline.store.casefile import CaseFile, Decided, changes, merged
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_MAY_BE_APPROVED = frozenset({State.SETTLED, State.APPROVED, State.PUBLISHED})
_NOBODY_DECIDED = (
    "Nobody has decided on this review yet. It was not approved. Export it with `candour review`, "
    "decide, and take the decisions in."
)
_OPEN = (
    "Something in this review is undecided or was not looked at. It was not approved. Decide "
    "every finding, clear every line of what was not read, and go through what is left."
)
_NO_CHANGES = (
    "This review has no tracked changes, or is no Word file: there is one view of it. Nothing "
    "was changed."
)
_SAME_VIEW = "This review is read in that view already. Nothing was changed."


def still_open(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> list[dict[str, object]]:
    """What keeps a review from approval: a row a kind, how many, and what would settle them.

    To decide, not read, and left: words and numbers that stay and that nobody has looked at.

    Kinds, counts and codes only; no word of the review.
    """
    editions.allowed(
        workspace,
        as_name,
        Duty.REVIEWER,
        Duty.APPROVER,
        password=password,
        review=review,
        step="look",
    )
    row = editions.standing(workspace, review)
    case = CaseFile(Vault.unlock(workspace), review)
    document, decided = case.document(row.edition), case.decided(row.edition)
    proposal = settle.amended(document, case.proposal(row.edition), decided.amended)
    waiting = settle.undecided(document, proposal, decided.decisions, decided.added)
    lines = settle.still_open(document, decided.cleared)
    by_kind = {line.what: line for line in lines}
    groups = editions.left(document, case.proposal(row.edition), decided)
    open_groups = [group for group in groups if group.key not in decided.passed]
    return [
        *_counted("to decide", waiting, lambda kind: "accept, reject"),
        *_counted(
            "not read",
            [line.what for line in lines],
            lambda what: ", ".join(settle.fitting(by_kind[what], document.view)),
        ),
        *_counted("left", [group.kind for group in open_groups], lambda kind: "accept, added"),
    ]


_Kind = TypeVar("_Kind", bound=StrEnum)


def _counted(
    part: str, kinds: Iterable[_Kind], settle_with: Callable[[_Kind], str]
) -> list[dict[str, object]]:
    return [
        {"part": part, "kind": kind.value, "open": count, "settle_with": settle_with(kind)}
        for kind, count in sorted(Counter(kinds).items())
    ]


def export(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> dict[str, object]:
    """What is proposed and decided, for a file of decisions. It holds names.

    That the account saw raw text is in the ledger before it sees it.
    """
    actor = editions.allowed(
        workspace,
        as_name,
        Duty.REVIEWER,
        Duty.APPROVER,
        password=password,
        review=review,
        step="export",
    )
    row = editions.standing(workspace, review)
    case = CaseFile(Vault.unlock(workspace), review)
    workspace.ledger.append(actor.id, "view-raw", review, {"edition": row.edition})
    decided, document = case.decided(row.edition), case.document(row.edition)
    proposal = case.proposal(row.edition)
    rows = settle.export_rows(
        document,
        settle.amended(document, proposal, decided.amended),
        decided.decisions,
        decided.added,
        decided.cleared,
    )
    groups = editions.left(document, proposal, decided)
    return rows | {"left": settle.left_rows(document, groups, decided.passed)}


def decide(
    workspace: Workspace,
    review: str,
    content: Mapping[str, object],
    *,
    as_name: Who,
    password: str | None = None,
) -> dict[str, object]:
    """Take in decisions; review, state and how many findings and lines are still open.

    They are kept, encrypted, as a new edition; what the file does not speak of stands as it
    was. Every approval of the review is void from then on, and the draft in the library is
    made anew. LeakError where the gate finds something in that draft: the decisions are kept,
    the draft is not.
    """
    actor = editions.allowed(
        workspace, as_name, Duty.REVIEWER, password=password, review=review, step="decide"
    )
    row = editions.standing(workspace, review)
    case = CaseFile(Vault.unlock(workspace), review)
    before = case.decided(row.edition)
    now = _parsed(case, row.edition, content, before)
    after = merged(before, now, named=_named(content), added="added" in content)
    after = replace(after, undo=(*before.undo, row.edition))
    document = case.document(row.edition)
    settlement = editions.of_case(case, after, row.edition)
    drafted = editions.drafted(workspace, review, document, settlement)
    editions.require_nameless(_described(before, now), workspace.settings)
    with workspace.writing():
        editions.require_unchanged(workspace, row)
        row = workspace.register.change(
            row, edition=row.edition + 1, editor=actor.id, state=editions.state(settlement)
        )
        case.decide(row.edition, after)
        editions.void_and_draft(workspace, actor, row, drafted, changes(before, after), settlement)
    return _standing(row, settlement, drafted[1])


def set_aside(
    workspace: Workspace, review: str, view: View, *, as_name: Who, password: str | None = None
) -> int:
    """How many decisions would not count once a review is read in another view.

    UsageError where it has no tracked changes, or is read in that view already.
    """
    editions.allowed(
        workspace, as_name, Duty.REVIEWER, password=password, review=review, step="read-again"
    )
    row = editions.standing(workspace, review)
    case = CaseFile(Vault.unlock(workspace), review)
    _require_other_view(case.document(row.edition), view)
    return case.decided(row.edition).size


def read_again(
    workspace: Workspace, review: str, view: View, *, as_name: Who, password: str | None = None
) -> dict[str, object]:
    """Read a Word file with tracked changes in another view, and propose anew; as `decide`.

    The reading is a new edition: what was decided on the other text is kept and does not count.
    What was decided on this very text and proposal before, in an earlier edition, counts again.
    """
    actor = editions.allowed(
        workspace, as_name, Duty.REVIEWER, password=password, review=review, step="read-again"
    )
    row = editions.standing(workspace, review)
    case = CaseFile(Vault.unlock(workspace), review)
    before = case.document(row.edition)
    _require_other_view(before, view)
    original, first = case.original(row.edition), case.document(case.began(row.edition))
    document = proposing.read_again(original, first, view, workspace.settings)
    proposal = proposing.propose(document, workspace.settings)
    decided = _decided_on(case, row.edition, document, proposal)
    settlement = editions.settled(document, proposal, decided)
    drafted = editions.drafted(workspace, review, document, settlement)
    listed = proposing.registered(document, proposal, workspace.settings)
    aside = case.decided(row.edition).size
    with workspace.writing():
        editions.require_unchanged(workspace, row)
        state = editions.state(settlement)
        row = workspace.register.change(
            row, edition=row.edition + 1, editor=actor.id, state=state, **listed
        )
        case.read_again(row.edition, document, proposal)
        case.decide(row.edition, decided)
        told: Detail = {"view": view.value, "text": document.text_sha256, "set_aside": aside}
        editions.void_and_draft(workspace, actor, row, drafted, told, settlement)
    return _standing(row, settlement, drafted[1]) | {"again": decided.size}


def _require_other_view(document: Document, view: View) -> None:
    if not any(line.what is UnreadKind.TRACKED_CHANGE for line in document.unread):
        raise UsageError(_NO_CHANGES)
    if document.view is view:
        raise UsageError(_SAME_VIEW)


def _decided_on(case: CaseFile, edition: int, document: Document, proposal: Proposal) -> Decided:
    """What was last decided on this very text and proposal; nothing where nobody has."""
    for earlier in range(edition, 0, -1):
        if (case.document(earlier), case.proposal(earlier)) == (document, proposal):
            # What can be undone was done on another text.
            return replace(case.decided(earlier), undo=(), redo=())
    return Decided()


def _standing(row: Row, settlement: Settlement, leak: LeakError | None) -> dict[str, object]:
    """Where a review stands; LeakError where the gate kept its draft back."""
    if leak is not None:
        raise leak
    return {
        "review": row.review,
        "state": row.state.value,
        "undecided": settlement.undecided,
        "uncleared": settlement.uncleared,
        "left": settlement.left,
    }


def require_settled(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> None:
    """See that this account could approve a review now, before it is asked the checklist.

    NotSettledError as `approve` would raise it.
    """
    actor = editions.allowed(
        workspace, as_name, Duty.APPROVER, password=password, review=review, step="approve"
    )
    _editor(workspace, editions.standing(workspace, review), actor)


def approve(
    workspace: Workspace,
    review: str,
    profile: str,
    *,
    as_name: Who,
    password: str | None = None,
    checklist: Mapping[str, str] | None = None,
    signatory: str = "",
    edition: int | None = None,
) -> Approval:
    """Approve a settled review under one profile and bind the approval to every byte of it.

    `checklist` has the answers to the questions of store.approval by their codes, `signatory`
    who signed the profile; without a checklist the approval says that nobody was asked.
    `edition` is the one that the approver has read: StoreError where it is not the last.
    NotSettledError where the review is open, the checklist is not complete, or the account is
    that of the last editor or no approver; LeakError where the gate finds something in a file
    that would be published.
    """
    actor = editions.allowed(
        workspace, as_name, Duty.APPROVER, password=password, review=review, step="approve"
    )
    row = editions.standing(workspace, review)
    if edition is not None and row.edition != edition:
        raise StoreError(editions.CHANGED_MEANWHILE, review=review)
    editor = _editor(workspace, row, actor)
    answers = () if checklist is None else approvals.answered(checklist, signatory)
    case = CaseFile(Vault.unlock(workspace), review)
    document = case.document(row.edition)
    redaction = editions.to_publish(case, document, row.edition, profile)
    demonstration = _demonstration(workspace, actor.id, editor)
    # Under no id: it is drawn as the review goes out, so that nobody here has seen it before.
    outputs = rendering.artefacts(redaction, rendering.undrawn(demonstration=demonstration))
    with workspace.writing():
        editions.require_unchanged(workspace, row)
        approval = Approval(
            review=review,
            profile=profile,
            public_id="",
            approver=actor.id,
            editor=editor,
            proven=actor.proven,
            demonstration=demonstration,
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            ledger_head=workspace.ledger.head(),
            bound=rendering.bound(row, redaction, outputs),
            checklist=answers,
        )
        if answers:
            case.keep_note(f"profile-signed-{profile}", signatory.strip())
        _keep(workspace, row, approval)
        case.keep_approved(profile, outputs)
        workspace.library.put_document(redaction.document)
    return approval


def _keep(workspace: Workspace, row: Row, approval: Approval) -> None:
    """Register the approval, and write the hash of its record into the ledger."""
    record = approvals.to_json(approval)
    workspace.register.approve(row.review, approval.profile, record)
    if row.state is not State.PUBLISHED:  # under another profile, and nothing changed since
        workspace.register.change(row, state=State.APPROVED)
    detail: Detail = {
        "profile": approval.profile,
        "approval": approvals.sha256(record),
        "edition": row.edition,
        "proven": approval.proven,
        "demonstration": approval.demonstration,
        "checklist": [f"{question}:{answer}" for question, answer in approval.checklist],
    }
    workspace.ledger.append(approval.approver, "approve", row.review, detail)


def _editor(workspace: Workspace, row: Row, actor: Actor) -> str:
    """Who decided last, once it is sure that somebody did and that it is not the approver."""
    if row.editor is None or row.edition == 0:
        raise NotSettledError(_NOBODY_DECIDED, review=row.review)
    if row.editor == actor.id:
        editions.refused(workspace, actor.id, row.review, "approve", "approval-by-editor")
        raise NotSettledError(editions.SAME_PERSON, review=row.review)
    if row.state not in _MAY_BE_APPROVED:
        raise NotSettledError(_OPEN, review=row.review)
    return row.editor


def _demonstration(workspace: Workspace, *accounts: str) -> bool:
    return any(one.demonstration for one in workspace.accounts.all() if one.id in accounts)


def _parsed(
    case: CaseFile, edition: int, content: Mapping[str, object], before: Decided
) -> Decided:
    """The decisions of a file; UsageError where it is not one for this review."""
    document = case.document(edition)
    proposal = settle.amended(document, case.proposal(edition), before.amended)
    passed = settle.passed_rows(content)
    return Decided(*settle.parse_rows(content, document, proposal, before.cleared), passed=passed)


def _described(before: Decided, now: Decided) -> set[str]:
    """The descriptions of removed pictures that are new."""
    known = {one.description for one in before.cleared}
    return {one.description for one in now.cleared if one.description} - known


def _named(content: Mapping[str, object]) -> frozenset[str]:
    """The targets and lines that a file of decisions speaks of; the file was parsed before."""
    lists = [rows for rows in content.values() if isinstance(rows, list | tuple)]
    rows = [row for rows in lists for row in rows if isinstance(row, dict)]
    return frozenset(str(row["id"]) for row in rows if "id" in row)
