"""Where the cells of a table end in a text that lost its table.

Cells arrive joined by tabs, by three spaces or more, or one a line. A name never runs from one
cell into the next, while a line that was broken or justified runs on; here they are told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import regex

from pipeline.raw.recognisers import lists, wording

EDGE = "\t"
"""What stands for the end of a cell in a parted text: a sign that no name runs over."""

_GAP = regex.compile(r"(?<=\S)[ \u00a0]{3,}(?=\S)")
_LINES = regex.compile(r"[^\n]*")
_OPENS = regex.compile(r"[\p{Lu}\d(\[\"“‘'£]")
_GOES_ON = regex.compile(r"(?:[,&–—-]|\b(?:and|or|of|the|a|an|for|in|on|to|with|by|at|from|as))$")
_HEADINGS = frozenset(
    """name names role roles agency agencies organisation relationship age ethnicity details
    abbreviation acronym meaning lead owner due status by action actions recommendation date
    response event designation title job position employer address dob sex gender member panel
    no ref total period source""".split()
)
_VALUE = regex.compile(
    r"(?i:[\d.,:/% ()£-]+|(?:not[ ])?(?:started|complete(?:d)?|overdue|ongoing|open|closed|done"
    r"|yes|no|n/a|none|unknown|red|amber|green|in[ ]progress|outstanding|not[ ]known|tbc|male"
    r"|female|m|f|independent)"
    r"|(?:\w+[ ])?(?:spring|summer|autumn|winter|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)[ ](?:19|20)\d\d"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen|\w{3,5}ty)"
    r"|\d{1,3}[ ](?:years?|months?|weeks?|days?)"
    r"|(?:white|black|asian|mixed|gypsy|arab|chinese)(?:[ ]\p{L}+){1,4})"
)
# A block of cells has this many lines at least, of which these shares open like a cell and are
# plainly one: the post of a person, a heading, a number, a label.
_LEAST, _OPENING, _PLAIN = 4, 0.6, 0.25
_LONGEST_PLAIN = 48
_NARROWEST = 50


@lru_cache(maxsize=2)
def parted(text: str) -> str:
    r"""The text with an edge wherever a cell ends, as long as before; five families ask for it.

    >>> parted("Ann Quill   Named Nurse   Zorbel Trust\nBo Quill   Chair   Zorbel Council")
    'Ann Quill\t\t\tNamed Nurse\t\t\tZorbel Trust\nBo Quill\t\t\tChair\t\t\tZorbel Council'
    >>> parted("The nurse wrote to Zorbel   County Council.\nNobody   answered her letter.")
    'The nurse wrote to Zorbel   County Council.\nNobody   answered her letter.'
    """
    lines = [match.span() for match in _LINES.finditer(text) if match.start() < match.end()]
    places = [*_columns(text, lines), *_stacked(text, lines)]
    if not places:
        return text
    signs = list(text)
    for start, end in places:
        signs[start:end] = EDGE * (end - start)
    return "".join(signs)


def _columns(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The gaps of lines that have as many gaps as the line before or after."""
    gaps = [_gaps(text, start, end) for start, end in lines]
    for here, own in enumerate(gaps):
        beside = [gaps[at] for at in (here - 1, here + 1) if 0 <= at < len(gaps)]
        if own and any(len(own) == len(other) for other in beside):
            yield from own


def _gaps(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The gaps between the cells of a line; none where what follows one opens no cell."""
    found = [match.span() for match in _GAP.finditer(text, start, end)]
    return found if all(_OPENS.match(text, stop) for _, stop in found) else []


def _stacked(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The line breaks of blocks whose lines are cells, but for those inside a cell."""
    lengths = sorted(end - start for start, end in lines)
    width = max(_NARROWEST, lengths[len(lengths) * 19 // 20]) if lengths else 0
    block: list[tuple[int, int]] = []
    for here, span in enumerate(lines):
        block.append(span)
        following = lines[here + 1][0] if here + 1 < len(lines) else None
        if following == span[1] + 1:
            continue
        yield from _edges(text, block, width)
        block = []


def _edges(text: str, block: Sequence[tuple[int, int]], width: int) -> Iterator[tuple[int, int]]:
    if len(block) < _LEAST:
        return
    opening = sum(_OPENS.match(text, start) is not None for start, _ in block)
    if opening < _OPENING * len(block):
        return
    plain = sum(is_plain_cell(text[start:end]) for start, end in block)
    if plain < _PLAIN * len(block):
        return
    for (start, end), (after, _) in pairwise(block):
        line = text[start:end].rstrip()
        word = regex.compile(r"\S+").match(text, after)
        fits = word is not None and len(line) + 1 + len(word.group()) <= width
        if fits and _OPENS.match(text, after) and not _GOES_ON.search(line):
            yield end, after


def is_plain_cell(text: str) -> bool:
    """Whether a line is the whole of a cell that can hold no name.

    >>> [is_plain_cell(t) for t in ("Named Nurse", "Sibling 1", "May 2017", "Zorbel Council")]
    [True, True, True, False]
    """
    bare = text.strip()
    if not bare or len(bare) > _LONGEST_PLAIN or bare[-1] in ".;,:" or not _OPENS.match(bare):
        return _VALUE.fullmatch(bare) is not None
    return (
        bare.lower() in _HEADINGS
        or bare in lists.exact_words("acronyms.txt")
        or _VALUE.fullmatch(bare) is not None
        or wording.is_label(bare)
        or wording.only_generic(bare)
    )
