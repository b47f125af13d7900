"""Proposals become settlements: people decide what is hidden, what is kept, what it is called."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.errors import UsageError
from pipeline.match import Names, fold
from pipeline.raw import residual
from pipeline.raw import settle_codes as codes
from pipeline.raw.document import (
    Clearance,
    Decision,
    Document,
    Finding,
    Identity,
    Proposal,
    Settlement,
    Verdict,
)
from pipeline.raw.mention import apart, mentions
from pipeline.raw.settle_amend import amended as amended
from pipeline.raw.settle_amend import renamed as renamed
from pipeline.raw.settle_codes import fitting as fitting
from pipeline.raw.settle_codes import still_open as still_open
from pipeline.raw.settle_left import left_rows as left_rows
from pipeline.raw.settle_left import passed_rows as passed_rows
from pipeline.raw.settle_rows import export_rows as export_rows
from pipeline.raw.settle_rows import parse_rows as parse_rows
from pipeline.span import Kind, Span

REVIEWER = "reviewer"
_ADDED = "added-"
_OWN = "own-"
NAMED = frozenset({Kind.PERSON, Kind.ORGANISATION, Kind.PLACE})
_OTHER_TEXT = (
    "The decisions were made on another text than this one. Nothing was settled. Export the "
    "review again and decide on that."
)
_UNKNOWN_TARGET = (
    "A decision speaks of a finding or an identity that this review does not have. Nothing was "
    "settled. Export the review again and decide on that."
)
_UNKNOWN_UNREAD = (
    "A line that was cleared is not in this review's list of what was not read. Nothing was "
    "settled. Export the review again and clear the lines in it."
)
_OUTSIDE = (
    "An added finding lies outside the text of this review, or speaks of an identity that it "
    "does not have. Nothing was settled. Mark the place in the text again."
)


def accept_all(proposal: Proposal) -> Settlement:
    """Everything hidden as it was proposed, for drafts: all of it still counts as undecided."""
    unlinked = sum(finding.identity is None for finding in proposal.findings)
    return Settlement(
        text_sha256=proposal.text_sha256,
        findings=proposal.findings,
        identities=proposal.identities,
        kept=(),
        labels=(),
        undecided=len(proposal.identities) + unlinked,
        uncleared=0,
    )


def settled(
    document: Document,
    proposal: Proposal,
    decisions: Sequence[Decision],
    added: Sequence[Finding],
    cleared: Collection[Clearance],
) -> Settlement:
    """A proposal after people decided; what nobody decided on stays hidden and is counted.

    A decision on an identity covers its mentions; one on a finding is an exception and wins;
    of two on one target the later counts. What a reviewer adds is hidden everywhere in the
    text. A line of what was not read stays open until it is cleared with a code that fits it.
    UsageError where a decision, an addition or a clearance speaks of something unknown.
    """
    whole, by_target, verdicts = _judged(document, proposal, decisions, added)
    _require_unread(document, cleared)
    kept = tuple(f.span for f in whole.findings if verdicts[f.id] is Verdict.REJECT)
    stay = [f for f in whole.findings if verdicts[f.id] is not Verdict.REJECT]
    stay, own = _named_apart(document.text, stay, whole, by_target)
    present = {f.identity for f in stay}
    identities = (*whole.identities, *own)
    return Settlement(
        text_sha256=proposal.text_sha256,
        findings=tuple(stay),
        identities=tuple(_placed(i, by_target) for i in identities if i.id in present),
        kept=kept,
        labels=tuple(
            (i.id, label)
            for i in identities
            if i.id in present and (label := _label(i.id, by_target)) is not None
        ),
        undecided=len(_undecided(whole, verdicts)),
        uncleared=len(codes.still_open(document, cleared)),
        descriptions=codes.described(document, cleared),
    )


def undecided(
    document: Document,
    proposal: Proposal,
    decisions: Sequence[Decision],
    added: Sequence[Finding],
) -> tuple[Kind, ...]:
    """The kinds of what nobody decided on yet, one for each identity and unlinked finding."""
    whole, _, verdicts = _judged(document, proposal, decisions, added)
    return _undecided(whole, verdicts)


def _judged(
    document: Document,
    proposal: Proposal,
    decisions: Sequence[Decision],
    added: Sequence[Finding],
) -> tuple[Proposal, dict[str, Decision], dict[str, Verdict]]:
    """The proposal with what was added, the decisions by target, a verdict for each finding."""
    if document.text_sha256 != proposal.text_sha256:
        raise UsageError(_OTHER_TEXT)
    whole = extended(document, proposal, added)
    by_target = {decision.target: decision for decision in decisions}
    findings = {f.id for f in (*whole.findings, *proposal.findings)}
    if not set(by_target) <= findings | {i.id for i in whole.identities}:
        raise UsageError(_UNKNOWN_TARGET)
    by_target = _of_added(whole, by_target)
    return whole, by_target, {f.id: _verdict(f, by_target) for f in whole.findings}


def _require_unread(document: Document, cleared: Collection[Clearance]) -> None:
    if not {one.id for one in cleared} <= {unread.id for unread in document.unread}:
        raise UsageError(_UNKNOWN_UNREAD)


def _of_added(extended: Proposal, by_target: dict[str, Decision]) -> dict[str, Decision]:
    """Decisions in which what is said of an added name is said of its new identity."""
    out = dict(by_target)
    for finding in extended.findings:
        decision = by_target.get(finding.id)
        if decision is not None and (finding.identity or "").startswith(_ADDED):
            out[finding.id] = Decision(finding.id, decision.verdict)
            if decision.position is not None or decision.label is not None:
                out[finding.identity or ""] = decision
    return out


def _verdict(finding: Finding, by_target: dict[str, Decision]) -> Verdict:
    """The finding's own verdict, else its identity's; what a reviewer added is accepted."""
    own = by_target.get(finding.id)
    if own is not None and own.verdict is not Verdict.UNDECIDED:
        return own.verdict
    if finding.by == REVIEWER:
        return Verdict.ACCEPT
    whole = by_target.get(finding.identity or "")
    return whole.verdict if whole is not None else Verdict.UNDECIDED


def _undecided(extended: Proposal, verdicts: dict[str, Verdict]) -> tuple[Kind, ...]:
    """Identities with a mention that nobody decided on, and such findings without identity."""
    open_ones = [f for f in extended.findings if verdicts[f.id] is Verdict.UNDECIDED]
    linked = {f.identity: f.kind for f in open_ones if f.identity is not None}
    return (*linked.values(), *(f.kind for f in open_ones if f.identity is None))


def _placed(identity: Identity, by_target: dict[str, Decision]) -> Identity:
    decision = by_target.get(identity.id) or by_target.get(identity.id.removeprefix(_OWN))
    position = decision.position if decision is not None else None
    return identity if position is None else replace(identity, position=position)


def _label(identity: str, by_target: dict[str, Decision]) -> str | None:
    decision = by_target.get(identity) or by_target.get(identity.removeprefix(_OWN))
    return decision.label if decision is not None else None


def _named_apart(
    text: str, findings: Iterable[Finding], extended: Proposal, by_target: dict[str, Decision]
) -> tuple[list[Finding], list[Identity]]:
    """Findings that were given a label or a position of their own, with identities of their own."""
    names = {identity.id: identity for identity in extended.identities}
    out: list[Finding] = []
    own: list[Identity] = []
    for finding in findings:
        decision = by_target.get(finding.id)
        if decision is None or (decision.label is None and decision.position is None):
            out.append(finding)
            continue
        before = names.get(finding.identity or "")
        written = finding.span.of(text)
        position = before.position if before is not None else None
        own.append(Identity(_OWN + finding.id, finding.kind, (written,), position))
        out.append(replace(finding, identity=_OWN + finding.id))
    return out, own


def extended(document: Document, proposal: Proposal, added: Sequence[Finding]) -> Proposal:
    """The proposal with what reviewers added, wherever in the text it stands.

    UsageError where an addition lies outside the text or speaks of an unknown identity.
    """
    if not added:
        return proposal
    text = document.text
    known = {identity.id for identity in proposal.identities}
    for finding in added:
        if finding.span.end > len(text) or not finding.span.of(text).strip():
            raise UsageError(_OUTSIDE)
        if finding.identity is not None and finding.identity not in known:
            raise UsageError(_OUTSIDE)
    linked, identities = _identities(text, proposal, added)
    everywhere = [*linked, *_everywhere(document, linked)]
    taken = [f.span for f in everywhere]
    rest = [f for f in proposal.findings if f.span not in set(taken)]
    findings = apart(text, [*everywhere, *rest])
    return Proposal(proposal.text_sha256, findings, identities)


def _identities(
    text: str, proposal: Proposal, added: Sequence[Finding]
) -> tuple[list[Finding], tuple[Identity, ...]]:
    """Added names with the identity that is called so, or with one of their own."""
    identities = list(proposal.identities)
    called = {(i.kind, fold(name)): i.id for i in identities for name in i.names}
    linked = []
    for finding in added:
        written = " ".join(finding.span.of(text).split())
        target = finding.identity
        if target is None and finding.kind in NAMED:
            target = called.get((finding.kind, fold(written)))
            if target is None:
                target = f"{_ADDED}{len(identities) - len(proposal.identities) + 1}"
                identities.append(Identity(target, finding.kind, (written,)))
                called[finding.kind, fold(written)] = target
        linked.append(replace(finding, by=REVIEWER, identity=target))
    forms: dict[str, list[str]] = {}
    for finding in linked:
        if finding.identity is not None:
            forms.setdefault(finding.identity, []).append(" ".join(finding.span.of(text).split()))
    return linked, tuple(_called(i, forms.get(i.id, ())) for i in identities)


def _called(identity: Identity, forms: Iterable[str]) -> Identity:
    names = {fold(name): name for name in (*forms, *identity.names)}
    ordered = sorted(names.values(), key=lambda name: (-len(name), name))
    return replace(identity, names=tuple(ordered))


def places(document: Document, finding: Finding) -> tuple[Span, ...]:
    """Where what was added stands: its own place, and every other."""
    return (finding.span, *(other.span for other in _everywhere(document, (finding,))))


def _everywhere(document: Document, linked: Sequence[Finding]) -> Iterator[Finding]:
    """Every other place where what was added stands."""
    here = {finding.span for finding in linked}
    entries = [(str(at), f.span.of(document.text)) for at, f in enumerate(linked)]
    for match in mentions(document, Names(entries)):
        if match.span not in here and not _inside(match.span, here):
            yield replace(linked[int(match.key)], span=match.span)
    for finding in linked:
        yield from _same_words(document.text, finding)


def _same_words(text: str, finding: Finding) -> Iterator[Finding]:
    """Where a letter, or words that have no capital, stand again: the matcher passes over them."""
    written = finding.span.of(text)
    if len(written.strip(".")) == 1 and written[0].isupper():
        for match in re.finditer(rf"(?<!\w){written[0]}(?!\w)", text):
            span = residual.lone_letter(text, Span(*match.span()))
            if span is not None and not finding.span.overlaps(span):
                yield replace(finding, span=span)
    if not written.islower():
        return
    words = r"\s+".join(map(re.escape, written.split()))
    for match in re.finditer(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE):
        if Span(*match.span()) != finding.span:
            yield replace(finding, span=Span(*match.span()))


def _inside(span: Span, others: Iterable[Span]) -> bool:
    return any(other.contains(span) for other in others)
