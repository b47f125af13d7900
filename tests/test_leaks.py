"""Canaries: names planted in documents that must come out nowhere, whatever command runs."""

from __future__ import annotations

import io
import json
import logging
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.app import app, main

FIRST, LAST, STREET = "Zephyrine", "Quillfeather", "Larkspur Cutting"
CANARIES = (FIRST, LAST, "Larkspur", "QUILLFEATHER", "0161 496 0733", "485 777 3456")
REPORT = f"""Harrowmere Safeguarding Children Board

SERIOUS CASE REVIEW: Child Q

Published 2012

1. Introduction

1.1 {FIRST} {LAST} was born on 4 March 2009 and lived at 12 {STREET}, Harrowmere HX3 9QB with her
mother, Mrs {LAST}. Her NHS number was 485 777 3456 and the home telephone was 0161 496 0733.

1.2 {FIRST}'s mother told the health visitor that she was afraid. {LAST.upper()}, {FIRST[0]}. was
written on the referral. The school did not know.

2. Lessons learned

2.1 Information about domestic abuse was not shared between the police and the school, and
professionals should have shared what they knew about {FIRST}.

3. Recommendations

3.1 The Board should ensure that agencies share information about domestic abuse promptly.
"""


@pytest.fixture
def debug_log() -> Iterator[io.StringIO]:
    """Everything that any library logs, at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace's folder and a key outside it."""
    monkeypatch.setenv("CANDOUR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return tmp_path / "home"


def ran(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def canaries_in(content: bytes) -> list[str]:
    text = content.decode("utf-8", "replace").casefold()
    return [canary for canary in CANARIES if canary.casefold() in text]


def told(result: Result) -> bytes:
    """All that a command said, and the text of the error it ended in."""
    ended = result.exception
    error = "" if ended is None or isinstance(ended, SystemExit) else f"{ended!r} {ended}"
    return (result.output + error).encode()


def test_no_canary_comes_out_of_any_command(
    home: Path, tmp_path: Path, debug_log: io.StringIO
) -> None:
    report = tmp_path / "review.txt"
    report.write_text(REPORT, encoding="utf-8")
    commands = [
        ["detect", str(report), "--profile", "public"],
        ["draft", str(report), "--out", str(tmp_path / "drafts")],
        ["init"],
        ["user", "add", "jo", "--duty", "reviewer"],
        ["ingest", str(report), "--format", "jsonl"],
        ["ingest", str(report), "--format", "jsonl"],
        ["register", "--format", "jsonl"],
        ["learn", "--include-drafts", "--format", "jsonl"],
        ["passages", "--include-drafts", "--format", "jsonl"],
        ["lessons", "--include-drafts", "--format", "csv"],
        ["search", "information was not shared", "--include-drafts", "--format", "jsonl"],
        ["search", LAST.lower() + " OR", "--include-drafts"],
    ]
    said = {" ".join(words): told(ran(*words)) for words in commands}
    said.pop(" ".join(commands[-1]))  # the query itself is the user's own
    assert {command: canaries_in(output) for command, output in said.items()} == {
        command: [] for command in said
    }
    drafts = list((tmp_path / "drafts").iterdir())
    assert drafts
    written = [*drafts, *(path for path in home.rglob("*") if path.is_file())]
    assert {path.name: canaries_in(path.read_bytes()) for path in written} == {
        path.name: [] for path in written
    }
    assert canaries_in(debug_log.getvalue().encode()) == []


def test_what_stays_is_worth_reading(tmp_path: Path) -> None:
    report = tmp_path / "review.txt"
    report.write_text(REPORT, encoding="utf-8")
    assert ran("draft", str(report), "--out", str(tmp_path / "drafts")).exit_code == 0
    draft = (tmp_path / "drafts" / "review.draft.txt").read_text(encoding="utf-8")
    for kept in (
        "Child Q",
        "health visitor",
        "Information about domestic abuse was not shared between the police and the school",
        "3.1 The Board should ensure that agencies share information",
    ):
        assert kept in draft


def damaged_word_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", f"<w:document>{FIRST} {LAST}")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("damaged.pdf", b"%PDF-1.7\n" + REPORT.encode()[:200]),
        ("damaged.docx", damaged_word_file()),
        ("old.doc", bytes.fromhex("d0cf11e0a1b11ae1") + REPORT.encode()),
        ("binary.txt", bytes(range(256)) * 4 + LAST.encode()),
    ],
)
def test_an_error_says_what_to_do_and_no_word_of_the_document(
    tmp_path: Path,
    name: str,
    content: bytes,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    monkeypatch.setattr("sys.argv", ["candour", "draft", str(path), "--out", str(tmp_path / "d")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    output = "".join(capfd.readouterr())
    assert canaries_in(output.encode()) == []
    assert "candour:" in output


def test_the_row_of_a_bad_file_among_good_ones_names_its_code(home: Path, tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    for number in range(3):
        text = REPORT.replace("2012", str(2012 + number))
        (incoming / f"{number}.txt").write_text(text, encoding="utf-8")
    (incoming / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert ran("init").exit_code == 0
    result = ran("ingest", str(incoming), "--format", "jsonl")
    rows = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert sorted(int(row["code"]) for row in rows) == [0, 0, 0, 3]
    assert result.exit_code != 0
    assert os.environ["CANDOUR_HOME"] == str(home)
