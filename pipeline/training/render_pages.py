"""A review as a PDF with the oddities of real ones, and the truth about what stands in it."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
)

from pipeline.training import page_lines
from pipeline.training.flaws import LETTERS, Flaws
from pipeline.training.page_edges import FOOT, MARGIN, NOTES, Edges
from pipeline.training.page_flowables import Beside, Columns, Look, Set, Sign, Stack, table
from pipeline.training.page_lines import BOLD, Setting
from pipeline.training.pieces import Piece, pieces
from pipeline.training.report import Report
from pipeline.training.truth import Truth

_CALM = frozenset(n for n in LETTERS if n.startswith("justified")) | {"fake bold"}
_WIDE = {"landscape", "rotated"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file and what it holds."""

    data: bytes
    truth: Truth


def _look(flaws: Flaws, kind: str, level: int = 1) -> Look:
    """How a kind of piece is set in this file."""
    size, face = flaws.size, flaws.font
    calm = replace(flaws, names=flaws.names - _CALM)
    if kind == "heading":
        bigger = size + (5 if level == 1 else 2)
        how = Setting(BOLD[face], bigger, calm)
        fake = "fake bold" in flaws
        return Look(how, bigger * 1.2, 14 if level == 1 else 8, 6, fake_bold=fake, keep=True)
    if kind == "title":
        return Look(Setting(BOLD[face], 22, calm), 27, after=14, align="centre")
    if kind == "cover":
        return Look(Setting(face, 12, calm), 16, after=6, align="centre")
    if kind == "contents":
        return Look(Setting(face, size, calm), size * 1.3, after=2)
    if kind == "cell":
        return Look(Setting(face, size - 1.5, calm), (size - 1.5) * 1.2)
    if kind == "quote":
        return Look(Setting(face, size, flaws), size * 1.25, 4, max(flaws.gap, 6), 24, 24)
    if kind == "bullet":
        return Look(Setting(face, size, flaws), size * 1.25, after=flaws.gap, left=20, lead_at=6)
    return Look(Setting(face, size, flaws), size * 1.25, after=flaws.gap)


def _set(piece: Piece, flaws: Flaws, notes: tuple[tuple[str, str], ...]) -> Set:
    """One piece as a paragraph."""
    item = piece.item
    look = replace(_look(flaws, item.kind, item.level), notes=notes)
    text, at = item.text.text, piece.at
    number = item.number
    if item.kind == "contents":
        look = replace(look, leader=number)
    elif number and flaws.hang and item.kind == "paragraph" and " " not in number:
        wide = page_lines.Run(number, flaws.font, flaws.size).width + 6
        look = replace(look, left=flaws.hang, lead=number, first=max(0.0, wide - flaws.hang))
    elif number:
        text = f"{number}  {text}"
        at = at + len(number) + 2 if at >= 0 else at
    elif item.kind == "paragraph":
        look = replace(look, first=flaws.indent)
    if item.kind == "heading" and item.level == 1:
        look = replace(look, chapter=item.text.text)
    if item.kind == "bullet":
        sign, font = "•", ""
        if "bullets in a symbol font" in flaws:
            sign, font = "•", "Symbol"
        elif "bullets of private use" in flaws:
            sign, font = "\uf0b7", "VeraSign"
        elif "bullets without a meaning" in flaws:
            # The embedded font has no such sign: what is drawn says nothing.
            sign, font = "\uf0b7", "Vera"
        look = replace(look, lead=sign, lead_face=font)
    return Set(page_lines.words_of(text, look.how, piece.note, at), look)


def _table(piece: Piece, flaws: Flaws, width: float) -> Flowable:
    look = _look(flaws, "cell")
    strong = replace(look, how=replace(look.how, face=BOLD[flaws.font]))

    def cell(text: str, first: bool) -> Set:
        how = strong if first else look
        return Set(page_lines.words_of(text, how.how), how)

    return table(piece, cell, width, flaws)


