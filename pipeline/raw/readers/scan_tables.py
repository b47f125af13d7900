"""Ruled tables of a scan: the lines of the picture make cells, what was recognised fills them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.raw.readers.assemble import Stretch
from pipeline.raw.readers.ocr import Row, Word
from pipeline.raw.readers.pdf_continued import Cell, Grid
from pipeline.raw.readers.picture import Rule

_TOLERANCE = 12.0  # dots at 300 an inch: three points
_MOST_RULES = 600

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table, row by row, in dots; None where a cell beside it reaches in."""

    rows: tuple[tuple[_Box | None, ...], ...]

    @property
    def box(self) -> _Box:
        """Left, top, right and bottom of the whole table."""
        boxes = [cell for row in self.rows for cell in row if cell is not None]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def tables(rules: Sequence[Rule]) -> tuple[Table, ...]:
    """The tables that ruling lines make, of two cells in a row and two rows at least."""
    if not 4 <= len(rules) <= _MOST_RULES:
        return ()
    from pdfplumber import table as plumber

    edges = plumber.merge_edges([_edge(rule) for rule in rules], *(_TOLERANCE,) * 4)
    crossings = plumber.edges_to_intersections(edges, _TOLERANCE, _TOLERANCE)
    cells = plumber.intersections_to_cells(crossings)
    found = (_table(own) for own in plumber.cells_to_tables(cells))
    return tuple(table for table in found if len(table.rows) > 1 and max(map(len, table.rows)) > 1)


def _edge(rule: Rule) -> dict[str, object]:
    across, along = (rule.at, rule.at), (rule.start, rule.end)
    (left, right), (top, bottom) = (across, along) if rule.upright else (along, across)
    sides = {"x0": left, "x1": right, "top": top, "bottom": bottom}
    size = {"width": right - left, "height": bottom - top}
    return {**sides, **size, "orientation": "v" if rule.upright else "h"}


def _table(cells: Sequence[_Box]) -> Table:
    columns = sorted({cell[0] for cell in cells})
    rows: dict[float, dict[float, _Box]] = {}
    for cell in sorted(cells, key=lambda c: (c[1], c[0])):
        rows.setdefault(cell[1], {})[cell[0]] = cell
    return Table(tuple(tuple(row.get(left) for left in columns) for row in rows.values()))


def inside(table: Table, rule: Rule) -> bool:
    """Whether a ruling line belongs to the table."""
    left, top, right, bottom = table.box
    middle = (rule.start + rule.end) / 2
    x, y = (rule.at, middle) if rule.upright else (middle, rule.at)
    return (
        left - _TOLERANCE <= x <= right + _TOLERANCE
        and top - _TOLERANCE <= y <= bottom + _TOLERANCE
    )


def filled(found: Sequence[Table], rows: Iterable[Row]) -> tuple[list[Row], list[list[list[str]]]]:
    """The rows, cut where a table starts or ends; and the texts of each table's cells."""
    texts = [[["" for _ in row] for row in table.rows] for table in found]
    ends: dict[tuple[int, int, int], int] = {}
    out: list[Row] = []
    for number, row in enumerate(rows):
        parts: list[tuple[int, list[Word]]] = []
        for word in row.words:
            place = _place(found, word)
            if not parts or parts[-1][0] != place[0]:
                parts.append((place[0], []))
            parts[-1][1].append(word)
            if place[0] < 0:
                continue
            at, line, column = place
            before = texts[at][line][column]
            joint = " " if ends.get(place) == number else "\n"
            texts[at][line][column] = before + joint * bool(before) + word.text
            ends[place] = number
        out += (
            [row] if len(parts) == 1 else [replace(row, words=tuple(words)) for _, words in parts]
        )
    return out, texts


def _place(found: Sequence[Table], word: Word) -> tuple[int, int, int]:
    """The table, row and column in which the middle of a word stands; -1 where in none."""
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    for at, table in enumerate(found):
        for line, row in enumerate(table.rows):
            for column, cell in enumerate(row):
                if cell is not None and cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]:
                    return at, line, column
    return -1, -1, -1


def grids(
    found: Sequence[Table], texts: Sequence[Sequence[Sequence[str]]], scale: float
) -> tuple[Grid, ...]:
    """The tables as the layout takes them, in points."""
    out = []
    for table, own in zip(found, texts, strict=True):
        left, top, right, bottom = (scale * edge for edge in table.box)
        rows = tuple(tuple(_cell(text) for text in row) for row in own)
        if any(cell for row in rows for cell in row):
            out.append(Grid(rows, left, top, right, bottom))
    return tuple(out)


def _cell(text: str) -> Cell:
    lines = (line.strip() for line in text.split("\n"))
    return tuple(Stretch(line, unsure=True) for line in lines if line)
