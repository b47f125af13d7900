"""What every site has: its templates, and pages for what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from pipeline.web import wording
from pipeline.web.security import TEXTS, TooLargeError
from pipeline.web.static import Files
from pipeline.web.visit import TOKEN_HEADER, RefusedError, Site
from pipeline.web.visiting import forget, problem, told, whoever

_SHARED = Path(__file__).with_name("templates")


def application(site: Site, parts: Sequence[Sequence[Route]]) -> Starlette:
    """The pages of a site under their addresses, without the guard that stands before them."""
    made = Starlette(
        routes=[route for part in parts for route in part],
        exception_handlers={
            RefusedError: _refused,
            TooLargeError: partial(_failed, 413),
            HTTPException: _not_found,
            CandourError: _problem,
            Exception: partial(_failed, 500),
        },
    )
    made.state.site = site
    return made


def templates(own: Path, files: Files, filters: Mapping[str, Callable[..., object]]) -> Environment:
    """The templates of a site: everything is escaped, and what is not there is a fault."""
    made = Environment(
        loader=FileSystemLoader([own, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"words": wording.words, "many": wording.many, **filters}
    made.globals["static"] = files.address
    return made


async def _refused(request: Request, error: Exception) -> Response:
    """The page of a refusal, once it is in the ledger."""
    if not isinstance(error, RefusedError):
        raise error
    site: Site = request.app.state.site
    await to_thread.run_sync(told, site, error)
    visit = await to_thread.run_sync(whoever, request)
    if error.status != 401:
        return problem(visit, error.text, error.status)
    for_a_page = request.method == "GET" and TOKEN_HEADER not in request.headers
    response = (
        RedirectResponse("/sign-in?ended=" + (error.why or ""), 303)
        if for_a_page
        else problem(visit, error.text, 401)
    )
    forget(response, site)
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
        site: Site = request.app.state.site
        await to_thread.run_sync(site.refusals.tell, "too-large")
    return problem(visit, TEXTS[status], status)
