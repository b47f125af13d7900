"""A report as a Word file whose every part is written here: no template, no author, no dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from pipeline.exporters import tree
from pipeline.exporters.tree import Part, Runs
from pipeline.safe import frame, word_frame
from pipeline.safe.lesson import SafeDocument

# What XML cannot hold; nobody sees it in any format.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The width between the margins of an A4 page, in twentieths of a point.
_WIDTH = 9412
_PAGE = (
    f'<w:sectPr><w:footerReference w:type="default" r:id="{word_frame.FOOTER_ID}"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="1247" w:bottom="1247" '
    'w:left="1247" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
)


def render(document: SafeDocument, *, public_id: str) -> bytes:
    """The document as a Word file; the same input gives the same bytes."""
    parts = {
        **word_frame.constant(),
        word_frame.PROPERTIES: word_frame.properties(public_id),
        word_frame.DOCUMENT: _document(document, public_id),
    }
    return word_frame.packed({name: part.encode() for name, part in parts.items()})


def _document(document: SafeDocument, public_id: str) -> str:
    title = frame.title(public_id)
    warning = [_words("Draft", frame.WARNING)] if document.draft else []
    body = [
        _words("Heading1", title),
        *warning,
        *(_words("Note", note) for note in frame.notes(document.profile, document.version)),
        *(piece for part in tree.laid_out(document).parts for piece in _part(part)),
        _words("Note", f"{frame.END}: {title}"),
        *warning,
    ]
    return f"{word_frame.opened('document')}<w:body>{''.join(body)}{_PAGE}</w:body></w:document>"


def _part(part: Part) -> Iterator[str]:
    if part.look == "list":
        yield from (_item(item) for item in part.items)
    elif part.look == "table":
        yield _table(part)
        # Word makes one table of two that touch.
        yield _paragraph("Normal", ())
    elif part.look == "heading":
        yield _paragraph(f"Heading{part.level}", part.runs)
    else:
        looks = {"quote": "Quote", "footnote": "NoteText"}
        yield _paragraph(looks.get(part.look, "Normal"), part.runs)


def _words(style: str, text: str) -> str:
    return _paragraph(style, (tree.Run(text),))


def _paragraph(style: str, runs: Runs, more: str = "") -> str:
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>'
        f"{''.join(_run(run) for run in runs)}</w:p>"
    )


def _run(run: tree.Run) -> str:
    if run.look == "break":
        return "<w:r><w:br/></w:r>"
    look = '<w:rPr><w:rStyle w:val="Label"/></w:rPr>' if run.look == "swap" else ""
    text = escape(_NOT_XML.sub("", run.text))
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _item(item: Part) -> str:
    """An item with a sign, or with nothing before it, is one of Word's own list."""
    deeper = "deeper" in item.look.split()
    runs = item.runs
    if runs and runs[0].look == "number":
        inset = f'<w:ind w:left="{1134 if deeper else 567}"/>' if deeper else ""
        return _paragraph("ListItem", runs, inset)
    if runs and runs[0].look == "mark":
        rest = runs[1:]
        runs = (tree.Run(rest[0].text.lstrip(), rest[0].look), *rest[1:]) if rest else ()
    level = (
        f'<w:numPr><w:ilvl w:val="{int(deeper)}"/><w:numId w:val="{word_frame.BULLETS}"/></w:numPr>'
    )
    return _paragraph("ListItem", runs, level)


def _widths(rows: Sequence[tuple[Runs, ...]]) -> list[int]:
    """The width of each column: more for longer texts, never less than its longest word needs."""
    wanted = []
    for column in zip(*rows, strict=True):
        texts = ["".join(run.text for run in cell) for cell in column]
        longest = max((len(word) for text in texts for word in text.split()), default=1)
        wanted.append(max(4, longest, max(map(len, texts)) ** 0.5 * 3))
    return [int(_WIDTH * one / sum(wanted)) for one in wanted]


def _table(part: Part) -> str:
    rows = (part.head, *part.rows) if part.head else part.rows
    widths = _widths(rows)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    look = f'<w:tblLook w:firstRow="{int(bool(part.head))}" w:firstColumn="{int(part.by_row)}"/>'
    made = []
    for at, row in enumerate(rows):
        heads = bool(part.head) and at == 0
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{widths[n]}" w:type="dxa"/></w:tcPr>'
            + _paragraph("CellHead" if heads or (part.by_row and n == 0) else "Cell", cell)
            + "</w:tc>"
            for n, cell in enumerate(row)
        )
        first = "<w:tblHeader/>" if heads else ""
        made.append(f"<w:tr><w:trPr><w:cantSplit/>{first}</w:trPr>{cells}</w:tr>")
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="5000" w:type="pct"/>'
        f"{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"
    )
