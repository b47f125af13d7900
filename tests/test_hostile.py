"""Odd, broken and hostile files: a clear refusal or a reading, in bounded time and memory.

All go the whole way, through the process that parses. What a row expects is the name of a
refusal (readers/refusals.py) or READ. Where several are right, memory and the library decide.
"""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hostile_parts import PDFS, TEXTS, WORD_FILES, said, word
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_parts import page_of, pages_of

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.readers import reading, refusals

ROOT = Path(__file__).resolve().parent.parent
READ = "READ"
# Generous: a busy machine takes several times what a quiet one does.
_SECONDS = 90.0
_LIMITS = Settings(read_seconds=60.0, read_memory_mb=1024)
_BOMB = (READ, "FAILED", "MEMORY")


def outcome(data: bytes, name: str = "a.pdf", limits: Settings = _LIMITS) -> str:
    """READ, or the name of the refusal."""
    try:
        reading.read_bytes(data, name, limits)
    except ReadError as error:
        assert str(error) in vars(refusals).values()
        return refusals.code(str(error))
    return READ


def bounded(data: bytes, name: str, expected: str | tuple[str, ...]) -> None:
    """Asserts an outcome and its time."""
    start = time.monotonic()
    assert outcome(data, name) in ((expected,) if isinstance(expected, str) else expected)
    assert time.monotonic() - start < _SECONDS


_PDF_OUTCOMES: dict[str, str | tuple[str, ...]] = {
    "zero pages": "PDF_NO_PAGES",
    "3,000 pages": "TOO_MANY_PAGES",
    "999 pages": READ,
    "content of 1 GB": _BOMB,
    "content of 1 GB of words": _BOMB,
    "content packed twice": _BOMB,
    "picture of 1 GB": READ,
    "object stream of 1 GB": _BOMB,
    "properties of 1 GB": _BOMB,
    "code table of 1 GB": _BOMB,
    "pages without end": ("SCAN_NO_TEXT", "SCAN_NO_PROGRAM", "PDF_DAMAGED", "PDF_NO_PAGES"),
    "form in itself": READ,
    "ten million forms": (*_BOMB, "SLOW"),
    "bookmarks in a ring": READ,
    "deep structure": READ,
    "20,000 fonts": READ,
    "20,000 notes": READ,
    "a million characters": READ,
    "60,000 shapes": READ,
    "40,000 letters shown apart": READ,
    "brackets without end": READ,
    "q without end": READ,
    "a page without bounds": ("SCAN_NO_TEXT", "SCAN_NO_PROGRAM", READ, "FAILED"),
    "count that lies": ("SCAN_NO_TEXT", "SCAN_NO_PROGRAM", "PDF_DAMAGED", "TOO_MANY_PAGES"),
    "rules for a chart": READ,
}
_WORD_OUTCOMES: dict[str, str | tuple[str, ...]] = {
    "part of 200 MB": "WORD_BOMB",
    "part that lies": ("WORD_BOMB", "WORD_DAMAGED"),
    "zip in zip": READ,
    "25,000 parts": "WORD_BOMB",
    "4,000 parts": READ,
    "entities that grow": "WORD_DAMAGED",
    "one large entity, many times": "WORD_DAMAGED",
    "entity from a file": "WORD_DAMAGED",
    "tables 5,000 deep": "WORD_DAMAGED",
    "tables 80 deep": READ,
    "controls 5,000 deep": "WORD_DAMAGED",
    "controls 120 deep": READ,
    "one run of 50 MB": "WORD_DAMAGED",
    "runs of 6 MB": "TOO_LONG",
    "20,000 paragraphs": READ,
    "100,000 empty runs": READ,
    "a table of 20,000 cells": READ,
    "no Word file": "NO_WORD",
}
_TEXT_OUTCOMES: dict[str, str | tuple[str, ...]] = {
    # Dots alone are the leaders of a list of contents without the list.
    "dots of 2 MB": "NO_TEXT",
    "one line of 100 MB": "TOO_LONG",
    "10,000 pages": "TOO_MANY_PAGES",
    "page marks and nothing else": "NO_TEXT",
    "zeros": "NOT_TEXT",
    "bytes of every kind": ("NOT_TEXT", "TOO_MANY_PAGES"),
    "marks of two bytes, odd": "NOT_TEXT",
}


