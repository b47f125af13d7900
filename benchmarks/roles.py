"""How well the role of a sentence or a passage is told, on real and on invented texts.

    python benchmarks/roles.py reports REPORTS.jsonl...     coroners' reports: three sections
    python -m pipeline.training corpus --bank 2 --reviews 24 --seed N --out DIR
    python benchmarks/roles.py reviews DIR/gold.jsonl...    reviews that nobody looked at

`reports` learns from four fifths of the reports and measures on the fifth, five times over. The
sections of each report stand in an order drawn from its id, headings are not there, and nothing
of where a sentence stands is used: only its words and those of its neighbours. `paragraphs`
also knows where a paragraph begins. `reviews` runs the program as it ships; what the gold hides
stands as labels. Only counts are printed. Exit code 1: a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.config import Settings
from pipeline.raw.document import Document
from pipeline.raw.readers import reading
from pipeline.safe import chain, segment
from pipeline.safe.cues import weigh
from pipeline.safe.lesson import Passage, Role, SafeBlock, SafeDocument, SafeText
from pipeline.safe.role_model import GROUPS, RoleModel
from pipeline.safe.traits import Traits, traits
from pipeline.span import Span
from pipeline.training import roles_data, roles_fit
from pipeline.training.roles_data import Unit

BAR = 0.82
FOLDS = 5
_SECTION = {Role.CONTEXT: Role.CONTEXT, Role.CHRONOLOGY: Role.CHRONOLOGY}
Told = Sequence[Role | None]
Marked = tuple[Role, Span]


def scores(gold: Sequence[Role], told: Told) -> dict[Role, tuple[float, float, float, int]]:
    """Precision, recall, F1 and how many there are, of each role of the gold.

    >>> scores([Role.CONTEXT, Role.LEARNING], [Role.CONTEXT, None])[Role.LEARNING]
    (0.0, 0.0, 0.0, 1)
    """
    both = Counter(g for g, t in zip(gold, told, strict=True) if g is t)
    given, there = Counter(told), Counter(gold)
    made = {}
    for role in sorted(there):
        precision = both[role] / given[role] if given[role] else 0.0
        recall = both[role] / there[role]
        f1 = 2 * precision * recall / (precision + recall) if both[role] else 0.0
        made[role] = (precision, recall, f1, there[role])
    return made


def macro(gold: Sequence[Role], told: Told) -> float:
    """The mean F1 of the roles of the gold."""
    made = scores(gold, told)
    return sum(row[2] for row in made.values()) / len(made)


def show(name: str, gold: Sequence[Role], told: Told) -> None:
    """Prints one line a role, and one for all."""
    right = sum(g is t for g, t in zip(gold, told, strict=True))
    print(f"{name}: macro-F1 {macro(gold, told):.4f}, {right} of {len(gold)} right")
    for role, (precision, recall, f1, count) in scores(gold, told).items():
        print(f"  {role:<15} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  n {count}")


def folds(units: Sequence[Unit]) -> dict[str, int]:
    """The fold of each report: by its place, so that the folds are of one size."""
    names = list(dict.fromkeys(unit.report for unit in units))
    return {name: place % FOLDS for place, name in enumerate(names)}


def links(
    model: RoleModel, units: Sequence[Unit], found: Sequence[Traits], *, blocks: bool
) -> list[chain.Link]:
    """The chain of one report's sentences."""
    made: list[chain.Link] = []
    for place, unit in enumerate(units):
        own = model.groups(found[place])
        if place == 0:
            made.append(chain.Link(own))
            continue
        new = blocks and unit.block != units[place - 1].block
        stay, *start = model.turns(found[place - 1], found[place], new_block=new)
        moves = (
            tuple(stay if i == j else begun for j, begun in enumerate(start))
            for i in range(len(start))
        )
        made.append(chain.Link(own, tuple(moves)))
    return made


def reports(paths: Sequence[Path]) -> bool:
    """Prints what is measured on coroners' reports; whether the bar is met."""
    units = roles_data.reports(paths)
    started = time.process_time()
    found = [traits(unit.text) for unit in units]
    spent = time.process_time() - started
    words = sum(len(unit.text.split()) for unit in units)
    print(
        f"{len(units)} sentences of {len(folds(units))} reports; "
        f"traits: {20_000 * spent / words:.2f} s of processor time for 20,000 words"
    )
    gold = [unit.role for unit in units]
    show("the cue patterns alone", gold, [_section(weigh_best(unit.text)) for unit in units])
    told: dict[str, list[Role | None]] = {}
    for name, blocks in (("neighbours", False), ("paragraphs", True)):
        alone, chained = crossed(units, found, blocks=blocks)
        told["one sentence, linear"], told[name] = alone, chained
    for name, row in told.items():
        show(name, gold, row)
    return macro(gold, told["neighbours"]) >= BAR


