"""The process that parses: what it may send, what it cannot do, and that it always ends."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from docx_parts import p, package
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_parts import page_of, pages_of

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import Block, Document, Place, Unread, UnreadKind
from pipeline.raw.readers import isolation, reading, refusals, text, wire
from pipeline.span import BlockKind, OffsetMap, Piece, Span

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "corpora" / "sample"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such thing")

# What stand-ins for the process that parses have at hand.
_TOOLS = f"""
import json, os, struct, sys, time
sys.path.insert(0, {str(ROOT)!r})
def part(): return sys.stdin.buffer.read(struct.unpack(">cI", sys.stdin.buffer.read(5))[1])
def raw(body):
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()
def send(kind, body): raw(struct.pack(">cI", kind, len(body)) + body)
def page(number, of=900): send(b"P", struct.pack(">II", number, of))
"""
# The real process, with another parser in it.
_REAL = """
from pipeline.raw.readers import child, reading
def parse(data, name, settings, progress, view):
    {}
reading.parse = parse
child.main()
"""


def answered(code: str, data: bytes = b"A visit.", **changed: float) -> str:
    """What comes of a stand-in: "read", or the name of the refusal."""
    limits = Settings.model_validate({"read_seconds": 20.0, **changed})
    command = [sys.executable, "-c", _TOOLS + textwrap.dedent(code)]
    try:
        isolation.parsed(data, "a.txt", limits, command=command)
    except ReadError as error:
        assert str(error) in vars(refusals).values()
        return refusals.code(str(error))
    return "read"


def real(body: str, memory: int = 2048) -> str:
    """What comes of the real process when its parser does this."""
    return answered(_REAL.format(body), read_memory_mb=memory)


_LOOP = "\nwhile True: "


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("", "FAILED"),
        ("sys.exit(3)", "FAILED"),
        ("raise ValueError('Mrs Xanthe Quirke')", "FAILED"),
        ("time.sleep(60)", "SLOW"),
        (_LOOP + "pass", "SLOW"),
        (_LOOP + "raw(bytes(65536))", "FAILED"),
        ("raw(b'Mrs Xanthe Quirke' * 9)", "FAILED"),
        ("raw(struct.pack('>cI', b'D', 2 ** 32 - 1)); time.sleep(60)", "FAILED"),
        ("raw(struct.pack('>cI', b'D', 99)); time.sleep(60)", "SLOW"),
        ("send(b'Z', b'')", "FAILED"),
        ("send(b'P', b'')", "FAILED"),
        (_LOOP + "page(1)", "FAILED"),
        ("for i in range(1, 5000): page(i, 4000)", "FAILED"),
        ("page(2, 1)", "FAILED"),
        ("send(b'E', b'Mrs Xanthe Quirke')", "FAILED"),
        ("send(b'E', b'Mrs Xanthe Quirke lived in the house at the end')", "FAILED"),
        ("send(b'E', b'\\xff\\xfe')", "FAILED"),
        ("send(b'E', b'__doc__')", "FAILED"),
        ("send(b'E', b'PDF_LOCKED')", "PDF_LOCKED"),
        ("page(1); page(2); send(b'E', b'EMPTY'); time.sleep(60)", "EMPTY"),
        ("send(b'D', b'')", "FAILED"),
        ("send(b'D', b'[' * 100000)", "FAILED"),
        ("import pickle; send(b'D', pickle.dumps({}))", "FAILED"),
    ],
)  # fmt: skip
def test_a_process_that_misbehaves_is_a_refusal(
    code: str, outcome: str, capfd: pytest.CaptureFixture[str]
) -> None:
    start = time.monotonic()
    assert answered(code, read_seconds=2.0 if outcome == "SLOW" else 20.0) == outcome
    assert time.monotonic() - start < 15
    shown = capfd.readouterr()
    assert shown.out + shown.err == ""


def test_each_page_gives_time_anew_up_to_the_total() -> None:
    drip = "for i in range(1, 900):\n    page(i)\n    time.sleep(0.3)"
    start = time.monotonic()
    assert answered(drip, read_seconds=2.0, read_total_seconds=4.0) == "SLOW"
    assert 3.5 <= time.monotonic() - start < 12


def test_a_process_that_takes_nothing_in_does_not_hold_the_program_up() -> None:
    assert answered("time.sleep(60)", b"word " * 2_000_000, read_seconds=1.0) == "SLOW"


_SENT = text.from_string("A visit was made.\n\nIt was late.", name="a")
_BODY = wire.encoded(_SENT).decode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"source_sha256"', '"other"'),
        (_SENT.source_sha256, "0" * 64),
        ('"pages": 1', '"pages": 0'),
        ('"pages": 1', '"pages": "1"'),
        ('"reader": "candour', '"reader": "Mrs Xanthe Quirke'),
        ('"media": "text/plain"', '"media": "Mrs Xanthe Quirke"'),
        ('"unread": []', '"unread": [{"id": "Xanthe", "what": "scan", "page": 1, "reason": "x"}]'),
        ('"unread": []', '"unread": [{"id": "scan-1-1", "what": "scan", "page": 1, '
         '"reason": "Mrs\\nQuirke"}]'),
        ('"uncertain": []', '"uncertain": [{"start": 0, "end": 9999}]'),
        ('"uncertain": []', '"uncertain": [{"start": 5, "end": 2}]'),
        ('"places": []', '"places": [{"start": 0, "length": 9999, "page": 1, "left": 0, '
         '"top": 0, "right": 0, "bottom": 0}]'),
        ('"kind": "paragraph"', '"kind": "footage"'),
        ("A visit was", "A visit Was"),
    ],
)  # fmt: skip
def test_a_document_that_does_not_fit_is_refused(old: str, new: str) -> None:
    data = b"A visit was made.\n\nIt was late."
    assert isolation._checked(_BODY.encode(), data) == _SENT
    assert old in _BODY
    changed = _BODY.replace(old, new, 1)
    with pytest.raises(ReadError) as caught:
        isolation._checked(changed.encode(), data)
    assert str(caught.value) == refusals.FAILED
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("raise MemoryError", "MEMORY"),
        ("raise RecursionError", "NESTED"),
        ("parse(data, name, settings, progress, view)", "NESTED"),
        ("raise ValueError('Mrs Xanthe Quirke')", "FAILED"),
        ("from pipeline.errors import ReadError; raise ReadError('Mrs Xanthe Quirke')", "FAILED"),
        ("import ctypes; ctypes.string_at(0)", "FAILED"),
        ("import os; os.write(1, b'x' * 99); os.write(2, b'x'); raise RecursionError", "NESTED"),
        ("import sys; print('x'); sys.stdin.read(); raise RecursionError", "NESTED"),
        pytest.param("bytearray(3_000_000_000)", "MEMORY", marks=posix),
        pytest.param("while True: data += data", "MEMORY", marks=posix),
        pytest.param("open('/dev/null', 'wb'); import tempfile; f = tempfile.TemporaryFile()\n"
                     "    while True: f.write(bytes(1_000_000))", "FAILED", marks=posix),
    ],
)  # fmt: skip
def test_what_a_parser_does_stays_in_its_process(body: str, outcome: str) -> None:
    assert real(body) == outcome


@posix
def test_the_process_has_limits_no_secrets_and_no_files_of_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("SOME_TOKEN", "secret")
    fits = (
        "import os, resource\n"
        "    limits = [resource.getrlimit(w)[0] for w in (resource.RLIMIT_CORE, "
        "resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]\n"
        "    assert limits == [0, 700 << 20, 128 << 20]\n"
        "    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == 3601\n"
        "    assert not {'CANDOUR_KEY_FILE', 'SOME_TOKEN'} & set(os.environ)\n"
        "    assert 'PATH' in os.environ and os.getpid() == os.getpgid(0)\n"
        "    assert len(os.listdir('/dev/fd')) < 9\n"
        "    raise RecursionError"
    )
    with (tmp_path / "held").open("wb") as held:
        os.set_inheritable(held.fileno(), False)
        assert real(fits, memory=700) == "NESTED"


def _gone(number: int) -> bool:
    """Whether a process has ended, within some seconds."""
    for _ in range(100):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{number}/status").exists():
            state = Path(f"/proc/{number}/status").read_text(encoding="utf-8")
            if "State:\tZ" in state:
                return True
        time.sleep(0.1)
    return False


@posix
@pytest.mark.parametrize("then", ["time.sleep(60)", "send(b'E', b'EMPTY')"])
def test_programs_that_the_process_started_end_with_it(then: str, tmp_path: Path) -> None:
    note = tmp_path / "number"
    code = (
        "import subprocess\n"
        f"p = subprocess.Popen(['sleep', '100']); open({str(note)!r}, 'w').write(str(p.pid))\n"
        f"{then}"
    )
    answered(code, read_seconds=2.0)
    assert _gone(int(note.read_text(encoding="utf-8")))


@posix
def test_the_process_ends_when_the_program_does(tmp_path: Path) -> None:
    note = tmp_path / "number"
    hang = _REAL.format(
        f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(100)"
    )
    code = (
        "from pipeline.config import Settings\n"
        "from pipeline.raw.readers import isolation\n"
        f"command = [sys.executable, '-c', {_TOOLS + hang!r}]\n"
        "isolation.parsed(b'x', 'a', Settings(), command=command)"
    )
    program = subprocess.Popen([sys.executable, "-c", _TOOLS + code])
    for _ in range(100):
        if note.exists() and note.read_text(encoding="utf-8"):
            break
        time.sleep(0.1)
    program.send_signal(signal.SIGKILL)
    program.wait()
    assert _gone(int(note.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "pipeline/raw/readers").glob("*.py")), ids=lambda path: path.stem
)
def test_readers_refuse_with_the_texts_that_can_cross(path: Path) -> None:
    raised = [
        ast.unparse(node.exc.args[0])
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and ast.unparse(node.exc.func) in ("ReadError", "UsageError")
    ]
    known = {f"refusals.{name}" for name in vars(refusals) if name.isupper()}
    parts = [set(re.split(r" if \w+ else ", text)) for text in raised]
    assert [text for text in parts if not text <= known | {"why"}] == []


@posix
def test_nothing_that_programs_write_stays_behind(tmp_path: Path) -> None:
    note = tmp_path / "place"
    code = (
        "import tempfile\n"
        "place = tempfile.mkdtemp(); open(place + '/report.doc', 'w').write('A visit.')\n"
        f"open({str(note)!r}, 'w').write(place); os.chmod(place, 0o500); time.sleep(60)"
    )
    assert answered(code, read_seconds=2.0) == "SLOW"
    place = Path(note.read_text(encoding="utf-8"))
    assert place.parent.name.startswith("candour-")
    assert not place.parent.exists()


def test_a_process_that_cannot_be_started_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="could not be started"):
        isolation.parsed(b"x", "a", Settings(), command=[str(tmp_path / "no program")])


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*-*.*")), ids=lambda path: path.name)
def test_what_is_read_is_what_the_parser_reads(path: Path) -> None:
    inside = reading.parse(path.read_bytes(), path.name, Settings(), None)
    assert reading.read(path, Settings()) == inside


def test_the_program_is_found_from_any_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit", encoding="utf-8")
    (tmp_path / "pipeline").mkdir()
    monkeypatch.chdir(tmp_path)
    assert reading.read_bytes(b"A visit.", "a.txt", Settings()).text == "A visit."


def test_pages_are_told_as_they_are_read() -> None:
    told: list[tuple[int, int]] = []
    reading.read_bytes(pages_of(3), "a.pdf", Settings(), lambda *page: told.append(page))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_process_loads_nothing_that_it_does_not_need() -> None:
    heavy = ("pydantic", "pdfplumber", "lxml", "numpy", "typer")
    code = (
        "import sys; from pipeline.raw.readers import child, reading; "
        "from types import SimpleNamespace; import json; "
        "s = SimpleNamespace(**json.loads(sys.argv[1])); "
        "reading.parse(sys.stdin.buffer.read(), 'a.pdf', s, None); "
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    words = [sys.executable, "-c", code, Settings().model_dump_json()]
    done = subprocess.run(words, input=page_of(), capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == b"[]"


_WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with something in every field."""
    words = draw(_WORDS)
    whole = Span(0, len(words))
    cells = st.lists(st.sampled_from([None, whole]), max_size=3).map(tuple)
    block = Block(draw(st.sampled_from([BlockKind.TABLE, BlockKind.HEADING])), words, 1, whole,
                  draw(st.none() | _WORDS), draw(st.none() | st.integers(1, 6)),
                  tuple(draw(st.lists(cells, max_size=3))))  # fmt: skip
    outside = Block(BlockKind.FURNITURE, draw(_WORDS), 2, None)
    unread = Unread("scan-1-1", draw(st.sampled_from(UnreadKind)), 1, "A scan.", whole)
    place = Place(0, len(words), 1, *(draw(_NUMBERS) for _ in range(4)))
    source = draw(st.none() | st.just(words))
    origins = None if source is None else OffsetMap((Piece(0, 0, len(words)),))
    return Document("00", "a/b", "r", 2, words, (block, outside), (unread,), (draw(_WORDS),),
                    source, origins, (place,), (whole,))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(documents())
