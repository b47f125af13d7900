"""Which names the report gives beside another for the same person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pipeline.span import Span

_QUOTE = "[\"“‘']"
_END = "[\"”’']"
_CALLED = (
    r"(?:also |otherwise |better |sometimes |now |previously )?"
    r"(?:known(?: (?:to|by|among|amongst) (?:\w+ ){1,4}?| )as|called|a\.?k\.?a\.?|alias|nicknamed"
    r"|(?:English|Chinese|Polish|Arabic|chosen|street|pet|nick|stage|religious|church"
    r"|school) ?name(?: is| was)?"
    r"|who (?:goes by|is known as|was known as|calls (?:him|her)self|called (?:him|her)self))"
)
# Between a name and another for its bearer: (“Zo”; , known to friends as “Zo”; (English name Zo.
_BETWEEN = re.compile(
    rf"\s*\({_QUOTE}|\s*[,(–-]?\s*\(?{_CALLED}:?\s+{_QUOTE}?|\s*\(\s*(?:{_CALLED}):?\s+{_QUOTE}?"
)
_OR = re.compile(rf"{_END}?,?\s+(?:or|and|and also|or just)\s+{_QUOTE}")


_BORN = re.compile(
    r"\s*[,(–-]?\s*\(?(?:n[ée]e|formerly|born|maiden name(?: was)?):?\s+", re.IGNORECASE
)


def _same_first(text: str, one: Span, other: Span) -> bool:
    """Whether two names of two words or more open with one first name: "Zo Quill", "Zo Marl"."""
    first, second = one.of(text).split(), other.of(text).split()
    return len(second) > 1 and first[0] == second[0]


def born(text: str, names: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs of a name and the surname with which its bearer was born: "Zo Quill (née Zorbel)"."""
    ordered = sorted(names)
    for before, here in pairwise(ordered):
        gap = text[before.end : here.start]
        if _BORN.fullmatch(gap) and not _same_first(text, before, here):
            yield before, here


def also_called(text: str, names: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs of a name and another one that the text gives for its bearer, by where they stand.

    `names` are where people's names stand, without overlap.
    """
    ordered = sorted(names)
    held: Span | None = None
    for before, here in pairwise(ordered):
        gap = text[before.end : here.start]
        if _BETWEEN.fullmatch(gap) or (_BORN.fullmatch(gap) and _same_first(text, before, here)):
            held = before
            yield held, here
        elif held is not None and _OR.fullmatch(gap):
            yield held, here
        else:
            held = None
