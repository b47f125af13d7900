"""Word (.docx): every part with text is read; lists are counted as Word counts them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from pipeline.errors import ReadError
from pipeline.raw.document import PICTURE_SIGN, Document, UnreadKind, View
from pipeline.raw.readers import assemble, numbering, refusals
from pipeline.raw.readers.assemble import Draft, Seen, Stretch
from pipeline.raw.readers.docx_anchors import Anchor, anchor, narrowed
from pipeline.raw.readers.docx_package import Package, attribute, child, local, value
from pipeline.raw.readers.docx_styles import Numbers, Styles
from pipeline.raw.readers.docx_text import Found, Inline, Log, aside, joined, reason_of, stands
from pipeline.span import BlockKind

_Element = etree._Element
_COMMENT = "A comment whose place in the text is not known. It was left out of the report."
_ATTACHED = "A file is embedded. It was not opened."
_MACROS = "The document holds macros. They were not run."
_PART = "A part of the file holds text that belongs to no page. It was left out of the report."
_AT_EDGE = "A picture in a header or a footer. What it shows was not read."
_CHUNK = "A part in another format was put in. It was not read."
_BLOCK, _ROW, _CELL, _BREAK = (
    "A tracked change of whole paragraphs",
    "A tracked change of a table row",
    "A tracked change of a table cell",
    "A tracked change of the break between two paragraphs",
)
_CHANGED = ("ins", "moveTo", "del", "moveFrom")
_BODY = {
    "body",
    "sdtContent",
    "customXml",
    "smartTag",
    "txbxContent",
    "tc",
    "hdr",
    "ftr",
}
_HARMLESS = ("/theme/", "/_rels/", "fontTable.xml", "webSettings.xml", "stylesWithEffects.xml")


def read(data: bytes, *, name: str = "", view: View = View.ACCEPTED) -> Document:
    """A .docx's bytes as a Document; ReadError where it is none, damaged or without text.

    Of tracked changes one view is read; the words of the other go to the margins.
    """
    package = Package(data)
    reader = _Reader(package, view)
    drafts = reader.drafts()
    if not any(d.kind is not BlockKind.FURNITURE and _says(d) for d in drafts):
        raise ReadError(refusals.WORD_NO_TEXT)
    log = reader.log
    accepted = view is View.ACCEPTED
    made = assemble.document(
        drafts,
        reader=assemble.READER if accepted else f"{assemble.READER}-{view.value}",
        sha256=hashlib.sha256(data).hexdigest(),
        media="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        pages=max(d.page for d in drafts),
        seen=log.seen,
        margins=[name, *log.margins],
    )
    return replace(narrowed(made, reader.anchors), view=view)


def _says(draft: Draft) -> bool:
    if draft.text == PICTURE_SIGN and draft.seen:
        return False
    cells = [stretch for row in draft.rows for cell in row for stretch in cell]
    return any(stretch.text.strip() for stretch in (*draft.parts, *cells))


class _Reader:
    """Walks a package once, in reading order."""

    def __init__(self, package: Package, view: View) -> None:
        self._package = package
        self._view = view
        self.log = Log()
        self.anchors: list[Anchor] = []
        self._styles = Styles(self._optional("styles.xml"))
        self._numbers = Numbers(self._optional("numbering.xml"))
        self._notes = {**self._note_bodies("footnotes.xml"), **self._note_bodies("endnotes.xml")}
        self._noted: set[str] = set()
        roots = self._roots()
        self._edges = {n: root for n, root in roots.items() if local(root) in ("hdr", "ftr")}
        self._comments = frozenset(
            attribute(one, "id") or ""
            for root in roots.values()
            for one in (root if local(root) == "comments" else ())
        )
        self._inline = Inline(self._styles, self.log, view, self._comments)
        self._counted = numbering.Counted()
        self._carried: tuple[_Element, Found, int] | None = None
        self._at_edge = False

    def drafts(self) -> tuple[Draft, ...]:
        """Headers, the body with its notes, footers; all else goes to the margins or the list."""
        body = child(self._package.xml(self._package.main), "body")
        made = list(self._outer("hdr"))
        self.log.page = 1
        made += list(self._story(body)) if body is not None else []
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
        self._at_edge = True
        for name in sorted(self._package.names):
            if (root := self._edges.get(name)) is not None and local(root) == kind:
                for draft in self._story(root):
                    cells = [s for row in draft.rows for cell in row for s in (*cell, Stretch(" "))]
                    yield Draft(BlockKind.FURNITURE, (*draft.parts, *cells), draft.page)
        self._at_edge = False

    def _roots(self) -> dict[str, _Element]:
        """The parts beside the body, by name: headers, footers and comments are told by these."""
        folder = self._package.main.rpartition("/")[0] + "/"
        names = (n for n in self._package.names if n.startswith(folder) and n.endswith(".xml"))
        return {
            name: self._package.xml(name)
            for name in names
            if name.count("/") == 1 and name != self._package.main
        }

    def _beside(self) -> None:
        """Puts what is in no page into the margins, and lists what a person has to look at."""
        self.log.page = 1
        self.log.margins += self._package.outside()
        for key, note in self._notes.items():
            if key not in self._noted:  # of a reference that this view leaves out
                self.log.margins += aside(note)
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
        self.log.margins += [*aside(root), *words, *sorted(authors)]
        if local(root) == "comments":
            lost = [one for one in root if attribute(one, "id") not in self._inline.placed]
            self.log.seen += [(UnreadKind.COMMENT, None, _COMMENT) for _ in lost]
        elif (
            words
            and not name.startswith("docProps/")
            and stem not in ("settings.xml", "people.xml")
        ):
            self.log.seen.append((UnreadKind.OTHER_PART, None, _PART))

    # -- blocks ---------------------------------------------------------------------------------

    def _story(self, holder: _Element) -> Iterator[Draft]:
        """The blocks of a whole: no paragraph of it runs on into what comes after."""
        outer, self._carried = self._carried, None
        yield from self._blocks(holder)
        yield from self._flush()
        self._carried = outer

    def _blocks(self, holder: _Element) -> Iterator[Draft]:
        for element in holder:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._flush()
                yield from self._table(element)
            elif name == "sdt":
                content = child(element, "sdtContent")
                yield from self._blocks(content) if content is not None else ()
            elif name in _BODY:
                yield from self._blocks(element)
            elif name == "commentRangeStart":
                self._inline.open(element)
            elif name == "altChunk":
                self.log.add(UnreadKind.OTHER_PART, _CHUNK)
            elif name in _CHANGED and self._stays(element, name, _BLOCK):
                yield from self._blocks(element)

    def _stays(self, element: _Element, change: str, thing: str) -> bool:
        """Lists a tracked change of something whole; whether it is in the text of this view."""
        here = stands(change, self._view)
        reason = reason_of(thing, self._view, stands=here)
        self.log.add(UnreadKind.TRACKED_CHANGE, reason)
        if not here:
            self.log.margins += aside(element)
        return here

    def _paragraph(self, element: _Element) -> Iterator[Draft]:
        page = self.log.page
        found = self._inline.read(element)
        if self._carried is not None:
            _, first, page = self._carried
            found = joined(first, found)
            self._carried = None
        marks = child(element, "pPr", "rPr")
        change = next(
            (n for e in (() if marks is None else marks) if (n := local(e)) in _CHANGED), ""
        )
        runs_on = bool(change) and not stands(change, self._view)
        told = any(mark.what is UnreadKind.TRACKED_CHANGE for mark in found.marks)
        if change and (runs_on or not told):
            found.mark(UnreadKind.TRACKED_CHANGE, reason_of(_BREAK, self._view, stands=not runs_on))
        if runs_on:
            self._carried = (element, found, page)
        else:
            yield from self._read(element, found, page)

    def _flush(self) -> Iterator[Draft]:
        """A paragraph whose break is gone, where no other follows."""
        if self._carried is not None:
            element, found, page = self._carried
            self._carried = None
            yield from self._read(element, found, page)

    def _read(self, element: _Element, found: Found, page: int) -> Iterator[Draft]:
        """A paragraph, with its pictures before or after it, then its notes and boxes."""
        yield from self._signs(found, after=False)
        if found.says:
            yield self._draft(element, found, page)
        else:
            self.log.seen += [(mark.what, page, mark.reason) for mark in found.marks]
        yield from self._signs(found, after=True)
        for key, sign in found.notes:
            yield from self._note(key, sign)
        for box in found.boxes:
            yield from self._story(box)

    def _signs(self, found: Found, *, after: bool) -> Iterator[Draft]:
        """A sign for each picture, as a paragraph; in headers and footers they are only listed."""
        for reason, page, follows in found.pictures:
            seen: Seen = (UnreadKind.PICTURE, page, reason)
            if follows is not after:
                continue
            if self._at_edge:
                self.log.seen.append((UnreadKind.PICTURE, page, _AT_EDGE))
            else:
                self.anchors.append(Anchor(PICTURE_SIGN, PICTURE_SIGN))
                yield Draft(BlockKind.PARAGRAPH, (Stretch(PICTURE_SIGN),), page, seen=(seen,))

    def _seen(self, found: Found, page: int) -> tuple[Seen, ...]:
        """What has to be looked at in a paragraph, for its draft; at the edges, for the list."""
        seen: list[Seen] = [(mark.what, page, mark.reason) for mark in found.marks]
        if self._at_edge:
            self.log.seen += seen
            return ()
        self.anchors += [anchor("".join(found.text), mark) for mark in found.marks]
        return tuple(seen)

    def _draft(self, element: _Element, found: Found, page: int) -> Draft:
        properties = child(element, "pPr")
        style = value(properties, "pStyle")
        text = " ".join("".join(found.text).split())
        sign, bullet = self._sign(properties, style)
        parts = (Stretch(f"{sign} "), Stretch(text)) if sign else (Stretch(text),)
        mark = numbering.marker(f"{sign} {text}" if sign else text)
        level = self._styles.level(properties, style)
        seen = self._seen(found, page)
        if bullet or (
            mark is not None and mark.bullet and (mark.sure or not sign) and level is None
        ):
            marked = numbering.bulleted(parts, mark) if mark else parts
            return Draft(BlockKind.BULLET, marked, page, seen=seen)
        number = self._counted.number(mark, automatic=bool(sign))
        kind = self._kind(style, level, found, text)
        if kind is BlockKind.HEADING and level is None:
            level = min(6, mark.depth) if mark and mark.depth and number else 2
        level = level if kind is BlockKind.HEADING else None
        return Draft(kind, parts, page, number, level, seen=seen)

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
        self._noted.add(key)
        parts: list[Stretch] = [Stretch(sign)]
        seen: list[Seen] = []
        for draft in list(self._story(body)):
            parts += [Stretch(" "), *draft.parts]
            seen += draft.seen
        yield Draft(BlockKind.FOOTNOTE, tuple(parts), self.log.page, sign, seen=tuple(seen))

    # -- tables ---------------------------------------------------------------------------------

    def _table(self, table: _Element) -> Iterator[Draft]:
        """A table of one column is a box around paragraphs; any other stays a table."""
        page = self.log.page
        rows = [row for row in self._down(table, "tr") if self._has(row, "trPr", _ROW)]
        cells = [list(self._down(row, "tc")) for row in rows]
        if max((len(row) for row in cells), default=0) < 2:
            for row in cells:
                for cell in row:
                    yield from self._story(cell)
            return
        seen: list[Seen] = []
        made = tuple(
            tuple(part for cell in row for part in self._cell(cell, seen)) for row in cells
        )
        yield Draft(BlockKind.TABLE, (), page, rows=made, seen=tuple(seen))

    def _down(self, element: _Element, name: str) -> Iterator[_Element]:
        """The rows of a table or the cells of a row, through content controls and changes."""
        for inner in element:
            here = local(inner)
            if here == name:
                yield inner
            elif here in ("sdt", "sdtContent", "customXml") or (
                here in _CHANGED and self._stays(inner, here, _ROW)
            ):
                yield from self._down(inner, name)

    def _has(self, part: _Element, properties: str, thing: str) -> bool:
        """Whether a row or a cell is in the table as this view has it."""
        made = child(part, properties)
        changes = (*_CHANGED, "cellIns", "cellDel")
        change = next((n for e in (() if made is None else made) if (n := local(e)) in changes), "")
        return not change or self._stays(part, change, thing)

    def _cell(self, cell: _Element, seen: list[Seen]) -> Iterator[tuple[Stretch, ...]]:
        """A cell's text, and an empty cell for each further column that it spans."""
        parts: list[Stretch] = []
        for draft in self._story(cell) if self._has(cell, "tcPr", _CELL) else ():
            inner = [s for row in draft.rows for c in row for s in (*c, Stretch(" "))]
            parts += [Stretch(" "), *draft.parts, *inner]
            seen += draft.seen
        yield tuple(parts)
        span = value(cell, "tcPr", "gridSpan")
        for _ in range(min(60, int(span)) - 1 if span and span.isdecimal() else 0):
            yield ()
