"""A workspace with one review and its staff, for the tests of what becomes of a report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flow_parts import propose, write_reports
from learning_parts import ALONE, SHARING, bag

from pipeline.flow import intake, proposing, publishing, purging, settling, versions, withdrawing
from pipeline.safe import embed
from pipeline.store.casefile import CaseFile
from pipeline.store.register import Row
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace
from pipeline.training.accepting import accept_open

SENDER = "Quillon Marlstone, by post"
RECIPIENT = "Perpetua Vexley at the library"
# Words of the safe text: they stand in the library in clear until it is withdrawn.
MARK = "Tangerine umbrellas were handed to nobody"


@dataclass(frozen=True)
class Life:
    """One review: Jo reviews, Sam approves, Una takes in, Ada administers, Ruth may do nothing."""

    workspace: Workspace
    review: str
    original: Path
    out: Path

    @property
    def row(self) -> Row:
        return self.workspace.register.row(self.review)

    @property
    def case(self) -> CaseFile:
        return CaseFile(Vault.unlock(self.workspace), self.review)

    def actions(self) -> list[str]:
        return [entry.action for entry in self.workspace.ledger.rows(self.review)]

    def decide(self, **changes: object) -> dict[str, object]:
        """What the reviewer exported, everything that is open accepted, taken in again."""
        content = settling.export(self.workspace, self.review, as_name="Jo") | changes
        accept_open(content)
        return settling.decide(self.workspace, self.review, content, as_name="Jo")

    def approve(self, profile: str = "public") -> None:
        settling.approve(self.workspace, self.review, profile, as_name="Sam")

    def publish(self, profile: str = "public", out: Path | None = None) -> str:
        """Published; its public id."""
        where = out or self.out
        to = [RECIPIENT]
        rows = publishing.publish(self.workspace, [self.review], profile, where, recipients=to)
        return str(rows[0]["public_id"])

    def later(self, text: str, name: str = "final.txt", who: str = "Jo") -> dict[str, object]:
        """A later version is taken in."""
        path = self.original.parent / name
        path.write_text(text, encoding="utf-8")
        return versions.receive(self.workspace, self.review, path, sender=SENDER, as_name=who)


def made(folder: Path) -> Life:
    """The workspace, with one report taken in."""
    workspace = intake.init(folder / "home")
    staff = {"Jo": "reviewer", "Sam": "approver", "Una": "uploader", "Ada": "administrator"}
    for name, duty in (staff | {"Ruth": "researcher"}).items():
        intake.add_user(workspace, name, duty)
    (path,) = write_reports(folder / "in", 1)
    review = str(next(intake.ingest(workspace, [path], sender=SENDER))["review"])
    return Life(workspace, review, path, folder / "out")


def with_lessons(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """The same, with a second report that teaches something; no model is needed."""
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setattr(embed, "_model", lambda threads, **_: bag)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(folder / "keys" / "master.key"))
    one = made(folder)
    text = one.original.read_text(encoding="utf-8")
    path = one.original.parent / "lessons.txt"
    path.write_text(f"{text}\nLessons\n\n{SHARING[0]}\n\n{MARK}. {ALONE}\n", encoding="utf-8")
    review = str(next(intake.ingest(one.workspace, [path]))["review"])
    return replace(one, review=review, original=path)


def published(life: Life) -> str:
    """Settled, approved and published; its public id."""
    life.decide()
    life.approve()
    return life.publish()


def withdraw(life: Life, out: Path | None = None, who: str = "Sam") -> withdrawing.Withdrawn:
    """Withdrawn for a leak."""
    return withdrawing.withdraw(life.workspace, life.review, "leak", out=out, as_name=who)


def purge(life: Life) -> purging.Purged:
    """Purged: Ada asks for it, Sam does it."""
    purging.ask(life.workspace, life.review, "error", as_name="Ada")
    return purging.purge(life.workspace, life.review, as_name="Sam")


def holds(life: Life, words: str) -> list[str]:
    """The files of the workspace in which words stand."""
    files = [path for path in life.workspace.home.rglob("*") if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]
