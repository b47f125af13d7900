"""Names that a scan spells in two ways: the rarer one is a misreading of the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.fold import fold
from pipeline.near import Near
from pipeline.raw.link_forms import is_known
from pipeline.raw.link_people import Occurrence
from pipeline.span import Span

_WORD = re.compile(r"[^\W_]+(?:[|!$][^\W_]+)*")


def corrected(
    text: str, found: Sequence[Occurrence], uncertain: Sequence[Span]
) -> list[Occurrence]:
    """The occurrences with misread words as they should be; those written alike then are one.

    A misread word stands in uncertain stretches only, is rarer than the one it is like (or as
    rare and later), and is no English word and no name of its own.
    """
    right = _right(text, found, uncertain) if uncertain else {}
    if not right:
        return list(found)
    out: dict[str, Occurrence] = {}
    for one in found:
        name = _WORD.sub(lambda word: right.get(fold(word.group()), word.group()), one.text)
        before = out.get(fold(name))
        if before is not None:
            spans = tuple(sorted({*before.spans, *one.spans}))
            out[fold(name)] = replace(before, spans=spans, score=max(before.score, one.score))
        else:
            out[fold(name)] = one if name == one.text else replace(one, text=name)
    return list(out.values())


def _right(text: str, found: Sequence[Occurrence], uncertain: Sequence[Span]) -> dict[str, str]:
    """Misread words, folded, and how each should be written."""
    written: dict[str, str] = {}
    doubtful: set[str] = set()
    sure: set[str] = set()
    for one in found:
        words = {fold(word): word for word in _WORD.findall(one.text)}
        written = words | written
        within = bool(one.spans) and all(_inside(span, uncertain) for span in one.spans)
        (doubtful if within else sure).update(words)
    counts = Counter(fold(word) for word in _WORD.findall(text))
    first = {word: at for at, word in reversed(list(enumerate(map(fold, _WORD.findall(text)))))}
    near = Near((word, written[word]) for word in sorted(written))
    right: dict[str, str] = {}
    for word in sorted(doubtful - sure):
        if is_known(word):
            continue
        better = [
            other
            for other in near.like(written[word])
            if (counts[other], -first.get(other, 0)) > (counts[word], -first.get(word, 0))
        ]
        if better:
            right[word] = written[max(better, key=lambda other: (counts[other], other))]
    return right


def _inside(span: Span, spans: Iterable[Span]) -> bool:
    return any(one.contains(span) for one in spans)
