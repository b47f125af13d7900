"""A withdrawal: nothing of the text is left, a notice stands in its place, who had it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flow_parts import write_reports
from learning_parts import SHARING
from life_parts import MARK, RECIPIENT, Life, holds, published, purge, with_lessons, withdraw

from pipeline.errors import CandourError, NotSettledError, UsageError
from pipeline.flow import (
    deciding,
    intake,
    learning,
    publishing,
    settling,
    versions,
    withdrawing,
    year,
)
from pipeline.safe import claim_vectors, embed, learning_point, recur
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    return with_lessons(tmp_path, monkeypatch)


def test_nothing_of_the_text_is_left_but_in_the_vault(life: Life) -> None:
    published(life)
    learning.learn(life.workspace)
    assert holds(life, MARK) == ["library.db"]
    assert list(learning.search(life.workspace, "umbrellas"))
    passages = life.workspace.library.passages()
    points = [learning_point.words(p) for p in passages if learning_point.is_point(p)]
    assert points
    before = embed.Cache.open(life.workspace.home / learning.VECTORS)
    assert before.find(points)[0]
    assert claim_vectors.cache(life.workspace.home / learning.CLAIMS).find(points)[0]
    withdraw(life)
    assert holds(life, MARK) == []
    assert holds(life, SHARING[0][:30]) == []
    after = embed.Cache.open(life.workspace.home / learning.VECTORS)
    assert after.find(points)[0] == ()
    assert claim_vectors.cache(life.workspace.home / learning.CLAIMS).find(points)[0] == ()
    assert list(learning.search(life.workspace, "umbrellas")) == []
    assert life.review not in life.workspace.library.reviews()
    assert MARK in life.case.document().text


def test_what_others_taught_stays(life: Life) -> None:
    published(life)
    (path,) = write_reports(life.original.parent / "more", 1, paragraphs=5)
    words = path.read_text(encoding="utf-8") + f"\nLessons\n\n{SHARING[1]}\n"
    path.write_text(words, encoding="utf-8")
    other = replace(life, review=str(next(intake.ingest(life.workspace, [path]))["review"]))
    published(other)
    learning.learn(life.workspace)
    withdraw(life)
    assert {p.review for p in life.workspace.library.passages()} == {other.review}
    passages = life.workspace.library.passages()
    points = [learning_point.words(p) for p in passages if learning_point.is_point(p)]
    known = embed.Cache.open(life.workspace.home / learning.VECTORS).find(points)[0]
    assert len(known) == len(points) > 0


@pytest.mark.parametrize(
    "step",
    [
        lambda life: settling.still_open(life.workspace, life.review, as_name="Jo"),
        lambda life: settling.export(life.workspace, life.review, as_name="Jo"),
        lambda life: settling.decide(life.workspace, life.review, {}, as_name="Jo"),
        lambda life: deciding.opened(life.workspace, life.review, who="Jo"),
        lambda life: life.approve(),
        lambda life: life.publish(),
        lambda life: life.later("Another text."),
        lambda life: versions.listed(life.workspace, life.review, as_name="Jo"),
        lambda life: versions.compared(life.workspace, life.review, as_name="Jo"),
    ],
    ids="look export decide desk approve publish version versions compare".split(),
)
def test_what_was_withdrawn_is_worked_on_no_more(
    life: Life, step: Callable[[Life], object]
) -> None:
    published(life)
    withdraw(life)
    with pytest.raises(NotSettledError, match="withdrawn"):
        step(life)
    assert life.row.state == "withdrawn"
    assert life.workspace.register.approved_profiles(life.review) == ()


def test_a_draft_that_was_on_its_way_is_not_kept(life: Life) -> None:
    desk = deciding.opened(life.workspace, life.review, who="Jo")
    made = deciding.preview(life.workspace, desk, "public")
    withdraw(life)
    assert not deciding.keep_draft(life.workspace, desk, made)
    assert holds(life, MARK) == []


def test_a_run_of_learning_that_was_on_its_way_keeps_nothing_of_it(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(life)
    lessons = recur.lessons

    def slow(*given: object, **named: object) -> recur.Learned:
        withdraw(life)
        return lessons(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(recur, "lessons", slow)
    with pytest.raises(UsageError, match="No review"):
        learning.learn(life.workspace)
    assert holds(life, MARK) == []
    assert embed.Cache.open(life.workspace.home / learning.VECTORS).rows == {}
    assert claim_vectors.cache(life.workspace.home / learning.CLAIMS).rows == {}


def test_files_that_were_on_their_way_out_are_taken_back(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.decide()
    life.approve()
    move = Path.replace

    def slow(path: Path, target: Path) -> Path:
        if life.row.state != "withdrawn":
            withdraw(life)
        return move(path, target)

    monkeypatch.setattr(Path, "replace", slow)
    with pytest.raises(NotSettledError, match="withdrawn"):
        life.publish()
    assert list(life.out.iterdir()) == []
    assert life.row.state == "withdrawn"


def test_the_same_file_is_not_taken_in_again(life: Life) -> None:
    first = life.original.read_bytes()
    life.later(life.original.read_text(encoding="utf-8") + "\nOne line more.\n")
    withdraw(life)
    life.original.write_bytes(first)
    for path in (life.original, life.original.parent / "final.txt"):
        row = next(intake.ingest(life.workspace, [path]))
        assert (row["review"], row["state"], row["code"]) == (life.review, "withdrawn", 0)
        assert row["why"] == intake.WITHDRAWN


@pytest.mark.parametrize("who", ["Jo", "Una", "Ruth"])
def test_only_approvers_and_administrators_withdraw(life: Life, who: str) -> None:
    with pytest.raises(NotSettledError):
        withdraw(life, who=who)
    assert life.row.state == "proposed"
    assert life.actions()[-1] == "refused"
    withdraw(life, who="Ada")
    assert life.row.state == "withdrawn"


def test_a_reason_is_one_of_a_list_and_stays_in_the_ledger(life: Life) -> None:
    with pytest.raises(UsageError):
        withdrawing.withdraw(life.workspace, life.review, "the mother asked", as_name="Sam")
    public_id = published(life)
    withdraw(life)
    withdraw(life)
    (entry,) = [e for e in life.workspace.ledger.rows(life.review) if e.action == "withdraw"]
    detail = json.loads(entry.detail)
    assert (detail["reason"], detail["public_ids"]) == ("leak", [public_id])
    assert life.workspace.ledger.verify() is None


# -- who had it, and the key ---------------------------------------------------------------


def test_who_received_it_is_listed_and_nowhere_in_clear(life: Life) -> None:
    public_id = published(life)
    rows = withdrawing.recipients(life.workspace, life.review, as_name="Sam")
    assert [(r["recipient"], r["public_id"], r["profile"]) for r in rows] == [
        (RECIPIENT, public_id, "public")
    ]
    assert (rows[0]["folder"], rows[0]["release"]) == (str(life.out.resolve()), "")
    assert f"{public_id}.html" in rows[0]["files"]  # type: ignore[operator]
    assert holds(life, "Vexley") == []
    assert holds(life, str(life.out.resolve())) == []
    entry = next(e for e in life.workspace.ledger.rows(life.review) if e.action == "publish")
    assert json.loads(entry.detail)["recipients"] == 1
    assert withdrawing.recipient_rows(withdraw(life).handouts) == rows
    with pytest.raises(NotSettledError):
        withdrawing.recipients(life.workspace, life.review, as_name="Ruth")


def test_who_receives_it_is_a_line_of_text(life: Life) -> None:
    life.decide()
    life.approve()
    with pytest.raises(UsageError, match="one line"):
        publishing.publish(life.workspace, [life.review], "public", life.out, recipients=["", "x"])
    assert not life.out.exists()


def test_a_purge_destroys_what_the_vault_holds(life: Life) -> None:
    public_id = published(life)
    withdraw(life)
    purge(life)
    vault = Vault.unlock(life.workspace)
    assert life.review not in vault.reviews()
    assert vault.names(life.review) == ()
    assert life.actions()[-1] == "purge"
    assert life.row.state == "withdrawn"
    assert next(intake.ingest(life.workspace, [life.original], sender="Me"))["state"] == "withdrawn"
    assert life.review not in vault.reviews()
    done = withdraw(life, life.out)
    assert (done.public_ids, done.handouts[0].recipients) == ((public_id,), ())
    assert [path.name for path in sorted(life.out.iterdir())] == [
        f"{public_id}.html",
        f"{public_id}.withdrawn.json",
    ]


def test_without_its_key_a_review_is_taken_back_all_the_same(life: Life) -> None:
    published(life)
    life.workspace.keys.master.unlink()
    with pytest.raises(CandourError):
        withdraw(Life(Workspace.open(life.workspace.home), life.review, life.original, life.out))
    assert life.row.state == "withdrawn"
    assert holds(life, MARK) == []


def test_the_register_lists_what_was_withdrawn(life: Life) -> None:
    published(life)
    withdraw(life)
    row = next(r for r in year.register(life.workspace) if r["review"] == life.review)
    assert row["state"] == "withdrawn"
