"""Recommendations: whom they are for, what and when, repeats, answers, and what is wrong."""

from __future__ import annotations

import pytest

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


def test_a_text_without_recommendations() -> None:
    assert listed("# History", "The family moved in May.") == ()
