"""Themes and lessons over the years, themes that are met together, and what makes a number up."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.flow import counting
from pipeline.flow.exploring import Shelf
from pipeline.safe.lesson import Passage
from pipeline.web.explore import export, lists
from pipeline.web.explore.site import reads
from pipeline.web.visit import Visit
from pipeline.web.visiting import page

_MOST_LESSONS = 30
SIZES = {"12": 12, "24": 24, "all": 10_000}


@reads
def timeline(visit: Visit, shelf: Shelf) -> Response:
    """Every theme that was met by year, or the lessons that most reviews say."""
    by = "lesson" if visit.asked("by") == "lesson" else "theme"
    groups = {one.code: one.group for one in shelf.themes}
    if by == "theme":
        trends = counting.themes_over_years(shelf.facts, shelf.met, shelf.themes)
    else:
        recurring = [one for one in shelf.lessons if len(one.reviews) > 1][:_MOST_LESSONS]
        trends = counting.lessons_over_years(shelf.facts, recurring, groups)
    return page(
        visit, "timeline.html", shelf=shelf, by=by, trends=trends,
        years=counting.years_of(shelf.facts),
    )  # fmt: skip


@reads
def theme(visit: Visit, shelf: Shelf) -> Response:
    """One theme: what it means, its years with their intervals, its lessons."""
    code = visit.request.path_params["theme"]
    one = shelf.theme(code)
    if one is None:
        raise HTTPException(404)
    met = {code: shelf.met.get(code, frozenset())}
    return page(
        visit,
        "theme.html",
        shelf=shelf,
        theme=one,
        trend=counting.themes_over_years(shelf.facts, met, (one,))[0],
        lessons=[lesson for lesson in shelf.lessons if lesson.theme == code],
    )


@reads
def together(visit: Visit, shelf: Shelf) -> Response:
    """In how many reviews two themes are both met, for the themes that are met most."""
    size = visit.asked("size") if visit.asked("size") in SIZES else "12"
    titles = {one.code: one.title for one in shelf.themes}
    ranked = sorted(
        (code for code in shelf.met if code in titles), key=lambda c: (-len(shelf.met[c]), c)
    )
    codes = ranked[: SIZES[size]]
    return page(
        visit,
        "together.html",
        shelf=shelf,
        codes=codes,
        titles=titles,
        pairs=counting.pairs(shelf.facts, {code: shelf.met[code] for code in codes}),
        size=size,
        sizes=list(SIZES),
    )


@reads
def quotations(visit: Visit, shelf: Shelf) -> Response:
    """The passages that make up a number: of a theme, of a year, of reviews with another theme."""
    asked, found = _quoted(visit, shelf)
    return page(
        visit,
        "quotations.html",
        shelf=shelf,
        asked=asked,
        theme=shelf.theme(asked["theme"]),
        other=shelf.theme(asked["with"]),
        reviews=len({one.review for one in found}),
        of=sum(not asked["year"] or one.year == asked["year"] for one in shelf.facts.values()),
        part=lists.part(found, visit),
    )


@reads
def quotations_file(visit: Visit, shelf: Shelf) -> Response:
    """The same passages as a file."""
    _, found = _quoted(visit, shelf)
    rows = (export.passage_row(shelf, one) for one in found)
    return export.file(rows, "passages", visit.request.path_params["form"])


def _quoted(visit: Visit, shelf: Shelf) -> tuple[dict[str, str], tuple[Passage, ...]]:
    asked = {name: visit.asked(name)[:12] for name in ("theme", "year", "with")}
    if shelf.theme(asked["theme"]) is None or (asked["with"] and not shelf.theme(asked["with"])):
        raise HTTPException(404)
    return asked, shelf.with_theme(asked["theme"], asked["year"], asked["with"])


ROUTES = (
    Route("/timeline", timeline, name="timeline"),
    Route("/themes/{theme}", theme, name="theme"),
    Route("/together", together, name="together"),
    Route("/quotations", quotations, name="quotations"),
    Route("/quotations.{form}", quotations_file),
)
