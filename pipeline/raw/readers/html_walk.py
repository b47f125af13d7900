"""From the elements of a web page, in reading order, to blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from pipeline.raw.document import PICTURE_SIGN, UnreadKind
from pipeline.raw.readers import furniture, html_tables, numbering
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.html_lists import ListSigns, list_of
from pipeline.raw.readers.html_outside import Beside, Hidden, attribute, style_of, tag, texts
from pipeline.raw.readers.html_parts import (
    NOTE_ID,
    is_comment,
    is_furniture,
    is_note,
    is_tiny,
    level_of,
)
from pipeline.raw.readers.marked import Marks
from pipeline.raw.readers.text import laid_out
from pipeline.span import BlockKind

_Element = etree._Element
_HIDDEN = "The page holds text that it does not show. It was left out of the report."
_FIELD = "A form field. What is entered or chosen in it was left out of the report."
_PICTURE = "A picture. What it shows was not read."
_DRAWING = "A drawing with words. They were not read."
_OTHER = "Something is embedded (another page, a video, a file). It was not opened."
_INSERTED = "A tracked insertion. It was read as if it were accepted: accept or reject it."
_DELETED = "A tracked deletion. It was left out as if it were accepted: accept or reject it."
_COMMENTS = "The document has comments. They were left out of the report."
_BLOCKS = frozenset(
    "address article aside body blockquote center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "listing main menu nav ol option p plaintext pre search section summary table tbody td "
    "tfoot th thead tr ul xmp caption".split()
)
_NEVER = frozenset("head script style template noscript noframes noembed datalist dialog".split())
_FIELDS = frozenset(["input", "select", "textarea"])
_EMBEDDED = frozenset("iframe frame object embed applet video audio canvas portal".split())
_NOTE_SIGN = re.compile(r"\s*(?:\[(\d{1,3})\]|(\d{1,3})[.)]?(?=\s|[A-Z‘“]))\s*")
_BACK = re.compile(r"[\u21a9\u21b5\u2191^]\ufe0e?\s*$")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_UNITS = re.compile(r"\b(?:m|km|cm|mm|ft)$")
_POWERS = {"2": "²", "3": "³"}
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_LINES = 12


@dataclass(frozen=True, slots=True)
class _Within:
    """What an element stands in."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    bold: bool = False
    inside: ListSigns | None = None
    noted: bool = False
    article: bool = False


