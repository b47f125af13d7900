"""Looking for what was hidden: whole words in any text, and encoded or turned-round writings."""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from pipeline.match import Names, fold
from pipeline.near import Near
from pipeline.span import Span

LEAST_LETTERS = 5

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]{1,6}\})")
_QUOTED = re.compile(r"=(?:[0-9A-F]{2}|\r?\n)")
_HEX = re.compile(
    r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{10,}(?![0-9A-Fa-f])|(?:[0-9A-Fa-f]{2}[ :,-]){5,}[0-9A-Fa-f]{2}"
)
_DIGEST = re.compile(
    r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Fa-f])"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{7,}={0,2}")
_AROUND = 60


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


class Sweep:
    """The hidden forms of one document, ready to be looked for."""

    def __init__(self, hidden: Iterable[str], shown: Iterable[str] = ()) -> None:
        forms = tuple(dict.fromkeys(hidden))
        self._names = Names([("hidden", form) for form in forms])
        self._shown = tuple(shown)
        long = [form for form in forms if len(_squeezed(form)) >= LEAST_LETTERS]
        self._long = frozenset(_squeezed(form) for form in long)
        self._wide = tuple(
            form.encode(coding) for form in long for coding in ("utf-16-le", "utf-16-be")
        )
        lettered = [form for form in long if not any(c.isdigit() for c in form)]
        turned = [form[::-1] for form in lettered if fold(form) != fold(form[::-1])]
        self._turned = Names([("hidden", form) for form in turned])
        self._straight = Names([("hidden", form) for form in long])
        self._forms = forms

    def words(self, text: str) -> tuple[Span, ...]:
        """Where a hidden form stands in the text as whole words."""
        return tuple(match.span for match in self._names.find(text))

    def raw(self, data: bytes) -> bool:
        """Whether a hidden form of five letters or more stands in binary data as it is.

        Shorter ones stand by chance in the outlines of any font.
        """
        text = data.decode("utf-8", errors="replace")
        return any(form in data for form in self._wide) or bool(self._straight.find(text))

    def misread(self, text: str, where: Sequence[Span]) -> tuple[Span, ...]:
        """Where a word like a hidden form stands in stretches recognised from a picture."""
        names = Near(self._names.entries, self._shown) if where else None
        return tuple(match.span for match in names.find(text, where)) if names else ()

    def encoded(self, data: bytes, *, plain: str = "") -> tuple[str, ...]:
        """The encodings in which a hidden form of five letters or more stands in the bytes.

        Percent and quoted-printable, HTML entities, JSON and C escapes, hex, base64, UTF-16,
        turned round (names only; a word that stands in `plain` may be read either way), digests
        of any hidden form; the first three also inside one another.
        """
        found = []
        if any(form in data for form in self._wide):
            found.append("utf-16")
        text = data.replace(b"\0", b"").decode("utf-8", errors="replace")
        found += [name for name, opened in _opened(text) if self._among(opened)]
        found += [name for name, opened in _unpacked(text) if self._inside(opened)]
        if b"\0" in data and self._straight.find(text):
            found.append("utf-16")
        if self._is_turned(text, plain):
            found.append("reversed")
        if self._is_hashed(text):
            found.append("hash without salt")
        return tuple(dict.fromkeys(found))

    def _among(self, pieces: Iterable[tuple[str, str]]) -> bool:
        """Whether opening an escape brought a hidden form to light that was not there before."""
        for before, after in pieces:
            if len(self._straight.find(after)) > len(self._straight.find(before)):
                return True
        return False

    def _inside(self, pieces: Iterable[str]) -> bool:
        if not self._long:
            return False
        everything = "\n".join(_squeezed(piece) for piece in pieces)
        return any(form in everything for form in self._long)

    def _is_hashed(self, text: str) -> bool:
        """Whether a digest is that of a hidden form: whoever guesses the name can test it."""
        seen = {found.group().lower() for found in _DIGEST.finditer(text)}
        if not seen:
            return False
        writings = {w for form in self._forms for w in (form, form.lower(), form.upper())}
        return any(
            hashlib.new(kind, writing.encode(), usedforsecurity=False).hexdigest() in seen
            for writing in writings
            for kind in ("sha256", "sha1", "md5")
        )

    def _is_turned(self, text: str, plain: str) -> bool:
        found = self._turned.find(text)
        if not found:
            return False
        known = {fold(match.span.of(plain)) for match in self._turned.find(plain)}
        return any(fold(match.span.of(text)) not in known for match in found)


def _json_escapes(text: str) -> str:
    return _ESCAPE.sub(lambda m: _char(re.sub(r"[\\ux{}]", "", m.group())), text)


def _char(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _quoted_printable(text: str) -> str:
    return binascii.a2b_qp(text.encode()).decode("utf-8", errors="replace")


_OPENERS = (
    ("percent encoding", _PERCENT, unquote),
    ("html entity", _ENTITY, html.unescape),
    ("escape", _ESCAPE, _json_escapes),
    ("quoted printable", _QUOTED, _quoted_printable),
)


def _everything_opened(text: str) -> str:
    """The text with all escapes opened, also those inside others, three deep."""
    for _ in range(3):
        before = text
        for _, pattern, opened in _OPENERS[:3]:
            if pattern.search(text):
                text = opened(text)
        if text == before:
            break
    return text


def _opened(text: str) -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    for name, pattern, opener in _OPENERS:
        pieces = _around(text, pattern)
        yield name, ((piece, opener(piece)) for piece in pieces)
        yield name, ((piece, _everything_opened(piece)) for piece in pieces)


def _around(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The stretches of text around every escape; neighbouring escapes share one."""
    pieces: list[str] = []
    start = end = -1
    for match in pattern.finditer(text):
        if match.start() > end + _AROUND:
            if end >= 0:
                pieces.append(text[max(0, start - _AROUND) : end + _AROUND])
            start = match.start()
        end = match.end()
    if end >= 0:
        pieces.append(text[max(0, start - _AROUND) : end + _AROUND])
    return pieces


def _unpacked(text: str) -> Iterator[tuple[str, Iterator[str]]]:
    yield "hex", _from_hex(text)
    yield "base64", _from_base64(text)


def _readings(data: bytes) -> Iterator[str]:
    yield data.decode("latin-1")
    yield data.decode("utf-8", errors="replace")
    yield data.decode("utf-16-le", errors="replace")
    yield data.decode("utf-16-be", errors="replace")


def _from_hex(text: str) -> Iterator[str]:
    for match in _HEX.finditer(text):
        digits = re.sub(r"[^0-9A-Fa-f]", "", match.group())
        for start in (0, 1):
            even = digits[start : start + (len(digits) - start) // 2 * 2]
            yield from _readings(bytes.fromhex(even))


def _looks_like_words(run: str) -> bool:
    """Whether a run is written as words are: base64 of five letters hardly ever is."""
    return run.islower() or run.isupper() or run.isdigit() or run.istitle()


def _from_base64(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(text):
        if _looks_like_words(match.group()):
            continue
        run = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        for start in range(4):
            cut = run[start:]
            cut = cut[: len(cut) - 1] if len(cut) % 4 == 1 else cut
            yield from _readings(base64.b64decode(cut + "=" * (-len(cut) % 4)))
