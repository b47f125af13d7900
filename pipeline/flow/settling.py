"""Settling: a reviewer decides, a second person approves, and what was approved is bound."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.errors import LeakError, NotSettledError, StoreError
from pipeline.flow import rendering
from pipeline.raw import settle
from pipeline.raw.document import Settlement, Verdict
from pipeline.safe.lesson import SafeDocument
from pipeline.store import approval as approvals
from pipeline.store.accounts import Actor, Duty
from pipeline.store.approval import Approval
from pipeline.store.casefile import CaseFile, Decided, merged
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
    "every finding and clear every line of what was not read."
)
_CHANGED_MEANWHILE = (
    "Somebody else changed this review at the same time. Nothing of yours was kept. Look at it "
    "again and repeat the step."
)
_SAME_PERSON = (
    "The account that decided last cannot approve. The review was not approved. Ask a second "
    "person with the duty of an approver."
)


def export(
    workspace: Workspace, review: str, *, as_name: str, password: str | None = None
) -> dict[str, object]:
    """What is proposed and decided, for a file of decisions. It holds names.

    That the account saw raw text is in the ledger before it sees it.
    """
    actor = workspace.accounts.act(as_name, Duty.REVIEWER, Duty.APPROVER, password=password)
    row = workspace.register.row(review)
    case = CaseFile(Vault.unlock(workspace), review)
    workspace.ledger.append(actor.id, "view-raw", review, {"edition": row.edition})
    decided = case.decided(row.edition)
    return settle.export_rows(
        case.document(), case.proposal(), decided.decisions, decided.added, decided.cleared
    )


def decide(
    workspace: Workspace,
    review: str,
    content: Mapping[str, object],
    *,
    as_name: str,
    password: str | None = None,
) -> dict[str, object]:
    """Take in decisions; review, state and how many findings and lines are still open.

    They are kept, encrypted, as a new edition; what the file does not speak of stands as it
    was. Every approval of the review is void from then on, and the draft in the library is
    made anew. LeakError where the gate finds something in that draft: the decisions are kept,
    the draft is not.
    """
    actor = workspace.accounts.act(as_name, Duty.REVIEWER, password=password)
    row = workspace.register.row(review)
    case = CaseFile(Vault.unlock(workspace), review)
    now = _parsed(case, content)
    before = case.decided(row.edition)
    after = merged(before, now, named=_named(content), added="added" in content)
    settlement = rendering.settlement(case, after)
    draft, leak = _draft(workspace, case, settlement)
    with workspace.writing():
        _require_unchanged(workspace, row)
        row = workspace.register.change(
            row, edition=row.edition + 1, editor=actor.id, state=_state(settlement)
        )
        case.decide(row.edition, after)
        voided = _void(workspace, review)
        if draft is None:
            workspace.library.drop(review, profile=workspace.settings.profile)
        else:
            workspace.library.put_document(draft)
        more = {"edition": row.edition, "voided": voided, "leak": leak is not None}
        told = _told(before, after, settlement)
        workspace.ledger.append(actor.id, "decide", review, {**told, **more})
    if leak is not None:
        raise leak
    return {
        "review": review,
        "state": row.state.value,
        "undecided": settlement.undecided,
        "uncleared": settlement.uncleared,
    }


def approve(
    workspace: Workspace,
    review: str,
    profile: str,
    *,
    as_name: str,
    password: str | None = None,
) -> Approval:
    """Approve a settled review under one profile and bind the approval to every byte of it.

    NotSettledError where the review is open, or the account is that of the last editor or no
    approver; LeakError where the gate finds something in a file that would be published.
    """
    actor = workspace.accounts.act(as_name, Duty.APPROVER, password=password)
    row = workspace.register.row(review)
    editor = _editor(row, actor)
    case = CaseFile(Vault.unlock(workspace), review)
    settled = rendering.settlement(case, case.decided(row.edition))
    redaction = rendering.redacted(case.document(), settled, profile, review=review, draft=False)
    demonstration = _demonstration(workspace, actor.id, editor)
    public_id = workspace.register.public_id(review, profile, demonstration=demonstration)
    outputs = rendering.artefacts(redaction, public_id)
    with workspace.writing():
        _require_unchanged(workspace, row)
        approval = Approval(
            review=review,
            profile=profile,
            public_id=public_id,
            approver=actor.id,
            editor=editor,
            proven=actor.proven,
            demonstration=demonstration,
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            ledger_head=workspace.ledger.head(),
            bound=rendering.bound(row, redaction, outputs),
        )
        _keep(workspace, row, approval)
        workspace.library.put_document(redaction.document)
    return approval


def _require_unchanged(workspace: Workspace, row: Row) -> None:
    """Refuse to go on from what somebody else has changed meanwhile."""
    now = workspace.register.row(row.review)
    if (now.edition, now.state) != (row.edition, row.state):
        raise StoreError(_CHANGED_MEANWHILE, review=row.review)


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
    }
    workspace.ledger.append(approval.approver, "approve", row.review, detail)


def _editor(row: Row, actor: Actor) -> str:
    """Who decided last, once it is sure that somebody did and that it is not the approver."""
    if row.editor is None or row.edition == 0:
        raise NotSettledError(_NOBODY_DECIDED, review=row.review)
    if row.editor == actor.id:
        raise NotSettledError(_SAME_PERSON, review=row.review)
    if row.state not in _MAY_BE_APPROVED:
        raise NotSettledError(_OPEN, review=row.review)
    return row.editor


def _demonstration(workspace: Workspace, *accounts: str) -> bool:
    return any(one.demonstration for one in workspace.accounts.all() if one.id in accounts)


def _parsed(case: CaseFile, content: Mapping[str, object]) -> Decided:
    """The decisions of a file; UsageError where it is not one for this review."""
    decisions, added, cleared = settle.parse_rows(content, case.document(), case.proposal())
    return Decided(decisions, added, cleared)


def _named(content: Mapping[str, object]) -> frozenset[str]:
    """The targets and lines that a file of decisions speaks of; the file was parsed before."""
    lists = [rows for rows in content.values() if isinstance(rows, list | tuple)]
    rows = [row for rows in lists for row in rows if isinstance(row, dict)]
    return frozenset(str(row["id"]) for row in rows if "id" in row)


def _state(settlement: Settlement) -> State:
    return State.PROPOSED if settlement.undecided or settlement.uncleared else State.SETTLED


def _void(workspace: Workspace, review: str) -> int:
    """Take back every approval of a review, with the texts that it let into the library."""
    profiles = workspace.register.approved_profiles(review)
    workspace.register.void(review, profiles)
    for profile in profiles:
        workspace.library.drop(review, profile=profile)
    return len(profiles)


def _draft(
    workspace: Workspace, case: CaseFile, settled: Settlement
) -> tuple[SafeDocument | None, LeakError | None]:
    """The review's draft made anew; where the gate stops it there is none, and why."""
    profile = workspace.settings.profile
    draft = rendering.redacted(case.document(), settled, profile, review=case.review, draft=True)
    try:
        rendering.require_clean_text(draft)
    except LeakError as leak:
        return None, leak
    return draft.document, None


def _told(before: Decided, after: Decided, settlement: Settlement) -> dict[str, int | list[str]]:
    """What a set of decisions changed, by the ids of findings and identities, and what is open."""
    was, now = _verdicts(before), _verdicts(after)
    added = {finding.id for finding in before.added} ^ {finding.id for finding in after.added}
    return {
        "accepted": _turned(was, now, Verdict.ACCEPT),
        "rejected": _turned(was, now, Verdict.REJECT),
        "reopened": sorted(set(was) - set(now)),
        "added": sorted(added),
        "cleared": len(after.cleared),
        "undecided": settlement.undecided,
        "uncleared": settlement.uncleared,
    }


def _verdicts(decided: Decided) -> dict[str, Verdict]:
    decided_on = (one for one in decided.decisions if one.verdict is not Verdict.UNDECIDED)
    return {one.target: one.verdict for one in decided_on}


def _turned(was: Mapping[str, Verdict], now: Mapping[str, Verdict], to: Verdict) -> list[str]:
    """The targets that were not decided so before and are now."""
    return sorted(target for target, verdict in now.items() if verdict is to != was.get(target))
