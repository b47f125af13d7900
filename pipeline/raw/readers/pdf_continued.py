"""Ruled tables of a PDF, and how one goes on over the foot of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.raw.readers import hyphens
from pipeline.raw.readers.assemble import Stretch
from pipeline.raw.readers.pdf_lines import PdfLine

_NEAR = 4.0

Cell = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table of a page: its rows of cells, a stretch a line, and its edges as shown.

    `signs` are the raised numbers in it, `columns` where the columns start.
    """

    rows: tuple[tuple[Cell, ...], ...]
    left: float
    top: float
    right: float
    bottom: float
    signs: tuple[str, ...] = ()
    columns: tuple[float, ...] = ()

    def holds(self, line: PdfLine) -> bool:
        """Whether the middle of a line lies inside the table."""
        x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
        return self.left <= x <= self.right and self.top <= y <= self.bottom


Rows = Sequence[tuple[Cell, ...]]


def cells(rows: Rows, forms: hyphens.Forms) -> tuple[tuple[Cell, ...], ...]:
    """The rows with the lines of each cell put together."""
    rooms = _rooms(rows)
    return tuple(
        tuple(
            hyphens.joined(cell, forms, narrow=True, room=0.0 if _spans(row, at) else rooms[at])
            for at, cell in enumerate(row)
        )
        for row in rows
    )


def _rooms(rows: Rows) -> list[float]:
    """The width of the widest line of each column: its lines have as much room at least."""
    rooms = [0.0] * max(map(len, rows), default=0)
    for row in rows:
        for at, cell in enumerate(row):
            spots = [] if _spans(row, at) else [part.spot for part in cell if part.spot]
            rooms[at] = max([rooms[at], *(spot.right - spot.left for spot in spots)])
    return rooms


def _spans(row: Sequence[Cell], at: int) -> bool:
    """Whether a cell may take up the empty place to its right as well."""
    return bool(row[at]) and at + 1 < len(row) and not row[at + 1]


def goes_on(above: Grid, grid: Grid) -> bool:
    """Whether a table at the head of a page has the columns of the one at the last page's foot."""
    if len(above.columns) != len(grid.columns) or len(grid.columns) < 2:
        return False
    return all(abs(a - b) < _NEAR for a, b in zip(above.columns, grid.columns, strict=True))


def rows_under(above: Rows, rows: Rows, forms: hyphens.Forms) -> tuple[tuple[Cell, ...], ...]:
    """The rows of both: a head that is repeated goes, and a row that was cut is one again."""
    rest = list(rows[_repeated(above, rows) :])
    made = list(above)
    if rest and made and _is_cut(made[-1], rest[0]):
        pairs = zip(made[-1], rest.pop(0), strict=True)
        made[-1] = tuple(_one(a, b, forms) for a, b in pairs)
    return (*made, *rest)


def _repeated(above: Rows, rows: Rows) -> int:
    """How many rows are the head again: its first, and more while its cells are merged."""
    count = 0
    for head, row in zip(above, rows, strict=False):
        if _said(head) != _said(row) or (count and all(map(_text, above[count - 1]))):
            break
        count += 1
    return count


def _one(above: Cell, cell: Cell, forms: hyphens.Forms) -> Cell:
    """Two halves of a cell, each put together before, as one."""
    seam = hyphens.joined((*above[-1:], *cell[:1]), forms, narrow=True)
    return (*above[:-1], *seam, *cell[1:])


def _said(row: Sequence[Cell]) -> list[str]:
    return [" ".join(_text(cell).split()) for cell in row]


def _text(cell: Cell) -> str:
    return "".join(part.text for part in cell)


def _is_cut(last: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Whether a row goes on with the one before: where it starts nothing, only what had begun."""
    if len(last) != len(row) or not any(row) or _text(row[0]).strip():
        return False
    begun = all(_text(a).strip() for a, b in zip(last, row, strict=True) if _text(b).strip())
    going = any(
        _text(b).lstrip()[:1].islower() or _text(a).rstrip()[-1:] not in ".!?:;"
        for a, b in zip(last, row, strict=True)
        if _text(b).strip()
    )
    return begun and going
