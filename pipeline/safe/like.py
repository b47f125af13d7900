"""More like this: the learning points that are nearest in meaning to a passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.safe.claim_vectors import beside
from pipeline.safe.embed import Vectors
from pipeline.safe.learning_point import is_point, words
from pipeline.safe.lesson import Passage


@dataclass(frozen=True, slots=True)
class Like:
    """A learning point and how near it is: 1 is the same words, labels and dates apart."""

    passage: Passage
    score: float


def nearest(
    passage: Passage,
    others: Sequence[Passage],
    vectors: Vectors,
    limit: int = 10,
    claimed: Vectors | None = None,
) -> tuple[Like, ...]:
    """The learning points that say most nearly what a passage says, the nearest first.

    Any passage may be asked for, also one that teaches nothing; it is not among the answers. With
    `claimed` (claim_vectors) what they claim counts as well as what they mean.
    """
    own = (passage.review, passage.id)
    points = [p for p in others if (p.review, p.id) != own and is_point(p)]
    if not points:
        return ()
    texts = [words(passage), *(words(p) for p in points)]
    rows = beside(texts, vectors(texts), claimed)
    near = (rows[1:] @ rows[0]).tolist()
    found = [Like(one, round(score, 4)) for one, score in zip(points, near, strict=True)]
    found.sort(key=lambda like: (-like.score, like.passage.review, like.passage.span.start))
    return tuple(found[:limit])
