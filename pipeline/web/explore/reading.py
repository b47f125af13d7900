"""One page of a safe text as it is shown: its blocks, with labels and one passage marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.safe.lesson import SafeBlock, SafeDocument, Swap
from pipeline.span import BlockKind, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is shown one way: a label, or inside the passage, or neither."""

    text: str
    label: bool
    marked: bool


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One block; a table has rows of cells."""

    kind: str
    level: int
    pieces: Pieces
    rows: tuple[tuple[Pieces, ...], ...] = ()


def pages(document: SafeDocument) -> tuple[int, ...]:
    """The numbers of the pages of a text."""
    kept = {one.page for one in document.blocks if one.kind is not BlockKind.FURNITURE}
    return tuple(sorted(kept))


def shown(document: SafeDocument, number: int, mark: Span | None = None) -> tuple[Shown, ...]:
    """The blocks of one page; `mark` is where the passage stands."""
    own = (one for one in document.blocks if one.page == number)
    return tuple(_shown(document, one, mark) for one in own if one.kind is not BlockKind.FURNITURE)


def above(document: SafeDocument, at: int) -> tuple[str, ...]:
    """The headings above a place, the highest first."""
    stack: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.span.start > at:
            break
        if block.kind is BlockKind.HEADING:
            level = block.level or 1
            words = " ".join(block.span.of(document.text.value).split())
            stack = [*(one for one in stack if one[0] < level), (level, words)]
    return tuple(words for _, words in stack)


def _shown(document: SafeDocument, block: SafeBlock, mark: Span | None) -> Shown:
    rows = tuple(
        tuple(() if cell is None else _pieces(document, cell, mark) for cell in row)
        for row in block.rows
    )
    pieces = () if rows else _pieces(document, block.span, mark)
    return Shown(block.kind.value, min(4, block.level or 1), pieces, rows)


def _pieces(document: SafeDocument, span: Span, mark: Span | None) -> Pieces:
    """A span cut at its labels and at the ends of the passage."""
    text = document.text.value
    labels = [one for one in document.swaps if span.contains(one.span)]
    ends = {span.start, span.end}
    ends |= {at for one in labels for at in (one.span.start, one.span.end)}
    if mark is not None:
        ends |= {at for at in (mark.start, mark.end) if span.start < at < span.end}
    cuts = sorted(ends)
    inside = [Span(a, b) for a, b in pairwise(cuts)]
    return tuple(
        Piece(
            text=one.of(text),
            label=_in_any(one, labels),
            marked=mark is not None and mark.contains(one),
        )
        for one in inside
    )


def _in_any(span: Span, labels: Sequence[Swap]) -> bool:
    return any(one.span.contains(span) for one in labels)


def is_marked(blocks: Iterable[Shown]) -> bool:
    """Whether the passage is on the page."""
    return any(piece.marked for piece in _every(blocks))


def _every(blocks: Iterable[Shown]) -> Iterator[Piece]:
    for block in blocks:
        yield from block.pieces
        for row in block.rows:
            for cell in row:
                yield from cell
