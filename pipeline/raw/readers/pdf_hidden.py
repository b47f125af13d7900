"""Text on a PDF's page that is in the file and cannot be seen: covered, in its ground's colour.

The drawing is followed in its order: what is drawn later lies above, what was drawn before is
the ground. Such text is read as any other; a person is told to look.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.raw.document import UnreadKind
from pipeline.raw.readers.pdf_extras import INVISIBLE, Extras
from pipeline.raw.readers.pdf_lines import Sheet

_COVERED = "Text lies under a box or a picture. It was read as part of the report."
_SMALL = "Text too small for anybody to see was read as part of the report."
_MANY = "A page with more drawings than were looked through. Text may lie hidden among them."
_TINY = 2.5
_MOST_OBJECTS = 50_000
_MOST_SHAPES = 500
_MOST_DEPTH = 12
# Shapes with more parts are drawings: what lies in their box need not lie under them.
_MOST_PARTS = 16
_LEAST_SHAPE = 3.0
_LIKE = 24
_DARK = 128
_WHITE = (255, 255, 255)
# Where pdfium writes a colour: one place for all, since making it takes as long as the question.
_PARTS = [ctypes.c_uint() for _ in range(4)]
# Text that is neither filled nor outlined; 7 only cuts out what is drawn later.
_UNDRAWN = (3, 7)

_Box: TypeAlias = tuple[float, float, float, float]
_Colour: TypeAlias = tuple[int, int, int]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A shape or a picture: when it was drawn, where, in which colour, and whether it hides."""

    order: int
    box: _Box
    colour: _Colour | None
    covers: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """A text: when it was drawn, and its colour, None where it is not drawn at all."""

    order: int
    thing: pdfium_c.FPDF_PAGEOBJECT
    within: Matrix | None
    colour: _Colour | None


def look(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, sheet: Sheet, extras: Extras) -> None:
    """Lists what is written on a page and cannot be seen on it."""
    if any(line.size < _TINY and line.text.strip() for line in sheet.lines):
        extras.add(UnreadKind.HIDDEN_TEXT, sheet.page, _SMALL)
    texts, shapes, whole = _drawn(page)
    if not whole:
        extras.add(UnreadKind.HIDDEN_TEXT, sheet.page, _MANY)
    found = set()
    for text in texts:
        reason = _reason(text, shapes)
        if reason is not None and reason not in found and _says(text, textpage):
            found.add(reason)
    if sheet.page in extras.scanned:  # the text behind a scan, which is listed as such
        found.discard(INVISIBLE)
    for reason in sorted(found):
        extras.add(UnreadKind.HIDDEN_TEXT, sheet.page, reason, once=True)


def _drawn(page: pdfium.PdfPage) -> tuple[list[_Text], list[_Shape], bool]:
    """The texts and the shapes of a page in the order of drawing; whether these are all."""
    texts: list[_Text] = []
    shapes: list[_Shape] = []
    whole = True
    for order, (thing, kind, within) in enumerate(objects(page)):
        if order >= _MOST_OBJECTS:
            whole = False
            break
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(thing)
            colour = None if mode in _UNDRAWN else _colour(thing, stroke=mode == 1)
            texts.append(_Text(order, thing, within, colour))
        elif (shape := _shape(thing, kind, within, order)) is not None:
            shapes.append(shape)
    if len(shapes) > _MOST_SHAPES:
        largest = sorted(shapes, key=lambda s: _area(s.box), reverse=True)[:_MOST_SHAPES]
        shapes = sorted(largest, key=lambda s: s.order)
    return texts, shapes, whole


def objects(
    page: pdfium.PdfPage,
) -> Iterator[tuple[pdfium_c.FPDF_PAGEOBJECT, int, Matrix | None]]:
    """The objects of a page with their kinds, those in forms with the form's place."""
    whole = page.raw
    for index in range(pdfium_c.FPDFPage_CountObjects(whole)):
        thing = pdfium_c.FPDFPage_GetObject(whole, index)
        kind = pdfium_c.FPDFPageObj_GetType(thing)
        if kind == pdfium_c.FPDF_PAGEOBJ_FORM:
            yield from _opened(thing, None, 0)
        else:
            yield thing, kind, None


def _opened(
    thing: pdfium_c.FPDF_PAGEOBJECT, within: Matrix | None, depth: int
) -> Iterator[tuple[pdfium_c.FPDF_PAGEOBJECT, int, Matrix | None]]:
    kind = pdfium_c.FPDFPageObj_GetType(thing)
    if kind != pdfium_c.FPDF_PAGEOBJ_FORM:
        yield thing, kind, within
        return
    made = pdfium_c.FS_MATRIX()
    if depth < _MOST_DEPTH and pdfium_c.FPDFPageObj_GetMatrix(thing, made):
        own = (made.a, made.b, made.c, made.d, made.e, made.f)
        inner = own if within is None else times(own, within)
        for index in range(pdfium_c.FPDFFormObj_CountObjects(thing)):
            yield from _opened(pdfium_c.FPDFFormObj_GetObject(thing, index), inner, depth + 1)


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does the first and then the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
            e * p + f * r + t, e * q + f * s + u)  # fmt: skip


