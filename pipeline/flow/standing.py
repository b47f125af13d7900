"""What decisions can still speak of, and what a name that is added by hand takes back."""

from __future__ import annotations

from pipeline.raw import settle
from pipeline.raw.document import Document, Finding, Proposal
from pipeline.store.casefile import Decided


def targets(document: Document, proposal: Proposal, decided: Decided) -> frozenset[str]:
    """The ids of all findings and identities: those proposed, and those added by hand."""
    whole = settle.extended(document, proposal, decided.added)
    findings = (f.id for f in (*whole.findings, *proposal.findings))
    return frozenset((*findings, *(identity.id for identity in whole.identities)))


def holding(
    document: Document, proposal: Proposal, decided: Decided, added: Finding
) -> list[Finding]:
    """What was let stay and holds a name that was added, wherever the name stands."""
    made = settle.settled(document, proposal, decided.decisions, decided.added, ())
    kept = set(made.kept)
    if not kept:
        return []
    whole = settle.extended(document, proposal, decided.added)
    spans = settle.places(document, added)
    return [f for f in whole.findings if f.span in kept and any(map(f.span.overlaps, spans))]
