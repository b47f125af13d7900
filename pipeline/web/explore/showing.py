"""What codes, shares and places are called on the pages for researchers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.safe.lesson import NOT_STATED, Lesson, Role
from pipeline.safe.trends_share import Share
from pipeline.web.wording import words

ROLES = {
    Role.CONTEXT: "Context",
    Role.CHRONOLOGY: "Chronology",
    Role.ANALYSIS: "Analysis",
    Role.LEARNING: "Learning",
    Role.RECOMMENDATION: "Recommendation",
    Role.GOOD_PRACTICE: "Good practice",
    Role.ACTION: "Action",
    Role.QUOTE: "Quotation",
    Role.TABLE: "Table",
    Role.FURNITURE: "Furniture",
    Role.OTHER: "Other",
}
STANCES = {
    "for": "For",
    "against": "Against",
    "both": "For and against",
    "none": "Takes no side",
}
GROUPS = {
    "child": "The harm and the child",
    "family": "Adults and home",
    "practice": "Direct work",
    "process": "The review itself",
    "system": "Agencies and organisation",
}
FACTS = {
    "year": "Year",
    "kind": "Kind of review",
    "harm": "Harm",
    "judgement": "Judgement",
    "age_band": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "known_to_services": "Known to services",
    "child_protection_plan": "Child protection plan",
    "family_involvement": "Family took part",
    "independent_author": "Independent author",
    "incident_to_completion": "From incident to completion",
    "completion_to_publication": "From completion to publication",
    "period_length": "Period reviewed",
}


def stated(value: str) -> str:
    """What a review says of itself, in words.

    >>> stated("not stated"), stated("serious_case_review"), stated("2011")
    ('Not stated', 'Serious case review', '2011')
    """
    return words(value) or words(NOT_STATED)


def percent(share: Share) -> str:
    """A share in words.

    >>> percent(Share(3, 12)), percent(Share(0, 0))
    ('25 %', 'no reviews')
    """
    return "no reviews" if share.share is None else f"{round(share.share * 100)} %"


def between(share: Share) -> str:
    """The interval of a share in words.

    >>> between(Share(3, 12)), between(Share(0, 0))
    ('9 to 53 %', '')
    """
    if share.interval is None:
        return ""
    low, high = share.interval
    return f"{round(low * 100)} to {round(high * 100)} %"


def heat(part: int, of: int) -> int:
    """How dark a cell is, from 0 (nothing) to 5.

    >>> [heat(part, 10) for part in (0, 1, 3, 5, 8, 10)], heat(0, 0)
    ([0, 1, 2, 3, 5, 5], 0)
    """
    return 0 if not of or not part else min(5, 1 + int(part / of * 5))


def span(lesson: Lesson) -> str:
    """The years of a lesson in words, counted over reviews that state theirs."""
    if NOT_STATED in (lesson.first, lesson.last):
        return "in no stated year"
    return (
        f"in {lesson.first}" if lesson.first == lesson.last else f"{lesson.first} to {lesson.last}"
    )


def stability(lesson: Lesson) -> str:
    """How firmly the passages of a lesson belong together, in words."""
    if len(lesson.passages) == 1:
        return "One passage only: there is nothing yet that it could hold together with."
    said = "Loose: check by reading whether all passages say the same."
    if lesson.stability >= 0.9:
        said = "Firm: the same passages come together again."
    elif lesson.stability >= 0.6:
        said = "Fairly firm: most of the passages come together again."
    return f"{said} ({round(lesson.stability * 100)} % of pairs, when a tenth is left out.)"


def found(quote: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """A quotation in stretches, with whether each is one of the words that were looked for.

    >>> found("They assessed it.", ("assess*",))
    [('They ', False), ('assessed', True), (' it.', False)]
    """
    if not words:
        return [(quote, False)]
    forms = "|".join(re.escape(word).replace(r"\*", r"[^\W_]*") for word in words)
    parts = re.split(rf"(?<![^\W_])({forms})(?![^\W_])", quote, flags=re.IGNORECASE)
    return [(part, at % 2 == 1) for at, part in enumerate(parts) if part]
