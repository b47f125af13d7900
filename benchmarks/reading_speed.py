"""How fast reports are read, on one core, by a process that is started anew for each."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from pipeline.training import compose, flaws
from pipeline.training.compose import Order
from pipeline.training.report import Item
from pipeline.training.rich import Passage, Rich

PAGES = 60
_BARS = {"seconds": 1.5, "megabytes": 250.0, "a ruled page": 0.35, "times": 20.0}
_PARTS = ("lines", "lines work", "parse", "parse work")
# On one core where the system lets a process choose.
_ONE_CORE = """
import os, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
"""
# What the process that is measured does: one file through the front door of the readers. What
# that starts below itself counts as well, in seconds, in work and in memory.
_CHILD = (
    _ONE_CORE
    + """
import resource
from pathlib import Path
from pipeline.config import Settings
from pipeline.raw.readers import reading
def used():
    every = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in every), [u.ru_maxrss for u in every]
worked, start = used()[0], time.perf_counter()
document = reading.read(Path(sys.argv[1]), Settings())
took = time.perf_counter() - start
work, memory = used()
tables = sum(bool(b.rows) for b in document.blocks)
print(document.pages, tables, took, work - worked, memory[0], memory[1])
"""
)
# What the process that parses does, without the start of it: text with fonts and boxes, laid out
# in lines; then the whole reading. Each once before, as in a process that has read a file.
_WITHIN = (
    _ONE_CORE
    + """
import gc
gc.disable()
from pathlib import Path
import pypdfium2 as pdfium
from pipeline.config import Settings
from pipeline.raw.readers import pdf, pdf_lines
data, settings = Path(sys.argv[1]).read_bytes(), Settings()
def lines():
    file = pdfium.PdfDocument(data)
    for index in range(len(file)):
        page = file[index]
        text = page.get_textpage()
        pdf_lines.sheet(page, text, index + 1)
        text.close()
        page.close()
    file.close()
for act in (lines, lambda: pdf.read(data, settings)):
    act()
    start, worked = time.perf_counter(), time.process_time()
    act()
    print(time.perf_counter() - start, time.process_time() - worked)
"""
)
_OTHER = (
    _ONE_CORE
    + """
import pdfplumber
start, worked = time.perf_counter(), time.process_time()
with pdfplumber.open(sys.argv[1]) as file:
    for page in file.pages:
        page.extract_text()
        page.close()
print(time.perf_counter() - start, time.process_time() - worked)
"""
)


def report_of(folder: Path, ruled: int) -> Path:
    """A report of 60 pages, so many of them with a ruled table."""
    from pipeline.training import render_pages

    path = folder / f"ruled-{ruled:02d}.pdf"
    report = compose.review(
        Order(bank=2, seed="speed/0001", encoding="cp1252", invented=True, size=2.0)
    )
    body = [i for i in report.items if i.kind in ("heading", "paragraph", "bullet") and not i.rows]
    items = [i for i in report.items if i.kind in ("title", "cover", "break")]
    count, pages = 1, 0
    while pages < PAGES:
        many = replace(report, items=(*items, *_tables(ruled), *body * count))
        made = render_pages.rendered(many, flaws.NONE)
        pages = made.truth.pages
        count += max(1, int(count * (PAGES / pages - 1)))
    # The pages beyond the sixtieth are left out, so that every file has as many.
    _first_pages(made.data, path)
    return path


def _tables(count: int) -> list[Item]:
    """So many pages with one ruled table each, of 15 rows and 4 columns."""
    made: list[Item] = []
    for number in range(count):
        words = ("A visit was made and nobody was seen at the address.", "Not recorded")
        rows = [tuple(map(Rich.of, ("Date", "Agency", "Event", "Comment")))]
        rows += [
            tuple(
                map(
                    Rich.of,
                    (f"{day} May 2013", "Health visitor", f"{number}.{day} {words[0]}", words[1]),
                )
            )
            for day in range(1, 16)
        ]
        made += [Item("table", rows=tuple(rows), passage=Passage("table")), Item("break")]
    return made


def _first_pages(data: bytes, path: Path) -> None:
    import pypdfium2 as pdfium

    file = pdfium.PdfDocument(data)
    short = pdfium.PdfDocument.new()
    short.import_pages(file, list(range(PAGES)))
    short.save(str(path))


def _run(code: str, path: Path) -> tuple[float, list[str]]:
    """The seconds of a whole process, start and all, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(path)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return time.perf_counter() - start, done.stdout.split()


