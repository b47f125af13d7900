"""Pages of a PDF drawn with what was read of them outlined, so that people can look.

Only the process that may be lost draws (child.py): a page is as hostile as its text.
"""

from __future__ import annotations

import io
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.raw.document import PICTURE_SIGN, Block, Document, Place, Unread
from pipeline.span import BlockKind, Span

if TYPE_CHECKING:
    import pypdfium2 as pdfium
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

Keep = Callable[[int, int, bytes], None]
_Box = tuple[float, float, float, float]
_Colour = tuple[int, int, int]

_DPI = 110
# The longer side of a page as drawn; png.py takes no picture that is much larger.
MOST_DOTS = 2400
# In dots: beside the page for labels, above and below it for what is said of it.
_LEFT, _RIGHT, _STRIP, _PAD, _TYPE = 76, 12, 22, 3, 13
_MOST_NUMBER = 10
_WHITE, _BLACK, _GREY, _RED = (255, 255, 255), (0, 0, 0), (120, 120, 120), (170, 0, 30)
# Colours that people who see few colours can tell apart (Okabe and Ito); letters say the same.
_KINDS: dict[BlockKind, tuple[str, _Colour]] = {
    BlockKind.HEADING: ("H", (0, 114, 178)),
    BlockKind.PARAGRAPH: ("P", (0, 158, 115)),
    BlockKind.BULLET: ("B", (230, 159, 0)),
    BlockKind.FOOTNOTE: ("N", (204, 121, 167)),
    BlockKind.QUOTE: ("Q", (86, 180, 233)),
    BlockKind.TABLE: ("T", (213, 94, 0)),
    BlockKind.FURNITURE: ("F", (150, 150, 150)),
}
_PICTURE = ("I", _BLACK)
_OFF_PAGE = "what was read lies off the page as it is shown: it was recognised turned"
_NOT_SHOWN = "the page could not be drawn"


@dataclass(frozen=True, slots=True)
class Outline:
    """One box to draw, in points of the page as it is shown; a cell has no label."""

    page: int
    box: _Box
    label: str
    colour: _Colour
    cell: bool = False


def pages(data: bytes, document: Document, keep: Keep) -> None:
    """Draws each page of the PDF that the document was read from; `keep` is given the PNGs."""
    import pypdfium2 as pdfium

    drawn: dict[int, list[Outline]] = {}
    for outline in outlines(document):
        drawn.setdefault(outline.page, []).append(outline)
    unsure: dict[int, list[_Box]] = {}
    for place in _unsure(document):
        unsure.setdefault(place.page, []).append(_box(place))
    with pdfium.PdfDocument(data) as file:
        # Filled-in fields are shown as programs show them.
        file.init_forms()
        for index in range(len(file)):
            number = index + 1
            own = drawn.get(number, [])
            said = [unread for unread in document.unread if (unread.page or 1) == number]
            made = _page(file, index, own, unsure.get(number, []), said)
            keep(number, len(file), made)


# -- what is outlined -----------------------------------------------------------------------------


def outlines(document: Document) -> Iterator[Outline]:
    """The boxes of all blocks, in reading order: a block has one for each column and page."""
    count = 0
    ends = [place.start + place.length for place in document.places]
    for block in document.blocks:
        letter, colour = _looks(block)
        if block.span is None:
            if block.box is not None:
                yield Outline(block.page, block.box, letter, colour)
            continue
        count += 1
        label = " ".join(filter(None, (str(count), letter, _number(block))))
        stands = _places(document, ends, block.span)
        for cell in (cell for row in block.rows for cell in row if cell is not None):
            for page, box in _boxes(_places(document, ends, cell)):
                yield Outline(page, box, "", colour, cell=True)
        for page, box in _boxes(stands, whole=bool(block.rows)):
            yield Outline(page, box, label, colour)
            label = f"{count} {letter} +"


def _looks(block: Block) -> tuple[str, _Colour]:
    if block.text == PICTURE_SIGN:
        return _PICTURE
    letter, colour = _KINDS[block.kind]
    level = block.level if block.kind is BlockKind.HEADING else None
    return letter + ("" if level is None else str(level)), colour


def _number(block: Block) -> str:
    number = block.number or ""
    return number if len(number) <= _MOST_NUMBER else number[: _MOST_NUMBER - 1] + "…"


def _places(document: Document, ends: Sequence[int], span: Span) -> list[Place]:
    """The lines that a span stands on, each cut to what is in it."""
    found = []
    for place in document.places[bisect_left(ends, span.start + 1) :]:
        if place.start >= span.end:
            break
        found.append(_cut(place, span))
    return found


def _cut(place: Place, span: Span) -> Place:
    start, end = max(place.start, span.start), min(place.start + place.length, span.end)
    letter = (place.right - place.left) / place.length
    left = place.left + letter * (start - place.start)
    right = place.left + letter * (end - place.start)
    return replace(place, start=start, length=end - start, left=left, right=right)


def _boxes(places: Sequence[Place], *, whole: bool = False) -> Iterator[tuple[int, _Box]]:
    """One box for lines one under the other; another where they go up again, or to a new page."""
    last: Place | None = None
    held: list[Place] = []
    for place in places:
        new = last is not None and place.page != last.page
        up = last is not None and place.bottom <= last.top + 1 and not whole
        if held and (new or up):
            yield held[0].page, _around(held)
            held = []
        held.append(place)
        last = place
    if held:
        yield held[0].page, _around(held)


def _around(places: Sequence[Place]) -> _Box:
    return (
        min(place.left for place in places),
        min(place.top for place in places),
        max(place.right for place in places),
        max(place.bottom for place in places),
    )


