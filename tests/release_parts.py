"""A workspace with a batch of approved reviews, for the tests of releases."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flow_parts import propose, report
from learning_parts import ALONE, SHARING, VISITS, bag

from pipeline.flow import intake, learning, proposing, releasing, settling, year
from pipeline.safe import embed
from pipeline.store.register import Row
from pipeline.store.workspace import Workspace
from pipeline.training.accepting import accept_open

QUARTER = "2009Q1"
# Words that stand in one review only, by its number.
MARKS = ("umbrellas", "lanterns", "thimbles", "marigolds", "turnips", "spindles", "kettles")


@dataclass(frozen=True)
class Batch:
    """Reviews taken in, settled and approved: Jo reviews, Sam approves, Ada administers."""

    workspace: Workspace
    reviews: tuple[str, ...]
    out: Path

    def release(self, **more: object) -> dict[str, object]:
        given = {"as_name": "Sam", "quarter": QUARTER, "profile": "public"} | more
        quarter, profile = str(given.pop("quarter")), str(given.pop("profile"))
        return releasing.release(self.workspace, quarter, profile, self.out, **given)  # type: ignore[arg-type]

    def folder(self, quarter: str = QUARTER, edition: int = 1) -> Path:
        again = f"-edition-{edition}" if edition > 1 else ""
        return self.out / f"candour-{quarter}-public{again}"

    def public_id(self, number: int) -> str:
        """The id under which a review went out; "" where it did not."""
        return self.workspace.register.public_id(self.reviews[number], "public") or ""

    def hold(self, number: int) -> None:
        year.set_hold(self.workspace, self.reviews[number], basis="inquest", as_name="Jo")


def text(number: int) -> str:
    """A report that shares a lesson with others and says one word that no other says."""
    points = (SHARING[number % 3], VISITS[number % 2], ALONE.replace("dogs", MARKS[number % 7]))
    lessons = "\n\n".join(f"5.{n} {point}" for n, point in enumerate(points, start=1))
    return f"{report(number, 3)}\nLessons\n\n{lessons}\n"


def settle(workspace: Workspace, review: str, profile: str = "public") -> None:
    """Everything that is open accepted by Jo, approved by Sam."""
    content = settling.export(workspace, review, as_name="Jo")
    accept_open(content)
    settling.decide(workspace, review, content, as_name="Jo")
    settling.approve(workspace, review, profile, as_name="Sam")


def taken_in(workspace: Workspace, folder: Path, numbers: range) -> tuple[str, ...]:
    """Reviews of some numbers, settled and approved."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = []
    for number in numbers:
        path = folder / f"{number:02d}.txt"
        path.write_text(text(number), encoding="utf-8")
        review = str(next(intake.ingest(workspace, [path]))["review"])
        settle(workspace, review)
        ids.append(review)
    return tuple(ids)


def stand_in(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Stand-ins for the models, and where the key of a folder's workspace lies."""
    patch.setattr(proposing, "propose", propose)
    patch.setattr(embed, "_model", lambda threads, **_: bag)
    patch.setenv("CANDOUR_KEY_FILE", str(folder / "keys" / "master.key"))


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace of five approved reviews, made once."""
    folder = tmp_path_factory.mktemp("batch")
    with pytest.MonkeyPatch.context() as patch:
        batch(folder, patch)
    return folder


def opened(pattern: Path, folder: Path, patch: pytest.MonkeyPatch) -> Batch:
    """A copy of that workspace in another folder."""
    shutil.copytree(pattern, folder, dirs_exist_ok=True)
    stand_in(patch, folder)
    workspace = Workspace.open(folder / "home")
    reviews = tuple(row.review for row in sorted(workspace.register.rows(), key=_taken(workspace)))
    return Batch(workspace, reviews, folder / "out")


def _taken(workspace: Workspace) -> Callable[[Row], int]:
    """The order in which reviews were taken in."""
    seq = {entry.review: entry.seq for entry in workspace.ledger.rows() if entry.action == "ingest"}
    return lambda row: seq[row.review]


def batch(folder: Path, patch: pytest.MonkeyPatch, count: int = 5) -> Batch:
    """A workspace of so many approved reviews that were learned from."""
    stand_in(patch, folder)
    workspace = intake.init(folder / "home")
    for name, duty in {"Jo": "reviewer", "Sam": "approver", "Ada": "administrator"}.items():
        intake.add_user(workspace, name, duty)
    reviews = taken_in(workspace, folder / "in", range(count))
    learning.learn(workspace)
    return Batch(workspace, reviews, folder / "out")
