"""The pages of the desk: files that are taken in, the register, one review and its hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from desk_parts import (
    add_reviews,
    desk,
    done,
    made,
    refusals,
    signed_in,
    upload_file,
)
from flow_parts import CANARIES, propose, report

from pipeline.errors import RecogniserError
from pipeline.flow import intake, overview, proposing
from pipeline.flow.overview import Waiting
from pipeline.store.accounts import Actor
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web import sent
from pipeline.web.desk import jobs, upload
from pipeline.web.security import Guard

NEW = "heron copper valley"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setattr(proposing, "propose", propose)
    return made(tmp_path)


@pytest.fixture
def served(workspace: Workspace) -> Guard:
    return desk(workspace.home)


def actor(workspace: Workspace, name: str) -> Actor:
    return Actor(workspace.accounts.named(name).id, proven=True)


# Taking in


def test_files_are_taken_in_and_their_names_are_kept_nowhere(
    served: Guard, workspace: Workspace, tmp_path: Path
) -> None:
    browser = signed_in(served, "Uma Field")
    rows = done(browser, browser.send("/upload", files=[upload_file(1), upload_file(2)]))
    assert [row["shown"] for row in rows] == ["Taken in", "Taken in"]
    assert sorted(row["review"] for row in rows) == sorted(
        row.review for row in workspace.register.rows()
    )
    again = done(browser, browser.send("/upload", files=[upload_file(1)]))
    assert (again[0]["shown"], again[0]["review"]) == ("Taken in before", rows[0]["review"])
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [name for name in CANARIES if name.encode() in kept] == []
    by = [row.actor for row in workspace.ledger.rows() if row.action == "ingest"]
    assert by == [workspace.accounts.named("Uma Field").id] * 2


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 and nothing more", b"PK\x03\x04junk", b"\x00" * 5000, b"", b"\xd0\xcf\x11\xe0" * 9],
    ids=["pdf", "zip", "noughts", "empty", "old word"],
)
@pytest.mark.parametrize("name", ["report.pdf", "../../register.db", "<img src=x onerror=a()>.txt"])
def test_a_hostile_file_is_refused_and_told_and_the_desk_goes_on(
    served: Guard, workspace: Workspace, content: bytes, name: str
) -> None:
    browser = signed_in(served, "Uma Field")
    answer = browser.send("/upload", files=[("files", (name, content, "application/pdf"))])
    (row,) = done(browser, answer)
    assert (row["shown"], row["review"]) == ("Not taken in", "")
    assert row["why"].endswith(".")
    assert "<img" not in browser.get(answer.headers["location"]).text
    assert refusals(workspace) == [
        (workspace.accounts.named("Uma Field").id, "hostile-or-unreadable")
    ]
    (next_one,) = done(browser, browser.send("/upload", files=[upload_file()]))
    assert next_one["shown"] == "Taken in"


@pytest.mark.parametrize("error", [RecogniserError("it failed"), ValueError(CANARIES[0])])
def test_a_file_that_cannot_be_proposed_on_is_told(
    served: Guard, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(proposing, "propose", fails)
    browser = signed_in(served, "Uma Field")
    (row,) = done(browser, browser.send("/upload", files=[upload_file()]))
    assert (row["shown"], CANARIES[0] in row["why"]) == ("Not taken in", False)
    assert [code for _, code in refusals(workspace)] == ["not-taken-in"]


def test_a_fault_in_taking_in_is_said_and_the_next_file_is_read(
    served: Guard, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = intake.ingest_bytes

    def fails_once(*words: object, **more: object) -> dict[str, object]:
        monkeypatch.setattr(intake, "ingest_bytes", whole)
        raise ZeroDivisionError(CANARIES[0])

    monkeypatch.setattr(intake, "ingest_bytes", fails_once)
    browser = signed_in(served, "Uma Field")
    rows = done(browser, browser.send("/upload", files=[upload_file(1), upload_file(2)]))
    assert [row["shown"] for row in rows] == ["Not taken in", "Taken in"]
    assert CANARIES[0] not in rows[0]["why"] + capfd.readouterr().err


def test_what_is_sent_has_limits(
    served: Guard, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(served, "Uma Field")
    assert "No file was chosen" in browser.send("/upload", files=[("x", b"")]).text
    many = [upload_file(n) for n in range(sent.MOST_FILES + 1)]
    assert browser.send("/upload", files=many).status_code == 400
    monkeypatch.setattr(upload, "MOST_A_FILE", 10)
    assert "larger than 100 MB" in browser.send("/upload", files=[upload_file()]).text
    monkeypatch.setattr(upload, "MOST_A_FILE", 10**6)
    monkeypatch.setattr(jobs, "MOST_WAITING", 10)
    assert "wait to be read already" in browser.send("/upload", files=[upload_file()]).text
    assert workspace.register.rows() == ()
    assert [code for _, code in refusals(workspace)] == ["too-large"]


def test_nobody_else_sees_what_was_sent(served: Guard) -> None:
    browser, other = signed_in(served, "Uma Field"), signed_in(served, "Bo Tarn")
    where = browser.send("/upload", files=[upload_file()]).headers["location"]
    assert browser.get(where).status_code == 200
    assert other.get(where).status_code == 404
    assert other.get(f"{where}/state").status_code == 404


def test_what_is_sent_never_touches_the_disk_before_it_is_sealed(
    served: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tempfile import SpooledTemporaryFile

    def rolled(_: object) -> None:
        raise AssertionError("a report was written to a temporary file")

    monkeypatch.setattr(SpooledTemporaryFile, "rollover", rolled)
    browser = signed_in(served, "Uma Field")
    large = b"%PDF-1.7 " + bytes(3_000_000)
    (row,) = done(browser, browser.send("/upload", files=[("files", ("a.pdf", large))]))
    assert row["size"] == "3.0 MB"


# Register, reviews, holds


def test_what_waits_is_counted_for_each_account(workspace: Workspace) -> None:
    add_reviews(workspace)
    waits = Waiting(reviews=7, to_settle=1, to_approve=1, mine=0, to_publish=1, held=0, due=0)
    assert overview.waiting(workspace, actor(workspace, "Bo Tarn")) == waits
    own = overview.waiting(workspace, actor(workspace, "Rhee Vale"))
    assert (own.to_approve, own.mine) == (0, 1)


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({}, 7),
        ({"state": "settled"}, 1),
        ({"state": "held"}, 0),
        ({"words": "HARROWMERE"}, 3),
        ({"words": "board r-d"}, 1),
        ({"words": "harrowmere", "state": "published"}, 1),
        ({"words": "<script>"}, 0),
    ],
    ids=str,
)
def test_the_register_is_looked_through(
    served: Guard, workspace: Workspace, more: dict[str, str], count: int
) -> None:
    add_reviews(workspace)
    answer = signed_in(served, "Uma Field").send("/register", more)
    assert answer.status_code == 200
    assert len(re.findall(r'<a class="id" href="/reviews/', answer.text)) == count
    assert "<script>" not in answer.text


@pytest.mark.parametrize("sort", overview.COLUMNS)
def test_the_register_is_sorted_both_ways(workspace: Workspace, sort: str) -> None:
    add_reviews(workspace)
    up = overview.listed(workspace, sort=sort, down=False)
    assert overview.listed(workspace, sort=sort, down=True) == tuple(reversed(up))


@pytest.mark.parametrize(
    ("name", "state", "button"),
    [
        ("Rhee Vale", State.PROPOSED, "Settle this review"),
        ("Ada Marsh", State.PROPOSED, "This review waits for a reviewer."),
        ("Rhee Vale", State.SETTLED, "somebody else must approve it"),
        ("Ada Marsh", State.SETTLED, "Look through and approve"),
        ("Uma Field", State.SETTLED, "This review waits for an approver."),
        ("Ada Marsh", State.APPROVED, ">Publish<"),
    ],
)
def test_a_review_says_what_comes_next_for_whom(
    served: Guard, workspace: Workspace, name: str, state: State, button: str
) -> None:
    ids = add_reviews(workspace)
    assert button in signed_in(served, name).get(f"/reviews/{ids[state]}").text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "A hold has one of these bases"),
        ({"basis": "boredom"}, "A hold has one of these bases"),
        ({"basis": "family", "day": "31", "month": "2", "year": "2027"}, "is no date like"),
        ({"basis": "family", "day": "3"}, "is no date like"),
        ({"basis": "family", "day": "<b>"}, "is no date like"),
    ],
    ids=str,
)
def test_a_hold_that_is_not_right_is_not_set(
    served: Guard, workspace: Workspace, fields: dict[str, str], error: str
) -> None:
    review = add_reviews(workspace)[State.APPROVED]
    browser = signed_in(served, "Ada Marsh")
    answer = browser.send(f"/reviews/{review}/hold", fields)
    assert (answer.status_code, error in answer.text) == (400, True)
    assert "<b>" not in answer.text
    assert workspace.register.row(review).hold is None
    lifted = browser.send(f"/reviews/{review}/lift")
    assert (lifted.status_code, "No hold stands" in lifted.text) == (400, True)


def test_a_hold_without_a_day_is_set(served: Guard, workspace: Workspace) -> None:
    review = add_reviews(workspace)[State.APPROVED]
    answer = signed_in(served, "Ada Marsh").send(f"/reviews/{review}/hold", {"basis": "inquest"})
    assert answer.status_code == 303
    hold = workspace.register.row(review).hold
    assert hold is not None
    assert (hold.until, hold.checked_by) == (None, workspace.accounts.named("Ada Marsh").id)


def test_the_row_of_the_ledger_for_a_file_has_no_word_of_it(workspace: Workspace) -> None:
    who = actor(workspace, "Uma Field")
    row = intake.ingest_bytes(workspace, b"%PDF-1.7 Quenby", who=who, ending="../../x")
    assert (row["review"], row["code"], row["path"]) == (None, 3, "")
    (last,) = workspace.ledger.latest(1)
    assert set(json.loads(last.detail)) == {"code", "file", "exit"}
    assert intake.ingest_bytes(workspace, report(1).encode(), who=who)["state"] == "proposed"
