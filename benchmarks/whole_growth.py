"""How time and memory grow with the reviews: one home, to which the next reviews are added.

At each mark the reviews up to it are taken in and everything is learned again, each command a
process of its own. What learning has worked out once is kept by the home, as in a body's own, so
the sum of all commands so far is what a year of such batches costs; a home that learns but once
needs a little less, since each mark groups all reviews anew. `--afresh` learns once more at the
last mark from a home that has no vectors.

Each command that ends is a row in DIR/growth.jsonl at once. Called again, what stands there is not
run again; a command that was cut off goes on where its home stands, and its mark says so, because
the time of the first part is lost. Another seed, length or shape needs another folder.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

Row = dict[str, Any]


class Cost(Protocol):
    """What one command took."""

    wall: float
    cpu: float
    peak: float
    failed: int


Command = Callable[..., Cost]
Some = Callable[[Path, Sequence[Path]], Path]


class _Kept:
    """The rows of commands that ended, and the name of one that was begun."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: dict[str, Row] = {}
        self.begun: set[str] = set()
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                if "wall" in row:
                    self.rows[row["step"]] = row
                else:
                    self.begun.add(row["step"])

    def put(self, row: Row) -> None:
        with self.path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")
            lines.flush()
            os.fsync(lines.fileno())

    def once(self, step: str, run: Callable[[], Cost]) -> Row:
        """The row of a command, run now where it was not run to its end before."""
        if step in self.rows:
            return self.rows[step]
        cut = step in self.begun
        self.put({"step": step})
        print(f"{time.strftime('%H:%M:%S')} {step} …", file=sys.stderr, flush=True)
        cost = run()
        row = {"step": step, "wall": cost.wall, "cpu": cost.cpu, "peak": cost.peak, "cut": cut}
        row["failed"] = cost.failed
        row["load"] = round(os.getloadavg()[0], 1)
        self.put(row)
        said = f"{cost.wall:.0f} s by the clock, {cost.cpu:.0f} s of processor, {cost.peak:.2f} GB"
        print(f"{time.strftime('%H:%M:%S')} {step}: {said}", file=sys.stderr, flush=True)
        self.rows[step] = row
        return row


def growth(
    folder: Path,
    files: Sequence[Path],
    sizes: Sequence[int],
    shape: tuple[int, int],
    command: Command,
    some: Some,
    *,
    afresh: bool,
) -> Iterator[Row]:
    """A row of figures at each mark; all but the last fields are sums up to it."""
    kept, home = _Kept(folder / "growth.jsonl"), folder / "growth"
    cores, sums, done = shape[0] * shape[1], {"wall": 0.0, "cpu": 0.0}, 0
    cut, learned = False, ("learn", "--include-drafts", "--workers", str(cores))
    kept.once("init", lambda: command(home, 1, "init"))
    for size in sizes:
        place = some(folder / "growth-in", files[done:size])
        taken = ("ingest", str(place), "--workers", str(shape[0]), "--format", "jsonl")
        steps = {
            "ingest": kept.once(f"ingest to {size}", partial(command, home, cores, *taken)),
            "learn": kept.once(f"learn {size}", partial(command, home, cores, *learned)),
        }
        for name in sums:
            sums[name] += sum(row[name] for row in steps.values())
        cut = cut or any(row["cut"] for row in steps.values())
        yield {
            "claim": "growth",
            "shape": f"{shape[0]}x{shape[1]}",
            "reviews": size,
            "added": size - done,
            "failed": steps["ingest"]["failed"],
            "wall": round(sums["wall"], 1),
            "cpu": round(sums["cpu"], 1),
            "wall_a_review": round(sums["wall"] / size, 2),
            "cpu_a_review": round(sums["cpu"] / size, 2),
            "peak_gb": round(max(row["peak"] for row in steps.values()), 2),
            **{f"{n}_wall": round(row["wall"], 1) for n, row in steps.items()},
            **{f"{n}_cpu": round(row["cpu"], 1) for n, row in steps.items()},
            **{f"{n}_gb": round(row["peak"], 2) for n, row in steps.items()},
            "load": max(row["load"] for row in steps.values()),
            "cut": cut,
            "date": time.strftime("%Y-%m-%d"),
        }
        done = size
    if afresh:
        row = kept.once("learn afresh", lambda: _without_vectors(home, command, cores, learned))
        yield {"claim": "learn afresh", "reviews": done} | {
            name: round(row[name], 2) for name in ("wall", "cpu", "peak", "load")
        }


def _without_vectors(home: Path, command: Command, cores: int, learned: Sequence[str]) -> Cost:
    from pipeline.store import passage_vectors

    (home / passage_vectors.NAME).unlink(missing_ok=True)
    return command(home, cores, *learned)
