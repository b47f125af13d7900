"""PDF: pdfium reads the characters, the layout is put together again here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import (
    assemble,
    ocr,
    pdf_extras,
    pdf_hidden,
    pdf_lines,
    pdf_regions,
    pdf_tables,
    refusals,
    scan,
)
from pipeline.raw.readers.pdf_continued import Grid
from pipeline.raw.readers.pdf_layout import PdfLayout
from pipeline.raw.readers.pdf_lines import Sheet
from pipeline.raw.readers.pdf_tables import LEAST_RULES, MOST_RULES

if TYPE_CHECKING:
    from pipeline.config import Settings

_PAGE = "A page with little or no text. Look whether it shows a picture of text."
_PDFIUM = f"pdfium-{pdfium.PDFIUM_INFO.build}"
_BROKEN_PAGE = "A page could not be opened. Nothing of it was read."

Progress = Callable[[int, int], None]


def read(
    data: bytes, settings: Settings, *, name: str = "", progress: Progress | None = None
) -> Document:
    """A PDF's bytes as a Document; ReadError where it is locked, damaged or without text.

    `progress` is told the number of pages that are done, and how many there are.
    """
    file = _opened(data)
    try:
        if len(file) > settings.most_pages:
            raise ReadError(refusals.TOO_MANY_PAGES)
        return _document(file, data, settings, name, progress)
    finally:
        file.close()


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # pdfium finds nothing wrong with a file without pages, and does not open it.
        known = {
            pdfium_c.FPDF_ERR_PASSWORD: refusals.PDF_LOCKED,
            pdfium_c.FPDF_ERR_SUCCESS: refusals.PDF_NO_PAGES,
        }
        why = known.get(getattr(error, "err_code", None), refusals.PDF_DAMAGED)
        raise ReadError(why) from None
    if len(file) == 0:
        file.close()
        raise ReadError(refusals.PDF_NO_PAGES)
    return file


def _document(
    file: pdfium.PdfDocument,
    data: bytes,
    settings: Settings,
    name: str,
    progress: Progress | None,
) -> Document:
    extras = pdf_extras.Extras(margins=[name])
    pages = []
    for index in range(len(file)):
        pages.append(_page(file, index, settings, extras))
        if progress is not None:
            progress(index + 1, len(file))
    sheets, grids = [sheet for sheet, _ in pages], [found for _, found in pages]
    lines = (line for sheet in sheets for line in sheet.lines)
    if not any(line.text.strip() and not line.picture for line in lines):
        wanted = ocr.is_wanted(settings)
        raise ReadError(refusals.SCAN_NO_TEXT if wanted else refusals.SCAN_NO_PROGRAM)
    pdf_extras.of_file(file, data, extras)
    drafts = PdfLayout(pdf_regions.evened(sheets), grids).drafts()
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
        shapes = pdf_extras.of_page(page, sheet, extras)
        pdf_hidden.look(page, textpage, sheet, extras)
        extras.margins += [line.text for line in sheet.lines if line.outside]
        sheet = replace(sheet, lines=tuple(li for li in sheet.lines if not li.outside))
        little = sum(len(line.text) for line in sheet.lines) < settings.page_least_characters
        if little and sheet.page not in extras.scanned:
            extras.add(UnreadKind.LITTLE_TEXT, index + 1, _PAGE)
        ruled = LEAST_RULES <= shapes.rules <= MOST_RULES and bool(sheet.lines)
        grids = pdf_tables.of_page(page, textpage, sheet) if ruled else grids
        return pdf_regions.placed(sheet, shapes.frames, shapes.pictures), grids
    finally:
        textpage.close()
        page.close()
