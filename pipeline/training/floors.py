"""`floors`: pins how good detection is on a file of marked texts; a floor only ever rises.

    python -m pipeline.training floors corpora/sample/gold.jsonl

The floors stand beside the folder of the gold, in sample-floors.json for sample/, with its hash:
figures are of these texts and of no others. A test holds detection to them (tests/test_gate.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.flow import measuring

# Less is better of these; more is better of all others.
LESS = frozenset({"over-redaction"})
# What is not pinned: precision of kinds goes up and down with what is hidden for good reasons.
_NOT_PINNED = frozenset({"precision"})
LOWERED = (
    "Some figures are worse than their floors. The floors were not changed. Mend what made them "
    "worse; each is listed above."
)
OTHER_TEXTS = (
    "The floors are of other marked texts. They were not changed. Give --other-texts to pin the "
    "figures of these texts anew, and say in the commit why the texts changed."
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one kind: so many good, of so many."""

    measure: str
    kind: str
    good: int
    of: int

    @property
    def name(self) -> str:
        """What it is called in the file."""
        return f"{self.measure} {self.kind}"


def figures(rows: Iterable[Mapping[str, object]]) -> tuple[Figure, ...]:
    """The figures that are pinned, of the rows of an evaluation."""
    every = (
        Figure(str(r["measure"]), str(r["kind"]), int(str(r["good"])), int(str(r["of"])))
        for r in rows
    )
    return tuple(figure for figure in every if figure.measure not in _NOT_PINNED)


def worse(seen: Sequence[Figure], pinned: Mapping[str, Sequence[int]], slack: int = 0) -> list[str]:
    """Names of the figures that are worse than their floors, or gone; `slack` mentions are let by.

    >>> worse([Figure("recall", "AGE", 8, 10)], {"recall AGE": (9, 10)})
    ['recall AGE']
    >>> worse([Figure("recall", "AGE", 8, 10)], {"recall AGE": (9, 10)}, slack=1)
    []
    """
    by_name = {figure.name: figure for figure in seen}
    found = []
    for name, (good, of) in pinned.items():
        figure = by_name.get(name)
        if figure is None:
            found.append(name)
        elif figure.measure in LESS:
            found += [name] if (figure.good - slack) * of > good * figure.of else []
        elif (figure.good + slack) * of < good * figure.of:
            found.append(name)
    return found


def path_of(gold: Path) -> Path:
    """Where the floors of a file of marked texts stand."""
    folder = gold.resolve().parent
    return folder.parent / f"{folder.name}-floors.json"


def pinned(gold: Path) -> Mapping[str, Sequence[int]]:
    """The floors beside a file of marked texts; UsageError where they are of other texts."""
    kept = json.loads(path_of(gold).read_text(encoding="utf-8"))
    if kept["gold_sha256"] != hashlib.sha256(gold.read_bytes()).hexdigest():
        raise UsageError(OTHER_TEXTS)
    floors: Mapping[str, Sequence[int]] = kept["floors"]
    return floors


def pin(gold: Path, seen: Sequence[Figure], *, other_texts: bool = False) -> list[str]:
    """Writes the figures as floors unless one would be lowered; the names of those that would."""
    path = path_of(gold)
    lowered = [] if other_texts or not path.exists() else worse(seen, pinned(gold))
    if not lowered:
        row = {
            "gold_sha256": hashlib.sha256(gold.read_bytes()).hexdigest(),
            "profile": "public",
            "floors": {figure.name: [figure.good, figure.of] for figure in seen},
        }
        path.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
    return lowered


def main(argv: list[str]) -> int:
    """Measure, and pin what is as good as before or better."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.training floors")
    parser.add_argument("gold", type=Path)
    parser.add_argument(
        "--other-texts", action="store_true", help="the marked texts were changed on purpose"
    )
    given = parser.parse_args(argv)

    def said(line: str) -> None:
        sys.stderr.write(line + "\n")

    rows = measuring.evaluate(given.gold, "public", Settings(), progress=said)
    try:
        lowered = pin(given.gold, figures(rows), other_texts=given.other_texts)
    except UsageError as error:
        said(str(error))
        return error.exit_code
    for name in lowered:
        said(f"worse than its floor: {name}")
    if lowered:
        said(LOWERED)
        return UsageError.exit_code
    return 0
