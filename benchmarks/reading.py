"""How well and how fast reports are read, against reports whose structure is known.

    python benchmarks/reading.py structure --reviews 60          artefacts as they come together
    python benchmarks/reading.py structure --each --reviews 2    each artefact in files of its own
    python benchmarks/reading.py pairs --reviews 20              the same report as PDF and Word
    python benchmarks/reading.py speed                           seconds and memory; pdfplumber

Invented reviews are written and read again. Cases that went wrong are listed by file, page and
block; their words are shown only where --show asks for them. Exit code 1: a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import reading_pairs
import reading_speed
from reading_score import Score, score

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.readers import reading
from pipeline.training import compose, flaws, render_word, truth
from pipeline.training.compose import Order
from pipeline.training.flaws import Flaws
from pipeline.training.report import Report
from pipeline.training.truth import Truth

_File = tuple[str, bytes, Truth]
_TRUTHS = "truths.jsonl"
BARS = {
    "files read": 1.0,
    "body kept": 1.0,
    "furniture out": 1.0,
    "numbered paragraphs": 0.99,
    "names": 0.997,
    "cells": 1.0,
}


def order(seed: str, number: int, size: float, scheme: str = "") -> Order:
    """One review of the measure; the schemes of numbers come in turn."""
    schemes = ("1.1", "1.1.1", "running", "4-12", "1.1", "none")
    scheme = scheme or schemes[number % len(schemes)]
    return Order(
        bank=2,
        seed=f"{seed}/{number:04d}",
        encoding="cp1252",
        invented=True,
        size=size,
        habits=(("numbering", scheme),),
    )


def plain_files(seed: str, reviews: int, size: float) -> Iterator[_File]:
    """Reviews as the sample has them, and the truth about each."""
    from pipeline.training import render_pdf

    for number in range(1, reviews + 1):
        report = compose.review(order(seed, number, size))
        data, pages = render_pdf.built(report)
        known = truth.plain(report, pages, render_pdf.page_mark(report))
        yield f"plain-{number:04d}.pdf", data, known


def mixed_files(seed: str, reviews: int, size: float) -> Iterator[_File]:
    """Reviews with several artefacts each."""
    from pipeline.training import render_pages

    for number in range(1, reviews + 1):
        report, drawn = drawn_for(seed, number, size)
        made = render_pages.rendered(report, drawn)
        yield f"mixed-{number:04d}.pdf", made.data, made.truth


def single_files(seed: str, reviews: int, names: Sequence[str]) -> Iterator[_File]:
    """For each artefact so many reviews that have no other."""
    from pipeline.training import render_pages

    for at, name in enumerate(names):
        for number in range(1, reviews + 1):
            scheme = flaws.NUMBERS.get(name, "1.1")
            report = compose.review(order(seed, at * reviews + number, 1.0, scheme))
            made = render_pages.rendered(report, flaws.only(name))
            blocks = tuple(replace(b, artefact=b.artefact or name) for b in made.truth.blocks)
            stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            file = f"single-{flaws.ARTEFACTS.index(name):02d}-{stem}-{number}.pdf"
            yield file, made.data, replace(made.truth, blocks=blocks)


def word_files(seed: str, reviews: int, size: float) -> Iterator[_File]:
    """Word files with several artefacts each."""
    for number in range(1, reviews + 1):
        report, drawn = drawn_for(seed, number, size)
        data, known = render_word.rendered(report, drawn)
        yield f"word-{number:04d}.docx", data, known


def drawn_for(seed: str, number: int, size: float) -> tuple[Report, Flaws]:
    """A review, and the flaws of its PDF and of its Word file."""
    drawn = flaws.draw(random.Random(f"{seed}/flaws/{number}"), number)
    habits = render_word.habits(random.Random(f"{seed}/word/{number}"))
    return compose.review(order(seed, number, size)), replace(drawn, names=drawn.names | habits)


def kept_files(folder: Path) -> Iterator[_File]:
    """The files of a folder that --keep filled, or another program: a truth a line."""
    for line in (folder / _TRUTHS).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["file"], (folder / row["file"]).read_bytes(), truth.from_row(row)


def chosen(given: argparse.Namespace) -> Iterator[_File]:
    """The files that the options ask for."""
    if given.folder:
        return kept_files(given.folder)
    if given.each or given.artefact:
        return single_files(given.seed, given.reviews, given.artefact or flaws.ARTEFACTS)
    if given.word:
        return word_files(given.seed, given.reviews, given.size)
    if given.plain:
        return plain_files(given.seed, given.reviews, given.size)
    return mixed_files(given.seed, given.reviews, given.size)


def structure(given: argparse.Namespace) -> bool:
    """Bar 3: furniture, numbered paragraphs, names and cells."""
    total = Score()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        for file, data, known in chosen(given):
            (folder / file).write_bytes(data)
            rows.append(json.dumps(truth.row(known, file), ensure_ascii=False))
            try:
                score(total, file, known, reading.read(folder / file, Settings()))
            except ReadError:
                total.tallies["files read"].add("", 0)
            else:
                total.tallies["files read"].add("", 1)
        (folder / _TRUTHS).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return report_on(total, given)


def report_on(total: Score, given: argparse.Namespace) -> bool:
    """Prints each measure with its bar, then what went wrong; whether all bars are met."""
    good = True
    for measure, tally in sorted(total.tallies.items(), key=lambda t: (t[0] not in BARS, t[0])):
        bar = BARS.get(measure)
        met = bar is None or tally.share >= bar
        good = good and met
        right, every = sum(tally.right.values()), sum(tally.all.values())
        said = "" if bar is None else f"bar {bar:.1%}  {'met' if met else 'MISSED'}"
        print(f"{measure:28} {right:7} of {every:7}  {tally.share:8.3%}  {said}")
        for artefact, of in sorted(tally.all.items()):
            if len(tally.all) > 1:
                print(f"    {artefact or 'nothing odd':24} {tally.right[artefact]:7} of {of:7}")
    reasons = Counter((m.measure, m.how) for m in total.misses if m.how)
    for (measure, how), count in sorted(reasons.items()):
        print(f"  {measure}: {how} {count}")
    listed: Counter[str] = Counter()
    for miss in total.misses:
        listed[miss.measure] += 1
        if listed[miss.measure] > given.list:
            continue
        where = f"{miss.measure} | {miss.file} page {miss.page} block {miss.block}"
        print(f"  {where} {miss.artefact} {miss.how}")
        if given.show:
            print(f"      expected {miss.expected!r}\n      seen     {miss.seen!r}")
    return good


def pairs(given: argparse.Namespace) -> bool:
    """Bar 4: the same report as PDF and as Word gives the same text but for white space."""
    return reading_pairs.measure(given, drawn_for)


def speed(given: argparse.Namespace) -> bool:
    """Bars 1 and 2: seconds, memory, and how many times faster than pdfplumber."""
    return reading_speed.measure(given.runs)


def main() -> None:
    """Run one measure and say by the exit code whether its bars are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parts = parser.add_subparsers(dest="what", required=True)
    first = parts.add_parser("structure")
    first.add_argument("--seed", default="1")
    first.add_argument("--reviews", type=int, default=40)
    first.add_argument("--size", type=float, default=1.0, help="how long the reports are")
    first.add_argument("--list", type=int, default=20, help="how many misses of each measure")
    first.add_argument("--each", action="store_true", help="each artefact in files of its own")
    first.add_argument("--artefact", action="append", help="one artefact; may be repeated")
    first.add_argument("--plain", action="store_true", help="files as the sample has them")
    first.add_argument("--word", action="store_true", help="Word files instead of PDFs")
    first.add_argument("--keep", type=Path, help="a folder to keep files and truths in")
    first.add_argument("--folder", type=Path, help="files and truths that lie there")
    first.add_argument("--show", action="store_true", help="the words too")
    second = parts.add_parser("pairs")
    second.add_argument("--seed", default="1")
    second.add_argument("--reviews", type=int, default=20)
    second.add_argument("--size", type=float, default=1.0, help="how long the reports are")
    second.add_argument("--clean", action="store_true", help="files without artefacts")
    second.add_argument("--office", action="store_true", help="PDFs that LibreOffice makes")
    second.add_argument("--show", action="store_true", help="where they differ first")
    third = parts.add_parser("speed")
    third.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    sys.exit(
        0 if {"structure": structure, "pairs": pairs, "speed": speed}[given.what](given) else 1
    )


if __name__ == "__main__":
    main()
