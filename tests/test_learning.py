"""The flow of learning on a real workspace: rows of the contracts, approved texts only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from learning_parts import ALONE, SHARING, VISITS, bag, report

from pipeline.errors import NotSettledError, UsageError
from pipeline.flow import digesting, learned, learning
from pipeline.safe import embed, recur, theme
from pipeline.safe.lesson import SafeDocument, Theme
from pipeline.store.accounts import Duty
from pipeline.store.workspace import Workspace

APPROVED = (
    report("r-one", SHARING[0], VISITS[0], year="2011"),
    report("r-two", SHARING[1], ALONE, year="2014"),
)
DRAFT = report("r-six", SHARING[2], year="2019", draft=True)
CANARY = "Zanzibella"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def encoder(threads: int, *, remember: bool = True) -> object:
        return bag

    monkeypatch.setattr(embed, "_model", encoder)
    made = Workspace.create(tmp_path / "home")
    for document in (*APPROVED, DRAFT):
        made.library.put_document(document)
    return made


def test_learn_counts_and_lessons_have_the_columns_of_the_contract(workspace: Workspace) -> None:
    counts = learning.learn(workspace)[0]
    assert (counts["reviews"], counts["drafts"], counts["recurring"]) == (2, False, 1)
    row = next(iter(learning.lessons(workspace)))
    assert list(row)[:12] == [
        "id", "title", "theme", "reviews", "of", "first", "last", "known", "stance", "stability",
        "passages", "quote",
    ]  # fmt: skip
    assert (row["reviews"], row["of"], row["first"], row["last"]) == (2, 2, "2011", "2014")
    assert row["draft"] is False


def test_passages_have_the_columns_of_the_contract_and_stand_in_the_text(
    workspace: Workspace,
) -> None:
    learning.learn(workspace)
    rows = list(learning.passages(workspace))
    assert list(rows[0])[:10] == [
        "review", "passage", "page", "paragraph", "heading", "start", "end", "role", "themes",
        "text",
    ]  # fmt: skip
    texts = {one.review: one.text.value for one in APPROVED}
    for row in rows:
        start, end = row["start"], row["end"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert texts[str(row["review"])][start:end] == row["text"]
    assert [r["review"] for r in learning.passages(workspace, ("r-two",))] == ["r-two"] * 2


def test_search_rows_have_the_columns_of_the_contract(workspace: Workspace) -> None:
    learning.learn(workspace)
    rows = learning.search(workspace, "information sharing school", 1)
    assert list(rows[0])[:9] == [
        "rank", "review", "passage", "page", "paragraph", "quote", "start", "end", "score",
    ]  # fmt: skip
    text = next(one for one in APPROVED if one.review == rows[0]["review"]).text.value
    start, end = rows[0]["start"], rows[0]["end"]
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert text[start:end] == rows[0]["quote"]


def test_drafts_are_seen_only_where_they_are_asked_for_and_every_row_says_so(
    workspace: Workspace,
) -> None:
    learning.learn(workspace, include_drafts=True)
    plain = list(learning.lessons(workspace))
    with_drafts = list(learning.lessons(workspace, include_drafts=True))
    assert (plain[0]["reviews"], plain[0]["of"], plain[0]["draft"]) == (2, 2, False)
    assert (with_drafts[0]["reviews"], with_drafts[0]["of"], with_drafts[0]["draft"]) == (
        3,
        3,
        True,
    )
    assert plain[0]["id"] == with_drafts[0]["id"]
    assert {r["review"] for r in learning.passages(workspace)} == {"r-one", "r-two"}
    hits = learning.search(workspace, "information", include_drafts=True)
    assert {(h["review"], h["draft"]) for h in hits} >= {("r-six", True), ("r-one", False)}
    assert all(h["review"] != "r-six" for h in learning.search(workspace, "information"))


def test_words_of_a_draft_do_not_stay_when_only_approved_texts_are_learned(
    workspace: Workspace,
) -> None:
    words = f"There was no policy on visits to {CANARY.lower()} homes at night."
    workspace.library.put_document(report("r-bad", words, draft=True))
    learning.learn(workspace, include_drafts=True)
    learning.learn(workspace)
    said = str([*learning.lessons(workspace), *learning.passages(workspace)])
    assert CANARY.lower() not in said
    assert learning.search(workspace, CANARY) == ()
    for path in workspace.home.glob("vectors*"):
        kept = hashlib.sha256(embed.masked(words).encode()).hexdigest().encode()
        assert kept not in path.read_bytes()


def test_learning_twice_keeps_ids_and_fresh_says_what_moved(workspace: Workspace) -> None:
    learning.learn(workspace)
    before = list(learning.lessons(workspace))
    assert len(learning.learn(workspace)) == 1
    assert list(learning.lessons(workspace)) == before
    assert len(learning.learn(workspace, fresh=True)) == 1
    assert list(learning.lessons(workspace)) == before


def test_a_review_that_is_gone_takes_its_lesson_along(workspace: Workspace) -> None:
    learning.learn(workspace)
    workspace.library.drop("r-two")
    rows = learning.learn(workspace)
    assert rows[0]["reviews"] == 1
    assert [row["new"] for row in rows[1:]] == [""]
    assert all(row["reviews"] == 1 for row in learning.lessons(workspace))


def test_the_digest_of_years_and_of_months(workspace: Workspace) -> None:
    learning.learn(workspace)
    page = digesting.digest(workspace, "2014", "2014")
    assert page == digesting.digest(workspace, "2014", "2014")
    assert b"1 of the 2 reviews" in page
    assert digesting.digest_of(workspace, "2014-01", "2014-12").reviews == ()


def test_the_same_library_gives_the_same_rows_whatever_came_first(
    tmp_path: Path, workspace: Workspace
) -> None:
    other = Workspace.create(tmp_path / "other")
    for document in (*reversed(APPROVED),):
        other.library.put_document(document)
    learning.learn(workspace)
    learning.learn(other)
    assert list(learning.lessons(other)) == list(learning.lessons(workspace))


def test_before_anything_is_learned_the_answer_says_what_to_do(workspace: Workspace) -> None:
    for ask in (
        lambda: list(learning.lessons(workspace)),
        lambda: list(learning.passages(workspace)),
        lambda: learning.search(workspace, "neglect"),
        lambda: digesting.digest(workspace, "2014", "2014"),
    ):
        with pytest.raises(UsageError, match="candour learn"):
            ask()


def test_without_an_approved_review_nothing_is_learned(workspace: Workspace) -> None:
    for document in APPROVED:
        workspace.library.drop(document.review)
    with pytest.raises(UsageError, match="Nothing was learned"):
        learning.learn(workspace)


def test_a_researcher_may_not_see_drafts_and_a_reviewer_may(workspace: Workspace) -> None:
    workspace.accounts.add("Rhee", Duty.RESEARCHER)
    workspace.accounts.add("Vale", Duty.REVIEWER)
    learning.allow_drafts(workspace, "Vale")
    with pytest.raises(NotSettledError):
        learning.allow_drafts(workspace, "Rhee")
    with pytest.raises(UsageError, match="--as NAME"):
        learning.allow_drafts(workspace, None)


def test_a_cache_of_vectors_that_cannot_be_read_is_made_anew(workspace: Workspace) -> None:
    learning.learn(workspace)
    before = list(learning.lessons(workspace))
    (workspace.home / learning.VECTORS).write_bytes(b"not a cache")
    learning.learn(workspace, fresh=True)
    assert list(learning.lessons(workspace)) == before
    assert learning.search(workspace, "school and nobody told them")


def test_the_real_model_gives_the_same_vector_in_any_company_and_finds_what_means_the_same() -> (
    None
):
    texts = [
        "Agencies did not tell each other what they knew.",
        "Information was not shared between services.",
        "The garden fence was painted green.",
    ]
    together = embed.vectors(1, embed.Cache())(texts)
    alone = [embed.vectors(1, embed.Cache())([text])[0] for text in texts]
    assert [row.tobytes() for row in together] == [row.tobytes() for row in alone]
    near = together @ together.T
    assert near[0, 1] > near[0, 2] + 0.3


def test_documents_of_the_library_are_safe_documents(workspace: Workspace) -> None:
    assert all(isinstance(one, SafeDocument) for one in workspace.library.documents())


def test_learning_leaves_counts_in_the_ledger_and_the_chain_holds(workspace: Workspace) -> None:
    workspace.ledger.append("local", "init")
    head = workspace.ledger.head()
    learning.learn(workspace)
    last = workspace.ledger.latest(1)[0]
    assert (last.action, last.review) == ("learn", None)
    told = json.loads(last.detail)
    assert (told["reviews"], told["recurring"], told["fresh"]) == (2, 1, False)
    assert workspace.ledger.verify() is None
    assert workspace.ledger.holds(head)  # what an approval is bound to


def test_reviews_that_repeat_another_are_told_since_they_count_twice(workspace: Workspace) -> None:
    heard: list[str] = []
    same = [f"{SHARING[0]} This was found {n} times in the whole of the period." for n in range(9)]
    for name in ("r-old", "r-new"):
        workspace.library.put_document(report(name, *same, year="2016"))
    counts = learning.learn(workspace, progress=heard.append)[0]
    assert counts["repeated"] == 1
    assert any(said.startswith("r-new and r-old share 100 % of the passages") for said in heard)
    workspace.library.drop("r-old")
    heard.clear()
    assert learning.learn(workspace, progress=heard.append)[0]["repeated"] == 0
    assert not any("count as two" in said for said in heard)


def _taken_back(workspace: Workspace) -> None:
    workspace.library.put_document(replace(APPROVED[0], draft=True))


def _edited(workspace: Workspace) -> None:
    workspace.library.put_document(report("r-one", ALONE, year="2011"))


def _withdrawn(workspace: Workspace) -> None:
    workspace.library.drop("r-one")


@pytest.mark.parametrize("change", [_taken_back, _edited, _withdrawn])
def test_what_is_no_longer_approved_when_a_run_ends_is_not_in_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, change: Callable[[Workspace], None]
) -> None:
    plain = recur.lessons
    runs: list[int] = []

    def interrupted(*given: object, **more: object) -> recur.Learned:
        if not runs:
            change(workspace)
        runs.append(1)
        return plain(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(recur, "lessons", interrupted)
    counts = learning.learn(workspace)[0]
    assert (len(runs), counts["reviews"]) == (2, 1)
    assert {row["review"] for row in learning.passages(workspace)} == {"r-two"}
    for row in learning.lessons(workspace):
        assert (row["reviews"], row["of"], row["known"]) == (1, 1, False)


def test_more_like_a_passage_names_the_lesson_of_each_answer(workspace: Workspace) -> None:
    learning.learn(workspace)
    one = next(iter(learning.passages(workspace)))
    rows = list(learning.more_like(workspace, f"{one['review']}:{one['passage']}"))
    assert (rows[0]["review"], rows[0]["rank"]) == ("r-two", 1)
    assert rows[0]["lesson"] in {row["id"] for row in learning.lessons(workspace)}
    assert all(row["passage"] != one["passage"] for row in rows)
    with pytest.raises(UsageError, match="no such passage"):
        list(learning.more_like(workspace, "r-one:nothing"))


def test_lessons_by_theme_hold_every_lesson_once(workspace: Workspace) -> None:
    learning.learn(workspace)
    told = [own["id"] for row in learning.by_theme(workspace) for own in row["lessons"]]  # type: ignore[attr-defined]
    assert sorted(told) == sorted(str(row["id"]) for row in learning.lessons(workspace))
    assert next(iter(learning.by_theme(workspace)))["theme"] == "D1"


def test_titles_of_a_frame_of_ones_own_stay_with_what_was_learned(workspace: Workspace) -> None:
    own = Theme("S1", "telling", "Nobody was told", "frame", "", (r"\binformation sharing\b",),
                examples=("Information sharing in the yard was poor.",))  # fmt: skip
    learning.learn(workspace, frame=(own,))
    assert next(iter(learning.by_theme(workspace)))["title"] == "Nobody was told"
    page = digesting.digest(workspace, "2010", "2020").decode()
    assert "Nobody was told" in page
    assert [one.title for one in learned.codebook(workspace.library).all] == ["Nobody was told"]
    assert workspace.library.frame()[0].examples == ()
    learning.learn(workspace, fresh=True)
    assert workspace.library.frame() == ()
    assert learned.codebook(workspace.library).all == theme.load()


def test_a_run_without_a_frame_is_kept_as_older_programs_kept_it(workspace: Workspace) -> None:
    learning.learn(workspace)
    with workspace.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT detail FROM library.runs").scalar_one()
    assert json.loads(kept) == []
