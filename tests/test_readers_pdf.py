"""PDFs, made here: lines become the report's own paragraphs again, and nothing goes unsaid."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable, Sequence

import pytest

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import docx, pdf
from pipeline.span import BlockKind

canvas = pytest.importorskip("reportlab.pdfgen.canvas")
platypus = pytest.importorskip("reportlab.platypus")
styles = pytest.importorskip("reportlab.lib.styles")
colors = pytest.importorskip("reportlab.lib.colors")

_HIGH = 842.0
Drawn = tuple[float, float, str]
Truth = list[tuple[BlockKind, str]]


def drawn(*pages: Sequence[Drawn], font: str = "Helvetica", size: float = 11) -> bytes:
    """A PDF with these texts at (left, from the top) of its A4 pages."""
    made = io.BytesIO()
    sheet = canvas.Canvas(made, pageCompression=0)
    for page in pages:
        for left, top, text in page:
            sheet.setFont(font, size)
            sheet.drawString(left, _HIGH - top, text)
        sheet.showPage()
    sheet.save()
    return made.getvalue()


def on_canvas(draw: Callable[[object], None], **options: object) -> bytes:
    made = io.BytesIO()
    sheet = canvas.Canvas(made, **options)
    draw(sheet)
    sheet.save()
    return made.getvalue()


def read(data: bytes) -> Document:
    return pdf.read(data, Settings(), name="Case of K")


def said(document: Document, kind: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if block.kind is kind]


def listed(document: Document) -> list[UnreadKind]:
    return [thing.what for thing in document.unread]


_WORDS = (
    "the nurse saw child at home and told social worker that mother had not been seen by midwife "
    "before visit while father was working away from family house safeguarding multi-agency "
    "partnership review information sharing assessment strategy discussion record"
).split()
_NAMES = ("Mary Alder", "Osian Llewellyn-Price", "Cwmbach Surgery", "Wistowe Primary School")


def _sentence(draw: random.Random) -> str:
    words = [draw.choice(_WORDS) for _ in range(draw.randint(8, 24))]
    words.insert(draw.randint(1, len(words)), draw.choice(_NAMES))
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."


def _style(**given: object) -> object:
    usual: dict[str, object] = {"fontName": "Helvetica", "fontSize": 11, "leading": 14}
    return styles.ParagraphStyle("s", **{**usual, "spaceAfter": 8, **given})


def _flow(draw: random.Random, size: int) -> tuple[list[object], Truth]:
    """A report's parts and the blocks that a reader should find."""
    body = _style(leftIndent=30, firstLineIndent=-30)
    head = _style(fontName="Helvetica-Bold", fontSize=16, leading=20, spaceBefore=10)
    small = _style(fontName="Helvetica-Bold", spaceBefore=6)
    item = _style(leftIndent=36, bulletIndent=18, spaceAfter=3)
    flow: list[object] = []
    truth: Truth = []

    def add(kind: BlockKind, text: str, style: object, bullet: str | None = None) -> None:
        flow.append(platypus.Paragraph(text, style, bulletText=bullet))
        truth.append((kind, f"{bullet} {text}" if bullet else text))

    for section in range(1, size + 1):
        long = " of the family in the two winters before the review began" * (section % 2)
        add(BlockKind.HEADING, f"{section}. What happened in the life{long}", head)
        for number in range(1, draw.randint(4, 12)):
            if draw.random() < 0.2:
                add(BlockKind.HEADING, "Contact with the school", small)
            text = " ".join(_sentence(draw) for _ in range(draw.randint(1, 6)))
            add(BlockKind.PARAGRAPH, f"{section}.{number} {text}", body)
            for _ in range(3 if draw.random() < 0.2 else 0):
                add(BlockKind.BULLET, _sentence(draw)[:-1].lower(), item, "•")
    return flow, truth


