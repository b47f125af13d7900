"""Where findings may stand: whole words, inside one block or cell, and none over another."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from pipeline import near
from pipeline.match import Match, Names
from pipeline.raw.document import Document, Finding
from pipeline.span import Kind, Span

_ORDER = {kind: at for at, kind in enumerate(Kind)}
_WORD = re.compile(r"[^\W_]")
_FREE = re.compile(rb"\x00+")
_SPACE = " \t\n\r\u00a0\u2028\u2029"


def edges(document: Document) -> tuple[int, ...]:
    """The offsets at which a block or a cell starts or ends: no finding may cross one."""
    cells = (
        cell for block in document.blocks for row in block.rows for cell in row if cell is not None
    )
    blocks = (block.span for block in document.blocks if block.span is not None)
    return tuple(sorted({at for span in (*blocks, *cells) for at in (span.start, span.end)}))


def trimmed(text: str, span: Span) -> Span | None:
    """The span without white space at its ends; None where no letter and no digit is left.

    >>> trimmed("  Ann ", Span(0, 6)), trimmed("(,)", Span(0, 3))
    (Span(start=2, end=5), None)
    """
    inside = span.of(text)
    if not _WORD.search(inside):
        return None
    start = span.start + len(inside) - len(inside.lstrip(_SPACE))
    return Span(start, span.end - (len(inside) - len(inside.rstrip(_SPACE))))


def within(text: str, cuts: tuple[int, ...], span: Span) -> Iterator[Span]:
    """The span cut at the edges of blocks and cells, a piece for each stretch with a word in it."""
    first = bisect_left(cuts, span.start + 1)
    last = bisect_left(cuts, span.end)
    bounds = (span.start, *cuts[first:last], span.end)
    for start, end in pairwise(bounds):
        piece = trimmed(text, Span(start, end))
        if piece is not None:
            yield piece


def mentions(document: Document, names: Names) -> tuple[Match, ...]:
    """Every mention of the names in the canonical text, cut at the edges of blocks and cells.

    Where the text was recognised from a picture, misread mentions are among them.
    """
    cuts = edges(document)
    return tuple(
        replace(match, span=piece)
        for match in near.found(names, document.text, document.uncertain)
        for piece in within(document.text, cuts, match.span)
    )


def _rank(finding: Finding) -> tuple[int, float, int, int, str]:
    span = finding.span
    return (-len(span), -finding.score, _ORDER[finding.kind], span.start, finding.by)


def apart(text: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings sorted and without overlap: the longest has its place, then score, then kind.

    What a shorter one covers beyond a longer one stays a finding: nothing that was found is
    lost by being beside something longer.
    """
    taken = bytearray(len(text))
    out: list[Finding] = []
    for finding in sorted(findings, key=_rank):
        start, end = finding.span.start, finding.span.end
        for free in _FREE.finditer(taken, start, end):
            piece = trimmed(text, Span(free.start(), free.end()))
            if len(finding.span) == free.end() - free.start():
                out.append(finding)
            elif piece is not None and not piece.of(text).islower():
                out.append(replace(finding, span=piece))
        taken[start:end] = b"\x01" * (end - start)
    return tuple(sorted(out, key=lambda finding: finding.span))
