"""Figures that fit hold, those that do not fail, and what only looks like one is let be."""

from __future__ import annotations

import time

import pytest

from pipeline.raw import figures
from pipeline.raw.document import Block, Document
from pipeline.raw.figures_numbers import counts, digits
from pipeline.span import BlockKind, Span


def document(*texts: str, rows: tuple[tuple[str, ...], ...] = ()) -> Document:
    """A document of paragraphs; one that starts with "- " is a bullet, with "12. " numbered."""
    blocks: list[Block] = []
    parts: list[str] = []
    at = 0
    for text in texts:
        head = text.split(". ")[0]
        number = head if head.isdigit() else None
        kind = BlockKind.BULLET if text.startswith("- ") else BlockKind.PARAGRAPH
        blocks.append(Block(kind, text, 1, Span(at, at + len(text)), number))
        parts.append(text)
        at += len(text) + 2
    if rows:
        cells, start, lines = [], at, []
        for row in rows:
            spans: list[Span | None] = []
            for cell in row:
                spans.append(Span(start, start + len(cell)))
                start += len(cell) + 1
            cells.append(tuple(spans))
            lines.append("\t".join(row))
        whole = "\n".join(lines)
        span = Span(at, at + len(whole))
        blocks.append(Block(BlockKind.TABLE, whole, 1, span, rows=tuple(cells)))
        parts.append(whole)
    return Document("", "text/plain", "test", 1, "\n\n".join(parts), tuple(blocks))


FAILING = [
    ("Of the 40 visits, 12 were early, 9 were late and 15 were missed.", (40, 12, 9, 15)),
    ("There were 30 letters in all: 12 from home, 9 from school and 11 others.", (30, 12, 9, 11)),
    ("In total, 34 calls came; 12 from home, 9 from school and 9 others.", (34, 12, 9, 9)),
    ("Twelve of the 40 calls (41%) were answered.", (12, 40, 41)),
    ("Nothing was written on 14 of the 12 forms.", (14, 12)),
    ("The cases divide as follows: 40% early, 35% late and 15% never.", (40, 35, 15)),
    ("Over the 20 months from March 2012 to May 2013 nobody called.", (20, 14)),
    ("Four services sent papers: housing, the police and the school.", (4, 3)),
    ("Gaps were found in 30 of 90 files. In 12 files a name was missing and in a further 20, "
     "a date.", (30, 12, 20)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "numbers"), FAILING)
def test_figures_that_do_not_fit_are_told(text: str, numbers: tuple[int, ...]) -> None:
    rows = [f for f in figures.check([document(f"7. {text}")]) if f.verdict == "fails"]
    assert [(f.paragraphs, f.numbers) for f in rows] == [(("7",), numbers)]


@pytest.mark.parametrize(
    "text",
    [
        "Of the 36 visits, 12 were early, 9 were late and 15 were missed.",
        "Of the 90 families, 12 had a dog and 9 had a cat.",
        "Twelve of the 40 calls (30%) were answered.",
        "Almost a third, 13 (about 32%) of the 40 calls, were answered.",
        "40% had one child, 35% rented a flat and 45% had moved.",
        "Over the 14 months from March 2012 to May 2013 nobody called.",
        "Three services sent papers: housing, the police and the school.",
        "On 3 May 2012 the child, aged 11 to 15 at the time, was seen under section 47.",
        "Drink was an issue in 47 of the cases, debt in 40 and illness in 43.",
    ],
)
def test_what_fits_or_is_no_sum_is_let_be(text: str) -> None:
    assert [f for f in figures.check([document(f"7. {text}")]) if f.verdict == "fails"] == []


def test_two_paragraphs_that_count_the_same_differently() -> None:
    told = document("1. The review drew on 12 letters.", "2. None of the 14 letters was dated.")
    (row,) = [f for f in figures.check([told]) if f.verdict == "fails"]
    assert (row.paragraphs, row.numbers) == (("1", "2"), (12, 14))


def test_a_count_and_its_groups() -> None:
    told = document(
        "8. Of the 60 plans, 41 were signed by a parent.",
        "9. Ten of the 20 early plans were signed, as were 25 of the 40 late ones.",
    )
    (row,) = [f for f in figures.check([told]) if f.verdict == "fails"]
    assert row.numbers == (41, 60, 10, 25)


def test_bounds_of_two_files() -> None:
    one = document("3. Some inquiries took more than four years to finish.")
    two = document("5. A few inquiries took up to four years to finish.")
    (row,) = [f for f in figures.check([one, two]) if f.verdict == "fails"]
    assert (row.paragraphs, row.files) == (("3", "5"), (1, 2))


@pytest.mark.parametrize(("total", "verdict"), [("9", "holds"), ("8", "fails")])
def test_a_table_with_a_total(total: str, verdict: str) -> None:
    rows = (("Service", "Calls"), ("Police", "4"), ("School", "5"), ("Total", total))
    (row,) = figures.check([document("1. See below.", rows=rows)])
    assert (row.verdict, row.numbers) == (verdict, (int(total), 4, 5))


def test_bullets_below_a_total() -> None:
    told = document("1. The 12 calls came from:", "- the school: 5", "- the police: 6")
    (row,) = figures.check([told])
    assert (row.verdict, row.numbers) == ("fails", (12, 5, 6))


def test_no_row_holds_a_word_of_the_report() -> None:
    told = document("7. Of the 40 Zebras, 12 were early, 9 were late and 15 were missed.")
    assert "Zebra" not in str(figures.check([told]))


def test_half_a_megabyte_of_numbers_takes_seconds() -> None:
    lines = [f"{n}. Of {n} cases, {n % 7} were 1 2 3 4 5 6 7 8 9 (5%)" for n in range(1, 1_000)]
    start = time.process_time()
    figures.check([document(" ".join(str(n) for n in range(75_000)), *lines)])
    assert time.process_time() - start < 5


def test_numbers_in_words() -> None:
    assert digits("Twenty-one of ninety six") == "21 of 96"
    assert counts("27 (59%) of 30") == [27, 30]
