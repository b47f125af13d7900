"""Where each word stands, and which passages answer a query: exactly, and in bounded time.

A word's places are positions in one long row of all words. Between two passages the row has a
gap that no phrase and no NEAR reaches across.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pipeline.errors import UsageError
from pipeline.safe.query import WORD, And, Near, Not, Or, Phrase, Query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Spots = tuple[Numbers, Numbers]

GAP = 1000  # NEAR reaches over 999 words at most
MOST_PLACES = 8_000_000  # of a starred word, and pairs of a NEAR: some 0.5 s and 130 MB
MOST_COUNTED = 100  # phrases whose passages are remembered: at most 4 MB each
MOST_AT_ONCE = 500  # words that are read in one go
_TOO_WIDE = (
    "A star or a NEAR in the query fits too many places. Nothing was searched. Add letters to "
    "the star, or take rarer words or a smaller number for NEAR."
)


class Postings(Protocol):
    """The words of passages that are numbered from 0, in the order of their positions."""

    @property
    def starts(self) -> Numbers:
        """The position of the first word of each passage."""

    @property
    def lengths(self) -> Numbers:
        """How many words each passage has."""

    @property
    def counted(self) -> dict[Phrase, tuple[Numbers, Numbers]]:
        """What `times` found lately: one query asks for the same phrase several times."""

    def load(self, words: Iterable[str]) -> None:
        """Read in one go what will be asked for next."""

    def places(self, word: str) -> Numbers:
        """The positions at which a word stands, ascending; it is no pattern."""

    def fitting(self, pattern: str) -> Iterable[str]:
        """The known words that a word with stars stands for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Postings in memory."""

    starts: Numbers
    lengths: Numbers
    words: dict[str, Numbers]
    counted: dict[Phrase, tuple[Numbers, Numbers]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Kept:
        """The postings of some texts, numbered in their order."""
        import numpy as np

        found: dict[str, list[int]] = defaultdict(list)
        starts, lengths, at = [], [], 0
        for text in texts:
            words = words_of(text)
            for place, word in enumerate(words, start=at):
                found[word].append(place)
            starts.append(at)
            lengths.append(len(words))
            at += len(words) + GAP
        return cls(
            np.array(starts, dtype=np.int64),
            np.array(lengths, dtype=np.int64),
            {word: np.array(places, dtype=np.int64) for word, places in found.items()},
        )

    def load(self, words: Iterable[str]) -> None:
        """Nothing is to be read: all is in memory."""

    def places(self, word: str) -> Numbers:
        """The positions at which a word stands."""
        import numpy as np

        return self.words.get(word, np.zeros(0, dtype=np.int64))

    def fitting(self, pattern: str) -> Iterable[str]:
        """The known words that a word with stars stands for."""
        return [word for word in self.words if fits(word, pattern)]


def words_of(text: str) -> list[str]:
    """The words of a text as search sees them: letters and figures, in small letters.

    >>> words_of("The mother’s co-worker_2")
    ['the', 'mother', 's', 'co', 'worker', '2']
    """
    return [match.lower() for match in WORD.findall(text)]


def fits(word: str, pattern: str) -> bool:
    """Whether a word is one that a word with stars stands for; each star is any letters or none.

    Looked for from the left, part by part: no pattern of any number of stars takes long.

    >>> fits("neglected", "negl*t*"), fits("edge", "*ed"), fits("a", "a*a")
    (True, False, False)
    """
    first, *middle, last = pattern.split("*")
    end = len(word) - len(last)
    if end < len(first) or not word.startswith(first) or not word.endswith(last):
        return False
    at = len(first)
    for part in middle:
        at = word.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def answering(query: Query, postings: Postings) -> Mask:
    """Which passages answer a query: a yes or no for each."""
    import numpy as np

    if isinstance(query, Not):
        return ~answering(query.part, postings)
    if isinstance(query, And):
        mask = np.ones(len(postings.starts), dtype=np.bool_)
        for part in sorted(dict.fromkeys(query.parts), key=lambda part: _effort(part, postings)):
            if not mask.any():
                break
            mask &= answering(part, postings)
        return mask
    mask = np.zeros(len(postings.starts), dtype=np.bool_)
    if isinstance(query, Or):
        for part in dict.fromkeys(query.parts):
            mask |= answering(part, postings)
    elif isinstance(query, Near):
        left, right = spots(query.left, postings), spots(query.right, postings)
        mask[owners(_touching(left, right, query.most), postings)] = True
    else:
        mask[times(query, postings)[0]] = True
    return mask


def literals(query: Query) -> set[str]:
    """The words of a query that are no patterns."""
    if isinstance(query, Phrase):
        return {word for word in query.words if "*" not in word}
    if isinstance(query, Not):
        return literals(query.part)
    parts = (query.left, query.right) if isinstance(query, Near) else query.parts
    return set().union(*(literals(part) for part in parts))


def _effort(query: Query, postings: Postings) -> int:
    """A guess of what a part costs: the rarest words first, so that the rest may be spared."""
    if isinstance(query, Phrase) and not any("*" in word for word in query.words):
        return min(len(postings.places(word)) for word in query.words)
    return MOST_PLACES


def spots(query: Query, postings: Postings) -> Spots:
    """The first and last words of each place that a phrase, a NEAR or an OR of them has."""
    import numpy as np

    if isinstance(query, Phrase):
        first = _phrase(query, postings)
        return first, first + (len(query.words) - 1)
    if isinstance(query, Near):
        return _beside(spots(query.left, postings), spots(query.right, postings), query.most)
    if isinstance(query, Not):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    found = [spots(part, postings) for part in dict.fromkeys(query.parts)]
    return _unique(np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found]))


def times(phrase: Phrase, postings: Postings) -> tuple[Numbers, Numbers]:
    """The passages that hold a phrase, ascending, and how often each does."""
    found = postings.counted.get(phrase)
    if found is None:
        if len(postings.counted) >= MOST_COUNTED:
            postings.counted.clear()
        found = postings.counted[phrase] = _times(phrase, postings)
    return found


def _times(phrase: Phrase, postings: Postings) -> tuple[Numbers, Numbers]:
    import numpy as np

    places = _phrase(phrase, postings)
    if len(places) > len(postings.starts):  # then it is quicker to ask of each passage
        often = np.diff(np.searchsorted(places, postings.starts), append=len(places))
        held = np.flatnonzero(often)
        return held, often[held]
    held = owners(places, postings)
    if not len(held):
        return held, held
    edges = np.flatnonzero(np.diff(held, prepend=-1))
    return held[edges], np.diff(edges, append=len(held))


def owners(places: Numbers, postings: Postings) -> Numbers:
    """The passages in which positions lie."""
    import numpy as np

    return np.searchsorted(postings.starts, places, side="right") - 1


def _word(word: str, postings: Postings) -> Numbers:
    import numpy as np

    if "*" not in word:
        return postings.places(word)
    found, count = [np.zeros(0, dtype=np.int64)], 0
    known = list(postings.fitting(word))
    for at in range(0, len(known), MOST_AT_ONCE):
        some = known[at : at + MOST_AT_ONCE]
        postings.load(some)
        found += [postings.places(one) for one in some]
        count += sum(map(len, found[-len(some) :]))
        if count > MOST_PLACES:
            raise UsageError(_TOO_WIDE)
    return np.sort(np.concatenate(found))


def _phrase(phrase: Phrase, postings: Postings) -> Numbers:
    """Where a phrase begins."""
    each = [(_word(word, postings), offset) for offset, word in enumerate(phrase.words)]
    each.sort(key=lambda pair: len(pair[0]))
    first = each[0][0] - each[0][1]
    for places, offset in each[1:]:
        first = first[_held(first + offset, places)]
    return first


def _held(wanted: Numbers, places: Numbers) -> Mask:
    """Which of some positions are among others, both ascending."""
    import numpy as np

    if not len(places):
        return np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(places, wanted), len(places) - 1)
    return np.asarray(places[at] == wanted, dtype=np.bool_)


def _touching(left: Spots, right: Spots, most: int) -> Numbers:
    """A position of each place on the left that has one of the right close before or behind it.

    Only the nearest on each side is looked at: if that is too far, all are.
    """
    import numpy as np

    (first, last), (other, end) = left, right
    if not len(first) or not len(other):
        return np.zeros(0, dtype=np.int64)
    begins, ends = np.sort(other), np.sort(end)
    behind = np.searchsorted(begins, last, side="right")
    near = (behind < len(begins)) & (begins[np.minimum(behind, len(begins) - 1)] - last - 1 <= most)
    before = np.searchsorted(ends, first, side="left") - 1
    near |= (before >= 0) & (first - ends[np.maximum(before, 0)] - 1 <= most)
    return first[near]


def _beside(left: Spots, right: Spots, most: int) -> Spots:
    """All pairs with at most `most` words between them; places that overlap are none."""
    one, two = _pairs(left, right, most), _pairs(right, left, most)
    import numpy as np

    return _unique(np.concatenate([one[0], two[0]]), np.concatenate([one[1], two[1]]))


def _pairs(left: Spots, right: Spots, most: int) -> Spots:
    """Pairs of which the left stands before the right."""
    import numpy as np

    (first, last), (other, end) = left, right
    order = np.argsort(other, kind="stable")
    other, end = other[order], end[order]
    low = np.searchsorted(other, last + 1, side="left")
    counts = np.searchsorted(other, last + 1 + most, side="right") - low
    total = int(counts.sum())
    if total > MOST_PLACES:
        raise UsageError(_TOO_WIDE)
    which = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    which += np.repeat(low, counts)
    return np.repeat(first, counts), end[which]


def _unique(first: Numbers, last: Numbers) -> Spots:
    import numpy as np

    if not len(first):
        return first, last
    order = np.lexsort((last, first))
    first, last = first[order], last[order]
    new = np.ones(len(first), dtype=np.bool_)
    new[1:] = (np.diff(first) != 0) | (np.diff(last) != 0)
    return first[new], last[new]


def evidence(query: Query, text: str) -> list[tuple[int, int]]:
    """First and last word of each place of one text that makes it answer a query, in order."""
    return _evidence(query, Kept.of((text,)))


def _evidence(query: Query, postings: Postings) -> list[tuple[int, int]]:
    if isinstance(query, Not):
        return []
    if isinstance(query, And | Or):
        each: Sequence[Query] = tuple(dict.fromkeys(query.parts))
        if isinstance(query, And) and not answering(query, postings).any():
            return []
        return sorted({place for part in each for place in _evidence(part, postings)})
    first, last = spots(query, postings)
    return list(zip(first.tolist(), last.tolist(), strict=True))
