"""Pages that are pictures: their text is recognised by Tesseract, where it is installed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.raw.document import UnreadKind
from pipeline.raw.readers import ocr, picture, scan_tables
from pipeline.raw.readers.pdf_continued import Grid
from pipeline.raw.readers.pdf_extras import Extras
from pipeline.raw.readers.pdf_lines import PdfLine, Sheet

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.raw.readers.picture import Grey

Read = tuple[Sheet, Sequence[Grid]]

_DPI = 300
# The longer side of A3 at 300 dpi: pages that scanners made as large as their dots shrink to it.
_MOST_DOTS = 4961
_WHITE = 250
_MOST_OF_PAGE = 0.5
_INVISIBLE = 3
# The share of a page's ink without a word in it: above this words may be missing (measured).
_MOST_LEFT = 0.02

RECOGNISED = (
    "This page is a picture. Its text was recognised by a program: letters may be wrong. Compare "
    "it with the page."
)
HARD = (
    "This page is a picture that is hard to read. Its text was recognised by a program: many "
    "letters may be wrong, and words may be missing. Compare it with the page, word by word."
)
PARTLY = (
    "This page is a picture, and a part of it was not recognised as text: a drawing, a signature, "
    "or words that are missing here. Letters in the rest may be wrong. Compare it with the page."
)
LAYER = (
    "This page is a picture with a text that another program recognised in it: letters may be "
    "wrong. Compare it with the page."
)
NOTHING = (
    "This page shows something in which no text could be recognised well enough. Nothing of it "
    "was read. Look whether it says anything."
)
LATE = (
    "This page is a picture, and recognising its text took too long or failed. Nothing of it was "
    "read. Look at it, or raise ocr_page_seconds and take the file in again."
)


def lines(page: pdfium.PdfPage, sheet: Sheet, settings: Settings, extras: Extras) -> Read:
    """The page with the text that stands in its picture, where it is one; and its tables.

    What was done is listed in `extras`; a page that was dealt with is in its `scanned`.
    """
    if not _is_thin(sheet, settings) and not _is_stamped(page, sheet, settings):
        return sheet, ()
    if _is_layered(page, sheet, settings):
        extras.scanned.add(sheet.page)
        extras.add(UnreadKind.SCAN, sheet.page, LAYER)
        marked = (replace(li, unsure=True) if li.hidden else li for li in sheet.lines)
        return replace(sheet, lines=tuple(marked)), ()
    drawn = _drawn(page, sheet)
    if not (drawn < _WHITE).any():
        if not any(_seen(line) for line in sheet.lines):
            extras.scanned.add(sheet.page)  # blank: there is nothing to look at
        return sheet, ()
    if not ocr.is_wanted(settings):
        return sheet, ()
    return _recognised(drawn, sheet, settings, extras)


def _seen(line: PdfLine) -> bool:
    return not line.hidden and not line.outside


def _is_thin(sheet: Sheet, settings: Settings) -> bool:
    """Whether a page shows next to no text."""
    return sum(len(li.text) for li in sheet.lines if _seen(li)) < settings.page_least_characters


def _is_stamped(page: pdfium.PdfPage, sheet: Sheet, settings: Settings) -> bool:
    """Whether a page is a picture with a few words of text at its edges, as programs stamp them."""
    inner = sum(
        len(line.text)
        for line in sheet.lines
        if _seen(line) and 0.1 * sheet.height < line.top < 0.9 * sheet.height
    )
    return inner < settings.page_least_characters and _pictured(page, sheet)


def _pictured(page: pdfium.PdfPage, sheet: Sheet) -> bool:
    """Whether pictures cover most of the page; scanners cut a page into strips."""
    covered = 0.0
    for thing in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]):
        try:
            left, bottom, right, top = thing.get_bounds()
        except pdfium.PdfiumError:
            continue
        # Inside a form object the place is in the form's own measure: the page may be full of it.
        covered += 1.0 if thing.level else (right - left) * (top - bottom) / _area(sheet)
    return covered >= _MOST_OF_PAGE


def _area(sheet: Sheet) -> float:
    return max(1.0, sheet.width * sheet.height)


def _is_layered(page: pdfium.PdfPage, sheet: Sheet, settings: Settings) -> bool:
    """Whether a picture has its recognised text behind it: drawn invisibly, not in white."""
    hidden = sum(len(line.text) for line in sheet.lines if line.hidden)
    if hidden < settings.page_least_characters or not _pictured(page, sheet):
        return False
    texts = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT])
    modes = [pdfium_c.FPDFTextObj_GetTextRenderMode(text) for text in texts]
    return 2 * modes.count(_INVISIBLE) > len(modes)


def _drawn(page: pdfium.PdfPage, sheet: Sheet) -> Grey:
    """The page as a picture in grey, with the lines whose text is known painted over."""
    import numpy as np

    scale = min(_DPI / 72, _MOST_DOTS / max(sheet.width, sheet.height))
    bitmap = page.render(scale=scale, grayscale=True, draw_annots=False)
    made = np.array(bitmap.to_numpy(), dtype=np.uint8)
    bitmap.close()
    drawn: Grey = made if made.ndim == 2 else made[:, :, 0]
    for line in filter(_seen, sheet.lines):
        pad = 0.35 * line.size
        top, bottom, left, right = (
            max(0, round(scale * edge))
            for edge in (line.top - pad, line.bottom + pad, line.left - pad, line.right + pad)
        )
        drawn[top:bottom, left:right] = 255
    return drawn


def _recognised(drawn: Grey, sheet: Sheet, settings: Settings, extras: Extras) -> Read:
    """The page with what was recognised in its picture, and its line in the list of the unread."""
    extras.scanned.add(sheet.page)
    extras.recogniser = ocr.version()
    found = _upright(drawn, settings)
    if found is None or found.text.confidence < ocr.UNREADABLE:
        extras.add(UnreadKind.LITTLE_TEXT, sheet.page, LATE if found is None else NOTHING)
        return sheet, ()
    extras.add(UnreadKind.SCAN, sheet.page, _warning(found))
    # What little was hidden behind the picture is in the picture, or is none of its text.
    extras.margins += [line.text for line in sheet.lines if line.hidden]
    scale = max(sheet.width, sheet.height) / max(drawn.shape)
    rows, cells = scan_tables.filled(found.tables, found.text.rows)
    new = [_line(row, sheet.page, scale) for row in rows]
    known = [line for line in sheet.lines if not line.hidden]
    width, height = (scale * dots for dots in found.size)
    made = Sheet(sheet.page, width, height, tuple(_together(known, new)))
    return made, scan_tables.grids(found.tables, cells, scale)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was recognised in a picture, its tables, its size as it was read.

    `left` is the share of the ink in which no word was recognised.
    """

    text: ocr.Recognised
    tables: tuple[scan_tables.Table, ...]
    size: tuple[int, int]
    left: float


