"""Columns of a table that a PDF's text gives one below the other: put together again as rows.

A wrong pairing of a name and a judgement is far worse than none, so columns are paired only where
they are of one size, stand right below one another on one page, and at least one of them is filled
with dates, numbers or a choice among few words. All else stays as the lines that it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from pipeline.raw.readers import numbering, text_breaks
from pipeline.raw.readers.assemble import Stretch
from pipeline.raw.readers.text_grids import Grid
from pipeline.raw.readers.text_lines import TextLine

_LEAST, _MOST_COLUMNS = 3, 8
_LONG, _WORDS = 60, 8
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
# A note's number may be glued to a year's end: "23/04/20098".
_DATE = re.compile(
    rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{2}}|\d{{4,6}})|\d{{4}}-\d\d-\d\d"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?[ -])?{_MONTH}[ -,]{{1,2}}(?:\d{{2}}|\d{{4,6}})",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"[-–+(]?[£$€]?\d[\d,]*(?:\.\d+)?\s?[%)]?(?:\s?\(\d+(?:\.\d+)?%?\))?|\+?\d[\d ]{7,14}\d"
)
_COUNT = re.compile(r"\(?(\d{1,3})[.)]")
_NAME = re.compile(
    r"\b(?:name|agency|authority|council|board|area|region|place|child|children|young person|person"
    r"|role|post|team|service|school|provider|organisation|category|type|case|review|measure|action"
    r"|recommendation|factor|theme|ref|reference|title|item|description|event|member)s?$",
    re.IGNORECASE,
)
_EMPTY = {"-", "–", "—", "..", "*", "n/a", "na", "nil", "tbc", "not known", "unknown"}
_CHOICES = {
    *("yes", "no", "y", "n", "partly", "partially", "in part", "true", "false"),
    *("outstanding", "good", "adequate", "inadequate", "requires improvement", "satisfactory"),
    *("unsatisfactory", "poor", "fair", "excellent", "met", "partially met", "partly met"),
    *("not met", "red", "amber", "green", "high", "medium", "low", "complete", "completed"),
    *("incomplete", "ongoing", "in progress", "not started", "open", "closed", "pending", "agreed"),
    *("accepted", "partially accepted", "rejected", "not accepted", "present", "apologies"),
    *("absent", "attended", "male", "female", "m", "f", "pass", "fail", "urgent", "routine"),
}
_WRAPPED = re.compile(r"(?:[&(,/–-]|\b(?:a|an|and|at|by|for|from|in|of|on|or|the|to|with|upon))$")


class Filling(StrEnum):
    """What fills a column: words of any kind, or one of those that show that it is a column."""

    WORDS = "words"
    CHOICE = "choice"
    COUNT = "count"
    NUMBER = "number"
    DATE = "date"


_LABELS = {Filling.WORDS, Filling.COUNT}


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines right below one another: from `start` up to `end`. `filling` is None for text.

    `headed` says that its first line names the column and is no cell, `named` that it may;
    `fresh` says that a page starts with it.
    """

    start: int
    end: int
    filling: Filling | None
    headed: bool = False
    named: bool = False
    fresh: bool = False

    @property
    def size(self) -> int:
        return self.end - self.start


def cells(lines: Sequence[TextLine]) -> frozenset[int]:
    """Lines that are certainly cells: three or more numbers or choices in a row, two dates.

    The last of a page recurs on other pages, and is no running footer for it.
    """
    found: set[int] = set()
    run: list[int] = []
    for i, line in enumerate(lines):
        kind = _class(line.text)
        same = run and kind is _class(lines[run[-1]].text) and not (line.blanks or line.broken)
        run = [*run[-2:], i] if same else [i]
        # A number of four digits marks no page.
        sure = kind is Filling.DATE or (kind is Filling.NUMBER and len(line.text) > 3)
        least = _LEAST - 1 if sure else _LEAST
        if len(run) >= least and kind is not Filling.WORDS:
            found.update(run)
    return frozenset(found)


def columns(lines: Sequence[TextLine], gone: Set[int], *, spaced: bool = False) -> Iterator[Grid]:
    """The tables whose columns stand one below the other, a page's columns as one table."""
    parts = list(_parts(lines, gone, 1 if spaced else 0))
    learned = _learned([[lines[i].text for i in range(a, b)] for a, b, _ in parts])
    groups = [_group(lines, part, learned) for part in parts]
    chains = list(_chains(groups))
    once = [found for chain in chains for found in _tables(chain, frozenset())]
    counts = Counter(_kinds(table) for table in once)
    known = frozenset(kinds for kinds, count in counts.items() if count >= 2)
    places = {group.start: place for place, group in enumerate(groups)}
    for chain in chains:
        for table in _tables(chain, known):
            place = places[table[0].start]
            above = groups[max(0, place - len(table)) : place]
            yield _as_grid(lines, table, _head(lines, above, table))


