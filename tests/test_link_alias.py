"""Other names of one person: nicknames, names of birth, letters in a key, halves of a name."""

from __future__ import annotations

import re

import pytest

from pipeline.raw.document import Block, Document, Finding, Proposal
from pipeline.raw.link import link
from pipeline.span import BlockKind, Kind, Span

KINDS = {"P": Kind.PERSON, "L": Kind.PLACE}


def linked(text: str) -> tuple[str, Proposal]:
    """A text without its marks ("{P:Ann} left"), and what is proposed for it."""
    plain, found = "", []
    for part in re.split(r"(\{\w:[^}]*\})", text):
        mark = re.fullmatch(r"\{(\w):([^}]*)\}", part)
        if mark:
            span = Span(len(plain), len(plain) + len(mark[2]))
            found.append(Finding(span, KINDS[mark[1]], "test", 0.9, "test"))
        plain += mark[2] if mark else part
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, m.group(), 1, Span(*m.span()))
        for m in re.finditer(r"[^\n]+(?:\n[^\n]+)*", plain)
    )
    return plain, link(Document("0" * 64, "text/plain", "test", 1, plain, blocks), found)


def _of(text: str, proposal: Proposal, name: str) -> str | None:
    """The identity of the first mention that is written so."""
    return next(f.identity for f in proposal.findings if f.span.of(text) == name)


ONE = [
    ('{P:Tamsin Quill} ("{P:Quiddy}" or "{P:Wee Tam}") left. {P:Quiddy} hid.', "Quiddy"),
    ('{P:Tamsin Quill} ("{P:Quiddy}" or "{P:Wee Tam}") left.', "Wee Tam"),
    ("{P:Tamsin Quill}, known to her friends as “{P:Zuzu}”, left. {P:Zuzu} hid.", "Zuzu"),
    ("{P:Tamsin Quill} (English name {P:Holly Marl}) left. {P:Holly Marl} hid.", "Holly Marl"),
    ('{P:Tamsin} ("{P:Pinky}") {P:Quill} left. {P:Pinky} hid.', "Pinky"),
    ('{P:Tamsin "Zuzu}" {P:Quill-Marl} left. {P:Zuzu} hid.', "Zuzu"),
    ("{P:Tamsin Quill} left. {P:Tamsin Q.} signed.", "Tamsin Q"),
    ("{P:Tamsin Quill-Zorbel} left. {P:Tamsin Q-Z} signed.", "Tamsin Q-Z"),
    ("{P:Tamsin Quill}, formerly {P:Tamsin Marlby}, left.", "Tamsin Marlby"),
    ("{P:Tamsin Quillans} left under the name {P:Tamsin Marl-Quillan}.", "Tamsin Marl-Quillan"),
    ("{P:Tamsin Quill} left. {P:Mam-gu Tamsin} hid.", "Tamsin"),
    ("{P:Tamsin-Rae} left. {P:Tamsin} hid.", "Tamsin"),
    ("{P:Tamsinella Quill} left. {P:Tamsi} hid.", "Tamsi"),
    ("{P:Zoë Quill-Marl} and {P:Ewan Quill} left. {P:Mr Quill} hid.", "Mr Quill"),
    ("{P:Tamsin Quillan} left. A report on {L:Quillan} came.", "Quillan"),
]


@pytest.mark.parametrize(("text", "other"), ONE, ids=range(len(ONE)))
def test_another_name_of_a_person_is_the_same_identity(text: str, other: str) -> None:
    plain, proposal = linked(text)
    (first, *_) = (f for f in proposal.findings if f.kind is Kind.PERSON)
    if other == "Mr Quill":
        assert _of(plain, proposal, other) == _of(plain, proposal, "Ewan Quill")
        return
    held = [f.identity for f in proposal.findings if other in f.span.of(plain)]
    assert held and set(held) == {first.identity}


