"""Pages drawn with what was read of them outlined: what is shown, and what is taken for one."""

from __future__ import annotations

import io
import struct
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest
from pdf_parts import page_of, pages_of
from test_cli import Candour, candour
from test_isolation import _TOOLS

from pipeline.config import Settings
from pipeline.errors import ReadError, UsageError
from pipeline.raw.document import Place
from pipeline.raw.readers import drawing, isolation, pdf, png, reading, refusals, wire
from pipeline.span import BlockKind

image = pytest.importorskip("PIL.Image")
canvas = pytest.importorskip("reportlab.pdfgen.canvas")
tables = pytest.importorskip("reportlab.platypus.tables")

__all__ = ["candour"]
ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "corpora" / "sample" / "04-scr-kirsty.pdf"
_HEAD = "1 What happened in the winter"
_LEFT, _STRIP, _SCALE = 76, 22, 110 / 72
_COLOURS = {kind: colour for kind, (_, colour) in drawing._KINDS.items()}


def report(pages: int = 1) -> bytes:
    """A heading, a paragraph, a table and a running foot on each page."""
    made = io.BytesIO()
    sheet = canvas.Canvas(made, pagesize=(595, 842))
    for number in range(1, pages + 1):
        sheet.setFont("Helvetica-Bold", 18)
        sheet.drawString(72, 742, _HEAD)
        sheet.setFont("Helvetica", 11)
        sheet.drawString(72, 700, "1.1 The nurse saw the child at home and told the school so.")
        grid = tables.Table([["Date", "Event"], ["May 2015", "A visit"]], colWidths=[120, 200])
        grid.setStyle([("GRID", (0, 0), (-1, -1), 1, (0, 0, 0))])
        grid.wrapOn(sheet, 400, 400)
        grid.drawOn(sheet, 72, 600)
        sheet.setFont("Helvetica", 8)
        sheet.drawString(72, 30, f"Page {number} of {pages}")
        sheet.showPage()
    sheet.save()
    return made.getvalue()


def drawn(data: bytes) -> list[bytes]:
    made: dict[int, bytes] = {}
    reading.drawn(
        data, "report.pdf", Settings(), lambda page, picture: made.update({page: picture})
    )
    assert list(made) == list(range(1, len(made) + 1))
    return list(made.values())


def colours(picture: bytes, box: tuple[float, float, float, float]) -> Counter[tuple[int, ...]]:
    """The colours in a box of the page, in points from its left and top edge."""
    shown = image.open(io.BytesIO(picture))
    left, top, right, bottom = (_SCALE * edge for edge in box)
    part = shown.crop((_LEFT + left, _STRIP + top, _LEFT + right, _STRIP + bottom))
    raw = part.tobytes()
    return Counter(zip(raw[::3], raw[1::3], raw[2::3], strict=True))


@pytest.mark.parametrize(
    ("kind", "box"),
    [
        (BlockKind.HEADING, (66, 80, 340, 108)),
        (BlockKind.PARAGRAPH, (66, 128, 400, 148)),
        (BlockKind.TABLE, (66, 200, 400, 250)),
        (BlockKind.FURNITURE, (66, 800, 200, 818)),
    ],
)
def test_each_block_is_outlined_where_it_stands_in_the_colour_of_its_kind(
    kind: BlockKind, box: tuple[float, float, float, float]
) -> None:
    first, *_ = drawn(report(3))
    found = colours(first, box)
    assert found[_COLOURS[kind]] > 100
    # The edges of black letters are as grey as furniture.
    others = {c for k, c in _COLOURS.items() if k not in (kind, BlockKind.FURNITURE)}
    assert not others & set(found)


def test_a_page_is_drawn_whole_with_room_beside_it_for_what_is_said_of_it() -> None:
    (picture,) = drawn(report())
    wide, high = image.open(io.BytesIO(picture)).size
    assert wide == pytest.approx(595 * _SCALE + 88, abs=2)
    assert high == pytest.approx(842 * _SCALE + 2 * _STRIP, abs=_STRIP + 2)
    assert png.is_plain(picture)


