"""Signing in and out."""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import NotSettledError
from pipeline.flow import staff
from pipeline.store.sessions import End
from pipeline.web import wording
from pipeline.web.visit import RefusedError, Visit
from pipeline.web.visiting import (
    ENDED_BEFORE,
    forget,
    may_choose,
    needs,
    open_to_all,
    page,
    start_session,
    whoever,
)

_WRONG = "The name or the password is not right. Check both, and try again."
_ENDED = {
    End.IDLE: "You were signed out, since nothing was done for 30 minutes.",
    End.LONG: "You were signed out, since you had been signed in for 10 hours.",
    End.SIGNED_OUT: "You had signed out.",
    End.PASSWORD: "You were signed out, since the password of your account was changed.",
    End.EVERYWHERE: "You were signed out everywhere.",
    End.DISABLED: "Your account was disabled. Ask an administrator.",
}


@open_to_all
def form(visit: Visit) -> Response:
    """The form to sign in with."""
    if visit.session is not None:
        return RedirectResponse("/", 303)
    ended = visit.asked("ended")
    why = _ENDED[End(ended)] if ended in set(End) else ""
    return page(visit, "sign_in.html", name="", why=why)


@open_to_all
def sign_in(visit: Visit) -> Response:
    """Begin a session with a token of its own, whatever the browser had before."""
    name, password = visit.said("name", 200), visit.said("password", 1000)
    try:
        token = staff.sign_in(visit.workspace, visit.site.refusals, name, password, visit.client)
    except staff.TooSoonError as error:
        said = f"Too many tries. Wait {wording.wait(error.seconds)}, then try again."
        response = page(visit, "sign_in.html", 429, name=name, why="", error=said)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except NotSettledError:
        return page(visit, "sign_in.html", 401, name=name, why="", error=_WRONG)
    if visit.session is not None:
        staff.sign_out(visit.workspace, visit.who, visit.token)
    begun = RedirectResponse("/", 303)
    start_session(begun, visit.site, token)
    return begun


async def sign_out(request: Request) -> Response:
    """End the session; where it has ended already, only say so.

    Two windows that nobody uses send their forms at the same moment: the second one finds no
    session, and that is what it asked for, not a replay to be told. So it is where the first one
    ends it while the second is on its way.
    """
    visit = await to_thread.run_sync(whoever, request)
    if visit.session is None:
        return _out()
    try:
        return await _sign_out(request)
    except RefusedError as refused:
        if refused.code != ENDED_BEFORE:
            raise
        return _out()


@needs()
@may_choose
def _sign_out(visit: Visit) -> Response:
    staff.sign_out(visit.workspace, visit.who, visit.token)
    response = _out()
    forget(response, visit.site)
    return response


def _out() -> Response:
    return RedirectResponse("/signed-out", 303)


@open_to_all
def signed_out(visit: Visit) -> Response:
    """The page after signing out."""
    return page(visit, "signed_out.html")


ROUTES = (
    Route("/sign-in", form, name="sign-in"),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"], name="sign-out"),
    Route("/signed-out", signed_out),
)
