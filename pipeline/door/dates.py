"""Exact dates made coarse: a day becomes its month and year, and what is coarse already stays."""

from __future__ import annotations

import re

from pipeline.match import is_ordinary
from pipeline.span import Kind

DATE_LABEL = "[date]"
BIRTH_LABEL = "[date of birth]"

MONTHS = (
    "January February March April May June July August September October November December"
).split()
SEASONS = ("winter", "spring", "summer", "autumn")
_SHORT = {name[:3].lower(): name for name in MONTHS} | {"sept": "September"}

_MONTH = (
    r"(?P<{m}>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)(?![a-z])\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r"(?:\s?(?:st|nd|rd|th)(?![a-z]{2})|\s?(?:st|nd|rd|th)(?=[A-Z]))?"
# Two digits are a year unless they are an hour, or the day of a month that follows.
_YEAR = (
    r"(?P<{y}>(?:19|20)\d\d|['’]?\d\d(?!\d|\s?[:.]\d|\s*(?:am|pm|hours)"
    r"|\s?(?:st|nd|rd|th)?\s*(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)))"
)
_WEEKDAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)"
    r"\b\.?,?\s+(?:the\s+)?"
)
_JOIN = r"\s*(?:-|–|—|to|and|until|till|or|/|&|,|\s)+\s*"
_TIME = (
    r"(?:,?\s*(?:at\s+)?\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s*(?:am|pm|hours|hrs|h)?\b"
    r"|,?\s*at\s+\d{1,2}\s*(?:am|pm)\b)?"
)

_FLAGS = re.IGNORECASE


def _of(pattern: str, **groups: str) -> str:
    for key, name in groups.items():
        pattern = pattern.replace("{" + key + "}", name)
    return pattern


_GAP = r"(?:[./-]|[\s,]*(?:of\s+)?)"
_DAYS = rf"(?:{_WEEKDAY})?{_DAY}{_TH}(?:{_JOIN}(?:{_WEEKDAY})?{_DAY}{_TH})*"