@pytest.mark.parametrize("name", PDFS)
def test_pdfs_are_read_or_refused_in_time(name: str) -> None:
    bounded(PDFS[name](), "a.pdf", _PDF_OUTCOMES[name])


@pytest.mark.parametrize("name", WORD_FILES)
def test_word_files_are_read_or_refused_in_time(name: str) -> None:
    bounded(WORD_FILES[name](), "a.docx", _WORD_OUTCOMES[name])


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_read_or_refused_in_time(name: str) -> None:
    bounded(TEXTS[name](), "a.txt", _TEXT_OUTCOMES.get(name, READ))


_MEASURED = """
import resource, sys
from pathlib import Path
from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.readers import reading
try:
    reading.read(Path(sys.argv[1]), Settings(read_seconds=60.0, read_memory_mb=1024))
except ReadError:
    pass
# What this process takes itself; the other figure would count what started it.
own = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(int(own) // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to a limit of memory")
@pytest.mark.parametrize(
    "name",
    ["content of 1 GB of words", "properties of 1 GB", "part of 200 MB", "one line of 100 MB",
     "999 pages"],
)  # fmt: skip
def test_memory_is_bounded_here_and_in_the_process_that_parses(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes({**PDFS, **WORD_FILES, **TEXTS}[name]())
    words = [sys.executable, "-c", _MEASURED, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True)
    ours, parsers = map(int, done.stdout.split())
    assert ours < 60 + 3 * path.stat().st_size // 2**20
    assert parsers <= 1024


def _encrypted(user: str, owner: str) -> bytes:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    from reportlab.lib.pdfencrypt import StandardEncryption

    made = io.BytesIO()
    sheet = canvas.Canvas(made, encrypt=StandardEncryption(user, owner, strength=128))
    sheet.drawString(72, 700, "A visit was made to the house.")
    sheet.save()
    return made.getvalue()


def test_a_pdf_that_asks_for_a_password_is_refused() -> None:
    assert outcome(_encrypted("secret", "other")) == "PDF_LOCKED"


def test_a_pdf_that_only_forbids_changes_is_read() -> None:
    read = reading.read_bytes(_encrypted("", "other"), "a.pdf", Settings())
    assert read.text == "A visit was made to the house."


_PNG = b"\x89PNG\r\n\x1a\n" + bytes(99)
_WORD = word(said("A visit was made."))


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.pdf", _WORD, READ),
        ("a.docx", page_of(), READ),
        ("a.txt", page_of(), READ),
        ("a", _WORD, READ),
        ("a.pdf", _PNG, "UNKNOWN"),
        ("a.docx", _PNG, "UNKNOWN"),
        ("a.pdf", b"A visit was made.", "MISNAMED"),
        ("a.docx", WORD_FILES["no Word file"](), "NO_WORD"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999), "OLD_DAMAGED"),
        ("a.docx", b"PK\x05\x06" + bytes(18), "NO_WORD"),
        ("a.docx", _WORD[:-30], "WORD_DAMAGED"),
        ("a.pdf", b"junk before it\n" + page_of(), READ),
        ("a.pdf", page_of() + bytes(2000), READ),
        ("a.pdf", b"%PDF-1.7", "PDF_DAMAGED"),
        ("a.pdf", b"", "EMPTY"),
        ("a.txt", b"\n \t", "EMPTY"),
    ],
)  # fmt: skip
def test_files_are_known_by_what_they_hold(name: str, data: bytes, expected: str) -> None:
    assert outcome(data, name) == expected


@pytest.mark.parametrize("part", range(1, 20))
def test_a_pdf_that_is_cut_off_is_read_or_refused(part: int) -> None:
    whole = pages_of(40)
    bounded(whole[: len(whole) * part // 20], "a.pdf", (READ, "PDF_DAMAGED", "PDF_NO_PAGES",
                                              "SCAN_NO_TEXT", "SCAN_NO_PROGRAM"))  # fmt: skip


@pytest.mark.parametrize("part", [1, 3, 5, 7, 9, 10])
@pytest.mark.parametrize("path", sorted((ROOT / "corpora" / "sample").glob("0[12]-*")),
                         ids=lambda path: path.suffix)  # fmt: skip
def test_a_report_that_is_cut_off_is_read_or_refused(part: int, path: Path) -> None:
    whole = path.read_bytes()
    found = outcome(whole[: len(whole) * part // 11], path.name)
    assert found in (
        READ,
        "PDF_DAMAGED",
        "PDF_NO_PAGES",
        "SCAN_NO_TEXT",
        "SCAN_NO_PROGRAM",
        "WORD_DAMAGED",
    )


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=8)), min_size=1, max_size=20))
def test_a_report_with_wrong_bytes_is_read_or_refused(changes: list[tuple[float, bytes]]) -> None:
    for whole in (page_of(), _WORD):
        data = bytearray(whole)
        for place, new in changes:
            at = int(place * len(data))
            data[at : at + len(new)] = new
        outcome(bytes(data))


# -- paths ----------------------------------------------------------------------------------------


def test_a_file_that_changes_while_it_is_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"A visit.")
    real = reading._regular

    def meanwhile(opened: int) -> os.stat_result:
        before = real(opened)
        with path.open("ab") as other:
            other.write(b" Another one.")
        return before

    monkeypatch.setattr(reading, "_regular", meanwhile)
    with pytest.raises(ReadError, match="changed while"):
        reading.bytes_of(path)


def test_a_link_leads_to_its_file_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"A visit.")
    link, ring, lost = tmp_path / "b.txt", tmp_path / "c.txt", tmp_path / "d.txt"
    try:
        link.symlink_to(tmp_path / "a.txt")
    except OSError:
        pytest.skip("links may not be made here")
    ring.symlink_to(ring)
    lost.symlink_to(tmp_path / "none")
    assert reading.bytes_of(link) == b"A visit."
    for path, says in ((ring, "may not be opened"), (lost, "no such file")):
        with pytest.raises(ReadError, match=says):
            reading.bytes_of(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such devices")
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev", "/dev/tty"])
def test_devices_are_refused(path: str) -> None:
    if not Path(path).exists():
        pytest.skip("there is no such device here")
    with pytest.raises(ReadError, match=r"folder or a device|may not be opened"):
        reading.bytes_of(Path(path))


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="who runs this may open everything"
)
def test_a_file_that_may_not_be_opened_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"A visit.")
    path.chmod(stat.S_IWUSR)
    with pytest.raises(ReadError, match="may not be opened"):
        reading.bytes_of(path)


def test_a_file_with_holes_larger_than_any_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(reading.MOST_BYTES + 1)
    with pytest.raises(ReadError, match="larger than 512 MB"):
        reading.bytes_of(path)


def test_nothing_is_left_open(tmp_path: Path) -> None:
    opened = Path("/proc/self/fd")
    if not opened.exists():
        pytest.skip("this system does not show what is open")
    (tmp_path / "a.txt").write_bytes(b"A visit.")
    reading.read(tmp_path / "a.txt", Settings())
    before = len(list(opened.iterdir()))
    for path in (tmp_path, tmp_path / "a.txt", tmp_path / "none"):
        for _ in range(3):
            try:
                reading.read(path, Settings())
            except ReadError as error:
                assert str(error)
    time.sleep(0.2)
    assert len(list(opened.iterdir())) <= before
