"""Spans of text, what kinds there are, and how offsets move when a text is normalised."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Kind(StrEnum):
    """What a finding is about (contracts: findings)."""

    PERSON = "PERSON"
    PLACE = "PLACE"
    ORGANISATION = "ORGANISATION"
    DATE = "DATE"
    AGE = "AGE"
    CODE = "CODE"
    CONTACT = "CONTACT"
    DEMOGRAPHIC = "DEMOGRAPHIC"
    QUANTITY = "QUANTITY"
    OTHER = "OTHER"


class BlockKind(StrEnum):
    """What a block of a report is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    FOOTNOTE = "footnote"
    QUOTE = "quote"
    TABLE = "table"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text, in code points, the end not included.

    >>> Span(0, 5).of("Hello world")
    'Hello'
    >>> Span(0, 5).overlaps(Span(4, 6)), Span(0, 5).overlaps(Span(5, 6))
    (True, False)
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("a span starts at 0 or later and ends after its start")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def shift(self, by: int) -> Span:
        """The same stretch, `by` code points further on."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """The text that the span covers; the span must lie inside it."""
        if self.end > len(text):
            raise ValueError("the span ends after its text")
        return text[self.start : self.end]


def free_of_overlap(spans: Iterable[Span]) -> bool:
    """Whether no two of the spans overlap.

    >>> free_of_overlap([Span(4, 6), Span(0, 4)]), free_of_overlap([Span(0, 5), Span(4, 6)])
    (True, False)
    """
    ordered = sorted(spans)
    return all(not a.overlaps(b) for a, b in pairwise(ordered))


@dataclass(frozen=True, slots=True)
class Piece:
    """`length` code points at `start` of the new text, copied from `source` of the old one."""

    start: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where each stretch of a normalised text came from in the text before it.

    Pieces are in the order of the new text and do not overlap; what no piece covers was
    put in (a joining space, say) and belongs to the neighbour before it.

    >>> m = OffsetMap((Piece(0, 0, 4), Piece(5, 10, 3)))
    >>> m.to_source(Span(0, 8))
    Span(start=0, end=13)
    >>> m.to_source(Span(5, 7))
    Span(start=10, end=12)
    """

    pieces: tuple[Piece, ...]

    def __post_init__(self) -> None:
        at = 0
        for piece in self.pieces:
            if piece.length < 1 or piece.start < at or piece.source < 0:
                raise ValueError("pieces are in order, not empty, and do not overlap")
            at = piece.start + piece.length

    def _after(self, offset: int) -> int:
        """The index of the first piece that starts after an offset."""
        return bisect_right(self.pieces, offset, key=lambda piece: piece.start)

    def _piece(self, offset: int) -> Piece | None:
        index = self._after(offset) - 1
        return self.pieces[index] if index >= 0 else None

    def _source(self, offset: int, *, last: bool) -> int:
        """Where a code point came from; where it was put in, its neighbour's place."""
        piece = self._piece(offset)
        if piece is None:
            return self.pieces[0].source if self.pieces else 0
        inside = offset - piece.start
        if inside < piece.length:
            return piece.source + inside
        if last:
            return piece.source + piece.length - 1
        after = self._after(offset)
        if after < len(self.pieces):
            return self.pieces[after].source
        return piece.source + piece.length - 1

    def to_source(self, span: Span) -> Span:
        """The stretch of the old text that the span of the new text came from.

        What was dropped between two pieces is inside the answer; the ends are not widened.
        """
        first = self._source(span.start, last=False)
        last = self._source(span.end - 1, last=True)
        ends = [first, last]
        # The old text may have stood in another order: a table's columns one below the other.
        for piece in self.pieces[max(0, self._after(span.start) - 1) : self._after(span.end - 1)]:
            start = max(span.start, piece.start)
            end = min(span.end, piece.start + piece.length)
            if start < end:
                ends += [piece.source + at - piece.start for at in (start, end - 1)]
        return Span(min(ends), max(ends) + 1)
