"""A table for people: it fits their screen, and no id in it is cut short."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

_AFAR = 200  # columns where no screen says how wide it is: a file, a pipe
_EDGE = 3  # characters that a column takes beside its words; the table takes one more
_WORD = 25  # a word up to so long is never broken where it stands alone in its cells: an id, a date
_LITTLE = 8  # so many characters more make a column whole before others are made wider
_PROSE = (14, 12, 8)  # what is left at least to a column of sentences: longer words go on below


def table_of(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    """Print rows below their columns; one row below the other where no table of them would fit."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    there = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if there else _set_width()
    console = Console(width=width)
    wide = widths(rows, columns, width)
    if wide is None:  # a column in which nothing stands says least
        kept = [at for at in range(len(columns)) if any(row[at] for row in rows)]
        rows, columns = [[row[at] for at in kept] for row in rows], [columns[at] for at in kept]
        wide = widths(rows, columns, width)
    if wide is None:
        for row in rows:
            console.print(Text(_told(row, columns)), soft_wrap=True)
        return
    table = Table(header_style="bold")
    for column, room in zip(columns, wide, strict=True):
        table.add_column(column, width=room, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _set_width() -> int:
    """What COLUMNS says, where it is a number: of a file nobody knows how wide it is shown."""
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isdecimal() and int(said) else _AFAR


def widths(
    rows: Sequence[Sequence[str]], columns: Sequence[str], width: int
) -> tuple[int, ...] | None:
    """How many characters each column has; None where ids or dates would have to be broken.

    >>> widths([("r-7f3k2m", "Marl Safeguarding Board")], ("review", "board"), 40)
    (8, 23)
    >>> widths([("r-7f3k2m", "Marl Safeguarding Board")], ("review", "board"), 32)
    (8, 17)
    >>> widths([("r-7f3k2m", "2026-01-19")], ("review", "received"), 24) is None
    True
    """
    held = [[heading, *(row[at] for row in rows)] for at, heading in enumerate(columns)]
    whole = [max(len(line) for cell in cells for line in (cell.split("\n"))) for cells in held]
    room = width - _EDGE * len(columns) - 1
    if sum(whole) <= room:
        return tuple(whole)
    for prose in _PROSE:
        least = [
            min(all_of, _least(cells, prose)) for all_of, cells in zip(whole, held, strict=True)
        ]
        if sum(least) <= room:
            return _shared(least, whole, room)
    return None


def _least(cells: Sequence[str], prose: int) -> int:
    """The room without which a column's cells could not be read."""
    words = [word for cell in cells for word in cell.split()]
    longest = max(map(len, words), default=0)
    alone = all(len(cell.split()) <= 1 for cell in cells[1:])
    return min(longest, _WORD if alone else max(prose, len(cells[0])))


def _shared(least: Sequence[int], whole: Sequence[int], room: int) -> tuple[int, ...]:
    """What room is left goes to columns that are whole with a little more, then to the neediest."""
    given = list(least)
    spare = room - sum(least)
    for at, (has, all_of) in enumerate(zip(least, whole, strict=True)):
        if all_of - has <= min(_LITTLE, spare):
            given[at], spare = all_of, spare - (all_of - has)
    for _ in range(spare):
        wants = [all_of / has if has else 0.0 for all_of, has in zip(whole, given, strict=True)]
        neediest = wants.index(max(wants))
        given[neediest] += 1
    return tuple(given)


def _told(row: Sequence[str], columns: Sequence[str]) -> str:
    """A row by itself: each column that says something on a line of its own.

    >>> print(_told(("r-7f3k2m", "", "good"), ("review", "hold", "judgement")), end="")
    review     r-7f3k2m
    judgement  good
    """
    broad = max(map(len, columns), default=0)
    return "".join(
        f"{name:<{broad}}  {cell}\n" for name, cell in zip(columns, row, strict=True) if cell
    )
