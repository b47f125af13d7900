"""The pictures of the guide to the digest, made anew from invented reviews.

    python corpora/digest_pictures.py --out docs/images

Sixty reviews of the generator; what its gold says is to be hidden is replaced by the kind of it.
Needs Chromium. `--digest DIR` keeps the digest as a page and as a PDF.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from pipeline.door import facts
from pipeline.flow import digesting, intake, learning
from pipeline.raw.readers import text
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeText
from pipeline.store.workspace import Workspace
from pipeline.training import compose, corpus, gold
from pipeline.training.compose import Order

REVIEWS, SEED = 60, "digest"
PERIOD = ("2016", "2020")
WIDE = {"width": 1000, "height": 900}


def rows() -> Iterator[Mapping[str, Any]]:
    """The gold of each review."""
    for number in range(1, REVIEWS + 1):
        order = Order(bank=1, seed=f"{SEED}/{number:04d}", invented=True)
        report = compose.review(order)
        written, _ = corpus.text_of(report, order.seed)
        yield gold.row(report, written, file=f"{report.stem}.txt", exact=True)


def hidden(row: Mapping[str, Any]) -> str:
    """The text with a label for whatever its gold hides or makes coarse."""
    whole, parts, at = row["text"], [], 0
    for span in sorted(row["spans"], key=lambda span: span["start"]):
        if span["action"] != "keep" and span["start"] >= at:
            parts += [whole[at : span["start"]], f"[{span['kind'].lower()}]"]
            at = span["end"]
    return "".join([*parts, whole[at:]])


def safe(row: Mapping[str, Any], number: int) -> SafeDocument:
    """A review as an approved text."""
    stated = facts.stated(text.from_string(row["text"], name=row["file"]))
    read = text.from_string(hidden(row), name="review.txt")
    blocks = tuple(
        SafeBlock(b.kind, b.page, b.span, b.number, b.level, b.rows)
        for b in read.blocks
        if b.span is not None
    )
    told = replace(stated, year=str(row["year"]))
    return SafeDocument(
        f"r-{number:03}", "public", SafeText(read.text), blocks, facts=told, draft=False
    )


def pictures(page: Page, out: Path) -> None:
    """The top, the chart of themes, two themes by year, the training needs."""
    page.screenshot(path=out / "digest.png")
    parts = (
        ("digest-themes", '[aria-labelledby="themes"] .chart'),
        ("digest-years", '[aria-labelledby="years"] .whole'),
    )
    for name, where in parts:
        page.locator(where).first.screenshot(path=out / f"{name}.png")


def library(workspace: Workspace) -> None:
    """Put the reviews into the library and learn from them."""
    rng = random.Random(SEED)
    made = [safe(row, number) for number, row in enumerate(rows(), start=1)]
    for document in rng.sample(made, len(made)):
        workspace.library.put_document(document)
    learning.learn(workspace)


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--digest", type=Path)
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not installed.")
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="candour-digest-") as made:
        folder = Path(made)
        os.environ["CANDOUR_KEY_FILE"] = str(folder / "keys" / "master.key")
        workspace = intake.init(folder / "home")
        library(workspace)
        file = folder / "digest.html"
        file.write_bytes(digesting.digest(workspace, *PERIOD))
        if options.digest is not None:
            shutil.copy(file, options.digest)
            pdf = digesting.digest(workspace, *PERIOD, pdf=True)
            (options.digest / "digest.pdf").write_bytes(pdf)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
            page.goto(file.as_uri())
            pictures(page, options.out)
            browser.close()


if __name__ == "__main__":
    main()
