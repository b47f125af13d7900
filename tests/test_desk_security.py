"""What the desk refuses: each refusal by its status, its page, and its row in the ledger."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from desk_parts import (
    HOST,
    PASSWORD,
    STAFF,
    Browser,
    add_reviews,
    desk,
    made,
    refusals,
    signed_in,
)
from starlette.testclient import TestClient

from pipeline.errors import NotSettledError
from pipeline.flow import refusing, staff
from pipeline.flow.refusing import NOBODY, Refusals
from pipeline.store import sessions
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web.desk import app
from pipeline.web.desk.security import MOST_BYTES, Guard, Rate

ADDRESSES = ("/", "/register", "/upload", "/account", "/accounts", "/ledger", "/reviews/r-bbbbbb")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return made(tmp_path)


@pytest.fixture
def served(workspace: Workspace) -> Guard:
    return desk(workspace.home)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which sessions live; a test moves it on."""
    at = [time.time()]
    monkeypatch.setattr(sessions, "now", lambda: at[0])
    return at


def id_of(workspace: Workspace, name: str) -> str:
    return workspace.accounts.named(name).id


# Nobody signed in


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_session_every_page_leads_to_the_sign_in(served: Guard, address: str) -> None:
    answer = Browser(served).get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?ended=")


@pytest.mark.parametrize("address", ["/help", "/accessibility", "/sign-in", "/signed-out"])
def test_some_pages_are_open_to_all(served: Guard, address: str) -> None:
    assert Browser(served).get(address).status_code == 200


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/static/desk.css", "/register", "/"])
def test_security_headers_are_on_everything(served: Guard, address: str) -> None:
    headers = Browser(served).get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_no_template_has_a_script_or_a_style_of_its_own() -> None:
    folder = Path(app.__file__).with_name("templates")
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.html")]
    assert len(texts) > 10
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe")
    assert [found for text in texts for found in inline.findall(text)] == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8440", "127.0.0.1", "127.0.0.1:1"])
def test_another_name_than_the_desks_is_not_served(
    served: Guard, workspace: Workspace, host: str
) -> None:
    answer = TestClient(served, base_url=f"http://{host}").get("/sign-in")
    assert answer.status_code == 421
    assert "form" not in answer.text
    assert refusals(workspace) == [(NOBODY, "wrong-host")]


@pytest.mark.parametrize(
    "path",
    [
        "/static/%2e%2e/%2e%2e/register.db",
        "/static/..%2f..%2fregister.db",
        "/static/..%5c..%5cregister.db",
        "/static/%252e%252e/register.db",
        "/static//etc/passwd",
        "/reviews/%2e%2e/hold",
        "/static/desk.css%00.txt",
    ],
)
def test_a_path_outside_is_refused_and_told(served: Guard, workspace: Workspace, path: str) -> None:
    answer = signed_in(served, "Adil Penn").get(path)
    assert answer.status_code == 404
    assert refusals(workspace) == [(NOBODY, "path-outside")]


def test_too_many_requests_at_once_are_refused(workspace: Workspace) -> None:
    served = app.make(workspace.home, hosts=[HOST], rate=Rate(burst=5, a_second=0.001))
    statuses = [Browser(served).get("/help").status_code for _ in range(8)]
    assert statuses == [200] * 5 + [429] * 3
    assert refusals(workspace) == [(NOBODY, "too-many-requests")]


@pytest.mark.parametrize("length", ["-1", "abc", "1e3"])
def test_a_length_that_makes_no_sense_is_refused(served: Guard, length: str) -> None:
    client = Browser(served).client
    answer = client.post("/sign-in", headers={"Content-Length": length}, content=b"")
    assert answer.status_code == 400


def test_a_body_that_is_too_large_is_refused(served: Guard, workspace: Workspace) -> None:
    client = Browser(served).client
    body = b"x" * (MOST_BYTES + 1)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=body, headers=kind).status_code == 413

    def pieces() -> object:
        yield from (b"x" * 65536 for _ in range(20))

    unsaid = client.post("/sign-in", content=pieces(), headers=kind)  # type: ignore[arg-type]
    assert unsaid.status_code == 413
    assert refusals(workspace) == [(NOBODY, "too-large")]


