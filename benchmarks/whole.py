"""The whole pipeline on invented reviews of 20,000 words: from files to lessons and a search.

    python benchmarks/whole.py --reviews 100 --folder DIR
    python benchmarks/whole.py --reviews 24 --folder DIR --shape 1x2 --shape 2x1
    python benchmarks/whole.py --growth 100,200,300 --folder DIR [--afresh]
    python benchmarks/whole.py --dask --reviews 12 --folder DIR

A shape is processes by threads of each. The commands are run as a person would run them, each a
process of its own; drafts are learned from, since nobody settles invented reviews. Printed are
reports an hour, seconds of wall clock and of processor a review for each command, the most memory
that all processes held together, and the load of the machine: where others work on it, seconds of
processor say more than the clock. The drawing of the reviews is not timed, runs in two processes
and goes on where it was cut off; DIR keeps them (`--draw` draws and ends). Each row is printed as
JSON and goes to FILE at once (--out). `--growth` adds reviews to one home and can be cut off and
called again (whole_growth.py).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import whole_growth
import whole_reviews

_REVIEWS, _HOURS, _GB, _TIMES = 1400, 4.0, 3.0, 1.7
_SOME_FAILED = 8  # the exit code of a batch in which single files failed
_MAIN = "from pipeline.cli.app import main; main()"


@dataclass
class Cost:
    """What one command took, with all processes that it started."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    failed: int = 0  # files that were not taken in, or for which the gate kept the draft back


class _Watched:
    """The most memory that a process and all below it hold together, ten looks a second.

    Pages that several of them share count several times.
    """

    def __init__(self, process: psutil.Process) -> None:
        self.process = process
        self.peak = 0.0
        self.over = False

    def run(self) -> None:
        while not self.over:
            held = 0
            try:
                every = [self.process, *self.process.children(recursive=True)]
            except psutil.Error:
                return
            for one in every:
                with suppress(psutil.Error):
                    held += one.memory_info().rss
            self.peak = max(self.peak, held / 1024**3)
            time.sleep(0.1)


def command(home: Path, cores: int, *arguments: str) -> Cost:
    """Run one command of Candour to its end, on so many cores."""
    env = os.environ | {
        "CANDOUR_HOME": str(home),
        "CANDOUR_KEY_FILE": str(home.parent / f"{home.name}.key"),
    }
    before = os.times()
    started = time.perf_counter()
    words = [sys.executable, "-c", _MAIN, *arguments]
    said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
    run = subprocess.Popen(words, env=env, stdout=said, stderr=-3)  # noqa: S603
    process = psutil.Process(run.pid)
    if hasattr(process, "cpu_affinity"):
        process.cpu_affinity(process.cpu_affinity()[:cores])
    watched = _Watched(process)
    looking = threading.Thread(target=watched.run, daemon=True)
    looking.start()
    try:
        code = run.wait()
    except BaseException:  # cut off: what was started must not hold the home of the next call
        for one in [*process.children(recursive=True), process]:
            with suppress(psutil.Error):
                one.kill()
        raise
    wall = time.perf_counter() - started
    watched.over = True
    looking.join()
    after = os.times()
    if code not in (0, _SOME_FAILED):
        sys.exit(f"The command ended with code {code}.")
    said.seek(0)
    failed = sum(b'"why": "", "code": 0' not in line for line in said) if code else 0
    waited = after.children_user + after.children_system
    waited -= before.children_user + before.children_system
    return Cost(wall, waited, watched.peak, failed)


