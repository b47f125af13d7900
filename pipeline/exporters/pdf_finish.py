"""What the library that sets PDF pages leaves undone: scopes, boxes, artefacts, links, makers."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pydyf

PRODUCER = "Candour"
_HEADING = re.compile(r'<h[1-6] id="([\w-]+)">(.*?)</h[1-6]>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_MAKER = re.compile(rb"WeasyPrint [0-9a-z.]+")
_POINTS = 0.75  # of a pixel, the library's measure inside a page
_ARTEFACT = {"Type": "/Pagination"}


def headings(page: str) -> dict[str, str]:
    """The text of each heading of a page that can be linked to.

    >>> headings('<h2 id="h1">About <span class="swap">[child]</span> &amp; others</h2>')
    {'h1': 'About [child] & others'}
    """
    return {
        key: " ".join(html.unescape(_TAG.sub("", text)).split())
        for key, text in _HEADING.findall(page)
    }


def only_what_is_used(data: bytes) -> bytes:
    """The file without objects that nothing leads to; the same file gives the same bytes."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as file:
        file.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            fix_metadata_version=False,
        )
    return out.getvalue()


class Finisher:
    """Called with the pages and the objects of a file before it is written."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, _: object, pdf: pydyf.PDF) -> None:
        """Mend the objects in place."""
        import pydyf

        found = {one.reference: one for one in pdf.objects}
        parts = [one for one in pdf.objects if _is(one, "Type", "/StructElem")]
        for part in parts:
            if part["S"] == "/TH":
                rows = found[found[part["P"]]["P"]]
                part["A"]["Scope"] = "/Column" if rows["S"] == "/THead" else "/Row"
            elif part["S"] == "/Figure":
                _box(part, found)
        _one_link(pdf, parts, found)
        for link in (one for one in pdf.objects if _is(one, "Subtype", "/Link")):
            target = link["Dest"].string
            link["Contents"] = pydyf.String(self._texts.get(target, target))
        _margins(pdf, parts, found)
        pdf.info["Producer"] = pydyf.String(PRODUCER)
        for one in pdf.objects:
            if isinstance(one, pydyf.Stream) and one.extra.get("Subtype") == "/XML":
                one.stream = [_MAKER.sub(PRODUCER.encode(), item) for item in one.stream]


def _is(one: object, key: str, value: str) -> bool:
    return isinstance(one, dict) and one.get(key) == value


def _box(part: pydyf.Dictionary, found: Mapping[bytes, pydyf.Object]) -> None:
    """Where a figure stands: written in pixels from the top, and to be points from the bottom."""
    import pydyf

    height = found[part["Pg"]]["MediaBox"][3]
    left, top, right, bottom = part["A"]["BBox"]
    box = (left, height / _POINTS - bottom, right, height / _POINTS - top)
    part["A"]["BBox"] = pydyf.Array(round(one * _POINTS, 2) for one in box)


def _one_link(
    pdf: pydyf.PDF, parts: list[pydyf.Dictionary], found: Mapping[bytes, pydyf.Object]
) -> None:
    """What is put behind the words of a link, its page, is no link of its own."""
    for part in parts:
        if part["S"] != "/Link" or found[part["P"]].get("S") != "/Link":
            continue
        part["S"] = "/Span"
        for kid in [kid for kid in part["K"] if _is(found.get(kid), "Type", "/OBJR")]:
            part["K"].remove(kid)
            link = found[kid]["Obj"]
            found[found[kid]["Pg"]]["Annots"].remove(link)
            tree = _parents(pdf)
            tree[tree.index(part.reference)] = "null"


def _parents(pdf: pydyf.PDF) -> pydyf.Array:
    """The tree that leads from what stands on pages to the structure."""
    return next(one for one in pdf.objects if isinstance(one, dict) and "Nums" in one)["Nums"]


def _margins(
    pdf: pydyf.PDF, parts: list[pydyf.Dictionary], found: Mapping[bytes, pydyf.Object]
) -> None:
    """What stands in the margin of pages is no content: readers of screens pass it over."""
    for part in parts:
        parent = found[part["P"]]
        if parent.get("S") and part.reference not in parent["K"]:
            for page, place in _places(part, found):
                _unmark(pdf, found, page, place)


def _places(
    part: pydyf.Dictionary, found: Mapping[bytes, pydyf.Object]
) -> Iterator[tuple[bytes, int]]:
    for kid in part["K"]:
        if isinstance(kid, int):
            yield part["Pg"], kid
        elif _is(found[kid], "Type", "/StructElem"):
            yield from _places(found[kid], found)


def _unmark(pdf: pydyf.PDF, found: Mapping[bytes, pydyf.Object], page: bytes, place: int) -> None:
    """Make a stretch of a page an artefact, and forget it in the tree of parents."""
    import pydyf

    stream = found[found[page]["Contents"]].stream
    for at, item in enumerate(stream):
        if isinstance(item, dict) and item.get("MCID") == place:
            stream[at - 1 : at + 1] = ["/Artifact", pydyf.Dictionary(_ARTEFACT)]
    tree = _parents(pdf)
    kids = tree[tree.index(found[page]["StructParents"]) + 1]
    kids[place] = "null"