def test_the_ledger_is_not_flooded_by_nobody(
    served: Guard, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(served)
    for _ in range(30):
        browser.get("/static/%2e%2e/x")
    assert refusals(workspace) == [(NOBODY, "path-outside")]
    monkeypatch.setattr(refusing, "_WINDOW", 0.0)
    browser.get("/static/%2e%2e/x")
    assert [row.detail for row in workspace.ledger.latest(1)] == [
        '{"code": "path-outside", "more": 29}'
    ]


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


# Forms


@pytest.mark.parametrize("given", [None, "", "0" * 64, "another's"])
def test_a_forged_form_is_refused_and_told(
    served: Guard, workspace: Workspace, given: str | None
) -> None:
    browser = signed_in(served, "Adil Penn")
    if given == "another's":
        given = signed_in(served, "Rhee Vale").token("/account")
    fields = {"name": "Mal Lory", "duty": "approver", "password": "heron copper valley"}
    data = fields if given is None else fields | {"form-token": given}
    answer = browser.client.post("/accounts/new", data=data)
    assert answer.status_code == 403
    assert len(workspace.accounts.all()) == len(STAFF)
    assert refusals(workspace) == [(id_of(workspace, "Adil Penn"), "forged-form")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused_whatever_it_knows(
    served: Guard, workspace: Workspace, headers: dict[str, str]
) -> None:
    answer = signed_in(served, "Rhee Vale").send("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert refusals(workspace) == [(id_of(workspace, "Rhee Vale"), "forged-form")]


def test_nobody_is_signed_in_by_a_form_of_another_site(served: Guard, workspace: Workspace) -> None:
    data = {"name": "Rhee Vale", "password": PASSWORD}
    answer = Browser(served).client.post("/sign-in", data=data)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert refusals(workspace) == [(NOBODY, "forged-form")]


def test_a_script_sends_its_token_in_a_header(served: Guard, workspace: Workspace) -> None:
    browser = signed_in(served, "Rhee Vale")
    token = {"X-CSRF-Token": browser.token("/account")}
    assert browser.client.post("/account/stay", json={}, headers=token).json() == {"stays": True}
    assert browser.client.post("/account/stay", json={}).status_code == 403
    wrong = browser.client.post("/account/stay", json={}, headers={"X-CSRF-Token": "0" * 64})
    assert (wrong.status_code, wrong.json()["error"][:9]) == (403, "This form")
    assert browser.client.post("/account/stay", json=[], headers=token).status_code == 400
    plain = {**token, "Content-Type": "text/plain"}
    assert browser.client.post("/account/stay", content=b"{}", headers=plain).status_code == 400


# Duties

ASKED = {
    "/register": {"Ray Holt"},
    "/reviews/r-bbbbbb": {"Ray Holt"},
    "/reviews/r-bbbbbb/hold": {"Ray Holt", "Uma Field"},
    "/upload": {"Rhee Vale", "Ada Marsh", "Ray Holt", "Adil Penn"},
    "/accounts": set(STAFF) - {"Adil Penn"},
    "/accounts/new": set(STAFF) - {"Adil Penn"},
    "/ledger": {"Uma Field", "Rhee Vale", "Ray Holt"},
}


def test_a_page_is_for_its_duties_only(served: Guard, workspace: Workspace) -> None:
    add_reviews(workspace)
    asked: dict[str, set[str]] = {address: set() for address in ASKED}
    for name in STAFF:
        browser = signed_in(served, name)
        for address in ASKED:
            if browser.get(address).status_code == 403:
                asked[address].add(name)
    assert asked == ASKED
    told = [actor for actor, code in refusals(workspace) if code.startswith("no-duty")]
    assert len(told) == sum(len(names) for names in ASKED.values())
    assert set(told) == {id_of(workspace, name) for names in ASKED.values() for name in names}


def test_a_researcher_who_asks_for_raw_pages_is_told_in_the_ledger(
    served: Guard, workspace: Workspace
) -> None:
    review = add_reviews(workspace)[State.PROPOSED]
    answer = signed_in(served, "Ray Holt").get(f"/reviews/{review}")
    assert (answer.status_code, "Harrowmere" in answer.text) == (403, False)
    (row,) = [row for row in workspace.ledger.rows() if row.action == "refused"]
    assert (row.review, row.detail) == (review, '{"code": "no-duty-for-raw"}')


def test_a_duty_that_was_taken_counts_at_once(served: Guard, workspace: Workspace) -> None:
    browser, admin = signed_in(served, "Ada Marsh"), signed_in(served, "Adil Penn")
    assert browser.get("/ledger").status_code == 200
    account = id_of(workspace, "Ada Marsh")
    admin.send(f"/accounts/{account}/duties", {"duty": "researcher"})
    assert browser.get("/ledger").status_code == 403


# Faults


def test_a_fault_shows_and_says_nothing_of_a_document(
    served: Guard, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    workspace: Workspace,
) -> None:  # fmt: skip
    def fails(*_: object) -> None:
        raise ValueError("Quenby Thistlewaite")

    browser = signed_in(served, "Rhee Vale")
    monkeypatch.setattr("pipeline.flow.overview.waiting", fails)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "Something went wrong in Candour itself" in answer.text
    said = capfd.readouterr()
    assert "Quenby" not in answer.text + said.out + said.err
    assert "ValueError at register_pages.py:" in said.err
    assert browser.get("/account").status_code == 200


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
