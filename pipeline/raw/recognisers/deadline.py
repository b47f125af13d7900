"""A recogniser gets so many seconds; one that takes longer, or crashes, has failed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

from pipeline.errors import RecogniserError

CRASHED = (
    "The recogniser {name} failed on this document, so names may have been missed. Nothing of it "
    "is released. Run it again; if it fails again, send the maintainers the file's format and size."
)
HANGS = (
    "The recogniser {name} ran out of time on this document, so names may have been missed. "
    "Nothing of it is released. Raise recogniser_seconds in the settings, or split the file."
)
# A recogniser's name is a word of this program: anything else is not repeated.
_NAME = re.compile(r"[a-z][a-z_-]{0,30}")

T = TypeVar("T")


def within(seconds: float, work: Callable[[], Iterable[T]], name: str) -> tuple[T, ...]:
    """What the work yields; RecogniserError where it raises or takes longer than `seconds`.

    It runs in a thread of its own that dies with the process. What it raised is dropped, a
    RecogniserError too: a message or a traceback of a recogniser may carry words of the document.
    """
    return begun(work, name)(seconds)


def begun(work: Callable[[], Iterable[T]], name: str) -> Callable[[float], tuple[T, ...]]:
    """Starts the work; what comes back waits for it, so many seconds, and fails as `within` does.

    A model computes outside the interpreter: patterns can be looked for meanwhile.
    """
    named = name if _NAME.fullmatch(name) else "without a name"
    done: list[tuple[T, ...]] = []

    def run() -> None:
        with suppress(BaseException):
            done.append(tuple(work()))

    thread = threading.Thread(target=run, name="recogniser", daemon=True)
    thread.start()

    def wait(seconds: float) -> tuple[T, ...]:
        thread.join(seconds)
        if thread.is_alive():
            raise RecogniserError(HANGS.format(name=named))
        if not done:
            raise RecogniserError(CRASHED.format(name=named))
        return done[0]

    return wait
