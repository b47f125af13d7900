"""How good detection is, on texts whose spans people have marked (contracts: gold).

A mention is protected when every content word of it is covered. An identity is protected when
all its mentions are. Intervals come from a bootstrap over documents, since mentions of one
document are not independent (over rows they come out 1.7 times too narrow). A word that the
reader left out as furniture is in no draft: it is protected, and counts neither for nor against
precision.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.config import Settings
from pipeline.door import policy as policies
from pipeline.door import redact
from pipeline.errors import UsageError
from pipeline.flow import proposing
from pipeline.raw.document import Finding
from pipeline.raw.readers import text as text_reader
from pipeline.span import Kind, Span

RESAMPLES = 1000
WORD = re.compile(r"\w+")
# Words that give nobody away when they stay beside a label ("the", "Mr", "of").
UNTOLD = frozenset(
    "a an and at by dr for from in late miss mr mrs ms of on or prof s sir the to".split()
)


class GoldSpan(BaseModel):
    """A marked span: what it is, whose, and what a profile should do with it."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    start: int
    end: int
    kind: Kind
    identity: str | None = None
    action: str = "hide"


class GoldText(BaseModel):
    """One marked text."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    text: str
    spans: tuple[GoldSpan, ...]


# (measure, kind) -> (good, all) for one document.
Tally = Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of one kind with its interval of 95 %."""

    measure: str
    kind: str
    value: float
    low: float
    high: float
    good: int
    of: int


def load(path: Path) -> Iterator[GoldText]:
    """The marked texts of a file, a JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                continue
            try:
                yield GoldText.model_validate(json.loads(line))
            except (ValidationError, json.JSONDecodeError) as error:
                raise UsageError(
                    "A line of the gold file is not as contracts say. Nothing was measured. "
                    "Each line needs id, text and spans with start, end, kind and action."
                ) from error


def _covered(words: Sequence[Span], spans: Sequence[Span]) -> list[bool]:
    """For each word, whether some span contains it. Both in order, spans without overlap."""
    found, at = [], 0
    for word in words:
        while at < len(spans) and spans[at].end < word.end:
            at += 1
        found.append(at < len(spans) and spans[at].contains(word))
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """What a profile would change in a marked text, and which stretches of it a draft shows."""

    changed: Sequence[tuple[Span, Kind]]
    shown: Sequence[Span]


def content_words(text: str, span: Span) -> list[Span]:
    """The words of a span that tell something; the span itself where none does."""
    words = [
        Span(m.start(), m.end())
        for m in WORD.finditer(text, span.start, span.end)
        if m.group().lower() not in UNTOLD
    ]
    return words or [span]


def _recalls(gold: GoldText, found: Found) -> Iterator[tuple[str, str, bool]]:
    """(measure, kind, whether it was good) for each mention and each identity."""
    spans = [span for span, _ in found.changed]
    by_identity: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for marked in gold.spans:
        if marked.action == "keep":
            continue
        words = content_words(gold.text, Span(marked.start, marked.end))
        visible = [w for w, seen in zip(words, _touched(words, found.shown), strict=True) if seen]
        protected = all(_covered(visible, spans))
        yield "recall", marked.kind.value, protected
        if marked.identity is not None:
            by_identity[marked.kind.value, marked.identity].append(protected)
    for (kind, _), mentions in by_identity.items():
        yield "every-mention recall", kind, all(mentions)
        if len(mentions) >= 3:
            yield "every-mention recall, 3 or more", kind, all(mentions)


def _kept(gold: GoldText, found: Found) -> Iterator[tuple[str, str, bool]]:
    """(measure, kind, whether it was good) for each marked span that should stay as it is."""
    spans = [span for span, _ in found.changed]
    for marked in gold.spans:
        span = Span(marked.start, marked.end)
        if marked.action == "keep" and any(_touched([span], found.shown)):
            yield "kept", marked.kind.value, not any(_touched([span], spans))


def _precisions(gold: GoldText, found: Found) -> Iterator[tuple[str, str, bool]]:
    """(measure, kind, whether it was good) for each word that was hidden."""
    wanted = _merged([Span(g.start, g.end) for g in gold.spans if g.action != "keep"])
    for span, kind in found.changed:
        words = content_words(gold.text, span)
        for right in _covered(words, wanted):
            yield "precision", kind.value, right
    every = [Span(m.start(), m.end()) for m in WORD.finditer(gold.text)]
    words = [w for w, seen in zip(every, _touched(every, found.shown), strict=True) if seen]
    hidden = _covered(words, [span for span, _ in found.changed])
    for is_wanted, is_hidden in zip(_covered(words, wanted), hidden, strict=True):
        if not is_wanted:
            yield "over-redaction", "ALL", is_hidden


def _touched(words: Sequence[Span], spans: Sequence[Span]) -> list[bool]:
    """For each word, whether some span shares a part of it. Both in order."""
    found, at = [], 0
    for word in words:
        while at < len(spans) and spans[at].end <= word.start:
            at += 1
        found.append(at < len(spans) and spans[at].overlaps(word))
    return found


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that overlap made one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def tally(gold: GoldText, found: Found) -> Tally:
    """Counts of one text: how many of each measure and kind were good, of how many."""
    counts: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for measure, kind, good in [
        *_recalls(gold, found),
        *_kept(gold, found),
        *_precisions(gold, found),
    ]:
        for name in {kind, "ALL"}:
            right, total = counts[measure, name]
            counts[measure, name] = (right + good, total + 1)
    return dict(counts)


def scores(tallies: Sequence[Tally]) -> tuple[Score, ...]:
    """Every measure of every kind over all texts, with intervals from resampled documents."""
    import numpy as np

    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(tallies), size=(RESAMPLES, len(tallies))) if tallies else None
    result = []
    for key in sorted({key for one in tallies for key in one}):
        pairs = np.array([one.get(key, (0, 0)) for one in tallies], dtype=np.int64)
        sums = pairs[draws].sum(axis=1)
        shares = sums[:, 0] / np.maximum(sums[:, 1], 1)
        low, high = np.quantile(shares[sums[:, 1] > 0], [0.025, 0.975])
        good, of = (int(n) for n in pairs.sum(axis=0))
        result.append(Score(key[0], key[1], good / of, float(low), float(high), good, of))
    return tuple(result)


def found_in(gold: GoldText, profile: str, settings: Settings) -> Found:
    """What a profile would change in a marked text, in the text's own offsets, in order."""
    document = text_reader.from_string(gold.text)
    proposal = proposing.propose(document, settings)
    changed: Sequence[Finding] = redact.would_change(document, proposal, policies.load(profile))
    pieces = document.origins.pieces if document.origins else ()
    shown = sorted(Span(piece.source, piece.source + piece.length) for piece in pieces)
    return Found(
        changed=sorted((document.to_source(f.span), f.kind) for f in changed),
        shown=shown or [Span(0, max(1, len(gold.text)))],
    )


def evaluate(
    path: Path, profile: str, settings: Settings, progress: Callable[[str], None]
) -> Iterator[dict[str, object]]:
    """Scores of a file of marked texts as rows."""
    tallies = []
    for number, gold in enumerate(load(path), start=1):
        tallies.append(tally(gold, found_in(gold, profile, settings)))
        progress(f"{number} texts measured")
    for score in scores(tallies):
        yield {
            "measure": score.measure,
            "kind": score.kind,
            "value": round(score.value, 4),
            "low": round(score.low, 4),
            "high": round(score.high, 4),
            "good": score.good,
            "of": score.of,
        }
