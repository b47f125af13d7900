"""The register: what is recorded by hand, sealed, joined with its file, and purged with it."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread

import pytest
from register_parts import AUTHOR, BOARD, CHAIR, fields, file_came, in_clear, made

from pipeline.errors import NotSettledError, UsageError
from pipeline.flow import actions, intake, joining, purging, registering, withdrawing, year
from pipeline.store.entries import Entries
from pipeline.store.register import State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return made(tmp_path, monkeypatch)


def add(workspace: Workspace, **given: str) -> str:
    return registering.add(workspace, {"board": BOARD} | given, as_name="Jo")


def change(workspace: Workspace, review: str, *cleared: str, **given: str) -> tuple[str, ...]:
    return registering.change(workspace, review, given, cleared, as_name="Jo")


def test_a_review_that_was_announced_has_a_row_before_its_file(workspace: Workspace) -> None:
    review = add(workspace, kind="SCR", subject="Child A", expected_by="31/3/2009")
    row = fields(workspace, review)
    assert (row["state"], row["kind"], row["expected_by"]) == (
        "expected", "serious case review", "2009-03-31",
    )  # fmt: skip
    plain = list(year.register(workspace))
    assert [(one["review"], one["state"], one["board"]) for one in plain] == [
        (review, "expected", None)
    ]


def test_what_staff_record_stands_in_clear_nowhere(workspace: Workspace) -> None:
    review = add(workspace, author=AUTHOR, subject="Zebedee Marlpit", note="asked by post")
    file = file_came(workspace)
    change(workspace, file, chair=CHAIR, judgement="good")
    list(registering.history(workspace, review, as_name="Jo"))
    words = (AUTHOR, CHAIR, "Zebedee", "Marlpit", "asked by post", "Quibbrook")
    assert in_clear(workspace, *words) == []
    told = json.dumps([[one.action, one.detail] for one in workspace.ledger.rows()])
    assert [word for word in words if word in told] == []


def test_every_change_is_in_the_ledger_by_its_fields(workspace: Workspace) -> None:
    review = add(workspace, author=AUTHOR)
    change(workspace, review, judged="2009-01-19", judgement="inadequate")
    told = [
        (one.action, json.loads(one.detail)["fields"])
        for one in workspace.ledger.rows(review)
        if one.action.startswith("register-")
    ]
    assert told == [
        ("register-add", ["author", "board"]),
        ("register-set", ["judged", "judgement"]),
    ]


def test_looking_at_the_register_is_in_the_ledger_and_so_is_a_refusal(
    workspace: Workspace,
) -> None:
    list(registering.listed(workspace, as_name="Jo"))
    with pytest.raises(NotSettledError):
        list(registering.listed(workspace, as_name="Ruth"))
    last = workspace.ledger.latest(2)
    assert [(one.action, json.loads(one.detail)) for one in last] == [
        ("refused", {"step": "list", "code": "no-duty"}),
        ("view-register", {"step": "list"}),
    ]


def test_history_says_who_when_and_what_stood_there(workspace: Workspace) -> None:
    review = add(workspace, author=AUTHOR)
    change(workspace, review, "board", author="not stated")
    rows = registering.history(workspace, review, as_name="Jo")
    told = [(r["by"], r["how"], r["field"], r["before"], r["after"]) for r in rows]
    assert told == [
        ("Jo", "add", "author", "", AUTHOR),
        ("Jo", "add", "board", "", BOARD),
        ("Jo", "set", "author", AUTHOR, "not stated"),
        ("Jo", "set", "board", BOARD, ""),
    ]


def test_what_is_recorded_already_is_no_change(workspace: Workspace) -> None:
    review = add(workspace, author=AUTHOR)
    assert change(workspace, review, author=f"  {AUTHOR} ") == ()
    assert len(list(registering.history(workspace, review, as_name="Jo"))) == 2


def test_what_the_report_says_stands_until_somebody_records_it(workspace: Workspace) -> None:
    review = file_came(workspace, board="MARL BOARD", subject="named")
    before = fields(workspace, review)
    assert (before["board"], before["subject"]) == ("MARL BOARD", "")
    change(workspace, review, board=BOARD)
    assert fields(workspace, review)["board"] == BOARD
    (plain,) = year.register(workspace)
    assert plain["board"] == "MARL BOARD"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"judgement": "excellent"}, "judgement: not one of the words"),
        ({"judged": "31/02/2009"}, "judged: not a date"),
        ({"judged": "01/13/2009"}, "above 12"),
        ({"judged": "39876"}, "a number where a date belongs"),
        ({"judged": "1/1/1066"}, "before 1945"),
        ({"author": "x" * 301}, "author: longer"),
        ({"author": "a\x07b"}, "cannot be kept"),
        ({"state": "published"}, "no such field"),
        ({}, "No field was named"),
    ],
)
def test_a_value_that_is_refused_changes_nothing(
    workspace: Workspace, given: dict[str, str], says: str
) -> None:
    review = add(workspace, author=AUTHOR)
    with pytest.raises(UsageError, match=says) as refused:
        change(workspace, review, **given)
    assert all(value not in str(refused.value) for value in given.values() if len(value) > 9)
    assert fields(workspace, review)["author"] == AUTHOR


def test_an_expected_review_becomes_its_file(workspace: Workspace) -> None:
    waiting = add(workspace, subject="Child A", author=AUTHOR, judgement="good")
    action = actions.add(workspace, waiting, {"board": BOARD}, as_name="Jo")
    review = file_came(workspace, subject="Child A")
    change(workspace, review, judgement="adequate")
    assert [
        (one["expected"], one["review"], one["agree"])
        for one in joining.likely(workspace, as_name="Jo")
    ] == [(waiting, review, ["board", "subject"])]
    assert joining.join(workspace, waiting, review, as_name="Jo") == ("judgement",)
    row = fields(workspace, review)
    assert (row["author"], row["judgement"], row["entry"]) == (AUTHOR, "adequate", waiting)
    assert [one["review"] for one in year.register(workspace)] == [review]
    assert change(workspace, waiting, chair=CHAIR) == ("chair",)  # its old id still leads to it
    assert fields(workspace, review)["chair"] == CHAIR
    assert [one["action"] for one in actions.listed(workspace, as_name="Jo")] == [action]
    assert waiting not in Vault.unlock(workspace).reviews()


@pytest.mark.parametrize(
    ("given", "agree"),
    [
        ({"subject": "child a"}, ["board", "subject"]),
        ({}, ["board"]),
        ({"subject": "Child B"}, None),
        ({"kind": "sar"}, None),
        ({"board": "Another Board"}, None),
    ],
)
def test_a_file_that_came_is_told_beside_what_was_expected(
    workspace: Workspace, given: dict[str, str], agree: list[str] | None
) -> None:
    add(workspace, **given)
    file_came(workspace, subject="Child A")
    found = [one["agree"] for one in joining.likely(workspace, as_name="Jo")]
    assert found == ([] if agree is None else [agree])


def test_only_what_is_expected_is_joined_or_removed(workspace: Workspace) -> None:
    waiting, review = add(workspace), file_came(workspace)
    for first, second in ((review, waiting), (waiting, waiting), (review, review)):
        with pytest.raises(UsageError):
            joining.join(workspace, first, second, as_name="Jo")
    with pytest.raises(UsageError):
        registering.remove(workspace, review, as_name="Jo")
    registering.remove(workspace, waiting, as_name="Jo")
    assert [one["review"] for one in year.register(workspace)] == [review]
    assert Vault.unlock(workspace).reviews() == ()


def test_what_is_recorded_is_purged_with_its_review(workspace: Workspace) -> None:
    review = file_came(workspace)
    change(workspace, review, author=AUTHOR)
    actions.add(workspace, review, {"owner": CHAIR}, as_name="Jo")
    withdrawing.withdraw(workspace, review, "family", as_name="Sam")
    with pytest.raises(NotSettledError):
        change(workspace, review, author=CHAIR)
    intake.add_user(workspace, "Ada", "administrator")
    purging.ask(workspace, review, "erasure", as_name="Sam")
    purging.purge(workspace, review, as_name="Ada")
    row = fields(workspace, review)
    assert (row["state"], row["author"]) == (State.WITHDRAWN, "")
    assert actions.listed(workspace, as_name="Jo") == ()
    assert Vault.unlock(workspace).reviews() == ()
    with pytest.raises(NotSettledError):  # nothing is written of it any more
        actions.add(workspace, review, {"owner": CHAIR}, as_name="Jo")
    assert Vault.unlock(workspace).reviews() == ()


def test_two_people_who_record_at_once_lose_nothing(workspace: Workspace) -> None:
    review = add(workspace)

    def record(name: str, account: str) -> None:
        for number in range(4):
            given = {name: f"{account} {number}"}
            registering.change(Workspace.open(workspace.home), review, given, as_name=account)

    people = [Thread(target=record, args=args) for args in (("author", "Jo"), ("chair", "Sam"))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    row = fields(workspace, review)
    assert (row["author"], row["chair"]) == ("Jo 3", "Sam 3")
    assert len(list(registering.history(workspace, review, as_name="Jo"))) == 9


def test_thousands_are_listed_without_opening_a_review(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = add(workspace, author=AUTHOR)
    file_came(workspace)

    def opened(*_: object) -> bytes:
        raise AssertionError("a single blob was opened")

    monkeypatch.setattr(Vault, "get", opened)
    assert fields(workspace, review)["author"] == AUTHOR
    assert list(Entries(Vault.unlock(workspace)).all()) == [review]


@pytest.mark.parametrize(
    ("state", "words", "found"),
    [("", "", 3), ("expected", "", 2), ("proposed", "", 1), ("", "quibbrook", 1),
     ("", "MARL board", 3), ("expected", "nobody", 0)],
)  # fmt: skip
def test_the_register_is_looked_through(
    workspace: Workspace, state: str, words: str, found: int
) -> None:
    add(workspace, author=AUTHOR)
    add(workspace)
    file_came(workspace)
    rows = list(registering.listed(workspace, state=state, words=words, as_name="Jo"))
    assert len(rows) == found
