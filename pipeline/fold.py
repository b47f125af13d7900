"""Folding: a text as names are compared in it, without case, accents, ligatures and odd spaces.

A folded text keeps where every one of its characters came from.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category, combining, normalize

from pipeline.span import Span

_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_QUOTES = "‘’‚‛‟ʹʻʼʽˈ′‵´｀＇`"
_HYPHENS = "‐‑‒–—―−﹘﹣－⁃\ufffe"
_LETTERS = dict(zip("æœøđðłħıþ", "ae oe o d d l h i th".split(), strict=True))
_SPECIAL = str.maketrans(dict.fromkeys(_QUOTES, "'") | dict.fromkeys(_HYPHENS, "-") | _LETTERS)
# A word split at the end of a line; letters set apart ("J A N E"): what is left out to read on.
_SPLIT = re.compile(
    rf"(?<=[^\W\d_])(?:[-\u00ad{_HYPHENS}][^\S\n]*\n\s*|[-\u00ad{_HYPHENS}] +|\ufffe)(?=[^\W_])"
)
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ \u00a0][^\W\d_]){2,}(?![^\W_])")

# Letters of other scripts that look like a Latin one, small and capital.
_ALIKE = str.maketrans(
    dict(
        zip(
            "аеорсухіјѕԁԛԝһӏАЕОРСУХІЈЅВКМНТԚԜҺӀгοιντυχκαρωγΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսցհℓ",
            "aeopcyxijsdqwhlAEOPCYXIJSBKMHTQWHlroivtuxkapwyABEZHIKMNOPTYXonughl",
            strict=True,
        )
    )
)
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f\u0531-\u0587ℓ]")
_MIXED = re.compile(
    "[A-Za-zÀ-ɏḀ-ỿ\u0300-\u036f]*[\u0370-\u03ff\u0400-\u052f\u0531-\u0587ℓ]"
    "[A-Za-zÀ-ɏḀ-ỿ\u0300-\u052f\u0531-\u0587ℓ]*"
)


def settled(text: str) -> str:
    """The text with words of two scripts in one, where all their odd letters look Latin.

    As long as before. A word of one script, and one with a letter that looks like no Latin one,
    stays: "μg" is a measure.

    >>> settled("J\u0430ne, 5 \u03bcg"), settled("\u0410\u043d\u043d\u0430")
    ('Jane, 5 \u03bcg', '\u0410\u043d\u043d\u0430')
    """
    if text.isascii() or not _OTHER_SCRIPT.search(text):
        return text
    return _MIXED.sub(lambda word: _latin(word.group()), text)


def _latin(word: str) -> str:
    new = word.translate(_ALIKE)
    mixed = _LATIN.search(word) and len(word) > 2
    return new if mixed and not _OTHER_SCRIPT.search(new) else word


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    """One character folded; nothing for marks and for characters without a width."""
    if char.isspace():
        return " "
    plain = normalize("NFKD", char.translate(_SPECIAL)).casefold().translate(_SPECIAL)
    return "".join(c for c in plain if not combining(c) and category(c) not in ("Mn", "Cf", "Cc"))


def fold(text: str) -> str:
    """A text as the matcher reads it, with single spaces.

    >>> fold("  O’BRIEN,  Zoë ﬁnch ")
    "o'brien, zoe finch"
    """
    # Most of what is folded is plain words: 25,000 times in a report of 25,000 words.
    if text.isascii() and (text.isalnum() or _PLAIN.fullmatch(text)):
        return text.lower().replace("`", "'")
    return Folded(text).text.strip()


class Folded:
    """A folded text that knows where each of its characters came from."""

    __slots__ = ("_origins", "source", "text")

    def __init__(self, source: str, gaps: Iterable[Span] = ()) -> None:
        source = settled(source)
        self.source = source
        self._origins = array("L")
        out: list[str] = []
        at = 0
        for start, end in [*((gap.start, gap.end) for gap in gaps), (len(source), 0)]:
            for plain in _PLAIN.finditer(source, at, start):
                self._odd(out, at, plain.start())
                out.append(plain.group().lower().replace("`", "'"))
                self._origins.extend(range(plain.start(), plain.end()))
                at = plain.end()
            self._odd(out, at, start)
            at = end
        self.text = "".join(out)

    def _odd(self, out: list[str], start: int, end: int) -> None:
        for at in range(start, end):
            folded = _fold_char(self.source[at])
            if folded and not (folded == " " and out and out[-1] == " "):
                out.append(folded)
                self._origins.extend([at] * len(folded))

    def origin(self, offset: int) -> int:
        """Where a character of the folded text stands in the source."""
        return self._origins[offset]

    def place(self, source: int) -> int:
        """Where a character of the source stands in the folded text."""
        return bisect_left(self._origins, source)

    def span(self, start: int, end: int) -> Span:
        """The stretch of the source that a stretch of the folded text came from."""
        last = self._origins[end - 1] + 1
        while last < len(self.source) and category(self.source[last]) == "Mn":
            last += 1
        return Span(self._origins[start], last)


def left_out(text: str) -> tuple[Span, ...]:
    """What to leave out to read split words and spaced letters as words."""
    gaps = [Span(m.start(), m.end()) for m in _SPLIT.finditer(text)]
    for run in _SPACED.finditer(text):
        gaps += [Span(at, at + 1) for at in range(run.start() + 1, run.end(), 2)]
    return tuple(sorted(gaps))
