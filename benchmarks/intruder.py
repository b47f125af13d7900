"""Whether an intruder who has other texts about each case finds which case a text is about.

    python benchmarks/intruder.py reviews --cases 60 --seed 5
    python benchmarks/intruder.py judgments TAB.jsonl --split dev

`reviews`: invented reviews of the generator, and beside each a newspaper's account of the same
people, places and days in other words; four cases or more share an area and its public bodies.
`judgments`: the Text Anonymization Benchmark, whose file is given; the middle half of a judgment
is the text, the rest of it the background.

Each ranker puts the backgrounds of all cases in order for each text. Versions of the text:
original (the ceiling); candour (what a profile releases, nobody having looked); gold (what
people marked is out, days wholly: style, months, subject are left, the floor); random (as many
words out as Candour hides, anywhere). Labels in brackets are out of all of them; a month and
year that stand for a day stay. `--why` adds versions that tell what it is that links. An
intruder takes the ranker that works best: quote that row. Only counts and ids are printed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from intruder_link import RANKERS, WORD, linked, ranks, words

from pipeline.config import Settings
from pipeline.door import policy, redact
from pipeline.flow import proposing
from pipeline.raw import settle
from pipeline.raw.document import Recogniser
from pipeline.raw.readers import text as texts
from pipeline.span import Kind, Span
from pipeline.training import compose, corpus, days
from pipeline.training.compose import Order
from pipeline.training.rich import Mark

# Kinds of review and the first of three years in which the cases of an area fall.
KINDS = (("SCR", 2014), ("CSPR", 2019), ("SAR", 2016), ("DHR", 2015), ("CPR", 2017))
AN_AREA = 4
PRESS = {
    "outline": "press",
    "family": "named",
    "staff": "roles",
    "org": 0.9,
    "events": "prose",
    "summary": False,
    "planted_sum": "none",
}
_NAMES = "|".join((*days.MONTHS, *(month[:3] for month in days.MONTHS)))
_MONTH = re.compile(rf"\b(?:{_NAMES})\b")
_CALENDAR = re.compile(rf"\b(?:{_NAMES}|(?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class Case:
    """A text, what people marked in it, and another text about the same case."""

    id: str
    text: str
    marked: tuple[tuple[Span, Kind], ...]
    background: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a text that is replaced."""

    span: Span
    kind: Kind
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """What a profile changes in a text, and what of the text a draft shows at all."""

    cuts: tuple[Cut, ...]
    shown: tuple[Span, ...]


