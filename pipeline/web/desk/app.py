"""The review desk: its pages under their addresses, behind its guard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from anyio import to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import CandourError
from pipeline.flow import intake
from pipeline.flow.refusing import Refusals
from pipeline.store.accounts import Actor
from pipeline.store.workspace import Workspace
from pipeline.web.desk import (
    account_page,
    accounts_pages,
    approve_pages,
    ledger_pages,
    plain_pages,
    register_pages,
    review_pages,
    settle_pages,
    showing,
    sign_in,
    static,
    upload,
    version_pages,
)
from pipeline.web.desk.jobs import Jobs
from pipeline.web.desk.security import TEXTS, Guard, Rate, TooLargeError
from pipeline.web.desk.sittings import Sittings
from pipeline.web.desk.visit import TOKEN_HEADER, Desk, RefusedError
from pipeline.web.desk.visiting import forget, problem, told, whoever

# Each gives its routes; a page that comes later is one more line here.
PARTS: tuple[Sequence[Route], ...] = (
    sign_in.ROUTES,
    register_pages.ROUTES,
    review_pages.ROUTES,
    settle_pages.ROUTES,
    approve_pages.ROUTES,
    version_pages.ROUTES,
    upload.ROUTES,
    account_page.ROUTES,
    accounts_pages.ROUTES,
    ledger_pages.ROUTES,
    plain_pages.ROUTES,
    static.ROUTES,
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

    app = Starlette(
        routes=[route for part in PARTS for route in part],
        exception_handlers={
            RefusedError: _refused,
            TooLargeError: partial(_failed, 413),
            HTTPException: _not_found,
            CandourError: _problem,
            Exception: partial(_failed, 500),
        },
    )
    kept = Sittings(workspace)
    app.state.desk = Desk(workspace, refusals, _templates(), Jobs(take), kept, secure)
    return Guard(app, refusals, hosts=hosts, secure=secure, large=_takes_files, rate=rate)


def _takes_files(path: str) -> bool:
    """Whether a page takes files, and so more than other pages do."""
    return path == upload.ADDRESS or path.endswith(version_pages.PART)


def _templates() -> Environment:
    """The templates: everything is escaped, and what is not there is a fault."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("day", "moment", "words", "stated", "size", "who", "told", "many", "folded"):
        made.filters[name] = getattr(showing, name)
    made.globals |= {
        "STATES": showing.STATES,
        "BASES": showing.BASES,
        "DUTIES": showing.DUTIES,
        "static": static.address,
    }
    return made


async def _refused(request: Request, error: Exception) -> Response:
    """The page of a refusal, once it is in the ledger."""
    if not isinstance(error, RefusedError):
        raise error
    desk: Desk = request.app.state.desk
    await to_thread.run_sync(told, desk, error)
    visit = await to_thread.run_sync(whoever, request)
    if error.status != 401:
        return problem(visit, error.text, error.status)
    for_a_page = request.method == "GET" and TOKEN_HEADER not in request.headers
    response = (
        RedirectResponse("/sign-in?ended=" + (error.why or ""), 303)
        if for_a_page
        else problem(visit, error.text, 401)
    )
    forget(response, desk)
    return response


async def _not_found(request: Request, error: Exception) -> Response:
    """The page for an address that there is not, or a request that makes no sense."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return await _failed(status if status in TEXTS else 404, request, error)


async def _problem(request: Request, error: Exception) -> Response:
    """The page of an error that came before it was sure who asks: its text is constant."""
    visit = await to_thread.run_sync(whoever, request)
    return problem(visit, str(error), 503)


async def _failed(status: int, request: Request, error: Exception) -> Response:
    visit = await to_thread.run_sync(whoever, request)
    if status == 413:
        desk: Desk = request.app.state.desk
        await to_thread.run_sync(desk.refusals.tell, "too-large")
    return problem(visit, TEXTS[status], status)
