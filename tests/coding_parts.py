"""What the tests of coding and exports share: a workspace that was learned from, with coders."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from learning_parts import ALONE, SHARING, VISITS, bag, report

from pipeline.flow import coding, learning
from pipeline.safe import embed
from pipeline.safe.lesson import Passage, SafeDocument
from pipeline.store.accounts import Actor, Duty
from pipeline.store.workspace import Workspace

ACCENTED = "Zoë’s café said 🙂 that there was a lack of information sharing with the school."
REPORTS = (
    report("r-one", SHARING[0], VISITS[0], year="2011"),
    report("r-two", SHARING[1], ALONE, ACCENTED, year="2014"),
    report("r-three", SHARING[2], VISITS[1], "=SUM(A1) was what the plan of the ward said once."),
)
_LEARNED: list[Path] = []
DRAFT = report("r-six", SHARING[2], year="2019", draft=True)


def learned_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *documents: SafeDocument
) -> Workspace:
    """A real workspace with approved texts, learned from; vectors are bags of words."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def encoder(threads: int, *, remember: bool = True) -> object:
        return bag

    monkeypatch.setattr(embed, "_model", encoder)
    if not documents and _LEARNED:  # made once, copied for every test
        shutil.copytree(_LEARNED[0], tmp_path / "home")
        return Workspace.open(tmp_path / "home")
    made = Workspace.create(tmp_path / "home")
    made.accounts.add("kim", Duty.RESEARCHER)
    made.accounts.add("sam", Duty.REVIEWER)
    made.accounts.add("lou", Duty.UPLOADER)
    for document in documents or REPORTS:
        made.library.put_document(document)
    learning.learn(made)
    if not documents:
        kept = Path(tempfile.mkdtemp(dir=tmp_path.parent)) / "home"
        _LEARNED.append(shutil.copytree(made.home, kept))
    return made


def coder(workspace: Workspace, name: str = "kim") -> Actor:
    return coding.coder(workspace, name)


def passage(workspace: Workspace, review: str, words: str) -> Passage:
    """The passage of a review that begins with these words, as it is coded now."""
    listed = workspace.library.passages(reviews=(review,))
    return next(one for one in listed if one.text.startswith(words))


def codes(workspace: Workspace, review: str, words: str) -> list[tuple[str, str]]:
    return [(mark.code, mark.by) for mark in passage(workspace, review, words).themes]
