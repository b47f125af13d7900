"""The tables of a web page: which are tables, their rows, what a cell spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from pipeline.raw.readers.html_outside import attribute, tag

_Element = etree._Element
_GROUPS = ("thead", "tbody", "tfoot")
_MOST_SPAN = 60
_LAYS_OUT = frozenset(["table", "h1", "h2", "h3", "h4", "h5", "h6"])


def groups(table: _Element) -> tuple[_Element, ...]:
    """The head, bodies and foot of a table."""
    return tuple(element for element in table if tag(element) in _GROUPS)


def rows(table: _Element) -> tuple[_Element, ...]:
    """The rows of a table, those of tables inside it not."""
    found: list[_Element] = []
    for element in table:
        if tag(element) in _GROUPS:
            found += [row for row in element if tag(row) == "tr"]
        elif tag(element) == "tr":
            found.append(element)
    return tuple(found)


def cells(row: _Element) -> tuple[_Element, ...]:
    """The cells of a row."""
    return tuple(cell for cell in row if tag(cell) in ("td", "th"))


def lays_out(table: _Element) -> bool:
    """Whether a table only puts blocks on the page: one column, or headings or tables in it."""
    if attribute(table, "role").lower() in ("presentation", "none"):
        return True
    if max((len(cells(row)) for row in rows(table)), default=0) < 2:
        return True
    return any(tag(inner) in _LAYS_OUT for inner in table.iterdescendants())


def grid(shown: Iterable[_Element]) -> Iterator[tuple[_Element | None, ...]]:
    """The rows with each cell in its column; None for a column that another cell reaches into."""
    reaching: dict[int, int] = {}
    for row in shown:
        made: list[_Element | None] = []
        waiting = list(cells(row))
        while waiting or any(column >= len(made) for column in reaching):
            column = len(made)
            if reaching.get(column):
                made.append(None)
                continue
            if not waiting:
                if not any(c > column for c in reaching):
                    break
                made.append(None)
                continue
            cell = waiting.pop(0)
            for offset in range(_span(cell, "colspan")):
                made.append(None if offset else cell)
                reaching[column + offset] = _span(cell, "rowspan")
        reaching = {column: left - 1 for column, left in reaching.items() if left > 1}
        yield tuple(made)


def _span(cell: _Element, name: str) -> int:
    value = attribute(cell, name).strip()
    return (
        min(_MOST_SPAN, int(value)) if value.isascii() and value.isdecimal() and value != "0" else 1
    )
