"""The text of a PDF as its own pages and its structure tree give it, and what its fonts hold."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.door.artefact import STRUCTURE, Problem

if TYPE_CHECKING:
    import pikepdf

Place = tuple[int, int]
_Tags = tuple[tuple[str, int], ...]
_CODE = re.compile("<([0-9a-f]{4})> <((?:[0-9a-f]{4})*)>")
_LIST = r"(?:\d{1,3} beginbfchar\n(?:<[0-9a-f]{4}> <(?:[0-9a-f]{4})*>\n)*endbfchar\n)*"
_MAP = re.compile(
    r"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
    r"<< /Registry \(Adobe\)\n/Ordering \(UCS\)\n/Supplement 0\n>> def\n"
    r"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n"
    rf"<0000> <ffff>\nendcodespacerange\n{_LIST}"
    r"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
)
_CIDS = re.compile(
    r"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
    r"3 dict dup begin\n/Registry \(Adobe\) def\n/Ordering \(Identity\) def\n"
    r"/Supplement 0 def\nend def\n/CMapName /WP-Encod-0 def\n/CMapType 1 def\n"
    r"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
    r"(?:\d{1,3} begincidchar\n(?:<[0-9a-f]{4}> \d{1,5}\n)*endcidchar\n)*"
    r"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
)
# What a page may do: paths, colours, whole text in the fonts of the file. It may not draw
# pictures, call other streams, or hide text.
_DONE = frozenset(
    "q Q cm gs rg RG w d m l c h re W W* n f f* S BMC BDC EMC BT ET Tm Tf Ts TJ Tj".split()
)
_TABLES = frozenset(
    "GlyphOrder head hhea maxp OS/2 hmtx cmap loca glyf name post gasp GDEF MATH".split()
)
_FONT_NAMES = re.compile(
    r"© 2023 Adobe \(http://www\.adobe\.com/\), with Reserved Font Name ‘Source’|Source Sans 3"
    r"|Source Sans 3 Bold|Bold|Regular|Book|3\.052;ADBO;SourceSans3-(?:Regular|Bold);ADOBE"
    r"|Version 3\.052;hotconv 1\.1\.0;makeotfexe 2\.6\.0|SourceSans3-(?:Regular|Bold)"
    r"|Copyright \(c\) 2003 by Bitstream, Inc\. All Rights Reserved\.\n"
    r"Copyright \(c\) 2006 by Tavmjong Bah\. All Rights Reserved\.\nDejaVu changes are in public "
    r"domain\n?|DejaVu Sans|Version 2\.37|DejaVuSans|DejaVu fonts team"
    r"|http://dejavu\.sourceforge\.net|Fonts are \(c\) Bitstream.*",
    re.DOTALL,
)


@dataclass(slots=True)
class Words:
    """The words of a file: by stretch of a page, on the margin of each, and what is wrong.

    `fonts` are the tables of the fonts but for their names, which are checked one by one.
    """

    shown: dict[Place, str] = field(default_factory=dict)
    margins: dict[int, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    fonts: list[bytes] = field(default_factory=list)

    def refuse(self, where: str) -> None:
        """Something is not as an export has it."""
        self.problems.append((where, STRUCTURE))


@dataclass(slots=True)
class _Face:
    """A font: what each of its codes means, and which codes the pages use."""

    meanings: dict[str, str]
    used: set[str] = field(default_factory=set)


def _meanings(out: Words, font: pikepdf.Object) -> dict[str, str]:
    import pikepdf

    text = font.ToUnicode.read_bytes().decode("ascii")
    if not _MAP.fullmatch(text):
        out.refuse("the letters of a font")
    encoding = font.Encoding
    if isinstance(encoding, pikepdf.Stream) and not _CIDS.fullmatch(
        encoding.read_bytes().decode("ascii")
    ):
        out.refuse("the codes of a font")
    listed = _CODE.findall(text.partition("endcodespacerange")[2])
    return {code: bytes.fromhex(letters).decode("utf-16-be") for code, letters in listed}


def words(file: pikepdf.Pdf) -> Words:
    """What the pages say, and whether the fonts hold that and no more."""
    out = Words()
    faces: dict[str, _Face] = {}
    fonts: dict[str, pikepdf.Object] = {}
    for page in file.pages:
        for key, font in page.Resources.Font.items():
            if key not in faces:
                faces[key], fonts[key] = _Face(_meanings(out, font)), font
    for number, page in enumerate(file.pages):
        _Page(out, number, faces).read(page)
    for key, face in faces.items():
        _judged(out, face, fonts[key])
    return out


class _Page:
    """Reads one page, operator by operator."""

    def __init__(self, out: Words, number: int, faces: Mapping[str, _Face]) -> None:
        self._out = out
        self._number = number
        self._faces = faces
        self._open: list[int | None] = []
        self._face: _Face | None = None

    def read(self, page: pikepdf.Page) -> None:
        """Take every word of the page; what is not allowed is a problem."""
        import pikepdf

        content = page.Contents.read_bytes()
        # Everything here is numbers, names and hexadecimal strings: no comment can hide in it.
        if b"%" in content or b"(" in content:
            self._out.refuse("a page")
        for done in pikepdf.parse_content_stream(page):
            name, operands = str(done.operator), done.operands
            if name not in _DONE:
                self._out.refuse("a page")
            elif name in ("BDC", "BMC"):
                self._begin(list(operands))
            elif name == "EMC":
                self._open.pop()
            elif name == "Tf":
                self._face = self._faces[str(operands[0])]
            elif name == "gs":
                if str(operands[0]) not in ("/a1.0", "/A1.0"):
                    self._out.refuse("a page")
            elif name == "TJ":
                self._show(one for one in operands[0] if isinstance(one, pikepdf.String))
            elif name == "Tj":
                self._show(operands)

    def _begin(self, operands: Sequence[pikepdf.Object]) -> None:
        tag = str(operands[0])
        more = dict(operands[1]) if len(operands) > 1 else {}
        place = more.get("/MCID")
        if tag == "/Artifact":
            ours = not more or {k: str(v) for k, v in more.items()} == {"/Type": "/Pagination"}
            self._open.append(-1 if more else None)
        else:
            # WeasyPrint marks each run of text as a span, or with the tag of what holds it.
            ours = (
                set(more) == {"/MCID"} and re.fullmatch("/[A-Z][A-Za-z0-9]{0,10}", tag) is not None
            )
            self._open.append(int(place) if place is not None else None)
        if not ours:
            self._out.refuse("a page")

    def _show(self, strings: Iterable[pikepdf.Object]) -> None:
        place = next((one for one in reversed(self._open) if one is not None), None)
        if self._face is None or place is None or len(self._open) != 1:
            self._out.refuse("a page")
            return
        codes = "".join(bytes(one).hex() for one in strings)
        pairs = [codes[at : at + 4] for at in range(0, len(codes), 4)]
        self._face.used.update(pairs)
        text = "".join(self._face.meanings[code] for code in pairs)
        if place < 0:
            self._out.margins.setdefault(self._number, []).append(text)
        else:
            key = (self._number, place)
            self._out.shown[key] = self._out.shown.get(key, "") + text


def _judged(out: Words, face: _Face, font: pikepdf.Object) -> None:
    """A font has the letters that the pages show, and no others."""
    if face.used != set(face.meanings):
        out.refuse("the letters of a font")
    below = font.DescendantFonts[0]
    used = {int(code, 16) for code in face.used}
    at = 0
    for item in below.W:
        if (first := _number(item)) is not None:
            at = first
        elif not used | {0} >= set(range(at, at + len(item))):
            out.refuse("the widths of a font")
    if not _drawn(below.FontDescriptor.FontFile2.read_bytes(), used, out):
        out.refuse("a font")


def _drawn(data: bytes, used: set[int], out: Words) -> bool:
    """Whether a font program draws the glyphs that are used, their parts, and no others."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data))
    order = font.getGlyphOrder()
    number = {name: at for at, name in enumerate(order)}
    glyphs = font["glyf"]
    keep, waiting = {0}, list(used)
    while waiting:
        at = waiting.pop()
        if at not in keep and at < len(order):
            keep.add(at)
            parts = getattr(glyphs[order[at]], "components", ())
            waiting += [number[part.glyphName] for part in parts]
    out.fonts += [font.reader[tag] for tag in sorted(font.reader.keys()) if tag != "name"]
    return (
        set(font.keys()) <= _TABLES
        and {number[name] for name in order if glyphs[name].numberOfContours} <= keep
        and {number[name] for name in (font.getBestCmap() or {}).values()} <= keep
        and font["post"].formatType == 3.0
        and all(_FONT_NAMES.fullmatch(str(one)) for one in font["name"].names)
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in reading order: of which element, whether in the report, and which table's head."""

    text: str
    element: str
    inside: bool
    head: str = ""


def reading(file: pikepdf.Pdf, out: Words) -> Iterator[Stretch]:
    """The words in the order of the structure tree; each stretch of a page stands once in it."""
    pages: dict[object, int] = {page.objgen: number for number, page in enumerate(file.pages)}
    left = dict(out.shown)
    for kid in file.Root.StructTreeRoot.K:
        yield from _walked(kid, (), pages, left)
    if left:
        out.refuse("the structure tree")


def _walked(
    one: pikepdf.Object, above: _Tags, pages: Mapping[object, int], left: dict[Place, str]
) -> Iterator[Stretch]:
    tags = (*above, (str(one.S), one.objgen[0]))
    for kid in one.K:
        if (place := _number(kid)) is not None:
            # Blank stretches are marked and show nothing.
            text = left.pop((pages[one.Pg.objgen], place), None)
            if text is not None:
                yield _stretch(text, tags)
        elif kid.Type == "/StructElem":
            yield from _walked(kid, tags, pages, left)


def _number(one: object) -> int | None:
    return one if isinstance(one, int) else None


_BLOCKS = ("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/LI", "/TH", "/TD", "/Link")


def _stretch(text: str, tags: _Tags) -> Stretch:
    block = next((f"{tag} {at}" for tag, at in reversed(tags) if tag in _BLOCKS), "")
    head = next((f"{at}" for tag, at in tags if tag == "/THead"), "")
    return Stretch(text, block, any(tag == "/Part" for tag, _ in tags), head)
