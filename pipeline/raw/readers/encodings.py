"""Which encoding a text that is no UTF-8 is in: told by where its letters and signs stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

# In the order in which they are taken where nothing tells them apart: a British file that is no
# UTF-8 comes from Windows.
_ONE_BYTE = (
    "cp1252",
    "iso8859-15",
    "mac-roman",
    "cp850",
    "iso8859-14",
    "cp1250",
    "iso8859-2",
    "cp1254",
    "cp1257",
    "mac-latin2",
)
# Letters that people of Britain and their families have in their names, by encoding where only
# one has them; a letter of no list is possible and no more.
_EXPECTED = frozenset("àáâäçèéêëìíîïñòóôöùúûüÿŵŷœæåøãõßşğıłąćęńóśźżčďěňřšťůžāēģīķļņūėįųăâîșțţőű")
_RARE = {
    "cp1252": "",
    "iso8859-15": "",
    "mac-roman": "",
    "cp850": "",
    "iso8859-14": "ŵŷẁẃẅỳ",
    "cp1250": "łąćęńśźżčďěňřšťůžăţşőű",
    "iso8859-2": "łąćęńśźżčďěňřšťůžăţşőű",
    "cp1254": "şğı",
    "cp1257": "łąćęńśźżčšžāēģīķļņūėįų",
    "mac-latin2": "łąćęńśźżčďěňřšťůžőű",
}
_OPEN, _CLOSE = "‘“«‚„", "’”»"
_MONEY, _DASHES, _AFTER_NUMBER = "£€¥¢", "–—•…·¬", "°½¼¾²³%ºª"
_PLAIN = "\u00a0\u00ad§©®™†‡"
_HIGH = re.compile("[^\x00-\x7f]")
_MOST = 4_000
_SAMPLE = 200_000
# A run of bytes that is one character of UTF-8, as it must be written.
_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
)
_QUOTED = re.compile(rb"\xe2\x80[\x93\x94\x98\x99\x9c\x9d\xa2\xa6]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# UTF-7 as mail programs wrote it: a pound sign, quotation marks, a dash.
_UTF7 = re.compile(rb"\+(?:AKM|IBk|IBw|IBg|IB0|IBM|IBQ|AOk)-")


def guessed(data: bytes) -> str | None:
    r"""The text of bytes that are no plain UTF-8; None where they are no text.

    >>> guessed(b"\xa34,000 for Zo\xeb\x92s care"), guessed("Siân’s tŷ".encode("utf-16-le"))
    ('£4,000 for Zoë’s care', 'Siân’s tŷ')
    """
    if data.count(b"\x00"):
        return _wide(data)
    if len(_CONTROL.findall(data)) > 0.002 * len(data) + 1:
        return None
    good = [found.group() for found in _UTF8.finditer(data)]
    bad = sum(map(len, _HIGH_BYTES.findall(_UTF8.sub(b" ", data))))
    # By chance other encodings have pairs that look like UTF-8; its quotation marks they have not.
    if len(good) >= max(bad, 1) or any(_QUOTED.fullmatch(one) for one in good):
        return _mixed(data)
    return _one_byte(data)


def utf7(data: bytes) -> str | None:
    """The text of a file in UTF-7, None where it is none; all its bytes are ASCII's."""
    if not _UTF7.search(data):
        return None
    try:
        return data.decode("utf-7")
    except UnicodeDecodeError:
        return None


