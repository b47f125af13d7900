"""Rechecking: what today's program finds in texts that were approved or published before.

Coordinates and counts only: no word of a report is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.door import labels, provenance, redact
from pipeline.door import policy as policies
from pipeline.door.plan import Plan
from pipeline.door.planning import planned
from pipeline.door.policy import Policy
from pipeline.door.redact import Redaction
from pipeline.door.sweep import Sweep
from pipeline.errors import CandourError
from pipeline.flow import approved, editions, proposing, rendering
from pipeline.raw import settle
from pipeline.raw.document import Block, Document, Finding, Proposal, Settlement
from pipeline.span import BlockKind, Kind, Span
from pipeline.store import approval as approvals
from pipeline.store.accounts import LOCAL, Duty, Who
from pipeline.store.approval import Approval
from pipeline.store.casefile import CaseFile
from pipeline.store.ledger import Detail
from pipeline.store.register import State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

Row = dict[str, object]
REPORT, TEXT = "report", "published text"
_DATED = (Kind.DATE, Kind.AGE)


@dataclass(frozen=True, slots=True)
class _Release:
    """One text as it went out, or as it may go out: by which plan, made by which programs.

    What was approved and did not go out yet has no plan that was kept.
    """

    profile: str
    public_id: str
    state: str
    edition: int
    plan: Plan | None
    made_by: str


@dataclass(frozen=True, slots=True)
class _Case:
    """One reading of a review: what was decided on it, and what is proposed for it today."""

    review: str
    document: Document
    settled: Settlement
    passed: tuple[Span, ...]
    today: Proposal
    made_by: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """Something that is found today: `seen` by a person before; `known` to have been hidden."""

    part: str
    kind: str
    subkind: str
    span: Span
    page: int | None
    score: float
    seen: bool
    known: bool


def recheck(
    workspace: Workspace,
    reviews: Sequence[str] = (),
    *,
    as_name: Who | None = None,
    password: str | None = None,
    every: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Row]:
    """What today's program would hide of what is approved or published, a row each.

    A row of type "review" counts for each text and names the programs then and now; its rows of
    type "mention" follow: what neither the text hides nor a person let stay. `known` are those
    of somebody or something that the text hides elsewhere. With `every`, also what a person saw
    and let stay. A text that cannot be checked has its row with `why` and `code`.
    """
    actor = LOCAL
    if as_name is not None:
        may = (Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)
        actor = workspace.accounts.act(as_name, *may, password=password).id
    wanted = [editions.standing(workspace, review).review for review in dict.fromkeys(reviews)]
    if not wanted:
        rows = workspace.register.rows()
        wanted = [row.review for row in rows if row.state is not State.WITHDRAWN]
    vault = Vault.unlock(workspace)
    for done, review in enumerate(wanted, start=1):
        yield from _review(workspace, CaseFile(vault, review), actor, every=every)
        if progress is not None:
            progress(f"{done} of {len(wanted)} reviews looked at")


def _review(workspace: Workspace, case: CaseFile, actor: str, *, every: bool) -> Iterator[Row]:
    """The rows of one review; what was read and proposed for it is used for all its profiles."""
    releases = tuple(_releases(workspace, case))
    read: dict[int, _Case] = {}
    for release in releases:
        row: Row = {
            "type": "review",
            "review": case.review,
            "public_id": release.public_id,
            "profile": release.profile,
            "state": release.state,
        }
        try:
            if release.edition not in read:
                read[release.edition] = _case(workspace, case, release.edition)
            of = read[release.edition]
            policy = policies.load(release.profile)
            plan = release.plan or _made(of, release.profile).plan
            mentions = tuple(_mentions(workspace, of, plan, policy))
        except CandourError as error:
            # A raw text that was purged by two people is no failure of this run.
            code = error.exit_code if case.has_original else 0
            yield row | {"why": str(error), "code": code}
            continue
        new = [one for one in mentions if not one.seen]
        counts = {
            "new": len(new),
            "known": sum(one.known for one in new),
            "seen": len(mentions) - len(new),
        }
        told: Detail = {"profile": release.profile, "edition": release.edition, **counts}
        workspace.ledger.append(actor, "recheck", case.review, told)
        yield (
            row
            | counts
            | {
                "then": release.made_by,
                "now": of.made_by,
                "profile_changed": plan.policy_sha256 != policy.sha256,
                "why": "",
                "code": 0,
            }
        )
        yield from (_row(row, one) for one in mentions if every or not one.seen)


def _row(of: Row, one: _Mention) -> Row:
    return {
        "type": "mention",
        "review": of["review"],
        "public_id": of["public_id"],
        "profile": of["profile"],
        "part": one.part,
        "kind": one.kind,
        "subkind": one.subkind,
        "page": one.page,
        "start": one.span.start,
        "end": one.span.end,
        "score": round(one.score, 4),
        "known": one.known,
        "seen": one.seen,
    }


def _releases(workspace: Workspace, case: CaseFile) -> Iterator[_Release]:
    """Every text that is out, and every one that is approved and not yet out."""
    out = set()
    for profile in case.published():
        publication = case.publication(profile)
        if publication is None:
            continue
        told = provenance.verify(publication.manifest.encode())["predicate"]
        said = told if isinstance(told, dict) else {}
        out.add((profile, publication.edition))
        yield _Release(
            profile=profile,
            public_id=str(said.get("public_id")),
            state=State.PUBLISHED.value,
            edition=publication.edition,
            plan=redact.from_bytes(publication.plan.encode()),
            made_by=str(dict(said.get("versions") or {}).get("made", "")),
        )
    for profile in workspace.register.approved_profiles(case.review):
        record = workspace.register.approval(case.review, profile)
        if record is None:
            continue
        approval = approvals.from_json(record)
        edition = approval.bound.edition
        if (profile, edition) not in out:
            yield _Release(
                profile=profile,
                public_id=_id_of(workspace, approval),
                state=State.APPROVED.value,
                edition=edition,
                plan=None,
                made_by=approval.bound.versions,
            )


def _id_of(workspace: Workspace, approval: Approval) -> str:
    """The id under which what is approved will go out; "" where it is still to be drawn."""
    known = approved.standing_id(
        workspace, approval.review, approval.profile, demonstration=approval.demonstration
    )
    return approval.public_id or known or ""


def _made(of: _Case, profile: str) -> Redaction:
    return rendering.redacted(of.document, of.settled, profile, review=of.review, draft=False)


def _case(workspace: Workspace, case: CaseFile, edition: int) -> _Case:
    document, proposal, decided = (
        case.document(edition), case.proposal(edition), case.decided(edition),
    )  # fmt: skip
    groups = editions.left(document, proposal, decided)
    return _Case(
        review=case.review,
        document=document,
        settled=replace(editions.settled(document, proposal, decided), left=0),
        passed=tuple(s for group in groups if group.key in decided.passed for s in group.spans),
        today=proposing.propose(document, workspace.settings),
        made_by=proposing.versions(document, workspace.settings),
    )


# -- what is found -------------------------------------------------------------------------


def _mentions(workspace: Workspace, of: _Case, plan: Plan, policy: Policy) -> Iterator[_Mention]:
    """First what is found in the report, then what only the published text gives away."""
    out = _Out(of.document, plan)
    text = of.document.text
    hidden = _Letters(text, (change.span for change in plan.replacements))
    stays = _Letters(text, (*of.settled.kept, *of.passed))
    there = {f.identity for f in of.today.findings if f.identity and not hidden.rest(f.span)}
    told: list[Span] = []
    for finding, changed in _changed(of.document, of.today, policy):
        rest = tuple(at for at in hidden.rest(finding.span) if at in changed)
        if rest:
            seen = stays.covers(rest)
            told.append(finding.span)
            yield _of(of.document, REPORT, finding, seen=seen, known=finding.identity in there)
    listed = _Letters(text, told)
    again = proposing.propose(out.document, workspace.settings)
    for finding, changed in _changed(out.document, again, policy):
        rest = out.places(sorted(changed))
        if rest and not listed.covers(rest):
            seen = stays.covers(rest)
            mention = _of(of.document, TEXT, finding, seen=seen, known=False)
            yield replace(mention, page=_page(of.document, rest[0]))
    yield from _leaks(of, out, listed)


def _of(document: Document, part: str, finding: Finding, *, seen: bool, known: bool) -> _Mention:
    return _Mention(
        part=part,
        kind=finding.kind.value,
        subkind=finding.subkind,
        span=finding.span,
        page=_page(document, finding.span.start),
        score=finding.score,
        seen=seen,
        known=known and not seen,
    )


def _page(document: Document, at: int) -> int | None:
    blocks = (b for b in document.blocks if b.span and b.span.start <= at < b.span.end)
    return next((block.page for block in blocks), None)


def _changed(
    document: Document, proposal: Proposal, policy: Policy
) -> Iterator[tuple[Finding, frozenset[int]]]:
    """What the profile would change of a text today, each with the places that it would change.

    Of "his 16th birthday" it changes "16": the rest may stand.
    """
    taken = settle.accept_all(proposal)
    changes = planned(document, taken, policy, draft=True).replacements
    changed = _Letters(document.text, (change.span for change in changes))
    for finding in proposal.findings:
        places = changed.of(finding.span)
        if places:
            yield finding, places


def _leaks(of: _Case, out: _Out, listed: _Letters) -> Iterator[_Mention]:
    """Words that were hidden and stand in the published text: the gate's own check, done again."""
    made = _made(of, out.plan.profile)
    kept = _Letters(of.document.text, of.settled.kept)
    placed = ((label, label.of(out.text)) for label, _ in out.labels)
    counted = labels.numbers(placed, made.counted)
    for span in Sweep(made.hidden, made.shown).words(out.text):
        if span in counted:
            continue
        dated = any(label.contains(span) and kind in _DATED for label, kind in out.labels)
        rest = out.places(range(span.start, span.end))
        if not dated and not (rest and (kept.covers(rest) or listed.covers(rest))):
            page = _page(of.document, rest[0]) if rest else None
            yield _Mention(TEXT, "", "hidden word", span, page, 1.0, seen=False, known=True)


