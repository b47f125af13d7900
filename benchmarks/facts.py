"""Precision and recall of what reviews say of themselves, against the worlds they came from.

    python benchmarks/facts.py --bank 2 --reviews 24 --seed 99 [--form pdf] [--wrong]

The generator knows who its subject is, but a review need not say it: recall counts the reviews
in whose text the value stands in some form, and where that cannot be told, all of them. `--wrong`
lists, by review, what was stated and what is true.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import config
from pipeline.raw import facts, facts_calendar, facts_person
from pipeline.raw.document import Document
from pipeline.raw.facts_harm import DEATH, INJURY
from pipeline.raw.readers import reading
from pipeline.raw.readers.text import from_string
from pipeline.training import compose, corpus, days, render_docx, render_pdf
from pipeline.training.compose import Order
from pipeline.training.report import Report
from pipeline.training.world import World


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a review, whether its text says so (None: cannot be told), and the check."""

    value: str
    said: bool | None
    fits: Callable[[str], bool]


def _day_said(text: str, world: World) -> bool:
    plain = " ".join(text.split())
    styles = (*days.STYLES, "american", "ofmonth", "iso")
    return any(days.written(world.incident, style) in plain for style in styles)


def truths(world: World, text: str) -> dict[str, Truth]:
    """What the generator's world says of each fact that it knows."""
    born, incident = world.subject.born, world.incident
    months = 0 if born is None else facts_calendar.whole_months(born, incident)
    sex = facts_person.FEMALE if world.subject.sex == "f" else facts_person.MALE
    outcome = DEATH if "dead" in world.tags else INJURY
    ethnicity = world.facts["ethnicity"]

    def same_day(value: str) -> bool:
        read = facts_calendar.read(value)
        day = facts_calendar.Written(incident.day, incident.month, incident.year)
        return read is not None and bool(read.day) and read.agrees(day)

    def born_then(value: str) -> bool:
        read = facts_calendar.read(value)
        if read is None or born is None:
            return False
        return read.agrees(facts_calendar.Written(born.day, born.month, born.year))

    return {
        "incident": Truth(str(incident), _day_said(text, world), same_day),
        "born": Truth(str(born), None, born_then),
        "age": Truth(f"{months} months", None, lambda v: _age_fits(v, months)),
        "sex": Truth(sex, None, lambda v: v == sex),
        "ethnicity": Truth(
            ethnicity,
            ethnicity in text,
            lambda v: v.casefold() in ethnicity.casefold() or ethnicity.casefold() in v.casefold(),
        ),
        "harm": Truth(outcome, None, lambda v: v == outcome),
        "published": Truth(str(world.published), None, lambda v: _near(v, world)),
    }


def _near(value: str, world: World) -> bool:
    """A cover's day of publication lies within two months of the world's."""
    read = facts_calendar.read(value)
    if read is None or read.first is None:
        return read is not None
    return abs((read.first - world.published).days) <= 62


def _age_fits(value: str, months: int) -> bool:
    said = facts_person.months_old(value)
    if said is None:
        return False
    return said // 12 == months // 12 if "month" not in value else abs(said - months) <= 1


def read(report: Report, text: str, form: str) -> Document:
    """The review as a reader reads its file of one format."""
    if form == "txt":
        return from_string(text)
    settings = config.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"review.{form}"
        rendered = render_pdf.rendered if form == "pdf" else render_docx.rendered
        path.write_bytes(rendered(report))
        return reading.read(path, settings)


def rows(
    bank: int, reviews: int, seed: str, form: str
) -> Iterator[tuple[str, str, Truth, tuple[str, ...]]]:
    """For each review and fact: its id, the fact, what is true, what is stated."""
    for number in range(1, reviews + 1):
        encoding = "cp1252" if form == "pdf" else "utf-8"
        order = Order(bank=bank, seed=f"{seed}/{number:04d}", encoding=encoding)
        report = compose.review(order)
        text = corpus.text_of(report, order.seed)[0].text
        stated: dict[str, list[str]] = {}
        for name, fact in facts.stated(read(report, text, form)).each():
            stated.setdefault(name, []).extend([fact.value] if fact.stated else [])
        for name, truth in truths(report.world, text).items():
            outcomes = [v for v in stated[name] if name != "harm" or v in (DEATH, INJURY)]
            yield report.id, name, truth, tuple(outcomes)


def main(argv: list[str]) -> int:
    """One JSON row a fact: how many said, stated, right; precision and recall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bank", type=int, choices=(1, 2), default=2)
    parser.add_argument("--reviews", type=int, default=24)
    parser.add_argument("--seed", default="99")
    parser.add_argument("--form", choices=("txt", "pdf", "docx"), default="txt")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args(argv)
    counts: dict[str, Counter[str]] = {}
    for review, name, truth, values in rows(
        options.bank, options.reviews, options.seed, options.form
    ):
        count = counts.setdefault(name, Counter())
        right = [value for value in values if truth.fits(value)]
        count["said"] += truth.said is not False
        count["stated"] += len(values)
        count["right"] += len(right)
        if options.wrong and len(right) < len(values):
            sys.stderr.write(f"{review} {name}: {values} but {truth.value}\n")
    for name, count in counts.items():
        row = {
            "fact": name,
            "said": count["said"],
            "stated": count["stated"],
            "right": count["right"],
            "precision": round(count["right"] / count["stated"], 3) if count["stated"] else None,
            "recall": round(count["right"] / count["said"], 3) if count["said"] else None,
        }
        sys.stdout.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
