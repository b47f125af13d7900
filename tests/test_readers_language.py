"""What is not in English is listed; English with names, lists and odd signs in it is not."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.raw import recase
from pipeline.raw.document import Document, Unread, UnreadKind
from pipeline.raw.readers import html, language, text
from pipeline.raw.readers.assemble import Draft, Stretch, document
from pipeline.span import BlockKind

_FILES = Path(__file__).resolve().parent / "files"
_OTHERS = [
    line.split("\t", 1)
    for line in (_FILES / "languages.tsv").read_text(encoding="utf-8").splitlines()
]
_ENGLISH = (_FILES / "english.txt").read_text(encoding="utf-8").splitlines()
_BEFORE = "The panel met in May and asked what had been known to the agencies at that time."
_AFTER = "It was agreed that the school would write to the family about the meeting."
_WELSH = [said for name, said in _OTHERS if name == "cy"]


def listed(made: Document) -> list[Unread]:
    """What is listed as another language; text of one case only is listed for its names."""
    return [
        thing
        for thing in made.unread
        if thing.what is UnreadKind.LANGUAGE and thing.reason != recase.ONE_CASE
    ]


def of(*paragraphs: str) -> Document:
    drafts = [
        Draft(BlockKind.PARAGRAPH, (Stretch(p),), page=i) for i, p in enumerate(paragraphs, 1)
    ]
    return document(drafts, sha256="0", media="text/plain", pages=len(paragraphs))


@pytest.mark.parametrize(
    ("name", "said"), _OTHERS, ids=[f"{n}-{i}" for i, (n, _) in enumerate(_OTHERS)]
)
def test_another_language_is_told_alone_and_inside_a_paragraph_of_english(
    name: str, said: str
) -> None:
    alone = of(_BEFORE, said, _AFTER)
    (thing,) = listed(alone)
    assert thing.span == alone.blocks[1].span
    assert thing.page == 2
    inside = of(_AFTER, f"{_BEFORE} {said} {_AFTER}")
    assert [found.span for found in listed(inside)] == [inside.blocks[1].span]


@pytest.mark.parametrize("said", _ENGLISH)
def test_names_lists_and_signs_in_english_are_no_other_language(said: str) -> None:
    assert listed(of(said)) == []
    assert listed(of(_BEFORE, said, _AFTER)) == []


def test_many_odd_lines_in_a_row_are_no_other_language() -> None:
    assert listed(of(*_ENGLISH)) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("The boy wrote محمد on the wall.", True),
        ("A note said 三月三.", True),
        ("The card read “Мария” in the corner.", True),
        ("The α, β and γ chains and 5 μg of it were measured.", False),
        ("It said Μαρία in the corner.", True),
        ("The father, M\u0430ry’s uncle, was seen.", True),
        ("Ⅳ ½ № ℓ ™ ªº ﬁ", False),
        ("ADOLYGIAD O’R DIGWYDDIAD A’R HYN A DDYSGWYD GAN Y BWRDD DIOGELU", True),
    ],
)
def test_other_scripts_and_capitals(said: str, told: bool) -> None:
    assert bool(listed(of(said))) is told


def test_a_run_of_blocks_is_one_entry_that_covers_them() -> None:
    made = of(_BEFORE, *_WELSH, "Canfyddiadau", *_WELSH, _AFTER)
    (thing,) = listed(made)
    first, last = made.blocks[1].span, made.blocks[-2].span
    assert first is not None
    assert last is not None
    assert thing.span is not None
    assert (thing.span.start, thing.span.end) == (first.start, last.end)


def test_short_lines_that_follow_each_other_are_told_together() -> None:
    lines = ["siarad â'r plentyn", "gwrando ar y fam", "rhannu gwybodaeth yn gynnar",
             "cadw cofnodion cywir", "gofyn am gyngor"]  # fmt: skip
    (thing,) = listed(of(_BEFORE, *lines, _AFTER))
    assert thing.page == 2
    english = ["talk to the child", "hear his mother", "share early", "keep records", "ask advice"]
    assert listed(of(_BEFORE, *english, _AFTER)) == []


def test_a_report_in_two_languages_side_by_side_ends_in_a_few_entries() -> None:
    both = [said for pair in zip(_WELSH * 20, [_BEFORE] * 240, strict=True) for said in pair]
    made = of(*both)
    assert 1 <= len(listed(made)) <= 20
    spans = [thing.span for thing in listed(made)]
    for block in made.blocks[::2]:
        assert any(
            s is not None and block.span is not None and s.contains(block.span) for s in spans
        )


def test_a_cell_in_another_language_lists_its_table() -> None:
    cells = "".join(f"<tr><td>{_BEFORE}<td>{said}" for said in _WELSH[:3])
    made = html.read(f"<html><p>{_BEFORE}</p><table>{cells}</table>".encode())
    assert [thing.span for thing in listed(made)] == [made.blocks[1].span]


_BLOCKS = st.lists(
    st.sampled_from([*(said for _, said in _OTHERS[::9]), *_ENGLISH[::5], _BEFORE, "Findings"]),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(_BLOCKS)
def test_entries_cover_whole_blocks_in_order_and_every_other_one(said: list[str]) -> None:
    made = of(*said)
    spans = [thing.span for thing in listed(made)]
    starts = {b.span.start for b in made.blocks if b.span}
    ends = {b.span.end for b in made.blocks if b.span}
    assert all(s is not None and s.start in starts and s.end in ends for s in spans)
    foreign = {text for _, text in _OTHERS}
    for block in made.blocks:
        covered = any(s and block.span and s.contains(block.span) for s in spans)
        assert covered or block.text not in foreign


def test_plain_english_loads_no_library() -> None:
    code = (
        "import sys; from pipeline.raw.readers import text; "
        f"text.from_string({(_BEFORE + ' ' + _AFTER)!r}); print('py3langid' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_a_long_report_is_sieved_quickly() -> None:
    made = text.from_string(f"{_BEFORE} {_AFTER}\n\n" * 900)
    started = time.process_time()
    assert language.found(made.blocks, made.text) == ()
    # 0.08 s for 60 pages on a quiet machine; a busy one is given more.
    assert time.process_time() - started < 0.5
