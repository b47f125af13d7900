"""A recogniser gets so many seconds; one that takes longer, or crashes, has failed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

from pipeline.errors import RecogniserError

CRASHED = (
    "A recogniser failed on this document, so names may have been missed. Nothing of it is "
    "released. Run it again; if it fails again, send the maintainers the file's format and size."
)
HANGS = (
    "A recogniser ran out of time on this document, so names may have been missed. Nothing of it "
    "is released. Raise recogniser_seconds in the settings, or split the file."
)

T = TypeVar("T")


def within(seconds: float, work: Callable[[], Iterable[T]]) -> tuple[T, ...]:
    """What the work yields; RecogniserError where it raises or takes longer than `seconds`.

    It runs in a thread of its own that dies with the process. What it raised is dropped: a
    message or a traceback of a recogniser may carry words of the document.
    """
    done: list[tuple[T, ...]] = []
    refused: list[RecogniserError] = []

    def run() -> None:
        with suppress(BaseException):
            try:
                done.append(tuple(work()))
            except RecogniserError as error:
                refused.append(error)

    thread = threading.Thread(target=run, name="recogniser", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise RecogniserError(HANGS)
    if refused:
        raise RecogniserError(str(refused[0]))
    if not done:
        raise RecogniserError(CRASHED)
    return done[0]
