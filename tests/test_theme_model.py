"""Themes by meaning: what the heads add, what they leave alone, and that their files are checked.

The codebook's examples, near misses and paraphrases were never learned from.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.errors import StoreError
from pipeline.installed import shipped
from pipeline.safe import theme, theme_heads, theme_model
from pipeline.safe.lesson import Passage, Role, Theme
from pipeline.span import Span
from pipeline.training import themes_data

THEMES = theme.load()
HEADS = theme_heads.load()
ENCODE = theme_heads.vectors()
CHILDREN = [one for one in THEMES if not one.code.startswith("F")]
# A theme that the heads know, with a cue that says little.
BY_WORDS = replace(next(one for one in THEMES if one.code == "E8"), cues=("overview report",))
ROLES = (Role.ANALYSIS, Role.CHRONOLOGY)
ADULTS = [one for one in THEMES if one.code.startswith("F")]
# Shares of paraphrases whose theme is found, as measured; a floor only ever rises.
FLOOR_CHILDREN, FLOOR_ADULTS = 0.81, 0.92


def passage(text: str, role: Role = Role.ANALYSIS, review: str = "R1", at: int = 100) -> Passage:
    return Passage(review, "p1", 1, None, None, Span(at, at + len(text)), role, text)


def coded(*found: Passage, adults: bool = False) -> tuple[Passage, ...]:
    marked = theme.mark(found, THEMES)
    reviews = {p.review for p in found} if adults else set()
    return theme_model.propose(marked, THEMES, ENCODE, HEADS, of_adults=reviews)


def codes(text: str, role: Role = Role.ANALYSIS, *, adults: bool = False) -> set[str]:
    return {mark.code for mark in coded(passage(text, role), adults=adults)[0].themes}


def share(themes: list[Theme], *, adults: bool) -> float:
    rows = [(one.code, text) for one in themes for text in one.paraphrases]
    return sum(code in codes(text, adults=adults) for code, text in rows) / len(rows)


def test_paraphrases_that_no_cue_meets_are_found_by_meaning() -> None:
    assert share(CHILDREN, adults=False) >= FLOOR_CHILDREN
    assert share(ADULTS, adults=True) >= FLOOR_ADULTS


@pytest.mark.parametrize(
    ("text", "both"),
    [
        (
            "Nobody had asked the boy what he saw. The plan was renewed for the fourth time "
            "without any change. The bus was late.",
            {"C1", "C7"},
        ),
        pytest.param(
            "The call was not passed on to the night team. Her social worker changed for the "
            "fifth time. The garden was dug over.",
            {"D1", "D7"},
            marks=pytest.mark.xfail(strict=True, reason="D7 has a chance of .23 in its sentence"),
        ),
        (
            "The call was not passed on to the night team. There was nobody to give the case to "
            "for eight weeks. The garden was dug over.",
            {"D1", "D7"},
        ),
    ],
    ids=["unheard and drifting", "not told and changing", "not told and nobody free"],
)
def test_an_entry_of_a_chronology_has_the_themes_of_its_sentences(
    text: str, both: set[str]
) -> None:
    assert both <= codes(text, Role.CHRONOLOGY)


def test_what_a_cue_rightly_proposes_stays() -> None:
    rows = [(one.code, text) for one in THEMES for text in one.examples]
    for adults in (False, True):
        kept = [code in codes(text, adults=adults) for code, text in rows]
        assert sum(kept) >= 0.97 * len(rows)


def test_who_takes_a_side_speaks_of_the_thing_whatever_the_heads_say() -> None:
    deny = replace(
        HEADS, bias=HEADS.bias - 60 * np.array([c in ("E8", "E11") for c in HEADS.codes])
    )
    rows = {
        "The overview report must not be published in full.": {"E8"},
        "Executive summary of the review": set(),
    }
    for text, stays in rows.items():
        marked = theme.mark((passage(text),), THEMES)
        assert {mark.code for mark in marked[0].themes} >= {"E8"}
        kept = theme_model.propose(marked, THEMES, ENCODE, deny)[0].themes
        assert {mark.code for mark in kept} & {"E8"} == stays
        assert {m for m in kept if m.code == "E8"} <= set(marked[0].themes), "its score is its own"


def test_what_an_entry_of_a_chronology_names_in_passing_is_none_of_its_themes() -> None:
    """A cue whose chance lies between the two limits stands in an analysis and not in an entry."""
    text = "The overview report must be ready by the spring."
    use = HEADS.settings.model_copy(update={"least": 0.99, "doubt": 0.0, "passing": 0.98})
    heads = replace(HEADS, settings=use)
    marked = [theme.mark((passage(text, role),), [BY_WORDS]) for role in ROLES]
    kept = [theme_model.propose(one, [BY_WORDS], ENCODE, heads)[0].themes for one in marked]
    assert [[mark.code for mark in one] for one in kept] == [["E8"], []]


def test_no_test_sentence_of_the_codebook_was_learned_from() -> None:
    learned = {" ".join(text.lower().split()) for text, _ in themes_data.sentences()}
    tests = (t for one in THEMES for t in (*one.examples, *one.near_misses, *one.paraphrases))
    assert not learned & {" ".join(text.lower().split()) for text in tests}


@pytest.mark.parametrize(
    "text",
    [
        "There were no concerns about how she cared for the baby or kept the house.",
        "A review is held where abuse or neglect is known or suspected.",
        "The harm of going hungry is defined in the guidance as a persistent failure.",
    ],
    ids=["denied", "law", "definition"],
)
def test_what_is_denied_or_defined_is_no_evidence(text: str) -> None:
    assert not any(mark.by == HEADS.by for mark in coded(passage(text))[0].themes)


@pytest.mark.parametrize("role", sorted(set(Role) - theme_model.ASKED))
def test_the_heads_are_not_asked_about_other_roles(role: Role) -> None:
    text = "The mother told no one where she had been and the nurse did not ask her again."
    assert not any(m.by == HEADS.by for m in coded(passage(text, role))[0].themes)


def test_the_evidence_is_the_sentence_and_the_reason_has_no_word_of_it() -> None:
    story = "The meeting was held in May."
    point = "The mother was drunk and the nurse smelt vodka on her breath each morning."
    found = coded(passage(f"{story} {point}"))[0].themes
    mark = next(m for m in found if m.code == "A2")
    assert mark.span == Span(100 + len(story) + 1, 100 + len(story) + 1 + len(point))
    assert mark.by == HEADS.by
    assert mark.reason == "The sentence is close to the theme in meaning."
    assert 0 < mark.score < 1


def test_a_passage_has_at_most_three_themes() -> None:
    text = " ".join(text for one in THEMES for text in one.paraphrases[:1])
    assert len(coded(passage(text[:2000]))[0].themes) <= 3


def test_themes_of_adults_are_proposed_by_meaning_only_in_reviews_of_adults() -> None:
    text = "Newspapers and bags filled every room and she could not part with any of them."
    assert "F8" in codes(text, adults=True)
    assert "F8" not in codes(text)


def test_the_order_of_reviews_changes_nothing() -> None:
    one = passage("The mother was drunk when the nurse came to weigh the baby.", review="R1")
    two = passage("He was found hanged in his room after a row at school.", review="R2")
    assert coded(one, two) == tuple(reversed(coded(two, one)))


def test_a_theme_of_another_frame_with_the_same_code_is_not_the_one_that_was_learned() -> None:
    other = Theme("A2", "gardens", "Gardens", "frame", "gardens and fences", ())
    assert not HEADS.knows(other)
    assert theme_model.unknown((other, *THEMES)) == (other,)


def never(texts: Sequence[str]) -> NDArray[np.float32]:
    raise AssertionError(len(texts))


def test_what_was_said_is_kept_without_texts_and_forgotten_when_it_is_not_asked(
    tmp_path: Path,
) -> None:
    path = tmp_path / "chances.npz"
    known = theme_heads.Known.open(path, HEADS)
    first = known.logits(["The mother was drunk."], HEADS, ENCODE)
    known.keep()
    assert b"drunk" not in path.read_bytes()
    again = theme_heads.Known.open(path, HEADS)
    assert len(again.rows) == 1
    assert np.array_equal(again.logits(["The mother was drunk."], HEADS, never), first)
    third = theme_heads.Known.open(path, HEADS)
    third.keep()
    assert not theme_heads.Known.open(path, HEADS).rows


@pytest.mark.parametrize("name", theme_heads.FILES)
def test_a_file_that_is_not_the_one_of_the_manifest_is_refused(tmp_path: Path, name: str) -> None:
    models = shipped("models/themes")
    shutil.copytree(models, tmp_path / "themes")
    shutil.copyfile(models.parent / "manifest.toml", tmp_path / "manifest.toml")
    assert theme_heads.load(tmp_path / "themes").codes == HEADS.codes
    theme_heads._load.cache_clear()
    path = tmp_path / "themes" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoreError, match="No theme was set"):
        theme_heads.load(tmp_path / "themes")


def test_a_vector_depends_on_its_text_alone() -> None:
    texts = ["The mother was drunk.", "Nobody asked the boy what he saw.", "A short one.", "Why?"]
    whole = ENCODE(texts)
    assert np.array_equal(whole[[2]], ENCODE(texts[2:3]))
    assert np.array_equal(whole, theme_heads.vectors(3)(texts))
    assert ENCODE([]).shape == (0, 384)


def test_the_heads_hold_no_words_but_codes() -> None:
    said = json.loads((shipped("models/themes") / "heads.json").read_text(encoding="utf-8"))
    assert set(said) == {"codes", "meanings", "settings"}
    assert set(said["codes"]) == {"", *(one.code for one in THEMES)}


def test_the_heads_know_every_theme_that_they_learned_as_it_is_worded_now() -> None:
    heads = theme_heads.load()
    assert [one.code for one in theme.load() if not heads.knows(one)] == []
