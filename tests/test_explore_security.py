"""What the reading room refuses, and what can be reached from it: no vault, no desk, no query."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_parts import HOST, Browser, refusals
from explore_parts import learned, reader, room
from starlette.testclient import TestClient

from pipeline.errors import StoreError
from pipeline.flow.refusing import NOBODY
from pipeline.store.workspace import Workspace
from pipeline.web.explore import app
from pipeline.web.explore.site import Queries
from pipeline.web.security import Guard, Rate

PAGES = ("/", "/lessons", "/themes", "/timeline", "/together", "/tables", "/reviews", "/search",
         "/lessons.csv", "/reviews/r-bcdfgh", "/reviews/r-bcdfgh/text/1", "/account")  # fmt: skip
HOSTILE = (
    '"', "(", ")", "*", "AND", "NOT", "a NEAR/999 b", "(" * 300, "a" * 501, '"' * 499, "\x00",
    "<script>alert(1)</script>", "'; DROP TABLE lessons; --", "../../vault.db", "{{ 7*7 }}",
    "%00", "\u202e\U0001f600", "a* " * 150, "(a OR " * 80, "NOT " * 120 + "a",
)  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with pytest.MonkeyPatch.context() as patch:
        yield learned(tmp_path_factory.mktemp("room"), patch)


@pytest.fixture(scope="module")
def served(workspace: Workspace) -> Guard:
    return room(workspace)


@pytest.fixture(scope="module")
def browser(served: Guard) -> Browser:
    """A researcher who stays signed in: each sign-in takes a while, on purpose."""
    return reader(served)


def search(browser: Browser, words: str) -> str:
    return browser.send("/search", {"words": words}, page="/search").headers["location"]


@pytest.mark.parametrize("address", PAGES)
def test_without_a_session_every_page_leads_to_the_sign_in(served: Guard, address: str) -> None:
    answer = Browser(served).get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?ended=")


def test_every_duty_may_read(served: Guard) -> None:
    for name in ("Rhee Vale", "Adil Penn"):
        assert reader(served, name).get("/lessons").status_code == 200


def test_whoever_lost_every_duty_reads_nothing(workspace: Workspace, served: Guard) -> None:
    browser = reader(served, "Uma Field")
    account = workspace.accounts.named("Uma Field")
    for duty in account.duties:
        workspace.accounts.remove_duty(account.id, duty)
    assert browser.get("/lessons").status_code == 403
    assert "has no duty" in browser.get("/").text
    for duty in account.duties:
        workspace.accounts.add("Uma Field", duty)


@pytest.mark.parametrize("address", ["/", "/sign-in", "/nowhere", "/static/explore.css"])
def test_security_headers_are_on_everything(served: Guard, address: str) -> None:
    headers = Browser(served).get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["referrer-policy"], headers["cache-control"]) == ("no-referrer", "no-store")


@pytest.mark.parametrize(
    "path",
    [
        "/passages/%2e%2e/%2e%2e",
        "/passages/r-bcdfgh/..%2f..%2fvault.db",
        "/reviews/..%5c..%5cvault.db/text/1",
        "/reviews//etc/passwd",
        "/lessons/%2e%2e/passages.csv",
    ],
)
def test_a_path_outside_is_refused(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/passages/r-bcdfgh/p0", "/passages/x/y", "/reviews/r-nowhere", "/lessons/L-nowhere",
        "/reviews/r-bcdfgh/text/99", "/reviews/r-bcdfgh/text/-1", "/reviews/r-bcdfgh/text/x",
        "/themes/Z9", "/quotations", "/quotations?theme=Z9", "/quotations?theme=D1&with=Z9",
        "/search/nothing", "/lessons.html", "/reviews/r-bcdfgh'--", "/register", "/upload",
        "/accounts", "/ledger", "/reviews/r-bcdfgh/settle",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_query_is_answered_kindly(
    browser: Browser, capfd: pytest.CaptureFixture[str], words: str
) -> None:
    answer = browser.send("/search", {"words": words}, page="/search")
    assert answer.status_code in (303, 400)
    if answer.status_code == 303:
        answer = browser.get(answer.headers["location"])
        assert answer.status_code == 200
    else:
        assert "Nothing was searched." in answer.text or "is not as this page" in answer.text
    assert "<script>alert" not in answer.text
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


def test_a_query_is_in_no_address_ledger_or_file(
    browser: Browser, workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    place = search(browser, "Quenby Thistlewaite")
    text = browser.get(place).text
    assert "Quenby" in text  # in the field, for whoever typed it
    assert [one for one in re.findall(r'(?:href|action)="([^"]*)"', text) if "uenby" in one] == []
    kept = b"".join(path.read_bytes() for path in workspace.home.rglob("*") if path.is_file())
    assert b"Thistlewaite" not in kept
    said = capfd.readouterr()
    assert "Thistlewaite" not in said.out + said.err


def test_a_query_is_shown_to_its_own_session_only(served: Guard) -> None:
    browser = reader(served)
    place = search(browser, "school")
    assert browser.get(place).status_code == 200
    assert reader(served).get(place).status_code == 404
    assert reader(served, "Ada Marsh").get(place).status_code == 404
    assert reader(served).get(f"{place}/hits.csv").status_code == 404
    assert "school" in browser.get("/search").text
    browser.send("/sign-out")
    assert browser.get(place).status_code == 303


def test_old_queries_are_let_go_of() -> None:
    queries = Queries()
    first = queries.keep("s", "one")
    assert queries.keep("s", "one") == first
    for number in range(2000):
        queries.keep("other", str(number))
    assert queries.of("s", first) is None


def test_a_forged_search_is_refused(browser: Browser, workspace: Workspace) -> None:
    answer = browser.client.post("/search", data={"words": "school"})
    assert answer.status_code == 403
    account = workspace.accounts.named("Ray Holt").id
    assert (account, "forged-form") in refusals(workspace)


def test_another_name_and_too_much_at_once_are_refused(served: Guard, workspace: Workspace) -> None:
    assert TestClient(served, base_url="http://evil.example").get("/").status_code == 421
    slow = app.make(workspace.home, hosts=[HOST], rate=Rate(burst=3, a_second=0.001))
    assert [Browser(slow).get("/help").status_code for _ in range(5)] == [200] * 3 + [429] * 2
    assert (NOBODY, "wrong-host") in refusals(workspace)


def test_signing_in_and_out_is_in_the_ledger_and_reading_is_not(
    served: Guard, workspace: Workspace
) -> None:
    browser = reader(served)
    before = len(list(workspace.ledger.rows()))
    for address in PAGES:
        browser.get(address)
    assert len(list(workspace.ledger.rows())) == before
    browser.send("/sign-out")
    last = workspace.ledger.latest(1)[0]
    assert (last.action, last.actor) == ("sign-out", workspace.accounts.named("Ray Holt").id)


def test_the_workspace_of_the_room_has_no_vault(workspace: Workspace) -> None:
    with workspace.database.reading() as connection:
        names = {row[1] for row in connection.exec_driver_sql("PRAGMA database_list")}
    assert names == {"main", "library", "ledger"}
    with pytest.raises(StoreError):
        Workspace.open(workspace.home)


def test_nothing_of_the_raw_wing_the_door_or_the_desk_is_loaded() -> None:
    listed = (
        "import sys; from pipeline.web.explore import app; "
        "print([m for m in sys.modules if m.startswith(('pipeline.raw', 'pipeline.door', "
        "'pipeline.store.vault', 'pipeline.web.desk')) and m != 'pipeline.store.vault_tables'])"
    )
    root = Path(__file__).resolve().parent.parent
    found = subprocess.run(
        [sys.executable, "-c", listed], cwd=root, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_an_address_that_makes_no_sense_gives_the_nearest_page(browser: Browser) -> None:
    for asked in ("page=0", "page=-3", "page=" + "9" * 400, "page=%27", "least=x&sort=y"):
        answer = browser.get(f"/lessons?{asked}")
        assert (asked, answer.status_code) == (asked, 200)
        assert "Lessons" in answer.text


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent in another way there")
def test_the_command_serves_says_where_and_logs_nothing(workspace: Workspace) -> None:
    words = ["serve", "explore", "--home", str(workspace.home), "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address is not None, said
        for _ in range(100):
            try:
                answer = urllib.request.urlopen(f"{address.group(0)}sign-in")  # noqa: S310
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        assert "Sign in to the reading room" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        out, more = process.communicate(timeout=20)
        assert (process.returncode, out, more) == (0, "", "")
    finally:
        process.kill()
        process.wait()
