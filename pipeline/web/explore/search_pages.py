"""Search: the query is typed into a form, kept in memory, and never part of an address.

A query may name a person, and addresses end up in the history of a browser and in the logs of
servers on the way. So a form sends the query in its body, and the page of the hits has a number
drawn at random: going back, loading again and paging work, and the address says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import UsageError
from pipeline.flow import exploring
from pipeline.flow.exploring import MOST_HITS, Shelf
from pipeline.safe import query as language
from pipeline.safe.lesson import Hit
from pipeline.safe.query import Near, Not, Phrase, Query
from pipeline.web.explore import export, lists
from pipeline.web.explore.site import explore_of, reads
from pipeline.web.visit import Visit
from pipeline.web.visiting import page

FACETS = ("theme", "role", "year", "kind")
MOST_WORDS = 500
_TOO_LONG = (
    f"The query is longer than {MOST_WORDS} characters. Nothing was searched. Make it shorter."
)


@reads
def form(visit: Visit, shelf: Shelf) -> Response:
    """The form, with help on what can be written into it."""
    return _form(visit, shelf)


@reads
def ask(visit: Visit, shelf: Shelf) -> Response:
    """Take a query in, and go on to the page of its hits."""
    asked = visit.said("words", 4000).strip()
    if len(asked) > MOST_WORDS:
        return _form(visit, shelf, asked[:MOST_WORDS], _TOO_LONG)
    try:
        language.parse(asked)
    except UsageError as error:
        return _form(visit, shelf, asked, str(error))
    name = explore_of(visit).queries.keep(_session(visit), asked)
    return RedirectResponse(f"/search/{name}", 303)


def _form(visit: Visit, shelf: Shelf, asked: str = "", error: str = "") -> Response:
    return page(
        visit,
        "search.html",
        400 if error else 200,
        shelf=shelf,
        words_asked=asked,
        error=error,
        field="words" if error else "",
        recent=explore_of(visit).queries.recent(_session(visit)),
    )


@reads
def hits(visit: Visit, shelf: Shelf) -> Response:
    """The hits of a query, narrowed by what the address asks for."""
    name, asked = _asked(visit)
    narrowed = _narrowed(visit)
    every = exploring.search(shelf, asked)
    found = [one for one in every if _fits(shelf, one, narrowed)]
    return page(
        visit,
        "hits.html",
        shelf=shelf,
        name=name,
        words_asked=asked,
        looked_for=_looked_for(language.parse(asked)),
        narrowed=narrowed,
        facets={facet: _counts(shelf, found, facet) for facet in FACETS},
        full=len(every) == MOST_HITS,
        part=lists.part(found, visit),
        reviews=len({one.review for one in found}),
    )


@reads
def hits_file(visit: Visit, shelf: Shelf) -> Response:
    """The same hits as a file."""
    _, asked = _asked(visit)
    narrowed = _narrowed(visit)
    found = (one for one in exploring.search(shelf, asked) if _fits(shelf, one, narrowed))
    rows = (export.hit_row(shelf, one) for one in found)
    return export.file(rows, "hits", visit.request.path_params["form"])


def _asked(visit: Visit) -> tuple[str, str]:
    name = visit.request.path_params["query"]
    found = explore_of(visit).queries.of(_session(visit), name)
    if found is None:
        raise HTTPException(404)
    return name, found


def _looked_for(query: Query) -> tuple[str, ...]:
    """The words that a query looks for, not those that it excludes, and none that is short."""
    if isinstance(query, Phrase):
        return tuple(word for word in query.words if len(word) > 3 and word.count("*") < 3)
    if isinstance(query, Not):
        return ()
    parts = (query.left, query.right) if isinstance(query, Near) else query.parts
    return tuple(word for part in parts for word in _looked_for(part))


def _session(visit: Visit) -> str:
    return "" if visit.session is None else visit.session.key


def _narrowed(visit: Visit) -> dict[str, str]:
    return {name: visit.asked(name)[:80] for name in FACETS if visit.asked(name)}


def _fits(shelf: Shelf, hit: Hit, narrowed: dict[str, str]) -> bool:
    return all(value in _said(shelf, hit, facet) for facet, value in narrowed.items())


def _said(shelf: Shelf, hit: Hit, facet: str) -> tuple[str, ...]:
    """What a hit counts under in a facet."""
    passage = shelf.passage(hit.review, hit.passage)
    if passage is None:
        return ()
    if facet == "theme":
        return tuple({mark.code for mark in passage.themes})
    if facet == "role":
        return (passage.role.value,)
    return (str(getattr(shelf.facts[hit.review], facet)),)


def _counts(shelf: Shelf, found: Iterable[Hit], facet: str) -> list[tuple[str, int]]:
    counts = Counter(value for hit in found for value in _said(shelf, hit, facet))
    if facet == "year":
        return sorted(counts.items(), reverse=True)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


ROUTES = (
    Route("/search", form, name="search"),
    Route("/search", ask, methods=["POST"]),
    Route("/search/{query}", hits, name="hits"),
    Route("/search/{query}/hits.{form}", hits_file),
)
