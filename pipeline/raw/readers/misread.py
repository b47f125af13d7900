"""Whether a text reads as one that a program recognised from a picture and got wrong in places.

A file of text does not say where it came from. Words that are no words, and are English once
letters that look alike are changed back ("frorn", "ancl", "f0und"), say it.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.near import ALIKE
from pipeline.raw.recognisers import lists, wording

REASON = (
    "Letters of this text seem to have been misread by a program (as m for rn). Names may have "
    "been misread too: compare the text with the page, letter by letter where names stand."
)
_SINGLE = ("1l", "1i", "0o", "5s", "8b", "li", "il", "ce", "ec", "hb", "bh", "ft", "tf")
_ALL = (*ALIKE, *((n, o) for o, n in ALIKE), *((pair[0], pair[1]) for pair in _SINGLE))
_WORD = re.compile(r"(?<![^\W_])[A-Za-z][A-Za-z0158]{2,19}(?![^\W_])")
# So many different misread words; so many of all words, and of the words that are not known.
_LEAST, _OF_ALL, _OF_STRANGE = 4, 0.003, 0.25


def is_misread(text: str) -> bool:
    """Whether so many words are misread that any name may be.

    >>> is_misread("Tlie rnother carne frorn tlie shop ancl savv liim on tlie stairs.")
    True
    >>> is_misread("The mother came from the shop and saw him on the stairs.")
    False
    """
    words = _WORD.findall(text)
    strange = [word for word in set(words) if _is_strange(word)]
    wrong = {word for word in strange if _righted(word)}
    if len(wrong) < max(_LEAST, _OF_STRANGE * len(strange)):
        return False
    return sum(word in wrong for word in words) >= _OF_ALL * len(words)


def _is_strange(word: str) -> bool:
    """Whether a word with small letters is none of English and no first name."""
    low = word.lower()
    if not word[1:].islower() and word[1:].upper() == word[1:]:
        return False
    return not (low in _known() or wording.is_ordinary(low) or wording.is_given(word))


def _righted(word: str) -> bool:
    """Whether one change of letters that look alike makes it a word of English."""
    small = word.replace("I", "l") if "I" in word[1:] else word
    low = small.lower()
    if low != word.lower() and low in _known():
        return True
    for old, new in _ALL:
        at = low.find(old)
        while at >= 0:
            if low[:at] + new + low[at + len(old) :] in _known():
                return True
            at = low.find(old, at + 1)
    return False


@cache
def _known() -> frozenset[str]:
    return frozenset(word for word in lists.ordinary() if len(word) > 2)
