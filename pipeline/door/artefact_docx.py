"""A Word file taken apart: its package byte for byte, its parts, and the words of its text."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.door.artefact import STRUCTURE, UNREADABLE, Problem, Reading
from pipeline.errors import UsageError
from pipeline.safe import frame, word_frame
from pipeline.safe.lesson import SafeDocument
from pipeline.span import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_BYTES = 64 * 1024 * 1024
_W = f"{{{word_frame.W}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NUMBER = r"\d{1,5}"
# The elements of the text and, for each attribute, the only values that it may take.
_ALLOWED: dict[str, dict[str, str]] = {
    "document": {},
    "body": {},
    "p": {},
    "pPr": {},
    "pStyle": {"val": "Heading[1-6]|Normal|Note|Draft|Quote|NoteText|ListItem|Cell|CellHead"},
    "numPr": {},
    "ilvl": {"val": "0|1"},
    "numId": {"val": str(word_frame.BULLETS)},
    "ind": {"left": "1134"},
    "r": {},
    "rPr": {},
    "rStyle": {"val": "Label"},
    "t": {"space": "preserve"},
    "br": {},
    "tbl": {},
    "tblPr": {},
    "tblStyle": {"val": "ReportTable"},
    "tblW": {"w": "5000", "type": "pct"},
    "tblLook": {"firstRow": "0|1", "firstColumn": "0|1"},
    "tblGrid": {},
    "gridCol": {"w": _NUMBER},
    "tr": {},
    "trPr": {},
    "cantSplit": {},
    "tblHeader": {},
    "tc": {},
    "tcPr": {},
    "tcW": {"w": _NUMBER, "type": "dxa"},
    "sectPr": {},
    "footerReference": {"type": "default", "id": word_frame.FOOTER_ID},
    "pgSz": {"w": "11906", "h": "16838"},
    "pgMar": {
        **dict.fromkeys(("top", "right", "bottom", "left"), "1247"),
        **dict.fromkeys(("header", "footer"), "709"),
        "gutter": "0",
    },
}
_AROUND = ("Heading1", "Note", "Draft")
_TITLE = re.compile("<dc:title>Case review ([A-Za-z0-9._-]+)[^<]*</dc:title>")
# A sign that only marks an item of a list: Word puts its own.
_SIGN = re.compile(r"(?:[•·▪◦‣○●■□➢✓\uf0b7\uf0a7*o–—-])(?=\s)")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A Word file as it is judged: what a reading has, and the parts that a report makes."""

    reading: Reading
    parts: tuple[bytes, ...] = ()


def of_docx(data: bytes) -> Word:
    """A Word file taken apart; its package must be ours byte for byte.

    The parts that every report has alike are not among its parts: they are ours to the letter.
    """
    if len(data) > _MOST_BYTES:
        return _unreadable()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            if sum(info.file_size for info in infos) > _MOST_BYTES:
                return _unreadable()
            parts = {info.filename: package.read(info) for info in infos}
    except (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError, EOFError,
            RuntimeError, OverflowError, MemoryError, struct.error, zlib.error):  # fmt: skip
        return _unreadable()
    problems = list(_package(data, parts))
    if problems:
        return Word(Reading("", problems=tuple(problems)))
    told = tuple(parts[name] for name in (word_frame.DOCUMENT, word_frame.PROPERTIES))
    reading = _text(parts[word_frame.DOCUMENT])
    title = frame.title(_TITLE.findall(told[1].decode())[0])
    return Word(replace(reading, around=(*reading.around, title)), told)


def _unreadable() -> Word:
    return Word(Reading("", problems=(("file", UNREADABLE),)))


def _package(data: bytes, parts: dict[str, bytes]) -> Iterator[Problem]:
    """The package: its listed parts, those that never change to the letter, nothing between."""
    if set(parts) != set(word_frame.order()):
        yield "the parts of the package", STRUCTURE
        return
    if word_frame.packed(parts) != data:
        yield "the package as a whole", STRUCTURE
    for name, text in word_frame.constant().items():
        if parts[name] != text.encode():
            yield name, STRUCTURE
    told = parts[word_frame.PROPERTIES].decode("utf-8", errors="replace")
    found = _TITLE.search(told)
    try:
        good = found is not None and told == word_frame.properties(found[1])
    except UsageError:
        good = False
    if not good:
        yield word_frame.PROPERTIES, STRUCTURE


def _text(data: bytes) -> Reading:
    """The words of the text by paragraph, and whatever is not on the list of elements."""
    from lxml import etree

    # Comments, instructions and definitions are refused before anything is parsed.
    head = word_frame.opened("document").encode()
    if not data.startswith(head) or b"<!" in data or data.count(b"<?") != 1:
        return Reading("", problems=((word_frame.DOCUMENT, STRUCTURE),))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return Reading("", problems=((word_frame.DOCUMENT, UNREADABLE),))
    if not all(_listed(element) for element in root.iter()):
        return Reading("", problems=((word_frame.DOCUMENT, STRUCTURE),))
    told: list[str] = []
    around: list[str] = []
    for paragraph in root.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        said = "" if style is None else style.get(f"{_W}val", "")
        words = "".join(
            "\n" if element.tag == f"{_W}br" else element.text or ""
            for element in paragraph.iter(f"{_W}t", f"{_W}br")
        )
        (around if said in _AROUND else told).append(words)
    return Reading("\n".join(told), around=tuple(line for line in around if line))


def _listed(element: _Element) -> bool:
    """Whether an element, its attributes and where its words stand are on the list."""
    if not isinstance(element.tag, str) or not element.tag.startswith(_W):
        return False
    name = element.tag.removeprefix(_W)
    allowed = _ALLOWED.get(name)
    if allowed is None or (element.tail or "") or (name != "t" and (element.text or "")):
        return False
    if element.prefix != "w" or set(element.nsmap) != {"w", "r"}:
        return False
    for key, value in element.attrib.items():
        local = str(key).rpartition("}")[2]
        known = (f"{_W}{local}", f"{{{word_frame.R}}}id", _SPACE)
        if str(key) not in known or not re.fullmatch(allowed.get(local, "(?!)"), str(value)):
            return False
    return True


def same_text(text: str, document: SafeDocument) -> bool:
    """Whether the words are those of the document, but for the signs of its lists."""
    expected = []
    for block in document.blocks:
        words = block.span.of(document.text.value)
        sign = _SIGN.match(words) if block.kind is BlockKind.BULLET else None
        expected.append(words[sign.end() :] if sign else words)
    covered = "".join(block.span.of(document.text.value) for block in document.blocks)
    whole = _bare(covered) == _bare(document.text.value)
    return whole and _bare(text) == _bare("".join(expected))


def _bare(text: str) -> str:
    return "".join(_NOT_XML.sub("", text).split())
