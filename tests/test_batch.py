"""Batches: who reads does not matter, nothing is lost or there twice, one bad file stops nobody."""

from __future__ import annotations

import itertools
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import batch_parts
import learning_parts
import pytest
from batch_parts import DEADLY, ONCE, act, made, new, slow, whole
from flow_parts import CANARIES, report, write_reports
from learning_parts import SHARING, VISITS, bag

from pipeline.batch import ingesting, local, marking, watching
from pipeline.batch.ingesting import Here, State
from pipeline.batch.local import Local
from pipeline.cli import batch as cli
from pipeline.errors import ReadError, StoreError, UsageError
from pipeline.flow import intake, learning, taking
from pipeline.flow import marking as flow_marking
from pipeline.raw.readers import leftovers
from pipeline.safe import embed
from pipeline.store import database, passage_vectors
from pipeline.store.workspace import Workspace

needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="no such signal on this system")


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))


@pytest.fixture
def two() -> Iterator[Local]:
    hands = Local(2, 1, act)
    yield hands
    hands.close()


def test_a_good_folder_with_bad_files_in_it(tmp_path: Path, two: Local) -> None:
    home, files = new(tmp_path, "home"), write_reports(tmp_path / "in", 5)
    (tmp_path / "in" / "a broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / "in" / "b empty.txt").write_bytes(b"")
    (tmp_path / "in" / "c twin.txt").write_bytes(files[0].read_bytes())
    states: list[State] = []
    rows = list(ingesting.ingest(Workspace.open(home), [tmp_path / "in"], two, tell=states.append))
    assert sorted(Path(str(row["path"])).name[0] for row in rows if row["code"]) == ["a", "b"]
    assert {row["code"] for row in rows} == {0, ReadError.exit_code}
    assert len(whole(home)) == 5
    assert sorted(str(row["why"]) for row in rows if not row["code"]) == [""] * 5 + [intake.KNOWN]
    last = states[-1]
    assert (last.done, last.of, last.failed, last.known) == (8, 8, 2, 1)
    assert last.left == 0
    again = list(ingesting.ingest(Workspace.open(home), [tmp_path / "in"], two))
    assert sum(row["why"] == intake.KNOWN for row in again) == 6


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    home = new(tmp_path, "home")
    write_reports(tmp_path / "in", 3)
    read: list[str] = []

    def counted(order: taking.Order) -> taking.Answer:
        read.append(order.review)
        return act(order)

    for _ in "ab":
        list(ingesting.ingest(Workspace.open(home), [tmp_path / "in"], Here(counted)))
    assert len(read) == 3


def test_processes_and_this_process_make_the_same_bytes(tmp_path: Path, two: Local) -> None:
    write_reports(tmp_path / "in", 6, paragraphs=8)
    homes = [new(tmp_path, "here"), new(tmp_path, "two")]
    everybody: tuple[ingesting.Hands, ...] = (Here(act), two)
    for home, hands in zip(homes, everybody, strict=True):
        list(ingesting.ingest(Workspace.open(home), [tmp_path / "in"], hands))
    assert made(homes[0]) == made(homes[1])
    assert len(made(homes[0])) == 6


@needs_kill
def test_a_reader_that_dies_takes_its_own_file_alone(tmp_path: Path, two: Local) -> None:
    home = new(tmp_path, "home")
    write_reports(tmp_path / "in", 6)
    (tmp_path / "in" / "always.txt").write_text(f"{report(50)}\n{DEADLY}\n", encoding="utf-8")
    sign = f"{ONCE}{tmp_path / 'sign'}"
    (tmp_path / "in" / "once.txt").write_text(f"{report(51)}\n{sign}\n", encoding="utf-8")
    rows = list(ingesting.ingest(Workspace.open(home), [tmp_path / "in"], two))
    failed = [row for row in rows if row["code"]]
    assert [(row["why"], row["code"]) for row in failed] == [(taking.DIED, ReadError.exit_code)]
    assert str(failed[0]["path"]).endswith("always.txt")
    assert len(rows) == 8
    assert len(whole(home)) == 7


@needs_kill
def test_readers_that_all_die_end_the_run_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new(tmp_path, "home")
    monkeypatch.setattr(local, "_DEATHS", 1)
    for number in range(3):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"{report(number)}\n{DEADLY}\n", encoding="utf-8")
    hands = Local(1, 1, act)
    with pytest.raises(StoreError, match="end as soon as they are started"):
        list(
            ingesting.ingest(Workspace.open(home), [tmp_path / f"{n}.txt" for n in range(3)], hands)
        )
    hands.close()


