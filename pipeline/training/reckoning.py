"""Figures of several shapes that fit together or do not, as items of a review."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.training.report import Item, Sum
from pipeline.training.rich import Passage, Rich

_WORDS = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_OFF = (-5, -3, -2, -1, 1, 2, 3, 4, 6)
# What is counted: in one review no thing is counted twice, or two true counts would disagree.
NOUNS = (
    "contacts", "home visits", "referrals", "strategy meetings", "supervision sessions",
    "missed appointments", "telephone calls", "case files", "letters", "notifications",
    "assessments", "interviews", "practitioners", "records", "queries", "clinic attendances",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The items of one set of figures and what is said of them."""

    items: tuple[Item, ...]
    sum: Sum


Shape = Callable[[random.Random, int, str, bool, str], Reckoned]


def spelt(rng: random.Random, number: int, *, first: bool = False) -> str:
    """A number as an author writes it: in words up to twenty one time in three."""
    said = _WORDS[number] if 0 < number < len(_WORDS) and rng.random() < 0.35 else str(number)
    return said.capitalize() if first else said


def _parts(rng: random.Random, count: int, least: int = 2, most: int = 24) -> list[int]:
    return [rng.randint(least, most) for _ in range(count)]


def _wrong(rng: random.Random, number: int, holds: bool) -> int:
    return number if holds else max(1, number + rng.choice([o for o in _OFF if number + o > 0]))


def _said(text: str, note: str) -> Item:
    return Item("paragraph", Rich.of(text), passage=Passage("context", note=note))


def _made(
    shape: str, holds: bool, notes: tuple[str, ...], numbers: Sequence[int], items: Sequence[Item]
) -> Reckoned:
    verdict = "holds" if holds else "fails"
    return Reckoned(tuple(items), Sum(verdict, notes, tuple(numbers), shape))


_SPLIT = {
    1: (
        "Of the {t} {n}, {a} were made by health, {b} by the police and {c} by the school.",
        "There were {t} {n} in all: {a} in the first year, {b} in the second and {c} in the third.",
        "The panel counted {t} {n}. Of these, {a} were planned, {b} were not and {c} could not be "
        "placed.",
    ),
    2: (
        "In total, {t} {n} were found; {a} concerned the mother, {b} the father and {c} the "
        "children.",
        "{T} {n} came to light. {A} of them were recorded in full, {b} in part and {c} not at all.",
        "The {t} {n} comprised {a} that were urgent, {b} that were routine and {c} that were "
        "neither.",
    ),
}  # fmt: skip