def report(seed: int, size: int) -> tuple[bytes, Truth, int]:
    """A report with headers on odd and even pages, page marks and footnotes; how many of these."""
    draw = random.Random(seed)
    flow, truth = _flow(draw, size)
    notes = 0

    def edges(sheet: object, _: object) -> None:
        nonlocal notes
        number = sheet.getPageNumber()  # type: ignore[attr-defined]
        put = sheet.drawString  # type: ignore[attr-defined]
        sheet.setFont("Helvetica", 9)  # type: ignore[attr-defined]
        put(72, 805, "OFFICIAL Child Q overview" if number % 2 else "Anyshire Partnership")
        put(290, 30, f"Page {number} of 60")
        if number % 4 == 0:
            notes += 1
            sheet.setFont("Helvetica", 8)  # type: ignore[attr-defined]
            put(72, 70, f"{notes} {_sentence(draw)[:70]}")
            put(72, 60, _sentence(draw).lower()[:70])

    made = io.BytesIO()
    platypus.SimpleDocTemplate(made, topMargin=72, bottomMargin=90).build(
        flow, onFirstPage=edges, onLaterPages=edges
    )
    return made.getvalue(), truth, notes


@pytest.mark.parametrize("seed", range(4))
def test_a_whole_report_comes_back_block_by_block(seed: int) -> None:
    data, truth, notes = report(seed, 14)
    document = read(data)
    inside = [b for b in document.blocks if b.span and b.kind is not BlockKind.FOOTNOTE]
    assert [(block.kind, block.text) for block in inside] == truth
    assert len(said(document, BlockKind.FOOTNOTE)) == notes
    assert len(said(document, BlockKind.FURNITURE)) == 2 * document.pages
    assert not document.unread


def test_sixty_pages_are_read_in_seconds() -> None:
    data, _, _ = report(9, 75)
    started = time.process_time()
    document = read(data)
    assert document.pages >= 55
    assert time.process_time() - started < 6  # a second here; machines that test are slow


@pytest.mark.parametrize(
    ("ends", "starts", "elsewhere", "wanted"),
    [
        ("the safe-", "guarding lead", "", "the safeguarding lead"),
        ("a multi-", "agency plan", "the multi-agency plan", "a multi-agency plan"),
        ("seen by Ms Llewellyn-", "Price at home", "", "seen by Ms Llewellyn-Price at home"),
        ("in the year 2008-", "09 there", "", "in the year 2008-09 there"),
    ],
)
def test_hyphens_at_line_ends(ends: str, starts: str, elsewhere: str, wanted: str) -> None:
    filler = "and the nurse wrote it all down in the record of the child that day "
    page = [(72.0, 300.0, filler + ends), (72.0, 314.0, f"{starts} {filler}")]
    page += [(72.0, 400.0, elsewhere or "Nothing")]
    assert wanted in read(drawn(page)).text


def test_a_paragraph_goes_on_over_the_page_and_past_footer_header_and_note() -> None:
    line = "and the nurse wrote it all down in the record of the child that day and"
    pages = [
        [
            (72.0, 40.0, "Overview report"),
            (72.0, 740.0, "4.1 It was a cold winter in which nobody had seen the child and the"),
            (72.0, 754.0, f"{line} Mary"),
            (290.0, 815.0, f"Page {number} of 3"),
        ]
        for number in (1, 2, 3)
    ]
    pages[1][1:3] = [
        (72.0, 100.0, "Alder was told by the nurse that night."),
        (72.0, 130.0, "End."),
    ]
    document = read(drawn(*pages))
    assert "that day and Mary Alder was told by the nurse that night." in document.text
    assert document.furniture == ("Overview report", *(f"Page {n} of 3" for n in (1, 2, 3)))


