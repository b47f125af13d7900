"""What is left after everything was decided: nothing that could be a name is passed over."""

from __future__ import annotations

import pytest
from door_parts import document, person, proposal, settled

from pipeline.raw import residual
from pipeline.raw.residual import LeftKind
from pipeline.span import BlockKind


def groups(words: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[tuple[str, tuple[str, ...]]]:
    of = document((kind, words))
    found = residual.groups(of, residual.candidates(of), settled(proposal(of)))
    return [(group.kind.value, group.forms) for group in found]


@pytest.mark.parametrize(
    ("words", "kind", "form"),
    [
        ("He lived near Kettleworth.", "name", "Kettleworth"),
        ("Kettleworth was named.", "name", "Kettleworth"),
        ("Grace was not seen.", "name", "Grace"),
        ("It was said that Will had left.", "name", "Will"),
        ("They met at Zorbel Lane.", "name", "Zorbel Lane"),
        ("A plan by O’Quillan-Zorb was sent.", "name", "O’Quillan-Zorb"),
        ("Seen by Adébáyò at home.", "name", "Adébáyò"),
        ("The ZQCB was told.", "letters", "ZQCB"),
        ("Write to q.zorbel@example.org.", "code", "q.zorbel@example.org."),
        ("See www.zorbel.example today.", "code", "www.zorbel.example"),
        ("The flat was in ZE1 4QX.", "code", "ZE1 4QX"),
        ("Reference ZQ/4471 was used.", "code", "ZQ/4471"),
        ("Number 447 193 2210 was rung.", "code", "447 193 2210"),
        ("It was on 14 June.", "date", "14 June"),
        ("They met on Tuesday.", "date", "Tuesday"),
        ("It happened on 3/4/2019.", "date", "3/4/2019"),
        ("She had 7593 of them.", "number", "7593"),
        ("Seen with J. at home.", "letters", "J"),
        ("It was said that J was ill.", "letters", "J"),
        ("A. Zorbel came.", "letters", "A"),
        ("Seen with J.B. at home.", "letters", "J.B"),
        ("His name is محمد علي there.", "name", "محمد علي"),
        ("Then Мария пошла came.", "name", "Мария пошла"),
        ("Then ο Νίκος είδε came.", "name", "ο Νίκος είδε"),
        ("Then 李娜 came.", "name", "李娜"),
        ("In spring April Zorbel came.", "name", "April Zorbel"),
        ('He was known as "Sparrow" there.', "word", "Sparrow"),
        ("It was the mcZorbel flat.", "name", "mcZorbel"),
    ],
)
def test_what_may_tell_somebody_apart_is_listed_by_itself(words: str, kind: str, form: str) -> None:
    assert (kind, (form,)) in groups(words)


@pytest.mark.parametrize(
    "words",
    [
        "The social worker visited. However, nobody was seen.",
        "Ofsted and the Care Quality Commission were told.",
        "The Children Act 1989 applies.",
        "Child A and Mother were seen.",
        "See Brandon et al. (2009).",
        "However nobody asked.",
        "Child J, Mr J and Appendix B were seen. I was there. A visit was made.",
    ],
)
def test_what_names_nobody_is_not_listed(words: str) -> None:
    assert groups(words) == []


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("After 12 weeks and 3 visits she left, 40% of them late.", residual.UNITS),
        ("Under section 47 and paragraph 3.2 nothing was done.", residual.PARTS),
        ("At 14:30 and 9.15pm nobody was there.", residual.TIMES),
        ("In 2011 and 2012 nothing was done.", residual.YEARS),
        ("Of them 12 were lost.", residual.SMALL),
        ("The Household and the Noise were there.", residual.WORDS),
    ],
)
def test_harmless_shapes_stand_together(words: str, title: str) -> None:
    of = document(words)
    found = residual.groups(of, residual.candidates(of), settled(proposal(of)))
    assert [group.title for group in found] == [title]


def test_what_is_hidden_or_was_kept_is_not_listed() -> None:
    of = document("Kettleworth and Ann Zorbel came.")
    people = [person("p", "Ann Zorbel")]
    every = residual.candidates(of)
    found = residual.groups(of, every, settled(proposal(of, people)))
    assert [group.forms for group in found] == [("Kettleworth",)]
    at = proposal(of, people).findings[0].span
    assert len(residual.groups(of, every, settled(proposal(of, people), kept=[at]))) == 1


def test_a_group_is_open_again_when_another_form_comes_into_it() -> None:
    few = document("She saw the Noise there.")
    more = document("She saw the Noise there, and a Household.")
    (before,) = residual.groups(few, residual.candidates(few), settled(proposal(few)))
    (after,) = residual.groups(more, residual.candidates(more), settled(proposal(more)))
    assert residual.still_open([before], {before.key}) == ()
    assert residual.still_open([after], {before.key}) == (after,)


def test_the_most_telling_kinds_come_first() -> None:
    of = document("Write to a@example.org about Kettleworth on 14 June, of 12 in the Household.")
    found = residual.groups(of, residual.candidates(of), settled(proposal(of)))
    kinds = [group.kind for group in found]
    assert kinds == sorted(kinds, key=tuple(LeftKind).index)
    assert len(kinds) == 5


def test_of_a_name_that_is_hidden_in_part_the_rest_is_listed() -> None:
    of = document("Then Tamsin Ann Zorbel came.")
    made = settled(proposal(of, [person("p", "Ann Zorbel")]))
    assert [g.forms for g in residual.groups(of, residual.candidates(of), made)] == [("Tamsin",)]
