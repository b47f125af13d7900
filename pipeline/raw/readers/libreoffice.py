"""LibreOffice as a converter: a file in, a .docx out, by a profile and a folder of its own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.raw.readers import refusals

_SECONDS = 180
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
# No macros, no links to other files or the network, and a proxy that leads nowhere.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_SPACES = (
    'xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def found() -> str | None:
    """The program, where it is installed."""
    for name in ("soffice", "libreoffice"):
        if program := shutil.which(name):
            return program
    return next((place for place in _PLACES if Path(place).is_file()), None)


@lru_cache(maxsize=4)
def version(program: str) -> str:
    """The version that the program says it is, "unknown" where it says none."""
    with tempfile.TemporaryDirectory(prefix="candour-") as folder:
        try:
            said = _run([program, "--version", _profile(Path(folder))], Path(folder))
        except ReadError:
            return "unknown"
    number = re.search(r"\d+(?:\.\d+)+", said)
    return number.group() if number else "unknown"


def as_docx(program: str, data: bytes, ending: str) -> bytes:
    """The file as a .docx; ReadError where the program fails.

    All that it writes lies in one folder, which is gone afterwards; only where this process
    itself is killed does the folder stay behind, in the system's place for such files.
    """
    with tempfile.TemporaryDirectory(prefix="candour-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"report.{ending}"
        source.write_bytes(data)
        _run(
            [
                program,
                _profile(folder),
                "--headless",
                "--norestore",
                "--nologo",
                "--nolockcheck",
                "--nodefault",
                "--convert-to",
                "docx:MS Word 2007 XML",
                "--outdir",
                str(folder / "out"),
                str(source),
            ],
            folder,
        )
        made = folder / "out" / "report.docx"
        if not made.is_file():
            raise ReadError(refusals.LIBREOFFICE_FAILED)
        return made.read_bytes()


def _profile(folder: Path) -> str:
    """Writes a profile's settings into the folder; the option that names it."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items {_SPACES}>{items}</oor:items>',
        encoding="utf-8",
    )
    return f"-env:UserInstallation={(folder / 'profile').as_uri()}"


def _run(command: list[str], folder: Path) -> str:
    """Runs the program with its temporary files and its home in the folder, and ends it in time."""
    places = dict.fromkeys(("TMPDIR", "TMP", "TEMP", "HOME", "XDG_CACHE_HOME"), str(folder))
    closed = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    try:
        process = subprocess.Popen(  # noqa: S603 - a program found by its own name
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **places, **closed},
            cwd=folder,
            start_new_session=_alone(),
        )
    except OSError:
        raise ReadError(refusals.LIBREOFFICE_FAILED) from None
    try:
        said, _ = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise ReadError(refusals.LIBREOFFICE_FAILED) from None
    finally:
        _end(process)
    return said.decode("utf-8", "replace")


def _alone() -> bool:
    """Whether the program needs a group of its own to be ended with all that it starts.

    A process that reads one file leads a group already, and is ended with it.
    """
    return sys.platform != "win32" and os.getpgid(0) != os.getpid()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and what it started: the starter is another process than the office."""
    if sys.platform != "win32" and _alone():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
