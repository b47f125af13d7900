"""Dates and years of birth that only their place tells: a column of a table, "b. 1958"."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers.row import PATTERN_SECONDS
from pipeline.span import Kind, Span

_TITLE = r"(?i:d\.?[ ]?o\.?[ ]?b\.?|date[ ]of[ ]birth|birth[ ]?date|born|year[ ]of[ ]birth)"
_WHEN = (
    r"(?<![\w./-])(?:\d{1,2}[./-]\d{1,2}[./-](?:(?:19|20)\d\d|\d\d)"
    r"|(?:\d{1,2}(?:st|nd|rd|th)?[ ])?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
    r"\.?[ ](?:(?:19|20)\d\d|'?\d\d)|(?:19|20)\d\d)(?![\w/-]|\.\d)"
)
_HEADER = regex.compile(rf"^[^\d\n.]{{0,60}}?\b{_TITLE}(?![\w:])[^\d\n:]{{0,80}}$", regex.MULTILINE)
# What else stands at the head of such a table: a line of prose that says "born" is none.
_COLUMN = regex.compile(
    r"\t|\b(?:Name|Relationship|Relation|Ethnicity|Age|Gender|Sex|Role|Label|Identity|Member|Subject"
    r"|Address|Position)\b"
)
_FACT = regex.compile(rf"(?<![\w.])b\.?[ ]?(?P<it>{_WHEN})")
_DATE = regex.compile(_WHEN)
_LINE = regex.compile(r"[^\n]+")
# A row of a family's table is shorter than this, and no sentence.
_ROW = 140


def found(text: str) -> Iterator[Finding]:
    """Dates under the title of a column of births, and dates after "b."."""
    for match in _FACT.finditer(text, timeout=PATTERN_SECONDS):
        yield _birth(*match.span("it"))
    end = 0
    for header in _HEADER.finditer(text, timeout=PATTERN_SECONDS):
        if header.start() >= end and _COLUMN.search(header.group()):
            for start, end in _rows(text, header.end()):
                date = _cell(text, start, end, header.group())
                if date is None:
                    break
                yield _birth(*date.span())


def _rows(text: str, at: int) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text, at, timeout=PATTERN_SECONDS):
        if len(line.group()) > _ROW or line.group().rstrip().endswith("."):
            return
        if line.group().strip():
            yield line.span()


def _cell(text: str, start: int, end: int, header: str) -> regex.Match[str] | None:
    """The date of a row under the title; where no tab tells the columns, its first date."""
    cells = text[start:end].split("\t")
    titles = header.split("\t")
    at = next((n for n, t in enumerate(titles) if regex.search(rf"\b{_TITLE}", t)), 0)
    if len(cells) == len(titles) > 1:
        start += sum(len(cell) + 1 for cell in cells[:at])
        end = start + len(cells[at])
    return _DATE.search(text, start, end)


def _birth(start: int, end: int) -> Finding:
    return Finding(Span(start, end), Kind.DATE, "birth", 0.97, "dates")
