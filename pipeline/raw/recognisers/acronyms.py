"""Acronyms that a text itself explains in plain words: they name nobody and no place.

"the Home-Based Treatment Team (HBTT)" and, in a glossary, "PPN   Police protection notice": every
word is generic, so the letters say no more than the words. One word that may be a name
("Zorbel Treatment Team (ZTT)") and the acronym is looked at like any other.
"""

from __future__ import annotations

import regex

from pipeline.raw.recognisers import wording
from pipeline.raw.recognisers.row import PATTERN_SECONDS, pattern

_LETTERS = r"(?P<it>[A-Z][A-Z&]{1,6}s?)"
# The bracket is looked for first, then the words before it.
_BRACKETED = pattern(
    rf"(?<=(?<![\w(])(?P<words>(?:[\p{{L}}&]['’\p{{L}}-]*[ \n]){{2,7}}))"
    rf"[(\[][\"“'‘]?(?:the[ ])?{_LETTERS}[\"”'’]?[)\]]"
)
_SMALL = frozenset("a an and at by for from in of on or the to with &".split())
_WORD = regex.compile(r"[\p{L}&]['’\p{L}]*")


def spelled_out(text: str) -> frozenset[str]:
    """The acronyms whose words stand before them and are all generic.

    >>> sorted(spelled_out("the Home-Based Treatment Team (HBTT), the Zorbel Care Team (ZCT)"))
    ['HBTT']
    """
    found: dict[str, bool] = {}
    for match in _BRACKETED.finditer(text, timeout=PATTERN_SECONDS):
        letters = match["it"].removesuffix("s")
        words = _own(_WORD.findall(match["words"].replace("-", " ")), letters)
        if words:
            plain = all(wording.is_generic(w) or w.lower() in _SMALL for w in words)
            found[letters] = found.get(letters, True) and plain
    return frozenset(letters for letters, plain in found.items() if plain)


def _own(words: list[str], letters: str) -> list[str]:
    """The last words whose first letters are these; none where they are not.

    >>> _own(["in", "the", "Approved", "Mental", "Health", "Team"], "AMHT")
    ['Approved', 'Mental', 'Health', 'Team']
    """
    wanted = letters.replace("&", "").lower()
    at, taken = len(words), len(wanted)
    while at and taken:
        at -= 1
        if words[at][0].lower() == wanted[taken - 1]:
            taken -= 1
        elif words[at].lower() not in _SMALL:
            return []
    return words[at:] if not taken else []
