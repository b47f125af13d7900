"""Ruled tables of a PDF: pdf_rules finds the cells, pdfium's characters fill them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium

from pipeline.raw.readers import pdf_rules
from pipeline.raw.readers.assemble import Spot, Stretch
from pipeline.raw.readers.pdf_continued import Grid
from pipeline.raw.readers.pdf_glyphs import Glyphs, frame
from pipeline.raw.readers.pdf_lines import Sheet

LEAST_RULES = 4
# A drawing with more lines than this is a chart or a map, and too slow to look through.
MOST_RULES = 3000
_SLACK = 1.5
# No table is set so large: these are letters of a watermark.
_WATERMARK = 36.0
_Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _CellLine:
    """One line of a cell while characters are put into it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def stretch(self, page: int) -> Stretch:
        """The line, with its place on the page."""
        return Stretch(self.text, spot=Spot(page, self.left, self.top, self.right, self.bottom))


@dataclass(slots=True)
class _Cell:
    """A cell while characters are put into it."""

    box: _Box
    lines: list[_CellLine] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    last: int = -2
    raised: bool = False

    def holds(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.box
        return left - _SLACK <= x <= right + _SLACK and top - _SLACK <= y <= bottom + _SLACK

    def reaches(self, y: float) -> bool:
        return self.box[1] - _SLACK <= y <= self.box[3] + _SLACK

    def put(self, glyphs: Glyphs, index: int, sign: str, box: tuple[float, ...]) -> None:
        """Adds a character; a space or a new line before it where it does not follow on."""
        left, top, right, bottom = box
        line = self.lines[-1] if self.lines else None
        if line is not None:
            shared = min(bottom, line.bottom) - max(top, line.top)
            if shared <= 0.3 * (bottom - top):
                line = None
            elif index != self.last + 1:
                line.text += " "
        raised = line is not None and self._raised(glyphs, index, sign)
        if raised and not self.raised and line is not None:
            line.text += "" if line.text.endswith(" ") else " "
            self.signs.append("")
        if raised:
            self.signs[-1] += sign
        if line is None:
            self.lines.append(_CellLine(sign, left, top, right, bottom))
        else:
            line.text += sign
            line.right = max(line.right, right)
            if not raised:
                line.top, line.bottom = top, bottom
        self.last, self.raised = index, raised

    def _raised(self, glyphs: Glyphs, index: int, sign: str) -> bool:
        """Whether a digit is a small one behind a letter: the sign of a note."""
        if not sign.isdecimal() or index != self.last + 1:
            return False
        before, now = glyphs.size(self.last), glyphs.size(index)
        return abs(now - before) < 0.5 if self.raised else now < 0.8 * before

    def broken(self) -> None:
        """Notes that the line ends in a hyphen that pdfium took out."""
        if self.lines:
            self.lines[-1].text += "\ufffe"


def of_page(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, sheet: Sheet) -> tuple[Grid, ...]:
    """The tables of a page with two rows and two columns or more, every character in a cell."""
    found = [rows for rows in pdf_rules.tables(page) if _is_table(rows)]
    if not found:
        return ()
    glyphs = Glyphs(textpage, frame(page))
    tables = [[[_Cell(box) if box else None for box in row] for row in rows] for rows in found]
    _fill(glyphs, [c for rows in tables for row in rows for c in row if c is not None])
    grids = [_grid(rows, sheet.page) for rows in tables]
    return tuple(grid for grid in grids if _whole(grid, sheet))


def _is_table(rows: Sequence[Sequence[object]]) -> bool:
    return max(map(len, rows), default=0) > (len(rows) == 1) + 1


def _fill(glyphs: Glyphs, cells: Sequence[_Cell]) -> None:
    """Puts each character of a page into the cell that it stands in."""
    last: _Cell | None = None
    level: dict[float, list[_Cell]] = {}
    for index, sign in enumerate(glyphs.signs()):
        if sign in "\x02\ufffe":
            if last is not None:
                last.broken()
            continue
        if sign.isspace():
            continue
        if glyphs.turned(index) or glyphs.size(index) >= _WATERMARK:
            continue
        left, top, right, bottom = box = glyphs.box(index)
        x, y = (left + right) / 2, (top + bottom) / 2
        if last is None or not last.holds(x, y):
            beside = level.get(y)
            if beside is None:
                # Characters of one line stand at a few heights: each is looked up once.
                beside = level[y] = [cell for cell in cells if cell.reaches(y)]
            last = next((cell for cell in beside if cell.holds(x, y)), None)
        if last is not None:
            last.put(glyphs, index, sign, box)


def _grid(rows: Sequence[Sequence[_Cell | None]], page: int) -> Grid:
    cells = [cell for row in rows for cell in row if cell is not None]
    boxes = [cell.box for cell in cells]
    texts = tuple(
        tuple(tuple(line.stretch(page) for line in cell.lines) if cell else () for cell in row)
        for row in rows
    )
    return Grid(
        texts,
        min(box[0] for box in boxes) - _SLACK,
        min(box[1] for box in boxes) - _SLACK,
        max(box[2] for box in boxes) + _SLACK,
        max(box[3] for box in boxes) + _SLACK,
        tuple(sign for cell in cells for sign in cell.signs),
        tuple(sorted({round(box[0], 1) for box in boxes})),
    )


def _whole(grid: Grid, sheet: Sheet) -> bool:
    """Whether the cells hold exactly the characters of the lines that the table replaces."""
    lines = (li for li in sheet.lines if not (li.outside or li.turned or li.size >= _WATERMARK))
    inside = [line.text for line in lines if grid.holds(line)]
    cells = [part.text for row in grid.rows for cell in row for part in cell]
    return _signs(inside) == _signs(cells) and any(_signs(cells))


def _signs(texts: Sequence[str]) -> list[str]:
    return sorted(sign for text in texts for sign in text if not sign.isspace())
