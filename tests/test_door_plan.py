"""The plan and the profiles: what is replayed, what is refused, what would be changed."""

from __future__ import annotations

import pytest
from door_parts import document, person, proposal, redacted, settled

from pipeline.door import policy, verify
from pipeline.door.redact import from_bytes, redact, replay, to_bytes, would_change
from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.raw.document import Finding, Identity, Settlement
from pipeline.span import Kind, Span

MOTHER = person("p1", "Zelda Quarmby", position="mother")
CHILD = person("p2", "Torvin Quarmby", "Torvin", position="child", label="Child K")
TOWN = Identity("l1", Kind.PLACE, ("Fellmoor",), "town")


def test_replaying_the_plan_gives_the_safe_text_byte_for_byte() -> None:
    of = document("Torvin met Zelda Quarmby on 3 May 2010.")
    made = redacted(of, [CHILD, MOTHER], [("3 May 2010", Kind.DATE, "")])
    back = from_bytes(to_bytes(made.plan))
    assert back == made.plan
    assert replay(of.text, back) == made.document.text
    with pytest.raises(StoreError):
        replay(of.text + " ", back)
    with pytest.raises(StoreError):
        from_bytes(to_bytes(made.plan)[:-2])


def test_the_plan_holds_no_word_of_the_document() -> None:
    of = document("Torvin met Zelda Quarmby of Fellmoor.")
    plan = to_bytes(redacted(of, [CHILD, MOTHER, TOWN]).plan).decode()
    assert not any(name in plan for name in ("Torvin", "Zelda", "Quarmby", "Fellmoor"))


def test_what_is_hidden_is_not_shown_where_a_redaction_is_printed() -> None:
    made = redacted(document("Torvin met Zelda Quarmby."), [CHILD, MOTHER])
    assert "Torvin" in made.hidden
    assert not any(name in repr(made) for name in made.hidden)


def test_would_change_lists_what_the_profile_changes_and_nothing_else() -> None:
    of = document("Torvin was seen in March 2009 and on 3 May 2010 by Ofsted, aged 4.")
    others = [
        ("March 2009", Kind.DATE, ""),
        ("3 May 2010", Kind.DATE, ""),
        ("aged 4", Kind.AGE, ""),
    ]
    ofsted = Identity("o", Kind.ORGANISATION, ("Ofsted",))
    proposed = proposal(of, [CHILD, ofsted], others)
    public = would_change(of, proposed, policy.load("public"))
    assert [f.span.of(of.text) for f in public] == ["Torvin", "3 May 2010", "aged 4"]
    inspectorate = would_change(of, proposed, policy.load("inspectorate"))
    assert [f.span.of(of.text) for f in inspectorate] == ["Torvin"]
    assert would_change(of, proposed, policy.load("as-published")) == ()


def test_low_scores_count_in_what_was_settled_but_not_in_drafts() -> None:
    of = document("Torvin ran.")
    faint = Finding(Span(0, 6), Kind.PERSON, "", 0.01, "t", "p2")
    wishes = Settlement(of.text_sha256, (faint,), (CHILD,), (), (), 0, 0)
    public = policy.load("public")
    assert redact(of, wishes, public, review="r").document.text.value == "Torvin ran."
    final = redact(of, wishes, public, review="r", draft=False)
    assert final.document.text.value == "[Child K] ran."


def test_an_unsettled_review_gives_a_draft_only() -> None:
    of = document("Torvin ran.")
    done = settled(proposal(of, [CHILD]))
    for undecided, uncleared in ((1, 0), (0, 1)):
        wishes = Settlement(
            done.text_sha256, done.findings, done.identities, (), (), undecided, uncleared
        )
        assert redact(of, wishes, policy.load("public"), review="r").document.draft
        with pytest.raises(NotSettledError):
            redact(of, wishes, policy.load("public"), review="r", draft=False)


def test_a_settlement_of_another_text_is_refused() -> None:
    wishes = settled(proposal(document("Torvin ran."), [CHILD]))
    with pytest.raises(StoreError):
        redact(document("Torvin sat."), wishes, policy.load("public"), review="r")


def test_as_published_changes_nothing_needs_a_source_and_is_never_released() -> None:
    of = document("Torvin met Zelda Quarmby on 3 May 2010.")
    published = policy.load("as-published")
    wishes = settled(proposal(of, [CHILD, MOTHER]))
    with pytest.raises(UsageError):
        redact(of, wishes, published, review="r")
    made = redact(of, wishes, published, review="r", source="a library", published="2010")
    assert made.document.text.value == of.text
    with pytest.raises(UsageError):
        published.require_release()


def test_profiles_are_the_five_of_the_contracts_and_have_hashes_of_their_own() -> None:
    assert policy.names() == ("as-published", "board", "inspectorate", "practitioner", "public")
    assert len({policy.load(name).sha256 for name in policy.names()}) == 5


@pytest.mark.parametrize("name", ["", "Public", "../default", "public.toml", "nobody"])
def test_an_unknown_profile_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        policy.load(name)


def test_unknown_keys_of_a_profile_are_refused() -> None:
    values = policy.load("public").model_dump()
    with pytest.raises(ValueError, match="extra"):
        policy.Policy.model_validate({**values, "colour": "keep"})


def test_a_name_that_reads_as_one_only_after_a_change_is_replaced_too() -> None:
    """The 12 before May makes a date of it; when the flat has gone, May is a person."""
    of = document("May Quarmby rang. From Flat 12 May ran.")
    may = person("p1", "May Quarmby", "May", position="aunt")
    flat = Identity("l1", Kind.PLACE, ("Flat 12",), "flat")
    whole = proposal(of, [may, flat])
    seen = tuple(f for f in whole.findings if f.span.of(of.text) != "May")
    wishes = Settlement(of.text_sha256, seen, whole.identities, (), (), 0, 0)
    made = redact(of, wishes, policy.load("public"), review="r")
    assert made.document.text.value == "[aunt] rang. From [flat] [aunt] ran."
    assert verify.leftovers({}, made) == ()
    assert replay(of.text, made.plan) == made.document.text
