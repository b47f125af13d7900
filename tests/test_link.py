"""Linking: who is who, what each is, and that every mention of each becomes a finding."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match import Names
from pipeline.raw.document import Block, Document, Finding, Identity, Proposal
from pipeline.raw.link import link
from pipeline.span import BlockKind, Kind, Span

KINDS = {
    "P": Kind.PERSON,
    "O": Kind.ORGANISATION,
    "L": Kind.PLACE,
    "C": Kind.CODE,
    "X": Kind.CONTACT,
    "D": Kind.DATE,
    "A": Kind.AGE,
}


def document(text: str) -> Document:
    """A text as a document, a block a paragraph."""
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, m.group(), 1, Span(*m.span()))
        for m in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text)
    )
    return Document("0" * 64, "text/plain", "test", 1, text, blocks)


def marked(text: str) -> tuple[str, list[Finding]]:
    """A text without its marks ("{P:Ann} left"), and the findings that they stand for."""
    out, found = "", []
    for part in re.split(r"(\{\w:[^}]*\})", text):
        mark = re.fullmatch(r"\{(\w):([^}]*)\}", part)
        if mark:
            span = Span(len(out), len(out) + len(mark[2]))
            found.append(Finding(span, KINDS[mark[1]], "test", 0.9, "test"))
        out += mark[2] if mark else part
    return out, found


def linked(text: str, margin: tuple[tuple[str, Finding], ...] = ()) -> tuple[str, Proposal]:
    plain, found = marked(text)
    return plain, link(document(plain), found, margin)


def mentions(text: str, proposal: Proposal, identity: Identity) -> list[str]:
    return [f.span.of(text) for f in proposal.findings if f.identity == identity.id]


def named(proposal: Proposal, name: str) -> Identity:
    (identity,) = [i for i in proposal.identities if name in i.names]
    return identity


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (
            "{P:Tamsin Quill} left. Tamsin and Ms Quill.",
            "Tamsin",
            ["Tamsin Quill", "Tamsin", "Ms Quill"],
        ),
        (
            "{P:Tamsin Quill}. TAMSIN QUILL, Quill's",
            "Quill",
            ["Tamsin Quill", "TAMSIN QUILL", "Quill"],
        ),
        ("{P:Tamsin} {P:Quill} left.", "Tamsin Quill", ["Tamsin Quill"]),
        ("{P:Tams}in Quill left.", "Tamsin Quill", ["Tamsin Quill"]),
        ("{P:Elizabeth Quill} and {P:Liz}.", "Elizabeth", ["Elizabeth Quill", "Liz"]),
        ("{P:Elizabeth Quill}, then Liz came.", "Elizabeth", ["Elizabeth Quill", "Liz"]),
        ("{P:Tamsin Quillow}. Mrs Quilow said", "Tamsin", ["Tamsin Quillow", "Mrs Quilow"]),
        ("{P:Tamsin Quill} ({P:T. Quill})", "Tamsin", ["Tamsin Quill", "T. Quill"]),
        ("{P:Tamsin Quill}; QUILL, Tamsin", "Tamsin", ["Tamsin Quill", "QUILL, Tamsin"]),
        ("{P:Tamsin Quill}. Tamsin Rae Quill", "Tamsin", ["Tamsin Quill", "Tamsin Rae Quill"]),
        ("{P:Tamsin Rae} Long was ill.", "Tamsin", ["Tamsin Rae Long"]),
        ('{P:Tamsin} ("Tazzy") Quill; Tazzy', "Tazzy", ['Tamsin ("Tazzy") Quill', "Tazzy"]),
        (
            "{P:Dr Okafor}. Dr. Okafor; Okafor's",
            "Okafor",
            ["Dr Okafor", "Dr. Okafor", "Okafor"],
        ),
        ("{P:Ravi Quill-Marsh}: Ravi QuillMarsh", "Ravi", ["Ravi Quill-Marsh", "Ravi QuillMarsh"]),
    ],
)
def test_every_writing_of_one_person_is_one_identity(
    text: str, name: str, expected: list[str]
) -> None:
    plain, proposal = linked(text)
    assert mentions(plain, proposal, named(proposal, name)) == expected


def test_two_people_of_one_surname_stay_two() -> None:
    text, proposal = linked(
        "{P:Karen Quill}, the mother, lived with {P:David Quill}, the father. Mr Quill said that "
        "Mrs Quill left. The Quill family moved. QUILL was on the door. David stayed."
    )
    mother, father = named(proposal, "Karen Quill"), named(proposal, "David Quill")
    family = named(proposal, "Quill")
    assert mentions(text, proposal, mother) == ["Karen Quill", "Mrs Quill"]
    assert mentions(text, proposal, father) == ["David Quill", "Mr Quill", "David"]
    assert mentions(text, proposal, family) == ["Quill", "QUILL"]
    assert (mother.position, father.position) == ("mother", "father")
    assert family.position == "family name"


def test_a_titled_surname_that_may_be_either_is_neither() -> None:
    text, proposal = linked("{P:Ravi Quill} and {P:Owen Quill} came. Mr Quill left.")
    shared = named(proposal, "Quill")
    assert mentions(text, proposal, shared) == ["Mr Quill"]
    assert len([i for i in proposal.identities if i.kind is Kind.PERSON]) == 3


def test_two_people_of_one_first_name_are_not_merged() -> None:
    text, proposal = linked("{P:Karen Quill} met {P:Karen Okafor}. Karen left. Ms Okafor stayed.")
    assert mentions(text, proposal, named(proposal, "Karen Quill")) == ["Karen Quill"]
    assert mentions(text, proposal, named(proposal, "Karen Okafor")) == [
        "Karen Okafor",
        "Ms Okafor",
    ]
    assert mentions(text, proposal, named(proposal, "Karen")) == ["Karen"]


@pytest.mark.parametrize(
    "label",
    ["Child K", "Mother", "SW4", "Mr C", "Baby P", "MGM", "Sibling 1", "Half Sibling 2", "Adult AA",
     "Young Person X", "HV1", "the Social Worker", "Father 2", "Child X1"],
)  # fmt: skip
def test_labels_and_roles_are_no_names(label: str) -> None:
    _, proposal = linked(f"They told {{P:{label}}} that it would end. Later {label} left.")
    assert proposal.findings == ()
    assert proposal.identities == ()


@pytest.mark.parametrize(
    "text",
    [
        "Child K ({P:Tamsin Quill}) was born.",
        "{P:Tamsin Quill} (Child K) was born.",
        "{P:Tamsin Quill} (referred to as Child K) was born.",
        "{P:Tamsin Quill} is known in this report as Child K.",
    ],
)
def test_the_label_that_a_report_gives_a_name_is_noted(text: str) -> None:
    _, proposal = linked(text)
    assert named(proposal, "Tamsin Quill").reported_label == "Child K"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("{P:Ellie Young} came. Young people need help. YOUNG PEOPLE.", ["Ellie Young"]),
        ("{P:Ellie Young} came. They said that Young was ill.", ["Ellie Young", "Young"]),
        ("{P:Ellie Young} came. Miss Young left.", ["Ellie Young", "Miss Young"]),
        ("{P:Ellie Hills} came. Sgt Hills left. The Hills.", ["Ellie Hills", "Sgt Hills"]),
        ("{P:Ellie Day} came. Day care was full. The Day Centre.", ["Ellie Day"]),
        ("{P:Grace Okafor} came. Grace's bed. grace", ["Grace Okafor", "Grace"]),
        ("{P:May Okafor} came in May 2019.", ["May Okafor"]),
        ("{P:Ann Ward} came. The ward was full. Elm Ward.", ["Ann Ward"]),
        ("{P:Ellie Law} came. The Law is clear. Law", ["Ellie Law"]),
    ],
)
def test_ordinary_words_in_names_need_evidence_to_stand_alone(text: str, hidden: list[str]) -> None:
    plain, proposal = linked(text)
    assert [f.span.of(plain) for f in proposal.findings] == hidden


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("{O:Westmoor Safeguarding Children Board} (WSCB). WSCB", "WSCB",
         ["Westmoor Safeguarding Children Board", "WSCB", "WSCB"]),
        ("{O:Willow Fold Primary School}. At Willow Fold, WILLOW FOLD", "Willow Fold",
         ["Willow Fold Primary School", "Willow Fold", "WILLOW FOLD"]),
        ("{O:The Larkspur Centre}. the Larkspur Centre’s door", "Larkspur Centre",
         ["Larkspur Centre", "Larkspur Centre"]),
        ("{L:12 Quillow Road}. She left Quillow Road.", "Quillow Road",
         ["12 Quillow Road", "Quillow Road"]),
        ("{O:St Osyth's Hospital}. St. Osyths Hospital", "St Osyth's Hospital",
         ["St Osyth's Hospital", "St. Osyths Hospital"]),
    ],
)  # fmt: skip
def test_bodies_and_places_are_known_by_their_shorter_names(
    text: str, name: str, expected: list[str]
) -> None:
    plain, proposal = linked(text)
    assert mentions(plain, proposal, named(proposal, name)) == expected


def test_the_place_in_a_councils_name_is_hidden_as_a_place() -> None:
    text, proposal = linked("{O:Westmoor Council} met. It is in Westmoor. The Council met.")
    assert mentions(text, proposal, named(proposal, "Westmoor")) == ["Westmoor"]
    assert named(proposal, "Westmoor").kind is Kind.PLACE
    assert [f.span.of(text) for f in proposal.findings] == ["Westmoor Council", "Westmoor"]


@pytest.mark.parametrize("generic", ["the Board", "Children's Services", "the Trust", "Hospital 1"])
def test_generic_bodies_are_not_proposed(generic: str) -> None:
    _, proposal = linked(f"It went to {{O:{generic}}} on Monday.")
    assert proposal.findings == ()


@pytest.mark.parametrize(
    ("text", "name", "position"),
    [
        ("She told his mother, {P:Tamsin}, that", "Tamsin", "mother"),
        ("{P:Tamsin Quill}, the health visitor, came", "Tamsin Quill", "health visitor"),
        ("Social Worker {P:Tamsin Quill} came", "Tamsin Quill", "social worker"),
        ("the stepfather {P:Owen} shouted", "Owen", "stepfather"),
        ("the maternal grandmother ({P:Tamsin Quill})", "Tamsin Quill", "maternal grandmother"),
        ("PC {P:Owen Quill} attended", "Owen Quill", "police officer"),
        ("{P:Dr Okafor} wrote", "Dr Okafor", "doctor"),
        ("GP {P:Dr Okafor} wrote", "Dr Okafor", "GP"),
        ("HM Coroner {P:Owen Quill} heard", "Owen Quill", "coroner"),
        ("the author of this review, {P:Tamsin Quill}, met", "Tamsin Quill", "author"),
        ("Report author: {P:Tamsin Quill}", "Tamsin Quill", "author"),
        (
            "REPORT\n\nIndependent Author\n\n{P:Tamsin Quill}\n\nMay",
            "Tamsin Quill",
            "author",
        ),
        ("{P:Tamsin Quill} MA, CQSW\n\nIndependent Reviewer\n\nMay", "Tamsin Quill", "author"),
        ("The panel was chaired by {P:Tamsin Quill}.", "Tamsin Quill", "panel chair"),
        ("Independent Chair: {P:Tamsin Quill}", "Tamsin Quill", "chair"),
        ("Name\tAge\tRelation\n{P:Tamsin Quill}\t34\tMother", "Tamsin Quill", "mother"),
        ("Head Teacher, {P:Mrs Quill}, said", "Mrs Quill", "head teacher"),
        ("{P:Tamsin Quill} was his allocated social worker until", "Tamsin Quill", "social worker"),
        ("his partner's mother, {P:Tamsin}, said", "Tamsin", None),
        ("{P:Tamsin}, her mother and siblings", "Tamsin", None),
        ("let in by a nurse {P:Tamsin} wept", "Tamsin", None),
        ("having told the nurse, {P:Tamsin} wept", "Tamsin", None),
        ("{P:Tamsin Quill}, aged 7, was found", "Tamsin Quill", "child"),
        ("the death of {P:Tamsin Quill} aged 47", "Tamsin Quill", "adult"),
        ("they met {P:Tamsin Quill} at home", "Tamsin Quill", None),
        ("an investigation into the death of {P:Tamsin Quill} began", "Tamsin Quill", "subject"),
        ("review of the circumstances of the death of {P:Tamsin}", "Tamsin", "subject"),
        ("an inquest into the death of {P:Tamsin Quill}, aged 7", "Tamsin Quill", "child"),
        ("after the death of {P:Tamsin Quill} she moved", "Tamsin Quill", None),
    ],
)
def test_positions_of_people_come_from_the_words_beside_them(
    text: str, name: str, position: str | None
) -> None:
    plain, proposal = linked(text)
    identity = named(proposal, name)
    assert identity.position == position
    assert bool(identity.evidence) == (position is not None)
    assert all(span.end <= len(plain) for span in identity.evidence)


def test_the_mothers_mother_is_a_grandmother() -> None:
    _, proposal = linked(
        "His mother, {P:Karen Quill}, came. Karen's mother, {P:Susan Hollis}, did not."
    )
    assert named(proposal, "Susan Hollis").position == "maternal grandmother"


@pytest.mark.parametrize(
    ("mark", "position"),
    [
        ("O:Quillow Primary School", "primary school"),
        ("O:Quillow General Hospital", "hospital"),
        ("O:Quillow University Hospital", "hospital"),
        ("O:University Hospitals Quillow", "hospital"),
        ("O:Quillow University", "university"),
        ("O:Quillow University Health Board", "health board"),
        ("O:Quillow Primary Care Trust", "primary care trust"),
        ("O:NHS Quillow Integrated Care Board", "integrated care board"),
        ("O:Quillow Clinical Commissioning Group", "clinical commissioning group"),
        ("O:Quillow Borough Council", "local authority"),
        ("O:Quillow Safeguarding Children Board", "safeguarding board"),
        ("O:Quillow NHS Foundation Trust", "NHS trust"),
        ("O:Quillow Probation Trust", "probation service"),
        ("O:Quillow Housing Trust", "housing association"),
        ("O:Quillowshire Police", "police force"),
        ("O:Quillow Crown Court", "court"),
        ("O:HMP Quillow", "prison"),
        ("O:Quillow Nursing Home", "care home"),
        ("O:Quillow Lane Surgery", "GP surgery"),
        ("O:Quillow Housing Association", "housing association"),
        ("L:Quillow Road", "street"),
        ("L:14 Quillow Road", "home address"),
        ("L:Quillow Estate", "estate"),
        ("L:QZ9 9ZZ", "postcode"),
        ("L:Quillowshire", "county"),
    ],
)
def test_positions_of_bodies_and_places_come_from_their_names(mark: str, position: str) -> None:
    _, proposal = linked(f"They went to {{{mark}}} twice.")
    assert named(proposal, mark[2:]).position == position


def test_codes_and_contacts_are_found_again_however_they_are_spaced() -> None:
    text, proposal = linked("Call {X:01632 960123} or 01632960123. {C:AB/12/3456}, AB/12/3456.")
    assert [(f.span.of(text), f.by) for f in proposal.findings] == [
        ("01632 960123", "test"),
        ("01632960123", "link"),
        ("AB/12/3456", "test"),
        ("AB/12/3456", "link"),
    ]


def test_dates_and_ages_are_passed_on_without_identity() -> None:
    text, proposal = linked("On {D:3 May 2019}, aged {A:7}, again 3 May 2019.")
    assert [(f.span.of(text), f.identity) for f in proposal.findings] == [
        ("3 May 2019", None),
        ("7", None),
    ]


def test_names_that_stand_only_beside_the_text_are_found_in_it() -> None:
    beside = "quill_tamsin_final.pdf"
    found = Finding(Span(0, 12), Kind.PERSON, "test", 0.9, "test")
    text, proposal = linked("Then Tamsin left. Quill said so.", ((beside, found),))
    assert [f.span.of(text) for f in proposal.findings] == ["Tamsin", "Quill"]


def test_no_finding_crosses_a_block_or_a_cell() -> None:
    text = "Jane\n\nQuillow\n\nQuillow\tJane"
    cells = ((Span(15, 22), Span(23, 27)),)
    blocks = (
        Block(BlockKind.HEADING, "Jane", 1, Span(0, 4)),
        Block(BlockKind.HEADING, "Quillow", 1, Span(6, 13)),
        Block(BlockKind.TABLE, "Quillow\tJane", 1, Span(15, 27), rows=cells),
    )
    made = Document("0" * 64, "text/plain", "test", 1, text, blocks)
    found = [Finding(Span(0, 13), Kind.PERSON, "test", 0.9, "test")]
    proposal = link(made, found)
    assert [f.span.of(text) for f in proposal.findings] == ["Jane", "Quillow", "Quillow", "Jane"]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((("P", 0, 11), ("O", 6, 30)), ["Jane", "Quill Partnership Housing"]),
        ((("P", 0, 10), ("P", 0, 4)), ["Jane Quill"]),
    ],
)
def test_of_overlapping_findings_the_longest_has_its_place_and_no_word_is_lost(
    spans: tuple[tuple[str, int, int], ...], expected: list[str]
) -> None:
    text = "Jane Quill Partnership Housing"
    found = [Finding(Span(a, b), KINDS[k], "test", 0.9, "test") for k, a, b in spans]
    proposal = link(document(text), found)
    assert [f.span.of(text) for f in proposal.findings] == expected


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "🙂" * 20, "a" * 10_000])
def test_texts_without_names_give_empty_proposals(text: str) -> None:
    assert link(document(text), []).findings == ()


_WORDS = st.sampled_from(
    ("Tamsin", "Quill", "Okafor", "Mr", "Mrs", "Grace", "Young", "mother", "the", "Westmoor",
     "Council", "said", "(WC)", "QUILL", "tamsin", "Elm", "Road", "and", "'s", ",", ".", "\n\n")
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(
    words=st.lists(_WORDS, min_size=1, max_size=25),
    marks=st.lists(
        st.tuples(
            st.integers(0, 140), st.integers(1, 25), st.sampled_from("POLXDC"), st.floats(0, 1)
        ),
        max_size=6,
    ),
)
def test_proposals_hold_together_whatever_was_found(
    words: list[str], marks: list[tuple[int, int, str, float]]
) -> None:
    text = " ".join(words)
    found = [
        Finding(Span(at, min(at + size, len(text))), KINDS[kind], "test", score, "test")
        for at, size, kind, score in marks
        if at < len(text)
    ]
    made = document(text)
    proposal = link(made, found)
    assert proposal == link(made, found)
    blocks = [block.span for block in made.blocks if block.span is not None]
    for finding in proposal.findings:
        assert any(block.contains(finding.span) for block in blocks)
    assert all(a.span.end <= b.span.start for a, b in pairwise(proposal.findings))
    forms = Names((i.id, name) for i in proposal.identities for name in i.names)
    hidden = [f.span for f in proposal.findings]
    for match in forms.find(text):
        assert any(span.overlaps(match.span) for span in hidden)
