"""Plain text: lines become paragraphs again, and every offset leads back to the file."""

from __future__ import annotations

import textwrap
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_parts import ONE, THREE, TWO

from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import disguises, repair, showing, text
from pipeline.raw.readers.furniture import plain_mark, roman, says_page
from pipeline.raw.readers.numbering import follows, marker
from pipeline.span import BlockKind

_SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
H, P, B, N, F = (
    BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.FOOTNOTE,
    BlockKind.FURNITURE,
)  # fmt: skip


def blocks(source: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in text.from_string(source).blocks]


def wrapped(*paragraphs: str, width: int = 72, between: str = "\n\n") -> str:
    return between.join(textwrap.fill(paragraph, width) for paragraph in paragraphs)


@pytest.mark.parametrize("between", ["\n\n", "\n\n\n", "\r\n\r\n", "\n"])
@pytest.mark.parametrize("width", [50, 72, 100])
def test_wrapped_paragraphs_are_joined(between: str, width: int) -> None:
    numbered = [f"4.{k} {body}" for k, body in enumerate((ONE, TWO, THREE, ONE, TWO), 1)]
    source = wrapped(*numbered, width=width, between=between)
    assert blocks(source) == [(P, body) for body in numbered]


def test_paragraphs_that_are_one_line_each_stay_as_they_are() -> None:
    bodies = (ONE, "A short one.", TWO, "Another", THREE)
    source = "\n".join(bodies)
    assert [body for _, body in blocks(source)] == list(bodies)


def test_a_blank_line_after_every_line_says_nothing() -> None:
    source = wrapped(ONE, TWO, THREE).replace("\n\n", "\n").replace("\n", "\n\n")
    assert [body for _, body in blocks(source)] == [ONE, TWO, THREE]


def test_numbers_alone_on_their_lines_belong_to_what_follows() -> None:
    bodies = [ONE, TWO, THREE]
    source = "\n\n".join(f"{k}.\n\n{textwrap.fill(b, 72)}" for k, b in enumerate(bodies, 7))
    document = text.from_string(source)
    assert [(b.number, b.text) for b in document.blocks] == [
        (str(k), f"{k}. {body}") for k, body in enumerate(bodies, 7)
    ]


def test_bullets_headings_and_lists() -> None:
    source = (
        "What was learned\n\nThe review found that:\n\uf0b7 the baby was not seen\n"
        "\uf0b7 the father was\nnot asked\n• nobody wrote it down.\n\n"
        f"Early help\n\n{wrapped(ONE)}\n\na) first\nb) second\n"
    )
    assert blocks(source) == [
        (H, "What was learned"),
        (P, "The review found that:"),
        (B, "• the baby was not seen"),
        (B, "• the father was not asked"),
        (B, "• nobody wrote it down."),
        (H, "Early help"),
        (P, ONE),
        (P, "a) first"),
        (P, "b) second"),
    ]


