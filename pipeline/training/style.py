"""How one author writes: outline, numbering, labels, dates, what is left in by mistake."""

from __future__ import annotations

import random
from dataclasses import dataclass

from pipeline.training import days

# Outline families by kind and years (report facts: A management-review era, B findings, C episodes,
# D short, E adults, F briefing).
_OUTLINES = {
    "SCR": (
        ("A", 2006, 2013),
        ("B", 2012, 2018),
        ("C", 2012, 2018),
        ("D", 2015, 2018),
        ("F", 2015, 2018),
    ),
    "CSPR": (("D", 2019, 2030), ("C", 2019, 2030), ("F", 2019, 2030)),
    "CPR": (("D", 2013, 2030), ("C", 2013, 2030)),
    "SAR": (("E", 2015, 2030), ("E", 2015, 2030), ("F", 2019, 2030)),
    "DHR": (("E", 2011, 2030), ("A", 2011, 2014)),
}
_FAMILY = (("named", 42), ("labels", 30), ("first", 20), ("letters", 8))
_STAFF = (("roles", 40), ("named", 30), ("numbered", 18), ("codes", 12))


@dataclass(frozen=True, slots=True)
class Style:
    """One author's habits. Rates are probabilities."""

    outline: str
    numbering: str
    family: str
    staff: str
    org: float
    leak: float
    date: str
    precision: float
    events: str
    count: int
    themes: int
    summary: bool
    planted_sum: str
    drifts: int


def _pick(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([t for t, _ in table], weights=[w for _, w in table])[0]


def draw(rng: random.Random, kind: str, year: int, size: float) -> Style:
    """The habits of a review's author; `size` scales the number of events."""
    outlines = [o for o, first, last in _OUTLINES[kind] if first <= year <= last]
    outline = rng.choice(outlines or ["D"])
    long = {"A": 40, "B": 26, "C": 28, "D": 20, "E": 24, "F": 6}[outline]
    count = max(4, int(long * size * rng.uniform(0.6, 1.5)))
    events = {"A": ("table", "prose", "prose"), "B": ("prose",), "C": ("episodes",)}.get(
        outline, ("prose", "prose", "table", "episodes")
    )
    family = _pick(rng, _FAMILY)
    if kind in {"SAR", "DHR"} and family == "letters" and rng.random() < 0.5:
        family = "first"
    return Style(
        outline=outline,
        numbering=rng.choice(("1.1", "1.1", "1.1", "1.1.1", "running", "top", "none", "4-12")),
        family=family,
        staff=_pick(rng, _STAFF),
        org=rng.choice((0.9, 0.7, 0.35, 0.12)),
        leak=rng.choice((0.0, 0.03, 0.08, 0.15)),
        date=rng.choice(days.STYLES),
        precision=rng.choice((0.92, 0.75, 0.5, 0.25)),
        events=rng.choice(events),
        count=count,
        themes=2 if outline == "F" else rng.randint(3, 6),
        summary=outline != "F" and rng.random() < (0.6 if outline == "A" else 0.35),
        planted_sum=rng.choice(("none", "none", "holds", "fails", "fails")),
        drifts=rng.choice((0, 0, 1, 2, 3)),
    )
