"""The review desk: its pages under their addresses, behind its guard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment
from starlette.routing import Route

from pipeline.flow import intake
from pipeline.flow.refusing import Refusals
from pipeline.store.accounts import Actor
from pipeline.store.workspace import Workspace
from pipeline.web import account_page, pages, sign_in
from pipeline.web.desk import (
    accounts_pages,
    action_pages,
    approve_pages,
    entry_pages,
    ledger_pages,
    plain_pages,
    register_pages,
    review_pages,
    settle_pages,
    sheet_pages,
    showing,
    table_pages,
    twice_pages,
    upload,
    version_pages,
)
from pipeline.web.desk.jobs import Jobs
from pipeline.web.desk.sheets import Sheets
from pipeline.web.desk.site import Desk
from pipeline.web.desk.sittings import Sittings
from pipeline.web.security import Guard, Rate
from pipeline.web.static import Files

NAME = "review desk"
FILES = Files(Path(__file__).with_name("static"))
# Each gives its routes; a page that comes later is one more line here.
PARTS: tuple[Sequence[Route], ...] = (
    sign_in.ROUTES,
    register_pages.ROUTES,
    entry_pages.ROUTES,
    action_pages.ROUTES,
    twice_pages.ROUTES,
    sheet_pages.ROUTES,
    table_pages.ROUTES,
    review_pages.ROUTES,
    settle_pages.ROUTES,
    approve_pages.ROUTES,
    version_pages.ROUTES,
    upload.ROUTES,
    account_page.ROUTES,
    accounts_pages.ROUTES,
    ledger_pages.ROUTES,
    plain_pages.ROUTES,
    FILES.routes,
)


def make(
    home: Path, *, hosts: Sequence[str], secure: bool = False, rate: Rate | None = None
) -> Guard:
    """The desk of a workspace, as a web application.

    `hosts` are the names, with the port, under which it answers; `secure` says that browsers
    reach it over TLS.
    """
    workspace = Workspace.open(home)
    workspace.sessions.prepare()
    refusals = Refusals(workspace)

    def take(content: bytes, ending: str, actor: Actor) -> dict[str, object]:
        return intake.ingest_bytes(workspace, content, who=actor, ending=ending)

    desk = Desk(
        name=NAME,
        key="candour",
        workspace=workspace,
        refusals=refusals,
        templates=_templates(),
        done=showing.DONE,
        secure=secure,
        jobs=Jobs(take),
        sittings=Sittings(workspace),
        sheets=Sheets(),
    )
    app = pages.application(desk, PARTS)
    return Guard(
        app, refusals, name=NAME, hosts=hosts, secure=secure, large=_takes_files, rate=rate
    )


def _takes_files(path: str) -> bool:
    """Whether a page takes files, and so more than other pages do."""
    own = (upload.ADDRESS, sheet_pages.ADDRESS, table_pages.ADDRESS)
    return path in own or path.endswith(version_pages.PART)


def _templates() -> Environment:
    """The templates of the desk, with what its codes are called."""
    own = ("day", "moment", "stated", "size", "who", "told", "folded", "called",
           "shown_as", "lower_first")  # fmt: skip
    made = pages.templates(
        Path(__file__).with_name("templates"), FILES, {name: getattr(showing, name) for name in own}
    )
    made.globals |= {
        "STATES": showing.STATES,
        "BASES": showing.BASES,
        "DUTIES": showing.DUTIES,
        "TWICE": showing.TWICE,
        "HOW": showing.HOW,
        "ODD": showing.ODD,
    }
    return made
