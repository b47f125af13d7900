"""Backups: everything as before, nothing of a key, any change found, and nothing brought back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flow_parts import CANARIES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keeping_parts import Kept, blobs, chain, kept, rows
from life_parts import MARK, withdraw

from pipeline.door import provenance
from pipeline.errors import CandourError, StoreError, UsageError
from pipeline.flow import backing_up, health, publishing, restoring
from pipeline.store import archive, snapshot
from pipeline.store.accounts import Duty
from pipeline.store.ledger import FIRST
from pipeline.store.workspace import Workspace


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return kept(tmp_path, monkeypatch)


def made(there: Kept) -> Path:
    return backing_up.backup(there.workspace, there.backups).path


# -- as before -----------------------------------------------------------------------------


def test_after_backup_wipe_and_restore_everything_is_as_before(there: Kept) -> None:
    before, ledger = rows(there.workspace.home), chain(there.workspace)
    raw = {review: blobs(there.workspace, review) for review in (there.one.review, there.two)}
    files = {path.name: path.read_bytes() for path in snapshot.others(there.workspace.home)}
    backup = made(there)
    shutil.rmtree(there.workspace.home)
    done = restoring.restore(backup, there.workspace.home)
    assert rows(there.workspace.home) == before
    assert chain(done.workspace)[: len(ledger)] == ledger
    assert [e.action for e in done.workspace.ledger.rows()][len(ledger) :] == ["restore"]
    assert done.workspace.ledger.verify() is None
    assert {review: blobs(done.workspace, review) for review in raw} == raw
    now = {path.name: path.read_bytes() for path in snapshot.others(there.workspace.home)}
    assert now == files
    assert (done.reviews, done.ledger_rows) == (3, len(ledger))
    wrong = [f.check for f in health.check(done.workspace, deep=True) if f.status == "wrong"]
    assert wrong == []
    manifest = there.one.out / f"{there.public_id}.manifest.json"
    checks = list(publishing.verify(manifest, home=there.workspace.home))
    assert all(check["holds"] for check in checks)


def test_a_backup_holds_no_key_and_no_word_in_clear(there: Kept) -> None:
    content = made(there).read_bytes()
    keys = there.workspace.keys
    for path in (keys.master, keys.signing):
        assert path.read_bytes().strip() not in content
    assert keys.master_key() not in content
    for words in (*CANARIES, MARK, "reviewer", "CREATE TABLE"):
        assert words.encode() not in content
    assert MARK.encode() in (there.workspace.home / "library.db").read_bytes()


def test_a_key_that_lies_in_the_workspace_is_not_in_its_backup(
    there: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = there.workspace.home / "keys"
    shutil.copytree(there.workspace.keys.master.parent, inside)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(inside / "master.key"))
    workspace = Workspace.open(there.workspace.home)
    assert workspace.warnings
    withdraw(there.one)
    backup = backing_up.backup(workspace, there.backups).path
    restoring.restore(backup, there.elsewhere)
    assert {path.name for path in there.elsewhere.iterdir()} == {
        path.name for path in workspace.home.iterdir() if path.is_file()
    }


def test_two_backups_of_the_same_are_sealed_with_different_keys(there: Kept) -> None:
    found = []
    for name in ("one.backup", "two.backup"):
        path = backing_up.backup(there.workspace, there.backups / name).path
        parts = archive.read(path)
        body = path.read_bytes()[parts.start : parts.start + parts.size]
        found.append({body[at : at + 16] for at in range(0, len(body), 16)})
    assert found[0] & found[1] == set()


def test_it_is_of_one_moment_while_others_write(there: Kept) -> None:
    stop = threading.Event()

    def write() -> None:
        other, number = Workspace.open(there.workspace.home), 0
        while not stop.is_set():
            number += 1
            with other.writing():
                other.accounts.add(f"Account {number}", Duty.UPLOADER)
                other.ledger.append("local", "user-add", detail={"number": number})

    thread = threading.Thread(target=write)
    thread.start()
    try:
        names = (there.backups / f"{n}.backup" for n in range(2))
        backups = [backing_up.backup(there.workspace, name) for name in names]
    finally:
        stop.set()
        thread.join()
    for number, backup in enumerate(backups):
        done = restoring.restore(backup.path, there.elsewhere / str(number))
        added = [e for e in done.workspace.ledger.rows() if "number" in json.loads(e.detail)]
        accounts = [a for a in done.workspace.accounts.all() if a.name.startswith("Account")]
        assert len(added) == len(accounts)


# -- what is refused -----------------------------------------------------------------------


def _inside(there: Kept) -> Path:
    return there.workspace.home / "b.backup"


def _there(there: Kept) -> Path:
    path = there.backups / "b.backup"
    path.write_bytes(b"something else")
    return path


def _nowhere(there: Kept) -> Path:
    return there.folder / "no such folder" / "b.backup"


def _no_folder(there: Kept) -> Path:
    return there.folder / "backups that nobody made"


@pytest.mark.parametrize("place", [_inside, _there, _nowhere, _no_folder])
def test_a_backup_goes_to_no_such_place(there: Kept, place: Callable[[Kept], Path]) -> None:
    path = place(there)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(UsageError, match="No backup was made"):
        backing_up.backup(there.workspace, path)
    assert (path.read_bytes() if path.exists() else None) == before
    assert "backup" not in [e.action for e in there.workspace.ledger.rows()]


def test_only_an_administrator_makes_one_by_name(there: Kept) -> None:
    with pytest.raises(CandourError):
        backing_up.backup(there.workspace, there.backups, as_name="Jo")
    assert list(there.backups.iterdir()) == []
    backing_up.backup(there.workspace, there.backups, as_name="Ada")


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_a_full_disk_leaves_nothing_behind(there: Kept) -> None:
    """A real write that runs out of room: files may grow to 100 kB and no further."""
    before = rows(there.workspace.home)
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from pipeline.flow import backing_up; from pipeline.store.workspace import Workspace\n"
        "w = Workspace.open(Path(sys.argv[1]))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: backing_up.backup(w, Path(sys.argv[2]))\n"
        "except Exception as e: sys.stdout.write(type(e).__name__ + str(e))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(there.workspace.home), str(there.backups)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("StoreError")
    assert str(there.folder) not in done.stdout
    assert list(there.backups.iterdir()) == []
    assert rows(there.workspace.home) == before


def test_a_full_disk_while_restoring_leaves_nothing_behind(
    there: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = made(there)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="Nothing was restored"):
        restoring.restore(backup, there.elsewhere)
    assert not there.elsewhere.exists()
    assert [path.name for path in there.folder.iterdir() if path.name.startswith(".")] == []


def test_it_is_restored_into_an_empty_folder_only(there: Kept) -> None:
    backup = made(there)
    before = rows(there.workspace.home)
    with pytest.raises(UsageError, match="Nothing was restored"):
        restoring.restore(backup, there.workspace.home)
    assert rows(there.workspace.home) == before


def test_a_key_that_does_not_fit_restores_nothing(there: Kept) -> None:
    backup, keys = made(there), there.workspace.keys
    right = keys.master.read_bytes()
    keys.master.write_bytes(b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n")
    with pytest.raises(StoreError, match="does not open with this key"):
        restoring.restore(backup, there.elsewhere)
    keys.master.unlink()
    with pytest.raises(StoreError, match="key of this workspace was not found"):
        restoring.restore(backup, there.elsewhere)
    keys.master.write_bytes(right)
    signing = keys.signing.read_bytes()
    keys.signing.write_bytes(right)
    with pytest.raises(StoreError, match="another key"):
        restoring.restore(backup, there.elsewhere)
    keys.signing.write_bytes(signing)
    assert not there.elsewhere.exists()
    restoring.restore(backup, there.elsewhere)


# -- what was changed ----------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_changed_byte_anywhere_is_found(there: Kept, data: st.DataObject) -> None:
    backup = next(iter(there.backups.glob("*.backup")), None) or made(there)
    content = bytearray(backup.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    changed = there.folder / "changed"
    changed.write_bytes(content)
    with pytest.raises(StoreError):
        list(backing_up.check(changed))
    with pytest.raises(StoreError):
        restoring.restore(changed, there.elsewhere)
    assert not there.elsewhere.exists()


def _cut(content: bytes) -> bytes:
    return content[:-1]


def _more(content: bytes) -> bytes:
    return content + b"\n"


def _empty(content: bytes) -> bytes:
    return b""


def _other(content: bytes) -> bytes:
    return b"PK\x03\x04" + content


def _sealed_anew(at: int) -> Callable[[bytes], bytes]:
    """One byte changed by somebody who knows that the last 32 bytes are a hash."""

    def changed(content: bytes) -> bytes:
        body = bytearray(content[:-32])
        body[at] ^= 1
        return bytes(body) + hashlib.sha256(body).digest()

    return changed


@pytest.mark.parametrize(
    "change", [_cut, _more, _empty, _other, _sealed_anew(40), _sealed_anew(-200), _sealed_anew(20)]
)
def test_what_is_no_whole_backup_is_not_restored(
    there: Kept, change: Callable[[bytes], bytes]
) -> None:
    changed = there.folder / "changed"
    changed.write_bytes(change(made(there).read_bytes()))
    with pytest.raises(StoreError):
        restoring.restore(changed, there.elsewhere)
    assert not there.elsewhere.exists()


def test_a_signed_list_of_files_leads_nowhere_else(there: Kept) -> None:
    told: provenance.Statement = {"files": [["../x", 1]]}
    with pytest.raises(StoreError):
        backing_up.files_of(told, {"../x": ""})


def test_a_backup_of_a_changed_ledger_is_not_restored(there: Kept) -> None:
    with sqlite3.connect(there.workspace.home / "ledger.db") as connection:
        connection.execute("DROP TRIGGER entries_no_update")
        connection.execute("UPDATE entries SET actor = 'u-00000000' WHERE seq = 3")
    connection.close()
    assert there.workspace.ledger.verify() == 3
    with pytest.raises(StoreError, match="ledger"):
        restoring.restore(made(there), there.elsewhere)
    assert not there.elsewhere.exists()


def _end_gone(there: Kept) -> None:
    with closing(sqlite3.connect(there.workspace.home / "ledger.db")) as connection:
        connection.execute("DROP TRIGGER entries_no_delete")
        connection.execute("DELETE FROM entries WHERE seq > (SELECT max(seq) - 2 FROM entries)")
        connection.commit()


def _written_anew(there: Kept) -> None:
    """Every hash from a row on made to fit again."""
    rows_now = list(there.workspace.ledger.rows())
    with closing(sqlite3.connect(there.workspace.home / "ledger.db")) as connection:
        connection.execute("DROP TRIGGER entries_no_update")
        previous = FIRST
        for entry in rows_now:
            actor = "u-00000000" if entry.seq == 3 else entry.actor
            fits = replace(entry, previous=previous, actor=actor)
            previous = fits.expected
            row = (fits.previous, previous, actor, entry.seq)
            query = "UPDATE entries SET previous = ?, hash = ?, actor = ? WHERE seq = ?"
            connection.execute(query, row)
        connection.commit()


@pytest.mark.parametrize("harm", [_end_gone, _written_anew])
def test_a_ledger_whose_chain_holds_is_known_by_the_backups_before(
    there: Kept, harm: Callable[[Kept], None]
) -> None:
    backup, home = made(there), there.workspace.home
    assert list(backing_up.check(backup, home))[-1].what == "the workspace goes on from it"
    harm(there)
    assert there.workspace.ledger.verify() is None
    with pytest.raises(StoreError, match="does not go on from it"):
        list(backing_up.check(backup, home))
    list(backing_up.check(backup))
