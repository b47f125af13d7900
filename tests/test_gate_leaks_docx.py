"""A name planted in a finished Word file, in each way in which they are known to leak, stops it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from functools import lru_cache

import pytest
from leak_parts import NAME, RENDER, made

from pipeline.door.verify import leftovers
from pipeline.safe import word_frame

Parts = dict[str, bytes]
DOCUMENT, PROPERTIES = word_frame.DOCUMENT, word_frame.PROPERTIES


@lru_cache(maxsize=1)
def clean() -> bytes:
    return RENDER[".docx"](made().document)


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def found_in(data: bytes) -> set[tuple[str, str]]:
    assert data != clean()
    found = leftovers({"CR-0001.docx": data}, made())
    assert NAME.casefold() not in repr(found).casefold()
    return {(one.where, one.form) for one in found}


def zipped(parts: Parts, **more: object) -> bytes:
    """Parts in a package as the exporter writes it, but for what is asked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            for key, value in more.items():
                if key != "archive_comment":
                    setattr(entry, key, value)
            package.writestr(entry, content)
        package.comment = more.get("archive_comment", b"")  # type: ignore[assignment]
    return out.getvalue()


def in_part(part: str, old: str, new: str) -> bytes:
    parts = parts_of(clean())
    before = parts[part].decode()
    assert old in before
    parts[part] = before.replace(old, new, 1).encode()
    return word_frame.packed(parts)


