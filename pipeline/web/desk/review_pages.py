"""One review: where it stands, what happens next, who did what; and its hold."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import overview, year
from pipeline.flow.overview import Glance
from pipeline.store.accounts import Duty
from pipeline.store.register import Row, State
from pipeline.web.desk.site import STAFF, desk_of
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, needs, page

_HOLDERS = (Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)
_SETTLERS = (Duty.REVIEWER, Duty.APPROVER)
_ON_THE_DESK = (State.PROPOSED, State.SETTLED)
_PUBLISHERS = frozenset({Duty.APPROVER, Duty.ADMINISTRATOR})
Step = tuple[str, str]


def review_of(visit: Visit) -> Glance:
    """The review that the address names; there is no such page where there is none."""
    try:
        return overview.glance(visit.workspace, visit.request.path_params["review"])
    except UsageError:
        raise HTTPException(404) from None


@needs(*STAFF, raw=True)
def review(visit: Visit) -> Response:
    """One review at a glance."""
    seen = review_of(visit)
    names = overview.names(visit.workspace)
    if set(_SETTLERS) & set(visit.duties) and seen.row.state in _ON_THE_DESK:
        desk_of(visit).sittings.prepare(seen.row.review)
    return page(
        visit,
        "review.html",
        seen=seen,
        row=seen.row,
        names=names,
        steps=_steps(visit, seen.row),
        note=_note(visit, seen.row),
        may_hold=bool(set(_HOLDERS) & set(visit.duties)),
        due=overview.is_due(seen.row),
    )


def _steps(visit: Visit, row: Row) -> list[Step]:
    """What whoever is signed in may do next, as the name of a page and the words of its button."""
    found: list[Step] = []
    state, duties = row.state, set(visit.duties)
    if Duty.REVIEWER in duties and state is not State.WITHDRAWN:
        first = state is State.PROPOSED
        found.append(("settle", "Settle this review" if first else "Look at the decisions again"))
    mine = row.editor == visit.who.id
    if Duty.APPROVER in duties and state is State.SETTLED and not mine:
        found.append(("approve", "Look through and approve"))
    if duties & _PUBLISHERS and state is State.APPROVED and row.hold is None:
        found.append(("publish", "Publish"))
    return found


def _note(visit: Visit, row: Row) -> str:
    """What stands in the way of the next step."""
    if row.state is State.SETTLED and row.editor == visit.who.id:
        return "You decided last on this review: somebody else must approve it."
    if row.state is State.PROPOSED and Duty.REVIEWER not in visit.duties:
        return "This review waits for a reviewer."
    if row.state is State.SETTLED and Duty.APPROVER not in visit.duties:
        return "This review waits for an approver."
    if row.state is State.APPROVED and row.hold is not None:
        return "This review is approved. It can be published once its hold is lifted."
    return ""


@needs(*_HOLDERS)
def hold(visit: Visit) -> Response:
    """The form of a hold, and what it sends."""
    seen = review_of(visit)
    if visit.request.method == "GET":
        return _hold_form(visit, seen.row)
    until = "-".join(visit.said(part, 10).strip().zfill(2) for part in ("year", "month", "day"))
    given = None if until == "00-00-00" else until
    try:
        year.set_hold(
            visit.workspace,
            seen.row.review,
            basis=visit.said("basis", 40),
            until=given,
            as_name=visit.who,
        )
    except CandourError as error:
        field = "until" if visit.said("basis", 40) else "basis"
        return _hold_form(visit, seen.row, str(error), field)
    return back(f"/reviews/{seen.row.review}", "held")


def _hold_form(visit: Visit, row: Row, error: str = "", field: str = "") -> Response:
    standing = row.hold
    day = "" if standing is None or standing.until is None else standing.until
    asked = {
        "basis": visit.said("basis", 40) or ("" if standing is None else standing.basis.value),
        "year": visit.said("year", 10) or day[:4],
        "month": visit.said("month", 10) or day[5:7],
        "day": visit.said("day", 10) or day[8:],
    }
    return page(
        visit, "hold.html", 400 if error else 200, row=row, asked=asked, error=error, field=field
    )


@needs(*_HOLDERS)
def lift(visit: Visit) -> Response:
    """Lift the hold."""
    seen = review_of(visit)
    year.lift_hold(visit.workspace, seen.row.review, as_name=visit.who)
    return back(f"/reviews/{seen.row.review}", "lifted")


ROUTES = (
    Route("/reviews/{review}", review, name="review"),
    Route("/reviews/{review}/hold", hold, methods=["GET", "POST"], name="hold"),
    Route("/reviews/{review}/lift", lift, methods=["POST"], name="lift"),
)
