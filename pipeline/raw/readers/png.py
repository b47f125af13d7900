"""Whether bytes are a plain PNG: what a process that read a hostile file may have drawn."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">IIBBBBB")
# Eight bits of red, green and blue; nothing interlaced.
_PLAIN = (8, 2, 0, 0, 0)
MOST_DOTS = 3000
MOST_BYTES = 3 * MOST_DOTS * MOST_DOTS + MOST_DOTS


def is_plain(data: bytes) -> bool:
    """Whether this is a picture of red, green and blue dots and nothing besides.

    It holds a head, its dots and an end, all whole, and unpacks to what its head says: no
    program that shows it gets anything to interpret.

    >>> is_plain(b"<svg onload=...>")
    False
    """
    if not data.startswith(_SIGNATURE) or len(data) > MOST_BYTES:
        return False
    parts = list(_parts(data))
    kinds = [kind for kind, _ in parts]
    inner = len(kinds) - 2
    if inner < 1 or kinds != [b"IHDR", *[b"IDAT"] * inner, b"IEND"]:
        return False
    if len(parts[0][1]) != _HEAD.size or parts[-1][1]:
        return False
    wide, high, *rest = _HEAD.unpack(parts[0][1])
    if tuple(rest) != _PLAIN or not (0 < wide <= MOST_DOTS and 0 < high <= MOST_DOTS):
        return False
    return _unpacks(b"".join(body for _, body in parts[1:-1]), (3 * wide + 1) * high)


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The pieces of a PNG: kind and body; a last one of no kind where something does not fit."""
    at = len(_SIGNATURE)
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        check = data[at + 8 + length : at + 12 + length]
        if len(check) < 4 or int.from_bytes(check, "big") != zlib.crc32(kind + body):
            yield b"", b""
            return
        yield kind, body
        at += 12 + length


def _unpacks(packed: bytes, size: int) -> bool:
    """Whether packed dots are exactly so many bytes, with nothing behind them."""
    unpacking = zlib.decompressobj()
    try:
        made = len(unpacking.decompress(packed, size + 1))
    except zlib.error:
        return False
    return made == size and unpacking.eof and not unpacking.unused_data
