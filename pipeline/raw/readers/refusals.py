"""Why a file is refused: the constant texts of every reader, each with its name as its code."""

from __future__ import annotations

from pipeline.errors import CandourError, ReadError, UsageError

# Before a file is opened, and by its first bytes.
NO_SUCH_FILE = "There is no such file. Nothing was taken in. Look at the path and try again."
NO_FILE = "This is a folder or a device and no file. Nothing was taken in. Name the file itself."
NOT_ALLOWED = "This file may not be opened. Nothing was taken in. Ask for permission to read it."
EMPTY = "This file is empty. Nothing was taken in. Ask for the file again."
LARGE = (
    "This file is larger than 512 MB. Nothing of it was taken in. Ask for a copy without pictures."
)
UNKNOWN = (
    "This file is no PDF, no Word document (.docx, .doc), no web page and no text. Nothing of it "
    "was taken in. Save it as one of these and try again."
)
MAIL = (
    "This file is an e-mail or a web archive (.eml, .mht). Nothing of it was taken in. Save the "
    "report that it holds as PDF, .docx or a plain web page and try again."
)
MISNAMED = (
    "This file's name says that it is a PDF or a Word document, and it is none. Nothing of it "
    "was taken in. It may be damaged or wrongly named: ask for the file again."
)

# PDF.
PDF_LOCKED = (
    "This PDF is encrypted. Nothing of it was taken in. Ask for a copy without a password, or "
    "open it and save it without one, and try again."
)
PDF_DAMAGED = (
    "This PDF is damaged and could not be opened. Nothing of it was taken in. Ask for the file "
    "again, or open it in a PDF program, save it anew and try again."
)
PDF_NO_PAGES = "This PDF has no pages. Nothing was taken in. Ask for the file again."

# Web pages, old Word files and rich text.
HTML_NO_TEXT = (
    "This web page has no text of its own (it may be made by scripts or shown in a frame). "
    "Nothing of it was taken in. Print it as PDF from a browser and try again."
)
HTML_DEEP = (
    "This web page is nested deeper than any that people write, or larger than 64 MB. Nothing "
    "of it was taken in. Print it as PDF from a browser and try again."
)
OLD_NO_WORD = (
    "This is an Office file of an old kind (a sheet, slides, a message), and no Word document. "
    "Nothing of it was taken in. Save it as PDF or .docx and try again."
)
OLD_LOCKED = (
    "This Word document is protected by a password. Nothing of it was taken in. Ask for a copy "
    "without a password."
)
OLD_DAMAGED = (
    "This old Word file (.doc) is damaged and could not be opened. Nothing of it was taken in. "
    "Open it in Word, save it as .docx and try again."
)
OLD_NO_PROGRAM = (
    "This is an old Word file (.doc), and no program that can read it is installed. Nothing of it "
    "was taken in. Open it in Word, save it as .docx and try again; or install LibreOffice or "
    "antiword on this machine."
)
RICH_NO_PROGRAM = (
    "This is rich text (.rtf), and LibreOffice, which can read it, is not installed. Nothing of "
    "it was taken in. Open it in Word, save it as .docx and try again; or install LibreOffice."
)
LIBREOFFICE_FAILED = (
    "LibreOffice could not read this file, or took longer than three minutes. Nothing of it was "
    "taken in. Open it in Word, save it as .docx and try again."
)
ANTIWORD_FAILED = (
    "antiword could not read this old Word file (.doc). Nothing of it was taken in. Open it in "
    "Word, save it as .docx and try again."
)
OLD_NO_TEXT = (
    "This old Word file (.doc) has no text. Nothing of it was taken in. If it shows pictures of "
    "pages, have their text recognised (OCR) first and try again."
)

