"""Texts of several sentences and of parts of sentences, made out of the invented ones.

A review's passage says several things, or half of one. A teacher learns from joined sentences,
which have the themes of both, and tells a learner what it makes of the rest (themes_teacher).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

Row = tuple[str, tuple[str, ...]]  # a text and its codes; NO_THEME alone where it has none
NO_THEME = ""
JOINED = 0.4  # of a round's texts are joined with others
_WITHOUT = 0.3  # of what is joined on has no theme
_MORE = (1, 1, 2)  # sentences that are joined on


def joined(rows: Sequence[Row], rng: random.Random, share: float = JOINED) -> list[Row]:
    """The rows in their order, of which a share is joined with other rows.

    >>> rows = [("Nobody asked.", ("C1",)), ("It rained.", ("",))]
    >>> joined(rows, random.Random(4), share=1.0)[0]
    ('It rained. Nobody asked.', ('C1',))
    """
    none = _of_none(rows)
    made = []
    for row in rows:
        if rng.random() >= share:
            made.append(row)
            continue
        parts = [row, *_others(rows, none, rng)]
        rng.shuffle(parts)
        codes = sorted({code for _, some in parts for code in some if code})
        made.append((" ".join(text for text, _ in parts), tuple(codes) or (NO_THEME,)))
    return made


def _of_none(rows: Sequence[Row]) -> Sequence[Row]:
    return [row for row in rows if row[1] == (NO_THEME,)] or rows


def _others(rows: Sequence[Row], none: Sequence[Row], rng: random.Random) -> list[Row]:
    return [rng.choice(none if rng.random() < _WITHOUT else rows) for _ in range(rng.choice(_MORE))]


def pool(rows: Sequence[Row], seed: int, times: int = 7) -> list[str]:
    """The texts of the rows, and of each so many others: joined, thinned out, cut or crossed.

    They have no code: what a teacher says of them is what is learned.
    """
    rng = random.Random(seed)
    made = [text for text, _ in rows]
    none = _of_none(rows)
    for _ in range(times):
        for text, codes in rows:
            drawn = rng.random()
            if drawn < 0.55:
                parts = [(text, codes), *_others(rows, none, rng)]
                rng.shuffle(parts)
                made.append(" ".join(part for part, _ in parts))
                continue
            words = text.split()
            if drawn < 0.75:
                words = [word for word in words if rng.random() > 0.15]
            elif rng.random() < 0.5:
                other = rng.choice(rows)[0].split()
                words = words[: len(words) // 2] + other[len(other) // 2 :]
            else:
                words = words[len(words) // 3 :]
            if len(words) > 3:
                made.append(" ".join(words))
    return made
