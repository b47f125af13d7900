"""The pictures of the guide to the review desk, made anew from the first sample review.

    python corpora/pictures.py --out docs/images

A browser goes through the desk as a reviewer and an approver would. Needs Chromium.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from pipeline.flow import intake
from pipeline.web import serving
from pipeline.web.desk import app

SAMPLE = Path(__file__).resolve().parent / "sample" / "01-scr-grace.pdf"
PASSWORD = "a long enough password"  # noqa: S105
WIDE = {"width": 1366, "height": 820}


def signed_in(browser: Browser, address: str, name: str) -> Page:
    """A page of somebody who has signed in."""
    page = browser.new_context(base_url=address, viewport=WIDE).new_page()  # type: ignore[arg-type]
    page.goto("/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    return page


def press(page: Page, key: str) -> None:
    """One key that takes a step."""
    edition = int(page.get_attribute("#desk", "data-edition") or "0")
    page.locator("#what[data-shown]").wait_for(state="attached")
    page.keyboard.press(key)
    page.locator(f'#desk[data-edition="{edition + 1}"]').wait_for(state="attached")


def settle(page: Page, review: str, out: Path) -> None:
    """Go through the queue; pictures of the desk, of a card and of what is left."""
    page.goto(f"/reviews/{review}/desk")
    for _ in range(6):
        press(page, "a")
    page.locator("#pub-state:empty").wait_for(state="attached")
    page.wait_for_timeout(800)
    page.screenshot(path=out / "desk.png")
    page.locator("#queue").screenshot(path=out / "card.png")
    pictured = False
    while page.locator("#what").count():
        what = page.get_attribute("#what", "data-what")
        if what == "left" and not pictured:
            page.wait_for_timeout(800)
            page.locator("#queue").screenshot(path=out / "left.png")
            pictured = True
        press(page, "1" if what == "line" else "a")


def approve(page: Page, review: str, out: Path) -> bytes:
    """Read, answer and approve; pictures of the checklist. What is published comes back."""
    page.goto(f"/reviews/{review}/approve")
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    page.check("#family-told")
    page.check("#names-none")
    page.fill("#signatory", "The chair of the partnership, 3 November")
    page.locator("#checklist").scroll_into_view_if_needed()
    page.locator("form[method=post][action$=approve]").screenshot(path=out / "checklist.png")
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url("**done=approved*", timeout=120_000)
    page.goto(f"/reviews/{review}/publish")
    with page.expect_download(timeout=120_000) as download:
        page.get_by_role("button", name="Publish").click()
    return Path(download.value.path()).read_bytes()


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not installed.")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="candour-pictures-") as made:
        folder = Path(made)
        os.environ["CANDOUR_KEY_FILE"] = str(folder / "keys" / "master.key")
        workspace = intake.init(folder / "home")
        intake.add_user(workspace, "Jo Marsh", "reviewer", password=PASSWORD)
        intake.add_user(workspace, "Sam Vale", "approver", password=PASSWORD)
        review = str(next(intake.ingest(workspace, [SAMPLE]))["review"])
        listening = socket.create_server(("127.0.0.1", 0))
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        ready = serving.server(app.make(workspace.home, hosts=[host]), None, None)
        threading.Thread(target=serving.run, args=(ready, listening), daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            settle(signed_in(browser, f"http://{host}", "Jo Marsh"), review, out)
            packed = approve(signed_in(browser, f"http://{host}", "Sam Vale"), review, out)
            with zipfile.ZipFile(io.BytesIO(packed)) as files:
                files.extractall(folder / "published")
            (html,) = (folder / "published").glob("*.html")
            page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
            page.goto(html.as_uri())
            page.locator("main h2", has_text="Executive summary").scroll_into_view_if_needed()
            page.mouse.wheel(0, 500)
            page.wait_for_timeout(300)
            page.screenshot(path=out / "published.png")
            browser.close()


if __name__ == "__main__":
    main()
