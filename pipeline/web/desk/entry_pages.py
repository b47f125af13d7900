"""What the register keeps of every review: the list, one entry with its form, gaps, due, actions.

Author, chair and subject are names: every page writes into the ledger that it was looked at.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import actions, joining, register_gaps, registering
from pipeline.flow.registered import Held
from pipeline.raw.entry import EXPECTED, FIELDS
from pipeline.raw.field import Sort
from pipeline.store.register import State
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
    """One entry: its form, what the report says where nothing is recorded, its history."""
    if visit.request.method == "GET":
        return _form(visit)
    try:
        given = {field.name: visit.said(field.name, _MOST) for field in FIELDS}
        steps = visit.said("steps", 9)
        registering.change(
            visit.workspace, _asked(visit), given, as_name=visit.who,
            since=int(steps) if steps.isascii() and steps.isdigit() else -1,
        )  # fmt: skip
    except CandourError as error:
        return _form(visit, str(error))
    return back(f"/register/every/{_asked(visit)}", "recorded")


def _asked(visit: Visit) -> str:
    return str(visit.request.path_params["review"])


def _form(visit: Visit, error: str = "", field: str = "") -> Response:
    try:
        held, history = registering.seen(visit.workspace, _asked(visit), as_name=visit.who)
    except UsageError:
        raise HTTPException(404) from None
    recorded = dict(held.record.values)
    written = bool(error) and not field  # what was written stays in the form
    values = {f.name: visit.said(f.name, _MOST) if written else recorded.get(f.name, "")
              for f in FIELDS}  # fmt: skip
    return page(
        visit, "entry.html", 400 if error else 200, held=held, values=values, history=history,
        steps=len(held.record.steps), fields=FIELDS, sorts=Sort, error=error, field=field,
        withdrawn=held.state == State.WITHDRAWN, files=_files(visit, held),
    )  # fmt: skip


def _files(visit: Visit, held: Held) -> tuple[dict[str, object], ...]:
    """The files that may be those of a review that is expected."""
    if held.row is not None:
        return ()
    return joining.likely(visit.workspace, held.id, as_name=visit.who)


@needs(*STAFF, raw=True)
def join(visit: Visit) -> Response:
    """Say that the file of an expected review has come."""
    review = visit.said("file", 20).strip().lower()
    try:
        joining.join(visit.workspace, _asked(visit), review, as_name=visit.who)
    except CandourError as error:
        return _form(visit, str(error), "file")
    return back(f"/register/every/{review}", "joined")


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


@needs(*STAFF, raw=True)
def tracked(visit: Visit) -> Response:
    """The actions on recommendations, the longest overdue first."""
    flag = visit.asked("flag")
    wanted = actions.Wanted(flag=flag if flag in ("overdue", "ownerless") else "")
    rows = actions.listed(visit.workspace, wanted, as_name=visit.who)
    return page(visit, "entry_actions.html", rows=rows[:500], count=len(rows), flag=wanted.flag)


ROUTES = (
    Route("/register/every", entries, methods=["GET", "POST"], name="entries"),
    Route("/register/every/{review}", entry, methods=["GET", "POST"], name="entry"),
    Route("/register/every/{review}/join", join, methods=["POST"], name="entry-join"),
    Route("/register/every/{review}/remove", remove, methods=["POST"], name="entry-remove"),
    Route("/register/new", new, methods=["GET", "POST"], name="entry-new"),
    Route("/register/gaps", gaps, name="entry-gaps"),
    Route("/register/due", due, name="entry-due"),
    Route("/register/actions", tracked, name="entry-actions"),
)
