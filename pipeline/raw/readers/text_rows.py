"""Rows of a table whose cells wrap over lines, or stand apart by spaces: one line a row again.

A table in a text has a first line that names its columns; a row goes on until it has as many
cells. Where the rows do not come out even, the text stays as it is. It keeps its length, so that
every offset still leads to the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from pipeline.raw.readers.text_lines import Measure, TextLine

# A tab, or three spaces or more before what may open a cell; a justified line has them elsewhere.
_GAP = regex.compile(r"[ \u00a0]*\t[\t \u00a0]*|[ \u00a0]{3,}(?=[\p{Lu}\d(\[“‘\"£–-])")
_LEAST_ROWS, _MOST_LINES = 2, 12
# The name of a column: "No.", "Lead agency", "By when?", a year.
_NAMED = regex.compile(r"[\p{Lu}\d#][^.;]{0,38}[^.;,]|(?i:no|ref)s?\.|#")
_PAGE = regex.compile(r"[\divxIVX]{1,4}")


@dataclass(frozen=True, slots=True)
class _Change:
    """White space that reads otherwise from `start` up to `end`."""

    start: int
    end: int
    new: str


def as_rows(text: str, lines: Sequence[TextLine], width: Measure) -> str:
    """The text with one line for each row of its tables and a tab between cells."""
    changes: list[_Change] = []
    at = 0
    while at < len(lines):
        end, made = _table(text, lines, at, width)
        changes += made
        at = max(end, at + 1)
    if not changes:
        return text
    parts, done = [], 0
    for change in changes:
        parts += [text[done : change.start], change.new]
        done = change.end
    return "".join((*parts, text[done:]))


def _gaps(line: TextLine) -> list[tuple[int, int]]:
    return [(line.start + gap.start(), line.start + gap.end()) for gap in _GAP.finditer(line.text)]


def _table(
    text: str, lines: Sequence[TextLine], at: int, width: Measure
) -> tuple[int, list[_Change]]:
    """Where the table that starts with a line ends, and what has to change in it."""
    columns = len(_gaps(lines[at]))
    if not columns or not _is_head(lines[at]):
        return at, []
    made, rows, here = _tabs(text, lines[at : at + 1]), 0, at + 1
    while here < len(lines) and not lines[here].blanks and not lines[here].broken:
        end = _row(lines, here, columns, width)
        if end is None:
            break
        made += _tabs(text, lines[here:end])
        rows, here = rows + 1, end
    return (here, made) if rows >= _LEAST_ROWS else (at, [])


def _is_head(line: TextLine) -> bool:
    """Whether a line may name columns; a line of a list of contents ends in a page instead."""
    cells = [cell.strip() for cell in _GAP.split(line.text)]
    short = all(_NAMED.fullmatch(cell) for cell in cells)
    return short and not _PAGE.fullmatch(cells[-1])


def _row(lines: Sequence[TextLine], at: int, columns: int, width: Measure) -> int | None:
    """Where the row that starts with a line ends; None where it has too few or too many cells."""
    count, end = len(_gaps(lines[at])), at + 1
    while end < len(lines) and end - at < _MOST_LINES:
        line = lines[end]
        if line.blanks or line.broken:
            break
        more = len(_gaps(line))
        goes_on = width.full(lines[end - 1], line.text)
        # A row that has all its cells goes on with the end of its last one only.
        if count == columns and (more or not goes_on):
            break
        if count < columns and not goes_on and not line.lower:
            break
        count, end = count + more, end + 1
    return end if count == columns else None


def _tabs(text: str, lines: Sequence[TextLine]) -> list[_Change]:
    """A tab for each gap of the lines of a row, and a space for each break between them."""
    made: list[_Change] = []
    for number, line in enumerate(lines):
        if number:
            start, end = lines[number - 1].end, line.start
            made.append(_Change(start, end, " " * (end - start)))
        for start, end in _gaps(line):
            if "\t" not in text[start:end]:
                made.append(_Change(start, end, "\t".rjust(end - start)))
    return made
