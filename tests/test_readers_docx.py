"""Word files, written here as raw parts: everything that can be seen is read, the rest listed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from docx_parts import p, package, part

from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import docx, docx_package
from pipeline.span import BlockKind


def read(body: str, parts: Mapping[str, str | bytes] | None = None) -> Document:
    return docx.read(package(body, parts), name="Case of K")


def said(document: Document, kind: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if block.kind is kind]


def listed(document: Document) -> list[UnreadKind]:
    return [thing.what for thing in document.unread]


_BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>{0}"
    "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
    "<w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
_CELL = "<w:tc>{}</w:tc>"


def test_every_visible_place_is_read_once() -> None:
    table = (
        "<w:tbl><w:tr>"
        + _CELL.format(p("in a cell"))
        + _CELL.format(p("beside"))
        + "</w:tr></w:tbl>"
    )
    body = (
        p("in the body")
        + p(runs='<w:ins w:author="Ines Vale"><w:r><w:t>put in later</w:t></w:r></w:ins>')
        + table
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{p('in a control')}</w:sdtContent></w:sdt>"
        + p(runs="<w:hyperlink><w:r><w:t>in a link</w:t></w:r></w:hyperlink>")
        + p("with a box", runs=_BOX.format(p("in a box")))
        + p("with a note", runs='<w:r><w:footnoteReference w:id="2"/></w:r>')
    )
    note = '<w:footnote w:id="2">' + p("in a note") + "</w:footnote>"
    document = read(
        body,
        {
            "word/header1.xml": part("hdr", p("in the header")),
            "word/footer1.xml": part("ftr", p("in the footer")),
            "word/footnotes.xml": part("footnotes", note),
        },
    )
    for place in ("body", "cell", "control", "link", "box", "note"):
        assert document.text.count(f"in a {place}" if place != "body" else "in the body") == 1
    assert "put in later" in document.text
    assert document.furniture == ("in the header", "in the footer")
    assert said(document, BlockKind.FOOTNOTE) == ["1 in a note"]
    assert "with a note 1" in document.text
    table_block = next(b for b in document.blocks if b.kind is BlockKind.TABLE)
    assert table_block.text == "in a cell\tbeside"


def test_tracked_changes_are_read_as_accepted_and_each_is_listed() -> None:
    body = p(
        "Seen by ",
        runs='<w:del w:author="Ines Vale"><w:r><w:delText>Mrs Quirke</w:delText></w:r></w:del>'
        '<w:ins w:author="Ines Vale"><w:r><w:t>the nurse</w:t></w:r></w:ins>',
    )
    document = read(body)
    assert document.text == "Seen by the nurse"
    assert listed(document) == [UnreadKind.TRACKED_CHANGE] * 2
    assert "Mrs Quirke" in document.margins
    assert "Ines Vale" in document.margins


def test_a_deleted_paragraph_end_joins_two_paragraphs() -> None:
    body = p("The nurse ", "<w:rPr><w:del/></w:rPr>") + p("called.") + p("Another.")
    document = read(body)
    assert document.text == "The nurse called.\n\nAnother."
    assert listed(document) == [UnreadKind.TRACKED_CHANGE]


def test_comments_and_hidden_text_are_left_out_and_listed() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Xanthe</w:t></w:r>"
    comment = f'<w:comment w:id="0" w:author="Olu Penn">{p("ask Xanthe Moor")}</w:comment>'
    document = read(p("Text. ", runs=hidden), {"word/comments.xml": part("comments", comment)})
    assert document.text == "Text."
    assert sorted(listed(document)) == [UnreadKind.COMMENT, UnreadKind.HIDDEN_TEXT]
    assert {"Xanthe", "ask Xanthe Moor", "Olu Penn"} <= set(document.margins)


def test_pictures_objects_and_strange_parts_are_listed() -> None:
    picture = (
        '<w:r><w:drawing><wp:docPr descr="Genogram of the Quirke family"/>'
        "<a:blip/></w:drawing></w:r>"
    )
    document = read(
        p("Text.", runs=picture),
        {
            "word/embeddings/sheet.xlsx": b"x",
            "word/vbaProject.bin": b"x",
            "word/charts/chart1.xml": "<c><v>Mrs Quirke</v></c>",
            "docProps/core.xml": "<c><creator>Ines Vale</creator></c>",
            "docProps/custom.xml": "<c><p>Case of Xanthe</p></c>",
        },
    )
    kinds = {UnreadKind.PICTURE, UnreadKind.ATTACHMENT, UnreadKind.OTHER_PART}
    assert set(listed(document)) == kinds
    assert listed(document).count(UnreadKind.OTHER_PART) == 2
    wanted = {"Case of K", "Genogram of the Quirke family", "Ines Vale", "Case of Xanthe"}
    assert wanted <= set(document.margins)


_LEVELS = (
    ('0', "decimal", "%1."), ('1', "decimal", "%1.%2"), ('2', "lowerLetter", "%3)"),
    ('3', "lowerRoman", "(%4)"), ('4', "bullet", "\uf0b7"),
)  # fmt: skip


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{how}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, how, text in _LEVELS
    )
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    kind = '<w:abstractNumId w:val="0"/>'
    return part(
        "numbering",
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        f'<w:num w:numId="1">{kind}</w:num><w:num w:numId="2">{kind}{again}</w:num>',
    )


def _listed(text: str, level: int, list_id: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def test_automatic_numbers_are_counted_as_word_counts_them() -> None:
    steps = [(0, 1), (1, 1), (1, 1), (2, 1), (2, 1), (3, 1), (4, 1), (0, 1), (1, 1), (0, 2), (1, 2)]
    body = "".join(_listed(f"Text {k}.", level, ids) for k, (level, ids) in enumerate(steps))
    document = read(body, {"word/numbering.xml": _numbering()})
    starts = [block.text.split(" Text")[0] for block in document.blocks]
    assert starts == ["1.", "1.1", "1.2", "a)", "b)", "(i)", "•", "2.", "2.1", "7.", "7.1"]
    numbers = [block.number for block in document.blocks]
    assert numbers == ["1", "1.1", "1.2", "a", "b", "i", None, "2", "2.1", "7", "7.1"]
    assert document.blocks[6].kind is BlockKind.BULLET


def test_headings_come_from_styles_outline_levels_and_bold_lines() -> None:
    styles = part(
        "styles",
        '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Our own"/>'
        '<w:basedOn w:val="H2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quote"/></w:style>',
    )
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>"
    body = (
        p("First", '<w:pStyle w:val="H2"/>')
        + p("Second", '<w:pStyle w:val="Own"/>')
        + p("Third", '<w:outlineLvl w:val="0"/>')
        + p(runs=bold.format("Early years"))
        + p(runs=bold.format("This whole sentence is bold."))
        + p("Said by the mother", '<w:pStyle w:val="Q"/>')
    )
    document = read(body, {"word/styles.xml": styles})
    kinds = [(block.kind, block.level) for block in document.blocks]
    assert kinds == [
        (BlockKind.HEADING, 2),
        (BlockKind.HEADING, 2),
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, None),
        (BlockKind.QUOTE, None),
    ]


def test_a_chosen_value_of_an_old_form_is_listed() -> None:
    chosen = '<w:ddList><w:listEntry w:val="Xanthe"/></w:ddList>'
    field = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{chosen}</w:ffData></w:fldChar></w:r>'
    document = read(p("Seen by", runs=field))
    assert listed(document) == [UnreadKind.FORM_FIELD]
    assert "Xanthe" in document.margins


def test_a_box_of_one_column_is_read_as_paragraphs() -> None:
    body = "<w:tbl><w:tr>" + _CELL.format(p("One.") + p("Two.")) + "</w:tr></w:tbl>"
    assert [block.kind for block in read(body).blocks] == [BlockKind.PARAGRAPH] * 2


def test_a_cell_over_two_columns_leaves_an_empty_one() -> None:
    wide = "<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + p("Wide") + "</w:tc>"
    row = "<w:tr>" + _CELL.format(p("a")) + _CELL.format(p("b")) + "</w:tr>"
    (table,) = read(f"<w:tbl><w:tr>{wide}</w:tr>{row}</w:tbl>").blocks
    assert table.text == "Wide\t\na\tb"
    assert [[cell is None for cell in cells] for cells in table.rows] == [
        [False, True],
        [False] * 2,
    ]


def test_names_split_over_runs_are_whole() -> None:
    runs = "<w:r><w:t>Xan</w:t></w:r><w:r><w:t>the</w:t></w:r>"
    assert read(p(runs=runs)).text == "Xanthe"


_ENTITY = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document>&e;</w:document>'


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"PK\x03\x04 and then nothing", id="cut off"),
        pytest.param(package("")[:-40], id="without its end"),
        pytest.param(package(""), id="without text"),
        pytest.param(package("<w:p><w:r>", None), id="broken markup"),
        pytest.param(package(p("x"), {"word/styles.xml": _ENTITY}), id="with an entity"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        docx.read(data)


def test_a_zip_that_is_no_word_file_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(ReadError, match="no Word document"):
        docx.read(made.getvalue())


def test_a_part_that_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_package, "MOST_PART", 10_000)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", part("document", " " * 1_000_000))
    with pytest.raises(ReadError, match="unpacks"):
        docx.read(made.getvalue())


def test_the_same_file_gives_the_same_document() -> None:
    data = package(_listed("One.", 0) + p("Two."), {"word/numbering.xml": _numbering()})
    assert docx.read(data) == docx.read(data)