def _head(lines: Sequence[TextLine], above: Sequence[_Group], table: Sequence[_Group]) -> int:
    """The first of the lines above a table that name its columns; its own first if none do."""
    at = table[0].start
    if len(above) < len(table) or any(group.size > _LEAST for group in above):
        return at
    texts = [lines[i].text for group in above for i in range(group.start, group.end)]
    titled = any(text_breaks.is_part(text) for text in texts)
    short = all(len(text) <= _LONG and text[-1] not in ".:;?!" for text in texts)
    near = all(a.end == b.start and not b.fresh for a, b in pairwise([*above, table[0]]))
    return above[0].start if short and near and not titled else at


def _as_grid(lines: Sequence[TextLine], table: Sequence[_Group], head: int) -> Grid:
    size = table[0].size
    rows = tuple(
        tuple(
            (Stretch(lines[g.start + k].text, lines[g.start + k].start),) for g in table
        )
        for k in range(size)
    )  # fmt: skip
    kinds = tuple(kind.value for kind in _kinds(table))
    return Grid(table[0].start, table[-1].end, rows, kinds, head)


# -- groups of lines -------------------------------------------------------------------------------


def _parts(
    lines: Sequence[TextLine], gone: Set[int], blanks: int
) -> Iterator[tuple[int, int, bool]]:
    """Where each run of lines with no empty line or page start in it begins and ends."""
    start, fresh = 0, True
    for i in range(1, len(lines) + 1):
        turned = i < len(lines) and _turns(lines, gone, i)
        if i < len(lines) and not turned and lines[i].blanks <= blanks:
            continue
        if start not in gone:
            yield from _by_class(lines, start, i, fresh=fresh)
        start, fresh = i, turned


def _turns(lines: Sequence[TextLine], gone: Set[int], i: int) -> bool:
    """Whether a page may start with the line."""
    if i in gone or i - 1 in gone or lines[i].broken:
        return True
    # Texts from PDFs that lost their form feeds start a page with one space.
    return lines[i].indent == 1 and lines[i - 1].indent == 0 and not lines[i].blanks


def _by_class(
    lines: Sequence[TextLine], start: int, end: int, *, fresh: bool
) -> Iterator[tuple[int, int, bool]]:
    """The run in as many parts as it has stretches of one class, if none of them is short."""
    cuts, at = [start], start
    for _, members in groupby(range(start, end), lambda i: _class(lines[i].text)):
        at += len(list(members))
        cuts.append(at)
    if len(cuts) > _MOST_COLUMNS or any(b - a < _LEAST for a, b in pairwise(cuts)):
        cuts = [start, end]
    for a, b in pairwise(cuts):
        yield a, b, fresh and a == start


def _class(text: str) -> Filling:
    """What one line may be a cell of."""
    if _DATE.fullmatch(text):
        return Filling.DATE
    if _COUNT.fullmatch(text):
        return Filling.COUNT
    if _NUMBER.fullmatch(text):
        return Filling.NUMBER
    return Filling.CHOICE if text.casefold() in _CHOICES else Filling.WORDS


