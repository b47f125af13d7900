"""Search in passages: by words, exactly, and by meaning where vectors are at hand."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.safe.claim import strongest
from pipeline.safe.lesson import Hit, Passage
from pipeline.safe.query import WORD, And, Near, Not, Or, Phrase, Query, is_plain, parse
from pipeline.safe.sentence import around
from pipeline.span import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

LEAST_NEAR = 0.35  # similarity below which meaning says nothing
FUSE = 60  # the constant of reciprocal rank fusion
DEEPEST = 200  # places of a ranking that count in the fusion
COMMON = 0.5  # a word in more of the passages than this does not rank a plain query
FEW = 100  # passages; among so few no word is too common
_K1, _B = 1.2, 0.75

Places = dict[int, list[tuple[int, int]]]
"""For each passage that answers: first and last word of each place, in order."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Vectors of some of the passages, and what turns a query into one.

    `rows` are numbers of passages, in the order of the rows of `matrix`.
    """

    rows: tuple[int, ...]
    matrix: Matrix
    encode: Callable[[Sequence[str]], Matrix]


@dataclass(frozen=True, slots=True)
class Index:
    """Passages made ready for search, in memory: about a second for 500,000 words."""

    passages: tuple[Passage, ...]
    spans: tuple[tuple[tuple[int, int], ...], ...]
    words: Mapping[str, Mapping[int, tuple[int, ...]]]
    meaning: Meaning | None = None

    @classmethod
    def build(cls, passages: Iterable[Passage], *, meaning: Meaning | None = None) -> Index:
        """An index of the passages, in their order."""
        kept = tuple(passages)
        words: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        spans = []
        for number, passage in enumerate(kept):
            found = tuple(match.span() for match in WORD.finditer(passage.text))
            spans.append(found)
            low = passage.text.lower() if len(passage.text.lower()) == len(passage.text) else None
            for place, (start, end) in enumerate(found):
                word = low[start:end] if low is not None else passage.text[start:end].lower()
                words[word][number].append(place)
        frozen = {w: {n: tuple(p) for n, p in hits.items()} for w, hits in words.items()}
        return cls(kept, tuple(spans), frozen, meaning)

    def find(self, query: str, limit: int = 20) -> tuple[Hit, ...]:
        """The best answers, at most `limit`; UsageError where the query cannot be read.

        With an operator, a phrase or a star, exactly the passages that the query asks for. A
        query of plain words lists those that have all of them first, then what is nearest by
        words and by meaning.
        """
        tree = parse(query)
        exact = self._answer(tree)
        scores = self._scores(tree, exact)
        ranked = sorted(exact, key=lambda n: (-scores.get(n, 0.0), n))
        found = [(n, scores.get(n, 0.0), exact[n]) for n in ranked]
        if is_plain(query) and isinstance(tree, And):
            found = self._widened(query, tree, found)
        return tuple(
            self._hit(rank, number, score, places, tree)
            for rank, (number, score, places) in enumerate(found[:limit], start=1)
        )

    def _widened(
        self, query: str, tree: And, found: list[tuple[int, float, list[tuple[int, int]]]]
    ) -> list[tuple[int, float, list[tuple[int, int]]]]:
        """What was found, then what is near by some of the words or by meaning."""
        few = len(self.passages) < FEW
        rare = [part for part in tree.parts if few or self._share(part) <= COMMON]
        some = self._answer(Or(tuple(rare))) if rare else {}
        scores = self._scores(Or(tuple(rare)), some) if rare else {}
        by_words = sorted(some, key=lambda n: (-scores[n], n))[:DEEPEST]
        fused: dict[int, float] = defaultdict(float)
        for ranking in (by_words, self._near(query)):
            for rank, number in enumerate(ranking, start=1):
                fused[number] += 1 / (FUSE + rank)
        best = max((score for _, score, _ in found), default=0.0)
        first = {number for number, _, _ in found}
        top = [(n, round(1 + score / (best or 1.0), 4), places) for n, score, places in found]
        rest = sorted((n for n in fused if n not in first), key=lambda n: (-fused[n], n))
        return top + [(n, round(fused[n], 4), some.get(n, [])) for n in rest]

    def _near(self, query: str) -> list[int]:
        """Passages by nearness of meaning, the nearest first."""
        if self.meaning is None or not self.meaning.rows:
            return []
        near = (self.meaning.matrix @ self.meaning.encode([query])[0]).round(4).tolist()
        pairs = zip(near, self.meaning.rows, strict=True)
        best = sorted((-score, number) for score, number in pairs if score >= LEAST_NEAR)
        return [number for _, number in best[:DEEPEST]]

    def _share(self, query: Query) -> float:
        return len(self._answer(query)) / max(1, len(self.passages))

    def _answer(self, query: Query) -> Places:
        """The passages that answer, with the places that do."""
        if isinstance(query, Phrase):
            return self._phrase(query)
        if isinstance(query, Near):
            return _beside(self._answer(query.left), self._answer(query.right), query.most)
        if isinstance(query, Not):
            without = self._answer(query.part)
            return {n: [] for n in range(len(self.passages)) if n not in without}
        answers = [self._answer(part) for part in query.parts]
        if isinstance(query, Or):
            numbers = set().union(*answers)
        else:
            numbers = set(answers[0]).intersection(*answers[1:])
        return {n: sorted({p for a in answers for p in a.get(n, [])}) for n in sorted(numbers)}

    def _word(self, word: str) -> Mapping[int, tuple[int, ...]]:
        if "*" not in word:
            return self.words.get(word, {})
        pattern = _wild(word)
        merged: dict[int, list[int]] = defaultdict(list)
        for known, hits in self.words.items():
            if pattern.fullmatch(known):
                for number, places in hits.items():
                    merged[number].extend(places)
        return {number: tuple(sorted(places)) for number, places in merged.items()}

    def _phrase(self, phrase: Phrase) -> Places:
        postings = [self._word(word) for word in phrase.words]
        found: Places = {}
        rarest = min(postings, key=len)
        for number in sorted(rarest):
            if not all(number in posting for posting in postings):
                continue
            starts = set(postings[0][number])
            for offset, posting in enumerate(postings[1:], start=1):
                starts &= {place - offset for place in posting[number]}
            if starts:
                found[number] = [(s, s + len(postings) - 1) for s in sorted(starts)]
        return found

    def _scores(self, query: Query, among: Iterable[int]) -> dict[int, float]:
        """BM25 of the phrases of a query that are asked for."""
        numbers = list(among)
        mean = sum(map(len, self.spans)) / max(1, len(self.spans))
        scores = dict.fromkeys(numbers, 0.0)
        for phrase in _wanted(query):
            hits = self._phrase(phrase)
            weight = math.log(1 + (len(self.passages) - len(hits) + 0.5) / (len(hits) + 0.5))
            for number in numbers:
                times = len(hits.get(number, ()))
                length = 1 - _B + _B * len(self.spans[number]) / (mean or 1.0)
                scores[number] += weight * times * (_K1 + 1) / (times + _K1 * length)
        return {number: round(score, 4) for number, score in scores.items()}

    def _hit(
        self, rank: int, number: int, score: float, places: Sequence[tuple[int, int]], tree: Query
    ) -> Hit:
        passage = self.passages[number]
        inside = around(passage.text, self._place(number, places, tree))
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

    def _place(self, number: int, places: Sequence[tuple[int, int]], tree: Query) -> Span:
        """Where most of the query stands together; else what the passage teaches."""
        spans, text = self.spans[number], self.passages[number].text
        if not places:
            return strongest(text)[0] if text.strip() else Span(0, len(text))
        window = 30
        crowd = [
            (-len({p for p in places if first <= p[0] <= first + window}), first, last)
            for first, last in places
        ]
        _, first, last = min(crowd)
        return Span(spans[first][0], spans[last][1])


def _beside(left: Places, right: Places, most: int) -> Places:
    """Pairs of places with at most `most` words between them; places that overlap are none."""
    found: Places = {}
    for number in sorted(set(left) & set(right)):
        pairs = {
            (min(a[0], b[0]), max(a[1], b[1]))
            for a in left[number]
            for b in right[number]
            if 0 <= max(a[0], b[0]) - min(a[1], b[1]) - 1 <= most
        }
        if pairs:
            found[number] = sorted(pairs)
    return found


def _wanted(query: Query) -> list[Phrase]:
    """The phrases that a query asks for, not those it excludes."""
    if isinstance(query, Phrase):
        return [query]
    if isinstance(query, Near):
        return _wanted(query.left) + _wanted(query.right)
    if isinstance(query, Not):
        return []
    return [phrase for part in query.parts for phrase in _wanted(part)]


@lru_cache(maxsize=256)
def _wild(word: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in word.split("*")))