def _wide(data: bytes) -> str | None:
    """Two or four bytes a character, without a mark that says so."""
    best: tuple[float, str] | None = None
    for encoding in _WIDE:
        unit = 2 if "16" in encoding else 4
        try:
            text = data[: len(data) // unit * unit].decode(encoding)
        except UnicodeDecodeError:
            continue
        share = _readable(text[:_SAMPLE])
        if best is None or share > best[0]:
            best = (share, text)
    if best is None or best[0] <= 0.95 or not re.search(r"[ \n\ra-zA-Z]", best[1]):
        return None
    return best[1]


def _readable(text: str) -> float:
    """The share of a text that reads as words of one script or two."""
    if not text:
        return 0.0
    blocks: dict[int, int] = {}
    for c in text:
        if c.isalnum() or c.isspace() or c in "\ufeff":
            key = 0 if ord(c) < 0x250 or c.isspace() else ord(c) >> 8
            blocks[key] = blocks.get(key, 0) + 1
    plain = sum(c.isprintable() and not c.isalnum() and (ord(c) < 0x2100) for c in text)
    return (sum(sorted(blocks.values())[-2:]) + plain) / len(text)


def _mixed(data: bytes) -> str:
    """UTF-8 into which pieces in another encoding were put: each byte as it reads best."""
    other = _best(_UTF8.sub(b" ", data)[:_SAMPLE])[1]
    made: list[str] = []
    at = 0
    for found in _UTF8.finditer(data):
        made.append(data[at : found.start()].decode(other, "replace"))
        made.append(found.group().decode("utf-8"))
        at = found.end()
    made.append(data[at:].decode(other, "replace"))
    return "".join(made)


def _best(sample: bytes) -> tuple[float, str]:
    """The encoding of one byte a character in which the signs fit best, and how well."""
    scored = [(_score(sample, encoding), -i) for i, encoding in enumerate(_ONE_BYTE)]
    best, index = max(scored)
    return best, _ONE_BYTE[-index]


def _one_byte(data: bytes) -> str | None:
    sample = data[:_SAMPLE] if _HIGH_BYTES.search(data[:_SAMPLE]) else data
    runs = _HIGH_BYTES.findall(sample)
    high = sum(map(len, runs))
    letters = sum(c > 0x40 for c in sample)
    # Whole words of high bytes: another alphabet.
    if high < 0.25 * letters and high < 2.5 * len(runs):
        score, encoding = _best(sample)
        if score > 0:
            return data.decode(encoding, "replace")
    from charset_normalizer import from_bytes

    found = from_bytes(data).best()
    if found is None or "\x00" in str(found):
        return None
    try:
        return data.decode(found.encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _score(data: bytes, encoding: str) -> float:
    """How well the signs beyond ASCII fit their places, on average."""
    text = data.decode(encoding, "replace")
    places = list(islice((found.start() for found in _HIGH.finditer(text)), _MOST))
    if not places:
        return 0.0
    rare = frozenset(_RARE[encoding])
    return sum(_fit(text, at, rare) for at in places) / len(places)


def _fit(text: str, at: int, rare: Iterable[str]) -> float:
    """How well one sign fits between its neighbours."""
    sign = text[at]
    before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    if sign == "\ufffd" or "\x80" <= sign <= "\x9f":
        return -6.0
    if sign.isalpha() and sign not in "ªº":
        return _fit_letter(sign, before, after, rare)
    if sign in _OPEN:
        return 3.0 if not before.isalnum() and (after.isalnum() or after in "'\"(£…") else -3.0
    if sign in _CLOSE:
        return 3.0 if (before.isalnum() or before in ".,?!)…'\"%") else -2.0
    if sign in _MONEY:
        return 3.0 if after.isdecimal() or (before.isspace() and after.isspace()) else -3.0
    if sign in _DASHES:
        return -2.0 if before.isalpha() and after.isalpha() and sign not in "–—…" else 2.0
    if sign in _AFTER_NUMBER:
        return 1.5 if before.isdecimal() or before == " " or after == "C" else -3.0
    if sign in _PLAIN:
        if sign == "\u00a0":
            return 2.1
        return -1.0 if before.isalpha() and after.isalpha() and sign != "\u00ad" else 1.0
    return -3.0


def _fit_letter(sign: str, before: str, after: str, rare: Iterable[str]) -> float:
    inside = before.isalpha() or after.isalpha()
    if not inside:
        # A letter alone: "à", or a sign of another encoding.
        return 0.2 if sign in "àáèéìòùâêôîéyåøüı" else -2.0
    low = sign.lower()
    likely = 2.0 if low in _EXPECTED else 0.0
    if low in rare:
        likely = 1.8
    if sign.isupper() and before.islower():
        return -4.0
    if sign.isupper() and not before.isalpha() and after.islower():
        return min(likely, 1.5)
    if sign.isupper() and (before.isupper() or after.isupper()):
        return min(likely, 1.5)
    if sign.islower() and before.isupper() and after.isupper():
        return -3.0
    return likely
