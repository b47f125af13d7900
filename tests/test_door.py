"""The door: what each profile makes of names, dates, ages and codes, and what it never does."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from door_parts import document, person, proposal, redacted, settled, text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.door import policy, verify
from pipeline.door.redact import redact, replay
from pipeline.errors import LeakError
from pipeline.exporters import to_text
from pipeline.raw.document import Finding, Identity, Settlement
from pipeline.span import BlockKind, Kind, Span

MOTHER = person("p1", "Zelda Quarmby", position="mother")
CHILD = person("p2", "Torvin Quarmby", "Torvin", position="child", label="Child K")
VISITOR = person("p3", "Ione Threlk", position="health visitor")
SECOND = person("p4", "Maud Ostler", position="health visitor")
AUTHOR = person("p5", "Piers Undrell", position="independent author")
BOARD = Identity("o1", Kind.ORGANISATION, ("Fellmoor Safeguarding Board",), "safeguarding board")
SCHOOL = Identity("o2", Kind.ORGANISATION, ("Larch Lane School",), "primary school")
TOWN = Identity("l1", Kind.PLACE, ("Fellmoor",), "town")


@pytest.mark.parametrize(
    ("words", "identities", "expected"),
    [
        ("Zelda Quarmby rang.", [MOTHER], "[mother] rang."),
        ("Zelda Quarmby's flat, Zelda Quarmby’s son", [MOTHER], "[mother]'s flat, [mother]’s son"),
        ("Mrs Zelda Quarmby rang.", [MOTHER], "[mother] rang."),
        ("An Ione Threlk came.", [VISITOR], "An [health visitor] came."),
        ("The health visitor Ione Threlk came.", [VISITOR], "The [health visitor] came."),
        ("Torvin is Child K. TORVIN ran.", [CHILD], "[Child K] is Child K. [Child K] ran."),
        (
            "Maud Ostler met Ione Threlk; Maud Ostler left.",
            [VISITOR, SECOND],
            "[health visitor 1] met [health visitor 2]; [health visitor 1] left.",
        ),
        ("Bo Arkle came.", [person("p", "Bo Arkle")], "[person] came."),
        (
            "Bo Arkle, Cy Dunmer",
            [person("p", "Bo Arkle"), person("q", "Cy Dunmer")],
            "[person 1], [person 2]",
        ),
        ("He lived in Fellmoor.", [TOWN], "He lived in [town]."),
        (
            "At Larch Lane School, Larch Lane School.",
            [SCHOOL],
            "At [primary school], [primary school].",
        ),
        ("Quarmby, Torvin was seen.", [CHILD], "[Child K] was seen."),
        ("The Mother was seen.", [person("m", "Mother")], "The Mother was seen."),
        ("Mrs Ward rang.", [person("w", "Ward", position="neighbour")], "[neighbour] rang."),
    ],
)
def test_an_identity_becomes_its_role(
    words: str, identities: list[Identity], expected: str
) -> None:
    assert text_of(words, identities) == expected


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("public", "[independent author] wrote for [safeguarding board] on [mother] of [town]."),
        ("board", "Piers Undrell wrote for Fellmoor Safeguarding Board on [mother] of [town]."),
        ("practitioner", "Piers Undrell wrote for [safeguarding board] on [mother] of [town]."),
        (
            "inspectorate",
            "Piers Undrell wrote for Fellmoor Safeguarding Board on [mother] of Fellmoor.",
        ),
    ],
)
def test_profiles_differ_in_whom_they_show(profile: str, expected: str) -> None:
    words = "Piers Undrell wrote for Fellmoor Safeguarding Board on Zelda Quarmby of Fellmoor."
    got = text_of(words, [AUTHOR, BOARD, MOTHER, TOWN], profile=profile)
    assert got == expected


def test_the_town_in_the_name_of_a_board_that_stays_passes_the_gate() -> None:
    words = "Fellmoor Safeguarding Board met in Fellmoor. The Quarmby Board did not."
    other = Identity("o9", Kind.ORGANISATION, ("Quarmby Board",), "safeguarding board")
    made = redacted(document(words), [BOARD, TOWN, MOTHER, other], profile="board")
    expected = "Fellmoor Safeguarding Board met in [town]. The Quarmby Board did not."
    assert made.document.text.value == expected
    assert verify.leftovers({}, made) == ()
    mother = person("p9", "Quarmby", position="mother")
    both = redacted(
        document(f"{words} Quarmby wept."), [BOARD, TOWN, mother, other], profile="board"
    )
    expected = (
        "Fellmoor Safeguarding Board met in [town]. The [mother] Board did not. [mother] wept."
    )
    assert both.document.text.value == expected
    assert verify.leftovers({}, both) == ()


@pytest.mark.parametrize(
    ("words", "kind", "subkind", "old", "expected"),
    [
        ("Seen on 5 March 2009.", Kind.DATE, "", "5 March 2009", "Seen in March 2009."),
        ("On Monday 5 March 2009 he", Kind.DATE, "", "5 March 2009", "In March 2009 he"),
        ("Of about the 5 May 2009 he", Kind.DATE, "", "5 May 2009", "Of about May 2009 he"),
        (
            "On the night of 5 May 2009.",
            Kind.DATE,
            "",
            "5 May 2009",
            "On the night of a day in May 2009.",
        ),
        ("On the 14 he", Kind.DATE, "", "14", "On the [date] he"),
        ("between 60 and 80 a week", Kind.DATE, "", "60 and 80", "between 60 and 80 a week"),
        ("At 20:45 he", Kind.DATE, "", "45", "At 20:45 he"),
        ("those aged 16-17 were", Kind.DATE, "", "16-17", "those aged [16 to 17] were"),
        ("By the 5 May 2009 meeting", Kind.DATE, "", "5 May 2009", "By the May 2009 meeting"),
        ("By March 2009 he", Kind.DATE, "", "March 2009", "By March 2009 he"),
        ("Born 3/4/2007.", Kind.DATE, "", "3/4/2007", "Born [date of birth]."),
        ("Came 3/4/2007.", Kind.DATE, "birth", "3/4/2007", "Came [date of birth]."),
        ("The 4-year-old boy", Kind.AGE, "", "4-year-old", "The [aged 3 to 5] boy"),
        ("The 4-year-old was", Kind.AGE, "", "4-year-old", "The [child aged 3 to 5] was"),
        ("aged between 2 and 5 they", Kind.AGE, "", "2 and 5", "aged [1 to 5] they"),
        ("at the age of 4", Kind.AGE, "", "age of 4", "at the age of [3 to 5]"),
        ("Ref QX/8812/09.", Kind.CODE, "case", "QX/8812/09", "Ref [case reference]."),
        ("Ring 0113 496 0999.", Kind.CONTACT, "phone", "0113 496 0999", "Ring [telephone number]."),
        (
            "See www.fellmoor.example.",
            Kind.CONTACT,
            "url",
            "www.fellmoor.example",
            "See [link removed].",
        ),
    ],
)
def test_what_is_no_name_is_generalised(
    words: str, kind: Kind, subkind: str, old: str, expected: str
) -> None:
    assert text_of(words, others=[(old, kind, subkind)]) == expected


def test_a_date_of_birth_is_one_wherever_it_stands() -> None:
    words = "Born on 2 May 2007. On 2 May 2007 she was alone; on 3 May 2007 too."
    others = [("2 May 2007", Kind.DATE, ""), ("3 May 2007", Kind.DATE, "")]
    expected = "Born on [date of birth]. On [date of birth] she was alone; in May 2007 too."
    assert text_of(words, others=others) == expected


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("public", "Born on [date of birth], seen in May 2011, [aged 3 to 5]"),
        ("board", "Born on [date of birth], seen in May 2011, aged 4"),
        ("practitioner", "Born in 2007, seen in May 2011, aged 4"),
        ("inspectorate", "Born on 2 May 2007, seen on 9 May 2011, aged 4"),
    ],
)
def test_profiles_differ_in_dates_and_ages(profile: str, expected: str) -> None:
    words = "Born on 2 May 2007, seen on 9 May 2011, aged 4"
    others = [
        ("2 May 2007", Kind.DATE, ""),
        ("9 May 2011", Kind.DATE, ""),
        ("aged 4", Kind.AGE, ""),
    ]
    assert text_of(words, others=others, profile=profile) == expected


@pytest.mark.parametrize(
    "words",
    [
        "The Care Quality Commission visited.",
        "Ofsted's report said so.",
        "Working Together to Safeguard Children asks for it.",
        "The Children Act 1989 asks for it.",
        "Children's Social Care was told.",
        "It happened in England.",
    ],
)
def test_national_bodies_statutes_and_generic_bodies_stay(words: str) -> None:
    name = words.removeprefix("The ").removeprefix("It happened in ")
    for tail in (" visited.", "'s report said so.", " asks for it.", " was told.", "."):
        name = name.removesuffix(tail)
    kind = Kind.PLACE if name == "England" else Kind.ORGANISATION
    assert text_of(words, [Identity("o", kind, (name,))]) == words


def test_a_citation_stays_and_the_same_name_of_the_case_does_not() -> None:
    cited = person("p", "Ostrander")
    assert text_of("Ostrander et al. (2009) say so.", [cited]) == "Ostrander et al. (2009) say so."
    both = "Ostrander et al. (2009) say so. Ostrander wept."
    assert text_of(both, [cited]) == "[person] et al. (2009) say so. [person] wept."


def test_an_identity_of_the_case_beats_an_allow_list() -> None:
    hidden = person("p", "Ofsted", position="father")
    assert text_of("Ofsted came home.", [hidden]) == "[father] came home."


def test_a_label_that_the_report_uses_is_not_taken() -> None:
    words = "Sibling 1 met Bo Arkle and Cy Dunmer. [mother] rang Zelda Quarmby."
    people = [
        person("a", "Bo Arkle", position="sibling"),
        person("b", "Cy Dunmer", position="sibling"),
        MOTHER,
    ]
    expected = "Sibling 1 met [sibling 2] and [sibling 3]. [mother] rang [mother 1]."
    assert text_of(words, people) == expected


def test_a_position_that_holds_a_hidden_name_is_not_used() -> None:
    odd = person("p", "Zelda Quarmby", position="Torvin's mother")
    assert text_of("Zelda Quarmby and Torvin", [odd, CHILD]) == "[person] and [Child K]"


def test_a_reviewers_label_wins_and_may_hold_no_name() -> None:
    assert text_of("Zelda Quarmby rang.", [MOTHER], labels=[("p1", "carer")]) == "[carer] rang."
    with pytest.raises(LeakError):
        text_of("Zelda Quarmby rang.", [MOTHER], labels=[("p1", "Zelda's mum, Zelda Quarmby")])


def test_what_has_no_rule_stays_in_a_draft_and_goes_where_a_person_left_it_settled() -> None:
    others = [("Ruritanian", Kind.DEMOGRAPHIC, "ethnicity")]
    of = document("Of Ruritanian descent.")
    assert redacted(of, (), others, draft=True).document.text.value == of.text
    settled_text = redacted(of, (), others).document.text.value
    assert settled_text == "Of [ethnicity] descent."


def test_what_a_reviewer_added_hides_what_has_no_rule() -> None:
    of = document("Of Ruritanian descent.")
    finding = Finding(Span(3, 13), Kind.DEMOGRAPHIC, "ethnicity", 1.0, policy.REVIEWER)
    wishes = Settlement(of.text_sha256, (finding,), (), (), (), 0, 0)
    made = redact(of, wishes, policy.load("public"), review="r", draft=False)
    assert made.document.text.value == "Of [ethnicity] descent."


def test_a_place_that_a_person_keeps_is_kept_and_passes_the_gate() -> None:
    of = document("Rose rang. The rose was red. A Rose Report.")
    rose = person("p", "Rose", position="aunt")
    kept = Span(of.text.index("Rose Report"), of.text.index("Rose Report") + 4)
    wishes = settled(proposal(of, [rose]), kept=[kept])
    made = redact(of, wishes, policy.load("public"), review="r", draft=False)
    assert made.document.text.value == "[aunt] rang. The rose was red. A Rose Report."
    assert [span.of(made.document.text.value) for span in made.kept] == ["Rose"]
    assert verify.leftovers({}, made) == ()
    open_to_all = replace(made, kept=())
    assert [one.where for one in verify.leftovers({}, open_to_all)] == [
        f"text at {made.kept[0].start}"
    ]


def test_a_mention_that_no_finding_covers_is_replaced_too() -> None:
    of = document("Torvin ran.", "We met TORVIN; Tor\u00advin wept. QUARMBY, Torvin")
    whole = proposal(of, [CHILD])
    first = Settlement(of.text_sha256, whole.findings[:1], whole.identities, (), (), 0, 0)
    made = redact(of, first, policy.load("public"), review="r", draft=False)
    assert "vin" not in made.document.text.value.lower()
    assert made.document.text.value.count("[Child K]") == 4


def test_blocks_and_cells_move_with_the_text() -> None:
    of = document(
        (BlockKind.HEADING, "About Torvin Quarmby"),
        (BlockKind.TABLE, "Who\tRole\nTorvin Quarmby\tsubject\nZelda Quarmby\t"),
        "Torvin slept.",
    )
    made = redacted(of, [CHILD, MOTHER]).document
    assert [block.span.of(made.text.value) for block in made.blocks] == [
        "About [Child K]",
        "Who\tRole\n[Child K]\tsubject\n[mother]\t",
        "[Child K] slept.",
    ]
    cells = [[c.of(made.text.value) if c else None for c in row] for row in made.blocks[1].rows]
    assert cells == [["Who", "Role"], ["[Child K]", "subject"], ["[mother]", None]]
    assert {swap.span.of(made.text.value) for swap in made.swaps} == {"[Child K]", "[mother]"}


@pytest.mark.parametrize(
    ("words", "number", "expected"),
    [
        ("S. Harbottle, Social worker", "S", None),
        ("S. Harbottle, Chair of S panel", "S", None),
        ("4.1 S. Harbottle rang.", "4.1", "4.1"),
        ("(a) S. Harbottle rang.", "a", "a"),
        ("[2] Note by S. Harbottle.", "2", "2"),
        ("A visit by S. Harbottle", None, None),
    ],
)
def test_a_number_of_a_block_that_is_an_initial_goes_with_the_name(
    words: str, number: str | None, expected: str | None
) -> None:
    plain = document(words)
    of = replace(plain, blocks=(replace(plain.blocks[0], number=number),))
    chair = person("p", "S. Harbottle", position="social worker")
    (block,) = redacted(of, [chair]).document.blocks
    assert block.number == expected


def test_a_name_across_two_blocks_leaves_both_blocks() -> None:
    of = document("Seen by Torvin", "Quarmby at home.")
    start = of.text.index("Torvin")
    finding = Finding(Span(start, start + 15), Kind.PERSON, "", 0.9, "t", "p2")
    wishes = Settlement(of.text_sha256, (finding,), (CHILD,), (), (), 0, 0)
    made = redact(of, wishes, policy.load("public"), review="r").document
    assert [b.span.of(made.text.value) for b in made.blocks] == [
        "Seen by [Child K]",
        "[Child K] at home.",
    ]


def test_facts_are_coarse() -> None:
    of = document(
        (BlockKind.HEADING, "Serious Case Review: Child K"),
        "Published in June 2012",
        "Torvin Quaxley was seen. Child K died aged 4 months in 2010.",
    )
    facts = redacted(of, [CHILD], [("aged 4 months", Kind.AGE, "")]).document.facts
    assert (facts.kind, facts.year, facts.age_band) == (
        "serious case review",
        "2012",
        "under 6 months",
    )
    bare = redacted(document("Nothing is said.")).document.facts
    assert {bare.kind, bare.year, bare.age_band} == {"not stated"}


_SYLLABLES = st.sampled_from(["zor", "quin", "bex", "thul", "vash", "mirk", "dro", "ulf", "oxley"])
_NAMES = st.lists(_SYLLABLES, min_size=2, max_size=3).map(lambda s: "".join(s).capitalize())
_WORDS = st.lists(
    st.sampled_from(
        ["the", "child", "was", "seen", "by", "at", "home;", "and", "said:", "no.", "—"]
    ),
    max_size=6,
).map(" ".join)
_TAILS = st.sampled_from(["", "'s", "’s", ",", ".", ")", "?", "/", "-led"])
_CASES = st.sampled_from(["as it is", "upper", "lower"])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_redacted_is_found_nowhere_by_the_gate(data: st.DataObject) -> None:
    given_name = data.draw(_NAMES)
    surname = data.draw(_NAMES.filter(lambda name: name != given_name))
    one = person("p", f"{given_name} {surname}", given_name, surname, position="uncle")
    pieces = [f"{given_name} {surname}"]
    for _ in range(data.draw(st.integers(1, 5))):
        written = data.draw(
            st.sampled_from(
                [f"{given_name} {surname}", given_name, surname, f"{surname}, {given_name}"]
            )
        )
        case = data.draw(_CASES)
        written = {"upper": written.upper(), "lower": written.lower()}.get(case, written)
        words = written + data.draw(_TAILS)
        pieces += [data.draw(_WORDS), words]
    of = document(" ".join(pieces).strip())
    made = redacted(of, [one])
    assert verify.leftovers({}, made) == ()
    safe = made.document.text
    assert replay(of.text, made.plan) == safe
    assert given_name.lower() not in safe.value.lower()
    assert surname.lower() not in safe.value.lower()
    verify.require_clean({"r.txt": to_text.render(made.document, public_id="r")}, made)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=string.printable + "é—[]", max_size=200))
def test_a_text_without_findings_is_left_as_it_is(words: str) -> None:
    of = document(words) if words else document("x")
    assert redacted(of).document.text.value == of.text
