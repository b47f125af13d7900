"""Reading a file: which reader takes it is decided by what it holds, not by its name.

`read` and `read_bytes` are for the program: a process of its own parses (isolation.py). `parse`
is what that process calls.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ReadError, UsageError
from pipeline.raw.document import Document, View
from pipeline.raw.readers import html_start, refusals

if TYPE_CHECKING:
    from pipeline.config import Settings

Progress = Callable[[int, int], None]
Keep = Callable[[int, bytes], None]

MOST_BYTES = 512 * 1024 * 1024
_NAMED = {".pdf": "PDF", ".docx": "Word document"}
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
_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff")
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


def read(
    path: Path,
    settings: Settings,
    progress: Progress | None = None,
    *,
    view: View = View.ACCEPTED,
) -> Document:
    """The file as a Document; ReadError, with a constant text, where that cannot be.

    PDF, Word (.docx, .doc), web pages and plain text are told apart by their content.
    `progress` is told the pages that are done and how many there are, where the format has
    pages. `view` says which state is read of a Word document with tracked changes.
    """
    return read_bytes(bytes_of(path), path.name, settings, progress, view=view)


def read_bytes(
    data: bytes,
    name: str,
    settings: Settings,
    progress: Progress | None = None,
    *,
    view: View = View.ACCEPTED,
) -> Document:
    """A file's bytes as a Document, as `read` does; `name` is the file's, with its ending."""
    from pipeline.raw.readers import isolation

    require_some(data)
    kind(data)
    return isolation.parsed(data, name, settings, progress, view=view)


def drawn(data: bytes, name: str, settings: Settings, keep: Keep) -> Document:
    """Draws each page of a PDF with what was read of it outlined; the Document comes back.

    `keep` is given the number of each page, from 1, and its PNG. UsageError for other formats.
    """
    from pipeline.raw.readers import isolation

    require_some(data)
    if kind(data) != "pdf":
        raise UsageError(refusals.USAGE_NO_PAGES)
    return isolation.parsed(data, name, settings, keep=keep)


def parse(
    data: bytes,
    name: str,
    settings: Settings,
    progress: Progress | None,
    view: View = View.ACCEPTED,
) -> Document:
    """The bytes as a Document, parsed by this very process: only for one that may be lost."""
    document = _parsed(data, Path(name), settings, progress, view)
    if len(document.text) > settings.most_characters:
        raise ReadError(refusals.TOO_LONG)
    if not document.text:
        raise ReadError(refusals.NO_TEXT)
    return document


def _parsed(
    data: bytes, name: Path, settings: Settings, progress: Progress | None, view: View
) -> Document:
    format_ = kind(data)
    if format_ == "pdf":
        from pipeline.raw.readers import pdf

        return pdf.read(data, settings, name=name.stem, progress=progress)
    if format_ == "zip":
        from pipeline.raw.readers import docx

        return docx.read(data, name=name.stem, view=view)
    if format_ == "html":
        from pipeline.raw.readers import html

        return html.read(data, name=name.stem)
    if format_ == "old_word":
        from pipeline.raw.readers import old_word

        return old_word.read(data, name=name.stem)
    if name.suffix.lower() in _NAMED:
        raise ReadError(refusals.MISNAMED)
    # No encoding takes more than four bytes for a character.
    if len(data) > 4 * settings.most_characters:
        raise ReadError(refusals.TOO_LONG)
    # In two-byte encodings the sign of a new page may be half of a letter.
    if not data.startswith(_TWO_BYTES) and data.count(b"\x0c") >= settings.most_pages:
        raise ReadError(refusals.TOO_MANY_PAGES)
    from pipeline.raw.readers import text

    return text.read(data, name=name.stem)


def bytes_of(path: Path) -> bytes:
    """All bytes of a regular file, which nobody wrote to meanwhile."""
    # A pipe put in the file's place is not waited for: it is opened first and looked at then.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        opened = os.open(path, flags)
        try:
            before = _regular(opened)
            with os.fdopen(opened, "rb", closefd=False) as file:
                data = file.read(before.st_size + 1)
            after = os.fstat(opened)
        finally:
            os.close(opened)
    except FileNotFoundError:
        raise ReadError(refusals.NO_SUCH_FILE) from None
    except OSError:
        other = path.exists() and not path.is_file()
        raise ReadError(refusals.NO_FILE if other else refusals.NOT_ALLOWED) from None
    if (after.st_size, after.st_mtime_ns) != (len(data), before.st_mtime_ns):
        raise ReadError(refusals.CHANGED)
    require_some(data)
    return data


def _regular(opened: int) -> os.stat_result:
    status = os.fstat(opened)
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(refusals.NO_FILE)
    if status.st_size > MOST_BYTES:
        raise ReadError(refusals.LARGE)
    return status


def require_some(data: bytes) -> None:
    """ReadError where there is nothing but white space, or far too much."""
    if not data or data.isspace():
        raise ReadError(refusals.EMPTY)
    if len(data) > MOST_BYTES:
        raise ReadError(refusals.LARGE)


def kind(data: bytes) -> str:
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
        raise ReadError(refusals.MAIL)
    if data.startswith(_OTHERS) or head.startswith(_MARKUP):
        raise ReadError(refusals.UNKNOWN)
    return "text"
