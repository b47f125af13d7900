"""What a review will say: its themes, the lessons under them, and the days of its events."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.training import bank
from pipeline.training.world import World
from pipeline.training.writer import Writer

Kind = tuple[str, str | None, bool]

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
    """Something that happened on a day: the frame that tells it, and the theme planted in it."""

    day: date
    key: str
    frame: bank.Frame
    theme: str | None = None
    near: bool = False


# What can only have happened before the birth of the child.
_BEFORE_BIRTH = re.compile(
    r"antenatal|unborn|pre-birth|pregnan|labour|Scans|have a baby|expecting|consultant-led"
    r"|gave birth"
)
_OF_INFANTS = {"A6", "B2"}


def themes(
    rng: random.Random, writer: Writer, count: int, wanted: tuple[str, ...] = ()
) -> tuple[Theme, ...]:
    """Themes that this world can have events for, one now and then about the review itself.

    `wanted` are codes or lessons ("D1", "D1-a") that come first, as far as the world allows.
    """
    young = writer.speaker.world.stage == "infant"
    able = [c for c in PRACTICE if (young or c not in _OF_INFANTS) and writer.fitting(f"{c}.event")]
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


def _kinds(
    rng: random.Random, writer: Writer, planted: tuple[Theme, ...], count: int
) -> list[Kind]:
    """Key, theme and nearness of each event, in any order."""
    drawn: list[Kind] = []
    for theme in planted:
        if theme.code in PRACTICE:
            able = len(writer.fitting(f"{theme.code}.event"))
            drawn += [(f"{theme.code}.event", theme.code, False)] * min(able, rng.randint(2, 4))
        if rng.random() < 0.4:
            drawn.append((f"{theme.code}.near", None, True))
    left = {source: len(writer.fitting(f"event.{source}")) for source in _SOURCES}
    while len(drawn) < count and any(left.values()):
        shares = [s * (left[n] > 0) for n, s in zip(_SOURCES, _SOURCE_SHARE, strict=True)]
        source = rng.choices(_SOURCES, weights=shares)[0]
        left[source] -= 1
        drawn.append((f"event.{source}", None, False))
    rng.shuffle(drawn)
    return drawn


def _day(rng: random.Random, world: World, frame: bank.Frame) -> date | None:
    """A day for an event; None where it would have been before the birth of an older child."""
    span = max(1, (world.incident - world.start).days)
    if world.about == "child" and _BEFORE_BIRTH.search(frame.text):
        if world.stage != "infant":
            return None
        return (world.subject.born or world.start) - timedelta(days=rng.randint(5, 160))
    return world.start + timedelta(days=rng.randint(0, span - 1))


def events(
    rng: random.Random, writer: Writer, planted: tuple[Theme, ...], count: int
) -> tuple[Event, ...]:
    """The events of a review in order: planted ones, near misses, and ordinary days."""
    happened: list[Event] = []
    for key, theme, near in _kinds(rng, writer, planted, count):
        frame = writer.frame(key)
        if frame is None:
            continue
        day = _day(rng, writer.speaker.world, frame)
        if day is not None:
            happened.append(Event(day, key, frame, theme, near))
    return tuple(sorted(happened, key=lambda e: e.day))


def retold(
    rng: random.Random, writer: Writer, happened: tuple[Event, ...], share: float
) -> tuple[Event, ...]:
    """The same days as another writer tells them, who knows `share` of them."""
    known = []
    for event in happened:
        frame = writer.frame(event.key) if rng.random() < share else None
        if frame is None:
            continue
        before = [bool(_BEFORE_BIRTH.search(told.text)) for told in (frame, event.frame)]
        if before[0] == before[1]:
            known.append(replace(event, frame=frame))
    return tuple(known)