# 5 March 2009 · Monday 5th of March, 09 · 5-12 March 2009 · 5, 6 and 7 March
_DAY_FIRST = re.compile(
    rf"(?<!\d){_DAYS}{_GAP}{_of(_MONTH, m='month')}(?:{_GAP}{_of(_YEAR, y='year')})?{_TIME}", _FLAGS
)
# March 5, 2009 · March 5th · Thursday, March 5 2009
_MONTH_FIRST = re.compile(
    rf"(?:{_WEEKDAY})?\b{_of(_MONTH, m='month')}\s+(?:the\s+)?{_DAY}(?!\d){_TH}"
    rf"(?:{_JOIN}{_DAY}(?!\d){_TH})?(?:,?\s+{_of(_YEAR, y='year')})?{_TIME}",
    _FLAGS,
)
# 2009-03-05 (ISO 8601), with or without a time
_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<n>0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?!\d)"
    r"(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?"
)
# 05/03/2009 · 5.3.09 · 05-03-2009, day first as in the UK
_NUMBERS = re.compile(
    rf"(?:{_WEEKDAY})?(?<!\d)(?P<a>\d{{1,2}})\s?[-/.]\s?(?P<b>\d{{1,2}})\s?[-/.]\s?"
    rf"(?P<year>(?:19|20)\d\d|\d\d)(?!\d){_TIME}",
    _FLAGS,
)
_TWO_NUMBERS = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d/.-])")
# Fri 05.02 · Thursday 4/11: a day's name tells two numbers with a point from a clock time
_WEEKDAY_NUMBERS = re.compile(
    rf"{_WEEKDAY}(?P<a>0?[1-9]|[12]\d|3[01])[./](?P<b>0?[1-9]|1[0-2])(?![\d/.]\d|\d)", _FLAGS
)
# the Tuesday before Easter 2017: the feast says the month, the day goes
_BY_FEAST = re.compile(
    r"(?:\bthe\s+)?\b(?:day|night|(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|eve)\s+"
    r"(?:before|after|of|following)\s+(?=(?:Easter|Christmas|Whitsun|Eid|Diwali|Ramadan|Pentecost)\b)",
    _FLAGS,
)
_NAMED_DAYS = (
    (
        re.compile(r"\b(?:Christmas (?:Eve|Day)|Boxing Day|New Year[’']?s Eve)\b", _FLAGS),
        "December",
    ),
    (re.compile(r"\bNew Year[’']?s Day\b", _FLAGS), "January"),
    (re.compile(r"\bValentine[’']?s Day\b", _FLAGS), "February"),
    (re.compile(r"\b(?:Hallowe[’']?en)\b", _FLAGS), "October"),
    (re.compile(r"\b(?:Bonfire Night|Guy Fawkes (?:Night|Day))\b", _FLAGS), "November"),
)
# What may stand in a coarse date: years, school years, decades, lengths of time, clock times.
_COARSE = re.compile(
    r"\b(?:19|20)\d\d(?:\s?[-/–]\s?(?:(?:19|20)\d\d|\d\d))?\d?\b|\b(?:19|20)?\d0[’']?s\b"
    r"|\b(?:0?[1-9]|1[0-2])[/.-](?:19|20)\d\d\b"
    r"|(?<=[a-z.]) ?[’']\d\d\b|(?<=[a-z])[- ]\d\d$"
    r"|\b\d+(?:\.\d+)?(?:\s?(?:-|–|to|and|or)\s?\d+)?[\s-]*(?:years?|months?|weeks?|days?|hours?|minutes?"
    r"|nights?|yrs?|mths?|wks?|hrs?|mins?|terms?|am|pm|a\.m\.|p\.m\.)\b"
    r"|\bQ[1-4]\b|\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?(?:am|pm|hours|hrs))?\b"
    r"|\b(?:[1-9]|1\d|20|21)(?:st|th) century\b",
    _FLAGS,
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d")
_ORDINAL_WORDS = re.compile(
    r"\b(?:(?:twenty|thirty)[\s-]+)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth"
    r"|nineteenth|twentieth|thirtieth)\s+(?:day\s+)?(?:of\s+)?(?=(?:January|February|March|April|May|June"
    r"|July|August|September|October|November|December)\b)",
    _FLAGS,
)


def _year(digits: str | None) -> str:
    """A year in four digits; two digits above 40 are of the last century."""
    if not digits:
        return ""
    digits = digits.lstrip("'’")
    if len(digits) == 4:
        return f" {digits}"
    return f" {19 if int(digits) > 40 else 20}{digits}"


def _named(match: re.Match[str]) -> str:
    return _SHORT[match["month"][:3].lower()] + _year(match["year"])


def _numbered(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if "n" in groups:
        return MONTHS[int(groups["n"]) - 1] + _year(groups["year"])
    day, month = int(groups["a"]), int(groups["b"])
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return DATE_LABEL
    return MONTHS[month - 1] + _year(groups.get("year"))


def _without_days(text: str) -> str:
    text = _ORDINAL_WORDS.sub("1 ", text)
    text = _ISO.sub(_numbered, text)
    text = _NUMBERS.sub(_numbered, text)
    text = _DAY_FIRST.sub(_named, text)
    text = _MONTH_FIRST.sub(_named, text)
    text = _WEEKDAY_NUMBERS.sub(_numbered, text)
    text = _TWO_NUMBERS.sub(_numbered, text)
    text = _BY_FEAST.sub("", text)
    for pattern, month in _NAMED_DAYS:
        text = pattern.sub(month, text)
    return text


# "on the tenth": a day in words, whose month stands elsewhere
_DAY_WORD = re.compile(
    r"(?:(?:twenty|thirty)[ -])?(?:fir|seco|thi|four|fif|six|seven|eigh|nin|ten|eleven|twelf"
    r"|\w{3,6}teen"
    r"|twentie|thirtie)(?:st|nd|rd|th)",
    _FLAGS,
)

_ENDS = re.compile(
    r"\s*(?:-|–|—|\bto\b|\band\b|\buntil\b|\btill\b|\bor\b)\s*(?P<again>\w+(?: (?:19|20)\d\d)?)$"
)
_LEAD = re.compile(
    rf"\b(?:(?P<on>on)\s+(?:the\s+)?|between\s+|(?P<the>the)\s+)(?=(?:{'|'.join(MONTHS)})\b)",
    _FLAGS,
)
_TWO_ENDS = re.compile(r"\b(?:and|to|until|till)\b|[-–—]", _FLAGS)


def _in_month(match: re.Match[str]) -> str:
    if match["the"]:
        return ""
    if not match["on"] and _TWO_ENDS.search(match.string, match.end()):
        return match.group()
    return "In " if match.group()[0].isupper() else "in "


def _readable(text: str) -> str:
    """A range whose ends have become one month says it once; "on March" becomes "in March"."""
    found = _ENDS.search(text)
    if found and text[: found.start()].endswith(found["again"]):
        text = text[: found.start()]
    return _LEAD.sub(_in_month, text)


def starts_with_month(text: str) -> bool:
    """Whether a coarse date starts with a month or is a year: "on" before it must become "in"."""
    first = text.split(" ", 1)[0]
    return first in MONTHS or first in SEASONS or YEAR.fullmatch(first) is not None


def coarse(text: str) -> str:
    """The date with every day made a month; the same text where it is coarse already.

    `[date]` where it pins a day in a way that cannot be made coarse safely.

    >>> [coarse(d) for d in ("5th March 2009", "Mon 05/03/09", "3 June", "summer of 2018")]
    ['March 2009', 'March 2009', 'June', 'summer of 2018']
    >>> coarse("5 March 2009 to 12 April 2009"), coarse("5-12 March 2009")
    ('March 2009 to April 2009', 'March 2009')
    """
    new = _without_days(text)
    if _DAY_WORD.fullmatch(new) or DATE_LABEL in new or re.search(r"\d", _COARSE.sub("", new)):
        return DATE_LABEL
    return text if new == text else _readable(new)


_BARE_NUMBER = re.compile(
    r"(?:up to |about |around |at |in )?\d{1,4}(?:\s*(?:-|–|to|and|or)\s*\d{1,3})?", _FLAGS
)


def is_bare_number(text: str) -> bool:
    """Whether what was taken for a date is a number or two, without a month or an ordinal.

    >>> is_bare_number("60 and 80"), is_bare_number("the 14th"), is_bare_number("3/4")
    (True, False, False)
    """
    return _BARE_NUMBER.fullmatch(text.strip()) is not None


def year_of(text: str) -> str:
    """The year that a date names, or `[date of birth]` where it names none.

    >>> year_of("3 May 1999"), year_of("3 May")
    ('1999', '[date of birth]')
    """
    found = YEAR.search(_without_days(text))
    return found.group() if found else BIRTH_LABEL


_TIME_WORD = re.compile(
    rf"(?:{'|'.join(_SHORT)}|{'|'.join(MONTHS)}|(?:mon|tues|wednes|thurs|fri|satur|sun)?day"
    r"|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun|birthday|dob|weekend|week|fortnight|month|year"
    r"|yr|mth|wk|decade|spring|summer|autumn|winter|night|morning|afternoon|evening|christmas"
    r"|easter|ramadan|eid|today|yesterday|tomorrow)s?",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_LABEL = re.compile(r"\[[^\]]*\]")


def is_no_time(written: str, kind: Kind, by_hand: bool) -> bool:
    """Whether a date or an age, made coarse, says more than a time: then its rule hides nothing.

    >>> [is_no_time(w, Kind.DATE, True) for w in ("Zorbel", "June 2012", "2012, with Zorbel")]
    [True, False, True]
    """
    if kind not in (Kind.DATE, Kind.AGE):
        return False
    plain = _LABEL.sub("\n", written)
    words = [w for w in _LETTERS.findall(plain) if not _TIME_WORD.fullmatch(w)]
    if any((by_hand or w[0].isupper()) and not is_ordinary(w) for w in words):
        return True
    letters = _LETTERS.findall(plain)
    return by_hand and bool(letters) and words == letters and not re.search(r"\d|\[", written)
