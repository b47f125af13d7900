"""Pairs of a full report and its summary, the summary gone astray in known ways, sums planted.

Apart from the corpus: what is drawn here has its own chance, so that the corpus of a seed stays
the same byte for byte.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.training import artefacts, astray, bank, compose, gold, reckoning, render_text
from pipeline.training.compose import Order
from pipeline.training.report import Drift, Item, Report, Sum
from pipeline.training.rich import Edit, Passage, Rich, edited

_SUMMARY = ("Executive summary", "Summary")
_ROLES = ("learning", "recommendation")
_LEAD = ("Learning", "Lesson", "Recommendation", "R")


@dataclass(frozen=True, slots=True)
class Pair:
    """A summary and its full report, what was planted, and the points that were left alone."""

    summary: Report
    full: Report
    drifts: tuple[Drift, ...]
    sums: tuple[Sum, ...]
    alike: tuple[tuple[str, str], ...]


def _parted(items: tuple[Item, ...]) -> tuple[list[Item], list[Item]]:
    """The items of the summary's section, and the others."""
    summary: list[Item] = []
    others: list[Item] = []
    inside = False
    for item in items:
        if item.kind == "heading" and item.level == 1:
            inside = item.text.text in _SUMMARY
        (summary if inside else others).append(item)
    return summary, others


def _bare(text: Rich) -> Rich:
    """A point without its number or lead."""
    for mark in (": ", ". "):
        head, found, _ = text.text.partition(mark)
        if found and head.rstrip("0123456789 ") in _LEAD and len(head) < 22:
            return edited(text, [Edit(0, len(head) + len(mark), "")])
    return text


def _stated(items: list[Item]) -> list[Item]:
    """The items with a note on each learning point and recommendation."""
    count = 0
    noted: list[Item] = []
    for item in items:
        if item.kind != "table" and item.passage is not None and item.passage.role in _ROLES:
            count += 1
            item = replace(item, passage=replace(item.passage, note=f"B{count}"))
        noted.append(item)
    return noted


@dataclass(slots=True)
class _Work:
    """What is being planted."""

    rng: random.Random
    body: list[Item]
    points: list[Item]
    drifts: list[Drift]
    alike: list[tuple[str, str]]

    def say(self, text: Rich, item: Item) -> str:
        """Put a statement into the summary; its note comes back."""
        if item.passage is None or item.passage.note is None:
            raise ValueError("a point of the report has a note")
        note = f"S{item.passage.note}"
        self.points.append(Item("bullet", text, passage=replace(item.passage, note=note)))
        return note


def _planted(work: _Work, at: int, kind: str) -> bool:
    """One drift of a kind planted on the item at a place of the body, if it can be."""
    item = work.body[at]
    assert item.passage is not None and item.passage.note is not None  # noqa: S101
    bare = _bare(item.text)
    if kind == "number":
        true, other = astray.counted(work.rng)
        stop = "" if item.text.text.rstrip().endswith(".") else "."
        work.body[at] = replace(item, text=item.text + Rich.of(f"{stop} {true}"))
        text: Rich | None = bare + Rich.of(f"{stop} {other}")
    else:
        text = astray.changed(work.rng, bare, kind)
    if text is None or text.text == bare.text:
        return False
    note = work.say(text, item)
    gold_kind = "polarity" if kind == "polarity" else "drift"
    work.drifts.append(Drift(gold_kind, note, item.passage.note, kind))
    return True


def _strangers(rng: random.Random, report: Report, count: int) -> list[str]:
    """Learning points of the bank that the report does not have."""
    frames = bank.load(report.bank)
    own = {code for code, _ in report.planted}
    found = [
        f.text
        for key, fs in frames.items()
        if ".lesson." in key and key.partition(".")[0] not in own
        for f in fs
        if not set("{[@") & set(f.text) and f.text not in report.frames
    ]
    return rng.sample(sorted(found), min(count, len(found)))


def pair(order: Order) -> Pair:
    """A review and its summary from an order; the same order gives the same pair."""
    rng = random.Random(f"pairs/{order.seed}/{order.bank}")
    habits = (*order.habits, ("drifts", 0), ("planted_sum", "none"), ("summary", True))
    report = compose.review(replace(order, habits=tuple(habits)))
    summary, others = _parted(report.items)
    work = _Work(rng, _stated(others), [], [], [])
    for at, item in enumerate(work.body):
        passage = item.passage
        if passage is None or passage.note is None or passage.role not in _ROLES:
            continue
        draw = rng.random()
        if draw < 0.1:
            work.drifts.append(Drift("omission", None, passage.note))
        elif draw < 0.6:
            kinds = rng.sample(astray.KINDS, len(astray.KINDS))
            next((kind for kind in kinds if _planted(work, at, kind)), None)
        else:
            note = work.say(astray.harmless(rng, _bare(item.text)), item)
            work.alike.append((note, passage.note))
    for number, text in enumerate(_strangers(rng, report, rng.randint(0, 2)), start=1):
        place = rng.randint(0, len(work.points))
        new = Item("bullet", Rich.of(text), passage=Passage("learning", note=f"A{number}"))
        work.points.insert(place, new)
        work.drifts.append(Drift("addition", f"A{number}", None))
    told, sums = reckoning.section(rng, report.bank, rng.randint(2, 4))
    lead = [i for i in summary if i.passage is None or i.passage.role not in _ROLES]
    cover = [i for i in work.body if i.kind in {"title", "cover"}]
    return Pair(
        replace(report, items=(*cover, *lead, *work.points)),
        replace(report, items=(*work.body, *told)),
        tuple(work.drifts),
        sums,
        tuple(work.alike),
    )


def _text(report: Report, seed: str, part: str) -> Rich:
    rng = random.Random(f"text/{part}/{seed}/{report.id}")
    return render_text.rendered(rng, report, artefacts.draw(rng))


def write(order: Order, out: Path) -> dict[str, Any]:
    """The two files of a pair, and its row of gold."""
    made = pair(order)
    texts = {part: _text(getattr(made, part), order.seed, part) for part in ("summary", "full")}
    names = {part: f"{made.full.id}.{part}.txt" for part in texts}
    for part, text in texts.items():
        (out / names[part]).write_bytes(text.text.encode())
    places = {part: gold.places(text) for part, text in texts.items()}

    def extent(part: str, note: str | None) -> dict[str, int] | None:
        return gold.extent(places[part], note)

    return {
        "id": made.full.id,
        "summary": names["summary"],
        "full": names["full"],
        "drifts": [
            {
                "kind": d.kind,
                "change": d.change,
                "summary": extent("summary", d.summary),
                "full": extent("full", d.full),
            }
            for d in made.drifts
        ],
        "alike": [
            {"summary": extent("summary", s), "full": extent("full", f)} for s, f in made.alike
        ],
        "figures": [
            {
                "verdict": s.verdict,
                "shape": s.shape,
                "spans": [extent("full", n) for n in s.notes],
                "numbers": list(s.numbers),
            }
            for s in made.sums
        ],
    }


def main(argv: list[str]) -> int:
    """The subcommand `pairs`."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.training pairs", description=__doc__)
    parser.add_argument("--bank", type=int, choices=(1, 2), default=2)
    parser.add_argument("--reviews", type=int, default=12)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--size", type=float, default=0.4)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        for number in range(1, options.reviews + 1):
            order = Order(bank=options.bank, seed=f"{options.seed}/{number:04d}", size=options.size)
            lines.write(json.dumps(write(order, options.out), ensure_ascii=False) + "\n")
    sys.stderr.write(f"{options.reviews} pairs and gold.jsonl are in {options.out}\n")
    return 0
