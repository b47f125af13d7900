"""Reading a file: which reader takes it is decided by what it holds, not by its name."""

from __future__ import annotations

import stat
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import Document
from pipeline.raw.readers import html_start, text

_MOST_BYTES = 512 * 1024 * 1024
_GONE = "There is no such file. Nothing was taken in. Look at the path and try again."
_NO_FILE = "This is a folder or a device and no file. Nothing was taken in. Name the file itself."
_SHUT = "This file may not be opened. Nothing was taken in. Ask for permission to read it."
_EMPTY = "This file is empty. Nothing was taken in. Ask for the file again."
_LARGE = (
    "This file is larger than 512 MB. Nothing of it was taken in. Ask for a copy without pictures."
)
_UNKNOWN = (
    "This file is no PDF, no Word document (.docx, .doc), no web page and no text. Nothing of it "
    "was taken in. Save it as one of these and try again."
)
_MAIL = (
    "This file is an e-mail or a web archive (.eml, .mht). Nothing of it was taken in. Save the "
    "report that it holds as PDF, .docx or a plain web page and try again."
)
_NAMED = {".pdf": "PDF", ".docx": "Word document"}
_MISNAMED = (
    "This file's name says that it is a PDF or a Word document, and it is none. Nothing of it "
    "was taken in. It may be damaged or wrongly named: ask for the file again."
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"%!PS",
)
_RTF = b"{\\rtf"
_MARKUP = (b"<!doctype", b"<?xml")
_MAILED = (
    b"mime-version:",
    b"from:",
    b"received:",
    b"return-path:",
    b"delivered-to:",
    b"message-id:",
    b"x-",
)


def read(path: Path, settings: Settings) -> Document:
    """The file as a Document; ReadError, with a constant text, where that cannot be.

    PDF, Word (.docx, .doc), web pages and plain text are told apart by their content.
    """
    data = _bytes(path)
    name = path.stem
    kind = _kind(data)
    if kind == "pdf":
        from pipeline.raw.readers import pdf

        return pdf.read(data, settings, name=name)
    if kind == "zip":
        from pipeline.raw.readers import docx

        return docx.read(data, name=name)
    if kind == "html":
        from pipeline.raw.readers import html

        return html.read(data, name=name)
    if kind == "old_word":
        from pipeline.raw.readers import old_word

        return old_word.read(data, name=name)
    if path.suffix.lower() in _NAMED:
        raise ReadError(_MISNAMED)
    return text.read(data, name=name)


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(_NO_FILE)
        if status.st_size > _MOST_BYTES:
            raise ReadError(_LARGE)
        data = path.read_bytes()
    except FileNotFoundError:
        raise ReadError(_GONE) from None
    except OSError:
        raise ReadError(_SHUT) from None
    if not data.strip():
        raise ReadError(_EMPTY)
    return data


def _kind(data: bytes) -> str:
    """The format by the first bytes, text where nothing says more; ReadError for known others."""
    # Some programs write a few bytes before the header; readers look in the first 1,024.
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith((_OLE, _RTF)):
        return "old_word"
    if html_start.starts(data):
        return "html"
    head = data[:200].lstrip().lower()
    if head.startswith(_MAILED) and b"mime-version:" in data[:8192].lower():
        raise ReadError(_MAIL)
    if data.startswith(_OTHERS) or head.startswith(_MARKUP):
        raise ReadError(_UNKNOWN)
    return "text"
