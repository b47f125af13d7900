"""The characters of a PDF's page: what pdfium says of each, as the page is shown."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_INVISIBLE = 3
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORCE_BOLD = 1 << 18


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
        # The bare handle: asking the object for it cost a tenth of the time on each call.
        self._text = textpage.raw
        self._view = view
        self._count: int = textpage.count_chars()
        self._boxes: dict[int, tuple[float, ...]] = {}
        self._sizes: dict[int, float] = {}
        self._bases: dict[int, float] = {}
        self._bold: dict[bytes, bool] = {}
        self._box = pdfium_c.FS_RECTF()
        self._matrix = pdfium_c.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._colour = [ctypes.c_uint() for _ in range(4)]

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

    def box(self, index: int) -> tuple[float, ...]:
        """Left, top, right, bottom of a character as shown, its font's height included."""
        known = self._boxes.get(index)
        if known is None:
            box = self._box
            pdfium_c.FPDFText_GetLooseCharBox(self._text, index, box)
            known = self._view.shown(box.left, box.bottom, box.right, box.top)
            self._boxes[index] = known
        return known

    def base(self, index: int) -> float:
        """How far below the page's top edge the base line of a character lies."""
        known = self._bases.get(index)
        if known is None:
            pdfium_c.FPDFText_GetCharOrigin(self._text, index, self._x, self._y)
            x, y = self._x.value, self._y.value
            known = self._bases[index] = self._view.shown(x, y, x, y)[1]
        return known

    def on_page(self, index: int) -> bool:
        """Whether the middle of a character lies on the page as shown."""
        left, top, right, bottom = self.box(index)
        width, height = self._view.size
        return 0 <= left + right <= 2 * width and 0 <= top + bottom <= 2 * height

    def size(self, index: int) -> float:
        """The size in points of a character as drawn."""
        known = self._sizes.get(index)
        if known is None:
            known = pdfium_c.FPDFText_GetFontSize(self._text, index)
            if pdfium_c.FPDFText_GetMatrix(self._text, index, self._matrix):
                known *= math.hypot(self._matrix.c, self._matrix.d) or 1.0
            known = self._sizes[index] = abs(known)
        return known

    def bold(self, index: int) -> bool:
        """Whether the character's font is a bold one."""
        pdfium_c.FPDFText_GetFontInfo(self._text, index, self._name, 128, self._flags)
        name = self._name.value
        known = self._bold.get(name)
        if known is None:
            known = _BOLD_NAME.search(name.decode("utf-8", "replace")) is not None
            self._bold[name] = known
        if known:
            return True
        heavy: bool = pdfium_c.FPDFText_GetFontWeight(self._text, index) >= 600
        return heavy or bool(self._flags.value & _FORCE_BOLD)

    def turned(self, index: int) -> bool:
        """Whether the character does not stand upright on the page as shown."""
        angle = math.degrees(pdfium_c.FPDFText_GetCharAngle(self._text, index))
        off = (angle + self._view.turn) % 360
        return 5 < off < 355

    def generated(self, places: Iterable[int]) -> list[bool]:
        """Which of these characters the file does not have: pdfium put them in for a gap."""
        made, page = pdfium_c.FPDFText_IsGenerated, self._text
        return [made(page, index) == 1 for index in places]

    def hidden(self, index: int) -> bool:
        """Whether the character is drawn invisibly, or in white."""
        made = pdfium_c.FPDFText_GetTextObject(self._text, index)
        if made and pdfium_c.FPDFTextObj_GetTextRenderMode(made) == _INVISIBLE:
            return True
        if pdfium_c.FPDFText_GetFillColor(self._text, index, *self._colour):
            red, green, blue, alpha = (part.value for part in self._colour)
            return min(red, green, blue) >= 250 or alpha == 0
        return False
