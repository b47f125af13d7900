"""How a passage is worded, as numbers that hold no name: its words, hashed, and the cues it meets.

A word that is written with a capital and is no ordinary word counts as "someone" or "acronym", so
that neither what a model learns nor what it is asked can turn on who or where. Words are kept as
places in a table of fixed size and not as words: no vocabulary is made, none ships.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.installed import shipped
from pipeline.safe.cues import NUMBER, RoleCues, met, role_cues

TABLE = 1 << 15  # places for words and pairs of words; with 1 << 16 the figures were the same
SHAPES = 4
_CUE_VALUE = 0.3  # beside words whose squares sum to 1
_LONG = 60
_NAMES = ("given-names", "given-names-ambiguous", "surnames-ambiguous", "places-ambiguous")

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?{_MONTH}(?:,?\s+\d{{4}})?\b"
    r"|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b(?:19|20)\d\d\b"
)
_MODAL_MAY = re.compile(r"\bMay (?=I|we|be|have|not)\b")
_LABEL = re.compile(r"\[[^\]\n]{1,60}\]")
_CAPITAL = re.compile(r"\b[A-Z][\w’'-]*")
_SEVERAL = re.compile(r"\bsomeone(?:(?:['’]s)?\W+(?:and |or )?someone)+\b")
_FIGURE = re.compile(r"\d+(?:[.:,/]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|0|[?:;%“”\"]")


@lru_cache(maxsize=1)
def ordinary() -> frozenset[str]:
    """The ordinary words of English in small letters, those that are names as well among them."""
    lines = shipped("configs/lists/common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line.isalpha())


@lru_cache(maxsize=1)
def nameless() -> frozenset[str]:
    """Ordinary words that are nobody's name and no place, whatever a small library shows of them.

    >>> sorted({"supervision", "rose"} & nameless())
    ['supervision']
    """
    names: set[str] = set()
    for file in _NAMES:
        for line in shipped(f"configs/lists/{file}.txt").read_text(encoding="utf-8").splitlines():
            names.update(() if line.startswith("#") else re.findall(r"[^\W\d_]+", line.lower()))
    return ordinary() - names


def plain(text: str) -> str:
    """A text in small letters, without its number, names, labels, dates and figures.

    >>> plain("3.2 On 4 May 2016 Zoltan Hegedus told the GP and [mother] of 12 visits.")
    'on then someone told the acronym and someone of 0 visits.'
    """
    bare = NUMBER.sub("", " ".join(text.split()))
    bare = _LABEL.sub("someone", _DATE.sub("then", _MODAL_MAY.sub("may ", bare)))
    return _FIGURE.sub("0", _SEVERAL.sub("someone", _CAPITAL.sub(_without_name, bare))).lower()


def _without_name(found: re.Match[str]) -> str:
    word = found.group()
    stem, ending = re.split(r"['’]|$", word, maxsplit=1)[0], re.search(r"['’]s$", word)
    small = word.lower()
    if all(part in ordinary() for part in stem.lower().split("-") if part):
        return small
    if stem.isalpha() and stem.isupper() and len(stem) > 1:
        return "acronym"
    return "someone's" if ending else "someone"


def words(text: str) -> tuple[str, ...]:
    """The words that count in a text, in order, after `plain`."""
    return tuple(_WORD.findall(plain(text)))


def places(found: Sequence[str]) -> tuple[int, ...]:
    """The places of words, and of each word with the next, in the table; sorted, each once."""
    pairs = (f"{a} {b}" for a, b in zip(("^", *found), (*found, "$"), strict=True))
    return tuple(sorted({zlib.crc32(w.encode()) % TABLE for w in (*found, *pairs)}))


@dataclass(frozen=True, slots=True)
class Traits:
    """What describes a passage: the places of its words in the table, its shape, its cues."""

    places: tuple[int, ...]
    told: tuple[float, ...]


def width(rows: tuple[RoleCues, ...] | None = None) -> int:
    """How many numbers stand in `told`."""
    return SHAPES + sum(len(row.cues) for row in rows or role_cues())


def traits(text: str) -> Traits:
    """What describes a text.

    >>> len(traits("There was no policy.").told) == width()
    True
    """
    bare = NUMBER.sub("", text)
    cues = (_CUE_VALUE * one for one in met(bare))
    return Traits(places(words(text)), (*_shape(bare), *cues))


def _shape(text: str) -> tuple[float, float, float, float]:
    return (
        min(len(text.split()), _LONG) / _LONG,
        float(_DATE.search(text) is not None),
        float(_LABEL.search(text) is not None),
        float(text.rstrip().endswith("?")),
    )
