"""The truth about a rendered review: its blocks, what stands on its page edges, whom it names.

A reader that works well gives these blocks, in this order, and none of the furniture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.span import Kind
from pipeline.training.report import Item, Report
from pipeline.training.rich import Mark, Rich

BULLET = "•"
NAMED = (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION)
_KINDS = {"title": "cover"}


@dataclass(frozen=True, slots=True)
class Known:
    """One block as it should be read; white space is single.

    `kind` is a kind of block, or `cover` and `contents` for lines of which only the words count:
    whether they are headings or paragraphs is nobody's business. `artefact` names
    what makes the block hard to read, empty where nothing does. `free` blocks stand beside the
    text (footnotes, boxes): where they come in the order is not judged. `names` are the surface
    forms of people, places and organisations in it, one a mention.
    """

    kind: str
    text: str
    number: str | None = None
    level: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    artefact: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """One piece of furniture: a line of a page's edge, its page and its style."""

    page: int
    text: str
    artefact: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """What one file holds."""

    pages: int
    blocks: tuple[Known, ...]
    edges: tuple[Edge, ...]
    artefacts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The canonical text as it should be read."""
        return "\n\n".join(block.text for block in self.blocks)


def single(text: str) -> str:
    r"""A text with its white space single.

    >>> single(" one\n two ")
    'one two'
    """
    return " ".join(text.split())


def names_in(rich: Rich) -> tuple[str, ...]:
    """The names in a text, one a mention."""
    return tuple(
        single(rich.text[p.start : p.end])
        for p in rich.placed
        if isinstance(p.what, Mark) and p.what.kind in NAMED
    )


def known(item: Item, *, note: str = "", artefact: str = "", free: bool = False) -> Known:
    """The block that an item should be read as; `note` is the footnote's mark at its end."""
    if item.kind == "table":
        rows = tuple(tuple(single(c.text) for c in row) for row in item.rows)
        said = "\n".join("\t".join(row) for row in rows)
        names = tuple(name for row in item.rows for c in row for name in names_in(c))
        return Known("table", said, None, None, rows, names, artefact, free)
    names = names_in(item.text)
    text = single(item.text.text)
    kind = _KINDS.get(item.kind, item.kind)
    number = item.number.split()[0] if item.number else None
    if kind == "contents":
        return Known(kind, f"{text} {item.number}", None, None, (), names, artefact, free)
    if kind == "bullet":
        text = f"{BULLET} {text}"
    elif item.number:
        text = f"{single(item.number)} {text}"
    if note:
        text = f"{text} {note}"
    level = (item.level or 1) if kind == "heading" else None
    return Known(kind, text, number, level, (), names, artefact, free or kind == "footnote")


def blocks_of(items: Sequence[Item]) -> tuple[Known, ...]:
    """The blocks of a review's items, in order, each footnote after its paragraph."""
    following = [*items[1:], Item("end")]
    return tuple(
        known(item, note=after.number if after.kind == "footnote" else "")
        for item, after in zip(items, following, strict=True)
        if item.kind != "break"
    )


def plain(report: Report, pages: int, mark: str) -> Truth:
    """The truth of a PDF without flaws: head, foot and page mark on every page but the first."""
    edges = [
        Edge(page, single(text), "plain")
        for page in range(2, pages + 1)
        for text in (report.header.text, report.footer.text, mark.format(n=page, of=pages))
        if text
    ]
    return Truth(pages, blocks_of(report.items), tuple(edges))


def row(truth: Truth, file: str) -> dict[str, Any]:
    """One line of a file of truths."""
    return {
        "file": file,
        "pages": truth.pages,
        "artefacts": list(truth.artefacts),
        "blocks": [
            {
                "kind": b.kind,
                "number": b.number,
                "level": b.level,
                "text": b.text,
                "rows": [list(r) for r in b.rows],
                "names": list(b.names),
                "artefact": b.artefact,
                "free": b.free,
            }
            for b in truth.blocks
        ],
        "furniture": [
            {"page": e.page, "text": e.text, "artefact": e.artefact} for e in truth.edges
        ],
    }


def from_row(row: dict[str, Any]) -> Truth:
    """The truth of one line of a file of truths."""
    blocks = tuple(
        Known(
            b["kind"],
            b["text"],
            b["number"],
            b["level"],
            tuple(tuple(r) for r in b["rows"]),
            tuple(b["names"]),
            b["artefact"],
            b["free"],
        )
        for b in row["blocks"]
    )
    edges = tuple(Edge(e["page"], e["text"], e["artefact"]) for e in row["furniture"])
    return Truth(row["pages"], blocks, edges, tuple(row["artefacts"]))
