"""Where sentences begin and end, and how much of a text fits into a quotation."""

from __future__ import annotations

import re

from pipeline.span import Span

_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"'])(?:dr|mr|mrs|ms|miss|prof|st|rev|hon|rt|no|nos|para|paras|sec|s|ss|p|pp|"
    r"(?:recommendation|lesson|finding|learning point|action|question|theme|r) ?"
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|"
    r"fig|vol|ed|eds|al|cf|e\.g|i\.e|eg|ie|etc|approx|dept|v|vs|[a-z]|\(?\d{1,2}|[ivx]{1,4})$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"\s+[\"'“‘(\[•–-]*[A-Z0-9\[]")


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, in order, without the white space between them.

    A full stop after an abbreviation or an initial does not end a sentence, nor does one that
    a small letter follows.

    >>> [s.of("Dr. Smith came. He left.") for s in sentences("Dr. Smith came. He left.")]
    ['Dr. Smith came.', 'He left.']
    """
    ends = [m.end() for m in _END.finditer(text) if _ends(text, m)]
    found: list[Span] = []
    start = 0
    for end in [*ends, len(text)]:
        piece = text[start:end]
        inside = piece.strip()
        if inside:
            first = start + piece.index(inside)
            found.append(Span(first, first + len(inside)))
        start = end
    return tuple(found)


def _ends(text: str, stop: re.Match[str]) -> bool:
    if not _OPENS.match(text, stop.end()):
        return False
    return stop.group()[0] != "." or not _ABBREVIATION.search(text, 0, stop.start())


def around(text: str, place: Span, *, most: int = 280) -> Span:
    """The sentence that holds a place, cut to at most about `most` characters at word ends.

    >>> around("First. The second one is here. Third.", Span(11, 17)).of(
    ...     "First. The second one is here. Third.")
    'The second one is here.'
    """
    sentence = next((s for s in sentences(text) if s.overlaps(place)), Span(0, len(text)))
    whole = Span(min(sentence.start, place.start), max(sentence.end, place.end))
    if len(whole) <= most:
        return whole
    start = max(whole.start, place.start - most // 3)
    end = min(whole.end, max(place.end, start + most))
    return Span(_word_start(text, start, whole.start), _word_end(text, end, place.end))


def _word_start(text: str, at: int, least: int) -> int:
    while at > least and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int, least: int) -> int:
    if at >= len(text) or text[at].isspace():
        return at
    cut = text.rfind(" ", least, at)
    return cut if cut > least else at
