"""A workspace with one review and its staff, for the tests of what becomes of a report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flow_parts import write_reports

from pipeline.flow import intake, publishing, settling, versions
from pipeline.store.casefile import CaseFile
from pipeline.store.register import Row
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

SENDER = "Quillon Marlstone, by post"
RECIPIENT = "Perpetua Vexley at the library"


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
        for rows in content.values():
            for one in rows if isinstance(rows, list) else ():
                if one.get("verdict") == "undecided":
                    one["verdict"] = "accept"
                if "codes" in one and not one["cleared_as"]:
                    one["cleared_as"] = next(iter(one["codes"]))
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