class _Letters:
    """Which letters and digits of a text some spans cover."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self._text = text
        self._covered = bytearray(len(text))
        for span in spans:
            self._covered[span.start : span.end] = b"\x01" * len(span)

    def rest(self, span: Span) -> tuple[int, ...]:
        """The places of a span's letters and digits that are not covered."""
        places = range(span.start, span.end)
        return tuple(at for at in places if self._text[at].isalnum() and not self._covered[at])

    def of(self, span: Span) -> frozenset[int]:
        """The places of a span that are covered."""
        return frozenset(at for at in range(span.start, span.end) if self._covered[at])

    def covers(self, places: Iterable[int]) -> bool:
        """Whether all of these places are covered."""
        return all(self._covered[at] for at in places)


@dataclass(frozen=True)
class _Out:
    """The published text, made again by its plan, and the way back to the report's."""

    report: Document
    plan: Plan

    @cached_property
    def text(self) -> str:
        """The text as it was published."""
        return redact.replay(self.report.text, self.plan).value

    @cached_property
    def labels(self) -> tuple[tuple[Span, Kind], ...]:
        """Where labels stand in it, and of what kind."""
        out, shift = [], 0
        for change in self.plan.replacements:
            start = change.span.start + shift
            out.append((Span(start, start + len(change.label)), change.kind))
            shift += len(change.label) - len(change.span)
        return tuple(out)

    @cached_property
    def document(self) -> Document:
        """It as a document of its own: its paragraphs are what blank lines part."""
        blocks, at = [], 0
        for part in self.text.split("\n\n"):
            if part.strip():
                span = Span(at, at + len(part))
                blocks.append(Block(BlockKind.PARAGRAPH, part, 1, span))
            at += len(part) + 2
        return Document(
            self.report.source_sha256, "text/plain", "published", 1, self.text, tuple(blocks)
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [label.start for label, _ in self.labels]

    def places(self, there: Iterable[int]) -> tuple[int, ...]:
        """Where letters and digits of this text, but for labels, stand in the report."""
        out = []
        for at in there:
            last = bisect_right(self._starts, at) - 1
            label = self.labels[last][0] if last >= 0 else None
            if not self.text[at].isalnum() or (label and at < label.end):
                continue
            end = self.plan.replacements[last].span.end if last >= 0 else 0
            out.append(end + at - (label.end if label else 0))
        return tuple(out)
