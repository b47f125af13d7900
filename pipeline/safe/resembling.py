"""More like this: the passages of a library that say what one passage says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.safe.likeness import likeness
from pipeline.safe.postings import words_of
from pipeline.safe.query import And, Phrase
from pipeline.safe.search import DEEPEST, Index, Ranked

if TYPE_CHECKING:
    from pipeline.safe.lesson import Hit
    from pipeline.safe.postings import Mask, Numbers


def resembling(
    index: Index, number: int, others: Mask, limit: int, among: Mask | None = None
) -> tuple[Hit, ...]:
    """The passages most like one of them, of `others` and `among` some where that is given.

    Those that are near by words or by meaning are compared as long texts are. What is near to
    many passages of the asker's kind is discounted, as far as there are such among the nearest.
    """
    import numpy as np

    (asker,) = index.fetch([number])
    words = tuple(dict.fromkeys(words_of(asker.text))) if asker is not None else ()
    if asker is None or not words:
        return ()
    tree = And(tuple(Phrase((word,)) for word in words))
    index.postings.load(words)
    near = index.nearest(asker.text, tree, others)
    wanted = near if among is None else index.nearest(asker.text, tree, others & among)
    found, texts = _there(index, wanted[:DEEPEST])
    kin, of_kin = _there(index, near[:DEEPEST], asker.role)
    asked = np.array([number, *kin.tolist()], dtype=np.int64)
    meaning = None
    if index.meaning is not None:
        meaning = index.meaning.vectors(asked) @ index.meaning.vectors(found).T
    scores = likeness([asker.text, *of_kin], texts, meaning)[0]
    order = np.lexsort((found, -scores))
    return index.hits(Ranked(found[order], scores[order], tree), limit)


def _there(index: Index, numbers: Numbers, role: str | None = None) -> tuple[Numbers, list[str]]:
    """Those passages that are still there, and have the role where one is given."""
    import numpy as np

    found = zip(numbers.tolist(), index.fetch(numbers.tolist()), strict=True)
    kept = [(n, p.text) for n, p in found if p is not None and role in (None, p.role)]
    return np.array([n for n, _ in kept], dtype=np.int64), [text for _, text in kept]
