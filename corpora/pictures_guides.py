"""The pictures of the guides to the register, to batches and of the administrator.

    python corpora/pictures_guides.py --out docs/images

A browser goes through the register at the desk as the officer of an invented body would; what the
commands print is set as a terminal shows it. All reviews are invented. Needs Chromium.
"""

from __future__ import annotations

import argparse
import html
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from pipeline.flow import intake
from pipeline.web import serving
from pipeline.web.desk import app

SAMPLE = Path(__file__).resolve().parent / "sample"
FORMATS = {".pdf", ".docx", ".txt"}
FEW = 6
NAME, PASSWORD = "Jo Marsh", "a long enough password"
WIDE = {"width": 1180, "height": 940}
SHEET = (
    "Board,Subject,Type,Author,Judgement,Date of evaluation,Expected\n"
    "Marl Safeguarding Board,Child A,SCR,not stated,Inadequate,30/11/2025,\n"
    "Marl Safeguarding Board,Child B,SCR,,Good,1 December 2025,\n"
    "Marl Safeguarding Board,Child D,SCR,,,,31/01/2026\n"
    "Penn Vale Safeguarding Board,Adult 3,SAR,,,,31/03/2026\n"
)
COLUMNS = "104"  # of a terminal, so that the picture can be read on a page
STYLE = (
    "body{margin:0;background:#fff}"
    "pre{display:inline-block;margin:0;padding:18px 22px;background:#16212b;color:#e8eef2;"
    "font:14px/1.17 'DejaVu Sans Mono',monospace}"
)


def candour(*words: str, folder: Path | None = None) -> str:
    """What a command prints, on both of its ways out, below the command itself."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        env={**os.environ, "PYTHONPATH": str(SAMPLE.parent.parent), "COLUMNS": COLUMNS},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return f"$ candour {' '.join(words)}\n{done.stdout}"


def terminal(browser: Browser, said: str, path: Path) -> None:
    """A picture of what a terminal showed."""
    page = browser.new_page(viewport={"width": 1500, "height": 900})
    page.set_content(f"<style>{STYLE}</style><pre>{html.escape(said.strip())}</pre>")
    page.locator("pre").screenshot(path=path)
    page.close()


def browse(page: Page, out: Path) -> None:
    """The start, the register, what is missing and what is due, at the desk."""
    page.goto("/sign-in")
    page.fill("#name", NAME)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.screenshot(path=out / "start.png", clip={"x": 0, "y": 0, "width": 1180, "height": 520})
    page.goto("/register/every")
    page.screenshot(path=out / "register.png")
    page.goto("/register/gaps")
    page.locator("main h2").nth(1).evaluate("heading => heading.scrollIntoView()")
    page.screenshot(path=out / "register-gaps.png")


def filled(folder: Path) -> None:
    """A folder of some of the samples, and one file that is broken."""
    folder.mkdir()
    for path in sorted(path for path in SAMPLE.iterdir() if path.suffix in FORMATS)[:FEW]:
        shutil.copy(path, folder)
    (folder / "07-broken.pdf").write_bytes(b"%PDF-1.4 and no more")


def pictures(home: Path, out: Path, chromium: str) -> None:
    """Take the files in, and go through what there is then."""
    filled(home.parent / "backlog")
    progress = candour("ingest", "backlog", "--as", NAME, folder=home.parent)
    listening = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    ready = serving.server(app.make(home, hosts=[host]), None, None)
    threading.Thread(target=serving.run, args=(ready, listening), daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        terminal(browser, progress.replace(f"{NAME}", "jo"), out / "batch.png")
        terminal(browser, candour("health"), out / "health.png")
        context = browser.new_context(base_url=f"http://{host}", viewport=WIDE)  # type: ignore[arg-type]
        browse(context.new_page(), out)
        browser.close()


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    out: Path = parser.parse_args().out
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed.")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="candour-pictures-") as made:
        folder = Path(made)
        home, sheet = folder / "home", folder / "reviews.csv"
        os.environ["CANDOUR_KEY_FILE"] = str(folder / "keys" / "master.key")
        os.environ["CANDOUR_HOME"] = str(home)
        os.environ["CANDOUR_PASSWORD"] = PASSWORD
        workspace = intake.init(home)
        for duty in ("reviewer", "uploader"):
            intake.add_user(workspace, NAME, duty, password=PASSWORD)
        sheet.write_text(SHEET, encoding="utf-8")
        candour("register", "import", str(sheet), "--as", NAME)
        pictures(home, out, chromium)


if __name__ == "__main__":
    main()
