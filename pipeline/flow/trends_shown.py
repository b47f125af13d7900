"""Rows of trends as a person reads them in a terminal: years side by side, a table as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

Row = Mapping[str, object]


def for_people(rows: Iterable[Row]) -> Iterator[Row]:
    """The same numbers in fewer columns; the quotations stay in the other formats.

    >>> cells = [{"part": "cell", "row": "good", "column": "yes", "reviews": 2, "draft": False},
    ...          {"part": "row total", "row": "good", "column": "", "reviews": 2, "draft": False},
    ...          {"part": "total", "row": "", "column": "", "reviews": 2, "draft": False}]
    >>> list(for_people(cells))[0]
    {'': 'good', 'yes': 2, 'all reviews': 2}
    """
    listed = list(rows)
    if listed and "part" in listed[0]:
        yield from _table(listed)
    elif listed and "year" in listed[0]:
        for _, years in groupby(listed, key=lambda row: row["key"]):
            yield _over_years(list(years))
    else:
        for row in listed:
            yield {name: held for name, held in row.items() if not isinstance(held, list)}


def _over_years(rows: list[Row]) -> Row:
    first = rows[0]
    drafts: Row = {"draft": True} if any(row["draft"] for row in rows) else {}
    return {
        "key": first["key"],
        "title": first["title"],
        "reviews": f"{first['in_all']} of {first['of_all']}",
        "change": first["change"],
        "years met": f"{first['met_years']} of {first['told_years']}"
        if first["told_years"]
        else "",
        **drafts,
        **{str(row["year"]): f"{row['reviews']}/{row['of']}" for row in rows},
    }


def _table(rows: list[Row]) -> Iterator[Row]:
    made: dict[str, dict[str, object]] = {}
    beside: list[Row] = []
    for row in rows:
        if row["part"] == "alone or with others":
            word = row["row"] or row["column"]
            beside.append({"": f"{word}, alone or with others", "all reviews": row["reviews"]})
            continue
        line = made.setdefault(str(row["row"]) or "all reviews", {})
        line[str(row["column"]) or "all reviews"] = row["reviews"]
        if row["draft"]:
            line["draft"] = True
    for name, line in made.items():
        last = [key for key in ("all reviews", "draft") if key in line]
        order = [*(key for key in line if key not in last), *last]
        yield {"": name} | {key: line[key] for key in order}
    yield from beside
