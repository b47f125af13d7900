"""A workspace whose register is kept by Jo; nothing here is a test."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from pipeline.flow import intake, registering
from pipeline.store.register import Row, State
from pipeline.store.workspace import Workspace

BOARD = "Marl Safeguarding Board"
# Names of nobody: they may stand in the vault, and nowhere else in clear.
AUTHOR, CHAIR, OWNER = "Ottoline Quibbrook", "Peregrine Stowmarch", "Tamsin Vexworth"
SHEET = f"""Board,Subject,Type,Author,Chair,Judgement,Date of evaluation,Notes
{BOARD},Child A,SCR,{AUTHOR},not stated,Inadequate,30/11/2008,first
{BOARD},Child B,SCR,,{CHAIR},Good,1 December 2008,
{BOARD},Child D,SCR,,,adequate,2009-01,
"""


@cache
def _pattern() -> Path:
    """A workspace with its staff and its key, made once."""
    folder = Path(tempfile.mkdtemp(prefix="candour-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANDOUR_KEY_FILE", str(folder / "keys" / "master.key"))
        workspace = intake.init(folder / "home")
        for name, duty in (("Jo", "uploader"), ("Sam", "approver"), ("Ruth", "researcher")):
            intake.add_user(workspace, name, duty)
    return folder


def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The workspace: Jo may see the register, Ruth is a researcher and may not."""
    shutil.copytree(_pattern(), folder, dirs_exist_ok=True)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(folder / "keys" / "master.key"))
    return Workspace.open(folder / "home")


def file_came(workspace: Workspace, number: int = 1, **said: str) -> str:
    """A review with a file, as intake registers it, without its text; its id."""
    row = Row(
        review=f"r-{'bcdfghjk'[number] * 6}",
        state=State.PROPOSED,
        kind=said.get("kind", "serious case review"),
        board=said.get("board", BOARD),
        subject=said.get("subject", "not stated"),
        received=f"2009-02-0{number}",
        published=None,
        sha256=f"{number}" * 64,
        text_sha256=said.get("text", f"{number}" * 64),
        media="text/plain",
    )
    workspace.register.add(row)
    return row.review


def fields(workspace: Workspace, review: str) -> dict[str, object]:
    """What the register tells of one review."""
    rows = registering.listed(workspace, as_name="Jo")
    return next(dict(row) for row in rows if row["review"] == review)


def in_clear(workspace: Workspace, *words: str) -> list[tuple[str, str]]:
    """The files of the workspace in which words stand in clear."""
    files = [path for path in workspace.home.rglob("*") if path.is_file()]
    return [
        (path.name, word) for path in files for word in words
        if word.casefold().encode() in path.read_bytes().lower()
    ]  # fmt: skip
