"""What a reviewer decides on, one card at a time: an identity, or things of one shape together."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.match import fold
from pipeline.raw.document import (
    Block,
    Decision,
    Document,
    Finding,
    Identity,
    Proposal,
    Verdict,
)
from pipeline.raw.settle_rows import ONE_EACH, WHY, conflicts, why_first
from pipeline.span import BlockKind, Kind, Span

_AROUND = 90
_LOW = 0.5
_SHOWN = 3
MIXED = "mixed"
# For these no profile has a rule: a person is asked whether they are hidden.
ASKED = frozenset({Kind.DEMOGRAPHIC, Kind.QUANTITY, Kind.OTHER})


@dataclass(frozen=True, slots=True)
class Context:
    """One mention in its sentence: raw text. `paragraph` is the number that the report gives.

    `start` is where `written` starts in the canonical text.
    """

    finding: str
    start: int
    before: str
    written: str
    after: str
    page: int
    paragraph: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """One decision: it covers every mention, but for the exceptions that were made one by one.

    `why` says why it comes when it comes, `beside` are the identities that it may be confused
    with, `verdict` is one of Verdict or MIXED. `seen` stands for what the card shows: whoever
    accepts gives it back. `identity` is None for things of one shape that nothing links.
    """

    id: str
    kind: Kind
    subkind: str
    identity: Identity | None
    forms: tuple[tuple[str, int], ...]
    findings: tuple[str, ...]
    contexts: tuple[Context, ...]
    evidence: tuple[Context, ...]
    why: str
    beside: tuple[str, ...]
    verdict: str
    exceptions: int
    position: str | None
    label: str | None
    asked: bool
    seen: str

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide on a mention of it."""
        return self.verdict == Verdict.UNDECIDED


def queue(
    document: Document,
    proposal: Proposal,
    decisions: Sequence[Decision],
    accepted: Collection[str] = (),
) -> tuple[Card, ...]:
    """The cards in the order in which they are worth looking at, decided ones in their place.

    `accepted` are findings that need no decision, since a reviewer added them.
    """
    making = _Making(document, proposal, decisions, accepted)
    cards = [*making.identities(), *making.shapes()]
    return tuple(sorted(cards, key=lambda card: WHY.index(card.why)))


