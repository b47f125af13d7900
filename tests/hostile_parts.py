"""Files that no report is: made to be odd, broken, endless or harmful. All are made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from pdf_parts import FONT, WORDS, page_of, pages_of, pdf_of, stream

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MEGABYTE = 1024 * 1024


def zeros(megabytes: int, sign: bytes = b"\x00") -> bytes:
    """Many equal bytes as one small Flate stream: blocks that stand alone are repeated."""
    squeeze = zlib.compressobj(9)
    block = squeeze.compress(sign * MEGABYTE) + squeeze.flush(zlib.Z_FULL_FLUSH)
    rest = squeeze.compress(sign * MEGABYTE) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return block + rest * (megabytes - 1) + b"\x01\x00\x00\xff\xff"


def word(body: str, parts: dict[str, bytes] | None = None, head: str = "") -> bytes:
    """A Word file with this body and these parts beside it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        whole = f"{head}<w:document {SPACE}><w:body>{body}</w:body></w:document>"
        file.writestr("word/document.xml", whole)
        for name, content in (parts or {}).items():
            file.writestr(name, content)
    return made.getvalue()


def said(text: str) -> str:
    """A paragraph of a Word file."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << "


def _forms(levels: int, width: int) -> bytes:
    """Forms that show forms that show forms: a page of width to the power of levels forms."""
    made = [
        stream(b"/X Do " * width, _FORM + b"/X %d 0 R >> >>" % (7 + level))
        for level in range(levels)
    ]
    last = stream(WORDS, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
                  b"/Resources << /Font << /F 5 0 R >> >>")  # fmt: skip
    return page_of(b"/X Do", resources=b"/XObject << /X 6 0 R >>", objects=(*made, last))


def _itself() -> bytes:
    """A form that shows itself."""
    form = stream(b"/X Do " + WORDS, _FORM + b"/X 6 0 R >> /Font << /F 5 0 R >> >>")
    return page_of(b"/X Do", resources=b"/XObject << /X 6 0 R >>", objects=(form,))


def _endless_pages() -> bytes:
    """Pages whose kids are themselves."""
    node = b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 1000 /Parent 2 0 R >>"
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", node, leaf])


def _object_stream() -> bytes:
    entries = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    return page_of(objects=(stream(zeros(1024, b" "), entries),), catalogue=b"/X 6 0 R")


def _marks(number: int) -> bytes:
    """Bookmarks of which the last is followed by the first."""
    first, last = 7, 6 + number
    marks = [
        b"<< /Title (%d) /Parent 6 0 R /Next %d 0 R /First %d 0 R >>"
        % (i, first if i == last else i + 1, first)
        for i in range(first, last + 1)
    ]
    root = b"<< /Type /Outlines /First %d 0 R /Last %d 0 R >>" % (first, last)
    return page_of(catalogue=b"/Outlines 6 0 R", objects=(root, *marks))


def _deep_tree(levels: int) -> bytes:
    """A structure tree in which each element has one child."""
    nodes = [
        b"<< /S /P /P %d 0 R /Pg 3 0 R /K %d 0 R >>" % (5 + i, 7 + i) for i in range(1, levels)
    ]
    root = b"<< /Type /StructTreeRoot /K 7 0 R /ParentTree << /Nums [0 [%d 0 R]] >> >>"
    last = b"<< /S /P /P %d 0 R /Pg 3 0 R /K 0 >>" % (5 + levels)
    return page_of(
        page=b"/StructParents 0",
        catalogue=b"/StructTreeRoot 6 0 R /MarkInfo << /Marked true >>",
        objects=(root % (6 + levels), *nodes, last),
    )


def _fonts(number: int) -> bytes:
    names = b" ".join(b"/G%d 5 0 R" % i for i in range(number))
    shown = b" ".join(b"BT /G%d 11 Tf 72 500 Td (word) Tj ET" % i for i in range(number))
    return page_of(shown, resources=b"/Font << /F 5 0 R " + names + b" >>")


def _annotations(number: int) -> bytes:
    note = b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (a note) >>"
    return page_of(page=b"/Annots [" + b"6 0 R " * number + b"]", objects=(note,))


def _huge_page() -> bytes:
    box = b"/MediaBox [-1e38 -1e38 1e38 1e38] /CropBox [0 0 1e39 1e39] /UserUnit 1e30"
    leaf = b"<< /Type /Page /Parent 2 0 R " + box
    leaf += b" /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
    catalogue = b"<< /Type /Catalog /Pages 2 0 R >>"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    far = b"1e38 0 0 1e38 1e38 1e38 cm "
    return pdf_of([catalogue, tree, leaf, stream(far + WORDS), FONT])


PDFS: dict[str, Callable[[], bytes]] = {
    "zero pages": lambda: pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    ),
    "3,000 pages": lambda: pages_of(3000),
    "999 pages": lambda: pages_of(999),
    "content of 1 GB": lambda: page_of(zeros(1024), content_entries=b"/Filter /FlateDecode"),
    "content of 1 GB of words": lambda: page_of(
        zeros(1024, b"q "), content_entries=b"/Filter /FlateDecode"
    ),
    "content packed twice": lambda: page_of(
        zlib.compress(zeros(1024), 9), content_entries=b"/Filter [/FlateDecode /FlateDecode]"
    ),
    "picture of 1 GB": lambda: page_of(
        b"q 300 0 0 300 72 72 cm /I Do Q", resources=b"/XObject << /I 6 0 R >>",
        objects=(stream(zeros(1024), b"/Type /XObject /Subtype /Image /Width 32768 /Height 32768 "
                 b"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"),),
    ),
    "object stream of 1 GB": _object_stream,
    "properties of 1 GB": lambda: page_of(
        catalogue=b"/Metadata 6 0 R",
        objects=(stream(zeros(1024, b"<"), b"/Type /Metadata /Subtype /XML /Filter /FlateDecode"),),
    ),
    "code table of 1 GB": lambda: page_of(
        b"BT /G 11 Tf 72 500 Td (word) Tj ET", resources=b"/Font << /F 5 0 R /G 6 0 R >>",
        objects=(FONT[:-2] + b"/ToUnicode 7 0 R >>", stream(zeros(1024, b"<"),
                 b"/Filter /FlateDecode")),
    ),
    "pages without end": _endless_pages,
    "form in itself": _itself,
    "ten million forms": lambda: _forms(7, 10),
    "bookmarks in a ring": lambda: _marks(2000),
    "deep structure": lambda: _deep_tree(50_000),
    "20,000 fonts": lambda: _fonts(20_000),
    "20,000 notes": lambda: _annotations(20_000),
    "a million characters": lambda: page_of(
        b"BT /F 1 Tf 72 500 Td " + b"(word word wor) Tj 0 -0.01 Td " * 70_000 + b"ET"
    ),
    "60,000 shapes": lambda: page_of(b"0 0 9 9 re f " * 60_000),
    "40,000 letters shown apart": lambda: page_of(
        b"BT /F 1 Tf 72 500 Td " + b"(w) Tj " * 40_000 + b"ET"
    ),
    "brackets without end": lambda: page_of(catalogue=b"/X " + b"[" * 300_000),
    "q without end": lambda: page_of(b"q " * 2_000_000),
    "a page without bounds": _huge_page,
    "count that lies": lambda: pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>",
         b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>",
         b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"]
    ),
    "rules for a chart": lambda: page_of(
        b"".join(b"%d %d m %d %d l S " % (i, 0, i, 800) for i in range(590))
        + b"".join(b"%d %d m %d %d l S " % (0, i, 590, i) for i in range(840))
    ),
}  # fmt: skip


def _entities(head: str) -> bytes:
    return word(said("&a;"), head=head)


def _large_part(megabytes: int) -> bytes:
    made = io.BytesIO()
    name = "word/document.xml"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file, file.open(name, "w") as part:
        for _ in range(megabytes):
            part.write(b" " * MEGABYTE)
    return made.getvalue()


def _lying_zip() -> bytes:
    """A package that says that a part is small, and unpacks to much."""
    data = bytearray(_large_part(200))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def _zip_in_zip(levels: int) -> bytes:
    inner = b" " * MEGABYTE
    for _ in range(levels):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
            for number in range(10):
                file.writestr(f"word/embeddings/{number}.zip", inner)
        inner = made.getvalue()
    return word(said("A visit was made."), {"word/embeddings/a.zip": inner})


def _nested(opening: str, closing: str, levels: int) -> bytes:
    return word(opening * levels + said("A visit was made.") + closing * levels)


_LAUGHS = "".join(f'<!ENTITY {b} "{"&" + a + ";"}{"&" + a + ";"}">' for a, b in zip(
    "bcdefghijklmnopqrstuvwxy", "cdefghijklmnopqrstuvwxyz", strict=True))  # fmt: skip

_TABLE = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
_CONTROL = "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"

WORD_FILES: dict[str, Callable[[], bytes]] = {
    "part of 200 MB": lambda: _large_part(200),
    "part that lies": _lying_zip,
    "zip in zip": lambda: _zip_in_zip(4),
    "25,000 parts": lambda: word(
        said("x"), {f"word/a{i}.xml": b"<a/>" for i in range(25_000)}
    ),
    "4,000 parts": lambda: word(
        said("A visit."), {f"word/a{i}.xml": b"<a>word</a>" for i in range(4_000)}
    ),
    "entities that grow": lambda: _entities(
        f'<!DOCTYPE w [<!ENTITY b "word">{_LAUGHS}<!ENTITY a "&z;">]>'
    ),
    "one large entity, many times": lambda: word(
        said("&a;" * 50_000), head=f'<!DOCTYPE w [<!ENTITY a "{"word " * 20_000}">]>'
    ),
    "entity from a file": lambda: _entities(
        '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    ),
    "tables 5,000 deep": lambda: _nested(*_TABLE, 5000),
    "tables 80 deep": lambda: _nested(*_TABLE, 80),
    "controls 5,000 deep": lambda: _nested(*_CONTROL, 5000),
    "controls 120 deep": lambda: _nested(*_CONTROL, 120),
    "one run of 50 MB": lambda: word(said("word " * (10 * MEGABYTE))),
    "runs of 6 MB": lambda: word(
        f"<w:p>{('<w:r><w:t>' + 'word ' * 1000 + '</w:t></w:r>') * 1_200}</w:p>"
    ),
    "20,000 paragraphs": lambda: word(said("a") * 20_000),
    "100,000 empty runs": lambda: word(f"<w:p>{'<w:r/>' * 100_000}</w:p>" + said("a")),
    "a table of 20,000 cells": lambda: word(
        f"<w:tbl>{('<w:tr>' + ('<w:tc>' + said('a') + '</w:tc>') * 50 + '</w:tr>') * 400}"
        "</w:tbl>"
    ),
    "no Word file": lambda: _other_zip(),
}  # fmt: skip


def _other_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("notes.txt", "A visit was made.")
    return made.getvalue()


TEXTS: dict[str, Callable[[], bytes]] = {
    "one line of 100 MB": lambda: b"word " * (20 * MEGABYTE),
    "one line of 2 MB": lambda: b"word " * (2 * MEGABYTE // 5),
    "one word of 2 MB": lambda: b"w" * (2 * MEGABYTE),
    "numbers of 2 MB": lambda: b"1.1." * (MEGABYTE // 2),
    "brackets of 2 MB": lambda: b"(" * (2 * MEGABYTE),
    "dots of 2 MB": lambda: b". " * MEGABYTE,
    "20,000 lines": lambda: b"a\n" * 20_000,
    "10,000 numbered lines": lambda: b"1. a\n" * 10_000,
    "10,000 pages": lambda: b"a\x0c" * 10_000,
    "page marks and nothing else": lambda: b"Page 1\x0c" * 900,
    "1 MB of words": lambda: b"The review found that agencies did not share it.\n" * 20_000,
    "zeros": lambda: b"A visit\x00 was made.\x00\x00" * 1000,
    "bytes of every kind": lambda: bytes(range(1, 256)) * 8000,
    "Windows letters": lambda: "Ren\xe9 said \x93no\x94. ".encode("latin-1") * 50_000,
    "blanks": lambda: b" \n" * MEGABYTE + b"a",
    "tabs": lambda: b"a\tb\tc\n" * 10_000,
    "marks of two bytes, odd": lambda: b"\xff\xfeA\x00 \x00v",
}
