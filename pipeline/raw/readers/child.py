"""The process that reads one file and ends: what a hostile file breaks is this, and no more.

It gets an order and the bytes over its input, lowers its own limits, and answers over its
output with pages read, then a document or the name of a refusal. It starts with every file, so
it loads only what that file needs.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pipeline.errors import ReadError, UsageError
from pipeline.raw.document import View
from pipeline.raw.readers import reading, refusals, wire

if TYPE_CHECKING:
    from pipeline.config import Settings

_MEGABYTE = 1024 * 1024
_MOST = {wire.ORDER: _MEGABYTE, wire.DATA: reading.MOST_BYTES}
# The longest file that may be written. Only what recognises scans or converts old formats
# writes much; else it is the library that tells languages, which unpacks its 65 MB model.
_WRITTEN = {"zip": 128 * _MEGABYTE, "text": 128 * _MEGABYTE}
_MOST_WRITTEN = 512 * _MEGABYTE


def main() -> None:
    """Reads one file as ordered; ends without tidying up, since nothing is left to lose."""
    asked, answer = _pipes()
    order = json.loads(_wanted(asked))
    _limit(order)
    data = _wanted(asked)
    threading.Thread(target=_end_with, args=(asked,), daemon=True).start()
    kind, body = _read(order, data, answer)
    wire.put(answer, kind, body)
    os._exit(0)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Input and output, moved away from where libraries and programs would write into them."""
    asked, answer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return asked, answer


def _wanted(asked: BinaryIO) -> bytes:
    frame = wire.get(asked, _MOST)
    if frame is None:
        os._exit(1)
    return frame[1]


def _limit(order: dict[str, Any]) -> None:
    """Memory, processor time and no memory image on disk, where the system knows such limits.

    Windows knows none of them: there only the clock of the process that asks limits this one.
    """
    if sys.platform != "win32":
        import resource

        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_CPU, int(order["settings"]["read_total_seconds"]) + 1)
        _lower(resource.RLIMIT_AS, order["settings"]["read_memory_mb"] * _MEGABYTE)


def _limit_files(most: int) -> None:
    if sys.platform != "win32":
        import resource

        _lower(resource.RLIMIT_FSIZE, most)


def _lower(which: int, value: int) -> None:
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(which)
        if most != resource.RLIM_INFINITY:
            value = min(value, most)
        # macOS does not keep to a limit of memory and may refuse to set one.
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (value, value))


def _end_with(asked: BinaryIO) -> None:
    """Ends this process, and the programs that it started, when the one that asks has ended."""
    asked.read(1)
    if sys.platform != "win32" and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _read(order: dict[str, Any], data: bytes, answer: BinaryIO) -> tuple[bytes, bytes]:
    # The settings were checked by the process that asks; loading what checks them would cost
    # more than all else at the start.
    settings = cast("Settings", SimpleNamespace(**order["settings"]))

    def progress(page: int, pages: int) -> None:
        wire.put(answer, wire.PAGE, wire.PAGES.pack(page, pages))

    try:
        _limit_files(_WRITTEN.get(reading.kind(data), _MOST_WRITTEN))
        document = reading.parse(data, order["name"], settings, progress, View(order["view"]))
        body = wire.encoded(document)
        if len(body) <= wire.MOST_DOCUMENT:
            return wire.DOCUMENT, body
        code = "TOO_LONG"
    except (ReadError, UsageError) as error:
        code = refusals.code(str(error))
    except MemoryError:
        code = "MEMORY"
    except RecursionError:
        code = "NESTED"
    return wire.REFUSAL, code.encode()
