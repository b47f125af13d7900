"""The objects of a PDF against the list of those that an export has; anything else is refused."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.door.artefact import STRUCTURE, Problem

if TYPE_CHECKING:
    import pikepdf

# The most bytes that a stream may unpack to: a report of 2,000 pages has less.
_MOST = 64 * 1024 * 1024
_LINE = ("/Count", "/Dest", "/First", "/Last", "/Next", "/Parent", "/Prev", "/Title")
# Each kind of dictionary and its keys. A kind is the /Type, or the key that leads to it.
_KEYS: dict[str, frozenset[str]] = {
    kind: frozenset(keys)
    for kind, keys in {
        "/XRef": (
            "/DecodeParms", "/Filter", "/ID", "/Info", "/Length", "/Root", "/Size", "/Type", "/W",
        ),
        "/DecodeParms": ("/Columns", "/Predictor"),
        "/Info": ("/Producer", "/Title"),
        "/Catalog": (
            "/Lang", "/MarkInfo", "/Metadata", "/Names", "/Outlines", "/Pages", "/StructTreeRoot",
            "/Type", "/ViewerPreferences",
        ),
        "/Pages": ("/Count", "/Kids", "/Type"),
        "/Page": (
            "/Annots", "/BleedBox", "/Contents", "/MediaBox", "/Parent", "/Resources",
            "/StructParents", "/Tabs", "/TrimBox", "/Type",
        ),
        "/Annot": ("/BS", "/Contents", "/Dest", "/Rect", "/StructParent", "/Subtype", "/Type"),
        "/BS": ("/W",),
        "/Contents": ("/Filter", "/Length"),
        "/Resources": (
            "/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Shading", "/XObject",
        ),
        "/Pattern": (),
        "/Shading": (),
        "/XObject": (),
        "/Type0": (
            "/BaseFont", "/DescendantFonts", "/Encoding", "/Subtype", "/ToUnicode", "/Type",
        ),
        "/CIDFontType2": (
            "/BaseFont", "/CIDSystemInfo", "/CIDToGIDMap", "/FontDescriptor", "/Subtype", "/Type",
            "/W",
        ),
        "/FontDescriptor": (
            "/Ascent", "/CapHeight", "/Descent", "/Flags", "/FontBBox", "/FontFamily",
            "/FontFile2", "/FontName", "/ItalicAngle", "/StemH", "/StemV", "/Type",
        ),
        "/FontFile2": ("/Filter", "/Length", "/Length1"),
        "/CMap": ("/CIDSystemInfo", "/CMapName", "/Filter", "/Length", "/Type"),
        "/ToUnicode": ("/Filter", "/Length"),
        "/CIDSystemInfo": ("/Ordering", "/Registry", "/Supplement"),
        "/ColorSpace": ("/lab-d50", "/lab-d65"),
        "/lab-d50": ("/Range", "/WhitePoint"),
        "/lab-d65": ("/Range", "/WhitePoint"),
        "/ExtGState": ("/A1.0", "/a1.0"),
        "/A1.0": ("/CA",),
        "/a1.0": ("/ca",),
        "/StructTreeRoot": ("/K", "/ParentTree", "/Type"),
        "/ParentTree": ("/Nums",),
        "/StructElem": ("/A", "/ID", "/K", "/P", "/Pg", "/S", "/Type"),
        "/A": ("/Headers", "/O", "/Scope"),
        "/OBJR": ("/Obj", "/Pg", "/Type"),
        "/Names": ("/Dests",),
        "/Dests": ("/Names",),
        "/Outlines": ("/Count", "/First", "/Last"),
        **dict.fromkeys(("/First", "/Last", "/Next", "/Prev"), _LINE),
        "/Metadata": ("/Length", "/Subtype", "/Type"),
        "/ViewerPreferences": ("/DisplayDocTitle",),
        "/MarkInfo": ("/Marked",),
    }.items()
}  # fmt: skip
_FONT = r"/[A-Z]{6}\+Candour-(?:Sans|Sans-Bold|Signs)"
# The names that may stand as a value, by the key that they belong to.
_NAMES = {
    key: re.compile(pattern)
    for key, pattern in {
        "/Type": "/(?:XRef|Catalog|Pages|Page|Annot|Font|FontDescriptor|CMap|StructTreeRoot"
        "|StructElem|OBJR|Metadata)",
        "/Subtype": "/(?:Link|Type0|CIDFontType2|XML)",
        "/Filter": "/FlateDecode",
        "/Tabs": "/S",
        "/BaseFont": _FONT,
        "/FontName": _FONT,
        "/Encoding": "/Identity-H",
        "/CIDToGIDMap": "/Identity",
        "/CMapName": "/WP-Encod-0",
        "/lab-d50": "/Lab",
        "/lab-d65": "/Lab",
        "/Dest": "/XYZ",
        "/Names": "/XYZ",
        "/S": "/(?:Document|Div|NonStruct|Part|P|H[1-6]|L|LI|LBody|Lbl|Link|Span|Table|THead|TBody"
        "|TR|TH|TD|BlockQuote)",
        "/O": "/Table",
        "/Scope": "/(?:Column|Row)",
    }.items()
}
# The strings that may stand as a value. Those of `TOLD` are words of the report: see `Objects`.
_STRINGS = {
    key: re.compile(pattern)
    for key, pattern in {
        "/Producer": "Candour",
        "/Lang": "en-GB",
        "/Dest": r"h\d{1,5}|contents|report",
        "/Names": r"h\d{1,5}|contents|report",
        "/ID": r"\d{1,7}-\d{1,6}-\d{1,4}",
        "/Headers": r"\d{1,7}-\d{1,6}-\d{1,4}",
        "/Registry": "Adobe",
        "/Ordering": "Identity",
        "/FontFamily": "Candour (?:Sans|Signs)",
    }.items()
}
_TOLD = ("/Title", "/Contents")
_FONT_KEY = re.compile("/[A-Z]{6}")


@dataclass(slots=True)
class Objects:
    """What the objects of a file say: problems, words that are read aloud, streams by kind."""

    problems: list[Problem] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    streams: list[tuple[str, bytes]] = field(default_factory=list)

    def refuse(self, where: str) -> None:
        """Something is not on the list."""
        self.problems.append((where, STRUCTURE))


def unpacked(stream: pikepdf.Stream) -> bytes | None:
    """The content of a stream; None where it is too long, or something follows its end."""
    raw: bytes = stream.read_raw_bytes()
    if "/Filter" not in stream:
        return raw
    work = zlib.decompressobj()
    try:
        out = work.decompress(raw, _MOST)
    except zlib.error:
        return None
    whole = work.eof and not work.unused_data and not work.unconsumed_tail
    return out if whole else None


def taken(file: pikepdf.Pdf) -> Objects:
    """Every object that a file leads to, held against the list."""
    out = Objects()
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[pikepdf.Object, str, str]] = [(file.trailer, "/Trailer", "/XRef")]
    while waiting:
        one, key, kind = waiting.pop()
        if getattr(one, "is_indirect", False):
            if one.objgen in seen:
                continue
            seen.add(one.objgen)
        waiting += _held(out, one, key, kind)
    return out


def _kind(one: pikepdf.Object, key: str) -> str:
    said = str(one.get("/Type", key))
    return str(one.get("/Subtype", "")) if said == "/Font" and "/Subtype" in one else said


def _held(
    out: Objects, one: pikepdf.Object, key: str, kind: str
) -> Iterator[tuple[pikepdf.Object, str, str]]:
    """Check a value, and what it holds is to be checked."""
    import pikepdf

    if isinstance(one, pikepdf.Array):
        yield from ((inner, key, kind) for inner in one)
    elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        said = "/XRef" if key == "/Trailer" else _kind(one, key)
        _keys(out, one, said)
        if isinstance(one, pikepdf.Stream) and key != "/Trailer":
            content = unpacked(one)
            if content is None:
                out.refuse("a stream")
            else:
                out.streams.append((said, content))
        yield from ((inner, name, said) for name, inner in one.items())
    elif isinstance(one, pikepdf.Name):
        if key not in _NAMES or not _NAMES[key].fullmatch(str(one)):
            out.refuse("a name")
    elif isinstance(one, pikepdf.String):
        _string(out, one, key, kind)
    elif isinstance(one, pikepdf.Operator):
        out.refuse("an object")


def _keys(out: Objects, one: pikepdf.Object, kind: str) -> None:
    if kind == "/Font":
        if not all(_FONT_KEY.fullmatch(name) for name in one.keys()):  # noqa: SIM118
            out.refuse("a list of fonts")
    elif kind not in _KEYS or not _KEYS[kind] >= set(one.keys()):
        out.refuse("a dictionary")


def _string(out: Objects, one: pikepdf.Object, key: str, kind: str) -> None:
    if key == "/ID" and kind == "/XRef":
        if len(bytes(one)) != 16:
            out.refuse("the identifier")
        return
    text = str(one)
    if kind == "/Info" and key == "/Title":
        out.titles.append(text)
    elif key in _TOLD:
        out.told.append(text)
    elif key not in _STRINGS or not _STRINGS[key].fullmatch(text):
        out.refuse("a string")
