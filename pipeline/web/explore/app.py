"""The pages for researchers under their addresses, behind the guard that every site has.

They are served from a workspace that was opened without its vault: its file is not attached,
and no key is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment
from starlette.routing import Route

from pipeline.flow.exploring import Shelves
from pipeline.flow.refusing import Refusals
from pipeline.store.workspace import Workspace
from pipeline.web import account_page, pages, sign_in
from pipeline.web.explore import (
    export,
    lesson_pages,
    lists,
    plain_pages,
    reading_pages,
    review_pages,
    search_pages,
    showing,
    trend_pages,
)
from pipeline.web.explore.site import Explore
from pipeline.web.security import Guard, Rate
from pipeline.web.static import Files

NAME = "reading room"
FILES = Files(Path(__file__).with_name("static"))
PARTS: tuple[Sequence[Route], ...] = (
    sign_in.ROUTES,
    account_page.ROUTES,
    plain_pages.ROUTES,
    lesson_pages.ROUTES,
    reading_pages.ROUTES,
    review_pages.ROUTES,
    trend_pages.ROUTES,
    search_pages.ROUTES,
    FILES.routes,
)
_DONE = {"password": "Your password is changed. You were signed out everywhere else."}


def make(
    home: Path, *, hosts: Sequence[str], secure: bool = False, rate: Rate | None = None
) -> Guard:
    """The pages for researchers of a workspace, as a web application.

    `hosts` are the names, with the port, under which it answers; `secure` says that browsers
    reach it over TLS.
    """
    workspace = Workspace.open(home, vault=False)
    workspace.sessions.prepare()
    refusals = Refusals(workspace)
    shelves = Shelves(workspace)
    site = Explore(
        name=NAME,
        key="candour-explore",
        workspace=workspace,
        refusals=refusals,
        templates=_templates(),
        done=_DONE,
        secure=secure,
        shelves=shelves,
    )
    shelves.prepare()
    app = pages.application(site, PARTS)
    return Guard(app, refusals, name=NAME, hosts=hosts, secure=secure, rate=rate)


def _templates() -> Environment:
    """The templates, with what codes, shares and places are called."""
    own = ("stated", "percent", "between", "stability", "found")
    made = pages.templates(
        Path(__file__).with_name("templates"), FILES, {name: getattr(showing, name) for name in own}
    )
    made.filters["years"] = showing.span
    made.globals |= {
        "ROLES": showing.ROLES,
        "STANCES": showing.STANCES,
        "GROUPS": showing.GROUPS,
        "FACTS": showing.FACTS,
        "FORMS": export.FORMS,
        "SORTS": lists.SORTS,
        "address": lists.address,
        "heat": showing.heat,
    }
    return made
