"""The reading room in a browser: by keyboard alone, without scripts, and nothing that axe finds."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from desk_parts import PASSWORD
from explore_parts import APPROVED, DRAFT_WORD, learned, many
from playwright.sync_api import Browser, BrowserContext, Page
from test_desk_browser import (
    CHROMIUM,
    Served,
    chromium,
    context,
    found_by_axe,
    opened,
    overflow,
    reach,
    sign_in,
)

from pipeline.web import serving
from pipeline.web.explore import app

__all__ = ["chromium", "context"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
PAGES = (
    "/", "/lessons", "/lessons?least=99", "/themes", "/themes/D1", "/quotations?theme=D1",
    "/timeline", "/timeline?by=lesson", "/together", "/tables", "/reviews", "/reviews/r-bcdfgh",
    "/reviews/r-bcdfgh/text/2", "/search", "/help", "/accessibility", "/account", "/nowhere",
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A reading room that is served for real, at a port that was free."""
    with pytest.MonkeyPatch.context() as patch:
        workspace = learned(tmp_path_factory.mktemp("room"), patch, *many(40))
        listening = socket.create_server(("127.0.0.1", 0))
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        ready = serving.server(app.make(workspace.home, hosts=[host]), None, None)
        threading.Thread(target=serving.run, args=(ready, listening), daemon=True).start()
        yield Served(workspace, f"http://{host}")


def searched(page: Page, words: str) -> None:
    page.goto("/search")
    page.fill("#words", words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/*")


def cut_off(page: Page) -> list[str]:
    """The choices of a page that are narrower than their words."""
    wanted = (
        "all => all.filter(one => { const wide = one.offsetWidth;"
        " one.style.setProperty('width', 'auto', 'important');"
        " one.style.setProperty('max-width', 'none', 'important');"
        " const needed = one.offsetWidth; one.removeAttribute('style');"
        " return needed > wide + 1; }).map(one => one.id)"
    )
    return list(page.locator("select").evaluate_all(wanted))


def test_no_choice_is_cut_off(context: BrowserContext) -> None:
    page, _ = opened(context)
    sign_in(page, "Ray Holt")
    page.set_viewport_size({"width": 1280, "height": 900})
    for address in ("/tables", "/reviews", "/lessons"):
        page.goto(address)
        assert page.locator("select").count() > 1
        assert (address, cut_off(page)) == (address, [])


def test_every_page_is_accessible_and_fits_a_narrow_window(context: BrowserContext) -> None:
    page, heard = opened(context)
    page.goto("/sign-in")
    assert found_by_axe(page) == []
    sign_in(page, "Ray Holt")
    first = page.locator(".lesson h3 a").first.get_attribute("href")
    passage = page.locator(".lesson .source a.id").first.get_attribute("href")
    assert first
    assert passage
    searched(page, "information AND sharing")
    for address in (*PAGES, first, passage, page.url):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        assert (address, found_by_axe(page)) == (address, [])
        page.set_viewport_size({"width": 320, "height": 700})  # 1280 pixels at 400 %
        assert (address, overflow(page)) == (address, 0)
        assert page.locator("h1").count() == 1
    assert heard.said == []


def test_from_the_sign_in_to_a_passage_in_its_place_by_keyboard_alone(
    context: BrowserContext,
) -> None:
    page, heard = opened(context)
    sign_in(page, "Ray Holt")
    reach(page, "#words")
    page.keyboard.type('"information sharing" NEAR/9 school')
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/*")
    assert "information" not in page.url
    assert page.locator("blockquote mark").first.inner_text().lower() == "information"
    reach(page, ".quotation a.id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/passages/**")
    assert "information sharing" in page.locator("mark").first.inner_text()
    assert page.locator("mark").first.is_visible()
    reach(page, "main dd a[href^='/lessons/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons/*")
    reach(page, "a[href*='?year=']")
    page.keyboard.press("Enter")
    page.wait_for_url("**?year=*")
    assert heard.said == []


def test_a_mistake_in_a_query_is_told_beside_the_field(context: BrowserContext) -> None:
    page, _ = opened(context)
    sign_in(page, "Ray Holt")
    page.goto("/search")
    page.fill("#words", "(neglect AND")
    page.keyboard.press("Enter")
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.input_value("#words") == "(neglect AND"
    assert page.title().startswith("Error: ")
    assert found_by_axe(page) == []


def test_it_works_without_scripts(chromium: Browser, served: Served) -> None:
    plain = chromium.new_context(base_url=served.address, java_script_enabled=False)
    plain.set_default_timeout(15_000)
    page = plain.new_page()
    page.goto("/sign-in")
    page.fill("#name", "Ray Holt")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")
    searched(page, "school")
    page.locator(".facet a").first.click()
    page.wait_for_url("**/search/*?theme=*")
    page.go_back()
    page.goto("/lessons")
    page.select_option("#known", "known")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**known=known*")
    assert "lessons of" in page.locator("[role=status]").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV, for spreadsheets").click()
    assert download.value.suggested_filename == "candour-lessons.csv"
    plain.close()


def test_a_withdrawn_review_disappears_while_it_is_read(
    context: BrowserContext, served: Served
) -> None:
    page, _ = opened(context)
    sign_in(page, "Ray Holt")
    gone = APPROVED[2].review
    page.goto(f"/reviews/{gone}/text/2")
    assert "information sharing" in page.locator(".paper").inner_text()
    served.workspace.library.drop(gone)
    page.reload()
    assert page.locator("h1").inner_text() == "There is no such page"
    searched(page, "information sharing plain")
    assert gone not in page.content()
    assert DRAFT_WORD not in page.content().lower()


def test_a_page_prints_its_content_and_nothing_else(context: BrowserContext) -> None:
    page, _ = opened(context)
    sign_in(page, "Ray Holt")
    page.goto("/lessons")
    page.emulate_media(media="print")
    assert page.locator(".lesson").first.is_visible()
    for selector in (".top", ".foot", ".search", ".take"):
        assert not page.locator(selector).first.is_visible(), selector
