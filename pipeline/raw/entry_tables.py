"""The tables of a report as rows of the register: which column is what, told by what it holds.

An inspectorate lists reviews in the appendices of a report: a board, a judgement, a date a row.
A column is known by its heading, or by the values in it: closed words, days, yes or no. What a
column of days or of yes and no is about is said by the heading above the table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.raw import facts_calendar
from pipeline.raw.document import Document
from pipeline.raw.entry import FIELDS
from pipeline.raw.field import Field, Sort, ValueRefusedError, day, named, value
from pipeline.raw.sheet import Given
from pipeline.span import BlockKind

ENOUGH = 0.8  # of the cells of a column, for it to be known by what it holds
ABOVE = 4  # blocks above a table that may say what it is about
OUTSIDE = "outside_period"
NO_TABLE = (
    "No table of this report has a column that the register knows beside one of names. Nothing "
    "was changed. Say what the columns are (--columns), such as board,judgement,judged, and leave "
    "a name out between commas for a column that is not wanted."
)
_BAD_COLUMNS = (
    "The columns that were named are not fields of the register, or one is named twice, or board "
    "is not among them. Nothing was changed. Name them in their order, such as "
    "board,judgement,judged."
)
BAD_PERIOD = (
    "A period is two days, such as 2008-04-01..2009-03-31. Nothing was changed. Write it so, or "
    "leave it out."
)
_FIELDS = named(FIELDS)
# What a column of days, or of yes and no, is about: a word of its heading, or of that above it.
_ABOUT: tuple[tuple[str, str], ...] = (
    (r"re-?submi", "resubmitted"),
    (r"independen", "independence"),
    (r"evaluat|judg|grade|inspect|rat(?:ed|ing)", "judged"),
    (r"publish|publication", "board_published"),
    (r"complet|signed off", "completed"),
)
# What only the heading of the column itself says: above a chronology there is a death, too.
_OF_COLUMN = (
    *_ABOUT,
    (r"incident|death|died", "incident"),
    (r"notif", "notified"),
    (r"commission|begun|start", "begun"),
    (r"expected|\bdue\b", "expected_by"),
)
_PERIOD = re.compile(
    rf"(?:between|from)?\s*(?P<a>{facts_calendar.DATE})\s+(?:and|to|[-–—])\s+"
    rf"(?P<b>{facts_calendar.DATE})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of the tables: the columns in order, the kind of review, the period."""

    columns: tuple[str, ...] = ()
    kind: str = ""
    period: tuple[str, str] | None = None
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One row of a table, with what is odd in it: codes."""

    table: int
    row: int
    given: Given
    odd: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of all tables that are registers, and the period that was held against dates."""

    rows: tuple[Found, ...]
    period: tuple[str, str] | None


def asked_columns(written: str) -> tuple[str, ...]:
    """The columns that a user named; UsageError where they are none.

    >>> asked_columns("board,,judged")
    ('board', '', 'judged')
    """
    columns = tuple(part.strip() for part in written.split(","))
    kept = [name for name in columns if name]
    if not set(kept) <= set(_FIELDS) or len(set(kept)) != len(kept) or "board" not in kept:
        raise UsageError(_BAD_COLUMNS)
    return columns


def asked_period(written: str) -> tuple[str, str]:
    """The first and the last day of a period; UsageError where it is none.

    >>> asked_period("2008-04-01..31/03/2009")
    ('2008-04-01', '2009-03-31')
    """
    first, _, last = written.partition("..")
    try:
        period = day(first.strip()), day(last.strip())
    except ValueRefusedError:
        raise UsageError(BAD_PERIOD) from None
    if len(period[0]) != 10 or len(period[1]) != 10 or period[0] > period[1]:
        raise UsageError(BAD_PERIOD)
    return period


def rows(document: Document, asked: Asked) -> Tables:
    """The rows of the register that stand in a report's tables; UsageError where there are none."""
    found: list[Found] = []
    for number, (about, cells) in enumerate(_grids(document), start=1):
        if asked.table in (None, number):
            found.extend(_rows(number, about, cells, asked, len(found)))
    if not found:
        raise UsageError(NO_TABLE)
    period = asked.period or _stated_period(document, found)
    return Tables(tuple(_with_odd(one, period) for one in found), period)


def _grids(document: Document) -> Iterator[tuple[tuple[str, ...], list[list[str]]]]:
    """Each table's cells, with the texts above it, the nearest first."""
    above: list[str] = []
    headings: list[str] = []
    for block in document.blocks:
        if block.rows:
            cells = [
                ["" if span is None else " ".join(span.of(document.text).split()) for span in row]
                for row in block.rows
            ]
            yield (*reversed(above[-ABOVE:]), *reversed(headings[-2:])), cells
        elif block.kind is BlockKind.HEADING:
            headings.append(" ".join(block.text.split()))
            above.clear()
        elif block.span is not None and block.kind is not BlockKind.FOOTNOTE and _told(block.text):
            above.append(" ".join(block.text.split())[:300])


def _told(text: str) -> bool:
    """Whether a block says anything: the numbers of rows that stand apart from them do not."""
    return re.search(r"[^\W\d_]{2}", text) is not None


def _rows(
    table: int, about: tuple[str, ...], cells: list[list[str]], asked: Asked, before: int
) -> Iterator[Found]:
    width = max(len(row) for row in cells)
    heads, body = _headed(cells)
    columns = asked.columns or _columns(width, heads, body, about)
    if not (asked.columns or _is_register(columns, heads)):
        return
    for number, row in enumerate(body, start=1):
        given = _given(before + number, row, columns, asked.kind)
        if given is not None:
            yield Found(table, number, given)


