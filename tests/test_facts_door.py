"""What of a report's facts crosses the door: words of closed lists, whatever the text says.

All names and places are invented.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace

import pytest
from facts_bodies import ADULT, CHILD
from facts_parts import COVERS
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.door import facts as door
from pipeline.door import verify
from pipeline.door.plan import Plan
from pipeline.door.redact import Redaction
from pipeline.exporters import to_json
from pipeline.raw import facts as raw
from pipeline.raw.facts import Fact, Facts
from pipeline.raw.readers.text import from_string
from pipeline.safe.lesson import NOT_STATED, SafeDocument, SafeFacts, SafeText

NAME = "Tamsin Quill"
SEVERAL = {field.name for field in fields(Facts) if isinstance(getattr(Facts(), field.name), tuple)}


def with_every(value: str) -> Facts:
    """Facts of which each has this value."""
    fact = Fact(value)
    held = {f.name: (fact,) if f.name in SEVERAL else fact for f in fields(Facts)}
    return Facts(**held)  # type: ignore[arg-type]


@pytest.mark.parametrize("hostile", [NAME, "Child K", "White British", "3 May 2011", "{}"])
def test_a_hostile_fact_ends_as_not_stated(hostile: str) -> None:
    safe = door.coarse(with_every(hostile))
    held = {field.name: getattr(safe, field.name) for field in fields(safe)}
    assert held.pop("ethnicity") in ("recorded", NOT_STATED)
    assert held.pop("age_band") in (*door.CLOSED["age_band"], NOT_STATED)
    assert held.pop("harm") == ()
    assert set(held.values()) == {NOT_STATED}


@given(st.text(max_size=60))
def test_whatever_a_fact_holds_its_crossing_is_of_a_closed_list(value: str) -> None:
    assert door.strays(door.coarse(with_every(value))) == ()


_WORDS = st.sampled_from(
    """Child K was is subject to a child protection plan known services died on 3 May 2011 aged
    four months old the mother met author invited declined Ofsted judged this review to be good
    inadequate White British boy girl murder of not never serious case 2014 Tamsin .""".split()
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_WORDS, max_size=60), st.sampled_from([CHILD, ADULT, ""]))
def test_whatever_the_text_what_crosses_is_of_closed_lists(words: list[str], cover: str) -> None:
    safe = door.stated(from_string(f"{cover}\n\n1 Introduction\n\n{' '.join(words)}\n"))
    assert door.strays(safe) == ()


@pytest.mark.parametrize("cover", COVERS, ids=lambda cover: cover.name)
def test_no_cover_takes_a_name_across(cover: object) -> None:
    text = getattr(cover, "text", "")
    safe = door.stated(from_string("\n\n".join(line.strip() for line in text.splitlines())))
    assert door.strays(safe) == ()


FULL = """1 Introduction

This review follows the death of Child K, aged four months, on 3 May 2011.

Child K was White British.

Child K was subject to a child protection plan at the time of his death.

The mother met the author. The author is independent of the Board.

This serious case review was evaluated by Ofsted as good.

The review covers the period from 3 May 2010 to 3 May 2011."""


def test_a_full_report_crosses_coarse() -> None:
    cover = f"{CHILD}\n\nCompleted: 20 June 2012\n\nPublished: 19 August 2012"
    assert door.stated(from_string(f"{cover}\n\n{FULL}\n")) == SafeFacts(
        kind="serious case review",
        year="2012",
        age_band="under 6 months",
        ethnicity="recorded",
        harm=("death",),
        judgement="good",
        independent_author="yes",
        family_involvement="took part",
        known_to_services="yes",
        child_protection_plan="yes",
        incident_to_completion="1 to 2 years",
        completion_to_publication="under 6 months",
        period_length="1 to 2 years",
    )


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ("0 months", "under 6 months"), ("5 months", "under 6 months"),
        ("6 months", "6 to 12 months"), ("11 months", "6 to 12 months"),
        ("12 months", "1 to 2 years"), ("23 months", "1 to 2 years"),
        ("24 months", "over 2 years"), ("7 to 8 months", "6 to 12 months"),
        ("5 to 6 months", NOT_STATED), ("14", NOT_STATED), ("9999 months", NOT_STATED),
        ("1 month", "under 6 months"),
    ],
)  # fmt: skip
def test_lengths_cross_in_four_words(months: str, words: str) -> None:
    assert door.crossing("period_length", months) == words


def test_names_of_the_review_never_cross() -> None:
    for name in ("board", "subject", "authors", "chairs", "panel", "incident", "born", "part"):
        assert door.crossing(name, NAME) is None


def redaction(facts: SafeFacts) -> Redaction:
    """A safe document that has these facts and says nothing."""
    empty = SafeDocument("r", "public", SafeText("Seen."), (), facts=facts, draft=False)
    return Redaction(empty, Plan("r", "public", "0" * 64, "0" * 64, ()), ())


@pytest.mark.parametrize("field", [field.name for field in fields(SafeFacts)])
def test_the_gate_stops_facts_that_are_of_no_list(field: str) -> None:
    bad = (NAME,) if field == "harm" else NAME
    stray = redaction(replace(SafeFacts(), **{field: bad}))  # type: ignore[arg-type]
    found = verify.leftovers({}, stray)
    assert [(one.artefact, one.where, one.form) for one in found] == [
        ("facts", field, verify.NOT_LISTED)
    ]
    assert verify.leftovers({}, redaction(SafeFacts())) == ()


def test_the_export_has_every_fact_and_the_gate_knows_each() -> None:
    safe = SafeFacts(kind="serious case review", harm=("death", "neglect"), sex="female")
    made = redaction(safe)
    data = to_json.render(made.document, public_id="CR-0001")
    assert json.loads(data)["facts"] == {**asdict(safe), "harm": ["death", "neglect"]}
    assert verify.leftovers({"CR-0001.json": data}, made) == ()
    for field in fields(SafeFacts):
        value = json.loads(data)
        value["facts"][field.name] = NAME
        assert verify.leftovers({"CR-0001.json": json.dumps(value).encode()}, made)


def test_a_text_without_facts_crosses_as_nothing() -> None:
    assert door.coarse(Facts()) == SafeFacts()
    assert raw.stated(from_string("Nothing is said.")) == Facts()
