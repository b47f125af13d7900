"""Two versions of a report compared: what is the same, changed, added, removed and moved."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.raw import compare
from pipeline.raw.compare import Change, Paragraph, Piece
from pipeline.raw.document import Block
from pipeline.span import BlockKind, Span

LONG = "The health visitor wrote to the school about it in spring."
OTHER = "Nobody asked the father what he had seen at home."
THIRD = "Information was not shared between the agencies that met."


def blocks(texts: Sequence[str], numbers: Sequence[str | None] = ()) -> list[Block]:
    out, at = [], 0
    for place, text in enumerate(texts):
        number = numbers[place] if numbers else None
        whole = f"{number}{text}" if number else text
        span = Span(at, at + len(whole))
        out.append(Block(BlockKind.PARAGRAPH, whole, 1, span, number))
        at += len(whole) + 2
    return out


def changes(before: Sequence[str], after: Sequence[str]) -> str:
    """The changes in order, a letter each: s, c, a, r, m."""
    found = compare.compared(blocks(before), blocks(after))
    return "".join(paragraph.change.value[0] for paragraph in found)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [], ""),
        ([LONG], [LONG], "s"),
        ([], [LONG], "a"),
        ([LONG], [], "r"),
        ([LONG, OTHER], [LONG, THIRD, OTHER], "sas"),
        ([LONG, THIRD, OTHER], [LONG, OTHER], "srs"),
        ([LONG, OTHER], [LONG.replace("spring", "June"), OTHER], "cs"),
        ([LONG, OTHER], [LONG, THIRD], "sra"),
        ([LONG, OTHER, THIRD], [OTHER, THIRD, LONG], "ssm"),
        ([LONG, OTHER, THIRD], [THIRD, LONG, OTHER], "mss"),
        (["Yes", LONG, "No"], ["No", LONG, "Yes"], "rsma"),
        (["Yes", "Yes", LONG], ["Yes", LONG, "Yes"], "srsa"),
        (["Yes"] * 5, ["Yes"] * 3, "sssrr"),
        ([LONG, LONG], [LONG], "sr"),
        (["[picture]", LONG], ["[picture]", "[picture]", LONG], "sas"),
        (
            [LONG, OTHER],
            [OTHER.replace("home", "the home"), LONG.replace("it", "that")],
            "rca",
        ),
    ],
)
def test_what_became_of_each_paragraph(before: list[str], after: list[str], expected: str) -> None:
    assert changes(before, after) == expected


def test_a_paragraph_with_another_number_is_the_same() -> None:
    before = blocks([f" {LONG}", f" {OTHER}"], ["4.1", "4.2"])
    after = blocks([f" {LONG}", f" {THIRD}", f" {OTHER}"], ["4.1", "4.2", "4.3"])
    found = compare.compared(before, after)
    assert [(one.change.value, one.number) for one in found] == [
        ("same", "4.1"),
        ("added", "4.2"),
        ("same", "4.3"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c", "a b c", ["=a b c"]),
        ("one two", "one three two", ["=one", "+ three", "= two"]),
        ("one two three", "one three", ["=one", "- two", "= three"]),
        ("seen weekly.", "seen.", ["=seen", "- weekly", "=."]),
        ("He left on time for it", "She came on a bus to it", None),
    ],
)
def test_words_that_changed_in_a_paragraph(
    before: str, after: str, expected: list[str] | None
) -> None:
    signs = {Change.SAME: "=", Change.ADDED: "+", Change.REMOVED: "-"}
    found = [signs[piece.how] + piece.text for piece in compare.differences(before, after)]
    if expected is None:  # what was written anew is not shown in splinters
        assert found == ["-He left on time for", "+She came on a bus to", "= it"]
    else:
        assert found == expected


def applied(before: Sequence[Block], found: Sequence[Paragraph]) -> list[str]:
    """The later version as the comparison makes it of the earlier one."""
    out = []
    for one in found:
        if one.change is Change.REMOVED:
            continue
        if one.pieces:
            text = "".join(p.text for p in one.pieces if p.how is not Change.REMOVED)
        else:
            assert one.before is not None
            text = compare.body(before[one.before])
        out.append(one.number + text)
    return out


def undone(after: Sequence[Block], found: Sequence[Paragraph]) -> dict[int, str]:
    """The earlier version's paragraphs, by their place, as the comparison has them."""
    out = {}
    for one in found:
        if one.before is None:
            continue
        if one.pieces:
            text = "".join(p.text for p in one.pieces if p.how is not Change.ADDED)
        else:
            assert one.after is not None
            text = compare.body(after[one.after])
        out[one.before] = text
    return out


WORDS = st.lists(
    st.sampled_from("the a school saw him Lee mother , . \n \t x".split(" ")), min_size=1
)
TEXT = WORDS.map(" ".join).filter(lambda text: bool(text.strip()))
SOME = st.sampled_from([LONG, OTHER, THIRD, "Yes", "[picture]", LONG[:-8], OTHER + " It was so."])
PARAGRAPHS = st.lists(st.one_of(TEXT, SOME), max_size=12)


@given(PARAGRAPHS, PARAGRAPHS, st.booleans())
def test_a_comparison_leads_from_either_version_to_the_other(
    one: list[str], other: list[str], numbered: bool
) -> None:
    numbers = [f"{at}." for at in range(12)] if numbered else []
    before, after = blocks(one, numbers), blocks(other, numbers)
    found = compare.compared(before, after)
    assert applied(before, found) == [block.text for block in after]
    assert undone(after, found) == dict(enumerate(map(compare.body, before)))
    assert [p.after for p in found if p.after is not None] == list(range(len(after)))


@given(PARAGRAPHS)
def test_a_version_is_the_same_as_itself(texts: list[str]) -> None:
    found = compare.compared(blocks(texts), blocks(texts))
    assert {one.change for one in found} <= {Change.SAME}


def test_a_long_report_is_compared_at_once() -> None:
    before = [f"{LONG} Paragraph {at} speaks of {at * 7} things." for at in range(3000)]
    after = list(before)
    for at in range(0, 3000, 40):
        after[at] = after[at].replace("school", "nursery")
    after[1500:1500] = [f"{OTHER} {at}" for at in range(60)]
    del after[2200:2230]
    start = time.process_time()
    found = Counter(p.change for p in compare.compared(blocks(before), blocks(after)))
    assert time.process_time() - start < 20  # well under 2 s on a quiet machine
    assert (found[Change.CHANGED], found[Change.ADDED]) == (74, 60)
    assert found[Change.REMOVED] == 30


def test_another_report_altogether_is_no_version_of_this_one() -> None:
    before = [f"{LONG} {at}" for at in range(1500)]
    after = [f"Quite other words stand here, {at} of them." for at in range(1500)]
    found = Counter(p.change for p in compare.compared(blocks(before), blocks(after)))
    assert found == {Change.REMOVED: 1500, Change.ADDED: 1500}


def test_a_table_of_thousands_of_words_is_compared_by_its_lines() -> None:
    rows = [f"row {at}\tcell {at * 3}\tthird cell of it" for at in range(900)]
    before = "\n".join(rows)
    after = "\n".join([*rows[:300], "row x\tnew", *rows[301:]])
    pieces = compare.differences(before, after)
    assert [piece.how for piece in pieces] == [
        Change.SAME,
        Change.REMOVED,
        Change.ADDED,
        Change.SAME,
    ]
    assert pieces[2] == Piece(Change.ADDED, "row x\tnew\n")
