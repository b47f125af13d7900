"""How long a release takes, and whether its site works from a folder.

    python benchmarks/release.py --reviews 12 --seed 417
    python benchmarks/release.py --reviews 12 --long --seed 417

Invented reviews of the second bank of wordings are taken in with the models that ship, settled as
they are proposed, approved and learned from; none of that is measured. `--long`
tells each case three times, by several authors and at length. Then they are released, and
Chromium opens the site from its folder and searches it. Measured are the seconds of work of the
release (processor time of this process) and those on the clock, and those of the search. The exit
status is 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from pipeline.flow import intake, learning, releasing, settling
from pipeline.safe import release as nouns
from pipeline.store.workspace import Workspace
from pipeline.training import compose, corpus
from pipeline.training.accepting import accept_open
from pipeline.training.compose import Order

BAR_SECONDS = 60.0
QUARTER = "2009Q1"
QUERY = '"information sharing" OR neglect*'


def write(folder: Path, reviews: int, long: bool, seed: int) -> list[Path]:
    """Files of invented reviews, short or long."""
    folder.mkdir(parents=True)
    paths = []
    for number in range(reviews):
        order = Order(bank=2, seed=f"{seed}/{number:03d}", size=6.0 if long else 1.0)
        parts = [compose.review(order)]
        parts += [compose.retold(order, bank, 1.0) for bank in (1, 2) if long]
        written = "\n\n".join(corpus.text_of(one, order.seed)[0].text for one in parts)
        path = folder / f"{number:03d}.txt"
        path.write_text(written, encoding="utf-8")
        paths.append(path)
    return paths


def settled(workspace: Workspace, review: str) -> None:
    """As it was proposed, and approved by another."""
    content = settling.export(workspace, review, as_name="Jo")
    accept_open(content)
    settling.decide(workspace, review, content, as_name="Jo")
    settling.approve(workspace, review, "public", as_name="Sam")


def made(folder: Path, options: argparse.Namespace) -> Workspace:
    """The workspace with its approved reviews."""
    os.environ["CANDOUR_KEY_FILE"] = str(folder / "keys" / "master.key")
    workspace = intake.init(folder / "home")
    intake.add_user(workspace, "Jo", "reviewer")
    intake.add_user(workspace, "Sam", "approver")
    paths = write(folder / "in", options.reviews, options.long, options.seed)
    for row in intake.ingest(workspace, paths):
        settled(workspace, str(row["review"]))
        print(f"  {row['review']} approved", flush=True)
    learning.learn(workspace)
    return workspace


def searched(folder: Path) -> tuple[float, int]:
    """The seconds until the first search answers, the site opened from its folder; its hits."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((folder / "index.html").as_uri())
        page.fill("#words", QUERY)
        start = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_selector("#hits > li")
        seconds = time.perf_counter() - start
        hits = page.locator("#hits > li").count()
        browser.close()
    return seconds, hits


def measure(folder: Path, options: argparse.Namespace) -> bool:
    """Prints what the release took; whether the bar is met."""
    workspace = made(folder, options)
    work, clock = time.process_time(), time.perf_counter()
    done = releasing.release(workspace, QUARTER, "public", folder / "out", as_name="Sam")
    work, clock = time.process_time() - work, time.perf_counter() - clock
    target = Path(str(done["folder"]))
    texts = [path.read_text("utf-8") for path in (target / nouns.TEXTS).glob("*.txt")]
    words = sum(len(text.split()) for text in texts)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    search, hits = searched(target)
    good = work <= BAR_SECONDS and hits > 0
    print(f"{done['reviews']} reviews, {words} words, {done['files']} files, {size / 1e6:.1f} MB")
    print(f"released in {work:.1f} s of work, {clock:.1f} s on the clock, bar {BAR_SECONDS:g} s")
    print(f"the first search in Chromium, index and all: {search:.2f} s, {hits} hits shown")
    print("met" if good else "MISSED")
    return good


def main(argv: list[str]) -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--reviews", type=int, default=12)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--seed", type=int, default=417)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        return 0 if measure(Path(folder), options) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
