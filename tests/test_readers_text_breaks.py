"""Plain text where no empty line tells: headings, notes' signs, quotations over a page's end."""

from __future__ import annotations

import textwrap

import pytest
from text_parts import ONE, THREE, TWO

from pipeline.raw.readers import text
from pipeline.span import BlockKind

H, P, N = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.FOOTNOTE


def blocks(source: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in text.from_string(source).blocks]


@pytest.mark.parametrize(
    ("glued", "apart"),
    [
        ("in 20131 and", "in 2013 1 and"),
        ("on 23/04/20091 and", "on 23/04/2009 1 and"),
        ("in March 20131, and", "in March 2013 1, and"),
        ("that spring.1 Then", "that spring.1 Then"),
        ("under case 920131 and", "under case 920131 and"),
    ],
)
def test_a_notes_sign_leaves_the_year_that_it_is_glued_to(glued: str, apart: str) -> None:
    body = f"The plan was made {glued} it was kept with the reports.{'' if 'sp' in glued else '1'}"
    note = "1\n\nA plan under section 17 of the Act."
    above = "\n\n".join(textwrap.fill(one, 72) for one in (ONE, TWO, THREE))
    source = f"{above}\n\n{body}\n\n{note}\n"
    document = text.from_string(source)
    assert [b.text for b in document.blocks][-2:] == [
        body.replace(glued, apart), "1 A plan under section 17 of the Act."
    ]  # fmt: skip
    assert document.blocks[-1].kind is N


def _full(body: str, width: int) -> list[str]:
    """The lines of a body, the last of them as full as the others."""
    lines = textwrap.wrap(body, width)
    return [*lines[:-1], lines[1][: width - 1] + "."]


@pytest.mark.parametrize("title", ["Emerging lessons", "What the school knew"])
def test_a_heading_right_below_a_full_line_is_one(title: str) -> None:
    bodies = [_full(f"{k}. {body}", 72) for k, body in enumerate([ONE, TWO, THREE] * 2, 11)]
    above = [line for body in bodies[:3] for line in body]
    below = [line for body in bodies[3:] for line in body]
    end = ["Annex A", "Who took part", "", "Nobody did."]
    found = blocks("\n".join([*above, title, *below, *end]))
    joined = [(P, " ".join(body)) for body in bodies]
    assert found == [*joined[:3], (H, title), *joined[3:], (H, "Annex A"),
                     (H, "Who took part"), (P, "Nobody did.")]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "first"),
    [("It was then that the child was seen at home by Dr.", "Alder"),
     ("It was seen that the child was not at home. She said", "She was with Ann")],
)  # fmt: skip
def test_a_name_below_a_full_line_is_no_heading(last: str, first: str) -> None:
    lines = textwrap.wrap(f"{ONE} {TWO} {THREE}", len(last) + 2)
    source = "\n".join([*lines, "", last, first, "", *lines])
    assert f"{last} {first}" in [body for _, body in blocks(source)]


def test_a_narrow_quotation_goes_on_over_a_page() -> None:
    wide = [textwrap.fill(f"{k}. {body}", 84) for k, body in enumerate([ONE, TWO, THREE], 1)]
    quoted = textwrap.wrap(f"{TWO} {ONE.replace('the baby', 'Ann')}", 58)
    # Texts that lost their form feeds start a page with one space.
    at = next(k for k in range(3, 9) if quoted[k][0].isupper() or k == 8)
    quoted[at] = " " + quoted[at]
    pointed = "\n".join([" a plan", " a visit that week", " a letter to the nurse."])
    source = "\n".join([*wide, "The plan should have:", pointed, *wide, "They wrote:", *quoted])
    assert " ".join(line.strip() for line in quoted) in text.from_string(source).text


@pytest.mark.parametrize(
    "lines",
    [
        ["The nurse saw the baby on the Monday and then wrote to the school",
         "that it was well, and the letter was kept in the file by Mrs Ann", "Alder."],
        ["When the police were called by a neighbour they found that the", "children slept."],
        ["She was at home when the nurse and the family's own worker called",
         "on the Monday. Nobody else had been there that month, and Mrs Ann", "Alder was out."],
    ],
)  # fmt: skip
def test_texts_of_two_or_three_lines_are_joined(lines: list[str]) -> None:
    assert blocks("\n".join(lines)) == [(P, " ".join(lines))]


@pytest.mark.parametrize(
    "lines", [["Ann Alder", "Nurse", "Fernley"], ["Seen on Monday.", "Well.", "Seen on Friday."]]
)
def test_short_lines_of_a_short_text_stay_lines(lines: list[str]) -> None:
    assert [body for _, body in blocks("\n".join(lines))] == lines


def test_a_running_head_that_parts_no_sentence_is_furniture() -> None:
    numbered = iter(range(1, 99))
    pages = [
        "\n".join(textwrap.fill(f"{next(numbered)}. {body}", 80) for body in order * 2)
        for order in ((ONE, TWO, THREE), (TWO, THREE, ONE)) * 2
    ]
    source = "\n".join(f"Overview of the Alder review\n{page}" for page in pages)
    document = text.from_string(source)
    assert document.furniture == ("Overview of the Alder review",)
    assert [b.number for b in document.blocks if b.kind is P] == [str(k) for k in range(1, 25)]


def test_a_heading_of_sections_of_many_lengths_stays() -> None:
    pages = [textwrap.fill(body, 80) for body in (ONE, f"{TWO} {ONE}", THREE, TWO, ONE)]
    source = "\n\n".join(f"What was to learn\n\n{page}" for page in pages)
    assert blocks(source).count((H, "What was to learn")) == 5
