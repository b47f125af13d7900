"""What a PDF's objects say of hiding places, wherever in the file they hang.

pdfium and pdfminer show what hangs where it should. The names of keys are looked for in all of
the file beside its streams, and in the streams that hold objects, so that a script on a page, a
file behind a note or words of a part that no page uses are listed too.
"""

from __future__ import annotations

import logging
import re
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.raw.document import UnreadKind

if TYPE_CHECKING:
    from pdfminer.pdfdocument import PDFDocument

# pdfminer writes pieces of damaged files into its log; nothing of a document may be logged.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

# What pdfminer is known to raise on files that pdfium reads: they are not swept then.
FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    struct.error,
    zlib.error,
    OverflowError,
)

_STREAM = re.compile(rb">>\s*stream\r?\n")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_WITH_HEX = re.compile(rb"/[^\s/<>\[\]()]*#[0-9A-Fa-f]{2}")
_OBJECT = re.compile(rb"(?:^|[\r\n ])(\d{1,9}) \d{1,5} obj\b")
_PACKET = re.compile(rb"<\?xpacket begin(.{1,200000}?)<\?xpacket end", re.DOTALL)
_MOST_PACKETS = 200
# A value that is there: a string that is not empty, or a reference to one.
_SAID = rb"\s*(?:\((?!\))|<(?![<>])|\d)"

# Kind of unread, what says so. A kind is listed only where nothing of it was listed so far,
# except those that stand for themselves.
SCRIPT, FORM, FILE, PRIVATE, SPOKEN, THUMBNAIL = (
    re.compile(rb"/(?:JS|JavaScript)\b"),
    re.compile(rb"/XFA\b"),
    re.compile(rb"/(?:EmbeddedFiles?|EF|RichMedia)\b"),
    re.compile(rb"/PieceInfo\b"),
    re.compile(rb"/(?:Alt|ActualText)" + _SAID),
    re.compile(rb"/Thumb\b"),
)
KINDS = {
    SCRIPT: UnreadKind.OTHER_PART,
    FORM: UnreadKind.FORM_FIELD,
    FILE: UnreadKind.ATTACHMENT,
    PRIVATE: UnreadKind.OTHER_PART,
    SPOKEN: UnreadKind.HIDDEN_TEXT,
    THUMBNAIL: UnreadKind.PICTURE,
}


def outside_streams(data: bytes) -> bytes:
    r"""The bytes of a file that lie in no stream, the signs of names as they are meant.

    >>> outside_streams(b"<< /Length 3 >>\nstream\n/JS\nendstream /J#53")
    b'<< /Length 3  /JS'
    """
    parts, at = [], 0
    while (start := _STREAM.search(data, at)) is not None:
        end = data.find(b"endstream", start.end())
        if end < 0:
            break
        parts.append(data[at : start.start()])
        at = end + len(b"endstream")
    return plain(b"".join((*parts, data[at:])))


def plain(data: bytes) -> bytes:
    """The bytes with the signs in names that are written as numbers put in."""
    if _NAME_WITH_HEX.search(data) is None:
        return data
    return _HEX.sub(lambda found: bytes([int(found.group(1), 16)]), data)


def of_object_streams(document: PDFDocument) -> Iterator[bytes]:
    """What the streams that hold objects hold, unpacked and, where it is locked, unlocked."""
    from pdfminer.pdftypes import PDFStream

    seen = set()
    for xref in document.xrefs:
        for number in xref.get_objids():
            holder = xref.get_pos(number)[0]
            if holder is not None and holder not in seen:
                seen.add(holder)
                stream = document.getobj(holder)
                if isinstance(stream, PDFStream):
                    yield plain(stream.get_data())


def hides_layers(catalogue: dict[str, object]) -> bool:
    """Whether any way of showing the file leaves out a layer: as it opens, on paper, or chosen."""
    from pdfminer.pdftypes import dict_value, list_value, resolve1

    layers = dict_value(catalogue.get("OCProperties", {}))
    ways = [
        dict_value(layers.get("D", {})),
        *map(dict_value, list_value(layers.get("Configs", []))),
    ]
    off = any(
        list_value(way.get("OFF", [])) or str(resolve1(way.get("BaseState"))) == "/'OFF'"
        for way in ways
    )
    usages = [
        dict_value(dict_value(layer).get("Usage", {}))
        for layer in list_value(layers.get("OCGs", []))
    ]
    states = (
        str(resolve1(dict_value(usage.get(event, {})).get(f"{event}State")))
        for usage in usages
        for event in ("View", "Print", "Export")
    )
    return off or "/'OFF'" in states


def told(part: bytes) -> Iterator[re.Pattern[bytes]]:
    """The hiding places that a part of a file speaks of.

    >>> [KINDS[one].value for one in told(b"<< /S /JavaScript /Alt () >>")]
    ['other_part']
    """
    return (one for one in KINDS if one.search(part) is not None)


def written_twice(bare: bytes) -> bool:
    """Whether an object of one number stands twice in a file: one of them is an earlier version."""
    numbers = _OBJECT.findall(bare)
    return len(numbers) != len(set(numbers))


def packets(data: bytes) -> Iterator[str]:
    """The packets of properties in XML that lie open in a file, of its parts and pictures too."""
    for count, found in enumerate(_PACKET.finditer(data)):
        if count >= _MOST_PACKETS:
            return
        yield found.group(1).decode("utf-8", "replace")
