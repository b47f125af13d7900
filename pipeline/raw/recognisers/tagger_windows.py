"""How a text of any length becomes windows of word pieces that the tagger can read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.raw.recognisers.tagger_words import CONTINUED, Word

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = NDArray[np.int64]

WINDOW = 256
OVERLAP = 48
MOST_PIECES = 12
"""A word is told by its first pieces; a number of forty digits must not fill a window."""
PAD, UNKNOWN, FIRST, LAST = 0, 100, 101, 102


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of words that is read at once, and those of them that it judges.

    Words `begin` to `end` are read, `judge_begin` to `judge_end` are judged here: every word
    is judged in exactly one window, the one that shows most of what stands around it.
    """

    begin: int
    end: int
    judge_begin: int
    judge_end: int


def pieces(surfaces: Sequence[str], tokenizer: Tokenizer) -> list[tuple[int, ...]]:
    """The word pieces of each word: at least one, at most MOST_PIECES."""
    known = sorted(set(surfaces))
    forms = [unicodedata.normalize("NFKC", surface) for surface in known]
    coded = tokenizer.encode_batch(forms, add_special_tokens=False)
    table: Mapping[str, tuple[int, ...]] = {
        surface: tuple(code.ids[:MOST_PIECES]) or (UNKNOWN,)
        for surface, code in zip(known, coded, strict=True)
    }
    return [table[surface] for surface in surfaces]


def windows(lengths: Sequence[int], most: int = WINDOW, overlap: int = OVERLAP) -> list[Window]:
    """Windows over words of these many pieces; two of the pieces are the frame's.

    >>> [(w.begin, w.end, w.judge_begin, w.judge_end) for w in windows([1] * 10, 8, 2)]
    [(0, 6, 0, 5), (4, 10, 5, 10)]
    """
    edges = np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))])
    room = most - 2
    spans: list[tuple[int, int]] = []
    begin = 0
    while begin < len(lengths):
        end = int(np.searchsorted(edges, edges[begin] + room, side="right")) - 1
        spans.append((begin, end))
        if end >= len(lengths):
            break
        begin = max(begin + 1, int(np.searchsorted(edges, edges[end] - overlap, side="left")))
    found: list[Window] = []
    judged = 0
    for index, (begin, end) in enumerate(spans):
        until = end
        if index + 1 < len(spans):
            middle = (edges[spans[index + 1][0]] + edges[end]) / 2
            until = int(np.searchsorted(edges, middle, side="left"))
        found.append(Window(begin, end, judged, until))
        judged = until
    return found


def frame(
    text_words: Sequence[Word], text_pieces: Sequence[tuple[int, ...]], window: Window
) -> tuple[Ints, Ints]:
    """A window's input, shape (3, pieces): piece, shape, space; and each word's first piece."""
    ids, shapes, spaces = [FIRST], [0], [CONTINUED]
    heads: list[int] = []
    for index in range(window.begin, window.end):
        word, own = text_words[index], text_pieces[index]
        heads.append(len(ids))
        ids.extend(own)
        shapes.extend([word.shape] * len(own))
        spaces.extend([word.space] + [CONTINUED] * (len(own) - 1))
    ids.append(LAST)
    shapes.append(0)
    spaces.append(CONTINUED)
    return np.array([ids, shapes, spaces], dtype=np.int64), np.array(heads, dtype=np.int64)


def pad(frames: Sequence[Ints]) -> Ints:
    """Frames as one array, shape (frames, 3, longest); what is filled up is PAD."""
    longest = max(frame.shape[1] for frame in frames)
    out = np.full((len(frames), 3, longest), PAD, dtype=np.int64)
    for row, one in enumerate(frames):
        out[row, :, : one.shape[1]] = one
    return out
