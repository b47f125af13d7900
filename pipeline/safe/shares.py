"""How much of a report tells what happened, how much asks what it means, and how much says why.

Everything is counted in words of passages, as "n of N words", with the places that were counted:
whoever doubts a figure can read them and count again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.sentence import sentences
from pipeline.span import Span

ASKS = (Role.ANALYSIS, Role.LEARNING, Role.GOOD_PRACTICE)
"""The roles in which a report says what it makes of what happened."""
_OUTSIDE = frozenset({Role.FURNITURE})
_BAD = (
    "The list of causes cannot be read. Nothing was counted. Compare it with the one that ships "
    "with Candour (configs/lists/causes.toml)."
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A stretch of a safe text that a figure counts, and the passage that it stands in."""

    passage: str
    span: Span


@dataclass(frozen=True, slots=True)
class Share:
    """One figure of one review: `words` of `of` words, and the places that make them up."""

    review: str
    measure: str
    words: int
    of: int
    places: tuple[Counted, ...]
    draft: bool

    @property
    def share(self) -> float | None:
        """The figure as a share, to three places; None where there is nothing to share."""
        return round(self.words / self.of, 3) if self.of else None


def shares(passages: Iterable[Passage]) -> tuple[Share, ...]:
    """The figures of each review, reviews in the order of their ids.

    A row a role, of all words; then "analysis" against "chronology" (analysis, learning and good
    practice, of those and the chronology); then, in analysis, learning and good practice, the
    sentences that say why, of those that say why or what.
    """
    ordered = sorted(passages, key=lambda p: (p.review, p.span.start, p.id))
    return tuple(
        share
        for review, group in groupby(ordered, key=lambda p: p.review)
        for share in _of_one(review, tuple(group))
    )


def _of_one(review: str, passages: Sequence[Passage]) -> tuple[Share, ...]:
    inside = [p for p in passages if p.role not in _OUTSIDE]
    draft = any(p.draft for p in passages)

    def made(measure: str, counted: Sequence[tuple[Counted, int]], of: int) -> Share:
        places = tuple(place for place, _ in counted)
        return Share(review, measure, sum(n for _, n in counted), of, places, draft)

    every = sum(_length(p.text) for p in inside)
    by_role = {
        role: [(Counted(p.id, p.span), _length(p.text)) for p in inside if p.role is role]
        for role in Role
        if role not in _OUTSIDE
    }
    asks = [row for role in ASKS for row in by_role[role]]
    told = sum(n for _, n in (*asks, *by_role[Role.CHRONOLOGY]))
    why, what = _causes([p for p in inside if p.role in ASKS])
    causes = sum(n for _, n in (*why, *what))
    return (
        *(made(role.value, counted, every) for role, counted in by_role.items()),
        made("analysis against chronology", sorted(asks, key=_start), told),
        made("why against what", why, causes),
    )


def _start(row: tuple[Counted, int]) -> int:
    return row[0].span.start


def _causes(
    passages: Sequence[Passage],
) -> tuple[list[tuple[Counted, int]], list[tuple[Counted, int]]]:
    why: list[tuple[Counted, int]] = []
    what: list[tuple[Counted, int]] = []
    for passage in passages:
        for span in sentences(passage.text):
            words = span.of(passage.text)
            row = (Counted(passage.id, span.shift(passage.span.start)), _length(words))
            if says_why(words):
                why.append(row)
            elif says_what(words):
                what.append(row)
    return why, what


def says_why(sentence: str) -> bool:
    """Whether a sentence gives a cause.

    >>> says_why("The call was closed because nobody knew the rule.")
    True
    >>> says_why("It is not clear why the call was closed.")
    False
    """
    found = _patterns()
    return bool(found[0].search(sentence)) and not found[1].search(sentence)


def says_what(sentence: str) -> bool:
    """Whether a sentence says what was done or not done.

    >>> says_what("The nurse did not see the child."), says_what("Homes need heat.")
    (True, False)
    """
    return bool(_patterns()[2].search(sentence))


def _length(text: str) -> int:
    return len(text.split())


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    try:
        rows = tomllib.loads(shipped("configs/lists/causes.toml").read_text(encoding="utf-8"))
        why, not_why, what = (
            re.compile("|".join(f"(?:{one})" for one in rows[key]), re.I)
            for key in ("why", "not_why", "what")
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise UsageError(_BAD) from error
    return why, not_why, what