def _learned(parts: Sequence[Sequence[str]]) -> frozenset[str]:
    """Words that a column chooses among: few, and coming back after others of them."""
    found: set[str] = set()
    for texts in parts:
        values = [text.casefold() for text in texts]
        few = len(set(values)) <= min(8, len(values) // 2)
        if len(values) >= 4 and few and _comes_back(values) and _are_cells(texts):
            found.update(values)
    return frozenset(found)


def _comes_back(values: Sequence[str]) -> bool:
    """Whether a value stands again below another one: a sorted list has no such value."""
    return len(list(groupby(values))) > len(set(values)) > 1


def _group(lines: Sequence[TextLine], part: tuple[int, int, bool], more: Set[str]) -> _Group:
    start, end, fresh = part
    if any(lines[i].indent > 1 for i in range(start + 1, end)):
        return _Group(start, end, None, fresh=fresh)
    texts = [lines[i].text for i in range(start, end)]
    closed = _closed(texts, more)
    if closed is not None:
        return _Group(start, end, closed, fresh=fresh)
    if len(texts) > _LEAST and _are_cells(texts[:1]):
        closed = _closed(texts[1:], more)
        if closed is not None and closed is not Filling.COUNT:
            return _Group(start, end, closed, headed=True, fresh=fresh)
    named = _NAME.search(texts[0]) is not None
    return _Group(start, end, Filling.WORDS if _are_cells(texts) else None, False, named, fresh)


def _closed(texts: Sequence[str], more: Set[str]) -> Filling | None:
    """What fills a column, if every cell is a date, a number or one of few words."""
    filled = [text for text in texts if text.casefold() not in _EMPTY]
    if len(filled) < max(2, 0.5 * len(texts)):
        return None
    if all(_DATE.fullmatch(text) for text in filled):
        return Filling.DATE
    if _counts(texts):
        return Filling.COUNT
    if all(_NUMBER.fullmatch(text) for text in filled):
        return Filling.NUMBER
    if all(text.casefold() in _CHOICES or text.casefold() in more for text in filled):
        return Filling.CHOICE
    return None


def _counts(texts: Sequence[str]) -> bool:
    """Whether the cells are numbers that count the rows: "4.", "5.", "6."."""
    marks = [_COUNT.fullmatch(text) for text in texts]
    if all(marks):
        numbers = [int(mark.group(1)) for mark in marks if mark]
    elif all(text.isdecimal() and len(text) < 4 for text in texts):
        numbers = [int(text) for text in texts]
    else:
        return False
    return all(b - a == 1 for a, b in pairwise(numbers))


def _are_cells(texts: Sequence[str]) -> bool:
    """Whether lines may be cells of words: short, no sentence, none that goes on in the next."""
    for text in texts:
        mark = numbering.marker(text)
        if len(text) > _LONG or len(text.split()) > _WORDS or text[0].islower():
            return False
        if (mark is not None and mark.bullet) or text[-1] in ",;:?!" or _WRAPPED.search(text):
            return False
        if text[-1] == "." and len(text.split()) > _LEAST:
            return False
    return True


# -- which of them are one table ------------------------------------------------------------------


def _chains(groups: Sequence[_Group]) -> Iterator[list[_Group]]:
    """Columns with nothing else between them, on one page as far as can be told."""
    chain: list[_Group] = []
    for group in groups:
        after = chain and chain[-1].end == group.start and not group.fresh
        if group.filling is not None and after:
            chain.append(group)
            continue
        yield from _without_names(chain)
        chain = [group] if group.filling is not None else []
    yield from _without_names(chain)


def _without_names(chain: Sequence[_Group]) -> Iterator[list[_Group]]:
    """The chain in as many parts as names of columns and headings leave of it."""
    part: list[_Group] = []
    size = chain[-2].size if len(chain) > 1 else 0  # of the column that a name may stand above
    for group in reversed(chain):
        named = group.filling is Filling.WORDS and group.size <= _LEAST and 2 * group.size < size
        if not named:
            part.append(group)
            size = group.size
            continue
        yield part[::-1]
        part = []
    yield part[::-1]


def _kinds(table: Sequence[_Group]) -> tuple[Filling, ...]:
    return tuple(group.filling for group in table if group.filling is not None)


def _tables(chain: Sequence[_Group], known: Set[tuple[Filling, ...]]) -> Iterator[list[_Group]]:
    """The columns of a chain that make a table each."""
    at = 0
    for _, members in groupby(chain, lambda group: group.size):
        run = list(members)
        kinds, start = _kinds(run), at
        at += len(run)
        if (
            run[0].size < _LEAST
            or len(set(kinds)) < 2
            or not {Filling.WORDS, Filling.CHOICE} & set(kinds)
        ):
            continue
        for a, b in _cut(kinds, known, chain, start):
            if _agree(run[a:b]):
                yield run[a:b]


def _agree(table: Sequence[_Group]) -> bool:
    """Whether the first line names every column or none.

    A column of words hides whether it does: its first line says so, or two others do.
    """
    headed = [group.headed for group in table if group.filling is not Filling.WORDS]
    named = [group.named for group in table if group.filling is Filling.WORDS]
    if not any(headed):
        return True
    return all(headed) and (len(headed) > 1 or all(named))


def _cut(
    kinds: tuple[Filling, ...],
    known: Set[tuple[Filling, ...]],
    chain: Sequence[_Group],
    start: int,
) -> list[tuple[int, int]]:
    """Where columns of one size fall into tables whose kinds come back."""
    period = next(
        p
        for p in range(2, len(kinds) + 1)
        if all(a is b for a, b in zip(kinds, kinds[p:], strict=False))
    )
    if len(kinds) == _LEAST == len(chain) and kinds[0] is Filling.WORDS:
        period = _LEAST  # a third column like the first, and nothing else near
    if len(kinds) % period or period > _MOST_COLUMNS:
        return _met(kinds, known)
    whole = kinds[:period]
    if whole not in known and not _stands_alone(whole, chain, start, start + len(kinds)):
        return []
    return [(at, at + period) for at in range(0, len(kinds), period)]


def _met(kinds: tuple[Filling, ...], known: Set[tuple[Filling, ...]]) -> list[tuple[int, int]]:
    """Where kinds that the text's other tables have stand among them."""
    found, at = [], 0
    while at < len(kinds):
        here = [len(w) for w in known if w[0] in _LABELS and kinds[at : at + len(w)] == w]
        if here:
            found.append((at, at + max(here)))
        at += max(here, default=1)
    return found


def _stands_alone(
    whole: tuple[Filling, ...], chain: Sequence[_Group], start: int, end: int
) -> bool:
    """Whether no column beside these, of nearly their size, may belong between them.

    A column that lost a cell has another size: then the last column of one page and the first
    of the next may happen to have the same.
    """
    before = chain[start - 1] if start else None
    after = chain[end] if end < len(chain) else None
    if whole[0] not in _LABELS:
        return before is None and after is None
    if before is None or not _near(before, chain[start]):
        return True
    if not start % len(whole) and _kinds(chain[start - len(whole) : start]) == whole:
        return True
    counted = before.filling in (Filling.COUNT, Filling.NUMBER) and before.filling not in whole
    return counted and (after is None or after.filling is not before.filling)


def _near(one: _Group, other: _Group) -> bool:
    return abs(one.size - other.size) <= max(2, 0.2 * other.size)
