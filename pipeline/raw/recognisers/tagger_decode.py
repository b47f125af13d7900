"""From what the network says of each word to mentions in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.raw.recognisers.tagger_words import LABELS, TYPES, Word

Floats = NDArray[np.float32]

_JOINS = frozenset("-‐‑'’‘ʼ")
_LINKS = frozenset("a an the of and or in on at to by for from with as s".split())
_APART = frozenset((4, 5))
_JOINED_TYPES = frozenset(("PERSON", "LOC", "ORG"))


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `begin` to `end` are one mention of a type of TYPES; score is a probability."""

    begin: int
    end: int
    type: str
    score: float


def leaned(logits: Floats, biases: Mapping[str, float]) -> Floats:
    """Probabilities, shape (words, labels), after each type's logits are raised by its bias.

    To raise every type alike is to lower "nothing": it buys recall with precision.
    """
    lean = np.array([0.0, *(biases.get(kind, 0.0) for kind in TYPES for _ in "BI")])
    raised = logits.astype(np.float64) + lean
    raised -= raised.max(axis=-1, keepdims=True)
    odds = np.exp(raised)
    likely: Floats = (odds / odds.sum(axis=-1, keepdims=True)).astype(np.float32)
    return likely


def runs(probabilities: Floats, breaks: Sequence[bool]) -> list[Mention]:
    """Runs of words that are something, each of the type that most of it is.

    A word opens a new run where it more likely begins a mention than goes on with one, of
    whatever type, or where `breaks` says that nothing goes on across the space before it.
    """
    by_type = probabilities[:, 1:].reshape(-1, len(TYPES), 2)
    some = by_type.sum(axis=2).max(axis=1) > probabilities[:, 0]
    begins, goes_on = by_type.sum(axis=1).T
    opens = some & ((begins > goes_on) | np.asarray(breaks) | ~np.roll(some, 1))
    opens[:1] = some[:1]
    found: list[Mention] = []
    starts = np.flatnonzero(opens)
    for begin in starts:
        end = int(begin) + 1
        while end < len(some) and some[end] and not opens[end]:
            end += 1
        kind = TYPES[int(by_type[begin:end].sum(axis=(0, 2)).argmax())]
        score = float(1.0 - probabilities[begin:end, 0].mean())
        found.append(Mention(int(begin), end, kind, round(min(max(score, 0.0), 1.0), 4)))
    return found


def _empty(text: str, word: Word) -> bool:
    """Whether a word says nothing at the end of a mention: a sign, "of", the s of "Ann's"."""
    surface = text[word.start : word.end]
    return surface in _LINKS or not any(c.isalnum() for c in surface)


def _joined(text: str, words: Sequence[Word], left: int, right: int) -> bool:
    """Whether a hyphen or an apostrophe joins two words into one name: Al-Amin, O'Shea."""
    sign = text[words[left].end : words[right].start]
    if sign not in _JOINS or right != left + 2:
        return False
    after = text[words[right].start : words[right].end]
    return after[0].isupper() and text[words[left].start].isupper()


def whole(mention: Mention, text: str, words: Sequence[Word]) -> Mention | None:
    """The mention without signs and links at its ends and with every part of a joined name.

    None where nothing is left.
    """
    begin, end = mention.begin, mention.end
    while begin < end and _empty(text, words[begin]):
        begin += 1
    while begin < end and _empty(text, words[end - 1]):
        end -= 1
    if begin == end:
        return None
    if mention.type in _JOINED_TYPES:
        while begin >= 2 and _joined(text, words, begin - 2, begin):
            begin -= 2
        while end + 1 < len(words) and _joined(text, words, end - 1, end + 1):
            end += 2
    return Mention(begin, end, mention.type, mention.score)


def mentions(probabilities: Floats, text: str, words: Sequence[Word]) -> list[Mention]:
    """The mentions of a text, in order, none overlapping."""
    assert probabilities.shape == (len(words), len(LABELS))  # noqa: S101
    found: list[Mention] = []
    for run in runs(probabilities, [word.space in _APART for word in words]):
        full = whole(run, text, words)
        if full is None:
            continue
        if found and full.begin < found[-1].end:
            if full.end <= found[-1].end:
                continue
            full = Mention(found[-1].end, full.end, full.type, full.score)
        found.append(full)
    return found
