"""The own account: its password, and where it is signed in."""

from __future__ import annotations

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import CandourError, NotSettledError
from pipeline.flow import staff
from pipeline.web import wording
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, forget, may_choose, needs, page, start_session

_WRONG = "Your current password is not right. Nothing was changed. Check it, and try again."
_DIFFER = "The two new passwords differ. Nothing was changed. Type both again."
_SAME = "The new password is the old one. Nothing was changed. Choose another."


@needs()
@may_choose
def account(visit: Visit) -> Response:
    """The page of the own account."""
    return _page(visit)


def _page(visit: Visit, error: str = "", field: str = "", status: int = 400) -> Response:
    places = visit.workspace.sessions.live(visit.who.id)
    return page(
        visit,
        "account.html",
        status if error else 200,
        places=places,
        error=error,
        field=field,
    )


@needs()
@may_choose
def password(visit: Visit) -> Response:
    """Change the own password: every other session ends, this one gets a new token."""
    old, new = visit.said("old"), visit.said("new")
    if new != visit.said("again"):
        return _page(visit, _DIFFER, "again")
    if new == old:
        return _page(visit, _SAME, "new")
    try:
        token = staff.change_password(
            visit.workspace, visit.site.refusals, visit.who, old, new, visit.client
        )
    except staff.TooSoonError as error:
        said = f"Too many tries. Wait {wording.wait(error.seconds)}, then try again."
        return _page(visit, said, "old", 429)
    except NotSettledError:
        return _page(visit, _WRONG, "old")
    except CandourError as error:
        return _page(visit, str(error), "new")
    response = back("/account", "password")
    start_session(response, visit.site, token)
    return response


@needs()
@may_choose
def everywhere(visit: Visit) -> Response:
    """End every session of the own account."""
    staff.sign_out_everywhere(visit.workspace, visit.who)
    response = RedirectResponse("/signed-out", 303)
    forget(response, visit.site)
    return response


@needs()
@may_choose
def stay(visit: Visit) -> Response:
    """Stay signed in: that this was asked is enough."""
    return JSONResponse({"stays": True})


ROUTES = (
    Route("/account", account, name="account"),
    Route("/account/password", password, methods=["POST"], name="own-password"),
    Route("/account/everywhere", everywhere, methods=["POST"], name="everywhere"),
    Route("/account/stay", stay, methods=["POST"], name="stay"),
)
