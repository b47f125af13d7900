"""Safe texts read by several processes: passages, roles, and themes by cue."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from pipeline.batch.local import environment
from pipeline.flow import marking

if TYPE_CHECKING:
    from pipeline.safe.lesson import Passage, SafeDocument, Theme

_FEW = 20  # texts that this process reads itself: others would take longer to start
_themes: list[Sequence[Theme]] = []


def reader(workers: int) -> marking.Reader:
    """What reads texts with so many processes; the passages come in the order of the texts."""

    def read(
        documents: Iterable[SafeDocument], themes: Sequence[Theme]
    ) -> Iterator[tuple[Passage, ...]]:
        every = iter(documents)
        first = list(islice(every, _FEW))
        if workers < 2 or len(first) < _FEW:
            yield from marking.here(chain(first, every), themes)
            return
        yield from _read(chain(first, every), themes, workers)

    return read


def _read(
    documents: Iterable[SafeDocument], themes: Sequence[Theme], workers: int
) -> Iterator[tuple[Passage, ...]]:
    """At most four texts a process are in hand. Where one dies, this process reads on."""
    with environment(1):
        pool = ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(themes,)
        )
        waiting: deque[tuple[SafeDocument, Future[tuple[Passage, ...]]]] = deque()
        every = iter(documents)
        try:
            for document in every:
                waiting.append((document, pool.submit(_one, document)))
                if len(waiting) >= 4 * workers:
                    yield waiting[0][1].result()
                    waiting.popleft()
            while waiting:
                yield waiting[0][1].result()
                waiting.popleft()
        except BrokenProcessPool:
            held = [one for one, _ in waiting]
            yield from marking.here(chain(held, every), themes)
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(themes: Sequence[Theme]) -> None:
    _themes[:] = [themes]


def _one(document: SafeDocument) -> tuple[Passage, ...]:
    return marking.passages(document, _themes[0])
