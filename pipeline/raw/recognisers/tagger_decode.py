"""From what the network says of each word to mentions in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.raw.recognisers.tagger_words import LABELS, TYPES, Word

Floats = NDArray[np.float32]

_JOINS = frozenset("-‐‑'’‘ʼ")
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


def runs(probabilities: Floats) -> list[Mention]:
    """Runs of words of one type; a word opens a new run where its B outweighs its I."""
    by_type = probabilities[:, 1:].reshape(-1, len(TYPES), 2)
    best = by_type.sum(axis=2).argmax(axis=1)
    weight = by_type.sum(axis=2).max(axis=1)
    found: list[Mention] = []
    begin = 0
    open_type = -1
    for index in range(len(probabilities) + 1):
        kind = -1
        if index < len(probabilities) and weight[index] > probabilities[index, 0]:
            kind = int(best[index])
        opens = kind >= 0 and by_type[index, kind, 0] > by_type[index, kind, 1]
        if open_type >= 0 and (kind != open_type or opens):
            score = float(1.0 - probabilities[begin:index, 0].mean())
            found.append(Mention(begin, index, TYPES[open_type], round(min(score, 1.0), 4)))
        if kind >= 0 and (kind != open_type or opens):
            begin = index
        open_type = kind
    return found


def _signs_only(text: str, words: Sequence[Word]) -> bool:
    return not any(c.isalnum() for word in words for c in text[word.start : word.end])


def _joined(text: str, words: Sequence[Word], left: int, right: int) -> bool:
    """Whether a hyphen or an apostrophe joins two words into one name: Al-Amin, O'Shea."""
    sign = text[words[left].end : words[right].start]
    if sign not in _JOINS or right != left + 2:
        return False
    after = text[words[right].start : words[right].end]
    return after[0].isupper() and text[words[left].start].isupper()


def whole(mention: Mention, text: str, words: Sequence[Word]) -> Mention | None:
    """The mention without signs at its ends and with every part of a joined name.

    None where nothing but signs is left.
    """
    begin, end = mention.begin, mention.end
    while begin < end and _signs_only(text, words[begin : begin + 1]):
        begin += 1
    while begin < end and _signs_only(text, words[end - 1 : end]):
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
    for run in runs(probabilities):
        full = whole(run, text, words)
        if full is None:
            continue
        if found and full.begin < found[-1].end:
            if full.end <= found[-1].end:
                continue
            full = Mention(found[-1].end, full.end, full.type, full.score)
        found.append(full)
    return found
