"""From the lines of a PDF's pages to blocks in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.raw.readers import headings, hyphens, numbering, pdf_type
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.numbering import Marker
from pipeline.raw.readers.pdf_lines import PdfLine, Sheet
from pipeline.raw.readers.pdf_type import NOTE_START
from pipeline.span import BlockKind

_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\w*\s*$|…{2,}\s*\w*\s*$")
_HEADING_LINES = 4
_HANGING = re.compile(
    r"\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|the|their|to|with)$|[,&–-]$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table of a page: its rows of cells, and its edges as shown.

    `unsure` is true where its text was recognised from a picture.
    """

    rows: tuple[tuple[str, ...], ...]
    left: float
    top: float
    right: float
    bottom: float
    unsure: bool = False

    def holds(self, line: PdfLine) -> bool:
        """Whether the middle of a line lies inside the table."""
        x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(slots=True)
class _Open:
    kind: BlockKind
    lines: list[PdfLine]
    marker: Marker | None
    title: bool
    later: list[Draft] = field(default_factory=list)

    @property
    def last(self) -> PdfLine:
        return self.lines[-1]

    def same_bullet(self, line: PdfLine) -> bool:
        """Whether a line starts with the sign of the bullet that is open: "o" or a dash."""
        return self.kind is BlockKind.BULLET and self.lines[0].text[:2] == line.text[:2]


def _stretch(line: PdfLine) -> Stretch:
    return Stretch(line.text, unsure=line.unsure)


