"""Signing in, and the sessions that it begins: what ends them, and what is slowed."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from desk_parts import (
    HOST,
    PASSWORD,
    Browser,
    desk,
    refusals,
    served,
    signed_in,
    workspace,
)
from starlette.requests import Request
from starlette.testclient import TestClient

from pipeline.errors import NotSettledError
from pipeline.flow import staff
from pipeline.flow.refusing import NOBODY, Refusals
from pipeline.store import sessions
from pipeline.store.workspace import Workspace
from pipeline.web import sign_in, visiting
from pipeline.web.desk import app
from pipeline.web.security import Guard
from pipeline.web.visit import Visit

__all__ = ["served", "workspace"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which sessions live; a test moves it on."""
    at = [time.time()]
    monkeypatch.setattr(sessions, "now", lambda: at[0])
    return at


def id_of(workspace: Workspace, name: str) -> str:
    return workspace.accounts.named(name).id


# Signing in


def test_signing_in_gives_a_cookie_that_no_script_and_no_other_site_gets(served: Guard) -> None:
    answer = Browser(served).sign_in("Rhee Vale")
    cookie = answer.headers["set-cookie"]
    assert re.match(r"candour-session=[A-Za-z0-9_-]{43}; ", cookie)
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_over_tls_the_cookie_is_bound_to_the_host(workspace: Workspace) -> None:
    served = app.make(workspace.home, hosts=[HOST], secure=True)
    client = TestClient(served, base_url=f"https://{HOST}", follow_redirects=False)
    page = client.get("/sign-in")
    assert page.headers["set-cookie"].startswith("__Host-candour-visitor=")
    assert "Secure" in page.headers["set-cookie"]
    assert "max-age" in page.headers["strict-transport-security"]
    token = re.search(r'value="([0-9a-f]{64})"', page.text)
    assert token is not None
    data = {"form-token": token.group(1), "name": "Rhee Vale", "password": PASSWORD}
    answer = client.post("/sign-in", data=data)
    assert answer.headers["set-cookie"].startswith("__Host-candour-session=")


def test_the_token_is_new_at_each_sign_in_and_only_its_hash_is_kept(
    served: Guard, workspace: Workspace
) -> None:
    browser = Browser(served)
    browser.client.cookies.set(
        "candour-session", "A" * 43, domain="127.0.0.1"
    )  # what somebody else planted
    browser.sign_in("Rhee Vale")
    first = browser.client.cookies["candour-session"]
    assert first != "A" * 43
    assert first.encode() not in b"".join(p.read_bytes() for p in workspace.home.glob("*.db"))
    assert signed_in(served, "Rhee Vale").client.cookies["candour-session"] != first


@pytest.mark.parametrize(
    ("name", "password"),
    [("Nobody Known", PASSWORD), ("Rhee Vale", "wrong"), ("Rhee Vale", ""), ("", "")],
)
def test_a_name_and_a_password_that_do_not_fit_are_told_apart_by_nothing(
    served: Guard, workspace: Workspace, name: str, password: str
) -> None:
    answer = Browser(served).sign_in(name, password)
    assert answer.status_code == 401
    assert "The name or the password is not right." in answer.text
    assert refusals(workspace) == [(NOBODY, "sign-in-failed")]


@pytest.mark.parametrize("name", ["Rhee Vale", "Nobody Known"])
def test_tries_are_slowed_whether_or_not_there_is_an_account(
    served: Guard, workspace: Workspace, clock: list[float], name: str
) -> None:
    browser = Browser(served)
    assert [browser.sign_in(name, "wrong").status_code for _ in range(6)] == [401] * 6
    slowed = browser.sign_in(name, PASSWORD)
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "2")
    # Not even another run of the desk forgets it.
    assert Browser(desk(workspace.home)).sign_in(name, "wrong").status_code == 429
    clock[0] += 2.1
    assert browser.sign_in(name, "wrong").status_code == 401
    assert browser.sign_in(name, "wrong").headers["retry-after"] == "4"
    assert (NOBODY, "too-many-tries") in refusals(workspace)


def test_a_success_forgets_the_failures_of_a_name(
    served: Guard, clock: list[float], workspace: Workspace
) -> None:
    browser = Browser(served)
    for _ in range(4):
        browser.sign_in("Rhee Vale", "wrong")
    signed_in(served, "Rhee Vale")
    assert [browser.sign_in("Rhee Vale", "wrong").status_code for _ in range(5)] == [401] * 5


def test_many_names_from_one_client_are_slowed_too(served: Guard, clock: list[float]) -> None:
    browser = Browser(served)
    tried = [browser.sign_in(f"Name {n}", "wrong").status_code for n in range(22)]
    assert tried == [401] * 21 + [429]