def _warning(found: _Found) -> str:
    """What is to be said of a page that was recognised."""
    if found.text.confidence < ocr.HARD:
        return HARD
    return PARTLY if found.left > _MOST_LEFT else RECOGNISED


def _upright(drawn: Grey, settings: Settings) -> _Found | None:
    """What was recognised in the picture, turned upright where it lies on its side."""
    found = _found(drawn, settings)
    if found is None or found.text.confidence >= ocr.ASTRAY:
        return found
    turn = ocr.turn(drawn, settings)
    if not turn:
        return found
    import numpy as np

    other = _found(np.rot90(drawn, -turn // 90), settings)
    better = other is not None and other.text.confidence > found.text.confidence
    return other if better else found


def _found(drawn: Grey, settings: Settings) -> _Found | None:
    straight = picture.straightened(picture.levelled(drawn))
    rules = picture.rules(straight)
    tables = scan_tables.tables(rules)
    own = [rule for rule in rules if any(scan_tables.inside(table, rule) for table in tables)]
    clear = picture.without(straight, own)
    text = ocr.recognised(clear, settings)
    if text is None:
        return None
    rest = picture.blotted(clear, (word.box for row in text.rows for word in row.words))
    left = picture.ink(rest) / max(1.0, picture.ink(clear))
    high, wide = straight.shape
    return _Found(text, tables, (wide, high), left)


def _line(row: ocr.Row, page: int, scale: float) -> PdfLine:
    size = max(1.0, row.size)
    base = scale * row.base
    return PdfLine(
        text=row.text,
        page=page,
        left=scale * min(word.box[0] for word in row.words),
        right=scale * max(word.box[2] for word in row.words),
        top=base - 0.78 * size,
        bottom=base + 0.22 * size,
        size=size,
        bold=row.bold,
        unsure=True,
    )


def _together(known: Iterable[PdfLine], new: Iterable[PdfLine]) -> list[PdfLine]:
    """What was recognised, in its order, with the few lines of text put in by their height."""
    out = list(new)
    for line in known:
        at = next((k for k, other in enumerate(out) if other.top > line.top), len(out))
        out.insert(at, line)
    return out
