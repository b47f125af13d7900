"""Reading in a process of its own, with limits: a hostile file cannot take the program down.

The process that parses gets the bytes and answers with frames (wire.py). What it sends is not
trusted: it is limited in size, read as JSON, and checked before anything is done with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO, cast

from pydantic import TypeAdapter, ValidationError

import pipeline
from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import Document, View
from pipeline.raw.readers import leftovers, png, refusals, wire
from pipeline.span import Span

Progress = Callable[[int, int], None]
Keep = Callable[[int, bytes], None]
_Frames = queue.Queue[tuple[bytes, bytes] | None]

_MOST = {
    wire.PAGE: wire.PAGES.size,
    wire.PICTURE: wire.PAGES.size + png.MOST_BYTES,
    wire.DOCUMENT: wire.MOST_DOCUMENT,
    wire.REFUSAL: 40,
}
# So many frames wait to be looked at, and so long they do: what is sent does not fill memory.
_WAITING, _PATIENCE = 4, 60.0
# The package is found where this process found it, and nothing else of that folder before the
# standard library. File names are no arguments: other users of the computer can see those.
_START = (
    "import sys, json; root, *rest = json.loads(sys.argv[1]); sys.path[:] = [root]; "
    "import pipeline; sys.path[:] = rest; "
    "from pipeline.raw.readers.child import main; main()"
)
# What programs need to start. No secret, and nothing that says where the workspace lies.
_KEPT = (
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE",
    "TESSDATA_PREFIX", "OMP_THREAD_LIMIT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR",
    "COMSPEC", "PATHEXT", "PROGRAMFILES", "PROGRAMFILES(X86)",
)  # fmt: skip
# What programs take for the place of their own files: a folder that is gone afterwards.
_PLACES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TMP", "TEMP")
_READER = re.compile(
    r"candour-reader-\d{1,3}(?:-original)?(?:[+ ][a-z]{3,20}-[A-Za-z0-9._-]{1,40}){0,4}"
)
_MEDIA = re.compile(r"[a-z]+/[a-z0-9.+-]{1,90}")
_UNREAD_ID = re.compile(r"[a-z_]{1,30}-\d{1,9}-\d{1,9}")
_MOST_REASON = 400


def parsed(
    data: bytes,
    name: str,
    settings: Settings,
    progress: Progress | None = None,
    *,
    view: View = View.ACCEPTED,
    keep: Keep | None = None,
    command: Sequence[str] | None = None,
) -> Document:
    """The document in a file's bytes, parsed by a process of its own.

    ReadError where it refuses the file, fails, or takes more time or memory than is allowed. With
    `keep` it draws the pages of a PDF too; `keep` is given each page's number and PNG.
    """
    wanted: dict[str, object] = {
        "name": name,
        "settings": settings.model_dump(),
        "view": view.value,
    }
    wanted |= {"draw": keep is not None}
    order = json.dumps(wanted).encode()
    with _process(command or _command()) as process:
        _start(_feed, cast("BinaryIO", process.stdin), order, data)
        frames: _Frames = queue.Queue(_WAITING)
        _start(_listen, cast("BinaryIO", process.stdout), frames)
        (kind, body), drawn = _answer(frames, settings, progress, keep)
    if kind == wire.REFUSAL:
        raise refusals.error(body.decode("ascii", "replace"))
    document = _checked(body, data)
    if keep is not None and drawn != document.pages:
        raise ReadError(refusals.FAILED)
    return document


def _command() -> list[str]:
    root = str(Path(pipeline.__file__).resolve().parent.parent)
    paths = [root, *(path for path in sys.path if path)]
    return [sys.executable, "-I", "-S", "-c", _START, json.dumps(paths)]


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    kept |= dict.fromkeys(_PLACES, folder)
    # Libraries that take memory for every core would meet the limit on large machines.
    return kept | {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


@contextmanager
def _process(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own; at the end it is killed with all that it started.

    What programs leave behind of the file goes too: their place for such things is a folder
    that nobody else may open.
    """
    with tempfile.TemporaryDirectory(
        prefix=leftovers.prefix(), ignore_cleanup_errors=True
    ) as folder:
        process = _started(command, folder)
        try:
            yield process
        finally:
            _kill(process)


