"""Recommendations: whom they are for, what and when, repeats, answers, and what is wrong."""

from __future__ import annotations

import pytest
from learning_parts import report

from pipeline.safe import recommendations as rec
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeText
from pipeline.safe.segment import passages
from pipeline.span import BlockKind, Span


def listed(*texts: str) -> tuple[rec.Recommendation, ...]:
    """The recommendations of paragraphs; "- " makes a bullet, "# " a heading."""
    text, blocks = "", []
    for said in texts:
        kind = {"- ": BlockKind.BULLET, "# ": BlockKind.HEADING}.get(said[:2], BlockKind.PARAGRAPH)
        start = len(text)
        text += said + "\n\n"
        blocks.append(SafeBlock(kind, 1, Span(start, start + len(said)), None, 1))
    document = SafeDocument("r", "public", SafeText(text), tuple(blocks))
    return rec.recommendations(document, passages(document))


THREE = (
    "1. The Board should publish its plan within three months.",
    "2. All agencies must tell the school of each visit, at monthly intervals.",
    "3. A new leaflet should be printed.",
)


def test_whom_what_and_when() -> None:
    one, two, three = listed(*THREE)
    assert (one.addressee, one.kind, one.due) == ("The Board", "board", "within three months")
    assert (two.addressee, two.kind, two.due) == ("All agencies", "all", None)
    assert (three.addressee, three.flags) == (None, (rec.NOBODY,))


def test_answers_follow_their_recommendation() -> None:
    found = listed(THREE[0], "We agree with this.", THREE[1], "Not so sure.", THREE[2], "No.")
    assert [r.response for r in found] == ["We agree with this.", "Not so sure.", "No."]


def test_bullets_belong_to_their_recommendation() -> None:
    first = "1. The Trust should:"
    found = listed(first, "- train its staff;", "- write a policy.", *THREE[1:])
    assert "write a policy" in found[0].text
    assert found[0].response is None


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("The Board should audit missed visits in every clinic.",
         "The Trust must audit each clinic for missed visits.", "merge"),
        ("The Board should share the full report with inspectors of prisons.",
         "The Board should share the summary with head teachers.", None),
        ("The Board should audit missed visits.", "The Trust should buy vans.", None),
    ],
)  # fmt: skip
def test_repeats_are_proposed_and_other_acts_are_not(one: str, other: str, how: str | None) -> None:
    rest = [(str(n), f"The Council should mend road {n} and paint it.") for n in range(3, 9)]
    found = rec.kin([("1", one), ("2", other), *rest])
    assert next((h for h, a, b in found if (a, b) == ("1", "2") and h == "merge"), None) == how


def test_a_text_that_breaks_off() -> None:
    found = listed(*THREE, "4. The Trust must appoint a manager with the necessary skills and")
    assert rec.CUT in found[3].flags
    assert all(rec.CUT not in r.flags for r in found[:3])


@pytest.mark.parametrize(
    ("said", "who", "kind"),
    [
        ("Schools may wish to consider how absence is recorded.", "Schools", "agency"),
        ("It is recommended that the Council review its rota.", "the Council", "agency"),
        ("The review recommends that GPs record who lives at home.", "GPs", "agency"),
        ("The panel was told that the rota has changed and nobody reviews it.", None, None),
        ("The General Dental Council should write a guide.", "The General Dental Council",
         "government"),
        ("Housing services, in partnership with the police, should meet each month.",
         "Housing services, in partnership with the police", "agency"),
    ],
)  # fmt: skip
def test_whom_a_sentence_names(said: str, who: str | None, kind: str | None) -> None:
    one = listed(f"1. {said}", *THREE[1:])[0] if " should " in said else _single(said)
    assert (one.addressee, one.kind) == (who, kind)


def _single(said: str) -> rec.Recommendation:
    (one,) = listed("# Recommendations", said)
    return one


def test_a_demand_without_an_act_is_cut_off() -> None:
    assert rec.CUT in _single("Recommendation: The Trust should").flags


def test_a_repeat_is_told_where_numbers_have_two_parts() -> None:
    said = "should seek assurance that partner agencies read earlier records before first visits."
    rest = [f"The Council should mend road {n} and paint it." for n in range(6)]
    blocks = [f"The Board {said}", *rest, f"The Trust {said}"]
    document = report("r", *blocks, heading="Recommendations")
    found = rec.recommendations(document, passages(document))
    assert ("4.8", "4.1") in [(r.name, r.duplicate_of) for r in found]


def test_very_many_recommendations_end_in_time() -> None:
    units = [(str(n), f"The Board should audit road {n}.") for n in range(rec.MOST_UNITS + 1)]
    assert rec.kin(units) == ()


def test_a_text_without_recommendations() -> None:
    assert listed("# History", "The family moved in May.") == ()


def test_paragraphs_of_the_story_are_no_list_of_recommendations() -> None:
    story = (
        "2.1 Readers will come to this knowing how it ended.",
        "2.2 The child was found when she was about to go to school.",
        "2.3 The aunt had promised to call.",
    )
    asked = (
        "# 13 Recommendations",
        "13.1 The Board should publish its plan within three months.",
        "13.2 All agencies must tell the school of each visit.",
    )
    assert [r.action for r in listed("# 2 Introduction", *story, *asked)] == [
        "publish its plan within three months.",
        "tell the school of each visit.",
    ]


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("The Board should report within seven months.", "within seven months"),
        ("The Board should report within six weeks of receipt.", "within six weeks of receipt"),
        ("The Trust should meet within five school days of any move.", None),
        ("The Trust should ring back within ten working days.", None),
        ("The Trust should write within three days of each visit.", None),
        ("As was found in 2012, the Trust should count its beds.", None),
        ("By the end of May the Trust should count its beds.", "By the end of May"),
    ],
)
def test_a_date_is_the_demand_s_own(said: str, due: str | None) -> None:
    assert _single(said).due == due


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("By the end of May the Trust should count its beds.", "the Trust"),
        ("Recommendation 2: [local authority] should count its beds.", "[local authority]"),
        ("D2. The Council should count its beds.", "The Council"),
        ("Harbour News recommends that a single body should count the beds.", "a single body"),
    ],
)
def test_whom_a_demand_names_behind_what_leads_to_it(said: str, who: str) -> None:
    assert _single(said).addressee == who


def test_numbered_lessons_are_no_recommendations() -> None:
    lessons = [f"4.{n} Learning point {n}: Staff should read note {n}." for n in range(1, 5)]
    asked = [f"5.{n} Recommendation {n}: The Trust should buy van {n}." for n in range(1, 4)]
    found = listed("# Learning", *lessons, "# Recommendations", *asked)
    assert [r.action for r in found] == [f"buy van {n}." for n in range(1, 4)]


def test_what_follows_the_last_recommendation_is_no_answer_where_none_has_one() -> None:
    assert [r.response for r in listed(*THREE, "The panel thanks the tenants.")] == [None] * 3


def test_a_number_that_stands_in_the_heading_is_the_name() -> None:
    found = listed("# Recommendation 7", "The Trust should buy a van.")
    assert [r.name for r in found] == ["7"]


@pytest.mark.parametrize(
    "said",
    ["How will you know that the tenants are warm?", "The Trust said that it would count beds."],
)
def test_what_asks_for_nothing_is_not_listed(said: str) -> None:
    assert said not in [r.text for r in listed("# Next steps", said)]
