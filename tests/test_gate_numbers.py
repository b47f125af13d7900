"""A bare number is no name, and the number that we counted in a label stops no publication."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from door_parts import document, person, proposal, settled
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.door import labels, policy, provenance, verify
from pipeline.door.policy import REVIEWER
from pipeline.door.redact import Redaction, redact
from pipeline.errors import LeakError
from pipeline.raw.document import Document, Finding, Identity
from pipeline.raw.link import link
from pipeline.raw.link_bodies import is_generic
from pipeline.safe.lesson import SafeText
from pipeline.span import BlockKind, Kind, Span

MOST = 24
# Nobody shares a name with anybody.
PEOPLE = tuple(
    person(f"p{n}", f"Zelt{chr(97 + n)}vin Quar{chr(97 + n)}mere") for n in range(1, MOST + 1)
)


def hidden_by_hand(of: Document, number: str, *people: Identity, own: str = "") -> Redaction:
    """The document with these people hidden, and a number that a reviewer took for a place."""
    house = Identity("h", Kind.PLACE, (number,))
    wishes = settled(proposal(of, people), labels=[("h", own)] if own else [])
    at = of.text.index(number)
    mark = Finding(Span(at, at + len(number)), Kind.PLACE, "address", 1.0, REVIEWER, "h")
    found = tuple(sorted((mark, *wishes.findings), key=lambda f: f.span))
    wishes = replace(wishes, findings=found, identities=(house, *people))
    return redact(of, wishes, policy.load("public"), review="r-test", draft=False)


def case(people: int, number: str, *, own: str = "") -> Redaction:
    """So many people without a role, and a house of which only its number stands there."""
    told = " ".join(f"Then {one.names[0]} came." for one in PEOPLE[:people])
    of = document(f"They met at {number} that day. {told}")
    return hidden_by_hand(of, number, *PEOPLE[:people], own=own)


def leaks(of: Redaction) -> list[tuple[str, str]]:
    return [(one.where, one.form) for one in verify.leftovers({}, of)]


def planted(of: Redaction, words: str, at: int | None = None) -> Redaction:
    """The redaction as if these words stood in its safe text, behind all labels or at a place."""
    text = of.document.text.value
    place = len(text) if at is None else at

    def moved(span: Span) -> Span:
        by = len(words) if span.start >= place else 0
        return Span(span.start + by, span.end + by)

    touched = replace(
        of.document,
        text=SafeText(text[:place] + words + text[place:]),
        blocks=(),
        swaps=tuple(replace(swap, span=moved(swap.span)) for swap in of.document.swaps),
    )
    return replace(of, document=touched)


@given(st.integers(2, MOST), st.integers(10, MOST))
@settings(max_examples=15, deadline=None)
def test_a_hidden_number_that_we_counted_in_a_label_passes_the_gate(people: int, n: int) -> None:
    made = case(people, str(n))
    assert (f"[person {n}]" in made.document.text.value) is (n <= people)
    assert leaks(made) == []


@given(st.integers(10, MOST), st.data())
@settings(max_examples=20, deadline=None)
def test_the_same_number_anywhere_else_is_caught(n: int, data: st.DataObject) -> None:
    made = case(MOST, str(n))
    text = made.document.text.value
    # Between any two words that are no label, and at the very edges of labels.
    labelled = [swap.span for swap in made.document.swaps]
    gaps = {at for at, sign in enumerate(text) if sign == " "}
    gaps -= {at for span in labelled for at in range(span.start, span.end)}
    gaps |= {at for span in labelled for at in (span.start, span.end)}
    at = data.draw(st.sampled_from(sorted(gaps)))
    assert leaks(planted(made, f" {n} ", at))


@pytest.mark.parametrize("words", [" [person 13]", " [person 13", "[flat 13]", " [13]", " (13)"])
def test_a_label_that_the_plan_did_not_place_excuses_no_number(words: str) -> None:
    assert leaks(planted(case(MOST, "13"), words))


@pytest.mark.parametrize("form", ["quorlmate 13", "quorlmate", "Quorlmate-13"])
def test_a_hidden_name_in_or_over_a_label_is_still_caught(form: str) -> None:
    friends = tuple(replace(one, position="quorlmate") for one in PEOPLE)
    told = " ".join(f"Then {one.names[0]} came." for one in friends)
    made = hidden_by_hand(document(f"They met at 13 that day. {told}"), "13", *friends)
    assert "[quorlmate 13]" in made.document.text.value
    assert leaks(made) == []
    assert leaks(replace(made, hidden=(*made.hidden, form))) != []


def test_a_number_is_excused_only_where_we_counted_it() -> None:
    made = case(MOST, "13")
    assert leaks(replace(made, counted=made.counted - {"[person 13]"})) != []
    text = made.document.text.value
    (swap,) = (one for one in made.document.swaps if one.label == "[person 13]")
    bare = replace(made.document, swaps=tuple(one for one in made.document.swaps if one != swap))
    assert leaks(replace(made, document=bare)) == [(f"text at {text.index('13]')}", verify.WORD)]


def test_a_label_that_a_person_wrote_may_hold_no_hidden_number() -> None:
    with pytest.raises(LeakError) as caught:
        case(3, "13", own="flat 13")
    assert str(caught.value) == labels.LABEL_HOLDS_NAME


@given(st.integers(10, 99), st.integers(10, 99))
@settings(max_examples=15, deadline=None)
def test_a_text_does_not_tell_by_its_labels_which_number_it_hides(one: int, other: int) -> None:
    """An intruder who saw 12 and 14 and no 13 would know the number of the house."""
    assert case(MOST, str(one)).document.text == case(MOST, str(other)).document.text


@given(st.text(alphabet="0123456789-–/.,() ", min_size=1, max_size=9))
def test_what_has_no_letter_is_nobodys_name(written: str) -> None:
    assert is_generic(written)


@pytest.mark.parametrize("number", ["1-3", "1.3", "13", "2/4", "7–9"])
def test_the_number_of_a_paragraph_before_a_body_is_no_address(number: str) -> None:
    of = document(
        "The first was found to be met.",
        f"{number} Fellmoor Hill Safeguarding Adults Board agreed on Saturday to a review.",
        "It was seen at 13 weeks, by 13 people.",
    )
    body = "Fellmoor Hill Safeguarding Adults Board"
    at = of.text.index(number + " ")
    behind = at + len(number) + 1
    found = (
        Finding(Span(at, at + len(number)), Kind.PLACE, "address", 0.9, "places"),
        Finding(Span(behind, behind + len(body)), Kind.ORGANISATION, "board", 0.9, "bodies"),
    )
    made = link(of, found)
    assert [f.span.of(of.text) for f in made.findings] == [body]


def test_the_number_of_an_address_that_two_cells_share_hides_no_other_number() -> None:
    of = document((BlockKind.TABLE, "Left at\t84\tMarl Row\nCost\t84\tpounds"), "It was 84 then.")
    house = Identity("h", Kind.PLACE, ("84 Marl Row", "Marl Row"), "home address")
    at = of.text.index("84")
    mine = [
        Finding(Span(at, at + 2), Kind.PLACE, "address", 0.9, "link", "h"),
        Finding(Span(at + 3, at + 11), Kind.PLACE, "address", 0.9, "link", "h"),
    ]
    wishes = replace(settled(proposal(of)), findings=tuple(mine), identities=(house,))
    made = redact(of, wishes, policy.load("public"), review="r-test", draft=False)
    assert made.document.text.value == (
        "Left at\t[home address]\t[home address]\nCost\t84\tpounds\n\nIt was 84 then."
    )
    assert leaks(made) == []


def manifest(of: Redaction, digest: str) -> bytes:
    """A signed public manifest that says so of one file."""
    private = provenance.private_manifest(
        of, public_id="CR-X", original_sha256="0" * 64, outputs={}, versions={}, ledger_head="h"
    )
    public = provenance.public_manifest(private, outputs={}, salt=b"s" * 32, program="1.0")
    subject = [{"name": "CR-X.txt", "digest": {"sha256": digest}}]
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    return provenance.signed({**public, "subject": subject}, key)


@pytest.mark.parametrize("form", ["12", "13", "Ada", "Abe"])
def test_who_is_called_as_a_part_of_a_digest_stops_no_manifest(form: str) -> None:
    """A case with an Ada was kept back now and then, by the luck of its hashes."""
    made = case(3, "14")
    hidden = replace(made, hidden=(*made.hidden, form))
    edge = "f" if form.isdigit() else "1"
    digest = f"{edge}{form.lower()}{edge}".ljust(64, "0")
    assert verify.leftovers({"CR-X.manifest.json": manifest(hidden, digest)}, hidden) == ()
    for other in (digest[:-1], f"{form} {digest}"):
        assert verify.leftovers({"CR-X.manifest.json": manifest(hidden, other)}, hidden) != ()
