"""What a web page holds beside its text: attributes, comments, scripts, styles, what is hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from pipeline.raw.document import UnreadKind
from pipeline.raw.readers.assemble import Seen

_Element = etree._Element
_COMMENT = "The page's source has comments. They were left out of the report."
_SCRIPTS = "The page holds scripts. They were not run: what they would show was not read."
_STYLED = "A style sheet puts words on the page. They were not read."
_MOST = 4_000
_SAYING = frozenset(
    "title alt summary placeholder value label cite aria-label aria-description action "
    "aria-roledescription href src longdesc download srcdoc content poster data".split()
)
_NAMING = frozenset(["id", "name", "for"])
_NO_WORDS = frozenset(
    "viewport robots theme-color generator format-detection color-scheme referrer".split()
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[a-z][\w-]*)?[.#]-?[_a-zA-Z][\w-]*$|[a-z][\w-]*$")
_NONE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all)"
)
_TINY = re.compile(r"(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|$|!)")
_WHITE = re.compile(
    r"(?:^|;)\s*color\s*:\s*(?:white|#fff|#ffffff|rgb\(\s*255,\s*255,\s*255\s*\))\s*(?:;|$|!)"
)
_GROUND = re.compile(r"background")
_CONTENT = re.compile(r"content\s*:\s*(?:\"([^\"]*)\"|'([^']*)')")


def tag(element: _Element) -> str:
    """An element's name in small letters, without a prefix's space; "" for all that is none."""
    name = element.tag
    return name.rpartition("}")[2].lower() if isinstance(name, str) else ""


def attribute(element: _Element, name: str) -> str:
    """An attribute's text, "" where there is none."""
    return str(element.get(name) or "")


def style_of(element: _Element) -> str:
    """The style written at an element, in small letters."""
    return attribute(element, "style").lower()


def raw_text(element: _Element) -> str:
    """All that stands in an element, comments in it too."""
    return "".join(str(text) for text in element.itertext())


def texts(element: _Element) -> Iterator[str]:
    """The texts of an element without those of scripts, styles and comments in it."""
    for inner in element.iter():
        if tag(inner) not in ("", "script", "style") and inner.text:
            yield inner.text
        if inner is not element and inner.tail:
            yield inner.tail


@dataclass(slots=True)
class Beside:
    """What was met beside the text: the texts for the margins, and the list for a person."""

    margins: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def say(self, text: str | None) -> None:
        """Puts a text into the margins if it has a word."""
        if text and _WORD.search(text):
            self.margins.append(" ".join(text[:_MOST].split()))

    def once(self, what: UnreadKind, reason: str) -> None:
        """Lists a thing once."""
        if (what, None, reason) not in self.seen:
            self.seen.append((what, None, reason))


class Hidden:
    """Which elements a browser does not show, by their attributes and by plain style rules."""

    def __init__(self, root: _Element) -> None:
        rules = [rule for sheet in root.iter("style") for rule in _rules(raw_text(sheet))]
        self._names = frozenset(rules)

    def has(self, element: _Element) -> bool:
        """Whether an element, and with it all that it holds, is not shown."""
        style = style_of(element)
        if element.get("hidden") is not None or _NONE.search(style) or _TINY.search(style):
            return True
        if _WHITE.search(style) and not any(
            _GROUND.search(style_of(e)) or e.get("bgcolor") is not None
            for e in (element, *element.iterancestors())
        ):
            return True
        return bool(self._names) and not self._names.isdisjoint(_selectors(element))


def _selectors(element: _Element) -> Iterator[str]:
    """The plain selectors that take an element: its class, its id, with or without its name."""
    name = tag(element)
    marks = [f".{c}" for c in attribute(element, "class").split()]
    if element.get("id"):
        marks.append(f"#{attribute(element, 'id')}")
    for mark in marks:
        yield mark
        yield name + mark
    # A rule for all elements of a name is one only where the name is no standard one.
    if "-" in name or ":" in name:
        yield name


def _rules(sheet: str) -> Iterator[str]:
    """The plain selectors that a style sheet does not show; rules for print and the like not."""
    sheet = re.sub(r"/\*.*?\*/", " ", sheet, flags=re.DOTALL)
    sheet = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", " ", sheet)
    for names, body in _RULE.findall(sheet):
        if _NONE.search(body.lower()):
            yield from (n for n in map(str.strip, names.split(",")) if _SIMPLE.match(n))


def gather(root: _Element, beside: Beside) -> None:
    """Puts what attributes, comments, scripts and the head say into the margins."""
    for element in root.iter():
        if isinstance(element, etree._Comment | etree._ProcessingInstruction):
            _aside(element, beside)
            continue
        name = tag(element)
        if name == "title":
            beside.say(raw_text(element))
        elif name == "script":
            _script(element, beside)
        elif name == "style":
            _sheet(raw_text(element), beside)
        _attributes(element, name, beside)


def _aside(element: _Element, beside: Beside) -> None:
    text = element.text or ""
    # Word's own switches: "[if !supportLists]", "[endif]".
    said = re.sub(r"^\[?(?:if [^\]]*|endif)\]?", "", text.strip()).strip("[]<>! ")
    if isinstance(element, etree._ProcessingInstruction):
        beside.say(text)
    elif _WORD.search(said):
        beside.once(UnreadKind.COMMENT, _COMMENT)
        beside.say(re.sub(r"<[^>]*>", " ", said))


def _script(element: _Element, beside: Beside) -> None:
    text = raw_text(element)
    if "json" in attribute(element, "type").lower():
        try:
            beside.margins.extend(w for w in _strings(json.loads(text)) if _WORD.search(w))
            return
        except (ValueError, RecursionError):
            pass
    if text.strip() or element.get("src"):
        beside.once(UnreadKind.OTHER_PART, _SCRIPTS)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value[:_MOST]
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _sheet(text: str, beside: Beside) -> None:
    said = [a or b for a, b in _CONTENT.findall(text) if _WORD.search(a or b)]
    if said:
        beside.once(UnreadKind.OTHER_PART, _STYLED)
        for one in said:
            beside.say(one)


def _attributes(element: _Element, name: str, beside: Beside) -> None:
    if name == "meta" and attribute(element, "name").lower() in _NO_WORDS:
        return
    if name == "meta" and (element.get("http-equiv") or element.get("charset")):
        return
    for raw_key, raw in element.attrib.items():
        key, value = str(raw_key).lower(), str(raw)
        if key in _NAMING:
            words = " ".join(re.split(r"[\W\d_]+", _CAMEL.sub(" ", value)))
            if len(_WORD.findall(words)) > 1:
                beside.say(words)
        elif key == "srcset" or value.startswith(("data:", "javascript:")):
            continue
        elif key in _SAYING or key.startswith("data-"):
            beside.say(unquote(value).removeprefix("mailto:"))