def test_a_fault_of_the_program_is_one_files_fault_and_quotes_nothing(tmp_path: Path) -> None:
    home = new(tmp_path, "home")
    files = write_reports(tmp_path / "in", 2)

    def faulty(order: taking.Order) -> taking.Answer:
        order = taking.Order(order.review, order.name, order.content, None)  # type: ignore[arg-type]
        return taking.answer(order)

    rows = list(ingesting.ingest(Workspace.open(home), files, Here(faulty)))
    assert [row["code"] for row in rows] == [taking.FAULT] * 2
    assert "AttributeError at " in str(rows[0]["why"])
    assert not [name for name in CANARIES if name in str(rows) and name not in str(files)]


def test_an_order_shows_nothing_of_its_file() -> None:
    order = taking.Order("r-aaaaaa", CANARIES[0], CANARIES[1].encode(), None)  # type: ignore[arg-type]
    assert repr(order) == "Order(review='r-aaaaaa')"


def test_a_wrong_key_is_told_before_any_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, files = new(tmp_path, "home"), write_reports(tmp_path / "in", 2)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "other" / "master.key"))
    intake.init(tmp_path / "second")
    read: list[str] = []

    def noted(order: taking.Order) -> taking.Answer:
        read.append(order.review)
        return act(order)

    with pytest.raises(StoreError, match="key does not fit"):
        list(ingesting.ingest(Workspace.open(home), files, Here(noted)))
    assert not read


def test_a_full_disk_ends_the_run_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, files = new(tmp_path, "home"), write_reports(tmp_path / "in", 8, paragraphs=60)
    prepare = database._prepare

    def small(connection: sqlite3.Connection, *, read_only: bool) -> None:
        prepare(connection, read_only=read_only)
        for name in ("vault", "library"):
            connection.execute(f"PRAGMA {name}.max_page_count = 60")

    rows: list[intake.Row] = []
    with monkeypatch.context() as patch:
        patch.setattr(database, "_prepare", small)
        with pytest.raises(StoreError, match="goes on from here"):
            rows.extend(ingesting.ingest(Workspace.open(home), files, Here(act)))
    taken = whole(home)
    assert 0 < len(taken) < 8
    assert {row["code"] for row in ingesting.ingest(Workspace.open(home), files, Here(act))} == {0}
    assert len(whole(home)) == 8


RUN = """
import sys
from pathlib import Path
from batch_parts import slow
from pipeline.batch import ingesting
from pipeline.batch.local import Local
from pipeline.store.workspace import Workspace
hands, told = Local(2, 1, slow), False
for row in ingesting.ingest(Workspace.open(Path(sys.argv[1])), [Path(sys.argv[2])], hands):
    if not told:
        print(*(one.process.pid for one in hands._workers), sep="\\n", flush=True)
    told = True
    print(row["code"], flush=True)
"""


