"""The register at the desk in tests: a workspace, its desk, an officer, and what a page shows."""

from __future__ import annotations

import html
import re

from pipeline.flow import registering
from pipeline.store.accounts import Actor
from pipeline.store.workspace import Workspace

BOARD, AUTHOR = "Marl Safeguarding Board", "Ottoline <Quibbrook>"


def uma(workspace: Workspace) -> Actor:
    return Actor(workspace.accounts.named("Uma Field").id, proven=True)


def expected(workspace: Workspace, **given: str) -> str:
    return registering.add(workspace, {"board": BOARD} | given, as_name=uma(workspace))


def shown(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)))
