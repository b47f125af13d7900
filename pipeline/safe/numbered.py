"""A list of numbered recommendations with something said below each of them.

Answers to a report print each recommendation under its number and the answer under it, without
one. The words of both are alike ("this should be done"); the numbers tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.safe.lesson import SafeBlock
from pipeline.span import BlockKind

FEWEST = 5  # items of such a list


def runs(blocks: Sequence[SafeBlock]) -> tuple[tuple[int, ...], ...]:
    """The places of blocks that are numbered 1, 2, 3 … in turn, FEWEST or more of them.

    Where blocks stand between them that have another number, the run goes on behind them.

    >>> from pipeline.span import Span
    >>> def block(at, number):
    ...     return SafeBlock(BlockKind.PARAGRAPH, 1, Span(at, at + 1), number)
    >>> runs([block(at, number) for at, number in enumerate(["1", None, "2", "3", "4", "5"])])
    ((0, 2, 3, 4, 5),)
    """
    found: list[tuple[int, ...]] = []
    run: list[int] = []
    wanted = 1
    for place, block in enumerate(blocks):
        number = _number(block)
        if number == 1 and wanted != 2:
            found, run, wanted = _kept(found, run), [place], 2
        elif number == wanted and number > 1:
            run, wanted = [*run, place], wanted + 1
    return tuple(_kept(found, run))


def _kept(found: list[tuple[int, ...]], run: Sequence[int]) -> list[tuple[int, ...]]:
    return [*found, tuple(run)] if len(run) >= FEWEST else found


def _number(block: SafeBlock) -> int | None:
    told = (block.number or "").strip(".()")
    return int(told) if block.kind is not BlockKind.BULLET and told.isdecimal() else None
