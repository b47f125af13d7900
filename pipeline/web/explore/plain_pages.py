"""The start page, help, and the accessibility statement."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import UsageError
from pipeline.flow import counting
from pipeline.store.accounts import Duty
from pipeline.web.explore.site import explore_of
from pipeline.web.visit import Visit
from pipeline.web.visiting import needs, open_to_all, page

_MOST, _MOST_NEW = 8, 6


@needs()
def start(visit: Visit) -> Response:
    """How much there is, what recurs most, and what is new."""
    if not set(visit.duties) & set(Duty):
        return page(visit, "start_without.html", text="")
    try:
        shelf = explore_of(visit).shelves.now()
    except UsageError as error:
        return page(visit, "start_without.html", text=str(error))
    years = [year for year in counting.years_of(shelf.facts) if year.isdigit()]
    latest = years[-1] if years else ""
    fresh = [one for one in shelf.lessons if one.first == latest]
    return page(
        visit,
        "start.html",
        shelf=shelf,
        years=years,
        latest=latest,
        recurring=sum(len(one.reviews) > 1 for one in shelf.lessons),
        most=shelf.lessons[:_MOST],
        fresh=fresh[:_MOST_NEW],
        fresh_in_all=len(fresh),
    )


@open_to_all
def help_page(visit: Visit) -> Response:
    """How the numbers are meant, and how to search."""
    return page(visit, "help.html")


@open_to_all
def accessibility(visit: Visit) -> Response:
    """The accessibility statement."""
    return page(visit, "accessibility.html")


ROUTES = (
    Route("/", start, name="start"),
    Route("/help", help_page, name="help"),
    Route("/accessibility", accessibility, name="accessibility"),
)