def _box(thing: pdfium_c.FPDF_PAGEOBJECT, within: Matrix | None) -> _Box | None:
    """Left, bottom, right, top in the page's own measure."""
    parts = [ctypes.c_float() for _ in range(4)]
    if not pdfium_c.FPDFPageObj_GetBounds(thing, *parts):
        return None
    left, bottom, right, top = (part.value for part in parts)
    if within is None:
        return left, bottom, right, top
    a, b, c, d, e, f = within
    corners = [(x * a + y * c + e, x * b + y * d + f)
               for x in (left, right) for y in (bottom, top)]  # fmt: skip
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(up), max(across), max(up)


def _area(box: _Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _colour(thing: pdfium_c.FPDF_PAGEOBJECT, *, stroke: bool = False) -> _Colour | None:
    """The colour that a thing is drawn in; None where it lets all through."""
    parts = _PARTS
    get = pdfium_c.FPDFPageObj_GetStrokeColor if stroke else pdfium_c.FPDFPageObj_GetFillColor
    if not get(thing, *parts):
        return (0, 0, 0)
    red, green, blue, alpha = (part.value for part in parts)
    return None if alpha < 26 else (red, green, blue)


def _shape(
    thing: pdfium_c.FPDF_PAGEOBJECT, kind: int, within: Matrix | None, order: int
) -> _Shape | None:
    """What may be the ground of a text or lie above it; None for lines and small marks."""
    picture = kind != pdfium_c.FPDF_PAGEOBJ_PATH
    colour, broad = (None, False) if picture else _painted(thing)
    if not picture and colour is None:
        return None
    box = _box(thing, within)
    if box is None or min(box[2] - box[0], box[3] - box[1]) < _LEAST_SHAPE:
        return None
    covers = picture or (broad and _opaque(thing, colour))
    return _Shape(order, box, colour, covers)


def _painted(thing: pdfium_c.FPDF_PAGEOBJECT) -> tuple[_Colour | None, bool]:
    """The colour of a path that is filled, or drawn as a line as thick as a marker's."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium_c.FPDFPath_GetDrawMode(thing, mode, stroke):
        return None, False
    simple = 0 < pdfium_c.FPDFPath_CountSegments(thing) <= _MOST_PARTS
    if mode.value:
        return _colour(thing), simple
    width = ctypes.c_float()
    if stroke.value and pdfium_c.FPDFPageObj_GetStrokeWidth(thing, width) and width.value >= 4:
        straight = pdfium_c.FPDFPath_CountSegments(thing) == 2
        return (_colour(thing, stroke=True), True) if straight else (None, False)
    return None, False


def _opaque(thing: pdfium_c.FPDF_PAGEOBJECT, colour: _Colour | None) -> bool:
    """Whether text under a shape is gone: a highlighter lets it through, black does not."""
    clear = pdfium_c.FPDFPageObj_HasTransparency(thing)
    return not clear or (colour is not None and max(colour) < _DARK)


def _reason(text: _Text, shapes: list[_Shape]) -> str | None:
    """Why a text cannot be seen; None where it can."""
    if text.colour is None:
        return INVISIBLE
    if not shapes and not _alike(text.colour, _WHITE):
        return None
    box = _box(text.thing, text.within)
    if box is None:
        return None
    if any(s.covers and s.order > text.order and _over(s.box, box) for s in shapes):
        return _COVERED
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    grounds = [s for s in shapes if s.order < text.order and _holds(s.box, x, y)]
    if grounds and grounds[-1].colour is None:
        return None  # on a picture: it is listed itself
    return INVISIBLE if _alike(text.colour, grounds[-1].colour if grounds else _WHITE) else None


def _alike(one: _Colour, other: _Colour | None) -> bool:
    return other is not None and all(abs(a - b) < _LIKE for a, b in zip(one, other, strict=True))


def _holds(box: _Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _over(shape: _Box, text: _Box) -> bool:
    """Whether a shape lies over a part of a text that may be a word, in most of its height."""
    across = min(shape[2], text[2]) - max(shape[0], text[0])
    up = min(shape[3], text[3]) - max(shape[1], text[1])
    return across >= min(_LEAST_SHAPE, text[2] - text[0]) and up >= 0.6 * (text[3] - text[1])


def _says(text: _Text, textpage: pdfium.PdfTextPage) -> bool:
    """Whether a text holds anything but blanks."""
    size = pdfium_c.FPDFTextObj_GetText(text.thing, textpage, None, 0)
    if size <= 2:
        return False
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium_c.FPDFTextObj_GetText(text.thing, textpage, buffer, size)
    return any(c not in (0, 9, 10, 13, 32, 160) for c in buffer)
