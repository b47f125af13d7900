"""A workspace with approved reviews that were learned from, and the reading room over it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from desk_parts import HOST, Browser, made
from learning_parts import ALONE, SHARING, VISITS, bag, report

from pipeline.flow import learning
from pipeline.safe import embed
from pipeline.safe.lesson import SafeDocument
from pipeline.store.workspace import Workspace
from pipeline.web.explore import app
from pipeline.web.security import Guard

DRAFT_WORD = "zanzibella"
APPROVED = (
    report("r-bcdfgh", SHARING[0], VISITS[0], year="2011"),
    report("r-cdfghj", SHARING[1], ALONE, year="2014"),
    report("r-dfghjk", SHARING[2], VISITS[1], year="2014"),
    report(
        "r-fghjkm", "Neglect was not named although six agencies had seen it.", year="not stated"
    ),
)
DRAFT = report(
    "r-ghjkmn", f"A lack of information sharing in {DRAFT_WORD} homes was plain to the school.",
    year="2019", draft=True,
)  # fmt: skip


def many(count: int) -> tuple[SafeDocument, ...]:
    """So many invented reports, of several years and judgements."""
    points = (*SHARING, *VISITS, ALONE, "Staff should ask about neglect at each visit to a home.")
    letters = "bcdfghjkmn"
    made_ = []
    for n in range(count):
        name = "r-zz" + "".join(letters[int(digit)] for digit in f"{n:04d}")
        own = [points[(n + step) % len(points)] for step in range(1 + n % 4)]
        one = report(name, *own, year=str(2005 + n % 9))
        judged = ("predictable", "not stated")[n % 2]
        made_.append(replace(one, facts=replace(one.facts, judgement=judged)))
    return tuple(made_)


def learned(
    folder: Path, patch: pytest.MonkeyPatch, *more: SafeDocument, drafts: bool = False
) -> Workspace:
    """A workspace that was learned from, whose key and vault are gone."""
    patch.setenv("CANDOUR_KEY_FILE", str(folder / "keys" / "master.key"))
    patch.setattr(embed, "_model", lambda threads, **_: bag)
    workspace = made(folder)
    for document in (*APPROVED, DRAFT, *more):
        workspace.library.put_document(document)
    learning.learn(workspace, include_drafts=drafts)
    shutil.rmtree(folder / "keys")
    (workspace.home / "vault.db").unlink()
    return Workspace.open(workspace.home, vault=False)


def room(workspace: Workspace) -> Guard:
    """The reading room of a workspace."""
    return app.make(workspace.home, hosts=[HOST])


def reader(served: Guard, name: str = "Ray Holt") -> Browser:
    """The browser of a researcher who has signed in."""
    browser = Browser(served)
    assert browser.sign_in(name).headers["location"] == "/"
    return browser
