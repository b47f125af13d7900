"""Tables of a plain text whose rows are lines: cells split by tabs, or by bars that were drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from pipeline.raw.readers import numbering
from pipeline.raw.readers.assemble import Stretch
from pipeline.raw.readers.text_lines import TextLine

Cell = tuple[Stretch, ...]
_TAB = re.compile(r"\t")
_TABS = re.compile(r"[ \u00a0]*\t[\t \u00a0]*")
_BARS = "|│┃"
_BAR = re.compile(f"[{_BARS}]")
# A line that was only drawn: "+----+----+", "|:---|---:|", "──┼──".
_RULE = re.compile(r"(?=.*[-=─━_]{2})[-=+:|│┃─━┼├┤┬┴┌┐└┘_ ]{3,}$")
_MARGIN = re.compile(r"[\t ]*")
_SENTENCE = 120
_TITLES = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the lines from `start` up to `end` (not included), as rows of cells.

    `kinds` say what fills its columns; a table of the same kinds right below goes on with it.
    Empty `kinds` go on with nothing. The lines from `head` up to `start` name the columns.
    """

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]
    kinds: tuple[str, ...] = ()
    head: int = 0


def drawn(text: str, lines: Sequence[TextLine], gone: Set[int]) -> Iterator[Grid]:
    """The tables whose rows are lines of the text, in order."""
    at = 0
    while at < len(lines):
        after = at + 1
        for rows_of in (_tabbed, _barred):
            end = _end(lines, gone, at, rows_of)
            grid = _grid(text, lines, at, end, rows_of)
            if grid is not None:
                yield grid
            if end - at > 1:
                after = end
                break
        at = after


_Rows = Callable[[Sequence[Stretch]], "tuple[tuple[Cell, ...], ...]"]


def _end(lines: Sequence[TextLine], gone: Set[int], at: int, rows_of: _Rows) -> int:
    """Where the lines in a row that may be a table's rows end."""
    sign = _TAB if rows_of is _tabbed else _BAR
    end = at
    while end < len(lines) and end not in gone:
        line = lines[end]
        if end > at and (line.blanks or line.broken):
            break
        if not sign.search(line.text) and not (rows_of is _barred and _RULE.match(line.text)):
            break
        end += 1
    return end


def _grid(text: str, lines: Sequence[TextLine], at: int, end: int, rows_of: _Rows) -> Grid | None:
    """The table that some lines are, or all of them but a few at their start."""
    for start in range(at, min(at + _TITLES, end - 1)):
        rows = rows_of([_whole(text, line) for line in lines[start:end]])
        if rows:
            return Grid(start, end, rows, head=start)
    return None


def _whole(text: str, line: TextLine) -> Stretch:
    """The line with the white space at its ends: a tab there stands before or after no words."""
    start = line.start - line.indent
    margin = _MARGIN.match(text, line.end)
    return Stretch(text[start : margin.end() if margin else line.end], start)


def _tabbed(lines: Sequence[Stretch]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of cells split by tabs; none where the tabs only set marks of paragraphs apart."""
    for sign, whole in ((_TAB, True), (_TABS, False)):
        # More tabs than one in a row may be there for their width alone.
        rows = [_split(line if whole else _stripped(line), sign) for line in lines]
        if len({len(row) for row in rows}) > 1:
            continue
        listed = len(rows[0]) == 2 and all(_is_mark(row[0].text) for row in rows)
        # A plan of actions has long cells; two parts of a line with one of them are a paragraph.
        long = len(rows[0]) < _TITLES and any(len(c.text) > _SENTENCE for row in rows for c in row)
        return () if listed or long or len(rows[0]) < 2 else _cells(rows)
    return ()


def _is_mark(text: str) -> bool:
    mark = numbering.marker(f"{text.strip()} A")
    return not text.strip() or (mark is not None and mark.length >= len(text.strip()))


def _barred(lines: Sequence[Stretch]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of cells between bars; lines that were only drawn are left out."""
    written = [_stripped(line) for line in lines if not _RULE.match(line.text.strip())]
    if not written:
        return ()
    edged = all(line.text[0] in _BARS and line.text[-1] in _BARS for line in written)
    if edged:
        written = [line.part(1, len(line.text) - 1) for line in written if len(line.text) > 2]
    rows = [_split(line, _BAR) for line in written]
    even = len({len(row) for row in rows}) == 1
    return _cells(rows) if even and len(rows) >= 2 and len(rows[0]) >= 2 else ()


def _stripped(line: Stretch) -> Stretch:
    lead = len(line.text) - len(line.text.lstrip())
    return line.part(lead, len(line.text.rstrip()))


def _split(line: Stretch, sign: re.Pattern[str]) -> list[Stretch]:
    cells, at = [], 0
    for found in sign.finditer(line.text):
        cells.append(line.part(at, found.start()))
        at = found.end()
    return [*cells, line.part(at)]


def _cells(rows: Sequence[Sequence[Stretch]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple((cell,) for cell in row) for row in rows)
