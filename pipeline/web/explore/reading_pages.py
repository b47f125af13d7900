"""A passage in its place: the approved text of the review, a page of it, the passage marked."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.flow.exploring import Shelf
from pipeline.safe.lesson import Lesson, Passage, SafeDocument
from pipeline.web.explore import lists, reading
from pipeline.web.explore.site import explore_of, reads
from pipeline.web.visit import Visit
from pipeline.web.visiting import page


@dataclass(frozen=True, slots=True)
class Place:
    """A passage among the others of its review, with the headings above it and its lessons."""

    passage: Passage
    above: tuple[str, ...]
    before: Passage | None
    after: Passage | None
    at: int
    count: int
    lessons: tuple[Lesson, ...]


@reads
def passage(visit: Visit, shelf: Shelf) -> Response:
    """The page of the text on which a passage stands."""
    review, name = visit.request.path_params["review"], visit.request.path_params["passage"]
    one = shelf.passage(review, name)
    document = explore_of(visit).shelves.document(shelf, review)
    if one is None or document is None:
        raise HTTPException(404)
    if one.span.of(document.text.value) != one.text:
        raise HTTPException(404)  # the text is another one than that which was learned from
    own = shelf.of_review(review)
    at = own.index(one)
    place = Place(
        passage=one,
        above=reading.above(document, one.span.start),
        before=own[at - 1] if at else None,
        after=own[at + 1] if at + 1 < len(own) else None,
        at=at + 1,
        count=len(own),
        lessons=tuple(shelf.by_id[made] for made in shelf.made.get((review, name), ())),
    )
    return _page(visit, shelf, document, one.page, place)


@reads
def text(visit: Visit, shelf: Shelf) -> Response:
    """A page of the text of a review."""
    review = visit.request.path_params["review"]
    document = explore_of(visit).shelves.document(shelf, review)
    if document is None:
        raise HTTPException(404)
    asked = lists.number(visit.request.path_params["page"])
    if asked not in reading.pages(document):
        raise HTTPException(404)
    return _page(visit, shelf, document, asked, None)


def _page(
    visit: Visit, shelf: Shelf, document: SafeDocument, number: int, place: Place | None
) -> Response:
    numbers = reading.pages(document)
    at = numbers.index(number)
    return page(
        visit,
        "reading.html",
        shelf=shelf,
        review=document.review,
        facts=shelf.facts[document.review],
        blocks=reading.shown(document, number, None if place is None else place.passage.span),
        number=number,
        last=numbers[-1],
        page_before=numbers[at - 1] if at else None,
        page_after=numbers[at + 1] if at + 1 < len(numbers) else None,
        place=place,
    )


ROUTES = (
    Route("/passages/{review}/{passage}", passage, name="passage"),
    Route("/reviews/{review}/text/{page}", text, name="text"),
)
