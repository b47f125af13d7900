"""The pictures of the guide to releases, made anew from the sample reviews.

    python corpora/pictures_release.py --out docs/images

The samples are invented. What is proposed is accepted here without a look, as nobody may do with
a real report. They are released, and Chromium opens the site from its folder.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from pipeline.flow import intake, learning, releasing, settling
from pipeline.store.workspace import Workspace
from pipeline.training.accepting import accept_open

SAMPLE = Path(__file__).resolve().parent / "sample"
FORMATS = {".pdf", ".docx", ".txt"}
QUARTER = "2009Q1"
WIDE, NARROW = {"width": 980, "height": 900}, {"width": 390, "height": 760}
QUERY = '"information sharing" OR neglect*'


def released(folder: Path) -> Path:
    """The folder of a release of the sample reviews."""
    workspace = intake.init(folder / "home")
    intake.add_user(workspace, "Jo", "reviewer")
    intake.add_user(workspace, "Sam", "approver")
    files = sorted(path for path in SAMPLE.iterdir() if path.suffix in FORMATS)
    for row in intake.ingest(workspace, files):
        approved(workspace, str(row["review"]))
    learning.learn(workspace)
    done = releasing.release(workspace, QUARTER, "public", folder / "out", as_name="Sam")
    return Path(str(done["folder"]))


def approved(workspace: Workspace, review: str) -> None:
    """One review, as it was proposed."""
    content = settling.export(workspace, review, as_name="Jo")
    accept_open(content)
    settling.decide(workspace, review, content, as_name="Jo")
    settling.approve(workspace, review, "public", as_name="Sam")


def take(page: Page, site: Path, out: Path) -> None:
    """The three pictures: a search, the lessons, and the list of reviews on a phone."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto((site / "index.html").as_uri())
    page.fill("#words", QUERY)
    page.keyboard.press("Enter")
    page.locator("#ask").evaluate("form => form.scrollIntoView()")
    page.screenshot(path=out / "release-search.png")
    page.goto((site / "lessons.html").as_uri())
    page.screenshot(path=out / "release-lessons.png")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto((site / "index.html").as_uri())
    page.locator("#reviews").evaluate("heading => heading.scrollIntoView()")
    page.screenshot(path=out / "release-phone.png")


def main() -> None:
    """Make the pictures, of a release that is made for them or of one that is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--site", type=Path, help="The folder of a release of the samples.")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed.")
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="candour-pictures-") as made, sync_playwright() as play:
        os.environ["CANDOUR_KEY_FILE"] = str(Path(made) / "keys" / "master.key")
        site = (options.site or released(Path(made))).resolve()
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser.new_page(), site, options.out)
        browser.close()


if __name__ == "__main__":
    main()
