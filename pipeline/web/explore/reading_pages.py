"""A passage in its place: the approved text of the review, a page of it, the passage marked."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline.flow.exploring import Shelf
from pipeline.safe.lesson import SafeDocument
from pipeline.span import Span
from pipeline.web.explore import lists, reading
from pipeline.web.explore.site import explore_of, reads
from pipeline.web.visit import Visit
from pipeline.web.visiting import page


@reads
def passage(visit: Visit, shelf: Shelf) -> Response:
    """The page of the text on which a passage stands."""
    review, name = visit.request.path_params["review"], visit.request.path_params["passage"]
    number = shelf.at.get((review, name))
    document = explore_of(visit).shelves.document(shelf, review)
    if number is None or document is None:
        raise HTTPException(404)
    one = shelf.passages[number]
    if one.span.of(document.text.value) != one.text:
        raise HTTPException(404)  # the text is another one than that which was learned from
    own = shelf.of_review(review)
    at = own.index(one)
    return _page(
        visit,
        shelf,
        document,
        one.page,
        one.span,
        passage=one,
        above=reading.above(document, one.span.start),
        before=own[at - 1] if at else None,
        after=own[at + 1] if at + 1 < len(own) else None,
        at=at + 1,
        count=len(own),
        lessons=[shelf.by_id[name] for name in shelf.made.get((review, one.id), ())],
    )


@reads
def text(visit: Visit, shelf: Shelf) -> Response:
    """A page of the text of a review."""
    review = visit.request.path_params["review"]
    document = explore_of(visit).shelves.document(shelf, review)
    if document is None:
        raise HTTPException(404)
    numbers = reading.pages(document)
    asked = lists.number(visit.request.path_params["page"])
    if asked not in numbers:
        raise HTTPException(404)
    return _page(visit, shelf, document, asked, None, passage=None)


def _page(
    visit: Visit,
    shelf: Shelf,
    document: SafeDocument,
    number: int,
    mark: Span | None,
    **more: object,
) -> Response:
    numbers = reading.pages(document)
    at = numbers.index(number)
    return page(
        visit,
        "reading.html",
        shelf=shelf,
        review=document.review,
        facts=shelf.facts[document.review],
        blocks=reading.shown(document, number, mark),
        number=number,
        last=numbers[-1],
        page_before=numbers[at - 1] if at else None,
        page_after=numbers[at + 1] if at + 1 < len(numbers) else None,
        **more,
    )


ROUTES = (
    Route("/passages/{review}/{passage}", passage, name="passage"),
    Route("/reviews/{review}/text/{page}", text, name="text"),
)
