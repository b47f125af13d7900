"""Folders in which a file was being read by a process that was killed: they are taken away.

Each reading has a folder of its own for what its programs put aside, and takes it away at its
end. Where the program itself is killed nobody does; the next run does it instead.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_NAME = re.compile(r"candour-(\d{1,10})-\w+")
_OLD = 86_400.0  # seconds: where the system cannot say whether a process lives


def prefix() -> str:
    """How the name of a folder for one reading begins: with the process that takes it away."""
    return f"candour-{os.getpid()}-"


def sweep() -> int:
    """Take away the folders of processes that are gone; how many there were."""
    gone = 0
    for path in Path(tempfile.gettempdir()).glob("candour-*"):
        named = _NAME.fullmatch(path.name)
        if named and path.is_dir() and not path.is_symlink() and _left(path, int(named[1])):
            shutil.rmtree(path, ignore_errors=True)
            gone += not path.exists()
    return gone


def _left(path: Path, process: int) -> bool:
    """Whether nobody reads in a folder any more."""
    if sys.platform == "win32":
        with suppress(OSError):
            return time.time() - path.stat().st_mtime > _OLD
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False  # it is another user's
    return False