RUN = f"<w:r><w:t>{NAME}</w:t></w:r>"
WHITE = '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>'
DELETED = f"<w:r><w:delText>{NAME}</w:delText></w:r>"
CONTROL = f'<w:sdtPr><w:alias w:val="{NAME}"/></w:sdtPr>'
PICTURE = f'<w:drawing><wp:docPr xmlns:wp="x" descr="{NAME}"/></w:drawing>'
IN_TEXT: list[tuple[str, str, str]] = [
    ("a word more", "subject", f"subject {NAME}"),
    ("hidden text", "</w:p>", f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{NAME}</w:t></w:r></w:p>"),
    ("white text", "</w:p>", f"<w:r>{WHITE}<w:t>{NAME}</w:t></w:r></w:p>"),
    ("tracked insertion", "</w:p>", f'<w:ins w:id="1" w:author="{NAME}">{RUN}</w:ins></w:p>'),
    ("tracked deletion", "</w:p>", f'<w:del w:id="1" w:author="x">{DELETED}</w:del></w:p>'),
    ("content control", "</w:p>", f"<w:sdt>{CONTROL}</w:sdt></w:p>"),
    ("link target", "</w:p>", f'<w:hyperlink r:id="{NAME}"/></w:p>'),
    ("link to a bookmark", "</w:p>", f'<w:hyperlink w:anchor="{NAME}"/></w:p>'),
    ("bookmark", "</w:p>", f'<w:bookmarkStart w:id="0" w:name="{NAME}"/></w:p>'),
    ("comment's place", "</w:p>", '<w:commentReference w:id="0"/></w:p>'),
    ("field code", "</w:p>", f'<w:fldSimple w:instr="AUTHOR {NAME}"/></w:p>'),
    ("field in runs", "</w:p>", f"<w:r><w:instrText>{NAME}</w:instrText></w:r></w:p>"),
    ("revision ids", "<w:p>", '<w:p w:rsidR="00AB12CD">'),
    ("a style's name", 'w:val="Normal"', f'w:val="{NAME}"'),
    ("an attribute", "<w:body>", f'<w:body w:{NAME}="1">'),
    ("an attribute of nothing", "<w:body>", f'<w:body name="{NAME}">'),
    ("a caption of a table", "<w:tblLook", f'<w:tblCaption w:val="{NAME}"/><w:tblLook'),
    ("an alternative text", "</w:p>", f"<w:r>{PICTURE}</w:r></w:p>"),
    ("a namespace", "<w:body>", f'<w:body xmlns:x="{NAME}">'),
    ("words between elements", "</w:p>", f"</w:p>{NAME}"),
    ("words in an element", "<w:pPr>", f"<w:pPr>{NAME}"),
    ("xml comment", "<w:body>", f"<w:body><!-- {NAME} -->"),
    ("xml instruction", "<w:body>", f"<w:body><?{NAME} ?>"),
    ("entity", "?>", f'?><!DOCTYPE x [<!ENTITY y "{NAME}">]>'),
    ("letters as numbers", "subject", "subject " + "".join(f"&#{ord(c)};" for c in NAME)),
    ("a width that is a word", '<w:gridCol w:w="', f'<w:gridCol w:w="{NAME}'),
    ("a word less", "subject", ""),
    ("a word changed", "was seen", "was heard"),
    ("no longer a draft's frame", "Case review CR-0001", f"Case review {NAME}"),
    ("a line around the text", "End of report", "The end of report"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "old", "new"), IN_TEXT, ids=[f"36 {mode}" for mode, _, _ in IN_TEXT]
)
def test_a_name_planted_in_the_text_part_is_stopped(mode: str, old: str, new: str) -> None:
    assert found_in(in_part(DOCUMENT, old, new))


@pytest.mark.parametrize("part", sorted(set(word_frame.order()) - {DOCUMENT}))
def test_no_other_part_can_hold_anything_of_its_own(part: str) -> None:
    """36, properties, styles, settings, relations, types: an author, a date, one blank."""
    end = parts_of(clean())[part].decode().rindex("</")
    whole = parts_of(clean())[part].decode()
    for plant in (f"<!--{NAME}-->", f"<dc:creator>{NAME}</dc:creator>", " "):
        parts = {**parts_of(clean()), part: (whole[:end] + plant + whole[end:]).encode()}
        assert (part, "not on the allow-list") in found_in(word_frame.packed(parts))


@pytest.mark.parametrize("public_id", [NAME, f"CR-{NAME}", "CR-0002"])
def test_a_title_that_holds_the_name_or_another_id_is_stopped(public_id: str) -> None:
    other = word_frame.properties(public_id).encode()
    assert found_in(word_frame.packed({**parts_of(clean()), PROPERTIES: other}))


@pytest.mark.parametrize(
    "name",
    [
        "docProps/app.xml", "docProps/thumbnail.jpeg", "customXml/item1.xml", "word/comments.xml",
        "word/people.xml", "word/media/image1.png", "word/vbaProject.bin", f"word/{NAME}.xml",
        "word/embeddings/x.bin", "../x",
    ],
)  # fmt: skip
def test_a_part_more_is_stopped(name: str) -> None:
    assert found_in(zipped({**parts_of(clean()), name: NAME.encode()}))


@pytest.mark.parametrize("name", word_frame.order())
def test_a_part_less_is_stopped(name: str) -> None:
    assert found_in(zipped({k: v for k, v in parts_of(clean()).items() if k != name}))


def test_the_same_parts_in_the_same_package_pass() -> None:
    assert zipped(parts_of(clean())) == clean()
    assert leftovers({"CR-0001.docx": clean()}, made()) == ()


def _between(data: bytes) -> bytes:
    """A name between two entries, all places of the directory moved behind it."""
    at = data.index(b"PK\3\4", 4)
    plant = NAME.encode()
    start = data.index(b"PK\1\2")
    head, rest = data[:at] + plant + data[at:start], bytearray(data[start:])
    place = 0
    while rest[place : place + 4] == b"PK\1\2":
        (offset,) = struct.unpack_from("<I", rest, place + 42)
        struct.pack_into("<I", rest, place + 42, offset + (len(plant) if offset >= at else 0))
        sizes = struct.unpack_from("<HHH", rest, place + 28)
        place += 46 + sum(sizes)
    (directory,) = struct.unpack_from("<I", rest, place + 16)
    struct.pack_into("<I", rest, place + 16, directory + len(plant))
    return head + bytes(rest)


@pytest.mark.parametrize(
    ("mode", "change"),
    [
        ("37 date of an entry", lambda p: zipped(p, date_time=(2024, 5, 1, 0, 0, 0))),
        ("37 comment of an entry", lambda p: zipped(p, comment=NAME.encode())),
        ("37 comment of the package", lambda p: zipped(p, archive_comment=NAME.encode())),
        ("37 extra field", lambda p: zipped(
            p, extra=struct.pack("<HH", 0x7075, 8) + NAME.encode())),
        ("37 system of an entry", lambda p: zipped(p, create_system=3)),
        ("37 attributes of an entry", lambda p: zipped(p, external_attr=0o644 << 16)),
        ("37 packed entries", lambda p: zipped(p, compress_type=zipfile.ZIP_DEFLATED)),
        ("37 another order", lambda p: zipped(dict(reversed(p.items())))),
        ("37 before the entries", lambda p: NAME.encode() + zipped(p)),
        ("37 behind the entries", lambda p: zipped(p) + NAME.encode()),
        ("37 between the entries", lambda p: _between(zipped(p))),
        ("cut short", lambda p: zipped(p)[:-30]),
        ("no package", lambda _: b"PK"),
    ],
)  # fmt: skip
def test_what_stands_around_the_parts_is_stopped(
    mode: str, change: Callable[[Parts], bytes]
) -> None:
    assert found_in(change(parts_of(clean())))


def test_a_package_that_grows_without_end_is_refused() -> None:
    parts = {**parts_of(clean()), DOCUMENT: b" " * (80 * 1024 * 1024)}
    assert ("file", "cannot be read") in found_in(zipped(parts, compress_type=zipfile.ZIP_DEFLATED))
