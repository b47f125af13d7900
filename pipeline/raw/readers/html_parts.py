"""What an element of a web page is: a heading, a note, furniture, a comment, a tiny picture."""

from __future__ import annotations

import re

from lxml import etree

from pipeline.raw.readers.html_outside import attribute, style_of, tag, texts

_Element = etree._Element
_FURNITURE_ROLES = frozenset(["navigation", "banner", "contentinfo", "menubar", "search"])
_NOTE_ROLES = frozenset(["doc-footnote", "doc-endnote"])
NOTE_ID = re.compile(
    r"_?(?:ftn|edn|fn|(?:sd)?footnote|(?:sd)?endnote)[-_:]?(\d{1,3})$", re.IGNORECASE
)


def level_of(element: _Element, name: str) -> int | None:
    """A heading's level; None for what is no heading."""
    if len(name) == 2 and name[0] == "h" and name[1] in "123456":
        return int(name[1])
    if attribute(element, "role") == "heading":
        level = attribute(element, "aria-level")
        return min(6, int(level)) if level in set("123456789") else 2
    return None


def is_furniture(element: _Element, name: str, *, within: bool) -> bool:
    """Whether an element is plainly the site's and not the report's: menus, its head and foot."""
    if name == "nav" or attribute(element, "role").lower() in _FURNITURE_ROLES:
        return True
    # Running headers and footers, as LibreOffice and Word write them.
    style = style_of(element).replace(" ", "")
    if attribute(element, "title") in ("header", "footer") and name == "div":
        return True
    if "mso-element:header" in style or "mso-element:footer" in style:
        return True
    if within or name not in ("header", "footer", "aside"):
        return False
    if name == "aside":
        words = len(" ".join(texts(element)).split())
        linked = sum(len(" ".join(texts(a)).split()) for a in element.iter("a"))
        return words < 2 * linked
    return not any(tag(inner) in ("h1", "article", "main") for inner in element.iter())


def is_comment(element: _Element) -> bool:
    """Whether an element is a comment that Word wrote at the page's end."""
    style = style_of(element).replace(" ", "")
    named = attribute(element, "class").startswith(("MsoComment", "msocom"))
    return "mso-element:comment" in style or named


def is_tiny(element: _Element) -> bool:
    """Whether a picture is a dot that counts visitors, or a sign of a few points."""
    sizes = [attribute(element, key).removesuffix("px") for key in ("width", "height")]
    most = 32 if tag(element) == "svg" else 2
    return any(float(s) <= most for s in sizes if _number(s))


def is_note(element: _Element, *, inside_notes: bool) -> bool:
    """Whether an element is one footnote or endnote."""
    role = attribute(element, "role")
    named = NOTE_ID.match(attribute(element, "id"))
    holds = tag(element) in ("li", "div", "p", "aside", "section", "dd")
    styled = "mso-element:footnote" in style_of(element).replace("mso-element:footnote-", "")
    in_notes = inside_notes and tag(element) == "li"
    return role in _NOTE_ROLES or styled or (holds and (named is not None or in_notes))


def _number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdecimal()
