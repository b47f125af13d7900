"""A sheet from a spreadsheet: CSV as programs write it, to rows of fields, and back.

What a cell holds is text, never a formula: a cell that a spreadsheet would reckon with is
written with an apostrophe before it, and that apostrophe is taken off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import ReadError, UsageError
from pipeline.raw.field import Field, ValueRefusedError, value

# What a spreadsheet takes for the start of a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_BYTES, MOST_ROWS = 20_000_000, 50_000
ABOVE = 10  # rows that may stand above the headings, and they themselves
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
TOO_BIG = (
    "The file is too big for a register: 20 MB and 50,000 rows at most. Nothing was changed. "
    "Split it, or look whether it is the right file."
)
NO_CSV = (
    "The file is a workbook or another file that is not plain text. Nothing was changed. In the "
    'spreadsheet choose Save As, "CSV UTF-8", and take that file in.'
)
NO_TEXT = (
    "The letters of the file cannot be read: it is neither UTF-8 nor what Excel writes on "
    'Windows. Nothing was changed. Save it as "CSV UTF-8" and take that file in.'
)
NO_ROWS = (
    "The file has no row under its headings. Nothing was changed. Look whether it is the right "
    "file, and that its first row holds the headings."
)
BROKEN = (
    "The file is no CSV: a quotation mark is open to its end, or a cell is longer than any cell. "
    "Nothing was changed. Save it from the spreadsheet again."
)
MORE_CELLS = "more cells than headings: a separator stands in a cell without quotation marks"
TWICE = "Two columns have the heading of one field. Nothing was changed. Rename one of them."


@dataclass(frozen=True, slots=True)
class Shape:
    """What a sheet may hold: fields, the columns of ids, those of `needs` of which one is needed.

    `shown` are columns that the program fills in. They are passed over where a sheet of ours
    comes back, which is known by a column named `own`; in another's they mean something else.
    `wrong` says what to do where the columns are not so.
    """

    fields: tuple[Field, ...]
    ids: tuple[str, ...]
    shown: tuple[str, ...]
    needs: tuple[str, ...]
    own: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Given:
    """One row of a sheet. `line` is its number in the spreadsheet, the headings being row 1.

    `values` are what is to be recorded; an empty one takes away. `refused` are pairs of a field
    ("" for the row) and why, constant texts.
    """

    line: int
    ids: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...] = ()


def read(content: bytes, shape: Shape, *, leave_out: bool = False) -> tuple[Given, ...]:
    """The rows of a sheet; UsageError where its columns are wrong, ReadError where it is no CSV.

    Columns that the shape does not know are an error, or left out where that is wanted.
    """
    rows = _cells(_decoded(content), shape)
    at = _head(rows, shape)
    filled = {n for row in rows[at + 1 :] for n, cell in enumerate(row) if cell.strip()}
    columns = _columns(rows[at], shape, filled, leave_out=leave_out)
    given = [
        _given(line, row, columns, shape)
        for line, row in enumerate(rows[at + 1 :], start=at + 2)
        if any(cell.strip() for cell in row)
    ]
    if not given:
        raise UsageError(NO_ROWS)
    return tuple(given)


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ReadError(TOO_BIG)
    if content.startswith(_WORKBOOK):
        raise ReadError(NO_CSV)
    named = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    for encoding in (named,) if named else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\0" in text:
            raise ReadError(NO_CSV)
        return text
    raise ReadError(NO_TEXT)


def _cells(text: str, shape: Shape) -> list[list[str]]:
    """The cells, split by the separator under which most headings are known."""
    if text.casefold().startswith("sep="):  # what Excel reads, and writes for nobody else
        text = "\n" + text.partition("\n")[2]
    names, first = _names(shape), text.split("\n", ABOVE)[:ABOVE]

    def known(separator: str) -> int:
        split = ([cell.strip(' "\r') for cell in line.split(separator)] for line in first)
        return max(sum(_plain(cell) in names for cell in cells) for cells in split)

    separator = max((",", ";", "\t"), key=known)
    rows: list[list[str]] = []
    source = io.StringIO(text, newline="")
    try:
        for row in csv.reader(source, delimiter=separator, strict=True):
            if len(rows) > MOST_ROWS:
                raise ReadError(TOO_BIG)
            rows.append(row)
    except csv.Error:
        raise ReadError(BROKEN) from None
    if not any(cell.strip() for row in rows for cell in row):
        raise UsageError(NO_ROWS)
    return rows


def _head(rows: Sequence[Sequence[str]], shape: Shape) -> int:
    """Which row holds the headings: a title or blank rows may stand above them."""
    names = _names(shape)
    for at, row in enumerate(rows[:ABOVE]):
        if {names.get(_plain(cell), "") for cell in row} & set(shape.needs):
            return at
    raise UsageError(shape.wrong)


def _plain(heading: str) -> str:
    """A heading as headings are compared.

    >>> _plain(" Date_of  Judgement: ")
    'date of judgement'
    """
    return " ".join(re.split(r"[\s_/-]+", heading.casefold().strip(" :.*#\ufeff'")))


def _names(shape: Shape, *, ours: bool = False) -> dict[str, str]:
    """The column that each heading names, in a sheet of ours or another's."""
    names: dict[str, str] = {}
    for field in shape.fields:
        names |= {_plain(also): field.name for also in field.also}
    # A name of its own beats another's second name.
    shown = shape.shown if ours else ()
    named = (*shape.ids, *shown, *(field.name for field in shape.fields))
    return names | {_plain(name): name for name in named}


