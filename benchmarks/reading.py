"""How well and how fast reports are read, against reports whose structure is known.

    python benchmarks/reading.py structure --reviews 40 --seed 1     every bar, by artefact

Invented reviews are written and read again. Cases that went wrong are listed by file, page and
block; their words are shown only where --show asks for them. Exit code 1: a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from reading_score import Score, score

from pipeline.config import Settings
from pipeline.raw.readers import reading
from pipeline.training import compose, render_pdf, truth
from pipeline.training.compose import Order
from pipeline.training.truth import Truth

BARS = {"furniture out": 1.0, "numbered paragraphs": 0.99, "names": 0.997, "cells": 1.0}


def plain_files(seed: str, reviews: int) -> Iterator[tuple[str, bytes, Truth]]:
    """Reviews as the generator renders them without flaws, and the truth about each."""
    for number in range(1, reviews + 1):
        order = Order(bank=2, seed=f"{seed}/{number:04d}", encoding="cp1252", invented=True)
        report = compose.review(order)
        data, pages = render_pdf.built(report)
        mark = render_pdf.page_mark(report)
        yield f"{report.id}.pdf", data, truth.plain(report, pages, mark)


def structure(given: argparse.Namespace) -> bool:
    """Bar 3: furniture, numbered paragraphs, names and cells."""
    total = Score()
    with tempfile.TemporaryDirectory() as folder:
        for name, data, known in plain_files(given.seed, given.reviews):
            path = Path(folder) / name
            path.write_bytes(data)
            score(total, name, known, reading.read(path, Settings()))
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
    listed: Counter[str] = Counter()
    for miss in total.misses:
        listed[miss.measure] += 1
        if listed[miss.measure] > given.list:
            continue
        where = f"{miss.measure} | {miss.file} page {miss.page} block {miss.block}"
        print(f"  {where} {miss.artefact}")
        if given.show:
            print(f"      expected {miss.expected!r}\n      seen     {miss.seen!r}")
    return good


def main() -> None:
    """Run one measure and say by the exit code whether its bars are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parts = parser.add_subparsers(dest="what", required=True)
    first = parts.add_parser("structure")
    first.add_argument("--seed", default="1")
    first.add_argument("--reviews", type=int, default=40)
    first.add_argument("--list", type=int, default=20, help="how many misses of each measure")
    first.add_argument("--show", action="store_true", help="the words too")
    given = parser.parse_args()
    sys.exit(0 if structure(given) else 1)


if __name__ == "__main__":
    main()
