"""How rare a combination of facts is: counted exactly, judged only where there are enough."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_parts import report

from pipeline.safe import risk
from pipeline.safe.lesson import NOT_STATED, SafeDocument, SafeFacts, Swap
from pipeline.span import Kind, Span

BANDS, SEXES, YEARS = (
    ("under 1", "1 to 4", NOT_STATED),
    ("female", "male"),
    ("2010", "2011", "2012"),
)


def document(number: int, **facts: object) -> SafeDocument:
    made = report(f"r-{number:04d}", "Nothing.")
    return replace(made, facts=SafeFacts(**{"kind": "review", **facts}))  # type: ignore[arg-type]


def many(count: int) -> list[SafeDocument]:
    """So many reviews of every combination, in turn."""
    every = list(product(BANDS, SEXES, YEARS))
    return [
        document(n, age_band=band, sex=sex, year=year, harm=("neglect",))
        for n, (band, sex, year) in ((n, every[n % len(every)]) for n in range(count))
    ]


RARE = document(900, age_band="under 1", sex="female", year="2010", harm=("drowning", "neglect"))


def judged(documents: list[SafeDocument], review: str) -> risk.Judged:
    found = risk.people(documents).judged(review)
    assert found is not None
    return found


def test_one_fact_makes_it_rare_and_is_named() -> None:
    found = judged([*many(90), RARE], RARE.review)
    assert (found.k, found.verdict, found.rare_by) == (1, risk.ALONE, "harm")
    assert dict(found.without)["harm"] == 6
    assert dict(found.by_itself)["harm"] == 1
    assert found.control <= 0.2
    assert found.control_k > 1


def test_what_many_share_is_called_shared_and_nothing_more() -> None:
    found = judged(many(180), "r-0000")
    assert found.verdict == risk.SHARED
    assert found.k == 10
    rows = risk.rows(found, 180)
    words = " ".join(str(value).lower() for row in rows for value in row.values())
    assert "anonym" not in words
    assert "safe" not in words


@pytest.mark.parametrize(("count", "told"), [(48, risk.TOO_FEW), (49, risk.ALONE)])
def test_below_fifty_nothing_is_judged(count: int, told: str) -> None:
    found = judged([*many(count), RARE], RARE.review)
    assert found.verdict == told
    says = {row["says"] for row in risk.rows(found, count + 1) if row["what"] == "combination"}
    assert says == {told}


def test_what_is_not_stated_may_be_shared() -> None:
    found = judged([*many(90), RARE], "r-0000")
    # 5 state the same; 5 more do not state the age, and RARE has every harm that this one has.
    assert (found.k, found.at_most) == (6, 11)


def test_what_the_library_does_not_know_is_said_and_not_invented() -> None:
    rows = risk.rows(judged([*many(60), RARE], RARE.review), 61)
    assert [(r["value"], r["k"]) for r in rows if r["fact"] == "ethnicity"] == [
        (risk.NOT_KNOWN, None)
    ]
    assert [r["value"] for r in rows if r["fact"] == "siblings"] == [NOT_STATED]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((), NOT_STATED),
        (("[mother]",), NOT_STATED),
        (("[sibling]",), "1"),
        (("[sibling 1]", "[sibling 2]", "[sibling 1]"), "2"),
        (("[half-sibling 1]", "[sibling 1]", "[brother]"), "3"),
    ],
)
def test_siblings_are_counted_by_their_labels(labels: tuple[str, ...], expected: str) -> None:
    text = " ".join(labels) or "Nothing."
    swaps, at = [], 0
    for label in labels:
        swaps.append(Swap(Span(at, at + len(label)), Kind.PERSON, label))
        at += len(label) + 1
    made = report("r-1", text, heading="x")
    moved = tuple(replace(one, span=one.span.shift(3)) for one in swaps)
    assert risk.siblings(replace(made, swaps=moved)) == expected


def test_no_text_no_judgement() -> None:
    assert risk.people(many(60)).judged("r-none") is None


@given(st.lists(st.tuples(*map(st.sampled_from, (BANDS, SEXES, YEARS))), min_size=1, max_size=70))
def test_bounds_hold_and_order_does_not_matter(told: list[tuple[str, str, str]]) -> None:
    documents = [
        document(n, age_band=band, sex=sex, year=year) for n, (band, sex, year) in enumerate(told)
    ]
    found = judged(documents, "r-0000")
    assert found == judged(documents[::-1], "r-0000")
    assert 1 <= found.k <= found.at_most <= len(documents)
    own = documents[0].facts
    alike = sum(
        all(
            getattr(own, name) in (NOT_STATED, getattr(one.facts, name))
            for name in ("age_band", "sex", "year")
        )
        for one in documents
    )
    assert found.k == alike
    assert all(k >= found.k for _, k in found.without)
