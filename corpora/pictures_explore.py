"""The pictures of the guide to the reading room, made anew from the sample reviews.

    python corpora/pictures_explore.py --out docs/images

The samples are invented. Nobody settles them here: what is proposed stands for what a person
would have approved. A browser then goes through the reading room as a researcher would. Needs
Chromium.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from pipeline.flow import intake, learning
from pipeline.store.workspace import Workspace
from pipeline.web import serving
from pipeline.web.explore import app

SAMPLE = Path(__file__).resolve().parent / "sample"
FORMATS = {".pdf", ".docx", ".txt"}
NAME, PASSWORD = "Ray Holt", "a long enough password"
WIDE = {"width": 1180, "height": 860}
QUERY = '"information sharing" OR (share* NEAR/4 information)'


def learned(folder: Path) -> Workspace:
    """A workspace of the sample reviews, as if each were approved as it is proposed."""
    workspace = intake.init(folder / "home")
    files = sorted(path for path in SAMPLE.iterdir() if path.suffix in FORMATS)
    list(intake.ingest(workspace, files))
    return as_approved(workspace)


def as_approved(workspace: Workspace) -> Workspace:
    """The workspace with its drafts as approved texts, learned from, and with a researcher."""
    for document in list(workspace.library.documents(include_drafts=True)):
        workspace.library.put_document(replace(document, draft=False))
    learning.learn(workspace)
    intake.add_user(workspace, NAME, "researcher", password=PASSWORD)
    return workspace


def take(page: Page, out: Path) -> None:
    """The four pictures: the start, a lesson, a passage in its place, and themes over time."""
    page.goto("/sign-in")
    page.fill("#name", NAME)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.screenshot(path=out / "explore.png")
    page.goto("/lessons?least=2")
    page.locator(".lesson a").first.click()
    page.wait_for_url("**/lessons/*")
    page.screenshot(path=out / "explore-lesson.png")
    page.goto("/search")
    page.fill("#words", QUERY)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/*")
    page.locator(".quotation a.id").first.click()
    page.wait_for_url("**/passages/**")
    page.screenshot(path=out / "explore-passage.png")
    page.goto("/timeline")
    page.screenshot(path=out / "explore-timeline.png")


def pictures(workspace: Workspace, out: Path) -> None:
    """Serve the reading room of a workspace, and take its pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed.")
    out.mkdir(parents=True, exist_ok=True)
    listening = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    ready = serving.server(app.make(workspace.home, hosts=[host]), None, None)
    threading.Thread(target=serving.run, args=(ready, listening), daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(base_url=f"http://{host}", viewport=WIDE)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        take(context.new_page(), out)
        browser.close()


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory(prefix="candour-pictures-") as made:
        os.environ["CANDOUR_KEY_FILE"] = str(Path(made) / "keys" / "master.key")
        pictures(learned(Path(made)), out)


if __name__ == "__main__":
    main()
