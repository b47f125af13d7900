"""The fixed parts of a Word file: content types, relations, styles, numbering, frames of parts."""

from __future__ import annotations

from datetime import date
from html import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACES = (
    f'xmlns:w="{_W}" xmlns:r="{RELATIONS}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)

_PARTS = ("document.main", "styles", "numbering", "footnotes", "header", "footer")
_FILES = ("document", "styles", "numbering", "footnotes", "header1", "footer1")

CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/word/{f}.xml" ContentType="{WORD}.{p}+xml"/>'
        for f, p in zip(_FILES, _PARTS, strict=True)
    )
    + '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)

PACKAGE_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)

DOCUMENT_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{name.rstrip("1")}" Target="{name}.xml"/>'
        for n, name in enumerate(_FILES[1:], start=1)
    )
    + "</Relationships>"
)


def _style(name: str, look: str = "", run: str = "", based: str = "Normal") -> str:
    parent = f'<w:basedOn w:val="{based}"/>' if name != "Normal" else ""
    default = ' w:default="1"' if name == "Normal" else ""
    title = {"Heading1": "heading 1", "Heading2": "heading 2", "ListBullet": "List Bullet"}
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}">'
        f'<w:name w:val="{title.get(name, name)}"/>{parent}'
        f"<w:pPr>{look}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


STYLES = (
    f"{HEAD}<w:styles {SPACES}>"
    + _style("Normal", '<w:spacing w:after="120"/>', '<w:sz w:val="22"/>')
    + _style("Heading1", '<w:keepNext/><w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="32"/>')
    + _style("Heading2", '<w:keepNext/><w:outlineLvl w:val="1"/>', '<w:b/><w:sz w:val="26"/>')
    + _style("Title", '<w:jc w:val="center"/>', '<w:b/><w:sz w:val="44"/>')
    + _style("Cover", '<w:jc w:val="center"/>')
    + _style("Contents", '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs>')
    + _style("Quote", '<w:ind w:left="720"/>', "<w:i/>")
    + _style("ListBullet")
    + _style("Cell", '<w:spacing w:after="0"/>', '<w:sz w:val="18"/>')
    + "</w:styles>"
)


def _level(number: int, form: str, text: str, left: int) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="560"/></w:pPr></w:lvl>'
    )


NUMBERING = (
    f"{HEAD}<w:numbering {SPACES}>"
    '<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>'
    + _level(0, "decimal", "%1", 560)
    + _level(1, "decimal", "%1.%2", 560)
    + '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    + _level(0, "bullet", "•", 720)
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num></w:numbering>'
)

_EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
TABLE_LOOK = (
    f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_EDGES}</w:tblBorders></w:tblPr>'
)


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


PAGE_OF_PAGES = (
    '<w:r><w:tab/><w:t xml:space="preserve">Page </w:t></w:r>'
    + _field("PAGE")
    + '<w:r><w:t xml:space="preserve"> of </w:t></w:r>'
    + _field("NUMPAGES")
)


def document(body: str) -> str:
    """The main part round its paragraphs and tables."""
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/>'
        '<w:footerReference w:type="default" r:id="rId5"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1300" w:bottom="1300" '
        'w:left="1300" w:header="700" w:footer="600" w:gutter="0"/></w:sectPr>'
    )
    return f"{HEAD}<w:document {SPACES}><w:body>{body}{section}</w:body></w:document>"


def header(body: str) -> str:
    """The part of the running head."""
    return f"{HEAD}<w:hdr {SPACES}>{body}</w:hdr>"


def footer(body: str) -> str:
    """The part of the running foot."""
    return f"{HEAD}<w:ftr {SPACES}>{body}</w:ftr>"


def footnotes(notes: str) -> str:
    """The part of the footnotes, with the two separators that Word expects."""
    separators = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r>'
        "<w:continuationSeparator/></w:r></w:p></w:footnote>"
    )
    return f"{HEAD}<w:footnotes {SPACES}>{separators}{notes}</w:footnotes>"


def text_box(run: str) -> str:
    """A paragraph with a text box that floats beside the text."""
    return (
        '<w:p><w:r><w:pict><v:shape style="position:absolute;width:180pt;height:60pt">'
        f"<v:textbox><w:txbxContent><w:p>{run}</w:p></w:txbxContent></v:textbox>"
        "</v:shape></w:pict></w:r></w:p>"
    )


def core(title: str, author: str, day: date) -> str:
    """The properties of the file; they name people, as such properties do."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title, quote=False)}</dc:title>"
        f"<dc:creator>{escape(author, quote=False)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day.isoformat()}T09:00:00Z</dcterms:created>'
        "</cp:coreProperties>"
    )
