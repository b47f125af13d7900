"""A Word file's package: its parts, opened with limits and without entities or network."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from pipeline.errors import ReadError
from pipeline.raw.readers import refusals

MOST_PART = 96 * 1024 * 1024
MOST_TOTAL = 256 * 1024 * 1024
_MOST_PARTS = 20_000
_FAULTS = (
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
)


def local(element: etree._Element) -> str:
    """An element's name without its namespace; "" for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute's value, in whatever namespace it is written."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child at the end of a path of names, or None."""
    for name in names:
        if element is None:
            return None
        element = _named(element, name)
    return element


def _named(element: etree._Element, name: str) -> etree._Element | None:
    # Asked a hundred thousand times in a long report.
    last = "}" + name
    for one in element:
        tag = one.tag
        if isinstance(tag, str) and (tag.endswith(last) or tag == name):
            return one
    return None


def value(element: etree._Element | None, *names: str) -> str | None:
    """The `val` of the child at the end of a path; None where there is no such child."""
    found = child(element, *names)
    return None if found is None else attribute(found, "val") or ""


class Package:
    """The parts of a .docx; ReadError where it is none, is damaged, or unpacks too large."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS:
            raise ReadError(refusals.WORD_DAMAGED) from None
        infos = self._zip.infolist()
        if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > 8 * MOST_TOTAL:
            raise ReadError(refusals.WORD_BOMB)
        if any(info.flag_bits & 1 for info in infos):
            raise ReadError(refusals.WORD_LOCKED)
        self.names = tuple(dict.fromkeys(info.filename for info in infos))
        self._left = MOST_TOTAL
        self.main = self._main()

    def _main(self) -> str:
        """The name of the part that holds the body."""
        if "_rels/.rels" in self.names:
            for kind, target, _ in self._related("_rels/.rels"):
                if kind == "officeDocument":
                    name = target.lstrip("/")
                    if name in self.names and name.startswith("word/"):
                        return name
        if "word/document.xml" in self.names:
            return "word/document.xml"
        raise ReadError(refusals.NO_WORD)

    def bytes_of(self, name: str) -> bytes:
        """A part's bytes, within the limits."""
        try:
            with self._zip.open(name) as part:
                data = part.read(min(MOST_PART, self._left) + 1)
        except (*_FAULTS, KeyError):
            raise ReadError(refusals.WORD_DAMAGED) from None
        if len(data) > min(MOST_PART, self._left):
            raise ReadError(refusals.WORD_BOMB)
        self._left -= len(data)
        return data

    def xml(self, name: str) -> etree._Element:
        """A part's root; a document type (and so any entity) is refused."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(self.bytes_of(name), parser)
        except (etree.XMLSyntaxError, ValueError):
            raise ReadError(refusals.WORD_DAMAGED) from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise ReadError(refusals.WORD_DAMAGED)
        return root

    def _related(self, name: str) -> Iterator[tuple[str, str, bool]]:
        """The relations of a part: kind, target, whether it leads outside."""
        for element in self.xml(name):
            kind = (element.get("Type") or "").rpartition("/")[2]
            yield kind, element.get("Target") or "", element.get("TargetMode") == "External"

    def outside(self) -> tuple[str, ...]:
        """Where the file's links lead outside."""
        relations = [n for n in self.names if n.startswith("word/") and n.endswith(".rels")]
        return tuple(target for name in relations for _, target, out in self._related(name) if out)
