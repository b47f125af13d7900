"""The small words before a change that no longer fit: they go with it, so that it can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.door import dates
from pipeline.door.plan import Replacement
from pipeline.span import Kind, Span

_TITLE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lady|Lord|Rev|Revd|Reverend|Cllr"
    r"|Councillor|Sister|Father|Fr|Imam|Rabbi)\b\.?(?: (?:and|&) )?)+[  ]$"
)
_TITLES_KEPT = re.compile(r"\b(?:Sister|Father)\b")
_ON = re.compile(r"\b([Oo])n (?:the )?$")
# "around the 5th March" loses its article, "before the 5 March meeting" keeps it.
_THE = re.compile(
    r"\b(?:around|about|until|till|by|since|from|of|before|after|to|between|for|and) the $"
)
_NOUN = re.compile(
    r"[\s-]+(?!(?:and|to|when|where|that|he|she|they|it|the|a|an|was|were|is|had|has|at|by|in|on|for"
    r"|with|but|or|as|until|which|who|after|before|because|his|her|their|this|we|i)\b)[a-z]"
)
_WEEKDAY = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tues?|Weds?|Thurs?|Fri|Sat|Sun)\b"
    r"\.?,? (?:the )?$"
)
_PART_OF_DAY = re.compile(r"\b(?:morning|afternoon|evening|night|hours|day) of (?:the )?$")


def eased(text: str, changes: Sequence[Replacement]) -> list[Replacement]:
    """The changes with the small words before them that no longer fit.

    A title goes with its name, a weekday with its date, and "on" before a month becomes "in".
    """
    out: list[Replacement] = []
    for change in changes:
        floor = out[-1].span.end if out else 0
        out.append(_ease(text, change, floor))
    return out


def _ease(text: str, change: Replacement, floor: int) -> Replacement:
    before = text[max(floor, change.span.start - 40) : change.span.start]
    if change.kind is Kind.PERSON:
        return _from(change, _title(before, change.label), change.label)
    if change.kind is Kind.AGE and before.endswith("between ") and " and " not in change.label:
        return _from(change, len("between "), change.label)
    if change.kind is Kind.DATE and dates.starts_with_month(change.label):
        weekday = _WEEKDAY.search(before)
        back = weekday.end() - weekday.start() if weekday else 0
        on = _ON.search(before[: len(before) - back])
        if on:
            start = "In" if on[1] == "O" else "in"
            return _from(change, back + on.end() - on.start(), f"{start} {change.label}")
        if _PART_OF_DAY.search(before) and not change.label[0].isdigit():
            the = len("the ") if before.endswith("the ") else 0
            return _from(change, the, f"a day in {change.label}")
        after = text[change.span.end : change.span.end + 20]
        if not back and _THE.search(before) and not _NOUN.match(after):
            back = len("the ")
        return _from(change, back, change.label)
    return change


def _title(before: str, label: str) -> int:
    """How much before a name goes with it: "Mrs", or the very role that its label says."""
    title = _TITLE.search(before)
    if title and not _TITLES_KEPT.search(title.group()):
        return title.end() - title.start()
    role = label.strip("[]").rstrip(" 0123456789")
    if before[-len(role) - 1 : -1].lower() == role.lower() and before.endswith(" "):
        whole = len(before) == len(role) + 1 or not before[-len(role) - 2].isalnum()
        return len(role) + 1 if whole else 0
    return 0


def _from(change: Replacement, back: int, label: str) -> Replacement:
    span = Span(change.span.start - back, change.span.end)
    return replace(change, span=span, label=label)
