"""Dates and ages in the styles in which reviews write them."""

from __future__ import annotations

import random
from datetime import date

from pipeline.span import Kind
from pipeline.training.rich import Mark, Rich

FINE = Mark(Kind.DATE, None, "generalise")
COARSE = Mark(Kind.DATE, None, "keep")
AGE = Mark(Kind.AGE, None, "generalise")

MONTHS = (
    "January February March April May June July August September October November December"
).split()
_SHORT = "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec".split()
_WEEK = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

STYLES = ("long", "ordinal", "split", "slash", "slashlong", "dot", "named", "short", "dayless")
NUMBER = "no one two three four five six seven eight nine ten eleven twelve".split()


def ordinal(day: int) -> str:
    """The day of a month as an ordinal.

    >>> ordinal(21), ordinal(12), ordinal(3)
    ('21st', '12th', '3rd')
    """
    if 10 <= day % 100 <= 20:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def written(day: date, style: str) -> str:
    """A date in one of the styles.

    >>> written(date(2013, 2, 21), "ordinal"), written(date(2013, 2, 3), "slash")
    ('21st February 2013', '3/2/13')
    """
    month, short = MONTHS[day.month - 1], _SHORT[day.month - 1]
    nth = ordinal(day.day)
    forms = {
        "long": f"{day.day} {month} {day.year}",
        "ordinal": f"{nth} {month} {day.year}",
        "split": f"{day.day} {nth[len(str(day.day)) :]} {month} {day.year}",
        "slash": f"{day.day}/{day.month}/{day.year % 100:02d}",
        "slashlong": f"{day.day:02d}/{day.month:02d}/{day.year}",
        "dot": f"{day.day:02d}.{day.month:02d}.{day.year % 100:02d}",
        "named": f"{_WEEK[day.weekday()]} {day.day} {month} {day.year}",
        "short": f"{day.day} {short} {day.year}",
        "dayless": f"{nth} {month}",
        "american": f"{month} {nth}, {day.year}",
        "ofmonth": f"the {nth} of {month}",
        "iso": day.isoformat(),
    }
    return forms[style]


def fine(rng: random.Random, day: date, style: str) -> Rich:
    """A day, in the review's style or (one in six) another."""
    if rng.random() < 0.16:
        style = rng.choice((*STYLES, "ofmonth", "american", "iso"))
    text = written(day, style)
    lead = "the " if text.startswith("the ") else ""
    return Rich.of(lead) + Rich.of(text.removeprefix("the "), FINE)


def month(rng: random.Random, day: date) -> Rich:
    """The month and year, which `public` leaves as they are."""
    names = _SHORT if rng.random() < 0.12 else MONTHS
    return Rich.of(f"{names[day.month - 1]} {day.year}", COARSE)


def year(day: date) -> Rich:
    """The bare year."""
    return Rich.of(str(day.year), COARSE)


def season(day: date) -> Rich:
    """The season and year, as in the summer of 2018."""
    name = ("winter", "spring", "summer", "autumn")[day.month % 12 // 3]
    return Rich.of(f"{name} of {day.year}", COARSE)


def when(rng: random.Random, day: date, style: str, precision: float) -> Rich:
    """An opening that says when: a day as often as `precision` says, else something coarser."""
    if rng.random() < precision:
        at = Rich.of(f"at {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d} hours ")
        lead = rng.choice(("on ", "on ", "on ", "on the morning of ", "by "))
        opening = Rich.of(lead)
        if rng.random() < 0.06:
            opening = at + Rich.of("on ")
        return opening + fine(rng, day, style)
    coarse = rng.random()
    if coarse < 0.5:
        lead = rng.choice(("in ", "in early ", "in late ", "towards the end of ", "in mid "))
        return Rich.of(lead) + month(rng, day)
    if coarse < 0.62:
        return Rich.of("in the ") + season(day)
    if coarse < 0.7:
        return Rich.of(rng.choice(("later in ", "during "))) + year(day)
    return Rich.of(
        rng.choice(
            (
                "the following day",
                "two days later",
                "that same week",
                "a fortnight later",
                "soon after",
                "later that month",
                "the next morning",
                "around this time",
                "some weeks later",
            )
        )
    )


def months_between(born: date, day: date) -> int:
    """Whole months from a birth to a day, none before the birth."""
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    return max(0, months)


def _spelled(rng: random.Random, number: int) -> str:
    return NUMBER[number] if 0 < number < len(NUMBER) and rng.random() < 0.5 else str(number)


def age(rng: random.Random, born: date, day: date) -> Rich:
    """An age as a phrase: days, weeks, months, years and months, or years."""
    months = months_between(born, day)
    days = max(1, (day - born).days)
    if days < 14:
        return Rich.of(f"{_spelled(rng, days)} day{'s' if days > 1 else ''}", AGE)
    if months < 3:
        return Rich.of(f"{_spelled(rng, days // 7)} weeks", AGE)
    if months < 24:
        return Rich.of(f"{_spelled(rng, months)} months", AGE)
    if months < 60 and rng.random() < 0.4 and months % 12:
        return Rich.of(
            f"{_spelled(rng, months // 12)} years and {_spelled(rng, months % 12)} months", AGE
        )
    return Rich.of(f"{_spelled(rng, months // 12)} years", AGE)


def age_before(rng: random.Random, born: date, day: date) -> Rich:
    """An age before a noun, as in four-year-old."""
    months = months_between(born, day)
    days = max(7, (day - born).days)
    if months < 3:
        number, unit = days // 7, "week"
    elif months < 24:
        number, unit = months, "month"
    else:
        number, unit = months // 12, "year"
    gap = rng.choice(("-", "-", " "))
    return Rich.of(f"{_spelled(rng, number)}{gap}{unit}{gap}old", AGE)


def age_number(rng: random.Random, born: date, day: date) -> Rich:
    """A bare age in years, for a table or after "aged"."""
    return Rich.of(_spelled(rng, max(1, months_between(born, day) // 12)), AGE)
