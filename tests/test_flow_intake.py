"""Intake: one transaction a review, whatever is killed, full, damaged or taken in twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flow_parts import CANARIES, propose, report, write_reports

from pipeline.errors import LeakError, NotSettledError, RecogniserError, StoreError, UsageError
from pipeline.flow import intake, proposing, rendering, year
from pipeline.store import database
from pipeline.store.casefile import CaseFile
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

needs_kill = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "propose", propose)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    intake.init(tmp_path / "home")
    return tmp_path / "home"


def files(home: Path) -> Iterator[bytes]:
    """Everything that lies in the workspace, as bytes."""
    for path in home.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def require_whole(home: Path) -> set[str]:
    """Check that every review is whole and that nothing is there beside; the files' hashes."""
    workspace = Workspace.open(home)
    vault = Vault.unlock(workspace)
    rows = workspace.register.rows()
    reviews = [row.review for row in rows]
    assert workspace.ledger.verify() is None
    ingested = [e.review for e in workspace.ledger.rows() if e.action == "ingest"]
    assert sorted(str(one) for one in ingested) == sorted(reviews)
    assert list(vault.reviews()) == sorted(reviews)
    drafts = workspace.library.documents(include_drafts=True)
    assert [document.review for document in drafts] == sorted(reviews)
    for row in rows:
        case = CaseFile(vault, row.review)
        assert case.document().text_sha256 == case.proposal().text_sha256 == row.text_sha256
        assert case.document().source_sha256 == row.sha256
    return {row.sha256 for row in rows}


def test_files_and_folders_go_in_and_are_listed(home: Path, tmp_path: Path) -> None:
    paths = write_reports(tmp_path / "in" / "deep", 2)
    (tmp_path / "in" / ".hidden.txt").write_text("x", encoding="utf-8")
    (tmp_path / "in" / "Thumbs.db").write_bytes(b"x")
    said: list[str] = []
    rows = list(intake.ingest(Workspace.open(home), [tmp_path / "in"], progress=said.append))
    assert [row["path"] for row in rows] == [str(path) for path in paths]
    assert [(row["state"], row["why"], row["code"]) for row in rows] == [("proposed", "", 0)] * 2
    assert said == ["1 of 2 files done", "2 of 2 files done"]
    assert len(require_whole(home)) == 2
    listed = list(year.register(Workspace.open(home)))
    assert sorted(str(row["review"]) for row in listed) == sorted(str(r["review"]) for r in rows)


def test_the_workspace_is_not_taken_in(home: Path, tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 1)
    rows = list(intake.ingest(Workspace.open(home), [tmp_path]))
    assert not [row for row in rows if "home" in Path(str(row["path"])).parts]
    assert len([row for row in rows if row["state"] == "proposed"]) >= 1


def test_a_file_taken_in_before_is_said_not_repeated(home: Path, tmp_path: Path) -> None:
    paths = write_reports(tmp_path / "in", 1)
    first = next(intake.ingest(Workspace.open(home), paths))
    (tmp_path / "copy.txt").write_bytes(paths[0].read_bytes())
    again = list(intake.ingest(Workspace.open(home), [paths[0], tmp_path / "copy.txt"]))
    assert [(row["review"], row["why"], row["code"]) for row in again] == [
        (first["review"], intake.KNOWN, 0)
    ] * 2
    assert len(require_whole(home)) == 1


def test_the_same_text_in_another_file_is_said(home: Path, tmp_path: Path) -> None:
    paths = write_reports(tmp_path / "in", 1)
    (tmp_path / "bom.txt").write_bytes(b"\xef\xbb\xbf" + paths[0].read_bytes())
    rows = list(intake.ingest(Workspace.open(home), [paths[0], tmp_path / "bom.txt"]))
    assert [row["why"] for row in rows] == ["", intake.SAME_TEXT]


