"""Rows as CSV for a spreadsheet or a statistics program; no cell is ever a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def flat(value: object) -> str | int | float:
    """A value as one cell: lists as their codes or ids, with a semicolon between.

    >>> flat(None), flat(True), flat(0.5), flat(["A1", "B2"])
    ('', 'yes', 0.5, 'A1; B2')
    >>> flat([{"review": "r-a", "passage": "p1"}]), flat([{"code": "A1", "score": 1}])
    ('r-a:p1', 'A1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        if "code" in value:
            return str(value["code"])
        if {"review", "passage"} == value.keys():
            return f"{value['review']}:{value['passage']}"
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, Iterable):
        return "; ".join(str(flat(one)) for one in value)
    return str(value)


def safe(cell: str | int | float) -> str:
    """A cell that no spreadsheet takes for a formula: text that looks like one gets a mark.

    >>> safe("=1+1"), safe(-3), safe("- a bullet"), safe("plain")
    ("'=1+1", '-3', "'- a bullet", 'plain')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else str(cell)


def render(rows: Iterable[Mapping[str, object]]) -> bytes:
    """The rows in UTF-8 with a byte-order mark, which spreadsheets need, and CRLF line ends."""
    listed = list(rows)
    columns = list(dict.fromkeys(key for row in listed for key in row))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows([safe(flat(row.get(column))) for column in columns] for row in listed)
    return stream.getvalue().encode("utf-8-sig")
