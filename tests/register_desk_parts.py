"""The register at the desk in tests: a workspace, its desk, an officer, and what a page shows."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from desk_parts import desk, made

from pipeline.flow import registering
from pipeline.store.accounts import Actor
from pipeline.store.workspace import Workspace
from pipeline.web.security import Guard

BOARD, AUTHOR = "Marl Safeguarding Board", "Ottoline <Quibbrook>"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return made(tmp_path)


@pytest.fixture
def served(workspace: Workspace) -> Guard:
    return desk(workspace.home)


def uma(workspace: Workspace) -> Actor:
    return Actor(workspace.accounts.named("Uma Field").id, proven=True)


def expected(workspace: Workspace, **given: str) -> str:
    return registering.add(workspace, {"board": BOARD} | given, as_name=uma(workspace))


def shown(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)))