@pytest.mark.parametrize(
    "mark",
    ["{}", "Page {} of 9", "Page {} | 9", "P a g e {} | 9", "{} | P a g e", "P. {}", "P {}",
     "Final {}", "JS {}", "- {} -", "Page of 9", "roman"],
)  # fmt: skip
def test_page_marks_of_every_style_are_furniture(mark: str) -> None:
    roman = ["i", "ii", "iii", "iv", "v"]
    pages = [
        [
            (72.0, 200.0, f"This page tells of the visit in week {9 * k + 3} and of no other."),
            (290.0, 815.0, roman[k] if mark == "roman" else mark.format(k + 1)),
        ]
        for k in range(5)
    ]
    document = read(drawn(*pages))
    assert len(said(document, BlockKind.FURNITURE)) == 5
    assert len(document.text.split("\n\n")) == 5


def test_a_ruled_table_is_read_cell_by_cell() -> None:
    rows = [
        ["Date", "Agency", "Event"],
        ["3.2.17", "Health", "A visit by\nMary Alder"],
        ["", "", "x"],
    ]
    table = platypus.Table(rows, colWidths=[60, 80, 200])
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    before = platypus.Paragraph("What happened is told in the table below.", _style())
    made = io.BytesIO()
    platypus.SimpleDocTemplate(made).build([before, table])
    document = read(made.getvalue())
    (block,) = (b for b in document.blocks if b.kind is BlockKind.TABLE)
    assert block.text == "Date\tAgency\tEvent\n3.2.17\tHealth\tA visit by Mary Alder\n\t\tx"
    assert [cell.of(document.text) for cell in block.rows[1] if cell] == [
        "3.2.17", "Health", "A visit by Mary Alder",
    ]  # fmt: skip


def test_letters_printed_twice_for_bold_are_read_once() -> None:
    page = [(72.0, 200.0, "Mary Alder was seen."), (72.3, 200.0, "Mary Alder was seen.")]
    assert read(drawn(page)).text == "Mary Alder was seen."


def test_a_raised_note_sign_does_not_stick_to_a_year() -> None:
    def draw(sheet: object) -> None:
        text = sheet.beginText(72, 600)  # type: ignore[attr-defined]
        text.setFont("Helvetica", 11)
        text.textOut("The plan was made in March 2013")
        text.setFont("Helvetica", 6)
        text.setRise(4)
        text.textOut("1")
        text.setFont("Helvetica", 11)
        text.setRise(0)
        text.textOut(" and kept.")
        sheet.drawText(text)  # type: ignore[attr-defined]

    assert read(on_canvas(draw)).text == "The plan was made in March 2013 1 and kept."


def test_a_page_that_is_turned_is_read_in_lines() -> None:
    import pypdfium2 as pdfium

    def draw(sheet: object) -> None:
        sheet.rotate(90)  # type: ignore[attr-defined]
        sheet.drawString(72, -72, "4.1 The nurse saw the child.")  # type: ignore[attr-defined]
        sheet.drawString(72, -110, "4.2 Nobody else did.")  # type: ignore[attr-defined]

    file = pdfium.PdfDocument(on_canvas(draw))
    file[0].set_rotation(90)
    made = io.BytesIO()
    file.save(made)
    assert read(made.getvalue()).text == "4.1 The nurse saw the child.\n\n4.2 Nobody else did."


def _with_picture(sheet: object) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("RGB", (40, 40), "red"))
    sheet.drawString(72, 700, "This page has words enough.")  # type: ignore[attr-defined]
    sheet.drawImage(picture, 72, 300, 200, 200)  # type: ignore[attr-defined]


def _with_note(sheet: object) -> None:
    sheet.drawString(72, 700, "This page has words enough.")  # type: ignore[attr-defined]
    sheet.textAnnotation("Ask Xanthe Moor", (100, 100, 120, 120))  # type: ignore[attr-defined]


def _with_field(sheet: object) -> None:
    sheet.drawString(72, 700, "This page has words enough.")  # type: ignore[attr-defined]
    sheet.acroForm.textfield(name="who", value="Xanthe Moor", x=72, y=500)  # type: ignore[attr-defined]


def _with_link(sheet: object) -> None:
    sheet.drawString(72, 700, "This page has words enough.")  # type: ignore[attr-defined]
    sheet.linkURL("https://example.org/xanthe", (72, 690, 200, 710))  # type: ignore[attr-defined]


