"""The parts of a Word file that every report has alike. The gate knows them to the letter."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from pipeline.safe import frame

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DC = "http://purl.org/dc/elements/1.1/"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DOCUMENT, PROPERTIES = "word/document.xml", "docProps/core.xml"
FOOTER_ID = "rId4"
BULLETS = 1
DEEPEST = 2
_PARTS = (
    ("rId1", "styles", "styles.xml"),
    ("rId2", "settings", "settings.xml"),
    ("rId3", "numbering", "numbering.xml"),
    (FOOTER_ID, "footer", "footer1.xml"),
)


def opened(tag: str) -> str:
    """The start of a part, with its first tag."""
    return f'{_HEAD}<w:{tag} xmlns:w="{W}" xmlns:r="{R}">'


def _types() -> str:
    kinds = [("/word/document.xml", f"{_WORD}.document.main+xml")]
    kinds += [(f"/word/{file}", f"{_WORD}.{kind}+xml") for _, kind, file in _PARTS]
    kinds.append((f"/{PROPERTIES}", "application/vnd.openxmlformats-package.core-properties+xml"))
    inside = "".join(f'<Override PartName="{n}" ContentType="{k}"/>' for n, k in kinds)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inside}</Types>'
    )


def _relations(rows: tuple[tuple[str, str, str], ...]) -> str:
    inside = "".join(f'<Relationship Id="{i}" Type="{k}" Target="{t}"/>' for i, k, t in rows)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _heading(level: int) -> str:
    size = {1: 48, 2: 34, 3: 28}.get(level, 25)
    return (
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="360" w:after="120"/>'
        f'<w:outlineLvl w:val="{level - 1}"/></w:pPr>'
        f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
    )


def _styles() -> str:
    return (
        f"{opened('styles')}<w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
        '<w:sz w:val="24"/><w:szCs w:val="24"/>'
        '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="en-GB"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="180" w:line="324" w:lineRule="auto"/>'
        '<w:jc w:val="left"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="160" w:type="dxa"/></w:tblCellMar>'
        "</w:tblPr></w:style>"
        + "".join(_heading(level) for level in range(1, 7))
        + _paragraph("Note", "Note", "", '<w:color w:val="484D50"/>')
        + _paragraph("Draft", "Draft warning", "", '<w:b/><w:color w:val="942514"/>')
        + _paragraph("Quote", "Quote", '<w:ind w:left="567" w:right="567"/>', "")
        + _paragraph("NoteText", "Note text", "<w:keepLines/>", '<w:color w:val="484D50"/>')
        + _paragraph("ListItem", "List item", '<w:spacing w:after="100"/><w:ind w:left="567"/>', "")
        + _paragraph("Cell", "Cell", '<w:spacing w:before="60" w:after="60"/>', "")
        + _paragraph(
            "CellHead", "Cell heading", '<w:spacing w:before="60" w:after="60"/>', "<w:b/>"
        )
        + _paragraph("Foot", "Foot", '<w:jc w:val="center"/>', '<w:color w:val="484D50"/>')
        + '<w:style w:type="character" w:customStyle="1" w:styleId="Label">'
        '<w:name w:val="Label"/><w:rPr><w:shd w:val="clear" w:color="auto" w:fill="EEF3F5"/>'
        "</w:rPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable">'
        '<w:name w:val="Report table"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
        '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/>'
        '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/>'
        "</w:tblBorders></w:tblPr></w:style></w:styles>"
    )


def _paragraph(key: str, name: str, paragraph: str, run: str) -> str:
    own = "" if key == "Quote" else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f"<w:rPr>{run}</w:rPr></w:style>"
    )


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        '<w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{567 * (at + 1)}" w:hanging="397"/></w:pPr></w:lvl>'
        for at in range(DEEPEST)
    )
    return (
        f'{opened("numbering")}<w:abstractNum w:abstractNumId="0">'
        f'<w:multiLevelType w:val="hybridMultilevel"/>{levels}</w:abstractNum>'
        f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def _settings() -> str:
    return (
        f'{opened("settings")}<w:autoHyphenation w:val="false"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-GB"/></w:settings>'
    )


def _footer() -> str:
    def number(field: str) -> str:
        return f'<w:fldSimple w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'

    def words(text: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'

    return (
        f'{opened("ftr")}<w:p><w:pPr><w:pStyle w:val="Foot"/></w:pPr>{words("Page ")}'
        f"{number('PAGE')}{words(' of ')}{number('NUMPAGES')}</w:p></w:ftr>"
    )


def constant() -> dict[str, str]:
    """The parts that every file has alike, by name."""
    return {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            (
                ("rId1", f"{R}/officeDocument", DOCUMENT),
                ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", PROPERTIES),
            )
        ),
        "word/_rels/document.xml.rels": _relations(
            tuple((key, f"{R}/{kind}", file) for key, kind, file in _PARTS)
        ),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/numbering.xml": _numbering(),
        "word/footer1.xml": _footer(),
    }


def properties(public_id: str) -> str:
    """The properties of a file: its title and its language, nothing else."""
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="{DC}">'
        f"<dc:title>{escape(frame.title(public_id))}</dc:title>"
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    )


def order() -> tuple[str, ...]:
    """The names of all parts, in the order in which they stand in the file."""
    first, *rest = constant()
    return (first, rest[0], DOCUMENT, *rest[1:], PROPERTIES)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as one file: in a fixed order, not compressed, without dates and owners."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name in order():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            package.writestr(entry, parts[name])
    return out.getvalue()
