"""`candour register` and `candour actions` as they are typed."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from register_parts import AUTHOR, BOARD, SHEET, file_came, made
from typer.testing import CliRunner, Result

from pipeline.cli.app import app
from pipeline.cli.options import OF_AN_ACTION, OF_AN_ENTRY
from pipeline.errors import CandourError, NotSettledError, SomeFailedError, UsageError
from pipeline.raw import action, entry
from pipeline.raw.field import Field
from pipeline.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = made(tmp_path, monkeypatch)
    monkeypatch.setenv("CANDOUR_HOME", str(workspace.home))
    monkeypatch.chdir(tmp_path)
    return workspace


def run(*words: str) -> Result:
    """What a command printed; the error that it ended with, as it is."""
    outcome = CliRunner().invoke(app, list(words))
    if isinstance(outcome.exception, CandourError):
        raise outcome.exception
    assert outcome.exit_code == 0, outcome.output
    return outcome


def rows(*words: str) -> list[dict[str, object]]:
    return rows_of(run(*words, "--format", "jsonl").stdout)


def test_the_plain_listing_is_as_it_was_and_needs_no_key(workspace: Workspace) -> None:
    review = file_came(workspace, subject="Child K")
    run("register", "add", "--board", BOARD, "--as", "Jo")
    workspace.key_path.unlink()
    listed = list(csv.DictReader(io.StringIO(run("register", "--format", "csv").stdout)))
    assert [(row["review"][:2], row["state"], row["board"]) for row in listed] == [
        ("r-", "proposed", BOARD), ("e-", "expected", ""),
    ]  # fmt: skip
    assert {"review", "state", "kind", "board", "subject", "received", "published", "hold",
            "sha256", "text_sha256", "media", "edition", "versions"} <= set(listed[0])  # fmt: skip
    assert listed[0]["review"] == review and listed[0]["subject"] == "Child K"


def test_a_year_of_the_register_as_it_is_typed(workspace: Workspace) -> None:
    Path("reviews.csv").write_text(SHEET, encoding="utf-8")
    assert [r["what"] for r in rows("register", "import", "reviews.csv", "--as", "Jo",
                                    "--dry-run")] == ["added"] * 3  # fmt: skip
    assert rows("register", "--as", "Jo") == []
    run("register", "import", "reviews.csv", "--as", "Jo")
    first = rows("register", "--as", "Jo", "--find", AUTHOR)[0]
    review = str(first["review"])
    assert [r["what"] for r in rows("register", "due", "--on", "2009-03-10", "--as", "Jo")] == [
        "resubmission"
    ]
    run("register", "set", review, "--resubmitted-on", "2009-02-20", "--clear", "author",
        "--as", "Jo")  # fmt: skip
    assert rows("register", "due", "--on", "2009-03-10", "--as", "Jo") == []
    assert {r["what"] for r in rows("register", "gaps", "--as", "Jo")} == {
        "file", "number", "field",
    }  # fmt: skip
    assert rows("register", "gaps", "--by-field", "--as", "Jo")[0]["field"] == "kind"
    came = file_came(workspace, subject="Child A")
    assert rows("register", "arrived", "--as", "Jo")[0]["review"] == came
    run("register", "join", review, came, "--as", "Jo")
    assert rows("register", "duplicates", "--as", "Jo") == []
    assert len(rows("register", "history", came, "--as", "Jo")) == 10
    run("register", "export", "out.csv", "--as", "Jo")
    assert stat.S_IMODE(Path("out.csv").stat().st_mode) == 0o600
    assert "added 0, changed 0, left 3" in run("register", "import", "out.csv", "--as",
                                               "Jo").output  # fmt: skip
    assert {r["what"] for r in rows("register", "undo", "--as", "Jo")} == {"removed", "undone"}


def test_people_see_a_table_that_fits_them(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    Path("reviews.csv").write_text(SHEET, encoding="utf-8")
    run("register", "import", "reviews.csv", "--as", "Jo")
    head = run("register", "--as", "Jo").stdout.splitlines()[1]
    assert "judgement" in head and "text_sha256" not in head
    head = run("register").stdout.splitlines()[1]
    assert "received" in head and "text_sha256" not in head


def test_refused_rows_end_with_their_code(workspace: Workspace) -> None:
    Path("reviews.csv").write_text(SHEET.replace("Good", "Great"), encoding="utf-8")
    with pytest.raises(SomeFailedError, match="Nothing of the file was taken"):
        run("register", "import", "reviews.csv", "--as", "Jo")
    with pytest.raises(SomeFailedError, match="The others were taken"):
        run("register", "import", "reviews.csv", "--skip-bad", "--as", "Jo")
    assert len(rows("register")) == 2


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (["register", "--home", "x", "gaps", "--as", "Jo"], UsageError, "stand after it"),
        (["register", "--find", "marl"], UsageError, "--as NAME"),
        (["register", "--as", "Ruth"], NotSettledError, "duty"),
        (["register", "import", "none.csv", "--as", "Jo"], UsageError, "not there"),
        (["register", "add", "--kind", "scr", "--as", "Jo"], UsageError, "needs its board"),
        (["register", "set", "r-none", "--judgement", "good", "--as", "Jo"], UsageError, "no rev"),
        (["register", "due", "--on", "soon", "--as", "Jo"], UsageError, "no date like"),
        (["register", "from-report", "x", "--columns", "a", "--as", "Jo"], UsageError, "columns"),
        (["actions"], UsageError, "--as NAME"),
        (["actions", "import", "none.csv", "--as", "Jo"], UsageError, "not there"),
    ],
)
def test_an_error_says_what_to_do(
    workspace: Workspace, words: list[str], error: type[CandourError], says: str
) -> None:
    with pytest.raises(error, match=says):
        run(*words)


def test_actions_are_typed_listed_and_taken_in(workspace: Workspace) -> None:
    review = file_came(workspace)
    (made_one,) = rows_of(run("actions", "add", review, "--paragraph", "2.1", "--board", BOARD,
                              "--as", "Jo").stdout)  # fmt: skip
    run("actions", "set", str(made_one["action"]), "--due", "2009-03-01", "--as", "Jo")
    late = rows("actions", "--overdue", "--on", "2009-03-10", "--as", "Jo")
    assert [(row["overdue"], row["flags"]) for row in late] == [(9, ["ownerless", "overdue"])]
    assert len(rows("actions", "--ownerless", "--as", "Jo")) == 1
    assert len(rows("actions", "history", str(made_one["action"]), "--as", "Jo")) == 3
    run("actions", "export", "actions.csv", "--as", "Jo")
    assert [r["what"] for r in rows("actions", "import", "actions.csv", "--as", "Jo")] == ["left"]
    assert rows("actions", "answered", "--as", "Jo") == []
    run("actions", "remove", str(made_one["action"]), "--as", "Jo")
    assert rows("actions", "--as", "Jo") == []


def rows_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line[:1] == "{"]


def test_pairs_are_kept_apart_and_a_joining_is_taken_back(workspace: Workspace) -> None:
    day = ("--board", BOARD, "--judged", "2009-02-01", "--as", "Jo")
    for subject in ("Child A", "not stated"):
        run("register", "add", "--subject", subject, *day)
    made_ids = sorted(str(row["review"]) for row in rows("register", "--as", "Jo"))
    one, other = made_ids
    assert [r["why"] for r in rows("register", "duplicates", "--as", "Jo")] == ["same_day"]
    run("register", "apart", other, one, "--as", "Jo")
    assert rows("register", "duplicates", "--as", "Jo") == []
    (kept,) = rows("register", "duplicates", "--apart", "--as", "Jo")
    assert (kept["review"], kept["other"], bool(kept["apart"])) == (one, other, True)
    run("register", "apart", one, other, "--again", "--as", "Jo")
    assert len(rows("register", "duplicates", "--as", "Jo")) == 1
    run("register", "join", one, other, "--as", "Jo")
    assert len(rows("register", "--as", "Jo")) == 1
    assert one in run("register", "unjoin", other, "--as", "Jo").output
    assert len(rows("register", "--as", "Jo")) == 2
    with pytest.raises(UsageError, match="Nothing was joined"):
        run("register", "unjoin", other, "--as", "Jo")


@pytest.mark.parametrize(
    ("options", "fields", "left"),
    [(OF_AN_ENTRY, entry.FIELDS, set()), (OF_AN_ACTION, action.FIELDS, {"place"})],
)
def test_what_is_recorded_has_one_option_a_field(
    options: Mapping[str, object], fields: tuple[Field, ...], left: set[str]
) -> None:
    """The place of a recommendation is found by its paragraph, never typed."""
    assert set(options) == {field.name for field in fields} - left


def test_adding_and_setting_take_the_same_fields(workspace: Workspace) -> None:
    day, shown = "2010-03-31", ("--as", "Jo")
    (added,) = rows_of(
        run("register", "add", "--board", BOARD, "--resubmission-due", day, *shown).stdout
    )
    review = str(added["review"])
    run("register", "set", review, "--resubmitted", "yes", "--clear", "board", *shown)
    steps = rows("register", "history", review, *shown)
    assert {(str(s["field"]), s["before"], s["after"]) for s in steps} == {
        ("board", "", BOARD), ("board", BOARD, ""),
        ("resubmission_due", "", day), ("resubmitted", "", "yes"),
    }  # fmt: skip
    (made_action,) = rows_of(
        run("actions", "add", review, "--task", "Ask.", "--evidence", "A minute.", *shown).stdout
    )
    run("actions", "set", str(made_action["action"]), "--owner", "the head", *shown)
    listed = rows("actions", *shown)
    assert [(a["task"], a["evidence"], a["owner"]) for a in listed] == [
        ("Ask.", "A minute.", "the head")
    ]


def test_a_required_name_is_asked_for_before_anything_is_recorded(workspace: Workspace) -> None:
    outcome = CliRunner().invoke(app, ["register", "add", "--board", BOARD])
    assert outcome.exit_code == 2
    assert rows("register", "--as", "Jo") == []
