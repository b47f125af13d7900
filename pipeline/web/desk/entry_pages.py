"""What the register keeps of every review: the list, one entry with its form, gaps, due.

Author, chair and subject are names: every page writes into the ledger that it was looked at.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import joining, register_gaps, registering, suggesting
from pipeline.flow.registered import Held
from pipeline.flow.suggesting import Said
from pipeline.raw.entry import EXPECTED, FIELDS
from pipeline.raw.field import Sort
from pipeline.raw.record import mark
from pipeline.store.register import State
from pipeline.web.desk import written
from pipeline.web.desk.site import STAFF
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, needs, page

_A_PAGE = 50
_MISSING = "missing"
_STATES = (EXPECTED, *(state.value for state in State))
_MOST = 4000
_NOT_SURE = "Tick that it is meant. Nothing was changed."


@needs(*STAFF, raw=True)
def entries(visit: Visit) -> Response:
    """Every review. What is looked for comes in a form, not in the address: it may be a name."""
    posted = visit.request.method == "POST"
    ask = visit.said if posted else visit.asked
    words = visit.said("words", 200).strip() if posted else ""
    state = ask("state") if ask("state") in (*_STATES, _MISSING) else ""
    rows = list(
        registering.listed(
            visit.workspace, state="" if state == _MISSING else state, words=words,
            as_name=visit.who,
        )
    )  # fmt: skip
    if state == _MISSING:
        rows = [row for row in rows if row["missing"]]
    pages = max(1, -(-len(rows) // _A_PAGE))
    number = ask("page")
    at = min(pages, max(1, int(number))) if number.isascii() and number.isdigit() else 1
    # A search is one page: to go on in it would put its words into an address.
    shown = rows if words else rows[(at - 1) * _A_PAGE : at * _A_PAGE]
    return page(
        visit, "entries.html", rows=shown, count=len(rows), state=state, words_asked=words, at=at,
        pages=1 if words else pages,
    )  # fmt: skip


@needs(*STAFF, raw=True)
def entry(visit: Visit) -> Response:
    """One entry: its form, what the report says beside what is recorded, its history."""
    if visit.request.method == "GET":
        return _form(visit)
    address = f"/register/every/{_asked(visit)}"
    return written.recorded(visit, FIELDS, _asked(visit), address, registering.change, _form)


def _asked(visit: Visit) -> str:
    return str(visit.request.path_params["review"])


def _form(visit: Visit, error: str = "", field: str = "", *, met: bool = False) -> Response:
    try:
        held, history = registering.seen(visit.workspace, _asked(visit), as_name=visit.who)
    except UsageError:
        raise HTTPException(404) from None
    shown, theirs = written.shown_after(
        visit, held.record, FIELDS, history, refused=bool(error and not field), others=met
    )
    return page(
        visit, "entry.html", 409 if met else 400 if error else 200, held=held, shown=shown,
        history=history, fields=FIELDS, sorts=Sort, error=error, field=field, theirs=theirs,
        withdrawn=held.state == State.WITHDRAWN, files=_files(visit, held),
        said=_said(visit, held), mark=mark(held.record), joined=bool(held.record.was),
    )  # fmt: skip


def _files(visit: Visit, held: Held) -> tuple[dict[str, object], ...]:
    """The files that may be those of a review that is expected."""
    if held.row is not None:
        return ()
    return joining.likely(visit.workspace, held.id, as_name=visit.who)


def _said(visit: Visit, held: Held) -> tuple[Said, ...]:
    """What the report says of itself, beside what is recorded."""
    if held.row is None:
        return ()
    return suggesting.beside(visit.workspace, held.id, as_name=visit.who)[1]


@needs(*STAFF, raw=True)
def take_over(visit: Visit) -> Response:
    """Record what the report says: in one field, or in all in which nothing is recorded."""
    names = visit.said("fields", 400).split()
    try:
        shown = {name: visit.said(f"says-{name}", _MOST) for name in names}
        suggesting.take_over(
            visit.workspace, _asked(visit), shown, since=written.mark_of(visit), as_name=visit.who
        )
    except CandourError as error:
        return _form(visit, str(error), "report")
    return back(f"/register/every/{_asked(visit)}", "taken-over")


@needs(*STAFF, raw=True)
def remove(visit: Visit) -> Response:
    """Take out a review that is not expected any more."""
    try:
        if visit.said("sure", 8) != "yes":
            raise UsageError(_NOT_SURE)
        registering.remove(visit.workspace, _asked(visit), as_name=visit.who)
    except CandourError as error:
        return _form(visit, str(error), "sure")
    return back("/register/every", "removed")


@needs(*STAFF, raw=True)
def new(visit: Visit) -> Response:
    """Enter a review that was announced and whose file has not come."""
    values = {field.name: "" for field in FIELDS}
    error = ""
    if visit.request.method == "POST":
        try:
            values = {field.name: visit.said(field.name, _MOST) for field in FIELDS}
            review = registering.add(visit.workspace, values, as_name=visit.who)
            return back(f"/register/every/{review}", "entered")
        except CandourError as mistaken:
            error = str(mistaken)
    return page(
        visit, "entry_new.html", 400 if error else 200, values=values, fields=FIELDS, sorts=Sort,
        error=error,
    )  # fmt: skip


@needs(*STAFF, raw=True)
def gaps(visit: Visit) -> Response:
    """What is missing, and how completely each field is recorded."""
    rows = list(register_gaps.gaps(visit.workspace, as_name=visit.who))
    kinds = {what: [row for row in rows if row["what"] == what]
             for what in ("file", "number", "odd", "field")}  # fmt: skip
    shares = register_gaps.completeness(visit.workspace, as_name=visit.who)
    return page(visit, "entry_gaps.html", kinds=kinds, shares=shares)


@needs(*STAFF, raw=True)
def due(visit: Visit) -> Response:
    """What is due, overdue first."""
    rows = register_gaps.due(visit.workspace, as_name=visit.who)
    return page(visit, "entry_due.html", rows=rows, ahead=register_gaps.A_LOOK_AHEAD)


ROUTES = (
    Route("/register/every", entries, methods=["GET", "POST"], name="entries"),
    Route("/register/every/{review}", entry, methods=["GET", "POST"], name="entry"),
    Route("/register/every/{review}/report", take_over, methods=["POST"], name="entry-report"),
    Route("/register/every/{review}/remove", remove, methods=["POST"], name="entry-remove"),
    Route("/register/new", new, methods=["GET", "POST"], name="entry-new"),
    Route("/register/gaps", gaps, name="entry-gaps"),
    Route("/register/due", due, name="entry-due"),
)