def _columns(
    head: Sequence[str], shape: Shape, filled: Collection[int], *, leave_out: bool
) -> list[str]:
    """The column that each heading stands for; "" where it is left out."""
    plain = [_plain(heading) for heading in head]
    names = _names(shape, ours=_plain(shape.own) in plain)
    columns = [names.get(heading, "") for heading in plain]
    kept = [name for name in columns if name]
    if len(kept) != len(set(kept)):
        raise UsageError(TWICE)
    unknown = [
        at for at, heading in enumerate(plain, start=1)
        if not columns[at - 1] and (heading or at - 1 in filled)
    ]  # fmt: skip
    if unknown and not leave_out:
        raise UsageError(f"{shape.wrong} Columns that are not known: {_letters(unknown)}.")
    return columns


def _letters(columns: Iterable[int]) -> str:
    """Columns by their letters, as a spreadsheet calls them.

    >>> _letters([1, 27])
    'A, AA'
    """
    found = []
    for number in columns:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        found.append(letters)
    return ", ".join(found)


def _given(line: int, row: Sequence[str], columns: Sequence[str], shape: Shape) -> Given:
    fields = {field.name: field for field in shape.fields}
    values: dict[str, str] = {}
    ids = dict.fromkeys(shape.ids, "")
    refused: list[tuple[str, str]] = []
    if any(cell.strip() for cell in row[len(columns) :]):
        refused.append(("", MORE_CELLS))
    for name, cell in zip(columns, row, strict=False):
        held = unmarked(cell)
        if name in ids:
            ids[name] = held.strip()
        elif name in fields and held.strip():
            try:
                values[name] = value(fields[name], held)
            except ValueRefusedError as error:
                refused.append((name, error.why))
    return Given(line, tuple(ids.values()), tuple(sorted(values.items())), tuple(refused))


def unmarked(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from reckoning with it.

    >>> unmarked("'=1+1"), unmarked("'tis"), unmarked("''tis")
    ('=1+1', "'tis", "'tis")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {*FORMULA, "'"} else cell


def marked(held: str) -> str:
    """A value as a cell that no spreadsheet reckons with, from which it comes back as it was.

    >>> marked("=1+1"), marked("'tis"), marked("Marl")
    ("'=1+1", "''tis", 'Marl')
    """
    return f"'{held}" if held.startswith((*FORMULA, "'")) else held


def write(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    """Rows as a CSV file that Excel opens as it is: UTF-8 with its mark, CRLF, no formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([marked(row.get(column, "")) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")
