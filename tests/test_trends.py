"""Trends count reviews, with denominators and intervals, and tell a change only if it is clear."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_parts import SHARING, THEMES, VISITS, marked, report, years

from pipeline.door.facts import CLOSED
from pipeline.errors import UsageError
from pipeline.safe.lesson import SafeDocument, SafeFacts
from pipeline.safe.trends import Change, Trend, compare, met_by_theme, timeline
from pipeline.safe.trends_pairs import co_occurrence
from pipeline.safe.trends_share import Share, apart, corrected, slope, wilson
from pipeline.safe.trends_tables import FACTS, STANDARD, completeness, table

OTHER = "Nobody weighed the dogs in the yard when the tenancy was renewed."


def told(*documents: SafeDocument, everywhere: bool = False) -> dict[str, Trend]:
    met = met_by_theme(marked(*documents), THEMES, everywhere=everywhere)
    return {trend.key: trend for trend in timeline(years(*documents), met)}


def of_shares(*shares: tuple[int, int], first: int = 2001) -> list[SafeDocument]:
    """Reviews year by year: so many with a lack of information sharing, of so many."""
    return [
        report(f"R{year}-{n}", SHARING[0] if n < part else OTHER, year=str(year))
        for year, (part, of) in enumerate(shares, start=first)
        for n in range(of)
    ]


@pytest.mark.parametrize(
    ("part", "of", "low", "high"),
    [  # by hand: (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96
        (20, 50, 0.2761, 0.5382),
        (59, 173, 0.2745, 0.4145),
        (1, 1, 0.2065, 1.0),
        (0, 3, 0.0, 0.5615),
        (5, 10, 0.2366, 0.7634),
    ],
)
def test_the_interval_is_wilsons(part: int, of: int, low: float, high: float) -> None:
    assert wilson(part, of) == pytest.approx((low, high), abs=0.0001)


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_share_and_mirrors(counted: tuple[int, int]) -> None:
    part, of = counted
    low, high = wilson(part, of)
    assert 0 <= low <= part / of + 0.0001
    assert part / of - 0.0001 <= high <= 1
    assert wilson(of - part, of) == pytest.approx((1 - high, 1 - low), abs=0.0002)


def test_the_test_of_a_trend_is_the_one_of_the_textbook() -> None:
    # N r² of year and of having it is the Cochran-Armitage statistic.
    import numpy as np

    shares = [Share(2, 12), Share(5, 11), Share(7, 13), Share(9, 10)]
    year = np.repeat([1, 2, 3, 4], [s.of for s in shares])
    has = np.concatenate([[1] * s.part + [0] * (s.of - s.part) for s in shares])
    r = float(np.corrcoef(year, has)[0, 1])
    score, chance = slope([1, 2, 3, 4], shares)
    assert score**2 == pytest.approx(len(year) * r * r, abs=0.001)
    assert score > 0
    assert chance < 0.01


def test_chance_alone_is_rarely_told_as_a_change() -> None:
    chance = random.Random(7)
    found = 0
    for _ in range(600):
        of = [chance.randint(3, 12) for _ in range(8)]
        shares = [Share(sum(chance.random() < 0.3 for _ in range(n)), n) for n in of]
        found += slope(range(8), shares)[1] < 0.05
    assert found / 600 < 0.075


def test_fifty_versus_a_hundred_and_seventy_three_is_no_clear_change() -> None:
    assert apart(Share(20, 50), Share(59, 173)) > 0.4
    assert corrected([]) == ()


@pytest.mark.parametrize(
    ("shares", "change", "lasting"),
    [
        (((1, 10), (3, 10), (6, 10), (9, 10)), Change.RISES, True),
        (((9, 10), (6, 10), (3, 10), (0, 10)), Change.FALLS, False),
        (((5, 10), (6, 10), (5, 10), (6, 10)), Change.NOT_CLEAR, True),
        (((0, 5), (1, 5), (4, 5), (5, 5)), Change.TOO_FEW, False),  # 20 reviews
        (((0, 20), (5, 20), (20, 20)), Change.TOO_FEW, False),  # three years
        (((0, 20), (0, 20), (1, 20), (3, 20)), Change.TOO_FEW, False),  # four have it
        (((20, 20), (20, 20), (20, 20), (20, 20)), Change.TOO_FEW, True),  # all have it
        (((1, 1), (1, 1), (1, 1), (1, 1)), Change.TOO_FEW, False),
        (((5, 10), (6, 10), (5, 10), (6, 10), *([(0, 4)] * 6)), Change.FALLS, False),
    ],
)
def test_a_change_is_told_with_enough_reviews_and_else_too_few_to_say(
    shares: tuple[tuple[int, int], ...], change: Change, lasting: bool
) -> None:
    trend = told(*of_shares(*shares))["D1"]
    assert [(row.share.part, row.share.of) for row in trend.years] == list(shares)
    assert (trend.change, trend.lasting) == (change, lasting)
    assert (trend.chance is None) == (change is Change.TOO_FEW)


def test_reviews_are_counted_and_not_mentions() -> None:
    trend = told(report("R1", *SHARING, year="2011"), report("R2", OTHER, year="2011"))["D1"]
    assert (trend.all, len(trend.years[0].quotes)) == (Share(1, 2), 3)


def test_a_mention_is_not_a_finding() -> None:
    nothing = report("R1", "There were no concerns about neglect of the child.", year="2011")
    story = report("R2", SHARING[0], year="2011", heading="Chronology of events")
    assert told(nothing) == {}
    counted = {p.role.value for p in marked(story) if p.themes}
    if counted == {"chronology"}:
        assert told(story) == {}
        assert "D1" in told(story, everywhere=True)


def test_themes_of_the_review_itself_are_left_out_unless_asked_for() -> None:
    late = report("R1", "The review took too long to complete and was delayed by two years.")
    found = met_by_theme(marked(late), THEMES, process=True)
    assert {one.group for one in found} == {"process"}
    assert met_by_theme(marked(late), THEMES) == ()


def test_years_between_are_listed_and_those_that_state_none_stand_apart() -> None:
    trend = told(
        report("R1", SHARING[0], year="2011"),
        report("R2", SHARING[1], year="2013"),
        report("R3", SHARING[2], year="not stated"),
        report("R4", OTHER, year="not stated"),
    )["D1"]
    rows = [(row.year, row.share.part, row.share.of) for row in trend.years]
    assert rows == [("2011", 1, 1), ("2012", 0, 0), ("2013", 1, 1), ("not stated", 1, 2)]
    assert trend.years[1].share.interval is None
    assert trend.all == Share(3, 4)


def test_every_number_is_made_up_by_its_quotations_and_they_stand_in_the_texts() -> None:
    documents = [*of_shares((2, 3), (1, 2)), report("X", VISITS[0], year="2001", draft=True)]
    texts = {one.review: one.text.value for one in documents}
    for trend in told(*documents).values():
        for row in trend.years:
            assert len({quote.review for quote in row.quotes}) == row.share.part
            for quote in row.quotes:
                assert quote.span.of(texts[quote.review]) == quote.text
        assert trend.draft == any(q.review == "X" for row in trend.years for q in row.quotes)


def test_the_order_of_reviews_makes_no_difference() -> None:
    documents = [*of_shares((2, 3), (1, 2)), report("X", VISITS[0], year="2001")]
    shuffled = random.Random(3).sample(documents, len(documents))
    assert list(told(*documents).values()) == list(told(*shuffled).values())


def test_a_period_is_compared_with_the_one_before_where_both_are_large_enough() -> None:
    documents = of_shares((1, 12), (11, 12))
    met = met_by_theme(marked(*documents), THEMES)
    now, before = ({d.review for d in documents if d.facts.year == y} for y in ("2002", "2001"))
    (one,) = [c for c in compare(now, before, met) if c.key == "D1"]
    assert (one.now, one.before, one.change) == (Share(11, 12), Share(1, 12), Change.RISES)
    assert {quote.review for quote in one.quotes} <= now
    few = {review for review in now if review.endswith(("-0", "-1", "-2"))}
    assert {c.change for c in compare(few, before, met)} == {Change.TOO_FEW}
    assert {c.change for c in compare(set(), before, met)} == {Change.TOO_FEW}


def test_what_is_met_together_is_counted_beside_what_each_alone_would_give() -> None:
    both = [report(f"B{n}", SHARING[0], VISITS[0]) for n in range(8)]
    neither = [report(f"N{n}", OTHER) for n in range(14)]
    one = [report("O1", SHARING[0]), report("O2", VISITS[0])]
    documents = [*both, *neither, *one]
    met = met_by_theme(marked(*documents), THEMES)
    pairs = co_occurrence([d.review for d in documents], met)
    (pair,) = [p for p in pairs if {p.first, p.second} == {"D1", "C10"}]
    assert (pair.together, pair.of_first, pair.of_second, pair.of) == (8, 9, 9, 24)
    assert (pair.expected, pair.lift, pair.clear) == (3.38, 2.37, True)
    assert pair.reviews == tuple(sorted(d.review for d in both))
    assert {quote.review for quote in pair.quotes} == set(pair.reviews)
    few = [d.review for d in both[:4]]
    assert {p.chance for p in co_occurrence(few, met)} == {None}
    assert co_occurrence([], met) == ()


def test_every_word_that_may_cross_the_door_has_its_place_in_the_tables() -> None:
    fields = {fact.field: fact.words for fact in FACTS.values()}
    assert fields.keys() == CLOSED.keys()
    for name, words in CLOSED.items():
        assert name in ("kind", "year") or set(fields[name]) == words


_FACTS = st.builds(
    SafeFacts,
    judgement=st.sampled_from(["good", "inadequate", "not stated"]),
    incident_to_completion=st.sampled_from(["under 6 months", "over 2 years", "not stated"]),
    harm=st.sampled_from([(), ("death",), ("death", "neglect")]),
    age_band=st.sampled_from(["under 6 months", "not stated"]),
    ethnicity=st.sampled_from(["recorded", "not recorded", "not stated"]),
)


@settings(max_examples=50)
@given(st.lists(_FACTS, max_size=12), st.sampled_from(STANDARD))
def test_every_review_stands_in_one_cell_and_all_add_up(held: list[SafeFacts], name: str) -> None:
    facts = {f"R{n}": one for n, one in enumerate(held)}
    made = table(name, facts)
    assert sorted(r for cell in made.cells for r in cell.reviews) == sorted(facts)
    for row in made.row_totals:
        across = [made.cell(row.row, column) for column in made.columns]
        assert sum(len(c.reviews) for c in across) == len(row.reviews)
    for column in made.column_totals:
        down = [made.cell(row, column.column) for row in made.rows]
        assert sum(len(c.reviews) for c in down) == len(column.reviews)
    assert [(c.row, c.column) for c in made.cells] == list(product(made.rows, made.columns))


def test_what_is_not_stated_stands_last_and_several_kinds_of_harm_apart() -> None:
    facts = {
        "R1": SafeFacts(age_band="3 to 5", harm=("death", "neglect")),
        "R2": SafeFacts(age_band="under 6 months", harm=("death",)),
        "R3": SafeFacts(),
    }
    made = table("age-harm", facts)
    assert made.rows == ("under 6 months", "3 to 5", "not stated")
    assert made.columns == ("death", "more than one", "not stated")
    assert [(c.column, c.reviews) for c in made.beside] == [
        ("death", ("R1", "R2")),
        ("neglect", ("R1",)),
    ]
    assert made.stated == 2
    stated = {one.fact: one.stated for one in completeness(facts)}
    assert (stated["harm"], stated["sex"]) == (Share(2, 3), Share(0, 3))


@pytest.mark.parametrize("name", ["judgement", "judgement-", "x-y", "age-age", "", "a-b-c"])
def test_a_table_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="No such table"):
        table(name, {})
