"""Search answers what an exact scan answers, ranks, quotes exactly, and refuses clearly."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.query import And, Near, Not, Or, Phrase, Query, is_plain, parse
from pipeline.safe.search import Index, Meaning
from pipeline.span import Span

WORDS = ("neglect", "child", "home", "visit", "visits", "visited", "share", "Child's", "police")


def passage(text: str, number: int = 0) -> Passage:
    return Passage(
        review=f"R{number:03}",
        id=f"p{number}",
        page=1,
        paragraph=str(number),
        heading=None,
        span=Span(7, 7 + len(text)),
        role=Role.LEARNING,
        text=text,
    )


def found(texts: Sequence[str], query: str) -> set[int]:
    index = Index.build([passage(text, n) for n, text in enumerate(texts)])
    return {int(hit.review[1:]) for hit in index.find(query, limit=1000)}


def scan(query: Query, text: str) -> bool:
    """The slow, plain reading of a query on one text."""
    tokens = re.findall(r"[^\W_]+", text.lower())
    return (
        bool(places(query, tokens)) if not isinstance(query, And | Or | Not) else logic(query, text)
    )


def logic(query: And | Or | Not, text: str) -> bool:
    if isinstance(query, Not):
        return not scan(query.part, text)
    answers = [scan(part, text) for part in query.parts]
    return all(answers) if isinstance(query, And) else any(answers)


def places(query: Query, tokens: Sequence[str]) -> list[tuple[int, int]]:
    if isinstance(query, Phrase):
        size = len(query.words)
        patterns = [re.compile(w.replace("*", ".*")) for w in query.words]
        return [
            (i, i + size - 1)
            for i in range(len(tokens) - size + 1)
            if all(p.fullmatch(t) for p, t in zip(patterns, tokens[i : i + size], strict=True))
        ]
    if isinstance(query, Or):
        return [place for part in query.parts for place in places(part, tokens)]
    assert isinstance(query, Near)
    return [
        (min(a[0], b[0]), max(a[1], b[1]))
        for a in places(query.left, tokens)
        for b in places(query.right, tokens)
        if 0 <= max(a[0], b[0]) - min(a[1], b[1]) - 1 <= query.most
    ]


TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), max_size=6)
TERMS = st.sampled_from(
    ("neglect", "child", '"home visit"', "visit*", "*it*", '"child s"', "police")
)
NEARS = st.tuples(TERMS, st.integers(0, 4), TERMS).map(lambda t: f"{t[0]} NEAR/{t[1]} {t[2]}")
ATOMS = st.one_of(TERMS, NEARS)
QUERIES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda t: f"({t[0]} AND {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]} OR {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]} {t[1]})"),
        inner.map(lambda t: f"NOT ({t})"),
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, QUERIES)
def test_a_query_answers_what_an_exact_scan_answers(texts: list[str], query: str) -> None:
    if is_plain(query):
        query = f"({query})"
    tree = parse(query)
    assert found(texts, query) == {n for n, text in enumerate(texts) if scan(tree, text)}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_query_is_answered_or_refused_with_what_to_do(query: str) -> None:
    try:
        Index.build([passage("Neglect at home.")]).find(query)
    except UsageError as error:
        assert "Nothing was searched" in str(error)
        assert error.exit_code == 2


CASES = [
    ("neglect", {0, 3}),
    ("NEGLECT", {0, 3}),
    ("neglect OR debt", {0, 1, 3}),
    ("neglect NOT school", {0}),
    ("neglect AND NOT school", {0}),
    ('"not shared"', {2}),
    ("“not shared”", {2}),
    ("shared NEAR/2 information", {2}),
    ("information NEAR/1 shared", set()),
    ("neglect*", {0, 3}),
    ("sch*l", {3}),
    ("mother's", {1}),
    ("mother", {1}),
    ("(neglect OR debt) AND (school OR mother)", {1, 3}),
    ("multi-agency", {2}),
    ('"multi agency"', {2}),
]
BODY = [
    "Neglect was seen by the nurse.",
    "The mother’s debt was not asked about.",
    "Information was not shared at the multi-agency meeting.",
    "The school had named neglect.",
]


@pytest.mark.parametrize(("query", "expected"), CASES, ids=range(len(CASES)))
def test_operators_words_and_marks(query: str, expected: set[int]) -> None:
    assert found(BODY, query) == expected


@pytest.mark.parametrize(
    "query", ["", "  ", "AND", "neglect AND", "OR debt", "(neglect", "neglect)", '"neglect', "*",
              "NOT", "NEAR/3 debt", "debt NEAR/2", "debt NEAR/3 (NOT home)", "()", '""', "- , ;"]
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(UsageError, match=r"Nothing was searched\. "):
        parse(query)


def test_a_quotation_is_an_exact_part_of_its_passage_and_lies_where_its_span_says() -> None:
    text = "First came the visit. " * 40 + "Nobody asked about the debt at home. It grew."
    hit = Index.build([passage(text)]).find("debt")[0]
    assert hit.quote == "Nobody asked about the debt at home."
    assert text[hit.span.start - 7 : hit.span.end - 7] == hit.quote
    assert (hit.rank, hit.page, hit.paragraph, hit.draft) == (1, 1, "0", True)


def test_a_plain_query_lists_what_has_all_words_before_what_has_some() -> None:
    index = Index.build([passage(t, n) for n, t in enumerate(
        ["Debt.", "Debt and school.", "Neglect and debt at school.", "A cat.", "A dog.", "A hen.",
         "A fox."]
    )])  # fmt: skip
    hits = index.find("neglect debt school")
    assert [hit.review for hit in hits] == ["R002", "R001", "R000"]
    assert [hit.rank for hit in hits] == [1, 2, 3]


def test_meaning_adds_what_words_do_not_find_and_abstains_below_its_floor() -> None:
    matrix = np.array([[1.0, 0.0], [0.0, 1.0], [0.1, 0.99]], dtype=np.float32)
    meaning = Meaning((0, 1, 2), matrix, lambda texts: np.array([[1.0, 0.0]] * len(texts)))
    texts = ["Facts stayed with one agency.", "The cat sat.", "The dog sat."]
    index = Index.build([passage(t, n) for n, t in enumerate(texts)], meaning=meaning)
    assert [hit.review for hit in index.find("information not passed on")] == ["R000"]
    assert index.find('"information not passed on"') == ()


def test_hits_are_the_same_whatever_is_asked_before() -> None:
    index = Index.build([passage(text, n) for n, text in enumerate(BODY)])
    once = index.find("neglect school")
    index.find("debt*")
    assert index.find("neglect school") == once


def test_an_empty_library_answers_nothing() -> None:
    assert Index.build([]).find("neglect school") == ()
