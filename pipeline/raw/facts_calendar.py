"""Dates as they are written, read as days, and the time between them."""

from __future__ import annotations

import calendar
from datetime import date
from typing import NamedTuple

import regex

_NAMES = (
    "january february march april may june july august september october november december"
).split()
_MONTH = (
    r"(?:Jan(?:uary|\b\.?)|Feb(?:ruary|\b\.?)|Mar(?:ch|\b\.?)|Apr(?:il|\b\.?)|May|June?\b\.?"
    r"|July?\b\.?|Aug(?:ust|\b\.?)|Sept?(?:ember|\b\.?)|Oct(?:ober|\b\.?)|Nov(?:ember|\b\.?)"
    r"|Dec(?:ember|\b\.?))"
)
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?[ ](?:the[ ])?)?"
_YEAR = r"(?:19|20)\d\d(?!\d\d)"
# A date with or without its year, or a month with its year; in text with single spaces.
DATE = (
    rf"(?:{_WEEKDAY}\d{{1,2}}[ ]?(?:st|nd|rd|th)?[ ](?:(?:day[ ])?of[ ])?{_MONTH}(?:,?[ ]{_YEAR})?"
    rf"|{_WEEKDAY}{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]{_YEAR}"
    rf"|\d{{1,2}}[ ]?/[ ]?\d{{1,2}}[ ]?/[ ]?(?:{_YEAR}|\d\d(?!\d))"
    rf"|\d{{1,2}}[.-]\d{{1,2}}[.-](?:{_YEAR}|\d\d(?!\d))"
    rf"|{_YEAR}-\d\d-\d\d|{_MONTH},?[ ]{_YEAR})"
)
_WORDS = regex.compile(
    rf"(?:(?P<d>\d{{1,2}})\D{{0,8}}?)?(?P<m>{_MONTH})(?:\D{{0,2}}(?P<d2>\d{{1,2}})(?!\d))?"
    rf"(?:\D{{0,6}}(?P<y>{_YEAR}))?",
    regex.IGNORECASE,
)
_NUMBERS = regex.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d\d)(?!\d)")
_ISO = regex.compile(rf"({_YEAR})[-/.](\d\d)[-/.](\d\d)")


class Written(NamedTuple):
    """What a written date says: any of day, month and year may be left out (0)."""

    day: int
    month: int
    year: int

    @property
    def first(self) -> date | None:
        """The first day that it may mean; None without a month and a year."""
        return date(self.year, self.month, self.day or 1) if self.year and self.month else None

    @property
    def last(self) -> date | None:
        """The last day that it may mean."""
        if not (self.year and self.month):
            return None
        end = calendar.monthrange(self.year, self.month)[1]
        return date(self.year, self.month, self.day or end)

    def agrees(self, other: Written) -> bool:
        """Whether both may mean the same day."""
        return all(a == b or not a or not b for a, b in zip(self, other, strict=True))


def read(text: str) -> Written | None:
    """The date that a text consists of, the day before the month as in the UK.

    >>> read("Monday 3rd of May 2010"), read("Sept 2012")
    (Written(day=3, month=5, year=2010), Written(day=0, month=9, year=2012))
    >>> read("3/5/10"), read("2010-05-03"), read("3 May"), read("31 February 2010")
    (Written(day=3, month=5, year=2010), Written(day=3, month=5, year=2010), Written(day=3, \
month=5, year=0), None)
    """
    if iso := _ISO.search(text):
        return _possible(int(iso[3]), int(iso[2]), int(iso[1]))
    if numbers := _NUMBERS.search(text):
        day, month = int(numbers[1]), int(numbers[2])
        if month > 12:
            day, month = month, day
        return _possible(day, month, _year(numbers[3]))
    words = _WORDS.search(text)
    if words is None:
        return None
    month = next(n for n, name in enumerate(_NAMES, 1) if name.startswith(words["m"][:3].lower()))
    return _possible(int(words["d"] or words["d2"] or 0), month, _year(words["y"] or ""))


def _year(digits: str) -> int:
    """A year of two digits above 40 is of the last century."""
    if len(digits) == 2:
        return (1900 if int(digits) > 40 else 2000) + int(digits)
    return int(digits or 0)


def _possible(day: int, month: int, year: int) -> Written | None:
    if not 1 <= month <= 12 or (day and day > calendar.monthrange(year or 2000, month)[1]):
        return None
    return Written(day, month, year)


def whole_months(start: date, end: date) -> int:
    """Whole months from a day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def months_between(start: str, end: str) -> str:
    """The whole months between two written dates; "" where a date is coarse or they are not so.

    >>> months_between("3 May 2010", "2 July 2011"), months_between("May 2010", "2 July 2011")
    ('13 months', '13 to 14 months')
    >>> months_between("3 May", "2 July 2011"), months_between("3 May 2012", "2 July 2011")
    ('', '')
    """
    a, b = read(start), read(end)
    if a is None or b is None:
        return ""
    first, last, from_, to = a.first, a.last, b.first, b.last
    if first is None or last is None or from_ is None or to is None or to < first:
        return ""
    low, high = max(0, whole_months(last, from_)), whole_months(first, to)
    if low == high:
        return f"{low} month" if low == 1 else f"{low} months"
    return f"{low} to {high} months"


def age(born: str, at: str) -> str:
    """The age of a person on a day, counted from two exact dates; "" where one is not exact.

    >>> age("3 May 2010", "2 May 2014"), age("3 May 2010", "2 July 2011")
    ('3 years', '13 months')
    >>> age("3 May 2010", "20 May 2010"), age("May 2010", "2 July 2011")
    ('17 days', '')
    """
    a, b = read(born), read(at)
    if a is None or b is None or not (a.day and b.day):
        return ""
    start, end = a.first, b.first
    if start is None or end is None or not start <= end or whole_months(start, end) > 120 * 12:
        return ""
    months = whole_months(start, end)
    if months < 1:
        return _counted((end - start).days, "day")
    return _counted(months, "month") if months < 24 else _counted(months // 12, "year")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
