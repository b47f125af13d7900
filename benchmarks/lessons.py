"""Lessons measured: each bar a line, with the figure beside it.

    python -m pipeline.training corpus --bank 2 --reviews 60 --seed fresh --out CORPUS --formats txt
    python benchmarks/lessons.py --gold CORPUS/gold.jsonl --reports REPORTS.jsonl... --seeds FOLDER

Any of the three sources may be left out: generated reviews with gold, public coroners' reports
(a JSON object a line), the five public texts whose places stand in lessons_seeds.py.
`--vectors FILE` keeps sentence vectors between runs. `--others PYTHON` sets BERTopic on the same
vectors beside ours: PYTHON is that of an environment of its own (lessons_others.py says how).
`--titles` prints the thirty lessons of most reports. Stability refits the whole on nine tenths of
the learning points, ten times, and compares with the whole (adjusted Rand index, one count a
learning point). What a bar asks of groups is asked of lessons.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import lessons_others
import lessons_seeds

from pipeline.config import Settings
from pipeline.door import policy, redact
from pipeline.door.plan import Plan
from pipeline.flow import marking, proposing
from pipeline.raw import settle
from pipeline.raw.readers import text as text_reader
from pipeline.safe import (
    claim_vectors,
    embed,
    learning_point,
    recur,
    segment,
    theme,
    theme_heads,
    theme_model,
)
from pipeline.safe.claim import wordings
from pipeline.safe.embed import Vectors
from pipeline.safe.lesson import Passage, Role, Theme
from pipeline.span import Span

RESAMPLES = 10
FIELDS = ("investigation", "circumstances", "concerns")
SHORTEST = 6  # words of a paragraph that is counted
Pair = tuple[str, str]
Line = tuple[str, float | str, str]


def bcubed(said: Mapping[Pair, str], gold: Mapping[Pair, str]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 over the items of the gold."""
    ours: dict[str, set[Pair]] = defaultdict(set)
    theirs: dict[str, set[Pair]] = defaultdict(set)
    for item in gold:
        ours[said[item]].add(item)
        theirs[gold[item]].add(item)
    both = [len(ours[said[i]] & theirs[gold[i]]) for i in gold]
    precision = sum(n / len(ours[said[i]]) for n, i in zip(both, gold, strict=True)) / len(gold)
    recall = sum(n / len(theirs[gold[i]]) for n, i in zip(both, gold, strict=True)) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def labels(groups: Sequence[Sequence[Pair]]) -> dict[Pair, int]:
    """The number of the group of each learning point."""
    return {pair: number for number, group in enumerate(groups) for pair in group}