def _some(folder: Path, files: Sequence[Path]) -> Path:
    """A folder with links to some of the files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in files:
        os.link(path, folder / path.name)
    return folder


def whole(work: Path, files: Sequence[Path], shape: tuple[int, int]) -> dict[str, object]:
    """Files to lessons in one shape; a row of figures."""
    home, number = work / "home", len(files)
    shutil.rmtree(home, ignore_errors=True)
    command(home, 1, "init")
    cores = shape[0] * shape[1]
    steps = {
        "ingest": command(
            home,
            cores,
            "ingest",
            str(_some(work / "in", files)),
            "--workers",
            str(shape[0]),
            "--format",
            "jsonl",
        ),
        "learn": command(home, cores, "learn", "--include-drafts", "--workers", str(cores)),
        "lessons": command(home, cores, "lessons", "--include-drafts", "--format", "jsonl"),
    }
    wall, cpu = (sum(getattr(one, name) for one in steps.values()) for name in ("wall", "cpu"))
    return {
        "shape": f"{shape[0]}x{shape[1]}",
        "reviews": number,
        "reports_an_hour": round(3600 * number / wall, 1),
        "hours_for_1400": round(_REVIEWS * wall / number / 3600, 2),
        "hours_for_1400_by_processor_on_two_cores": round(_REVIEWS * cpu / number / 3600 / 2, 2),
        "peak_gb": round(max(one.peak for one in steps.values()), 2),
        "met": _REVIEWS * wall / number <= 3600 * _HOURS
        and max(one.peak for one in steps.values()) <= _GB,
        "failed": steps["ingest"].failed,
        "load": round(os.getloadavg()[0], 1),
        **{f"{name}_wall": round(one.wall / number, 2) for name, one in steps.items()},
        **{f"{name}_cpu": round(one.cpu / number, 2) for name, one in steps.items()},
        **{f"{name}_gb": round(one.peak, 2) for name, one in steps.items()},
    }


@contextmanager
def _dask(workers: int) -> Iterator[str]:
    """The address of a scheduler of its own process, and of workers as a person starts them.

    Each has one core, as a worker of one thread has on a full machine: what it starts beside
    itself to read a file would else run on the core of the second worker, which is idle where
    there is one (1.55 times over 20 reviews, with 5.4 s a review by one and 3.5 by two).
    """
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=None) as made:
        address = made.scheduler_address
        words = [sys.executable, "-c", _MAIN, "worker", address, "--processes", str(workers)]
        started = subprocess.Popen(words, stdout=-3, stderr=-3)  # noqa: S603
        own = psutil.Process(started.pid)
        if hasattr(own, "cpu_affinity"):
            own.cpu_affinity(own.cpu_affinity()[:workers])
        try:
            yield address
        finally:
            # Not Ctrl-C, which a process that was started in the background does not hear.
            for one in [*own.children(recursive=True), own]:
                with suppress(psutil.Error):
                    one.kill()
            started.wait()


def dask(work: Path, files: Sequence[Path]) -> dict[str, object]:
    """How many times as fast two Dask workers are as one, both warm and of one thread each."""
    took = {}
    for workers in (1, 2):
        with _dask(workers) as address:
            for part, some in (("warm", files[: 2 * workers]), ("timed", files[4:])):
                home = work / f"dask{workers}-{part}"
                shutil.rmtree(home, ignore_errors=True)
                command(home, 1, "init")
                folder = _some(work / "in", some)
                cost = command(home, 2, "ingest", str(folder), "--scheduler", address)
                took[workers] = cost.wall / len(some)
    return {
        "reviews": len(files) - 4,
        "seconds_a_review_one_worker": round(took[1], 2),
        "seconds_a_review_two_workers": round(took[2], 2),
        "times": round(took[1] / took[2], 2),
        "met": took[1] / took[2] >= _TIMES,
        "load": round(os.getloadavg()[0], 1),
    }


def _rows(
    given: argparse.Namespace, files: Sequence[Path], sizes: Sequence[int]
) -> Iterator[dict[str, object]]:
    """The rows of what is asked for, each as soon as it is known."""
    work = given.folder / "work"
    if given.dask:
        yield dask(work, files)
        return
    for asked in given.shape or ["2x1"]:
        processes, _, threads = asked.partition("x")
        shape = int(processes), int(threads)
        if given.growth:
            yield from whole_growth.growth(
                given.folder, files, sizes, shape, command, _some, afresh=given.afresh
            )
            return
        yield whole(work, files, shape)


def main() -> None:
    """Draw, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=100)
    parser.add_argument("--seed", default="8817")
    parser.add_argument("--words", type=int, default=whole_reviews.WORDS)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--shape", action="append", help="processes by threads, as 2x1")
    parser.add_argument("--growth", help="numbers of reviews, as 100,200,300")
    parser.add_argument(
        "--afresh", action="store_true", help="after growth, learn once from nothing"
    )
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--draw", action="store_true", help="draw the reviews and end")
    parser.add_argument("--out", type=Path, help="a file to which each row is added")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Cut off. Call it again to go on."))
    sizes = [int(one) for one in (given.growth or str(given.reviews)).split(",")]
    files = whole_reviews.written(given.folder / "files", given.seed, max(sizes), given.words)
    if given.draw:
        return
    for row in _rows(given, files, sizes):
        line = json.dumps(row) + "\n"
        sys.stdout.write(line)
        sys.stdout.flush()
        if given.out:
            with given.out.open("a", encoding="utf-8") as kept:
                kept.write(line)


if __name__ == "__main__":
    main()
