"""What may be written of a review or of an action: fields, closed words, days, lines of text.

A value is a short text. `NOT_STATED` says that somebody looked and the report does not say;
nothing at all says that nobody has recorded it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.raw import facts_calendar
from pipeline.raw.facts_nouns import NOT_STATED

NOT_RECORDED = "not recorded"  # what a cell says to take a value away
LONGEST, LONGEST_NOTE = 300, 4000
FIRST_YEAR, LAST_YEAR = 1945, 2100
NO_DAY = (
    "not a date like 2026-03-31, 31/03/2026 or 31 March 2026; a month (2026-03) or a year (2026) "
    "will do"
)
AMERICAN = "a date whose month is above 12: days come before months here"
SERIAL = "a number where a date belongs: give the column the format of a date in the spreadsheet"
FAR_YEAR = "a year before 1945 or after 2100"
NO_WORD = "not one of the words that this column may hold"
TOO_LONG = "longer than a cell may be: 300 characters, a note 4,000"
CONTROL = "holds characters that cannot be kept"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?(?:[T ][\d:.]+Z?)?")
_UK = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d\d)(?: [\d:]+)?")
_MONTH = re.compile(r"(\d{1,2})[/.](\d{4})")
_DATE = re.compile(rf"(?:{facts_calendar.DATE})", re.IGNORECASE)


class Sort(StrEnum):
    """What a field holds."""

    LINE = "line"
    NOTE = "note"
    DAY = "day"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `words` are the closed list of a WORD, `also` other headings of its column.

    `short` are other ways to write a word. What is `wanted` is missed where it is not recorded.
    """

    name: str
    sort: Sort = Sort.LINE
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    short: tuple[tuple[str, str], ...] = ()
    wanted: bool = False


class ValueRefusedError(ValueError):
    """A value that a field does not take. `why` is constant text."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def value(field: Field, written: str) -> str:
    r"""What a field keeps of what somebody wrote; ValueRefusedError where it takes none of it.

    "Not recorded" takes away what is there: nothing is kept.

    >>> value(Field("judged", Sort.DAY), "3 Mar 2009"), value(Field("board"), "  Marl\n Board ")
    ('2009-03-03', 'Marl Board')
    >>> value(Field("judgement", Sort.WORD, ("good", "not judged")), "Not_Judged")
    'not judged'
    """
    if _CONTROL.search(written):
        raise ValueRefusedError(CONTROL)
    if " ".join(written.split()).casefold() in ("", NOT_RECORDED):
        return ""
    if field.sort is Sort.NOTE:
        return _fits("\n".join(" ".join(line.split()) for line in written.splitlines()).strip())
    line = " ".join(written.split())
    folded = line.casefold().replace("_", " ")
    if folded == NOT_STATED:
        return NOT_STATED
    if field.sort is Sort.DAY:
        return day(line)
    if field.sort is Sort.WORD:
        return _word(field, folded)
    return _fits(line, LONGEST)


def _fits(text: str, most: int = LONGEST_NOTE) -> str:
    if len(text) > most:
        raise ValueRefusedError(TOO_LONG)
    return text


def _word(field: Field, folded: str) -> str:
    plain = re.sub(r"[-–]", " ", folded).rstrip(".")
    for word in field.words:
        if plain == word:
            return word
    for written, word in field.short:
        if plain == written:
            return word
    raise ValueRefusedError(f"{NO_WORD}: {', '.join(field.words)}")


def day(line: str) -> str:
    """A day, a month or a year as ISO writes it; ValueRefusedError for anything else.

    >>> day("31/3/09"), day("March 2009"), day("03/2009"), day("2009")
    ('2009-03-31', '2009-03', '2009-03', '2009')
    """
    if found := _ISO.fullmatch(line):
        return _day(found[3], found[2], found[1])
    if found := _UK.fullmatch(line):
        if int(found[2]) > 12 >= int(found[1]):
            raise ValueRefusedError(AMERICAN)
        return _day(found[1], found[2], _century(found[3]))
    if found := _MONTH.fullmatch(line):
        return _day(None, found[1], found[2])
    if re.fullmatch(r"\d{4}", line):
        return _near(line)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", line):
        raise ValueRefusedError(SERIAL)
    read = facts_calendar.read(line) if _DATE.fullmatch(line) else None
    if read is None or not read.year:
        raise ValueRefusedError(NO_DAY)
    return _day(str(read.day) if read.day else None, str(read.month), str(read.year))


def _century(digits: str) -> str:
    """A year of two digits above 45 is of the last century: no register is older."""
    if len(digits) == 4:
        return digits
    return f"{19 if int(digits) >= FIRST_YEAR % 100 else 20}{digits}"


def _near(year: str) -> str:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueRefusedError(FAR_YEAR)
    return year


def _day(of_month: str | None, month: str, year: str) -> str:
    try:
        written = date(int(_near(year)), int(month), int(of_month or 1)).isoformat()
    except ValueRefusedError:
        raise
    except ValueError:
        raise ValueRefusedError(NO_DAY) from None
    return written if of_month else written[:7]


def named(fields: Sequence[Field]) -> Mapping[str, Field]:
    """Fields by their names."""
    return {field.name: field for field in fields}
