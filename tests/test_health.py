"""Health finds what is wrong; metrics count; neither says a word of a report."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from flow_parts import CANARIES
from keeping_parts import Kept, kept
from life_parts import MARK, RECIPIENT, SENDER, purge, withdraw

from pipeline.cli import app
from pipeline.errors import StoreError
from pipeline.flow import backing_up, health, metrics
from pipeline.store.vault import Vault

WORDS = (*CANARIES, MARK, RECIPIENT, SENDER, "Jo", "Sam", "Una", "Ruth")


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return kept(tmp_path, monkeypatch)


def run(
    args: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["candour", *args])
    with pytest.raises(SystemExit) as ended:
        app.main()
    told = capfd.readouterr()
    return int(ended.value.code or 0), told.out, told.err


def _changed(there: Kept, name: str, *statements: str) -> None:
    with closing(sqlite3.connect(there.workspace.home / f"{name}.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _ledger_row(there: Kept) -> None:
    _changed(
        there,
        "ledger",
        "DROP TRIGGER entries_no_update",
        "UPDATE entries SET actor = 'u-00000000' WHERE seq = 4",
    )


def _ledger_end(there: Kept) -> None:
    """A row in the middle is gone."""
    _changed(there, "ledger", "DROP TRIGGER entries_no_delete", "DELETE FROM entries WHERE seq = 4")


def _safe_text(there: Kept) -> None:
    _changed(there, "library", "UPDATE documents SET text = text || ' '")


def _approval(there: Kept) -> None:
    _changed(there, "register", "UPDATE approvals SET record = replace(record, 'false', 'true')")


def _no_raw_text(there: Kept) -> None:
    _changed(
        there, "vault", "PRAGMA foreign_keys = OFF", "DELETE FROM blobs WHERE name = 'original'"
    )


def _sealed(there: Kept) -> None:
    _changed(there, "vault", "UPDATE blobs SET sealed = zeroblob(64) WHERE name = 'proposal'")


def _no_review(there: Kept) -> None:
    _changed(there, "register", f"DELETE FROM reviews WHERE review = '{there.two}'")  # noqa: S608


def _key(there: Kept) -> None:
    there.workspace.keys.master.unlink()


def _other_key(there: Kept) -> None:
    there.workspace.keys.master.write_bytes(b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n")


def _page(there: Kept) -> None:
    """A page of an index that SQLite only meets when it checks."""
    path = there.workspace.home / "vault.db"
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_blobs_2'"
        (root,) = connection.execute(query).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content[(root - 1) * size + 3 : (root - 1) * size + 5] = b"\0\0"
    path.write_bytes(content)


def _withdrawn_in_the_list_only(there: Kept) -> None:
    path = there.workspace.home / "register.db"
    before = path.read_bytes()
    withdraw(there.one)
    path.write_bytes(before)


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        (_ledger_row, "ledger"),
        (_ledger_end, "ledger"),
        (_safe_text, "safe texts: as they were kept"),
        (_approval, "approvals"),
        (_no_raw_text, "reviews: their raw text is there"),
        (_sealed, "raw texts: open as kept"),
        (_no_review, "raw texts: of reviews in the register"),
        (_key, "master key"),
        (_other_key, "master key"),
        (_page, "vault.db"),
        (_withdrawn_in_the_list_only, "withdrawn reviews: still withdrawn"),
    ],
)
def test_what_is_wrong_is_found(there: Kept, harm: Callable[[Kept], None], check: str) -> None:
    assert [f for f in health.check(there.workspace, deep=True) if f.status == "wrong"] == []
    harm(there)
    found = [f for f in health.check(there.workspace, deep=True) if f.status == "wrong"]
    assert check in [f.check for f in found]
    assert all(f.then and f.count for f in found)


def test_what_needs_seeing_to_is_no_fault(there: Kept) -> None:
    warned = {f.check for f in health.check(there.workspace) if f.status == "warn"}
    assert warned == {"last backup"}
    backing_up.backup(there.workspace, there.backups)
    assert [f.check for f in health.check(there.workspace) if f.status != "ok"] == []
    purge(there.one)
    there.workspace.keys.taken_back.unlink()
    there.workspace.keys.master.chmod(0o644)
    (there.workspace.home / "vectors.npz.part").write_bytes(b"half")
    warned = {f.check for f in health.check(there.workspace) if f.status == "warn"}
    assert warned == {
        "master key: who can read it",
        "files left half-written",
        "purged reviews: in the list",
    }


def test_the_command_says_it_by_its_exit_code_and_without_a_word_of_a_report(
    there: Kept, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_HOME", str(there.workspace.home))
    code, out, err = run(["health", "--format", "jsonl"], capfd, monkeypatch)
    assert code == 0
    assert {json.loads(line)["status"] for line in out.splitlines()} == {"ok", "warn"}
    assert "Nothing is wrong" not in err
    _safe_text(there)
    _ledger_row(there)
    code, out, err = run(["health", "--deep", "--format", "jsonl"], capfd, monkeypatch)
    assert code == 7
    assert not any(word in out + err for word in (*CANARIES, MARK, RECIPIENT, SENDER))


def test_only_a_workspace_without_a_warning_is_called_well(
    there: Kept, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_HOME", str(there.workspace.home))
    code, _, err = run(["health"], capfd, monkeypatch)
    assert (code, "Nothing is wrong" in err, '"warn"' in err) == (0, False, True)
    backing_up.backup(there.workspace, there.backups)
    code, _, err = run(["health"], capfd, monkeypatch)
    assert (code, "Nothing is wrong." in err, '"warn"' in err) == (0, True, False)


# -- metrics -------------------------------------------------------------------------------


def test_metrics_hold_counts_and_neither_ids_nor_words(there: Kept) -> None:
    text = metrics.text(there.workspace)
    ids = [row.review for row in there.workspace.register.rows()]
    ids += [account.id for account in there.workspace.accounts.all()]
    ids += [there.workspace.id, there.public_id]
    for word in (*WORDS, *ids):
        assert not re.search(rf"\b{re.escape(word)}\b", text), word
    for line in text.splitlines():
        if not line.startswith("#"):
            assert re.fullmatch(r'candour_[a-z_]+(\{([a-z]+="[a-z0-9._-]+",?)+\})? \d+', line), line
    assert 'candour_reviews{state="published"} 1' in text
    assert 'candour_reviews{state="withdrawn"} 0' in text
    assert 'candour_safe_texts{kind="approved"} 1' in text
    assert metrics.text(there.workspace) == text


@dataclass(frozen=True)
class Sample:
    name: str
    labels: str


def test_metrics_are_as_prometheus_reads_them(there: Kept) -> None:
    """A name is declared once, before its samples; no sample comes twice (format 0.0.4)."""
    declared: set[str] = set()
    seen: set[Sample] = set()
    for line in metrics.text(there.workspace).splitlines():
        if line.startswith("# TYPE"):
            name = line.split()[2]
            assert name not in declared
            declared.add(name)
        elif not line.startswith("#"):
            name, _, labels = line.rpartition(" ")[0].partition("{")
            assert name in declared
            assert Sample(name, labels) not in seen
            seen.add(Sample(name, labels))


def test_metrics_are_written_as_a_whole(there: Kept) -> None:
    path = there.folder / "candour.prom"
    metrics.write(there.workspace, path)
    assert path.read_text(encoding="utf-8") == metrics.text(there.workspace)
    with pytest.raises(StoreError):
        metrics.write(there.workspace, there.folder / "nowhere" / "candour.prom")


# -- the commands of keeping ---------------------------------------------------------------


def test_a_years_keeping_on_the_command_line(
    there: Kept, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def does(*args: str) -> tuple[int, str, str]:
        return run([*args], capfd, monkeypatch)

    monkeypatch.setenv("CANDOUR_HOME", str(there.workspace.home))
    code, out, err = does("backup", str(there.backups), "--format", "jsonl")
    row = json.loads(out)
    assert (code, row["reviews"], "master.key" in err) == (0, 3, True)
    code, out, err = does("backup", "--check", row["path"], "--format", "jsonl")
    assert (code, all(json.loads(line)["holds"] for line in out.splitlines())) == (0, True)
    review, certificate = there.one.review, str(there.folder / "c.json")
    assert does("purge", review, "--as", "Ada")[0] == 2
    assert does("purge", review, "--reason", "retention", "--as", "Ada")[0] == 0
    assert does("purge", review, "--confirm", "--as", "Ada")[0] == 6
    code, _, err = does("purge", review, "--confirm", "--as", "Sam", "--certificate", certificate)
    assert (code, "key is destroyed" in err) == (0, True)
    assert does("verify", certificate)[0] == 0
    code, out, _ = does("verify", certificate, "--home", str(there.workspace.home))
    assert (code, "key is gone" in out) == (0, True)
    assert does("retention", "--on", "2030-01-01")[0] == 0
    code, _, err = does("restore", row["path"], "--home", str(there.elsewhere))
    assert (code, f"Purged again, because it was done after the backup: {review}" in err) == (
        0,
        True,
    )
    assert does("health", "--home", str(there.elsewhere))[0] == 0
    assert review in Vault.unlock(there.workspace).reviews()  # its proof, under another key
    content = bytearray(Path(row["path"]).read_bytes())
    content[5000] ^= 1
    Path(row["path"]).write_bytes(content)
    assert does("backup", "--check", row["path"])[0] == 7
    assert does("metrics")[0] == 0
    assert does("migrate")[0] == 0
