"""A proposal as a reviewer corrects it: bounds moved, two identities made one, one made two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.errors import UsageError
from pipeline.match import fold
from pipeline.raw.document import (
    Amendment,
    AmendmentKind,
    Block,
    Document,
    Finding,
    Identity,
    Proposal,
)
from pipeline.raw.mention import apart, trimmed
from pipeline.span import Span

_UNKNOWN = (
    "A correction speaks of a finding or an identity that this review does not have. Nothing was "
    "changed. Load the review again and repeat the step."
)
_NO_WORD = (
    "The new bounds hold no letter and no digit, or cross the edge of a paragraph or a cell. "
    "Nothing was changed. Mark the name inside one paragraph."
)
_ALL = (
    "Every mention would leave this identity. Nothing was changed. Leave at least one, or change "
    "its label instead."
)
_ITSELF = "An identity cannot be made one with itself. Nothing was changed. Choose another."


def amended(document: Document, proposal: Proposal, amendments: Sequence[Amendment]) -> Proposal:
    """The proposal after the corrections, one after the other; each speaks of the one before it.

    UsageError where one speaks of something that the proposal does not have by then.
    """
    for one in amendments:
        if one.kind is AmendmentKind.BOUNDS:
            proposal = _moved(document, proposal, one)
        elif one.kind is AmendmentKind.MERGE:
            proposal = _merged(proposal, one)
        else:
            proposal = _split(document.text, proposal, one)
    return proposal


def renamed(document: Document, proposal: Proposal, one: Amendment) -> Mapping[str, str | None]:
    """What findings and an identity of a proposal are called after one correction of it.

    None for what is there no more. What is not in the answer keeps its id.
    """
    after = amended(document, proposal, (one,))
    there = {f.id for f in after.findings} | {i.id for i in after.identities}
    names: dict[str, str | None] = {
        gone: None
        for gone in (*(f.id for f in proposal.findings), *(i.id for i in proposal.identities))
        if gone not in there
    }
    if one.kind is AmendmentKind.MERGE:
        into = next(i for i in proposal.identities if i.id == one.into)
        for finding in proposal.findings:
            if finding.identity == one.target:
                names[finding.id] = replace(finding, kind=into.kind).id
    elif one.kind is AmendmentKind.BOUNDS:
        for old, new in _moves(document, proposal, one).items():
            names[old.id] = replace(old, span=new).id
    return {old: new for old, new in names.items() if old != new}


def _identity(proposal: Proposal, wanted: str | None) -> Identity:
    for identity in proposal.identities:
        if identity.id == wanted:
            return identity
    raise UsageError(_UNKNOWN)


def _merged(proposal: Proposal, one: Amendment) -> Proposal:
    if one.target == one.into:
        raise UsageError(_ITSELF)
    gone, into = _identity(proposal, one.target), _identity(proposal, one.into)
    both = replace(
        into,
        names=_longest_first((*into.names, *gone.names)),
        position=into.position or gone.position,
        evidence=tuple(dict.fromkeys((*into.evidence, *gone.evidence))),
        reported_label=into.reported_label or gone.reported_label,
    )
    findings = tuple(
        replace(f, identity=both.id, kind=both.kind) if f.identity == gone.id else f
        for f in proposal.findings
    )
    others = (i for i in proposal.identities if i.id != gone.id)
    return Proposal(
        proposal.text_sha256, findings, tuple(both if i.id == both.id else i for i in others)
    )


def _split(text: str, proposal: Proposal, one: Amendment) -> Proposal:
    before = _identity(proposal, one.target)
    into = one.into or ""
    leaving = set(one.findings)
    own = [f for f in proposal.findings if f.identity == before.id]
    if not leaving <= {f.id for f in own} or into in {i.id for i in proposal.identities}:
        raise UsageError(_UNKNOWN)
    stay = [f for f in own if f.id not in leaving]
    if not stay:
        raise UsageError(_ALL)
    gone = [f for f in own if f.id in leaving]
    findings = tuple(
        replace(f, identity=into) if f.identity == before.id and f.id in leaving else f
        for f in proposal.findings
    )
    kept = replace(before, names=_written(text, stay), evidence=before.evidence)
    new = Identity(into, before.kind, _written(text, gone))
    identities: list[Identity] = []
    for identity in proposal.identities:
        identities += [kept, new] if identity.id == before.id else [identity]
    return Proposal(proposal.text_sha256, findings, tuple(identities))


def _written(text: str, findings: Iterable[Finding]) -> tuple[str, ...]:
    return _longest_first(" ".join(f.span.of(text).split()) for f in findings)


def _longest_first(names: Iterable[str]) -> tuple[str, ...]:
    unique = {fold(name): name for name in names}
    return tuple(sorted(unique.values(), key=lambda name: (-len(name), name)))


def _moved(document: Document, proposal: Proposal, one: Amendment) -> Proposal:
    moves = _moves(document, proposal, one)
    new = [replace(f, span=span, score=1.0) for f, span in moves.items()]
    spans = [f.span for f in new]
    rest = [
        f
        for f in proposal.findings
        if f not in moves and not any(span.contains(f.span) for span in spans)
    ]
    findings = apart(document.text, [*new, *rest])
    return Proposal(proposal.text_sha256, findings, _called(document.text, proposal, findings))


def _moves(document: Document, proposal: Proposal, one: Amendment) -> dict[Finding, Span]:
    """The findings that get other bounds: the target, and what is written like it."""
    target = next((f for f in proposal.findings if f.id == one.target), None)
    if target is None or one.span is None:
        raise UsageError(_UNKNOWN)
    text = document.text
    span = trimmed(text, one.span) if one.span.end <= len(text) else None
    home = _block_of(document, target.span)
    if span is None or home is None or not home.contains(span):
        raise UsageError(_NO_WORD)
    before, after = span.start - target.span.start, span.end - target.span.end
    old, new = fold(target.span.of(text)), fold(span.of(text))
    out = {target: span}
    for finding in proposal.findings:
        start, end = finding.span.start + before, finding.span.end + after
        alike = (finding.kind, finding.identity) == (target.kind, target.identity)
        if finding is target or not alike or fold(finding.span.of(text)) != old:
            continue
        if 0 <= start < end <= len(text) and fold(text[start:end]) == new:
            out[finding] = Span(start, end)
    return out


def _block_of(document: Document, span: Span) -> Span | None:
    """The block, or the cell of a table, in which a span stands."""
    blocks: Iterable[Block] = (b for b in document.blocks if b.span and b.span.contains(span))
    for block in blocks:
        cells = [cell for row in block.rows for cell in row if cell is not None]
        return next((cell for cell in cells if cell.contains(span)), block.span)
    return None


def _called(text: str, proposal: Proposal, findings: Sequence[Finding]) -> tuple[Identity, ...]:
    """The identities that are still mentioned, by the names that are written of them now."""
    out = []
    for identity in proposal.identities:
        own = [f for f in findings if f.identity == identity.id]
        before = [f for f in proposal.findings if f.identity == identity.id]
        if [f.span for f in own] == [f.span for f in before]:
            out.append(identity)
        elif own:
            gone = {fold(n) for n in _written(text, before)} - {
                fold(n) for n in _written(text, own)
            }
            stay = (n for n in identity.names if fold(n) not in gone)
            names = _longest_first((*_written(text, own), *stay))
            out.append(replace(identity, names=names))
    return tuple(out)
