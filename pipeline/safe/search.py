"""Search in passages: by words, exactly, and by meaning where vectors are at hand."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pipeline.safe.claim import strongest
from pipeline.safe.lesson import Hit, Passage
from pipeline.safe.postings import Kept, Postings, answering, evidence, literals, times
from pipeline.safe.query import WORD, And, Near, Not, Or, Phrase, Query, is_plain, parse
from pipeline.safe.sentence import around
from pipeline.span import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.safe.postings import Mask, Numbers

    Matrix = NDArray[np.float32]

LEAST_NEAR = 0.35  # similarity below which meaning says nothing
DEEPEST = 200  # places of a ranking that count
COMMON = 0.5  # a word in more of the passages than this does not rank a plain query
FEW = 100  # passages; among so few no word is too common
MOST_RANKING = 48  # words of a plain query that rank; of more, the rarest
_K1, _B = 1.2, 0.75


class Rows(Protocol):
    """Unit vectors, a row each, that can be compared with one vector."""

    def __matmul__(self, vector: Matrix, /) -> Matrix:
        """How near each row is to the vector."""

    def __getitem__(self, rows: Numbers, /) -> Matrix:
        """Some of the vectors."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Vectors of some of the passages, and what turns a query into one.

    `rows` are numbers of passages, ascending, in the order of the rows of `matrix`.
    """

    rows: Sequence[int] | Numbers
    matrix: Rows
    encode: Callable[[Sequence[str]], Matrix]

    def vectors(self, numbers: Numbers) -> Matrix:
        """The vectors of some passages, a row each; zeros for one that has none."""
        import numpy as np

        held = np.asarray(self.rows)
        at = np.minimum(np.searchsorted(held, numbers), len(held) - 1)
        found = self.matrix[at]
        return np.asarray(np.where((held[at] == numbers)[:, None], found, 0))


@dataclass(frozen=True, slots=True)
class Ranked:
    """All passages that answer a query, the best first; `tree` finds where in them it stands."""

    numbers: Numbers
    scores: Matrix
    tree: Query


@dataclass(frozen=True, slots=True)
class Index:
    """Passages made ready for search. They are numbered from 0, in their order.

    `fetch` gives the passages of some numbers; None for one that is there no more.
    """

    postings: Postings
    fetch: Callable[[Sequence[int]], Sequence[Passage | None]]
    meaning: Meaning | None = None

    @classmethod
    def build(cls, passages: Iterable[Passage], *, meaning: Meaning | None = None) -> Index:
        """An index in memory of the passages, in their order."""
        kept = tuple(passages)
        postings = Kept.of(passage.text for passage in kept)
        return cls(postings, lambda numbers: [kept[n] for n in numbers], meaning)

    def find(self, query: str, limit: int = 20) -> tuple[Hit, ...]:
        """The best answers, at most `limit`; UsageError where the query cannot be read.

        With an operator, a phrase or a star, exactly the passages that the query asks for. A
        query of plain words lists those that have all of them first, then what is nearest by
        words and by meaning.
        """
        return self.hits(self.ranked(query), limit)

    def ranked(self, query: str, among: Mask | None = None) -> Ranked:
        """All answers, the best first; only those `among` some where that is given."""
        tree = parse(query)
        self.postings.load(literals(tree))
        exact = answering(tree, self.postings)
        if among is not None:
            exact &= among
        numbers, scores = self._best(exact, self._scores(_wanted(tree) if exact.any() else ()))
        if is_plain(query) and isinstance(tree, And):
            return self._widened(query, tree, numbers, scores, among)
        return Ranked(numbers, scores, tree)

    def hits(self, ranked: Ranked, limit: int) -> tuple[Hit, ...]:
        """The best of what was found, each with its quotation."""
        numbers = ranked.numbers[:limit].tolist()
        found = zip(self.fetch(numbers), ranked.scores[:limit].tolist(), strict=True)
        there = [(passage, score) for passage, score in found if passage is not None]
        return tuple(
            _hit(rank, passage, round(score, 4), _place(passage.text, ranked.tree))
            for rank, (passage, score) in enumerate(there, start=1)
        )

    def _best(self, mask: Mask, scores: Matrix) -> tuple[Numbers, Matrix]:
        """The passages of a mask by their scores; those with the same score by their order."""
        import numpy as np

        numbers = np.flatnonzero(mask)
        rounded = scores[numbers].round(4)
        order = np.argsort(-rounded, kind="stable")
        return numbers[order], rounded[order]

    def _scores(self, phrases: Iterable[Phrase]) -> Matrix:
        """BM25 of some phrases, for every passage."""
        import numpy as np

        lengths = self.postings.lengths
        scores = np.zeros(len(lengths), dtype=np.float64)
        mean = float(lengths.mean()) if len(lengths) else 0.0
        for phrase in phrases:
            held, often = times(phrase, self.postings)
            weight = math.log(1 + (len(lengths) - len(held) + 0.5) / (len(held) + 0.5))
            damped = _K1 * (1 - _B + _B * lengths[held] / (mean or 1.0))
            scores[held] += weight * often * (_K1 + 1) / (often + damped)
        return np.asarray(scores)

    def _widened(
        self, query: str, tree: And, numbers: Numbers, scores: Matrix, among: Mask | None
    ) -> Ranked:
        """What was found, then what is near by some of the words or by meaning."""
        import numpy as np

        rare = self._ranking(tree)
        fused = self._fused(query, rare, among)
        rest = fused > 0
        rest[numbers] = False
        also, nearness = self._best(rest, fused)
        best = float(scores.max()) if len(scores) else 0.0
        sure = (1 + scores / (best or 1.0)).round(4)
        either = Or(tuple(rare)) if rare else tree
        return Ranked(np.concatenate([numbers, also]), np.concatenate([sure, nearness]), either)

    def nearest(self, text: str, tree: And, among: Mask | None = None) -> Numbers:
        """The passages that are near to a text by some of its words or by meaning."""
        fused = self._fused(text, self._ranking(tree), among)
        return self._best(fused > 0, fused)[0]

    def _fused(self, text: str, rare: Sequence[Phrase], among: Mask | None) -> Matrix:
        """How near passages are by the rare words of a text and by its meaning, half each.

        Either is a share of its best, so that a place far ahead of the next counts as such: of 159
        whole sentences .755 find their like first, .748 by reciprocal ranks; six words .730, .704.
        """
        import numpy as np

        by_words = self._scores(rare)
        sides = [(by_words, by_words > 0)]
        near = self._near(text)
        if near is not None:
            sides.append((near, near >= LEAST_NEAR))
        fused = np.zeros(len(by_words), dtype=np.float32)
        for scores, mask in sides:
            among_them = self._nearest(scores, mask, among)
            if len(among_them):
                fused[among_them] += scores[among_them] / scores[among_them[0]] / len(sides)
        return fused

    def _ranking(self, tree: And) -> list[Phrase]:
        """The words of a plain query that tell passages apart."""
        total = len(self.postings.lengths)
        phrases = [part for part in dict.fromkeys(tree.parts) if isinstance(part, Phrase)]
        share = {part: len(times(part, self.postings)[0]) for part in phrases}
        rare = [p for p in phrases if total < FEW or share[p] <= COMMON * total]
        if len(rare) > MOST_RANKING:
            known = sorted((p for p in rare if share[p]), key=lambda p: share[p])
            few = set(known[:MOST_RANKING])
            rare = [p for p in rare if p in few]
        return rare

    def _nearest(self, scores: Matrix, mask: Mask, among: Mask | None) -> Numbers:
        return self._best(mask if among is None else mask & among, scores)[0][:DEEPEST]

    def _near(self, query: str) -> Matrix | None:
        """How near in meaning each passage is to a query; None where there are no vectors."""
        import numpy as np

        if self.meaning is None or not len(self.meaning.rows):
            return None
        near = np.full(len(self.postings.lengths), -1.0, dtype=np.float32)
        near[np.asarray(self.meaning.rows)] = self.meaning.matrix @ self.meaning.encode([query])[0]
        return near


def _hit(rank: int, passage: Passage, score: float, place: Span) -> Hit:
    inside = around(passage.text, place)
    return Hit(
        rank=rank,
        review=passage.review,
        passage=passage.id,
        page=passage.page,
        paragraph=passage.paragraph,
        quote=inside.of(passage.text),
        span=inside.shift(passage.span.start),
        score=score,
        draft=passage.draft,
    )


def _place(text: str, tree: Query) -> Span:
    """Where most of a query stands together in a text; else what the text teaches."""
    places = evidence(tree, text)
    if not places:
        return strongest(text)[0] if text.strip() else Span(0, len(text))
    spans = [match.span() for match in WORD.finditer(text)]
    window = 30
    begins = [first for first, _ in places]
    crowd = [
        (at - bisect_right(begins, first + window), first, last)
        for at, (first, last) in enumerate(places)
    ]
    _, first, last = min(crowd)
    return Span(spans[first][0], spans[last][1])


def _wanted(query: Query) -> list[Phrase]:
    """The phrases that a query asks for, not those it excludes."""
    if isinstance(query, Phrase):
        return [query]
    if isinstance(query, Near):
        return _wanted(query.left) + _wanted(query.right)
    if isinstance(query, Not):
        return []
    return [phrase for part in query.parts for phrase in _wanted(part)]
