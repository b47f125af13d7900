"""Reading a file: which reader takes it is decided by what it holds, not by its name."""

from __future__ import annotations

import stat
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import Document, View
from pipeline.raw.readers import text

_MOST_BYTES = 512 * 1024 * 1024
_GONE = "There is no such file. Nothing was taken in. Look at the path and try again."
_NO_FILE = "This is a folder or a device and no file. Nothing was taken in. Name the file itself."
_SHUT = "This file may not be opened. Nothing was taken in. Ask for permission to read it."
_EMPTY = "This file is empty. Nothing was taken in. Ask for the file again."
_LARGE = (
    "This file is larger than 512 MB. Nothing of it was taken in. Ask for a copy without pictures."
)
_OLD_WORD = (
    "This is an old Word file (.doc), or a protected one. Nothing of it was taken in. Open it in "
    "Word, save it as .docx without a password and try again."
)
_UNKNOWN = (
    "This file is no PDF, no Word document (.docx) and no text. Nothing of it was taken in. Save "
    "it as one of these and try again."
)
_NAMED = {".pdf": "PDF", ".docx": "Word document"}
_MISNAMED = (
    "This file's name says that it is a PDF or a Word document, and it is none. Nothing of it "
    "was taken in. It may be damaged or wrongly named: ask for the file again."
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    b"{\\rtf",
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
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"mime-version:")


def read(path: Path, settings: Settings, *, view: View = View.ACCEPTED) -> Document:
    """The file as a Document; ReadError, with a constant text, where that cannot be.

    PDF, Word (.docx) and plain text are told apart by their content. `view` says which state
    is read of a Word document with tracked changes.
    """
    data = _bytes(path)
    name = path.stem
    kind = _kind(data)
    if kind == "pdf":
        from pipeline.raw.readers import pdf

        return pdf.read(data, settings, name=name)
    if kind == "zip":
        from pipeline.raw.readers import docx

        return docx.read(data, name=name, view=view)
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
    """The format by the first bytes: pdf, zip or text; ReadError for others that are known."""
    # Some programs write a few bytes before the header; readers look in the first 1,024.
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(_OLE):
        raise ReadError(_OLD_WORD)
    if data.startswith(_OTHERS) or data[:200].lstrip().lower().startswith(_MARKUP):
        raise ReadError(_UNKNOWN)
    return "text"
