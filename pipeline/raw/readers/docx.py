"""Word (.docx): every part with text is read; lists are counted as Word counts them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import assemble, numbering, refusals
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.docx_package import Package, attribute, child, local, value
from pipeline.raw.readers.docx_styles import Numbers, Styles
from pipeline.raw.readers.docx_text import Found, Inline, Log
from pipeline.span import BlockKind

_Element = etree._Element
_COMMENTS = "The document has comments. They were left out of the report."
_ATTACHED = "A file is embedded. It was not opened."
_MACROS = "The document holds macros. They were not run."
_PART = "A part of the file holds text that belongs to no page. It was left out of the report."
_CHUNK = "A part in another format was put in. It was not read."
_DROPPED_ROW = "A table row that is marked as deleted. It was left out: accept or reject it."
_MERGED = "A tracked deletion of a paragraph's end. The paragraphs were read as one."
_BODY = {
    "body",
    "sdtContent",
    "customXml",
    "smartTag",
    "ins",
    "moveTo",
    "txbxContent",
    "tc",
    "hdr",
    "ftr",
}
_HARMLESS = ("/theme/", "/_rels/", "fontTable.xml", "webSettings.xml", "stylesWithEffects.xml")


def read(data: bytes, *, name: str = "") -> Document:
    """A .docx's bytes as a Document; ReadError where it is none, damaged or without text."""
    package = Package(data)
    reader = _Reader(package)
    drafts = reader.drafts()
    if not any(d.kind is not BlockKind.FURNITURE and _says(d) for d in drafts):
        raise ReadError(refusals.WORD_NO_TEXT)
    log = reader.log
    return assemble.document(
        drafts,
        sha256=hashlib.sha256(data).hexdigest(),
        media="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        pages=max(d.page for d in drafts),
        seen=log.seen,
        margins=[name, *log.margins],
    )


def _says(draft: Draft) -> bool:
    cells = [stretch for row in draft.rows for cell in row for stretch in cell]
    return any(stretch.text.strip() for stretch in (*draft.parts, *cells))


