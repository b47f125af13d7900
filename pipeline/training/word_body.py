"""The body of a Word file: pieces as paragraphs, tables, boxes, notes, fields, sections."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from pipeline.training import docx_parts as parts
from pipeline.training import piece_tables
from pipeline.training.flaws import Flaws
from pipeline.training.pieces import Piece
from pipeline.training.report import Report
from pipeline.training.truth import single
from pipeline.training.word_numbers import Numbers

_STYLE = {"title": "Title", "cover": "Cover", "contents": "Contents", "quote": "Quote"}
_SIZES = {
    "one": 'w:w="11906" w:h="16838"',
    "landscape": 'w:w="16838" w:h="11906" w:orient="landscape"',
}
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b")


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def run(text: str, look: str = "") -> str:
    """One run; a tab of the text is a tab of the file."""
    body = '</w:t><w:tab/><w:t xml:space="preserve">'.join(map(_escaped, text.split("\t")))
    looks = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{body}</w:t></w:r>'


def paragraph(style: str, body: str, extra: str = "") -> str:
    """One paragraph."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{body}</w:p>'


def _field(instruction: str, shown: str) -> str:
    """A field in its long form: instruction and what it showed last."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@dataclass(slots=True)
class Body:
    """Writes pieces one after the other."""

    report: Report
    flaws: Flaws
    numbers: Numbers = field(default_factory=Numbers)
    notes: list[str] = field(default_factory=list)
    rng: random.Random = field(default_factory=random.Random)
    written: list[str] = field(default_factory=list)
    section: str = "one"
    waiting: str = ""

    def body(self, made: Sequence[Piece]) -> str:
        """All of the pieces."""
        self.rng = random.Random(f"word/{self.report.id}/{self.report.stem}")
        contents = [n for n, p in enumerate(made) if p.item.kind == "contents"]
        following = [*made[1:], None]
        for n, (piece, after) in enumerate(zip(made, following, strict=True)):
            self._turn(piece)
            note = after.item.text.text if piece.note and after else ""
            text = self._piece(piece, note, first=n in contents[:1], last=n in contents[-1:])
            if text:
                self.written.append(text)
        self._turn(None)
        return "".join(self.written)

    # -- sections -------------------------------------------------------------------------------

    def _turn(self, piece: Piece | None) -> None:
        """Ends a section where the next piece stands on another kind of page."""
        how = piece.how if piece else ""
        name = {"columns": "two", "landscape": "landscape", "rotated": "landscape"}.get(how, "one")
        if name != self.section and (piece is None or piece.item.kind != "footnote"):
            look = section(self.section, self.flaws)
            self.written.append(f"<w:p><w:pPr>{look}</w:pPr></w:p>")
            self.section = name

    # -- pieces ---------------------------------------------------------------------------------

    def _piece(self, piece: Piece, note: str, *, first: bool, last: bool) -> str:
        item = piece.item
        if item.kind in ("footnote", "blank"):
            return ""
        if item.kind == "break":
            return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        if item.kind == "table":
            return self._table(piece)
        if piece.how == "box":
            self.waiting = self._box(item.text.text)
            return ""
        if item.kind == "contents":
            return self._contents(piece, first=first, last=last)
        body, extra = self._numbered(piece)
        box, self.waiting = self.waiting, ""
        made = paragraph(self._style(piece), box + body + self._inner(piece, note), extra)
        if "word: content controls" in self.flaws and self.rng.random() < 0.2:
            made = (
                '<w:sdt><w:sdtPr><w:alias w:val="Text"/></w:sdtPr>'
                f"<w:sdtContent>{made}</w:sdtContent></w:sdt>"
            )
        return made

    def _style(self, piece: Piece) -> str:
        item = piece.item
        if item.kind == "heading":
            return f"Heading{min(item.level, 2)}"
        return _STYLE.get(item.kind, "ListBullet" if item.kind == "bullet" else "Normal")

    def _numbered(self, piece: Piece) -> tuple[str, str]:
        """What is typed before the text, and the mark of an automatic number."""
        item = piece.item
        if item.kind == "bullet":
            return "", self.numbers.bullet(symbol="bullets in a symbol font" in self.flaws)
        if not item.number:
            return "", ""
        number, _, again = item.number.partition(" ")
        scheme = self.report.style.numbering
        if "word: automatic numbers" in self.flaws:
            through = scheme == "running" and item.kind == "paragraph"
            mark = self.numbers.number(number, through=through, hyphens=scheme == "4-12")
            if mark:
                return (run(f"{again} ") if again else ""), mark
        return run(f"{item.number}\t"), ""

    def _inner(self, piece: Piece, note: str) -> str:
        """The runs of a piece's text with the mark of its note."""
        text = piece.item.text.text
        if not note:
            return self._runs(text)
        self.notes.append(note)
        mark = (
            '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            f'<w:footnoteReference w:id="{len(self.notes) + 1}"/></w:r>'
        )
        at = piece.at if piece.at >= 0 else len(text)
        return self._runs(text[:at]) + mark + (self._runs(text[at:]) if text[at:] else "")

    def _runs(self, text: str) -> str:
        """The text in several runs, cut anywhere, with raised ordinals and links where asked."""
        cuts = {0, len(text)}
        raised: set[int] = set()
        if "word: split runs" in self.flaws and len(text) > 60:
            cuts |= set(self.rng.sample(range(1, len(text)), 3))
        if "raised ordinals" in self.flaws:
            for found in _ORDINAL.finditer(text):
                cuts |= {found.start(), found.end()}
                raised |= set(range(found.start(), found.end()))
        ends = sorted(cuts)
        made = []
        for a, b in pairwise(ends):
            look = '<w:vertAlign w:val="superscript"/>' if a in raised else ""
            made.append(self._linked(text[a:b]) if not look else run(text[a:b], look))
        return "".join(made)

    def _linked(self, text: str) -> str:
        """The text, an address in it as a link."""
        found = re.search(r"https?://\S+|www\.\S+", text)
        if "word: hyperlinks" not in self.flaws or found is None:
            return run(text)
        link = f'<w:hyperlink w:anchor="top">{run(found[0])}</w:hyperlink>'
        before, after = text[: found.start()], text[found.end() :]
        return (run(before) if before else "") + link + (run(after) if after else "")

    def _contents(self, piece: Piece, *, first: bool, last: bool) -> str:
        """A line of the contents: in a field that spans all of them, the page a field in a link."""
        item = piece.item
        if "word: contents field" not in self.flaws:
            return paragraph("Contents", run(f"{item.text.text}\t{item.number}"))
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        inner = run(f"{item.text.text}\t") + _field("PAGEREF _Toc1 \\h", item.number)
        link = f'<w:hyperlink w:anchor="_Toc1">{inner}</w:hyperlink>'
        return paragraph("Contents", (begin if first else "") + link + (end if last else ""))

    def _box(self, text: str) -> str:
        """A text box that floats: a drawing and its older form, or the older form alone."""
        inner = paragraph("Normal", run(text))
        old = (
            '<w:pict><v:shape style="position:absolute;width:180pt;height:60pt">'
            f"<v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict>"
        )
        if "word: old text boxes" in self.flaws:
            return f"<w:r>{old}</w:r>"
        new = (
            f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="wps"><w:drawing>'
            f'<wp:anchor xmlns:wp="{_WP}" behindDoc="0" distT="0" distB="0" distL="0" distR="0" '
            'simplePos="0" locked="0" layoutInCell="1" allowOverlap="1" relativeHeight="1">'
            '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:align>right'
            '</wp:align></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0'
            '</wp:posOffset></wp:positionV><wp:extent cx="2286000" cy="762000"/>'
            '<wp:wrapSquare wrapText="bothSides"/><wp:docPr id="1" name="Text Box 1"/>'
            f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_WPS}"><wps:wsp xmlns:wps="{_WPS}">'
            '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
            '<a:ext cx="2286000" cy="762000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></wps:spPr>"
            f"<wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
            "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
            f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
        )
        return f"<w:r>{new}</w:r>"

    # -- tables ---------------------------------------------------------------------------------

    def _table(self, piece: Piece) -> str:
        rows = piece.item.rows
        wide, down = _merged(piece)
        made = []
        for y, row in enumerate(rows):
            cells = []
            for x, cell in enumerate(row):
                if (x - 1, y) in wide:
                    continue
                look = '<w:gridSpan w:val="2"/>' if (x, y) in wide else ""
                look += '<w:vMerge w:val="restart"/>' if (x, y) in down else ""
                look += "<w:vMerge/>" if (x, y - 1) in down else ""
                bold = "<w:b/>" if y == 0 else ""
                body = run(cell.text, bold) if single(cell.text) else ""
                cells.append(f"<w:tc><w:tcPr>{look}</w:tcPr>{paragraph('Cell', body)}</w:tc>")
            head = "<w:trPr><w:tblHeader/></w:trPr>" if y == 0 else ""
            made.append(f"<w:tr>{head}{''.join(cells)}</w:tr>")
        grid = "<w:gridCol/>" * len(rows[0])
        plain = '<w:tblPr><w:tblW w:w="5000" w:type="pct"/></w:tblPr>'
        look = plain if piece.how == "borderless" else parts.TABLE_LOOK
        return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>" + paragraph(
            "Normal", ""
        )