def test_outlines_say_the_order_the_kind_and_the_number_and_cells_stand_apart() -> None:
    document = pdf.read(report(2), Settings())
    found = list(drawing.outlines(document))
    labels = [o.label for o in found if o.page == 1 and not o.cell]
    assert labels == ["1 H1 1", "2 P 1.1", "3 T", "F"]
    date, event, *_ = (o.box for o in found if o.cell)
    assert date[2] < 192 <= event[0]
    assert event[2] < 240
    places = document.places
    assert all(p.right - p.left < 130 for p in places if "May" in _text(document.text, p))


def _text(text: str, place: Place) -> str:
    return text[place.start : place.start + place.length]


def test_a_page_with_something_unread_says_so_in_red_above_it() -> None:
    note = b"<< /Type /Annot /Subtype /Text /Rect [100 600 120 620] /Contents (Ask her.) >>"
    odd = drawn(page_of(page=b"/Annots [6 0 R]", objects=(note,)))
    plain = drawn(page_of())
    red = [image.open(io.BytesIO(made[0])).getpixel((2, 2)) for made in (odd, plain)]
    assert red == [drawing._RED, drawing._GREY]


@pytest.mark.parametrize("box", [b"0 0 14400 14400", b"0 0 3 3", b"0 0 14400 3"])
def test_pages_of_any_size_are_drawn(box: bytes) -> None:
    data = pages_of(1).replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [" + box + b"]")
    document = pdf.read(pages_of(1), Settings())
    made: list[bytes] = []
    drawing.pages(data, document, lambda page, pages, picture: made.append(picture))
    assert [png.is_plain(picture) for picture in made] == [True]


# -- the command ----------------------------------------------------------------------------------


def test_the_command_writes_a_picture_a_page_and_nothing_else(
    candour: Candour, tmp_path: Path
) -> None:
    folder = tmp_path / "looked at"
    done = candour("read", SAMPLE, "--boxes", folder)
    assert (done.code, done.out) == (0, "")
    assert [p.name for p in sorted(folder.iterdir())] == [f"page-00{k}.png" for k in range(1, 8)]
    assert "7 pages" in done.err
    assert "whole report" in done.err
    if sys.platform != "win32":
        assert {p.stat().st_mode & 0o077 for p in (folder, *folder.iterdir())} == {0}


def test_several_files_have_folders_of_their_own_in_the_order_given(
    candour: Candour, tmp_path: Path
) -> None:
    one, text = tmp_path / "mary-alder.pdf", tmp_path / "mary-alder.txt"
    one.write_bytes(report(2))
    text.write_text("1.1 A visit was made.", encoding="utf-8")
    folder = tmp_path / "boxes"
    done = candour("read", one, text, one, "--boxes", folder)
    assert (done.code, done.out) == (8, "")
    names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*.png"))]
    assert names == ["1/page-001.png", "1/page-002.png", "3/page-001.png", "3/page-002.png"]
    assert refusals.USAGE_NO_PAGES in done.err


def test_pictures_of_an_earlier_file_are_written_over_or_told_of_and_others_stay(
    candour: Candour, tmp_path: Path
) -> None:
    folder = tmp_path / "boxes"
    folder.mkdir()
    for name in ("page-001.png", "page-004.png", "notes.txt"):
        (folder / name).write_text("old", encoding="utf-8")
    (tmp_path / "a.pdf").write_bytes(report())
    done = candour("read", tmp_path / "a.pdf", "--boxes", folder)
    assert "1 pictures of pages that this file does not have" in done.err
    assert sorted(p.name for p in folder.iterdir()) == ["notes.txt", "page-001.png", "page-004.png"]
    assert png.is_plain((folder / "page-001.png").read_bytes())
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "old"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_in_the_folder_leads_nothing_out_of_it(candour: Candour, tmp_path: Path) -> None:
    folder, other = tmp_path / "boxes", tmp_path / "other"
    folder.mkdir()
    other.write_text("mine", encoding="utf-8")
    (folder / "page-001.png").symlink_to(other)
    (folder / "page-001.part").symlink_to(other)
    (tmp_path / "a.pdf").write_bytes(report())
    assert candour("read", tmp_path / "a.pdf", "--boxes", folder).code == 0
    assert other.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["02-scr-child-m.docx", "03-sar-norman.txt"])
