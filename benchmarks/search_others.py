"""Search beside words alone and meaning alone: the same queries in the same run.

    python -m pipeline.training corpus --bank 2 --reviews 40 --seed N --out TWO --formats txt
    python benchmarks/search_others.py TWO/gold.jsonl

Each passage that states a lesson asks, and the passages of other reviews that state the same one
are right. Words alone is BM25 (bm25s, its own defaults, the same words); meaning alone compares
the query's vector with every passage's in 32 bits (brute force); ours is the index of a workspace
as it answers a researcher. Every system encodes or cuts the query itself, in the time shown. Small
as this is, its times say little of a country's library: `benchmarks/search.py speed --beside`
times the same three over 229,600 passages. Each row goes to FILE as well (--out).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from search import p95

from pipeline.flow import searching
from pipeline.safe import embed
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.postings import words_of
from pipeline.span import Span
from pipeline.store import passage_vectors
from pipeline.store.library import Run
from pipeline.store.passages_index import vector_key
from pipeline.store.workspace import Workspace

DEEP = 200  # answers that are looked at
Pair = tuple[str, str]
Ask = Callable[[str], Sequence[Pair]]


def passages(gold: Path) -> tuple[list[Passage], dict[Pair, str]]:
    """The passages of marked reviews, and the lesson of each that states one."""
    made: list[Passage] = []
    lessons: dict[Pair, str] = {}
    for row in (json.loads(line) for line in gold.read_text("utf-8").splitlines()):
        for number, one in enumerate(row["passages"]):
            text = " ".join(row["text"][one["start"] : one["end"]].split())
            if not text:
                continue
            name = f"p{number:04}"
            made.append(
                Passage(
                    row["id"], name, 1, None, None, Span(one["start"], one["start"] + len(text)),
                    Role(one["role"]), text, (), draft=False,
                )
            )  # fmt: skip
            if one["lesson"]:
                lessons[row["id"], name] = one["lesson"]
    return made, lessons


def ours(made: Sequence[Passage], rows: embed.Matrix, folder: str) -> Ask:
    """The index of a workspace."""
    os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = f"{folder}/keys"
    workspace = Workspace.create(Path(folder) / "home")
    workspace.library.put_run(Run(tuple(made), ()))
    keys = [vector_key(passage) for passage in made]
    passage_vectors.keep(
        workspace.home, np.array(keys, dtype=np.uint64), dict(zip(keys, rows, strict=True))
    )
    searcher = searching.build_index(workspace)
    return lambda query: [(h.review, h.passage) for h in searcher.find(query, DEEP)]


def words_alone(made: Sequence[Passage]) -> Ask:
    """BM25 with the defaults of its library."""
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([words_of(p.text) for p in made], show_progress=False)
    most = min(DEEP, len(made))

    def ask(query: str) -> Sequence[Pair]:
        found, _ = retriever.retrieve([words_of(query)], k=most, show_progress=False)
        return [(made[n].review, made[n].id) for n in found[0].tolist()]

    return ask


def meaning_alone(made: Sequence[Passage], rows: embed.Matrix) -> Ask:
    """Every vector against the query's, exactly."""

    def ask(query: str) -> Sequence[Pair]:
        near = rows @ embed.unremembered()([query])[0]
        return [(made[n].review, made[n].id) for n in np.argsort(-near)[:DEEP].tolist()]

    return ask


def measure(
    name: str, ask: Ask, asked: Sequence[tuple[Pair, str]], lessons: dict[Pair, str]
) -> dict[str, Any]:
    """How often the first is right, the mean reciprocal rank, recall in ten, and the times."""
    first, ranks, tens, walls, works = 0, 0.0, 0.0, [], []
    ask(asked[0][1])
    for pair, query in asked:
        wall, work = time.perf_counter(), time.process_time()
        found = ask(query)
        walls.append(1000 * (time.perf_counter() - wall))
        works.append(1000 * (time.process_time() - work))
        others = [one for one in found if one[0] != pair[0]]
        right = {p for p, said in lessons.items() if said == lessons[pair] and p[0] != pair[0]}
        at = next((n for n, one in enumerate(others, start=1) if one in right), 0)
        first += at == 1
        ranks += 1 / at if at else 0.0
        tens += len(right & set(others[:10])) / min(10, len(right))
    return {
        "system": name,
        "queries": len(asked),
        "first is right": round(first / len(asked), 3),
        "mean reciprocal rank": round(ranks / len(asked), 3),
        "recall in ten": round(tens / len(asked), 3),
        "ms by the clock, median and p95": [
            round(statistics.median(walls), 1),
            round(p95(walls), 1),
        ],
        "ms of processor, median and p95": [
            round(statistics.median(works), 1),
            round(p95(works), 1),
        ],
    }


def main() -> None:
    """Ask each system everything and print a row for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    made, lessons = passages(given.gold)
    texts = {(p.review, p.id): p.text for p in made}
    many = {
        pair
        for pair, lesson in lessons.items()
        if any(said == lesson and other[0] != pair[0] for other, said in lessons.items())
    }
    # No sign of the language of queries may stand in a sentence that asks.
    asked = [(pair, re.sub(r"[^\w\s]", " ", texts[pair].lower())) for pair in sorted(many)]
    rows = np.asarray(embed.vectors()([p.text for p in made]), dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        systems = {
            "Candour, words and meaning": ours(made, rows, folder),
            "words alone (BM25)": words_alone(made),
            "meaning alone (brute force)": meaning_alone(made, rows),
        }
        for name, ask in systems.items():
            line = json.dumps({"passages": len(made), **measure(name, ask, asked, lessons)})
            print(line, flush=True)
            if given.out:
                with given.out.open("a", encoding="utf-8") as kept:
                    kept.write(line + "\n")


if __name__ == "__main__":
    main()
