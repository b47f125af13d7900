"""How much a report tells, asks and explains: every figure recounts from its own places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_segment import H, P, document
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import UsageError
from pipeline.flow import weighing
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.segment import passages
from pipeline.safe.shares import ASKS, says_what, says_why, shares
from pipeline.span import Span
from pipeline.store.library import Run
from pipeline.store.workspace import Workspace

WHY = [
    "The call was closed because nobody knew the rule.",
    "This was due to a shortage of staff on the ward.",
    "The reason for the delay was a form that two teams used in different ways.",
    "Pressure of work contributed to it.",
    "High caseloads meant that visits were short.",
    "The change of system led staff to rely on memory.",
    "Staff were hampered by two records that did not speak to each other.",
    "Fear of complaints kept workers from asking again.",
    "It made it harder to see the whole history.",
    "As a result, no one saw the letters together.",
]
WHAT = [
    "The nurse did not see the child.",
    "No referral was made.",
    "The plan was due to be reviewed in May.",
    "The death that led to the review was not reported at once.",
    "The form was sent to the wrong team.",
    "It is not clear why the call was closed.",
    "The plan should have been reviewed.",
    "The school told the police and the police told nobody.",
    "There was a lack of communication between the teams.",
]
NEITHER = ["Homes need heat.", "Questions matter more than forms."]


@pytest.mark.parametrize("sentence", WHY)
def test_a_sentence_that_gives_a_cause_says_why(sentence: str) -> None:
    assert says_why(sentence)


@pytest.mark.parametrize("sentence", WHAT)
def test_a_sentence_that_tells_what_was_done_or_not_done_says_what(sentence: str) -> None:
    assert (says_why(sentence), says_what(sentence)) == (False, True)


@pytest.mark.parametrize("sentence", NEITHER)
def test_other_sentences_say_neither(sentence: str) -> None:
    assert (says_why(sentence), says_what(sentence)) == (False, False)


def passage(
    role: Role, text: str, at: int = 0, review: str = "r-a", draft: bool = False
) -> Passage:
    name = f"p{at}"
    return Passage(review, name, 1, None, None, Span(at, at + len(text)), role, text, (), draft)


def figures(*found: Passage) -> dict[str, tuple[int, int]]:
    return {one.measure: (one.words, one.of) for one in shares(found)}


def test_chronology_is_set_against_what_the_report_makes_of_it() -> None:
    told = figures(
        passage(Role.CHRONOLOGY, "He was seen twice at home.", 0),
        passage(Role.ANALYSIS, "Nobody asked him. It was so because time was short.", 100),
        passage(Role.RECOMMENDATION, "Staff should ask.", 300),
        passage(Role.FURNITURE, "Read more about other things here.", 400),
    )
    assert told["chronology"] == (6, 19)
    assert told["analysis against chronology"] == (10, 16)
    assert told["why against what"] == (7, 10)
    assert "furniture" not in told


def test_nothing_to_share_is_no_share() -> None:
    assert shares(()) == ()
    one = {s.measure: s.share for s in shares([passage(Role.CONTEXT, "The panel met twice.")])}
    assert one["context"] == 1.0
    assert one["why against what"] is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(Role)), st.sampled_from([*WHY, *WHAT, *NEITHER]), st.booleans()
        ),
        max_size=9,
    ),
    st.randoms(use_true_random=False),
)
def test_every_figure_recounts_from_its_places_whatever_the_order(
    rows: list[tuple[Role, str, bool]], rng: object
) -> None:
    found = [
        passage(role, words, 200 * n, f"r-{n % 2}", draft)
        for n, (role, words, draft) in enumerate(rows)
    ]
    text = {p.id: p for p in found}
    made = shares(found)
    for share in made:
        parts = [text[place.passage] for place in share.places]
        said = [
            place.span.shift(-p.span.start).of(p.text)
            for place, p in zip(share.places, parts, strict=True)
        ]
        assert share.words == sum(len(one.split()) for one in said)
        assert 0 <= share.words <= share.of
        assert all(p.review == share.review for p in parts)
    rng.shuffle(found)  # type: ignore[attr-defined]
    assert shares(found) == made


def test_roles_of_a_review_sum_to_all_of_its_words() -> None:
    made = passages(document((H, "Findings"), (P, WHAT[0]), (P, WHY[0]), (P, "Yes.")))
    told = {s.measure: s for s in shares(made)}
    assert sum(told[r.value].words for r in Role if r is not Role.FURNITURE) == sum(
        len(p.text.split()) for p in made
    )
    assert set(ASKS) <= set(Role)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Workspace.create(tmp_path / "home")


def test_nothing_learned_is_told_with_what_to_do(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match=r"run `candour learn`"):
        weighing.roles(workspace)


def test_the_command_lists_rows_that_recount_for_the_reviews_that_are_named(
    workspace: Workspace,
) -> None:
    for name, draft in (("r-one", False), ("r-two", False), ("r-six", True)):
        one = document((H, "Findings"), (P, WHAT[0]), (P, WHY[0]), review=name)
        workspace.library.put_document(one)
        made = tuple(passages(one))
        if not draft:
            kept = [*workspace.library.passages(include_drafts=True), *made]
            with workspace.writing():
                workspace.library.put_run(Run(tuple(kept), (), True, ()))
    home = ["--home", str(workspace.home)]
    run = CliRunner().invoke(
        app, ["roles", "r-two", "--format", "jsonl", "--include-drafts", *home]
    )
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert {row["review"] for row in rows} == {"r-two"}
    assert list(rows[0]) == ["review", "measure", "words", "of", "share", "told", "places", "draft"]
    why = next(row for row in rows if row["measure"] == "why against what")
    assert why["told"] == f"{why['words']} of {why['of']} words"
    assert len(why["places"]) == 1
    table = CliRunner().invoke(app, ["roles", "r-two", "--include-drafts", *home])
    assert "why against what" in table.stdout
