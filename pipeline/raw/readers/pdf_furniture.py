"""Running heads and feet, page marks and watermarks of a PDF: which of its lines they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.raw.readers import furniture
from pipeline.raw.readers.pdf_lines import PdfLine, Sheet
from pipeline.raw.readers.pdf_type import Type

_BAND = 6.0
_MARGIN = 0.1
# How often a line must stand alone in the same place, whatever it says, to be a running one.
_OFTEN = 0.6
_LARGE = 2.5
_LETTERS = re.compile(r"(?:[^\W\d_]\s+){2,}[^\W\d_]")

Place = tuple[int, int]
_Slot = tuple[bool, int]


def lines(sheets: Sequence[Sheet], body: Type) -> frozenset[Place]:
    """Which lines are furniture: (page's index, line's index)."""
    places: list[Place] = []
    banded: list[furniture.Banded] = []
    for s, sheet in enumerate(sheets):
        for k, line in enumerate(sheet.lines):
            if line.turned or _at_edge(sheet, line):
                top, band = _slot(sheet, line)
                places.append((s, k))
                banded.append(furniture.Banded(line.text, sheet.page, band, top))
    found = {places[k] for k in furniture.recurring(banded, len(sheets))}
    found |= set(_changing(sheets, found, body))
    found |= set(_large_letters(sheets, body))
    return frozenset(found | set(_left_blank(sheets, found)))


def _at_edge(sheet: Sheet, line: PdfLine) -> bool:
    if line.picture:
        return False
    return line.top < _MARGIN * sheet.height or line.bottom > (1 - _MARGIN) * sheet.height


def _slot(sheet: Sheet, line: PdfLine) -> _Slot:
    """Whether a line stands at the head, and its band there.

    A foot is measured from the page's foot: pages may differ in height.
    """
    top = line.top < _MARGIN * sheet.height
    at = line.top if top else 10_000 - (sheet.height - line.bottom)
    return top, round(at / _BAND)


def _changing(sheets: Sequence[Sheet], found: set[Place], body: Type) -> Iterator[Place]:
    """Running heads that change with the chapter: outermost, alone, in the place of such lines."""
    alone = {
        place: _slot(sheets[place[0]], sheets[place[0]].lines[place[1]])
        for s, sheet in enumerate(sheets)
        for place in _outermost(sheet, s, found, body)
    }
    counts = Counter(slot for place, slot in alone.items())
    known = {_slot(sheets[s], sheets[s].lines[k]) for s, k in found}
    for s, sheet in enumerate(sheets):
        rest = [k for k in range(len(sheet.lines)) if (s, k) not in found]
        # A page that has nothing else.
        if len(rest) <= 2 and all(_at_edge(sheet, sheet.lines[k]) for k in rest):
            alone |= {(s, k): _slot(sheet, sheet.lines[k]) for k in rest}
    for place, (top, band) in alone.items():
        near = [(top, band + step) for step in (-1, 0, 1)]
        often = sum(counts[slot] for slot in near)
        if known & set(near) or (often >= 3 and often >= _OFTEN * len(sheets)):
            yield place


def _outermost(sheet: Sheet, s: int, found: set[Place], body: Type) -> Iterator[Place]:
    """The first line of a page's head and the last of its foot, if they stand apart.

    What is set as large as a heading is none of these.
    """
    ordered = sorted(
        (k for k, line in enumerate(sheet.lines) if not line.turned and not line.picture),
        key=lambda k: sheet.lines[k].top,
    )
    rest = [k for k in ordered if (s, k) not in found]
    for row, step in ((rest, 1), (rest[::-1], -1)):
        outer = _group(sheet, row, step)
        if not outer or len(outer) == len(row):
            continue
        line, inner = sheet.lines[outer[-1]], sheet.lines[row[len(outer)]]
        small = line.size <= body.size - 0.4
        apart = _gap(line, inner, step) > (1.0 if small else 2.0) * line.size
        if apart and all(sheet.lines[k].size < 1.1 * body.size for k in outer):
            yield from ((s, k) for k in outer)


def _gap(line: PdfLine, inner: PdfLine, step: int) -> float:
    return (inner.top - line.bottom) if step > 0 else (line.top - inner.bottom)


def _group(sheet: Sheet, row: Sequence[int], step: int) -> list[int]:
    """The lines at a page's edge that stand close together: three at most."""
    made: list[int] = []
    for k in row[:3]:
        line = sheet.lines[k]
        close = not made or _gap(sheet.lines[made[-1]], line, step) <= 0.5 * line.size
        if not (close and _at_edge(sheet, line)):
            break
        made.append(k)
    return made


def _large_letters(sheets: Sequence[Sheet], body: Type) -> Iterator[Place]:
    """The large single letters of a watermark; one alone starts a chapter."""
    for s, sheet in enumerate(sheets):
        large = [
            k
            for k, line in enumerate(sheet.lines)
            if len(line.text) <= 2 and line.size >= _LARGE * body.size
        ]
        yield from ((s, k) for k in large if len(large) >= 3)
        for k, line in enumerate(sheet.lines):
            if line.size >= _LARGE * body.size and _LETTERS.fullmatch(line.text):
                yield s, k


def _left_blank(sheets: Sequence[Sheet], found: set[Place]) -> Iterator[Place]:
    """Notices of pages that were left blank."""
    for s, sheet in enumerate(sheets):
        rest = [k for k in range(len(sheet.lines)) if (s, k) not in found]
        if len(rest) <= 2:
            yield from ((s, k) for k in rest if furniture.says_blank(sheet.lines[k].text))
