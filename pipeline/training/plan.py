"""What a review will say: its themes, the lessons under them, and the days of its events."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.training.writer import Writer

# Themes by how often national analyses meet them; the rest weigh one.
_WEIGHTS = {
    "D1": 9,
    "C1": 9,
    "C3": 8,
    "B1": 7,
    "A1": 7,
    "C5": 6,
    "C4": 5,
    "A7": 5,
    "C10": 5,
    "D5": 5,
    "A3": 4,
    "A2": 4,
    "D3": 4,
    "D6": 4,
    "C2": 4,
    "A8": 4,
    "B2": 3,
    "C9": 3,
    "D2": 3,
    "C7": 2,
}
PRACTICE = tuple(
    [f"A{n}" for n in range(1, 10)]
    + [f"B{n}" for n in range(1, 10)]
    + [f"C{n}" for n in range(1, 12)]
    + [f"D{n}" for n in range(1, 10)]
)
OF_REVIEWS = tuple(f"E{n}" for n in range(1, 13))
_SOURCES = ("health", "police", "social", "school", "other")
_SOURCE_SHARE = (32, 17, 24, 13, 14)


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme planted in a review and the lesson of it that is drawn."""

    code: str
    point: str

    @property
    def lesson(self) -> str:
        """The lesson's id, the same in every review that states it."""
        return f"{self.code}-{self.point}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day: which frames tell it, and the theme planted in it."""

    day: date
    key: str
    theme: str | None = None
    near: bool = False


def themes(
    rng: random.Random, writer: Writer, count: int, wanted: tuple[str, ...] = ()
) -> tuple[Theme, ...]:
    """Themes that this world can have events for, one now and then about the review itself.

    `wanted` are codes or lessons ("D1", "D1-a") that come first, as far as the world allows.
    """
    able = [c for c in PRACTICE if len(writer.fitting(f"{c}.event")) >= 1]
    drawn: list[Theme] = []
    for asked in wanted:
        code, _, point = asked.partition("-")
        if code in able or code in OF_REVIEWS:
            drawn.append(Theme(code, point or _point(rng, writer, code)))
    while len(drawn) < count:
        code = rng.choices(able, weights=[_WEIGHTS.get(c, 1) for c in able])[0]
        if code not in {t.code for t in drawn}:
            drawn.append(Theme(code, _point(rng, writer, code)))
    if rng.random() < 0.35:
        drawn.append(Theme(code := rng.choice(OF_REVIEWS), _point(rng, writer, code)))
    return tuple(drawn)


def _point(rng: random.Random, writer: Writer, code: str) -> str:
    points = [p for p in "ab" if writer.fitting(f"{code}.lesson.{p}")]
    return "a" if rng.random() < 0.65 else rng.choice(points)


def _days(rng: random.Random, start: date, end: date, count: int) -> list[date]:
    span = max(count, (end - start).days)
    return sorted(start + timedelta(days=rng.randint(0, span - 1)) for _ in range(count))


def events(
    rng: random.Random, writer: Writer, planted: tuple[Theme, ...], count: int
) -> tuple[Event, ...]:
    """The events of a review in order: planted ones, near misses, and ordinary days."""
    world = writer.speaker.world
    drawn: list[tuple[str, str | None, bool]] = []
    for theme in planted:
        if theme.code in PRACTICE:
            able = len(writer.fitting(f"{theme.code}.event"))
            for _ in range(min(able, rng.randint(2, 4))):
                drawn.append((f"{theme.code}.event", theme.code, False))
        if rng.random() < 0.4:
            drawn.append((f"{theme.code}.near", None, True))
    while len(drawn) < count:
        source = rng.choices(_SOURCES, weights=_SOURCE_SHARE)[0]
        if writer.fitting(f"event.{source}"):
            drawn.append((f"event.{source}", None, False))
    rng.shuffle(drawn)
    when = _days(rng, world.start, world.incident, len(drawn))
    return tuple(Event(day, *what) for day, what in zip(when, drawn, strict=True))