TWO = [
    # The second name is somebody's own: he is named before.
    (
        "{P:Zuzu Marl} left. {P:Tamsin Quill}, known as {P:Zuzu Marl}, hid.",
        "Zuzu Marl",
        "Tamsin Quill",
    ),
    # A surname of birth that another bears.
    ("{P:Tamsin Quill} (née {P:Marl}) left. {P:Ewan Marl} hid.", "Tamsin Quill", "Ewan Marl"),
    # Two who sign on one line.
    ("{P:Tamsin Quill-Marl} {P:I. Zorbel}\n\nThe end.", "Tamsin Quill-Marl", "I. Zorbel"),
    # A first name that is only the start of another one.
    ("{P:Anna} left. {P:Annabel Quill} hid.", "Anna", "Annabel Quill"),
]


@pytest.mark.parametrize(("text", "one", "other"), TWO, ids=range(len(TWO)))
def test_two_people_stay_two(text: str, one: str, other: str) -> None:
    plain, proposal = linked(text)
    assert _of(plain, proposal, one) != _of(plain, proposal, other)


def test_a_surname_of_birth_that_nobody_else_bears_is_its_bearers() -> None:
    plain, proposal = linked("{P:Tamsin Quill} (née {P:Marlowby}) left.")
    assert _of(plain, proposal, "Marlowby") == _of(plain, proposal, "Tamsin Quill")


KEYED = [
    ("Key: TV = {P:Tilda Vane} (mother). TV was seen. The TV was on.", "TV"),
    ("Key: QQ = {P:Quin Quarrie} (partner). QQ was seen.", "QQ"),
]


@pytest.mark.parametrize(("text", "letters"), KEYED)
def test_letters_that_a_key_explains_by_a_name_are_the_persons(text: str, letters: str) -> None:
    plain, proposal = linked(text)
    person = next(i for i in proposal.identities if i.kind is Kind.PERSON)
    held = [f.span.of(plain) for f in proposal.findings if f.identity == person.id]
    assert held.count(letters) >= 2
    assert person.reported_label != letters


def test_a_family_whose_name_is_a_word_is_hidden() -> None:
    plain, proposal = linked("{P:Mark Long} left. The Long family wrote. It took long.")
    assert [f.span.of(plain) for f in proposal.findings] == ["Mark Long", "Long"]


POSTS = [
    ("The health visitor, Sister {P:Tamsin Quill}, came.", "Tamsin Quill", "nurse"),
    ("His sister, {P:Tamsin}, came.", "Tamsin", "sibling"),
    ("It told the teacher at Marl Infants, {P:Miss Quill}.", "Miss Quill", None),
    ("{P:Tamsin} – maternal grandmother (“Mo”) – 47", "Tamsin", "maternal grandmother"),
]


@pytest.mark.parametrize(("text", "name", "position"), POSTS)
def test_what_a_person_is_by_the_words_beside(text: str, name: str, position: str | None) -> None:
    plain, proposal = linked(text)
    told = {i.id: i.position for i in proposal.identities}
    found = next(f for f in proposal.findings if f.span.of(plain).endswith(name))
    assert told[str(found.identity)] == position


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Formerly of {L:31 Quill Rd.} {L:SE18}. Now gone.", ["31 Quill Rd", "SE18"]),
        ("{P:Tamsin Quill} told {L:SW4} that.", ["Tamsin Quill"]),
    ],
)
def test_a_postal_district_stands_behind_a_street(text: str, said: list[str]) -> None:
    plain, proposal = linked(text)
    assert [f.span.of(plain) for f in proposal.findings] == said


def test_the_number_of_an_officer_is_a_code_beside_the_name() -> None:
    plain, proposal = linked("{P:PC 3391 Quill} came.")
    assert [(f.span.of(plain), f.kind) for f in proposal.findings] == [
        ("3391", Kind.CODE),
        ("Quill", Kind.PERSON),
    ]