def _with_hidden(sheet: object) -> None:
    text = sheet.beginText(72, 700)  # type: ignore[attr-defined]
    text.textLine("This page has words enough.")
    text.setTextRenderMode(3)
    text.textLine("Xanthe Moor stands here unseen.")
    sheet.drawText(text)  # type: ignore[attr-defined]


def _beyond(sheet: object) -> None:
    sheet.drawString(72, 700, "This page has words enough.")  # type: ignore[attr-defined]
    sheet.drawString(700, 700, "Xanthe Moor")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("draw", "what", "margin"),
    [
        (_with_picture, [UnreadKind.PICTURE], None),
        (_with_note, [UnreadKind.ANNOTATION], "Ask Xanthe Moor"),
        (_with_field, [UnreadKind.FORM_FIELD], "Xanthe Moor"),
        (_with_link, [], "https://example.org/xanthe"),
        (_with_hidden, [UnreadKind.HIDDEN_TEXT], None),
        (_beyond, [UnreadKind.OUTSIDE_PAGE], "Xanthe Moor"),
    ],
)
def test_what_is_not_text_is_listed(
    draw: Callable[[object], None], what: list[UnreadKind], margin: str | None
) -> None:
    document = read(on_canvas(draw))
    assert listed(document) == what
    assert margin is None or margin in document.margins


def test_an_attached_file_and_properties_are_known() -> None:
    import pypdfium2 as pdfium

    def draw(sheet: object) -> None:
        sheet.setTitle("Review of Xanthe")  # type: ignore[attr-defined]
        sheet.setAuthor("Ines Vale")  # type: ignore[attr-defined]
        sheet.drawString(72, 700, "This page has words enough.")  # type: ignore[attr-defined]

    file = pdfium.PdfDocument(on_canvas(draw))
    file.new_attachment("letter of Xanthe.txt").set_data(b"x")
    made = io.BytesIO()
    file.save(made)
    document = read(made.getvalue())
    assert listed(document) == [UnreadKind.ATTACHMENT]
    wanted = {"Case of K", "Review of Xanthe", "Ines Vale", "letter of Xanthe.txt"}
    assert wanted <= set(document.margins)


def test_a_page_with_hardly_any_text_is_listed() -> None:
    pages = [[(72.0, 200.0, "This page has words enough.")], [(72.0, 200.0, "Map")]]
    document = read(drawn(*pages))
    assert [(u.what, u.page) for u in document.unread] == [(UnreadKind.LITTLE_TEXT, 2)]


def _locked() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    def draw(sheet: object) -> None:
        sheet.drawString(72, 700, "secret")  # type: ignore[attr-defined]

    return on_canvas(draw, encrypt=StandardEncryption("word", canPrint=0))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(_locked(), "encrypted", id="encrypted"),
        pytest.param(drawn([]), "has no text", id="no text"),
        pytest.param(b"%PDF-1.7 and then nothing", "damaged", id="damaged"),
        pytest.param(drawn([(72, 72, "x")])[:200], "damaged", id="cut off"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says):
        read(data)


def _word(truth: Truth) -> bytes:
    """A Word file with a paragraph for each block."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for _, text in truth)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        document = f"<w:document {space}><w:body>{body}</w:body></w:document>"
        file.writestr("word/document.xml", document)
    return made.getvalue()


def test_a_report_as_pdf_and_as_word_gives_the_same_text() -> None:
    flow, truth = _flow(random.Random(5), 6)
    made = io.BytesIO()
    platypus.SimpleDocTemplate(made).build(flow)
    assert read(made.getvalue()).text.split() == docx.read(_word(truth)).text.split()


def test_earlier_versions_inside_a_file_are_listed() -> None:
    data = drawn([(72, 72, "This page has words enough.")])
    assert listed(read(data + b"\n" + data[data.rindex(b"xref") :])) == [UnreadKind.OTHER_PART]
