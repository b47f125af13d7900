"""The list that is on the screen, as a file for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.flow.exploring import Shelf
from pipeline.safe.lesson import Hit, Passage

Row = dict[str, object]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _csv(rows: list[Row]) -> bytes:
    """Rows as CSV; a cell that a spreadsheet would take for a formula is text.

    >>> _csv([{"quote": "- a bullet", "page": 3}]).decode("utf-8-sig").splitlines()
    ['quote,page', "'- a bullet,3"]
    """
    out = io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    return json.dumps(value, ensure_ascii=False)


def _jsonl(rows: list[Row]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


# A format that comes later is one more line here.
FORMS: Mapping[str, tuple[str, str, Callable[[list[Row]], bytes]]] = {
    "csv": ("CSV, for spreadsheets", "text/csv; charset=utf-8", _csv),
    "jsonl": ("JSON lines, for programs", "application/x-ndjson; charset=utf-8", _jsonl),
}


def file(rows: Iterable[Row], what: str, form: str) -> Response:
    """Rows as a file; there is no such page where there is no such form."""
    if form not in FORMS:
        raise HTTPException(404)
    _, media, write = FORMS[form]
    headers = {
        "Content-Type": media,
        "Content-Disposition": f'attachment; filename="candour-{what}.{form}"',
    }
    return Response(write(list(rows)), headers=headers)


def passage_row(shelf: Shelf, passage: Passage) -> Row:
    """A passage with what is known of it and of its review."""
    return {
        "review": passage.review,
        "year": shelf.facts[passage.review].year,
        "passage": passage.id,
        "page": passage.page,
        "paragraph": passage.paragraph,
        "heading": passage.heading,
        "start": passage.span.start,
        "end": passage.span.end,
        "role": passage.role.value,
        "themes": [mark.code for mark in passage.themes],
        "lessons": list(shelf.made.get((passage.review, passage.id), ())),
        "text": passage.text,
        "draft": passage.draft,
    }


def hit_row(shelf: Shelf, hit: Hit) -> Row:
    """A hit of a search with the columns that `candour search` has, and the review's year."""
    return {
        "rank": hit.rank,
        "review": hit.review,
        "year": shelf.facts[hit.review].year,
        "passage": hit.passage,
        "page": hit.page,
        "paragraph": hit.paragraph,
        "quote": hit.quote,
        "start": hit.span.start,
        "end": hit.span.end,
        "score": hit.score,
        "draft": hit.draft,
    }
