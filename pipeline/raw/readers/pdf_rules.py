"""The ruling lines of a PDF's page, and the cells that they part.

The way of finding cells is that of pdfplumber and Tabula (lines near each other are one; where
they meet are corners; the smallest boxes between corners are cells), done on pdfium's paths: to
have pdfplumber parse a page again took a tenth of a second a page, and as long to load.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.raw.readers import pdf_hidden
from pipeline.raw.readers.pdf_glyphs import Frame, frame

Box: TypeAlias = tuple[float, float, float, float]
_Point: TypeAlias = tuple[float, float]

# Lines nearer than this are one line, and their ends meet.
_NEAR = 3.0
_SHORTEST, _LEAST = 1.0, 3.0
_THIN = 3.0


class _Edge(NamedTuple):
    """A line that stands or lies: where, and from where to where."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Path:
    """A part of a drawing: its corners as shown, and whether it may be a border.

    The ground of a cell is none.
    """

    points: tuple[_Point, ...]
    closed: bool
    border: bool


def tables(page: pdfium.PdfPage) -> list[list[list[Box | None]]]:
    """The tables of a page as rows of cells: left, top, right, bottom as shown.

    Where the borders make none, the grounds of cells are taken for lines too.
    """
    paths = list(_paths(page))
    return _found([path for path in paths if path.border]) or _found(paths)


# -- paths ----------------------------------------------------------------------------------------


def _paths(page: pdfium.PdfPage) -> Iterator[_Path]:
    view = frame(page)
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    for thing, kind, within in pdf_hidden.objects(page):
        if kind != pdfium_c.FPDF_PAGEOBJ_PATH:
            continue
        pdfium_c.FPDFPath_GetDrawMode(thing, mode, stroke)
        for points, closed in _parts(thing, within, view):
            border = bool(stroke.value) or not _is_box(points) or _is_thin(points)
            yield _Path(points, closed, border)


