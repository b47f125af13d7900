"""Coding on a real workspace: steps, refusals, later runs, the trail, what is purged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from coding_parts import ACCENTED, DRAFT, REPORTS, coder, codes, learned_workspace, passage
from learning_parts import SHARING, VISITS, report

from pipeline.errors import CandourError, NotSettledError, StoreError, UsageError
from pipeline.flow import coding, learned, learning
from pipeline.safe import theme_heads
from pipeline.safe.coding import Act
from pipeline.safe.lesson import Lesson
from pipeline.store.library import Library
from pipeline.store.workspace import Workspace

REASON = "Zanzibella told me so"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return learned_workspace(tmp_path, monkeypatch)


def decide(
    workspace: Workspace, act: Act, words: str, theme: str, **more: str
) -> dict[str, object]:
    found = next(p for p in workspace.library.passages() if p.text.startswith(words))
    return coding.decide(
        workspace,
        coder(workspace),
        act,
        found.review,
        found.id,
        theme,
        **more,  # type: ignore[arg-type]
    )


def lesson(workspace: Workspace, at: int = 0) -> Lesson:
    return learned.lessons(workspace.library)[at]


def theme_of(workspace: Workspace) -> str:
    return passage(workspace, "r-one", SHARING[0][:20]).themes[0].code


def test_a_step_is_shown_in_passages_and_kept_by_a_later_run(workspace: Workspace) -> None:
    theme = theme_of(workspace)
    row = decide(workspace, Act.REJECT, SHARING[0][:20], theme, reason=REASON)
    assert (row["version"], row["act"]) == (1, "reject")
    decide(workspace, Act.ADD, ACCENTED[:6], "B2", quote="café said 🙂")
    for fresh in (False, True):
        shown = {r["passage"]: r for r in learning.passages(workspace, ("r-one",))}
        assert theme not in [
            mark["code"]
            for mark in shown[row["passage"]]["themes"]  # type: ignore[attr-defined]
        ]
        found = passage(workspace, "r-two", ACCENTED[:6])
        assert (found.themes[0].code, found.themes[0].by) == ("B2", "person")
        assert found.themes[0].span.shift(-found.span.start).of(found.text) == "café said 🙂"
        learning.learn(workspace, fresh=fresh)


REFUSED = {
    "no such passage": ((Act.CONFIRM, "r-one", "p0", "A1"), coding.NO_PASSAGE),
    "a passage of another review": ((Act.ADD, "r-two", "", "A1"), coding.NO_PASSAGE),
    "no such theme": ((Act.ADD, "r-one", "", "Z9"), coding.NO_THEME),
    "confirmed but not there": ((Act.CONFIRM, "r-one", "", "E12"), coding.NOT_THERE),
    "rejected but not there": ((Act.REJECT, "r-one", "", "E12"), coding.NOT_THERE),
}


@pytest.mark.parametrize(("asked", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_coded_is_refused(
    workspace: Workspace, asked: tuple[Act, str, str, str], why: str
) -> None:
    act, review, name, theme = asked
    name = name or passage(workspace, "r-one", SHARING[0][:20]).id
    with pytest.raises(UsageError) as refused:
        coding.decide(workspace, coder(workspace), act, review, name, theme)
    assert str(refused.value) == why
    assert workspace.library.coding.events() == ()


def test_a_quotation_must_stand_there_and_a_fourth_theme_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="word for word"):
        decide(workspace, Act.ADD, SHARING[0][:20], "B2", quote="not in the text")
    for theme in ("B2", "B3", "B4"):
        decide(workspace, Act.ADD, SHARING[0][:20], theme)
    with pytest.raises(UsageError, match="three themes"):
        decide(workspace, Act.ADD, SHARING[0][:20], "B5")
    with pytest.raises(UsageError, match="so already"):
        decide(workspace, Act.ADD, SHARING[0][:20], "B4")


def test_researchers_and_reviewers_code_and_nobody_else(workspace: Workspace) -> None:
    assert coder(workspace, "sam").id != coder(workspace, "kim").id
    with pytest.raises(NotSettledError):
        coder(workspace, "lou")
    with pytest.raises(UsageError):
        coder(workspace, "nobody")


def test_a_draft_cannot_be_coded_by_who_may_not_see_it(workspace: Workspace) -> None:
    workspace.library.put_document(DRAFT)
    learning.learn(workspace, include_drafts=True)
    hidden = next(p for p in workspace.library.passages() if p.draft)
    with pytest.raises(UsageError, match="no such passage"):
        coding.decide(workspace, coder(workspace), Act.ADD, hidden.review, hidden.id, "B2")


def test_undo_takes_back_any_step_and_says_so_in_the_trail(workspace: Workspace) -> None:
    theme, kim = theme_of(workspace), coder(workspace)
    decide(workspace, Act.REJECT, SHARING[0][:20], theme)
    coding.undo(workspace, kim)
    assert (theme, f"cue, {theme_heads.load().by}") in codes(workspace, "r-one", SHARING[0][:20])
    coding.undo(workspace, kim, 2)
    assert theme not in {c for c, _ in codes(workspace, "r-one", SHARING[0][:20])}
    assert [row["holds"] for row in coding.trail(workspace)] == [True, True, True]
    with pytest.raises(UsageError):
        coding.undo(workspace, kim, 9)
    with pytest.raises(UsageError):
        coding.undo(workspace, coder(workspace, "sam"))


def test_a_theme_in_use_cannot_be_undone(workspace: Workspace) -> None:
    kim = coder(workspace)
    coding.change_theme(workspace, kim, Act.ADD_THEME, "Z1", title="Self-neglect")
    decide(workspace, Act.ADD, SHARING[0][:20], "Z1")
    with pytest.raises(UsageError, match="Later steps"):
        coding.undo(workspace, kim, 1)
    coding.undo(workspace, kim, 2)
    coding.undo(workspace, kim, 1)
    assert "Z1" not in {row["code"] for row in coding.themes(workspace)}
    assert "Z1" in {row["code"] for row in coding.themes(workspace, at=1)}


BOOK = {
    "a code that is there": (Act.ADD_THEME, "A1", (), "Title"),
    "a code that is none": (Act.ADD_THEME, "9=", (), "Title"),
    "no title": (Act.ADD_THEME, "Z1", (), " "),
    "a theme that is not there": (Act.RENAME_THEME, "Z9", (), "Title"),
    "into itself": (Act.MERGE_THEMES, "A1", ("A1",), ""),
    "into nothing": (Act.SPLIT_THEME, "A1", (), ""),
    "a title too long": (Act.RENAME_THEME, "A1", (), "x" * 301),
}


@pytest.mark.parametrize(("act", "code", "into", "title"), BOOK.values(), ids=BOOK.keys())
def test_a_change_of_the_codebook_that_makes_no_sense_is_refused(
    workspace: Workspace, act: Act, code: str, into: tuple[str, ...], title: str
) -> None:
    with pytest.raises(UsageError):
        coding.change_theme(workspace, coder(workspace), act, code, into, title=title)
    assert workspace.library.coding.events() == ()


def test_a_merged_theme_moves_its_passages_and_lessons_and_old_codings_stay(
    workspace: Workspace,
) -> None:
    theme, kim = theme_of(workspace), coder(workspace)
    assert lesson(workspace).theme == theme
    coding.change_theme(workspace, kim, Act.MERGE_THEMES, theme, ("B2",))
    assert lesson(workspace).theme == "B2"
    assert ("B2", f"cue, {theme_heads.load().by}") in codes(workspace, "r-one", SHARING[0][:20])
    stored = workspace.library.suggested(reviews=("r-one",))
    assert theme in {mark.code for one in stored for mark in one.themes}
    with pytest.raises(UsageError):
        decide(workspace, Act.ADD, SHARING[0][:20], theme)


def test_a_lesson_is_confirmed_renamed_and_rid_of_a_passage_and_stays_so(
    workspace: Workspace,
) -> None:
    kim, before = coder(workspace), lesson(workspace)
    assert len(before.reviews) == 3
    gone = next(pair for pair in before.passages if pair[0] == "r-three")
    coding.change_lesson(workspace, kim, Act.CONFIRM_LESSON, before.id)
    coding.change_lesson(workspace, kim, Act.RENAME_LESSON, before.id, title="Nobody told anyone")
    coding.change_lesson(workspace, kim, Act.DROP_PASSAGE, before.id, passages=[gone[1]])
    workspace.library.put_document(report("r-four", SHARING[0], year="2018"))
    for fresh in (False, True):
        learning.learn(workspace, fresh=fresh)
        now = next(o for o in learned.lessons(workspace.library) if o.confirmed)
        assert now.title == "Nobody told anyone"
        assert now.reviews[0] == "r-four"
        assert gone not in now.passages
        assert (len(now.reviews), now.last) == (3, "2018")
        assert now.quote in next(
            p.text for p in workspace.library.passages() if (p.review, p.id) == now.quote_from
        )


def test_two_lessons_are_merged_and_split_and_stay_so(workspace: Workspace) -> None:
    kim = coder(workspace)
    found = [one for one in learned.lessons(workspace.library) if len(one.reviews) > 1]
    first, second = found[:2]
    coding.change_lesson(workspace, kim, Act.MERGE_LESSONS, second.id, into=first.id)
    for fresh in (False, True):
        learning.learn(workspace, fresh=fresh)
        whole = lesson(workspace)
        assert set(whole.passages) >= {*first.passages, *second.passages}
    taken = [f"{review}:{name}" for review, name in second.passages]
    coding.change_lesson(workspace, kim, Act.SPLIT_LESSON, whole.id, passages=taken, title="Apart")
    for fresh in (False, True):
        learning.learn(workspace, fresh=fresh)
        apart = next(o for o in learned.lessons(workspace.library) if o.title == "Apart")
        assert set(apart.passages) == set(second.passages)
        assert apart.theme == second.theme
        assert not set(lesson(workspace).passages) & set(apart.passages)


def test_a_lesson_or_passage_that_is_not_there_is_refused(workspace: Workspace) -> None:
    kim, found = coder(workspace), lesson(workspace)
    every = [":".join(pair) for pair in found.passages]
    for act, name, more in (
        (Act.CONFIRM_LESSON, "L0", {}),
        (Act.MERGE_LESSONS, found.id, {"into": found.id}),
        (Act.SPLIT_LESSON, found.id, {"passages": every}),
        (Act.DROP_PASSAGE, found.id, {"passages": ["p0"]}),
        (Act.RENAME_LESSON, found.id, {"title": ""}),
    ):
        with pytest.raises(UsageError):
            coding.change_lesson(workspace, kim, act, name, **more)
    assert workspace.library.coding.events() == ()


def test_the_trail_is_only_added_to(workspace: Workspace) -> None:
    decide(workspace, Act.REJECT, SHARING[0][:20], theme_of(workspace))
    with sqlite3.connect(workspace.home / "library.db") as raw:
        for change in ("DELETE FROM codings", "UPDATE codings SET coder = 'u-x'"):
            with pytest.raises(sqlite3.DatabaseError, match="only added to"):
                raw.execute(change)


def test_the_library_alone_shows_what_people_coded(workspace: Workspace) -> None:
    alone = Library.alone(workspace.home)
    assert alone.coding.events() == ()
    decide(workspace, Act.REJECT, SHARING[0][:20], theme_of(workspace))
    assert alone.passages() == workspace.library.passages()
    assert len(alone.coding.events()) == 1
    with pytest.raises(StoreError):
        alone.coding.append(alone.coding.events()[0])


def test_a_withdrawn_review_takes_the_words_that_people_wrote_of_it_along(
    workspace: Workspace,
) -> None:
    kim, found = coder(workspace), lesson(workspace)
    decide(workspace, Act.REJECT, SHARING[0][:20], theme_of(workspace), reason=REASON)
    coding.change_lesson(workspace, kim, Act.RENAME_LESSON, found.id, title=REASON)
    coding.change_theme(workspace, kim, Act.ADD_THEME, "Z1", title="Stays")
    workspace.library.drop("r-one")
    assert [e.act for e in workspace.library.coding.events()] == [
        Act.REJECT, Act.RENAME_LESSON, Act.ADD_THEME,
    ]  # fmt: skip
    assert "Stays" in {row["title"] for row in coding.themes(workspace)}
    content = b"".join(path.read_bytes() for path in workspace.home.glob("*.db"))
    assert b"Zanzibella" not in content
    assert REASON not in {one.title for one in learned.lessons(workspace.library)}


def test_no_reason_is_in_a_row_a_message_or_the_ledger(workspace: Workspace) -> None:
    row = decide(workspace, Act.REJECT, SHARING[0][:20], theme_of(workspace), reason=REASON)
    said = [str(row), *map(str, coding.trail(workspace)), *map(str, workspace.ledger.rows())]
    assert not any("Zanzibella" in text for text in said)
    with pytest.raises(CandourError) as refused:
        decide(workspace, Act.ADD, SHARING[0][:20], "B2", quote="Zanzibella")
    assert "Zanzibella" not in str(refused.value)


def test_who_learns_in_another_order_sees_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for name, order in (("a", REPORTS), ("b", REPORTS[::-1])):
        made = learned_workspace(tmp_path / name, monkeypatch, *order)
        decide(
            made, Act.REJECT, VISITS[0][:20], passage(made, "r-one", VISITS[0][:20]).themes[0].code
        )
        coding.change_lesson(made, coder(made), Act.RENAME_LESSON, lesson(made).id, title="T")
        told.append((list(learning.passages(made)), list(learning.lessons(made))))
    assert told[0] == told[1]
