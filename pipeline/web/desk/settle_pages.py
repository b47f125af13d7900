"""The review desk itself: the report and its publication side by side, and the queue."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import deciding, looking
from pipeline.flow.desks import Desk
from pipeline.store.accounts import Duty
from pipeline.web.desk import panes, queue, settle_steps, sittings
from pipeline.web.desk.queue import Item
from pipeline.web.desk.settle_steps import Sent
from pipeline.web.desk.site import desk_of
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, needs, page, review_asked

_STAYS = frozenset({"bound", "add", "except", "split", "undo", "redo", "merge"})
_DESK = (Duty.REVIEWER, Duty.APPROVER)
_SAID = {
    "judge": "Decided.",
    "name": "Named, and hidden.",
    "except": "Decided for this place alone.",
    "bound": "The bounds are moved, here and wherever it is written so.",
    "add": "It is hidden wherever it stands.",
    "merge": "The two are one now.",
    "split": "They are two now.",
    "clear": "Cleared.",
    "pass": "Looked at: it may stay.",
    "undo": "Taken back.",
    "redo": "Done again.",
}


def _opened(visit: Visit) -> Desk:
    readings = desk_of(visit).sittings.readings
    return deciding.opened(visit.workspace, review_asked(visit), who=visit.who, readings=readings)


def _part(visit: Visit) -> Desk:
    """The review for a part of a page: that the page was seen is in the ledger already."""
    review = review_asked(visit)
    sittings.require_ticket(visit.sent.get("ticket"), visit.form_token, review)
    return deciding.part(
        visit.workspace, review, who=visit.who, readings=desk_of(visit).sittings.readings
    )


@needs(*_DESK, raw=True)
def settle(visit: Visit) -> Response:
    """The page of the desk; a form without a script comes back to it."""
    if visit.request.method == "POST":
        return _by_form(visit)
    desk = _opened(visit)
    every = queue.items(desk)
    asked = sittings.number(visit.asked("at"))
    place = asked if asked is not None and asked < len(every) else None
    place = queue.after(every, -1) if place is None else place
    ready = desk_of(visit).sittings.is_published(desk)
    pages = panes.pages(desk)
    rows = zip(
        pages,
        desk_of(visit).sittings.source(desk),
        desk_of(visit).sittings.published(desk) if ready else [""] * len(pages),
        strict=True,
    )
    return page(
        visit,
        "settle.html",
        rows=rows,
        ready=ready,
        ticket=sittings.ticket(visit.form_token, desk.row.review),
        **_shown(visit, desk, every, place),
    )


def _shown(visit: Visit, desk: Desk, every: tuple[Item, ...], place: int | None) -> dict[str, Any]:
    """What the template of an item needs."""
    item = None if place is None else every[place]
    labels = desk_of(visit).sittings.labels(desk.row.review)
    return {
        "desk": desk,
        "row": desk.row,
        "item": item,
        "place": place,
        "count": len(every),
        "progress": queue.progress(every),
        "contexts": () if item is None else queue.contexts(desk, item),
        "label": "" if item is None else queue.label(item, labels),
        "labels": labels,
        "guess": "" if item is None else queue.guess(item),
        "codes": queue.codes(desk, item.line) if item and item.line else (),
        "beside": _beside(desk, item),
        "others": [card for card in desk.cards if card.identity],
        "positions": looking.positions(item.card.kind) if item and item.card else (),
        "named": queue.named,
        "KINDS": queue.KINDS,
        "WHYS": queue.WHYS,
        "may_decide": Duty.REVIEWER in visit.duties,
    }


def _beside(desk: Desk, item: Item | None) -> list[str]:
    """The names of the cards with which this one may be confused."""
    wanted = item.card.beside if item and item.card else ()
    return [queue.named(card) for card in desk.cards if card.id in wanted]


def _taken(visit: Visit, one: Sent) -> Desk:
    """The desk after a step."""
    review, readings = review_asked(visit), desk_of(visit).sittings.readings
    if one.do in ("undo", "redo"):
        turn = deciding.undo if one.do == "undo" else deciding.redo
        return turn(visit.workspace, review, edition=one.edition, who=visit.who, readings=readings)
    before = deciding.part(visit.workspace, review, who=visit.who, readings=readings)
    step = settle_steps.step_of(before, one)
    if step is None:
        raise UsageError(settle_steps.NOT_UNDERSTOOD)
    return deciding.act(
        visit.workspace, review, step, edition=one.edition, who=visit.who, readings=readings
    )


def _by_form(visit: Visit) -> Response:
    content: dict[str, object] = {
        key: value for key, value in visit.form.items() if key in Sent.model_fields
    }
    for several in ("groups", "findings"):
        content[several] = tuple(str(one) for one in visit.form.getlist(several))
    one = settle_steps.sent(content)
    try:
        _taken(visit, one)
    except CandourError as error:
        desk = _opened(visit)
        every = queue.items(desk)
        return page(
            visit,
            "settle.html",
            400,
            rows=(),
            ready=True,
            ticket="",
            error=str(error),
            **_shown(visit, desk, every, queue.at(every, one.at)),
        )
    return back(f"/reviews/{review_asked(visit)}/desk")


@needs(Duty.REVIEWER, raw=True)
def step(visit: Visit) -> Response:
    """One step of a reviewer, sent by the page's script."""
    content = {key: value for key, value in visit.sent.items() if key != "ticket"}
    one = settle_steps.sent(content)
    before = _part(visit)
    place = queue.at(queue.items(before), one.at)
    desk = _taken(visit, one)
    every = queue.items(desk)
    here = queue.at(every, f"{queue.CARD}:{one.into}" if one.do == "merge" else one.at)
    stays = here is not None and one.do in _STAYS
    target = here if stays else queue.after(every, -1 if place is None else place)
    return _item(visit, desk, every, target, said=_SAID[one.do])