def test_a_document_comes_through_as_it_was(document: Document) -> None:
    sent = wire.encoded(document)
    assert isolation._adapter().validate_json(sent, strict=True) == document


def test_what_no_file_can_hold_is_replaced_or_refused() -> None:
    odd = Block(BlockKind.FURNITURE, "a\ud800b", 1, None)
    sent = wire.encoded(Document("00", "a/b", "r", 1, "", (odd,)))
    assert "a\ufffdb" in sent.decode()
    place = Place(0, 1, 1, float("nan"), 0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="JSON"):
        wire.encoded(Document("00", "a/b", "r", 1, "x", (), places=(place,)))


def test_a_text_in_another_language_is_told_within_the_limits() -> None:
    # The library's model is unpacked to a file: the limit on files that are written must allow it.
    said = "Roedd y nyrs wedi ymweld â'r teulu ddwywaith yn ystod y gaeaf heb weld y plentyn. " * 3
    read = reading.read_bytes(said.encode(), "a.txt", Settings())
    assert [line.what for line in read.unread] == [UnreadKind.LANGUAGE]


def test_a_word_file_in_another_language_is_told_within_the_limits() -> None:
    said = "Roedd y nyrs wedi ymweld â'r teulu ddwywaith yn ystod y gaeaf heb weld y plentyn. " * 3
    read = reading.read_bytes(package(p(said)), "a.docx", Settings())
    assert [line.what for line in read.unread] == [UnreadKind.LANGUAGE]
