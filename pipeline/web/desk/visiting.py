"""A visit: one request of one person to one page, once it is sure who they are and may come.

`needs` and `open_to_all` turn a plain function from a visit to a response into a page; `page`
shows a template. The functions run in worker threads, so that slow work holds nobody up.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from anyio import to_thread
from jinja2 import Environment
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import NoMatchFound

from pipeline.errors import CandourError, UsageError
from pipeline.flow import staff
from pipeline.flow.refusing import NOBODY, Refusals
from pipeline.store.accounts import Account, Actor, Duty
from pipeline.store.sessions import IDLE_SECONDS, Session
from pipeline.store.workspace import Workspace
from pipeline.web.desk.jobs import Jobs
from pipeline.web.desk.security import MOST_UPLOAD

STAFF = (Duty.UPLOADER, Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)
MOST_FILES = 40
_SESSION, _VISITOR = "candour-session", "candour-visitor"
TOKEN_FIELD, TOKEN_HEADER = "form-token", "x-csrf-token"
_MAY_CHOOSE = "may-choose-password"
_NO_PART = "Your account does not have the duty that this page needs. Nothing was done."
_NO_RAW = (
    "This page shows what the desk keeps of reports before names are taken out. Your account has "
    "no duty that allows it. Nothing was shown."
)
_FORGED = (
    "This form did not come from a page of the desk that is open now. Nothing was done. Go back, "
    "load the page again and repeat the step."
)
_ENDED = (
    "Your session has ended. Nothing was done with what you sent since. Sign in again to go on."
)
_NOT_SIGNED_IN = "You are not signed in. Nothing was done. Sign in to go on."
_NOT_UNDERSTOOD = "What was sent is not as the desk needs it. Nothing was done. Try again."

_BUSY = (
    "Others are sending files just now. Nothing of yours was taken in. Wait a minute, then send "
    "them again."
)
# What is sent is held in memory until it is read: no more than this many at once.
_PARSING = threading.BoundedSemaphore(3)
_HEADINGS = {
    400: "That did not work",
    401: "You are not signed in",
    403: "This is not allowed",
    404: "There is no such page",
    409: "That cannot be done now",
    413: "That is too large",
    422: "That could not be read",
    429: "Too much at once",
    500: "Something went wrong",
    503: "The workspace cannot be used now",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages of one desk share."""

    workspace: Workspace
    refusals: Refusals
    templates: Environment
    jobs: Jobs
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for what. `form` and `sent` (of JSON) hold what came with a POST, checked."""

    request: Request
    desk: Desk
    token: str
    session: Session | None = None
    account: Account | None = None
    actor: Actor | None = None
    must_choose: bool = False
    form: FormData = field(default_factory=FormData)
    sent: Mapping[str, object] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        """The workspace of the desk."""
        return self.desk.workspace

    @property
    def who(self) -> Actor:
        """Who acts. Only pages behind `needs` may ask."""
        if self.actor is None:
            raise RuntimeError("nobody is signed in on this page")
        return self.actor

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The duties of whoever is signed in."""
        return () if self.account is None else self.account.duties

    @property
    def client(self) -> str:
        """The address that the request came from."""
        return self.request.client.host if self.request.client else ""

    @property
    def form_token(self) -> str:
        """What each form of this session carries; no other site can know it."""
        return form_token(self.token)

    def said(self, name: str, most: int = 1000) -> str:
        """The text of a field of the form, empty where there is none; UsageError where too long."""
        value = self.form.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            raise UsageError(_NOT_UNDERSTOOD)
        return value

    def asked(self, name: str) -> str:
        """A value of the address' query, empty where there is none. Never put a name there."""
        return self.request.query_params.get(name, "")[:200]


class RefusedError(Exception):
    """What was asked is refused: the ledger gets the code, the person the text."""

    def __init__(
        self, code: str, text: str, status: int = 403, *, review: str | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.text, self.status, self.review = code, text, status, review
        self.actor = NOBODY
        self.account: str | None = None
        self.why: str | None = None
        self.untold = False


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def form_token(token: str) -> str:
    """The token of the forms of a session, or of a visitor who is not signed in."""
    return hmac.new(token.encode(), b"candour form", hashlib.sha256).hexdigest()


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
            and request.cookies.get(_named(visit.desk, _VISITOR)) != visit.token
        ):
            set_cookie(response, visit.desk, _VISITOR, visit.token)
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
    text = visit.desk.templates.get_template(template).render(shown | context)
    return HTMLResponse(text, status)


def route(request: Request, name: str, **values: str) -> str:
    """The address of a page by its name, empty where the desk has no such page."""
    try:
        return str(request.app.url_path_for(name, **values))
    except NoMatchFound:
        return ""


def problem(visit: Visit, text: str, status: int) -> Response:
    """A page, or JSON for a script, that says what went wrong: constant text."""
    if TOKEN_HEADER in visit.request.headers:
        return JSONResponse({"error": text}, status)
    return page(
        visit, "error.html", status, text=text, heading=_HEADINGS.get(status, _HEADINGS[500])
    )


def back(where: str, done: str = "") -> RedirectResponse:
    """Go on to another page of the desk, which says by a code what was done."""
    return RedirectResponse(f"{where}?done={done}" if done else where, 303)


def start_session(response: Response, desk: Desk, token: str) -> None:
    """Give the browser its session's token."""
    set_cookie(response, desk, _SESSION, token)


