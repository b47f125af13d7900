"""A review as a Word file with what real ones hold, of the same pieces as its PDF."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence

from pipeline.training import docx_parts as parts
from pipeline.training.flaws import WORD, Flaws
from pipeline.training.pieces import Piece, pieces
from pipeline.training.report import Report
from pipeline.training.truth import Edge, Known, Truth, single
from pipeline.training.word_body import Body, paragraph, run, section

_PAGE = (
    '<w:r><w:tab/><w:t xml:space="preserve">Page </w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def _types() -> str:
    """The content types: those of the plain file, and of the further heads and the settings."""
    more = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{parts.WORD}.{kind}+xml"/>'
        for name, kind in (("header2", "header"), ("header3", "header"), ("settings", "settings"))
    )
    return parts.CONTENT_TYPES.replace("</Types>", f"{more}</Types>")


def _relations() -> str:
    more = "".join(
        f'<Relationship Id="rId{n}" Type="{parts.RELATIONS}/{kind}" Target="{name}.xml"/>'
        for n, kind, name in (
            (6, "header", "header2"),
            (7, "header", "header3"),
            (8, "settings", "settings"),
        )
    )
    return parts.DOCUMENT_RELATIONS.replace("</Relationships>", f"{more}</Relationships>")


def _heads(report: Report, flaws: Flaws) -> dict[str, str]:
    """The texts of the heads and the foot, by the name of their part."""
    heads = {"header1": single(report.header.text), "footer1": single(report.footer.text)}
    if "word: odd and even heads" in flaws:
        heads["header2"] = report.world.orgs["board"].full
    if "word: first page head" in flaws:
        heads["header3"] = "OFFICIAL – SENSITIVE"
    return heads


def _notes(notes: Sequence[str]) -> str:
    made = "".join(
        f'<w:footnote w:id="{n}">'
        + paragraph("Normal", "<w:r><w:footnoteRef/></w:r>" + run(f" {text}"))
        + "</w:footnote>"
        for n, text in enumerate(notes, start=2)
    )
    return parts.footnotes(made)


def truth(report: Report, flaws: Flaws, made: Sequence[Piece]) -> Truth:
    """What the file holds; its pages are not counted, and furniture has page 1."""
    blocks: list[Known] = [b for b in (p.block for p in made) if b is not None]
    heads = _heads(report, flaws)
    heads["footer1"] = f"{heads['footer1']} Page 1".strip()
    edges = [Edge(1, text, "word: heads") for text in heads.values()]
    return Truth(1, tuple(blocks), tuple(edges), tuple(sorted(flaws.names)))


def rendered(report: Report, flaws: Flaws) -> tuple[bytes, Truth]:
    """The Word file of a review with flaws, and its truth: the same bytes for the same review."""
    made = pieces(report, flaws)
    body = Body(report, flaws)
    text = body.body(made) + section("one", flaws)
    heads = _heads(report, flaws)
    even = "<w:evenAndOddHeaders/>" if "header2" in heads else ""
    contents = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": parts.PACKAGE_RELATIONS,
        "docProps/core.xml": parts.core(
            report.header.text, report.world.people["author"].full, report.world.published
        ),
        "word/document.xml": f"{parts.HEAD}<w:document {parts.SPACES}><w:body>{text}</w:body>"
        "</w:document>",
        "word/_rels/document.xml.rels": _relations(),
        "word/styles.xml": parts.STYLES,
        "word/numbering.xml": body.numbers.part(),
        "word/footnotes.xml": _notes(body.notes),
        "word/settings.xml": f"{parts.HEAD}<w:settings {parts.SPACES}>{even}</w:settings>",
        "word/header1.xml": parts.header(paragraph("Normal", run(heads["header1"]))),
        "word/header2.xml": parts.header(paragraph("Normal", run(heads.get("header2", "")))),
        "word/header3.xml": parts.header(paragraph("Normal", run(heads.get("header3", "")))),
        "word/footer1.xml": parts.footer(paragraph("Normal", run(heads["footer1"]) + _PAGE)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, said in contents.items():
            info = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, said.encode())
    return out.getvalue(), truth(report, flaws, made)


def habits(rng: random.Random) -> frozenset[str]:
    """What a Word file of the corpus holds, drawn by chance."""
    return frozenset(name for name in WORD if rng.random() < 0.5)
