"""Scans: pages that are pictures are read where Tesseract is installed, and say so."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Sequence

import pypdfium2 as pdfium
import pytest

from pipeline.config import Settings
from pipeline.errors import ReadError, UsageError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import ocr, pdf, picture, scan, scan_tables
from pipeline.span import BlockKind

canvas = pytest.importorskip("reportlab.pdfgen.canvas")
image = pytest.importorskip("PIL.Image")
readers = pytest.importorskip("reportlab.lib.utils")
np = pytest.importorskip("numpy")

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="Tesseract is not installed: scans are not read"
)
OFF = Settings(ocr="off")
_WIDE, _HIGH = 595.0, 842.0
Draw = Callable[[object], None]


def page_of(draw: Draw) -> bytes:
    """One A4 page as a PDF."""
    made = io.BytesIO()
    sheet = canvas.Canvas(made, pagesize=(_WIDE, _HIGH))
    draw(sheet)
    sheet.showPage()
    sheet.save()
    return made.getvalue()


def pictured(data: bytes, dpi: int = 200) -> object:
    """The first page of a PDF as a picture."""
    return pdfium.PdfDocument(data)[0].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")


def scanned(picture_of_page: object, draw: Draw | None = None, size: float = 1.0) -> bytes:
    """A PDF of one page that is this picture, with what is drawn over it."""

    def both(sheet: object) -> None:
        shown = readers.ImageReader(picture_of_page)
        sheet.drawImage(shown, 0, 0, _WIDE * size, _HIGH * size)  # type: ignore[attr-defined]
        if draw is not None:
            draw(sheet)

    return page_of(both)


def lines(*texts: tuple[float, float, str], font: str = "Helvetica", size: float = 11) -> Draw:
    def draw(sheet: object) -> None:
        for left, top, text in texts:
            sheet.setFont(font, size)  # type: ignore[attr-defined]
            sheet.drawString(left, _HIGH - top, text)  # type: ignore[attr-defined]

    return draw


def report(sheet: object) -> None:
    """A heading, two numbered paragraphs, bullets and a ruled table."""
    lines((72, 80, "3. What happened"), font="Helvetica-Bold", size=14)(sheet)
    lines(
        (72, 110, "3.1 Karen Quillarn told the health visitor that she had not slept for a week"),
        (72, 125, "and that nobody had rung her back since the meeting at the school in May."),
        (72, 150, "3.2 The school nurse, Osian Llewellyn, wrote to the surgery on 12 May 2014."),
        (90, 175, "• The letter was not answered."),
        (90, 195, "• The next letter was sent to another address."),
    )(sheet)
    grid = ((72, 230), (160, 230), (500, 230))
    for row, (day, said) in enumerate(
        [("Date", "What was recorded"), ("15.03.", "A visit to the house was"), ("", "")]
    ):
        lines((76, 245 + 34 * row, day), (164, 245 + 34 * row, said), size=10)(sheet)
    lines((76, 292, "2014"), (164, 292, "missed by both workers."), size=10)(sheet)
    lines((76, 313, "17.03.2014"), (164, 313, "The police were called."), size=10)(sheet)
    for x, top in (*grid, (500, 230)):
        sheet.line(x, _HIGH - top, x, _HIGH - 332)  # type: ignore[attr-defined]
    for top in (230, 264, 298, 332):
        sheet.line(72, _HIGH - top, 500, _HIGH - top)  # type: ignore[attr-defined]


def read(data: bytes, settings: Settings | None = None) -> Document:
    return pdf.read(data, settings or Settings())


def listed(document: Document) -> list[tuple[UnreadKind, int | None, str]]:
    return [(one.what, one.page, one.reason) for one in document.unread]


def said(document: Document, kind: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if block.kind is kind]


@pytest.fixture(scope="module")
def clean() -> Document:
    return read(scanned(pictured(page_of(report))))


@needs_tesseract
def test_a_scan_comes_back_as_the_report_was_laid_out(clean: Document) -> None:
    assert said(clean, BlockKind.HEADING) == ["3. What happened"]
    assert said(clean, BlockKind.PARAGRAPH) == [
        "3.1 Karen Quillarn told the health visitor that she had not slept for a week and that "
        "nobody had rung her back since the meeting at the school in May.",
        "3.2 The school nurse, Osian Llewellyn, wrote to the surgery on 12 May 2014.",
    ]
    assert said(clean, BlockKind.BULLET) == [
        "• The letter was not answered.",
        "• The next letter was sent to another address.",
    ]


@needs_tesseract
def test_a_ruled_table_of_a_scan_keeps_its_cells(clean: Document) -> None:
    table = next(block for block in clean.blocks if block.kind is BlockKind.TABLE)
    cells = [["" if c is None else c.of(clean.text) for c in row] for row in table.rows]
    assert cells == [
        ["Date", "What was recorded"],
        ["15.03. 2014", "A visit to the house was missed by both workers."],
        ["17.03.2014", "The police were called."],
    ]


@needs_tesseract
def test_all_that_was_recognised_is_uncertain_and_blocks_once(clean: Document) -> None:
    assert listed(clean) == [(UnreadKind.SCAN, 1, scan.RECOGNISED)]
    unsure = "".join(span.of(clean.text) for span in clean.uncertain)
    assert "".join(unsure.split()) == "".join(clean.text.split())
    assert ocr.version() in clean.reader
    assert "tesseract-5" in clean.reader or "tesseract-4" in clean.reader


@needs_tesseract
@pytest.mark.parametrize("degrees", [1.2, 90, 180])
def test_pages_that_lie_askew_or_on_their_side_are_read(degrees: float) -> None:
    original = pictured(page_of(report))
    turned = original.rotate(degrees, expand=True, fillcolor=255)  # type: ignore[attr-defined]
    document = read(scanned(turned))
    assert "Karen Quillarn told the health visitor" in document.text
    assert said(document, BlockKind.TABLE)


@needs_tesseract
def test_a_page_as_large_as_its_dots_is_read_in_time() -> None:
    made = io.BytesIO()
    sheet = canvas.Canvas(made, pagesize=(1654, 2339))
    shown = readers.ImageReader(pictured(page_of(report)))
    sheet.drawImage(shown, 0, 0, 1654, 2339)
    sheet.save()
    assert "Karen Quillarn told" in read(made.getvalue()).text


@needs_tesseract
def test_a_stamp_at_the_edge_of_a_scan_is_kept_as_it_is() -> None:
    stamp = lines((72, 30, "OFFICIAL SENSITIVE Case file 4711 of the partnership"))
    document = read(scanned(pictured(page_of(report)), stamp))
    assert "Case file 4711" in document.text
    assert "Karen Quillarn" in document.text
    certain = document.text.index("OFFICIAL")
    assert not any(span.start <= certain < span.end for span in document.uncertain)


@needs_tesseract
def test_a_page_that_is_no_text_gives_none() -> None:
    page = np.full((1169, 827), 255, dtype="uint8")
    page[300:500, 200:500] = np.random.default_rng(3).normal(128, 60, (200, 300)).clip(0, 255)
    noise = image.fromarray(page)
    with pytest.raises(ReadError, match="better scan"):
        read(scanned(noise))


@needs_tesseract
def test_a_page_that_takes_too_long_is_not_read_and_listed() -> None:
    both = pdfium.PdfDocument.new()
    for data in (page_of(lines((72, 80, "This page has words enough."))),
                 scanned(pictured(page_of(report)))):  # fmt: skip
        both.import_pages(pdfium.PdfDocument(data))
    made = io.BytesIO()
    both.save(made)
    document = read(made.getvalue(), Settings(ocr_page_seconds=0.01))
    assert listed(document) == [(UnreadKind.LITTLE_TEXT, 2, scan.LATE)]
    assert document.text == "This page has words enough."


@needs_tesseract
def test_a_language_that_is_not_installed_is_refused() -> None:
    with pytest.raises(UsageError):
        read(scanned(pictured(page_of(report))), Settings(ocr_languages="eng+xyz"))


@pytest.mark.parametrize("languages", ["eng --psm 0", "-l", "eng+", "../eng", ""])
def test_languages_are_names_and_nothing_else(languages: str) -> None:
    with pytest.raises(ValueError, match="ocr_languages"):
        Settings(ocr_languages=languages)


def _without_program(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("PATH", "")
    return Settings()


@pytest.mark.parametrize("off", [True, False])
def test_without_the_program_scans_are_not_read(off: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = OFF if off else _without_program(monkeypatch)
    data = scanned(pictured(page_of(report)))
    with pytest.raises(ReadError, match="Install Tesseract"):
        read(data, settings)
    some = lines((72, 820, "Page 12"))
    document = read(scanned(pictured(page_of(report)), some), settings)
    assert [one.what for one in document.unread] == [UnreadKind.LITTLE_TEXT, UnreadKind.PICTURE]
    assert document.uncertain == ()


def _hidden(texts: Sequence[str]) -> Draw:
    def draw(sheet: object) -> None:
        text = sheet.beginText(72, _HIGH - 80)  # type: ignore[attr-defined]
        text.setTextRenderMode(3)
        text.setFont("Helvetica", 11)
        for line in texts:
            text.textLine(line)
        sheet.drawText(text)  # type: ignore[attr-defined]

    return draw


LAYER = ("Karen Quillam told the health visitor that she had", "not slept for a week.")


def test_the_text_behind_a_scan_is_kept_as_uncertain_and_listed_once() -> None:
    document = read(scanned(pictured(page_of(report)), _hidden(LAYER)), OFF)
    assert document.text == " ".join(LAYER)
    assert listed(document) == [(UnreadKind.SCAN, 1, scan.LAYER)]
    assert [span.of(document.text) for span in document.uncertain] == [document.text]


def test_hidden_text_without_a_picture_stays_hidden_text() -> None:
    document = read(page_of(_hidden(LAYER)), OFF)
    assert UnreadKind.HIDDEN_TEXT in [one.what for one in document.unread]
    assert document.uncertain == ()
    small = read(scanned(pictured(page_of(report), 20), _hidden(LAYER), 0.2), OFF)
    assert UnreadKind.HIDDEN_TEXT in [one.what for one in small.unread]


def test_a_blank_page_is_not_listed_and_a_drawing_is() -> None:
    def pages(sheet: object) -> None:
        lines((72, 80, "This page has words enough."))(sheet)
        sheet.showPage()  # type: ignore[attr-defined]
        sheet.showPage()  # type: ignore[attr-defined]
        sheet.rect(100, 100, 200, 300)  # type: ignore[attr-defined]

    document = read(page_of(pages), OFF)
    assert [(one.what, one.page) for one in document.unread] == [(UnreadKind.LITTLE_TEXT, 3)]


def test_straightening_levels_what_is_askew_and_leaves_what_is_level() -> None:
    level = np.array(pictured(page_of(report)))
    askew = np.array(pictured(page_of(report)).rotate(1.5, fillcolor=255))  # type: ignore[attr-defined]
    assert picture.straightened(level) is level
    for drawn, straight in ((level, True), (askew, False)):
        assert bool(scan_tables.tables(picture.rules(drawn))) is straight
        (table,) = scan_tables.tables(picture.rules(picture.straightened(drawn)))
        assert [len(row) for row in table.rows] == [2, 2, 2]
