"""The desk in a browser: by keyboard alone, without an error, and with nothing that axe finds."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from desk_parts import PASSWORD, add_reviews, made
from flow_parts import propose, report
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from pipeline.flow import proposing
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web import serving
from pipeline.web.desk import app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
HELD = "r-gggggg"
OPEN_PAGES = (
    "/sign-in",
    "/signed-out",
    "/help",
    "/accessibility",
    "/sign-in?ended=idle",
    "/static/..%2fx",
)
STAFF_PAGES = {
    "Bo Tarn": (
        "/", "/register", "/register?state=published", "/register?state=withdrawn",
        f"/reviews/{HELD}", f"/reviews/{HELD}/hold", "/upload", "/account", "/ledger", "/help",
        "/nowhere", "/accounts", "/register/every", f"/register/every/{HELD}", "/register/new",
        "/register/gaps", "/register/due", "/register/actions", "/register/sheet",
        "/register/tables", "/register/duplicates", f"/register/every/{HELD}/actions",
    ),
    "Adil Penn": ("/", "/accounts", "/accounts/new"),
    "Ray Holt": ("/", "/register"),
}  # fmt: skip


@dataclass(frozen=True)
class Served:
    workspace: Workspace
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk that is served for real, at a port that was free."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANDOUR_KEY_FILE", str(folder / "keys" / "master.key"))
        patch.setattr(proposing, "propose", propose)
        workspace = made(folder)
        add_reviews(workspace)
        listening = socket.create_server(("127.0.0.1", 0))
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        ready = serving.server(app.make(workspace.home, hosts=[host]), None, None)
        threading.Thread(target=serving.run, args=(ready, listening), daemon=True).start()
        yield Served(workspace, f"http://{host}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=served.address, locale="en-GB")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@dataclass
class Heard:
    """What the browser said of a page that it should not have to."""

    said: list[str]

    def __call__(self, message: ConsoleMessage) -> None:
        expected = "the server responded with a status of 40" in message.text
        if message.type in ("error", "warning") and not expected:
            self.said.append(message.text)


def opened(context: BrowserContext) -> tuple[Page, Heard]:
    page, heard = context.new_page(), Heard([])
    page.on("console", heard)
    page.on("pageerror", lambda error: heard.said.append(error.message))
    return page, heard


def sign_in(page: Page, name: str) -> None:
    """Sign in with the keyboard alone."""
    page.goto("/sign-in")
    reach(page, "#name")
    page.keyboard.type(name)
    reach(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def reach(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until that element has the focus, and shows that it has."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            style = "e => getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(style) == "solid", selector
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def found_by_axe(page: Page) -> list[str]:
    """What axe finds and calls serious or critical, and what breaks a rule of WCAG A or AA."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:100]}"
        for one in violations
        if one["impact"] in ("serious", "critical") or {"wcag2a", "wcag2aa"} & set(one["tags"])
    ]


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than the window."""
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(wide))


def test_pages_for_everybody_are_accessible(context: BrowserContext) -> None:
    page, heard = opened(context)
    for address in OPEN_PAGES:
        page.goto(address)
        assert (address, found_by_axe(page)) == (address, [])
    assert heard.said == []


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_pages_of_the_staff_are_accessible_and_fit_a_narrow_window(
    context: BrowserContext, name: str
) -> None:
    page, heard = opened(context)
    sign_in(page, name)
    for address in STAFF_PAGES[name]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        assert (address, found_by_axe(page)) == (address, [])
        page.set_viewport_size({"width": 320, "height": 700})  # 1280 pixels at 400 %
        assert (address, overflow(page)) == (address, 0)
        assert page.locator("h1").count() == 1
    assert heard.said == []


def test_a_hold_is_set_and_lifted_by_keyboard_alone(
    context: BrowserContext, served: Served
) -> None:
    page, heard = opened(context)
    sign_in(page, "Rhee Vale")
    reach(page, "a[href='/register']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register")
    reach(page, "a[href='/reviews/r-ffffff']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews/r-ffffff")
    reach(page, "a[href$='/hold']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hold")
    reach(page, "input[type=radio]")
    page.keyboard.press("ArrowDown")
    for field, typed in (("#day", "31"), ("#month", "2"), ("#year", "2027")):
        reach(page, field)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert found_by_axe(page) == []
    reach(page, "#error-summary a")
    page.keyboard.press("Enter")
    reach(page, "#day")
    page.keyboard.press("Control+A")
    page.keyboard.type("28")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews/r-ffffff?done=held")
    assert "Inquest." in page.locator("main").inner_text()
    hold = served.workspace.register.row("r-ffffff").hold
    assert (hold and hold.basis.value, hold and hold.until) == ("inquest", "2027-02-28")
    reach(page, "form[action$='/lift'] button")
    page.keyboard.press("Space")
    page.wait_for_url("**/reviews/r-ffffff?done=lifted")
    assert served.workspace.register.row("r-ffffff").hold is None
    assert "Lifted the hold." in page.locator(".history").inner_text()
    assert heard.said == []


def files(start: int) -> list[dict[str, object]]:
    sent: list[dict[str, object]] = [
        {"name": f"Report {n}.txt", "mimeType": "text/plain", "buffer": report(n).encode()}
        for n in range(start, start + 2)
    ]
    bad = b"%PDF-1.7 and nothing more"
    return [*sent, {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": bad}]


def test_files_are_taken_in_and_the_page_tells_of_each(context: BrowserContext) -> None:
    page, heard = opened(context)
    sign_in(page, "Uma Field")
    page.goto("/upload")
    reach(page, "#files")
    page.set_input_files("#files", files(10))  # type: ignore[arg-type]
    assert page.locator("#chosen li").count() == 3
    reach(page, "#upload button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/upload/*")
    assert found_by_axe(page) == []
    page.wait_for_selector("#again", state="detached", timeout=60_000)
    assert page.locator("#said").inner_text() == "All done. 2 files taken in, 1 file not taken in."
    assert "could not be opened" in page.locator("tbody tr").nth(2).inner_text()
    assert found_by_axe(page) == []
    page.locator("tbody a").first.click()
    page.wait_for_url("**/reviews/*")
    assert "Took the review in" in page.locator(".history").inner_text()
    assert heard.said == []


def test_files_may_be_dropped(context: BrowserContext) -> None:
    page, _ = opened(context)
    sign_in(page, "Uma Field")
    page.goto("/upload")
    data = page.evaluate_handle(
        "() => { const d = new DataTransfer(); d.items.add(new File(['x'], 'a.txt')); return d; }"
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": data})
    assert page.locator("#chosen li").inner_text() == "a.txt, 1 KB"
    assert page.evaluate("document.getElementById('files').files.length") == 1


def test_it_works_without_scripts(chromium: Browser, served: Served) -> None:
    plain = chromium.new_context(base_url=served.address, java_script_enabled=False)
    plain.set_default_timeout(15_000)
    page = plain.new_page()
    page.goto("/sign-in")
    page.fill("#name", "Uma Field")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")
    page.goto("/upload")
    page.set_input_files("#files", files(20)[:1])  # type: ignore[arg-type]
    page.click("#upload button")
    page.wait_for_url("**/upload/*")
    for _ in range(40):
        if "All done" in page.locator("main").inner_text():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="See how far it is").click()
    assert "1 file taken in" in page.locator("main").inner_text()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/signed-out")
    plain.close()


def test_who_is_about_to_be_signed_out_is_warned_and_can_stay(context: BrowserContext) -> None:
    page, heard = opened(context)
    page.clock.install()
    sign_in(page, "Rhee Vale")
    page.clock.run_for(26 * 60 * 1000)
    assert page.locator(".warn").count() == 0
    page.clock.run_for(70 * 1000)
    page.wait_for_selector(".warn")
    assert page.evaluate("document.activeElement.textContent") == "Stay signed in"
    assert found_by_axe(page) == []
    page.keyboard.press("Enter")
    page.wait_for_selector(".warn", state="detached")
    other = context.new_page()
    other.goto("/account")
    page.clock.run_for(28 * 60 * 1000)
    page.wait_for_selector(".warn")
    other.reload()
    page.wait_for_selector(".warn", state="detached")
    page.clock.run_for(30 * 60 * 1000)
    page.wait_for_url("**/signed-out")
    assert heard.said == []


def test_after_signing_out_the_way_back_shows_nothing(context: BrowserContext) -> None:
    page, heard = opened(context)
    sign_in(page, "Rhee Vale")
    page.goto(f"/reviews/{HELD}")
    reach(page, "form[action='/sign-out'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/signed-out")
    page.go_back()
    page.wait_for_url("**/sign-in*")
    assert "Board of" not in page.content()
    assert heard.said == []


def test_an_action_is_added_and_changed_by_keyboard_alone(context: BrowserContext) -> None:
    page, heard = opened(context)
    sign_in(page, "Uma Field")
    page.goto(f"/register/every/{HELD}/actions")
    reach(page, "#owner")
    page.keyboard.type("head of service")
    reach(page, "#due")
    page.keyboard.type("31/1/2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/actions/a-*")
    assert found_by_axe(page) == []
    first, _ = opened(context)
    first.goto(page.url.partition("?")[0])
    first.fill("#evidence", "minutes of May")
    first.get_by_role("button", name="Record").click()
    first.wait_for_url("**done=recorded")
    reach(page, "#owner")
    page.keyboard.press("Control+A")
    page.keyboard.type("designated nurse")
    page.keyboard.press("Enter")
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert (page.input_value("#owner"), page.input_value("#evidence")) == (
        "designated nurse", "minutes of May",
    )  # fmt: skip
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Record").click()
    page.wait_for_url("**done=recorded")
    assert "Evidence Not recorded minutes of May" in " ".join(
        page.locator("main").inner_text().split()
    )
    assert heard.said == []


def test_tables_of_a_report_go_in_and_out_by_keyboard_alone(context: BrowserContext) -> None:
    page, heard = opened(context)
    sign_in(page, "Uma Field")
    page.goto("/register/tables")
    rows = "".join(f"<tr><td>Tarn {n}</td><td>Good</td><td>{n}/6/2009</td></tr>" for n in (1, 2))
    table = f"<h2>Reviews evaluated</h2><table>{rows}</table>".encode()
    reach(page, "summary")
    page.keyboard.press("Enter")
    for columns, waited in (("judgement", "#error-summary"), ("board,,judged", "[name=sheet]")):
        reach(page, "#file")
        page.set_input_files("#file", {"name": "a.htm", "mimeType": "text/html", "buffer": table})
        reach(page, "#columns")
        page.keyboard.press("Control+A")
        page.keyboard.type(columns)
        page.keyboard.press("Enter")
        page.wait_for_selector(waited, state="attached")
        assert page.input_value("#columns") == columns
        assert found_by_axe(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(page) == 0
    for step, told in (("take", "text=2 reviews added"), ("undo", "#done")):
        reach(page, f"form[action$='/{step}'] button")
        page.keyboard.press("Enter")
        page.wait_for_selector(told)
        assert found_by_axe(page) == []
    assert heard.said == []


def test_the_skip_link_leads_to_the_content(context: BrowserContext) -> None:
    page, _ = opened(context)
    sign_in(page, "Rhee Vale")
    page.goto("/register")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "words"


def test_the_register_is_searched_without_words_in_the_address(context: BrowserContext) -> None:
    page, heard = opened(context)
    sign_in(page, "Rhee Vale")
    page.goto("/register")
    page.fill("#words", "harrowmere")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Show all")
    boards = page.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert boards == ["Board of Harrowmere"] * (len(State) // 2)
    assert "arrowmere" not in page.url
    page.get_by_role("button", name=re.compile("^Review")).click()
    page.wait_for_selector("th[aria-sort='ascending']")
    assert page.input_value("#words") == "harrowmere"
    assert heard.said == []
