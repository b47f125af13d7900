"""Which reader takes a file, what is refused, how drafts become a document, how it is shown."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import UnreadKind
from pipeline.raw.readers import reading, showing, text
from pipeline.raw.readers.assemble import Draft, Stretch, document, unread_list
from pipeline.raw.readers.furniture import Banded, recurring
from pipeline.raw.readers.hyphens import Forms, joined
from pipeline.span import BlockKind

_WORD_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file() -> bytes:
    body = "<w:p><w:r><w:t>A visit was made.</w:t></w:r></w:p>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        whole = f"<w:document {_WORD_SPACE}><w:body>{body}</w:body></w:document>"
        file.writestr("word/document.xml", whole)
    return made.getvalue()


def pdf_file() -> bytes:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    made = io.BytesIO()
    sheet = canvas.Canvas(made)
    sheet.drawString(72, 700, "A visit was made.")
    sheet.save()
    return made.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_the_reader_is_chosen_by_content_and_not_by_name(tmp_path: Path) -> None:
    files = [
        (pdf_file(), "pdf"),
        (word_file(), "wordprocessingml"),
        (b"A visit was made.", "plain"),
    ]
    for number, (data, media) in enumerate(files):
        read = reading.read(put(tmp_path, f"review {number}.txt", data), Settings())
        assert media in read.media
        assert read.text == "A visit was made."
        assert f"review {number}" in read.margins


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.pdf", b"This is only text.", "wrongly named"),
        ("a.docx", b"This is only text.", "wrongly named"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "damaged"),
        ("a.mht", b"From: x\nMIME-Version: 1.0\n\ntext", "e-mail"),
        ("a.xml", b"<?xml version='1.0'?><svg><text>text</text></svg>", "no PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "no PDF"),
        ("a.pdf", b"%PDF-1.4 and no more", "damaged"),
        ("a.docx", b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says) as caught:
        reading.read(put(tmp_path, name, data), Settings())
    assert str(tmp_path) not in str(caught.value)


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="folder"):
        reading.read(tmp_path, Settings())
    with pytest.raises(ReadError, match="no such file"):
        reading.read(tmp_path / "none.txt", Settings())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes on this system")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReadError, match="device"):
        reading.read(tmp_path / "pipe", Settings())


def test_drafts_become_blocks_of_one_text() -> None:
    grid = (((Stretch("a"),), ()), ((Stretch("b"),), (Stretch("c\nd"),)))
    drafts = [
        Draft(BlockKind.FURNITURE, (Stretch("Page 1"),)),
        Draft(BlockKind.HEADING, (Stretch(" A  heading "),), level=1),
        Draft(BlockKind.TABLE, (), rows=grid),
        Draft(BlockKind.PARAGRAPH, (Stretch("  "),)),
    ]  # fmt: skip
    made = document(drafts, sha256="0", media="text/plain", pages=1, margins=("x", " ", "x"))
    assert made.text == "A heading\n\na\t\nb\tc d"
    assert made.furniture == ("Page 1",)
    assert made.margins == ("x",)
    assert showing.as_markdown(made) == "# A heading\n\n| a |  |\n| --- | --- |\n| b | c d |\n"
    assert showing.as_text(made) == "A heading\n\na\t\nb\tc d\n"


def test_a_table_of_empty_cells_is_no_block() -> None:
    drafts = [Draft(BlockKind.TABLE, (), rows=(((), (Stretch(" "),)),))]
    assert document(drafts, sha256="0", media="x", pages=1).blocks == ()


def test_ligatures_are_spelled_out_and_lead_back() -> None:
    read = text.from_string("O\ufb03ce of Ms Radcli\ufb00e")
    assert read.text == "Office of Ms Radcliffe"
    assert read.to_source(read.blocks[0].span).end == 19  # type: ignore[arg-type]


def test_ids_of_what_was_not_read_are_stable_and_differ() -> None:
    seen = [
        (UnreadKind.PICTURE, 2, "x"),
        (UnreadKind.PICTURE, 2, "x"),
        (UnreadKind.COMMENT, None, "x"),
    ]
    assert [u.id for u in unread_list(seen)] == ["picture-2-1", "picture-2-2", "comment-0-1"]


def test_rows_show_blocks_tables_and_what_was_not_read() -> None:
    table = Draft(BlockKind.TABLE, (), page=2, rows=(((Stretch("a"),), ()),))
    furniture = Draft(BlockKind.FURNITURE, (Stretch("Page 1"),))
    seen = [(UnreadKind.PICTURE, 3, "A picture.")]
    made = document([furniture, table], sha256="0", media="x", pages=3, seen=seen)
    assert list(showing.rows(made)) == [
        {"type": "block", "kind": "furniture", "page": 1, "number": None, "level": None,
         "start": None, "end": None, "text": "Page 1"},
        {"type": "block", "kind": "table", "page": 2, "number": None, "level": None,
         "start": 0, "end": 2, "text": "a\t"},
        {"type": "table", "page": 2, "rows": [["a", ""]]},
        {"type": "unread", "what": "picture", "page": 3, "reason": "A picture."},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["one", "two"], "one two"),
        (["safe-", "guarding"], "safeguarding"),
        (["safe\u00ad", "guarding"], "safeguarding"),
        (["Llewellyn\ufffe", "Price"], "Llewellyn-Price"),
        (["SAFE-", "GUARDING"], "SAFEGUARDING"),
        (["well -", "known"], "well - known"),
        (["www.example.org/a-", "b"], "www.example.org/ab"),
        (["and/", "or"], "and/or"),
        (["2008–", "09"], "2008–09"),
        (["", "x"], "x"),
    ],
)
def test_lines_are_joined(lines: list[str], wanted: str) -> None:
    assert "".join(part.text for part in joined(map(Stretch, lines), Forms(()))) == wanted


def _running(texts: list[str | None]) -> int:
    lines = [Banded(t, page, 3, top=True) for page, t in enumerate(texts, 1) if t is not None]
    return len(recurring(lines, len(texts)))


@pytest.mark.parametrize(
    ("texts", "gone"),
    [
        (["Report on Q"] * 5, 5),
        (["Report on Q", "The Board"] * 4, 8),
        (["Report, page 1", "Report, page 2", "Report, page 3"], 3),
        ([None, "The Board", None, "The Board", None, "The Board"], 3),
        (["Report on Q", "Report on Q", "x", "y", "z"], 0),
        (["One", "Two", "Three", "Four"], 0),
        (["i", "ii", "iii", "1", "2", "3"], 6),
        (["One 3", "One 4", "One 5", "Two 6", "Two 7", "8 Three", "9 Three", None, None, None], 7),
        (["1 What happened", "2 Background", "3 Findings", "4 Questions"], 0),
        (["7", "9", "13", "12", "90"], 5),
    ],
)
def test_what_recurs_in_its_place_is_furniture(texts: list[str | None], gone: int) -> None:
    assert _running(texts) == gone
