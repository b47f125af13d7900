"""Plain text: decoded without newline translation, its lines put together again."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator, Sequence

from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import (
    assemble,
    encodings,
    refusals,
    text_columns,
    text_grids,
    text_habits,
    text_layout,
    text_lines,
    text_rows,
)
from pipeline.raw.readers.assemble import Draft, Seen

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUESSED = (
    "The text's encoding had to be guessed. Look whether accents and quotation marks are right."
)
_LOST = (
    "Letters of the text were lost before it came here (signs like \ufffd stand for them). Names "
    "with such a letter may not be recognised: ask for the text in UTF-8."
)


def read(data: bytes, *, name: str = "") -> Document:
    """A text file's bytes as a Document; ReadError where they are no text."""
    text, sure = decode(data)
    seen = list(doubts(text, sure=sure))
    return _document(text, hashlib.sha256(data).hexdigest(), name, seen)


def doubts(text: str, *, sure: bool) -> Iterator[Seen]:
    """What a person has to look at in a text's encoding."""
    if not sure:
        yield UnreadKind.ENCODING, None, GUESSED
    if "\ufffd" in text:
        yield UnreadKind.ENCODING, None, _LOST


def from_string(text: str, *, name: str = "", sha256: str | None = None) -> Document:
    """A bare text as a Document; offsets lead back to it through `origins`."""
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _document(text, digest, name, ())


def decode(data: bytes) -> tuple[str, bool]:
    r"""The text of a file, its byte-order mark taken off, and whether the encoding is sure.

    >>> decode(b"\xef\xbb\xbfa\r\nb")
    ('a\r\nb', True)
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), True
            except UnicodeDecodeError:
                raise ReadError(refusals.NOT_TEXT) from None
    if not data.count(b"\x00"):
        try:
            plain = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            old = encodings.utf7(data)
            return (plain, True) if old is None else (old, False)
    text = encodings.guessed(data)
    if text is None:
        raise ReadError(refusals.NOT_TEXT)
    return text, False


def laid_out(text: str) -> tuple[tuple[Draft, ...], int]:
    """The blocks that the lines of a text make, and how many pages they fill."""
    lines = text_lines.split(text)
    width = text_lines.measure(lines)
    text = text_rows.as_rows(text, lines, text_lines.furniture_of(lines, width), width)
    lines = text_lines.split(text)
    gone = text_lines.furniture_of(lines, width) - text_columns.cells(lines)
    lines = text_lines.printed_pages(lines, gone)
    how = text_habits.habits([line for i, line in enumerate(lines) if i not in gone], width)
    grids = list(text_grids.drawn(text, lines, gone))
    held = gone.union(*(range(grid.start, grid.end) for grid in grids))
    grids += text_columns.columns(lines, held, spaced=how.spaced)
    drafts = text_layout.Layout(lines, gone, how, grids).drafts()
    return drafts, max((line.page for line in lines), default=1)


def _document(text: str, sha256: str, name: str, seen: Sequence[Seen]) -> Document:
    drafts, pages = laid_out(text)
    return assemble.document(
        drafts,
        sha256=sha256,
        media="text/plain",
        pages=pages,
        seen=seen,
        margins=(name,),
        source_text=text,
    )
