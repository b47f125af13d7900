"""What the tests of learning share: passages, documents, and vectors without a model."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.safe.lesson import (
    Passage,
    SafeBlock,
    SafeDocument,
    SafeFacts,
    SafeText,
)
from pipeline.safe.segment import passages
from pipeline.safe.theme import load, mark
from pipeline.span import BlockKind, Span

_STOP = frozenset("a an the of to in on at by for with and or was were is are not no be it".split())


def bag(texts: Sequence[str]) -> NDArray[np.float32]:
    """Texts as counts of their words, hashed: alike where the words are."""
    made = np.zeros((len(texts), 384), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in re.findall(r"[a-z]{3,}", text.lower()):
            if word not in _STOP:
                made[row, zlib.crc32(word.rstrip("s").encode()) % 384] += 1
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    return np.asarray(made / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def report(
    review: str, *points: str, year: str = "2015", heading: str = "Lessons", draft: bool = False
) -> SafeDocument:
    """A report with one heading and a paragraph a learning point."""
    text, blocks = heading, [SafeBlock(BlockKind.HEADING, 1, Span(0, len(heading)), None, 1)]
    for number, point in enumerate(points, start=1):
        start = len(text) + 2
        text += "\n\n" + point
        span = Span(start, start + len(point))
        blocks.append(SafeBlock(BlockKind.PARAGRAPH, 2, span, f"4.{number}"))
    return SafeDocument(
        review, "public", SafeText(text), tuple(blocks), (), SafeFacts("review", year), draft
    )


THEMES = load()


def marked(*documents: SafeDocument) -> tuple[Passage, ...]:
    """The passages of documents with roles and themes."""
    return mark([p for one in documents for p in passages(one)], THEMES)


def years(*documents: SafeDocument) -> dict[str, str]:
    return {one.review: one.facts.year for one in documents}


SHARING = (
    "There was a lack of information sharing between the school and the health visitor.",
    "There was a lack of information sharing between health visitor and school staff.",
    "A lack of information sharing between the school and its health visitor was plain.",
)
VISITS = (
    "Missed appointments at the clinic led to closure and no follow up.",
    "Missed appointments at the clinic were followed by closure without follow up.",
)
ALONE = "Nobody weighed the dogs in the yard when the tenancy was renewed."