class PdfLayout:
    """Groups the lines of sheets into blocks; `drafts` gives them in reading order."""

    def __init__(self, sheets: Sequence[Sheet], grids: Sequence[Sequence[Grid]]) -> None:
        self._sheets = sheets
        self._grids = grids
        self._type = pdf_type.type_of(sheets)
        self._gone = pdf_type.furniture_lines(sheets)
        self._forms = hyphens.Forms(line.text for sheet in sheets for line in sheet.lines)
        self._ranks = pdf_type.title_sizes(sheets, self._gone, self._type)
        self._leading = pdf_type.leading(sheets, self._type)
        self._spaced = pdf_type.spaced(sheets, self._type, self._leading)
        self._lefts = {sheet.page: pdf_type.left_edge(sheet.lines) for sheet in sheets}
        self._drafts: list[Draft] = []
        self._open: _Open | None = None
        self._number: str | None = None
        self._edge = 0.0

    def drafts(self) -> tuple[Draft, ...]:
        """The blocks; furniture where it stood, notes and furniture after what goes on."""
        for index in range(len(self._sheets)):
            self._page(index)
        self._close()
        return tuple(self._drafts)

    # -- pages ----------------------------------------------------------------------------------

    def _page(self, index: int) -> None:
        sheet = self._sheets[index]
        gone = {k for s, k in self._gone if s == index}
        grids = self._grids[index]
        held = {k for k, line in enumerate(sheet.lines) if any(g.holds(line) for g in grids)}
        notes = set(pdf_type.note_lines(sheet, gone, held, self._type))
        waiting = list(grids)
        body = [li for k, li in enumerate(sheet.lines) if k not in gone | notes]
        edge = pdf_type.right_edge(body)
        self._edge = self._edge or edge
        for k, line in enumerate(sheet.lines):
            if k in gone:
                self._later(Draft(BlockKind.FURNITURE, (_stretch(line),), sheet.page))
            elif k not in notes:
                self._take(line, waiting, grids)
                self._edge = edge
        for grid in waiting:
            self._table(grid, sheet.page)
        for note in self._notes(sheet, sorted(notes)):
            self._later(note)

    def _take(self, line: PdfLine, waiting: list[Grid], grids: Sequence[Grid]) -> None:
        inside = next((grid for grid in grids if grid.holds(line)), None)
        if inside is None:
            self._add(line)
        elif inside in waiting:
            waiting.remove(inside)
            self._table(inside, line.page)

    def _table(self, grid: Grid, page: int) -> None:
        self._close()
        rows = tuple(tuple(self._cell(c, grid.unsure) for c in row) for row in grid.rows)
        self._drafts.append(Draft(BlockKind.TABLE, (), page, rows=rows))

    def _cell(self, cell: str, unsure: bool) -> tuple[Stretch, ...]:
        parts = (Stretch(part.strip(), unsure=unsure) for part in cell.split("\n"))
        return hyphens.joined(parts, self._forms)

    def _notes(self, sheet: Sheet, at: Sequence[int]) -> list[Draft]:
        """The footnotes of a page, one draft each."""
        notes: list[list[PdfLine]] = []
        last = 0
        for k in at:
            line = sheet.lines[k]
            sign = NOTE_START.match(line.text)
            number = int(sign.group()) if sign and sign.group().isdecimal() else 0
            if not notes or (sign and (number == last + 1 or (not last and number) or not number)):
                notes.append([line])
                last = number
            else:
                notes[-1].append(line)
        return [self._note(lines) for lines in notes]

    def _note(self, lines: Sequence[PdfLine]) -> Draft:
        sign = NOTE_START.match(lines[0].text)
        number = sign.group() if sign else None
        text = lines[0].text
        if number and text[len(number) : len(number) + 1].isalpha():
            text = f"{number} {text[len(number) :]}"
        parts = [_stretch(lines[0]).saying(text), *map(_stretch, lines[1:])]
        joined = hyphens.joined(parts, self._forms)
        return Draft(BlockKind.FOOTNOTE, joined, lines[0].page, number)

    def _later(self, draft: Draft) -> None:
        if self._open is None:
            self._drafts.append(draft)
        else:
            self._open.later.append(draft)

    # -- lines ----------------------------------------------------------------------------------

    def _add(self, line: PdfLine) -> None:
        mark = self._marker(line)
        if self._open is not None and self._goes_on(self._open, line, mark):
            self._open.lines.append(line)
            return
        self._close()
        if mark is not None and mark.depth:
            self._number = mark.number
        kind = BlockKind.BULLET if mark is not None and mark.bullet else BlockKind.PARAGRAPH
        self._open = _Open(kind, [line], mark, self._type.title(line))

    def _marker(self, line: PdfLine) -> Marker | None:
        mark = numbering.marker(line.text)
        if mark is None:
            return None
        free = self._open is None or self._free(self._open, line)
        if mark.depth and numbering.follows(mark.number or "", self._number, skip=3):
            return mark if mark.sure or free else None
        if mark.depth:
            return mark if mark.sure and free else None
        same = self._open is not None and self._open.same_bullet(line)
        return mark if mark.sure or free or same else None

    def _free(self, block: _Open, line: PdfLine) -> bool:
        """Whether nothing says that a line goes on from the block's last one."""
        last = block.last
        return (
            last.terminal
            or self._type.title(last)
            or not self._full(last, line)
            or self._apart(last, line)
        )

    def _full(self, last: PdfLine, line: PdfLine) -> bool:
        """Whether the last line could not have taken the first word of the next."""
        letter = (line.right - line.left) / max(1, len(line.text))
        word = len(line.text.split(None, 1)[0]) * letter
        slack = 1.0 if last.terminal else 2.5
        return last.right + word + 0.5 * letter > self._edge - slack * letter

    def _apart(self, last: PdfLine, line: PdfLine) -> bool:
        return pdf_type.apart(last, line, self._leading)

    def _goes_on(self, block: _Open, line: PdfLine, mark: Marker | None) -> bool:
        last = block.last
        alone = block.marker is not None and block.marker.length >= len(last.text.rstrip())
        if mark is not None or line.turned != last.turned:
            return alone and len(block.lines) == 1 and mark is None
        if alone and len(block.lines) == 1:
            return not self._apart(last, line)
        if _LEADERS.search(last.text):
            return False
        title = self._type.title(line)
        if block.title or title:
            return block.title and title and self._same_title(block, line)
        other = abs(line.size - last.size) > 0.08 * last.size and last.page == line.page
        if other and (last.terminal or not line.lower):
            return False
        return self._same_paragraph(block, line)

    def _same_title(self, block: _Open, line: PdfLine) -> bool:
        last = block.last
        if last.page != line.page or last.size != line.size or last.bold != line.bold:
            return False
        step = line.bottom - last.bottom
        if not 0 < step <= 1.6 * line.size or len(block.lines) >= _HEADING_LINES:
            return False
        # Bold paragraphs run on; two headings one under the other do not.
        going = line.lower or bool(_HANGING.search(last.text)) or self._full(last, line)
        return not last.terminal and (going or line.size > 1.1 * self._type.size)

    def _same_paragraph(self, block: _Open, line: PdfLine) -> bool:
        last = block.last
        if hyphens.ends_broken(last.text) and line.text[0].isalnum():
            return True
        full = self._full(last, line)
        if not line.lower and not self._in_place(block, line):
            return False
        going = not last.terminal and (line.lower or full)
        if last.page != line.page:
            return going or (full and self._hangs(block))
        if line.bottom - last.bottom < -last.size:  # up again: the next column
            return not last.terminal and line.lower
        if self._apart(last, line):
            return going and line.lower and 0 < line.bottom - last.bottom < 4 * line.size
        if self._indented(block, line):
            return going
        # Where empty space parts paragraphs, a line without it goes on, unless it ended early.
        near = self._spaced and last.right > 0.75 * self._edge
        return going or near or full

    def _inset(self, line: PdfLine) -> float:
        """How far a line starts from its page's left edge."""
        return line.left - self._lefts.get(line.page, 0.0)

    def _in_place(self, block: _Open, line: PdfLine) -> bool:
        """Whether a line starts where the lines of the block do."""
        apart = self._inset(line) - self._inset(block.last)
        if len(block.lines) > 1 and self._hangs(block):
            return abs(apart) < 0.5 * line.size
        return apart > -0.5 * line.size or (len(block.lines) == 1 and not block.marker)

    def _hangs(self, block: _Open) -> bool:
        """Whether the lines after the first are set in: so the next paragraph would show."""
        return self._inset(block.last) > self._inset(block.lines[0]) + 0.5 * block.last.size

    def _indented(self, block: _Open, line: PdfLine) -> bool:
        """Whether a line is set in from the one before, as new paragraphs may be."""
        return len(block.lines) > 1 and line.left > block.last.left + 0.7 * line.size

    # -- closing --------------------------------------------------------------------------------

    def _close(self) -> None:
        block, self._open = self._open, None
        if block is None:
            return
        parts = hyphens.joined(map(_stretch, block.lines), self._forms)
        kind, level = self._kind(block, parts)
        if kind is BlockKind.BULLET:
            parts = numbering.bulleted(parts, block.marker)
        number = block.marker.number if block.marker else None
        self._drafts.append(Draft(kind, parts, block.lines[0].page, number, level))
        self._drafts += block.later

    def _kind(self, block: _Open, parts: Sequence[Stretch]) -> tuple[BlockKind, int | None]:
        if block.kind is not BlockKind.PARAGRAPH or len(block.lines) > _HEADING_LINES:
            return block.kind, None
        text = "".join(part.text for part in parts)
        first = block.lines[0]
        large = first.size >= 1.1 * self._type.size
        ended = text[-1:] in ".;," and not large
        ended = ended or bool(_LEADERS.search(text))
        titled = block.title and len(text) <= 250 and not ended and any(c.isalpha() for c in text)
        capitals = text.isupper() and headings.may_be(parts, block.marker, len(block.lines))
        if not titled and not capitals:
            return block.kind, None
        return BlockKind.HEADING, self._level(block, first)

    def _level(self, block: _Open, first: PdfLine) -> int:
        if block.marker is not None and block.marker.depth:
            return min(6, block.marker.depth)
        larger = [size for size in self._ranks if size >= first.size]
        return min(6, max(1, len(larger) + (0 if first.size in self._ranks else 1)))
