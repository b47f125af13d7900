"""The PDF and the Word file: structure that programs read aloud, fonts, and the same words."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import pikepdf
import pytest
from door_parts import document, redacted
from leak_parts import RENDER, made

from pipeline.config import Settings
from pipeline.exporters import pdf_fonts, to_docx, to_html, to_pdf, tree
from pipeline.installed import shipped
from pipeline.raw.readers import reading
from pipeline.safe import frame
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeText
from pipeline.span import BlockKind, Span

TITLE = "Case review CR-0001"


@lru_cache(maxsize=1)
def pdf() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(RENDER[".pdf"](made().document)))


def elements(kind: str) -> list[pikepdf.Object]:
    found, waiting = [], [pdf().Root.StructTreeRoot.K[0]]
    while waiting:
        one = waiting.pop()
        if one.get("/S") == f"/{kind}":
            found.append(one)
        kids = [kid for kid in one.get("/K", ()) if isinstance(kid, pikepdf.Dictionary)]
        waiting += [kid for kid in kids if kid.Type == "/StructElem"]
    return found


def test_a_pdf_says_what_it_is() -> None:
    file = pdf()
    assert str(file.Root.Lang) == "en-GB"
    assert file.Root.MarkInfo.Marked
    assert file.Root.ViewerPreferences.DisplayDocTitle
    assert {key: str(value) for key, value in file.docinfo.items()} == {
        "/Producer": "Candour", "/Title": TITLE,
    }  # fmt: skip
    assert b'pdfuaid:part="1"' in file.Root.Metadata.read_bytes()
    assert "/Date" not in str(file.docinfo)


def test_a_pdf_has_headings_lists_quotes_and_tables_with_scope() -> None:
    counts = {kind: len(elements(kind)) for kind in ("H1", "H2", "LI", "Table", "BlockQuote")}
    # The contents are a list of three, the report has one of three items.
    assert counts == {"H1": 1, "H2": 4, "LI": 6, "Table": 1, "BlockQuote": 1}
    assert [str(cell.A.Scope) for cell in elements("TH")] == ["/Column", "/Column"]
    assert len(elements("TD")) == 4


def test_the_bookmarks_of_a_pdf_are_its_headings_and_its_links_lead_to_them() -> None:
    with pdf().open_outline() as outline:
        (top,) = outline.root
        told = [str(entry.title) for entry in top.children]
    assert str(top.title) == TITLE
    assert told == [frame.CONTENTS, "1. About [child] & others", "2. What happened <here>",
                    "3. Learning"]  # fmt: skip
    links = [note for page in pdf().pages for note in page.get("/Annots", ())]
    assert sorted(str(link.Contents) for link in links) == told[1:]
    assert all("/A" not in link for link in links)


def test_every_letter_of_a_pdf_is_twelve_points_or_more_and_stands_at_the_left() -> None:
    sizes = set()
    for page in pdf().pages:
        for done in pikepdf.parse_content_stream(page):
            if str(done.operator) == "Tf":
                sizes.add(float(done.operands[1]) * 0.75)
    assert min(sizes) >= 12
    assert "justify" not in frame.STYLE + to_pdf._STYLE


def test_the_fonts_are_the_shipped_ones_and_their_licences_lie_beside_them() -> None:
    folder = shipped("configs/fonts")
    files = sorted(path.name for path in folder.glob("*.woff2"))
    assert files == ["DejaVuSans.woff2", "SourceSans3-Bold.woff2", "SourceSans3-Regular.woff2"]
    assert sum((folder / name).stat().st_size for name in files) < 600 * 1024
    assert {path.name for path in folder.iterdir()} - set(files) == {
        "DejaVuSans-LICENSE.txt", "SourceSans3-LICENSE.md",
    }  # fmt: skip
    names = {str(font.BaseFont)[8:] for font in pdf().pages[0].Resources.Font.values()}
    assert names == {"Candour-Sans", "Candour-Sans-Bold"}


def test_nothing_is_fetched() -> None:
    for url in (
        "https://example.org/x.css",
        "file:///etc/hostname",
        "data:text/css,x",
        "candour-font:x",
    ):
        with pytest.raises(ValueError, match="nothing is fetched"):
            pdf_fonts.fetcher().fetch(url)


def test_the_head_of_a_table_comes_again_on_each_page_and_the_gate_knows_it() -> None:
    from pipeline.door.verify import leftovers

    rows = "\n".join(f"{n} May\tA visit was made and nobody was in, number {n}." for n in range(90))
    of = redacted(document("Start.", (BlockKind.TABLE, f"Date\tEvent\n{rows}"), "End."))
    file = to_pdf.render(of.document, public_id="x")
    import pypdfium2

    shown = pypdfium2.PdfDocument(file)
    pages = [shown[n].get_textpage().get_text_range() for n in range(len(shown))]
    assert len(pages) > 2
    assert all("Date" in page and "Event" in page for page in pages[:-1])
    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(
        pages
    )
    assert leftovers({"x.pdf": file}, of) == ()


def read_again(tmp_path: Path, of: SafeDocument) -> list[tuple[str, str, int | None]]:
    path = tmp_path / "report.docx"
    path.write_bytes(to_docx.render(of, public_id="CR-0001"))
    read = reading.read(path, Settings())
    assert read.unread == ()
    return [(b.kind.value, b.text, b.level) for b in read.blocks if b.span is not None]


def test_our_own_reader_reads_a_word_file_as_it_was(tmp_path: Path) -> None:
    blocks = read_again(tmp_path, made().document)
    assert blocks[0] == ("heading", TITLE, 1)
    assert [(text, level) for kind, text, level in blocks[1:] if kind == "heading"] == [
        ("1. About [child] & others", 2), ("2. What happened <here>", 2), ("3. Learning", 2),
    ]  # fmt: skip
    assert [text for kind, text, _ in blocks if kind == "bullet"][:2] == [
        "• first of all", "• third",
    ]  # fmt: skip
    assert [kind for kind, _, _ in blocks].count("table") == 1
    assert [text for kind, text, _ in blocks if kind == "quote"] == [
        "“We did not ask. Took Vi risk.”"
    ]
    words = " ".join(text for _, text, _ in blocks).replace("• third", "third").split()
    safe = made().document.text.value.split()
    assert [word for word in words if word in safe] and set(safe) <= set(words)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_a_word_file(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(to_docx.render(made().document, public_id="CR-0001"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir",
         str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    told = (tmp_path / "report.txt").read_text(encoding="utf-8-sig")
    assert "was seen" in told
    assert told.split()[:3] == ["Case", "review", "CR-0001"]


def test_what_no_cell_of_a_table_has_is_not_lost() -> None:
    """A mark of a note behind a cell: the reader left it out of the cell, not out of the text."""
    text = "Age 4 | Name\n12 8 | x 9"
    rows = ((Span(0, 3), Span(8, 12)), (Span(13, 15), Span(20, 21)))
    block = SafeBlock(BlockKind.TABLE, 1, Span(0, len(text)), rows=rows)
    told = [[cell.of(text) for cell in row if cell] for row in tree.whole_rows(block, text)]
    assert told == [["Age 4", "Name"], ["12 8", "x 9"]]
    of = SafeDocument("r", "public", SafeText(text), (block,), draft=False)
    assert "12 8" in to_html.render(of, public_id="x").decode()
