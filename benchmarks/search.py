"""Search at the size of a country: `python benchmarks/search.py`; see its parts with --help.

`speed` makes 1,400 invented reviews of 164 passages (28 million words, vectors at random) and
times queries of every kind in one warm process, beside SQLite's FTS5, bm25s and a plain scan of
exact vectors. `reports FILE...` takes coroners' reports (JSON lines with concerns and
circumstances) and finds each one's circumstances from its concerns.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.flow import searching
from pipeline.safe import embed
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.likeness import likeness
from pipeline.safe.postings import words_of
from pipeline.span import Span
from pipeline.store import passage_vectors
from pipeline.store.library import Run
from pipeline.store.passages_index import vector_key
from pipeline.store.workspace import Workspace

WORDS, VOCABULARY = 122, 40_000
QUERIES = 40


def vocabulary(rng: random.Random) -> list[str]:
    """Invented words of two to five syllables, no two the same."""
    syllables = [c + v for c in "bcdfghklmnprstvw" for v in ("a", "e", "i", "o", "u", "ea", "ou")]
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(rng.choices(syllables, k=rng.randint(1, 5)))] = None
    return list(found)


def passages(reviews: int, each: int, rng: random.Random) -> Iterator[Passage]:
    """Passages whose words are as unequal as those of English (Zipf)."""
    known = vocabulary(rng)
    share = np.cumsum(1 / (np.arange(VOCABULARY) + 2.7))
    roles = list(Role)
    drawn = np.random.default_rng(7)
    for review in range(reviews):
        places = np.searchsorted(share, drawn.random((each, WORDS)) * share[-1])
        at = 0
        for number, row in enumerate(places):
            text = " ".join(known[place] for place in row) + "."
            span = Span(at, at + len(text))
            at += len(text) + 2
            yield Passage(
                f"review-{review:05}", f"p{number:04}", 1 + number // 4, None, None, span,
                roles[number % 6], text, (), False,
            )  # fmt: skip


def queries(known: Sequence[str], rng: random.Random) -> dict[str, list[str]]:
    """Queries of each kind, of words from the commonest to the rare."""

    def word(least: int = 0) -> str:
        return known[min(len(known) - 1, least + int(rng.paretovariate(0.6)))]

    def many(make: Callable[[], str]) -> list[str]:
        return [make() for _ in range(QUERIES)]

    return {
        "plain words, hybrid": many(lambda: " ".join(word() for _ in range(rng.randint(3, 9)))),
        "a phrase": many(lambda: f'"{word()} {word()}"'),
        "AND, OR, NOT": many(lambda: f"({word()} OR {word()}) AND {word(20)} NOT {word(50)}"),
        "NEAR/5": many(lambda: f"{word(5)} NEAR/5 {word(5)}"),
        "a star at the end": many(lambda: f"{word(200)[:4]}*"),
        "a star at the start": many(lambda: f"*{word(200)[-4:]}"),
        "a paragraph": many(lambda: " ".join(word() for _ in range(100))),
    }


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


def timed(ask: Callable[[str], object], asked: Sequence[str]) -> str:
    """Wall and process time of queries, in milliseconds."""
    walls, works = [], []
    for query in asked:
        wall, work = time.perf_counter(), time.process_time()
        ask(query)
        walls.append(1000 * (time.perf_counter() - wall))
        works.append(1000 * (time.process_time() - work))
    return (
        f"median {statistics.median(walls):6.0f} ms, p95 {p95(walls):6.0f} ms "
        f"(process time {statistics.median(works):6.0f}, {p95(works):6.0f})"
    )


def speed(reviews: int, each: int, against: bool) -> None:
    """Build an index, weigh it, and time it."""
    rng = random.Random(1)
    made = list(passages(reviews, each, rng))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = f"{folder}/keys"
        workspace = Workspace.create(Path(folder) / "home")
        start = time.process_time()
        workspace.library.put_run(Run(tuple(made), ()))
        print(f"{len(made)} passages put in: {time.process_time() - start:.0f} s of process time")
        exact = vectors(workspace, made)
        weigh(workspace)
        searcher = searching.build_index(workspace)
        for kind, asked in queries(vocabulary(random.Random(1)), rng).items():
            searcher.find(asked[0])
            print(f"{kind:22} {timed(searcher.find, asked)}", flush=True)
        agreement(searcher, exact)
        start = time.process_time()
        workspace.library.put_run(Run(tuple(made[each:]), ()))
        print(f"one review fewer: {time.process_time() - start:.0f} s of process time")
        if against:
            same = queries(vocabulary(random.Random(1)), random.Random(3))
            scan(exact, same["plain words, hybrid"])
            beside(made, same)


def vectors(workspace: Workspace, made: Sequence[Passage]) -> NDArray[np.float32]:
    """Put in unit vectors at random; they are no nearer to each other than strangers."""
    drawn = np.random.default_rng(5).standard_normal((len(made), embed.WIDTH), dtype=np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    keys = [vector_key(passage) for passage in made]
    passage_vectors.keep(
        workspace.home, np.array(keys, dtype=np.uint64), dict(zip(keys, drawn, strict=True))
    )
    return drawn


def weigh(workspace: Workspace) -> None:
    """The size of the index: its tables and the file of vectors."""
    path = workspace.home / "library.db"
    connection = sqlite3.connect(path)
    size, free = connection.execute("PRAGMA page_size").fetchone()[0], 0
    try:
        found = connection.execute(
            "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"
        ).fetchall()
    except sqlite3.OperationalError:  # this SQLite was built without the table of sizes
        held = connection.execute(
            "SELECT count(*), sum(length(word)+length(places)) FROM index_words"
        )
        rows, content = held.fetchone()
        found = [("index_words (content and 12 bytes a row)", content + 12 * rows)]
    for name, weight in found:
        print(f"  {name:32} {weight / 1e6:7.0f} MB")
    print(f"  library.db as a whole            {path.stat().st_size / 1e6:7.0f} MB", size, free)
    mapped = workspace.home / passage_vectors.NAME
    print(f"  {mapped.name:32} {mapped.stat().st_size / 1e6:7.0f} MB", flush=True)


def agreement(searcher: searching.Searcher, exact: NDArray[np.float32]) -> None:
    """How many of the ten nearest the vectors of one byte find that exact ones do."""
    meaning = searcher.index.meaning
    if meaning is None:
        return
    drawn = np.random.default_rng(9).standard_normal((50, embed.WIDTH), dtype=np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    same, works = 0, []
    for query in drawn:
        start = time.process_time()
        near = set(np.argsort(-(meaning.matrix @ query))[:10].tolist())
        works.append(1000 * (time.process_time() - start))
        same += len(near & set(np.argsort(-(exact @ query))[:10].tolist()))
    print(
        f"vectors of a byte: {same / 500:.3f} of the ten nearest; {statistics.median(works):.0f} ms"
    )


def scan(exact: NDArray[np.float32], asked: Sequence[str]) -> None:
    """What meaning alone needs by brute force: the query encoded, and every exact vector."""
    from pipeline.safe import embed

    encode = embed.unremembered()

    def ask(query: str) -> object:
        near = exact @ encode([query])[0]
        best = np.argpartition(-near, 200)[:200]
        return best[np.argsort(-near[best])]

    ask(asked[0])
    print(f"brute force, {exact.nbytes / 1e6:.0f} MB   {timed(ask, asked)}", flush=True)


def beside(made: Sequence[Passage], asked: dict[str, list[str]]) -> None:
    """What SQLite's FTS5 and bm25s need for the same plain queries, by words alone."""
    import bm25s

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fts.db"
        connection = sqlite3.connect(path)
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize='ascii')")
        rows = ((number, p.text) for number, p in enumerate(made))
        connection.executemany("INSERT INTO t(rowid, text) VALUES (?, ?)", rows)
        connection.commit()
        size = path.stat().st_size / 1e6

        def fts5(query: str) -> object:
            either = " OR ".join(f'"{word}"' for word in query.split())
            sql = "SELECT rowid, bm25(t) FROM t WHERE t MATCH ? ORDER BY 2 LIMIT 200"
            return connection.execute(sql, (either,)).fetchall()

        print(f"FTS5, {size:.0f} MB           {timed(fts5, asked['plain words, hybrid'])}")
    start = time.process_time()
    retriever = bm25s.BM25()
    retriever.index([words_of(p.text) for p in made], show_progress=False)
    print(f"bm25s, in memory, made in {time.process_time() - start:.0f} s")

    def bm25(query: str) -> object:
        return retriever.retrieve([words_of(query)], k=200, show_progress=False)

    print(f"bm25s                  {timed(bm25, asked['plain words, hybrid'])}")