class _Story:
    """The pieces as flowables in order."""

    def __init__(self, made: Sequence[Piece], flaws: Flaws, id_: str) -> None:
        self.made, self.flaws, self.id = list(made), flaws, id_
        self.story: list[Flowable] = []
        self.template = "one"

    def flowables(self) -> list[Flowable]:
        """All of them."""
        at = 0
        if "cover scrambled" in self.flaws:
            at = self._cover()
        while at < len(self.made):
            at = self._take(at)
        self._turn("one", last=True)
        return self.story

    def _cover(self) -> int:
        """The cover's lines, drawn in any order."""
        kinds = ("title", "cover", "paragraph")
        end = next(n for n, p in enumerate(self.made) if p.item.kind not in kinds)
        start = next((n for n in range(end) if self.made[n].item.kind == "title"), 0)
        sets = [_set(p, self.flaws, ()) for p in self.made[start:end]]
        order = list(range(len(sets)))
        random.Random(f"cover/{self.id}").shuffle(order)
        if start:
            return 0
        self.story.append(Stack(sets, order))
        return end

    def _turn(self, name: str, *, last: bool = False) -> None:
        """Goes to pages of another kind."""
        if self.template != name:
            self.template = name
            self.story += [] if last else [NextPageTemplate(name), PageBreak()]

    def _notes(self, at: int) -> tuple[tuple[str, str], ...]:
        """The footnote that follows a piece."""
        if not self.made[at].note:
            return ()
        after = self.made[at + 1].item
        return ((after.number, after.text.text),)

    def _take(self, at: int) -> int:
        piece, flaws = self.made[at], self.flaws
        kind = piece.item.kind
        if kind == "footnote":
            return at + 1
        if kind == "break":
            self.story.append(PageBreak())
            return at + 1
        self._turn({"columns": "two"}.get(piece.how, piece.how if piece.how in _WIDE else "one"))
        if kind == "blank":
            self.story.append(Sign(piece.item.text.text))
        elif kind == "contents":
            return self._contents(at)
        elif kind == "table":
            width = A4[1] - 2 * MARGIN if piece.how in _WIDE else A4[0] - 2 * MARGIN
            self.story.append(_table(piece, flaws, width))
        elif piece.how == "box":
            box = _set(piece, replace(flaws, size=flaws.size - 1, indent=0.0), ())
            beside = self.made[at + 1] if self.made[at + 1].how == "beside" else None
            text = _set(beside, flaws, ()) if beside else None
            self.story.append(Beside(box, text))
            return at + 1 + (beside is not None)
        else:
            self.story.append(_set(piece, flaws, self._notes(at)))
        return at + 1

    def _contents(self, at: int) -> int:
        end = at
        while end < len(self.made) and self.made[end].item.kind == "contents":
            end += 1
        part = self.made[at:end]
        sets = [_set(p, self.flaws, ()) for p in part]
        if "contents in columns" in self.flaws:
            for one in sets:
                one.look = replace(one.look, leader="")
            numbers = [p.item.number for p in part]
            self.story.append(Columns(sets, numbers, _look(self.flaws, "contents")))
        else:
            self.story += sets
        return end


def _templates(edges: Edges) -> list[PageTemplate]:
    """Pages of one column, of two, lying, and stored upright but shown lying."""
    base = FOOT + NOTES

    def frame(left: float, width: float, height: float) -> Frame:
        return Frame(left, base, width, height - base - 60, 0, 0, 0, 0)

    def template(name: str, frames: list[Frame], size: tuple[float, float]) -> PageTemplate:
        def under(canvas: Canvas, _: BaseDocTemplate) -> None:
            if name == "rotated":
                canvas.translate(A4[0], 0)
                canvas.rotate(90)
            edges.under(canvas, size)

        def over(canvas: Canvas, _: BaseDocTemplate) -> None:
            edges.over(canvas, size, last=canvas.getPageNumber() >= edges.pages > 0)

        # The library turns the media box of a page that is shown turned by itself.
        made = PageTemplate(name, frames, onPage=under, onPageEnd=over, pagesize=size)
        made.rotation = 90 if name == "rotated" else 0
        return made

    width, height = A4
    half = (width - 2 * MARGIN - 20) / 2
    lying = [frame(MARGIN, height - 2 * MARGIN, width)]
    pair = [frame(MARGIN, half, height), frame(MARGIN + half + 20, half, height)]
    return [
        template("one", [frame(MARGIN, width - 2 * MARGIN, height)], A4),
        template("two", pair, A4),
        template("landscape", lying, landscape(A4)),
        template("rotated", [frame(MARGIN, height - 2 * MARGIN, width)], landscape(A4)),
    ]


def _built(report: Report, flaws: Flaws, made: Sequence[Piece], pages: int) -> Rendered:
    """The PDF with `pages` as its stated length."""
    page_lines.fonts()
    out = io.BytesIO()
    document = BaseDocTemplate(out, pagesize=A4, invariant=1)
    document.title = report.header.text
    document.author = report.world.people["author"].full
    edges = Edges(report, flaws, pages)
    document.addPageTemplates(_templates(edges))
    document.build(_Story(made, flaws, report.id).flowables())
    blocks = tuple(b for b in (piece.block for piece in made) if b is not None)
    truth = Truth(document.page, blocks, tuple(edges.drawn), tuple(sorted(flaws.names)))
    return Rendered(out.getvalue(), truth)


def rendered(report: Report, flaws: Flaws) -> Rendered:
    """The PDF of a review with flaws, and its truth: the same bytes for the same review."""
    made = pieces(report, flaws)
    pages = _built(report, flaws, made, 0).truth.pages
    return _built(report, flaws, made, pages)
