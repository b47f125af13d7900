"""What a line's end says where no empty line tells: a heading follows, or the sentence goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.raw.readers import numbering
from pipeline.raw.readers.text_lines import Measure, TextLine

_STOP = re.compile(r"[.!?][)\]’”'\"]*\d{0,3}$")
# "Dr." and the like end no sentence; nor does an initial.
_SHORTENED = re.compile(r"(?:^|[\s(])(?:[A-Z]|[A-Z][a-z]{1,2}|e\.g|i\.e|No|Prof|Capt|Rev)\.$")
_PART = re.compile(
    r"(?:appendix|annex|chapter|part|section|schedule)\s+(?:\d{1,2}|[A-Z]|[ivx]{1,5})\b[.:]?",
    re.IGNORECASE,
)
_MOST_WORDS = 10


def is_part(text: str) -> bool:
    """Whether a line names a part of a report by its number or letter.

    >>> is_part("Appendix 1"), is_part("Annex B"), is_part("Part of it")
    (True, True, False)
    """
    return bool(_PART.fullmatch(text))


def stands_as_title(
    last: TextLine,
    line: TextLine,
    below: TextLine | None,
    width: Measure,
    *,
    turned: bool,
    spaced: bool = False,
) -> bool:
    """Whether a line is a heading although the line above it is full.

    The line above ends a sentence, this one is short and no sentence, and what is below it starts
    afresh: by a number, an empty line or the text's end. `turned` says that a page may start
    with it.
    """
    if not width.edge or not _STOP.search(last.text[-12:]) or _SHORTENED.search(last.text[-8:]):
        return False
    words = line.text.split()
    if (
        not line.text[0].isupper()
        or line.terminal
        or line.text[-1] in ",-–"
        or len(words) > _MOST_WORDS
    ):
        return False
    if is_part(line.text):
        return True
    if width.of(line.text) > 0.65 * width.edge:
        return False
    if below is None:
        return turned
    if below.lower:
        return False
    mark = numbering.marker(below.text)
    counted = mark is not None and mark.sure and mark.depth > 0
    return counted or below.blanks > (1 if spaced else 0)


def fills_narrow(block: Sequence[TextLine], line: TextLine, width: Measure) -> bool:
    """Whether the last line of a block is full in the measure of the few lines above it.

    So a quotation that is set in narrower lines goes on over the end of a page.
    """
    *above, last = block[-5:]
    if len(above) < 2 or last.terminal or not width.edge:
        return False
    edge = max(width.of(one.text) for one in above)
    word = line.text.split(None, 1)[0]
    return width.of(last.text) + 0.5 + width.of(word) > 0.97 * edge > 0.5 * width.edge
