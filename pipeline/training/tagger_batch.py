"""Examples as the arrays that the network learns from."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.raw.recognisers import tagger_windows
from pipeline.raw.recognisers.tagger_windows import Ints
from pipeline.raw.recognisers.tagger_words import LABELS, TYPES, Word, words
from pipeline.training.tagger_data import Example

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Learned:
    """One window: its frame, where its words begin in it, the labels that each may have.

    `allowed` has shape (words, labels): a word that only one label fits is told; where
    several fit, the model may choose.
    """

    frame: Ints
    heads: Ints
    allowed: Flags


def allowed(example: Example, seen: Sequence[Word]) -> Flags:
    """The labels that each word may have, shape (words, labels)."""
    free = np.zeros(len(LABELS), dtype=np.bool_)
    free[0] = True
    for index, kind in enumerate(TYPES):
        if kind not in example.annotated:
            free[1 + 2 * index : 3 + 2 * index] = True
    out = np.tile(free, (len(seen), 1))
    at = 0
    for mark in example.marks:
        while at < len(seen) and seen[at].end <= mark.start:
            at += 1
        index, first = at, True
        while index < len(seen) and seen[index].start < mark.end:
            out[index] = False
            out[index, 0] = not mark.sure
            for kind in mark.types:
                begins = 1 + 2 * TYPES.index(kind)
                out[index, begins] = first or not mark.sure
                out[index, begins + 1] = not first or not mark.sure
            index, first = index + 1, False
    return out


def learned(example: Example, tokenizer: Tokenizer) -> Iterator[Learned]:
    """The windows of an example; a word in two windows is learnt from in both."""
    seen = words(example.text)
    fits = allowed(example, seen)
    own = tagger_windows.pieces([example.text[w.start : w.end] for w in seen], tokenizer)
    for view in tagger_windows.windows([len(ids) for ids in own]):
        frame, heads = tagger_windows.frame(seen, own, view)
        yield Learned(frame, heads, fits[view.begin : view.end])


def batches(
    windows: Iterable[Learned], pieces: int, dice: random.Random
) -> list[tuple[Learned, ...]]:
    """Windows of like length together, about `pieces` a batch; batches in random order."""
    pool = list(windows)
    dice.shuffle(pool)
    pool.sort(key=lambda w: (w.frame.shape[1] + 7) // 8)
    found: list[tuple[Learned, ...]] = []
    batch: list[Learned] = []
    for window in pool:
        if batch and (len(batch) + 1) * window.frame.shape[1] > pieces:
            found.append(tuple(batch))
            batch = []
        batch.append(window)
    if batch:
        found.append(tuple(batch))
    dice.shuffle(found)
    return found


def stacked(batch: Sequence[Learned]) -> tuple[Ints, Ints, Flags]:
    """A batch as (frames, flat positions of the words' first pieces, allowed labels)."""
    frames = tagger_windows.pad([window.frame for window in batch])
    length = frames.shape[2]
    heads = np.concatenate([w.heads + row * length for row, w in enumerate(batch)])
    return frames, heads, np.concatenate([w.allowed for w in batch])
