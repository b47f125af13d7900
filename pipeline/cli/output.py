"""How rows are shown: as a table for people, as JSON lines or CSV for other programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

Row = Mapping[str, object]
# What a spreadsheet takes for the start of a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """The forms that listing commands offer."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


def _cell(value: object) -> str:
    """A value as one cell of text.

    >>> _cell(None), _cell(["a", 1]), _cell(True)
    ('', '["a", 1]', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _read_cell(value: object) -> str:
    """A value as people read it in a table: several things with commas between, none as nothing.

    >>> _read_cell(["a", 1]), _read_cell([]), _read_cell([{"a": 1}])
    ('a, 1', '', '[{"a": 1}]')
    """
    if isinstance(value, list | tuple) and all(isinstance(one, str | int | float) for one in value):
        return ", ".join(map(_cell, value))
    return _cell(value)


def _csv_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (lessons: a cell that starts with = is text).

    >>> _csv_cell("=1+1"), _csv_cell(-3), _csv_cell("- a bullet")
    ("'=1+1", '-3', "'- a bullet")
    """
    text = _cell(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def emit(text: str) -> None:
    """Write data to standard output."""
    sys.stdout.write(text)


def say(message: str) -> None:
    """Tell the person something, on standard error, apart from the data."""
    sys.stderr.write(message + "\n")


def show(rows: Iterable[Row], form: Format, *, apart: Collection[str] = ()) -> None:
    """Write rows to standard output in the form that was asked for.

    People are not shown the columns `apart`, which only programs read, nor in a table without a
    draft that none is one.
    """
    if form is Format.JSONL:
        for row in rows:
            emit(json.dumps(row, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        return
    listed = list(rows)
    columns = list(dict.fromkeys(key for row in listed for key in row))
    if form is Format.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows([_csv_cell(row.get(column)) for column in columns] for row in listed)
        return
    unsaid = {*apart} if any(row.get("draft") for row in listed) else {*apart, "draft"}
    _table(listed, [column for column in columns if column not in unsaid])


def _table(rows: list[Row], columns: list[str]) -> None:
    from pipeline.cli.tables import table_of

    if not rows:
        say("Nothing to list.")
        return
    heads = [column.replace("_", " ") for column in columns]
    table_of([[_read_cell(row.get(column)) for column in columns] for row in rows], heads)
