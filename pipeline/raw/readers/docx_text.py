"""The text of Word's paragraphs as a reader of the accepted view sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.raw.document import UnreadKind
from pipeline.raw.readers.docx_package import attribute, child, local, value
from pipeline.raw.readers.docx_styles import Styles

_Element = etree._Element
_INSERTED = "A tracked insertion. It was read as if it were accepted: accept or reject it."
_DELETED = "A tracked deletion. It was left out as if it were accepted: accept or reject it."
_HIDDEN = "Hidden text. It was left out of the report."
_PICTURE = "A picture. What it shows was not read."
_DRAWING = "A diagram, a chart or a drawing with words. They were not read."
_FIELD = "A form field. What is chosen in it may not have been read."
_OBJECT = "An embedded object. It was not opened."
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
    "ins",
    "moveTo",
    "r",
    "Choice",
}
_AS_SPACE = {"tab", "br", "cr", "ptab"}
# Names and words that stand in a drawing's description.
_SAID = ("descr", "title")


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


@dataclass(slots=True)
class Found:
    """A paragraph's text and what hangs on it."""

    text: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    bold: bool = True


class Inline:
    """Reads the content of paragraphs; `notes` counts footnotes ("f") and endnotes ("e")."""

    def __init__(self, styles: Styles, log: Log) -> None:
        self._styles = styles
        self._log = log
        self._counts = {"f": 0, "e": 0}

    def read(self, paragraph: _Element) -> Found:
        """What a paragraph says."""
        found = Found()
        style = value(paragraph, "pPr", "pStyle")
        for element in paragraph:
            self._walk(element, found, style)
        if not "".join(found.text).strip():
            found.bold = False
        return found

    def _walk(self, element: _Element, found: Found, style: str | None) -> None:
        name = local(element)
        if name in ("del", "moveFrom"):
            self._deleted(element)
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
        if name in ("ins", "moveTo"):
            self._log.add(UnreadKind.TRACKED_CHANGE, _INSERTED)
            self._log.margins.append(attribute(element, "author") or "")
        if name == "fldSimple":
            self._log.margins.append(attribute(element, "instr") or "")
        for inner in element:
            if local(inner) not in ("sdtPr", "sdtEndPr", "rubyPr"):
                self._walk(inner, found, style)

    def _deleted(self, element: _Element) -> None:
        self._log.add(UnreadKind.TRACKED_CHANGE, _DELETED)
        gone = "".join(e.text or "" for e in element.iter() if local(e) in ("delText", "t"))
        self._log.margins += [gone, attribute(element, "author") or ""]

    def _run(self, run: _Element, found: Found, style: str | None) -> None:
        if self._styles.toggled(run, style, "vanish"):
            words = "".join(e.text or "" for e in run.iter() if local(e) == "t")
            if words.strip():
                self._log.once(UnreadKind.HIDDEN_TEXT, _HIDDEN)
                self._log.margins.append(words)
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
        names = {local(e) for e in inside}
        for e in inside:
            self._log.margins += [attribute(e, key) or "" for key in _SAID]
        if names & {"blip", "imagedata"}:
            self._log.add(UnreadKind.PICTURE, _PICTURE)
        if names & {"OLEObject", "control"} or local(element) == "object":
            self._log.add(UnreadKind.ATTACHMENT, _OBJECT)
        words = [e.text for e in inside if local(e) == "t" and not _within(e, boxes)]
        words += [attribute(e, "string") for e in inside if local(e) == "textpath"]
        if words or names & {"relIds", "chart"}:
            self._log.add(UnreadKind.OTHER_PART, _DRAWING)
        self._log.margins += [word or "" for word in words]


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
