"""Documents, proposals and settlements for tests of the door; every name in them is invented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.door import policy
from pipeline.door.redact import Redaction, redact
from pipeline.raw.document import Block, Document, Finding, Identity, Proposal, Settlement
from pipeline.span import BlockKind, Kind, Span

Found = tuple[str, Kind, str]


def document(*parts: str | tuple[BlockKind, str]) -> Document:
    """A document of blocks; the rows of a table are lines, its cells split by tabs."""
    blocks: list[Block] = []
    text = ""
    for part in parts:
        kind, words = (BlockKind.PARAGRAPH, part) if isinstance(part, str) else part
        text += "\n\n" if text else ""
        start = len(text)
        text += words
        rows = _rows(words, start) if kind is BlockKind.TABLE else ()
        level = 1 if kind is BlockKind.HEADING else None
        blocks.append(Block(kind, words, 1, Span(start, len(text)), None, level, rows))
    return Document("0" * 64, "text/plain", "test", 1, text, tuple(blocks))


def _rows(words: str, start: int) -> tuple[tuple[Span | None, ...], ...]:
    rows, at = [], start
    for line in words.split("\n"):
        row: list[Span | None] = []
        for cell in line.split("\t"):
            row.append(Span(at, at + len(cell)) if cell else None)
            at += len(cell) + 1
        rows.append(tuple(row))
    return tuple(rows)


def person(
    key: str, *names: str, position: str | None = None, label: str | None = None
) -> Identity:
    """A person of the case."""
    return Identity(key, Kind.PERSON, names, position, (), label)


def proposal(
    of: Document, identities: Sequence[Identity] = (), others: Iterable[Found] = ()
) -> Proposal:
    """Every mention of the identities, longest names first, and of other things by their text."""
    wanted = [(name, one.kind, "", one.id) for one in identities for name in one.names]
    wanted.sort(key=lambda w: -len(w[0]))
    found: list[Finding] = []
    for name, kind, subkind, key in [*((t, k, s, None) for t, k, s in others), *wanted]:
        at = of.text.find(name)
        while at >= 0:
            span = Span(at, at + len(name))
            if not any(span.overlaps(f.span) for f in found):
                found.append(Finding(span, kind, subkind, 0.9, "test", key))
            at = of.text.find(name, at + 1)
    found.sort(key=lambda f: f.span)
    return Proposal(of.text_sha256, tuple(found), tuple(identities))


def settled(
    of: Proposal, *, kept: Sequence[Span] = (), labels: Sequence[tuple[str, str]] = ()
) -> Settlement:
    """The proposal as if a person had accepted all of it, but for what is kept."""
    found = tuple(f for f in of.findings if not any(k.overlaps(f.span) for k in kept))
    return Settlement(of.text_sha256, found, of.identities, tuple(kept), tuple(labels), 0, 0)


def redacted(
    of: Document,
    identities: Sequence[Identity] = (),
    others: Iterable[Found] = (),
    *,
    profile: str = "public",
    labels: Sequence[tuple[str, str]] = (),
    draft: bool = False,
) -> Redaction:
    """The document redacted with everything accepted."""
    wishes = settled(proposal(of, identities, others), labels=labels)
    return redact(of, wishes, policy.load(profile), review="r-test", draft=draft)


def text_of(
    words: str,
    identities: Sequence[Identity] = (),
    others: Iterable[Found] = (),
    *,
    profile: str = "public",
    labels: Sequence[tuple[str, str]] = (),
) -> str:
    """The safe text of a document of one paragraph."""
    made = redacted(document(words), identities, others, profile=profile, labels=labels)
    return made.document.text.value
