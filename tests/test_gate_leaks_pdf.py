"""A name planted in a finished PDF, in each way in which PDFs are known to leak, stops it."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from functools import lru_cache

import pikepdf
import pytest
from leak_parts import NAME, RENDER, made, saved
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from pipeline.door import artefact_pdf
from pipeline.door.verify import leftovers
from pipeline.exporters import pdf_fonts

Change = Callable[[Pdf], object]


@lru_cache(maxsize=1)
def clean() -> bytes:
    return RENDER[".pdf"](made().document)


def changed(change: Change) -> bytes:
    with pikepdf.open(io.BytesIO(clean())) as file:
        change(file)
        return saved(file)


def stops(data: bytes) -> bool:
    assert data != clean()
    found = leftovers({"CR-0001.pdf": data}, made())
    assert NAME.casefold() not in repr(found).casefold()
    return bool(found)


def draw(file: Pdf, content: str) -> None:
    """Further content on the first page, with a font of its own."""
    page = file.pages[0]
    page.Resources.Font["/ZZZZZZ"] = file.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    old = page.Contents.read_bytes()
    page.Contents = Stream(file, old + b"\nBT /ZZZZZZ 11 Tf 72 500 Td " + content.encode() + b" ET")


def codes(file: Pdf, words: str) -> tuple[str, str]:
    """The words in the codes of one of the file's own fonts, which has all their letters."""
    for key, font in file.pages[0].Resources.Font.items():
        listed = font.ToUnicode.read_bytes().decode().partition("endcodespacerange")[2]
        meant = {chr(int(letter, 16)): code for code, letter in re.findall(
            "<([0-9a-f]{4})> <([0-9a-f]{4})>", listed)}  # fmt: skip
        if set(words) <= set(meant):
            return key, "".join(meant[c] for c in words)
    raise AssertionError("no font has these letters")


def own_font(file: Pdf, wrapped: str) -> None:
    """Further content in a font of the file, so that no font tells."""
    key, code = codes(file, NAME)
    text = f"BT 1 0 0 -1 80 300 Tm {key} 12 Tf [<{code}>] TJ ET"
    page = file.pages[1]
    page.Contents = Stream(file, page.Contents.read_bytes() + wrapped.format(text).encode())


def annotate(file: Pdf, **entries: object) -> None:
    note = Dictionary(Type=Name.Annot, Rect=Array([60, 490, 300, 520]), **entries)  # type: ignore[arg-type]
    file.pages[0].Annots.append(file.make_indirect(note))


def embed(file: Pdf) -> None:
    file.attachments["notes.txt"] = pikepdf.AttachedFileSpec(file, NAME.encode())


def picture(file: Pdf) -> Stream:
    return Stream(
        file, b"\x80" * 400, Type=Name.XObject, Subtype=Name.Image, Width=20, Height=20,
        ColorSpace=Name.DeviceGray, BitsPerComponent=8,
    )  # fmt: skip


def metadata(file: Pdf, words: str) -> None:
    old = file.Root.Metadata.read_bytes()
    new = old.replace(b"</rdf:RDF>", words.encode() + b"</rdf:RDF>")
    file.Root.Metadata = file.make_indirect(Stream(file, new, Type=Name.Metadata, Subtype=Name.XML))


def form(file: Pdf) -> None:
    box = Stream(
        file, f"BT /ZZZZZZ 11 Tf ({NAME}) Tj ET".encode(), Type=Name.XObject, Subtype=Name.Form,
        BBox=Array([0, 0, 595, 842]),
    )  # fmt: skip
    file.pages[0].Resources.XObject["/M"] = box
    file.pages[0].Contents = Stream(file, file.pages[0].Contents.read_bytes() + b"\n/M Do")


def layer(file: Pdf) -> None:
    group = file.make_indirect(Dictionary(Type=Name.OCG, Name=String(NAME)))
    file.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))


def element(file: Pdf) -> pikepdf.Object:
    return file.Root.StructTreeRoot.K[0]


def in_content(file: Pdf, old: bytes, new: bytes) -> None:
    page = file.pages[1]
    before = page.Contents.read_bytes()
    assert old in before
    page.Contents = Stream(file, before.replace(old, new, 1))


def font(file: Pdf) -> pikepdf.Object:
    return next(iter(file.pages[0].Resources.Font.values()))


def whole_font(file: Pdf) -> None:
    """A font program with every glyph: which letters a report had can be seen from a subset."""
    below = font(file).DescendantFonts[0].FontDescriptor
    below.FontFile2 = Stream(file, pdf_fonts._file("SourceSans3-Regular"))


def leftover_letter(file: Pdf) -> None:
    old = font(file).ToUnicode.read_bytes()
    new = old.replace(b"endbfchar", b"<0fff> <0051>\nendbfchar", 1)
    font(file).ToUnicode = Stream(file, new)


def outside(file: Pdf) -> None:
    file.pages[0].CropBox = Array([0, 600, 595, 842])
    draw(file, f"({NAME}) Tj")


