"""The characters of a PDF's page: what pdfium says of each, as the page is shown."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any, TypeAlias, cast

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_INVISIBLE = 3
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORCE_BOLD = 1 << 18

Box: TypeAlias = tuple[float, ...]


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


def _direct(function: Callable[..., object], result: type, *kinds: type) -> Callable[..., Any]:
    """One of pdfium's functions with addresses for handles, which is half again as fast.

    These are called several times for each line of a file; and a handle that comes back as a
    number can be a key.
    """
    where = ctypes.cast(cast("Any", function), ctypes.c_void_p).value or 0
    return cast("Callable[..., Any]", ctypes.PYFUNCTYPE(result, *kinds)(where))


_AT, _INT = ctypes.c_void_p, ctypes.c_int
_owner = _direct(pdfium_c.FPDFText_GetTextObject, _AT, _AT, _INT)
_loose_box = _direct(pdfium_c.FPDFText_GetLooseCharBox, _INT, _AT, _INT, _AT)
_origin = _direct(pdfium_c.FPDFText_GetCharOrigin, _INT, _AT, _INT, _AT, _AT)
_is_generated = _direct(pdfium_c.FPDFText_IsGenerated, _INT, _AT, _INT)
_mode = _direct(pdfium_c.FPDFTextObj_GetTextRenderMode, _INT, _AT)
_font = _direct(pdfium_c.FPDFTextObj_GetFont, _AT, _AT)


class Glyphs:
    """The characters of one page, with what pdfium says of each.

    What holds for all of a text object (the run of characters that one order of the page draws)
    is asked for once: most lines are one or a few of these.
    """

    def __init__(self, textpage: pdfium.PdfTextPage, view: Frame) -> None:
        # The bare handle: asking the object for it cost a tenth of the time on each call.
        self._text = textpage.raw
        self._at = ctypes.cast(self._text, _AT).value
        self._view = view
        self._wide, self._high = view.size
        self._count: int = textpage.count_chars()
        self._owners: dict[int, int | None] = {}
        self._boxes: dict[int, Box] = {}
        self._bases: dict[int, float] = {}
        self._sizes: dict[int, float] = {}
        self._turned: dict[int, bool] = {}
        self._hidden: dict[int, bool] = {}
        self._bold: dict[int, bool] = {}
        self._box = pdfium_c.FS_RECTF()
        self._matrix = pdfium_c.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._places = tuple(map(ctypes.addressof, (self._box, self._x, self._y)))

    def signs(self) -> str:
        """All characters, in pdfium's order."""
        text = self._at_once()
        if text is not None:
            return text
        get, page = pdfium_c.FPDFText_GetUnicode, self._text
        codes = [get(page, i) for i in range(self._count)]
        return "".join(chr(code) if 0 < code < 0x110000 else "\ufffd" for code in codes)

    def _at_once(self) -> str | None:
        """The characters in one call, which is ten times as fast.

        None where that leaves some out (those without a meaning) or writes one as two.
        """
        buffer = ctypes.create_string_buffer(2 * (self._count + 1))
        into = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        written = pdfium_c.FPDFText_GetText(self._text, 0, self._count, into)
        text = buffer.raw[: 2 * self._count].decode("utf-16-le", "surrogatepass")
        odd = written != self._count + 1 or len(text) != self._count or "\0" in text
        return None if odd or _SURROGATE.search(text) else text

    def box(self, index: int) -> Box:
        """Left, top, right, bottom of a character as shown, its font's height included."""
        known = self._boxes.get(index)
        if known is None:
            box, view = self._box, self._view
            _loose_box(self._at, index, self._places[0])
            if view.turn:
                known = view.shown(box.left, box.bottom, box.right, box.top)
            else:
                x, y, high = view.x, view.y, self._high
                known = box.left - x, high - (box.top - y), box.right - x, high - (box.bottom - y)
            self._boxes[index] = known
        return known

    def base(self, index: int) -> float:
        """How far below the page's top edge the base line of a character lies."""
        known = self._bases.get(index)
        if known is None:
            _origin(self._at, index, *self._places[1:])
            x, y, view = self._x.value, self._y.value, self._view
            known = view.shown(x, y, x, y)[1] if view.turn else self._high - (y - view.y)
            self._bases[index] = known
        return known

    def on_page(self, index: int) -> bool:
        """Whether the middle of a character lies on the page as shown."""
        left, top, right, bottom = self.box(index)
        return 0 <= left + right <= 2 * self._wide and 0 <= top + bottom <= 2 * self._high

    def owner(self, index: int) -> int:
        """The text object that a character belongs to; without one it stands for itself."""
        known = self._owners.get(index)
        if known is None:
            known = self._owners[index] = _owner(self._at, index) or -1 - index
        return known

    def size(self, index: int) -> float:
        """The size in points of a character as drawn."""
        owner = self._owners.get(index) or self.owner(index)
        known = self._sizes.get(owner)
        if known is None:
            known = pdfium_c.FPDFText_GetFontSize(self._text, index)
            if pdfium_c.FPDFText_GetMatrix(self._text, index, self._matrix):
                known *= math.hypot(self._matrix.c, self._matrix.d) or 1.0
            known = self._sizes[owner] = abs(known)
        return known

    def bold(self, index: int) -> bool:
        """Whether the character's font is a bold one."""
        owner = self.owner(index)
        font = (_font(owner) if owner > 0 else None) or -1 - index
        known = self._bold.get(font)
        if known is None:
            name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
            pdfium_c.FPDFText_GetFontInfo(self._text, index, name, 128, flags)
            said = name.value.decode("utf-8", "replace")
            heavy = pdfium_c.FPDFText_GetFontWeight(self._text, index) >= 600
            known = heavy or bool(flags.value & _FORCE_BOLD) or _BOLD_NAME.search(said) is not None
            self._bold[font] = known
        return known

    def turned(self, index: int) -> bool:
        """Whether the character does not stand upright on the page as shown."""
        owner = self.owner(index)
        known = self._turned.get(owner)
        if known is None:
            angle = math.degrees(pdfium_c.FPDFText_GetCharAngle(self._text, index))
            off = (angle + self._view.turn) % 360
            known = self._turned[owner] = 5 < off < 355
        return known

    def generated(self, places: Sequence[int]) -> Iterator[int]:
        """Those of the places whose characters the file has not: pdfium put them in for a gap."""
        return compress(places, map(_is_generated, repeat(self._at), places))

    def hidden(self, index: int) -> bool:
        """Whether the character is drawn invisibly, or in white."""
        owner = self.owner(index)
        known = self._hidden.get(owner)
        if known is None:
            known = self._hidden[owner] = self._unseen(owner, index)
        return known

    def _unseen(self, owner: int, index: int) -> bool:
        if owner > 0 and _mode(owner) == _INVISIBLE:
            return True
        if pdfium_c.FPDFText_GetFillColor(self._text, index, *self._colour):
            *parts, alpha = self._colour
            return alpha.value == 0 or all(part.value >= 250 for part in parts)
        return False