class Contexts:
    """The mentions of one document in their sentences."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._blocks = tuple(b for b in document.blocks if b.span is not None)
        self._starts = [block.span.start for block in self._blocks if block.span]

    def of(self, span: Span, finding: str = "") -> Context:
        """A stretch of the text with what stands around it in its paragraph or row."""
        block = self._block(span)
        home = block.span if block and block.span else span
        row = self._text.rfind("\n", 0, span.start) + 1 if _is_table(block) else 0
        low = max(home.start, row, span.start - _AROUND)
        high = min(home.end, span.end + _AROUND)
        return Context(
            finding=finding,
            start=span.start,
            before=_whole_words(self._text, low, span.start),
            written=span.of(self._text),
            after=self._text[span.end : max(span.end, high)],
            page=block.page if block else 1,
            paragraph=block.number if block else None,
        )

    def _block(self, span: Span) -> Block | None:
        at = bisect_right(self._starts, span.start) - 1
        return self._blocks[at] if at >= 0 else None


class _Making:
    """What all cards of one proposal are made from."""

    def __init__(
        self,
        document: Document,
        proposal: Proposal,
        decisions: Sequence[Decision],
        accepted: Collection[str],
    ) -> None:
        self.text = document.text
        self.proposal = proposal
        self.decisions = {decision.target: decision for decision in decisions}
        self.accepted = frozenset(accepted)
        self.context = Contexts(document).of

    def identities(self) -> Iterable[Card]:
        """A card for each identity, in the order of the proposal."""
        found: dict[str, list[Finding]] = {}
        for finding in self.proposal.findings:
            if finding.identity is not None:
                found.setdefault(finding.identity, []).append(finding)
        doubtful = conflicts(self.proposal)
        names = _owners(self.proposal.identities)
        for identity in self.proposal.identities:
            own = found.get(identity.id, [])
            if own:
                why = why_first(identity, own, doubtful)
                beside = _beside(identity, names) if identity.id in doubtful else ()
                yield self._card(identity.id, own, why, identity=identity, beside=beside)

    def shapes(self) -> Iterable[Card]:
        """A card for each kind of dates, ages, codes …; what is doubtful stands apart."""
        held: dict[tuple[Kind, str, bool], list[Finding]] = {}
        for finding in self.proposal.findings:
            if finding.identity is None:
                key = (finding.kind, finding.subkind, finding.score < _LOW)
                held.setdefault(key, []).append(finding)
        for (kind, subkind, low), own in held.items():
            name = f"{kind.value}-{subkind or 'any'}{'-low' if low else ''}"
            why = "low score" if low else "seen once" if len(own) == 1 else "rest"
            yield self._card(name, own, why)

    def _card(
        self,
        id_: str,
        own: Sequence[Finding],
        why: str,
        *,
        identity: Identity | None = None,
        beside: tuple[str, ...] = (),
    ) -> Card:
        decision = self.decisions.get(id_)
        forms = _forms(self.text, own)
        contexts = tuple(self.context(f.span, f.id) for f in _picked(self.text, own))
        evidence = identity.evidence[:_SHOWN] if identity else ()
        proposed = identity.position if identity else None
        return Card(
            id=id_,
            kind=own[0].kind,
            subkind=own[0].subkind,
            identity=identity,
            forms=forms,
            findings=tuple(f.id for f in own),
            contexts=contexts,
            evidence=tuple(self.context(span, "") for span in evidence),
            why=why,
            beside=beside,
            verdict=self._verdict(own, decision),
            exceptions=sum(self._is_exception(f, decision) for f in own) if identity else 0,
            position=decision.position if decision and decision.position else proposed,
            label=decision.label if decision else self._own_label(own),
            asked=own[0].kind in ASKED,
            seen=_seen(id_, forms, contexts),
        )

    def _own_label(self, own: Sequence[Finding]) -> str | None:
        """The label of what a reviewer added: its decision speaks of the finding."""
        decided = (self.decisions.get(f.id) for f in own if f.id in self.accepted)
        return next((one.label for one in decided if one and one.label), None)

    def _verdict(self, own: Sequence[Finding], decision: Decision | None) -> str:
        said = {self._of(f, decision) for f in own}
        if Verdict.UNDECIDED in said:
            return Verdict.UNDECIDED.value
        return said.pop().value if len(said) == 1 else MIXED

    def _of(self, finding: Finding, decision: Decision | None) -> Verdict:
        own = self.decisions.get(finding.id)
        if own is not None and own.verdict is not Verdict.UNDECIDED:
            return own.verdict
        if finding.id in self.accepted:
            return Verdict.ACCEPT
        return decision.verdict if decision is not None else Verdict.UNDECIDED

    def _is_exception(self, finding: Finding, decision: Decision | None) -> bool:
        own = self.decisions.get(finding.id)
        if own is None or finding.id in self.accepted:
            return False
        differs = own.verdict is not (decision.verdict if decision else Verdict.UNDECIDED)
        return differs or own.label is not None or own.position is not None


def _is_table(block: Block | None) -> bool:
    return block is not None and block.kind is BlockKind.TABLE


def _whole_words(text: str, low: int, high: int) -> str:
    """The stretch before a mention, from the start of a word on."""
    before = text[low:high]
    cut = low > 0 and text[low - 1].isalnum() and before[:1].isalnum()
    return before.partition(" ")[2] if cut else before


def _picked(text: str, own: Sequence[Finding]) -> list[Finding]:
    """Up to three mentions: written in as many ways as there are, then first, middle and last."""
    by_form: dict[str, Finding] = {}
    for finding in own:
        by_form.setdefault(fold(finding.span.of(text)), finding)
    picked = list(by_form.values())[:_SHOWN]
    for at in (0, len(own) - 1, len(own) // 2):
        if len(picked) < _SHOWN and own[at] not in picked:
            picked.append(own[at])
    return sorted(picked, key=lambda f: f.span)


def _forms(text: str, own: Sequence[Finding]) -> tuple[tuple[str, int], ...]:
    """How it is written, and how often, most often first."""
    counted: dict[str, int] = {}
    for finding in own:
        written = " ".join(finding.span.of(text).split())
        counted[written] = counted.get(written, 0) + 1
    return tuple(sorted(counted.items(), key=lambda form: -form[1]))


def _owners(identities: Iterable[Identity]) -> Mapping[str, list[str]]:
    owners: dict[str, list[str]] = {}
    for identity in identities:
        for name in {fold(name) for name in identity.names}:
            owners.setdefault(name, []).append(identity.id)
        if identity.kind is Kind.PERSON and identity.position in ONE_EACH:
            owners.setdefault(f"\0{identity.position}", []).append(identity.id)
    return owners


def _beside(identity: Identity, owners: Mapping[str, list[str]]) -> tuple[str, ...]:
    keys = [*(fold(name) for name in identity.names), f"\0{identity.position}"]
    others = (other for key in keys for other in owners.get(key, ()) if other != identity.id)
    return tuple(dict.fromkeys(others))


def _seen(id_: str, forms: Iterable[tuple[str, int]], contexts: Iterable[Context]) -> str:
    """A short hash of what a card shows."""
    return hashlib.sha256(repr((id_, tuple(forms), tuple(contexts))).encode()).hexdigest()[:16]
