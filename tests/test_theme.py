"""Themes: the shipped codebook keeps its own promises, and a mention is not yet a finding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from learning_parts import bag

from pipeline.errors import UsageError
from pipeline.safe import encoder, theme
from pipeline.safe.lesson import Passage, Role, Theme
from pipeline.safe.polarity import polarity
from pipeline.span import Span

THEMES = theme.load()
BY_CODE = {one.code: one for one in THEMES}


def passage(text: str, at: int = 100) -> Passage:
    return Passage("R1", "p1", 1, None, None, Span(at, at + len(text)), Role.ANALYSIS, text)


def marks(text: str) -> dict[str, str]:
    return {m.code: m.polarity.value for m in theme.mark([passage(text)], THEMES)[0].themes}


def rows(field: str) -> list[tuple[str, str]]:
    return [(one.code, text) for one in THEMES for text in getattr(one, field)]


def ids(field: str) -> list[str]:
    return [f"{code}-{number}" for number, (code, _) in enumerate(rows(field))]


def test_the_codebook_has_fifty_themes_in_five_groups_and_twenty_of_adults() -> None:
    own = [one for one in THEMES if not one.code.startswith("F")]
    assert (len(own), len(THEMES)) == (50, 70)
    groups = {one.group for one in own}
    assert groups == {"family", "child", "practice", "system", "process"}
    assert [one.code for one in THEMES[:10]] == [*(f"A{n}" for n in range(1, 10)), "B1"]


@pytest.mark.parametrize(("code", "text"), rows("examples"), ids=ids("examples"))
def test_every_example_meets_its_theme(code: str, text: str) -> None:
    assert theme.evidence(BY_CODE[code], text)


@pytest.mark.parametrize(("code", "text"), rows("near_misses"), ids=ids("near_misses"))
def test_no_near_miss_meets_its_theme(code: str, text: str) -> None:
    assert not theme.evidence(BY_CODE[code], text)


@pytest.mark.parametrize(("code", "text"), rows("paraphrases"), ids=ids("paraphrases"))
def test_a_paraphrase_is_beyond_the_cues_of_its_theme(code: str, text: str) -> None:
    assert not theme.evidence(BY_CODE[code], text)


POLARITY = [
    ("There were no concerns about neglect.", "B1", "negated"),
    ("Nobody had any worries, and no signs of neglect were seen.", "B1", "negated"),
    ("There was no evidence of domestic abuse at that time.", "A1", "negated"),
    ("Domestic abuse was ruled out by the police.", "A1", "negated"),
    ("She was not suicidal when she was seen.", "B5", "negated"),
    ("There was no evidence of information sharing.", "D1", "finding"),
    ("Neglect was not recognised by the school.", "B1", "finding"),
    ("There was a lack of information sharing.", "D1", "finding"),
    ("Staff should share information with the school.", "D1", "advice"),
    ("The need for better record keeping was plain.", "C9", "advice"),
    ("The nurse shared information promptly with the school.", "D1", "praise"),
    ("There was good practice in supervision by the manager.", "D6", "praise"),
    ("There was not enough good practice in supervision.", "D6", "finding"),
    ("The full report should be published in full.", "E8", "for"),
    ("He argued that the report must remain confidential.", "E8", "against"),
    ("A review should not blame individual staff.", "E11", "against"),
]


@pytest.mark.parametrize(("text", "code", "expected"), POLARITY, ids=range(len(POLARITY)))
def test_how_a_sentence_speaks_of_a_theme(text: str, code: str, expected: str) -> None:
    assert marks(text)[code] == expected


SILENT = [
    "A review is held where abuse or neglect is known or suspected.",
    "The Board must conduct a review where a child dies and neglect is suspected.",
    "Neglect is defined in the guidance as a persistent failure.",
]


@pytest.mark.parametrize("text", SILENT, ids=range(len(SILENT)))
def test_words_of_the_law_are_no_finding(text: str) -> None:
    assert "B1" not in marks(text)


def test_evidence_is_counted_in_the_safe_text_and_lies_where_it_says() -> None:
    text = "Six agencies each saw one sign of neglect."
    mark = theme.mark([passage(text, at=500)], THEMES)[0].themes[0]
    assert (mark.code, mark.by) == ("B1", "cue")
    assert text[mark.span.start - 500 : mark.span.end - 500] == "neglect"


def test_a_passage_has_at_most_three_themes_the_strongest_first() -> None:
    text = (
        "Neglect, domestic abuse, self-harm, drift and delay in assessment, poor record keeping, "
        "no supervision, and information was not shared."
    )
    found = theme.mark([passage(text)], THEMES)[0].themes
    assert len(found) == 3
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)


def test_a_negated_mention_does_not_hide_a_finding_of_the_same_theme() -> None:
    text = "There were no concerns about neglect in May. In June neglect was plain to see."
    mark = theme.mark([passage(text, at=0)], THEMES)[0].themes[0]
    assert mark.polarity.value == "finding"
    assert mark.span.start > text.index("June")


def test_cues_meet_words_that_stand_on_two_lines() -> None:
    assert theme.evidence(BY_CODE["D1"], "a lack of information\nsharing")


def test_a_theme_of_parents_needs_a_parent() -> None:
    assert "A3" not in marks("His mental illness was known to the ward.")
    assert "A3" in marks("Mental illness in the father was noted.")


def test_an_excluded_stretch_bars_only_what_it_overlaps() -> None:
    one = Theme("X1", "x", "X", "child", "", ("abuse", "neglect"), ("abuse or neglect",))
    text = "abuse or neglect, and then neglect"
    assert theme.evidence(one, text) == (Span(27, 34),)


BAD = [
    "[[theme]]\ncode = 'X1'\n",
    "[[theme]\n",
    "[[theme]]\ncode='X1'\nname='x'\ntitle='X'\ngroup='g'\ndefinition='d'\ncues=['(']\n",
    "[[theme]]\ncode='X1'\nname='x'\ntitle='X'\ngroup='g'\ndefinition='d'\ncues=['a']\nnew=1\n",
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_a_file_of_themes_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="No theme was set"):
        theme.load(tmp_path)


def test_two_themes_with_one_code_are_refused(tmp_path: Path) -> None:
    block = "[[theme]]\ncode='X1'\nname='x'\ntitle='X'\ngroup='g'\ndefinition='d'\ncues=['a']\n"
    (tmp_path / "x.toml").write_text(block + block, encoding="utf-8")
    with pytest.raises(UsageError, match="same code"):
        theme.load(tmp_path)


def test_meaning_proposes_a_theme_only_where_one_is_clearly_nearest() -> None:
    near = Theme("X1", "x", "Shared facts", "system", "facts shared between agencies", ("zz",))
    far = Theme("X2", "y", "Garden", "system", "gardens and fences", ("zz",))
    text = "Facts should be shared between agencies."
    point = replace(passage(text), role=Role.LEARNING)
    found = theme.suggest([point], (near, far), bag)[0].themes
    assert [(m.code, m.by, m.polarity.value) for m in found] == [("X1", encoder.name(), "advice")]
    assert text[found[0].span.start - 100 : found[0].span.end - 100] == text
    twin = replace(near, code="X3")
    assert theme.suggest([point], (near, twin), bag)[0].themes == ()
    assert theme.suggest([passage(text)], (near, far), bag)[0].themes == ()
    assert theme.suggest([], (near, far), bag) == ()


def test_what_a_passage_of_good_practice_finds_is_praise() -> None:
    text = "There was information sharing between the school and the ward on the same day."
    both = (Role.GOOD_PRACTICE, Role.ANALYSIS)
    found = theme.mark([replace(passage(text), role=role) for role in both], THEMES)
    assert [{m.polarity.value for m in p.themes} for p in found] == [{"praise"}, {"finding"}]


def test_not_to_know_of_a_thing_is_not_to_deny_it() -> None:
    assert (
        polarity("The home did not know of the neglect.", Span(29, 36), "child").value != "negated"
    )
    assert polarity("There was no sign of neglect.", Span(21, 28), "child").value == "negated"
