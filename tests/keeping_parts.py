"""A workspace with a published review and one that is not settled, made once and copied."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from flow_parts import write_reports
from life_parts import Life, published, with_lessons

from pipeline.flow import intake
from pipeline.store.migrations import NAMES
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace


@dataclass(frozen=True)
class Kept:
    """A workspace: `one` is published (its text holds life_parts.MARK), `two` is proposed."""

    folder: Path
    workspace: Workspace
    one: Life
    two: str
    public_id: str

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def elsewhere(self) -> Path:
        return self.folder / "elsewhere"


@cache
def _pattern() -> tuple[Path, str, str, str]:
    folder = Path(tempfile.mkdtemp(prefix="candour-keeping-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        one = with_lessons(folder, patch)
        public_id = published(one)
        (path,) = write_reports(folder / "more", 1, paragraphs=2)
        two = str(next(intake.ingest(one.workspace, [path]))["review"])
    return folder, one.review, two, public_id


def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A copy of the workspace for one test, with its keys and its publication."""
    pattern, one, two, public_id = _pattern()
    folder = tmp_path / "all"
    shutil.copytree(pattern, folder)
    (folder / "backups").mkdir()
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(folder / "keys" / "master.key"))
    workspace = Workspace.open(folder / "home")
    life = Life(workspace, one, folder / "in" / "lessons.txt", folder / "out")
    return Kept(folder, workspace, life, two, public_id)


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of a workspace but the ledger's, whatever it holds."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for name in NAMES[:3]:
        with closing(sqlite3.connect(home / f"{name}.db")) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in sorted(tables.fetchall()):
                listed = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608
                found[f"{name}.{table}"] = sorted(listed, key=repr)
    return found


def chain(workspace: Workspace) -> list[str]:
    """The hashes of the ledger's rows."""
    return [entry.hash for entry in workspace.ledger.rows()]


def sealed(home: Path, review: str) -> list[bytes]:
    """What only the vault knows of a review: its wrapped key, and bits of all that it sealed.

    What is long lies in pieces over several pages: bits that a page cuts are left out.
    """
    content = (home / "vault.db").read_bytes()
    with closing(sqlite3.connect(home / "vault.db")) as connection:
        query = "SELECT wrapped FROM data_keys WHERE review = ?"
        found = [row[0] for row in connection.execute(query, (review,))]
        query = "SELECT sealed FROM blobs WHERE review = ?"
        for (whole,) in connection.execute(query, (review,)):
            bits = [whole[-32:], *(whole[at : at + 32] for at in range(0, len(whole) - 32, 997))]
            found += [bit for bit in bits if bit in content]
    return found


def blobs(workspace: Workspace, review: str) -> dict[str, bytes]:
    """Everything that the vault opens of a review."""
    vault = Vault.unlock(workspace)
    return {name: vault.get(review, name) for name in vault.names(review)}
