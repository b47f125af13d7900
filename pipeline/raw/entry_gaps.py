"""What the register lacks: fields that nobody recorded, numbers missing in a board's series.

"Not stated" is no gap: somebody looked, and the report does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.raw.entry import FIELDS, INADEQUATE, NO, NOT_JUDGED, YES
from pipeline.raw.entry_match import TELLING, folded
from pipeline.raw.facts_nouns import NOT_STATED
from pipeline.raw.field import FIRST_YEAR, LAST_YEAR

Values = Mapping[str, str]
LEAST_OF_SERIES = 3  # fewer numbers are no series: two cases may be 2 and 19
# A series that has fewer than this share of its numbers is not counted through by its board.
FILLED = 0.5
_LETTER = re.compile(
    r"(?P<stem>(?:child|adult|family|case|person|baby|young person) )(?P<number>[a-z])"
)


def missing(values: Values) -> tuple[str, ...]:
    """The fields of a review that should be recorded and are not.

    >>> missing({"kind": "serious case review", "board": "Marl", "subject": "Child B",
    ...          "author": "not stated", "chair": "A Chair", "independence": "independent",
    ...          "incident": "2008", "completed": "2009-01-05", "judgement": "inadequate"})
    ('judged', 'resubmitted')
    """
    gone = [field.name for field in FIELDS if field.wanted and not values.get(field.name)]
    judgement = values.get("judgement", "")
    if judgement and judgement not in (NOT_JUDGED, NOT_STATED) and not values.get("judged"):
        gone.append("judged")
    if judgement == INADEQUATE and not (values.get("resubmitted") or values.get("resubmitted_on")):
        gone.append("resubmitted")
    return tuple(gone)


def applies(name: str, values: Values) -> bool:
    """Whether a field is asked of a review: resubmission only where it was judged inadequate.

    >>> applies("resubmitted", {"judgement": "good"}), applies("author", {})
    (False, True)
    """
    judgement = values.get("judgement", "")
    if name in _OF_INADEQUATE:
        return judgement == INADEQUATE or bool(values.get(name))
    if name == "judged":
        return judgement not in (NOT_JUDGED, NOT_STATED) or bool(values.get(name))
    return True


_OF_INADEQUATE = ("resubmission_due", "resubmitted", "resubmitted_on")


@dataclass(frozen=True, slots=True)
class Share:
    """How completely a field is recorded: counts that add up to `of`."""

    field: str
    recorded: int
    not_stated: int
    not_recorded: int

    @property
    def of(self) -> int:
        """How many reviews are asked."""
        return self.recorded + self.not_stated + self.not_recorded


def shares(reviews: Sequence[Values]) -> tuple[Share, ...]:
    """How completely each field is recorded by those of whom it is asked, in the fields' order."""
    out = []
    for field in FIELDS:
        held = [one.get(field.name, "") for one in reviews if applies(field.name, one)]
        silent = held.count(NOT_STATED)
        nothing = held.count("")
        out.append(Share(field.name, len(held) - silent - nothing, silent, nothing))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Hole:
    """Numbers that are missing in a board's series. `of` are the reviews that make the series."""

    board: str
    field: str
    numbers: tuple[str, ...]
    of: tuple[str, ...]


def holes(reviews: Mapping[str, Values]) -> tuple[Hole, ...]:
    """What is missing in the series by which boards number their reviews or call their subjects.

    >>> made = {str(n): {"board": "Marl", "subject": f"Child {s}"} for n, s in enumerate("ABD")}
    >>> holes(made)[0].numbers
    ('Child C',)
    """
    series: dict[tuple[str, str, str, str], dict[int, list[str]]] = {}
    written: dict[tuple[str, str, str, str], str] = {}
    for review, values in reviews.items():
        for name in ("reference", "subject"):
            found = _place(values.get(name, ""))
            if found is not None and values.get("board"):
                stem, number, tail = found
                key = (folded(values["board"]), name, stem, tail)
                series.setdefault(key, {}).setdefault(number, []).append(review)
                written[key] = min(written.get(key, values[name]), values[name])
    out = []
    for key, numbers in sorted(series.items()):
        board, name, stem, tail = key
        low, high = min(numbers), max(numbers)
        if len(numbers) < LEAST_OF_SERIES or len(numbers) < FILLED * (high - low + 1):
            continue
        lacks = (_said(stem, n, tail) for n in range(low, high) if n not in numbers)
        gone = tuple(_as_written(label, written[key], len(stem)) for label in lacks)
        if gone:
            reviews_of = sorted(review for found in numbers.values() for review in found)
            out.append(Hole(board, name, gone, tuple(reviews_of)))
    return tuple(out)


