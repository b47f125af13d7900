"""Pieces as things that a page is filled with: paragraphs, boxes beside them, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Table, TableStyle

from pipeline.training import page_lines, piece_tables
from pipeline.training.flaws import Flaws
from pipeline.training.page_lines import Line, Setting
from pipeline.training.pieces import Piece

_LEFT, _CENTRE = "left", "centre"


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of piece is set."""

    how: Setting
    leading: float
    before: float = 0.0
    after: float = 0.0
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0
    align: str = _LEFT
    lead: str = ""
    lead_face: str = ""
    lead_at: float = 0.0
    fake_bold: bool = False
    keep: bool = False
    leader: str = ""
    chapter: str = ""
    notes: tuple[tuple[str, str], ...] = field(default=())


class Set(Flowable):  # type: ignore[misc]
    """A paragraph that breaks its own lines and draws them as the flaws say."""

    def __init__(self, words: Sequence[page_lines.Word], look: Look) -> None:
        super().__init__()
        self.words = list(words)
        self.look = look
        self.lines: list[Line] | None = None
        self.begun = False
        self.keepWithNext = look.keep
        self.spaceBefore, self.spaceAfter = look.before, look.after

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """How much room the lines take."""
        del height
        look = self.look
        if self.lines is None:
            room = width - look.left - look.right
            self.lines = page_lines.lines_of(self.words, look.how, room, look.first)
        self.width = width
        return width, len(self.lines) * look.leading

    def split(self, width: float, height: float) -> list[Set]:
        """The lines that still fit, and the others."""
        self.wrap(width, height)
        lines = self.lines or []
        fit = int(height / self.look.leading)
        if fit < 1 or fit >= len(lines):
            return []
        parts = [Set([], self.look), Set([], self.look)]
        parts[0].lines, parts[1].lines = lines[:fit], lines[fit:]
        parts[1].begun = True
        return parts

    def draw(self) -> None:
        """Draws the lines; remembers the chapter and the notes for the page's edges."""
        canvas, look = self.canv, self.look
        if look.chapter and not self.begun:
            canvas.chapter = look.chapter
        if look.notes:
            last = not (self.lines and self.lines[-1].full)
            if last:
                canvas.notes = [*getattr(canvas, "notes", []), *look.notes]
        y = len(self.lines or []) * look.leading - look.how.size
        for index, line in enumerate(self.lines or []):
            top = index == 0 and not self.begun
            if top and look.lead:
                canvas.setFont(look.lead_face or look.how.face, look.how.size)
                canvas.drawString(look.lead_at, y, look.lead)
            x = look.left + (look.first if top else 0.0)
            room = self.width - look.right - x
            if look.align == _CENTRE:
                x += (room - line.width) / 2
            draw_line(canvas, x, y, line, look, room)
            if look.leader and not line.full:
                _leader(canvas, x + line.width, y, self.width, look)
            y -= look.leading


def draw_line(canvas: Canvas, x: float, y: float, line: Line, look: Look, room: float) -> None:
    """Draws one line; spread to the room where the flaws say so."""
    spare = room - line.width if line.full and len(line.words) > 1 else 0.0
    flaws = look.how.flaws
    extra = spare / (len(line.words) - 1) if spare > 0 else 0.0
    if "justified word by word" in flaws and look.align == _LEFT:
        for word in line.words:
            x = _runs(canvas, x, y, word, look) + look.how.space + extra
        return
    if "justified by spaces" not in flaws or look.align != _LEFT:
        extra = 0.0
    waiting: list[page_lines.Run] = []
    for index, word in enumerate(line.words):
        gap = " " if index else ""
        for part, run in enumerate(word):
            text = (gap if part == 0 else "") + run.text
            same = waiting and waiting[-1].rise == run.rise and waiting[-1].face == run.face
            if same:
                waiting[-1] = page_lines.Run(waiting[-1].text + text, run.face, run.size, run.rise)
            else:
                waiting.append(page_lines.Run(text, run.face, run.size, run.rise))
    for run in waiting:
        _text(canvas, x, y, run, look, extra)
        x += run.width + extra * run.text.count(" ")


def _runs(canvas: Canvas, x: float, y: float, word: page_lines.Word, look: Look) -> float:
    for run in word:
        _text(canvas, x, y, run, look, 0.0)
        x += run.width
    return x


def _text(
    canvas: Canvas, x: float, y: float, run: page_lines.Run, look: Look, extra: float
) -> None:
    for step in (0.0, 0.35) if look.fake_bold else (0.0,):
        text = canvas.beginText(x + step, y + run.rise)
        text.setFont(run.face, run.size)
        text.setWordSpace(extra)
        text.textOut(run.text)
        canvas.drawText(text)


def _leader(canvas: Canvas, x: float, y: float, right: float, look: Look) -> None:
    """Dots from the end of a title to the number of its page."""
    how = look.how
    canvas.setFont(how.face, how.size)
    number = page_lines.Run(look.leader, how.face, how.size)
    dot = page_lines.Run(".", how.face, how.size)
    count = int((right - 14 - number.width - x - 2) / dot.width)
    canvas.drawString(x + 3, y, "." * max(4, count))
    canvas.drawRightString(right - 10, y, look.leader)


