"""Stand-ins for the tests of batches: readers that need no model, that die, and that dawdle.

They are told from their text alone, since they run in other processes.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import flow_parts
import pytest

from pipeline.flow import intake, proposing, taking
from pipeline.store.casefile import CaseFile
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

DEADLY = "Nobody survives this file."
ONCE = "Only the first reader of this file dies, and leaves a sign in "


def act(order: taking.Order) -> taking.Answer:
    """Read without a model; die over a text that says so."""
    text = order.content.decode("utf-8", "replace")
    if DEADLY in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if ONCE in text:
        sign = Path(text.partition(ONCE)[2].splitlines()[0])
        if not sign.exists():
            sign.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    # Undone at once: some tests read in their own process, which other tests go on in.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proposing, "propose", flow_parts.propose)
        patch.setattr(proposing, "read_bytes", _read)
        return taking.answer(order)


def _read(data: bytes, name: str, settings: object) -> object:
    """Parsed by this very process: a process of its own for each file is not what is tested."""
    from pipeline.raw.readers import reading

    reading.require_some(data)
    return reading.parse(data, name, settings, None)  # type: ignore[arg-type]


def slow(order: taking.Order) -> taking.Answer:
    """Read so slowly that one can be disturbed."""
    time.sleep(0.03)
    return act(order)


def whole(home: Path) -> set[str]:
    """Check that every review is whole and that nothing is there beside; the files' hashes."""
    workspace = Workspace.open(home)
    vault = Vault.unlock(workspace)
    rows = workspace.register.rows()
    reviews = sorted(row.review for row in rows)
    assert workspace.ledger.verify() is None
    ingested = [str(e.review) for e in workspace.ledger.rows() if e.action == "ingest"]
    assert sorted(ingested) == reviews == sorted(vault.reviews())
    drafts = workspace.library.documents(include_drafts=True)
    assert [document.review for document in drafts] == reviews
    for row in rows:
        case = CaseFile(vault, row.review)
        assert case.document().text_sha256 == case.proposal().text_sha256 == row.text_sha256
        assert case.document().source_sha256 == row.sha256
    assert len({row.sha256 for row in rows}) == len(rows)
    return {row.sha256 for row in rows}


def made(home: Path) -> dict[str, object]:
    """All that came of each file, by the file's hash, whatever id its review drew."""
    workspace = Workspace.open(home)
    vault = Vault.unlock(workspace)
    found: dict[str, object] = {}
    for row in workspace.register.rows():
        blobs = tuple((name, vault.get(row.review, name)) for name in vault.names(row.review))
        draft = workspace.library.document(row.review, "public")
        assert draft is not None
        safe = (draft.text.value, draft.blocks, draft.swaps, draft.facts)
        said = (row.kind, row.board, row.subject, row.text_sha256, row.media, row.versions)
        found[row.sha256] = (blobs, safe, said)
    return found


def new(folder: Path, name: str) -> Path:
    """A new workspace."""
    return intake.init(folder / name).home


def dies(document: object) -> object:
    """Die instead of reading a text."""
    os.kill(os.getpid(), signal.SIGKILL)
    return document