def reviews(count: int, seed: str, known: float) -> Iterator[Case]:
    """Invented reviews, each with a newspaper's account; it knows a share of the events."""
    areas = max(1, count // AN_AREA)
    for number in range(count):
        area = number % areas
        kind, year = KINDS[area % len(KINDS)]
        order = Order(
            bank=2,
            seed=f"{seed}/{number + 1:04d}",
            kind=kind,
            year=year + number // areas % 3,
            invented=True,
            area=f"{seed}/{area}",
        )
        report = compose.review(order)
        press = replace(order, habits=tuple(PRESS.items()))
        # The other bank: a sentence that a text shares with no background tells nothing.
        other = compose.retold(press, 1, known)
        text, _ = corpus.text_of(report, order.seed)
        marked = tuple(
            (Span(p.start, p.end), p.what.kind)
            for p in text.placed
            if isinstance(p.what, Mark) and p.what.action != "keep"
        )
        background, _ = corpus.text_of(other, f"{order.seed}/press")
        yield Case(report.id, text.text, marked, background.text)


def judgments(path: Path, split: str | None) -> Iterator[Case]:
    """Judgments: the middle half is the text, the rest the background."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if split is not None and row["split"] != split:
            continue
        whole = str(row["text"])
        first, last = (_sentence_start(whole, len(whole) * part // 4) for part in (1, 3))
        marked = tuple(
            (Span(e["start"] - first, e["end"] - first), TAB_KINDS[e["type"]])
            for e in row["entities"]
            if e["identifier"] != "NO_MASK" and first <= e["start"] and e["end"] <= last
        )
        rest = f"{whole[:first]}\n\n{whole[last:]}"
        yield Case(str(row["doc_id"]), whole[first:last], marked, rest)


TAB_KINDS: Mapping[str, Kind] = {
    "PERSON": Kind.PERSON,
    "CODE": Kind.CODE,
    "LOC": Kind.PLACE,
    "ORG": Kind.ORGANISATION,
    "DEM": Kind.DEMOGRAPHIC,
    "DATETIME": Kind.DATE,
    "QUANTITY": Kind.QUANTITY,
    "MISC": Kind.OTHER,
}


def _sentence_start(text: str, at: int) -> int:
    """The start of the paragraph at or after an offset, the end where there is none."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def release(
    case: Case, profile: str, settings: Settings, using: tuple[Recogniser, ...] | None = None
) -> Released:
    """What Candour would release of the text, in the text's own offsets."""
    document = texts.from_string(case.text)
    proposal = proposing.propose(document, settings, using)
    done = redact.redact(
        document, settle.accept_all(proposal), policy.load(profile), review="intruder"
    )
    cuts = []
    for change in done.plan.replacements:
        # A label in brackets says nothing of the case: it is left out.
        instead = "" if change.label.startswith("[") else change.label
        cuts.append(Cut(document.to_source(change.span), change.kind, instead))
    pieces = document.origins.pieces if document.origins else ()
    shown = tuple(Span(p.source, p.source + p.length) for p in pieces if p.length)
    return Released(tuple(cuts), shown or (Span(0, len(case.text)),))


def left(text: str, shown: Iterable[Span], cuts: Iterable[Cut]) -> str:
    """The text as far as it is shown, with its cuts made; of cuts that overlap, all are made.

    >>> left("Ann Lee came.", [Span(0, 13)], [Cut(Span(0, 7), Kind.PERSON, "Mother")])
    ' Mother  came.'
    """
    kept = bytearray(len(text))
    for span in shown:
        kept[span.start : span.end] = b"\1" * len(span)
    said: dict[int, str] = {}
    for cut in cuts:
        kept[cut.span.start : cut.span.end] = bytes(len(cut.span))
        said[cut.span.start] = f" {cut.instead} "
    parts = []
    for at, char in enumerate(text):
        parts.append(said.get(at, ""))
        if kept[at]:
            parts.append(char)
        elif at and kept[at - 1]:
            parts.append(" ")
    return "".join(parts)


def random_cuts(text: str, out: Released, seed: str) -> tuple[Cut, ...]:
    """As many words as are hidden, anywhere in what is shown."""
    every = [
        Span(found.start(), found.end())
        for span in out.shown
        for found in WORD.finditer(text, span.start, span.end)
    ]
    hidden = sum(
        len(WORD.findall(cut.span.of(text))) - len(WORD.findall(cut.instead)) for cut in out.cuts
    )
    chosen = random.Random(seed).sample(every, min(max(hidden, 0), len(every)))
    return tuple(Cut(span, Kind.OTHER) for span in chosen)


def versions(case: Case, out: Released, seed: str, *, why: bool) -> dict[str, str]:
    """The versions of a text that the intruder is given, by name."""
    gold = tuple(Cut(span, kind) for span, kind in case.marked)
    undated = tuple(cut for cut in gold if cut.kind is not Kind.DATE)
    made = {
        "original": (),
        "candour": out.cuts,
        "gold": gold,
        "random": random_cuts(case.text, out, f"{seed}/{case.id}"),
    }
    if why:
        made["candour, gold's names out too"] = (*undated, *out.cuts)
        made["candour, days out"] = tuple(replace(cut, instead="") for cut in out.cuts)
    texts_of = {name: left(case.text, out.shown, cuts) for name, cuts in made.items()}
    if why:
        for name in ("candour", "gold"):
            texts_of[f"{name}, years for months"] = _MONTH.sub(" ", texts_of[name])
            texts_of[f"{name}, months and years out"] = _CALENDAR.sub(" ", texts_of[name])
    return texts_of


