"""A review as a PDF: running heads, page marks, ruled tables, footnotes, hyphens at line ends."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from pipeline.training.artefacts import PAGE_MARKS, break_within
from pipeline.training.report import Item, Report

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import BaseDocTemplate, Flowable, Table

_FOOT = 64


@dataclass(frozen=True, slots=True)
class _Page:
    """How the pages of one PDF look."""

    font: str
    size: float
    justified: bool
    hyphens: float
    mark: str
    bullet: str
    mirrored: bool
    gap: float


def _draw(rng: random.Random) -> _Page:
    marks = [m for m in PAGE_MARKS if "\n" not in m]
    return _Page(
        font=rng.choice(("Helvetica", "Times-Roman", "Helvetica")),
        size=rng.choice((10.0, 10.5, 11.0, 12.0)),
        justified=rng.random() < 0.3,
        hyphens=rng.choice((0.0, 0.6, 1.0)),
        mark=rng.choice(marks),
        bullet=rng.choice(("•", "-", "•")),
        mirrored=rng.random() < 0.3,
        gap=rng.choice((4.0, 6.0, 8.0)),
    )


def _broken(rng: random.Random, text: str, look: _Page, width: float) -> list[str]:
    """The text in lines that fit the width, some words cut with a hyphen at the end of a line."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    lines = [""]
    for word in text.split(" "):
        tried = f"{lines[-1]} {word}" if lines[-1] else word
        if stringWidth(tried, look.font, look.size) <= width:
            lines[-1] = tried
            continue
        room = width - stringWidth(f"{lines[-1]} -", look.font, look.size)
        letters = int(room / (look.size * 0.5))
        cut = break_within(rng, word, letters) if rng.random() < look.hyphens else 0
        if cut:
            lines[-1] = f"{lines[-1]} {word[:cut]}-"
        lines.append(word[cut:])
    return lines


def _styles(look: _Page) -> dict[str, ParagraphStyle]:
    from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
    from reportlab.lib.styles import ParagraphStyle

    bold = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}[look.font]
    base = ParagraphStyle(
        "body",
        fontName=look.font,
        fontSize=look.size,
        leading=look.size * 1.25,
        spaceAfter=look.gap,
        alignment=TA_JUSTIFY if look.justified else TA_LEFT,
    )

    def like(name: str, **changes: object) -> ParagraphStyle:
        return ParagraphStyle(name, parent=base, **changes)

    left = {"alignment": TA_LEFT, "fontName": bold, "keepWithNext": 1}
    return {
        "paragraph": base,
        "quote": like("quote", leftIndent=24, rightIndent=24),
        "bullet": like("bullet", leftIndent=18, bulletIndent=6),
        "h1": like(
            "h1", fontSize=look.size + 5, leading=(look.size + 5) * 1.2, spaceBefore=14, **left
        ),
        "h2": like(
            "h2", fontSize=look.size + 2, leading=(look.size + 2) * 1.2, spaceBefore=8, **left
        ),
        "title": like(
            "title", fontSize=22, leading=28, spaceAfter=14, alignment=TA_CENTER, fontName=bold
        ),
        "cover": like("cover", fontSize=12, leading=16, alignment=TA_CENTER),
        "contents": like("contents", alignment=TA_LEFT, spaceAfter=2),
        "cell": like(
            "cell",
            fontSize=look.size - 1.5,
            leading=(look.size - 1.5) * 1.2,
            spaceAfter=0,
            alignment=TA_LEFT,
        ),
    }


def _table(item: Item, styles: dict[str, ParagraphStyle], width: float) -> Table:
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph, Table, TableStyle

    longest = [max(len(row[c].text) for row in item.rows) for c in range(len(item.rows[0]))]
    weights = [min(max(n, 9), 60) for n in longest]
    widths = [width * w / sum(weights) for w in weights]
    cells = [[Paragraph(escape(c.text), styles["cell"]) for c in row] for row in item.rows]
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _note(number: str, text: str) -> Flowable:
    """A flowable without height that leaves a footnote for the foot of its page."""
    from reportlab.platypus import Flowable

    class Note(Flowable):  # type: ignore[misc]
        def wrap(self, *_: float) -> tuple[float, float]:
            return 0, 0

        def draw(self) -> None:
            notes = getattr(self.canv, "notes", [])
            self.canv.notes = [*notes, f"{number} {text}"]

    return Note()


