"""Word files written as raw parts, for tests; every name in them is invented."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NS = (
    f'xmlns:w="{_W}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def part(name: str, inside: str) -> str:
    return f'<?xml version="1.0"?><w:{name} {_NS}>{inside}</w:{name}>'


def p(text: str = "", properties: str = "", runs: str = "") -> str:
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}{runs}</w:p>"


def package(body: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """The bytes of a .docx with this body and these further parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        target = f'<Relationship Id="r" Type="{_OFFICE}" Target="word/document.xml"/>'
        file.writestr("_rels/.rels", f'<Relationships xmlns="{_RELS}">{target}</Relationships>')
        file.writestr("word/document.xml", part("document", f"<w:body>{body}</w:body>"))
        for name, text in (parts or {}).items():
            file.writestr(name, text)
    return made.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def inserted(*runs: str) -> str:
    """A tracked insertion of runs."""
    return f'<w:ins w:id="1" w:author="Ines Vale">{"".join(runs)}</w:ins>'


def deleted(text: str) -> str:
    """A tracked deletion of a text."""
    gone = f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r>'
    return f'<w:del w:id="2" w:author="Ines Vale">{gone}</w:del>'


def picture(said: str = "", *, points: int = 200, inside: str = "<a:blip/>") -> str:
    """A run with a picture: what it says of itself, its size, what it is."""
    size = f'<wp:extent cx="{points * 12700}" cy="{points * 12700}"/>'
    return (
        f'<w:r><w:drawing><wp:inline>{size}<wp:docPr descr="{said}"/>{inside}'
        "</wp:inline></w:drawing></w:r>"
    )


def commented(key: int, text: str) -> str:
    """A text with a comment on it."""
    start, end = (f'<w:commentRange{edge} w:id="{key}"/>' for edge in ("Start", "End"))
    return f'{start}{run(text)}{end}<w:r><w:commentReference w:id="{key}"/></w:r>'


def comments(*texts: str) -> str:
    """The part of the comments, numbered from 0."""
    made = (
        f'<w:comment w:id="{key}" w:author="Olu Penn">{p(text)}</w:comment>'
        for key, text in enumerate(texts)
    )
    return part("comments", "".join(made))


def table(*rows: tuple[str, ...], properties: str = "") -> str:
    """A table; the cells of a row are paragraphs, `properties` those of its last row."""
    made = []
    for at, row in enumerate(rows, start=1):
        mine = properties if at == len(rows) else ""
        cells = "".join(f"<w:tc>{cell}</w:tc>" for cell in row)
        made.append(f"<w:tr><w:trPr>{mine}</w:trPr>{cells}</w:tr>")
    return f"<w:tbl>{''.join(made)}</w:tbl>"
