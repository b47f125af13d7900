"""Damage that texts carry from program to program: wrongly decoded letters, left-over entities.

Only sequences that cannot be meant are mended; each stays a stretch of its own, so that offsets
lead back to what stood there.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

# The characters that the bytes 80 to BF become in a wrong decoding: Windows' and the Mac's.
_BYTES = bytes(range(0x80, 0xC0))


def _decoded(encoding: str) -> str:
    return "".join(bytes([b]).decode(encoding, "ignore") or chr(b) for b in _BYTES)


_WINDOWS, _MAC = _decoded("cp1252"), _decoded("mac-roman")
# Windows' encoding, and Latin-1 where that has control characters in Windows' places.
_TO_BYTE = {
    "cp1252": {
        **{b: b for b in range(0x80, 0xA0)},
        **{ord(bytes([b]).decode("cp1252", "ignore") or chr(b)): b for b in range(0x80, 0x100)},
    },
    "mac-roman": {ord(bytes([b]).decode("mac-roman")): b for b in range(0x80, 0x100)},
}
_W, _M = f"[\x80-\x9f{re.escape(_WINDOWS)}]", f"[{re.escape(_MAC)}]"
# Signs that may well stand after a capital letter in a right text: "Å’s", "CAFÉ…".
_MEANT = "‘’“”…–—»«›‹•"
_MOJIBAKE = (
    # Three and four bytes: quotation marks, dashes, other scripts.
    rf"(?:[âáàãï]{_W}{_W}|ð{_W}{_W}{_W}"
    # Two bytes: letters with accents, a pound sign, a hard space.
    rf"|[ÂÃ]{_W}|[ÄÅÈ](?![{_MEANT}]){_W}|(?:[ØÙÚÛÐÑ]{_W}){{2,}})+"
)
_MAC_MADE = rf"(?:‚[ÄÅâ]{_M}|[√≈ƒ][{re.escape(_MAC)}]|¬[£©®∞∑±≤≥¥µ†Ω])+"
_DAMAGE = re.compile(
    rf"(?P<windows>{_MOJIBAKE}(?:[ÄÅÈ]{_W})*)"
    rf"|(?P<mac>{_MAC_MADE})"
    # The last byte of a closing quotation mark has no sign in Windows' encoding and gets lost.
    r"|(?P<closing>â€(?:\ufffd|\x9d|(?=[\s.,;:)!?]|$)))"
    r"|(?P<hard>(?<=[0-9A-Za-z.,;:)])Â(?= \S))"
    r"|(?P<entity>&(?:\#\d{2,6}|\#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,8}[1-4]{0,2});)"
    r"|(?P<hyphen>-\u2010|\u2010-|\u2010\u2010)"
    r"|(?P<apostrophe>\u201f)"
    r"|(?P<letter>[\uff01-\uff5e\U0001d400-\U0001d7ff])"
)
_SUSPECT = re.compile(
    r"[&ÂÃÄÅÈØÙÚÛÐÑâáàãïð‚√¬≈ƒ\u2010\u201f\uff01-\uff5e\U0001d400-\U0001d7ff]|-(?=\u2010)"
)
_TIMES = 3


def mends(text: str) -> Iterator[tuple[int, int, str]]:
    """What is damaged in a text: where it starts and ends, and what is to stand there.

    >>> list(mends("the childâ€™s &pound;5"))
    [(9, 12, '’'), (14, 21, '£')]
    """
    # Most texts have nothing of this; to find that out must cost next to nothing.
    if text.isascii() and "&" not in text:
        return
    at = 0
    for suspect in _SUSPECT.finditer(text):
        found = _DAMAGE.match(text, suspect.start()) if suspect.start() >= at else None
        if found is None:
            continue
        at = found.end()
        kind = found.lastgroup or ""
        new = _mended(kind, found.group(), text[found.start() - 1 : found.start()])
        if new is not None:
            yield found.start(), found.end(), new


def _mended(kind: str, damaged: str, before: str) -> str | None:
    """What a damaged stretch says; None where it is no damage after all."""
    if kind == "windows":
        return _undone(damaged, "cp1252")
    if kind == "mac":
        return _undone(damaged, "mac-roman")
    if kind == "closing":
        return "”"
    if kind == "hard":
        return ""
    if kind == "entity":
        new = html.unescape(damaged)
        return new if new != damaged and not new.endswith(";") else None
    if kind == "hyphen":
        return "-"
    if kind == "apostrophe":
        return "’" if before and not before.isspace() and before not in "([" else "‘"
    new = unicodedata.normalize("NFKC", damaged)
    return new if len(new) == 1 else None


def _undone(damaged: str, encoding: str) -> str | None:
    """A wrong decoding undone, more than once where it was done more than once."""
    text = damaged
    for _ in range(_TIMES):
        once = _once(text, encoding)
        if once is None:
            break
        text = once
    return text if text != damaged else None


def _once(text: str, encoding: str) -> str | None:
    table = _TO_BYTE[encoding]
    if text.isascii() or any(ord(c) > 0x7F and ord(c) not in table for c in text):
        return None
    raw = b"".join(bytes([table.get(ord(c), ord(c))]) for c in text)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
