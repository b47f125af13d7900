"""A file of decisions: what a reviewer sees of a proposal, and what comes back decided.

The file holds names. It is never logged, and no error shows a word of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import UsageError
from pipeline.match import Names, fold, is_ordinary
from pipeline.raw import settle_codes as codes
from pipeline.raw.document import (
    Clearance,
    Decision,
    Document,
    Finding,
    Identity,
    Proposal,
    UnreadKind,
    Verdict,
)
from pipeline.span import Kind, Span

FORMAT = 1
_AROUND = 60
_WHOLE = 240
_LOW = 0.5
ONE_EACH = frozenset({"mother", "father"})
_SHARED = frozenset({"family name"})
WHY = ("conflict", "low score", "ambiguous", "seen once", "rest")
NOT_A_FILE = (
    "The file of decisions has a key or a value that Candour does not know, or lacks one. "
    "Nothing was taken in. Compare it with a freshly exported one."
)
_OTHER_TEXT = (
    "The file of decisions was exported for another text. Nothing was taken in. Export the "
    "review again and decide on that."
)
_UNKNOWN = (
    "The file of decisions speaks of something that this review does not have. Nothing was "
    "taken in. Export the review again and decide on that."
)
_NOT_THERE = (
    "An added name does not stand in the text of this review. Nothing was taken in. Write it "
    "as it stands in the report, or give its place."
)


def export_rows(
    document: Document,
    proposal: Proposal,
    decisions: Sequence[Decision] = (),
    added: Sequence[Finding] = (),
    cleared: Collection[Clearance] = (),
) -> dict[str, object]:
    """What a reviewer decides on, uncertain things first; what is decided already is shown so.

    "accept_kinds" lists kinds of which everything still undecided is accepted; "clear_kinds"
    gives, for kinds of what was not read, the code under which all still open is cleared.
    """
    by_target = {decision.target: decision for decision in decisions}
    spans: dict[str, list[Finding]] = {}
    for finding in proposal.findings:
        if finding.identity is not None:
            spans.setdefault(finding.identity, []).append(finding)
    doubtful = conflicts(proposal)
    ranked = sorted(
        (WHY.index(why_first(identity, spans.get(identity.id, []), doubtful)), at)
        for at, identity in enumerate(proposal.identities)
    )
    return {
        "format": FORMAT,
        "text_sha256": proposal.text_sha256,
        "view": document.view.value,
        "accept_kinds": [],
        "clear_kinds": {},
        "identities": [
            _identity_row(
                document.text,
                proposal.identities[at],
                WHY[why],
                spans.get(proposal.identities[at].id, []),
                by_target,
            )
            for why, at in ranked
        ],
        "findings": [
            _finding_row(document.text, finding, by_target)
            for finding in sorted(proposal.findings, key=lambda f: (f.score >= _LOW, f.span))
            if finding.identity is None
        ],
        "exceptions": [
            _finding_row(document.text, finding, by_target)
            for finding in proposal.findings
            if finding.identity is not None and finding.id in by_target
        ],
        "unread": codes.unread_rows(document, cleared, _around_unread(document)),
        "added": [_added_row(document.text, finding, by_target) for finding in added],
    }


def context(text: str, span: Span) -> str:
    """A mention in its line, marked, about sixty characters on each side."""
    before = text[max(0, span.start - _AROUND) : span.start]
    after = text[span.end : span.end + _AROUND]
    return " ".join(f"{before}«{span.of(text)}»{after}".split())


def _around_unread(document: Document) -> dict[str, str]:
    """The lines of what was not read that have a place in the text, as they stand in it."""
    return {
        line.id: context(document.text, line.span)
        if len(line.span) <= _WHOLE
        else f"«{' '.join(document.text[line.span.start : line.span.start + _WHOLE].split())} …»"
        for line in document.unread
        if line.span is not None
    }


def _contexts(text: str, found: Sequence[Finding]) -> list[str]:
    picked = dict.fromkeys((0, len(found) // 2, len(found) - 1)) if found else {}
    return [context(text, found[at].span) for at in picked]


def conflicts(proposal: Proposal) -> frozenset[str]:
    """Identities that share a name with another, or a position that only one can have."""
    owners: dict[str, dict[str, Kind]] = {}
    for identity in proposal.identities:
        keys = [fold(name) for name in identity.names]
        if identity.kind is Kind.PERSON and identity.position in ONE_EACH:
            keys.append(f"\0{identity.position}")
        for key in keys:
            owners.setdefault(key, {})[identity.id] = identity.kind
    return frozenset(id_ for held in owners.values() if len(held) > 1 for id_ in held)


def why_first(identity: Identity, found: Sequence[Finding], doubtful: Collection[str]) -> str:
    """Why an identity comes when it comes: one of WHY."""
    if identity.id in doubtful:
        return "conflict"
    if max((f.score for f in found), default=0.0) < _LOW:
        return "low score"
    if identity.position in _SHARED or all(is_ordinary(name) for name in identity.names):
        return "ambiguous"
    return "seen once" if len(found) == 1 else "rest"


def _decided(target: str, by_target: Mapping[str, Decision]) -> dict[str, object]:
    decision = by_target.get(target)
    return {
        "verdict": (decision.verdict if decision else Verdict.UNDECIDED).value,
        "label": decision.label if decision else None,
        "reason": decision.reason if decision else None,
    }


def _identity_row(
    text: str,
    identity: Identity,
    why: str,
    found: Sequence[Finding],
    by_target: Mapping[str, Decision],
) -> dict[str, object]:
    decision = by_target.get(identity.id)
    position = decision.position if decision and decision.position else identity.position
    return {
        "id": identity.id,
        "kind": identity.kind.value,
        "names": list(identity.names),
        "why": why,
        "count": len(found),
        "contexts": _contexts(text, found),
        "position": position,
        "evidence": [context(text, span) for span in identity.evidence[:3]],
        "reported_label": identity.reported_label,
        "mentions": [finding.id for finding in found],
        **_decided(identity.id, by_target),
    }


def _finding_row(
    text: str, finding: Finding, by_target: Mapping[str, Decision]
) -> dict[str, object]:
    decision = by_target.get(finding.id)
    return {
        "id": finding.id,
        "kind": finding.kind.value,
        "subkind": finding.subkind,
        "text": finding.span.of(text),
        "score": round(finding.score, 3),
        "context": context(text, finding.span),
        "position": decision.position if decision else None,
        **_decided(finding.id, by_target),
    }


def _added_row(text: str, finding: Finding, by_target: Mapping[str, Decision]) -> dict[str, object]:
    decision = by_target.get(finding.id)
    return {
        "text": finding.span.of(text),
        "start": finding.span.start,
        "end": finding.span.end,
        "kind": finding.kind.value,
        "subkind": finding.subkind,
        "identity": finding.identity,
        "position": decision.position if decision else None,
        "label": decision.label if decision else None,
    }


_Label = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\n\r\t]*$")]
_Code = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_-]*$")]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Judged(_Row):
    """What a reviewer sets; the rest of a row is there to be read and may be left out."""

    id: str
    verdict: Verdict = Verdict.UNDECIDED
    position: _Label | None = None
    label: _Label | None = None
    reason: _Code | None = None
    kind: object = None
    contexts: object = None
    evidence: object = None


class _IdentityRow(_Judged):
    names: object = None
    why: object = None
    count: object = None
    reported_label: object = None
    mentions: object = None


class _FindingRow(_Judged):
    subkind: object = None
    text: object = None
    score: object = None
    context: object = None


class _AddedRow(_Row):
    text: str | None = None
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=1)
    kind: Kind = Kind.PERSON
    subkind: _Code = "added"
    identity: str | None = None
    position: _Label | None = None
    label: _Label | None = None


class _File(_Row):
    format: Literal[1]
    text_sha256: str
    view: object = None
    accept_kinds: tuple[Kind, ...] = ()
    clear_kinds: dict[UnreadKind, str] = Field(default_factory=dict)
    identities: tuple[_IdentityRow, ...] = ()
    findings: tuple[_FindingRow, ...] = ()
    exceptions: tuple[_FindingRow, ...] = ()
    unread: tuple[codes.UnreadRow, ...] = ()
    added: tuple[_AddedRow, ...] = ()
    left: object = None


def parse_rows(
    content: Mapping[str, object],
    document: Document,
    proposal: Proposal,
    cleared: Collection[Clearance] = (),
) -> tuple[tuple[Decision, ...], tuple[Finding, ...], tuple[Clearance, ...]]:
    """Decisions, added findings and cleared lines of a file; UsageError where it is not one.

    Every row of the file is a decision: one that went back to undecided takes a verdict back.
    An added row needs a text as it stands in the report, or its place as start and end. A line
    of what was not read needs a code that fits it; `cleared` is what is cleared already.
    """
    try:
        file = _File.model_validate(dict(content))
    except ValidationError:
        # The library's own message holds the values; it goes no further.
        raise UsageError(NOT_A_FILE) from None
    if file.text_sha256 != proposal.text_sha256 or document.text_sha256 != file.text_sha256:
        raise UsageError(_OTHER_TEXT)
    findings = {finding.id: finding for finding in proposal.findings}
    identities = {identity.id: identity for identity in proposal.identities}
    unread = {line.id for line in document.unread}
    _require(all(row.id in identities for row in file.identities))
    _require(all(row.id in findings for row in (*file.findings, *file.exceptions)))
    _require(all(row.id in unread for row in file.unread))
    kinds = frozenset(file.accept_kinds)
    decided = [_decision(row, identities[row.id].kind in kinds) for row in file.identities]
    proposed = {identity.id: identity.position for identity in proposal.identities}
    decided = [_unless_proposed(one, proposed) for one in decided]
    decided += [_decision(row, findings[row.id].kind in kinds) for row in file.findings]
    decided += [_decision(row, False) for row in file.exceptions]
    added = tuple(_added(row, document.text, identities) for row in file.added)
    for row, finding in zip(file.added, added, strict=True):
        if row.position is not None or row.label is not None:
            decided.append(Decision(finding.id, Verdict.ACCEPT, row.position, row.label))
    clear = codes.clearances(file.unread, file.clear_kinds, document, cleared)
    return tuple(decided), added, clear


def _require(known: bool) -> None:
    if not known:
        raise UsageError(_UNKNOWN)


def _decision(row: _Judged, accepted: bool) -> Decision:
    verdict = row.verdict
    if accepted and verdict is Verdict.UNDECIDED:
        verdict = Verdict.ACCEPT
    return Decision(row.id, verdict, row.position, row.label, row.reason or None)


def _unless_proposed(decision: Decision, proposed: Mapping[str, str | None]) -> Decision:
    """The decision without a position that is only what was proposed."""
    if decision.position != proposed.get(decision.target):
        return decision
    return Decision(decision.target, decision.verdict, None, decision.label, decision.reason)


def _added(row: _AddedRow, text: str, identities: Collection[str]) -> Finding:
    if row.identity is not None and row.identity not in identities:
        raise UsageError(_UNKNOWN)
    span = _place(row, text)
    return Finding(span, row.kind, row.subkind or "added", 1.0, "reviewer", row.identity)


def _place(row: _AddedRow, text: str) -> Span:
    """Where an added name stands: at its place, else where it is first found."""
    if row.start is not None and row.end is not None:
        if not row.start < row.end <= len(text):
            raise UsageError(_NOT_THERE)
        if row.text is None or text[row.start : row.end] == row.text:
            return Span(row.start, row.end)
        raise UsageError(_NOT_THERE)
    written = (row.text or "").strip()
    found = Names([("", written)]).find(text) if written else ()
    at = text.find(written) if written and not found else -1
    if at >= 0:
        return Span(at, at + len(written))
    if not found:
        raise UsageError(_NOT_THERE)
    return found[0].span