class Walk:
    """Reads a page once; `drafts` are its blocks."""

    def __init__(self, beside: Beside, hidden: Hidden) -> None:
        self._beside = beside
        self._hidden = hidden
        self._marks = Marks()
        self._within = _Within()
        self._said: list[tuple[str, bool]] = []
        self._sign = ""
        self._pictures = 0
        self._made: list[Draft] = []

    def drafts(self, root: _Element) -> tuple[Draft, ...]:
        """The blocks of an element and all that it holds."""
        self._walk(root)
        self._close()
        return tuple(self._made)

    # -- elements -------------------------------------------------------------------------------

    def _walk(self, element: _Element) -> None:
        name = tag(element)
        if not name:
            return
        if name in _NEVER or self._hidden.has(element):
            self._drop(element, name)
        elif name == "br":
            self._said.append(("\n", True))
        elif name in ("img", "svg"):
            self._picture(element, name)
        elif name in _FIELDS or name == "button":
            self._field(element, name)
        elif name in _EMBEDDED:
            self._beside.once(UnreadKind.ATTACHMENT, _OTHER)
            self._beside.say(" ".join(texts(element)))
        elif name in ("del", "ins"):
            self._tracked(element, name)
        elif name in ("sup", "sub"):
            self._raised(element)
        else:
            self._enter(element, name)

    def _enter(self, element: _Element, name: str) -> None:
        """An element that holds text of the page."""
        before = self._within
        block = name in _BLOCKS or "display:block" in style_of(element).replace(" ", "")
        if is_comment(element):
            self._beside.once(UnreadKind.COMMENT, _COMMENTS)
            self._beside.say(" ".join(texts(element)))
            return
        if block:
            self._close()
        self._within = self._of(element, name, before)
        if name == "table":
            self._table(element)
        elif name in ("pre", "listing", "xmp"):
            for line in "".join(texts(element)).splitlines():
                self._said += [(line, False), ("\n", True)]
        elif is_note(element, inside_notes=self._within.noted):
            self._note(element, name)
        else:
            if name == "li":
                self._item(element, before)
            self._inside(element)
        if block:
            self._close()
        if name == "li":
            self._sign = ""
        self._within = before

    def _inside(self, element: _Element) -> None:
        self._say(element.text)
        for inner in element:
            self._walk(inner)
            self._say(inner.tail)

    def _of(self, element: _Element, name: str, before: _Within) -> _Within:
        """What the children of an element stand in."""
        now = before
        level = level_of(element, name)
        if level is not None:
            now = replace(now, level=level)
        if name in ("b", "strong", "th") or _BOLD.search(style_of(element)):
            now = replace(now, bold=True)
        if name in ("article", "main") and before.kind is not BlockKind.FURNITURE:
            now = replace(now, article=True)
        if name == "blockquote" and before.kind is BlockKind.PARAGRAPH:
            now = replace(now, kind=BlockKind.QUOTE)
        if is_furniture(element, name, within=before.article):
            now = replace(now, kind=BlockKind.FURNITURE, level=None)
        if name in ("ol", "ul", "menu", "dir"):
            now = replace(now, inside=list_of(element, name))
        if attribute(element, "role") == "doc-endnotes" or attribute(element, "class") in (
            "footnotes", "references", "endnotes",
        ):  # fmt: skip
            now = replace(now, noted=True)
        return now

    def _item(self, element: _Element, before: _Within) -> None:
        sign = before.inside.sign(element) if before.inside else numbering.BULLET
        self._sign = f"{self._sign} {sign}".strip()

    # -- what is left out -----------------------------------------------------------------------

    def _drop(self, element: _Element, name: str) -> None:
        if name in ("head", "script", "style"):
            return
        words = " ".join(" ".join(texts(element)).split())
        if any(c.isalnum() for c in words):
            self._beside.once(UnreadKind.HIDDEN_TEXT, _HIDDEN)
            self._beside.margins.append(words)
        if any(tag(e) in ("img", "svg") for e in element.iter()):
            self._beside.once(UnreadKind.HIDDEN_TEXT, _HIDDEN)

    def _field(self, element: _Element, name: str) -> None:
        kind = attribute(element, "type").lower()
        words = " ".join(" ".join(texts(element)).split())
        if name == "button" or kind in ("submit", "button", "reset", "image"):
            self._beside.say(words)
            return
        said = words or attribute(element, "value")
        if said.strip() and kind not in ("checkbox", "radio"):
            self._beside.once(UnreadKind.FORM_FIELD, _FIELD)
            self._beside.say(words)
        elif element.get("checked") is not None:
            self._beside.once(UnreadKind.FORM_FIELD, _FIELD)

    def _tracked(self, element: _Element, name: str) -> None:
        if name == "ins":
            self._beside.seen.append((UnreadKind.TRACKED_CHANGE, None, _INSERTED))
            self._inside(element)
            return
        self._beside.seen.append((UnreadKind.TRACKED_CHANGE, None, _DELETED))
        self._beside.say(" ".join(" ".join(texts(element)).split()))

    def _picture(self, element: _Element, name: str) -> None:
        if name == "svg":
            words = " ".join(" ".join(texts(element)).split())
            if any(c.isalnum() for c in words):
                self._beside.once(UnreadKind.OTHER_PART, _DRAWING)
                self._beside.margins.append(words)
        if is_tiny(element):
            return
        if self._within.kind is BlockKind.FURNITURE:
            self._beside.once(UnreadKind.PICTURE, _PICTURE)
            return
        self._pictures += 1

    # -- text -----------------------------------------------------------------------------------

    def _say(self, text: str | None) -> None:
        if text:
            self._said.append((_SPACE.sub(" ", text), self._within.bold))

    def _raised(self, element: _Element) -> None:
        """A raised number: a note's sign after a word stands apart from it, as Word's does."""
        words = "".join(texts(element)).strip()
        before = "".join(text for text, _ in self._said[-3:])
        sign = words.strip("[]()")
        if sign.isdecimal() and tag(element) == "sup":
            if words in _POWERS and _UNITS.search(before):
                self._said.append((_POWERS[words], self._within.bold))
                return
            if before and not before[-1].isspace() and not before[-1].isdecimal():
                self._said.append((" ", self._within.bold))
        self._inside(element)

    def _close(self) -> None:
        """Ends the open paragraph: one block, or more where line breaks stand for paragraphs."""
        said, self._said = self._said, []
        whole = "".join(text for text, _ in said)
        kind = self._within.kind
        if whole.count("\n") > _LINES and kind is BlockKind.PARAGRAPH and not self._sign:
            self._lines(whole)
        else:
            for paragraph in _paragraphs(said):
                self._paragraph(paragraph)
        for _ in range(self._pictures):
            picture = (UnreadKind.PICTURE, None, _PICTURE)
            self._made.append(Draft(BlockKind.PARAGRAPH, (Stretch(PICTURE_SIGN),), seen=(picture,)))
        self._pictures = 0

    def _paragraph(self, said: list[tuple[str, bool]]) -> None:
        text = "".join(part for part, _ in said)
        if not text.strip():
            return
        within, sign = self._within, self._sign
        self._sign = ""
        kind = BlockKind.FURNITURE if furniture.says_page(text.strip()) else within.kind
        bold = all(strong for part, strong in said if part.strip())
        self._made.append(
            self._marks.draft(text, sign=sign, level=within.level, bold=bold, kind=kind)
        )

    def _lines(self, text: str) -> None:
        """Text whose lines are as they were written: put together as those of a text file."""
        made, _ = laid_out(text)
        if self._within.kind is not BlockKind.PARAGRAPH:
            made = tuple(
                d if d.kind is BlockKind.FURNITURE else replace(d, kind=self._within.kind)
                for d in made
            )
        self._made += [replace(draft, page=1) for draft in made]

    # -- notes and tables -----------------------------------------------------------------------

    def _note(self, element: _Element, name: str) -> None:
        """A note: all its paragraphs are one block, its number first."""
        inside = self._within.inside
        counted = inside.sign(element).rstrip(".") if name == "li" and inside else ""
        drafts = self._apart(element)
        text = _BACK.sub("", " ".join("".join(s.text for s in _flat(d)) for d in drafts)).strip()
        sign = _NOTE_SIGN.match(text)
        named = NOTE_ID.match(attribute(element, "id"))
        number = (sign.group(1) or sign.group(2)) if sign else None
        known = counted if counted.isdecimal() else named.group(1) if named else None
        # "12 visits were made" in note 3 starts with no sign of its own.
        if sign is not None and (known is None or number == known):
            text = text[sign.end() :]
        else:
            number = known
        text = f"{number} {text}" if number else text
        if text:
            seen = tuple(one for draft in drafts for one in draft.seen)
            draft = Draft(BlockKind.FOOTNOTE, (Stretch(text),), number=number, seen=seen)
            self._made.append(draft)

    def _table(self, table: _Element) -> None:
        rows = html_tables.rows(table)
        laid = html_tables.lays_out(table) or self._within.kind is BlockKind.FURNITURE
        self._stray(table, [] if laid else rows)
        self._close()
        shown = [row for row in rows if not self._hidden.has(row)]
        for row in rows:
            if row not in shown:
                self._drop(row, "tr")
            elif laid:
                self._inside(row)
        if laid:
            return
        made = [
            tuple(() if cell is None else self._cell(cell) for cell in row)
            for row in html_tables.grid(shown)
        ]
        seen = tuple(one for row in made for cell in row for draft in cell for one in draft.seen)
        cells = tuple(tuple(_joined(cell) for cell in row) for row in made)
        self._made.append(Draft(BlockKind.TABLE, (), rows=cells, seen=seen))

    def _stray(self, table: _Element, rows: Sequence[_Element]) -> None:
        """What stands in a table and in no cell of it: a caption, text out of place."""
        groups = html_tables.groups(table)
        known = {
            *groups,
            *html_tables.rows(table),
            *(c for r in rows for c in html_tables.cells(r)),
        }
        for holder in (table, *groups, *rows):
            self._say(holder.text)
            for inner in holder:
                if inner not in known:
                    self._walk(inner)
                self._say(inner.tail)

    def _cell(self, cell: _Element) -> tuple[Draft, ...]:
        if self._hidden.has(cell):
            self._drop(cell, "td")
            return ()
        return self._apart(cell)

    def _apart(self, element: _Element) -> tuple[Draft, ...]:
        """The blocks inside an element, apart from those of the page."""
        inner = Walk(self._beside, self._hidden)
        inner._within = _Within(bold=False)
        inner._inside(element)
        inner._close()
        return tuple(inner._made)


def _flat(draft: Draft) -> Iterator[Stretch]:
    yield from draft.parts
    for row in draft.rows:
        for cell in row:
            yield from (*cell, Stretch(" "))


def _joined(drafts: tuple[Draft, ...]) -> tuple[Stretch, ...]:
    return tuple(s for draft in drafts for s in (*_flat(draft), Stretch(" ")))


def _paragraphs(said: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
    """Runs of text between line breaks, put together where a break only ends a line."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for text, bold in said:
        if text == "\n":
            lines.append([])
        else:
            lines[-1].append((text, bold))
    current: list[tuple[str, bool]] = []
    for line in lines:
        text = "".join(part for part, _ in line).strip()
        mark = numbering.marker(text) if text else None
        if current and (not text or (mark and mark.sure) or _headed(current) != _headed(line)):
            yield current
            current = []
        if text:
            current = [*current, (" ", _headed(line)), *line]
    if current:
        yield current


def _headed(line: list[tuple[str, bool]]) -> bool:
    return all(bold for text, bold in line if text.strip())
