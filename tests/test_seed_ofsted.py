"""A real report as text from a PDF, its form feeds lost: what reading it must give.

The text is public and not part of the project; where it is absent, nothing here is tested. What
is expected of it is said by its structure and not by its words.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.raw.document import Block, Document
from pipeline.raw.readers import reading
from pipeline.span import BlockKind

SEED = Path(__file__).parent.parent.parent / "shared/seeds/ofsted_learning-lessons-year-2.txt"
PARAGRAPHS, ROWS = 132, 173
_JUDGEMENTS = {"Outstanding", "Good", "Adequate", "Inadequate"}
_DATE = re.compile(r"\d{2}/\d{2}/\d{4}")

pytestmark = pytest.mark.skipif(
    not SEED.exists(), reason="the seed text is no part of the project and is not here"
)


@pytest.fixture(scope="module")
def source() -> list[str]:
    return SEED.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def document() -> Document:
    return reading.read(SEED, Settings())


@pytest.fixture(scope="module")
def head(source: list[str]) -> str:
    """The running head: the longest line that stands there four times or more."""
    often = [line for line, count in Counter(source).items() if count >= 4 and len(line) > 20]
    return max(often, key=len)


def body(document: Document) -> list[Block]:
    return [b for b in document.blocks if b.span is not None]


def main_run(document: Document) -> list[Block]:
    """The paragraphs 1, 2, 3 … in order, whatever other lists stand between them."""
    found: list[Block] = []
    for block in body(document):
        if block.kind is BlockKind.PARAGRAPH and block.number == str(len(found) + 1):
            found.append(block)
    return found


def test_paragraphs_1_to_132_have_their_numbers(document: Document) -> None:
    run = main_run(document)
    assert len(run) >= PARAGRAPHS
    for number, block in enumerate(run[:PARAGRAPHS], start=1):
        assert re.match(rf"{number}\.? \S", block.text), number
        assert len(block.text.split()) > 4, number


def test_no_paragraph_number_stands_inside_a_block(document: Document) -> None:
    ends = [block.text for block in body(document)]
    inside = [n for n in range(1, PARAGRAPHS + 1) if any(f". {n}. " in text for text in ends)]
    assert inside == []


def test_what_a_page_break_splits_is_joined(
    document: Document, source: list[str], head: str
) -> None:
    """Where a sentence goes on after a running head, both sides of it stand in one block."""
    joined = 0
    for at, line in enumerate(source):
        if line.strip() != head or at == 0:
            continue
        before = next(text for text in reversed(source[:at]) if re.search("[A-Za-z]", text))
        after = next(text for text in source[at + 1 :] if text.strip())
        if re.search(r"[.:]\d{0,2}\s*$", before):
            continue
        words = (*before.split()[-3:], *after.split()[:3])
        assert any(" ".join(words) in block.text for block in body(document)), at
        joined += 1
    assert joined >= 2


def test_no_block_starts_in_the_middle_of_a_sentence(document: Document) -> None:
    for block in body(document):
        if block.kind is BlockKind.PARAGRAPH and block.number is None:
            assert not re.match(r"[a-z]", block.text)


def test_no_running_head_stands_in_a_sentence(document: Document, head: str) -> None:
    assert [b for b in body(document) if head in b.text and b.text != head] == []
    assert head in document.furniture


def test_paragraphs_end_as_sentences_do(document: Document) -> None:
    for number, block in enumerate(main_run(document)[:PARAGRAPHS], start=1):
        assert re.search(r"[.:;!?”’)]\d{0,2}$|\d{4}$", block.text), number


def test_note_8_is_not_glued_to_a_date(document: Document) -> None:
    assert re.search(r"\d{2}/\d{2}/\d{5}", document.text) is None


def test_notes_1_to_8_are_footnotes(document: Document) -> None:
    numbers = [b.number for b in document.blocks if b.kind is BlockKind.FOOTNOTE]
    assert numbers == [str(n) for n in range(1, 9)]


def test_appendix_2_is_173_rows_of_authority_judgement_and_date(document: Document) -> None:
    rows = [
        tuple("" if cell is None else cell.of(document.text) for cell in row)
        for block in document.blocks
        for row in block.rows
        if len(row) == 3
    ]
    good = [row for row in rows if row[1] in _JUDGEMENTS and _DATE.fullmatch(row[2])]
    assert len(good) == ROWS
    assert all(re.match("[A-Z]", row[0]) for row in good)
    # The authorities stand in the order of the alphabet.
    assert sum(a[0][:1] <= b[0][:1] for a, b in pairwise(good)) >= ROWS - 3