MODES: list[tuple[str, Change]] = [
    ("1 text under box", lambda f: draw(f, f"({NAME}) Tj ET 0 g 70 490 200 30 re f BT")),
    ("1 text under box, own font", lambda f: own_font(f, "{} 0 0 0 rg 70 290 200 30 re f")),
    ("1 text on the margin", lambda f: own_font(
        f, "/Artifact <</Type /Pagination>> BDC {} EMC")),
    ("1 text among what is drawn", lambda f: own_font(f, "/Artifact BMC {} EMC")),
    ("1 text of no element", lambda f: own_font(f, "/Span <</MCID 999>> BDC {} EMC")),
    ("2 invisible text", lambda f: draw(f, f"3 Tr ({NAME}) Tj")),
    ("2 invisible text, own font", lambda f: own_font(f, "3 Tr /Artifact BMC {} EMC")),
    ("3 white on white", lambda f: draw(f, f"1 g ({NAME}) Tj")),
    ("4 Info dictionary", lambda f: f.docinfo.__setitem__("/Author", NAME)),
    ("4 Info dictionary, a word of it", lambda f: f.docinfo.__setitem__("/Title", NAME)),
    ("4 Info dictionary, another id", lambda f: f.docinfo.__setitem__(
        "/Title", "Case review CR-0002")),
    ("5 XMP", lambda f: metadata(
        f, f'<rdf:Description rdf:about=""><dc:creator>{NAME}</dc:creator></rdf:Description>')),
    ("5 XMP of a page", lambda f: f.pages[0].__setitem__(
        "/Metadata", Stream(f, NAME.encode(), Type=Name.Metadata, Subtype=Name.XML))),
    ("6 embedded file", embed),
    ("6 file of the catalogue", lambda f: f.Root.__setitem__(
        "/AF", Array([Dictionary(Type=Name.Filespec, F=String(NAME))]))),
    ("7 note", lambda f: annotate(f, Subtype=Name.Text, Contents=String(NAME))),
    ("7 note on a link", lambda f: f.pages[0].Annots[0].__setitem__("/Contents", String(NAME))),
    ("8 form value", lambda f: annotate(
        f, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), V=String(NAME))),
    ("8 form of the catalogue", lambda f: f.Root.__setitem__(
        "/AcroForm", Dictionary(Fields=Array([Dictionary(T=String("a"), V=String(NAME))])))),
    ("9 bookmark", lambda f: f.Root.Outlines.First.__setitem__("/Title", String(NAME))),
    ("10 link target", lambda f: annotate(
        f, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(f"https://x.org/{NAME}")))),
    ("11 ActualText", lambda f: in_content(
        f, b"<</MCID 0>>", b"<</MCID 0 /ActualText <546f7276696e6b61>>>")),
    ("11 ActualText of an element", lambda f: element(f).__setitem__("/ActualText", String(NAME))),
    ("12 Alt", lambda f: element(f).__setitem__("/Alt", String(NAME))),
    ("12 title of an element", lambda f: element(f).__setitem__("/T", String(NAME))),
    ("12 id of an element", lambda f: element(f).__setitem__("/ID", String(NAME))),
    ("14 thumbnail", lambda f: f.pages[0].__setitem__("/Thumb", picture(f))),
    ("15 picture", lambda f: f.pages[0].Resources.XObject.__setitem__("/I", picture(f))),
    ("15 picture in the content", lambda f: in_content(
        f, b"BT", b"BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI BT")),
    ("16 hidden layer", layer),
    ("17 form XObject", form),
    ("18 outside the crop box", outside),
    ("18 a crop box", lambda f: f.pages[0].__setitem__("/CropBox", Array([0, 600, 595, 842]))),
    ("19 JavaScript", lambda f: f.Root.__setitem__(
        "/OpenAction", Dictionary(S=Name.JavaScript, JS=String(f"var a = '{NAME}'")))),
    ("19 script of a page", lambda f: f.pages[0].__setitem__(
        "/AA", Dictionary(O=Dictionary(S=Name.JavaScript, JS=String(NAME))))),
    ("20 PieceInfo", lambda f: f.pages[0].__setitem__(
        "/PieceInfo", Dictionary(App=Dictionary(Private=String(NAME))))),
    ("21 unapplied redaction", lambda f: annotate(
        f, Subtype=Name.Redact, OverlayText=String(NAME))),
    ("22 named destination", lambda f: f.Root.Names.Dests.Names.extend(
        [String(NAME), Array([f.pages[0].obj, Name.Fit])])),
    ("22 destination of old", lambda f: f.Root.__setitem__(
        "/Dests", Dictionary({f"/{NAME}": Array([f.pages[0].obj, Name.Fit])}))),
    ("23 page label", lambda f: f.Root.__setitem__(
        "/PageLabels", Dictionary(Nums=Array([0, Dictionary(P=String(NAME))])))),
    ("24 kerned and in hexadecimal", lambda f: draw(
        f, "[(To) -9 (rv) 8 <696e>] TJ <6b61> Tj 0 g")),
    ("24 kerned, own font", lambda f: own_font(f, "/Span <</MCID 998>> BDC {} EMC")),
    ("24 a comment in the content", lambda f: in_content(f, b"BT", f"% {NAME}\nBT".encode())),
    ("27 glyphs that are not used", whole_font),
    ("28 a letter left in ToUnicode", leftover_letter),
    ("28 a name in ToUnicode", lambda f: font(f).__setitem__("/ToUnicode", Stream(
        f, font(f).ToUnicode.read_bytes() + f"\n% {NAME}".encode()))),
    ("30 producer", lambda f: f.docinfo.__setitem__("/Producer", "Word on NAME-PC")),
    ("30 a time", lambda f: f.docinfo.__setitem__("/CreationDate", "D:20200101000000Z")),
    ("30 an identifier", lambda f: f.trailer.__setitem__(
        "/ID", Array([String(NAME + NAME), String(NAME + NAME)]))),
    ("a key", lambda f: f.Root.__setitem__(f"/{NAME}", 1)),
    ("the name of a font", lambda f: font(f).__setitem__("/BaseFont", Name(f"/{NAME}"))),
    ("the language", lambda f: f.Root.__setitem__("/Lang", String(NAME))),
    ("a word less", lambda f: in_content(f, b"] TJ", b"] Tj")),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "change"), MODES, ids=[mode for mode, _ in MODES])
