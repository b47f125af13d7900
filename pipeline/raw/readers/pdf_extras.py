"""What a PDF holds beside its text: pictures, annotations, attachments, layers, properties."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.raw.document import UnreadKind
from pipeline.raw.readers import pdf_sweep
from pipeline.raw.readers.assemble import Seen
from pipeline.raw.readers.pdf_glyphs import frame
from pipeline.raw.readers.pdf_lines import PdfLine, Sheet
from pipeline.raw.readers.pdf_sweep import FAULTS

PICTURE = "A picture. What it shows was not read."
_ANNOTATION = "A note, a mark or a stamp on the page. Its text was not read as part of the report."
_FORM = "A form field. What is filled in was not read as part of the report."
_FILE = "A file is attached. It was not opened."
_SCRIPT = "The file holds a script. It was not run."
_LAYER = "The file has a layer that is not shown. Its text may have been read."
_CATALOGUE = "The file's catalogue could not be read, so layers and properties are not known."
INVISIBLE = "Text that is not visible on the page was read: a scan's text, or hidden text."
_OUTSIDE = "Text outside the page's visible part. It was left out."
_SPOKEN = "The file holds replacement texts for screen readers. They were not read."
_LEAST_PICTURE = 8.0
_THIN, _LONG = 2.5, 12.0
_XML_TEXT = re.compile(r">([^<>]*[^\W\d_][^<>]*)<")
_XML_VALUE = re.compile(r"=\"([^\"<>]*[^\W\d_][^\"<>]*)\"|='([^'<>]*)'")

_EARLIER = "The file holds an earlier version of itself. It was not read."
_PRIVATE = "The file holds a program's private data. They were not read."
_THUMBNAIL = "A small picture of the page as it once was. It was not read."
_TOLD = {
    pdf_sweep.SCRIPT: _SCRIPT,
    pdf_sweep.FORM: _FORM,
    pdf_sweep.FILE: _FILE,
    pdf_sweep.PRIVATE: _PRIVATE,
    pdf_sweep.SPOKEN: _SPOKEN,
    pdf_sweep.THUMBNAIL: _THUMBNAIL,
}

_LEAST_SHOWN = 30.0
_LEAST_FRAME = 60.0, 18.0

Box = tuple[float, ...]


@dataclass(slots=True)
class Shapes:
    """What is drawn on a page, left, top, right, bottom as shown; and how many ruling lines.

    `painted` is filled with a colour, `frames` are rectangles that may hold text, `pictures`
    those that stand in the text (not in the running head or foot, not repeated, not tiny).
    """

    rules: int = 0
    painted: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)


@dataclass(slots=True)
class Extras:
    """What was met beside the text: things not read, and texts that stay in the margins.

    `scanned` are the pages that are pictures as a whole: one line of the list stands for all that
    they show. `recogniser` names the program that read them.
    """

    seen: list[Seen] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    pictures: set[tuple[int, ...]] = field(default_factory=set)
    scanned: set[int] = field(default_factory=set)
    recogniser: str = ""

    def add(self, what: UnreadKind, page: int | None, reason: str, once: bool = False) -> None:
        """Lists one thing; `once` lists a thing and page only once."""
        thing = (what, page, reason)
        if not once or thing not in self.seen:
            self.seen.append(thing)

    def listed(self, reason: str) -> bool:
        """Whether something was listed for a reason, on whatever page."""
        return any(known == reason for _, _, known in self.seen)


def of_page(page: pdfium.PdfPage, sheet: Sheet, extras: Extras) -> Shapes:
    """Lists what a page holds beside its text; returns what is drawn on it.

    A picture that stands in the text is not listed here: its sign in the text is.
    """
    shapes = _objects(page, sheet.page, extras)
    _annotations(page, sheet.page, extras)
    if _spoken(page, extras):
        extras.add(UnreadKind.HIDDEN_TEXT, sheet.page, _SPOKEN)
    if pdfium_c.FPDFPage_GetRawThumbnailData(page, None, 0) > 0:
        extras.add(UnreadKind.PICTURE, sheet.page, _THUMBNAIL)
    if any(line.outside for line in sheet.lines):
        extras.add(UnreadKind.OUTSIDE_PAGE, sheet.page, _OUTSIDE)
    unseen = (line for line in sheet.lines if line.hidden and not line.unsure)
    if any(not _on_paint(line, shapes.painted) for line in unseen):
        extras.add(UnreadKind.HIDDEN_TEXT, sheet.page, INVISIBLE)
    return shapes


def _on_paint(line: PdfLine, painted: list[tuple[float, ...]]) -> bool:
    """Whether a line stands on a filled shape, so that white letters can be seen."""
    x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return any(le <= x <= ri and to <= y <= bo for le, to, ri, bo in painted)


def _objects(page: pdfium.PdfPage, number: int, extras: Extras) -> Shapes:
    """Lists pictures; counts ruling lines; collects what is drawn."""
    view, shapes = frame(page), Shapes()
    if not _draws(page):
        return shapes
    kinds = [pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING]
    for thing in page.get_objects(filter=kinds):
        try:
            bounds = thing.get_bounds()
        except pdfium.PdfiumError:
            continue
        box = view.shown(*bounds)
        wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
        if thing.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            if _new_picture(thing, (*bounds[:2], wide, high), number, extras):
                _picture(None if thing.level else box, view.size[1], number, extras, shapes)
        elif thing.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            shapes.rules += _rules(wide, high)
            if _filled(thing):
                shapes.painted.append(box)
            if wide >= _LEAST_FRAME[0] and high >= _LEAST_FRAME[1]:
                shapes.frames.append(box)
    return shapes


def _draws(page: pdfium.PdfPage) -> bool:
    """Whether a page holds anything but text: most do not, and the full look takes four times."""
    kind, thing, whole = pdfium_c.FPDFPageObj_GetType, pdfium_c.FPDFPage_GetObject, page.raw
    count = pdfium_c.FPDFPage_CountObjects(whole)
    return any(kind(thing(whole, i)) != pdfium_c.FPDF_PAGEOBJ_TEXT for i in range(count))


def _rules(wide: float, high: float) -> int:
    """How many ruling lines a drawn path may stand for: one if thin, four if a box."""
    if min(wide, high) <= _THIN:
        return int(max(wide, high) >= _LONG)
    return 4 if wide >= _LONG and high >= 6 else 0


def _filled(thing: pdfium.PdfObject) -> bool:
    """Whether a path is filled, and not in white."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium_c.FPDFPath_GetDrawMode(thing, mode, stroke) or not mode.value:
        return False
    colour = [ctypes.c_uint() for _ in range(4)]
    pdfium_c.FPDFPageObj_GetFillColor(thing, *colour)
    return min(part.value for part in colour[:3]) < 250