def _merged(piece: Piece) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """The cells that go over two columns, and those that go over two rows."""
    if piece.artefact != "merged cells":
        return set(), set()
    wide = {start for start, end in piece_tables.SPANS if end[0] > start[0]}
    return wide, {start for start, end in piece_tables.SPANS if end[1] > start[1]}


def section(name: str, flaws: Flaws) -> str:
    """The end of a section: its heads and feet, its page, its columns."""
    heads = '<w:headerReference w:type="default" r:id="rId4"/>'
    heads += '<w:footerReference w:type="default" r:id="rId5"/>'
    if "word: odd and even heads" in flaws:
        heads += '<w:headerReference w:type="even" r:id="rId6"/>'
    if "word: first page head" in flaws:
        heads += '<w:headerReference w:type="first" r:id="rId7"/>'
    title = "<w:titlePg/>" if "word: first page head" in flaws else ""
    columns = '<w:cols w:num="2" w:space="400"/>' if name == "two" else ""
    size = _SIZES.get(name, _SIZES["one"])
    return (
        f"<w:sectPr>{heads}<w:pgSz {size}/>"
        '<w:pgMar w:top="1440" w:right="1300" w:bottom="1300" w:left="1300" w:header="700" '
        f'w:footer="600" w:gutter="0"/>{columns}{title}</w:sectPr>'
    )


_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