def _once(path: Path, times: dict[str, list[float]], stem: str) -> float:
    """One reading; its seconds are kept, and its memory in MB comes back."""
    whole, said = _run(_CHILD, path)
    pages, tables = int(said[0]), int(said[1])
    took, work, own, below = map(float, said[2:])
    # Where the reading starts a process of its own, that start is in `took`.
    seconds = took if below else whole
    memory = (own + below) / 1024
    times[stem].append(seconds)
    times[f"{stem} work"].append(work)
    times[f"{stem} reading"].append(took)
    print(
        f"  {pages} pages, {tables} tables: {whole:.2f} s in all, {took:.2f} s reading "
        f"({work:.2f} s of work), {memory:.0f} MB, of it {below / 1024:.0f} MB below"
    )
    return memory


def measure(runs: int) -> bool:
    """Prints seconds, memory and slope; whether all bars are met."""
    if find_spec("resource") is None:
        raise SystemExit("Memory cannot be measured on this system: nothing was measured.")
    times: dict[str, list[float]] = defaultdict(list)
    memory = 0.0
    with tempfile.TemporaryDirectory() as name:
        none, few, many = (report_of(Path(name), ruled) for ruled in (0, 2, 10))
        for _ in range(runs):
            _once(none, times, "none")
            memory = max(memory, _once(few, times, "few"))
            _once(many, times, "many")
            _, said = _run(_OTHER, few)
            times["other"].append(float(said[0]))
            times["other work"].append(float(said[1]))
            _, said = _run(_WITHIN, few)
            for part, seconds in zip(_PARTS, said, strict=True):
                times[part].append(float(seconds))
    middle = {key: statistics.median(values) for key, values in times.items()}
    seen = {
        "seconds": middle["few"],
        "megabytes": memory,
        "a ruled page": (middle["many reading"] - middle["few reading"]) / 8,
        # Like for like: text with fonts and boxes in lines against text. The whole reading, which
        # finds structure, tables, languages and what is hidden besides, is told below.
        "times": middle["other"] / middle["lines"],
    }
    said_of = {
        "seconds": f"seconds for {PAGES} pages, two of them ruled, process started",
        "megabytes": "most memory, the process and those below it, MB",
        "a ruled page": "seconds for each further ruled page",
        "times": f"text in lines: times as fast as pdfplumber's, {middle['other']:.1f} s here",
    }
    good = True
    for key, bar in _BARS.items():
        met = seen[key] >= bar if key == "times" else seen[key] <= bar
        good = good and met
        print(f"{said_of[key]:66} {seen[key]:8.2f}  bar {bar:g}  {'met' if met else 'MISSED'}")
    _ratios(middle)
    work = middle["other work"] / middle["few work"]
    print(f"By work and not by the clock: {middle['few work']:.2f} s, {work:.1f} times as fast.")
    print(f"Without a ruled page: {middle['none']:.2f} s, {middle['none work']:.2f} s of work.")
    return good


def _ratios(middle: dict[str, float]) -> None:
    """How many times as fast as pdfplumber's text, part by part: by the clock and by work."""
    parts = {
        "lines": "text with fonts and boxes, laid out in lines",
        "parse": "the whole reading, in the process that parses",
        "few": "everything, start of the process and checks included",
    }
    for key, said in parts.items():
        # Of all that is done the clock of the reading: the start of what asks is not its own.
        clock = middle["few reading" if key == "few" else key]
        by_clock = middle["other"] / clock
        by_work = middle["other work"] / middle[f"{key} work"]
        print(f"{said:66} {by_clock:8.1f} times, {by_work:.1f} by work ({clock:.2f} s)")