def forget(response: Response, desk: Desk) -> None:
    """Take the session's token from the browser."""
    response.delete_cookie(
        _named(desk, _SESSION), path="/", secure=desk.secure, httponly=True, samesite="strict"
    )


def set_cookie(response: Response, desk: Desk, name: str, value: str) -> None:
    """A cookie that no script reads and no other site sends; it ends with the browser."""
    response.set_cookie(
        _named(desk, name), value, path="/", secure=desk.secure, httponly=True, samesite="strict"
    )


def told(desk: Desk, refused: RefusedError) -> None:
    """Write a refusal into the ledger, once."""
    if refused.untold:
        return
    desk.refusals.tell(
        refused.code,
        actor=refused.actor,
        review=refused.review,
        account=refused.account,
        why=refused.why,
    )


def whoever(request: Request) -> Visit:
    """Whoever asks, for a page of an error: nothing is checked, nothing may be done."""
    return _whoever(request)


def _named(desk: Desk, name: str) -> str:
    """A cookie's name; over TLS browsers hold it to this very host."""
    return f"__Host-{name}" if desk.secure else name


def _whoever(request: Request) -> Visit:
    """The visit of a session that lives, or else of somebody who is not signed in."""
    desk: Desk = request.app.state.desk
    token = request.cookies.get(_named(desk, _SESSION), "")
    session = desk.workspace.sessions.look(token)
    if session is not None and session.ended is None:
        return _of(request, desk, token, session)
    visitor = request.cookies.get(_named(desk, _VISITOR), "")
    return Visit(request, desk, visitor if len(visitor) == 43 else secrets.token_urlsafe(32))


def _admitted(request: Request) -> Visit:
    """The visit of a session that lives; RefusedError for any other."""
    desk: Desk = request.app.state.desk
    token = request.cookies.get(_named(desk, _SESSION), "")
    session = desk.workspace.sessions.look(token)
    if session is not None and session.ended is None:
        return _of(request, desk, token, session)
    refused = RefusedError("not-signed-in", _NOT_SIGNED_IN, 401)
    refused.untold = True
    if session is not None and session.ended is not None:
        refused = RefusedError("replayed-session", _ENDED, 401)
        refused.account, refused.why = session.account, session.ended.value
        refused.untold = not desk.workspace.sessions.tell(session)
    raise refused


def _of(request: Request, desk: Desk, token: str, session: Session) -> Visit:
    account, actor = staff.actor_of(desk.workspace, session)
    must_choose = desk.workspace.sessions.must_choose(account.id)
    return Visit(request, desk, token, session, account, actor, must_choose)


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
    """What a page answers, once it is sure that a POST came from a page of the desk."""
    if visit.request.method == "POST":
        _require_own_site(visit.request)
        visit = await _with_sent(visit, files)
    return await to_thread.run_sync(handler, visit)


def _require_own_site(request: Request) -> None:
    """Refuse what a browser says another site sent. Some say nothing: then the token decides."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    own = urlsplit(str(request.url)).netloc
    if site not in ("same-origin", "none") or (origin != "null" and urlsplit(origin).netloc != own):
        raise RefusedError("forged-form", _FORGED)


async def _with_sent(visit: Visit, files: bool) -> Visit:
    """The visit with what was sent, once its token fits: that of a script comes in a header."""
    kind = visit.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    header = visit.request.headers.get(TOKEN_HEADER)
    if header is not None:
        _require_token(visit, header)
    if kind == "application/json":
        _require_token(visit, header)
        return replace(visit, sent=_json(await visit.request.body()))
    if kind == "application/x-www-form-urlencoded":
        form = await visit.request.form(max_fields=2000)
    elif kind == "multipart/form-data" and files:
        form = await _with_files(visit.request)
    else:
        raise HTTPException(400)
    if header is None:
        _require_token(visit, form.get(TOKEN_FIELD))
    return replace(visit, form=form)


class _InMemory(MultiPartParser):
    """Files that were sent stay in memory: they hold names, and a temporary file outlives much."""

    spool_max_size = MOST_UPLOAD + 1


async def _with_files(request: Request) -> FormData:
    if not _PARSING.acquire(blocking=False):
        raise UsageError(_BUSY)
    try:
        parser = _InMemory(request.headers, request.stream(), max_files=MOST_FILES, max_fields=20)
        return await parser.parse()
    except MultiPartException:
        raise HTTPException(400) from None
    finally:
        _PARSING.release()


def file_content(sent: UploadFile) -> bytes:
    """The bytes of a file that was sent."""
    return sent.file.read()


def _require_token(visit: Visit, given: object) -> None:
    fits = isinstance(given, str) and hmac.compare_digest(given.encode(), visit.form_token.encode())
    if not fits:
        raise RefusedError("forged-form", _FORGED)


def _json(body: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(content, dict):
        raise HTTPException(400)
    return content


def _status(error: CandourError) -> int:
    """The status of a page for an error, by its exit code.

    >>> from pipeline.errors import StoreError
    >>> _status(UsageError("")), _status(StoreError(""))
    (400, 503)
    """
    return {2: 400, 3: 422, 6: 409, 7: 503}.get(error.exit_code, 500)


def _done(visit: Visit) -> str:
    from pipeline.web.desk.showing import DONE

    return DONE.get(visit.asked("done"), "")