# Scans.
SCAN_NO_PROGRAM = (
    "This PDF has no text: its pages are pictures. Nothing of it was taken in. Install Tesseract, "
    "which recognises text in pictures, or have the text recognised elsewhere, or ask for the "
    "Word file, and try again."
)
SCAN_NO_TEXT = (
    "This PDF has no text: its pages are pictures, and no text was recognised in them well "
    "enough. Nothing of it was taken in. Ask for a better scan or for the Word file."
)
USAGE_OCR_LANGUAGE = (
    "The settings name a language of text recognition that Tesseract does not have. Nothing was "
    "taken in. Install its data, or change ocr_languages."
)

# Word.
WORD_NO_TEXT = (
    "This Word document has no text. Nothing of it was taken in. If it shows pictures of pages, "
    "have their text recognised (OCR) first and try again."
)
WORD_DAMAGED = (
    "This Word document is damaged and could not be opened. Nothing of it was taken in. Open it "
    "in Word, save it anew and try again."
)
NO_WORD = (
    "This file is a package (.zip, .xlsx, .pptx or the like) and no Word document. Nothing of it "
    "was taken in. Save it as PDF or .docx and try again."
)
WORD_BOMB = (
    "This Word document unpacks to far more than a report can hold. Nothing of it was taken in. "
    "Do not open it; ask where it came from."
)
WORD_LOCKED = (
    "This package is encrypted. Nothing of it was taken in. Ask for a copy without a password."
)

# Drawing.
USAGE_NO_PAGES = (
    "Only a PDF has pages to draw: Word files, web pages and text have none of their own. Nothing "
    "was drawn of this file. Read it without --boxes, or print it as PDF and draw that."
)

# Text.
NOT_TEXT = (
    "This file is no PDF, no Word document (.docx) and no text that can be decoded. Nothing of "
    "it was taken in. Save it as PDF, .docx or UTF-8 text and try again."
)

# What bounds a reading, and what becomes of the process that reads.
CHANGED = (
    "The file changed while it was read. Nothing of it was taken in. Take it in again when "
    "nobody writes to it."
)
TOO_MANY_PAGES = (
    "This file has more pages than are read at once (most_pages in the settings). Nothing of it "
    "was taken in. If it is a report, split it or raise the limit, and try again."
)
TOO_LONG = (
    "This file holds far more text than a report (most_characters in the settings). Nothing of "
    "it was taken in. If it is a report, split it or raise the limit, and try again."
)
NO_TEXT = (
    "Nothing in this file was found to be the text of a report. Nothing of it was taken in. Look "
    "at it in its program; if it has text, save it as PDF or .docx and try again."
)
NESTED = (
    "This file is nested more deeply than any program writes it. Nothing of it was taken in. "
    "Open it in its program, save it anew and try again; ask where it came from."
)
SLOW = (
    "Reading this file took longer than is allowed (read_seconds in the settings). Nothing of it "
    "was taken in. Open it in its program, save it anew or split it, and try again."
)
MEMORY = (
    "Reading this file took more memory than is allowed (read_memory_mb in the settings). "
    "Nothing of it was taken in. Save it anew without its pictures or split it, and try again."
)
FAILED = (
    "This file made the reader fail: it is damaged, or made to do harm. Nothing of it was taken "
    "in. Open it in its program, save it anew and try again; report it if that does not help."
)
NO_PROCESS = (
    "The process that reads files could not be started. Nothing was taken in. See whether this "
    "computer has memory left and lets Candour start programs, and try again."
)


def code(text: str) -> str:
    """The name of a refusal; "FAILED" for a text that is none of these.

    >>> code(EMPTY), code("something else")
    ('EMPTY', 'FAILED')
    """
    return next((name for name, known in _known() if known == text), "FAILED")


def error(name: str) -> CandourError:
    """The error of a refusal by its name; for a name that is none of these, that reading failed.

    A name that starts with USAGE is about the settings and not about the file.

    >>> str(error("EMPTY")) == EMPTY, str(error("__doc__")) == FAILED
    (True, True)
    """
    text = next((known for one, known in _known() if one == name), FAILED)
    return UsageError(text) if name.startswith("USAGE") and text != FAILED else ReadError(text)


def _known() -> list[tuple[str, str]]:
    return [(n, t) for n, t in globals().items() if n.isupper() and isinstance(t, str)]
