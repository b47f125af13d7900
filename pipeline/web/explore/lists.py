"""Lists as people ask for them: which lessons, in what order, and one page of anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from pipeline.flow.exploring import Shelf
from pipeline.safe.lesson import Lesson
from pipeline.web.visit import Visit

A_PAGE = 25
SORTS = {
    "reviews": "Said by most reviews",
    "last": "Last said, the latest first",
    "first": "First said, the earliest first",
    "stability": "Firmest first",
    "title": "Title, A to Z",
}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Part(Generic[_T]):
    """One page of a list: `at` of `pages`, `count` rows in all."""

    rows: Sequence[_T]
    at: int
    pages: int
    count: int

    @property
    def start(self) -> int:
        """Which row of all the first one of this page is, counted from 1."""
        return (self.at - 1) * A_PAGE + 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lessons somebody wants to see; an empty word leaves all in."""

    theme: str = ""
    year: str = ""
    first: str = ""
    known: str = ""
    stance: str = ""
    least: int = 1
    sort: str = "reviews"

    @property
    def asked(self) -> dict[str, str]:
        """What of it goes into an address: what is not as it would be anyway."""
        words = {
            "theme": self.theme,
            "year": self.year,
            "first": self.first,
            "known": self.known,
            "stance": self.stance,
            "least": str(self.least) if self.least > 1 else "",
            "sort": self.sort if self.sort != "reviews" else "",
        }
        return {name: word for name, word in words.items() if word}

    @property
    def narrows(self) -> bool:
        """Whether any lesson may be left out."""
        return bool(self.asked.keys() - {"sort"})


def number(given: str, *, most: int = 9_999) -> int:
    """A number of an address; 0 where it is none.

    >>> number("12"), number("²"), number("-1"), number("9" * 5000)
    (12, 0, 0, 0)
    """
    short = given.isascii() and given.isdigit() and len(given) < 10
    return int(given) if short and int(given) <= most else 0


def address(path: str, asked: Mapping[str, str], **more: object) -> str:
    """An address with what was asked for, and more or other things.

    >>> address("/lessons", {"theme": "A1", "page": "2"}, page="", least=3)
    '/lessons?theme=A1&least=3'
    """
    every = {**asked, **{name: str(value) for name, value in more.items()}}
    query = urlencode({name: value for name, value in every.items() if value})
    return f"{path}?{query}" if query else path


def part(rows: Sequence[_T], visit: Visit) -> Part[_T]:
    """The page of a list that the address asks for, the nearest that there is."""
    pages = max(1, -(-len(rows) // A_PAGE))
    at = min(pages, max(1, number(visit.asked("page"))))
    return Part(rows[(at - 1) * A_PAGE : at * A_PAGE], at, pages, len(rows))


def wanted(visit: Visit) -> Wanted:
    """Which lessons the address asks for; what it cannot mean is left out."""
    known, stance, sort = visit.asked("known"), visit.asked("stance"), visit.asked("sort")
    return Wanted(
        theme=visit.asked("theme")[:12],
        year=visit.asked("year")[:12],
        first=visit.asked("first")[:12],
        known=known if known in ("new", "known") else "",
        stance=stance if stance in ("for", "against", "both", "none") else "",
        least=max(1, number(visit.asked("least"))),
        sort=sort if sort in SORTS else "reviews",
    )


def lessons(shelf: Shelf, want: Wanted) -> tuple[Lesson, ...]:
    """The lessons that somebody wants, in the order they want."""
    found = [one for one in shelf.lessons if _fits(shelf, one, want)]
    keys: Mapping[str, Callable[[Lesson], object]] = {
        "last": lambda one: _downwards(one.last),
        "first": lambda one: (not one.first.isdigit(), one.first),
        "stability": lambda one: (-one.stability, -len(one.passages)),
        "title": lambda one: one.title.casefold(),
    }
    key = keys.get(want.sort)
    return tuple(sorted(found, key=key) if key is not None else found)  # type: ignore[arg-type]


def _downwards(year: str) -> tuple[bool, int]:
    return (False, -int(year)) if year.isdigit() else (True, 0)


def _fits(shelf: Shelf, lesson: Lesson, want: Wanted) -> bool:
    return (
        (not want.theme or lesson.theme == want.theme)
        and (not want.first or lesson.first == want.first)
        and (not want.known or lesson.known == (want.known == "known"))
        and (not want.stance or lesson.stance == want.stance)
        and len(lesson.reviews) >= want.least
        and (not want.year or any(shelf.facts[r].year == want.year for r in lesson.reviews))
    )
