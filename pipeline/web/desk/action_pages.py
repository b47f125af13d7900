"""Actions on recommendations at the desk: the list, those of one review, and one with its form.

Owners and proofs are sealed: every page writes into the ledger that they were looked at.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import actions
from pipeline.raw import action
from pipeline.raw.action import FIELDS
from pipeline.raw.field import Sort
from pipeline.store.register import State
from pipeline.web.desk import written
from pipeline.web.desk.site import STAFF
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, needs, page

ADDRESS = "/register/actions"
FLAGS = (action.OVERDUE, action.OWNERLESS, action.NO_DUE, action.UNPROVEN)
# Where in the text a recommendation stands: the program fills that in.
WRITTEN = tuple(field for field in FIELDS if field.name != "place")
_SHOWN = 500
_NOT_SURE = "Tick that it is meant. Nothing was changed."


@needs(*STAFF, raw=True)
def tracked(visit: Visit) -> Response:
    """The actions on recommendations, the longest overdue first."""
    flag = visit.asked("flag")
    wanted = actions.Wanted(flag=flag if flag in FLAGS else "")
    rows = actions.listed(visit.workspace, wanted, as_name=visit.who)
    return page(
        visit, "entry_actions.html", rows=rows[:_SHOWN], count=len(rows), flag=wanted.flag,
        flags=FLAGS,
    )  # fmt: skip


@needs(*STAFF, raw=True)
def of_review(visit: Visit) -> Response:
    """The actions of one review, and the forms that add some."""
    return _of_review(visit)


def _of_review(visit: Visit, error: str = "", field: str = "") -> Response:
    try:
        held, rows = actions.of_review(visit.workspace, _review(visit), as_name=visit.who)
    except UsageError:
        raise HTTPException(404) from None
    values = {one.name: visit.said(one.name, written.MOST * 2) for one in WRITTEN}
    return page(
        visit, "review_actions.html", 400 if error else 200, held=held, rows=rows, fields=WRITTEN,
        sorts=Sort, values=values, error=error, field=field,
        withdrawn=held.state == State.WITHDRAWN,
    )  # fmt: skip


def _review(visit: Visit) -> str:
    return str(visit.request.path_params["review"])


@needs(*STAFF, raw=True)
def add(visit: Visit) -> Response:
    """Add an action to a review, by hand or one for each of its recommendations."""
    review = _review(visit)
    try:
        if visit.said("how", 20) == "recommendations":
            made = actions.from_recommendations(
                visit.workspace, review, board=visit.said("for", 300), as_name=visit.who
            )
            return back(f"/register/every/{review}/actions", "actions" if made else "no-actions")
        given = {one.name: visit.said(one.name, written.MOST * 2) for one in WRITTEN}
        made_one = actions.add(visit.workspace, review, given, as_name=visit.who)
    except CandourError as error:
        return _of_review(visit, str(error))
    return back(f"{ADDRESS}/{made_one}", "action")


@needs(*STAFF, raw=True)
def one(visit: Visit) -> Response:
    """One action: its form, how late it is, its history."""
    if visit.request.method == "GET":
        return _form(visit)
    address = f"{ADDRESS}/{_id(visit)}"
    return written.recorded(visit, WRITTEN, _id(visit), address, actions.change, _form)


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["action"])


def _form(visit: Visit, error: str = "", field: str = "", *, met: bool = False) -> Response:
    try:
        seen = actions.seen(visit.workspace, _id(visit), as_name=visit.who)
    except UsageError:
        raise HTTPException(404) from None
    shown, theirs = written.shown_after(
        visit, seen.record, WRITTEN, seen.history, refused=bool(error and not field), others=met
    )
    return page(
        visit, "action.html", 409 if met else 400 if error else 200, seen=seen, shown=shown,
        fields=WRITTEN, sorts=Sort, theirs=theirs, error=error, field=field,
        withdrawn=seen.held.state == State.WITHDRAWN,
    )  # fmt: skip


@needs(*STAFF, raw=True)
def remove(visit: Visit) -> Response:
    """Take an action out, with its history."""
    try:
        if visit.said("sure", 8) != "yes":
            raise UsageError(_NOT_SURE)
        review = actions.remove(
            visit.workspace, _id(visit), since=written.mark_of(visit), as_name=visit.who
        )
    except CandourError as error:
        return _form(visit, str(error), "sure")
    return back(f"/register/every/{review}/actions", "action-removed")


ROUTES = (
    Route(ADDRESS, tracked, name="entry-actions"),
    Route(f"{ADDRESS}/{{action}}", one, methods=["GET", "POST"], name="action"),
    Route(f"{ADDRESS}/{{action}}/remove", remove, methods=["POST"], name="action-remove"),
    Route("/register/every/{review}/actions", of_review, name="review-actions"),
    Route("/register/every/{review}/actions/add", add, methods=["POST"], name="action-add"),
)
