"""Letters that look right and are not: read as what people see.

Signs without a width inside words, letters of another script, accents and letters set apart,
digits for letters: a name written so is read by people and by no recogniser.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

import regex

from pipeline.fold import settled
from pipeline.raw.recognisers import lists

TURNED = (
    "The text has signs that turn the direction of writing, so that words may stand in it "
    "backwards. Names in them may not have been found: compare the text with the file."
)
ALIKE = (
    "Letters of another script stand in words here, where they look like Latin ones. They were "
    "read as Latin ones: look whether the names there are right."
)
_OVERRIDES = regex.compile("[\u202d\u202e]")
_UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\p{Cf}\p{Default_Ignorable_Code_Point}]+")
_UNIT = regex.compile(r"[^\p{M}\p{Cf}][\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]*|.")
_MADE_OF_TWO = regex.compile(r"[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]|(?=[^\p{Latin}])\p{L}")
_LATIN = regex.compile(r"\p{Latin}|\d")
# "J a n e", "Z.o.r.a.h.", "J-a-n-e", "J A N E": letters with one and the same sign between them.
_APART = regex.compile(
    r"(?<![\p{L}\p{N}])(?:"
    r"\p{L}(?P<by>[ \u00a0])\p{L}(?:(?P=by)\p{L})+"
    r"|\p{Lu}(?P<sign>[.*_·-])\p{Ll}(?:(?P=sign)\p{Ll})+"
    r")(?![\p{L}\p{N}])"
)
_RUN = regex.compile(r"\p{Lu}(?:.\p{Ll}){2,}|\p{Lu}(?:.\p{Lu}){3,}|\p{Ll}(?:.\p{Ll}){3,}")
_DIGIT = regex.compile(
    r"(?<![\p{L}\p{N}@/_-]|(?<!\s)\.)(?=\p{L}{1,24}[01])(?:\p{Lu}?\p{Ll}*(?:(?<=\p{L})[01]{1,2}(?=\p{Ll})))+"
    r"\p{Ll}+(?![\p{L}\p{N}@/_]|\.\p{L})"
)
_STARRED = regex.compile(r"(?<=\p{Ll})\*\*(?=\p{Ll})")
# A word with a digit that is none of English: shorter ones are codes ("sw1a").
_LEAST_LETTERS = 4
_VOWELS = frozenset("aeiouwy")
_SUSPECT = regex.compile(
    r"\p{L}[ \u00a0]\p{L}[ \u00a0]\p{L}|\p{L}([.*_·-])\p{L}\1\p{L}|\p{L}[01]\p{L}|\p{L}[01]{2}\p{L}"
)

Mend = tuple[int, int, str]


def mends(text: str) -> Iterator[Mend]:
    r"""What is disguised in a text: where it starts and ends, and what people read there.

    >>> list(mends("Qu1llon saw J a n e."))
    [(0, 7, 'Quillon'), (12, 19, 'Jane')]
    >>> list(mends("Zo\u200brah"))
    [(2, 3, '')]
    """
    found = [*_plain(text), *([] if text.isascii() else _odd(text))]
    at = 0
    for start, end, new in sorted(found):
        if start >= at:
            yield start, end, new
            at = end


def turns(text: str) -> bool:
    """Whether a text has signs by which words are shown backwards."""
    return not text.isascii() and _OVERRIDES.search(text) is not None


def mixes(text: str) -> bool:
    """Whether a word has letters of another script that look like Latin ones."""
    return not text.isascii() and settled(unicodedata.normalize("NFC", text)) != (
        unicodedata.normalize("NFC", text)
    )


def _odd(text: str) -> Iterator[Mend]:
    """Words with signs that nobody sees, accents set apart, or letters of two scripts."""
    for word in _WORD.finditer(text):
        said = word.group()
        if said.isascii() or (said.isalpha() and not _MADE_OF_TWO.search(said)):
            continue
        if _LATIN.search(said):
            yield from _letters(said, word.start())
        elif "\ufe0f" not in said:
            for gone in _UNSEEN.finditer(said):
                # Two of these signs say how letters of other scripts join, and pictures too.
                if gone.group() not in "\u200c\u200d":
                    yield word.start() + gone.start(), word.start() + gone.end(), ""


def _letters(word: str, at: int) -> Iterator[Mend]:
    """What people see of each letter of a word, with its marks."""
    units = list(_UNIT.finditer(word))
    seen = [unicodedata.normalize("NFC", _UNSEEN.sub("", unit.group())) for unit in units]
    latin = settled("".join(seen))
    start = 0
    for unit, plain in zip(units, seen, strict=True):
        new, old = latin[start : start + len(plain)], unit.group()
        start += len(plain)
        if new == _UNSEEN.sub("", old):
            for gone in _UNSEEN.finditer(word, *unit.span()):
                yield at + gone.start(), at + gone.end(), ""
        elif new != old:
            yield at + unit.start(), at + unit.end(), new


def _plain(text: str) -> Iterator[Mend]:
    """Letters set apart, digits for letters, and marks of bold inside a word."""
    if not _SUSPECT.search(text) and "**" not in text:
        return
    for apart in _APART.finditer(text):
        for run in _RUN.finditer(apart.group()):
            letters = run.group()[::2]
            if not _is_list(letters):
                yield apart.start() + run.start(), apart.start() + run.end(), letters
    for word in _DIGIT.finditer(text):
        new = _lettered(word.group())
        if new is not None:
            yield word.start(), word.end(), new
    for stars in _STARRED.finditer(text):
        yield stars.start(), stars.end(), ""


def _is_list(letters: str) -> bool:
    """Whether letters are signs of a list or of a table's cells, and no word: "A B C D", "Y N Y".

    >>> _is_list("ABCD"), _is_list("YNNY"), _is_list("Zorah")
    (True, True, False)
    """
    low = letters.lower()
    if low in "abcdefghijklmnopqrstuvwxyz" or not _VOWELS & set(unicodedata.normalize("NFD", low)):
        return True
    return len(set(low)) <= 2


def _lettered(word: str) -> str | None:
    """A word with digits in it as it should be; None where two words or a code stand there.

    >>> _lettered("chi1d"), _lettered("Tarnbr0ok"), _lettered("page1of")
    ('child', 'Tarnbrook', None)
    """
    if len(word) < 4:
        return None
    parts = regex.split(r"[01]+", word)
    if all(_is_word(part.lower()) for part in parts):
        return None
    for one in "li":
        new = word.replace("0", "o").replace("1", one)
        if _is_word(new.lower()):
            return new
    if sum(map(str.isalpha, word)) < _LEAST_LETTERS:
        return None
    out = ""
    for at, char in enumerate(word):
        if char == "1":
            sides = out[-1:] + word[at + 1 : at + 2]
            triple = (out[-1:] + "l" + word[at + 1 : at + 3]).lower().count("l") > 2
            out += (
                "l" if _VOWELS & set(sides.lower()) and not triple else "l" if "1" in sides else "i"
            )
        else:
            out += "o" if char == "0" else char
    return out


@cache
def _words() -> frozenset[str]:
    small = frozenset(
        "a i an am at as be by do go he if in is it me my no of on or so to up us we".split()
    )
    return frozenset(w for w in lists.ordinary() if len(w) > 2) | small


def _is_word(word: str) -> bool:
    return word in _words()
