"""What the model of roles learns from: the first bank, and sections of coroners' reports."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.safe.lesson import Role
from pipeline.safe.sentence import sentences

SECTIONS = {
    "investigation": Role.CONTEXT,
    "circumstances": Role.CHRONOLOGY,
    "concerns": Role.LEARNING,
}
SHORTEST = 3  # words
LABELS = {"PERSON": "[person]", "PLACE": "[place]", "ORGANISATION": "[organisation]"}
_ORDERS = 3  # in how many orders the sections of a report are learnt from


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or passage with its role: `report` and `block` say what it stands in."""

    report: str
    block: int
    role: Role
    text: str


def reports(paths: Sequence[Path]) -> tuple[Unit, ...]:
    """The sentences of coroners' reports, without the names of those who died.

    The sections of a report stand in an order drawn from its id: where one stands tells nothing.
    """
    every = [row for path in paths for row in rows(path)]
    return tuple(unit for row in every for unit in _sentences(row))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        for line in filter(str.strip, lines):
            row = json.loads(line)
            if not isinstance(row, dict):
                raise TypeError
            yield row
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            "A file of texts to learn from cannot be read. Nothing was learnt. It holds one JSON "
            "object a line, as contracts and benchmarks say."
        ) from error


def _sentences(row: dict[str, Any]) -> Iterator[Unit]:
    named = {part.lower() for part in row.get("deceased_name_parts", ()) if len(part) > 1}
    order = sorted(SECTIONS)
    random.Random(str(row["id"])).shuffle(order)
    block = 0
    for section in order:
        for paragraph in (row.get(section) or "").split("\n"):
            block += 1
            for span in sentences(paragraph):
                text = _without(span.of(paragraph), named)
                if len(text.split()) >= SHORTEST:
                    yield Unit(str(row["id"]), block, SECTIONS[section], text)


def _without(text: str, named: set[str]) -> str:
    """A text without those who died; a name that is a word goes where it has a capital."""
    return " ".join(
        "[person]" if word[:1].isupper() and word.strip(".,;:()’'\"“”").lower() in named else word
        for word in text.split()
    )


def reviews(paths: Sequence[Path]) -> tuple[Unit, ...]:
    """The passages of the generator's gold, labels in the place of what is hidden."""
    return tuple(
        Unit(str(row["id"]), block, Role(passage["role"]), labelled(row, passage))
        for path in paths
        for row in rows(path)
        for block, passage in enumerate(row["passages"])
        if passage["role"] in LEARNT
    )


INNER = ("analysis", "learning", "recommendation", "good_practice", "action")
LEARNT = ("context", "chronology", *INNER)
"""The roles that words tell; the others are told by structure."""


def labelled(row: dict[str, Any], passage: dict[str, int]) -> str:
    """The words of a passage with a label for each person, place and body that is hidden."""
    start, end = passage["start"], passage["end"]
    hidden = [s for s in row["spans"] if start <= s["start"] and s["end"] <= end]
    text, at = "", start
    for span in sorted(hidden, key=lambda s: int(s["start"])):
        if span["action"] == "hide" and span["kind"] in LABELS and span["start"] >= at:
            text += row["text"][at : span["start"]] + LABELS[span["kind"]]
            at = span["end"]
    return " ".join((text + row["text"][at:end]).split())


def different(units: Sequence[Unit], key: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The places of the units of which no earlier one says the same: the bank repeats itself."""
    seen: set[tuple[int, ...]] = set()
    kept = []
    for place, row in enumerate(key):
        if row not in seen:
            seen.add(row)
            kept.append(place)
    return tuple(kept)


def follows(units: Sequence[Unit], report_orders: bool) -> Iterator[tuple[int, int]]:
    """Neighbours, as places in `units`; sections of a report also in other orders."""
    places: dict[str, dict[Role, list[int]]] = {}
    for place, unit in enumerate(units):
        places.setdefault(unit.report, {}).setdefault(unit.role, []).append(place)
    if not report_orders:
        yield from (
            (a, a + 1) for a in range(len(units) - 1) if units[a].report == units[a + 1].report
        )
        return
    for report, sections in places.items():
        for turn in range(_ORDERS):
            order = sorted(sections)
            random.Random(f"{report} {turn}").shuffle(order)
            chain = [place for role in order for place in sections[role]]
            yield from pairwise(chain)
