"""Versions: the report as its author submitted it, each file kept, and what changed between two."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import ReadError, UsageError
from pipeline.flow import carrying, editions, proposing
from pipeline.flow.carrying import Carried, Side
from pipeline.flow.editions import Drafted
from pipeline.raw import compare
from pipeline.raw.compare import Change, Paragraph
from pipeline.raw.document import Block, Document, Settlement
from pipeline.raw.readers import reading
from pipeline.store.accounts import LOCAL, Actor, Duty, Who
from pipeline.store.casefile import CaseFile, Version
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State, today
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_SAME_FILE = (
    "This review has that very file already, as one of its versions. Nothing was changed. Name "
    "the file of the new version."
)
_OTHER_REVIEW = (
    "That file was taken in already, as another review of this workspace. Nothing was changed. If "
    "that was a mistake, withdraw that review, save the report once more with any change, such as "
    "an empty line at its end, and take that file in as a version of this one."
)
_ONE_VERSION = (
    "This review has one version: there is nothing to compare it with. Take a later one in with "
    "`candour version`."
)
_NO_VERSION = (
    "This review has no version of that number. Nothing was compared. List its versions with "
    "`candour version ID`."
)
_NOT_UNDERSTOOD = (
    "The file has a shape that Candour does not understand. Nothing was changed. Save it again in "
    "its program, as PDF or Word, and report it if that does not help."
)
# Fewer paragraphs than this part as they were: it may be another report.
_HARDLY = 0.2
_MAY_SEE = (Duty.REVIEWER, Duty.APPROVER)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of one report, paragraph by paragraph: raw, for reviewers and approvers.

    The paragraphs lead to the blocks by their places; furniture is not among them.
    """

    review: str
    versions: tuple[int, int]
    before: tuple[Block, ...]
    after: tuple[Block, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many paragraphs are the same, changed, added, removed and moved."""
        found = Counter(one.change.value for one in self.paragraphs)
        return {change.value: found[change.value] for change in Change}


@dataclass(frozen=True, slots=True)
class _Received:
    """A later version that was read, not yet kept."""

    content: bytes
    sender: str
    side: Side
    carried: Carried
    settlement: Settlement
    drafted: Drafted


def receive(
    workspace: Workspace,
    review: str,
    path: Path,
    *,
    sender: str,
    as_name: Who,
    password: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, object]:
    """Take in a later version of a review's report; the row of `receive_bytes`."""
    content = reading.bytes_of(path)
    return receive_bytes(
        workspace,
        review,
        content,
        path.name,
        sender=sender,
        as_name=as_name,
        password=password,
        progress=progress,
    )


def receive_bytes(
    workspace: Workspace,
    review: str,
    content: bytes,
    name: str,
    *,
    sender: str,
    as_name: Who,
    password: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, object]:
    """Take in a later version: it is read and proposed anew, and a new edition begins with it.

    What was decided before counts where it surely speaks of the same thing, the rest is open
    again. Every approval is void, nothing can be undone past this point, and a reviewer must
    take a step before the review can be approved. The versions before are kept. UsageError
    where the file was taken in before, ReadError where it cannot be read.
    """
    may = (Duty.UPLOADER, Duty.REVIEWER)
    actor = editions.allowed(
        workspace, as_name, *may, password=password, review=review, step="version"
    )
    row, sent = editions.standing(workspace, review), editions.one_line(sender)
    _require_new(workspace, review, hashlib.sha256(content).hexdigest())
    case = CaseFile(Vault.unlock(workspace), review)
    old = Side(case.document(row.edition), case.proposal(row.edition))
    new = _read(workspace, content, name, old.document)
    if progress is not None:
        progress("The file is read. What was decided is looked up in it.")
    carried = carrying.carried(old, new, case.decided(row.edition))
    settlement = editions.settled(new.document, new.proposal, carried.decided)
    received = _Received(
        content=content,
        sender=sent,
        side=new,
        carried=carried,
        settlement=settlement,
        drafted=editions.drafted(workspace, review, new.document, settlement),
    )
    row, number = _keep(workspace, case, row, actor, received)
    return {
        "review": review,
        "version": number,
        "sha256": row.sha256,
        "state": row.state.value,
        "carried": carried.kept,
        "opened": carried.opened,
        "undecided": settlement.undecided,
        "uncleared": settlement.uncleared,
        "left": settlement.left,
        "same_text": old.document.text_sha256 == new.document.text_sha256,
        "hardly_the_same": _same_part(old.document, new.document) < _HARDLY,
        "leak": received.drafted[1] is not None,
    }


def _keep(
    workspace: Workspace, case: CaseFile, row: Row, actor: Actor, received: _Received
) -> tuple[Row, int]:
    """Keep all of a version or nothing of it; the row as it is now, and the version's number."""
    document, proposal = received.side.document, received.side.proposal
    listed = proposing.registered(document, proposal, workspace.settings)
    sha256 = document.source_sha256
    with workspace.writing():
        editions.require_unchanged(workspace, row)
        _require_new(workspace, row.review, sha256)
        first = _first(workspace, case, row.review)
        if first is not None:
            case.keep_version(first)
        number, edition = case.version() + 1, row.edition + 1
        row = workspace.register.change(
            row,
            edition=edition,
            editor=actor.id,
            state=State.PROPOSED,  # a person has to look at it, whatever could be carried
            sha256=sha256,
            **listed,
        )
        made_by = listed["versions"]
        version = Version(number, edition, sha256, today(), actor.id, received.sender, made_by)
        case.keep_version(version, received.content)
        case.read_again(edition, document, proposal)
        case.decide(edition, received.carried.decided)
        told: Detail = {
            "file": sha256,
            "text": document.text_sha256,
            "version": number,
            "carried": received.carried.kept,
            "opened": received.carried.opened,
        }
        editions.void_and_draft(
            workspace, actor, row, received.drafted, told, received.settlement, action="version"
        )
    return row, number


def _require_new(workspace: Workspace, review: str, sha256: str) -> None:
    known = workspace.register.with_file(sha256)
    of = known.review if known is not None else workspace.ledger.of_file(sha256)
    if of is not None:
        raise UsageError(_SAME_FILE if of == review else _OTHER_REVIEW, review=of)


def _read(workspace: Workspace, content: bytes, name: str, before: Document) -> Side:
    """The new file as it is read and proposed; what was known of the case stays known."""
    try:
        document = proposing.read_bytes(content, name, workspace.settings)
    except (ValueError, LookupError, RecursionError):
        # Not chained: such an error may quote what it refused.
        raise ReadError(_NOT_UNDERSTOOD) from None
    margins = tuple(dict.fromkeys((*before.margins, *document.margins)))
    document = replace(document, margins=margins)
    return Side(document, proposing.propose(document, workspace.settings))


def _same_part(old: Document, new: Document) -> float:
    before, after = ([b for b in side.blocks if b.span] for side in (old, new))
    return len(compare.unchanged(before, after)) / max(1, len(after))


def _first(workspace: Workspace, case: CaseFile, review: str) -> Version | None:
    """The first version as the register and the ledger have it, where none is written down."""
    if case.versions():
        return None
    row = workspace.register.row(review)
    taken = (e for e in workspace.ledger.rows(review) if e.action == "ingest")
    entry = next(taken, None)
    return Version(
        number=1,
        edition=0,
        sha256=row.sha256,
        received=row.received,
        by=LOCAL if entry is None else entry.actor,
        sender=case.note(editions.SENDER) or "",
        made_by=row.versions,
    )


def listed(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> tuple[dict[str, object], ...]:
    """The versions of a review: a row each, with who sent it and what it was published as."""
    may = (Duty.UPLOADER, *_MAY_SEE, Duty.ADMINISTRATOR)
    actor = editions.allowed(
        workspace, as_name, *may, password=password, review=review, step="versions"
    )
    row = editions.standing(workspace, review)
    case = CaseFile(Vault.unlock(workspace), review)
    workspace.ledger.append(actor.id, "view-senders", review, {"edition": row.edition})
    first = _first(workspace, case, review)
    names = {account.id: account.name for account in workspace.accounts.all()}
    versions = (first,) if first is not None else case.versions()
    published = _published(case)
    return tuple(
        {
            "review": review,
            "version": one.number,
            "received": one.received,
            "from": one.sender,
            "by": names.get(one.by, one.by),
            "sha256": one.sha256,
            "edition": one.edition,
            "versions": one.made_by,
            "published": [profile for profile, number in published if number == one.number],
        }
        for one in versions
    )


def _published(case: CaseFile) -> list[tuple[str, int]]:
    """The profiles under which it is published, and of which version."""
    out = []
    for profile in case.published():
        publication = case.publication(profile)
        if publication is not None:
            out.append((profile, case.version(publication.edition)))
    return out


def compared(
    workspace: Workspace,
    review: str,
    *,
    as_name: Who,
    password: str | None = None,
    versions: tuple[int, int] | None = None,
) -> Comparison:
    """Two versions paragraph by paragraph; without numbers, the last two. It holds names.

    That the account saw raw text is in the ledger before it sees it.
    """
    actor = editions.allowed(
        workspace, as_name, *_MAY_SEE, password=password, review=review, step="compare"
    )
    row = editions.standing(workspace, review)
    case = CaseFile(Vault.unlock(workspace), review)
    last = case.version(row.edition)
    if last == 1:
        raise UsageError(_ONE_VERSION, review=review)
    both = versions or (last - 1, last)
    if not all(1 <= number <= last for number in both) or both[0] == both[1]:
        raise UsageError(_NO_VERSION, review=review)
    workspace.ledger.append(
        actor.id,
        "view-raw",
        review,
        {"edition": row.edition, "what": "compare", "versions": list(both)},
    )
    before, after = (_blocks(case, number, row.edition) for number in both)
    return Comparison(review, both, before, after, compare.compared(before, after))


def _blocks(case: CaseFile, number: int, edition: int) -> tuple[Block, ...]:
    """The text of a version, as it was last read."""
    later = [one.edition for one in case.versions() if one.number == number + 1]
    document = case.document(later[0] - 1 if later else edition)
    return tuple(block for block in document.blocks if block.span)


def rows(comparison: Comparison, *, every: bool = False) -> list[dict[str, object]]:
    """A comparison as rows, a paragraph each; those that are the same only if all are wanted."""
    wanted = (p for p in comparison.paragraphs if every or p.change is not Change.SAME)
    return [_row(comparison, paragraph) for paragraph in wanted]


def _row(comparison: Comparison, paragraph: Paragraph) -> dict[str, object]:
    old = _at(comparison.before, paragraph.before)
    new = _at(comparison.after, paragraph.after)
    return {
        "change": paragraph.change.value,
        "kind": (new or old or comparison.after[0]).kind.value,
        "page": new.page if new else None,
        "page_before": old.page if old else None,
        "number": new.number if new else None,
        "number_before": old.number if old else None,
        "before": old.text if old else None,
        "after": new.text if new else None,
        "pieces": [{"how": piece.how.value, "text": piece.text} for piece in paragraph.pieces],
    }


def _at(blocks: Sequence[Block], at: int | None) -> Block | None:
    return None if at is None else blocks[at]
