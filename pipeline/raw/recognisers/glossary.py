"""Lists of abbreviations: which stand for a body that is named, and which say nothing of anyone.

In a list each stands in a cell or at the start of a line, its meaning beside it or below.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import wording
from pipeline.raw.recognisers.row import PATTERN_SECONDS
from pipeline.span import Span

_BETWEEN = r"(?:[ \u00a0]*(?:\t+|\n{1,2})[ \t\u00a0]*|[ ]{3,}|[ ]?[:=–—-][ ]|[ ])"
_BEFORE = regex.compile(rf"(?:^|[\n\t])[ ]*(?P<it>[A-Z][A-Za-z&]{{0,7}}[A-Z]){_BETWEEN}$")
_ENTRY = regex.compile(
    rf"(?:^|(?<=[\n\t]))[ ]*(?P<it>[A-Z][A-Za-z&]{{0,7}}[A-Z]){_BETWEEN}"
    r"(?P<means>\p{Lu}[^\n\t]{3,70})$",
    regex.MULTILINE,
)
_LEAST = 3


def listed(text: str, finding: Finding) -> str | None:
    r"""The abbreviation that stands before a named body in a list; None where none does.

    >>> from pipeline.span import Kind, Span
    >>> body = Finding(Span(4, 25), Kind.ORGANISATION, "council", 0.9, "organisations")
    >>> listed("ZCC\tZorbel County Council", body)
    'ZCC'
    """
    start = finding.span.start
    before = _BEFORE.search(text[max(0, start - 20) : start])
    if before is None or not _stands_for(before["it"], finding.span.of(text)):
        return None
    return str(before["it"])


def _stands_for(short: str, full: str) -> bool:
    """Whether the letters of an abbreviation are first letters of words, in their order."""
    first = [word[0].upper() for word in regex.findall(r"[\p{L}\d]+", full)]
    letters = [letter.upper() for letter in short if letter != "&"]
    if len(letters) < _LEAST or not first or letters[0] != first[0]:
        return False
    rest = iter(first)
    return all(letter in rest for letter in letters)


def plain(text: str, found: Sequence[Finding]) -> frozenset[str]:
    """The abbreviations whose meaning in a list is made of ordinary words and holds no finding."""
    return frozenset(_plain(text, sorted(finding.span for finding in found)))


def _plain(text: str, found: Sequence[Span]) -> Iterator[str]:
    starts = [span.start for span in found]
    # How far what starts so far reaches.
    reach = list(accumulate((span.end for span in found), max))
    for entry in _ENTRY.finditer(text, timeout=PATTERN_SECONDS):
        means = entry["means"].strip()
        low = means[1:] == means[1:].lower()
        usual = all(wording.is_ordinary(word) for word in regex.findall(r"[\p{L}'’-]+", means))
        before = bisect_left(starts, entry.end("means"))
        inside = before > 0 and reach[before - 1] > entry.start("means")
        ordinary = (low and usual) or wording.only_generic(means)
        if ordinary and not inside and _stands_for(entry["it"], means):
            yield str(entry["it"])