def parts(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """The parts of a whole in prose."""
    a, b, c = _parts(rng, 3)
    total = _wrong(rng, a + b + c, holds)
    text = rng.choice(_SPLIT[bank]).format(
        n=noun, t=spelt(rng, total), T=spelt(rng, total, first=True), a=spelt(rng, a),
        A=spelt(rng, a, first=True), b=spelt(rng, b), c=spelt(rng, c),
    )  # fmt: skip
    return _made("parts", holds, (note,), (total, a, b, c), [_said(text, note)])


_SHARE = {
    1: ("{a} of the {t} {n} ({p}%) were unannounced.", "Of {t} {n}, {a} ({p} per cent) were late."),
    2: ("Late in the period, {a} ({p}%) of the {t} {n} had no outcome.",
        "{A} out of {t} {n}, or {p}%, were followed up."),
}  # fmt: skip


def share(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """A percentage of a count."""
    t = rng.randint(20, 90)
    a = rng.randint(4, t - 4)
    p = round(100 * a / t)
    p = p if holds else max(1, min(99, p + rng.choice((-12, -8, 7, 11))))
    text = rng.choice(_SHARE[bank]).format(a=a, A=spelt(rng, a, first=True), t=t, p=p, n=noun)
    text = text[:1].upper() + text[1:]
    return _made("share", holds, (note,), (a, t, p), [_said(text, note)])


_TWICE = {
    1: (("The review drew on {a} {n}.", "The {b} {n} on which this review drew were of mixed "
         "quality."),
        ("There were {a} {n} between the two dates.", "None of the {b} {n} led to a plan.")),
    2: (("Agencies held {a} {n} about the family.", "When the {b} {n} were put in order, a "
         "pattern was plain."),
        ("{A} {n} were examined for this report.", "The author returned to the {b} {n} later.")),
}  # fmt: skip


def twice(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """A count that two paragraphs give, alike or not."""
    a = rng.randint(4, 40)
    b = _wrong(rng, a, holds)
    first, second = rng.choice(_TWICE[bank])
    one = first.format(a=spelt(rng, a), A=spelt(rng, a, first=True), n=noun)
    two = second.format(b=spelt(rng, b), n=noun)
    between = _said("What follows is taken from the papers that were sent in.", f"{note}x")
    items = [_said(one, f"{note}a"), between, _said(two, f"{note}b")]
    return _made("twice", holds, (f"{note}a", f"{note}b"), (a, b), items)


def grid(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """A table whose rows and columns have totals."""
    labels = (
        ("Health", "Police", "School", "Housing")
        if bank == 1
        else ("Nursery", "Surgery", "Hospital", "Probation", "Council")
    )
    rows = [_parts(rng, 3) for _ in labels]
    cells = [[*row, sum(row)] for row in rows]
    cells.append([sum(row[c] for row in cells) for c in range(4)])
    if not holds:
        r, c = rng.choice([(r, 3) for r in range(len(labels))] + [(len(labels), c) for c in (0, 1)])
        cells[r][c] = _wrong(rng, cells[r][c], holds=False)
    head = (noun.capitalize(), "2014", "2015", "2016", "Total")
    body = [(name, *map(str, row)) for name, row in zip((*labels, "Total"), cells, strict=True)]
    table = tuple(tuple(Rich.of(cell) for cell in row) for row in (head, *body))
    item = Item("table", rows=table, passage=Passage("table", note=note))
    return _made("grid", holds, (note,), [n for row in cells for n in row], [item])


_LISTS = {
    1: ("{T} agencies sent {n}: {l}.", "The {n} came from {t} services, namely {l}."),
    2: ("{T} bodies held {n}, which were {l}.", "There were {t} sources of {n}: {l}."),
}
_BODIES = (
    "the police", "housing", "probation", "the ambulance service", "the school nurse team",
    "adult social care", "the nursery", "the fire service", "midwifery", "the hospital",
)  # fmt: skip


def listed(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """A number of things and then the things."""
    count = rng.randint(3, 7)
    named = rng.sample(_BODIES, count)
    said = _wrong(rng, count, holds) if holds else count + rng.choice((-1, 1, 2))
    text = rng.choice(_LISTS[bank]).format(
        n=noun, t=_WORDS[said], T=_WORDS[said].capitalize(),
        l=", ".join(named[:-1]) + " and " + named[-1],
    )  # fmt: skip
    return _made("listed", holds, (note,), (said, count), [_said(text, note)])


_BANDS = {
    1: ("The {t} children in the {n} were of all ages: {a} were under one, {b} were aged one to "
        "five and {c} were aged six to ten."),
    2: ("Ages were given for {t} children named in {n}. {A} of them were under one year old, {b} "
        "were between one and five years old and {c} were aged six or over."),
}  # fmt: skip


def bands(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """Bands of ages and how many there are in all."""
    a, b, c = _parts(rng, 3, 2, 12)
    total = _wrong(rng, a + b + c, holds)
    text = _BANDS[bank].format(
        t=spelt(rng, total), n=noun, a=spelt(rng, a), A=spelt(rng, a, first=True),
        b=spelt(rng, b), c=spelt(rng, c),
    )  # fmt: skip
    return _made("bands", holds, (note,), (total, a, b, c), [_said(text, note)])


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_PERIOD = {
    1: "The {n} were counted over the {t} months from {m} {y} to {k} {z}.",
    2: "Between {m} {y} and {k} {z}, a period of {t} months, {n} rose and fell.",
}


def period(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """A stretch of time and how long it is said to be."""
    start, length = rng.randint(0, 11), rng.randint(7, 30)
    end, year = start + length, rng.randint(2008, 2015)
    said = length if holds else length + rng.choice((-6, -4, 4, 5, 9))
    said = said if said > 1 else length + 9
    text = _PERIOD[bank].format(
        n=noun, t=said, m=_MONTHS[start], y=year, k=_MONTHS[end % 12], z=year + end // 12
    )
    return _made("period", holds, (note,), (said, length), [_said(text, note)])


_HUNDRED = {
    1: "By type, {a}% of {n} were routine, {b}% were urgent and {c}% were repeats.",
    2: "The {n} divide as follows: {a}% first, {b}% second and {c}% third or later.",
}


def hundred(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """Percentages of a whole."""
    a, b = rng.randint(15, 45), rng.randint(15, 40)
    c = 100 - a - b
    c = c if holds else c + rng.choice((-9, -6, 7, 10))
    text = _HUNDRED[bank].format(a=a, b=b, c=c, n=noun)
    return _made("hundred", holds, (note,), (a, b, c), [_said(text, note)])


_BULLETS = {
    1: "The {t} {n} were made by:",
    2: "A total of {t} {n} was recorded:",
}


def bullets(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """A total with its parts as bullets below it."""
    counts = _parts(rng, rng.randint(3, 4))
    total = _wrong(rng, sum(counts), holds)
    lead = _said(_BULLETS[bank].format(t=total, n=noun), note)
    names = rng.sample(_BODIES, len(counts))
    form = "{name}: {count}" if bank == 1 else "{count} by {name}"
    items = [
        Item("bullet", Rich.of(form.format(name=n, count=c)), passage=Passage("context"))
        for n, c in zip(names, counts, strict=True)
    ]
    return _made("bullets", holds, (note,), (total, *counts), [lead, *items])


def more(rng: random.Random, bank: int, noun: str, holds: bool, note: str) -> Reckoned:
    """So many of so many."""
    t = rng.randint(6, 30)
    a = rng.randint(2, t) if holds else t + rng.randint(1, 5)
    frames = {
        1: "No outcome was written down for {a} of the {t} {n}.",
        2: "The records are silent on {a} out of {t} {n}.",
    }
    text = frames[bank].format(a=spelt(rng, a), t=spelt(rng, t), n=noun)
    return _made("more", holds, (note,), (a, t), [_said(text, note)])


SHAPES: dict[str, Shape] = {
    "parts": parts, "share": share, "twice": twice, "grid": grid, "listed": listed,
    "bands": bands, "period": period, "hundred": hundred, "bullets": bullets, "more": more,
}  # fmt: skip


def section(rng: random.Random, bank: int, count: int) -> tuple[tuple[Item, ...], tuple[Sum, ...]]:
    """A section with `count` sets of figures, half of which fail."""
    nouns = rng.sample(NOUNS, count)
    made = [
        SHAPES[shape](rng, bank, noun, rng.random() < 0.5, f"N{number}")
        for number, (shape, noun) in enumerate(
            zip(rng.sample(tuple(SHAPES), count), nouns, strict=True), start=1
        )
    ]
    head = Item("heading", Rich.of("Figures that were collected"), 1)
    return (head, *(i for one in made for i in one.items)), tuple(one.sum for one in made)
