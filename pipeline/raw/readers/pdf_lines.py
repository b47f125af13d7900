"""The lines of a PDF's page, from pdfium's characters: text, place, size, bold, visible or not."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_HYPHEN = "\ufffe"
_END = re.compile(r"[.!?:;][)\]’”'\"]*(?:\s?\d{1,3})?$")
_OPENERS = "“‘\"'(["
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_INVISIBLE = 3
_FORCE_BOLD = 1 << 18


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One line of a page. Points from the page's left and top edges, as it is shown.

    `bold` is true where all of it is; `turned` where it does not run from left to right;
    `hidden` where it is drawn invisibly or in white on nothing; `outside` where it lies off
    the page; `unsure` where it was recognised from a picture. A hyphen at the end that pdfium
    took out is back as U+FFFE.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    turned: bool = False
    hidden: bool = False
    outside: bool = False
    unsure: bool = False

    @property
    def lower(self) -> bool:
        """Whether the line starts as a sentence goes on: with a small letter."""
        return self.text.lstrip(_OPENERS)[:1].islower()

    @property
    def terminal(self) -> bool:
        """Whether the line ends as a sentence or a clause of a list does."""
        return bool(_END.search(self.text[-12:]))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is shown: its number from 1, its size in points, its lines in reading order."""

    page: int
    width: float
    height: float
    lines: tuple[PdfLine, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page's own coordinates become those of the page as it is shown."""

    x: float
    y: float
    width: float
    height: float
    turn: int

    def shown(self, left: float, bottom: float, right: float, top: float) -> tuple[float, ...]:
        """Left, top, right, bottom as shown, from the upper left corner."""
        a, b = left - self.x, bottom - self.y
        c, d = right - self.x, top - self.y
        if self.turn == 90:
            a, b, c, d = b, self.width - c, d, self.width - a
        elif self.turn == 180:
            a, b, c, d = self.width - c, self.height - d, self.width - a, self.height - b
        elif self.turn == 270:
            a, b, c, d = self.height - d, a, self.height - b, c
        _, high = self.size
        return a, high - d, c, high - b

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown."""
        if self.turn in (90, 270):
            return self.height, self.width
        return self.width, self.height


def frame(page: pdfium.PdfPage) -> Frame:
    """The frame of a pypdfium2 page: its crop box and its turn."""
    left, bottom, right, top = page.get_cropbox()
    return Frame(left, bottom, right - left, top - bottom, page.get_rotation())


class Glyphs:
    """The characters of one page, with what pdfium says of each."""

    def __init__(self, textpage: pdfium.PdfTextPage, view: Frame) -> None:
        self._text = textpage
        self._view = view
        self._box = pdfium_c.FS_RECTF()
        self._matrix = pdfium_c.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._colour = [ctypes.c_uint() for _ in range(4)]

    def signs(self) -> list[str]:
        """All characters, in pdfium's order."""
        get, page = pdfium_c.FPDFText_GetUnicode, self._text
        codes = [get(page, i) for i in range(self._text.count_chars())]
        return [chr(code) if 0 < code < 0x110000 else "\ufffd" for code in codes]

    def box(self, index: int) -> tuple[float, ...]:
        """Left, top, right, bottom of a character as shown, its font's height included."""
        box = self._box
        pdfium_c.FPDFText_GetLooseCharBox(self._text, index, box)
        return self._view.shown(box.left, box.bottom, box.right, box.top)

    def base(self, index: int) -> float:
        """How far below the page's top edge the base line of a character lies."""
        pdfium_c.FPDFText_GetCharOrigin(self._text, index, self._x, self._y)
        x, y = self._x.value, self._y.value
        return self._view.shown(x, y, x, y)[1]

    def on_page(self, index: int) -> bool:
        """Whether the middle of a character lies on the page as shown."""
        left, top, right, bottom = self.box(index)
        width, height = self._view.size
        return 0 <= left + right <= 2 * width and 0 <= top + bottom <= 2 * height

    def size(self, index: int) -> float:
        """The size in points of a character as drawn."""
        size: float = pdfium_c.FPDFText_GetFontSize(self._text, index)
        if pdfium_c.FPDFText_GetMatrix(self._text, index, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d) or 1.0
        return abs(size)

    def bold(self, index: int) -> bool:
        """Whether the character's font is a bold one."""
        page, name = self._text, self._name
        pdfium_c.FPDFText_GetFontInfo(page, index, name, 128, self._flags)
        if _BOLD_NAME.search(name.value.decode("utf-8", "replace")):
            return True
        heavy: bool = pdfium_c.FPDFText_GetFontWeight(page, index) >= 600
        return heavy or bool(self._flags.value & _FORCE_BOLD)

    def turned(self, index: int) -> bool:
        """Whether the character does not stand upright on the page as shown."""
        angle = math.degrees(pdfium_c.FPDFText_GetCharAngle(self._text, index))
        off = (angle + self._view.turn) % 360
        return 5 < off < 355

    def hidden(self, index: int) -> bool:
        """Whether the character is drawn invisibly, or in white."""
        made = pdfium_c.FPDFText_GetTextObject(self._text, index)
        if made and pdfium_c.FPDFTextObj_GetTextRenderMode(made) == _INVISIBLE:
            return True
        if pdfium_c.FPDFText_GetFillColor(self._text, index, *self._colour):
            red, green, blue, alpha = (part.value for part in self._colour)
            return min(red, green, blue) >= 250 or alpha == 0
        return False


_Place = tuple[int, int, bool]


def _stretches(signs: Sequence[str]) -> Iterator[_Place]:
    """Start, end and "broken by a hyphen" of each line among the characters."""
    start = 0
    for index, sign in enumerate(signs):
        if sign in "\r\n":
            yield start, index, False
            start = index + 1
        elif sign in "\x02\ufffe":
            yield start, index, True
            start = index + 1
    yield start, len(signs), False


def _spread(glyphs: Glyphs, signs: list[str], start: int, end: int) -> str:
    """The line's text, with a space before a small raised digit (the sign of a note)."""
    text = signs[start:end]
    for k in range(1, len(text)):
        if text[k].isdecimal() and text[k - 1].isalnum() and not text[k - 1].isspace():
            before, now = glyphs.size(start + k - 1), glyphs.size(start + k)
            if now < 0.8 * before and not _same(signs[start + k - 1], text[k], before, now):
                text[k] = " " + text[k]
    return "".join(text)


def _same(before: str, now: str, size_before: float, size_now: float) -> bool:
    return before.isdecimal() and now.isdecimal() and abs(size_before - size_now) < 0.5


def _line(glyphs: Glyphs, signs: list[str], place: _Place, page: int) -> PdfLine | None:
    start, end, broken = place
    while start < end and signs[start].isspace():
        start += 1
    while end > start and signs[end - 1].isspace():
        end -= 1
    if start >= end:
        return None
    text = _spread(glyphs, signs, start, end)
    first, last = glyphs.box(start), glyphs.box(end - 1)
    step = max(1, (end - start) // 6)
    seen = [i for i in {*range(start, end, step), end - 1} if not signs[i].isspace()]
    sizes = sorted(glyphs.size(i) for i in seen)
    size = round(2 * sizes[len(sizes) // 2]) / 2
    turned = glyphs.turned(start)
    top, bottom = min(first[1], last[1]), max(first[3], last[3])
    if not turned:
        # From the base line, which does not change with the fonts inside a line.
        base = sorted(glyphs.base(i) for i in seen)[len(seen) // 2]
        top, bottom = base - 0.78 * size, base + 0.22 * size
    return PdfLine(
        text=text + (_HYPHEN if broken else ""),
        page=page,
        left=min(first[0], last[0]),
        right=max(first[2], last[2]),
        top=top,
        bottom=bottom,
        size=size,
        bold=all(glyphs.bold(i) for i in seen),
        turned=turned,
        hidden=glyphs.hidden(start),
    )


def sheet(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> Sheet:
    """The lines of a pypdfium2 page, in the order of the file."""
    view = frame(page)
    width, height = view.size
    glyphs = Glyphs(textpage, view)
    signs = glyphs.signs()
    found = [
        _line(glyphs, signs, part, number)
        for place in _stretches(signs)
        for part in _cut(glyphs, signs, place)
    ]
    lines = [_off(line, width, height) for line in found if line is not None]
    return Sheet(number, width, height, tuple(_merged(lines)))


def _cut(glyphs: Glyphs, signs: Sequence[str], place: _Place) -> list[_Place]:
    """A line in parts, where some of its characters lie off the page."""
    start, end, broken = place
    seen = [i for i in range(start, end) if not signs[i].isspace()]
    if not seen or (glyphs.on_page(seen[0]) and glyphs.on_page(seen[-1])):
        return [place]
    cuts = [b for a, b in pairwise(seen) if glyphs.on_page(a) != glyphs.on_page(b)]
    ends = [start, *cuts, end]
    return [(a, b, broken and b == end) for a, b in pairwise(ends)]


def _off(line: PdfLine, width: float, height: float) -> PdfLine:
    """The line, marked where its middle lies off the page."""
    x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    on = -1 <= x <= width + 1 and -1 <= y <= height + 1
    return line if on else replace(line, outside=True)


def _merged(lines: Sequence[PdfLine]) -> Iterator[PdfLine]:
    """Lines that pdfium split although they stand side by side on one base line, joined."""
    waiting: PdfLine | None = None
    for line in lines:
        if waiting is not None and _beside(waiting, line):
            waiting = _side_by_side(waiting, line)
            continue
        if waiting is not None:
            yield waiting
        waiting = line
    if waiting is not None:
        yield waiting


def _beside(before: PdfLine, after: PdfLine) -> bool:
    """Whether a line goes on to the right of another one, at the same height."""
    if before.turned or after.turned or before.outside != after.outside:
        return False
    shared = min(before.bottom, after.bottom) - max(before.top, after.top)
    low = min(before.bottom - before.top, after.bottom - after.top)
    if shared < 0.5 * low:
        return False
    gap = after.left - before.right
    return -0.3 * before.size <= gap <= 3 * max(before.size, after.size)


def _side_by_side(before: PdfLine, after: PdfLine) -> PdfLine:
    large = max(before, after, key=lambda line: len(line.text))
    ordinal = after.text[:2] in ("st", "nd", "rd", "th") and before.text[-1:].isdecimal()
    close = after.left - before.right < 0.1 * large.size and not after.text[:1].isdecimal()
    joint = "" if ordinal or (close and after.size < 0.8 * before.size) else " "
    return replace(
        large,
        text=before.text + joint + after.text,
        left=before.left,
        right=after.right,
        top=min(before.top, after.top),
        bottom=max(before.bottom, after.bottom),
        bold=before.bold and after.bold,
    )
