"""The door: a raw document and what was settled go in; safe text and its plan come out."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.door import facts
from pipeline.door.plan import Plan as Plan
from pipeline.door.plan import Replacement as Replacement
from pipeline.door.plan import from_bytes as from_bytes
from pipeline.door.plan import to_bytes as to_bytes
from pipeline.door.planning import Planned, planned
from pipeline.door.policy import Policy
from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.raw.document import Block, Document, Finding, Proposal, Settlement
from pipeline.raw.facts_nouns import Facts
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeText, Swap
from pipeline.span import Span

OTHER_TEXT = (
    "A settlement or a plan belongs to another text than the one at hand. Nothing was released. "
    "Read the file and settle the review again."
)
NOT_SETTLED = (
    "Something in the review is undecided or was not looked at. Only a draft can be made of it. "
    "Decide every finding, clear every line of what was not read, and go through what is left."
)
SOURCE_NEEDED = (
    "A text that is taken as published needs the place where it was published and the date. "
    "Nothing was changed. Give both."
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """A safe document, the plan that made it, and every surface form that it hides.

    `hidden` is raw: it never leaves the raw side and the gate. `kept` are the spans of the safe
    text in which a person decided that a hidden form may be read. `shown` are names that the
    profile shows; `uncertain` the stretches of the safe text that were recognised from pictures;
    `counted` the labels whose number we gave: "[person 13]".
    """

    document: SafeDocument
    plan: Plan
    hidden: tuple[str, ...] = field(repr=False)
    kept: tuple[Span, ...] = ()
    shown: tuple[str, ...] = field(default=(), repr=False)
    uncertain: tuple[Span, ...] = ()
    counted: frozenset[str] = frozenset()


def redact(
    document: Document,
    settlement: Settlement,
    policy: Policy,
    *,
    review: str,
    draft: bool = True,
    source: str = "",
    published: str = "",
    said: Facts | None = None,
) -> Redaction:
    """The document as the profile lets it be read; the same input gives the same output.

    Raises StoreError where the settlement is of another text, NotSettledError where anything is
    open and this is no draft, UsageError where a text that is public already has no source
    and date, LeakError where no safe label could be given. `said` is what the report says of
    itself, where that was worked out already.
    """
    if settlement.text_sha256 != document.text_sha256:
        raise StoreError(OTHER_TEXT, review=review)
    if not draft and (settlement.undecided or settlement.uncleared or settlement.left):
        raise NotSettledError(NOT_SETTLED, review=review)
    if policy.needs_source and not (source.strip() and published.strip()):
        raise UsageError(SOURCE_NEEDED, review=review)
    work = planned(document, settlement, policy, draft=draft)
    plan = Plan(review, policy.name, policy.sha256, document.text_sha256, work.replacements)
    text = replay(document.text, plan)
    moves = _Moves(plan.replacements)
    safe = SafeDocument(
        review=review,
        profile=policy.name,
        text=text,
        blocks=tuple(_block(block, moves, text.value) for block in document.blocks if block.span),
        swaps=moves.swaps(),
        facts=facts.stated(document, said),
        draft=draft,
    )
    return Redaction(
        document=safe,
        plan=plan,
        hidden=_hidden(work),
        kept=_kept(work, moves),
        shown=work.shown,
        uncertain=moves.left(document.uncertain),
        counted=work.counted,
    )


def replay(text: str, plan: Plan) -> SafeText:
    """The safe text that the plan makes of the canonical text, byte for byte what redact made.

    StoreError where the plan was made for another text.
    """
    if hashlib.sha256(text.encode()).hexdigest() != plan.text_sha256:
        raise StoreError(OTHER_TEXT, review=plan.review)
    parts = []
    at = 0
    for change in plan.replacements:
        parts += [text[at : change.span.start], change.label]
        at = change.span.end
    return SafeText("".join([*parts, text[at:]]))


def would_change(document: Document, proposal: Proposal, policy: Policy) -> tuple[Finding, ...]:
    """The findings of the proposal whose text the profile would change."""
    taken = Settlement(
        text_sha256=proposal.text_sha256,
        findings=proposal.findings,
        identities=proposal.identities,
        kept=(),
        labels=(),
        undecided=0,
        uncleared=0,
    )
    changed = [change.span for change in planned(document, taken, policy, draft=True).replacements]
    starts = [span.start for span in changed]
    out = []
    for finding in proposal.findings:
        last = bisect_right(starts, finding.span.end - 1) - 1
        if last >= 0 and changed[last].overlaps(finding.span):
            out.append(finding)
    return tuple(out)


class _Moves:
    """Where an offset of the canonical text stands in the safe text."""

    def __init__(self, changes: Sequence[Replacement]) -> None:
        self._changes = changes
        self._starts = [change.span.start for change in changes]
        self._shifts = [0]
        for change in changes:
            self._shifts.append(self._shifts[-1] + len(change.label) - len(change.span))

    def to(self, offset: int, *, end: bool = False) -> int:
        """The offset moved; inside a change, the start of its label, or its end for an end."""
        index = bisect_right(self._starts, offset - 1 if end else offset) - 1
        if index < 0:
            return offset
        change = self._changes[index]
        start = change.span.start + self._shifts[index]
        if offset < change.span.end:
            return start + len(change.label) if end else start
        return offset + self._shifts[index + 1]

    def span(self, span: Span) -> Span:
        """The span moved, widened to whole labels."""
        return Span(self.to(span.start), self.to(span.end, end=True))

    def left(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """What of the spans stays as it is, in the safe text: labels are not among it."""
        out = []
        for span in spans:
            at = span.start
            first = bisect_left(self._changes, span.start, key=lambda change: change.span.end)
            for change in self._changes[first:]:
                if change.span.start >= span.end:
                    break
                if at < change.span.start:
                    out.append(Span(self.to(at), self.to(change.span.start, end=True)))
                at = max(at, change.span.end)
            if at < span.end:
                out.append(Span(self.to(at), self.to(span.end, end=True)))
        return tuple(out)

    def swaps(self) -> tuple[Swap, ...]:
        """The labels, where they stand in the safe text."""
        return tuple(
            Swap(self.span(change.span), change.kind, change.label) for change in self._changes
        )


def _block(block: Block, moves: _Moves, text: str) -> SafeBlock:
    if block.span is None:
        raise ValueError("a block that stands in no text has no place in a safe one")
    span = moves.span(block.span)
    number = block.number if block.number and _opens(block.number, span.of(text)) else None
    rows = tuple(
        tuple(None if cell is None else moves.span(cell) for cell in row) for row in block.rows
    )
    return SafeBlock(block.kind, block.page, span, number, block.level, rows)


def _opens(number: str, text: str) -> bool:
    """Whether a block's number still opens it: "S" of "S. Harbottle" is an initial, and hidden.

    Anywhere in the text will not do: a label is followed by words, and they hold every letter.
    """
    return re.match(rf"[\s(\[]*{re.escape(number)}(?!\w)", text) is not None


def _hidden(work: Planned) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for _, form in work.forms))


def _kept(work: Planned, moves: _Moves) -> tuple[Span, ...]:
    return tuple(sorted({moves.span(span) for span in work.kept}))
