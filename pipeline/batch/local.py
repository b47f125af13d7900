"""Processes of this machine that read files, one file each at a time.

They are started anew, not forked, so that it is the same on every system; each has its share of
the cores. A file goes to a process through a pipe, and what is proposed comes back through it:
nothing of a document is written anywhere. A process that dies takes no other with it.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context
from typing import TYPE_CHECKING

from pipeline.errors import StoreError
from pipeline.flow import taking

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

# What libraries take for the number of their threads, read when they are loaded.
_THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS", "OMP_THREAD_LIMIT",
)  # fmt: skip
# What a process that only reads has no business with.
_SECRETS = ("CANDOUR_KEY_FILE", "CANDOUR_PASSWORD", "CANDOUR_HOME")
_EACH_GB = 1.5  # memory that a process should find: it takes .9 GB, and what it reads with more
_UNKNOWN = 4  # processes at most where the system does not tell its memory
_SPARE = 1800.0  # seconds for what comes after reading, for which there are limits of its own
_DEATHS = 6  # deaths on end without an answer, over the number of processes, that end a run
_NO_PROCESS = (
    "The processes that read files end as soon as they are started. What was taken in stays. "
    "Check the memory of this machine, or run the command again with --workers 1."
)


def cores() -> int:
    """The cores that this process may use."""
    told = getattr(os, "sched_getaffinity", None)
    return len(told(0)) if told is not None else os.cpu_count() or 1


def workers() -> int:
    """How many processes suit this machine: one a core, as far as there is memory for them."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return min(cores(), _UNKNOWN)
    return max(1, min(cores(), int(memory / (_EACH_GB * 1024**3))))


class _Worker:
    """One process, and what it has in hand."""

    def __init__(self, act: taking.Act, threads: int) -> None:
        context = get_context("spawn")
        own, theirs = context.Pipe()
        self.pipe: Connection = own
        self.process: SpawnProcess = context.Process(
            target=_work, args=(theirs, act, threads), daemon=True
        )
        with environment(threads):
            self.process.start()
        theirs.close()
        self.review: str | None = None
        self.since = 0.0

    def give(self, order: taking.Order) -> None:
        self.review, self.since = order.review, time.monotonic()
        with suppress(OSError):  # it has died: that is noticed when it is waited for
            self.pipe.send(order)

    def answer(self) -> taking.Answer | None:
        """What it sent; None where it died before."""
        try:
            got: taking.Answer = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return got

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


class Local:
    """Processes of this machine, each with its share of the cores."""

    again = True

    def __init__(
        self, workers: int, threads: int | None = None, act: taking.Act = taking.answer
    ) -> None:
        self.most = workers
        self._threads = threads or max(1, cores() // workers)
        self._act = act
        self._workers: list[_Worker] = []
        self._deaths = 0
        self._patience = _SPARE

    def give(self, order: taking.Order) -> None:
        """Have a file read by a process that has none in hand; by a new one where there is none."""
        idle = next((one for one in self._workers if one.review is None), None)
        if idle is None:
            idle = _Worker(self._act, self._threads)
            self._workers.append(idle)
        self._patience = order.settings.read_total_seconds + _SPARE
        idle.give(order)

    def take(self) -> tuple[str, taking.Answer | None]:
        """The next review that is done, and what came of it: None where its process died."""
        while True:
            busy = {one.pipe: one for one in self._workers if one.review is not None}
            ready = connection.wait(list(busy), timeout=5.0)
            late = [p for p, one in busy.items() if time.monotonic() > one.since + self._patience]
            for pipe in [*ready, *late]:
                worker = busy[pipe]  # type: ignore[index]
                review = str(worker.review)
                answer = worker.answer() if pipe in ready else None
                worker.review = None
                self._deaths = self._deaths + 1 if answer is None else 0
                if answer is None:
                    self._workers.remove(worker)
                    worker.end()
                    if self._deaths > _DEATHS + self.most:
                        raise StoreError(_NO_PROCESS)
                return review, answer

    def close(self) -> None:
        """End the processes; what they have in hand is lost."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()


@contextmanager
def environment(threads: int) -> Iterator[None]:
    """What a process that is started meanwhile finds: so many threads, and no secret."""
    before = dict(os.environ)
    os.environ.update(dict.fromkeys(_THREADS, str(threads)))
    for name in _SECRETS:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _work(pipe: Connection, act: taking.Act, threads: int) -> None:
    """What a process does: an order in, an answer out, until nobody is there to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks ends this one
    # A library may write pieces of a file there.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    while True:
        try:
            order: taking.Order = pipe.recv()
            pipe.send(act(order.on(threads)))
        except (EOFError, OSError):
            return
