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
# In sizes of the type: a gap that wide lies between two lines side by side.
_WIDE = 3.0
_FORCE_BOLD = 1 << 18


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One line of a page. Points from the page's left and top edges, as it is shown.

    `bold` is true where all of it is; `turned` where it does not run from left to right;
    `hidden` where it is drawn invisibly or in white on nothing; `outside` where it lies off
    the page. A hyphen at the end that pdfium took out is back as U+FFFE. `signs` are the small
    raised numbers in the line, `raised` says that it starts with one; `picture` that it is no
    text and stands for a picture. `base` and `edge` are the left and the right end of the
    column, box or page that the line was broken for, and `region` tells these apart. `follows`
    says that it stands at the height of the line before it, a wide gap to the right.
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
    signs: tuple[str, ...] = ()
    raised: bool = False
    picture: bool = False
    base: float = 0.0
    edge: float = 0.0
    region: int = 0
    follows: bool = False

    @property
    def lower(self) -> bool:
        """Whether the line starts as a sentence goes on: with a small letter."""
        return self.text.lstrip(_OPENERS)[:1].islower()

    @property
    def reach(self) -> float:
        """How far the line would run if it were set from the left, as a centred one is not."""
        before, after = self.left - self.base, self.edge - self.right
        centred = before > 2 * self.size and abs(before - after) < self.size
        return self.base + self.right - self.left if centred else self.right

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

    def generated(self, index: int) -> bool:
        """Whether the file has no such character: pdfium put it in for a gap."""
        made: int = pdfium_c.FPDFText_IsGenerated(self._text, index)
        return made == 1

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


def _spread(
    glyphs: Glyphs, signs: Sequence[str], start: int, end: int
) -> tuple[str, tuple[str, ...]]:
    """The line's text, with a space around a small raised number (the sign of a note); and those.

    A letter that leans on a raised number at the line's start is the note's first.
    """
    out: list[str] = []
    found: list[str] = []
    raised = False
    for k in range(start, end):
        sign = signs[k]
        small = sign.isdecimal() and _is_raised(glyphs, signs, (start, k, end), raised)
        if small and not raised:
            found.append("")
            if out and not out[-1].isspace():
                out.append(" ")
        elif raised and not small and (len(out) == len(found[-1])) and sign.isalnum():
            out.append(" ")
        if small:
            found[-1] += sign
        raised = small
        out.append(sign)
    return "".join(out), tuple(found)


def _is_raised(
    glyphs: Glyphs, signs: Sequence[str], place: tuple[int, int, int], before: bool
) -> bool:
    """Whether a digit is smaller than the letter before it, or at a line's start the one after."""
    start, k, end = place
    if before:
        return abs(glyphs.size(k) - glyphs.size(k - 1)) < 0.5
    if k > start:
        last = signs[k - 1]
        return not last.isspace() and glyphs.size(k) < 0.8 * glyphs.size(k - 1)
    after = next((i for i in range(k, min(end, k + 4)) if signs[i].isalpha()), None)
    return after is not None and glyphs.size(k) < 0.8 * glyphs.size(after)


def _line(glyphs: Glyphs, signs: list[str], place: _Place, page: int) -> PdfLine | None:
    start, end, broken = place
    while start < end and signs[start].isspace():
        start += 1
    while end > start and signs[end - 1].isspace():
        end -= 1
    if start >= end:
        return None
    text, raised = _spread(glyphs, signs, start, end)
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
        signs=raised,
        raised=bool(raised) and text.startswith(raised[0]),
    )


def sheet(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> Sheet:
    """The lines of a pypdfium2 page, in the order of the file."""
    view = frame(page)
    width, height = view.size
    glyphs = Glyphs(textpage, view)
    signs = glyphs.signs()
    found = [
        replace(line, follows=follows)
        for place in _stretches(signs)
        for part, follows in _cut(glyphs, signs, place)
        if (line := _line(glyphs, signs, part, number)) is not None
    ]
    lines = [_off(line, width, height) for line in found]
    return Sheet(number, width, height, tuple(_merged(lines)))


def joined_up(before: PdfLine, after: PdfLine) -> PdfLine:
    """Two lines at one height as one, a space between them."""
    return _side_by_side(before, after)


def _cut(glyphs: Glyphs, signs: Sequence[str], place: _Place) -> list[tuple[_Place, bool]]:
    """A line in parts, each with whether it follows the one before at its height.

    It is cut where some of its characters lie off the page, at wide gaps, and where pdfium took
    what stands at another height for a line's end.
    """
    start, end, broken = place
    seen = [i for i in range(start, end) if not signs[i].isspace()]
    if not seen:
        return [(place, False)]
    gaps = [(a, b) for a, b in pairwise(seen) if b - a > 1 and glyphs.generated(a + 1)]
    apart = {b for a, b in gaps if _moved(glyphs, a, b)}
    wide = {b for a, b in gaps if _wide(glyphs, a, b)}
    off: set[int] = set()
    if not (glyphs.on_page(seen[0]) and glyphs.on_page(seen[-1])):
        off = {b for a, b in pairwise(seen) if glyphs.on_page(a) != glyphs.on_page(b)}
    ends = [start, *sorted(apart | wide | off), end]
    return [((a, b, broken and b == end), a in wide - apart) for a, b in pairwise(ends)]


def _wide(glyphs: Glyphs, before: int, after: int) -> bool:
    """Whether a gap is too wide for one between words."""
    gap = glyphs.box(after)[0] - glyphs.box(before)[2]
    return gap > _WIDE * glyphs.size(before)


def _moved(glyphs: Glyphs, before: int, after: int) -> bool:
    """Whether two characters stand on base lines that are a line apart."""
    step = abs(glyphs.base(after) - glyphs.base(before))
    return step > 0.8 * max(glyphs.size(before), glyphs.size(after))


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
    return -0.3 * before.size <= gap <= _WIDE * max(before.size, after.size)


def _side_by_side(before: PdfLine, after: PdfLine) -> PdfLine:
    large = max(before, after, key=lambda line: len(line.text))
    ordinal = after.text[:2] in ("st", "nd", "rd", "th") and before.text[-1:].isdecimal()
    close = after.left - before.right < 0.1 * large.size and not after.text[:1].isdecimal()
    stop = after.text[0] in ",.;:)]’”!?" and after.left - before.right < 0.3 * large.size
    joint = "" if ordinal or stop or (close and after.size < 0.8 * before.size) else " "
    raised = _sign_alone(before, after), _sign_alone(after, before)
    return replace(
        large,
        text=before.text + joint + after.text,
        left=before.left,
        right=after.right,
        top=min(before.top, after.top),
        bottom=max(before.bottom, after.bottom),
        bold=before.bold and after.bold,
        signs=(*(raised[0] or before.signs), *(raised[1] or after.signs)),
        raised=before.raised or bool(raised[0]),
    )


def _sign_alone(line: PdfLine, beside: PdfLine) -> tuple[str, ...]:
    """The number of a line that is nothing but a small number set beside larger text."""
    alone = line.text.isdecimal() and len(line.text) <= 3 and line.size < 0.8 * beside.size
    return (line.text,) if alone else ()