def _with_header(lines: list[str], every: int, header: list[str]) -> str:
    """The lines with a header's lines put in after every so many of them."""
    made: list[str] = []
    for index, line in enumerate(lines):
        if index and index % every == 0:
            made += [part.format(index // every) for part in header]
        made.append(line)
    return "\n".join(made)


@pytest.mark.parametrize("sign", ["o", "-", "–", "*"])
def test_weak_signs_of_bullets_count_in_a_list(sign: str) -> None:
    items = ["a plan for the family which all agencies had agreed and signed that week",
             "one worker whom the family knows", "a date for the next meeting"]  # fmt: skip
    source = f"{wrapped(ONE, TWO)}\n\nThere should be:\n" + "\n".join(
        f"{sign} {item}" for item in items
    )
    assert blocks(source)[-3:] == [(B, f"{sign} {item}") for item in items]


_LONG = [f"{k}.{j} {body}" for k in range(1, 8) for j, body in enumerate((ONE, TWO, THREE), 1)]


@pytest.mark.parametrize(
    "header",
    [
        ["Overview report on Child Q"],
        ["Page {} of 9"],
        ["P a g e {} | 9"],
        ["{} | P a g e"],
        ["", "Page", "{}", ""],
        ["Page of 9"],
        ["OFFICIAL-SENSITIVE", "Overview report on Child Q, version 3", "Page {} of 9"],
        ["", "{}", "Overview report on Child Q", ""],
        ["\f"],
        ["{}", "\fOverview report on Child Q"],
    ],
)
def test_what_runs_through_a_report_leaves_its_sentences_whole(header: list[str]) -> None:
    lines = wrapped(*_LONG, between="\n").split("\n")
    source = _with_header(lines, 17, header)
    document = text.from_string(source)
    assert document.text.split("\n\n") == _LONG
    assert len(document.furniture) >= (0 if header == ["\f"] else 1)


def test_headings_that_recur_are_no_furniture() -> None:
    source = "\n\n".join(f"Emerging lessons\n\n{wrapped(body)}" for body in (ONE, TWO) * 4)
    assert blocks(source).count((H, "Emerging lessons")) == 8


def test_form_feeds_and_page_marks_count_pages() -> None:
    source = "\f".join(f"{body}\n\nPage {k}" for k, body in enumerate((ONE, TWO, THREE), 1))
    document = text.from_string(source)
    assert document.pages == 3
    assert [(b.page, b.kind) for b in document.blocks] == [
        (page, kind) for page in (1, 2, 3) for kind in (P, F)
    ]


def test_a_footnote_inside_a_sentence_comes_after_its_paragraph() -> None:
    source = (
        wrapped(*_LONG[:6]) + "\n\nThe plan was made in the spring.1 It was signed by the nurse and"
        " the\n\n1\n\nA plan under section 17 of the Act.\n\nmother, and it was kept in the file"
        " of the child.\n"
    )
    assert blocks(source)[-2:] == [
        (
            P,
            "The plan was made in the spring.1 It was signed by the nurse and the mother, and it "
            "was kept in the file of the child.",
        ),
        (N, "1 A plan under section 17 of the Act."),
    ]


@pytest.mark.parametrize(
    ("ends", "starts", "elsewhere", "wanted"),
    [
        ("the safe-", "guarding lead", "", "the safeguarding lead"),
        ("a multi-", "agency plan", "The multi-agency plan.", "a multi-agency plan"),
        ("Ms Llewellyn-", "Price at home", "", "Ms Llewellyn-Price at home"),
        ("the years 2008-", "09 there", "", "the years 2008-09 there"),
        ("seen by Mary", "Alder at home", "", "seen by Mary Alder at home"),
        ("born on 3", "May in the", "", "born on 3 May in the"),
    ],
)
def test_words_and_names_broken_at_line_ends(
    ends: str, starts: str, elsewhere: str, wanted: str
) -> None:
    lines = textwrap.wrap(ONE, 72)
    pad = "and so it was in the record of that week until the day "
    source = "\n".join([*lines, "", (pad + ends), f"{starts} {pad}", *lines, "", elsewhere])
    assert wanted in text.from_string(source).text


_ODD = st.text(
    st.sampled_from("aB1 .\n\r\f\t-•\u00a0\u00ad\ufb01\uf0b7\u2028“’2\x00\x0cé😀\ud800"),
    max_size=300,
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), _ODD))
def test_every_copied_character_leads_back_to_its_own(source: str) -> None:
    document = text.from_string(source)
    assert document.origins is not None
    found = [*repair.mends(source), *disguises.mends(source)]
    mended = {at for start, end, _ in found for at in range(start, end)}
    for piece in document.origins.pieces:
        new = document.text[piece.start : piece.start + piece.length]
        old = source[piece.source : piece.source + piece.length]
        for at, (made, came) in enumerate(zip(new, old, strict=True), piece.source):
            if at in mended:
                continue
            same = made == came or unicodedata.normalize("NFKC", came).startswith(made)
            assert same or (made == " " and came.isspace()) or made in "•\ufffd-"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), _ODD))
def test_blocks_and_rows_lead_to_the_words_they_show(source: str) -> None:
    document = text.from_string(source)
    document.text.encode()
    for row in showing.rows(document):
        if row["type"] in ("unread", "table"):
            continue
        start, end = row["start"], row["end"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert 0 <= start < end <= len(source)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([ONE, TWO, "Yes", "14", "A heading", "Page 3", "- x", "12. Go."]),
                max_size=30), st.sampled_from(["\n", "\n\n", "\f", "\r\n"]))  # fmt: skip
def test_no_character_of_the_body_is_lost(lines: list[str], between: str) -> None:
    document = text.from_string(between.join(lines))
    kept = document.text + "".join(b.text for b in document.blocks if b.span is None)
    wanted, got = Counter("".join(lines)), Counter(kept)
    del wanted[" "], got[" "], got["\n"]
    assert got == wanted


def _all_letters(document: Document) -> str:
    return "".join(sorted("".join(document.text.split())))


@pytest.mark.parametrize(
    ("data", "wanted", "sure"),
    [
        (b"caf\xc3\xa9 au lait", "café au lait", True),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "café", True),
        ("café".encode("utf-16"), "café", True),
        (b"The mother\x92s caf\xe9 was closed \x96 she said \x93no\x94 to all of them.",
         "The mother’s café was closed – she said “no” to all of them.", False),
    ],
)  # fmt: skip
def test_encodings(data: bytes, wanted: str, sure: bool) -> None:
    document = text.read(data)
    assert document.text == wanted
    assert [u.what for u in document.unread] == ([] if sure else [UnreadKind.ENCODING])


