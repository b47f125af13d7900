"""A study as an Excel workbook: one sheet a listing; the same study gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.exporters.refi import plain
from pipeline.exporters.to_csv import FORMULA, flat
from pipeline.safe.frame import WARNING
from pipeline.safe.study import WHAT, Study, rows

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# Excel's own limit for a cell (support.microsoft.com, "Excel specifications and limits").
FULL = 32_767
CUT = " [cut: a cell holds no more]"
MOST_ROWS = 1_048_575
_TOO_MANY = (
    "A sheet of Excel holds 1,048,575 rows, and there are more. Nothing was written. Choose csv "
    "or jsonl, or one listing with --what."
)
_WIDE = frozenset({"text", "quote", "definition", "title", "heading", "value"})


def render(study: Study, what: Sequence[str] = WHAT) -> bytes:
    """A workbook with a sheet of what it rests on, the codebook, and the listings asked for.

    Text is written as text, whatever it starts with: no cell is a formula or a link.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(stream, options)
    # The day of the format's own first edition: a workbook must state one, and no clock is asked.
    book.set_properties({"created": datetime(2006, 12, 7, tzinfo=UTC), "author": "Candour"})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "quoted": book.add_format({"quote_prefix": True}),
    }
    _sheet(book, "about", _about(study), formats)
    _sheet(book, "codebook", _codebook(study), formats)
    for one in what:
        _sheet(book, one, rows(study, one), formats)
    book.close()
    return stream.getvalue()


def _about(study: Study) -> list[dict[str, object]]:
    told = study.stamp.row()
    if study.draft:
        told = {"draft": WARNING, **told}
    return [{"what": key, "value": value} for key, value in told.items()]


def _codebook(study: Study) -> list[dict[str, object]]:
    return [
        {"code": t.code, "title": t.title, "group": t.group, "definition": t.definition}
        for t in study.book.all
    ]


def _sheet(
    book: Workbook,
    name: str,
    listed: Iterable[Mapping[str, object]],
    formats: Mapping[str, Format],
) -> None:
    sheet = book.add_worksheet(name)
    kept = list(listed)
    if len(kept) > MOST_ROWS:
        raise UsageError(_TOO_MANY)
    columns = list(dict.fromkeys(key for row in kept for key in row))
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, formats["head"])
        sheet.set_column(place, place, 60 if column in _WIDE else 14)
    for number, row in enumerate(kept, start=1):
        for place, column in enumerate(columns):
            cell = flat(row.get(column))
            if not isinstance(cell, str):
                sheet.write_number(number, place, cell)
            elif cell:
                quoted = formats["quoted"] if cell.startswith(FORMULA) else None
                sheet.write_string(number, place, _fits(cell), quoted)
    sheet.freeze_panes(1, 0)


def _fits(cell: str) -> str:
    r"""The text as a cell can hold it: lines end in LF, and where it is cut that is told.

    >>> _fits("one\r\ntwo\x00"), len(_fits("x" * 40_000)) == FULL
    ('one\ntwo ', True)
    """
    cell = plain(cell.replace("\r\n", "\n").replace("\r", "\n"))
    return cell if len(cell) <= FULL else cell[: FULL - len(CUT)] + CUT
