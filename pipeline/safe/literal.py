"""What must stand in a text for a pattern to match it: a test that costs a fiftieth of a search.

Of a pattern's parts, those that cannot be left out; of these, the longest run of letters that it
spells out, or for alternatives one run each. A text that has none of them has no match.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # the parser of `re` has no other name
from typing import Any

LEAST = 3  # letters of a run that is worth looking for
Runs = frozenset[str]


@lru_cache(maxsize=4096)
def needed(pattern: str) -> Runs:
    r"""Runs of which one must stand in a folded text that the pattern matches, whatever the case.

    Empty where the pattern spells nothing out: then it may match any text.

    >>> sorted(needed(r"\bignor\w+ (?:her|his) (?:pleas|requests?) for"))
    ['ignor']
    >>> sorted(needed(r"(?:mother|father)s? (?:was|were)"))
    ['father', 'mother']
    >>> needed(r"\w+ed\b|neglect")
    frozenset()
    """
    try:
        return _best(_parser.parse(pattern)) or frozenset()
    except RecursionError:
        return frozenset()


def may_match(runs: Runs, folded: str) -> bool:
    """Whether a folded text has one of the runs; true where there are none to look for."""
    for run in runs:  # asked 60,000 times a review: `any` would take twice as long
        if run in folded:
            return True
    return not runs


def folded(text: str) -> str:
    """A text as runs are looked for in it."""
    return text.casefold()


def _best(parsed: Sequence[tuple[Any, Any]]) -> Runs | None:
    """The best choice of runs for a sequence of parts; None where no part gives any."""
    choices: list[Runs] = []
    run = ""
    for kind, value in parsed:
        name = str(kind)
        if name == "LITERAL" and not chr(value).isspace():
            run += chr(value)
            continue
        choices += _long(run)
        run = ""
        choices += _inside(name, value)
    choices += _long(run)
    return max(choices, key=lambda runs: (min(map(len, runs)), -len(runs)), default=None)


def _long(run: str) -> list[Runs]:
    """A run as a choice of its own, in the letters of a folded text."""
    return [frozenset((folded(run),))] if len(run) >= LEAST else []


def _inside(name: str, value: Any) -> list[Runs]:  # noqa: ANN401 - as `re` gives it
    """The choices that a part has within it, if it cannot be left out."""
    if name == "SUBPATTERN":
        inner = _best(value[-1])
        return [] if inner is None else [inner]
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] >= 1:
        inner = _best(value[2])
        return [] if inner is None else [inner]
    if name == "BRANCH":
        each = [_best(branch) for branch in value[1]]
        whole = [one for one in each if one is not None]
        return [frozenset().union(*whole)] if len(whole) == len(each) else []
    return []