def measured(
    cases: Sequence[Case], made: Sequence[Mapping[str, str]]
) -> Iterator[dict[str, object]]:
    """A row a version and ranker, and one of the ranker that links most often."""
    backgrounds = [case.background for case in cases]
    count = {name: sum(len(words(each[name])) for each in made) for name in made[0]}
    for version in made[0]:
        rows = []
        for ranker, score in RANKERS.items():
            found = ranks(score([each[version] for each in made], backgrounds))
            row: dict[str, object] = {"version": version, "ranker": ranker}
            row["words out"] = round(1 - count[version] / max(count["original"], 1), 3)
            for one in linked(found):
                row[one.measure] = round(one.value, 3)
                row[f"{one.measure} interval"] = [round(one.low, 3), round(one.high, 3)]
            row["linked"] = [c.id for c, rank in zip(cases, found, strict=True) if rank == 1]
            rows.append(row)
        yield from rows
        best = max(rows, key=lambda row: (row["top-1"], row["reciprocal rank"]))
        yield {**best, "ranker": f"strongest: {best['ranker']}"}


def run(
    cases: Sequence[Case], released: Sequence[Released], seed: str, *, why: bool
) -> list[dict[str, object]]:
    """All rows of a set of cases."""
    made = [versions(c, out, seed, why=why) for c, out in zip(cases, released, strict=True)]
    return list(measured(cases, made))


def _table(rows: Iterable[Mapping[str, object]], count: int) -> Iterator[str]:
    yield f"{count} cases; by chance top-1 is {1 / count:.3f}, top-5 {min(1, 5 / count):.3f}"
    names = ("top-1", "top-5", "reciprocal rank")
    yield f"{'version':<32}{'words out':<11}{'ranker':<42}" + "".join(f"{n:<24}" for n in names)
    for row in rows:
        cells = []
        for name in names:
            low, high = np.array(row[f"{name} interval"])
            cells.append(f"{row[name]:.3f} ({low:.3f} to {high:.3f})".ljust(24))
        yield (
            f"{row['version']:<32}{row['words out']:<11}{row['ranker']:<42}"
            + "".join(cells).rstrip()
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sets = parser.add_subparsers(dest="what", required=True)
    invented = sets.add_parser("reviews")
    invented.add_argument("--cases", type=int, default=60)
    invented.add_argument("--known", type=float, default=0.6, help="share of events in the paper")
    court = sets.add_parser("judgments")
    court.add_argument("file", type=Path)
    court.add_argument("--split", choices=("train", "dev"), help="the whole file if not given")
    for each in (invented, court):
        each.add_argument("--seed", default="5")
        each.add_argument("--profile", default="public")
        each.add_argument("--why", action="store_true")
        each.add_argument("--format", choices=("table", "jsonl"), default="table")
    return parser


def main(argv: list[str], progress: Callable[[str], object] = sys.stderr.write) -> int:
    """Write the rows; 2 where there is nothing to tell apart."""
    given = _parser().parse_args(argv)
    if given.what == "reviews":
        cases = list(reviews(given.cases, given.seed, given.known))
    else:
        cases = list(judgments(given.file, given.split))
    if len(cases) < 2:
        progress("One case cannot be told from another. Give two or more.\n")
        return 2
    released = []
    for number, case in enumerate(cases, start=1):
        released.append(release(case, given.profile, Settings()))
        progress(f"{number} of {len(cases)} texts read\n")
    rows = run(cases, released, given.seed, why=given.why)
    if given.format == "jsonl":
        lines = [json.dumps({"cases": len(cases), **row}) for row in rows]
    else:
        lines = list(_table(rows, len(cases)))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
