"""Old Word files and rich text: by LibreOffice, by antiword, or refused with what to do."""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import antiword, libreoffice, old_word, reading, showing
from pipeline.span import BlockKind

# Made from invented text with LibreOffice: a heading, two paragraphs, a table, a last line.
_FILE = Path(__file__).resolve().parent / "files" / "old_word.doc"
_DATA = _FILE.read_bytes()
_RICH = rb"{\rtf1\ansi\ansicpg1252 The nurse, Zo\'eb Pryce, saw the baby.\par It cost \'a340.}"
_WORD = "WordDocument".encode("utf-16-le")

needs_office = pytest.mark.skipif(
    libreoffice.found() is None, reason="LibreOffice is not installed on this machine"
)
needs_antiword = pytest.mark.skipif(
    antiword.found() is None, reason="antiword is not installed on this machine"
)


def renamed(name: str) -> bytes:
    """The file with its text's stream under another name: another kind of Office file."""
    at = _DATA.index(_WORD)
    raw = name.encode("utf-16-le")
    length = (len(raw) + 2).to_bytes(2, "little")
    return _DATA[:at] + raw.ljust(64, b"\0") + length + _DATA[at + 66 :]


def at_text(raw: bytes, offset: int = 0) -> bytes:
    """The file with other bytes in the head of its text's stream."""
    at = _DATA.index(b"\xec\xa5", 512) + offset
    return _DATA[:at] + raw + _DATA[at + len(raw) :]


def only_antiword(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "found", lambda: None)


def assert_read(document: Document) -> None:
    assert [b.kind for b in document.blocks if b.span is not None] == [
        BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH, BlockKind.TABLE,
        BlockKind.PARAGRAPH,
    ]  # fmt: skip
    assert "Zoë Pryce, saw the baby on 3 May – she noted “a cold flat” and a bill of £40." in (
        document.text
    )
    table = next(block for block in document.blocks if block.rows)
    assert showing.cells(document, table)[1] == [
        "3 May",
        "Ellerwick Community Healthcare and the Ashwater Family Centre",
        "A visit was made and the mother was asked about the father of the baby",
    ]
    assert document.media == "application/msword"
    assert document.source_sha256 == hashlib.sha256(_DATA).hexdigest()
    assert {"Ivor Penhale", "Overview report on Child Q"} <= set(document.margins)
    assert document.origins is None


@needs_antiword
def test_antiword_gives_the_text_and_says_what_may_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only_antiword(monkeypatch)
    document = old_word.read(_DATA, name="x")
    assert_read(document)
    assert [thing.what for thing in document.unread] == [UnreadKind.OTHER_PART]
    assert "antiword" in document.unread[0].reason
    assert "antiword-0." in document.reader


@needs_office
def test_libreoffice_gives_a_word_document_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    document = old_word.read(_DATA, name="x")
    assert_read(document)
    assert document.unread == ()
    assert "libreoffice-" in document.reader
    assert "unknown" not in document.reader
    assert list(tmp_path.iterdir()) == []


@needs_office
def test_rich_text_is_read_by_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "review.rtf"
    path.write_bytes(_RICH)
    document = reading.read(path, Settings())
    assert document.text == "The nurse, Zoë Pryce, saw the baby.\n\nIt cost £40."
    assert document.media == "application/rtf"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (renamed("Workbook"), "no Word document"),
        (renamed("PowerPoint Document"), "no Word document"),
        (renamed("EncryptedPackage"), "password"),
        (at_text(b"\x13", 11), "password"),
        (_DATA[:700], "damaged"),
        (_DATA[:512] + bytes(len(_DATA) - 512), "damaged"),
        (_DATA[:8] + b"\xff" * 5000, "damaged"),
        (at_text(b"\0\0"), "damaged"),
    ],
)
def test_what_is_no_readable_word_document_is_refused(
    data: bytes, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "Xanthe.doc"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=says) as caught:
        reading.read(path, Settings())
    assert "Xanthe" not in str(caught.value)


def test_without_a_program_the_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    only_antiword(monkeypatch)
    monkeypatch.setattr(antiword, "found", lambda: None)
    with pytest.raises(ReadError, match=r"save it as \.docx"):
        old_word.read(_DATA)
    with pytest.raises(ReadError, match="LibreOffice"):
        old_word.read(_RICH)


def _program(folder: Path, script: str) -> str:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in program is a shell script")
@pytest.mark.parametrize("script", ["exit 1", "exit 0", "sleep 60 & echo $! > {}; wait"])
def test_a_program_that_fails_or_hangs_is_ended_and_the_file_refused(
    script: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "child"
    program = _program(tmp_path, script.format(note))
    monkeypatch.setattr(libreoffice, "_SECONDS", 2)
    monkeypatch.setattr(antiword, "_SECONDS", 2)
    started = time.monotonic()
    with pytest.raises(ReadError, match="LibreOffice"):
        libreoffice.as_docx(program, _DATA, "doc")
    if note.exists():
        time.sleep(0.2)
        state = Path(f"/proc/{note.read_text().strip()}/stat")
        assert not state.exists() or state.read_text().split()[2] == "Z"
    with pytest.raises(ReadError):
        antiword.drafts(program, _DATA)
    assert time.monotonic() - started < 30


@needs_office
def test_the_converter_gets_no_home_and_no_place_but_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    old_word.read(_DATA)
    assert list(home.iterdir()) == []


def test_wrapped_cells_are_put_together_where_antiword_gives_only_its_drawing() -> None:
    lines = [
        "|Date  |Agency       |",
        "|3 May |Ellerwick    |",
        "|      |Healthcare   |",
        "|9 May |Police       |",
    ]
    rows = antiword._rows(lines, [])
    assert [["".join(s.text for s in cell) for cell in row] for row in rows] == [
        ["Date", "Agency"], ["3 May", "Ellerwick Healthcare"], ["9 May", "Police"],
    ]  # fmt: skip