def _unsure(document: Document) -> Iterator[Place]:
    ends = [place.start + place.length for place in document.places]
    for span in document.uncertain:
        yield from _places(document, ends, span)


def _box(place: Place) -> _Box:
    return place.left, place.top, place.right, place.bottom


# -- how it is drawn ------------------------------------------------------------------------------


def _page(
    file: pdfium.PdfDocument,
    index: int,
    own: Sequence[Outline],
    unsure: Sequence[_Box],
    unread: Sequence[Unread],
) -> bytes:
    """One page as PNG: labels to the left of what they name, all that is said of it outside."""
    from PIL import Image, ImageDraw, ImageFont

    shown, scale = _shown(file, index)
    font = ImageFont.load_default(_TYPE)
    paper = (595, 842) if shown is None else shown.size
    legend = _legend(_LEFT + paper[0] + _RIGHT, font)
    wide, high = _LEFT + paper[0] + _RIGHT, paper[1] + _STRIP * (1 + len(legend))
    made = Image.new("RGB", (wide, high), (232, 232, 232))
    if shown is not None:
        made.paste(shown, (_LEFT, _STRIP))
    pen = ImageDraw.Draw(made)
    fits = (paper[0] / scale + 6, paper[1] / scale + 6)
    off = any(o.box[2] > fits[0] or o.box[3] > fits[1] for o in own)
    for outline in () if off else own:
        _outline(pen, outline, scale, font)
    for box in () if off else unsure:
        _dots(pen, box, scale)
    notes = [_NOT_SHOWN] * (shown is None) + [_OFF_PAGE] * off
    _band(pen, wide, f"Page {index + 1} of {len(file)}", [*_listed(unread), *notes], font)
    _put_legend(pen, legend, _STRIP + paper[1], font)
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def _shown(file: pdfium.PdfDocument, index: int) -> tuple[Image | None, float]:
    """The page as it is shown, and how many dots a point is; None where that fails."""
    import pypdfium2 as pdfium

    try:
        page = file[index]
    except pdfium.PdfiumError:
        return None, 1.0
    try:
        scale = min(_DPI / 72, MOST_DOTS / max(1.0, *page.get_size()))
        bitmap = page.render(scale=scale)
        shown: Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
    except pdfium.PdfiumError:
        return None, 1.0
    finally:
        page.close()
    return shown, scale


def _outline(
    pen: ImageDraw, outline: Outline, scale: float, font: FreeTypeFont | ImageFont
) -> None:
    left, top, right, bottom = (scale * edge for edge in outline.box)
    pad = 0 if outline.cell else _PAD
    box = (
        _LEFT + min(left, right) - pad,
        _STRIP + min(top, bottom) - pad,
        _LEFT + max(left, right) + pad,
        _STRIP + max(top, bottom) + pad,
    )
    pen.rectangle(box, outline=outline.colour, width=1 if outline.cell else 2)
    if outline.label:
        wide = pen.textlength(outline.label, font=font) + 4
        end = max(box[0] - 2, wide + 1)
        label = (end - wide, box[1], end, box[1] + _TYPE + 4)
        pen.rectangle(label, fill=_WHITE, outline=outline.colour)
        pen.text((label[0] + 2, label[1] + 1), outline.label, fill=_BLACK, font=font)


def _dots(pen: ImageDraw, box: _Box, scale: float) -> None:
    """A dotted line under what was recognised from a picture."""
    left, right = round(_LEFT + scale * box[0]), round(_LEFT + scale * box[2])
    y = round(_STRIP + scale * box[3])
    for x in range(left, right, 6):
        pen.line((x, y, x + 2, y), fill=_RED, width=2)


def _listed(unread: Sequence[Unread]) -> list[str]:
    """What was not read, by kind, each with how often."""
    counts = Counter(one.what.value.replace("_", " ") for one in unread)
    return [what if count == 1 else f"{what} ×{count}" for what, count in counts.items()]


def _band(
    pen: ImageDraw, wide: int, page: str, notes: Sequence[str], font: FreeTypeFont | ImageFont
) -> None:
    said = f"{page}. Not read, or to be looked at: {', '.join(notes)}" if notes else page
    pen.rectangle((0, 0, wide, _STRIP - 1), fill=_RED if notes else _GREY)
    pen.text((8, 3), said, fill=_WHITE, font=font)


_LEGEND = (
    *((letter, colour, kind.value) for kind, (letter, colour) in _KINDS.items()),
    (*_PICTURE, "picture"),
    ("+", _GREY, "goes on"),
    ("····", _RED, "recognised from a picture"),
)
_Entry = tuple[float, tuple[str, _Colour, str]]


def _legend(wide: int, font: FreeTypeFont | ImageFont) -> list[list[_Entry]]:
    """The rows of the legend: each entry with where it starts."""
    rows: list[list[_Entry]] = [[]]
    x = 8.0
    for entry in _LEGEND:
        length = font.getlength(f"{entry[0]} {entry[2]}") + 28
        if rows[-1] and x + length > wide:
            rows.append([])
            x = 8.0
        rows[-1].append((x, entry))
        x += length
    return rows


def _put_legend(
    pen: ImageDraw,
    rows: Sequence[Sequence[_Entry]],
    top: int,
    font: FreeTypeFont | ImageFont,
) -> None:
    for k, row in enumerate(rows):
        y = top + k * _STRIP
        for x, (sign, colour, said) in row:
            pen.rectangle((x, y + 5, x + 12, y + 17), outline=colour, width=3)
            pen.text((x + 17, y + 3), f"{sign} {said}", fill=_BLACK, font=font)
