"""By when a recommendation asks for something: its own date, and no standard that it sets."""

from __future__ import annotations

import re

_COUNT = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|"
    r"eighteen|twenty|thirty)"
)
_DUE = re.compile(
    r"\b(?:(?:with)?in|by|before|no later than|not later than|until|"
    r"after)\s+(?:the\s+)?(?:end of\s+)?"
    rf"(?:the next\s+|at most\s+)?(?:{_COUNT}\s+(?P<kind>working\s+|school\s+|calendar\s+)?"
    r"(?P<unit>hours|days|weeks|months|years|hour|day|week|month|year)(?:\s+of\s+"
    r"(?P<event>[^.,;]{3,40}))?|"
    r"(?:\d{1,2}\s+)?(?:January|February|March|"
    r"April|May|June|July|August|September|October|November|December)(?:\s+(?:19|20)\d\d)?|"
    r"(?:from\s+)?(?:19|20)\d\d(?:/\d\d)?|"
    r"the (?:year|month|financial year))\b|\bin the coming (?:weeks|months|year)\b|\bimmediately\b|"
    r"\bas soon as (?:is )?(?:possible|practicable)\b", re.I)  # fmt: skip
# What a deadline may count from; any other event makes it a rule for each case.
_FROM = re.compile(
    r"^(?:(?:the )?(?:date|publication|receipt|acceptance|approval|completion|start)\b|"
    r"(?:this|its|the) (?:report|review|publication|recommendation|plan|overview))",
    re.I,
)
_DEMAND = re.compile(
    r"\b(?:should|must|shall|will|needs? to|ought to|is to|are to|recommend\w*|to)\b", re.I
)
_OPENS = re.compile(r"^\W*$")
_AHEAD = re.compile(r"^[\s,]+(?=[A-Z\[]|the\b|all\b|each\b|every\b)")


def deadline(text: str) -> str | None:
    """The words that say by when, None where there are none.

    A span of days for each case ("within five days of any move") is a rule that is asked for, and
    a year before the demand tells what was.

    >>> deadline("The Board should report within six months of this review.")
    'within six months of this review'
    >>> deadline("The Trust should write within five working days of each visit.") is None
    True
    """
    demand = _DEMAND.search(text)
    for found in _DUE.finditer(text):
        early = demand is not None and found.start() < demand.start()
        if not _rule(found) and (not early or _OPENS.match(text[: found.start()])):
            return found[0]
    return None


def _rule(found: re.Match[str]) -> bool:
    """Whether a span of time is a standard for every case."""
    if found["unit"] is None:
        return False
    if found["event"] is not None:
        return not _FROM.match(found["event"])
    short = found["unit"].lower().startswith(("hour", "day"))
    return short and (found["kind"] or "").strip().lower() in ("working", "school")


def undated(demand: str) -> str:
    """A demand without the date that it opens with, so that whom it names comes first.

    >>> undated("By the end of March the Board should meet.")
    'the Board should meet.'
    """
    found = _DUE.match(demand)
    rest = demand[found.end() :] if found else ""
    opening = _AHEAD.match(rest)
    return rest[opening.end() :] if opening else demand
