"""What the process that reads and the one that asks send each other: frames, and a Document.

A frame is its kind (one byte), its length (four bytes) and its body. Nothing that crosses can
run anything: a document crosses as JSON, a page as two numbers, a refusal as its name, a drawn
page as two numbers and a PNG.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import fields, is_dataclass
from typing import BinaryIO

from pipeline.raw.document import Document

ORDER, DATA = b"O", b"F"
PAGE, PICTURE, DOCUMENT, REFUSAL = b"P", b"I", b"D", b"E"
HEAD = struct.Struct(">cI")
PAGES = struct.Struct(">II")
# Some twenty times what a report of 1,000 pages takes.
MOST_DOCUMENT = 64 * 1024 * 1024
# The fields of each noun: asked for once, since a report has thousands of places.
_NAMES: dict[type, tuple[str, ...]] = {}
_SURROGATE = re.compile("[\ud800-\udfff]")


def put(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    """Writes one frame."""
    stream.write(HEAD.pack(kind, len(body)))
    stream.write(body)
    stream.flush()


def get(stream: BinaryIO, most: dict[bytes, int]) -> tuple[bytes, bytes] | None:
    """The next frame; None at the end, and where a frame is none of these or too long.

    >>> import io
    >>> get(io.BytesIO(b"P" + bytes([0, 0, 0, 1]) + b"x"), {PAGE: 1})
    (b'P', b'x')
    >>> get(io.BytesIO(b"P" + bytes([0, 0, 0, 2]) + b"xx"), {PAGE: 1}) is None
    True
    """
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    if length > most.get(kind, -1):
        return None
    body = stream.read(length)
    return (kind, body) if len(body) == length else None


def encoded(document: Document) -> bytes:
    """A document as JSON, each noun an object of its fields.

    Lone surrogates, which no UTF-8 can hold, become U+FFFD. A place that is no number is an
    error: what is kept of it could not be read again.
    """
    said = json.dumps(document, default=_fields, ensure_ascii=False, allow_nan=False)
    try:
        return said.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", said).encode()


def _fields(value: object) -> dict[str, object]:
    kind = type(value)
    names = _NAMES.get(kind)
    if names is None:
        if not is_dataclass(kind):
            raise TypeError("only nouns made of fields can be sent")
        names = _NAMES[kind] = tuple(field.name for field in fields(kind))
    return {name: getattr(value, name) for name in names}
