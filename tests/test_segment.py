"""Passages are exact stretches of the safe text, with stable ids and the role they play."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.safe.lesson import Role, SafeBlock, SafeDocument, SafeText
from pipeline.safe.segment import LONGEST, passages
from pipeline.safe.sentence import around, sentences
from pipeline.span import BlockKind, Span

Part = tuple[BlockKind, str]
H, P, B, Q, F = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.BULLET,
    BlockKind.QUOTE,
    BlockKind.FOOTNOTE,
)


def document(*parts: Part, review: str = "R1") -> SafeDocument:
    text = ""
    blocks = []
    for number, (kind, words) in enumerate(parts, start=1):
        text += "\n\n" if text else ""
        span = Span(len(text), len(text) + len(words))
        blocks.append(SafeBlock(kind, 1 + number // 4, span, str(number), 1))
        text += words
    return SafeDocument(review, "public", SafeText(text), tuple(blocks))


def roles(*parts: Part) -> list[str]:
    return [passage.role.value for passage in passages(document(*parts))]


ROLES = [
    ((H, "Lessons learned"), (P, "The importance of asking who lives in the home."), "learning"),
    ((H, "Findings"), (P, "There was a lack of communication between the two teams."), "learning"),
    ((H, "Recommendations"), (P, "The Board should ask each agency for proof."), "recommendation"),
    ((H, "Part 7"), (P, "Recommendation 3: that the trust reviews its policy."), "recommendation"),
    ((H, "What worked well"), (P, "The school nurse kept calling until she was seen."),
     "good_practice"),
    ((H, "Analysis"), (P, "It is not clear why the call was closed."), "analysis"),
    ((H, "Chronology"), (P, "In March 2016 [mother] moved to [town]."), "chronology"),
    ((H, "Summary of events"), (P, "[child] was seen by the nurse and sent home."), "chronology"),
    ((H, "Terms of reference"), (P, "The panel looked at two years."), "context"),
    ((H, "Action plan"), (P, "The form has since been changed."), "action"),
    ((H, "Part 2"), (Q, "We were never asked what we thought."), "quote"),
    ((H, "Part 2"), (P, "“Nobody asked us what we thought about any of it.”"), "quote"),
    ((H, "Part 2"), (F, "See the guidance of 2015."), "other"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "part", "role"), ROLES, ids=range(len(ROLES)))
def test_a_heading_and_the_words_below_it_give_the_role(
    heading: Part, part: Part, role: str
) -> None:
    assert roles(heading, part) == [role]


WORDS = [
    ("This review was commissioned by the Board under statutory guidance.", "context"),
    ("I commenced an investigation into the death, and the inquest concluded in May.", "context"),
    ("On 4 May 2016 he was admitted to the ward and discharged two days later.", "chronology"),
    ("The panel considers that the call should have been answered sooner.", "analysis"),
    ("There was no system in place for following up missed appointments.", "learning"),
    ("The review recommends that the partnership audits these files.", "recommendation"),
    ("The school is to be commended for its good practice.", "good_practice"),
    ("The trust has since introduced a new form, which is now in place.", "action"),
]


@pytest.mark.parametrize(("words", "role"), WORDS, ids=range(len(WORDS)))
def test_words_alone_give_the_role_where_no_heading_does(words: str, role: str) -> None:
    assert roles((P, words)) == [role]


def test_a_line_that_ends_in_a_colon_gives_its_role_to_the_list_below_it_only() -> None:
    found = roles(
        (P, "The following key lessons were identified:"),
        (B, "staff and their managers"),
        (B, "homes that nobody visited"),
        (H, "Methodology"),
        (P, "The panel met four times and read the files of six agencies."),
    )
    assert found == ["learning", "learning", "learning", "context"]


def test_a_heading_that_states_a_finding_is_a_passage_and_other_headings_are_not() -> None:
    finding = "Finding 2: Staff in this area do not ask who else lives in the home."
    found = passages(document((H, "Introduction"), (H, finding), (P, "It was so in two cases.")))
    assert [p.text for p in found] == [finding, "It was so in two cases."]
    assert found[0].role is Role.LEARNING
    assert {p.heading for p in found} == {finding}


def test_the_rows_of_a_table_are_passages() -> None:
    text = "Date\tEvent\nMay 2015\tSeen at home"
    cells = ((Span(0, 4), Span(5, 10)), (Span(11, 19), Span(20, 32)), (None, None))
    block = SafeBlock(BlockKind.TABLE, 3, Span(0, 32), rows=cells)
    made = passages(SafeDocument("R1", "public", SafeText(text), (block,)))
    assert [(p.text, p.role, p.page) for p in made] == [
        ("Date\tEvent", Role.TABLE, 3),
        ("May 2015\tSeen at home", Role.TABLE, 3),
    ]


def test_furniture_is_no_passage() -> None:
    assert passages(document((BlockKind.FURNITURE, "Page 3 of 60"))) == ()


def test_a_long_paragraph_is_split_where_sentences_end_and_nothing_is_lost() -> None:
    words = " ".join(f"Sentence number {n} says that the call was late again." for n in range(40))
    found = passages(document((P, words)))
    assert len(found) > 3
    assert all(len(p.text.split()) <= LONGEST + 12 and p.text.endswith(".") for p in found)
    assert " ".join(p.text for p in found) == words
    assert {p.paragraph for p in found} == {"1"}


def test_ids_are_unique_and_do_not_move_when_another_paragraph_changes() -> None:
    same = (P, "Nobody asked about the debt at home.")
    before = passages(document((P, "The first version of it."), same, same))
    after = passages(document((P, "The second version of it, which is longer."), same, same))
    assert [p.id for p in before[1:]] == [p.id for p in after[1:]]
    assert len({p.id for p in before}) == 3


TEXTS = st.text(alphabet=st.sampled_from("Aa b.C!?[1]\n’é📄"), min_size=1, max_size=80)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([H, P, B, Q]), TEXTS), max_size=8))
def test_any_text_gives_ordered_exact_passages_and_the_same_ones_again(parts: list[Part]) -> None:
    one = document(*parts)
    found = passages(one)
    assert found == passages(one)
    assert all(p.span.of(one.text.value) == p.text and p.text.strip() for p in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert len({p.id for p in found}) == len(found)


SENTENCES = [
    ("One. Two.", ["One.", "Two."]),
    ("Dr. Hale came. She left.", ["Dr. Hale came.", "She left."]),
    ("See para. 4.2 of it. Then stop.", ["See para. 4.2 of it.", "Then stop."]),
    ("It was 3.5 miles. “Far,” they said.", ["It was 3.5 miles.", "“Far,” they said."]),
    ("e.g. This one? Yes!", ["e.g. This one?", "Yes!"]),
    ("R3. Ask each agency. Check it.", ["R3. Ask each agency.", "Check it."]),
    ("Recommendation 4. Ask them.", ["Recommendation 4. Ask them."]),
    ("no stop at all", ["no stop at all"]),
    ("  ", []),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=range(len(SENTENCES)))
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentences(text)] == expected


def test_what_stands_around_a_place_is_cut_at_words_and_holds_the_place() -> None:
    text = "word " * 200 + "needle " + "word " * 200
    place = Span(text.index("needle"), text.index("needle") + 6)
    span = around(text, place, most=100)
    assert span.contains(place)
    assert len(span) < 160
    assert set(span.of(text).split()) == {"word", "needle"}
