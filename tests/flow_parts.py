"""Stand-ins and small documents for the tests of the flow; nothing here is a test."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.config import Settings
from pipeline.raw.document import Document, Finding, Identity, Proposal
from pipeline.span import Kind, Span

CANARIES = ("Quenby Thistlewaite", "Osric Pennyfarthing", "Wimblethorpe Academy")
POSITIONS = ("mother", "father", "primary school")
KINDS = (Kind.PERSON, Kind.PERSON, Kind.ORGANISATION)


def propose(document: Document, settings: Settings) -> Proposal:
    """Every mention of the canaries, without a model: what is tested here is the flow."""
    findings, identities = [], []
    for number, (name, position, kind) in enumerate(
        zip(CANARIES, POSITIONS, KINDS, strict=True), start=1
    ):
        found = list(re.finditer(name, document.text))
        if found:
            identities.append(Identity(f"i{number}", kind, (name,), position))
        for match in found:
            span = Span(*match.span())
            findings.append(Finding(span, kind, "name", 0.95, "stand-in", f"i{number}"))
    findings.sort(key=lambda finding: finding.span)
    return Proposal(document.text_sha256, tuple(findings), tuple(identities))


def report(number: int, paragraphs: int = 3) -> str:
    """A small report that names the canaries."""
    mother, father, school = CANARIES
    body = "\n\n".join(
        f"{at}.1 In spring the health visitor saw {mother} and {father}. {school} was not told, "
        f"and information was not shared between agencies."
        for at in range(1, paragraphs + 1)
    )
    return f"Overview report {number}\n\n{body}\n\n{mother} was supported by her sister.\n"


def write_reports(folder: Path, count: int, paragraphs: int = 3) -> list[Path]:
    """Reports in files whose names hold a canary."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"{CANARIES[0]} {number:02d}.txt"
        path.write_text(report(number, paragraphs), encoding="utf-8")
        paths.append(path)
    return paths
