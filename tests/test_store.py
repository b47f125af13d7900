"""The workspace, its vault and its ledger: what they keep, what they refuse, what shows."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import StoreError
from pipeline.store import database, ledger, workspace
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

CANARY = "Quenby Thistlewaite"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return Workspace.create(tmp_path / "home")


def test_a_workspace_opens_as_it_was_made(made: Workspace) -> None:
    assert Workspace.open(made.home).id == made.id
    assert Workspace.open(made.home).settings == made.settings
    assert made.warnings == ()


def test_files_are_for_their_owner_only(made: Workspace) -> None:
    assert stat.S_IMODE(made.home.stat().st_mode) == 0o700
    files = [*made.home.glob("*"), made.keys.master, made.keys.signing]
    assert len(files) == 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_the_key_beside_the_reports_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "home" / "keys" / "master.key"))
    assert len(Workspace.create(tmp_path / "home").warnings) == 1


def test_the_key_lies_in_the_users_folder_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CANDOUR_KEY_FILE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("pipeline.store.keys.user_config_path", lambda *_, **__: tmp_path / "c")
    made = Workspace.create(tmp_path / "home")
    assert made.key_path == tmp_path / "c" / "keys" / f"{made.id}.key"


def _other_things(home: Path) -> None:
    (home / "holiday.txt").write_text("sun", encoding="utf-8")


def _nothing(home: Path) -> None:
    return None


def _damage(home: Path) -> None:
    (home / "library.db").write_bytes(b"no database at all" * 100)


def _lose(home: Path) -> None:
    (home / "ledger.db").unlink()


def _from_another(home: Path) -> None:
    connection = sqlite3.connect(home / "vault.db")
    connection.execute("PRAGMA application_id = 7")
    connection.close()


def _newer(home: Path) -> None:
    connection = sqlite3.connect(home / "register.db")
    connection.execute("UPDATE workspace SET version = 99")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("harm", [_damage, _lose, _from_another, _newer])
def test_what_does_not_fit_together_is_not_opened(
    made: Workspace, harm: Callable[[Path], None]
) -> None:
    harm(made.home)
    with pytest.raises(StoreError):
        Workspace.open(made.home)


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_that_is_no_workspace_is_not_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError):
        Workspace.open(tmp_path / name)


def test_a_workspace_is_not_made_twice_nor_among_other_things(
    made: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="holds a workspace already"):
        Workspace.create(made.home)
    (tmp_path / "documents").mkdir()
    _other_things(tmp_path / "documents")
    with pytest.raises(StoreError, match="holds other things"):
        Workspace.create(tmp_path / "documents")


def test_a_creation_that_was_cut_short_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "master.key"))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(workspace, "_make_tables", stop)
        Workspace.create(tmp_path / "home")
    with pytest.raises(StoreError, match="not a workspace"):
        Workspace.open(tmp_path / "home")
    assert Workspace.create(tmp_path / "home").register.rows() == ()


def test_blobs_come_back_as_they_were(made: Workspace) -> None:
    vault = Vault.unlock(made)
    vault.put("r-1", "original", CANARY.encode())
    vault.put("r-1", "document", b"")
    vault.put("r-1", "document", b"second")
    again = Vault.unlock(Workspace.open(made.home))
    assert again.get("r-1", "original") == CANARY.encode()
    assert again.get("r-1", "document") == b"second"
    assert again.names("r-1") == ("document", "original")
    assert again.reviews() == ("r-1",)


def _change(home: Path, sql: str) -> None:
    connection = sqlite3.connect(home / "vault.db")
    connection.execute(sql)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE blobs SET sealed = X'00' || substr(sealed, 2) WHERE name = 'a'",
        "UPDATE blobs SET sealed = substr(sealed, 1, 8) WHERE name = 'a'",
        "UPDATE blobs SET nonce = zeroblob(12) WHERE name = 'a'",
        "UPDATE data_keys SET wrapped = zeroblob(48) WHERE review = 'r-1'",
        "UPDATE blobs SET name = CASE name WHEN 'a' THEN 'b' ELSE 'a' END "
        "WHERE review = 'r-3' OR name = 'never'",
    ],
)  # fmt: skip
def test_what_was_changed_in_the_vault_does_not_open(made: Workspace, sql: str) -> None:
    vault = Vault.unlock(made)
    vault.put("r-1", "a", b"one")
    vault.put("r-3", "b", b"two")
    _change(made.home, sql)
    with pytest.raises(StoreError):
        vault.get("r-1", "a")
        vault.get("r-3", "a")


def test_a_blob_of_another_review_does_not_open(made: Workspace) -> None:
    vault = Vault.unlock(made)
    vault.put("r-1", "a", b"one")
    vault.put("r-2", "a", b"two")
    _change(made.home, "DELETE FROM blobs WHERE review = 'r-1'")
    _change(made.home, "UPDATE blobs SET review = 'r-1' WHERE review = 'r-2'")
    with pytest.raises(StoreError):
        vault.get("r-1", "a")


def test_a_wrong_or_lost_key_opens_nothing(
    made: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault.unlock(made).put("r-1", "a", b"one")
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "other" / "master.key"))
    other = Workspace.open(made.home)
    with pytest.raises(StoreError, match="not found"):
        Vault.unlock(other)
    other.keys.make()
    with pytest.raises(StoreError, match="does not fit"):
        Vault.unlock(other)


def test_purging_destroys_key_and_blobs(made: Workspace) -> None:
    vault = Vault.unlock(made)
    vault.put("r-1", "a", b"one")
    vault.put("r-2", "a", b"two")
    connection = sqlite3.connect(made.home / "vault.db")
    wrapped, sealed = connection.execute(
        "SELECT wrapped, sealed FROM data_keys JOIN blobs USING (review) WHERE review = 'r-1'"
    ).fetchone()
    connection.close()
    vault.purge("r-1")
    assert vault.reviews() == ("r-2",)
    assert vault.names("r-1") == ()
    assert vault.get("r-2", "a") == b"two"
    raw = (made.home / "vault.db").read_bytes()
    assert wrapped not in raw
    assert sealed not in raw
    with pytest.raises(StoreError):
        vault.get("r-1", "a")


def test_nonces_are_never_the_same(made: Workspace) -> None:
    vault = Vault.unlock(made)
    seen = set()
    for _ in range(20):
        vault.put("r-1", "a", b"the same")
        connection = sqlite3.connect(made.home / "vault.db")
        seen.add(connection.execute("SELECT nonce FROM blobs").fetchone()[0])
        connection.close()
    assert len(seen) == 20


@given(content=st.binary(max_size=300), name=st.text("abc-", min_size=1, max_size=8))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_bytes_come_back_and_lie_sealed(made: Workspace, content: bytes, name: str) -> None:
    vault = Vault.unlock(made)
    vault.put("r-1", name, content)
    assert vault.get("r-1", name) == content
    if len(content) > 8:
        assert content not in (made.home / "vault.db").read_bytes()


def test_a_workspace_in_use_is_said(made: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.05)
    other = sqlite3.connect(made.home / "ledger.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="in use"):
        made.ledger.append("local", "ingest")
    other.execute("ROLLBACK")
    other.close()
    assert made.ledger.append("local", "ingest").seq == 1


def test_the_ledger_may_be_written_while_it_is_read(made: Workspace) -> None:
    for _ in range(3):
        made.ledger.append("local", "ingest")
    for entry in made.ledger.rows():
        if entry.seq < 4:
            made.ledger.append("local", "seen", detail={"seq": entry.seq})
    assert made.ledger.verify() is None


def test_a_long_ledger_is_read_to_its_end(made: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_PAGE", 2)
    for number in range(5):
        made.ledger.append("local", "ingest", f"r-{number % 2}")
    assert [entry.seq for entry in made.ledger.rows()] == [1, 2, 3, 4, 5]
    assert [entry.seq for entry in made.ledger.rows("r-0")] == [1, 3, 5]


def test_the_ledger_is_one_chain(made: Workspace) -> None:
    heads = [made.ledger.append("local", "ingest", "r-1", {"pages": n}).hash for n in range(3)]
    rows = list(made.ledger.rows())
    assert [entry.seq for entry in rows] == [1, 2, 3]
    assert made.ledger.head() == heads[-1]
    assert made.ledger.holds(heads[0])
    assert not made.ledger.holds("0" * 64)
    assert made.ledger.verify() is None
    assert rows[0].time.endswith("+00:00")


@pytest.mark.parametrize("sql", ["UPDATE entries SET actor = 'x'", "DELETE FROM entries"])
def test_the_ledger_refuses_to_be_changed(made: Workspace, sql: str) -> None:
    made.ledger.append("local", "ingest")
    connection = sqlite3.connect(made.home / "ledger.db")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE entries SET actor = 'u-9' WHERE seq = 2", 2),
        ("UPDATE entries SET detail = '{}' WHERE seq = 1", 1),
        ("DELETE FROM entries WHERE seq = 2", 2),
        ("UPDATE entries SET seq = 9 WHERE seq = 3", 3),
    ],
)
def test_the_first_broken_link_is_found(made: Workspace, sql: str, broken: int) -> None:
    for number in range(3):
        made.ledger.append("local", "ingest", "r-1", {"pages": number})
    connection = sqlite3.connect(made.home / "ledger.db")
    connection.executescript("DROP TRIGGER entries_no_update; DROP TRIGGER entries_no_delete;")
    connection.execute(sql)
    connection.commit()
    connection.close()
    assert made.ledger.verify() == broken


@pytest.mark.parametrize(
    ("actor", "action", "review", "detail"),
    [
        ("local", "ingest", None, {"why": CANARY}),
        ("local", "ingest", None, {"why": "Quenby"}),
        ("local", CANARY, None, {}),
        (CANARY, "ingest", None, {}),
        ("local", "ingest", CANARY, {}),
        ("local", "ingest", None, {CANARY: 1}),
        ("local", "ingest", None, {"targets": ["PERSON-1-2", CANARY]}),
        ("local", "ingest", None, {"why": "a b"}),
    ],
)
def test_the_ledger_takes_codes_only(
    made: Workspace, actor: str, action: str, review: str | None, detail: dict[str, str]
) -> None:
    with pytest.raises(StoreError) as caught:
        made.ledger.append(actor, action, review, detail)
    assert "Quenby" not in str(caught.value)
    assert list(made.ledger.rows()) == []
