"""How a PDF is set: the size of its body, its leading and edges; its furniture and footnotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.raw.readers.pdf_continued import Grid
from pipeline.raw.readers.pdf_lines import PdfLine, Sheet

_LEAST_INSET = 5


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a report's body: its size, and whether bold type stands out."""

    size: float
    bold_speaks: bool

    def title(self, line: PdfLine) -> bool:
        """Whether a line is set as headings are."""
        return line.size >= 1.1 * self.size or (
            self.bold_speaks and line.bold and line.size >= 0.9 * self.size
        )

    def small(self, line: PdfLine) -> bool:
        """Whether a line is set as notes are."""
        return line.size <= 0.92 * self.size


def type_of(sheets: Sequence[Sheet], grids: Sequence[Sequence[Grid]]) -> Type:
    """The body's type: what most characters outside tables are set in."""
    sizes: Counter[float] = Counter()
    bold = 0
    free = (
        line
        for sheet, tables in zip(sheets, grids, strict=True)
        for line in sheet.lines
        if not (line.picture or line.turned or any(grid.holds(line) for grid in tables))
    )
    for line in free:
        sizes[line.size] += len(line.text)
        bold += len(line.text) * line.bold
    if not sizes:
        return Type(11.0, bold_speaks=True)
    return Type(sizes.most_common(1)[0][0], bold_speaks=bold < 0.4 * sizes.total())


def title_sizes(
    sheets: Sequence[Sheet], gone: frozenset[tuple[int, int]], body: Type
) -> list[float]:
    """The sizes that headings are set in, largest first."""
    sizes = {
        line.size
        for s, sheet in enumerate(sheets)
        for k, line in enumerate(sheet.lines)
        if (s, k) not in gone and line.size >= 1.1 * body.size
    }
    return sorted(sizes, reverse=True)


def _steps(sheets: Sequence[Sheet], body: Type) -> Iterator[tuple[PdfLine, PdfLine, float]]:
    """Lines of the body one under the other, with the edge of their page."""
    for sheet in sheets:
        for a, b in pairwise(sheet.lines):
            if a.size == b.size == body.size and a.bottom < b.bottom and a.region == b.region:
                yield a, b, a.edge


def leading(sheets: Sequence[Sheet], body: Type) -> float:
    """The distance of base lines in the body, as a multiple of its size."""
    steps: Counter[float] = Counter()
    for a, b, _ in _steps(sheets, body):
        if b.bottom - a.bottom < 3 * a.size:
            steps[round((b.bottom - a.bottom) / a.size, 1)] += 1
    return steps.most_common(1)[0][0] if steps else 1.25


def apart(last: PdfLine, line: PdfLine, usual: float) -> bool:
    """Whether more than the usual leading lies between two lines of one page."""
    if last.page != line.page:
        return False
    step = line.bottom - last.bottom
    return step > 1.25 * usual * max(last.size, line.size) or step < -last.size


def spaced(sheets: Sequence[Sheet], body: Type, usual: float) -> bool:
    """Whether space parts the paragraphs: after lines that end early there mostly is some."""
    early = [(a, b) for a, b, edge in _steps(sheets, body) if a.terminal and a.right < 0.8 * edge]
    return sum(apart(a, b, usual) for a, b in early) > 0.75 * len(early)


def first_inset(sheets: Sequence[Sheet], body: Type) -> float:
    """How far first lines of paragraphs are set in, where that is how paragraphs start; else 0."""
    insets: Counter[float] = Counter()
    for sheet in sheets:
        for a, b, c in zip(sheet.lines, sheet.lines[1:], sheet.lines[2:], strict=False):
            inset = b.left - b.base
            alone = abs(a.left - a.base) < 1 and abs(c.left - c.base) < 1 and a.region == c.region
            if alone and a.size == b.size == c.size == body.size and 0.8 < inset / b.size < 4:
                insets[float(round(inset))] += 1
    inset, count = next(iter(insets.most_common(1)), (0.0, 0))
    return inset if count >= _LEAST_INSET else 0.0
