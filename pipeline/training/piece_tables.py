"""Tables of every hard kind; their cells are the report's own, so that names stand in them."""

from __future__ import annotations

import random
from dataclasses import replace

from pipeline.span import Kind
from pipeline.training.report import Item, Report
from pipeline.training.rich import Mark, Passage, Rich

_SOURCES = ("Health visitor", "Police", "Children’s services", "School", "Housing", "GP")


def part(rich: Rich, start: int, end: int) -> Rich:
    """A stretch of a text with what stands in it; a mark that is cut is left out.

    >>> part(Rich.of("one two"), 4, 7).text
    'two'
    """
    inside = tuple(
        replace(p, start=p.start - start, end=p.end - start)
        for p in rich.placed
        if isinstance(p.what, Mark) and start <= p.start and p.end <= end
    )
    return Rich(rich.text[start:end], inside)


def _sentences(report: Report) -> list[Rich]:
    """First sentences of the report's paragraphs, none of them cutting a name."""
    made = []
    for item in report.items:
        text = item.text
        stop = text.text.find(". ", 25) + 1
        cuts = any(p.start < stop < p.end for p in text.placed if isinstance(p.what, Mark))
        if item.kind == "paragraph" and stop and stop < 220 and not cuts:
            made.append(part(text, 0, stop))
    return made or [Rich.of("Nothing was recorded.")]


def _names(report: Report) -> list[Rich]:
    """The people whom the report names, as it writes them."""
    cells: dict[str, Rich] = {}
    for item in report.items:
        for text in (item.text, *(cell for row in item.rows for cell in row)):
            for p in text.placed:
                if isinstance(p.what, Mark) and p.what.kind is Kind.PERSON:
                    one = part(text, p.start, p.end)
                    cells.setdefault(one.text, one)
    return [cell for name, cell in cells.items() if len(name) < 40] or [report.header]


def _cells(*texts: str) -> tuple[Rich, ...]:
    return tuple(Rich.of(text) for text in texts)


def _long(rng: random.Random, report: Report) -> tuple[tuple[Rich, ...], ...]:
    sentences = _sentences(report)
    rows = [_cells("Ref", "Source", "Event", "Comment")]
    for number in range(1, 29):
        event, said = rng.choice(sentences), rng.choice(("Not shared", "Seen alone", "No record"))
        source = Rich.of(rng.choice(_SOURCES))
        rows.append((Rich.of(f"E{number}"), source, event, Rich.of(said)))
    return tuple(rows)


def _merged(rng: random.Random, report: Report) -> tuple[tuple[Rich, ...], ...]:
    """Cells over two columns and over two rows: what they cover is empty."""
    name, sentence = rng.choice(_names(report)), rng.choice(_sentences(report))
    return (
        _cells("Agency", "Contact", "", "Outcome"),
        _cells("", "First", "Last", ""),
        (Rich.of("Health"), *_cells("March", "June"), sentence),
        (Rich.of("Police"), name, Rich(), Rich.of("No further action")),
        _cells("", "April", "May", "Referred"),
    )


def _empty(rng: random.Random, report: Report) -> tuple[tuple[Rich, ...], ...]:
    sentences, names = _sentences(report), _names(report)
    rows = [_cells("Who", "Seen", "Not seen", "What was said")]
    for number in range(7):
        cells = [rng.choice(names), *_cells("Yes", "Yes"), rng.choice(sentences)]
        for at in rng.sample(range(1, 4), 1 + number % 2):
            cells[at] = Rich()
        rows.append(tuple(cells))
    return tuple(rows)


def _narrow(rng: random.Random, report: Report) -> tuple[tuple[Rich, ...], ...]:
    """Names in columns so narrow that they take several lines."""
    names, sentences = _names(report), _sentences(report)
    rows = [_cells("Who", "Role", "What was said")]
    for _ in range(6):
        role = Rich.of(rng.choice(("Independent reviewing officer", "Health visitor", "Teacher")))
        rows.append((rng.choice(names), role, rng.choice(sentences)))
    return tuple(rows)


def _borderless(rng: random.Random, report: Report) -> tuple[tuple[Rich, ...], ...]:
    names = _names(report)
    pairs = [
        (rng.choice(names), Rich.of(rng.choice(("spoke to the panel", "wrote", "did not answer"))))
        for _ in range(6)
    ]
    return ((Rich.of("Name"), Rich.of("Part in the review")), *pairs)


def _wide(rng: random.Random, report: Report) -> tuple[tuple[Rich, ...], ...]:
    """An action plan of six columns, as it stands on a page that lies on its side."""
    sentences = _sentences(report)
    rows = [_cells("No", "Recommendation", "Action", "Lead", "By", "Outcome")]
    for number in range(1, 6):
        rows.append(
            (
                Rich.of(f"R{number}"),
                rng.choice(sentences),
                Rich.of("Audit of records"),
                rng.choice(_names(report)),
                Rich.of("June 2015"),
                Rich.of(rng.choice(("Complete", "In progress", ""))),
            )
        )
    return tuple(rows)


_KINDS = {
    "table over pages": _long,
    "merged cells": _merged,
    "empty cells": _empty,
    "narrow cells": _narrow,
    "words cut in cells": _narrow,
    "borderless table": _borderless,
    "landscape page": _wide,
    "rotated page": _wide,
}


def table(rng: random.Random, report: Report, name: str) -> Item:
    """A table of one hard kind."""
    return Item("table", rows=_KINDS[name](rng, report), passage=Passage("table"))


# The cells that are one: (left, top) to (right, bottom), counted from the first row and column.
SPANS = (
    ((0, 0), (0, 1)),
    ((1, 0), (2, 0)),
    ((3, 0), (3, 1)),
    ((0, 3), (0, 4)),
    ((1, 3), (2, 3)),
)