def _new_picture(thing: pdfium.PdfObject, place: Box, number: int, extras: Extras) -> bool:
    """Whether a picture is large enough to show something and was not met before.

    One that stands in the same place with the same size on several pages is met once.
    """
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(thing, wide, high)
    # Inside a form object the place is in the form's own measure, which says nothing of size.
    small = min(wide.value, high.value) if thing.level else min(place[2:])
    if small < _LEAST_PICTURE or number in extras.scanned:
        return False
    length = pdfium_c.FPDFImageObj_GetImageDataRaw(thing, None, 0)
    key = (wide.value, high.value, length, *(round(part) for part in place))
    new = key not in extras.pictures
    extras.pictures.add(key)
    return new


def _picture(box: Box | None, height: float, number: int, extras: Extras, shapes: Shapes) -> None:
    """A picture of the text gets its place in it; any other is listed."""
    inside = box is not None and box[3] > 0.1 * height and box[1] < 0.9 * height
    if box is not None and inside and min(box[2] - box[0], box[3] - box[1]) >= _LEAST_SHOWN:
        shapes.pictures.append(box)
    else:
        extras.add(UnreadKind.PICTURE, number, PICTURE)


def _text_of(made: pdfium_c.FPDF_ANNOTATION, key: bytes) -> str:
    """A text of an annotation, which pdfium gives in two steps: its length, then UTF-16."""
    get = pdfium_c.FPDFAnnot_GetStringValue
    size = get(made, key, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    get(made, key, ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _annotations(page: pdfium.PdfPage, number: int, extras: Extras) -> None:
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        made = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not made:
            continue
        kind = pdfium_c.FPDFAnnot_GetSubtype(made)
        if kind not in (pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP):
            _annotation(made, kind, number, extras)
        elif kind == pdfium_c.FPDF_ANNOT_LINK:
            extras.margins.append(_target(page, made))
        pdfium_c.FPDFPage_CloseAnnot(made)


def _annotation(made: pdfium_c.FPDF_ANNOTATION, kind: int, number: int, extras: Extras) -> None:
    keys = (b"Contents", b"T", b"V", b"TU", b"RC", b"Subj", b"OverlayText")
    extras.margins += [_text_of(made, key) for key in keys]
    if kind == pdfium_c.FPDF_ANNOT_WIDGET:
        extras.add(UnreadKind.FORM_FIELD, number, _FORM)
    elif kind == pdfium_c.FPDF_ANNOT_FILEATTACHMENT:
        extras.add(UnreadKind.ATTACHMENT, number, _FILE)
        extras.margins.append(_file_name(made))
    else:
        extras.add(UnreadKind.ANNOTATION, number, _ANNOTATION)


def _file_name(made: pdfium_c.FPDF_ANNOTATION) -> str:
    """The name of the file that hangs on a note."""
    file = pdfium_c.FPDFAnnot_GetFileAttachment(made)
    size = pdfium_c.FPDFAttachment_GetName(file, None, 0) if file else 0
    if size <= 2:
        return ""
    buffer = (pdfium_c.FPDF_WCHAR * (size // 2))()
    pdfium_c.FPDFAttachment_GetName(file, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def _target(page: pdfium.PdfPage, made: pdfium_c.FPDF_ANNOTATION) -> str:
    """Where a link leads, if it is an address."""
    link = pdfium_c.FPDFAnnot_GetLink(made)
    action = pdfium_c.FPDFLink_GetAction(link) if link else None
    if not action:
        return ""
    size = pdfium_c.FPDFAction_GetURIPath(page.pdf, action, None, 0)
    if size <= 1:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDFAction_GetURIPath(page.pdf, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def _spoken(page: pdfium.PdfPage, extras: Extras) -> bool:
    """Puts a page's alternative and replacement texts into the margins; whether there are any."""
    tree = pdfium_c.FPDF_StructTree_GetForPage(page)
    if not tree:
        return False
    waiting = [
        pdfium_c.FPDF_StructTree_GetChildAtIndex(tree, i)
        for i in range(pdfium_c.FPDF_StructTree_CountChildren(tree))
    ]
    found, looked = [], 0
    while waiting and looked < 20_000:
        node = waiting.pop()
        looked += 1
        if not node:
            continue
        for get in (
            pdfium_c.FPDF_StructElement_GetAltText,
            pdfium_c.FPDF_StructElement_GetActualText,
        ):
            size = get(node, None, 0)
            if size > 2:
                buffer = ctypes.create_string_buffer(size)
                get(node, buffer, size)
                found.append(buffer.raw[: size - 2].decode("utf-16-le", "replace"))
        count = pdfium_c.FPDF_StructElement_CountChildren(node)
        waiting += [pdfium_c.FPDF_StructElement_GetChildAtIndex(node, i) for i in range(count)]
    pdfium_c.FPDF_StructTree_Close(tree)
    found = [text for text in found if text.strip()]
    extras.margins += found
    return bool(found)


def of_file(file: pdfium.PdfDocument, data: bytes, extras: Extras) -> None:
    """Lists what the file as a whole holds: properties, bookmarks, attachments, layers, scripts."""
    extras.margins += [value for value in file.get_metadata_dict().values() if value]
    extras.margins += [mark.get_title() or "" for mark in file.get_toc()]
    extras.margins += _places(file)
    versions = data.count(b"%%EOF") - (b"/Linearized" in data[:2048])
    if versions > 1:
        extras.add(UnreadKind.OTHER_PART, None, _EARLIER)
    for index in range(file.count_attachments()):
        extras.margins.append(file.get_attachment(index).get_name())
        extras.add(UnreadKind.ATTACHMENT, None, _FILE)
    if pdfium_c.FPDFDoc_GetJavaScriptActionCount(file) > 0:
        extras.add(UnreadKind.OTHER_PART, None, _SCRIPT)
    extras.margins += [text for packet in pdf_sweep.packets(data) for text in _xmp(packet)]
    try:
        _catalogue(data, extras)
    except FAULTS:
        extras.add(UnreadKind.OTHER_PART, None, _CATALOGUE)


def _places(file: pdfium.PdfDocument) -> Iterator[str]:
    """The labels of pages and the names of places that links lead to."""
    for index in range(len(file)):
        yield file.get_page_label(index)
    for index in range(pdfium_c.FPDF_CountNamedDests(file)):
        size = ctypes.c_long()
        pdfium_c.FPDF_GetNamedDest(file, index, None, size)
        if size.value > 2:
            buffer = ctypes.create_string_buffer(size.value)
            pdfium_c.FPDF_GetNamedDest(file, index, buffer, size)
            yield buffer.raw[: size.value - 2].decode("utf-16-le", "replace")


def _catalogue(data: bytes, extras: Extras) -> None:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
    from pdfminer.psexceptions import PSException

    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
        catalogue = document.catalog
        if pdf_sweep.hides_layers(catalogue):
            extras.add(UnreadKind.HIDDEN_LAYER, None, _LAYER)
        # A field may hang in the form and be shown on no page.
        form = dict_value(catalogue.get("AcroForm", {}))
        if list_value(form.get("Fields", [])) and not extras.listed(_FORM):
            extras.add(UnreadKind.FORM_FIELD, None, _FORM)
        stream = resolve1(catalogue.get("Metadata"))
        if isinstance(stream, PDFStream):
            extras.margins += _xmp(stream.get_data().decode("utf-8", "replace"))
        for part in (pdf_sweep.outside_streams(data), *pdf_sweep.of_object_streams(document)):
            _swept(part, extras)
    except PSException as error:
        raise ValueError("the catalogue is damaged") from error


def _swept(part: bytes, extras: Extras) -> None:
    """Lists the hiding places that a part of the file speaks of and that were not met so far."""
    for told in pdf_sweep.told(part):
        if not extras.listed(_TOLD[told]):
            extras.add(pdf_sweep.KINDS[told], None, _TOLD[told])
    if pdf_sweep.written_twice(part) and not extras.listed(_EARLIER):
        extras.add(UnreadKind.OTHER_PART, None, _EARLIER)


def _xmp(text: str) -> Iterator[str]:
    """The texts of a packet of properties in XML, by pattern: nothing of it is interpreted."""
    for found in _XML_TEXT.finditer(text):
        yield found.group(1).strip()
    for found in _XML_VALUE.finditer(text):
        yield (found.group(1) or found.group(2) or "").strip()
