"""The pages for researchers as a site: the shelf, and the queries that people typed."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.responses import RedirectResponse, Response

from pipeline.errors import UsageError
from pipeline.flow.exploring import Shelf, Shelves
from pipeline.store.accounts import Duty
from pipeline.web.visit import Site, Visit
from pipeline.web.visiting import Endpoint, needs

_MOST_QUERIES = 2000
_MOST_RECENT = 8

Reader = Callable[[Visit, Shelf], Response]


@dataclass(slots=True)
class Queries:
    """What people searched for, in memory only, each under a number drawn at random.

    A query may name a person: so an address has the number, never the query, and a query is
    shown to the session that typed it and to no other.
    """

    _kept: OrderedDict[str, tuple[str, str]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, session: str, query: str) -> str:
        """The number of a query; a query that the session typed before keeps its own."""
        with self._lock:
            for name, one in self._kept.items():
                if one == (session, query):
                    self._kept.move_to_end(name)
                    return name
            name = secrets.token_urlsafe(12)
            self._kept[name] = (session, query)
            while len(self._kept) > _MOST_QUERIES:
                self._kept.popitem(last=False)
            return name

    def of(self, session: str, name: str) -> str | None:
        """The query of that number; None where this session did not type it."""
        with self._lock:
            owner, query = self._kept.get(name, ("", ""))
            return query if owner == session and query else None

    def recent(self, session: str) -> tuple[tuple[str, str], ...]:
        """The numbers and words of what a session searched for, the last first."""
        with self._lock:
            own = [(name, query) for name, (one, query) in self._kept.items() if one == session]
        return tuple(reversed(own[-_MOST_RECENT:]))


@dataclass(frozen=True, slots=True)
class Explore(Site):
    """What the pages for researchers share."""

    shelves: Shelves
    queries: Queries = field(default_factory=Queries)


def explore_of(visit: Visit) -> Explore:
    """The site that is visited."""
    if not isinstance(visit.site, Explore):
        raise TypeError("this page belongs to the pages for researchers")
    return visit.site


def reads(handler: Reader) -> Endpoint:
    """A page for any account that has a duty, made from the shelf as it is now.

    Where nothing was learned yet there is no shelf: the start page says what to do.
    """

    def shown(visit: Visit) -> Response:
        try:
            shelf = explore_of(visit).shelves.now()
        except UsageError:
            return RedirectResponse("/", 303)
        return handler(visit, shelf)

    return needs(*Duty)(shown)