def test_one_bad_file_of_twenty_does_not_stop_the_others(home: Path, tmp_path: Path) -> None:
    paths = write_reports(tmp_path / "in", 20)
    paths[7].write_bytes(b"%PDF-1.7 but nothing more")
    rows = list(intake.ingest(Workspace.open(home), paths))
    assert [row["code"] for row in rows] == [0] * 7 + [3] + [0] * 12
    assert rows[7]["review"] is None
    assert len(require_whole(home)) == 19


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7", b"PK\x03\x04junk", b"\x00" * 2000])
def test_what_cannot_be_read_leaves_nothing(
    home: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / f"{CANARIES[0]}.pdf"
    if content is not None:
        path.write_bytes(content)
    rows = list(intake.ingest(Workspace.open(home), [path]))
    assert [(row["review"], row["code"]) for row in rows] == [(None, 3)]
    assert CANARIES[0] not in str(rows[0]["why"])
    assert require_whole(home) == set()


@pytest.mark.parametrize(
    ("step", "error", "code"),
    [
        ("propose", RecogniserError("a recogniser failed"), 4),
        ("propose", ValueError(CANARIES[0]), 4),
        ("propose", KeyError(CANARIES[0]), 4),
        ("read_bytes", ValueError(CANARIES[0]), 3),
        ("read_bytes", RecursionError(), 3),
    ],
    ids=["refused", "propose value", "propose key", "read value", "read recursion"],
)
def test_a_step_that_fails_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    step: str, error: Exception, code: int,
) -> None:  # fmt: skip
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(proposing, step, fails)
    rows = list(intake.ingest(Workspace.open(home), write_reports(tmp_path / "in", 2)))
    assert [row["code"] for row in rows] == [code, code]
    assert not [row for row in rows if CANARIES[0] in str(row["why"])]
    assert require_whole(home) == set()


