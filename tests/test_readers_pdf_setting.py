"""How a PDF is set tells what its lines are: broken words, first lines, titles, signs of notes."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest

from pipeline.config import Settings
from pipeline.raw.document import Document
from pipeline.raw.readers import pdf
from pipeline.raw.readers.assemble import Spot, Stretch
from pipeline.raw.readers.hyphens import Forms, joined
from pipeline.raw.readers.pdf_continued import Cell, cells, rows_under
from pipeline.span import BlockKind

metrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
canvas = pytest.importorskip("reportlab.pdfgen.canvas")

_HIGH = 842.0
_FULL = "The nurse was told of the visit and wrote it down in full"
# Left, from the top, text, size, bold.
Put = tuple[float, float, str, float, bool]


def put(left: float, top: float, text: str, size: float = 11.0, *, bold: bool = False) -> Put:
    return left, top, text, size, bold


def read(*pages: Sequence[Put]) -> Document:
    made = io.BytesIO()
    sheet = canvas.Canvas(made)
    for page in pages:
        for left, top, text, size, bold in page:
            sheet.setFont("Helvetica-Bold" if bold else "Helvetica", size)
            sheet.drawString(left, _HIGH - top, text)
        sheet.showPage()
    sheet.save()
    return pdf.read(made.getvalue(), Settings())


def said(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.span is not None]


# Hyphens at line ends ----------------------------------------------------------------------------

_PLAIN = [_FULL] * 150
_BROKEN = [*_PLAIN[:60], "there was no assess-", "ment of it and no safeguard-", "ing then"] * 2


@pytest.mark.parametrize(
    ("running", "line", "after", "wanted"),
    [
        # A file that breaks no words: the hyphens are the words' own.
        (_PLAIN, "of re-", "referral in May", "of re-referral in May"),
        (_PLAIN, "a fair-", "minded view", "a fair-minded view"),
        (_PLAIN, "anti-", "social acts", "anti-social acts"),
        (_PLAIN, "out-of-", "hours calls", "out-of-hours calls"),
        # Yet no name is left in two halves that are no words, and no word that stands elsewhere.
        (_PLAIN, "Mrs Kowal-", "czyk rang", "Mrs Kowalczyk rang"),
        (_PLAIN, "an assess-", "ment", "an assessment"),
        ([*_PLAIN, "by Mr Blackburn of"], "Mr Black-", "burn", "Mr Blackburn"),
        # A file that breaks words, and one that is too short to tell.
        (_BROKEN, "of re-", "referral in May", "of rereferral in May"),
        (_PLAIN[:30], "a fair-", "minded view", "a fairminded view"),
        ([], "a fair-", "minded view", "a fairminded view"),
        # Short, but with three own hyphens at its line ends and no word broken.
        (
            ["a front-", "line post", "a ten-", "minute talk", "a three-", "month plan"],
            "a fair-",
            "minded view",
            "a fair-minded view",
        ),
    ],
)
def test_a_file_tells_whether_its_line_ends_break_words(
    running: list[str], line: str, after: str, wanted: str
) -> None:
    forms = Forms(running, running)
    assert "".join(part.text for part in joined([Stretch(line), Stretch(after)], forms)) == wanted


def test_the_lines_of_a_page_are_the_evidence() -> None:
    lines = [put(60, 100 + 14 * k, _FULL) for k in range(40)]
    ends = put(60, 660, "It was the third re-"), put(60, 674, "referral in a year.")
    assert said(read(lines, lines, lines, [*lines, *ends]))[-1].endswith("re-referral in a year.")


# Narrow cells ------------------------------------------------------------------------------------


def _cell(*texts: str) -> Cell:
    """Lines of a cell, six points a letter."""
    spots = [Spot(1, 60, 12 * k, 60 + 6 * len(t), 12 * k + 10) for k, t in enumerate(texts)]
    return tuple(Stretch(t, spot=spot) for t, spot in zip(texts, spots, strict=True))


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (("Oliwia", "Kowal", "czyk"), "Oliwia Kowalczyk"),
        (("Teache", "r"), "Teacher"),
        (("Teach", "er"), "Teacher"),
        (("Gur-", "deep", "Ramac", "han-", "dran"), "Gurdeep Ramachandran"),
        (("safe-", "guard-", "ing"), "safeguarding"),
        (("Health", "visitor"), "Health visitor"),
        (("Ann", "zorbel"), "Ann zorbel"),
        (("Seen", "by the", "nurse"), "Seen by the nurse"),
    ],
)
def test_words_cut_in_a_narrow_cell_are_whole_again(lines: tuple[str, ...], wanted: str) -> None:
    rows = [(_cell("Oliwia"), _cell("x")), (_cell(*lines), _cell("x"))]
    (_, (made, _)) = cells(rows, Forms(["Mr Ramachandran came", *lines]))
    assert "".join(part.text for part in made) == wanted


def _texts(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    return [[" ".join(part.text for part in cell) for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("above", "rows", "wanted"),
    [
        (
            [["Agency", "Contact", ""], ["", "First", "Last"], ["Police", "March", "June"]],
            [["Agency", "Contact", ""], ["", "First", "Last"], ["School", "May", "July"]],
            ["Police March June", "School May July"],
        ),
        (
            [["Who", "What"], ["Nurse", "A visit."], ["Nurse", "A call."]],
            [["Who", "What"], ["Nurse", "A visit."]],
            ["Nurse A visit.", "Nurse A call.", "Nurse A visit."],
        ),
    ],
)
def test_a_repeated_head_goes_and_no_row_beside_it(
    above: list[list[str]], rows: list[list[str]], wanted: list[str]
) -> None:
    first, second = (
        [tuple(_cell(text) if text else () for text in row) for row in part]
        for part in (above, rows)
    )
    made = rows_under(first, second, Forms([]))
    head = sum(row[0] in ("Agency", "Who", "") for row in above)
    assert [" ".join(row) for row in _texts(made)[head:]] == wanted


# Paragraphs --------------------------------------------------------------------------------------


def _paragraph(top: float, first: float, rest: float, texts: Sequence[str]) -> list[Put]:
    return [put(rest if k else first, top + 14 * k, text) for k, text in enumerate(texts)]


_LONG = "She had been seen at home in May and again in June by a nurse who knew the family well"


def test_paragraphs_of_one_line_are_apart_where_first_lines_are_set_in() -> None:
    text = [f"{_LONG} from before,", "and nothing was thought to be wrong, as the notes of it say"]
    page = [
        one
        for k in range(6)
        for one in _paragraph(100 + 42 * k, 78, 60, [*text, "in a later hand than the rest."])
    ]
    alone = [
        put(78, 352, f"{_LONG} indeed."),
        *_paragraph(366, 78, 60, [f"Others {_LONG[4:]},", "too."]),
    ]
    blocks = said(read([*page, *alone]))
    assert len(blocks) == 8
    assert blocks[6] == f"{_LONG} indeed."


def _filled(left: float, top: float, words: str) -> Put:
    """A line that no further word fits into."""
    line = ""
    for word in (words + " " + _LONG).split():
        if left + metrics.stringWidth(f"{line} {word}", "Helvetica", 11) > 535:
            break
        line = f"{line} {word}".strip()
    return put(left, top, line)


@pytest.mark.parametrize("lefts", [(60, 66.7, 60), (60, 102, 111.7, 102), (60, 95.8, 90, 90)])
def test_spaces_at_the_start_of_a_line_do_not_cut_a_paragraph(lefts: tuple[float, ...]) -> None:
    starts = ["7.2 The nurse", "Mrs Alder", "May and June", "Cwmbach and"]
    lines = [
        _filled(left, 100 + 14 * k, start)
        for k, (left, start) in enumerate(zip(lefts, starts, strict=False))
    ]
    (block,) = read(lines).blocks
    assert block.number == "7.2"


def test_titles_of_one_size_are_apart_where_their_lines_are() -> None:
    title = [
        put(60, 75, "Anyshire and Wistowe Safeguarding", 22, bold=True),
        put(60, 101, "Children Partnership", 22, bold=True),
        put(60, 133, "Serious Case Review into the Care", 22, bold=True),
        put(60, 165, "Concerning the Child named Q", 22, bold=True),
    ]
    body = [_filled(60, 300 + 14 * k, "The nurse") for k in range(8)]
    assert said(read([*title, *body]))[:3] == [
        "Anyshire and Wistowe Safeguarding Children Partnership", title[2][2], title[3][2],
    ]  # fmt: skip


# Notes -------------------------------------------------------------------------------------------


def test_the_sign_of_a_note_at_a_paragraphs_number_is_set_behind_its_text() -> None:
    page = [
        put(60, 100, f"14.3 {_LONG}."),
        put(60, 117, "3", 6),
        put(63.4, 120, f"14.4 {_LONG}."),
        put(60, 140, f"14.5 {_LONG}."),
    ]
    blocks = read(page).blocks
    assert [block.number for block in blocks] == ["14.3", "14.4", "14.5"]
    assert blocks[1].text == f"14.4 {_LONG}. 3"


def test_a_number_that_starts_as_a_sign_does_stays_whole() -> None:
    text = "11.17 Mrs Alder came home soon after."
    right = 60 + metrics.stringWidth(text, "Helvetica", 11)
    (block,) = read([put(60, 100, text), put(right, 97, "1", 6)]).blocks
    assert (block.number, block.text) == ("11.17", f"{text} 1")


def test_a_note_without_room_on_its_page_stands_behind_what_cites_it() -> None:
    first = [put(60, 100 + 40 * k, f"1.{k + 1} {_LONG}.") for k in range(3)]
    width = 60 + metrics.stringWidth(f"1.3 {_LONG}.", "Helvetica", 11)
    second = [put(60, 100 + 40 * k, f"1.{k + 4} {_LONG}.") for k in range(3)]
    document = read(
        [*first, put(width, 176, "2", 6)], [*second, put(60, 700, "2 Munro and others, at page 4.")]
    )
    blocks = [block for block in document.blocks if block.span is not None]
    assert [b.number for b in blocks] == ["1.1", "1.2", "1.3", "2", "1.4", "1.5", "1.6"]
    assert blocks[3].kind is BlockKind.FOOTNOTE