def _started(command: Sequence[str], folder: str) -> subprocess.Popen[bytes]:
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    try:
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A library may write pieces of the file there.
            stderr=subprocess.DEVNULL,
            env=_environment(folder),
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
    except OSError:
        raise ReadError(refusals.NO_PROCESS) from None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and its group. It was not waited for yet, so its number is still its own."""
    if sys.platform == "win32":
        words = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        with suppress(OSError):
            subprocess.run(words, capture_output=True, check=False)  # noqa: S603
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _start(act: Callable[..., None], pipe: IO[bytes], *more: object) -> None:
    threading.Thread(target=act, args=(pipe, *more), daemon=True).start()


def _feed(pipe: BinaryIO, order: bytes, data: bytes) -> None:
    """Sends the order and the file. The pipe stays open: its end says that nobody asks any more."""
    with suppress(OSError, ValueError):
        wire.put(pipe, wire.ORDER, order)
        wire.put(pipe, wire.DATA, data)


def _listen(pipe: BinaryIO, frames: _Frames) -> None:
    """Passes frames on until the last one; None where the process ends or sends no frame."""
    frame: tuple[bytes, bytes] | None = (wire.PAGE, b"")
    while frame is not None and frame[0] in (wire.PAGE, wire.PICTURE):
        try:
            frame = wire.get(pipe, _MOST)
        except (OSError, ValueError):
            frame = None
        try:
            frames.put(frame, timeout=_PATIENCE)
        except queue.Full:
            return  # nobody takes them any more


def _answer(
    frames: _Frames, settings: Settings, progress: Progress | None, keep: Keep | None
) -> tuple[tuple[bytes, bytes], int]:
    """The last frame, and how many pages were drawn.

    Each page that is done gives the process time anew, up to the total.
    """
    end = time.monotonic() + settings.read_total_seconds
    last = {wire.PAGE: 0, wire.PICTURE: 0}
    while True:
        wait = min(settings.read_seconds, end - time.monotonic())
        try:
            frame = frames.get(timeout=max(0.0, wait))
        except queue.Empty:
            raise ReadError(refusals.SLOW) from None
        if frame is None:
            raise ReadError(refusals.FAILED)
        kind, body = frame
        if kind not in last:
            return frame, last[wire.PICTURE]
        page = _next(last[kind], body, settings)
        last[kind] = page[0]
        if kind == wire.PICTURE:
            picture = body[wire.PAGES.size :]
            if keep is None or not png.is_plain(picture):
                raise ReadError(refusals.FAILED)
            keep(page[0], picture)
        elif progress is not None:
            progress(*page)


def _next(last: int, body: bytes, settings: Settings) -> tuple[int, int]:
    """The page that a frame tells of, and of how many.

    Pages are counted upwards, so that no process lives on by telling the same page.
    """
    if len(body) < wire.PAGES.size:
        raise ReadError(refusals.FAILED)
    page, pages = wire.PAGES.unpack_from(body)
    if not last < page <= pages <= settings.most_pages:
        raise ReadError(refusals.FAILED)
    return page, pages


@cache
def _adapter() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


def _checked(body: bytes, data: bytes) -> Document:
    """The document that was sent, if it is one of this file and its parts fit together."""
    try:
        document = _adapter().validate_json(body, strict=True)
    except (ValidationError, RecursionError):
        # Not chained: the error quotes what was sent.
        raise ReadError(refusals.FAILED) from None
    own = document.source_sha256 == hashlib.sha256(data).hexdigest()
    if not (own and _codes_hold(document) and _spans_hold(document)):
        raise ReadError(refusals.FAILED)
    return document


def _codes_hold(document: Document) -> bool:
    """Whether what other programs, lists and the register show is a code or a plain sentence."""
    return (
        _READER.fullmatch(document.reader) is not None
        and _MEDIA.fullmatch(document.media) is not None
        and document.pages >= 1
        and all(
            _UNREAD_ID.fullmatch(one.id)
            and one.reason.isprintable()
            and len(one.reason) <= _MOST_REASON
            for one in document.unread
        )
    )


def _spans_hold(document: Document) -> bool:
    """Whether all that points into the text points into it."""
    length = len(document.text)
    cells = (cell for block in document.blocks for row in block.rows for cell in row)
    spans: list[Span | None] = [*cells, *document.uncertain, *(u.span for u in document.unread)]
    placed = all(
        place.start >= 0 and place.length > 0 and place.start + place.length <= length
        for place in document.places
    )
    source = -1 if document.source_text is None else len(document.source_text)
    pieces = () if document.origins is None else document.origins.pieces
    led = all(p.start + p.length <= length and p.source + p.length <= source for p in pieces)
    return placed and led and all(span is None or span.end <= length for span in spans)
