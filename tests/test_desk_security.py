"""What the desk refuses: each refusal by its status, its page, and its row in the ledger."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk_parts import (
    HOST,
    PASSWORD,
    STAFF,
    Browser,
    add_reviews,
    refusals,
    served,
    signed_in,
    workspace,
)
from starlette.testclient import TestClient

from pipeline.flow import refusing
from pipeline.flow.refusing import NOBODY
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web.desk import app
from pipeline.web.security import MOST_BYTES, Guard, Rate

__all__ = ["served", "workspace"]

ADDRESSES = ("/", "/register", "/upload", "/account", "/accounts", "/ledger", "/reviews/r-bbbbbb")


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


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/static/site.css", "/register", "/"])
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
    folder = Path(app.__file__).parent.parent
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html")]
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
        "/static/site.css%00.txt",
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
