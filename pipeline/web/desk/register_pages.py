"""The start page, which says what waits, and the register to look through."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from pipeline.flow import overview
from pipeline.flow.overview import Waiting
from pipeline.store.accounts import Duty
from pipeline.store.register import Row, State
from pipeline.web.desk.site import STAFF, desk_of
from pipeline.web.visit import Visit
from pipeline.web.visiting import needs, page
from pipeline.web.wording import many

_A_PAGE = 50
_LOOKED_FOR = (*(state.value for state in State), overview.HELD, overview.DUE)
Tile = tuple[int, str, str]


@needs()
def start(visit: Visit) -> Response:
    """What waits for whoever is signed in."""
    if not set(STAFF) & set(visit.duties):
        return page(visit, "start_researcher.html")
    waiting = overview.waiting(visit.workspace, visit.who)
    return page(visit, "start.html", waiting=waiting, tiles=_tiles(waiting, visit.duties))


def _tiles(waiting: Waiting, duties: tuple[Duty, ...]) -> list[Tile]:
    """How many, what of, and the state in the register to look at."""
    found: list[Tile] = []
    if Duty.REVIEWER in duties:
        found.append((waiting.to_settle, f"{_reviews(waiting.to_settle)} to settle", "proposed"))
    if Duty.APPROVER in duties:
        found.append((waiting.to_approve, f"{_reviews(waiting.to_approve)} to approve", "settled"))
    if {Duty.APPROVER, Duty.ADMINISTRATOR} & set(duties):
        found.append((waiting.to_publish, f"{_reviews(waiting.to_publish)} to publish", "approved"))
    if {Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR} & set(duties):
        found.append((waiting.due, f"{_holds(waiting.due)} to look at again", overview.DUE))
    return found


def _reviews(count: int) -> str:
    return many(count, "review").partition(" ")[2]


def _holds(count: int) -> str:
    return many(count, "hold").partition(" ")[2]


@needs(*STAFF, raw=True)
def register(visit: Visit) -> Response:
    """The register. What is looked for comes in a form, not in the address: it may be a name."""
    posted = visit.request.method == "POST"
    ask = visit.said if posted else visit.asked
    words = visit.said("words", 200).strip() if posted else ""
    state = ask("state") if ask("state") in _LOOKED_FOR else ""
    asked, _, order = ask("sort").partition(" ")
    sort = asked if asked in overview.COLUMNS else "received"
    order = order or ask("order")
    down = order == "down" if order else sort == "received"
    rows = overview.listed(visit.workspace, state=state, words=words, sort=sort, down=down)
    pages = max(1, -(-len(rows) // _A_PAGE))
    number = ask("page")
    at = min(pages, max(1, int(number))) if number.isascii() and number.isdigit() else 1
    # A search is one page: to go on in it would put its words into an address.
    shown = rows if words else rows[(at - 1) * _A_PAGE : at * _A_PAGE]
    desk_of(visit).sittings.ahead(_to_open(shown, visit.duties))
    return page(
        visit,
        "register.html",
        rows=shown,
        count=len(rows),
        state=state,
        sort=sort,
        down=down,
        words_asked=words,
        at=at,
        pages=1 if words else pages,
        all_reviews=len(rows) if not (words or state) else len(visit.workspace.register.rows()),
    )


def _to_open(rows: Sequence[Row], duties: tuple[Duty, ...]) -> list[str]:
    """The reviews of a list that wait for a duty of whoever looks at it, in its order."""
    states = {State.PROPOSED} if Duty.REVIEWER in duties else set()
    states |= {State.SETTLED} if Duty.APPROVER in duties else set()
    return [row.review for row in rows if row.state in states]


ROUTES = (
    Route("/", start, name="start"),
    Route("/register", register, methods=["GET", "POST"], name="register"),
)
