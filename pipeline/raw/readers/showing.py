"""What was read, shown: rows for other programs, plain text, Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.raw.document import Block, Document
from pipeline.span import BlockKind, Span


def rows(document: Document) -> Iterator[dict[str, object]]:
    """Blocks, the cells of tables and what was not read, as `candour read --format jsonl` has them.

    `start` and `end` count in the decoded text of a text file, else in the canonical text;
    the furniture of PDF and Word has none.
    """
    outside = _places(document)
    for index, block in enumerate(document.blocks):
        place = outside.get(index) if block.span is None else document.to_source(block.span)
        yield {
            "type": "block",
            "kind": block.kind.value,
            "page": block.page,
            "number": block.number,
            "level": block.level,
            "start": None if place is None else place.start,
            "end": None if place is None else place.end,
            "text": block.text,
        }
        if block.rows:
            yield {"type": "table", "page": block.page, "rows": cells(document, block)}
    for thing in document.unread:
        yield {
            "type": "unread",
            "what": thing.what.value,
            "page": thing.page,
            "reason": thing.reason,
        }


def cells(document: Document, block: Block) -> list[list[str]]:
    """The cells of a table as texts; an empty cell is an empty text."""
    return [["" if cell is None else cell.of(document.text) for cell in row] for row in block.rows]


def _gaps(document: Document) -> Iterator[Span]:
    """The stretches of the decoded text that came into no canonical text."""
    if document.origins is None or document.source_text is None:
        return
    taken = sorted((p.source, p.source + p.length) for p in document.origins.pieces)
    ends = [(0, 0), *taken, (len(document.source_text),) * 2]
    for (_, end), (start, _) in pairwise(ends):
        if end < start:
            yield Span(end, start)


def _places(document: Document) -> dict[int, Span]:
    """Where furniture stands in the decoded text, by the block's index."""
    source = document.source_text
    if source is None:
        return {}
    waiting = [(i, b.text) for i, b in enumerate(document.blocks) if b.span is None]
    found: dict[int, Span] = {}
    for gap in _gaps(document):
        at = gap.start
        for index, text in list(waiting):
            start, end = _find(source, text, at, gap.end)
            if start < 0:
                break
            found[index] = Span(start, end)
            waiting.remove((index, text))
            at = end
    return found


def _find(source: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Where a text whose white space was evened out stands; (-1, -1) where it does not."""
    words = text.split()
    first = source.find(words[0], start, end)
    at = first
    for word in words:
        at = source.find(word, at, end)
        if at < 0:
            return -1, -1
        at += len(word)
    return first, at


def as_text(document: Document) -> str:
    """The canonical text with one line break at its end."""
    return document.text + "\n" if document.text else ""


def as_markdown(document: Document) -> str:
    """The structure as Markdown: headings, bullets, tables, notes; furniture is left out."""
    shown = [_markdown(document, b) for b in document.blocks if b.span is not None]
    return "\n\n".join(shown) + "\n" if shown else ""


def _markdown(document: Document, block: Block) -> str:
    if block.rows:
        return _grid(cells(document, block))
    text = block.text.replace("\n", " ")
    if block.kind is BlockKind.HEADING:
        return "#" * min(6, (block.level or 2)) + " " + text
    if block.kind is BlockKind.BULLET:
        return "- " + text.removeprefix("•").lstrip()
    if block.kind is BlockKind.QUOTE:
        return "> " + text
    if block.number and block.kind is BlockKind.PARAGRAPH:
        # A number is part of the report: it is not to be counted anew.
        return text.replace(".", "\\.", 1) if text[:1].isdecimal() else text
    return text


def _grid(grid: Sequence[Sequence[str]]) -> str:
    width = max(len(row) for row in grid)
    filled = [[c.replace("|", "\\|") for c in row] + [""] * (width - len(row)) for row in grid]
    head, *body = ["| " + " | ".join(row) + " |" for row in filled]
    return "\n".join([head, "|" + " --- |" * width, *body])