def _flowable(
    rng: random.Random,
    item: Item,
    look: _Page,
    styles: dict[str, ParagraphStyle],
    note: str,
    width: float,
) -> list[Flowable]:
    from reportlab.platypus import PageBreak, Paragraph, Spacer

    if item.kind == "break":
        return [PageBreak()]
    if item.kind == "table":
        return [_table(item, styles, width), Spacer(1, 8)]
    if item.kind == "footnote":
        return [_note(item.number, item.text.text)]
    text = item.text.text
    if item.number and item.kind != "contents":
        text = f"{item.number}  {text}"
    markup = escape(text, quote=False)
    if item.kind in {"paragraph", "bullet"} and look.hyphens and not look.justified:
        room = width - 14 - 18 * (item.kind == "bullet")
        markup = "<br/>".join(escape(x, quote=False) for x in _broken(rng, text, look, room))
    markup += f"<super size=7>{note}</super>" if note else ""
    if item.kind == "contents":
        dots = "." * max(8, 74 - len(text))
        return [Paragraph(f"{markup} {dots} {item.number}", styles["contents"])]
    style = styles[{"heading": f"h{min(item.level, 2)}"}.get(item.kind, item.kind)]
    if item.kind == "bullet":
        return [Paragraph(markup, style, bulletText=look.bullet)]
    return [Paragraph(markup, style)]


def _decorate(report: Report, look: _Page, pages: int) -> Callable[[Canvas, BaseDocTemplate], None]:
    """What is drawn on every page but the cover: running head and foot, page mark, footnotes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import simpleSplit

    width, height = A4

    def draw(canvas: Canvas, _: BaseDocTemplate) -> None:
        number = canvas.getPageNumber()
        canvas.saveState()
        canvas.setFont(look.font, 8)
        if number > 1:
            if look.mirrored and number % 2:
                canvas.drawRightString(width - 60, height - 36, report.header.text)
            else:
                canvas.drawString(60, height - 36, report.header.text)
            canvas.drawString(60, 30, report.footer.text)
            canvas.drawRightString(width - 60, 30, look.mark.format(n=number, of=pages))
        lines: list[str] = []
        for note in getattr(canvas, "notes", []):
            lines += simpleSplit(note, look.font, 7.5, width - 120)
        if lines:
            canvas.line(60, _FOOT + 4, 200, _FOOT + 4)
            canvas.setFont(look.font, 7.5)
            for n, line in enumerate(lines[:3]):
                canvas.drawString(60, _FOOT - 6 - 9 * n, line)
        canvas.notes = []
        canvas.restoreState()

    return draw


def _built(report: Report, pages: int) -> tuple[bytes, int]:
    """The PDF with `pages` as its stated length, and how many pages it has."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    rng = random.Random(f"pdf/{report.id}/{report.stem}")
    look = _draw(rng)
    styles = _styles(look)
    out = io.BytesIO()
    document = BaseDocTemplate(out, pagesize=A4, invariant=1)
    subject = report.world.subject.full
    document.title = subject if rng.random() < 0.3 else report.header.text
    document.author = report.world.people["author"].full
    width, height = A4
    frame = Frame(60, _FOOT + 12, width - 120, height - _FOOT - 70, 0, 0, 0, 0)
    draw = _decorate(report, look, pages)
    document.addPageTemplates(PageTemplate("all", [frame], onPageEnd=draw))
    story: list[Flowable] = []
    following = [*report.items[1:], Item("end")]
    for item, after in zip(report.items, following, strict=True):
        note = after.number if after.kind == "footnote" else ""
        story += _flowable(rng, item, look, styles, note, width - 120)
    document.build(story)
    return out.getvalue(), document.page


def built(report: Report) -> tuple[bytes, int]:
    """The PDF of a review and how many pages it has: the same bytes for the same review."""
    _, pages = _built(report, 0)
    return _built(report, pages)


def rendered(report: Report) -> bytes:
    """The PDF of a review: the same bytes for the same review."""
    return built(report)[0]


def page_mark(report: Report) -> str:
    """The form of the page marks of a review's PDF."""
    return _draw(random.Random(f"pdf/{report.id}/{report.stem}")).mark