def _parts(
    thing: pdfium_c.FPDF_PAGEOBJECT, within: pdf_hidden.Matrix | None, view: Frame
) -> Iterator[tuple[tuple[_Point, ...], bool]]:
    """The corners of each part of a path, of a bow its end alone; and whether it is closed."""
    made = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(thing, made)
    own = (made.a, made.b, made.c, made.d, made.e, made.f)
    a, b, c, d, e, f = own if within is None else pdf_hidden.times(own, within)
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[_Point] = []
    closed, bow = False, 0
    for index in range(pdfium_c.FPDFPath_CountSegments(thing)):
        segment = pdfium_c.FPDFPath_GetPathSegment(thing, index)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield tuple(points), closed
            points, closed = [], False
        bow = (bow + 1) % 3 if kind == pdfium_c.FPDF_SEGMENT_BEZIERTO else 0
        if bow:
            continue
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        across, up = a * x.value + c * y.value + e, b * x.value + d * y.value + f
        points.append(view.shown(across, up, across, up)[:2])  # type: ignore[arg-type]
        closed = bool(pdfium_c.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield tuple(points), closed


def _is_box(points: Sequence[_Point]) -> bool:
    """Whether four corners stand square to the page."""
    if len(points) != 5 or points[0] != points[4]:
        return False
    (a, b), (c, d), (e, f), (g, h) = points[:4]
    return (a == c and d == f and e == g and h == b) or (b == d and c == e and f == h and g == a)


def _is_thin(points: Sequence[_Point]) -> bool:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(max(across) - min(across), max(down) - min(down)) <= _THIN


def _edges(paths: Iterable[_Path]) -> tuple[list[_Edge], list[_Edge]]:
    """The lines that stand and those that lie."""
    standing: list[_Edge] = []
    lying: list[_Edge] = []
    for path in paths:
        points = path.points
        # There and back again: one line.
        line = len(points) == 2 or (len(points) == 3 and path.closed and points[0] == points[2])
        for (a, b), (c, d) in pairwise(points[:2] if line else points):
            if b == d and abs(a - c) >= _SHORTEST:
                lying.append(_Edge(b, min(a, c), max(a, c)))
            elif (a == c or (line and b != d)) and abs(b - d) >= _SHORTEST:
                standing.append(_Edge(min(a, c), min(b, d), max(b, d)))
    return standing, lying


# -- cells ----------------------------------------------------------------------------------------


def _found(paths: Iterable[_Path]) -> list[list[list[Box | None]]]:
    standing, lying = map(_merged, _edges(paths))
    return [_rows(cells) for cells in _together(_cells(_corners(standing, lying)))]


def _merged(edges: Iterable[_Edge]) -> list[_Edge]:
    """The lines, those near each other as one in the middle, and those that go on as one."""
    groups: list[list[_Edge]] = []
    for edge in sorted(edges):
        if groups and edge.at <= groups[-1][-1].at + _NEAR:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    made: list[_Edge] = []
    for group in groups:
        at = sum(edge.at for edge in group) / len(group)
        joined: list[_Edge] = []
        for _, low, high in sorted(group, key=itemgetter(1)):
            if joined and low <= joined[-1].high + _NEAR:
                joined[-1] = _Edge(at, joined[-1].low, max(high, joined[-1].high))
            else:
                joined.append(_Edge(at, low, high))
        made += [edge for edge in joined if edge.high - edge.low >= _LEAST]
    return made


_Corners: TypeAlias = dict[_Point, tuple[set[int], set[int]]]


def _corners(standing: Sequence[_Edge], lying: Sequence[_Edge]) -> _Corners:
    """Where lines meet, with the numbers of the lines that do."""
    corners: _Corners = defaultdict(lambda: (set(), set()))
    for v, (x, top, bottom) in enumerate(standing):
        for h, (y, left, right) in enumerate(lying):
            if top - _NEAR <= y <= bottom + _NEAR and left - _NEAR <= x <= right + _NEAR:
                corners[x, y][0].add(v)
                corners[x, y][1].add(h)
    return corners


def _cells(corners: _Corners) -> list[Box]:
    """For each corner the smallest box that starts there and has lines on all four sides."""
    columns: dict[float, list[_Point]] = defaultdict(list)
    rows: dict[float, list[_Point]] = defaultdict(list)
    for point in sorted(corners):
        columns[point[0]].append(point)
        rows[point[1]].append(point)
    found = (
        _cell(
            corners,
            point,
            [p for p in columns[point[0]] if p[1] > point[1]],
            [p for p in rows[point[1]] if p[0] > point[0]],
        )
        for point in sorted(corners)
    )
    return [cell for cell in found if cell is not None]


def _cell(
    corners: _Corners, point: _Point, below: Sequence[_Point], beside: Sequence[_Point]
) -> Box | None:
    stands, lies = corners[point]
    reached = [p for p in beside if not lies.isdisjoint(corners[p][1])]
    for low in below:
        if stands.isdisjoint(corners[low][0]):
            continue
        for right in reached:
            last = corners.get((right[0], low[1]))
            if (
                last is not None
                and not last[0].isdisjoint(corners[right][0])
                and not last[1].isdisjoint(corners[low][1])
            ):
                return (*point, right[0], low[1])
    return None


def _together(cells: Sequence[Box]) -> list[list[Box]]:
    """The cells that share corners, from the top of the page; a cell alone is no table."""
    holding: dict[_Point, list[int]] = defaultdict(list)
    for index, (left, top, right, bottom) in enumerate(cells):
        for corner in ((left, top), (left, bottom), (right, top), (right, bottom)):
            holding[corner].append(index)
    waiting = set(range(len(cells)))
    made: list[list[Box]] = []
    while waiting:
        open_, table = [waiting.pop()], []
        while open_:
            left, top, right, bottom = cells[open_[-1]]
            table.append(cells[open_.pop()])
            for corner in ((left, top), (left, bottom), (right, top), (right, bottom)):
                near = waiting.intersection(holding[corner])
                waiting -= near
                open_ += near
        made.append(table)
    return sorted(
        (table for table in made if len(table) > 1),
        key=lambda table: min((top, left) for left, top, _, _ in table),
    )


def _rows(cells: Iterable[Box]) -> list[list[Box | None]]:
    """The cells of a table in rows, None where none starts."""
    ordered = sorted(cells, key=itemgetter(1, 0))
    columns = sorted({cell[0] for cell in ordered})
    rows = ({cell[0]: cell for cell in row} for _, row in groupby(ordered, key=itemgetter(1)))
    return [[row.get(column) for column in columns] for row in rows]