def _item(
    visit: Visit, desk: Desk, every: tuple[Item, ...], place: int | None, said: str = ""
) -> Response:
    shown = page(visit, "item.html", **_shown(visit, desk, every, place))
    done = queue.progress(every)
    return JSONResponse(
        {
            "edition": desk.row.edition,
            "html": bytes(shown.body).decode(),
            "said": f"{said} {done.done} of {done.all} decided.",
        }
    )


@needs(*_DESK, raw=True)
def item(visit: Visit) -> Response:
    """An item of the queue: the one at a place, or the one that a card is."""
    desk = _part(visit)
    every = queue.items(desk)
    place = visit.sent.get("place")
    card = visit.sent.get("card")
    found = queue.at(every, f"{queue.CARD}:{card}") if isinstance(card, str) else None
    if found is None and isinstance(place, int) and every:
        found = place % len(every)
    return _item(visit, desk, every, found)


@needs(*_DESK, raw=True)
def mentions(visit: Visit) -> Response:
    """Every mention of a card, to decide on single ones."""
    desk = _part(visit)
    wanted = visit.sent.get("card")
    card = next((card for card in desk.cards if card.id == wanted), None)
    if card is None:
        raise HTTPException(404)
    shown = page(
        visit,
        "mentions.html",
        card=card,
        mentions=looking.mentions(desk, card),
        labels=desk_of(visit).sittings.labels(desk.row.review),
        named=queue.named,
        may_decide=Duty.REVIEWER in visit.duties,
    )
    return JSONResponse({"edition": desk.row.edition, "html": bytes(shown.body).decode()})


@needs(*_DESK, raw=True)
def rows(visit: Visit) -> Response:
    """The rows of a pane that have changed since an edition that the page shows."""
    desk = _part(visit)
    since = visit.sent.get("since")
    what = "published" if visit.sent.get("pane") == "published" else "source"
    now = (
        desk_of(visit).sittings.published(desk)
        if what == "published"
        else desk_of(visit).sittings.source(desk)
    )
    known = since if isinstance(since, int) else -1
    changed = desk_of(visit).sittings.changed(what, desk, now, known)
    return JSONResponse({"edition": desk.row.edition, "rows": changed})


_AT = "/reviews/{review}/desk"
ROUTES = (
    Route(_AT, settle, methods=["GET", "POST"], name="settle"),
    Route(f"{_AT}/step", step, methods=["POST"], name="step"),
    Route(f"{_AT}/item", item, methods=["POST"], name="item"),
    Route(f"{_AT}/mentions", mentions, methods=["POST"], name="mentions"),
    Route(f"{_AT}/rows", rows, methods=["POST"], name="rows"),
)
