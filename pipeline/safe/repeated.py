"""Reviews whose passages nearly all stand in another one too: one report, counted twice."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.safe.lesson import Passage

LEAST_WORDS = 8  # of a passage that tells one review from another: headings and labels do not
# Of the shorter review. Two that follow one form share its questions; one that was sent twice, as
# an overview and with its annexes or as Word and PDF, shares nearly all that it says.
NEARLY_ALL = 0.6
LEAST_PASSAGES = 5  # of a review that can be told from another
# A wording that so many different reviews have is a form or a quotation, and tells nothing.
OFTEN = 25
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Repeated:
    """Two reviews, and the share of the shorter one's passages that stand in the other too."""

    review: str
    other: str
    share: float


def repeated(passages: Iterable[Passage]) -> tuple[Repeated, ...]:
    """The pairs of reviews that share nearly all of their passages, those that share most first.

    Of reviews with the very same passages each is paired with the first of them only, so that
    fifty copies make 49 pairs.
    """
    said: dict[str, set[bytes]] = defaultdict(set)
    for passage in passages:
        words = _WORD.findall(passage.text.casefold())
        if len(words) >= LEAST_WORDS:
            said[passage.review].add(_mark(words))
    first: dict[frozenset[bytes], str] = {}
    found = []
    for review in sorted(name for name, texts in said.items() if len(texts) >= LEAST_PASSAGES):
        same = first.setdefault(frozenset(said[review]), review)
        if same != review:
            found.append(Repeated(same, review, 1.0))
    found.extend(_nearly({review: texts for texts, review in first.items()}))
    return tuple(sorted(found, key=lambda one: (-one.share, one.review, one.other)))


def _mark(words: Sequence[str]) -> bytes:
    """Eight bytes for a wording: those of a large library take little room."""
    return hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()


def _nearly(said: dict[str, frozenset[bytes]]) -> Iterable[Repeated]:
    where: dict[bytes, list[str]] = defaultdict(list)
    for review, texts in said.items():
        for text in texts:
            where[text].append(review)
    shared: Counter[tuple[str, str]] = Counter()
    for reviews in where.values():
        if len(reviews) <= OFTEN:
            shared.update(combinations(sorted(reviews), 2))
    for (one, other), number in shared.items():
        share = number / min(len(said[one]), len(said[other]))
        if share >= NEARLY_ALL:
            yield Repeated(one, other, round(share, 2))
