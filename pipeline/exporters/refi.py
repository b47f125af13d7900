"""REFI-QDA, the exchange format of NVivo, MAXQDA, ATLAS.ti, QualCoder and others: its parts.

Schema and standard: qdasoftware.org, version 1.0 of 18 March 2019.
"""

from __future__ import annotations

import re
import uuid
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.safe.study import Study
from pipeline.span import Span

if TYPE_CHECKING:
    from lxml.etree import _Element

    from pipeline.safe.lesson import Theme

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
# A namespace of our own, so that the same thing has the same GUID in every export.
_NAMESPACE = uuid.UUID("7a0e6a7e-54e3-5b5e-8d0c-3f3d2f1f4c11")
_GROUPS = {
    "child": "The harm and the child",
    "family": "Family and environment",
    "practice": "Practice",
    "system": "Agencies and system",
    "process": "The review itself",
    "own": "Added by researchers",
}
_COLOURS = {
    "child": "#B5472F", "family": "#8A6D1F", "practice": "#1D5B79", "system": "#3D6B35",
    "process": "#6B4C7A", "own": "#484D50",
}  # fmt: skip
# What XML 1.0 cannot hold, not even escaped (section 2.2).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def guid(kind: str, *parts: object) -> str:
    """A GUID that depends on what it names only.

    >>> guid("code", "A1") == guid("code", "A1"), len(guid("code", "A1"))
    (True, 36)
    """
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join([kind, *map(str, parts)])))


def plain(words: str) -> str:
    r"""Words without what XML cannot hold.

    >>> plain("a\x00b")
    'a b'
    """
    return _NOT_XML.sub(" ", words)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text as it lies in a project: line ends LF only, no byte-order mark at its start.

    `gone` are the places in the safe text of the characters that were left out.
    """

    value: str
    gone: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> SourceText:
        r"""The safe text with CR LF and CR as LF; what stands for nothing is counted.

        >>> SourceText.of("a\r\nb\rc")
        SourceText(value='a\nb\nc', gone=(1,))
        """
        marks = len(text) - len(text.lstrip("\ufeff"))
        pairs = [found.start() for found in re.finditer("\r\n", text)]
        value = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        return cls(value, (*range(marks), *pairs))

    def span(self, span: Span) -> Span:
        r"""Where a stretch of the safe text lies in this text, in code points.

        >>> SourceText.of("a\r\nbc").span(Span(3, 5))
        Span(start=2, end=4)
        """
        start, end = (at - bisect_left(self.gone, at) for at in (span.start, span.end))
        return Span(start, max(end, start + 1))


def origin(study: Study) -> str:
    """What an export says of where it comes from."""
    stamp = study.stamp
    return (
        f"Candour {stamp.program}; library {stamp.library}; codebook {stamp.codebook}; "
        f"coding {stamp.coding}"
    )


def add(parent: _Element, name: str, text: str = "", /, **attributes: str) -> _Element:
    """A child element in the namespace of its parent."""
    from lxml import etree

    space = etree.QName(parent).namespace
    made = etree.SubElement(parent, f"{{{space}}}{name}")
    for key, value in attributes.items():
        made.set(key, plain(value))
    if text:
        made.text = plain(text)
    return made


def root(element: str, namespace: str, /, **attributes: str) -> _Element:
    """The first element of a file, with the namespace as the default one."""
    from lxml import etree

    spaces: dict[str | None, str] = {None: namespace}
    made = etree.Element(f"{{{namespace}}}{element}", nsmap=spaces)  # type: ignore[arg-type]
    for key, value in attributes.items():
        made.set(key, plain(value))
    return made


def written(element: _Element) -> bytes:
    """The file in UTF-8, with the declaration that some readers insist on."""
    from lxml import etree

    made: bytes = etree.tostring(
        element, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True
    )
    return made


def codes(parent: _Element, themes: Iterable[Theme]) -> None:
    """The codebook: a code that cannot be used for each group, its themes inside it."""
    listed = list(themes)
    holder = add(parent, "Codes")
    for group in sorted({t.group for t in listed}, key=lambda g: (g not in _GROUPS, g)):
        colour = _COLOURS.get(group, _COLOURS["own"])
        own = add(
            holder, "Code", guid=guid("group", group), name=_GROUPS.get(group, group),
            isCodable="false", color=colour,
        )  # fmt: skip
        for theme in (t for t in listed if t.group == group):
            code = add(
                own, "Code", guid=guid("code", theme.code), name=f"{theme.code} {theme.title}",
                isCodable="true", color=colour,
            )  # fmt: skip
            if theme.definition:
                add(code, "Description", theme.definition)