def reports(files: Sequence[Path]) -> None:
    """From concerns to the circumstances of the same report, without the names in them."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    both = [row for row in rows if row["concerns"] and row["circumstances"]]
    asked = [bare(row["concerns"], row["deceased_name_parts"]) for row in both]
    found = [bare(row["circumstances"], row["deceased_name_parts"]) for row in both]
    encode = embed.vectors()
    meaning = encode(asked) @ encode(found).T
    first("meaning alone", np.asarray(meaning))
    first("words alone", likeness(asked, found))
    first("both (the product)", likeness(asked, found, np.asarray(meaning)))


def bare(text: str, names: Sequence[str] | None) -> str:
    """A text without the words of a name."""
    parts = [re.escape(name) for name in names or () if name]
    return re.sub(rf"\b(?:{'|'.join(parts)})\b", "", text, flags=re.IGNORECASE) if parts else text


def first(name: str, near: NDArray[np.float32]) -> None:
    """Recall at 1: the nearest is the right one; also of the two halves."""
    right = near.argmax(axis=1) == np.arange(len(near))
    halves = f"{right[::2].mean():.3f}, {right[1::2].mean():.3f}"
    print(f"{name:22} recall at 1: {right.mean():.3f} of {len(right)} (halves {halves})")


def main() -> None:
    """Read what is wanted and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("speed", "reports"), nargs="?", default="speed")
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--reviews", type=int, default=1400)
    parser.add_argument("--passages", type=int, default=164)
    parser.add_argument("--beside", action="store_true", help="also FTS5 and bm25s")
    given = parser.parse_args()
    if given.part == "reports":
        reports(given.files)
    else:
        speed(given.reviews, given.passages, given.beside)


if __name__ == "__main__":
    main()
