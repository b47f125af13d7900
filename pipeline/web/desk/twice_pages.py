"""What the register may hold twice: pairs, two side by side, joining them, and back again."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import joining, register_twice
from pipeline.flow.joining import Outcome
from pipeline.flow.register_twice import Beside
from pipeline.raw.record import mark
from pipeline.web.desk.site import STAFF
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, needs, page

ADDRESS = "/register/duplicates"
_SHOWN = 200
_TEXTS_AT_ONCE = 100  # so that a page is not waited for longer than some seconds


@needs(*STAFF, raw=True)
def pairs(visit: Visit) -> Response:
    """Pairs that may be one review; a POST compares some more texts first."""
    most = _TEXTS_AT_ONCE if visit.request.method == "POST" else 0
    rows = register_twice.duplicates(visit.workspace, most=most, as_name=visit.who)
    if most:
        return back(ADDRESS, "compared")
    return page(
        visit, "duplicates.html", rows=rows[:_SHOWN], count=len(rows), at_once=_TEXTS_AT_ONCE,
        apart=register_twice.duplicates(visit.workspace, apart=True, most=0, as_name=visit.who),
        waiting=register_twice.not_compared(visit.workspace, as_name=visit.who),
    )  # fmt: skip


@needs(*STAFF, raw=True)
def beside(visit: Visit) -> Response:
    """Two reviews side by side, and what can be done with them."""
    return _beside(visit)


def _beside(visit: Visit, error: str = "") -> Response:
    one, other = _ids(visit)
    try:
        seen = register_twice.beside(visit.workspace, one, other, as_name=visit.who)
    except UsageError:
        raise HTTPException(404) from None
    return page(
        visit, "beside.html", 400 if error else 200, seen=seen, ways=_ways(seen), error=error
    )


def _ways(seen: Beside) -> tuple[tuple[str, str], ...]:
    """In which direction two can be joined: the entry that goes, the review that stays."""
    both = (seen.one, seen.other)
    goes = [held for held in both if held.row is None]
    return tuple((held.id, next(o.id for o in both if o.id != held.id)) for held in goes)


def _ids(visit: Visit) -> tuple[str, str]:
    return str(visit.request.path_params["one"]), str(visit.request.path_params["other"])


@needs(*STAFF, raw=True)
def apart(visit: Visit) -> Response:
    """Keep that two are not the same, or take that back."""
    one, other = _ids(visit)
    again = visit.said("again", 8) == "yes"
    try:
        keep = register_twice.show_again if again else register_twice.keep_apart
        keep(visit.workspace, one, other, as_name=visit.who)
    except CandourError as error:
        return _beside(visit, str(error))
    return back(ADDRESS, "together" if again else "apart")


@needs(*STAFF, raw=True)
def join(visit: Visit) -> Response:
    """What joining an expected review with another would give, and a POST that does it."""
    waiting = str(visit.request.path_params["review"])
    into = (visit.said("into", 20) or visit.asked("into")).strip().lower()
    if visit.request.method == "GET":
        return _preview(visit, waiting, into)
    try:
        seen = (visit.said("seen", 40), visit.said("seen-into", 40))
        joining.join(visit.workspace, waiting, into, seen=seen, as_name=visit.who)
    except CandourError as error:
        return _preview(visit, waiting, into, str(error))
    return back(f"/register/every/{into}", "joined")


def _preview(visit: Visit, waiting: str, into: str, error: str = "") -> Response:
    made: Outcome | None = None
    try:
        made = joining.preview(visit.workspace, waiting, into, as_name=visit.who)
    except CandourError as refused:
        error = str(refused)
    marks = ("", "")
    if made is not None:
        marks = (mark(made.waiting.record), mark(made.into.record))
    return page(
        visit, "join.html", 400 if error else 200, made=made, waiting=waiting, into=into,
        marks=marks, error=error,
    )  # fmt: skip


@needs(*STAFF, raw=True)
def unjoin(visit: Visit) -> Response:
    """Take the last joining of a review back."""
    review = str(visit.request.path_params["review"])
    entry, stayed = joining.unjoin(visit.workspace, review, as_name=visit.who)
    return back(f"/register/every/{entry}", "unjoined-but" if stayed else "unjoined")


ROUTES = (
    Route(ADDRESS, pairs, methods=["GET", "POST"], name="duplicates"),
    Route(f"{ADDRESS}/{{one}}/{{other}}", beside, name="beside"),
    Route(f"{ADDRESS}/{{one}}/{{other}}/apart", apart, methods=["POST"], name="apart"),
    Route("/register/every/{review}/join", join, methods=["GET", "POST"], name="entry-join"),
    Route("/register/every/{review}/unjoin", unjoin, methods=["POST"], name="entry-unjoin"),
)
