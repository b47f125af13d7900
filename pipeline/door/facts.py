"""What a report says of itself, as far as it may cross the door: coarse, or "not stated"."""

from __future__ import annotations

import re

from pipeline.door import ages
from pipeline.raw.document import Document, Settlement
from pipeline.safe.lesson import NOT_STATED, SafeFacts
from pipeline.span import Kind

_OPENING = 6000
_COVER = 1500

# The first that the opening names; the more particular stand before the more general.
_KINDS = (
    (
        "child safeguarding practice review",
        r"child(?:ren)?(?: safeguarding)? practice review|\bl?cspr\b",
    ),
    ("serious case review", r"serious case review|\bpart 8 review|\bchapter 8 review|\bscr\b"),
    ("safeguarding adults review", r"safeguarding adults? review|\bsar\b"),
    ("domestic homicide review", r"domestic (?:homicide|abuse related death) review|\bdhr\b"),
    ("significant case review", r"significant case review"),
    ("adult practice review", r"adult practice review"),
    ("case management review", r"case management review"),
    ("mental health homicide review", r"mental health homicide review"),
    ("rapid review", r"rapid review"),
    ("learning review", r"learning review"),
    ("report to prevent future deaths", r"prevent(?:ion of)? future deaths|regulation 28"),
)
_YEAR = re.compile(r"(?<![\d/.-])(?:19[89]\d|20\d\d)(?!\d)")
_PUBLISHED = re.compile(
    r"(?:published|publication|report date|date of (?:this )?report)[^\n]{0,40}?((?:19|20)\d\d)",
    re.I,
)


def _kind(opening: str) -> str:
    places = []
    for order, (name, pattern) in enumerate(_KINDS):
        found = re.search(pattern, opening, re.IGNORECASE)
        if found:
            places.append((found.start(), order, name))
    return min(places)[2] if places else NOT_STATED


def _year(opening: str) -> str:
    said = _PUBLISHED.search(opening)
    if said:
        return said.group(1)
    years = _YEAR.findall(opening[:_COVER])
    return max(years) if years else NOT_STATED


def stated(document: Document, settled: Settlement) -> SafeFacts:
    """The kind of review, its year and the age band of its subject, from the report's opening."""
    opening = document.text[:_OPENING]
    band = NOT_STATED
    for finding in settled.findings:
        if finding.kind is Kind.AGE and finding.span.start < _OPENING:
            band = ages.band(finding.span.of(document.text)) or NOT_STATED
            if band != NOT_STATED:
                break
    return SafeFacts(kind=_kind(opening), year=_year(opening), age_band=band)
