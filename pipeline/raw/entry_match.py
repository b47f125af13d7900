"""What a sheet of the register would do: which of its rows are known, and what they change.

A row with an id is that review. One without is the review that has all of it already, or the
one that nothing contradicts and that shares what tells reviews apart; else it is a new one.
Nothing is guessed between several: such a row is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.raw.facts_nouns import NOT_STATED
from pipeline.raw.sheet import Given

ADDED, CHANGED, LEFT, REFUSED = "added", "changed", "left", "refused"
# What tells two reviews of one board apart.
TELLING = ("reference", "subject", "incident", "notified", "judged", "completed")
NO_SUCH_REVIEW = "no review has this id: leave the cell empty for a new one"
TWICE = "another row of the file is the same review"
NO_BOARD = "a new entry needs its board"
SEVERAL = "several reviews of the register fit: write the id of the right one"
WITHDRAWN = "the review was withdrawn: its entry is not changed any more"

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one row. `id` is the review's, "" of a new one; `changes` are its fields."""

    line: int
    what: str
    id: str = ""
    changes: tuple[tuple[str, str], ...] = ()
    why: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that change, or that are refused."""
        return tuple(name for name, _ in (self.changes or self.why) if name)


def plan(
    given: Sequence[Given], known: Mapping[str, Values], closed: frozenset[str] = frozenset()
) -> tuple[Planned, ...]:
    """What each row would do to the reviews that are known, by their ids; `closed` ones stay."""
    by_board: dict[str, list[str]] = {}
    for review, values in known.items():
        by_board.setdefault(folded(values.get("board", "")), []).append(review)
    taken = {row.ids[0] for row in given if row.ids and row.ids[0] in known}
    seen: set[str] = set()
    made = []
    for row in given:
        one = _planned(row, known, by_board, taken, closed)
        if one.id and row.ids[0] and one.id in seen:
            one = Planned(row.line, REFUSED, one.id, why=(("", TWICE),))
        seen.add(one.id)
        taken.add(one.id)
        made.append(one)
    return tuple(made)


def folded(name: str) -> str:
    """A name as names of boards and subjects are compared.

    >>> folded("Barking & Dagenham  LSCB"), folded("barking and dagenham lscb")
    ('barking and dagenham lscb', 'barking and dagenham lscb')
    """
    return " ".join(name.casefold().replace("&", " and ").replace("’", "'").split())


def _planned(
    row: Given,
    known: Mapping[str, Values],
    by_board: Mapping[str, Sequence[str]],
    taken: set[str],
    closed: frozenset[str],
) -> Planned:
    values = dict(row.values)
    if row.refused:
        return Planned(row.line, REFUSED, why=row.refused)
    named = row.ids[0] if row.ids else ""
    if named:
        if named not in known:
            return Planned(row.line, REFUSED, why=(("review", NO_SUCH_REVIEW),))
        return _change(row.line, named, values, known[named], closed)
    if not values.get("board"):
        return Planned(row.line, REFUSED, why=(("board", NO_BOARD),))
    beside = [r for r in by_board.get(folded(values["board"]), ()) if r not in taken]
    same = [r for r in beside if all(known[r].get(k, "") == v for k, v in values.items())]
    if same:
        return Planned(row.line, LEFT, same[0])
    fits = [(_shared(values, known[review]), review) for review in beside]
    best = max((score for score, _ in fits), default=0)
    likely = [review for score, review in fits if score == best] if best > 0 else []
    if len(likely) > 1:
        return Planned(row.line, REFUSED, why=(("review", SEVERAL),))
    if likely:
        values.pop("board")  # the same name, at most written another way
        return _change(row.line, likely[0], values, known[likely[0]], closed)
    changes = tuple(sorted((k, v) for k, v in values.items() if v))
    return Planned(row.line, ADDED, "", changes)


def _change(line: int, review: str, values: Values, now: Values, closed: frozenset[str]) -> Planned:
    changes = tuple(sorted((k, v) for k, v in values.items() if now.get(k, "") != v))
    if changes and review in closed:
        return Planned(line, REFUSED, review, why=(("review", WITHDRAWN),))
    return Planned(line, CHANGED if changes else LEFT, review, changes)


def _shared(one: Values, other: Values) -> int:
    """How much of what tells reviews apart two have in common; -1 where they differ in it."""
    shared = 0
    for name in TELLING:
        here, there = one.get(name, ""), other.get(name, "")
        if not here or not there or NOT_STATED in (here, there):
            continue
        if folded(here) != folded(there):
            return -1
        shared += 1
    return shared