def test_a_name_planted_in_a_pdf_is_stopped(mode: str, change: Change) -> None:
    found = leftovers({"CR-0001.pdf": changed(change)}, made())
    assert NAME.casefold() not in repr(found).casefold()
    # Not only because the file is not as it was written: what was planted is seen itself.
    apart = {one.where for one in found} - {"the file as a whole"}
    assert found if mode == "30 an identifier" else apart


def _revision(data: bytes) -> bytes:
    """The file saved again on top of itself, as editors do."""
    start = data.rindex(b"startxref\n") + 10
    table, at = data[start:].split(b"\n")[0], len(data)
    new = b"900 0 obj\n(" + NAME.encode() + b")\nendobj\n"
    rest = b"xref\n900 1\n%010d 00000 n \ntrailer\n<< /Size 901 /Root 1 0 R /Prev %s >>\n"
    return data + new + rest % (at, table) + b"startxref\n%d\n%%%%EOF\n" % (at + len(new))


def _longer_stream(data: bytes) -> bytes:
    """Words behind the end of a packed stream."""
    with pikepdf.open(io.BytesIO(data)) as file:
        page = file.pages[0]
        raw = zlib.compress(page.Contents.read_bytes()) + NAME.encode()
        content = Stream(file, b"")
        content.write(raw, filter=Name.FlateDecode)
        page.Contents = content
        return saved(file)


@pytest.mark.parametrize(
    ("mode", "change"),
    [
        ("13 earlier revision", _revision),
        ("34 an object that nothing leads to", lambda d: d.replace(
            b"endobj\n", b"endobj\n900 0 obj\n(" + NAME.encode() + b")\nendobj\n", 1)),
        ("before the file", lambda d: NAME.encode() + b"\n" + d),
        ("behind the file", lambda d: d + NAME.encode()),
        ("behind the file, one letter", lambda d: d + b" "),
        ("a comment in the file", lambda d: d.replace(
            b"endobj\n", b"endobj\n% " + NAME.encode() + b"\n", 1)),
        ("behind the end of a stream", _longer_stream),
        ("two files in one", lambda d: d + d),
        ("cut short", lambda d: d[: len(d) // 2]),
        ("another file", lambda _: b"%PDF-1.7\n%%EOF\n"),
        ("nothing", lambda _: b""),
    ],
)  # fmt: skip
def test_what_stands_around_the_objects_is_stopped(
    mode: str, change: Callable[[bytes], bytes]
) -> None:
    assert stops(change(clean()))


def test_written_again_without_a_change_it_passes() -> None:
    with pikepdf.open(io.BytesIO(clean())) as file:
        assert saved(file) == clean()
    assert leftovers({"CR-0001.pdf": clean()}, made()) == ()


def test_a_stream_that_grows_without_end_is_refused() -> None:
    def bomb(file: Pdf) -> None:
        packed = zlib.compress(b" " * (80 * 1024 * 1024), 9)
        content = Stream(file, b"")
        content.write(packed, filter=Name.FlateDecode)
        file.pages[0].Contents = content

    assert stops(changed(bomb))


def test_a_reading_that_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.door.artefact_pdf._MOST_SECONDS", -1.0)
    artefact_pdf._opened.cache_clear()
    found = leftovers({"CR-0001.pdf": clean()}, made())
    assert ("file", "takes too long to read") in {(one.where, one.form) for one in found}


@pytest.mark.parametrize(
    ("old", "new"), [("was seen", "was heard"), ("was seen", "seen"), ("late", "late too")]
)
def test_a_word_of_the_text_changed_left_out_or_added_is_caught(old: str, new: str) -> None:
    other = RENDER[".pdf"](made(old=old, new=new).document)
    assert "text" in {one.where for one in leftovers({"CR-0001.pdf": other}, made())}
