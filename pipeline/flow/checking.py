"""Checks of a report against itself: its summary, its figures, its recommendations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import Settings
from pipeline.door import policy as policies
from pipeline.door import redact, verify
from pipeline.errors import ReadError
from pipeline.exporters import to_text
from pipeline.flow import proposing
from pipeline.raw import figures, settle
from pipeline.raw.document import Block, Document
from pipeline.raw.figures_rows import Figure
from pipeline.safe import embed, recommendations, scope, segment, statements, summary
from pipeline.safe.lesson import Passage, SafeBlock, SafeDocument
from pipeline.span import Span

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Row = dict[str, object]

CHECKED_ID = "checked"
CHECKED_NAME = "checked.txt"
BETWEEN = "\n\n\f\n\n"  # a new page between two texts
EMPTY = (
    "One of the two files holds no text that can be compared. Nothing was checked. Look at it "
    "with `candour read FILE`."
)
MOST_SUMMARY = 300_000  # characters, some 50,000 words; every statement meets every other one
MOST_FULL = 3_000_000
TOO_LONG = (
    "One of the two files is too long to be compared: a summary may have 300,000 characters, a "
    "report 3,000,000. Nothing was checked. Give the summary first and its report second, or "
    "check a part."
)
SAME = (
    "The summary and the report are one and the same text. Nothing was checked. Give the file of "
    "the summary first and that of the report second."
)
NO_TEXT = "The files hold no text. No figure was checked. Look at them with `candour read FILE`."


@dataclass(frozen=True, slots=True)
class Compared:
    """The rows of a comparison, and how many statements each of the two texts has."""

    rows: tuple[Row, ...]
    summary: int
    full: int


def check_summary(
    summary_file: Path, full_file: Path, profile: str, settings: Settings
) -> Compared:
    """What the summary in one file changes of the report in another (contracts: check summary).

    Both are made safe together, so that one person has one label in the two.
    """
    first, second = (proposing.read(path, settings) for path in (summary_file, full_file))
    if not (first.text.strip() and second.text.strip()):
        raise ReadError(EMPTY)
    if len(first.text) > MOST_SUMMARY or len(second.text) > MOST_FULL:
        raise ReadError(TOO_LONG)
    if first.text == second.text:
        raise ReadError(SAME)
    told, known = safe_together(*read_as_one(first, second, settings), profile, settings)
    vectors = embed.vectors()
    found = summary.differences(told, known, vectors)
    return Compared(tuple(_difference_row(one) for one in found), len(told), len(known))


def read_as_one(first: Document, second: Document, settings: Settings) -> tuple[Document, int]:
    """Two documents as one text, and how many blocks of it are the first one's.

    Two texts without layout are read again as one file: a summary that was cut out of its report
    has too few pages for its running head and its bullets to be known by themselves.
    """
    if first.source_text is not None and second.source_text is not None:
        before = first.source_text + BETWEEN
        data = (before + second.source_text).encode()
        both = proposing.read_bytes(data, CHECKED_NAME, settings)
        starts = [both.to_source(b.span) for b in both.blocks if b.span is not None]
        count = sum(span.start < len(before) for span in starts)
        if 0 < count < len(starts) and all(s.end <= len(before) for s in starts[:count]):
            return replace(both, source_text=None, origins=None), count
    return joined(first, second), sum(b.span is not None for b in first.blocks)


def safe_together(
    both: Document, count: int, profile: str, settings: Settings
) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """The passages of two documents in one text, made safe under one map of identities.

    `count` blocks are the first one's. LeakError where something that was hidden still stands
    in one of them.
    """
    proposal = proposing.propose(both, settings)
    accepted = settle.accept_all(proposal)
    redaction = redact.redact(both, accepted, policies.load(profile), review=CHECKED_ID)
    text = to_text.render(redaction.document, public_id=CHECKED_ID)
    verify.require_clean({"draft.txt": text}, redaction)
    document = redaction.document
    return _half(document, document.blocks[:count]), _half(document, document.blocks[count:])


def joined(first: Document, second: Document) -> Document:
    """Two documents as one text, the second after the first."""
    cut = len(first.text) + 2
    blocks = (*first.blocks, *(_shifted(block, cut) for block in second.blocks))
    return replace(
        first,
        text=f"{first.text}\n\n{second.text}",
        blocks=blocks,
        margins=tuple(dict.fromkeys((*first.margins, *second.margins))),
        unread=(),
        source_text=None,
        origins=None,
        places=(),
        uncertain=(*first.uncertain, *(s.shift(cut) for s in second.uncertain)),
    )


def _shifted(block: Block, by: int) -> Block:
    if block.span is None:
        return block
    rows = tuple(tuple(None if c is None else c.shift(by) for c in row) for row in block.rows)
    return replace(block, span=block.span.shift(by), rows=rows)


def _half(document: SafeDocument, blocks: tuple[SafeBlock, ...]) -> tuple[Passage, ...]:
    """The passages of one of the two, their places counted from its own start."""
    if not blocks:
        raise ReadError(EMPTY)
    start = blocks[0].span.start
    found = segment.passages(replace(document, blocks=blocks))
    return tuple(
        replace(one, span=Span(one.span.start - start, one.span.end - start)) for one in found
    )


def _difference_row(one: summary.Difference) -> Row:
    return {
        "kind": one.kind,
        "summary": _stated(one.summary),
        "full": _stated(one.full) | ({"evidence": list(one.evidence)} if one.full else {}),
        "why": " ".join(one.why),
        "score": round(one.score, 4),
    }


def _stated(stated: statements.Stated | None) -> Row:
    if stated is None:
        return {}
    return {
        "page": stated.passage.page,
        "paragraph": stated.passage.paragraph,
        "heading": stated.passage.heading,
        "start": stated.span.start,
        "end": stated.span.end,
        "quote": stated.text,
    }


def check_figures(files: Sequence[Path], settings: Settings) -> tuple[Row, ...]:
    """Whether the figures of the files fit together (contracts: check figures).

    A row holds numbers and the numbers of paragraphs, no word of a file. Where there are several
    files, `files` says which of them each paragraph is in.
    """
    documents = [proposing.read(path, settings) for path in files]
    if not any(document.text.strip() for document in documents):
        raise ReadError(NO_TEXT)
    return tuple(_figure_row(one, len(files) > 1) for one in figures.check(documents))


def _figure_row(one: Figure, several: bool) -> Row:
    row: Row = {
        "verdict": one.verdict,
        "paragraphs": list(one.paragraphs),
        "numbers": list(one.numbers),
        "why": one.why,
    }
    return row | {"files": list(one.files)} if several else row


def list_recommendations(
    workspace: Workspace, *, include_drafts: bool = False, wanted: str | None = None
) -> Iterator[Row]:
    """The recommendations of the library's texts, a row each (contracts: recommendations).

    `wanted` is a scope (local, regional, national, not-said): others are left out.
    """
    only = None if wanted is None else scope.named(wanted)
    documents = workspace.library.documents(
        include_drafts=include_drafts, prefer=workspace.settings.profile
    )
    for document in documents:
        for one in recommendations.recommendations(document, segment.passages(document)):
            if only in (None, scope.scope(one.addressee)):
                yield _recommendation_row(document, one)


def _recommendation_row(document: SafeDocument, one: recommendations.Recommendation) -> Row:
    return {
        "review": document.review,
        "paragraph": one.name or None,
        "page": one.page,
        "start": one.span.start,
        "end": one.span.end,
        "addressee": one.addressee,
        "addressee_kind": one.kind,
        "action": one.action,
        "due": one.due,
        "measurable": one.measurable,
        "duplicate_of": one.duplicate_of,
        "repeats": one.repeats,
        "related": list(one.related),
        "response": one.response,
        "flags": list(one.flags),
        "scope": scope.scope(one.addressee).value,
        "draft": document.draft,
    }
