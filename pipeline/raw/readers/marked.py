"""A paragraph whose sign, boldness and level are known becomes a block: number, bullet, heading."""

from __future__ import annotations

from pipeline.raw.readers import numbering
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.span import BlockKind

_HEADING_MOST = 250


class Marks:
    """Counts a document's numbered paragraphs, so that a typed number is told from any other."""

    def __init__(self) -> None:
        self._counted = numbering.Counted()

    def draft(
        self,
        text: str,
        *,
        sign: str = "",
        level: int | None = None,
        bold: bool = False,
        kind: BlockKind = BlockKind.PARAGRAPH,
    ) -> Draft:
        """The block that a paragraph is; `sign` is the number or bullet that a list gives it.

        >>> Marks().draft("A visit was made.", sign="3.").number
        '3'
        >>> Marks().draft("Findings", bold=True).kind.value, Marks().draft("- a plan").kind.value
        ('heading', 'paragraph')
        """
        text = " ".join(text.split())
        parts = (Stretch(f"{sign} "), Stretch(text)) if sign else (Stretch(text),)
        if kind is BlockKind.FURNITURE:
            return Draft(kind, parts)
        mark = numbering.marker(f"{sign} {text}" if sign else text)
        if mark is not None and mark.bullet and mark.sure and level is None:
            return Draft(BlockKind.BULLET, _pointed(parts, sign, mark))
        number = self._counted.number(mark, automatic=bool(sign))
        headed = bold and len(text) <= _HEADING_MOST and text[-1:] not in ".;,"
        if level is None and headed and kind is BlockKind.PARAGRAPH:
            level = min(6, mark.depth) if mark and mark.depth and number else 2
        if level is not None:
            return Draft(BlockKind.HEADING, parts, number=number, level=level)
        return Draft(kind, parts, number=number)


def _pointed(parts: tuple[Stretch, ...], sign: str, mark: numbering.Marker) -> tuple[Stretch, ...]:
    return parts if sign else numbering.bulleted(parts, mark)
