"""Pages that everybody may read: help, and how accessible the desk is."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from pipeline.web.visit import Visit
from pipeline.web.visiting import open_to_all, page


@open_to_all
def help_page(visit: Visit) -> Response:
    """How the desk is used, and its keys."""
    return page(visit, "help.html")


@open_to_all
def accessibility(visit: Visit) -> Response:
    """The accessibility statement."""
    return page(visit, "accessibility.html")


ROUTES = (
    Route("/help", help_page, name="help"),
    Route("/accessibility", accessibility, name="accessibility"),
)
