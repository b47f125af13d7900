"""What a report says in tables and in lines of the form "Date of birth: 3 May 2010"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from pipeline.raw import facts_names as names
from pipeline.raw.document import Document
from pipeline.raw.facts_nouns import Fact, Source
from pipeline.raw.facts_who import Who
from pipeline.span import BlockKind, Span

_LINES = regex.compile(r"[^\n]+")
_LINE = regex.compile(r"(?P<label>[\p{L}][\p{L} /().’'-]{2,50}?)[ ]?(?:[:\t]|[ ][–—-][ ])[ \t]*"
                      r"(?P<it>[^\n\t]{1,90})")  # fmt: skip
_SUBJECT = regex.compile(r"(?i:(?:the )?(?:subject|index child|victim|deceased)(?: child| of .*)?)")


class Cell(NamedTuple):
    """One cell of a table, or one side of a line with a label; an empty cell has no span."""

    text: str
    span: Span | None

    def fact(self, value: str = "") -> Fact:
        """What the cell says, or a value of a list that it stands for."""
        return Fact(value or self.text, self.span, Source.TABLE)


class Grid(NamedTuple):
    """A table: the headings above it, its first row in small letters, and the rows below."""

    above: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def grids(document: Document) -> Iterator[Grid]:
    """The tables of a document that have a header and rows below it."""
    above = ""
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            above = " ".join(block.text.split())
        if block.kind is not BlockKind.TABLE or len(block.rows) < 2:
            continue
        rows = tuple(tuple(_cell(document.text, span) for span in row) for row in block.rows)
        head = tuple(cell.text.casefold() for cell in rows[0])
        yield Grid(above, head, rows[1:])


def _cell(text: str, span: Span | None) -> Cell:
    return Cell("" if span is None else " ".join(names.visible(span.of(text)).split()), span)


def fields(document: Document) -> Iterator[tuple[str, Cell]]:
    """Labels in small letters with what stands beside them: rows of two cells, "Label: text"."""
    for block in document.blocks:
        if block.span is None or block.kind is BlockKind.FOOTNOTE:
            continue
        if block.kind is BlockKind.TABLE:
            for row in block.rows:
                cells = [_cell(document.text, span) for span in row]
                if len(cells) == 2 and cells[0].text and cells[1].text:
                    yield cells[0].text.casefold().rstrip(" :"), cells[1]
            continue
        if len(block.text) > 160:
            continue
        for line in _LINES.finditer(block.text):
            found = _LINE.fullmatch(line.group().strip())
            if found is None:
                continue
            start = block.span.start + line.start() + line.group().index(found["it"])
            span = Span(start, start + len(found["it"]))
            label = " ".join(names.visible(found["label"]).split()).casefold()
            yield label, _cell(document.text, span)


def column(grid: Grid, words: str) -> int | None:
    """Which column has a heading of these words."""
    fits = [at for at, head in enumerate(grid.head) if regex.fullmatch(words, head)]
    return fits[0] if len(fits) == 1 else None


def of_subject(document: Document, who: Who, words: str) -> Iterator[Cell]:
    """The cells of a family's table that stand in the row of the subject, under these words."""
    for grid in grids(document):
        at = column(grid, words)
        rows = [row for row in grid.rows if any(_is_subject(cell, who) for cell in row)]
        if at is None or len(rows) != 1 or at >= len(rows[0]) or not rows[0][at].text:
            continue
        yield rows[0][at]


def _is_subject(cell: Cell, who: Who) -> bool:
    return who.in_text(cell.text) or _SUBJECT.fullmatch(cell.text) is not None
