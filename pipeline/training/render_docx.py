"""A review as a Word file: styles, automatic numbers, tables, footnotes, head and foot, text box.

The parts are written here and not by a library, so that the same review gives the same bytes.
"""

from __future__ import annotations

import io
import random
import zipfile
from html import escape

from pipeline.training import docx_parts as parts
from pipeline.training.report import Item, Report

_STYLE = {"title": "Title", "cover": "Cover", "contents": "Contents", "quote": "Quote"}


def _run(text: str, *, bold: bool = False) -> str:
    """One run; a tab of the text is a tab of the file."""
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    body = '</w:t><w:tab/><w:t xml:space="preserve">'.join(
        escape(t, quote=False) for t in text.split("\t")
    )
    return f'<w:r>{look}<w:t xml:space="preserve">{body}</w:t></w:r>'


def _runs(rng: random.Random, text: str) -> str:
    """The text in several runs, cut anywhere, as years of editing leave it."""
    if len(text) < 60 or rng.random() < 0.5:
        return _run(text)
    cuts = sorted(rng.sample(range(1, len(text)), 2))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return "".join(_run(p) for p in pieces)


def _paragraph(style: str, body: str, extra: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{body}</w:p>'


def _numbered(number: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def _table(item: Item) -> str:
    rows = []
    for index, row in enumerate(item.rows):
        cells = "".join(
            f"<w:tc><w:tcPr/>{_paragraph('Cell', _run(c.text, bold=index == 0))}</w:tc>"
            for c in row
        )
        head = "<w:trPr><w:tblHeader/></w:trPr>" if index == 0 else ""
        rows.append(f"<w:tr>{head}{cells}</w:tr>")
    grid = "<w:gridCol/>" * len(item.rows[0])
    return f"<w:tbl>{parts.TABLE_LOOK}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>" + (
        _paragraph("Normal", "")
    )


def _reference(number: str) -> str:
    return (
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        f'<w:footnoteReference w:id="{int(number) + 1}"/></w:r>'
    )


def _item(rng: random.Random, item: Item, note: str, *, automatic: bool) -> str:
    if item.kind == "break":
        return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    if item.kind == "table":
        return _table(item)
    if item.kind == "footnote":
        return ""
    tail = _reference(note) if note else ""
    if item.kind == "heading":
        style = f"Heading{min(item.level, 2)}"
        if automatic and item.level == 1 and item.number:
            return _paragraph(style, _run(item.text.text), _numbered(1, 0))
        lead = f"{item.number}\t" if item.number else ""
        return _paragraph(style, _run(lead + item.text.text))
    if item.kind == "bullet":
        return _paragraph("ListBullet", _runs(rng, item.text.text) + tail, _numbered(2, 0))
    if item.kind == "contents":
        return _paragraph("Contents", _run(f"{item.text.text}\t{item.number}"))
    if automatic and item.number and item.number.count(".") == 1:
        return _paragraph("Normal", _runs(rng, item.text.text) + tail, _numbered(1, 1))
    lead = f"{item.number}\t" if item.number else ""
    style = _STYLE.get(item.kind, "Normal")
    return _paragraph(style, _runs(rng, lead + item.text.text) + tail)


def _regular(report: Report) -> bool:
    """Whether Word's own numbering would give the numbers that the author gave."""
    section = paragraph = 0
    for item in report.items:
        if item.kind == "heading" and item.level == 1:
            section, paragraph = section + 1, 0
            if item.number != str(section):
                return False
        elif item.kind == "paragraph" and item.number:
            paragraph += 1
            if item.number != f"{section}.{paragraph}":
                return False
    return section > 0


def _body(rng: random.Random, report: Report) -> str:
    automatic = report.style.numbering == "1.1" and _regular(report)
    following = [*report.items[1:], Item("end")]
    pieces = []
    for item, after in zip(report.items, following, strict=True):
        note = after.number if after.kind == "footnote" else ""
        pieces.append(_item(rng, item, note, automatic=automatic))
    if rng.random() < 0.5:
        text = f"{report.header.text}. For discussion with {report.world.people['chair'].full}."
        pieces.insert(min(6, len(pieces)), parts.text_box(_run(text)))
    return "".join(pieces)


def _footnotes(report: Report) -> str:
    notes = "".join(
        f'<w:footnote w:id="{int(i.number) + 1}">'
        + _paragraph("Normal", _run(i.text.text))
        + "</w:footnote>"
        for i in report.items
        if i.kind == "footnote"
    )
    return parts.footnotes(notes)


def rendered(report: Report) -> bytes:
    """The Word file of a review: the same bytes for the same review."""
    rng = random.Random(f"docx/{report.id}/{report.stem}")
    contents = {
        "[Content_Types].xml": parts.CONTENT_TYPES,
        "_rels/.rels": parts.PACKAGE_RELATIONS,
        "docProps/core.xml": parts.core(
            report.header.text, report.world.people["author"].full, report.world.published
        ),
        "word/document.xml": parts.document(_body(rng, report)),
        "word/_rels/document.xml.rels": parts.DOCUMENT_RELATIONS,
        "word/styles.xml": parts.STYLES,
        "word/numbering.xml": parts.NUMBERING,
        "word/footnotes.xml": _footnotes(report),
        "word/header1.xml": parts.header(_paragraph("Normal", _run(report.header.text))),
        "word/footer1.xml": parts.footer(
            _paragraph("Normal", _run(report.footer.text) + parts.PAGE_OF_PAGES)
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in contents.items():
            info = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, text.encode())
    return out.getvalue()
