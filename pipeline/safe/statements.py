"""The statements of a summary and of its report side by side, and where each is said again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.safe import sentence_pairs, wording
from pipeline.safe.lesson import Passage
from pipeline.safe.points import EXPLICIT, OUT, TEACHING, is_item, rejoined
from pipeline.safe.sentence import sentences
from pipeline.span import Span

PART = 0.75  # the share of a sentence's content that says it stands elsewhere


@dataclass(frozen=True, slots=True)
class Stated:
    """A stretch of one of the two texts: whose passage it is in, and where it stands."""

    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        """The words of the stretch."""
        start = self.span.start - self.passage.span.start
        return self.passage.text[start : start + len(self.span)]


def statements(
    passages: Sequence[Passage], *, by_sentence: bool = False
) -> tuple[list[Passage], dict[int, str]]:
    """The passages that state something, and by place the words with which one may go on.

    By sentence: what is no learning point tells a story, and each sentence of it is a statement.
    """
    whole = rejoined(passages)
    made: list[Passage] = []
    ends: dict[int, str] = {}
    for n, one in enumerate(whole.passages):
        if one.role in OUT:
            continue
        each = by_sentence and one.role not in TEACHING and not is_item(one)
        made += [
            replace(one, span=s.shift(one.span.start), text=s.of(one.text), themes=())
            for s in _points_of(one.text, each=each)
        ]
        if n in whole.tails:
            ends[len(made) - 1] = whole.tails[n]
    return made, ends


def _points_of(text: str, *, each: bool) -> tuple[Span, ...]:
    """The stretches of a passage that state something of their own: each that has a number.

    A text without layout runs "Lesson 4" and "Lesson 5" together.
    """
    found = sentences(text)
    if each:
        return found
    starts = [0, *(s.start for s in found[1:] if EXPLICIT.match(s.of(text)))]
    ends = [*starts[1:], len(text)]
    return tuple(
        Span(start, start + len(text[start:end].rstrip()))
        for start, end in zip(starts, ends, strict=True)
    )


class Beside:
    """The two texts side by side: their statements, how these may go on, and their sentences."""

    def __init__(
        self,
        told: Sequence[Passage],
        known: Sequence[Passage],
        ends: Mapping[int, str],
        other_ends: Mapping[int, str],
    ) -> None:
        self.told, self.known, self.ends, self.other_ends = told, known, ends, other_ends
        self._index: dict[str, set[int]] = {}
        self._bags: list[tuple[Passage, Span, Counter[str]]] = []
        self._said: list[Counter[str]] | None = None
        heads = dict.fromkeys(p.heading for p in known if p.heading)
        self._heads = [Counter(wording.core(head)) for head in heads]

    def elsewhere(self, sentence: str) -> Stated | None:
        """Where in the report one or two sentences say what a sentence of the summary says."""
        own = Counter(wording.core(sentence))
        if own.total() < 3:
            return None
        self._read()
        met = Counter(n for word in own for n in self._index.get(word, ()))
        best: tuple[float, Stated] | None = None
        for n, _ in sorted(met.items(), key=lambda kv: (-kv[1], kv[0]))[:8]:
            passage, span, bag = self._bags[n]
            runs = [(span, bag)]
            if n + 1 < len(self._bags) and self._bags[n + 1][0] is passage:
                then = self._bags[n + 1]
                runs.append((Span(span.start, then[1].end), bag + then[2]))
            for run, words in runs:
                part = (own & words).total() / own.total()
                near = sentence_pairs.mean(own, words)
                if part >= PART and (best is None or near > best[0] + 1e-9):
                    best = near, Stated(passage, run.shift(passage.span.start))
        return None if best is None else best[1]

    def heads(self, sentence: str) -> bool:
        """Whether a heading of the report says what a sentence of the summary says."""
        own = Counter(wording.core(sentence))
        return any((own & bag).total() >= PART * own.total() for bag in self._heads)

    def _read(self) -> None:
        if self._bags:
            return
        for passage in self.known:
            for span in sentences(passage.text):
                bag = Counter(wording.core(span.of(passage.text)))
                for word in bag:
                    self._index.setdefault(word, set()).add(len(self._bags))
                self._bags.append((passage, span, bag))

    def says(self, sentence: str) -> bool:
        """Whether the summary says somewhere what a sentence of the report says."""
        if self._said is None:
            self._said = [Counter(wording.core(p.text)) for p in self.told]
        own = Counter(wording.core(sentence))
        return any((own & bag).total() >= PART * own.total() for bag in self._said)
