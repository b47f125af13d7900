"""antiword as a reader of old Word files: its text, and the cells of its tables."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import lru_cache

from lxml import etree

from pipeline.errors import ReadError
from pipeline.raw.readers import refusals
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.text import laid_out
from pipeline.span import BlockKind

_SECONDS = 60
_BAR = re.compile(r"^\|.*\|$")
_RULE = re.compile(r"^-{20,}$")
_NOTE = re.compile(r"^\[(\d{1,3})\]\s*(.+)$", re.DOTALL)
_Grid = tuple[tuple[str, ...], ...]


def found() -> str | None:
    """The program, where it is installed."""
    return shutil.which("antiword")


@lru_cache(maxsize=4)
def version(program: str) -> str:
    """The version that the program says it is."""
    ran = subprocess.run(  # noqa: S603 - a program found by its own name
        [program, "-h"], capture_output=True, timeout=_SECONDS, check=False
    )
    said = re.search(rb"Version:\s*(\S+)", ran.stderr + ran.stdout)
    return said.group(1).decode("ascii", "replace") if said else "unknown"


def drafts(program: str, data: bytes) -> tuple[Draft, ...]:
    """The blocks of an old Word file; ReadError where antiword finds no text in it."""
    text = _run([program, "-t", "-w", "0", "-m", "UTF-8.txt", "-"], data).decode("utf-8", "replace")
    if not text.strip():
        raise ReadError(refusals.OLD_NO_TEXT)
    grids = list(_grids(program, data)) if re.search(r"^\|", text, re.MULTILINE) else []
    return tuple(_blocks(text.splitlines(), grids))


def _run(command: Sequence[str], data: bytes) -> bytes:
    try:
        ran = subprocess.run(  # noqa: S603 - a program found by its own name
            command, input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise ReadError(refusals.ANTIWORD_FAILED) from None
    if ran.returncode:
        raise ReadError(refusals.ANTIWORD_FAILED)
    return ran.stdout


def _blocks(lines: Sequence[str], grids: list[_Grid]) -> Iterator[Draft]:
    """The lines' blocks: tables, notes below the rule, and between them what a text's lines are."""
    plain: list[str] = []
    table: list[str] = []
    noted = False
    for line in [*lines, ""]:
        if _BAR.match(line):
            yield from _plain(plain, noted=noted)
            plain = []
            table.append(line)
            continue
        if table:
            yield Draft(BlockKind.TABLE, (), rows=_rows(table, grids))
            table = []
        if _RULE.match(line):
            yield from _plain(plain, noted=noted)
            plain, noted = [], True
        else:
            plain.append(line)
    yield from _plain(plain, noted=noted)


def _plain(lines: Sequence[str], *, noted: bool) -> Iterator[Draft]:
    if not noted:
        yield from laid_out("\n".join(lines))[0]
        return
    for paragraph in re.split(r"\n\s*\n", "\n".join(lines)):
        if found := _NOTE.match(paragraph.strip()):
            said = Stretch(f"{found.group(1)} {found.group(2)}")
            yield Draft(BlockKind.FOOTNOTE, (said,), number=found.group(1))
        elif paragraph.strip():
            yield Draft(BlockKind.PARAGRAPH, (Stretch(paragraph),))


def _rows(lines: Sequence[str], grids: list[_Grid]) -> tuple[tuple[tuple[Stretch, ...], ...], ...]:
    """A table's cells: antiword's own cells where they hold the same letters, else its columns."""
    letters = _letters("".join(lines))
    for index, grid in enumerate(grids):
        if _letters("".join(cell for row in grid for cell in row)) == letters:
            del grids[: index + 1]
            return _cells(grid)
    return _cells(_columns(lines))


def _cells(grid: _Grid) -> tuple[tuple[tuple[Stretch, ...], ...], ...]:
    return tuple(tuple((Stretch(cell),) if cell.strip() else () for cell in row) for row in grid)


def _letters(text: str) -> str:
    """What a table says, whatever the order and the breaks of its lines."""
    return "".join(sorted(c for c in text if c.isalnum()))


def _columns(lines: Sequence[str]) -> _Grid:
    """Rows by the columns of the drawn table: a line without a first cell goes on with a row."""
    rows: list[list[str]] = []
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if rows and not cells[0] and len(cells) == len(rows[-1]):
            rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return tuple(tuple(row) for row in rows)


def _grids(program: str, data: bytes) -> Iterator[_Grid]:
    """The tables of the file as antiword writes them in DocBook."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(_run([program, "-x", "db", "-"], data), parser)
    except (ReadError, etree.XMLSyntaxError, ValueError):
        return
    if root is None:
        return
    for table in root.iter("informaltable"):
        yield tuple(
            tuple(
                " ".join("".join(map(str, entry.itertext())).split()) for entry in row.iter("entry")
            )
            for row in table.iter("row")
        )
