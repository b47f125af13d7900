"""A report laid out in parts, from which every typeset format is made: page, PDF and Word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from pipeline.safe import frame
from pipeline.safe.lesson import SafeBlock, SafeDocument, Swap
from pipeline.span import BlockKind, Span

# A sign that only marks an item of a list, and one that counts it.
_GLYPH = re.compile(r"(?:[•·▪◦‣○●■□➢✓\uf0b7\uf0a7*o–—-])(?=\s)")
_BEHIND = re.compile(r"[.):]+(?=\s)")
_LETTER = re.compile(r"\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)](?=\s)", re.IGNORECASE)
_DEEPEST = 6
_CONTENTS_LEAST = 3
_CONTENTS_MOST = 60


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that looks one way: "" plain, swap, number, mark or break."""

    text: str
    look: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the page: a heading, paragraph, quote, footnote, list or table.

    `anchor` is where a link into the text leads: the place of the block in the document.
    """

    look: str
    runs: Runs = ()
    level: int = 0
    id: str = ""
    items: tuple[Part, ...] = ()
    head: tuple[Runs, ...] = ()
    rows: tuple[tuple[Runs, ...], ...] = ()
    by_row: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: where it leads, and whether it is set in."""

    id: str
    text: str
    deeper: bool


@dataclass(slots=True)
class _Page:
    """What is counted while the parts are made."""

    document: SafeDocument
    headings: int = 0
    tables: int = 0
    level: int = 1
    entries: list[tuple[int, Entry]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Laid:
    """The parts of a report in order, and the lines of its contents."""

    parts: tuple[Part, ...]
    contents: tuple[Entry, ...]


def laid_out(document: SafeDocument) -> Laid:
    """The document in parts; neighbouring items of a list are one part."""
    page = _Page(document)
    parts: list[Part] = []
    numbered = enumerate(document.blocks, start=1)
    for is_list, group in groupby(numbered, key=lambda one: one[1].kind is BlockKind.BULLET):
        made = [
            replace((_item if is_list else _part)(page, b), anchor=frame.anchor(n))
            for n, b in group
        ]
        parts += [Part("list", items=tuple(made))] if is_list else made
    return Laid(tuple(parts), _contents(page.entries))


def _contents(entries: Sequence[tuple[int, Entry]]) -> tuple[Entry, ...]:
    """The first two levels of headings, or the first alone where that is a long list."""
    if len(entries) < _CONTENTS_LEAST:
        return ()
    first = min(level for level, _ in entries)
    near = [(level, entry) for level, entry in entries if level <= first + 1]
    if len(near) > _CONTENTS_MOST:
        near = [(level, entry) for level, entry in near if level == first]
    return tuple(replace(entry, deeper=level > first) for level, entry in near)


def _part(page: _Page, block: SafeBlock) -> Part:
    runs = _runs(page.document, block.span, block.number)
    if block.kind is BlockKind.HEADING:
        return _heading(page, block, runs)
    if block.kind is BlockKind.TABLE and block.rows:
        return _table(page, block)
    looks = {BlockKind.QUOTE: "quote", BlockKind.FOOTNOTE: "footnote"}
    return Part(looks.get(block.kind, "paragraph"), runs)


def _heading(page: _Page, block: SafeBlock, runs: Runs) -> Part:
    """A heading never more than one level below the one before it."""
    page.headings += 1
    wanted = 1 + max(1, block.level or 1)
    page.level = min(wanted, page.level + 1, _DEEPEST)
    text = " ".join("".join(run.text for run in runs).split())
    entry = Entry(f"h{page.headings}", text, deeper=False)
    page.entries.append((page.level, entry))
    return Part("heading", runs, level=page.level, id=entry.id)


def _item(page: _Page, block: SafeBlock) -> Part:
    text = block.span.of(page.document.text.value)
    glyph, letter = _GLYPH.match(text), _LETTER.match(text)
    looks = ["deeper"] if (block.level or 1) > 1 else []
    if glyph:
        runs = _runs(page.document, block.span, glyph.group(), look="mark")
    elif letter or block.number:
        runs = _runs(page.document, block.span, letter.group() if letter else block.number)
    else:
        looks.append("plain")
        runs = _runs(page.document, block.span, None)
    return Part(" ".join(looks), runs)


def _table(page: _Page, block: SafeBlock) -> Part:
    """Columns have headings where the first row is full; otherwise rows do, by their first cell."""
    page.tables += 1
    width = max(len(row) for row in block.rows)
    rows = tuple(
        tuple(
            () if cell is None else _runs(page.document, cell, None)
            for cell in (*row, *(None,) * (width - len(row)))
        )
        for row in whole_rows(block, page.document.text.value)
    )
    by_column = len(rows) > 1 and (all(rows[0]) or not all(row[0] for row in rows))
    return Part(
        "table",
        id=f"Table {page.tables}",
        head=rows[0] if by_column else (),
        rows=rows[1:] if by_column else rows,
        by_row=not by_column and width > 1,
    )


def whole_rows(block: SafeBlock, text: str) -> tuple[tuple[Span | None, ...], ...]:
    """The cells of a table; what stands between two of them is of the first: no word is lost."""
    cells = [cell for row in block.rows for cell in row if cell]
    grown = {}
    for at, cell in enumerate(cells):
        start = block.span.start if at == 0 else cell.start
        end = cells[at + 1].start if at + 1 < len(cells) else block.span.end
        if at == 0 and not text[start : cell.start].strip():
            start = cell.start
        rest = text[cell.end : end].rstrip(" \t\n\r|") if cell.end < end else ""
        grown[cell] = Span(start, cell.end + len(rest)) if rest.strip() else Span(start, cell.end)
    return tuple(tuple(cell and grown[cell] for cell in row) for row in block.rows)


def _runs(document: SafeDocument, span: Span, lead: str | None, *, look: str = "number") -> Runs:
    """The text of a span as runs: its number or mark, its labels, its line breaks."""
    text = document.text.value
    at = span.start
    out: list[Run] = []
    if lead and text.startswith(lead, at):
        # The point or bracket behind a number is of the number: "1." and "a)".
        behind = _BEHIND.match(text, at + len(lead), span.end)
        lead += behind.group() if behind and look == "number" else ""
    if lead and text.startswith(lead, at) and not _touches(document, Span(at, at + len(lead))):
        out.append(Run(lead, look))
        at += len(lead)
    for swap in _within(document, Span(at, span.end) if at < span.end else span):
        out += [*_lines(text[at : swap.span.start]), Run(swap.label, "swap")]
        at = swap.span.end
    return (*out, *_lines(text[at : span.end]))


def _within(document: SafeDocument, span: Span) -> list[Swap]:
    first = bisect_left(document.swaps, span.start, key=lambda swap: swap.span.start)
    last = bisect_left(document.swaps, span.end, key=lambda swap: swap.span.start)
    return [swap for swap in document.swaps[first:last] if swap.span.end <= span.end]


def _touches(document: SafeDocument, span: Span) -> bool:
    last = bisect_left(document.swaps, span.end, key=lambda swap: swap.span.start) - 1
    return last >= 0 and document.swaps[last].span.overlaps(span)


def _lines(text: str) -> list[Run]:
    out: list[Run] = []
    for n, line in enumerate(text.split("\n")):
        out += [Run("\n", "break")] if n else []
        out += [Run(line)] if line else []
    return out