_LETTERED = "letter"


def _place(label: str) -> tuple[str, int, str] | None:
    """The series of a label and its place in it; numbers end it, letters stand after a noun."""
    plain = folded(label)
    if found := _LETTER.fullmatch(plain):
        return found["stem"], ord(found["number"]) - 96, _LETTERED
    matches = list(re.finditer(r"\d+", plain))
    if not matches or len(matches[-1].group()) > 4:
        return None
    last = matches[-1]
    if FIRST_YEAR <= int(last.group()) <= LAST_YEAR:  # a year is no number of a series
        return None
    return plain[: last.start()], int(last.group()), plain[last.end() :]


def _said(stem: str, number: int, tail: str) -> str:
    return f"{stem}{chr(96 + number)}" if tail == _LETTERED else f"{stem}{number}{tail}"


def _as_written(label: str, like: str, letters: int) -> str:
    """A label with the capitals that the board gives to another one of the same series.

    >>> _as_written("child c", "Child A", 6), _as_written("scr 04/x", "SCR 03/X", 4)
    ('Child C', 'SCR 04/x')
    """
    if folded(like[:letters]) != folded(label[:letters]):
        return label
    rest = label[letters:]
    return like[:letters] + (rest.upper() if rest.isalpha() and like[-1:].isupper() else rest)


def agreeing(one: Values, other: Values) -> tuple[str, ...] | None:
    """What two reviews of one board have in common; None where something tells them apart.

    >>> agreeing({"board": "Marl", "subject": "Child B"}, {"board": "MARL", "subject": "child b"})
    ('board', 'subject')
    """
    here, there = one.get("board", ""), other.get("board", "")
    if not here or folded(here) != folded(there):
        return None
    shared = ["board"]
    for name in TELLING:
        a, b = one.get(name, ""), other.get(name, "")
        if not a or not b or NOT_STATED in (a, b):
            continue
        if folded(a) != folded(b):
            return None
        shared.append(name)
    kinds = {one.get("kind", ""), other.get("kind", "")} - {"", NOT_STATED}
    return None if len(kinds) > 1 else tuple(shared)


def odd(values: Values, today: str) -> tuple[str, ...]:
    """What cannot be, or should be looked at, in what is recorded of a review: codes.

    >>> odd({"completed": "2009-05-01", "judged": "2009-04-01"}, "2026-01-01")
    ('judged_before_completed',)
    >>> odd({"author": "A. Writer", "chair": "a. writer"}, "2026-01-01")
    ('author_is_chair',)
    """
    out = [f"{name}_in_future" for name in _PAST if _later(values.get(name, ""), today)]
    for first, then in _ORDER:
        if _later(values.get(first, ""), values.get(then, "")):
            out.append(f"{then}_before_{first}")
    author = folded(values.get("author", ""))
    if author not in ("", NOT_STATED) and author == folded(values.get("chair", "")):
        out.append("author_is_chair")
    if values.get("resubmitted") == NO and values.get("resubmitted_on"):
        out.append("resubmitted_no_with_date")
    if values.get("resubmitted") == YES and values.get("judgement") not in (None, "", INADEQUATE):
        out.append("resubmitted_though_not_inadequate")
    return tuple(out)


_PAST = (
    "incident",
    "notified",
    "begun",
    "completed",
    "judged",
    "resubmitted_on",
    "board_published",
)
_ORDER = (
    ("incident", "notified"), ("incident", "begun"), ("incident", "completed"),
    ("begun", "completed"), ("completed", "judged"), ("judged", "resubmitted_on"),
    ("completed", "board_published"),
)  # fmt: skip


def _later(one: str, other: str) -> bool:
    """Whether a date is after another as far as both are told."""
    if not one or not other or NOT_STATED in (one, other):
        return False
    length = min(len(one), len(other))
    return one[:length] > other[:length]


def boards(reviews: Iterable[Values]) -> dict[str, str]:
    """How each board is written, by its folded name: the first way that is met."""
    found: dict[str, str] = {}
    for values in reviews:
        if values.get("board"):
            found.setdefault(folded(values["board"]), values["board"])
    return found
