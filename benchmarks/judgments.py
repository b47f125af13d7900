"""How much of what annotators would hide in court judgments is found, without a profile.

    python benchmarks/judgments.py JUDGMENTS.jsonl --split dev

The file is the Text Anonymization Benchmark's (Norsk Regnesentral, MIT; not part of the project):
judgments of the European Court of Human Rights. A mention is protected when every content word
of it is found; an identity when all its mentions are. Precision asks of each word found whether
any annotation covers it. Words found are judged as words, whatever their kind. The tagger learnt
from the split "train" and never from "dev". Only counts and ids are printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from pipeline.config import Settings
from pipeline.flow import measuring, proposing
from pipeline.raw.readers import text as text_reader
from pipeline.span import Span

LEAST_PRECISION = 0.85
BARS = {"word recall": 0.96, "direct": 1.0, "quasi": 0.96}


@dataclass(slots=True)
class Tally:
    """Counts over the judgments so far, by measure; `missed` are the words left, by type."""

    good: Counter[str] = field(default_factory=Counter)
    every: Counter[str] = field(default_factory=Counter)

    def add(self, measure: str, right: int, of: int = 1) -> None:
        """So many right, of so many."""
        self.good[measure] += right
        self.every[measure] += of

    def share(self, measure: str) -> float:
        """The share that was right; 1 where there was nothing to find."""
        return self.good[measure] / self.every[measure] if self.every[measure] else 1.0


Find = Callable[[str], Sequence[Span]]


def judgments(path: Path, split: str) -> Iterator[dict[str, object]]:
    """The judgments of one split of a file, in order."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, object] = json.loads(line)
            if row["split"] == split:
                yield row


def found(settings: Settings) -> Find:
    """What Candour finds in a text without a profile, in the text's own offsets."""

    def find(text: str) -> tuple[Span, ...]:
        document = text_reader.from_string(text)
        everything = proposing.everything(document, settings)
        return tuple(sorted(document.to_source(f.span) for f in everything))

    return find


def _hidden(text: str, spans: Sequence[Span]) -> bytearray:
    """For each character whether a span covers it."""
    mask = bytearray(len(text))
    for span in spans:
        mask[span.start : span.end] = b"\1" * len(span)
    return mask


def score(row: Mapping[str, object], spans: Sequence[Span], tally: Tally) -> list[Span]:
    """Adds one judgment to a tally; the content words that were left come back."""
    text = str(row["text"])
    entities: list[dict[str, object]] = row["entities"]  # type: ignore[assignment]
    mask = _hidden(text, spans)
    marked = _hidden(text, [_span(e) for e in entities])
    left: list[Span] = []
    by_identity: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for entity in entities:
        if entity["identifier"] == "NO_MASK":
            continue
        words = measuring.content_words(text, _span(entity))
        covered = [all(mask[w.start : w.end]) for w in words]
        left += [w for w, good in zip(words, covered, strict=True) if not good]
        tally.add("word recall", sum(covered), len(words))
        tally.add(f"mentions {entity['type']}", all(covered))
        key = str(entity["identifier"]).lower(), str(entity["entity_id"])
        by_identity[key].append(all(covered))
    for (identifier, _), mentions in by_identity.items():
        tally.add(identifier, all(mentions))
    for first, last in _runs(mask):
        for word in measuring.content_words(text, Span(first, last)):
            tally.add("word precision", any(marked[word.start : word.end]))
    return left


def _span(entity: Mapping[str, object]) -> Span:
    return Span(int(str(entity["start"])), int(str(entity["end"])))


def _runs(mask: bytearray) -> Iterator[tuple[int, int]]:
    edges = [0, *(i for i in range(1, len(mask)) if mask[i] != mask[i - 1]), len(mask)]
    yield from ((a, b) for a, b in pairwise(edges) if a < b and mask[a])


def report(tally: Tally) -> bool:
    """Prints each measure; whether the bars are met at the least precision."""
    good = tally.share("word precision") >= LEAST_PRECISION
    for measure in sorted(tally.every):
        bar = BARS.get(measure, LEAST_PRECISION if measure == "word precision" else None)
        met = bar is None or tally.share(measure) >= bar
        good = good and met
        said = "" if bar is None else f"bar {bar:.2f}  {'met' if met else 'MISSED'}"
        counts = f"{tally.good[measure]:6} of {tally.every[measure]:6}"
        print(f"{measure:20} {counts}  {tally.share(measure):6.3f}  {said}")
    return good


def main() -> None:
    """Measure one split and say by the exit code whether its bars are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("judgments", type=Path)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--show", action="store_true", help="the words that were left, in place")
    given = parser.parse_args()
    find, tally = found(Settings()), Tally()
    for row in judgments(given.judgments, given.split):
        left = score(row, find(str(row["text"])), tally)
        print(f"{row['doc_id']}: {len(left)} words left", file=sys.stderr)
        for word in left if given.show else ():
            text = str(row["text"])
            print(f"  {text[max(0, word.start - 50) : word.end + 30]!r}", file=sys.stderr)
    sys.exit(0 if report(tally) else 1)


if __name__ == "__main__":
    main()
