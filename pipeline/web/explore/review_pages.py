"""The reviews that were learned from, one review, and one fact of the reviews by another."""

from __future__ import annotations

from collections import Counter

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.flow import counting
from pipeline.flow.exploring import Shelf
from pipeline.safe.lesson import NOT_STATED, SafeFacts
from pipeline.web.explore import export, lists, reading
from pipeline.web.explore.showing import FACTS
from pipeline.web.explore.site import explore_of, reads
from pipeline.web.visit import Visit
from pipeline.web.visiting import page


@reads
def reviews(visit: Visit, shelf: Shelf) -> Response:
    """The reviews that the address asks for, with what they say of themselves."""
    asked = _facts_asked(visit)
    found = _found(shelf, asked)
    return page(
        visit, "reviews.html", shelf=shelf, asked=asked, part=lists.part(found, visit),
        lessons=_lessons(shelf), choices=_choices(shelf),
    )  # fmt: skip


@reads
def reviews_file(visit: Visit, shelf: Shelf) -> Response:
    """The same reviews as a file."""
    lessons = _lessons(shelf)
    rows = (
        {"review": one, **_row(shelf.facts[one]), "lessons": lessons[one]}
        for one in _found(shelf, _facts_asked(visit))
    )
    return export.file(rows, "reviews", visit.request.path_params["form"])


@reads
def review(visit: Visit, shelf: Shelf) -> Response:
    """One review: what it says of itself, its passages by role, and its lessons."""
    name = visit.request.path_params["review"]
    document = explore_of(visit).shelves.document(shelf, name)
    if document is None:
        raise HTTPException(404)
    own = shelf.of_review(name)
    roles = Counter(one.role for one in own)
    made = {one for passage in own for one in shelf.made.get((name, passage.id), ())}
    return page(
        visit,
        "review.html",
        shelf=shelf,
        review=name,
        facts=shelf.facts[name],
        profile=document.profile,
        pages=reading.pages(document),
        count=len(own),
        roles=sorted(roles.items(), key=lambda item: (-item[1], item[0])),
        lessons=[one for one in shelf.lessons if one.id in made],
    )


@reads
def tables(visit: Visit, shelf: Shelf) -> Response:
    """One fact of the reviews by another; each number leads to its reviews."""
    row, column = visit.asked("rows"), visit.asked("columns")
    row = row if row in FACTS else "judgement"
    column = column if column in FACTS else "incident_to_completion"
    if row == column:
        column = next(name for name in FACTS if name != row)
    made = counting.table(shelf.facts, row, column)
    return page(
        visit,
        "tables.html",
        shelf=shelf,
        row=row,
        column=column,
        table=made,
        of_row={one: _count(shelf, row, one) for one in made.rows},
        of_column={one: _count(shelf, column, one) for one in made.columns},
    )


def _count(shelf: Shelf, fact: str, value: str) -> int:
    return sum(value in counting.values(one, fact) for one in shelf.facts.values())


def _facts_asked(visit: Visit) -> dict[str, str]:
    return {name: visit.asked(name)[:80] for name in FACTS if visit.asked(name)}


def _found(shelf: Shelf, asked: dict[str, str]) -> tuple[str, ...]:
    """The reviews that say all of it, by year, the latest first."""
    found = [
        review
        for review, one in shelf.facts.items()
        if all(value in counting.values(one, name) for name, value in asked.items())
    ]
    stated = {review: shelf.facts[review].year for review in found}
    return tuple(sorted(found, key=lambda r: (stated[r] == NOT_STATED, _downwards(stated[r]), r)))


def _downwards(year: str) -> int:
    return -int(year) if year.isdigit() else 0


def _lessons(shelf: Shelf) -> Counter[str]:
    return Counter(review for one in shelf.lessons for review in one.reviews)


def _choices(shelf: Shelf) -> dict[str, list[str]]:
    """What reviews say, for the facts that a list is narrowed by."""
    names = ("year", "kind", "harm", "judgement")
    said = {
        name: {value for one in shelf.facts.values() for value in counting.values(one, name)}
        for name in names
    }
    return {name: sorted(values, key=counting.in_order) for name, values in said.items()}


def _row(facts: SafeFacts) -> dict[str, object]:
    return {name: list(v) if isinstance(v := getattr(facts, name), tuple) else v for name in FACTS}


ROUTES = (
    Route("/reviews", reviews, name="reviews"),
    Route("/reviews.{form}", reviews_file),
    Route("/reviews/{review}", review, name="review"),
    Route("/tables", tables, name="tables"),
)