def samples(pairs: Sequence[Pair]) -> Iterator[frozenset[Pair]]:
    """Nine tenths of the learning points, ten times."""
    for seed in range(RESAMPLES):
        yield frozenset(random.Random(seed).sample(sorted(pairs), len(pairs) * 9 // 10))


def stability(
    passages: Sequence[Passage], encode: Vectors, claimed: Vectors
) -> tuple[float, float]:
    """Mean adjusted Rand index of refits against the whole, and the least of them."""
    from sklearn.metrics import adjusted_rand_score

    points = [p for p in passages if learning_point.is_point(p)]
    whole = labels(recur.partition(points, encode, claimed))
    found = []
    for kept in samples(list(whole)):
        some = [p for p in points if (p.review, p.id) in kept]
        part = labels(recur.partition(some, encode, claimed))
        rows = sorted(part)
        found.append(adjusted_rand_score([whole[r] for r in rows], [part[r] for r in rows]))
    return sum(found) / len(found), min(found)


def _source(offset: int, plan: Plan, *, end: bool) -> int:
    """Where an offset of the safe text stands in the canonical one, widened to whole changes."""
    shift = 0
    for change in plan.replacements:
        start = change.span.start + shift
        if offset <= start:
            break
        if offset < start + len(change.label):
            return change.span.end if end else change.span.start
        shift += len(change.label) - len(change.span)
    return offset - shift


def read(row: Mapping[str, Any]) -> tuple[tuple[Passage, ...], list[Span]]:
    """The passages of a generated review as its draft has them, and where each was written."""
    document = text_reader.from_string(row["text"])
    settled = settle.accept_all(proposing.propose(document, Settings()))
    made = redact.redact(document, settled, policy.load("public"), review=row["id"])
    ours = tuple(replace(p, draft=False) for p in segment.passages(made.document))
    spans = [
        Span(_source(p.span.start, made.plan, end=False), _source(p.span.end, made.plan, end=True))
        for p in ours
    ]
    return ours, [document.to_source(span) for span in spans]


def planted(
    row: Mapping[str, Any], ours: Sequence[Passage], spans: Sequence[Span]
) -> Iterator[tuple[Pair, str]]:
    """(passage of ours that covers most of it, lesson) for each passage that states a lesson."""
    for number, one in enumerate(row["passages"]):
        if one["lesson"] is None:
            continue
        shared = [min(s.end, one["end"]) - max(s.start, one["start"]) for s in spans]
        best = max(range(len(spans)), key=lambda i: (shared[i], -i))
        name = ours[best].id if shared[best] > 0 else f"missed {number}"
        yield (row["id"], name), one["lesson"]


def concerns(reports: Sequence[Path]) -> Iterator[Passage]:
    """The paragraphs of concern of coroners' reports, what a draft changes replaced by a label."""
    for line in (one for path in reports for one in path.read_text("utf-8").splitlines()):
        report = json.loads(line)
        parts = [str(report.get(field) or "").strip() for field in FIELDS]
        text = "\n\n".join(part for part in parts if part) + "\n"
        document = text_reader.from_string(text)
        proposal = proposing.propose(document, Settings())
        changed = redact.would_change(document, proposal, policy.load("public"))
        hidden = sorted({document.to_source(one.span) for one in changed})
        first = len(text) - len(parts[-1]) - 1
        for number, match in enumerate(re.finditer(r"[^\n]+", text[first:])):
            words = _labelled(text, Span(*match.span()).shift(first), hidden).strip()
            if len(words.split()) >= SHORTEST:
                yield Passage(
                    str(report["id"]), f"p{number:03}", 1, None, None, Span(0, len(words)),
                    Role.LEARNING, words, (), draft=False,
                )  # fmt: skip


def _labelled(text: str, place: Span, hidden: Sequence[Span]) -> str:
    made, at = "", place.start
    for span in hidden:
        if at <= span.start < place.end:
            made += text[at : span.start] + "[hidden]"
            at = min(span.end, place.end)
    return made + text[at : place.end]


def checked(
    passages: Sequence[Passage], years: Mapping[str, str], found: recur.Learned
) -> Iterator[Line]:
    """Quotations, counts and titles: what must be nought."""
    texts = {(p.review, p.id): p.text for p in passages}
    lessons = found.lessons
    points = sorted(pair for pair in texts if pair in {q for one in lessons for q in one.passages})
    inexact = sum(one.quote not in texts[one.quote_from] or not one.quote for one in lessons)
    miscounted = sum(
        one.reviews != tuple(sorted({review for review, _ in one.passages}))
        or one.of != len(years)
        or one.known != (len(one.reviews) > 1)
        for one in lessons
    ) + (sorted(pair for one in lessons for pair in one.passages) != points)
    banned = wordings().banned
    bad = sum(
        bool(re.search(r"\[|\]|\d", one.title.partition(" (")[0]))
        or bool(
            banned & {w.strip(",.;:").lower() for w in one.title.split() if w.strip(",.;:") != "IT"}
        )
        for one in lessons
    )
    yield "quotations that are not exact", inexact, "0"
    yield "lessons whose counts do not recount", miscounted, "0"
    yield "titles with a label, a pronoun or a figure", bad, "0"


def _themed(
    passages: Sequence[Passage], themes: Sequence[Theme], encode: Vectors
) -> tuple[Passage, ...]:
    """The passages with themes as `candour learn` gives them."""
    asked = marking.Asked(theme_heads.load(), theme_heads.Known(), theme_heads.vectors())
    made = marking.themed(asked, passages, themes, frozenset(), lambda done, of: None)
    return theme.suggest(made, theme_model.unknown(themes, asked.heads), encode)


def generated(gold: Path, encode: Vectors, others: str | None) -> Iterator[Line]:
    """The lines of generated reviews."""
    themes = theme.load()
    passages: list[Passage] = []
    wanted: dict[Pair, str] = {}
    years: dict[str, str] = {}
    for row in (json.loads(line) for line in gold.read_text("utf-8").splitlines()):
        ours, spans = read(row)
        passages.extend(theme.mark(ours, themes))
        wanted.update(planted(row, ours, spans))
        years[row["id"]] = str(row["year"])
    marked, claimed = _themed(passages, themes, encode), claim_vectors.vectors()
    before = time.process_time()
    found = recur.lessons(marked, years, themes, vectors=encode, claimed=claimed)
    seconds = time.process_time() - before
    where = {pair: one.id for one in found.lessons for pair in one.passages}
    said = {pair: where.get(pair, f"alone {pair}") for pair in wanted}
    precision, recall, f1 = bcubed(said, wanted)
    out = [pair for pair in wanted if pair not in where or pair in set(found.unassigned)]
    mean, least = stability(marked, encode, claimed)
    yield f"generated: B-cubed F1 of {len(wanted)} (P {precision:.2f}, R {recall:.2f})", f1, ".85"
    yield f"generated: stability, mean (least {least:.2f})", mean, ".85"
    yield "generated: learning passages left out", len(out) / len(wanted), "at most .15"
    for name, figure, bar in checked(marked, years, found):
        yield f"generated: {name}", figure, bar
    again = recur.lessons(list(reversed(marked)), years, themes, vectors=encode, claimed=claimed)
    yield "generated: the same in another order", str(again == found), "True"
    yield "generated: seconds of CPU to group and tell, first time", seconds, ""
    points = [p for p in marked if learning_point.is_point(p)]
    yield from lessons_others.measure(others, points, encode, "generated", (wanted, bcubed))


def coroners(
    reports: Sequence[Path], encode: Vectors, others: str | None, *, titles: bool
) -> Iterator[Line]:
    """The lines of coroners' reports."""
    themes = theme.load()
    marked = _themed(theme.mark(concerns(reports), themes), themes, encode)
    claimed = claim_vectors.vectors()
    years = {p.review: p.review[:4] for p in marked}
    found = recur.lessons(marked, years, themes, vectors=encode, claimed=claimed)
    mean, least = stability(marked, encode, claimed)
    often = [one for one in found.lessons if len(one.reviews) > 1][:30]
    yield "coroners: paragraphs", len(marked), ""
    yield "coroners: learning points", sum(map(learning_point.is_point, marked)), ""
    yield "coroners: lessons of several reports", sum(len(o.reviews) > 1 for o in found.lessons), ""
    yield f"coroners: stability, mean (least {least:.2f})", mean, ".70"
    shown = " ".join(f"{len(one.reviews)}/{one.of}:{one.stability}" for one in often)
    yield f"coroners: reports and stability of the first lessons: {shown}", len(often), "10 to 30"
    yield "coroners: unassigned", len(found.unassigned), ""
    for name, figure, bar in checked(marked, years, found):
        yield f"coroners: {name}", figure, bar
    again = recur.lessons(list(reversed(marked)), years, themes, vectors=encode, claimed=claimed)
    yield "coroners: the same in another order", str(again == found), "True"
    for one in often if titles else ():
        yield f"    {one.theme} {one.title}", len(one.reviews), ""
    points = [p for p in marked if learning_point.is_point(p)]
    yield from lessons_others.measure(others, points, encode, "coroners", None)


def show(lines: Iterator[Line]) -> None:
    """Print each line as it is known."""
    for name, figure, bar in lines:
        value = f"{figure:.3f}" if isinstance(figure, float) else str(figure)
        print(f"{value:>8}  {'bar ' + bar if bar else '':16}  {name}", flush=True)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description="Lessons measured, a line a bar.")
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--reports", type=Path, nargs="*", default=[])
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--others", help="the Python of an environment with BERTopic")
    parser.add_argument("--titles", action="store_true")
    given = parser.parse_args()
    cache = embed.Cache.open(given.vectors) if given.vectors else embed.Cache()
    used: list[str] = []
    encode = _kept(embed.vectors(cache=cache), used)
    if given.seeds:
        show(lessons_seeds.measure(given.seeds, encode))
    if given.gold:
        show(generated(given.gold, encode, given.others))
    if given.reports:
        show(coroners(given.reports, encode, given.others, titles=given.titles))
    cache.keep(used)


def _kept(encode: Vectors, used: list[str]) -> Callable[[Sequence[str]], embed.Matrix]:
    def noting(texts: Sequence[str]) -> embed.Matrix:
        used.extend(texts)
        return encode(texts)

    return noting


if __name__ == "__main__":
    main()
