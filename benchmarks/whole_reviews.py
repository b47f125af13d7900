"""Invented reviews of 20,000 words: several cases a report, each told by several authors.

The generator's own reviews have about 3,000 words whatever their size is. So a long one is put
together: a case as it is first told and as two others tell it, then the next case, until the
words are there. Nothing is said twice but what the generator says twice.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from pipeline.training import compose, corpus
from pipeline.training.compose import Order
from pipeline.training.report import Report

WORDS = 20_000
FORMS = ("pdf", "docx", "pdf", "txt")


def review(seed: str, number: int, words: int = WORDS) -> Report:
    """A report of at least so many words; the same seed and number give the same one."""
    told: list[Report] = []
    for case in count():
        order = Order(2, f"{seed}/{number:04d}{case:02d}", size=8.0, encoding="cp1252")
        for one in (
            compose.review(order),
            compose.retold(order, 1, 1.0),
            compose.retold(order, 2, 1.0),
        ):
            told.append(one)
            if sum(_words(part) for part in told) >= words:
                return _joined(told, number)
    raise AssertionError("there is always another case")


def _words(report: Report) -> int:
    return len(corpus.text_of(report, "words")[0].text.split())


def _joined(told: list[Report], number: int) -> Report:
    front = [i for i in told[0].items if i.kind in ("title", "cover", "break")]
    body = [i for one in told for i in one.items if i.kind not in ("title", "cover", "break")]
    return replace(told[0], id=f"long-{number:04d}", stem=f"{number:04d}", items=(*front, *body))


def written(folder: Path, seed: str, reviews: int, words: int = WORDS) -> tuple[Path, ...]:
    """Write reviews as files, in turn as PDF, Word and text; those that are there stay.

    Two processes draw. A file takes its name when it is whole, so that drawing can be cut off.
    """
    folder.mkdir(parents=True, exist_ok=True)
    places = [folder / f"{n:04d}.{FORMS[n % len(FORMS)]}" for n in range(1, reviews + 1)]
    wanted = [(p, seed, n, words) for n, p in enumerate(places, start=1) if not p.is_file()]
    if wanted:
        with get_context("spawn").Pool(min(2, len(wanted))) as pool:
            for done, _ in enumerate(pool.imap_unordered(_write, wanted), start=1):
                if done % 10 == 0 or done == len(wanted):
                    print(f"{done} of {len(wanted)} reviews drawn", file=sys.stderr, flush=True)
    return tuple(places)


def _write(one: tuple[Path, str, int, int]) -> None:
    path, seed, number, words = one
    report = review(seed, number, words)
    text, encoding = corpus.text_of(report, seed)
    part = path.with_suffix(".part")
    part.write_bytes(corpus.bytes_of(report, path.suffix[1:], text, encoding))
    part.replace(path)
