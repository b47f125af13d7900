"""The two panes: each block of the report, as it was received and as it will be published."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.door.redact import Redaction
from pipeline.flow.desks import Desk
from pipeline.raw.document import Block
from pipeline.span import BlockKind, Span

Rows = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch that looks another way: `look` is a class, `card` what it belongs to."""

    span: Span
    look: str
    card: str


def pages(desk: Desk) -> tuple[int, ...]:
    """For each row, the page that its block stands on."""
    return tuple(block.page for block in _blocks(desk))


def source(desk: Desk) -> Rows:
    """Each block of the report with its names marked: raw text, escaped."""
    pane = _Pane(desk.reading.document.text, tuple(_marks(desk)), placed=True)
    blocks = ((block.kind, block.span, block.rows) for block in _blocks(desk))
    return tuple(pane.block(kind, span, rows) for kind, span, rows in blocks if span is not None)


def published(made: Redaction) -> Rows:
    """The same blocks as they will be published, with what was changed marked.

    They bear no places: those move with every label before them.
    """
    cards = (change.identity or "" for change in made.plan.replacements)
    swaps = zip(made.document.swaps, cards, strict=True)
    marks = tuple(_Mark(swap.span, "swap", card) for swap, card in swaps)
    pane = _Pane(made.document.text.value, marks, placed=False)
    return tuple(pane.block(b.kind, b.span, b.rows) for b in made.document.blocks)


def labels(desk: Desk, made: Redaction) -> Mapping[str, str]:
    """What stands in the place of each finding, by its id; of a finding that stays nothing."""
    changes = made.plan.replacements
    starts = [change.span.start for change in changes]
    out = {}
    for finding in desk.proposal.findings:
        at = bisect_left(starts, finding.span.end) - 1
        if at >= 0 and changes[at].span.overlaps(finding.span):
            out[finding.id] = changes[at].label
    return out


def _blocks(desk: Desk) -> Iterator[Block]:
    return (block for block in desk.reading.document.blocks if block.span is not None)


def _marks(desk: Desk) -> Iterator[_Mark]:
    """The findings by their place: still open, hidden, or decided to stay."""
    card_of = {finding: card for card in desk.cards for finding in card.findings}
    stays = {span.start for span in desk.settlement.kept}
    for finding in desk.proposal.findings:
        card = card_of.get(finding.id)
        look = "open" if card is not None and card.is_open else "hide"
        if finding.span.start in stays:
            look = "stay"
        yield _Mark(finding.span, look, card.id if card else "")


_LOOKS = {
    BlockKind.HEADING: "heading",
    BlockKind.BULLET: "bullet",
    BlockKind.QUOTE: "quote",
    BlockKind.FOOTNOTE: "footnote",
}


class _Pane:
    """One text with its marks; `placed` says that each cell tells where in the text it starts."""

    def __init__(self, text: str, marks: Sequence[_Mark], *, placed: bool) -> None:
        self._text = text
        self._marks = marks
        self._starts = [mark.span.start for mark in marks]
        self._placed = placed

    def block(self, kind: BlockKind, span: Span, rows: Sequence[Sequence[Span | None]]) -> str:
        """A block of the text, escaped: a table as one, the rest by its look."""
        if kind is BlockKind.TABLE and rows:
            lines = (self._row(row) for row in rows)
            return Markup("<table><tbody>{}</tbody></table>").format(Markup("").join(lines))
        return Markup('<div class="{}"{}>{}</div>').format(
            _LOOKS.get(kind, "paragraph"), self._place(span), self._inside(span)
        )

    def _row(self, row: Sequence[Span | None]) -> Markup:
        cells = (
            Markup("<td></td>")
            if cell is None
            else Markup("<td{}>{}</td>").format(self._place(cell), self._inside(cell))
            for cell in row
        )
        return Markup("<tr>{}</tr>").format(Markup("").join(cells))

    def _place(self, span: Span) -> Markup:
        return Markup(' data-s="{}"').format(span.start) if self._placed else Markup("")

    def _inside(self, span: Span) -> Markup:
        """The letters of a span, all of them and in order, with its marks around theirs."""
        parts: list[Markup] = []
        at = span.start
        first = max(0, bisect_left(self._starts, span.start) - 1)
        for mark in self._within(first, span):
            start, end = max(mark.span.start, at), min(mark.span.end, span.end)
            if start < end:
                written = escape(self._text[start:end])
                parts += [
                    escape(self._text[at:start]),
                    Markup('<mark class="{}" data-c="{}">{}</mark>').format(
                        mark.look, mark.card, written
                    ),
                ]
                at = end
        return Markup("").join([*parts, escape(self._text[at : span.end])])

    def _within(self, first: int, span: Span) -> Iterator[_Mark]:
        for place in range(first, len(self._marks)):
            mark = self._marks[place]
            if mark.span.start >= span.end:
                return
            if mark.span.end > span.start:
                yield mark