def test_line_ends_are_not_translated() -> None:
    document = text.read(b"\xef\xbb\xbfOne.\r\n\r\nTwo is here.\r\n")
    assert document.source_text == "One.\r\n\r\nTwo is here.\r\n"
    second = next(row for row in showing.rows(document) if row["text"] == "Two is here.")
    assert (second["start"], second["end"]) == (8, 20)


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 100])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        text.read(data)


@pytest.mark.parametrize(
    "source",
    ["a" * 1_000_000, "word " * 200_000, " " * 1_000_000, "1.1." * 250_000, "-\n" * 100_000,
     "\u00a0x " * 200_000],
    ids=["one word", "one line", "spaces", "numbers", "dashes", "hard spaces"],
)  # fmt: skip
def test_a_megabyte_on_one_line_is_read_in_seconds(source: str) -> None:
    started = time.process_time()
    text.from_string(source)
    assert time.process_time() - started < 15


@pytest.mark.parametrize("source", ["", " ", "\n\n\f\n", "\ufeff"])
def test_nothing_gives_an_empty_document(source: str) -> None:
    document = text.from_string(source)
    assert document.text.strip("\ufeff") == ""
    assert showing.as_markdown(document).strip("\ufeff\n") == ""


@pytest.mark.parametrize(
    "mark",
    ["Page 2 of 43", "page 2 of 42", "Page 1 | 25", "P a g e 2 | 25", "1 | P a g e", "P. 28",
     "P 3", "Page of 47", "Page iv", "2 of 43", "p.7", "[This page is intentionally left blank]"],
)  # fmt: skip
def test_page_marks_that_say_so(mark: str) -> None:
    assert says_page(mark)


@pytest.mark.parametrize("mark", ["12", "- 12 -", "[3]", "xii", "Final 2", "JS 14", "| 4"])
def test_page_marks_that_only_their_place_gives_away(mark: str) -> None:
    assert plain_mark(mark)
    assert not says_page(mark)


@pytest.mark.parametrize(
    "line",
    ["Page turning point", "Pages", "12 weeks", "Child P 3 was seen", "2013-14", "Mix", "1.1",
     "I", "Dr 4 saw", "P", "pp"],
)  # fmt: skip
def test_lines_that_are_no_page_marks(line: str) -> None:
    assert not says_page(line)
    assert line == "I" or not plain_mark(line)


@pytest.mark.parametrize(
    ("line", "number"),
    [("1.1 Text", "1.1"), ("1.1.1 Text", "1.1.1"), ("12. Text", "12"), ("4-12 Text", "4-12"),
     ("(a) text", "a"), ("iv) text", "iv"), ("7 Text", "7")],
)  # fmt: skip
def test_numbers_of_paragraphs(line: str, number: str) -> None:
    mark = marker(line)
    assert mark is not None
    assert mark.number == number


@pytest.mark.parametrize("line", ["30.05.17 A visit", "Text 1.1", "2013 was a year", "3rd of May"])
def test_what_is_no_number_of_a_paragraph(line: str) -> None:
    assert marker(line) is None


@pytest.mark.parametrize(
    ("number", "before", "may"),
    [("2", "1", True), ("1", None, True), ("1.1", "1", True), ("1.2", "1.1", True),
     ("2.1", "1.9", True), ("1.1.1", "1.1", True), ("2", "1.4", True), ("6.11", "2.3", False),
     ("09", "8", False), ("40", "12", False)],
)  # fmt: skip
def test_what_follows_what(number: str, before: str | None, may: bool) -> None:
    assert follows(number, before) is may


@pytest.mark.parametrize(("sign", "value"), [("iv", 4), ("xc", 90), ("ic", None), ("mild", None)])
def test_roman_numbers(sign: str, value: int | None) -> None:
    assert roman(sign) == value


def _seed(start: str) -> Document:
    found = sorted(_SEEDS.glob(f"{start}*.txt")) if _SEEDS.exists() else []
    if not found:
        pytest.skip("the shared texts are not here")
    return text.read(found[0].read_bytes())


def test_a_text_that_lost_its_form_feeds_has_its_numbered_paragraphs_once() -> None:
    numbers = [b.number for b in _seed("ofsted").blocks if b.kind is P and b.number]
    body = numbers[: numbers.index("132") + 1]
    wanted = [str(k) for k in range(1, 133)]
    listed = [str(k) for k in range(1, 7)]
    at = wanted.index("44") + 1
    assert body == wanted[:at] + listed + wanted[at:]


@pytest.mark.parametrize(
    "start", ["ofsted", "hemming", "community-care_b", "community-care_l", "ch"]
)
def test_no_character_of_a_real_text_is_lost(start: str) -> None:
    document = _seed(start)
    kept = document.text + "".join(b.text for b in document.blocks if b.span is None)
    lost = Counter("".join((document.source_text or "").split())) - Counter("".join(kept.split()))
    assert not set(lost) - set("-●◊•")
    assert lost["-"] <= 5
