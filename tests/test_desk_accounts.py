"""The pages of accounts and of the ledger."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk_parts import (
    PASSWORD,
    STAFF,
    Browser,
    desk,
    done,
    made,
    signed_in,
    upload_file,
)
from flow_parts import propose

from pipeline.errors import UsageError
from pipeline.flow import proposing, staff
from pipeline.store.accounts import Actor, Duty
from pipeline.store.workspace import Workspace
from pipeline.web.desk import app, showing
from pipeline.web.security import Guard

NEW = "heron copper valley"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setattr(proposing, "propose", propose)
    return made(tmp_path)


@pytest.fixture
def served(workspace: Workspace) -> Guard:
    return desk(workspace.home)


def actor(workspace: Workspace, name: str) -> Actor:
    return Actor(workspace.accounts.named(name).id, proven=True)


# Accounts


def test_a_new_account_must_choose_a_password_of_its_own_first(
    served: Guard, workspace: Workspace
) -> None:
    admin = signed_in(served, "Adil Penn")
    fields: dict[str, str | list[str]] = {
        "name": "Ina Wren", "duty": ["reviewer", "approver"], "password": NEW,
    }  # fmt: skip
    assert admin.send("/accounts/new", fields).status_code == 303
    assert workspace.accounts.named("Ina Wren").duties == (Duty.APPROVER, Duty.REVIEWER)
    browser = Browser(served)
    assert browser.sign_in("Ina Wren", NEW).status_code == 303
    assert browser.get("/register").headers["location"] == "/account"
    own = {"old": NEW, "new": PASSWORD, "again": PASSWORD}
    assert browser.send("/account/password", own).status_code == 303
    assert browser.get("/register").status_code == 200
    told = [(row.actor, row.action) for row in workspace.ledger.rows()][-5:]
    me, ina = (workspace.accounts.named(name).id for name in ("Adil Penn", "Ina Wren"))
    assert told == [
        (me, "sign-in"), (me, "user-add"), (me, "user-add"), (ina, "sign-in"),
        (ina, "password-change"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": "Ina Wren", "duty": "reviewer", "password": "short"}, "12 to 200 characters"),
        ({"name": "Ina Wren", "duty": "reviewer", "password": "ina wren and more"}, "12 to 200"),
        ({"name": "Ina Wren", "duty": "reviewer", "password": "a" * 20}, "12 to 200 characters"),
        ({"name": "Ina Wren", "password": NEW}, "needs one duty"),
        ({"name": "Ina Wren", "duty": "queen", "password": NEW}, "no such duty"),
        ({"name": "rhee vale", "duty": "reviewer", "password": NEW}, "of that name already"),
        ({"name": " ", "duty": "reviewer", "password": NEW}, "needs a name"),
    ],
    ids=str,
)
def test_an_account_that_is_not_right_is_not_added(
    served: Guard, workspace: Workspace, fields: dict[str, str], error: str
) -> None:
    answer = signed_in(served, "Adil Penn").send("/accounts/new", fields)
    assert (answer.status_code, error in answer.text) == (400, True)
    assert len(workspace.accounts.all()) == len(STAFF)


def test_an_account_is_disabled_and_its_sessions_end(served: Guard, workspace: Workspace) -> None:
    admin, browser = signed_in(served, "Adil Penn"), signed_in(served, "Rhee Vale")
    account = workspace.accounts.named("Rhee Vale").id
    unsure = admin.send(f"/accounts/{account}/disable")
    assert (unsure.status_code, "Tick the box" in unsure.text) == (400, True)
    assert admin.send(f"/accounts/{account}/disable", {"sure": "yes"}).status_code == 303
    assert browser.get("/").headers["location"] == "/sign-in?ended=account-disabled"
    assert Browser(served).sign_in("Rhee Vale").status_code == 401
    assert workspace.accounts.with_id(account).duties == ()


def test_an_administrator_sets_a_password_and_its_owner_chooses_another(
    served: Guard, workspace: Workspace
) -> None:
    admin, browser = signed_in(served, "Adil Penn"), signed_in(served, "Rhee Vale")
    account = workspace.accounts.named("Rhee Vale").id
    assert admin.send(f"/accounts/{account}/password", {"password": NEW}).status_code == 303
    assert browser.get("/").headers["location"] == "/sign-in?ended=password-changed"
    assert Browser(served).sign_in("Rhee Vale", NEW).status_code == 303
    assert workspace.sessions.must_choose(account)


def test_the_last_administrator_stays(workspace: Workspace) -> None:
    me = actor(workspace, "Adil Penn")
    with pytest.raises(UsageError, match="last administrator"):
        staff.remove_duty(workspace, me.id, "administrator", who=me)
    with pytest.raises(UsageError, match="their own account"):
        staff.disable(workspace, me.id, who=me)
    with pytest.raises(UsageError, match="their own account"):
        staff.reset_password(workspace, me.id, NEW, who=me)
    staff.add_duty(workspace, actor(workspace, "Rhee Vale").id, "administrator", who=me)
    staff.remove_duty(workspace, me.id, "administrator", who=me)
    assert workspace.accounts.named("Adil Penn").duties == ()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, "Your current password is not right"),
        ({"old": PASSWORD, "new": NEW, "again": "else"}, "The two new passwords differ"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "is the old one"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "12 to 200 characters"),
    ],
    ids=["wrong", "differ", "same", "short"],
)
def test_a_password_that_is_not_right_is_not_set(
    served: Guard, fields: dict[str, str], error: str
) -> None:
    answer = signed_in(served, "Rhee Vale").send("/account/password", fields)
    assert (answer.status_code, error in answer.text) == (400, True)
    assert Browser(served).sign_in("Rhee Vale").status_code == 303


# The ledger


def test_the_ledger_is_shown_in_words_and_its_chain_is_checked(
    served: Guard, workspace: Workspace
) -> None:
    uploader = signed_in(served, "Uma Field")
    rows = done(uploader, uploader.send("/upload", files=[upload_file()]))
    browser = signed_in(served, "Ada Marsh")
    shown = browser.get(f"/ledger?review={rows[0]['review']}").text
    assert "Took the review in: 1 page, 10 findings." in shown
    assert "Signed in." not in shown
    assert "The chain holds" in browser.send("/ledger/check", page="/ledger").text
    with workspace.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER ledger.entries_no_update")
        connection.exec_driver_sql("UPDATE ledger.entries SET actor = 'u-other' WHERE seq = 2")
    broken = browser.send("/ledger/check", page="/ledger").text
    assert "From row 2 on, the ledger is not what was written." in broken


def test_the_ledger_goes_on_page_by_page(served: Guard, workspace: Workspace) -> None:
    with workspace.writing():
        for _ in range(250):
            workspace.ledger.append("local", "test-row")
    browser = signed_in(served, "Adil Penn")
    seen, address = [], "/ledger"
    while address:
        text = browser.get(address).text
        seen += re.findall(r'<th scope="row">(\d+)</th>', text)
        older = re.search(r'href="(/ledger\?[^"]*before=\d+)"', text)
        address = older.group(1).replace("&amp;", "&") if older else ""
    assert [int(one) for one in seen] == list(range(len(seen), 0, -1))
    assert len(seen) == 252  # init, the rows, the sign-in


CODE = Path(app.__file__).parents[2]
WRITTEN = re.compile(r'ledger\.append\(\s*[^,()]+(?:\(\))?,\s*"([a-z-]+)"')
REFUSED = re.compile(r'(?:RefusedError\(|\.tell\(\s*|"code": |return \d{3}, )"([a-z-]+)"')


def test_whatever_is_written_into_the_ledger_has_words() -> None:
    texts = [path.read_text(encoding="utf-8") for path in CODE.rglob("*.py")]
    actions = {found for text in texts for found in WRITTEN.findall(text)}
    assert len(actions) > 12
    assert actions - set(showing.ACTIONS) == set()
    web = [path.read_text(encoding="utf-8") for path in CODE.glob("[fw][le][ob]*/**/*.py")]
    codes = {found for text in web for found in REFUSED.findall(text)}
    assert len(codes) > 10
    assert codes - set(showing.REFUSALS) - {"not-signed-in"} == set()