def _is_register(columns: Sequence[str], heads: Sequence[str]) -> bool:
    """Whether a table lists reviews: a board and a closed word, or a board by its heading.

    A chronology has names and days in it, too.
    """
    others = {name for name in columns if name not in ("", "board")}
    closed = any(_FIELDS[name].sort is Sort.WORD for name in others)
    headed = any(_by_heading(heading) == "board" for heading in heads)
    days = any(_FIELDS[name].sort is Sort.DAY for name in others)
    return "board" in columns and (closed or (headed and (days or len(others) > 1)))


def _headed(cells: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The headings of the columns, where the first row is one of headings, and the other rows."""
    first = cells[0]
    fits = any(_value_like(cell) for cell in first)
    known = [_by_heading(cell) for cell in first]
    if len(cells) > 1 and not fits and any(known):
        return first, cells[1:]
    return [], cells


def _value_like(cell: str) -> bool:
    return any(_takes(field, cell) for field in FIELDS if field.sort in (Sort.DAY, Sort.WORD))


def _takes(field: Field, cell: str) -> bool:
    try:
        return bool(cell) and bool(value(field, cell))
    except ValueRefusedError:
        return False


def _by_heading(heading: str) -> str:
    plain = " ".join(heading.casefold().strip(" :.").split())
    for field in FIELDS:
        if plain in (field.name.replace("_", " "), *field.also):
            return field.name
    return ""


def _columns(
    width: int, heads: Sequence[str], body: list[list[str]], about: tuple[str, ...]
) -> tuple[str, ...]:
    """What each column is; "" for one that is not known."""
    columns = [_by_heading(heads[at]) if at < len(heads) else "" for at in range(width)]
    for at in range(width):
        held = [row[at] for row in body if at < len(row) and row[at]]
        if not columns[at] and held:
            heading = heads[at] if at < len(heads) else ""
            columns[at] = _by_values(held, heading, about, columns)
    if "board" not in columns:
        names = [at for at in range(width) if not columns[at] and _is_of_names(body, at)]
        for at in names[:1]:
            columns[at] = "board"
    return tuple(columns)


def _by_values(
    held: Sequence[str], heading: str, about: Sequence[str], taken: Sequence[str]
) -> str:
    """The field that takes most of the cells, if what is above says which of several it is."""
    enough = ENOUGH * len(held)
    fits = [f for f in FIELDS if f.sort is Sort.WORD and f.name not in taken
            and sum(_takes(f, cell) for cell in held) >= enough]  # fmt: skip
    if len(fits) == 1:
        return fits[0].name
    days = sum(_takes(_FIELDS["judged"], cell) for cell in held) >= enough
    sort = Sort.DAY if days else Sort.WORD
    if not fits and not days:
        return ""
    may = {field.name for field in fits}
    for text, known in ((heading, _OF_COLUMN), *((text, _ABOUT) for text in about)):
        for words, name in known if text else ():
            right = _FIELDS[name].sort is sort and (days or name in may) and name not in taken
            if right and re.search(words, text, re.IGNORECASE):
                return name
    return "judged" if days and "judgement" in taken and "judged" not in taken else ""


def _is_of_names(body: list[list[str]], at: int) -> bool:
    held = [row[at] for row in body if at < len(row)]
    lettered = [cell for cell in held if re.match(r"[^\W\d_]{2}", cell)]
    return len(lettered) >= ENOUGH * len(held)


def _given(line: int, row: Sequence[str], columns: Sequence[str], kind: str) -> Given | None:
    """One row; None for one without a board: a heading that a page repeats, a sum."""
    values: dict[str, str] = {"kind": kind} if kind else {}
    refused = []
    for name, cell in zip(columns, row, strict=False):
        if not name or not cell:
            continue
        try:
            values[name] = value(_FIELDS[name], cell)
        except ValueRefusedError as error:
            refused.append((name, error.why))
    if not values.get("board") or (len(set(values) - {"kind"}) == 1 and len(refused) > 1):
        return None
    return Given(line, ("",), tuple(sorted(values.items())), tuple(refused))


def _stated_period(document: Document, found: Sequence[Found]) -> tuple[str, str] | None:
    """The shortest period that the report speaks of and that nearly all dates are in."""
    days = [d for one in found for d in _days(one)]
    if not days:
        return None
    said: Counter[tuple[str, str]] = Counter()
    for match in _PERIOD.finditer(document.text):
        ends = _iso(match["a"]), _iso(match["b"])
        if all(ends) and ends[0] < ends[1]:
            said[ends] += 1
    fits = [p for p in said if sum(p[0] <= d <= p[1] for d in days) >= ENOUGH * len(days)]
    return min(fits, key=lambda p: (_length(p), p), default=None)


def _days(one: Found) -> list[str]:
    return [v for k, v in one.given.values if _FIELDS[k].sort is Sort.DAY and len(v) == 10]


def _iso(written: str) -> str:
    try:
        iso = day(" ".join(written.split()))
    except ValueRefusedError:
        return ""
    return iso if len(iso) == 10 else ""


def _length(period: tuple[str, str]) -> int:
    first, last = (int(end.replace("-", "")) for end in period)
    return last - first


def _with_odd(one: Found, period: tuple[str, str] | None) -> Found:
    if period is None or all(period[0] <= d <= period[1] for d in _days(one)):
        return one
    return Found(one.table, one.row, one.given, (OUTSIDE,))


def counted(found: Tables, name: str) -> Mapping[str, int]:
    """How often each value of a field stands in the rows."""
    held = (dict(one.given.values).get(name, "") for one in found.rows)
    return dict(sorted(Counter(word for word in held if word).items()))
