"""A visit: one request of one person to one page, once it is sure who they are and may come.

`needs` and `open_to_all` turn a plain function from a visit to a response into a page; `page`
shows a template. The functions run in worker threads, so that slow work holds nobody up.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import NoMatchFound

from pipeline.errors import CandourError
from pipeline.flow import staff
from pipeline.store.accounts import Duty
from pipeline.store.sessions import IDLE_SECONDS, Session
from pipeline.store.workspace import Workspace
from pipeline.web.security import HEADINGS
from pipeline.web.sent import require_own_site, with_sent
from pipeline.web.visit import TOKEN_FIELD, TOKEN_HEADER, RefusedError, Site, Visit

_SESSION, _VISITOR = "session", "visitor"
_MAY_CHOOSE = "may-choose-password"
_NO_PART = "Your account does not have the duty that this page needs. Nothing was done."
_NO_RAW = (
    "This page shows what the desk keeps of reports before names are taken out. Your account has "
    "no duty that allows it. Nothing was shown."
)
_ENDED = (
    "Your session has ended. Nothing was done with what you sent since. Sign in again to go on."
)
ENDED_BEFORE = "replayed-session"  # the code of a refusal: its session had ended
_NOT_SIGNED_IN = "You are not signed in. Nothing was done. Sign in to go on."


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def needs(*duties: Duty, raw: bool = False, files: bool = False) -> Callable[[Handler], Endpoint]:
    """A page for whoever is signed in and has one of the duties (any account where none is named).

    `raw` says that it shows what is not redacted yet; a refusal then says so in the ledger. The
    flow writes every view of a text itself. `files` lets a form bring files.
    """

    def made(handler: Handler) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            visit = await to_thread.run_sync(_admitted, request)
            try:
                await to_thread.run_sync(_require, visit, duties, raw)
                if visit.must_choose and not getattr(handler, _MAY_CHOOSE, False):
                    return RedirectResponse("/account", 303)
                return await _answered(visit, handler, files)
            except RefusedError as refused:
                refused.actor = visit.who.id
                raise
            except CandourError as error:
                return problem(visit, str(error), _status(error))

        return endpoint

    return made


def open_to_all(handler: Handler) -> Endpoint:
    """A page for anybody, signed in or not."""

    async def endpoint(request: Request) -> Response:
        visit = await to_thread.run_sync(_whoever, request)
        try:
            response = await _answered(visit, handler, False)
        except CandourError as error:
            response = problem(visit, str(error), _status(error))
        if (
            visit.session is None
            and request.cookies.get(_named(visit.site, _VISITOR)) != visit.token
        ):
            set_cookie(response, visit.site, _VISITOR, visit.token)
        return response

    return endpoint


def may_choose(handler: Handler) -> Handler:
    """Mark a page that somebody may use whose password another person chose."""
    setattr(handler, _MAY_CHOOSE, True)
    return handler


def page(visit: Visit, template: str, status: int = 200, **context: object) -> HTMLResponse:
    """A template as a page. Every value in it is escaped."""
    shown: dict[str, object] = {
        "visit": visit,
        "token_field": TOKEN_FIELD,
        # A page counts a minute less: a session that is used is written down once a minute.
        "idle": IDLE_SECONDS - 60,
        "route": lambda name, **values: route(visit.request, name, **values),
        "done": _done(visit),
        "error": "",
    }
    text = visit.site.templates.get_template(template).render(shown | context)
    return HTMLResponse(text, status)


def route(request: Request, name: str, **values: str) -> str:
    """The address of a page by its name, empty where the site has no such page."""
    try:
        return str(request.app.url_path_for(name, **values))
    except NoMatchFound:
        return ""


def problem(visit: Visit, text: str, status: int) -> Response:
    """A page, or JSON for a script, that says what went wrong: constant text."""
    if TOKEN_HEADER in visit.request.headers:
        return JSONResponse({"error": text}, status)
    return page(visit, "error.html", status, text=text, heading=HEADINGS.get(status, HEADINGS[500]))


def review_asked(visit: Visit) -> str:
    """The id of the review that the address names; there is no such page where there is none."""
    review = str(visit.request.path_params["review"])
    if not _known(visit.workspace, review):
        raise HTTPException(404)
    return review


def said_of(error: CandourError) -> str:
    """What a page says of an error: its text, and where a gate stopped: file, place and form."""
    notes = [note for text in getattr(error, "__notes__", ()) for note in text.split("\n")]
    return " ".join((str(error), *notes[:5]))


def back(where: str, done: str = "") -> RedirectResponse:
    """Go on to another page of the site, which says by a code what was done."""
    return RedirectResponse(f"{where}?done={done}" if done else where, 303)


def start_session(response: Response, site: Site, token: str) -> None:
    """Give the browser its session's token."""
    set_cookie(response, site, _SESSION, token)


