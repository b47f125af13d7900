"""PDFs and Word files with artefacts: the same bytes again, and a truth that the files bear out."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections import Counter
from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from pipeline.span import Kind
from pipeline.training import compose, flaws, pieces, truth
from pipeline.training.compose import Order
from pipeline.training.flaws import Flaws
from pipeline.training.report import Item, Report
from pipeline.training.rich import Mark, Rich
from pipeline.training.truth import Truth

pytest.importorskip("faker", reason="the generator's own libraries are not installed")
pytest.importorskip("reportlab", reason="the generator's own libraries are not installed")

from pipeline.training import render_pages, render_word

# Words that stand on the page in parts, or with a note's mark right after them.
_BROKEN = {
    "hyphens",
    "soft hyphens",
    "words broken at their hyphen",
    "words cut in cells",
    "mark of a note after a year",
}


@pytest.fixture(scope="module")
def report() -> Report:
    # This review has what every artefact needs: notes, a long paragraph, a name with a hyphen.
    return compose.review(
        Order(
            bank=2,
            seed="pages/0013",
            kind="SCR",
            year=2012,
            encoding="cp1252",
            invented=True,
            size=0.7,
            habits=(("family", "named"), ("numbering", "1.1"), ("outline", "C")),
        )
    )


def words(text: str) -> Counter[str]:
    for sign, plain in (("\ufb01", "fi"), ("\ufb02", "fl"), ("\uf0b7", "•"), ("\x00", "•")):
        text = text.replace(sign, plain)
    return Counter(re.findall(r"[^\W\d_]+|\d+", text))


def pages(data: bytes) -> list[str]:
    file = pdfium.PdfDocument(data)
    made = []
    for page in file:
        text = page.get_textpage()
        made.append(text.get_text_range())
        text.close()
        page.close()
    file.close()
    return made


def unseen(made: Truth, seen: Counter[str]) -> Counter[str]:
    """The words of the blocks that the file does not show."""
    return words(made.text.replace("•", "")) - seen


# PDF ------------------------------------------------------------------------------------------


def test_the_same_review_gives_the_same_file_and_truth(report: Report) -> None:
    drawn = flaws.draw(random.Random(1), 1)
    first, second = (render_pages.rendered(report, drawn) for _ in range(2))
    assert first == second
    other = render_pages.rendered(report, flaws.draw(random.Random(2), 2))
    assert first.data != other.data


def test_files_of_a_corpus_have_every_artefact_between_them() -> None:
    drawn = [flaws.draw(random.Random(f"1/flaws/{n}"), n).names for n in range(1, 61)]
    assert frozenset().union(*drawn) == set(flaws.ARTEFACTS) - set(flaws.NUMBERS)


@pytest.mark.parametrize("name", [n for n in flaws.ARTEFACTS if n not in flaws.NUMBERS])
def test_each_artefact_stands_in_the_file_and_its_truth_is_what_the_pages_show(
    name: str, report: Report
) -> None:
    plain = render_pages.rendered(report, flaws.only("mark: Page n of m"))
    made = render_pages.rendered(report, flaws.only(name))
    assert made.data != plain.data or name in ("mark: Page n of m", "head: the same")
    seen = pages(made.data)
    assert len(seen) == made.truth.pages
    for edge in made.truth.edges:
        assert not words(edge.text) - words(seen[edge.page - 1]) or "watermark" in edge.artefact
    if name not in _BROKEN:
        assert not unseen(made.truth, words(" ".join(seen)))


@pytest.mark.parametrize("name", ["hyphens", "soft hyphens", "words broken at their hyphen"])
def test_words_are_broken_at_the_end_of_lines(name: str, report: Report) -> None:
    made = render_pages.rendered(report, flaws.only(name))
    shown = " ".join(pages(made.data))
    whole = render_pages.rendered(report, flaws.only("mark: Page n of m"))
    broken = words(whole.truth.text) - words(shown)
    signs = re.findall(r"(?:[-\u00ad\x02\ufffe])\s*[\r\n]", shown) + re.findall(
        "[\x02\ufffe]", shown
    )
    assert broken or signs


@pytest.mark.parametrize(
    ("name", "kind", "least"),
    [
        ("repository page", "cover", 5),
        ("contact page", "cover", 5),
        ("box beside", "paragraph", 2),
        ("box between", "paragraph", 1),
        ("two-line headings", "heading", 1),
        ("doubled number", "paragraph", 1),
        ("skipped number", "paragraph", 1),
        ("long notes", "footnote", 1),
        ("mark of a note after a year", "paragraph", 1),
        ("columns", "paragraph", 1),
        ("merged cells", "table", 1),
        ("table over pages", "table", 1),
    ],
)
def test_pieces_are_put_in_and_named(name: str, kind: str, least: int, report: Report) -> None:
    made = [p.block for p in pieces.pieces(report, flaws.only(name)) if p.artefact == name]
    assert sum(b is not None and b.kind == kind for b in made) >= least


def test_a_table_over_pages_has_its_header_once_in_truth_and_twice_on_paper(
    report: Report,
) -> None:
    made = render_pages.rendered(report, flaws.only("table over pages"))
    (table,) = [b for b in made.truth.blocks if b.artefact == "table over pages"]
    assert [row[:2] for row in table.rows].count(("Ref", "Source")) == 1
    assert len(table.rows) == 29
    assert len(re.findall(r"Ref\s+Source\s+Event", " ".join(pages(made.data)))) >= 2


def test_a_page_that_is_stored_upright_is_shown_lying(report: Report) -> None:
    made = render_pages.rendered(report, flaws.only("rotated page"))
    file = pdfium.PdfDocument(made.data)
    assert [page.get_rotation() for page in file].count(90) == 1
    file.close()


def test_roman_marks_come_before_arabic_ones(report: Report) -> None:
    made = render_pages.rendered(report, flaws.only("mark: roman, then arabic"))
    marks = [e.text for e in made.truth.edges if e.artefact == "mark: roman, then arabic"]
    assert marks[:4] == ["ii", "iii", "1", "2"]


def test_unknown_artefacts_and_fonts_are_refused() -> None:
    with pytest.raises(ValueError, match="known name"):
        replace(flaws.NONE, names=frozenset({"smudges"}))
    with pytest.raises(ValueError, match="known name"):
        replace(flaws.NONE, font="Comic Sans")


# Truth ----------------------------------------------------------------------------------------


def test_a_truth_comes_back_from_its_row(report: Report) -> None:
    made = render_pages.rendered(report, flaws.draw(random.Random(5), 5)).truth
    assert truth.from_row(truth.row(made, "x.pdf")) == made


@pytest.mark.parametrize(
    ("item", "note", "text", "number"),
    [
        (Item("paragraph", Rich.of("A  visit."), number="2.1"), "", "2.1 A visit.", "2.1"),
        (
            Item("paragraph", Rich.of("A visit."), number="2.1 2.1"),
            "3",
            "2.1 2.1 A visit. 3",
            "2.1",
        ),
        (Item("bullet", Rich.of("to share")), "", "• to share", None),
        (Item("footnote", Rich.of("Seen."), number="4"), "", "4 Seen.", "4"),
        (Item("heading", Rich.of("Findings"), 1, "7"), "", "7 Findings", "7"),
        (Item("contents", Rich.of("7 Findings"), number="12"), "", "7 Findings 12", None),
    ],
)
def test_the_block_of_an_item(item: Item, note: str, text: str, number: str | None) -> None:
    block = truth.known(item, note=note)
    assert (block.text, block.number) == (text, number)


def test_names_of_a_block_are_those_of_its_marks() -> None:
    person, day = Mark(Kind.PERSON, "p", "hide"), Mark(Kind.DATE, None, "hide")
    said = Rich.of("Ann Lee", person) + Rich.of(" rang on ") + Rich.of("3 May", day)
    assert truth.known(Item("paragraph", said)).names == ("Ann Lee",)
    table = Item("table", rows=((Rich.of("Who"),), (said,)))
    assert truth.known(table).names == ("Ann Lee",)


# Word -----------------------------------------------------------------------------------------


def everything(name: str) -> Flaws:
    drawn = flaws.only(name)
    return replace(drawn, names=drawn.names | set(flaws.WORD))


def shown_in(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(n).decode() for n in package.namelist() if n.startswith("word/")]
    paragraphs = re.split(r"</w:p>|<w:tab/>|<w:br[ /]", " ".join(parts))
    return " ".join("".join(re.findall(r"<w:t[ >][^<]*|<w:t>[^<]*", p)) for p in paragraphs)


@pytest.mark.parametrize("name", ["merged cells", "box beside", "long notes", "columns"])
def test_a_word_file_holds_the_same_blocks_as_the_pdf(name: str, report: Report) -> None:
    data, made = render_word.rendered(report, everything(name))
    assert (data, made) == render_word.rendered(report, everything(name))
    assert made.blocks == render_pages.rendered(report, flaws.only(name)).truth.blocks
    said = re.sub(r'<w:t(?: xml:space="preserve")?>', "", shown_in(data))
    plain = truth.single(said.replace("&amp;", "&"))
    for block in made.blocks:
        for part in block.text.split("\n") if block.kind == "table" else [block.text]:
            last = re.findall(r"[^\W\d_]{4,}", part)[-1:]
            assert all(word in plain for word in last)


def test_word_counts_the_numbers_itself_where_it_can(report: Report) -> None:
    data, _ = render_word.rendered(report, everything("skipped number"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = package.read("word/document.xml").decode()
        lists = package.read("word/numbering.xml").decode()
    assert body.count("<w:numPr>") > 10
    assert "<w:startOverride" in lists
