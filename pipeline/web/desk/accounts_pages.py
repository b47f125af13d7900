"""The accounts of the staff, for administrators."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import staff
from pipeline.store.accounts import Account, Duty
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, needs, page

_SURE = "Nothing was changed. Tick the box first, to say that you are sure."


@needs(Duty.ADMINISTRATOR)
def accounts(visit: Visit) -> Response:
    """Every account."""
    listed = visit.workspace.accounts.all()
    waits = {one.id for one in listed if visit.workspace.sessions.must_choose(one.id)}
    return page(visit, "accounts.html", accounts=listed, waits=waits)


@needs(Duty.ADMINISTRATOR)
def new(visit: Visit) -> Response:
    """The form for a new account, and what it sends."""
    if visit.request.method == "GET":
        return page(visit, "account_new.html", name="", duties=[])
    name, password = visit.said("name", 120), visit.said("password")
    duties = [one for one in visit.form.getlist("duty") if isinstance(one, str)]
    try:
        added = staff.add_account(visit.workspace, name, duties, password, who=visit.who)
    except CandourError as error:
        shown = {"name": name, "duties": duties, "error": str(error)}
        return page(visit, "account_new.html", 400, **shown)
    return back(f"/accounts/{added.id}", "added")


def _account(visit: Visit) -> Account:
    try:
        return visit.workspace.accounts.with_id(visit.request.path_params["account"])
    except UsageError:
        raise HTTPException(404) from None


@needs(Duty.ADMINISTRATOR)
def one(visit: Visit) -> Response:
    """One account."""
    return _one(visit, _account(visit))


def _one(visit: Visit, account: Account, error: str = "", field: str = "") -> Response:
    return page(
        visit,
        "account_one.html",
        400 if error else 200,
        account=account,
        own=account.id == visit.who.id,
        places=visit.workspace.sessions.live(account.id),
        waits=visit.workspace.sessions.must_choose(account.id),
        error=error,
        field=field,
    )


def _done(visit: Visit, step: Callable[[str], None], code: str, field: str) -> Response:
    """Do something to an account, and show its page again with what became of it."""
    account = _account(visit)
    try:
        step(account.id)
    except CandourError as error:
        return _one(visit, account, str(error), field)
    return back(f"/accounts/{account.id}", code)


@needs(Duty.ADMINISTRATOR)
def password(visit: Visit) -> Response:
    """Set the password of an account."""
    given = visit.said("password")

    def step(account: str) -> None:
        staff.reset_password(visit.workspace, account, given, who=visit.who)

    return _done(visit, step, "reset", "password")


@needs(Duty.ADMINISTRATOR)
def duties(visit: Visit) -> Response:
    """Give an account the duties that are ticked, and take the others."""
    ticked = {one for one in visit.form.getlist("duty") if isinstance(one, str)}

    def step(account: str) -> None:
        held = {duty.value for duty in visit.workspace.accounts.with_id(account).duties}
        with visit.workspace.writing():
            for duty in sorted(ticked - held):
                staff.add_duty(visit.workspace, account, duty, who=visit.who)
            for duty in sorted(held - ticked):
                staff.remove_duty(visit.workspace, account, duty, who=visit.who)

    return _done(visit, step, "duties", "duty-uploader")


@needs(Duty.ADMINISTRATOR)
def disable(visit: Visit) -> Response:
    """Disable an account."""
    sure = visit.said("sure") == "yes"

    def step(account: str) -> None:
        if not sure:
            raise UsageError(_SURE)
        staff.disable(visit.workspace, account, who=visit.who)

    return _done(visit, step, "disabled", "sure")


ROUTES = (
    Route("/accounts", accounts, name="accounts"),
    Route("/accounts/new", new, methods=["GET", "POST"], name="account-new"),
    Route("/accounts/{account}", one, name="account-one"),
    Route("/accounts/{account}/password", password, methods=["POST"], name="account-password"),
    Route("/accounts/{account}/duties", duties, methods=["POST"], name="account-duties"),
    Route("/accounts/{account}/disable", disable, methods=["POST"], name="account-disable"),
)
