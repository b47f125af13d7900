"""A folder that is watched: what is put into it is taken in, and stays where it lies.

The folder is looked at again and again, since no way of being told of changes works on every
system and on network drives. A file is taken once it was the same at two looks: whoever copies a
large one into the folder is not disturbed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.flow import intake

Look = tuple[int, int]
Row = Mapping[str, object]
Take = Callable[[Sequence[Path]], Iterator[Row]]


def watch(
    paths: Sequence[Path],
    home: Path,
    take: Take,
    *,
    every: float = 60.0,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Row]:
    """The rows of files as they come; without an end, until whoever asks stops asking.

    A file has one row, and another when it was changed. `take` takes files in.
    """
    before: dict[Path, Look] = {}
    told: dict[Path, Look] = {}
    while True:
        now = _looks(intake.files(paths, home))
        ready = [path for path, look in now.items() if before.get(path) == look != told.get(path)]
        told = {path: look for path, look in told.items() if path in now}
        told |= {path: now[path] for path in ready}
        if ready:
            yield from take(ready)
        before = now
        wait(every)


def _looks(paths: Sequence[Path]) -> dict[Path, Look]:
    """The size and the time of each file that is there."""
    found: dict[Path, Look] = {}
    for path in paths:
        try:
            known = path.stat()
        except OSError:
            continue  # it was taken away meanwhile
        found[path] = known.st_size, known.st_mtime_ns
    return found
