"""Themes, the lessons of a theme, and one lesson with every passage that makes it."""

from __future__ import annotations

from collections import Counter

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.flow import counting, exploring
from pipeline.flow.exploring import Shelf
from pipeline.safe.lesson import Lesson
from pipeline.safe.study import lesson_row
from pipeline.web.explore import export, lists
from pipeline.web.explore.site import reads
from pipeline.web.visit import Visit
from pipeline.web.visiting import page


@reads
def themes(visit: Visit, shelf: Shelf) -> Response:
    """The themes by group: in how many reviews each was met, and how many lessons it has."""
    lessons = Counter(one.theme for one in shelf.lessons)
    shown = [one for one in shelf.themes if one.code in shelf.met or lessons[one.code]]
    groups = {one.group: [t for t in shown if t.group == one.group] for one in shown}
    return page(
        visit, "themes.html", shelf=shelf, groups=groups, lessons=lessons, met=shelf.met,
        without=lessons["none"],
    )  # fmt: skip


@reads
def lessons(visit: Visit, shelf: Shelf) -> Response:
    """The lessons that the address asks for, a page of them."""
    want = lists.wanted(visit)
    found = lists.lessons(shelf, want)
    return page(
        visit,
        "lessons.html",
        shelf=shelf,
        want=want,
        part=lists.part(found, visit),
        years=list(counting.years_of(shelf.facts)),
        most=max((len(one.reviews) for one in shelf.lessons), default=1),
    )


@reads
def lessons_file(visit: Visit, shelf: Shelf) -> Response:
    """The lessons that the address asks for, as a file."""
    rows = (lesson_row(one) for one in lists.lessons(shelf, lists.wanted(visit)))
    return export.file(rows, "lessons", visit.request.path_params["form"])


@reads
def lesson(visit: Visit, shelf: Shelf) -> Response:
    """One lesson: what it says, who says it, and every passage; those of a year, if asked."""
    heir = shelf.renamed.get(visit.request.path_params["lesson"])
    if heir in shelf.by_id:
        return RedirectResponse(f"/lessons/{heir}", 303)
    one = _asked(visit, shelf)
    year = visit.asked("year")[:12]
    own = shelf.of_lesson(one)
    speaks_for, against = exploring.sides(one, own)
    shown = [p for p in own if not year or shelf.facts[p.review].year == year]
    return page(
        visit,
        "lesson.html",
        shelf=shelf,
        lesson=one,
        year=year,
        quoted=shelf.passage(*one.quote_from),
        own=own,
        speaks_for=speaks_for,
        against=against,
        part=lists.part(shown, visit),
        reviews=len({p.review for p in shown}),
        trend=counting.lessons_over_years(shelf.facts, [one], {})[0],
        like=shelf.like(one),
    )


@reads
def lesson_file(visit: Visit, shelf: Shelf) -> Response:
    """The passages of one lesson, as a file."""
    one = _asked(visit, shelf)
    year = visit.asked("year")[:12]
    own = [p for p in shelf.of_lesson(one) if not year or shelf.facts[p.review].year == year]
    rows = (export.passage_row(shelf, p) for p in own)
    return export.file(rows, "passages", visit.request.path_params["form"])


def _asked(visit: Visit, shelf: Shelf) -> Lesson:
    found = shelf.by_id.get(visit.request.path_params["lesson"])
    if found is None:
        raise HTTPException(404)
    return found


ROUTES = (
    Route("/themes", themes, name="themes"),
    Route("/lessons", lessons, name="lessons"),
    Route("/lessons.{form}", lessons_file),
    Route("/lessons/{lesson}", lesson, name="lesson"),
    Route("/lessons/{lesson}/passages.{form}", lesson_file),
)
