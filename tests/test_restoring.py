"""Restoring: what was withdrawn or purged since the backup is not brought back by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from keeping_parts import Kept, kept
from life_parts import MARK, purge, withdraw

from pipeline.errors import CandourError, StoreError
from pipeline.flow import backing_up, health, publishing, restoring, taken_back
from pipeline.store.vault import Vault


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return kept(tmp_path, monkeypatch)


def made(there: Kept) -> Path:
    return backing_up.backup(there.workspace, there.backups).path


def test_what_was_purged_since_stays_purged(there: Kept) -> None:
    backup = made(there)
    purge(there.one)
    done = restoring.restore(backup, there.elsewhere)
    assert (done.withdrawn, done.purged, done.listed) == ((), (there.one.review,), 1)
    vault = Vault.unlock(done.workspace)
    with pytest.raises(StoreError, match="purged"):
        vault.get(there.one.review, "original")
    assert vault.is_purged(there.one.review)
    actions = [e.action for e in done.workspace.ledger.rows(there.one.review)]
    assert actions[-1] == "purge"
    assert done.workspace.library.reviews() >= {there.one.review}


def test_what_was_withdrawn_since_stays_withdrawn(there: Kept) -> None:
    backup = made(there)
    withdraw(there.one)
    done = restoring.restore(backup, there.elsewhere)
    assert (done.withdrawn, done.purged) == ((there.one.review,), ())
    assert done.workspace.register.row(there.one.review).state == "withdrawn"
    assert there.one.review not in done.workspace.library.reviews()
    for path in there.elsewhere.rglob("*"):
        assert MARK.encode() not in path.read_bytes()
    with pytest.raises(CandourError, match="withdrawn"):
        publishing.publish(done.workspace, [there.one.review], "public", there.one.out)


def test_what_was_withdrawn_and_purged_since_is_gone_from_every_file(there: Kept) -> None:
    backup = made(there)
    withdraw(there.one)
    purge(there.one)
    done = restoring.restore(backup, there.elsewhere)
    assert (done.withdrawn, done.purged) == ((there.one.review,), (there.one.review,))
    assert there.one.review not in Vault.unlock(done.workspace).reviews()
    status = {f.check: f.status for f in health.check(done.workspace)}
    assert "wrong" not in status.values()


@pytest.mark.parametrize("at", [10, 200, -60])
def test_a_changed_list_of_what_was_purged_restores_nothing(there: Kept, at: int) -> None:
    backup = made(there)
    purge(there.one)
    path = there.workspace.keys.taken_back
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="list of what was withdrawn"):
        restoring.restore(backup, there.elsewhere)
    assert not there.elsewhere.exists()


def test_a_line_that_was_cut_short_is_put_right_by_the_next(there: Kept) -> None:
    withdraw(there.one)
    path = there.workspace.keys.taken_back
    path.write_bytes(path.read_bytes() + b'{"payload": "cut')
    assert [one.purged for one in taken_back.listed(there.workspace)] == [False]
    purge(there.one)
    assert [one.purged for one in taken_back.listed(there.workspace)] == [False, True]


def test_what_a_restore_that_was_killed_left_is_no_obstacle(there: Kept) -> None:
    backup = made(there)
    purge(there.one)
    part = there.elsewhere.with_name(f".{there.elsewhere.name}.restoring")
    part.mkdir()
    (part / "vault.db").write_bytes(b"half")
    assert restoring.restore(backup, there.elsewhere).purged == (there.one.review,)
    assert not part.exists()
