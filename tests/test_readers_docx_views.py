"""Word files in both views of their tracked changes; comments and pictures where they stand."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping

import pytest
from docx_parts import (
    commented,
    comments,
    deleted,
    inserted,
    p,
    package,
    part,
    picture,
    run,
    table,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.raw.document import PICTURE_SIGN, Document, Unread, UnreadKind, View
from pipeline.raw.readers import docx
from pipeline.span import BlockKind

_DEL, _INS = "<w:rPr><w:del/></w:rPr>", "<w:rPr><w:ins/></w:rPr>"
_MOVED = (
    "<w:moveFrom w:author='Ines Vale'>" + run("Owen") + "</w:moveFrom>",
    "<w:moveTo w:author='Ines Vale'>" + run("Owen") + "</w:moveTo>",
)
_IN_A_BOX = (
    "<w:r><w:drawing><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></w:drawing></w:r>"
)


def read(
    body: str, parts: Mapping[str, str | bytes] | None = None, view: View = View.ACCEPTED
) -> Document:
    return docx.read(package(body, parts), name="Case of K", view=view)


def lines(document: Document, what: UnreadKind) -> list[Unread]:
    return [line for line in document.unread if line.what is what]


def told(document: Document, what: UnreadKind) -> list[str | None]:
    """The words of the text that the lines of a kind speak of."""
    found = lines(document, what)
    return [None if line.span is None else line.span.of(document.text) for line in found]


@pytest.mark.parametrize(
    ("body", "accepted", "original"),
    [
        (p("Seen by ", runs=deleted("Mrs Quirke") + inserted(run("the nurse"))),
         "Seen by the nurse", "Seen by Mrs Quirke"),
        (p(runs=_MOVED[0]) + p("and ", runs=_MOVED[1]), "and Owen", "Owen\n\nand"),
        (p("One ", _DEL) + p("two."), "One two.", "One\n\ntwo."),
        (p("One ", _INS) + p("two."), "One\n\ntwo.", "One two."),
        (p(runs=inserted(run("New."))) + p("Old."), "New.\n\nOld.", "Old."),
        (p("Old.") + p(properties=_INS, runs=inserted(run("New."))) + p("Last."),
         "Old.\n\nNew.\n\nLast.", "Old.\n\nLast."),
        (p(runs=inserted(deleted("Neither")) + run("Both.")), "Both.", "Both."),
        (table((p("a"), p("b")), (p("c"), p("d")), properties="<w:ins/>"), "a\tb\nc\td", "a\tb"),
        (table((p("a"), p("b")), (p("c"), p("d")), properties="<w:del/>"), "a\tb", "a\tb\nc\td"),
        (table((p("a"), p("b"), "<w:tcPr><w:cellIns/></w:tcPr>" + p("c"))), "a\tb\tc", "a\tb\t"),
        (p(runs=run("Plain.", "<w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>")),
         "Plain.", "Plain."),
    ],
    ids=["run", "move", "break gone", "break made", "paragraph", "paragraph and break",
         "neither", "row made", "row gone", "cell made", "formatting"],
)  # fmt: skip
def test_each_view_has_its_own_text(body: str, accepted: str, original: str) -> None:
    assert read(body).text == accepted
    assert read(body, view=View.ORIGINAL).text == original


def test_the_words_of_the_other_view_are_words_of_the_case() -> None:
    body = p("Seen by ", runs=deleted("Mrs Quirke") + inserted(run("Lottie Moor")))
    body += table((p("a"), p("b")), (p("Owen"), p("Vale")), properties="<w:ins/>")
    first, second = read(body), read(body, view=View.ORIGINAL)
    assert "Mrs Quirke" in first.margins
    assert {"Lottie Moor", "Owen", "Vale"} <= set(second.margins)
    assert "Ines Vale" in first.margins
    assert "Ines Vale" in second.margins


def test_a_document_says_which_view_it_is() -> None:
    body = p("Seen by ", runs=deleted("Mrs Quirke"))
    first, second = read(body), read(body, view=View.ORIGINAL)
    assert (first.view, second.view) == (View.ACCEPTED, View.ORIGINAL)
    assert first.reader != second.reader
    for document, view in ((first, "accepted view"), (second, "original view")):
        (line,) = lines(document, UnreadKind.TRACKED_CHANGE)
        assert view in line.reason
        assert "Quirke" not in line.reason


@pytest.mark.parametrize(
    "body",
    [
        p("The last words.", _DEL),
        p("The last words.", _DEL) + table((p("a"), p("b"))),
        table((p("The last words.", _DEL), p("b"))),
        p("With a box.", runs=_IN_A_BOX.format(p("The last words.", _DEL))) + p("After."),
    ],
    ids=["body", "before a table", "cell", "box"],
)
def test_a_paragraph_without_its_end_is_not_lost(body: str) -> None:
    assert read(body).text.count("The last words.") == 1


_PIECES = st.lists(
    st.tuples(st.sampled_from(["kept", "ins", "del"]), st.sampled_from("abcdefgh")), max_size=5
)


@settings(deadline=None, max_examples=60)
@given(st.lists(_PIECES, min_size=1, max_size=4))
def test_every_word_is_in_the_text_or_in_the_margins_of_either_view(
    paragraphs: list[list[tuple[str, str]]],
) -> None:
    made = {"kept": run, "ins": lambda text: inserted(run(text)), "del": deleted}
    words = {
        (n, k): f"{how}{letter}{n}x{k}"
        for n, pieces in enumerate(paragraphs)
        for k, (how, letter) in enumerate(pieces)
    }
    body = "".join(
        p(runs="".join(made[how](f"{words[n, k]} ") for k, (how, _) in enumerate(pieces)))
        for n, pieces in enumerate(paragraphs)
    )
    for view, gone in ((View.ACCEPTED, "del"), (View.ORIGINAL, "ins")):
        document = read(p("Start.") + body, view=view)
        stays = [word for word in words.values() if not word.startswith(gone)]
        assert document.text.split() == ["Start.", *stays]
        left = [word for word in words.values() if word.startswith(gone)]
        assert all(any(word in margin for margin in document.margins) for word in left)
        changes = sum(how != "kept" for pieces in paragraphs for how, _ in pieces)
        assert len(lines(document, UnreadKind.TRACKED_CHANGE)) == changes


def test_each_comment_is_a_line_at_its_own_words() -> None:
    body = (
        p("1.1 The nurse  saw ", runs=commented(0, "the  mother") + run(" of the mother."))
        + '<w:commentRangeStart w:id="1"/>'
        + p("A whole paragraph.")
        + '<w:commentRangeEnd w:id="1"/>'
        + table((p(runs=commented(2, "March")), p("A visit.")))
        + p("No range.", runs='<w:r><w:commentReference w:id="3"/></w:r>')
    )
    texts = [f"ask Xanthe Moor {n}" for n in range(5)]
    document = read(body, {"word/comments.xml": comments(*texts)})
    words = ["the mother", "A whole paragraph.", "March", "No range."]
    assert told(document, UnreadKind.COMMENT) == [None, *words]
    first = lines(document, UnreadKind.COMMENT)[1]
    assert first.span is not None
    assert document.text[: first.span.start] == "1.1 The nurse saw "
    assert set(texts) <= set(document.margins)
    assert "Xanthe" not in document.text


def test_a_comment_on_what_is_left_out_is_still_a_line() -> None:
    gone = deleted("Mrs Quirke").replace("<w:r>", '<w:r><w:commentReference w:id="0"/></w:r><w:r>')
    document = read(p("Seen.", runs=gone), {"word/comments.xml": comments("who?")})
    assert told(document, UnreadKind.COMMENT) == [None]


def test_a_picture_leaves_a_sign_where_it_stood() -> None:
    body = (
        p("Before.")
        + p(runs=picture("Genogram of the Quirke family") + run("Figure 1"))
        + p("A caption", runs=picture(inside="<a:relIds/>"))
        + p("Words.", runs=_IN_A_BOX.format(p("In a box.", runs=picture())))
        + p("After: [picture] is a word of the report.")
    )
    document = read(body)
    paragraphs = [block.text for block in document.blocks]
    assert paragraphs == [
        "Before.",
        PICTURE_SIGN,
        "Figure 1",
        "A caption",
        PICTURE_SIGN,
        "Words.",
        "In a box.",
        PICTURE_SIGN,
        "After: [picture] is a word of the report.",
    ]
    assert told(document, UnreadKind.PICTURE) == [PICTURE_SIGN] * 3
    spans = [line.span for line in lines(document, UnreadKind.PICTURE)]
    assert spans == [block.span for block in document.blocks if block.text == PICTURE_SIGN]
    assert "Genogram of the Quirke family" in document.margins


def test_pictures_in_cells_have_their_own_place() -> None:
    cell = p("A visit.", runs=picture())
    document = read(table((p("Date"), cell), (p("May"), cell)))
    (block,) = document.blocks
    assert block.text == "Date\tA visit. [picture]\nMay\tA visit. [picture]"
    spans = [line.span for line in document.unread]
    assert [span and span.of(document.text) for span in spans] == [PICTURE_SIGN] * 2
    assert len(set(spans)) == 2


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (p("Text.", runs=picture(points=4)), {}),
        (p("Text."), {"word/header1.xml": part("hdr", p("Board", runs=picture()))}),
    ],
    ids=["tiny", "header"],
)
def test_a_picture_that_nobody_misses_is_listed_without_a_sign(
    body: str, parts: dict[str, str | bytes]
) -> None:
    document = read(body, parts)
    assert document.text == "Text."
    assert told(document, UnreadKind.PICTURE) == [None]


def test_a_picture_counts_in_the_view_that_has_it() -> None:
    body = p("Text.", runs=inserted(picture("Genogram of the Quirke family")))
    assert read(body).text == f"Text.\n\n{PICTURE_SIGN}"
    original = read(body, view=View.ORIGINAL)
    assert original.text == "Text."
    assert not lines(original, UnreadKind.PICTURE)
    assert "Genogram of the Quirke family" in original.margins


def test_pictures_alone_are_no_text() -> None:
    with pytest.raises(ReadError, match="no text"):
        read(p(runs=picture()) + p(runs=picture()))


def test_the_note_of_a_deleted_reference_is_left_out_and_known() -> None:
    gone = deleted("x").replace("<w:r>", '<w:r><w:footnoteReference w:id="2"/></w:r><w:r>')
    note = '<w:footnote w:id="2">' + p("Told by Mrs Quirke.") + "</w:footnote>"
    parts = {"word/footnotes.xml": part("footnotes", note)}
    accepted = read(p("Text.", runs=gone), parts)
    assert accepted.text == "Text."
    assert "Told by Mrs Quirke." in accepted.margins
    notes = read(p("Text.", runs=gone), parts, View.ORIGINAL).blocks
    assert [b.text for b in notes if b.kind is BlockKind.FOOTNOTE] == ["1 Told by Mrs Quirke."]


def test_a_file_that_another_library_writes_is_read_the_same_way() -> None:
    """Its parts are Word's own template, and its pictures and comments are whole."""
    writer = pytest.importorskip("docx", reason="python-docx, which writes the file, is not here")
    file = writer.Document()
    size = writer.shared.Cm(8)
    file.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(_png()), width=size)
    paragraph = file.add_paragraph("The nurse saw ")
    mother = paragraph.add_run("the mother")
    paragraph.add_run(" in March.")
    file.add_comment(mother, text="ask Xanthe Moor", author="Olu Penn")
    file.add_picture(io.BytesIO(_png()), width=size)
    grid = file.add_table(1, 2)
    grid.cell(0, 0).text = "May"
    grid.cell(0, 1).paragraphs[0].add_run("A visit. ").add_picture(io.BytesIO(_png()), width=size)
    made = io.BytesIO()
    file.save(made)
    document = docx.read(made.getvalue())
    assert document.text == (
        "The nurse saw the mother in March.\n\n[picture]\n\nMay\tA visit. [picture]"
    )
    assert told(document, UnreadKind.PICTURE) == [None, PICTURE_SIGN, PICTURE_SIGN]
    assert told(document, UnreadKind.COMMENT) == ["the mother"]
    assert {"ask Xanthe Moor", "Olu Penn"} <= set(document.margins)


def _png() -> bytes:
    """A grey square of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\x80")
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
