"""A purge: two people, a certificate, and nothing left of text or key in any file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flow_parts import CANARIES
from keeping_parts import Kept, kept, rows, sealed
from life_parts import MARK, RECIPIENT, holds, purge, withdraw

from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.flow import (
    deciding,
    health,
    publishing,
    purging,
    rechecking,
    settling,
    taken_back,
    withdrawing,
    year,
)
from pipeline.flow.desks import Readings
from pipeline.store.accounts import Duty
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return kept(tmp_path, monkeypatch)


def asked(there: Kept, who: str = "Ada") -> purging.Scope:
    return purging.ask(there.workspace, there.one.review, "retention", as_name=who)


def confirmed(there: Kept, who: str = "Sam") -> purging.Purged:
    return purging.purge(there.workspace, there.one.review, as_name=who)


def told(there: Kept, action: str) -> dict[str, object]:
    (entry,) = [e for e in there.workspace.ledger.rows(there.one.review) if e.action == action]
    found: dict[str, object] = json.loads(entry.detail)
    return found


def checks(path: Path, there: Kept) -> dict[str, bool]:
    rows = purging.verify(path, there.workspace.home)
    return {str(row["check"]): bool(row["holds"]) for row in rows}


# -- nothing is left -----------------------------------------------------------------------


def test_no_file_holds_the_key_or_what_it_sealed(there: Kept) -> None:
    there.one.case.keep_note("long", "It is a long letter. " * 30_000)
    known = sealed(there.workspace.home, there.one.review)
    assert len(known) > 500
    vault = (there.workspace.home / "vault.db").read_bytes()
    assert all(piece in vault for piece in known)
    purge(there.one)
    for path in there.workspace.home.rglob("*"):
        content = path.read_bytes()
        assert not any(piece in content for piece in known), path.name
        assert not any(name.encode() in content for name in CANARIES), path.name


def test_of_a_withdrawn_review_everything_goes(there: Kept) -> None:
    withdraw(there.one)
    known = sealed(there.workspace.home, there.one.review)
    names = Vault.unlock(there.workspace).names(there.one.review)
    assert asked(there) is purging.Scope.ALL
    done = confirmed(there)
    vault = Vault.unlock(there.workspace)
    assert vault.names(there.one.review) == ()
    assert there.one.review not in vault.reviews()
    assert done.blobs == len(names)
    assert holds(there.one, MARK) == []
    for path in there.workspace.home.rglob("*"):
        assert not any(piece in path.read_bytes() for piece in known)


def test_of_a_published_review_the_raw_text_goes_and_the_publication_stays(there: Kept) -> None:
    assert asked(there) is purging.Scope.RAW
    confirmed(there)
    workspace, review = there.workspace, there.one.review
    vault = Vault.unlock(workspace)
    assert {name.partition("-")[0] for name in vault.names(review)} == {
        "handout", "publication", "purged",
    }  # fmt: skip
    manifest = there.one.out / f"{there.public_id}.manifest.json"
    rows = list(publishing.verify(manifest, home=workspace.home))
    assert all(row["holds"] for row in rows)
    assert there.one.row.state == "published"
    assert holds(there.one, MARK) == ["library.db"]
    (row,) = rechecking.recheck(workspace, [review])
    assert (row["code"], "was purged" in str(row["why"])) == (0, True)
    recipients = withdrawing.recipients(workspace, review, as_name="Sam")
    assert recipients[0]["recipient"] == RECIPIENT
    for step in (
        lambda: settling.export(workspace, review, as_name="Jo"),
        lambda: deciding.opened(workspace, review, who="Jo"),
        lambda: there.one.publish(),
        lambda: list(publishing.verify(manifest, home=workspace.home, original=there.one.original)),
    ):
        with pytest.raises(StoreError, match="was purged"):
            step()
    withdraw(there.one, there.one.out)
    purge(there.one)
    assert review not in Vault.unlock(workspace).reviews()


def test_a_review_beside_it_is_as_before(there: Kept) -> None:
    before = sealed(there.workspace.home, there.two)
    purge(there.one)
    assert sealed(there.workspace.home, there.two) == before
    assert deciding.opened(there.workspace, there.two, who="Jo").cards


# -- two people ----------------------------------------------------------------------------


def test_whoever_asks_cannot_confirm(there: Kept) -> None:
    asked(there, "Sam")
    with pytest.raises(NotSettledError, match="second person"):
        confirmed(there, "Sam")
    assert there.one.actions()[-1] == "refused"
    assert there.one.case.original()
    confirmed(there, "Ada")


@pytest.mark.parametrize("who", ["Jo", "Una", "Ruth"])
def test_only_approvers_and_administrators_purge(there: Kept, who: str) -> None:
    with pytest.raises(NotSettledError):
        asked(there, who)
    asked(there)
    with pytest.raises(NotSettledError):
        confirmed(there, who)
    assert there.one.case.original()


def test_a_person_with_two_accounts_is_not_noticed_but_is_in_the_ledger(there: Kept) -> None:
    """The limit of four eyes: accounts are told apart, not people."""
    there.workspace.accounts.add("Sam again", Duty.ADMINISTRATOR)
    asked(there, "Sam")
    confirmed(there, "Sam again")
    detail = told(there, "purge")
    assert detail["asked"] == there.workspace.accounts.named("Sam").id


def _not_asked(there: Kept) -> None:
    pass


def _cancelled(there: Kept) -> None:
    asked(there)
    purging.cancel(there.workspace, there.one.review, as_name="Sam")


def _withdrawn_since(there: Kept) -> None:
    asked(there)
    withdraw(there.one)


def _held_since(there: Kept) -> None:
    asked(there)
    year.set_hold(there.workspace, there.one.review, basis="criminal", as_name="Sam")


def _purged_before(there: Kept) -> None:
    purge(there.one)


@pytest.mark.parametrize(
    "state", [_not_asked, _cancelled, _withdrawn_since, _held_since, _purged_before]
)
def test_nothing_is_destroyed_that_was_not_asked_for(
    there: Kept, state: Callable[[Kept], None]
) -> None:
    state(there)
    before = sealed(there.workspace.home, there.one.review)
    with pytest.raises(NotSettledError):
        confirmed(there)
    assert sealed(there.workspace.home, there.one.review) == before != []


def test_what_is_still_worked_on_is_not_purged(there: Kept) -> None:
    other = replace(there.one, review=there.two)
    with pytest.raises(NotSettledError, match="published or withdrawn"):
        purge(other)
    with pytest.raises(UsageError):
        purging.ask(there.workspace, there.one.review, "because", as_name="Ada")
    asked(there)
    with pytest.raises(NotSettledError, match="already"):
        asked(there, "Sam")


def test_where_the_list_cannot_be_written_nothing_is_destroyed(
    there: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(there)
    before = sealed(there.workspace.home, there.one.review)
    there.workspace.keys.taken_back.mkdir()
    with pytest.raises(StoreError, match="Nothing was destroyed"):
        confirmed(there)
    assert sealed(there.workspace.home, there.one.review) == before
    there.workspace.keys.taken_back.rmdir()
    confirmed(there)


def test_a_purge_that_was_cut_short_is_told_and_done_again(
    there: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(there)

    def cut(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Vault, "purge", cut)
        confirmed(there)
    assert there.one.case.original()
    wrong = {f.check for f in health.check(there.workspace) if f.status == "wrong"}
    assert wrong == {"purged reviews: gone"}
    confirmed(there)
    assert [f.check for f in health.check(there.workspace) if f.status == "wrong"] == []


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_on_a_full_disk_nothing_is_lost(there: Kept) -> None:
    """A real write that runs out of room: no file may grow past 4 kB."""
    asked(there)
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from pipeline.flow import purging; from pipeline.store.workspace import Workspace\n"
        "w = Workspace.open(Path(sys.argv[1]))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: purging.purge(w, sys.argv[2], as_name='Sam')\n"
        "except Exception as e: sys.stdout.write(type(e).__name__)\n"
    )
    home = there.workspace.home
    before = rows(home)
    done = subprocess.run(
        [sys.executable, "-c", script, str(home), there.one.review],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "StoreError"
    assert rows(home) == before
    assert there.one.case.original()
    confirmed(there)


# -- the certificate -----------------------------------------------------------------------


def test_the_certificate_and_the_ledger_say_the_same(there: Kept, tmp_path: Path) -> None:
    asked(there)
    done, path = confirmed(there), tmp_path / "certificate.json"
    purging.write(done, path)
    found = checks(path, there)
    assert found and all(found.values())
    assert {"signature", "the ledger says so", "the key is gone"} <= set(found)
    (line,) = taken_back.listed(there.workspace)
    assert (line.review, line.purged, line.scope) == (there.one.review, True, "raw")
    assert told(there, "purge")["reason"] == "retention"
    for name in (*CANARIES, "Ada", "Sam", RECIPIENT):
        assert name.encode() not in done.certificate
    with pytest.raises(StoreError):
        purging.write(done, path)


def test_a_certificate_that_is_not_true_is_found(there: Kept, tmp_path: Path) -> None:
    """The key is still there in a workspace that was brought back by hand."""
    path = tmp_path / "certificate.json"
    vault = (there.workspace.home / "vault.db").read_bytes()
    asked(there)
    purging.write(confirmed(there), path)
    (there.workspace.home / "vault.db").write_bytes(vault)
    found = checks(path, there)
    assert [check for check, holds in found.items() if not holds] == ["the key is gone"]
    content = json.loads(path.read_bytes())
    content["payload"] = content["payload"][:-8] + "AAAAAAA="
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StoreError):
        checks(path, there)


def test_a_key_in_an_old_copy_is_known_by_its_fingerprint(there: Kept) -> None:
    salt = b"s" * 32
    before = Vault.unlock(there.workspace).fingerprint(there.one.review, salt)
    purge(there.one)
    now = Vault.unlock(there.workspace).fingerprint(there.one.review, salt)
    assert before != now != ""


# -- what is due ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "on", "due"),
    [
        (0, "2999-01-01", []),
        (6, "2000-01-01", []),
        (6, "2999-01-01", ["published"]),
    ],
)
def test_what_is_due_by_the_rules(there: Kept, months: int, on: str, due: list[str]) -> None:
    rules = there.workspace.settings.model_copy(update={"purge_months_after_publication": months})
    workspace = replace(there.workspace, settings=rules)
    rows = list(purging.due(workspace, on))
    assert [row["state"] for row in rows] == due
    every = list(purging.due(workspace, "2000-01-01", every=True))
    assert [row["overdue"] for row in every] == [False] * bool(months)
    purge(there.one)
    assert list(purging.due(workspace, "2999-01-01")) == []


def test_what_was_withdrawn_is_due_by_its_own_rule(there: Kept) -> None:
    withdraw(there.one)
    rules = there.workspace.settings.model_copy(update={"purge_months_after_withdrawal": 1})
    workspace = replace(there.workspace, settings=rules)
    asked(there)
    (row,) = purging.due(workspace, "2999-01-01")
    assert (row["review"], row["state"], row["asked"]) == (there.one.review, "withdrawn", True)
    with pytest.raises(UsageError):
        list(purging.due(workspace, "tomorrow"))


# -- a desk that is running ----------------------------------------------------------------


def test_a_running_desk_shows_nothing_of_what_was_purged(there: Kept) -> None:
    readings = Readings()
    assert deciding.opened(there.workspace, there.one.review, who="Jo", readings=readings).cards
    elsewhere = replace(there.one, workspace=Workspace.open(there.workspace.home))
    purge(elsewhere)
    with pytest.raises(StoreError, match="was purged"):
        deciding.opened(there.workspace, there.one.review, who="Jo", readings=readings)
    assert readings._kept == {}


def test_what_is_purged_while_it_is_worked_out_ahead_is_not_kept(
    there: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.web.desk.sittings import Sittings

    sat = Sittings(there.workspace)
    review, made = there.one.review, deciding.prepared

    def slowly(*given: Any) -> object:  # noqa: ANN401
        found = made(*given)
        purge(replace(there.one, workspace=Workspace.open(there.workspace.home)))
        sat.let_go()
        assert found is not None
        sat.readings.get(("desk", review), lambda: found)
        return found

    monkeypatch.setattr(deciding, "prepared", slowly)
    sat._preparing.add(review)
    sat._prepared([review], lambda desk: None)
    assert sat.readings._kept == {}
    sat.ahead([review])
    assert sat._preparing == set()


def test_a_running_desk_lets_go_at_its_next_page(there: Kept) -> None:
    from pipeline.web.desk.sittings import Sittings

    sat = Sittings(there.workspace)
    seen = deciding.opened(there.workspace, there.one.review, who="Jo", readings=sat.readings)
    assert CANARIES[0] in "".join(sat.source(seen))
    sat.let_go()
    assert sat._rows
    assert sat.readings._kept
    purge(replace(there.one, workspace=Workspace.open(there.workspace.home)))
    sat.let_go()
    assert not sat._rows
    assert not sat.readings._kept