def forget(response: Response, site: Site) -> None:
    """Take the session's token from the browser."""
    response.delete_cookie(
        _named(site, _SESSION), path="/", secure=site.secure, httponly=True, samesite="strict"
    )


def set_cookie(response: Response, site: Site, name: str, value: str) -> None:
    """A cookie that no script reads and no other site sends; it ends with the browser."""
    response.set_cookie(
        _named(site, name), value, path="/", secure=site.secure, httponly=True, samesite="strict"
    )


def told(site: Site, refused: RefusedError) -> None:
    """Write a refusal into the ledger, once."""
    replayed = refused.replayed
    if refused.untold or (replayed and not site.workspace.sessions.tell(replayed)):
        return
    site.refusals.tell(
        refused.code,
        actor=refused.actor,
        review=refused.review,
        account=refused.account,
        why=refused.why,
    )


def whoever(request: Request) -> Visit:
    """Whoever asks, for a page of an error: nothing is checked, nothing may be done."""
    return _whoever(request)


def _named(site: Site, name: str) -> str:
    """A cookie's name; over TLS browsers hold it to this very host."""
    named = f"{site.key}-{name}"
    return f"__Host-{named}" if site.secure else named


def _whoever(request: Request) -> Visit:
    """The visit of a session that lives, or else of somebody who is not signed in."""
    site: Site = request.app.state.site
    token = request.cookies.get(_named(site, _SESSION), "")
    session = site.workspace.sessions.look(token)
    if session is not None and session.ended is None:
        return _of(request, site, token, session)
    visitor = request.cookies.get(_named(site, _VISITOR), "")
    return Visit(request, site, visitor if len(visitor) == 43 else secrets.token_urlsafe(32))


def _admitted(request: Request) -> Visit:
    """The visit of a session that lives; RefusedError for any other."""
    site: Site = request.app.state.site
    token = request.cookies.get(_named(site, _SESSION), "")
    session = site.workspace.sessions.look(token)
    if session is not None and session.ended is None:
        return _of(request, site, token, session)
    refused = RefusedError("not-signed-in", _NOT_SIGNED_IN, 401)
    refused.untold = True
    if session is not None and session.ended is not None:
        refused = RefusedError(ENDED_BEFORE, _ENDED, 401)
        refused.account, refused.why = session.account, session.ended.value
        refused.replayed = session
    raise refused


def _of(request: Request, site: Site, token: str, session: Session) -> Visit:
    account, actor = staff.actor_of(site.workspace, session)
    must_choose = site.workspace.sessions.must_choose(account.id)
    return Visit(request, site, token, session, account, actor, must_choose)


def _require(visit: Visit, duties: tuple[Duty, ...], raw: bool) -> None:
    if duties and not set(duties) & set(visit.duties):
        review = visit.request.path_params.get("review")
        known = review if raw and _known(visit.workspace, review) else None
        if raw:
            raise RefusedError("no-duty-for-raw", _NO_RAW, review=known)
        raise RefusedError("no-duty", _NO_PART)


def _known(workspace: Workspace, review: object) -> bool:
    return isinstance(review, str) and bool(workspace.register.rows(review=review))


async def _answered(visit: Visit, handler: Handler, files: bool) -> Response:
    """What a page answers, once it is sure that a POST came from a page of the site."""
    if visit.request.method == "POST":
        require_own_site(visit.request)
        visit = await with_sent(visit, files)
    return await to_thread.run_sync(handler, visit)


def _status(error: CandourError) -> int:
    """The status of a page for an error, by its exit code.

    >>> from pipeline.errors import StoreError, UsageError
    >>> _status(UsageError("")), _status(StoreError(""))
    (400, 503)
    """
    return {2: 400, 3: 422, 6: 409, 7: 503}.get(error.exit_code, 500)


def _done(visit: Visit) -> str:
    return visit.site.done.get(visit.asked("done"), "")
