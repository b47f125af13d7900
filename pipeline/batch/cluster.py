"""Dask workers that read files: on other machines, or as many on this one as one likes."""

from __future__ import annotations

import asyncio
import logging
import queue
import secrets
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline.errors import StoreError, UsageError
from pipeline.flow import taking

if TYPE_CHECKING:
    from distributed import Client, Future

_ANSWERS = 15.0  # seconds for the scheduler to answer
_ALONE = 60.0  # seconds without any worker, after which the run is ended
_NOT_INSTALLED = (
    "Dask is not installed. Nothing was taken in. Install Candour with its cluster part (pip "
    'install "candour[cluster]"), or leave out --scheduler.'
)
_NO_SCHEDULER = (
    "No Dask scheduler answers at that address. Nothing was taken in. Start one with `dask "
    "scheduler`, and name the address that it prints, as in tcp://127.0.0.1:8786."
)
_NO_WORKER = (
    "The Dask scheduler has no worker. What was taken in stays. Start workers with `candour "
    "worker ADDRESS`, then run the same command again: it goes on from here."
)
_OTHER_PROGRAM = (
    "A Dask worker has no Candour, or not the same one as this machine: its results might differ. "
    "What was taken in stays. Install the same version on every machine, and start them again."
)
_GONE = (
    "The Dask scheduler is gone. What was taken in stays. Start it and its workers again, then "
    "run the same command: it goes on from here."
)


class Cluster:
    """The workers of a Dask scheduler, which may come and go during a run."""

    # Dask gives the files of a worker that died to others, and blames all that it had in hand.
    again = True

    def __init__(
        self, address: str, *, act: taking.Act = taking.answer, alone: float = _ALONE
    ) -> None:
        self._client = _client(address)
        self._act = act
        self._alone = alone
        self._run = secrets.token_hex(8)
        self._key = AESGCM.generate_key(bit_length=256)
        self._done: queue.Queue[tuple[str, Future]] = queue.Queue()
        self._futures: dict[str, Future] = {}
        self._seen = time.monotonic()
        from pipeline.batch import sealed

        try:
            self._check(sealed.program)
            self._plugin = sealed.Key(self._run, self._key)
            self._client.register_plugin(self._plugin)
        except BaseException:
            self._client.close()
            raise

    @property
    def most(self) -> int:
        """Twice as many files as there are threads: the next is there when one is done."""
        return 2 * max(1, self._threads())

    def give(self, order: taking.Order) -> None:
        """Have a file read by whichever worker is free."""
        from pipeline.batch import sealed

        made = self._client.submit(
            sealed.worked,
            self._run,
            sealed.seal(self._key, self._run, order),
            self._act,
            key=f"candour-{secrets.token_hex(8)}",
            pure=False,
        )
        self._futures[order.review] = made
        self._wait(order.review, made)

    def _wait(self, review: str, future: Future) -> None:
        future.add_done_callback(lambda done: self._done.put((review, done)))

    def take(self) -> tuple[str, taking.Answer | None]:
        """The next review that is done, and what came of it: None where its workers died."""
        while True:
            try:
                review, future = self._done.get(timeout=2.0)
            except queue.Empty:
                self._look()
                continue
            self._seen = time.monotonic()
            if future.status in ("pending", "lost"):  # its worker died before it gave the answer
                self._wait(review, future)
                continue
            self._futures.pop(review, None)
            return review, self._answer(future)

    def close(self) -> None:
        """Let go of the workers; what they have in hand is lost, and they forget the key."""
        for future in self._futures.values():
            with suppress(OSError, asyncio.TimeoutError):
                future.cancel(force=True)
        self._futures.clear()
        with suppress(OSError, ValueError, asyncio.TimeoutError):
            self._client.unregister_worker_plugin(self._plugin.name)
        self._client.close()

    def _answer(self, future: Future) -> taking.Answer | None:
        from distributed.scheduler import KilledWorker

        from pipeline.batch import sealed

        if future.status == "error":
            if isinstance(future.exception(), KilledWorker):
                return None
            raise UsageError(_OTHER_PROGRAM)
        if future.status != "finished":
            raise StoreError(_GONE)
        told: bytes = future.result()
        if not told:
            raise UsageError(_OTHER_PROGRAM)
        made = sealed.opened(self._key, self._run, told)
        if not isinstance(made, taking.Taken | taking.Refused):
            raise UsageError(_OTHER_PROGRAM)
        return made

    def _look(self) -> None:
        """End the run where nobody is left who could read."""
        if self._client.status != "running":
            raise StoreError(_GONE)
        if self._threads():
            self._seen = time.monotonic()
        elif time.monotonic() > self._seen + self._alone:
            raise UsageError(_NO_WORKER)

    def _threads(self) -> int:
        told = self._client.scheduler_info(n_workers=-1).get("workers", {})
        return sum(int(one["nthreads"]) for one in told.values())

    def _check(self, program: object) -> None:
        """Every worker must have the very Candour that this machine has."""
        end = time.monotonic() + self._alone
        while not self._threads():
            if time.monotonic() > end:
                raise UsageError(_NO_WORKER)
            time.sleep(0.5)
        try:
            told = self._client.run(program)
        except (ImportError, AttributeError, OSError) as error:
            raise UsageError(_OTHER_PROGRAM) from error
        if set(told.values()) != {taking.program()}:
            raise UsageError(_OTHER_PROGRAM)


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(_NOT_INSTALLED) from error
    # What Dask has to say of a connection or a task is told here in our own words.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_ANSWERS, set_as_default=False)
    except (TimeoutError, OSError, ValueError) as error:
        raise UsageError(_NO_SCHEDULER) from error