class Columns(Flowable):  # type: ignore[misc]
    """A list of contents: all the titles, then all the numbers of the pages."""

    def __init__(self, titles: Sequence[Set], numbers: Sequence[str], look: Look) -> None:
        super().__init__()
        self.titles, self.numbers, self.look = list(titles), list(numbers), look

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """How much room the list takes."""
        self.width = width
        self.heights = [title.wrap(width - 60, height)[1] + 4 for title in self.titles]
        return width, sum(self.heights)

    def draw(self) -> None:
        """The titles down the page, then the numbers down the page."""
        look = self.look
        top = sum(self.heights)
        tops = [top - sum(self.heights[:n]) for n in range(len(self.heights))]
        for title, height, y in zip(self.titles, self.heights, tops, strict=True):
            title.drawOn(self.canv, 0, y - height + 4)
        self.canv.setFont(look.how.face, look.how.size)
        for number, y in zip(self.numbers, tops, strict=True):
            self.canv.drawRightString(self.width - 10, y - look.how.size, number)


class Stack(Flowable):  # type: ignore[misc]
    """Paragraphs one under the other, drawn in another order than they are read in."""

    def __init__(self, sets: Sequence[Set], order: Sequence[int]) -> None:
        super().__init__()
        self.sets, self.order = list(sets), list(order)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """How much room all of them take."""
        self.heights = [one.wrap(width, height)[1] + one.look.after for one in self.sets]
        return width, sum(self.heights)

    def draw(self) -> None:
        """Each at its place."""
        top = sum(self.heights)
        for n in self.order:
            down = sum(self.heights[: n + 1]) - self.sets[n].look.after
            self.sets[n].drawOn(self.canv, 0, top - down)


class Sign(Flowable):  # type: ignore[misc]
    """Makes a page that has nothing on it but words that the page's edges draw, if any."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """A little room, so that the page is not left out."""
        del width, height
        return 1, 10

    def draw(self) -> None:
        """Leaves the words for the page's edges."""
        if self.text:
            self.canv.signs = [*getattr(self.canv, "signs", []), self.text]


class Beside(Flowable):  # type: ignore[misc]
    """A box; beside it, where it is given, a paragraph that is set as narrow as it leaves room."""

    def __init__(self, box: Set, text: Set | None) -> None:
        super().__init__()
        self.box, self.text = box, text
        self.spaceBefore, self.spaceAfter = 6.0, 8.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """How much room both take."""
        self.width = width
        self.wide = width if self.text is None else width * 0.36
        self.tall = self.box.wrap(self.wide - 16, height)[1] + 14
        self.beside = 0.0
        if self.text is not None:
            self.beside = self.text.wrap(width - self.wide - 14, height)[1]
        return width, max(self.tall, self.beside)

    def draw(self) -> None:
        """The paragraph on the left, the box on the right."""
        height = max(self.tall, self.beside)
        left = self.width - self.wide
        if self.text is not None:
            self.text.drawOn(self.canv, 0, height - self.beside)
        self.canv.saveState()
        self.canv.setFillColor(colors.Color(0.93, 0.93, 0.88))
        self.canv.rect(left, height - self.tall, self.wide, self.tall, stroke=1, fill=1)
        self.canv.restoreState()
        self.box.drawOn(self.canv, left + 8, height - self.tall + 5)


def table(piece: Piece, cell: Callable[[str, bool], Set], width: float, flaws: Flaws) -> Table:
    """A table with its rules, its cells that are one, and its header again on each page."""
    rows = piece.item.rows
    widths = _widths(piece, width, cell)
    cells = [
        [cell(c.text, index == 0) if c.text else "" for c in row] for index, row in enumerate(rows)
    ]
    made = Table(cells, colWidths=widths, repeatRows=2 if piece.artefact == "merged cells" else 1)
    look: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    if piece.how != "borderless":
        look.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
        if flaws.font != "Vera":
            look.append(("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey))
    if piece.artefact == "merged cells":
        look += [("SPAN", start, end) for start, end in piece_tables.SPANS]
    made.setStyle(TableStyle(look))
    made.spaceAfter = made.spaceBefore = 8
    return made


def _widths(piece: Piece, width: float, cell: Callable[[str, bool], Set]) -> list[float]:
    """As wide as the longest word of each column at least, and the rest by how much they hold."""
    rows = piece.item.rows
    if piece.how == "cut":
        return [46.0, 50.0, width - 96.0]
    words = [
        max(page_lines.width_of(w) for row in rows for w in cell(row[c].text, True).words) + 14
        for c in range(len(rows[0]))
    ]
    if piece.how == "narrow":
        return [*words[:-1], width - sum(words[:-1])]
    longest = [max(len(row[c].text) for row in rows) for c in range(len(rows[0]))]
    weights = [min(max(n, 4), 60) for n in longest]
    spare = max(0.0, width - sum(words))
    return [w + spare * n / sum(weights) for w, n in zip(words, weights, strict=True)]
