"""From the lines of a PDF's pages to blocks in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.raw.document import UnreadKind
from pipeline.raw.readers import (
    headings,
    hyphens,
    numbering,
    pdf_continued,
    pdf_furniture,
    pdf_notes,
    pdf_regions,
    pdf_type,
)
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.numbering import Marker
from pipeline.raw.readers.pdf_continued import Cell, Grid
from pipeline.raw.readers.pdf_lines import PdfLine, Sheet
from pipeline.raw.readers.pdf_notes import Noted
from pipeline.span import BlockKind

# An entry of a list of contents: it counts for no run of numbers.
_CONTENTS = re.compile(r"(?:\D\s|\.{4}|…)\d{1,3}$")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\w*\s*$|…{2,}\s*\w*\s*$")
_HEADING_LINES = 4
# In sizes of the type: so far spaces at a line's start may move it.
_SPACES = 0.95
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)?\d\d))?")
PICTURE = "A picture. What it shows was not read."
_LISTING = re.compile(r"(?:table of |list of )?contents(?: page)?:?", re.IGNORECASE)
_HANGING = re.compile(
    r"\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|the|their|to|with)$|[,&–-]$", re.IGNORECASE
)


@dataclass(slots=True)
class _Open:
    kind: BlockKind
    lines: list[PdfLine]
    marker: Marker | None
    title: bool
    sign: Stretch | None = None
    later: list[Noted] = field(default_factory=list)

    @property
    def last(self) -> PdfLine:
        return self.lines[-1]

    def same_bullet(self, line: PdfLine) -> bool:
        """Whether a line starts with the sign of the bullet that is open: "o" or a dash."""
        return self.kind is BlockKind.BULLET and self.lines[0].text[:2] == line.text[:2]


def _cites(grid: Grid, page: int) -> tuple[tuple[int, str], ...]:
    return tuple((page, sign) for sign in grid.signs)


class PdfLayout:
    """Groups the lines of sheets into blocks; `drafts` gives them in reading order."""

    def __init__(self, sheets: Sequence[Sheet], grids: Sequence[Sequence[Grid]]) -> None:
        self._sheets = sheets
        self._grids = grids
        self._type = pdf_type.type_of(sheets, grids)
        self._gone = pdf_furniture.lines(sheets, self._type)
        texts = [line.text for sheet in sheets for line in sheet.lines]
        self._forms = hyphens.Forms(texts, texts)
        self._ranks = pdf_type.title_sizes(sheets, self._gone, self._type)
        self._leading = pdf_type.leading(sheets, self._type)
        self._spaced = pdf_type.spaced(sheets, self._type, self._leading)
        self._first_inset = pdf_type.first_inset(sheets, self._type)
        # The signs of the last page whose notes did not stand there.
        self._uncited: frozenset[str] = frozenset()
        self._drafts: list[Noted] = []
        self._open: _Open | None = None
        self._runs = numbering.Runs()
        self._listing = False
        self._counted = [0, 0]
        # The last table while nothing stands below it: its place among the drafts, and its grid.
        self._table_above: tuple[int, Grid] | None = None

    def drafts(self) -> tuple[Draft, ...]:
        """The blocks; furniture where it stood, notes behind the blocks that cite them."""
        notes: list[Noted] = []
        for index in range(len(self._sheets)):
            notes += self._page(index)
        self._close()
        return pdf_notes.woven(self._drafts, notes)

    # -- pages ----------------------------------------------------------------------------------

    def _page(self, index: int) -> Sequence[Noted]:
        """Takes one page's lines; its notes come back."""
        sheet = self._sheets[index]
        gone = {k for s, k in self._gone if s == index}
        grids = self._grids[index]
        held = {k for g in grids for k, line in enumerate(sheet.lines) if g.holds(line)}
        at = pdf_notes.note_lines(sheet, gone, held, self._type, self._uncited)
        waiting = list(grids)
        boxes: dict[int, list[PdfLine]] = {}
        for k, line in enumerate(sheet.lines):
            if line.region >= pdf_regions.BOX and k not in held | gone:
                boxes.setdefault(line.region, []).append(line)
        for k, line in enumerate(sheet.lines):
            if k in gone:
                self._later(Draft(BlockKind.FURNITURE, (line.stretch,), sheet.page))
            elif k in at:
                continue
            elif line.region in boxes and k not in held:
                self._box(boxes.pop(line.region))
            elif line.region < pdf_regions.BOX or k in held:
                self._take(line, waiting, grids)
        for grid in waiting:
            self._table(grid, sheet.page)
        notes = pdf_notes.notes(sheet, sorted(at), self._forms)
        signs = {sign for k, line in enumerate(sheet.lines) if k not in at for sign in line.signs}
        self._uncited = frozenset(signs - {note.draft.number for note in notes})
        return notes

    def _take(self, line: PdfLine, waiting: list[Grid], grids: Sequence[Grid]) -> None:
        inside = next((grid for grid in grids if grid.holds(line)), None)
        if line.picture:
            seen = ((UnreadKind.PICTURE, line.page, PICTURE),)
            self._later(Draft(BlockKind.PARAGRAPH, (line.stretch,), line.page, seen=seen))
        elif inside is None:
            self._add(line)
        elif inside in waiting:
            waiting.remove(inside)
            self._table(inside, line.page)

    def _table(self, grid: Grid, page: int) -> None:
        if self._open is not None:
            self._close()
        above = self._table_above
        if above is not None and pdf_continued.goes_on(above[1], grid):
            at, head = above
            before = self._drafts[at]
            rows = pdf_continued.rows_under(before.draft.rows, self._rows(grid), self._forms)
            draft = replace(before.draft, rows=rows)
            self._drafts[at] = Noted(draft, (*before.cites, *_cites(grid, page)))
            self._table_above = at, head
            return
        self._table_above = len(self._drafts), grid
        draft = Draft(BlockKind.TABLE, (), page, rows=self._rows(grid))
        self._drafts.append(Noted(draft, _cites(grid, page)))

    def _rows(self, grid: Grid) -> tuple[tuple[Cell, ...], ...]:
        return pdf_continued.cells(grid.rows, self._forms)

    def _box(self, lines: Sequence[PdfLine]) -> None:
        """The lines of a box beside the text, as blocks of their own behind the open one."""
        before, self._open = self._open, None
        drafts, self._drafts = self._drafts, []
        for line in lines:
            self._add(line)
        self._close()
        made, self._drafts, self._open = self._drafts, drafts, before
        if before is None:
            self._drafts += made
        else:
            before.later += made

    def _later(self, draft: Draft) -> None:
        if self._open is None:
            self._drafts.append(Noted(draft))
        else:
            self._open.later.append(Noted(draft))

    # -- lines ----------------------------------------------------------------------------------

    def _add(self, line: PdfLine) -> None:
        self._table_above = None
        whole, (line, sign) = line, pdf_notes.without_sign(line)
        mark = self._marker(line)
        if sign is not None and (mark is None or not mark.depth):
            line, sign, mark = whole, None, self._marker(whole)
        if self._open is not None and self._goes_on(self._open, line, mark):
            self._open.lines.append(line)
            return
        self._close()
        if self._type.title(line):
            self._listing = _LISTING.fullmatch(line.text.strip()) is not None
        if mark is not None and mark.number and mark.depth and self._counts(line, mark):
            self._runs.note(mark.number, title=self._type.title(line))
        kind = BlockKind.BULLET if mark is not None and mark.bullet else BlockKind.PARAGRAPH
        self._open = _Open(kind, [line], mark, self._type.title(line), sign)

    def _counts(self, line: PdfLine, mark: Marker) -> bool:
        """Whether a number counts for its run: not in a list of contents, and not alone."""
        alone = mark.length >= len(line.text)
        return not (self._listing or alone or _CONTENTS.search(line.text))

    def _marker(self, line: PdfLine) -> Marker | None:
        mark = numbering.marker(line.text)
        if mark is None:
            return None
        free = self._open is None or self._free(self._open, line)
        title = self._type.title(line)
        if mark.number is not None and mark.depth and self._runs.takes(mark.number, title=title):
            return mark if mark.sure or free else None
        if mark.depth:
            return mark if free and numbering.begins(mark, line.text) else None
        same = self._open is not None and self._open.same_bullet(line)
        return mark if mark.sure or free or same else None

    def _free(self, block: _Open, line: PdfLine) -> bool:
        """Whether nothing says that a line goes on from the block's last one."""
        last = block.last
        return (
            last.terminal
            or self._type.title(last)
            or self._type.title(line)
            or _LEADERS.search(last.text) is not None
            or not self._full(last, line)
            or self._apart(last, line)
        )

    def _full(self, last: PdfLine, line: PdfLine, *, title: bool = False) -> bool:
        """Whether the last line could not have taken the first word of the next.

        Titles may be centred, and are broken where they are full and nowhere else.
        """
        letter = (line.right - line.left) / max(1, len(line.text))
        word = len(line.text.split(None, 1)[0]) * letter
        slack = 0.5 if title else (1.0 if last.terminal else 2.5)
        reach = last.reach if title else last.right
        return reach + word + 0.5 * letter > last.edge - slack * letter

    def _apart(self, last: PdfLine, line: PdfLine) -> bool:
        return pdf_type.apart(last, line, self._leading)

    def _goes_on(self, block: _Open, line: PdfLine, mark: Marker | None) -> bool:
        last = block.last
        alone = block.marker is not None and block.marker.length >= len(last.text.rstrip())
        if mark is not None or line.turned != last.turned:
            return alone and len(block.lines) == 1 and mark is None
        if line.page == last.page and not pdf_regions.flows(last, line):
            return False
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
        going = line.lower or bool(_HANGING.search(last.text))
        near = step <= 1.1 * self._title_step(block)
        return not last.terminal and (going or (near and self._full(last, line, title=True)))

    def _title_step(self, block: _Open) -> float:
        """How far apart the lines of a title stand: as those of the block do, or of the body."""
        if len(block.lines) > 1:
            return block.last.bottom - block.lines[-2].bottom
        return max(1.2, self._leading) * block.last.size

    def _same_paragraph(self, block: _Open, line: PdfLine) -> bool:
        last = block.last
        if hyphens.ends_broken(last.text) and line.text[0].isalnum():
            return True
        full = self._full(last, line)
        if not line.lower and not self._in_place(block, line):
            return False
        # A digit goes on as a small letter does, where the line before was nearly full.
        digit = line.text[0].isdecimal() and last.right > 0.75 * last.edge
        going = not last.terminal and (line.lower or full or digit)
        if last.page != line.page or last.region != line.region:
            marked = self._hangs(block) or (block.marker is not None and self._numbered)
            return going or (full and marked)
        if line.bottom - last.bottom < -last.size:  # up again: beside what was before
            return not last.terminal and line.lower
        if self._apart(last, line):
            return going and line.lower and 0 < line.bottom - last.bottom < 4 * line.size
        if self._indented(block, line):
            return going
        # Where empty space parts paragraphs, a line without it goes on, unless it ended early.
        near = self._spaced and last.right > 0.75 * last.edge
        return going or near or full

    @property
    def _numbered(self) -> bool:
        """Whether nearly all paragraphs so far had numbers, so that one without goes on."""
        without, having = self._counted
        return having >= 5 and without <= 0.1 * having

    def _inset(self, line: PdfLine) -> float:
        """How far a line starts from the left end of its page, column or box."""
        return line.left - line.base

    def _in_place(self, block: _Open, line: PdfLine) -> bool:
        """Whether a line starts where the lines of the block do; spaces may move it a little."""
        inset, first = self._inset(line), self._inset(block.lines[0])
        apart = inset - self._inset(block.last)
        if len(block.lines) > 1 and self._hangs(block):
            hanging = inset > first + _SPACES * line.size and apart > -_SPACES * line.size
            return (-0.5 * line.size < apart or hanging) and apart < line.size
        if len(block.lines) > 1 and abs(inset - first) < 1:
            return True
        return apart > -0.5 * line.size or (len(block.lines) == 1 and not block.marker)

    def _hangs(self, block: _Open) -> bool:
        """Whether the lines after the first are set in: so the next paragraph would show."""
        least = 0.5 if block.kind is BlockKind.BULLET else _SPACES
        return self._inset(block.last) > self._inset(block.lines[0]) + least * block.last.size

    def _indented(self, block: _Open, line: PdfLine) -> bool:
        """Whether a line is set in from the one before, as new paragraphs may be.

        Where they are set in all through, one of a single line may stand above another.
        """
        if self._first_inset and len(block.lines) == 1 and block.marker is None:
            insets = self._inset(block.last), self._inset(line)
            return all(abs(inset - self._first_inset) < 1 for inset in insets)
        return len(block.lines) > 1 and line.left > block.last.left + 0.7 * line.size

    # -- closing --------------------------------------------------------------------------------

    def _close(self) -> None:
        block, self._open = self._open, None
        if block is None:
            return
        parts = hyphens.joined((line.stretch for line in block.lines), self._forms)
        parts = parts if block.sign is None else (*parts, Stretch(" "), block.sign)
        kind, level = self._kind(block, parts)
        if kind is BlockKind.BULLET:
            parts = numbering.bulleted(parts, block.marker)
        number = block.marker.number if block.marker else None
        if kind is BlockKind.PARAGRAPH and len(block.lines) > 1:
            self._counted[number is not None] += 1
        draft = Draft(kind, parts, block.lines[0].page, number, level)
        cites = tuple((line.page, sign) for line in block.lines for sign in line.signs)
        self._drafts += [Noted(draft, cites), *block.later]

    def _kind(self, block: _Open, parts: Sequence[Stretch]) -> tuple[BlockKind, int | None]:
        if _is_quote(block):
            return BlockKind.QUOTE, None
        if block.kind is not BlockKind.PARAGRAPH or len(block.lines) > _HEADING_LINES:
            return block.kind, None
        text = "".join(part.text for part in parts)
        first = block.lines[0]
        large = first.size >= 1.1 * self._type.size
        ended = text[-1:] in ".;," and not large
        ended = ended or bool(_LEADERS.search(text))
        said = text[block.marker.length if block.marker else 0 :].strip()
        worded = any(c.isalpha() for c in text) or bool(_YEAR.fullmatch(said))
        titled = block.title and len(text) <= 250 and not ended and worded
        capitals = text.isupper() and headings.may_be(parts, block.marker, len(block.lines))
        if not titled and not capitals:
            return block.kind, None
        return BlockKind.HEADING, self._level(block, first)

    def _level(self, block: _Open, first: PdfLine) -> int:
        if block.marker is not None and block.marker.depth:
            return min(6, block.marker.depth)
        larger = [size for size in self._ranks if size >= first.size]
        return min(6, max(1, len(larger) + (0 if first.size in self._ranks else 1)))


def _is_quote(block: _Open) -> bool:
    """Whether a block is set in and opens with a quotation mark."""
    first = block.lines[0]
    inset = min(line.left - line.base for line in block.lines)
    plain = block.kind is BlockKind.PARAGRAPH and block.marker is None
    return plain and first.text[0] in '“‘"' and inset > first.size
