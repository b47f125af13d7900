"""Reviews that may be the same: by what is recorded of them, and by their texts.

Two are shown side by side and never made one: boards have several cases, and a report comes
as a draft, an overview and a summary.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.raw.entry_gaps import agreeing
from pipeline.raw.entry_match import TELLING, folded

WORDS = 5  # of a shingle
KEPT = 256  # shingles of a text: its smallest by their checksums
# Of two texts that share so much somebody should look whether they are two. Of 283 coroners'
# reports no two of different cases share more than 0.07, of 60 invented reviews no two more than
# 0.13; with every tenth word changed a report keeps 0.3 to 0.5.
NEAR = 0.2
# A shingle that stands in so many texts is a form or a quotation, and tells nothing.
OFTEN = 25
SAME_TEXT, NEAR_TEXT, SAME_CASE, SAME_DAY = "same_text", "near_text", "same_case", "same_day"
_DAYS = ("judged", "incident", "completed", "notified")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reviews, why they may be one, and how much of their texts they share."""

    review: str
    other: str
    why: str
    fields: tuple[str, ...] = ()
    score: float | None = None


def sketch(text: str) -> tuple[int, ...]:
    """The smallest checksums of a text's runs of five words, by which texts are compared.

    >>> len(sketch("one two three four five six")), sketch("too short")
    (2, ())
    """
    words = re.findall(r"\w+", text.casefold())
    runs = (" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1))
    return tuple(sorted({zlib.crc32(run.encode()) for run in runs})[:KEPT])


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of their runs of words that two texts have in common, as their sketches tell.

    Of the smallest checksums of both together, those that both have: an estimate of Jaccard's
    measure (Broder 1997); of 256 its standard error is at most 0.03.

    >>> likeness((1, 2, 3, 4), (1, 2, 3, 9))
    0.6
    """
    both = set(one) | set(other)
    if not both:
        return 0.0
    least = sorted(both)[: max(1, min(KEPT, len(both)))]
    shared = set(one) & set(other)
    return round(sum(mark in shared for mark in least) / len(least), 4)


def by_text(sketches: Mapping[str, Sequence[int]], hashes: Mapping[str, str]) -> Iterator[Pair]:
    """Pairs whose texts are the same or nearly so; `hashes` are those of the texts."""
    holders: dict[int, list[str]] = defaultdict(list)
    for review in sorted(sketches):
        for mark in sketches[review]:
            holders[mark].append(review)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for reviews in holders.values():
        if len(reviews) > max(OFTEN, len(sketches) // 10):
            continue
        for at, one in enumerate(reviews):
            for other in reviews[at + 1 :]:
                shared[one, other] += 1
    same: dict[str, list[str]] = defaultdict(list)
    for review in sorted(hashes):
        same[hashes[review]].append(review)
    alike = {(a, b) for found in same.values() for a in found for b in found if a < b}
    for one, other in sorted(alike):
        yield Pair(one, other, SAME_TEXT, score=1.0)
    for one, other in sorted(set(shared) - alike):
        score = likeness(sketches[one], sketches[other])
        if score >= NEAR:
            yield Pair(one, other, NEAR_TEXT, score=score)


def by_record(reviews: Mapping[str, Mapping[str, str]]) -> Iterator[Pair]:
    """Pairs of one board that share their subject and a date, their reference, or only a date.

    Those that share no more than board and date are the weakest: a board may have two reviews
    judged on one day.
    """
    beside: dict[str, list[str]] = defaultdict(list)
    for review in sorted(reviews):
        board = folded(reviews[review].get("board", ""))
        if board:
            beside[board].append(review)
    for _, found in sorted(beside.items()):
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                pair = _pair(one, other, reviews)
                if pair is not None:
                    yield pair


def _pair(one: str, other: str, reviews: Mapping[str, Mapping[str, str]]) -> Pair | None:
    agree = agreeing(reviews[one], reviews[other])
    if agree is None or not set(agree) & set(TELLING):
        return None
    days = [name for name in agree if name in _DAYS]
    if "reference" in agree or ("subject" in agree and days):
        return Pair(one, other, SAME_CASE, agree)
    if "subject" in agree:
        kept = {name: (reviews[one].get(name), reviews[other].get(name)) for name in _DAYS}
        undated = not any(all(pair) for pair in kept.values())
        return Pair(one, other, SAME_CASE, agree) if undated else None
    return Pair(one, other, SAME_DAY, agree) if days else None
