"""What is due: resubmission after an inadequate judgement, publication, files, holds.

A review that was judged inadequate is submitted again within three months. Months are counted
by the calendar: three months from 30 November end with February.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.raw.entry import INADEQUATE, YES
from pipeline.raw.facts_nouns import NOT_STATED

RESUBMISSION_MONTHS = 3
RESUBMISSION, PUBLICATION, FILE, HOLD, ACTION = (
    "resubmission", "publication", "file", "hold", "action"
)  # fmt: skip

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something that is due; `due` is None where no date is recorded from which to count."""

    review: str
    what: str
    due: date | None
    action: str = ""


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has no such day.

    >>> months_after(date(2008, 11, 30), 3), months_after(date(2009, 1, 31), 3)
    (datetime.date(2009, 2, 28), datetime.date(2009, 4, 30))
    >>> months_after(date(2007, 11, 30), 3), months_after(date(2009, 2, 28), 3)
    (datetime.date(2008, 2, 29), datetime.date(2009, 5, 28))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def last_day(written: str) -> date | None:
    """The last day that a recorded date may mean; None where none is recorded.

    >>> last_day("2009-02"), last_day("2009"), last_day("not stated")
    (datetime.date(2009, 2, 28), datetime.date(2009, 12, 31), None)
    """
    if not written or written == NOT_STATED:
        return None
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, calendar.monthrange(year, month)[1])


def resubmission(values: Values) -> date | None:
    """By when a review that was judged inadequate is to be submitted again.

    What somebody recorded beats what is counted.

    >>> resubmission({"judgement": "inadequate", "judged": "2008-11-30"})
    datetime.date(2009, 2, 28)
    """
    recorded = last_day(values.get("resubmission_due", ""))
    judged = last_day(values.get("judged", ""))
    if recorded is not None or judged is None:
        return recorded
    return months_after(judged, RESUBMISSION_MONTHS)


def of(
    review: str, values: Values, *, has_file: bool, published: bool, hold: str | None
) -> Iterator[Due]:
    """What is due of one review. `hold` is the day on which to look at its hold again."""
    again = values.get("resubmitted") == YES or values.get("resubmitted_on", "") not in (
        "",
        NOT_STATED,
    )
    if values.get("judgement") == INADEQUATE and not again:
        yield Due(review, RESUBMISSION, resubmission(values))
    out = last_day(values.get("publication_due", ""))
    if out is not None and not published and last_day(values.get("board_published", "")) is None:
        yield Due(review, PUBLICATION, out)
    arrives = last_day(values.get("expected_by", ""))
    if arrives is not None and not has_file:
        yield Due(review, FILE, arrives)
    if hold is not None:
        yield Due(review, HOLD, last_day(hold))


def order(one: Due) -> tuple[bool, date, str, str, str]:
    """Overdue first: the oldest date leads, and what has no date stands at the end."""
    return one.due is None, one.due or date.max, one.review, one.what, one.action