def test_a_draft_that_leaks_is_not_kept_and_the_review_is(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaks(*_: object) -> None:
        raise LeakError("something is left")

    monkeypatch.setattr(rendering, "require_clean_text", leaks)
    rows = list(intake.ingest(Workspace.open(home), write_reports(tmp_path / "in", 1)))
    assert [(row["state"], row["code"]) for row in rows] == [("proposed", 5)]
    workspace = Workspace.open(home)
    assert list(workspace.library.documents(include_drafts=True)) == []
    assert len(workspace.register.rows()) == 1


def test_only_an_uploader_takes_files_in(home: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(home)
    intake.add_user(workspace, "Jo", "reviewer")
    with pytest.raises(NotSettledError):
        list(intake.ingest(workspace, [tmp_path], as_name="Jo"))
    with pytest.raises(UsageError):
        list(intake.ingest(workspace, [tmp_path], as_name="Nobody"))
    with pytest.raises(UsageError):
        intake.add_user(workspace, "Jo", "owner")
    jo = intake.add_user(workspace, "Jo", "uploader")
    list(intake.ingest(workspace, write_reports(tmp_path / "in", 1), as_name="Jo"))
    assert [e.actor for e in workspace.ledger.rows()][-1] == jo.id


def test_no_word_of_a_report_lies_open_in_the_workspace(
    home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    list(intake.ingest(Workspace.open(home), write_reports(tmp_path / "in", 2)))
    parts = [part for name in CANARIES for part in name.split() if part != "Academy"]
    shown = capfd.readouterr()
    for part in parts:
        assert not [part for held in files(home) if part.encode() in held]
        assert part not in caplog.text + shown.out + shown.err


def test_a_full_disk_takes_everything_back_and_the_next_run_goes_on(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write_reports(tmp_path / "in", 6, paragraphs=60)
    prepare = database._prepare

    def small(connection: sqlite3.Connection, *, read_only: bool) -> None:
        prepare(connection, read_only=read_only)
        for name in ("vault", "library"):
            connection.execute(f"PRAGMA {name}.max_page_count = 60")

    with monkeypatch.context() as patch:
        patch.setattr(database, "_prepare", small)
        rows = list(intake.ingest(Workspace.open(home), paths))
    assert {row["code"] for row in rows} == {0, 7}
    assert {row["why"] for row in rows if row["code"]} == {database._FULL}
    assert len(require_whole(home)) == sum(row["code"] == 0 for row in rows)
    assert {row["code"] for row in intake.ingest(Workspace.open(home), paths)} == {0}
    assert len(require_whole(home)) == 6


def _in_child(work: Callable[[], None]) -> bool:
    """Do the work in a child process; whether it was killed."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def _die_at(statement: int, home: Path, paths: list[Path]) -> None:
    """Ingest until the given number of SQL statements, then die."""
    prepare, left = database._prepare, [statement]

    def count(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(connection: sqlite3.Connection, *, read_only: bool) -> None:
        prepare(connection, read_only=read_only)
        connection.set_trace_callback(count)

    database._prepare = traced
    list(intake.ingest(Workspace.open(home), paths))


def _die_at_size(size: int, home: Path, paths: list[Path]) -> None:
    """Ingest until some file would grow beyond so many bytes: the system kills in mid-write."""
    import resource  # not on every system

    workspace = Workspace.open(home)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    list(intake.ingest(workspace, paths))


@needs_kill
def test_a_kill_before_any_statement_leaves_all_or_nothing(home: Path, tmp_path: Path) -> None:
    paths = write_reports(tmp_path / "in", 1)
    sizes = [0]
    for statement in range(1, 400):
        killed = _in_child(lambda at=statement: _die_at(at, home, paths))  # type: ignore[misc]
        sizes.append(len(require_whole(home)))
        if not killed:
            break
    assert len(sizes) > 30
    assert sizes == sorted(sizes)
    assert sizes[-1] == 1


@needs_kill
def test_a_kill_in_the_middle_of_writing_leaves_all_or_nothing(home: Path, tmp_path: Path) -> None:
    paths = write_reports(tmp_path / "in", 1, paragraphs=90)
    start = max(path.stat().st_size for path in home.iterdir())
    sizes = [0]
    for pages in range(60):
        size = start + pages * 4096
        killed = _in_child(lambda at=size: _die_at_size(at, home, paths))  # type: ignore[misc]
        sizes.append(len(require_whole(home)))
        if not killed:
            break
    assert len(sizes) > 4
    assert sizes == sorted(sizes)
    assert sizes[-1] == 1


RUN = """
import sys
from pathlib import Path
from flow_parts import propose
from pipeline.flow import intake, proposing
from pipeline.store.workspace import Workspace
proposing.propose = propose
for row in intake.ingest(Workspace.open(Path(sys.argv[1])), [Path(sys.argv[2])]):
    print(row["code"], row["why"], flush=True)
"""


@needs_kill
def test_kills_at_random_moments_lose_nothing_and_the_next_run_goes_on(
    home: Path, tmp_path: Path
) -> None:
    write_reports(tmp_path / "in", 20, paragraphs=20)
    rng, sizes = random.Random(7), [0]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", RUN, str(home), str(tmp_path / "in")]
    for _ in range(3):
        run = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        run.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.25))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        sizes.append(len(require_whole(home)))
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert {line[0] for line in done.stdout.splitlines()} == {"0"}
    assert len(require_whole(home)) == 20
    assert sizes == sorted(sizes)
    assert 0 < sizes[1] < 20


def test_two_runs_at_once_do_not_trouble_each_other(home: Path, tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 8)
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", RUN, str(home), str(tmp_path / "in")]
    runs = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in "ab"]
    said = [run.communicate()[0] for run in runs]
    assert {line[0] for out in said for line in out.splitlines()} == {"0"}
    assert len(require_whole(home)) == 8


@pytest.mark.parametrize(
    "basis", ["criminal", "inquest", "court_order", "court-order", "family", "other"]
)
def test_a_hold_is_set_and_lifted(home: Path, tmp_path: Path, basis: str) -> None:
    workspace = Workspace.open(home)
    jo = intake.add_user(workspace, "Jo", "reviewer")
    review = str(next(intake.ingest(workspace, write_reports(tmp_path / "in", 1)))["review"])
    year.set_hold(workspace, review, basis=basis, until="2027-01-31", as_name="Jo")
    row = next(year.register(workspace))
    assert row["hold"] == basis.replace("-", "_")
    assert row["hold_until"] == "2027-01-31"
    assert row["hold_checked_by"] == jo.id
    year.lift_hold(workspace, review, as_name="Jo")
    assert next(year.register(workspace))["hold"] is None
    with pytest.raises(UsageError):
        year.lift_hold(workspace, review, as_name="Jo")


@pytest.mark.parametrize(
    ("basis", "until", "error"),
    [
        ("whim", None, UsageError),
        ("inquest", "next year", UsageError),
        ("inquest", "2027-02-30", UsageError),
    ],
)
def test_a_hold_that_says_too_little_is_refused(
    home: Path, tmp_path: Path, basis: str, until: str | None, error: type[Exception]
) -> None:
    workspace = Workspace.open(home)
    intake.add_user(workspace, "Jo", "reviewer")
    review = str(next(intake.ingest(workspace, write_reports(tmp_path / "in", 1)))["review"])
    with pytest.raises(error):
        year.set_hold(workspace, review, basis=basis, until=until, as_name="Jo")
    assert next(year.register(workspace))["hold"] is None


def test_the_stand_in_text_holds_every_canary() -> None:
    assert all(report(1).count(name) == 3 + (name == CANARIES[0]) for name in CANARIES)


def test_a_lost_key_opens_nothing(home: Path, tmp_path: Path) -> None:
    Workspace.open(home).keys.master.unlink()
    with pytest.raises(StoreError):
        list(intake.ingest(Workspace.open(home), write_reports(tmp_path / "in", 1)))
