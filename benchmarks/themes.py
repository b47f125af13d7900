"""How many planted themes are found, on reviews that the generator draws from its second bank.

    python benchmarks/themes.py --seed 901 --reviews 20 [--bank 2]

Each review is written, read, redacted as a draft under the public profile and cut into passages.
A planted passage's theme is found if a passage of ours has the code that covers most of it or
lies in it (the rows of a table); a code on such a passage that is planted in nothing which it
covers is false. Codes on passages that touch nothing planted are counted apart. `cues` is the
baseline: cues alone. `calibration` says for marks of a score how many were right. Only counts are
printed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.safe import embed, theme, theme_heads, theme_model
from pipeline.safe.lesson import Passage, Polarity, Role
from pipeline.training import corpus, themes_gold

Marked = Mapping[str, Sequence[Passage]]
Tally = dict[str, list[int]]  # name -> found, false, missed


def _figures(found: int, false: int, missed: int) -> dict[str, float | int]:
    return {
        "f1": round(2 * found / max(1, 2 * found + false + missed), 3),
        "recall": round(found / max(1, found + missed), 3),
        "precision": round(found / max(1, found + false), 3),
        "found": found,
        "false": false,
        "missed": missed,
    }


def _codes(passage: Passage) -> set[str]:
    """The themes that a passage is found to have: one that it denies is none of them."""
    return {mark.code for mark in passage.themes if mark.polarity is not Polarity.NEGATED}


def scores(reads: Sequence[themes_gold.Read], marked: Marked) -> dict[str, object]:
    """Micro-F1 over planted passages, by role and by theme, and codes where nothing is planted."""
    by_role: Tally = defaultdict(lambda: [0, 0, 0])
    by_theme: Tally = defaultdict(lambda: [0, 0, 0])
    loose = passages = 0
    for read in reads:
        codes = [_codes(p) for p in marked[read.review]]
        planted = read.themes()
        for one in read.planted:
            ours = {code for place in one.places for code in codes[place]}
            false = {code for i in one.places for code in codes[i] - planted[i]}
            own = set(one.themes)
            for column, those in enumerate((own & ours, false, own - ours)):
                by_role[one.role][column] += len(those)
                for code in those:
                    by_theme[code][column] += 1
        loose += sum(len(codes[i]) for i in read.free)
        passages += len(read.free)
    total = [sum(row[n] for row in by_role.values()) for n in range(3)]
    return {
        **_figures(*total),
        "codes_where_nothing_is_planted": f"{loose} on {passages} passages",
        "by_role": {name: _figures(*row) for name, row in sorted(by_role.items())},
        "by_theme": {name: _figures(*row) for name, row in sorted(by_theme.items())},
    }


def calibration(reads: Sequence[themes_gold.Read], marked: Marked) -> dict[str, str]:
    """Marks on planted passages by tenth of the score: how many were right."""
    bins: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for read in reads:
        for place, codes in read.themes().items():
            for mark in marked[read.review][place].themes:
                row = bins[min(9, int(mark.score * 10))]
                row[0] += mark.code in codes
                row[1] += 1
    return {f"{n / 10:.1f}": f"{row[0]} of {row[1]}" for n, row in sorted(bins.items())}


def marks(
    reads: Sequence[themes_gold.Read], encode: embed.Vectors
) -> tuple[Marked, Marked, dict[str, float]]:
    """The passages by review with themes by cue alone, and by cue and meaning; and the cost."""
    themes, heads = theme.load(), theme_heads.load()
    cues = {read.review: theme.mark(read.passages, themes) for read in reads}
    words = sum(len(p.text.split()) for read in reads for p in read.passages)
    started = time.process_time()
    both = {
        review: theme_model.propose(found, themes, encode, heads) for review, found in cues.items()
    }
    seconds = time.process_time() - started
    return cues, both, {"words": words, "seconds_per_20000_words": round(2e4 * seconds / words, 1)}


def per_passage(marked: Marked) -> dict[str, object]:
    """How many themes a passage has, and how many stand on furniture."""
    every = [p for found in marked.values() for p in found]
    counts = [len(p.themes) for p in every]
    return {
        "mean": round(sum(counts) / max(1, len(counts)), 3),
        "most": max(counts, default=0),
        "on_furniture": sum(len(p.themes) for p in every if p.role is Role.FURNITURE),
    }


def main() -> None:
    """Draw, mark, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="901")
    parser.add_argument("--reviews", type=int, default=20)
    parser.add_argument("--bank", type=int, choices=(1, 2), default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        order = ["--bank", str(options.bank), "--reviews", str(options.reviews)]
        corpus.main([*order, "--seed", options.seed, "--out", folder])
        reads = tuple(themes_gold.read(Path(folder) / "gold.jsonl"))
    cues, both, cost = marks(reads, theme_heads.vectors())
    said = {
        "seed": options.seed,
        "reviews": len(reads),
        "cues": {k: v for k, v in scores(reads, cues).items() if not k.startswith("by_")},
        "cues_and_meaning": scores(reads, both),
        "calibration": calibration(reads, both),
        "themes_per_passage": per_passage(both),
        "cost": cost,
    }
    sys.stdout.write(json.dumps(said, indent=1) + "\n")


if __name__ == "__main__":
    main()