def test_what_has_no_pages_is_refused_and_leaves_no_folder(
    name: str, candour: Candour, tmp_path: Path
) -> None:
    done = candour("read", SAMPLE.parent / name, "--boxes", tmp_path / "boxes")
    assert (done.code, done.out) == (2, "")
    assert "Only a PDF has pages" in done.err
    assert not (tmp_path / "boxes").exists()


def test_pictures_and_facts_are_not_asked_for_together(candour: Candour, tmp_path: Path) -> None:
    assert candour("read", SAMPLE, "--boxes", tmp_path / "b", "--facts").code == 2


# -- the process that draws -----------------------------------------------------------------------

_DOTS = image.new("RGB", (9, 9), (255, 255, 255))
_MADE = io.BytesIO()
_DOTS.save(_MADE, "PNG")
_PLAIN = _MADE.getvalue()
_SEND = f"""
plain = {_PLAIN!r}
def picture(number, of=9, body=plain): send(b"I", struct.pack(">II", number, of) + body)
"""


def answered(code: str, *, draws: bool = True) -> str:
    """The name of the refusal that a stand-in for the process ends in."""
    command = [sys.executable, "-c", _TOOLS + _SEND + code]
    limits = Settings.model_validate({"read_seconds": 2.0})
    kept: list[bytes] = []
    keep = (lambda page, made: kept.append(made)) if draws else None
    with pytest.raises(ReadError) as caught:
        isolation.parsed(b"x", "a.pdf", limits, keep=keep, command=command)
    assert all(made == _PLAIN for made in kept)
    assert caught.value.__cause__ is None
    return refusals.code(str(caught.value))


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("picture(1); time.sleep(60)", "SLOW"),
        ("picture(1); picture(1); time.sleep(60)", "FAILED"),
        ("picture(2, 1); time.sleep(60)", "FAILED"),
        ("picture(1, 10**6); time.sleep(60)", "FAILED"),
        ("send(b'I', b'1234'); time.sleep(60)", "FAILED"),
        ("send(b'I', b''); time.sleep(60)", "FAILED"),
        ("picture(1, body=b'<svg/>'); time.sleep(60)", "FAILED"),
        ("picture(1, body=plain + b'x'); time.sleep(60)", "FAILED"),
        ("picture(1); send(b'E', b'PDF_LOCKED')", "PDF_LOCKED"),
        ("\nwhile True: picture(1)", "FAILED"),
        ("raw(struct.pack('>cI', b'I', 2 ** 31)); time.sleep(60)", "FAILED"),
    ],
)
def test_a_process_that_draws_what_it_should_not_is_a_refusal(code: str, outcome: str) -> None:
    start = time.monotonic()
    assert answered(code) == outcome
    assert time.monotonic() - start < 15


def test_a_picture_that_nobody_asked_for_is_a_refusal() -> None:
    assert answered("picture(1); time.sleep(60)", draws=False) == "FAILED"


def test_a_process_that_draws_fewer_pages_than_there_are_is_a_refusal() -> None:
    data = report(2)
    sent = wire.encoded(pdf.read(data, Settings(), name="a"))
    code = f"picture(1); send(b'D', {sent!r})"
    command = [sys.executable, "-c", _TOOLS + _SEND + code]
    with pytest.raises(ReadError, match="made the reader fail"):
        isolation.parsed(data, "a.pdf", Settings(), keep=lambda *_: None, command=command)


def test_a_file_without_pages_never_starts_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "parsed", None)
    with pytest.raises(UsageError):
        reading.drawn(b"A visit.", "a.txt", Settings(), lambda *_: None)


def _png(*parts: tuple[bytes, bytes]) -> bytes:
    made = b"\x89PNG\r\n\x1a\n"
    for kind, body in parts:
        made += (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )
    return made


