"""How well a tagger does on texts that it did not train on, and what biases it should have.

A mention is found when every content word of it is; function words and titles do not count.
Precision asks whether a hidden word lies in any annotation, whatever its type.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.raw.recognisers import tagger_decode
from pipeline.raw.recognisers.tagger import Tagger
from pipeline.raw.recognisers.tagger_decode import Floats
from pipeline.raw.recognisers.tagger_words import TYPES, Word, words
from pipeline.training.tagger_data import Example, bank, masks

_NO_CONTENT = frozenset(
    "a an the of and or in on at to by for from with as s mr mrs ms miss dr prof no nos".split()
)
_GRID = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """A held-out text: its words, what the network said, what must and what may be hidden.

    `must` are (type, indices of content words) of each mention that is to be hidden; `gold`
    is, for each word, the type of the annotation that covers it, or "".
    """

    example: Example
    seen: tuple[Word, ...]
    logits: Floats
    must: tuple[tuple[str, tuple[int, ...]], ...]
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Recall and precision over words, and over mentions by type."""

    recall: float
    precision: float
    mentions: Mapping[str, float]
    hidden: int


def _content(text: str, word: Word) -> bool:
    surface = text[word.start : word.end]
    return any(c.isalnum() for c in surface) and surface.lower() not in _NO_CONTENT


def judged(tagger: Tagger, example: Example, hide: Sequence[bool]) -> Judged:
    """What the network says of a text; `hide` says of each mark whether it must be hidden."""
    seen = words(example.text)
    gold = [""] * len(seen)
    must: list[tuple[str, tuple[int, ...]]] = []
    starts = np.array([w.start for w in seen])
    for mark, hidden in zip(example.marks, hide, strict=True):
        first = int(np.searchsorted(starts, mark.start, side="right")) - 1
        inside = [i for i in range(max(first, 0), len(seen)) if seen[i].start < mark.end]
        inside = [i for i in inside if seen[i].end > mark.start]
        kind = sorted(mark.types)[0]
        for index in inside:
            gold[index] = kind
        content = tuple(i for i in inside if _content(example.text, seen[i]))
        if hidden and content and mark.sure:
            must.append((kind, content))
    logits = tagger.logits(example.text, seen)
    return Judged(example, seen, logits, tuple(must), tuple(gold))


def held_out(tagger: Tagger, data: Path, gold: Path | None) -> dict[str, list[Judged]]:
    """The held-out texts by name: "tab" and, where there is one, "bank"."""
    found: dict[str, list[Judged]] = {"tab": []}
    for path in sorted(data.glob("tab_*.jsonl")):
        found["tab"] += [judged(tagger, example, hide) for example, hide in masks(path)]
    if gold is not None:
        texts = [e for e in bank(gold) if e.held]
        found["bank"] = [judged(tagger, e, [True] * len(e.marks)) for e in texts]
    return found


def unseen(tagger: Tagger, gold: Path) -> list[Judged]:
    """All of a gold file none of whose wordings trained."""
    return [judged(tagger, e, [True] * len(e.marks)) for e in bank(gold)]


def _hidden(one: Judged, biases: Mapping[str, float]) -> NDArray[np.str_]:
    """For each word the type under which it would be hidden, or ""."""
    out = np.full(len(one.seen), "", dtype="<U8")
    likely = tagger_decode.leaned(one.logits, biases)
    for mention in tagger_decode.mentions(likely, one.example.text, one.seen):
        out[mention.begin : mention.end] = mention.type
    return out


def scores(texts: Sequence[Judged], biases: Mapping[str, float]) -> Scores:
    """Recall and precision at these biases."""
    met, kept = Counter[str](), Counter[str]()
    told = right = wanted = got = 0
    for one in texts:
        hidden = _hidden(one, biases)
        for kind, content in one.must:
            met[kind] += 1
            covered = sum(bool(hidden[i]) for i in content)
            kept[kind] += covered == len(content)
            wanted, got = wanted + len(content), got + covered
        for index, word in enumerate(one.seen):
            if hidden[index] and _content(one.example.text, word):
                told += 1
                right += bool(one.gold[index])
    by_type = {kind: round(kept[kind] / met[kind], 4) for kind in TYPES if met[kind]}
    recall, precision = got / max(wanted, 1), right / max(told, 1)
    return Scores(round(recall, 4), round(precision, 4), by_type, told)


def _gain(texts: Sequence[Judged], biases: Mapping[str, float], kind: str) -> float:
    """F2 of one type: its words that are hidden, against words hidden as it for nothing."""
    found = missed = wrong = 0
    for one in texts:
        hidden = _hidden(one, biases)
        for own, content in one.must:
            if own == kind:
                covered = sum(bool(hidden[i]) for i in content)
                found, missed = found + covered, missed + len(content) - covered
        for index in np.flatnonzero(hidden == kind):
            wrong += not one.gold[index] and _content(one.example.text, one.seen[index])
    return 5 * found / max(5 * found + 4 * missed + wrong, 1)


def chosen(
    texts: Sequence[Judged], least: Mapping[str, float], most: Mapping[str, float]
) -> dict[str, float]:
    """A bias for each type, in turn: the one with the best F2 from `least` to `most`."""
    biases = {kind: least.get(kind, 0.0) for kind in TYPES}
    for kind in TYPES:
        grid = [b for b in _GRID if least.get(kind, 0.0) <= b <= most.get(kind, _GRID[-1])]
        tried = {b: _gain(texts, {**biases, kind: b}, kind) for b in grid}
        biases[kind] = max(grid, key=lambda b: (round(tried[b], 4), -b))
    return biases


def parts_left(tagger: Tagger, rows: Sequence[Mapping[str, object]]) -> tuple[int, int, int]:
    """Reports with a name part left, reports, and words hidden per thousand.

    Each row has "texts" and "parts"; a part is left where it stands, as a whole capitalised
    word, outside every finding.
    """
    left = hidden = total = 0
    for row in rows:
        leaks = False
        for text in row["texts"]:  # type: ignore[attr-defined]
            spans = [(f.span.start, f.span.end) for f in tagger.find(text)]
            masked = bytearray(len(text))
            for start, end in spans:
                masked[start:end] = b"\1" * (end - start)
            for part in row["parts"]:  # type: ignore[attr-defined]
                whole = rf"(?<!\w){re.escape(part)}(?!\w)"
                leaks |= any(not all(masked[m.start() : m.end()]) for m in re.finditer(whole, text))
            seen = words(text)
            total += len(seen)
            hidden += sum(bool(masked[w.start]) for w in seen)
        left += leaks
    return left, len(rows), round(1000 * hidden / max(total, 1))


def figures(one: Scores) -> dict[str, float]:
    """The scores as named figures, for manifest and card."""
    out = {"word_recall": one.recall, "word_precision": one.precision}
    return out | {f"mentions_{kind}": value for kind, value in one.mentions.items()}
