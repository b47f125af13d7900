"""Rows of a table whose cells wrap over lines, or stand apart by spaces: one line a row again.

A table in a text has a first line that names its columns; a row goes on until it has as many
cells. Where the rows do not come out even, the text stays as it is. It keeps its length, so that
every offset still leads to the same place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import takewhile

import regex

from pipeline.raw.readers.text_lines import Measure, TextLine

# A tab, or three spaces or more before what may open a cell; a justified line has them elsewhere.
_GAP = regex.compile(r"[ \u00a0]*\t[\t \u00a0]*|[ \u00a0]{3,}(?=[\p{Lu}\d(\[“‘\"£–-])")
# The standard library's: `regex` looks for the tab through the rest of the text at every line.
_TABS = re.compile(r"[ \u00a0]*\t[\t \u00a0]*")
_BREAK = regex.compile(r"[^\S \t\u00a0]")
_LEAST_ROWS, _MOST_LINES, _SURE = 2, 12, 2
# The name of a column: "No.", "Lead agency", "By when?", a year.
_NAMED = regex.compile(r"[\p{Lu}\d#][^.;]{0,38}[^.;,]|(?i:no|ref)s?\.|#")
_PAGE = regex.compile(r"[\divxIVX]{1,4}")


@dataclass(frozen=True, slots=True)
class _Change:
    """White space that reads otherwise from `start` up to `end`."""

    start: int
    end: int
    new: str


def as_rows(text: str, lines: Sequence[TextLine], gone: Set[int], width: Measure) -> str:
    """The text with one line for each row of its tables and a tab between cells.

    `gone` are lines that belong to no table: the headers and footers of pages.
    """
    kept = [line for number, line in enumerate(lines) if number not in gone]
    changes: list[_Change] = []
    at = 0
    while at < len(kept):
        end, made = _table(text, kept, at, width)
        changes += made
        at = max(end, at + 1)
    parts, done = [], 0
    for change in changes:
        parts += [text[done : change.start], change.new]
        done = change.end
    return "".join((*parts, text[done:]))


def _gaps(text: str, line: TextLine) -> list[tuple[int, int]]:
    """The gaps of a line; a tab before or after all its words stands beside an empty cell."""
    before = _TABS.match(text, line.start - line.indent, line.start)
    after = _TABS.match(text, line.end)
    inner = [(line.start + g.start(), line.start + g.end()) for g in _GAP.finditer(line.text)]
    return [*([before.span()] if before else []), *inner, *([after.span()] if after else [])]


def _table(
    text: str, lines: Sequence[TextLine], at: int, width: Measure
) -> tuple[int, list[_Change]]:
    """Where the table that starts with a line ends, and what has to change in it."""
    columns = len(_gaps(text, lines[at]))
    if not columns or not _is_head(lines[at]):
        return at, []
    made, rows, here = _tabs(text, lines[at : at + 1]), 0, at + 1
    while here < len(lines):
        apart = lines[here].blanks or lines[here].broken
        # On the next page a table of three columns or more goes on.
        if apart and (columns < _SURE or not _gaps(text, lines[here])):
            break
        end = _row(text, lines, here, columns, width)
        if end is None:
            again = _after_page(text, lines, here, columns, width)
            if again is None and _is_head(lines[here]):
                break
            beside = _beside(text, lines[here:again])
            made += [_Change(a, b, " " * (b - a)) for line in beside for a, b in _gaps(text, line)]
            if again is None:
                here += len(beside)
                break
            here = again
            continue
        made += _tabs(text, lines[here:end])
        rows, here = rows + 1, end
    return (here, made) if rows >= _LEAST_ROWS else (at, [])


def _after_page(
    text: str, lines: Sequence[TextLine], at: int, columns: int, width: Measure
) -> int | None:
    """Where a table goes on behind a row that a page cut in two; None where it does not."""
    turned = False
    for here in range(at + 1, min(at + _MOST_LINES, len(lines))):
        turned = turned or lines[here].blanks > 0 or lines[here].broken
        whole = len(_gaps(text, lines[here])) >= _SURE and columns >= _SURE
        if turned and whole and _row(text, lines, here, columns, width) is not None:
            return here
    return None


def _beside(text: str, lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines below a table that have gaps and do not come out even: they are read as text."""
    first = lines[0]
    return list(
        takewhile(
            lambda line: _gaps(text, line) and (line is first or not (line.blanks or line.broken)),
            lines,
        )
    )


def _is_head(line: TextLine) -> bool:
    """Whether a line may name columns; a line of a list of contents ends in a page instead."""
    cells = [cell.strip() for cell in _GAP.split(line.text)]
    short = all(_NAMED.fullmatch(cell) for cell in cells)
    return short and not _PAGE.fullmatch(cells[-1])


def _row(text: str, lines: Sequence[TextLine], at: int, columns: int, width: Measure) -> int | None:
    """Where the row that starts with a line ends; None where it has too few or too many cells."""
    count, end = len(_gaps(text, lines[at])), at + 1
    while end < len(lines) and end - at < _MOST_LINES:
        line = lines[end]
        if line.blanks or line.broken:
            break
        more = len(_gaps(text, line))
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
            made.append(_Change(start, end, _BREAK.sub(" ", text[start:end])))
        for start, end in _gaps(text, line):
            if "\t" not in text[start:end]:
                made.append(_Change(start, end, "\t".rjust(end - start)))
    return made