class _Reader:
    """Walks a package once, in reading order."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.log = Log()
        self._styles = Styles(self._optional("styles.xml"))
        self._numbers = Numbers(self._optional("numbering.xml"))
        self._inline = Inline(self._styles, self.log)
        self._notes = {**self._note_bodies("footnotes.xml"), **self._note_bodies("endnotes.xml")}
        self._edges = self._edge_parts()
        self._number: str | None = None
        self._carried: Found | None = None

    def drafts(self) -> tuple[Draft, ...]:
        """Headers, the body with its notes, footers; all else goes to the margins or the list."""
        body = child(self._package.xml(self._package.main), "body")
        made = list(self._outer("hdr"))
        self.log.page = 1
        made += list(self._blocks(body)) if body is not None else []
        last = self.log.page
        made += [replace(draft, page=last) for draft in self._outer("ftr")]
        self._beside()
        return tuple(made)

    # -- parts ----------------------------------------------------------------------------------

    def _optional(self, name: str) -> _Element | None:
        path = self._package.main.rpartition("/")[0] + "/" + name
        return self._package.xml(path) if path in self._package.names else None

    def _note_bodies(self, name: str) -> dict[str, _Element]:
        root = self._optional(name)
        kinds = ("footnote", "endnote")
        return {
            name[0] + (attribute(e, "id") or ""): e
            for e in ([] if root is None else root)
            if local(e) in kinds and attribute(e, "type") in (None, "normal")
        }

    def _outer(self, kind: str) -> Iterator[Draft]:
        """The running headers ("hdr") or footers ("ftr"), one draft a paragraph."""
        for name in sorted(self._package.names):
            if (root := self._edges.get(name)) is not None and local(root) == kind:
                for draft in self._blocks(root):
                    cells = [s for row in draft.rows for cell in row for s in (*cell, Stretch(" "))]
                    yield Draft(BlockKind.FURNITURE, (*draft.parts, *cells), draft.page)

    def _edge_parts(self) -> dict[str, _Element]:
        """The parts that are headers or footers, told by what they hold and not by their names."""
        folder = self._package.main.rpartition("/")[0] + "/"
        names = (n for n in self._package.names if n.startswith(folder) and n.endswith(".xml"))
        roots = {
            name: self._package.xml(name)
            for name in names
            if name.count("/") == 1 and name != self._package.main
        }
        return {name: root for name, root in roots.items() if local(root) in ("hdr", "ftr")}

    def _beside(self) -> None:
        """Puts what is in no page into the margins, and lists what a person has to look at."""
        self.log.page = 1
        self.log.margins += self._package.outside()
        known = {"document.xml", "styles.xml", "numbering.xml", "footnotes.xml", "endnotes.xml"}
        for name in self._package.names:
            stem = name.rpartition("/")[2]
            if name.startswith("word/embeddings/"):
                self.log.seen.append((UnreadKind.ATTACHMENT, None, _ATTACHED))
            elif stem.startswith("vbaProject"):
                self.log.seen.append((UnreadKind.OTHER_PART, None, _MACROS))
            elif name.endswith(".xml") and not (
                name == self._package.main or stem in known or any(h in name for h in _HARMLESS)
            ):
                self._margin_part(name, stem)

    def _margin_part(self, name: str, stem: str) -> None:
        if name in self._edges or name == "[Content_Types].xml":
            return
        root = self._package.xml(name)
        words = [e.text.strip() for e in root.iter() if isinstance(e.tag, str) and e.text]
        words = [word for word in words if any(c.isalpha() for c in word)]
        authors = {
            a for e in root.iter() if (a := attribute(e, "author") or attribute(e, "initials"))
        }
        self.log.margins += [*self._joined(root), *words, *sorted(authors)]
        if stem.startswith("comments") and words:
            if (UnreadKind.COMMENT, None, _COMMENTS) not in self.log.seen:
                self.log.seen.append((UnreadKind.COMMENT, None, _COMMENTS))
        elif (
            words
            and not name.startswith("docProps/")
            and stem not in ("settings.xml", "people.xml")
        ):
            self.log.seen.append((UnreadKind.OTHER_PART, None, _PART))

    def _joined(self, root: _Element) -> Iterator[str]:
        """The paragraphs of a part as whole texts: a name may be split over several runs."""
        for paragraph in root.iter():
            if isinstance(paragraph.tag, str) and local(paragraph) == "p":
                yield "".join(
                    e.text or "" for e in paragraph.iter() if local(e) in ("t", "delText")
                )

    # -- blocks ---------------------------------------------------------------------------------

    def _blocks(self, holder: _Element) -> Iterator[Draft]:
        for element in holder:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element)
            elif name == "sdt":
                content = child(element, "sdtContent")
                yield from self._blocks(content) if content is not None else ()
            elif name in _BODY:
                yield from self._blocks(element)
            elif name == "altChunk":
                self.log.add(UnreadKind.OTHER_PART, _CHUNK)
            elif name in ("del", "moveFrom"):
                self.log.margins += self._joined(element)
                self.log.add(UnreadKind.TRACKED_CHANGE, _DROPPED_ROW)

    def _paragraph(self, element: _Element) -> Iterator[Draft]:
        page = self.log.page
        found = self._inline.read(element)
        if self._carried is not None:
            found = _one(self._carried, found)
            self._carried = None
        if child(element, "pPr", "rPr", "del") is not None:
            self.log.add(UnreadKind.TRACKED_CHANGE, _MERGED)
            self._carried = found
            return
        if "".join(found.text).strip():
            yield self._draft(element, found, page)
        for key, sign in found.notes:
            yield from self._note(key, sign)
        for box in found.boxes:
            yield from self._blocks(box)

    def _draft(self, element: _Element, found: Found, page: int) -> Draft:
        properties = child(element, "pPr")
        style = value(properties, "pStyle")
        text = " ".join("".join(found.text).split())
        sign, bullet = self._sign(properties, style)
        parts = (Stretch(f"{sign} "), Stretch(text)) if sign else (Stretch(text),)
        mark = numbering.marker(f"{sign} {text}" if sign else text)
        level = self._styles.level(properties, style)
        if bullet or (
            mark is not None and mark.bullet and (mark.sure or not sign) and level is None
        ):
            return Draft(BlockKind.BULLET, numbering.bulleted(parts, mark) if mark else parts, page)
        number = self._counted(mark, bool(sign))
        kind = self._kind(style, level, found, text)
        if kind is BlockKind.HEADING and level is None:
            level = min(6, mark.depth) if mark and mark.depth and number else 2
        return Draft(kind, parts, page, number, level if kind is BlockKind.HEADING else None)

    def _counted(self, mark: numbering.Marker | None, automatic: bool) -> str | None:
        """The paragraph's number, automatic or typed."""
        if mark is None or mark.bullet:
            return None
        typed = mark.sure or numbering.follows(mark.number or "", self._number)
        if not automatic and not typed:
            return None
        if mark.depth:
            self._number = mark.number
        return mark.number

    def _kind(self, style: str | None, level: int | None, found: Found, text: str) -> BlockKind:
        if level is not None:
            return BlockKind.HEADING
        if "quote" in self._styles.name(style):
            return BlockKind.QUOTE
        # As on paper: a short paragraph that is bold throughout and ends without a stop.
        if found.bold and len(text) <= 250 and text[-1:] not in ".;,":
            return BlockKind.HEADING
        return BlockKind.PARAGRAPH

    def _sign(self, properties: _Element | None, style: str | None) -> tuple[str, bool]:
        """The automatic number or bullet of a paragraph; "" where it has none."""
        listed = self._styles.numbered(properties, style)
        made = self._numbers.sign(*listed, style) if listed else None
        return (made[0].strip(), made[1]) if made else ("", False)

    def _note(self, key: str, sign: str) -> Iterator[Draft]:
        body = self._notes.get(key)
        if body is None:
            return
        parts: list[Stretch] = [Stretch(sign)]
        for draft in list(self._blocks(body)):
            parts += [Stretch(" "), *draft.parts]
        yield Draft(BlockKind.FOOTNOTE, tuple(parts), self.log.page, sign)

    # -- tables ---------------------------------------------------------------------------------

    def _table(self, table: _Element) -> Iterator[Draft]:
        """A table of one column is a box around paragraphs; any other stays a table."""
        page = self.log.page
        rows = [row for row in _down(table, "tr") if not self._dropped(row)]
        cells = [list(_down(row, "tc")) for row in rows]
        if max((len(row) for row in cells), default=0) < 2:
            for row in cells:
                for cell in row:
                    yield from self._blocks(cell)
            return
        made = tuple(tuple(part for cell in row for part in self._cell(cell)) for row in cells)
        yield Draft(BlockKind.TABLE, (), page, rows=made)

    def _dropped(self, row: _Element) -> bool:
        if child(row, "trPr", "del") is None:
            return False
        self.log.margins += self._joined(row)
        self.log.add(UnreadKind.TRACKED_CHANGE, _DROPPED_ROW)
        return True

    def _cell(self, cell: _Element) -> Iterator[tuple[Stretch, ...]]:
        """A cell's text, and an empty cell for each further column that it spans."""
        parts: list[Stretch] = []
        for draft in self._blocks(cell):
            inner = [s for row in draft.rows for c in row for s in (*c, Stretch(" "))]
            parts += [Stretch(" "), *draft.parts, *inner]
        yield tuple(parts)
        span = value(cell, "tcPr", "gridSpan")
        for _ in range(min(60, int(span)) - 1 if span and span.isdecimal() else 0):
            yield ()


def _down(element: _Element, name: str) -> Iterator[_Element]:
    """The rows of a table or the cells of a row, through content controls and insertions."""
    for inner in element:
        if local(inner) == name:
            yield inner
        elif local(inner) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _down(inner, name)


def _one(first: Found, second: Found) -> Found:
    """Two paragraphs whose break was deleted, as one."""
    return Found(
        [*first.text, *second.text],
        [*first.notes, *second.notes],
        [*first.boxes, *second.boxes],
        first.bold and second.bold,
    )