def _killed_after(rows: int, seconds: float, home: Path, folder: Path) -> None:
    """Take the folder in in a process that is killed so long after so many rows."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for _ in ingesting.ingest(Workspace.open(home), [folder], Here(slow)):
                os.write(theirs, b".")
        finally:
            os._exit(0)
    os.close(theirs)
    while rows and os.read(ours, 1):
        rows -= 1
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ours)


@needs_kill
def test_twenty_kills_at_random_moments_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    home = new(tmp_path, "home")
    write_reports(tmp_path / "in", 60, paragraphs=4)
    rng, sizes = random.Random(20), [0]
    for _ in range(20):
        rows = sizes[-1] + rng.randrange(3)  # what is known comes first, in no time
        _killed_after(rows, rng.uniform(0.0, 0.12), home, tmp_path / "in")
        sizes.append(len(whole(home)))
    last = list(ingesting.ingest(Workspace.open(home), [tmp_path / "in"], Here(act)))
    assert [row["code"] for row in last] == [0] * 60
    assert len(whole(home)) == 60
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 3


@needs_kill
def test_a_kill_while_processes_read_leaves_none_of_them_behind(tmp_path: Path) -> None:
    home = new(tmp_path, "home")
    write_reports(tmp_path / "in", 30)
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parent), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", RUN, str(home), str(tmp_path / "in")]
    run = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    readers = [int(run.stdout.readline()) for _ in "ab"]
    run.stdout.readline()
    run.send_signal(signal.SIGKILL)
    run.communicate()
    assert 0 < len(whole(home)) < 30
    end = time.monotonic() + 60
    while any(map(_lives, readers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(_lives, readers))
    rows = list(ingesting.ingest(Workspace.open(home), [tmp_path / "in"], Here(act)))
    assert [row["code"] for row in rows] == [0] * 30
    assert len(whole(home)) == 30


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # It may be dead and not yet waited for by whoever inherited it.
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2][1] != "Z"


@needs_kill
def test_what_a_killed_reading_put_aside_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (
        f"candour-{gone.pid}-x1y2",
        f"candour-{os.getpid()}-x1y2",
        "candour-test",
        "other",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.png").write_bytes(b"x")
    assert leftovers.sweep() == 1
    assert len(list(tmp_path.iterdir())) == 3


def test_a_watched_folder_is_taken_in_once_it_is_still(tmp_path: Path) -> None:
    home, folder = new(tmp_path, "home"), tmp_path / "in"
    first, late = write_reports(folder, 2)
    text, told = late.read_text(encoding="utf-8"), []
    late.write_text(text[:50], encoding="utf-8")
    looks = itertools.count(1)

    class OverError(Exception):
        pass

    def wait(_: float) -> None:
        number = next(looks)
        if number == 1:  # it is still being copied
            late.write_text(text, encoding="utf-8")
        if number == 4:
            first.write_text(text + "\nA second version.\n", encoding="utf-8")
        if number == 7:
            raise OverError

    def take(paths: object) -> Iterator[intake.Row]:
        for row in ingesting.ingest(Workspace.open(home), paths, Here(act)):  # type: ignore[arg-type]
            told.append((next(looks), Path(str(row["path"])).name[-6:], row["code"]))
            yield row

    watched = watching.watch([folder], home, take, wait=wait)
    with pytest.raises(OverError):
        list(watched)
    assert [name for _, name, _ in told][:2] == [first.name[-6:], late.name[-6:]]
    assert len(told) == 3 or len(told) == 2
    assert sorted(path.name for path in folder.iterdir()) == sorted([first.name, late.name])


def test_progress_tells_counts_and_time_and_no_name() -> None:
    assert cli._told(State(3, 10, 1, 2, 60.0)) == "1 failed, 2 known already, about 7 minutes left"
    assert cli._told(State(10, 10, 0, 0, 60.0)) == ""
    assert State(4, 4, 0, 4, None).left is None


def test_processes_suit_the_machine() -> None:
    assert 1 <= local.workers() <= local.cores()


def test_secrets_do_not_reach_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOUR_PASSWORD", "x")
    with local.environment(3):
        assert "CANDOUR_PASSWORD" not in os.environ
        assert "CANDOUR_KEY_FILE" not in os.environ
        assert os.environ["OMP_NUM_THREADS"] == "3"
    assert os.environ["CANDOUR_PASSWORD"] == "x"


def test_learning_does_not_depend_on_who_reads_nor_on_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "_model", lambda threads, **_: bag)
    monkeypatch.setattr(marking, "_FEW", 3)
    told = []
    for workers in (1, 2):
        workspace = Workspace.open(new(tmp_path, f"home{workers}"))
        for number in range(6):
            text = f"{VISITS[number % 2]} Case {number}.", SHARING[number % 3]
            workspace.library.put_document(learning_parts.report(f"r-{number}", *text, draft=True))
        learning.learn(
            workspace, include_drafts=True, reader=marking.reader(workers), threads=workers
        )
        run = workspace.library.last_run()
        told.append((run, (workspace.home / passage_vectors.NAME).read_bytes()))
    assert told[0] == told[1]
    assert told[0][0] is not None
    assert len(told[0][0].passages) == 12


@needs_kill
def test_texts_are_read_on_by_this_process_where_the_others_die(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(marking, "_FEW", 2)
    monkeypatch.setattr(marking, "_one", batch_parts.dies)
    documents = [learning_parts.report(f"r-{n}", *SHARING) for n in range(5)]
    themes = learning_parts.THEMES
    whole = list(marking.reader(2)(documents, themes))
    assert whole == list(flow_marking.here(documents, themes))


def test_who_reads_is_chosen_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not both"):
        cli.ingest([tmp_path], workers=2, scheduler="tcp://127.0.0.1:1")
    files = write_reports(tmp_path / "in", 2)
    with cli._hands(files, tmp_path / "home", None, None) as hands:
        assert isinstance(hands, Here)
    with cli._hands(files, tmp_path / "home", 2, None) as hands:
        assert isinstance(hands, Local)
        assert hands.most == 2
