"""Summaries that went astray in known ways, and sums: what the checks find of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.config import Settings
from pipeline.flow import checking
from pipeline.training import pairs
from pipeline.training.compose import Order

Row = Mapping[str, Any]
LIKE = 0.6  # the share of words of a planted stretch that a row's quotation must have


@dataclass(slots=True)
class Tally:
    """Planted and found, by kind; what was left alone and flagged nevertheless."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    alike: int = 0
    false: int = 0
    rows: int = 0
    strange: int = 0
    kept: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of what was planted that was found."""
        return self.found.total() / max(1, self.planted.total())


def made(seed: str, bank: int, count: int, out: Path) -> Iterator[dict[str, Any]]:
    """The gold of `count` pairs, their files written to a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        yield pairs.write(Order(bank=bank, seed=f"{seed}/{number:04d}", size=0.4), out)


def _bag(text: str) -> Counter[str]:
    return Counter(w.strip(".,;:()•-").lower() for w in text.split())


def _said(text: str, extent: Mapping[str, int] | None) -> str:
    return "" if extent is None else text[extent["start"] : extent["end"]]


def covers(quote: str, planted: str) -> bool:
    """Whether a row speaks of a planted stretch: names in it became labels."""
    one, other = _bag(quote), _bag(planted)
    least = min(one.total(), other.total())
    return least > 0 and (one & other).total() / least >= LIKE


def _match(row: Row, side: str, planted: str) -> bool:
    return bool(planted) and covers(str(row[side].get("quote", "")), planted)


def tally(rows: Sequence[Row], gold: Row, folder: Path, into: Tally) -> None:
    """Count one pair's rows against its gold."""
    texts = {p: (folder / gold[p]).read_bytes().decode() for p in ("summary", "full")}
    used: set[int] = set()
    for drift in gold["drifts"]:
        name = drift["change"] or drift["kind"]
        sides = [s for s in ("summary", "full") if drift[s] is not None]
        into.planted[name] += 1
        hits = [
            n
            for n, row in enumerate(rows)
            if all(_match(row, s, _said(texts[s], drift[s])) for s in sides[:1])
            and (drift["kind"] not in ("omission", "addition") or row["kind"] == drift["kind"])
        ]
        used |= set(hits)
        into.found[name] += bool(hits)
        if not hits:
            into.kept.append(f"missed {name}: {_said(texts[sides[0]], drift[sides[0]])}")
    for pair in gold["alike"]:
        into.alike += 1
        said, meant = _said(texts["summary"], pair["summary"]), _said(texts["full"], pair["full"])
        hits = [
            n
            for n, r in enumerate(rows)
            if n not in used
            and (
                _match(r, "summary", said) or (r["kind"] == "omission" and _match(r, "full", meant))
            )
        ]
        into.false += bool(hits)
        used |= set(hits)
        into.kept += [f"false {rows[n]['kind']} {rows[n]['why']}: {said} / {meant}" for n in hits]
    into.rows += len(rows)
    into.strange += len(rows) - len(used)
    into.kept += [
        f"strange {r['kind']}: {r['summary'].get('quote', '')} / {r['full'].get('quote', '')}"
        for n, r in enumerate(rows)
        if n not in used
    ]


def summaries(
    seed: str, bank: int, count: int, out: Path, say: Callable[[str], None] = lambda _: None
) -> Tally:
    """What `check summary` finds in pairs of a seed."""
    settings = Settings()
    into = Tally()
    for gold in made(seed, bank, count, out):
        found = checking.check_summary(
            out / gold["summary"], out / gold["full"], "public", settings
        )
        tally(found.rows, gold, out, into)
        say(json.dumps({"pair": gold["id"], "rows": len(found.rows)}))
    return into


def sums(seed: str, bank: int, count: int, out: Path) -> Tally:
    """What `check figures` finds of the sums planted in the full reports of a seed."""
    settings = Settings()
    into = Tally()
    for gold in made(seed, bank, count, out):
        rows = [
            r
            for r in checking.check_figures([out / gold["full"]], settings)
            if r["verdict"] == "fails"
        ]
        used: set[int] = set()
        for planted in sorted(gold["figures"], key=lambda f: str(f["verdict"])):
            near = [n for n, r in enumerate(rows) if n not in used and _numbers(r, planted)]
            if planted["verdict"] == "fails":
                into.planted[planted["shape"]] += 1
                into.found[planted["shape"]] += bool(near)
                used |= set(near)
                if not near:
                    into.kept.append(f"missed {planted['shape']}: {planted['numbers']}")
            else:
                into.alike += 1
                into.false += bool(near)
                used |= set(near)
                into.kept += [f"false {planted['shape']}: {rows[n]}" for n in near]
        into.rows += len(rows)
        into.strange += len(rows) - len(used)
        into.kept += [f"strange {r} {gold['full']}" for n, r in enumerate(rows) if n not in used]
    return into


def _numbers(row: Row, planted: Row) -> bool:
    """Whether a row is about the planted figures: it has two of their numbers, or all of two."""
    own, theirs = set(row["numbers"]), set(planted["numbers"])
    return len(own & theirs) >= min(2, len(own), len(theirs))
