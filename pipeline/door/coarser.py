"""Dates coarser than their month: the season, the year, or how far they are from an anchor.

A month and a year can be a fingerprint: whoever has dated papers of a case finds it again by its
months alone (docs/performance.md). A profile may say less. The order of events stays, since the
order of the text does.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pipeline.door.dates import DATE_LABEL, MONTHS, SEASONS, YEAR, coarse
from pipeline.raw import facts_calendar

Grain = Literal["month", "season", "year", "distance"]

_NAMED = re.compile(
    rf"\b(?P<m>{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
    r"(?:,?\s+(?P<y>(?:19|20)\d\d))?(?!\w)"
)
_NUMBERED = re.compile(r"\b(?P<n>0?[1-9]|1[0-2])[/.-](?P<y>(?:19|20)\d\d)\b")
_YEAR = re.compile(rf"{YEAR.pattern}(?!\d)")
# Days up to which a distance is told in weeks, and in months; beyond that in years.
_WEEKS, _IN_MONTHS = 56, 730
_FORTNIGHT = 14


def coarser(text: str, grain: Grain, anchor: date | None = None) -> str:
    """The date at a grain; `[date]` where it cannot be told so.

    >>> [coarser("5 March 2009", grain) for grain in ("month", "season", "year")]
    ['March 2009', 'spring 2009', '2009']
    >>> coarser("December 2013 to 4 May 2014", "season"), coarser("March to May 2014", "year")
    ('winter 2013/14 to spring 2014', '2014')
    >>> coarser("5 March 2009", "distance", date(2009, 6, 5))
    '[3 months before the incident]'
    """
    month = coarse(text)
    if grain == "month" or month == DATE_LABEL:
        return month
    if grain == "season":
        return _once(_NUMBERED.sub(_season, _NAMED.sub(_season, month)))
    if grain == "year":
        return _years(month)
    return _distance(text, month, anchor)


def _season(found: re.Match[str]) -> str:
    """The season of a month; the winter of two years is told by both.

    January and February belong to the winter that began the year before.
    """
    groups = found.groupdict()
    number = int(groups["n"]) if groups.get("n") else _number(groups["m"])
    name, year = SEASONS[number % 12 // 3], groups.get("y")
    if not year:
        return name
    if name != "winter":
        return f"{name} {year}"
    first = int(year) - (number < 3)
    return f"winter {first}/{(first + 1) % 100:02d}"


def _number(name: str) -> int:
    return next(n for n, full in enumerate(MONTHS, 1) if full.startswith(name[:3]))


def _once(text: str) -> str:
    """A range whose ends have become one season says it once."""
    found = re.fullmatch(r"(?P<a>.+?)\s*(?:-|–|to|and|until|till)\s*(?P<b>.+)", text)
    return found["b"] if found and found["b"].startswith(found["a"]) else text


def _years(month: str) -> str:
    years = list(dict.fromkeys(_YEAR.findall(month)))
    if not years:
        return DATE_LABEL
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"


def _distance(text: str, month: str, anchor: date | None) -> str:
    """How far a date is from the anchor; without an anchor, or a year, `[date]`."""
    told = facts_calendar.read(text) or facts_calendar.read(month)
    if anchor is None:
        return DATE_LABEL
    if told is None or told.first is None or told.last is None:
        years = _YEAR.findall(month)
        return _apart(int(years[0]) - anchor.year, "year") if len(set(years)) == 1 else DATE_LABEL
    days = ((told.first - anchor).days + (told.last - anchor).days) // 2
    if abs(days) <= _FORTNIGHT:
        return "[within two weeks of the incident]"
    if abs(days) <= _WEEKS:
        return _apart(_rounded(days, 7), "week")
    if abs(days) <= _IN_MONTHS:
        return _apart(_rounded(days, 30.44), "month")
    return _apart(_rounded(days, 365.25), "year")


def _rounded(days: int, unit: float) -> int:
    return round(abs(days) / unit) * (1 if days > 0 else -1)


def _apart(number: int, unit: str) -> str:
    if number == 0:
        return f"[the {unit} of the incident]"
    many = unit if abs(number) == 1 else f"{unit}s"
    return f"[{abs(number)} {many} {'after' if number > 0 else 'before'} the incident]"
