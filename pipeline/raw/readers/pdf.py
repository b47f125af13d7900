"""PDF: pdfium reads the characters, the layout is put together again here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import assemble, pdf_extras, pdf_lines, scan
from pipeline.raw.readers.pdf_layout import Grid, PdfLayout
from pipeline.raw.readers.pdf_lines import Sheet
from pipeline.raw.readers.pdf_tables import LEAST_RULES, MOST_RULES, Tables

_LOCKED = (
    "This PDF is encrypted. Nothing of it was taken in. Ask for a copy without a password, or "
    "open it and save it without one, and try again."
)
_DAMAGED = (
    "This PDF is damaged and could not be opened. Nothing of it was taken in. Ask for the file "
    "again, or open it in a PDF program, save it anew and try again."
)
_NO_PAGES = "This PDF has no pages. Nothing was taken in. Ask for the file again."
_PAGE = "A page with little or no text. Look whether it shows a picture of text."
_PDFIUM = f"pdfium-{pdfium.PDFIUM_INFO.build}"
_BROKEN_PAGE = "A page could not be opened. Nothing of it was read."


def read(data: bytes, settings: Settings, *, name: str = "") -> Document:
    """A PDF's bytes as a Document; ReadError where it is locked, damaged or without text."""
    file = _opened(data)
    try:
        return _document(file, data, settings, name)
    finally:
        file.close()


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        raise ReadError(_LOCKED if locked else _DAMAGED) from None
    if len(file) == 0:
        file.close()
        raise ReadError(_NO_PAGES)
    return file


def _document(file: pdfium.PdfDocument, data: bytes, settings: Settings, name: str) -> Document:
    extras = pdf_extras.Extras(margins=[name])
    tables = Tables(data)
    try:
        pages = [_page(file, i, settings, extras, tables) for i in range(len(file))]
    finally:
        tables.close()
    sheets, grids = [sheet for sheet, _ in pages], [found for _, found in pages]
    if not any(line.text.strip() for sheet in sheets for line in sheet.lines):
        raise ReadError(scan.no_text(settings))
    pdf_extras.of_file(file, data, extras)
    drafts = PdfLayout(sheets, grids).drafts()
    return assemble.document(
        drafts,
        sha256=hashlib.sha256(data).hexdigest(),
        media="application/pdf",
        pages=len(file),
        # Another pdfium may read another text, and a plan holds for one text only.
        reader="+".join(filter(None, (assemble.READER, _PDFIUM, extras.recogniser))),
        seen=extras.seen,
        margins=extras.margins,
    )


def _page(
    file: pdfium.PdfDocument,
    index: int,
    settings: Settings,
    extras: pdf_extras.Extras,
    tables: Tables,
) -> tuple[Sheet, Sequence[Grid]]:
    """One page's visible lines and tables; the page is closed again, so that memory stays small."""
    try:
        page = file[index]
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        extras.add(UnreadKind.LITTLE_TEXT, index + 1, _BROKEN_PAGE)
        return Sheet(index + 1, 1.0, 1.0, ()), ()
    try:
        sheet = pdf_lines.sheet(page, textpage, index + 1)
        sheet, grids = scan.lines(page, sheet, settings, extras)
        rules = pdf_extras.of_page(page, sheet, extras)
        extras.margins += [line.text for line in sheet.lines if line.outside]
        sheet = replace(sheet, lines=tuple(li for li in sheet.lines if not li.outside))
        little = sum(len(line.text) for line in sheet.lines) < settings.page_least_characters
        if little and sheet.page not in extras.scanned:
            extras.add(UnreadKind.LITTLE_TEXT, index + 1, _PAGE)
        ruled = LEAST_RULES <= rules <= MOST_RULES and bool(sheet.lines)
        return sheet, tables.of(page, textpage, sheet) if ruled else grids
    finally:
        textpage.close()
        page.close()
