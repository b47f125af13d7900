"""The two panes: each block of the report, as it was received and as it will be published."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.door.redact import Redaction
from pipeline.flow.deciding import Desk
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
    text = desk.reading.document.text
    marks = list(_marks(desk))
    starts = [mark.span.start for mark in marks]
    return tuple(
        _block(text, block.kind, block.span, block.rows, marks, starts)
        for block in _blocks(desk)
        if block.span is not None
    )


def published(made: Redaction) -> Rows:
    """The same blocks as they will be published, with what was changed marked."""
    document = made.document
    cards = [change.identity or "" for change in made.plan.replacements]
    marks = [
        _Mark(swap.span, "swap", card) for swap, card in zip(document.swaps, cards, strict=True)
    ]
    starts = [mark.span.start for mark in marks]
    return tuple(
        _block(document.text.value, block.kind, block.span, block.rows, marks, starts)
        for block in document.blocks
    )


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


def _block(
    text: str,
    kind: BlockKind,
    span: Span,
    rows: Sequence[Sequence[Span | None]],
    marks: Sequence[_Mark],
    starts: Sequence[int],
) -> str:
    if kind is BlockKind.TABLE and rows:
        return _table(text, rows, marks, starts)
    look = _LOOKS.get(kind, "paragraph")
    inside = _inside(text, span, marks, starts)
    return Markup('<div class="{}" data-s="{}">{}</div>').format(look, span.start, inside)


def _table(
    text: str,
    rows: Sequence[Sequence[Span | None]],
    marks: Sequence[_Mark],
    starts: Sequence[int],
) -> str:
    lines = []
    for row in rows:
        cells = [
            Markup("<td></td>")
            if cell is None
            else Markup('<td data-s="{}">{}</td>').format(
                cell.start, _inside(text, cell, marks, starts)
            )
            for cell in row
        ]
        lines.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
    return Markup("<table><tbody>{}</tbody></table>").format(Markup("").join(lines))


def _inside(text: str, span: Span, marks: Sequence[_Mark], starts: Sequence[int]) -> Markup:
    """The text of a span, escaped, with its marks: its letters are those of the text, in order."""
    parts: list[Markup] = []
    at = span.start
    first = max(0, bisect_left(starts, span.start) - 1)
    for mark in _within(marks[first:], span):
        start, end = max(mark.span.start, at), min(mark.span.end, span.end)
        if start < end:
            parts.append(escape(text[at:start]))
            written = escape(text[start:end])
            parts.append(
                Markup('<mark class="{}" data-c="{}">{}</mark>').format(
                    mark.look, mark.card, written
                )
            )
            at = end
    return Markup("").join([*parts, escape(text[at : span.end])])


def _within(marks: Iterable[_Mark], span: Span) -> Iterator[_Mark]:
    for mark in marks:
        if mark.span.start >= span.end:
            return
        if mark.span.end > span.start:
            yield mark
