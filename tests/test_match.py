"""The matcher of names: what it sees through, what it leaves alone, and where its spans stand."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import match as matching
from pipeline.match import Match, Names, fold, is_ordinary

NAMES = (
    ("a", "Ann"),
    ("j", "John Smith"),
    ("s", "Smith"),
    ("k", "Karen Brown-Okafor"),
    ("o", "O'Brien"),
    ("z", "Zoë Finch"),
    ("m", "St Mary's Primary School"),
    ("w", "Wrenfield & Partners"),
    ("d", "J. D. Marsh"),
    ("n", "943 476 5919"),
    ("c", "CG"),
    ("u", "Jørgen Łukasz"),
)


def texts(names: tuple[tuple[str, str], ...], text: str) -> list[str]:
    return [match.span.of(text) for match in Names(names).find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann left", ["Ann"]),
        ("ANN left", ["ANN"]),
        ("ann left", ["ann"]),
        ("Ann's coat, Ann’s, ANN'S", ["Ann", "Ann", "ANN"]),
        ("Mary-Ann", ["Ann"]),
        ("A\u200bnn and A\u00adnn", ["A\u200bnn", "A\u00adnn"]),
        ("John  Smith", ["John  Smith"]),
        ("John\n   Smith", ["John\n   Smith"]),
        ("John\tSmith", ["John\tSmith"]),
        ("John\u00a0Smith", ["John\u00a0Smith"]),
        ("JohnSmith", ["JohnSmith"]),
        ("JOHNSMITH.pdf", ["JOHNSMITH"]),
        ("john_smith.docx", ["john_smith"]),
        ("diedSmith was", ["Smith"]),
        ("Smith1 said", ["Smith"]),
        ("SMITH, John was", ["SMITH, John"]),
        ("Smith,John", ["Smith,John"]),
        ("the Smiths' house", ["Smith"]),
        ("Sm-\nith", ["Sm-\nith"]),
        ("Sm\ufffeith", ["Sm\ufffeith"]),
        ("S M I T H", ["S M I T H"]),
        ("Karen Brown-\nOkafor", ["Karen Brown-\nOkafor"]),
        ("Karen Brown‑Okafor", ["Karen Brown‑Okafor"]),
        ("Karen Brown–Okafor", ["Karen Brown–Okafor"]),
        ("Karen BrownOkafor", ["Karen BrownOkafor"]),
        ("Karen Brown Okafor", ["Karen Brown Okafor"]),
        (
            "O’Brien O‘Brien O`Brien OBrien O´BRIEN",
            ["O’Brien", "O‘Brien", "O`Brien", "OBrien", "O´BRIEN"],
        ),
        ("O‟Brien", ["O‟Brien"]),
        ("Zoe Finch", ["Zoe Finch"]),
        ("Zoe\u0308 ﬁnch", ["Zoe\u0308 ﬁnch"]),
        ("ＺＯＥ ＦＩＮＣＨ", ["ＺＯＥ ＦＩＮＣＨ"]),
        ("ZOË FINCH", ["ZOË FINCH"]),
        ("Saint Mary’s  primary\nschool", ["Saint Mary’s  primary\nschool"]),
        ("St. Marys Primary School", ["St. Marys Primary School"]),
        ("Wrenfield and Partners", ["Wrenfield and Partners"]),
        ("J.D. Marsh; J D Marsh; JD Marsh", ["J.D. Marsh", "J D Marsh", "JD Marsh"]),
        ("9434765919 and 943-476-5919", ["9434765919", "943-476-5919"]),
        ("CG said", ["CG"]),
        ("Jorgen Lukasz", ["Jorgen Lukasz"]),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, expected: list[str]) -> None:
    assert texts(NAMES, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Annual, Hannah, Anna, channel",
        "Smithson and blacksmith",
        "19434765919",
        "943 476 59191",
        "cg",
        "a brown envelope",
        "",
        " \n\t ",
    ],
)
def test_what_is_no_mention_stays(text: str) -> None:
    assert texts(NAMES, text) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Young", "Young people need help. YOUNG PEOPLE", []),
        ("Young", "a young man, the young", []),
        ("Young", "They told Young that", ["Young"]),
        ("Will", "What will Will do?", ["Will"]),
        ("Will", "Will the board act?", []),
        ("Will", "When did Will have contact?", ["Will"]),
        ("May", "It was in May 2019, and on 12 May; since May.", []),
        ("May", "They saw May at home. May’s coat.", ["May", "May"]),
        ("Grace", "GRACE AND HER FAMILY", ["GRACE"]),
        ("Rose", "the sun rose; Rose woke", ["Rose"]),
        ("Mark Long", "a mark long after", []),
        ("Mark Long", "Mark Long, MARK LONG", ["Mark Long", "MARK LONG"]),
        ("Jo", "jo and Jo", ["Jo"]),
        ("Church", "the Church said; the Church family; Church", ["Church", "Church"]),
        ("Donald", "McDonald and MacDonald", []),
        ("A Brown", "a Brown envelope; A Brown signed", ["A Brown"]),
    ],
)
def test_names_that_are_ordinary_words_need_a_capital_and_no_stock_phrase(
    name: str, text: str, expected: list[str]
) -> None:
    assert texts((("x", name),), text) == expected


def test_the_longest_name_at_a_place_is_taken_and_keeps_its_key() -> None:
    text = "John Smith and Smith"
    assert [(m.key, m.name, m.span.of(text)) for m in Names(NAMES).find(text)] == [
        ("j", "John Smith", "John Smith"),
        ("s", "Smith", "Smith"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Quill/Okafor", "as Quill ... Okafor said"),  # the widest gap that a name may have
        ("Wren and Okafor", "as Wren & Okafor said"),
        ("A. Quillfeather", "as A. -  Quillfeather said"),
        ("Orla St Quillan", "as Orla Saint Quillan said"),
        ("Saint Quillan", "as St. Quillan said"),
    ],
)
def test_a_name_is_found_across_every_gap_that_its_words_may_have(name: str, text: str) -> None:
    (found,) = Names([("a", name)]).find(text)
    assert found.span.of(text) == text[3:-5]


def test_no_pattern_is_made_for_a_name_whose_second_word_is_nowhere_near() -> None:
    before = matching._pattern.cache_info().misses
    names = Names(("a", f"Perpetua Quorn{'abcdefgh'[at]}ley") for at in range(8))
    assert not names.find("Perpetua went home. There the Quornaleys were waiting.")
    assert matching._pattern.cache_info().misses == before


def test_of_two_keys_with_one_form_the_first_has_it() -> None:
    assert [m.key for m in Names([("one", "Quill"), ("two", "Quill")]).find("Quill")] == ["one"]


@pytest.mark.parametrize("name", ["", "   ", "-", "J", "’", "\u200b"])
def test_what_has_no_word_is_never_looked_for(name: str) -> None:
    assert Names([("x", name)]).find("J - ’ x \u200b and more") == ()


@pytest.mark.parametrize(
    "text", ["🙂" * 50, "\u0634\u0631\u062d " * 40, "\x00\ufffe\u202e", "a" * 1_000_000]
)
def test_odd_texts_are_read(text: str) -> None:
    assert Names(NAMES).find(text) == ()


@given(
    st.lists(st.text("12", min_size=5, max_size=7), min_size=1, max_size=8),
    st.lists(st.sampled_from(["", " ", "-", "."]), min_size=6, max_size=6),
)
def test_a_code_is_found_however_it_is_spaced_and_whatever_starts_as_it_does(
    codes: list[str], gaps: list[str]
) -> None:
    names = Names([(code, code) for code in codes])
    for code in codes:
        written = code[0] + "".join(gap + sign for gap, sign in zip(gaps, code[1:], strict=False))
        assert [match.name for match in names.find(f"({written})")] == [code]


def test_other_scripts_are_names_too() -> None:
    text = "Мария и МАРИЯ; 王小明"
    assert texts((("m", "Мария"), ("w", "王小明")), text) == ["Мария", "МАРИЯ", "王小明"]


def test_hundreds_of_names_in_a_megabyte_take_seconds() -> None:
    syllables = ("quil", "tor", "wen", "mar", "dox", "fen", "bra", "lith")
    made = [a + b + c for a in syllables for b in syllables for c in syllables]
    names = Names((str(at), f"{word.title()} {made[-at]}") for at, word in enumerate(made))
    text = ("The worker saw Quiltorwen at home - and wrote it down.\n" * 19_000)[:1_000_000]
    start = time.process_time()
    found = names.find(text)
    assert time.process_time() - start < 8
    assert isinstance(found, tuple)


_PARTS = st.sampled_from(
    ("Quill", "Okafor", "Zoë", "Brown-Hale", "O'Dare", "Ann", "Marsh", "Tamsin")
)
_NAME = st.lists(_PARTS, min_size=1, max_size=3, unique=True).map(" ".join)
_BETWEEN = st.sampled_from(
    (
        " ",
        "  ",
        "\n",
        ", ",
        ". ",
        "'s ",
        "’s ",
        " and ",
        "-",
        "\u200b",
        "\u00ad",
        " the ",
        "; ",
        "\t",
    )
)
_CASE = st.sampled_from(("", "upper", "lower"))
_TEXT = st.lists(
    st.tuples(st.one_of(_PARTS, st.sampled_from(("visit", "Annual", "home"))), _CASE, _BETWEEN)
).map(
    lambda rows: "".join(
        (getattr(word, case)() if case else word) + between for word, case, between in rows
    )
)


def _replaced(text: str, found: tuple[Match, ...]) -> str:
    out: list[str] = []
    at = 0
    for match in found:
        out += (text[at : match.span.start], "[■]")
        at = match.span.end
    return "".join([*out, text[at:]])


@settings(max_examples=150, deadline=None)
@given(names=st.lists(_NAME, min_size=1, max_size=6), text=_TEXT)
def test_after_every_mention_is_replaced_none_is_found(names: list[str], text: str) -> None:
    matcher = Names((str(at), name) for at, name in enumerate(names))
    assert matcher.find(_replaced(text, matcher.find(text))) == ()


@settings(max_examples=150, deadline=None)
@given(names=st.lists(_NAME, min_size=1, max_size=6), text=_TEXT)
def test_spans_are_sorted_apart_and_hold_the_letters_of_their_name(
    names: list[str], text: str
) -> None:
    found = Names((str(at), name) for at, name in enumerate(names)).find(text)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    for match in found:
        letters = sorted(c for c in fold(match.span.of(text)) if c.isalpha())
        assert letters == sorted(c for c in fold(match.name) if c.isalpha())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_folded_and_searched(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    for match in Names([("x", text)]).find(text):
        assert match.span.end <= len(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Grace", True),
        ("Will Young", True),
        ("Okafor", False),
        ("Grace Okafor", False),
        ("", False),
    ],
)
def test_ordinary_names_are_known(name: str, expected: bool) -> None:
    assert is_ordinary(name) is expected
