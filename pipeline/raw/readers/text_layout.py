"""From the lines of a plain text to blocks: paragraphs, numbers, bullets, headings, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.raw.readers import headings, hyphens, numbering, text_breaks, text_notes
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.numbering import Marker
from pipeline.raw.readers.text_grids import Grid
from pipeline.raw.readers.text_habits import Habits
from pipeline.raw.readers.text_lines import TextLine, cited
from pipeline.span import BlockKind

_FUNCTION = re.compile(
    r"\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|that|the|their|to|with|which|who|was|were|"
    r"is|are|be|had|has|Mr|Mrs|Ms|Dr)$"
)
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_RANGE = re.compile(r"\d[-–]$")
_REFERS = re.compile(r"(?:\d|aragraph|ara|ection|egulation|s\.|rticle|ppendix|able)\.?$")
# A note's number alone on its line, or before its words: "[1] See", "1See", "1 See".
_NOTE = re.compile(r"\[?(\d{1,3})(?:\]?$|\] ?(?=\S)|\s?(?=[A-Z‘“'\"]))")
# An entry of a list of contents: it counts for no run of numbers.
_CONTENTS = re.compile(r"(?:\D\s|\.{4}|…)\d{1,3}$")
_LEADERS = re.compile(r"\s*(?:\.\s?){4,}\s*\d*\s*$|…{2,}\s*\d*\s*$")


@dataclass(slots=True)
class _Open:
    """A block while lines are added to it."""

    kind: BlockKind
    lines: list[TextLine]
    marker: Marker | None = None
    later: list[Draft] = field(default_factory=list)

    @property
    def last(self) -> TextLine:
        return self.lines[-1]


class Layout:
    """Groups lines into blocks; feed it lines in order, then ask for the drafts."""

    def __init__(
        self,
        lines: Sequence[TextLine],
        gone: frozenset[int],
        how: Habits,
        grids: Iterable[Grid] = (),
    ) -> None:
        self._lines = lines
        self._grids = {grid.start: grid for grid in grids}
        self._signs: list[int] = []  # where a note's sign is glued to a year, in the source
        self._gone = gone
        self._how = how
        self._forms = hyphens.Forms(line.text for line in lines)
        self._drafts: list[Draft] = []
        self._open: _Open | None = None
        self._runs = numbering.Runs()
        self._note = 0
        self._table: tuple[tuple[str, ...], int] = (), 0  # the last table's kinds and place
        # What stood between the open block and the next line: furniture or a note, empty lines.
        self._break, self._blanks = False, 0

    def drafts(self) -> tuple[Draft, ...]:
        """The blocks in reading order, with furniture where it stood and notes after their text."""
        index = 0
        while index < len(self._lines):
            index = self._take(index)
        self._close()
        return headings.settled(text_notes.set_apart(self._drafts, self._signs))

    def _take(self, index: int) -> int:
        """Adds the line, or the note that starts with it; the index of the next line."""
        line = self._lines[index]
        if index in self._gone:
            self._later(Draft(BlockKind.FURNITURE, (Stretch(line.text, line.start),), line.page))
            self._break, self._blanks = True, max(self._blanks, line.blanks)
            return index + 1
        if (grid := self._grids.get(index)) is not None:
            self._take_grid(grid)
            return grid.end
        if (end := self._note_end(index)) > index:
            self._take_note(index, end)
            self._break, self._blanks = True, 0
            return end
        if self._break:
            line = replace(line, blanks=max(line.blanks, self._blanks))
        mark = self._named(index, self._marker(line))
        pointed = mark is None and self._is_pointed(index, line)
        if pointed or not self._goes_on(index, line, mark):
            self._close()
            self._start(line, mark, put_in=pointed)
        elif self._open is not None:
            self._open.lines.append(line)
        self._break, self._blanks = False, 0
        return index + 1

    def _named(self, index: int, mark: Marker | None) -> Marker | None:
        """A bare number alone on its line is a paragraph's only if a sentence stands below it."""
        line = self._lines[index]
        if mark is None or mark.sure or mark.bullet or mark.length < len(line.text):
            return mark
        after = self._lines[index + 1].text if index + 1 < len(self._lines) else ""
        return mark if after[:1].isupper() and len(after.split()) > 3 else None

    def _take_grid(self, grid: Grid) -> None:
        """Adds a table, or its rows to the table of the same kinds that ended the page before."""
        self._close()
        named = self._lines[grid.head].start if grid.head < grid.start else None
        self._drafts = headings.lowered(self._drafts, named)
        table = Draft(BlockKind.TABLE, (), self._lines[grid.start].page, rows=grid.rows)
        kinds, at = self._table
        if (
            not grid.kinds
            or grid.kinds != kinds
            or any(
                draft.kind not in (BlockKind.FURNITURE, BlockKind.FOOTNOTE)
                for draft in self._drafts[at + 1 :]
            )
        ):
            self._table = grid.kinds, len(self._drafts)
            self._drafts.append(table)
        else:
            above = self._drafts[at]
            self._drafts[at] = replace(above, rows=above.rows + grid.rows)
        self._break, self._blanks = False, 0

    def _later(self, draft: Draft) -> None:
        """Puts a draft after the block that is open, so that the block may go on."""
        if self._open is None:
            self._drafts.append(draft)
        else:
            self._open.later.append(draft)

    # -- notes ------------------------------------------------------------------------------

    def _note_end(self, index: int) -> int:
        """Where a footnote that starts at the line ends; the index itself if none starts.

        In a text a note is its number alone on a line, next in the count and glued to a word
        of the lines before, with its words after it.
        """
        lines, line = self._lines, self._lines[index]
        sign = _NOTE.match(line.text)
        if sign is None or int(sign.group(1)) != self._note + 1 or index + 1 >= len(lines):
            return index
        bracketed = line.text.startswith("[") and self._may_start(line)
        if not bracketed and not cited(lines, index, sign.group(1)):
            return index
        end = index + 1
        while end < len(lines) and end not in self._gone and not self._after_note(index, end):
            end += 1
        return end if end > index + 1 or not line.text.isdecimal() else index

    def _after_note(self, index: int, at: int) -> bool:
        """Whether the line stands after the note's words."""
        if at == index + 1 and self._lines[index].text.isdecimal():
            return False
        line, before = self._lines[at], self._lines[at - 1]
        if line.broken or line.text.isdecimal() or line.blanks > 0:
            return True
        if self._how.pointed and line.indent:
            return True
        ended = before.terminal and not self._how.width.full(before, line.text)
        return ended and not line.lower

    def _take_note(self, index: int, end: int) -> None:
        sign, *words = self._lines[index:end]
        parts = self._text([sign, *words])
        self._note += 1
        self._signs += text_notes.glued(self._lines, index, str(self._note))
        draft = Draft(BlockKind.FOOTNOTE, parts, sign.page, number=str(self._note))
        self._later(draft)

    # -- what starts, what goes on ------------------------------------------------------------

    def _marker(self, line: TextLine) -> Marker | None:
        """The mark that a line starts with, if it stands in its place in the count."""
        mark = numbering.marker(line.text)
        if self._open is not None and _in_range(self._open.last, line):
            return None
        if mark is None or mark.number is None:
            same = self._open is not None and self._same_bullet(self._open, line)
            return mark if mark and (mark.sure or same or self._may_start(line)) else None
        free = self._may_start(line)
        if mark.depth == 0 and mark.sure and self._open is not None:
            last = self._open.last
            refers = _REFERS.search(last.text[-14:]) and self._how.width.full(last, line.text)
            return None if refers and not self._blank(line) else mark
        if mark.depth == 0:
            return mark if free and (mark.sure or mark.length < len(line.text)) else None
        if self._runs.takes(mark.number, title=_title(line)):
            # "2009." may end a sentence; a number in its turn starts a paragraph.
            return mark if mark.sure or free else None
        return mark if free and numbering.begins(mark, line.text) else None

    def _same_bullet(self, block: _Open, line: TextLine) -> bool:
        """Whether a line starts with the sign of the bullet that is open: "o" or a dash."""
        return block.kind is BlockKind.BULLET and block.lines[0].text[:2] == line.text[:2]

    def _may_start(self, line: TextLine) -> bool:
        """Whether nothing says that the line goes on from the one before."""
        if self._open is None or self._alone():
            return True
        last = self._open.last
        if self._blank(line) and (last.terminal or not self._how.width.full(last, line.text)):
            return True
        return last.terminal or not self._how.width.full(last, line.text)

    def _alone(self) -> bool:
        """Whether the open block is so far a number alone on its line."""
        block = self._open
        if block is None or block.marker is None or len(block.lines) > 1:
            return False
        return block.marker.length >= len(block.lines[0].text)

    def _blank(self, line: TextLine) -> bool:
        return line.blanks > (1 if self._how.spaced else 0)

    def _goes_on(self, index: int, line: TextLine, mark: Marker | None) -> bool:
        """Whether the line belongs to the open block."""
        block = self._open
        if block is None:
            return False
        if self._alone() and line.text.isdecimal():
            return False
        if self._alone():
            return mark is None or not (mark.bullet or mark.sure)
        if mark is not None:
            return False
        if _LEADERS.search(block.last.text):
            return False
        return self._joins(index, block.last, line)

    def _over_page(self, last: TextLine, line: TextLine) -> bool:
        """Whether a paragraph goes on below what stands between two pages."""
        lines = [last] if self._open is None else self._open.lines
        narrow = text_breaks.fills_narrow(lines, line, self._how.width)
        if not (narrow or self._how.width.full(last, line.text)):
            return line.lower and not last.terminal
        # Where every paragraph has a number, one without goes on with the one before.
        marked = self._open is not None and self._open.marker is not None
        # A short line may be a heading on top of the new page.
        long = self._how.width.of(line.text) > 0.6 * self._how.width.edge
        return not last.terminal or (self._how.numbered and marked and long)

    def _inset(self) -> float:
        """The share of the width that the open block's number or bullet takes."""
        block = self._open
        if block is None or not self._how.width.proportional:
            return 0.0
        marked = block.kind is BlockKind.BULLET or (block.marker is not None and block.marker.depth)
        return 0.05 if marked else 0.0

    def _titles(self, index: int, last: TextLine, line: TextLine) -> bool:
        """Whether a heading stands right below a full line that ends a sentence."""
        after = index + 1
        while after < len(self._lines) and after in self._gone:
            after += 1
        below = self._lines[after] if after < len(self._lines) else None
        turned = self._break or (self._how.pointed and line.indent == 1)
        return text_breaks.stands_as_title(
            last, line, below, self._how.width, turned=turned, spaced=self._how.spaced
        )

    def _joins(self, index: int, last: TextLine, line: TextLine) -> bool:
        apart = self._how.pointed and line.indent > 0 and not line.lower
        full = self._how.width.full(last, line.text, strict=apart, inset=self._inset())
        hangs = last.text.endswith(",") or bool(_FUNCTION.search(last.text[-12:]))
        if hyphens.ends_broken(last.text) and line.text[:1].islower():
            return True
        if self._titles(index, last, line):
            return False
        if (self._break or apart) and self._open is not None:
            full = full or text_breaks.fills_narrow(self._open.lines, line, self._how.width)
        if self._break and self._how.width.edge and not line.indent:
            return self._over_page(last, line)
        if self._blank(line):
            # A sentence that goes on below an empty line; a capital needs a comma before it.
            return full and not last.terminal and (line.lower or last.text.endswith(","))
        if full or (hangs and not last.text.endswith(",")) or _in_range(last, line):
            return True
        if last.text[-1:].isdecimal() and _MONTH.match(line.text):
            return True
        wrapped = self._how.width.edge > 0 and len(last.text) <= 1.35 * self._how.width.edge
        if line.text[0].isdecimal() and wrapped and not last.terminal:
            return self._how.width.of(last.text) > 0.8 * self._how.width.edge
        return line.lower and not last.terminal and (wrapped or len(last.text) >= 40 or hangs)

    def _is_pointed(self, index: int, line: TextLine) -> bool:
        """Whether a line is a bullet only because one space stands before it."""
        if not self._how.pointed or not line.indent:
            return False
        after = self._lines[index + 1].text if index + 1 < len(self._lines) else ""
        counted = (mark := numbering.marker(after)) is not None and mark.depth > 0
        named = not (line.lower or line.terminal)
        short = len(line.text) < 40 and not self._in_list(line)
        title = named and (short or (counted and len(line.text) < 70))
        return line.indent > 1 or not (title or self._page_start(line))

    def _in_list(self, line: TextLine) -> bool:
        """Whether a bullet is open that starts as the line does, small or capital."""
        block = self._open
        if block is None or block.kind is not BlockKind.BULLET:
            return False
        return block.lines[0].lower == line.lower

    def _page_start(self, line: TextLine) -> bool:
        """In a text of one-space bullets: whether the space is a page's start and no bullet."""
        block = self._open
        if block is None:
            return True
        reached = self._how.width.full(block.last, line.text, strict=True)
        in_list = self._in_list(line)
        if not in_list:
            reached = reached or text_breaks.fills_narrow(block.lines, line, self._how.width)
        ended = block.last.terminal or not reached
        if self._break:
            return not (in_list and ended)
        if not ended:
            return True
        if in_list or line.lower or block.last.text.endswith(":"):
            return False
        return block.last.terminal

    def _start(self, line: TextLine, mark: Marker | None, *, put_in: bool) -> None:
        bullet = put_in or (mark is not None and mark.bullet)
        if mark is not None and mark.number and mark.depth and not _CONTENTS.search(line.text):
            self._runs.note(mark.number, title=_title(line))
        kind = BlockKind.BULLET if bullet else BlockKind.PARAGRAPH
        self._open = _Open(kind, [line], mark)

    # -- closing ------------------------------------------------------------------------------

    def _text(self, lines: Sequence[TextLine]) -> tuple[Stretch, ...]:
        return hyphens.joined((Stretch(li.text, li.start) for li in lines), self._forms)

    def _close(self) -> None:
        block, self._open = self._open, None
        if block is None:
            return
        first = block.lines[0]
        number = block.marker.number if block.marker else None
        parts = self._text(block.lines)
        if block.kind is BlockKind.BULLET:
            parts = numbering.bulleted(parts, block.marker)
        kind = block.kind
        if kind is BlockKind.PARAGRAPH and headings.may_be(parts, block.marker, len(block.lines)):
            kind = BlockKind.HEADING
        self._drafts.append(Draft(kind, parts, first.page, number))
        self._drafts += block.later


def _title(line: TextLine) -> bool:
    """Whether a line with a number may be a heading: short, and no sentence ends it."""
    return len(line.text) < 70 and not line.terminal


def _in_range(last: TextLine, line: TextLine) -> bool:
    """Whether a line break stands inside a range of numbers: "2008-" and "09"."""
    return bool(_RANGE.search(last.text[-3:])) and line.text[:1].isdecimal()