# Sessions


def test_a_session_used_after_signing_out_is_refused_and_told_once(
    served: Guard, workspace: Workspace
) -> None:
    browser = signed_in(served, "Rhee Vale")
    stolen = browser.client.cookies["candour-session"]
    assert browser.send("/sign-out").headers["location"] == "/signed-out"
    thief = Browser(served)
    for _ in range(3):
        thief.client.cookies.set("candour-session", stolen)
        assert thief.get("/register").headers["location"] == "/sign-in?ended=signed-out"
    assert refusals(workspace) == [(NOBODY, "replayed-session")]
    (row,) = [row for row in workspace.ledger.rows() if row.action == "refused"]
    assert id_of(workspace, "Rhee Vale") in row.detail


def test_signing_out_of_a_session_that_has_ended_is_no_replay(
    served: Guard, workspace: Workspace
) -> None:
    browser = signed_in(served, "Rhee Vale")
    ended = browser.client.cookies["candour-session"]
    token = browser.token("/account")
    for cookie in (ended, ended, None):
        browser.client.cookies.clear()
        if cookie is not None:
            browser.client.cookies.set("candour-session", cookie)
        answer = browser.client.post("/sign-out", data={"form-token": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/signed-out")
    assert refusals(workspace) == []


def test_two_windows_that_sign_out_at_the_same_moment_are_both_signed_out(
    served: Guard, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(served, "Rhee Vale")

    def ended_meanwhile(request: Request) -> Visit:
        visit = visiting.whoever(request)
        workspace.sessions.end(visit.token, sessions.End.SIGNED_OUT)
        return visit

    monkeypatch.setattr(sign_in, "whoever", ended_meanwhile)
    answer = browser.send("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signed-out")
    assert refusals(workspace) == []
    # What was passed over is not taken for told: whoever uses the cookie afterwards is.
    for _ in range(2):
        assert browser.get("/").headers["location"] != "/signed-out"
    assert len(refusals(workspace)) == 1


@pytest.mark.parametrize(
    ("steps", "pause", "ended"),
    [(1, sessions.IDLE_SECONDS + 1, "idle"), (40, 20 * 60, "too-long")],
    ids=["idle", "long"],
)
def test_a_session_ends_with_time(
    served: Guard, clock: list[float], steps: int, pause: float, ended: str
) -> None:
    browser = signed_in(served, "Rhee Vale")
    for _ in range(steps):
        clock[0] += pause
        answer = browser.get("/account")
        if answer.status_code != 200:
            break
    assert answer.headers["location"] == f"/sign-in?ended={ended}"


def test_use_keeps_a_session_alive(served: Guard, clock: list[float]) -> None:
    browser = signed_in(served, "Rhee Vale")
    for _ in range(5):
        clock[0] += 25 * 60
        assert browser.get("/account").status_code == 200


def test_another_password_ends_every_other_session(served: Guard, workspace: Workspace) -> None:
    here, there = signed_in(served, "Rhee Vale"), signed_in(served, "Rhee Vale")
    before = here.client.cookies["candour-session"]
    new = "heron copper valley"
    answer = here.send("/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert answer.headers["location"] == "/account?done=password"
    assert here.client.cookies["candour-session"] != before
    assert here.get("/account").status_code == 200
    assert there.get("/account").headers["location"] == "/sign-in?ended=password-changed"
    assert Browser(served).sign_in("Rhee Vale").status_code == 401
    assert Browser(served).sign_in("Rhee Vale", new).status_code == 303


def test_signing_out_everywhere_ends_every_session(served: Guard) -> None:
    here, there = signed_in(served, "Rhee Vale"), signed_in(served, "Rhee Vale")
    assert here.send("/account/everywhere").headers["location"] == "/signed-out"
    assert there.get("/account").status_code == 303


def test_many_tries_at_once_are_counted_one_by_one_and_checked_two_at_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked, most, lock = [0, 0], [0], threading.Lock()

    def sign_in(*_: object) -> None:
        with lock:
            checked[0] += 1
            checked[1] += 1
            most[0] = max(most[0], checked[1])
        time.sleep(0.05)
        with lock:
            checked[1] -= 1
        raise NotSettledError("it does not fit")

    monkeypatch.setattr(type(workspace.accounts), "sign_in", sign_in)
    told = Refusals(workspace)

    def one_try(_: int) -> type[Exception]:
        with pytest.raises(NotSettledError) as caught:
            staff.sign_in(workspace, told, "Rhee Vale", "wrong", "here")
        return caught.type

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(one_try, range(12)))
    # Five are free, the sixth begins the wait; what a check takes is memory, so two at a time.
    assert (outcomes.count(staff.TooSoonError), checked[0], most[0]) == (6, 6, 2)
