"""The ledger, for administrators and approvers: its rows in plain words, and whether it holds."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from pipeline.flow import overview
from pipeline.store.accounts import Duty
from pipeline.web.visit import Visit
from pipeline.web.visiting import needs, page

_A_PAGE = 100
_MOST_DIGITS = 12


@needs(Duty.ADMINISTRATOR, Duty.APPROVER)
def ledger(visit: Visit) -> Response:
    """The rows, the newest first: all of them, or those of one review."""
    return _page(visit)


@needs(Duty.ADMINISTRATOR, Duty.APPROVER)
def check(visit: Visit) -> Response:
    """The same page, with whether the chain holds."""
    broken = visit.workspace.ledger.verify()
    return _page(visit, checked=True, broken=broken)


def _page(visit: Visit, checked: bool = False, broken: int | None = None) -> Response:
    review, before = visit.asked("review").strip().lower(), visit.asked("before")
    older = before.isascii() and before.isdigit() and len(before) <= _MOST_DIGITS
    found = visit.workspace.ledger.latest(
        _A_PAGE + 1, before=int(before) if older else None, review=review or None
    )
    return page(
        visit,
        "ledger.html",
        entries=found[:_A_PAGE],
        more=found[_A_PAGE - 1].seq if len(found) > _A_PAGE else None,
        review=review,
        older=older,
        names=overview.names(visit.workspace),
        checked=checked,
        broken=broken,
    )


ROUTES = (
    Route("/ledger", ledger, name="ledger"),
    Route("/ledger/check", check, methods=["POST"], name="ledger-check"),
)
