"""What the tagger sees of a text: words, the shape of each, and the space before it.

The encoder's vocabulary is uncased; shape and space give back what it cannot see. The
numbers of shapes, spaces and labels are part of the model: to change them is to train anew.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

TYPES = ("PERSON", "LOC", "ORG", "DATETIME", "CODE", "DEM", "QUANTITY", "MISC")
LABELS = ("O", *(f"{part}-{kind}" for kind in TYPES for part in ("B", "I")))

# A run of letters, marks, digits and invisible joiners is one word; any other sign is its own.
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\p{Cf}]+|[^\s\p{L}\p{M}\p{N}\p{Cf}]")

_SIGNS = {
    sign: index
    for index, signs in enumerate(
        (
            ".",
            ",",
            ":",
            ";",
            "'’‘ʼ`´",
            '"“”„«»',
            "([{",
            ")]}",
            "-‐‑",
            "–—―",
            "/\\|",
            "@",
            "#",
            "&",
            "%",
            "£$€",
            "_",
            "*•·●▪◦\uf0b7",
            "?!",
        )
    )
    for sign in signs
}
_SIGN_CLASSES = 19
_OTHER_SIGN = _SIGN_CLASSES
_LETTER_SHAPES = _OTHER_SIGN + 1
SHAPES = _LETTER_SHAPES + 20
SPACES = 8
CONTINUED = 7
"""The space class of a word piece that goes on inside its word."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: where it stands, its shape (0 to SHAPES-1), the space before it."""

    start: int
    end: int
    shape: int
    space: int


def _letters(word: str) -> int:
    """The shape of a word of letters only, counted from the first of the letter shapes."""
    if not any(c.lower() != c.upper() for c in word):
        return 17  # a script without capitals
    if word.islower():
        return 0 if len(word) == 1 else 1
    if word.isupper():
        return 2 + min(len(word) - 1, 3) if len(word) < 5 else 6
    if word[0].isupper() and word[1:].islower():
        return 7 if len(word) < 4 else 8
    return 9 if word[0].isupper() else 10


def _mixed(word: str) -> int:
    """The shape of a word that holds a digit, counted from the first of the letter shapes."""
    digits = sum(c.isdigit() for c in word)
    if digits == len(word):
        return (11, 12, 13, 14)[min(len(word), 4) - 1] if len(word) <= 4 else 15
    if word[0].isdigit() and word[digits:].islower():
        return 16  # 2nd, 10am
    return 18 if word.isupper() else 19


def shape(word: str) -> int:
    """The class of a word's capitals, digits or sign.

    >>> shape("Ann") == shape("Bob"), shape("Ann") == shape("ANN"), shape("2019") == shape("1987")
    (True, False, True)
    """
    if len(word) == 1 and not word.isalnum():
        return _SIGNS.get(word, _OTHER_SIGN)
    bare = "".join(c for c in word if unicodedata.category(c)[0] in "LN")
    if not bare:
        return _OTHER_SIGN
    inner = _mixed(bare) if any(c.isdigit() for c in bare) else _letters(bare)
    return _LETTER_SHAPES + inner


def space(gap: str, *, first: bool) -> int:
    """The class of the white space before a word: none, one, many, line, paragraph, tab, start."""
    if first:
        return 6
    if not gap:
        return 0
    lines = gap.count("\n")
    if lines:
        return 3 if lines == 1 else 4
    if "\t" in gap:
        return 5
    return 1 if len(gap) == 1 else 2


def words(text: str) -> tuple[Word, ...]:
    """The words of a text, in order; white space belongs to none.

    >>> [(w.start, w.end) for w in words("Ms O’Shea, 41")]
    [(0, 2), (3, 4), (4, 5), (5, 9), (9, 10), (11, 13)]
    """
    found: list[Word] = []
    shapes: dict[str, int] = {}
    at = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        seen = shapes.get(word)
        if seen is None:
            seen = shapes[word] = shape(word)
        found.append(Word(start, end, seen, space(text[at:start], first=not found)))
        at = end
    return tuple(found)