def _head(wide: int, high: int, *rest: int) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", wide, high, *(rest or (8, 2, 0, 0, 0)))


_END = (b"IEND", b"")
_ROWS = (b"IDAT", zlib.compress(bytes(14)))


@pytest.mark.parametrize(
    ("made", "plain"),
    [
        (_png(_head(2, 2), _ROWS, _END), True),
        (_PLAIN, True),
        (_png(_head(2, 2), _ROWS, _END) + b"x", False),
        (_png(_head(2, 2), _ROWS), False),
        (_png(_head(2, 2), _END), False),
        (_png(_head(2, 2), (b"tEXt", b"a\0b"), _ROWS, _END), False),
        (_png(_head(2, 3), _ROWS, _END), False),
        (_png(_head(2, 2, 8, 6, 0, 0, 0), _ROWS, _END), False),
        (_png(_head(0, 2), _ROWS, _END), False),
        (_png(_head(90_000, 90_000), _ROWS, _END), False),
        (_png(_head(2, 2), (b"IDAT", zlib.compress(bytes(50_000_000))), _END), False),
        (_png(_head(2, 2), (b"IDAT", b"no"), _END), False),
        (_png(_head(2, 2), (b"IDAT", _ROWS[1] + b"x"), _END), False),
        (_png(_head(2, 2), _ROWS, _END).replace(b"IDAT", b"IDAX"), False),
        (_PLAIN[:-6], False),
        (b"GIF89a", False),
    ],
)  # fmt: skip
def test_only_plain_whole_pictures_are_taken(made: bytes, plain: bool) -> None:
    assert png.is_plain(made) is plain


# -- what looking brought to light ----------------------------------------------------------------


def _page(*lines: tuple[float, float, str]) -> bytes:
    made = io.BytesIO()
    sheet = canvas.Canvas(made, pagesize=(595, 842))
    for left, top, text in lines:
        sheet.setFont("Helvetica", 11)
        sheet.drawString(left, 842 - top, text)
    sheet.save()
    return made.getvalue()


_ABOVE = (72, 100, "1.1 The nurse asked the family how they were.")
_LATE = ((72, 200, "1.2 The school was told of it in the spring."), (72, 240, "1.3 It wrote back."))
_BELOW = (72, 300, "1.4 The panel met again in the autumn.")
_FOOT = (72, 400, "1.5 The report was written after that.")


@pytest.mark.parametrize(
    "lines",
    [
        (_ABOVE, *_LATE, _BELOW, _FOOT),
        (_ABOVE, _BELOW, *_LATE, _FOOT),
        (_ABOVE, _BELOW, _FOOT, *_LATE),
        (_BELOW, _FOOT, _ABOVE, *_LATE),
    ],
)
def test_what_was_drawn_late_is_read_where_it_stands(
    lines: tuple[tuple[float, float, str], ...],
) -> None:
    document = pdf.read(_page(*lines), Settings())
    assert [b.number for b in document.blocks] == ["1.1", "1.2", "1.3", "1.4", "1.5"]


def test_what_stands_beside_other_text_stays_where_it_was_drawn() -> None:
    left = [(72.0, 100.0 + 40 * k, f"Left {k} alone") for k in range(5)]
    right = [(330.0, 120.0 + 40 * k, f"Right {k} alone") for k in range(5)]
    document = pdf.read(_page(*left, *right), Settings())
    assert [b.text for b in document.blocks] == [text for *_, text in (*left, *right)]


@pytest.mark.parametrize("leader", ["....................", " .................... ", "……… "])
def test_a_list_of_contents_counts_for_no_run_of_numbers(leader: str) -> None:
    entries = [(72.0, 80.0 + 20 * k, f"{k} Title {leader}{k + 2}") for k in range(1, 16)]
    text = [(72.0, 500.0 + 40 * k, f"{k} The nurse was told of it.") for k in range(1, 6)]
    document = pdf.read(_page(*entries, *text), Settings())
    assert [b.number for b in document.blocks[-5:]] == ["1", "2", "3", "4", "5"]
