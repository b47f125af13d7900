"""Which short lines of a plain text are headings, and how deep."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.raw.readers import text_breaks
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.numbering import Marker
from pipeline.span import BlockKind

_MOST = 110
_WORDS = 16
_ENDED = re.compile(r"[.,;:…!]['\"’”)]*\d{0,2}$|\.{3,}")
_WORD = re.compile(r"[^\W\d_]{3,}")


def may_be(parts: Sequence[Stretch], mark: Marker | None, lines: int) -> bool:
    """Whether a block of one or two lines reads as a heading: short, no stop, a capital first."""
    text = "".join(part.text for part in parts)
    body = text[mark.length :].strip() if mark else text.strip()
    if lines > 3 or len(text) > _MOST or len(body.split()) > _WORDS or _ENDED.search(body):
        return False
    if mark is not None and mark.depth == 0:
        return False
    first = body.lstrip("“‘\"'([")[:1]
    return first.isupper() and bool(_WORD.search(body))


def depth(number: str | None, text: str) -> int:
    """A heading's level: what its number says, else 1 for capitals and 2 for the rest."""
    if number and number[0].isdecimal():
        return min(6, len(re.split(r"[.-]", number)))
    return 1 if text.isupper() else 2


def lowered(drafts: Sequence[Draft], start: int | None) -> list[Draft]:
    """The drafts, with none that starts at a place of the source or later a heading."""
    return [
        replace(draft, kind=BlockKind.PARAGRAPH)
        if start is not None and draft.kind is BlockKind.HEADING and _source(draft) >= start
        else draft
        for draft in drafts
    ]


def _source(draft: Draft) -> int:
    return next((part.source for part in draft.parts if part.source is not None), -1)


def settled(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The drafts with their headings settled.

    Four or more in a row without numbers are the cells of a table, a list or a contents page;
    nothing stands under the last block.
    """
    made = list(drafts)
    body = [i for i, d in enumerate(drafts) if d.kind is not BlockKind.FURNITURE]
    run: list[int] = []
    for i in [*body, None]:
        if i is not None and drafts[i].kind is BlockKind.HEADING:
            run.append(i)
            continue
        plain = [k for k in run if drafts[k].number is None]
        parts = [k for k in run if text_breaks.is_part(drafts[k].text)]
        # In a list of parts one stands by the other; one alone starts what it names.
        alone = {k for k in parts if not {k - 1, k + 1} & set(parts)}
        dropped = set(plain) - alone if len(run) >= 4 else set()
        if i is None:
            dropped |= set(run)
        for k in run:
            if k in dropped:
                made[k] = replace(drafts[k], kind=BlockKind.PARAGRAPH)
            else:
                made[k] = replace(drafts[k], level=depth(drafts[k].number, drafts[k].text))
        run = []
    return tuple(made)
