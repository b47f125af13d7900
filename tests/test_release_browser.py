"""The site of a release in Chromium, from its folder, without a server: search, facets, access."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from release_parts import MARKS, opened, pattern
from test_desk_browser import CHROMIUM, chromium, found_by_axe, overflow, reach

from pipeline.safe import release as nouns

__all__ = ["chromium", "pattern"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@dataclass(frozen=True)
class Site:
    """A release's folder, and its paragraphs as (id, anchor, text)."""

    folder: Path
    paragraphs: tuple[tuple[str, str, str], ...]

    def address(self, name: str) -> str:
        return (self.folder / name).as_uri()


@pytest.fixture(scope="module")
def site(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    with pytest.MonkeyPatch.context() as patch:
        five = opened(pattern, tmp_path_factory.mktemp("site"), patch)
        five.release()
    made = []
    for path in sorted((five.folder() / "texts").glob("cr-????????.json")):
        one = nouns.report(path.read_bytes())
        made += [(one.id, p.anchor, p.text) for p in one.paragraphs]
    return Site(five.folder(), tuple(made))


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB")
    context.set_default_timeout(15_000)
    made = context.new_page()
    heard: list[str] = []
    made.on("console", lambda message: heard.append(message.text))
    made.on("pageerror", lambda error: heard.append(str(error)))
    made.on("request", lambda sent: heard.append(sent.url) if sent.url[:5] != "file:" else None)
    made.goto(site.address("index.html"))
    yield made
    assert heard == []
    context.close()


def hits(page: Page, query: str) -> list[tuple[str, str, str]]:
    """What a query finds: text, place and words of each hit."""
    page.fill("#words", query)
    page.keyboard.press("Enter")
    while page.locator("#more").is_visible():
        page.click("#more")
    found = []
    for item in page.locator("#hits > li").all():
        where = str(item.locator("a").get_attribute("href"))
        one, _, anchor = where.removeprefix("texts/").partition(".html#")
        found.append((one, anchor, str(item.locator(".words").text_content())))
    return found


def words(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.lower())) + " "


QUERIES: dict[str, Callable[[str], bool]] = {
    MARKS[1]: lambda t: f" {MARKS[1]} " in t,
    "umbrellas OR lanterns": lambda t: " umbrellas " in t or " lanterns " in t,
    '"information sharing"': lambda t: " information sharing " in t,
    '"sharing information"': lambda t: " sharing information " in t,
    "information AND school": lambda t: " information " in t and " school " in t,
    "information school": lambda t: " information " in t and " school " in t,
    "inform*": lambda t: " inform" in t,
    '"lack of inf*"': lambda t: " lack of inf " in t,
    "information NOT school": lambda t: " information " in t and " school " not in t,
    "(lanterns OR thimbles) AND nobody": lambda t: (
        " nobody " in t and (" lanterns " in t or " thimbles " in t)
    ),
    "NOT (information OR nobody)": lambda t: " information " not in t and " nobody " not in t,
    "HEALTH-visitor": lambda t: " health visitor " in t,
    "and": lambda t: " and " in t,
    "zebra": lambda t: False,
}


@pytest.mark.parametrize("query", QUERIES)
def test_search_finds_what_an_exact_scan_finds(page: Page, site: Site, query: str) -> None:
    found = hits(page, query)
    expected = [
        (one, anchor) for one, anchor, text in site.paragraphs if QUERIES[query](words(text))
    ]
    assert [(one, anchor) for one, anchor, _ in found] == expected
    texts = {(one, anchor): text for one, anchor, text in site.paragraphs}
    assert all(words_ in texts[one, anchor] for one, anchor, words_ in found)
    assert page.url == site.address("index.html")


@pytest.mark.parametrize(
    "query", ['"open', "(lanterns", "lanterns)", "AND lanterns", "lanterns OR", "NOT", "a*b", "*"]
)
def test_a_mistake_is_told_beside_the_field(page: Page, query: str) -> None:
    page.fill("#words", query)
    page.keyboard.press("Enter")
    assert page.inner_text("#mistake")
    assert page.evaluate("document.activeElement.id") == "words"
    assert page.get_attribute("#words", "aria-invalid") == "true"
    assert page.locator("#hits > li").count() == 0


def test_a_hit_leads_to_its_paragraph_by_keyboard(page: Page, site: Site) -> None:
    reach(page, "#words")
    page.keyboard.type(MARKS[3])
    page.keyboard.press("Enter")
    assert page.locator("#hits mark").inner_text() == MARKS[3]
    reach(page, "#hits a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/texts/**")
    target = page.locator(":target")
    assert MARKS[3] in target.inner_text()
    assert target.is_visible()


def test_facets_count_reviews_and_narrow_both_lists(page: Page, site: Site) -> None:
    data = json.loads((site.folder / nouns.DATA).read_text(encoding="utf-8"))
    code, title = data["themes"][0]
    own = {one["id"] for one in data["reports"] if code in one["themes"]}
    option = page.locator(f"#theme option[value={code}]")
    assert option.inner_text() == f"{title} ({len(own)})"
    page.select_option("#theme", code)
    shown = {one.get_attribute("id") for one in page.locator("#list > li:visible").all()}
    assert shown == own
    found = hits(page, "information OR nobody")
    assert {one for one, _, _ in found} <= own
    total = sum(
        int(re.findall(r"\((\d+)\)", text)[0])
        for text in page.locator("#year option:not([value=''])").all_inner_texts()
    )
    assert total == len({one for one, _, _ in found})
    page.click("button[type=reset]")
    page.wait_for_selector("#hits > li", state="detached")
    assert page.locator("#list > li:visible").count() == len(data["reports"])


def test_every_page_is_accessible_fits_a_phone_and_prints(chromium: Browser, site: Site) -> None:
    page = chromium.new_page(locale="en-GB")  # axe itself asks for the style sheet, in vain
    first = site.paragraphs[0][0]
    for name in ("index.html", "lessons.html", f"texts/{first}.html"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(site.address(name))
        page.emulate_media(media="screen")
        assert (name, found_by_axe(page)) == (name, [])
        page.set_viewport_size({"width": 320, "height": 700})
        assert (name, overflow(page)) == (name, 0)
        assert page.locator("h1").count() == 1
    page.goto(site.address("index.html"))
    hits(page, "information")
    assert found_by_axe(page) == []
    page.emulate_media(media="print")
    assert not page.locator("#ask").is_visible()
    assert page.locator("#list h3").first.is_visible()
    page.close()


def test_it_reads_without_scripts(chromium: Browser, site: Site) -> None:
    plain = chromium.new_context(java_script_enabled=False)
    made = plain.new_page()
    made.goto(site.address("index.html"))
    assert made.locator("#no-scripts").is_visible()
    assert not made.locator("#ask").is_visible()
    made.locator("#list a").first.click()
    made.wait_for_url("**/texts/**")
    made.go_back()
    made.locator("nav a[href='lessons.html']").click()
    made.locator(".source a").first.click()
    assert made.locator(":target").is_visible()
    plain.close()
