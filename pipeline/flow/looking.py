"""Looking around on the desk: mentions in their sentences, places of words, known positions."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.errors import UsageError
from pipeline.flow.desks import Desk
from pipeline.raw import link_positions
from pipeline.raw.cards import Card, Context, Contexts
from pipeline.raw.document import Finding, Verdict
from pipeline.raw.residual import Left
from pipeline.span import Kind, Span

_NOWHERE = (
    "These words do not stand in the report as you typed them. Nothing was added. Copy them from "
    "the text, or mark them there."
)


def mentions(desk: Desk, card: Card) -> tuple[tuple[Context, str], ...]:
    """Every mention of a card in its sentence, with what counts for it: a verdict."""
    stays = {span.start for span in desk.settlement.kept}
    contexts = Contexts(desk.reading.document)
    own = set(card.findings)
    return tuple(
        (contexts.of(finding.span, finding.id), _counts(finding, card, stays))
        for finding in desk.proposal.findings
        if finding.id in own
    )


def _counts(finding: Finding, card: Card, stays: Collection[int]) -> str:
    if finding.span.start in stays:
        return Verdict.REJECT.value
    return Verdict.UNDECIDED.value if card.is_open else Verdict.ACCEPT.value


def context(desk: Desk, span: Span) -> Context:
    """A stretch of the report in its sentence."""
    return Contexts(desk.reading.document).of(span)


def shown(desk: Desk, group: Left, most: int = 3) -> tuple[Context, ...]:
    """Some places of a group of the residual list in their sentences, each form at least once."""
    contexts = Contexts(desk.reading.document)
    text = desk.reading.document.text
    first: dict[str, Span] = {}
    for span in group.spans:
        first.setdefault(span.of(text), span)
    picked = list(dict.fromkeys([*first.values(), *group.spans]))[:most]
    return tuple(contexts.of(span) for span in sorted(picked))


def where(desk: Desk, words: str) -> Span:
    """Where words first stand in the report, as somebody typed them; UsageError if nowhere."""
    plain = " ".join(words.split())
    text = desk.reading.document.text
    pattern = r"\s+".join(map(re.escape, plain.split(" ")))
    for flags in (re.NOFLAG, re.IGNORECASE):
        match = re.search(rf"(?<!\w){pattern}(?!\w)", text, flags) if plain else None
        if match:
            return Span(*match.span())
    raise UsageError(_NOWHERE)


def positions(kind: Kind) -> tuple[str, ...]:
    """What a person, a body or a place may be called: the positions that Candour knows."""
    known = link_positions.positions()
    rows = {Kind.PERSON: known.person, Kind.ORGANISATION: known.organisation}
    return tuple(row.position for row in rows.get(kind, known.place))
