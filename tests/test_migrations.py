"""Workspaces of the first release and of later ones open with everything kept."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from keeping_parts import blobs, chain, rows

from pipeline.errors import StoreError
from pipeline.flow import backing_up, deciding, health, publishing, restoring, settling, year
from pipeline.store import library, migrations
from pipeline.store.library import Library
from pipeline.store.migrations import NAMES, VERSION
from pipeline.store.workspace import Workspace

ARCHIVES = Path(__file__).parent / "files" / "workspaces"
RELEASES = ("0.1.0", "0.5.0")


@dataclass(frozen=True)
class Old:
    """A workspace as an older release left it, not yet opened."""

    release: str
    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def expected(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "expected.json").read_text("utf-8"))
        return found

    @property
    def manifest(self) -> Path:
        return next((self.folder / "published").glob("*.manifest.json"))

    @property
    def reviews(self) -> list[str]:
        """One is published, one approved, one on hold."""
        found: list[str] = self.expected["reviews"]
        return found


@pytest.fixture(params=RELEASES)
def old(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Old:
    with zipfile.ZipFile(ARCHIVES / f"{request.param}.zip") as archive:
        archive.extractall(tmp_path)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return Old(request.param, tmp_path)


def versions(home: Path) -> list[int]:
    found = []
    for name in NAMES:
        with closing(sqlite3.connect(home / f"{name}.db")) as connection:
            found.append(connection.execute("PRAGMA user_version").fetchone()[0])
    return found


def ledger(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "ledger.db")) as connection:
        query = "SELECT hash FROM entries ORDER BY seq"
        return [row[0] for row in connection.execute(query)]


def test_everything_is_kept(old: Old) -> None:
    before, said = rows(old.home), ledger(old.home)
    assert versions(old.home) == [1, 1, 1, 1]
    workspace = Workspace.open(old.home)
    assert (workspace.came_from, versions(old.home)) == (1, [VERSION] * 4)
    after = rows(old.home)
    for table, kept in before.items():
        if table != "register.workspace":
            assert after[table] == kept, table
    assert chain(workspace)[: len(said)] == said
    (last,) = list(workspace.ledger.rows())[len(said) :]
    assert (last.action, json.loads(last.detail)["from"]) == ("migrate", 1)
    assert workspace.ledger.verify() is None
    assert Workspace.open(old.home).came_from == VERSION
    listed = {str(row["review"]): row for row in year.register(workspace)}
    for row in old.expected["register"]:
        assert {key: listed[row["review"]][key] for key in row} == row
    assert all(blobs(workspace, review)["original"] for review in old.reviews)
    lessons = [lesson.id for lesson in workspace.library.lessons()]
    assert lessons == [lesson["id"] for lesson in old.expected["lessons"]]
    assert [f.check for f in health.check(workspace, deep=True) if f.status == "wrong"] == []


def test_a_publication_is_verified_and_replayed(old: Old) -> None:
    checks = list(publishing.verify(old.manifest, home=old.home))
    assert [check["check"] for check in checks if not check["holds"]] == []
    original = old.folder / "in" / "one.txt"
    checks = list(publishing.verify(old.manifest, home=old.home, original=original))
    # Files are made again by the version that made them: while this one is worked on, too.
    kept = [check for check in checks if not str(check["check"]).endswith("made again")]
    assert [check["check"] for check in kept if not check["holds"]] == []
    assert {"original", "plan", "safe text"} <= {check["check"] for check in checks}
    original.write_text("Another report.", encoding="utf-8")
    checks = list(publishing.verify(old.manifest, home=old.home, original=original))
    assert "original" in [check["check"] for check in checks if not check["holds"]]


def test_work_goes_on(old: Old) -> None:
    workspace = Workspace.open(old.home)
    desk = deciding.opened(workspace, old.reviews[2], who="Jo")
    assert desk.open_cards
    content = settling.export(workspace, old.reviews[1], as_name="Jo")
    for group in content["left"] if isinstance(content["left"], list) else ():
        group["verdict"] = "accept"
    settling.decide(workspace, old.reviews[1], content, as_name="Jo")
    settling.approve(workspace, old.reviews[1], "public", as_name="Sam")
    done = publishing.publish(workspace, [old.reviews[1]], "public", old.folder / "out")
    assert done[0]["state"] == "published"
    workspace.sessions.prepare()


def test_a_backup_of_it_is_restored_into_this_release(old: Old) -> None:
    workspace = Workspace.open(old.home)
    backup = backing_up.backup(workspace, old.folder)
    done = restoring.restore(backup.path, old.folder / "again")
    assert rows(old.folder / "again") == rows(old.home)
    assert done.workspace.came_from == VERSION


def test_it_is_brought_up_as_a_whole_or_not_at_all(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, said = rows(old.home), ledger(old.home)

    def cut(connection: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(migrations, "stamp", cut)
    with pytest.raises(KeyboardInterrupt):
        Workspace.open(old.home)
    assert (rows(old.home), ledger(old.home)) == (before, said)
    assert versions(old.home) == [1, 1, 1, 1]
    monkeypatch.undo()
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(old.folder / "keys" / "master.key"))
    assert Workspace.open(old.home).came_from == 1


def test_many_that_open_it_at_once_bring_it_up_once(old: Old) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: Workspace.open(old.home), range(16)))
    assert {workspace.id for workspace in opened} == {opened[0].id}
    actions = [entry.action for entry in opened[0].ledger.rows()]
    assert actions.count("migrate") == 1
    assert opened[0].ledger.verify() is None


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_on_a_full_disk_it_stays_as_it_was(old: Old) -> None:
    """A real write that runs out of room: no file may grow past 512 bytes."""
    before, said = rows(old.home), ledger(old.home)
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from pipeline.store.workspace import Workspace\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))\n"
        "try: Workspace.open(Path(sys.argv[1]))\n"
        "except Exception as e: sys.stdout.write(type(e).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(old.home)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "StoreError"
    assert Workspace.open(old.home).came_from == 1
    assert ledger(old.home)[: len(said)] == said
    assert {**rows(old.home), "register.workspace": 0}.items() >= (
        {**before, "register.workspace": 0}.items()
    )


def test_without_its_vault_it_is_not_brought_up(old: Old) -> None:
    with pytest.raises(StoreError, match="candour migrate"):
        Workspace.open(old.home, vault=False)
    assert versions(old.home) == [1, 1, 1, 1]
    Library.alone(old.home)
    Workspace.open(old.home)
    Workspace.open(old.home, vault=False)
    assert VERSION in library.VERSIONS


def _workspace_newer(home: Path) -> None:
    with closing(sqlite3.connect(home / "register.db")) as connection:
        connection.execute("UPDATE workspace SET version = 99")
        connection.commit()


def _one_file_newer(home: Path) -> None:
    with closing(sqlite3.connect(home / "vault.db")) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("harm", "said"), [(_workspace_newer, "newer version"), (_one_file_newer, "belong together")]
)
def test_what_a_newer_release_made_is_left_alone(
    old: Old, harm: Callable[[Path], None], said: str
) -> None:
    harm(old.home)
    before = ledger(old.home)
    with pytest.raises(StoreError, match=said):
        Workspace.open(old.home)
    assert ledger(old.home) == before


def test_there_is_a_step_from_every_version() -> None:
    assert sorted(migrations.STEPS) == list(range(1, VERSION))
