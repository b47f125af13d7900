"""Signs of notes in a plain text that are glued to a year: set apart, so that both can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.text_lines import AFTER_SIGN, YEAR, TextLine

_REACH = 150


def glued(lines: Sequence[TextLine], index: int, number: str) -> list[int]:
    """Where the sign of the note that starts at a line is glued to a year, in the source's offsets.

    The last such place before the note; none where the sign stands after a word or a stop.
    """
    pattern = re.compile(rf"{YEAR}({number}){AFTER_SIGN}")
    for line in reversed(lines[max(0, index - _REACH) : index]):
        if found := [m.start(1) for m in pattern.finditer(line.text)]:
            return [line.start + found[-1]]
    return []


def set_apart(drafts: Sequence[Draft], signs: Sequence[int]) -> list[Draft]:
    """The drafts with a space before each sign; one that ends a cell stands beside it.

    >>> from pipeline.span import BlockKind
    >>> [made] = set_apart([Draft(BlockKind.PARAGRAPH, (Stretch("in 20131 and", 40),))], [47])
    >>> made.text
    'in 2013 1 and'
    """
    return [_set_apart(draft, signs) for draft in drafts] if signs else list(drafts)


def _set_apart(draft: Draft, signs: Sequence[int]) -> Draft:
    rows, asides = [], []
    for i, row in enumerate(draft.rows):
        cells = []
        for k, cell in enumerate(row):
            parts = _apart(cell, signs)
            if parts and parts[-1].source in signs and parts[-1].text.isdecimal():
                asides.append((i, k, parts[-1]))
                parts = parts[:-2]  # the space before it too
            cells.append(parts)
        rows.append(tuple(cells))
    parts = _apart(draft.parts, signs)
    return replace(draft, parts=parts, rows=tuple(rows), asides=tuple(asides))


def _apart(parts: Sequence[Stretch], signs: Sequence[int]) -> tuple[Stretch, ...]:
    made: list[Stretch] = []
    for part in parts:
        at, source = 0, part.source
        for sign in sorted(signs):
            if source is not None and source < sign < source + len(part.text):
                made += [part.part(at, sign - source), Stretch(" ")]
                at = sign - source
        made.append(part.part(at) if at else part)
    return tuple(made)
