"""The review desk in a browser: every key, a miss marked in the text, and what axe finds."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from desk_parts import PASSWORD, made
from flow_parts import CANARIES, propose, write_reports
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from test_desk_browser import CHROMIUM, found_by_axe, opened, overflow, sign_in

from pipeline.flow import intake, proposing, versions
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web import serving
from pipeline.web.desk import app

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
MOTHER, FATHER, SCHOOL = CANARIES


@dataclass
class Sitting:
    """Somebody at the desk with one report."""

    workspace: Workspace
    review: str
    page: Page
    said: list[str]

    @property
    def desk(self) -> Locator:
        return self.page.locator("#desk")

    def edition(self) -> int:
        return int(self.desk.get_attribute("data-edition") or "-1")

    def press(self, key: str) -> None:
        """A key that takes a step, once what must be read was on the screen."""
        before = self.edition()
        if key == "a":
            self.page.locator("#what[data-shown]").wait_for(state="attached")
        self.page.keyboard.press(key)
        self.at(before + 1)

    def at(self, edition: int) -> None:
        self.page.locator(f'#desk[data-edition="{edition}"]').wait_for(state="attached")

    def title(self) -> str:
        return self.page.inner_text("#item-title")

    def go_to(self, name: str) -> None:
        """Turn to a card with N alone."""
        for _ in range(40):
            if self.title() == name:
                return
            place = self.page.get_attribute("#what", "data-place")
            self.page.keyboard.press("n")
            self.page.locator(f'#what:not([data-place="{place}"])').wait_for(state="attached")
        raise AssertionError(f"no card is called {name}")

    def published(self) -> str:
        self.page.locator("#pub-state:empty").wait_for(state="attached")
        return " ".join(self.page.locator(".pub").all_inner_texts())


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def sitting(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chromium: Browser,
) -> Iterator[Sitting]:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = made(tmp_path)
    (path,) = write_reports(tmp_path / "in", 1)
    # A place that nothing proposes.
    path.write_text(path.read_text("utf-8") + "\nThe panel met in Zorbelton twice.\n", "utf-8")
    more = getattr(request, "param", "")
    path.write_text(f"{path.read_text('utf-8')}\n{more}\n", "utf-8")
    review = str(next(intake.ingest(workspace, [path]))["review"])
    listening = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    ready = serving.server(app.make(workspace.home, hosts=[host]), None, None)
    threading.Thread(target=serving.run, args=(ready, listening), daemon=True).start()
    context = chromium.new_context(
        base_url=f"http://{host}", locale="en-GB", viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(20_000)
    page, heard = opened(context)
    sign_in(page, "Rhee Vale")
    page.goto(f"/reviews/{review}/desk")
    page.locator("#pub-state:empty").wait_for(state="attached")
    yield Sitting(workspace, review, page, heard.said)
    context.close()
    ready.should_exit = True


def test_a_card_a_key_and_the_next_one_comes(sitting: Sitting) -> None:
    names = []
    for key in ("a", "r", "a"):
        names.append(sitting.title())
        sitting.press(key)
    assert sorted(names) == sorted(CANARIES)
    assert sitting.page.inner_text("#said").startswith("Decided. 3 of ")
    text = sitting.published()
    assert names[1] in text
    assert names[0] not in text
    assert sitting.page.locator(".src mark.stay").count() > 0
    assert sitting.said == []


def test_the_whole_report_is_settled_with_one_key_for_each_thing(sitting: Sitting) -> None:
    every = int(sitting.page.get_attribute("#new-progress", "data-all") or "0")
    assert every > 3
    for _ in range(every):
        sitting.press("a")
    assert sitting.title() == "Nothing is open"
    assert sitting.workspace.register.row(sitting.review).state is State.SETTLED
    assert sitting.edition() == every


def test_undo_and_redo_take_every_step_back_and_forth(sitting: Sitting) -> None:
    for key in ("a", "r", "a", "u", "u", "u", "y", "y"):
        sitting.press(key)
    assert "2 of" in sitting.page.inner_text("#counts")
    sitting.press("u")
    sitting.press("u")
    sitting.page.keyboard.press("u")
    sitting.page.locator(".fault").wait_for()
    assert "nothing to take back" in sitting.page.inner_text(".fault")


def test_next_and_previous_turn_without_deciding(sitting: Sitting) -> None:
    first = sitting.title()
    sitting.page.keyboard.press("n")
    sitting.page.locator('#what[data-place="1"]').wait_for(state="attached")
    assert sitting.title() != first
    sitting.page.keyboard.press("p")
    sitting.page.locator('#what[data-place="0"]').wait_for(state="attached")
    sitting.page.keyboard.press("p")
    last = int(sitting.page.get_attribute("#new-progress", "data-all") or "0") - 1
    sitting.page.locator(f'#what[data-place="{last}"]').wait_for(state="attached")
    assert sitting.edition() == 0


def test_a_label_of_ones_own(sitting: Sitting) -> None:
    sitting.go_to(MOTHER)
    sitting.page.keyboard.press("l")
    sitting.page.locator("#dialog-label[open]").wait_for()
    sitting.page.keyboard.type("foster carer")
    sitting.page.keyboard.press("Enter")
    sitting.at(1)
    assert "[foster carer]" in sitting.published()


def test_bounds_are_moved_with_the_arrows(sitting: Sitting) -> None:
    sitting.go_to(MOTHER)
    sitting.page.keyboard.press("e")
    sitting.page.locator("#dialog-bounds[open]").wait_for()
    assert sitting.page.inner_text("#bounds-now") == f"The name: {MOTHER}"
    sitting.page.locator("#bounds-text").focus()
    sitting.page.keyboard.press("Shift+ArrowLeft")
    assert sitting.page.inner_text("#bounds-now") == f"The name: saw {MOTHER}"
    sitting.page.keyboard.press("Shift+ArrowRight")
    sitting.page.keyboard.press("ArrowLeft")
    given = MOTHER.split()[0]
    assert sitting.page.inner_text("#bounds-now") == f"The name: {given}"
    sitting.page.get_by_role("button", name="Move the bounds").press("Enter")
    sitting.at(1)
    assert f"[mother] {MOTHER.split()[1]}" in sitting.published()


def test_a_miss_is_marked_in_the_report_and_hidden_everywhere(sitting: Sitting) -> None:
    cell = sitting.page.locator(".src [data-s]", has_text="supported by her sister")
    cell.evaluate(
        """cell => {
          const node = Array.from(cell.childNodes).find(n => n.textContent.includes("sister"));
          const text = node.textContent, at = text.indexOf("her sister");
          const range = document.createRange();
          range.setStart(node, at); range.setEnd(node, at + 10);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    sitting.page.keyboard.press("h")
    sitting.page.locator("#dialog-miss[open]").wait_for()
    assert sitting.page.input_value("#miss-words") == "her sister"
    sitting.page.get_by_role("button", name="Hide it everywhere").press("Enter")
    sitting.at(1)
    assert "sister" not in sitting.published()


def test_a_miss_is_typed_as_a_name_of_a_card(sitting: Sitting) -> None:
    sitting.page.keyboard.press("h")
    sitting.page.locator("#dialog-miss[open]").wait_for()
    sitting.page.fill("#miss-words", "health visitor")
    sitting.page.select_option("#miss-card", "i2")
    assert sitting.page.input_value("#miss-kind") == "PERSON"
    sitting.page.get_by_role("button", name="Hide it everywhere").press("Enter")
    sitting.at(1)
    text = sitting.published()
    assert "health visitor" not in text
    assert text.count("[father]") == 6


def test_what_is_left_and_should_not_be_is_hidden_with_one_key(sitting: Sitting) -> None:
    sitting.go_to("Zorbelton")
    assert "Zorbelton" in sitting.published()
    sitting.press("r")
    assert "Zorbelton" not in sitting.published()
    sitting.press("u")
    assert "Zorbelton" in sitting.published()


def test_two_cards_are_made_one_and_split_again(sitting: Sitting) -> None:
    sitting.go_to(MOTHER)
    sitting.page.keyboard.press("m")
    sitting.page.locator("#dialog-merge[open]").wait_for()
    sitting.page.select_option("#merge-into", "i2")
    sitting.page.get_by_role("button", name="Make them one").press("Enter")
    sitting.at(1)
    assert sitting.page.locator("#what[data-card=i2]").count() == 1
    assert "[mother]" not in sitting.published()
    sitting.page.keyboard.press("x")
    sitting.page.locator("#dialog-mentions[open]").wait_for()
    sitting.page.get_by_label(re.compile(f"^ ?{MOTHER}")).check()
    sitting.page.get_by_role("button", name="Split off").press("Enter")
    sitting.at(2)
    assert "[person]" in sitting.published()


def test_a_single_place_is_an_exception(sitting: Sitting) -> None:
    sitting.go_to(SCHOOL)
    sitting.press("a")
    sitting.go_to(SCHOOL)
    sitting.page.keyboard.press("x")
    sitting.page.locator("#dialog-mentions[open]").wait_for()
    sitting.page.get_by_role("button", name="Stay place 1").press("Enter")
    sitting.at(2)
    sitting.page.keyboard.press("Escape")
    assert sitting.published().count(SCHOOL) == 1
    sitting.page.locator("#item-title").wait_for()
    assert "1 exception" in sitting.page.inner_text("#item")


def test_a_decision_is_opened_again_and_the_desk_resumes_there(sitting: Sitting) -> None:
    first = sitting.title()
    sitting.press("a")
    second = sitting.title()
    sitting.page.reload()
    assert sitting.title() == second
    sitting.page.keyboard.press("p")
    sitting.page.locator('#what[data-place="0"]').wait_for(state="attached")
    sitting.press("o")
    sitting.page.reload()
    assert sitting.title() == first


def test_nothing_is_accepted_before_its_mentions_were_on_the_screen(sitting: Sitting) -> None:
    sitting.page.set_viewport_size({"width": 1366, "height": 420})
    sitting.page.reload()
    sitting.page.locator("#item-title").wait_for()
    sitting.page.keyboard.press("a")
    sitting.page.locator(".fault").wait_for()
    assert "Read the mentions first" in sitting.page.inner_text(".fault")
    assert sitting.edition() == 0
    sitting.press("a")


def test_in_a_narrow_window_the_card_comes_first_and_each_pane_is_called_what_it_is(
    sitting: Sitting,
) -> None:
    page = sitting.page
    page.set_viewport_size({"width": 400, "height": 800})
    page.reload()
    page.locator("#what[data-shown]").wait_for(state="attached")
    page.locator("mark.now").first.wait_for(state="attached")
    page.wait_for_timeout(300)
    assert page.evaluate("window.scrollY") == 0
    heads = page.locator(".row.head h2")
    assert [heads.nth(n).is_visible() for n in range(2)] == [True, True]
    sitting.press("a")
    assert overflow(page) == 0
    assert sitting.said == []


def test_single_keys_can_be_turned_off(sitting: Sitting) -> None:
    sitting.page.keyboard.press("?")
    sitting.page.locator("#dialog-keys[open]").wait_for()
    assert found_by_axe(sitting.page) == []
    sitting.page.locator("#keys-on").uncheck()
    sitting.page.keyboard.press("Escape")
    first = sitting.title()
    sitting.page.keyboard.press("n")
    sitting.page.keyboard.press("r")
    sitting.page.get_by_role("button", name="Keys").click()
    sitting.page.locator("#keys-on").check()
    sitting.page.keyboard.press("Escape")
    assert (sitting.title(), sitting.edition()) == (first, 0)
    sitting.press("r")


def test_a_key_pressed_before_a_closed_dialog_is_drawn_away_is_heard(sitting: Sitting) -> None:
    """On a busy machine the focus is still on a field of the dialog when the next key comes."""
    page = sitting.page
    page.keyboard.press("l")
    page.locator("#dialog-label[open]").wait_for()
    page.evaluate(
        """() => {
            const field = document.querySelector("#dialog-label input");
            field.focus();
            document.querySelector("#dialog-label").close();
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "h", bubbles: true }));
        }"""
    )
    page.locator("#dialog-miss[open]").wait_for()
    page.keyboard.press("l")
    assert page.locator("dialog[open]").count() == 1
    assert sitting.said == []


def test_axe_finds_nothing_on_the_pages_of_a_review(sitting: Sitting) -> None:
    page = sitting.page
    assert found_by_axe(page) == []
    for key, name in (
        ("l", "label"),
        ("e", "bounds"),
        ("h", "miss"),
        ("m", "merge"),
        ("x", "mentions"),
    ):
        page.keyboard.press(key)
        page.locator(f"#dialog-{name}[open]").wait_for()
        assert (name, found_by_axe(page)) == (name, [])
        page.keyboard.press("Escape")
        page.locator(f"#dialog-{name}:not([open])").wait_for(state="attached")
    while page.locator("#what").count():
        sitting.press("a")
    assert found_by_axe(page) == []
    for width in (1366, 400):
        page.set_viewport_size({"width": width, "height": 768})
        page.reload()
        assert (width, overflow(page)) == (width, 0)
    page.context.clear_cookies()
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, "Ada Marsh")
    who = sitting.workspace.accounts.sign_in("Rhee Vale", PASSWORD)
    later = (
        write_reports(Path(str(sitting.workspace.home)).parent / "later", 1, 4)[0]
    ).read_bytes()
    for part in ("approve", "publish", "desk", "versions", "withdraw", "compare"):
        if part == "compare":
            versions.receive_bytes(
                sitting.workspace, sitting.review, later, "later.txt", sender="x", as_name=who
            )
        page.goto(f"/reviews/{sitting.review}/{part}")
        assert (part, found_by_axe(page)) == (part, [])
    assert sitting.said == []
