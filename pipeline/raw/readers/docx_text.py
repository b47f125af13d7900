"""The text of Word's paragraphs as a reader of one view sees it: accepted, or original."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.raw.document import UnreadKind, View
from pipeline.raw.readers.docx_package import attribute, child, local, value
from pipeline.raw.readers.docx_styles import Styles

_Element = etree._Element
_HIDDEN = "Hidden text. It was left out of the report."
_PICTURE = "A picture. What it shows was not read."
_TINY = "A picture no larger than a line or a dot. What it shows was not read."
_DRAWING = "A diagram, a chart or a drawing. What it shows was not read."
_FIELD = "A form field. What is chosen in it may not have been read."
_OBJECT = "An embedded object. It was not opened."
_COMMENT = "A comment. It was left out of the report."
_CHANGES = {
    "ins": "A tracked insertion",
    "moveTo": "The new place of text that was moved, with the move tracked",
    "del": "A tracked deletion",
    "moveFrom": "The old place of text that was moved, with the move tracked",
}
_NEW = frozenset({"ins", "moveTo", "cellIns"})
# What stands in a paragraph and holds text of it, one level further down.
_THROUGH = {
    "hyperlink",
    "smartTag",
    "customXml",
    "sdt",
    "sdtContent",
    "fldSimple",
    "dir",
    "bdo",
    "ruby",
    "rubyBase",
    "rt",
    "oMathPara",
    "oMath",
    "r",
    "Choice",
}
_AS_SPACE = {"tab", "br", "cr", "ptab"}
# Names and words that stand in a drawing's description.
_SAID = ("descr", "title")
# What is more than white space and control characters, which no text keeps.
_SAYS = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]")
# In points: below that a picture is a dot or a line, listed but not missed.
_LEAST_PICTURE = 8.0
_EMU = 12_700


@dataclass(slots=True)
class Log:
    """What the walk met on its way: things not read, texts for the margins, notes, pages."""

    seen: list[tuple[UnreadKind, int | None, str]] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    page: int = 1

    def add(self, what: UnreadKind, reason: str) -> None:
        """Lists a thing that was not read, on the page that is being read."""
        self.seen.append((what, self.page, reason))

    def once(self, what: UnreadKind, reason: str) -> None:
        """Lists a thing and page only once."""
        if (what, self.page, reason) not in self.seen:
            self.add(what, reason)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person has to look at, and where it stands in the paragraph's text as it came."""

    what: UnreadKind
    reason: str
    start: int
    end: int

    def moved(self, by: int) -> Mark:
        """The same, further on."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(slots=True)
class Found:
    """A paragraph's text and what hangs on it.

    `pictures` are (reason, page, whether text stands before it in the paragraph).
    """

    text: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    pictures: list[tuple[str, int, bool]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    opened: dict[str, int] = field(default_factory=dict)
    bold: bool = True

    @property
    def length(self) -> int:
        """How long the text is so far."""
        return sum(map(len, self.text))

    @property
    def says(self) -> bool:
        """Whether there is any text."""
        return any(_SAYS.search(text) for text in self.text)

    def mark(self, what: UnreadKind, reason: str, start: int | None = None) -> None:
        """Lists something that stands from `start` on, or at the end of the text so far."""
        end = self.length
        self.marks.append(Mark(what, reason, end if start is None else start, end))


def joined(first: Found, second: Found) -> Found:
    """Two paragraphs whose break is gone, as one."""
    both = Found(
        text=[*first.text, *second.text],
        notes=[*first.notes, *second.notes],
        boxes=[*first.boxes, *second.boxes],
        marks=[*first.marks, *(mark.moved(first.length) for mark in second.marks)],
        bold=all(one.bold for one in (first, second) if one.says),
    )
    after = [(reason, page, follows or first.says) for reason, page, follows in second.pictures]
    both.pictures = [*first.pictures, *after]
    both.bold = both.bold and both.says
    return both


def reason_of(thing: str, view: View, *, stands: bool) -> str:
    """What is said of a tracked change: what it is, which view was read, where it went."""
    where = "It is in the text" if stands else "It is not in the text"
    return f"{thing}. The {view.value} view was read. {where}."


def stands(change: str, view: View) -> bool:
    """Whether what a tracked change is about is in the text of a view.

    >>> stands("ins", View.ACCEPTED), stands("moveFrom", View.ACCEPTED)
    (True, False)
    """
    return (change in _NEW) == (view is View.ACCEPTED)


def aside(element: _Element) -> Iterator[str]:
    """The words of what is left out, paragraph by paragraph, with who changed it."""
    paragraphs = [e for e in element.iter() if local(e) == "p"]
    for one in [*paragraphs, element]:
        words = (e for e in one.iter() if local(e) in ("t", "delText"))
        inside = [] if one in paragraphs else paragraphs
        yield "".join(e.text or "" for e in words if not inside or not _within(e, inside))
    for e in element.iter():
        for key in (*_SAID, "author"):
            yield attribute(e, key) or ""


class Inline:
    """Reads the content of paragraphs; `notes` counts footnotes ("f") and endnotes ("e").

    `comments` are the ids of the comments that there are; `placed` those met in the text.
    """

    def __init__(self, styles: Styles, log: Log, view: View, comments: frozenset[str]) -> None:
        self._styles = styles
        self._log = log
        self._view = view
        self._comments = comments
        self._counts = {"f": 0, "e": 0}
        self._waiting: list[str] = []
        self.placed: set[str] = set()

    def read(self, paragraph: _Element) -> Found:
        """What a paragraph says."""
        found = Found()
        style = value(paragraph, "pPr", "pStyle")
        for key in self._waiting:
            found.opened[key] = 0
        self._waiting.clear()
        for element in paragraph:
            self._walk(element, found, style)
        for key in list(found.opened):
            self._close(key, found)
        found.bold = found.bold and found.says
        return found

    def open(self, comment: _Element) -> None:
        """A comment on what begins with the next paragraph."""
        self._waiting.append(attribute(comment, "id") or "")

    def _close(self, key: str, found: Found) -> None:
        """Lists a comment once, at the part of its words that stands in its first paragraph."""
        start = found.opened.pop(key, None)
        if key in self._comments and key not in self.placed:
            self.placed.add(key)
            found.mark(UnreadKind.COMMENT, _COMMENT, start)

    def _walk(self, element: _Element, found: Found, style: str | None) -> None:
        name = local(element)
        if name in _CHANGES:
            self._changed(element, name, found, style)
        elif name == "commentRangeStart":
            found.opened[attribute(element, "id") or ""] = found.length
        elif name in ("commentRangeEnd", "commentReference"):
            self._close(attribute(element, "id") or "", found)
        elif name == "AlternateContent":
            chosen = child(element, "Choice")
            chosen = child(element, "Fallback") if chosen is None else chosen
            for inner in [] if chosen is None else chosen:
                self._walk(inner, found, style)
        elif name == "r":
            self._run(element, found, style)
        elif name in _THROUGH:
            self._through(element, name, found, style)
        elif name in ("drawing", "pict", "object"):
            self._drawn(element, found)
        elif name == "t":
            found.text.append(element.text or "")  # of a formula: it stands in no run of Word's

    def _through(self, element: _Element, name: str, found: Found, style: str | None) -> None:
        if name == "fldSimple":
            self._log.margins.append(attribute(element, "instr") or "")
        for inner in element:
            if local(inner) not in ("sdtPr", "sdtEndPr", "rubyPr"):
                self._walk(inner, found, style)

    def _changed(self, element: _Element, name: str, found: Found, style: str | None) -> None:
        """A tracked change: read in one view, and left out of the other."""
        here = stands(name, self._view)
        start = found.length
        if here:
            self._log.margins.append(attribute(element, "author") or "")
            for inner in element:
                self._walk(inner, found, style)
        else:
            self._log.margins += aside(element)
        reason = reason_of(_CHANGES[name], self._view, stands=here)
        found.mark(UnreadKind.TRACKED_CHANGE, reason, start)

    def _run(self, run: _Element, found: Found, style: str | None) -> None:
        if self._styles.toggled(run, style, "vanish"):
            names = {local(e) for e in run.iter()}
            words = "".join(e.text or "" for e in run.iter() if local(e) in ("t", "delText"))
            if words.strip() or names & {"drawing", "pict", "object"}:
                self._log.once(UnreadKind.HIDDEN_TEXT, _HIDDEN)
                self._log.margins += aside(run)
            return
        said = len(found.text)
        for element in run:
            self._piece(element, found, style)
        if any(text.strip() for text in found.text[said:]):
            found.bold = found.bold and self._styles.toggled(run, style, "b")

    def _piece(self, element: _Element, found: Found, style: str | None) -> None:
        """One element of a run."""
        name = local(element)
        if name == "t":
            found.text.append(element.text or "")
        elif name in _AS_SPACE:
            found.text.append(" ")
            if name == "br" and attribute(element, "type") == "page":
                self._log.page += 1
        elif name == "lastRenderedPageBreak":
            self._log.page += 1
        elif name == "noBreakHyphen":
            found.text.append("-")
        elif name == "sym":
            found.text.append(_symbol(element))
        elif name in ("footnoteReference", "endnoteReference"):
            self._note(element, name[0], found)
        elif name == "fldChar":
            self._form_field(element)
        elif name == "delText" and self._view is View.ORIGINAL:
            found.text.append(element.text or "")
        elif name in ("instrText", "delText", "delInstrText"):
            self._log.margins.append(element.text or "")
        else:
            self._walk(element, found, style)

    def _note(self, element: _Element, kind: str, found: Found) -> None:
        self._counts[kind] += 1
        sign = str(self._counts[kind])
        found.notes.append((kind + (attribute(element, "id") or ""), sign))
        if attribute(element, "customMarkFollows") is None:
            found.text.append(f" {sign}")

    def _form_field(self, element: _Element) -> None:
        """A field of an old form: what was chosen from a list stands in no run."""
        form = child(element, "ffData")
        if form is not None:
            self._log.once(UnreadKind.FORM_FIELD, _FIELD)
            self._log.margins += [attribute(e, "val") or "" for e in form.iter()]

    def _drawn(self, element: _Element, found: Found) -> None:
        """A drawing: its text boxes are read; pictures and other words in it are listed."""
        inside = [e for e in _shown(element) if isinstance(e.tag, str)]
        boxes = [e for e in inside if local(e) == "txbxContent"]
        found.boxes += [box for box in boxes if not _within(box, boxes)]
        # What stands in a box is met again when the box is read.
        own = [e for e in inside if not boxes or not _within(e, boxes)]
        names = {local(e) for e in own}
        for e in own:
            self._log.margins += [attribute(e, key) or "" for key in _SAID]
        words = [e.text for e in own if local(e) == "t"]
        words += [attribute(e, "string") for e in own if local(e) == "textpath"]
        if names & {"blip", "imagedata"}:
            self._picture(_PICTURE, own, found)
        elif words or names & {"relIds", "chart", "wgp", "wpc", "group"}:
            self._picture(_DRAWING, own, found)
        if names & {"OLEObject", "control"} or local(element) == "object":
            self._log.add(UnreadKind.ATTACHMENT, _OBJECT)
        self._log.margins += [word or "" for word in words]

    def _picture(self, reason: str, inside: Sequence[_Element], found: Found) -> None:
        """A picture: one that can be missed gets a sign in the text, a tiny one is only listed."""
        if _is_tiny(inside):
            self._log.add(UnreadKind.PICTURE, _TINY)
        else:
            found.pictures.append((reason, self._log.page, found.says))


def _is_tiny(inside: Sequence[_Element]) -> bool:
    """Whether a drawing says that it is hardly wider or higher than a line."""
    extent = next((e for e in inside if local(e) == "extent"), None)
    if extent is None:
        return False
    sides = [attribute(extent, key) or "" for key in ("cx", "cy")]
    return any(side.isdecimal() and int(side) < _LEAST_PICTURE * _EMU for side in sides)


def _symbol(element: _Element) -> str:
    """A character of a symbol font: its code, as PDF programs write it too."""
    code = attribute(element, "char") or ""
    try:
        return chr(int(code, 16)) if code else ""
    except (ValueError, OverflowError):
        return ""


def _shown(element: _Element) -> Iterator[_Element]:
    """An element and all in it; of alternatives only the one that is chosen."""
    yield element
    for inner in element:
        other = local(element) == "AlternateContent" and local(inner) == "Fallback"
        if not other or child(element, "Choice") is None:
            yield from _shown(inner)


def _within(element: _Element, boxes: list[_Element]) -> bool:
    return any(parent in boxes for parent in element.iterancestors())
