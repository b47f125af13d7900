"""What stands on the edges of a PDF's pages: heads, feet, page marks, notes, watermarks."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from pipeline.training.flaws import HEADS, MARKS, Flaws
from pipeline.training.report import Report
from pipeline.training.truth import Edge, single

MARGIN = 60.0
NOTES = 62.0
FOOT = 56.0
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_FRONT = 3
_WATERMARK = "DRAFT"


@dataclass(slots=True)
class Edges:
    """Draws the edges of the pages of one file and keeps what it has drawn."""

    report: Report
    flaws: Flaws
    pages: int
    drawn: list[Edge] = field(default_factory=list)
    notes: int = 0

    def under(self, canvas: Canvas, page: tuple[float, float]) -> None:
        """What is drawn before the text of a page."""
        number = canvas.getPageNumber()
        width, height = page
        canvas.saveState()
        canvas.setFillGray(0.85)
        if "watermark turned" in self.flaws:
            canvas.saveState()
            canvas.translate(width / 2, height / 2)
            canvas.rotate(45)
            canvas.setFont("Helvetica-Bold", 90)
            canvas.drawCentredString(0, 0, _WATERMARK)
            canvas.restoreState()
            self._note(number, _WATERMARK, "watermark turned")
        if "watermark in letters" in self.flaws:
            canvas.setFont("Helvetica-Bold", 70)
            for at, letter in enumerate(_WATERMARK):
                canvas.drawString(width * (0.16 + 0.15 * at), height * (0.25 + 0.1 * at), letter)
            self._note(number, " ".join(_WATERMARK), "watermark in letters")
        canvas.restoreState()

    def over(self, canvas: Canvas, page: tuple[float, float], *, last: bool) -> None:
        """What is drawn when a page is full."""
        number = canvas.getPageNumber()
        canvas.saveState()
        canvas.setFont(self.flaws.font, 8)
        if number > 1 or "head: first page too" in self.flaws:
            self._heads(canvas, number, page)
            self._marks(canvas, number, page)
        if "site line" in self.flaws:
            title = self.report.header.text[:38]
            self._put(canvas, f"Page {number}: {title}…", "site line", "left", page[1] - 18, page)
        for text in getattr(canvas, "signs", []):
            self._put(canvas, text, "blank page", "centre", page[1] / 2, page)
        canvas.signs = []
        self._foot_notes(canvas, page, last=last)
        canvas.restoreState()

    # -- parts ----------------------------------------------------------------------------------

    def _note(self, page: int, text: str, artefact: str) -> None:
        self.drawn.append(Edge(page, single(text), artefact))

    def _put(
        self, canvas: Canvas, text: str, name: str, side: str, y: float, page: tuple[float, float]
    ) -> None:
        """Draws a line of an edge and keeps it."""
        if not text:
            return
        if side == "left":
            canvas.drawString(MARGIN, y, text)
        elif side == "right":
            canvas.drawRightString(page[0] - MARGIN, y, text)
        else:
            canvas.drawCentredString(page[0] / 2, y, text)
        self._note(canvas.getPageNumber(), text, name)

    def _heads(self, canvas: Canvas, number: int, page: tuple[float, float]) -> None:
        report, name = self.report, self.flaws.one_of(HEADS)
        top, foot = page[1] - 36, 30.0
        head, side = report.header.text, "left"
        chapter = getattr(canvas, "chapter", "") or head
        if name == "head: odd and even":
            side = "right" if number % 2 else "left"
            head = head if number % 2 else report.world.orgs["board"].full
        elif name == "head: chapter":
            head = chapter
        elif name == "head: chapter and number":
            head = f"{chapter}   {number}" if number % 2 else f"{number}   {chapter}"
        elif name == "head: the child's name":
            head = f"{report.world.subject.full} – confidential"
        elif name == "head: two lines":
            self._put(canvas, "OFFICIAL – SENSITIVE", name, "left", top - 11, page)
        elif name == "head: foot only":
            self._put(canvas, head, name, "left", foot, page)
            return
        self._put(canvas, head, name, side, top, page)
        self._put(canvas, report.footer.text, name, "left", foot, page)

    def _marks(self, canvas: Canvas, number: int, page: tuple[float, float]) -> None:
        name = self.flaws.one_of(tuple(MARKS))
        if not name:
            return
        form, shown, of = MARKS[name], str(number), self.pages
        if name == "mark: roman, then arabic":
            shown = _ROMAN[number - 1] if number <= _FRONT else str(number - _FRONT)
        text = form.format(n=shown, of=of)
        side = "right"
        if name == "mark: outer edge":
            side = "right" if number % 2 else "left"
        elif name in ("mark: - n -", "mark: roman, then arabic"):
            side = "centre"
        top, foot = page[1] - 36, 20.0 if side == "left" else 30.0
        if name in ("mark: in the head", "mark: in head and foot"):
            self._put(canvas, text, name, "right", top, page)
        if name != "mark: in the head":
            for line, part in enumerate(text.split("\n")):
                self._put(canvas, part, name, side, foot - 9 * line, page)

    def _foot_notes(self, canvas: Canvas, page: tuple[float, float], *, last: bool) -> None:
        """The notes of a page; those for which there is no room go over to the next one."""
        waiting = list(getattr(canvas, "notes", []))
        y = FOOT + NOTES - 12
        if waiting:
            canvas.line(MARGIN, y + 9, MARGIN + 144, y + 9)
        while waiting:
            lines = simpleSplit(
                f"{waiting[0][0]} {waiting[0][1]}", self.flaws.font, 7.5, page[0] - 2 * MARGIN
            )
            if y - 9 * len(lines) < 40 and not last and y < FOOT + NOTES - 12:
                break
            waiting.pop(0)
            self.notes += 1
            for index, line in enumerate(lines):
                sign, _, rest = line.partition(" ") if index == 0 else ("", "", line)
                x = MARGIN
                if sign:
                    canvas.setFont(self.flaws.font, 5)
                    canvas.drawString(x, y + 2.5, sign)
                    x += 6
                canvas.setFont(self.flaws.font, 7.5)
                canvas.drawString(x, y, rest)
                y -= 9
        canvas.notes = waiting