def weigh_best(text: str) -> Role | None:
    """The role that the cue patterns alone give."""
    weights = weigh(text)
    best = max(weights, key=weights.__getitem__)
    return best if weights[best] else None


def _section(role: Role | None) -> Role | None:
    return None if role is None else _SECTION.get(role, Role.LEARNING)


def crossed(
    units: Sequence[Unit], found: Sequence[Traits], *, blocks: bool
) -> tuple[list[Role | None], list[Role | None]]:
    """The role of each sentence by itself and in its chain, told by a model that never met it."""
    fold = folds(units)
    seen = list(units) if blocks else [replace(unit, block=0) for unit in units]
    alone: list[Role | None] = [None] * len(units)
    chained: list[Role | None] = [None] * len(units)
    for held in range(FOLDS):
        train = [i for i, unit in enumerate(units) if fold[unit.report] != held]
        names = {seen[i].report for i in train}
        model = roles_fit.fit([seen[i] for i in train], [found[i] for i in train], (), names)
        for report in (name for name, number in fold.items() if number == held):
            inside = [i for i, unit in enumerate(units) if unit.report == report]
            row = links(model, [seen[i] for i in inside], [found[i] for i in inside], blocks=blocks)
            for i, one, role in zip(inside, row, chain.best(row), strict=True):
                alone[i] = GROUPS[max(range(len(GROUPS)), key=lambda r: one.own[r])]
                chained[i] = GROUPS[role]
    return alone, chained


def reviews(paths: Sequence[Path]) -> bool:
    """Prints how often the program as it ships gives a passage the role that its gold has."""
    gold: list[Role] = []
    told: list[Role | None] = []
    spent, words = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for row in (row for path in paths for row in roles_data.rows(path)):
            document, marks = read_labelled(row, Path(folder) / "review.txt")
            started = time.process_time()
            made = segment.passages(document)
            spent += time.process_time() - started
            words += len(document.text.value.split())
            for role, span in marks:
                gold.append(role)
                told.append(role_at(span, made))
    print(f"{20_000 * spent / words:.2f} s of processor time for 20,000 words")
    show("passages", gold, told)
    return True


def role_at(span: Span, made: Sequence[Passage]) -> Role | None:
    """The role of most of a stretch of text; None where no passage lies there."""
    shares: Counter[Role] = Counter()
    for passage in made:
        shared = min(span.end, passage.span.end) - max(span.start, passage.span.start)
        shares[passage.role] += max(shared, 0)
    return max(sorted(shares), key=lambda role: shares[role]) if shares.total() else None


def read_labelled(row: Mapping[str, Any], path: Path) -> tuple[SafeDocument, list[Marked]]:
    """A review of the gold with labels for what is hidden, as the program reads it from a file.

    With it, where each passage of the gold stands in what was read.
    """
    text, shifts, at = "", [(0, 0)], 0
    for span in sorted(row["spans"], key=lambda s: int(s["start"])):
        label = roles_data.LABELS.get(span["kind"]) if span["action"] == "hide" else None
        if label is not None and span["start"] >= at:
            text += row["text"][at : span["start"]] + label
            at = span["end"]
            shifts.append((at, len(text) - at))
    path.write_text(text + row["text"][at:], encoding="utf-8", newline="")
    read = reading.read(path, Settings())
    blocks = tuple(
        SafeBlock(b.kind, b.page, b.span, b.number, b.level, b.rows)
        for b in read.blocks
        if b.span is not None
    )
    document = SafeDocument(str(row["id"]), "public", SafeText(read.text), blocks)

    def moved(place: int) -> int:
        return place + shifts[bisect_right(shifts, (place, len(text) + 9**9)) - 1][1]

    found: list[Marked] = []
    for passage in row["passages"]:
        source = Span(moved(passage["start"]), moved(passage["end"]))
        inside = _inside(read, source)
        if inside is not None:
            found.append((Role(passage["role"]), inside))
    return document, found


def _inside(read: Document, source: Span) -> Span | None:
    """Where a stretch of the file stands in the text that was read from it."""
    if read.origins is None:
        return source
    origins, every = read.origins, range(len(read.text))

    def came(place: int) -> int:
        return origins.to_source(Span(place, place + 1)).start

    low = bisect_left(every, source.start, key=came)
    high = bisect_left(every, source.end, key=came)
    return Span(low, high) if low < high else None


def main() -> int:
    """Measure on coroners' reports, or on reviews with gold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["reports", "reviews"])
    parser.add_argument("paths", nargs="+", type=Path)
    given = parser.parse_args()
    run: dict[str, Callable[[Sequence[Path]], bool]] = {"reports": reports, "reviews": reviews}
    return 0 if run[given.what](given.paths) else 1


if __name__ == "__main__":
    sys.exit(main())
