"""Jobs: files that were sent and wait to be read, one after the other, in a thread of their own.

They are held in memory and only there. What was not read when the desk ends was not taken in.
"""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.errors import CandourError, UsageError
from pipeline.store.accounts import Actor
from pipeline.web.security import say_fault

MOST_WAITING = 400 * 1024 * 1024
_REMEMBERED = 12 * 60 * 60
_FULL = (
    "Many files wait to be read already. Nothing of yours was taken in. Wait until some of them "
    "are done, then send yours again."
)
_FAULT = (
    "Something went wrong in Candour itself. Nothing of this file was taken in. Report it: the "
    "window of the desk names the place."
)

Take = Callable[[bytes, str, Actor], dict[str, object]]


class Stage(StrEnum):
    """How far one file has come."""

    WAITING = "waiting"
    READING = "reading"
    TAKEN = "taken"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(slots=True)
class Item:
    """One file that was sent. Its name is only shown to whoever sent it, and forgotten."""

    name: str
    size: int
    content: bytes | None
    stage: Stage = Stage.WAITING
    review: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """The files that one account sent together."""

    id: str
    actor: Actor
    items: tuple[Item, ...]
    begun: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """How many of the files are done."""
        return sum(item.stage not in (Stage.WAITING, Stage.READING) for item in self.items)


class Jobs:
    """The jobs of one desk."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._jobs: dict[str, Job] = {}
        self._queue: queue.Queue[tuple[Job, Item]] = queue.Queue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, actor: Actor, files: Sequence[tuple[str, bytes]]) -> Job:
        """A job of these files, to be read in this order; UsageError where too much waits."""
        items = tuple(Item(name, len(content), content) for name, content in files)
        job = Job(secrets.token_hex(8), actor, items)
        with self._lock:
            self._forget()
            waiting = sum(i.size for j in self._jobs.values() for i in j.items if i.content)
            if waiting + sum(item.size for item in items) > MOST_WAITING:
                raise UsageError(_FULL)
            self._jobs[job.id] = job
            for item in items:
                self._queue.put((job, item))
            if self._thread is None:
                # A daemon: a desk that is closed does not wait. One review is one transaction.
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
        return job

    def of(self, actor: Actor, job: str) -> Job | None:
        """A job of this account."""
        found = self._jobs.get(job)
        return found if found is not None and found.actor.id == actor.id else None

    def all_of(self, actor: Actor) -> tuple[Job, ...]:
        """The jobs of this account that are remembered, the newest first."""
        jobs = [job for job in self._jobs.values() if job.actor.id == actor.id]
        return tuple(reversed(jobs))

    def _forget(self) -> None:
        old = time.monotonic() - _REMEMBERED
        for job in [one for one in self._jobs.values() if one.begun < old]:
            if job.done == len(job.items):
                del self._jobs[job.id]

    def _work(self) -> None:
        while True:
            job, item = self._queue.get()
            item.stage = Stage.READING
            self._read(job, item)
            item.content = None

    def _read(self, job: Job, item: Item) -> None:
        ending = item.name.rpartition(".")[2]
        try:
            row = self._take(item.content or b"", ending, job.actor)
        except CandourError as error:
            item.why, item.stage = str(error), Stage.REFUSED
            return
        except Exception as error:  # noqa: BLE001 - it may quote a document, and others wait
            say_fault(error)
            item.why, item.stage = _FAULT, Stage.REFUSED
            return
        item.why = str(row["why"])
        item.review = str(row["review"] or "")
        item.stage = _stage(row)


def _stage(row: dict[str, object]) -> Stage:
    from pipeline.flow.intake import KNOWN

    if row["review"] is None:
        return Stage.REFUSED
    return Stage.KNOWN if row["why"] == KNOWN else Stage.TAKEN
