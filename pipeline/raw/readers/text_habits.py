"""How a plain text is laid out as a whole: what its empty lines, spaces and numbers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.raw.readers import numbering
from pipeline.raw.readers.text_lines import Measure, TextLine


@dataclass(frozen=True, slots=True)
class Habits:
    """How a text is laid out as a whole.

    `spaced`: an empty line after every line, so one empty line says nothing. `pointed`: a
    bullet is a line that starts with one space (its sign was lost on the way). `numbered`:
    paragraphs have numbers.
    """

    width: Measure
    spaced: bool
    pointed: bool
    numbered: bool


def habits(lines: Sequence[TextLine], width: Measure) -> Habits:
    """What the lines of a text say about its layout."""
    pairs = list(pairwise(lines))
    apart = sum(b.blanks > 0 for _, b in pairs)
    going = [b.blanks > 0 for a, b in pairs if b.lower and not a.terminal]
    spaced = apart > 0.75 * len(pairs) and len(going) >= 5 and sum(going) > 0.8 * len(going)
    one = sum(line.indent == 1 for line in lines)
    none = sum(line.indent == 0 for line in lines)
    pointed = len(lines) > 10 and 3 <= one < none
    return Habits(width, spaced, pointed, _are_numbered(pairs))


def _are_numbered(pairs: Sequence[tuple[TextLine, TextLine]]) -> bool:
    """Whether nearly all longer lines below an empty one start with a paragraph's number."""
    starts = [b.text for a, b in pairs if b.blanks and len(b.text) > 60 and a.terminal]
    marks = [mark for start in starts if (mark := numbering.marker(start)) is not None]
    return sum(mark.depth > 0 for mark in marks) > max(4, 0.8 * len(starts))
