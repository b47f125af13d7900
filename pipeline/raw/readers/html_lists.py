"""The lists of a web page, counted as a browser counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from pipeline.raw.readers import numbering
from pipeline.raw.readers.html_outside import attribute, style_of, tag

_Element = etree._Element
_TYPES = {"a": "lower", "A": "upper", "i": "roman", "I": "ROMAN", "1": "decimal"}
_STYLED = re.compile(
    r"list-style(?:-type)?\s*:[^;]*?(none|lower-alpha|lower-latin|upper-alpha|upper-latin|lower-roman|upper-roman|decimal|disc|circle|square)"
)


@dataclass(slots=True)
class ListSigns:
    """A list while its items are counted; `style` is "" for bullets, "none" for no sign."""

    style: str
    next: int = 1
    step: int = 1

    def sign(self, item: _Element) -> str:
        """The sign of the next item."""
        value = attribute(item, "value").strip()
        if value.lstrip("-").isdecimal() and value.isascii():
            self.next = int(value)
        number, self.next = self.next, self.next + self.step
        styled = _STYLED.search(style_of(item))
        if styled is not None and styled.group(1) == "none":
            return ""
        if self.style in ("", "none"):
            return numbering.BULLET if not self.style else ""
        return f"{_counted(number, self.style)}."


def _counted(number: int, style: str) -> str:
    if style in ("lower", "upper") and number > 0:
        made = ""
        while number > 0:
            number, left = divmod(number - 1, 26)
            made = chr(97 + left) + made
        return made.upper() if style == "upper" else made
    if style in ("roman", "ROMAN") and 0 < number < 400:
        signs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"))
        made = ""
        for value, sign in (*signs, (4, "iv"), (1, "i")):
            made += sign * (number // value)
            number %= value
        return made.upper() if style == "ROMAN" else made
    return str(number)


def list_of(element: _Element, name: str) -> ListSigns:
    """How a list counts: by its element, its attributes and its style."""
    styled = _STYLED.search(style_of(element))
    style = styled.group(1) if styled else ""
    if style == "none" or attribute(element, "role") in ("none", "presentation"):
        return ListSigns("none")
    if name != "ol":
        return ListSigns("")
    kinds = {"lower-alpha": "lower", "lower-latin": "lower", "upper-alpha": "upper",
             "upper-latin": "upper", "lower-roman": "roman", "upper-roman": "ROMAN"}  # fmt: skip
    if style in ("disc", "circle", "square"):
        return ListSigns("")
    kind = kinds.get(style) or _TYPES.get(attribute(element, "type"), "decimal")
    start = attribute(element, "start").strip()
    first = int(start) if start.lstrip("-").isdecimal() and start.isascii() else None
    if element.get("reversed") is not None:
        items = sum(tag(item) == "li" for item in element)
        return ListSigns(kind, items if first is None else first, -1)
    return ListSigns(kind, 1 if first is None else first)
