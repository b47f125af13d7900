"""Chooses frames of one bank for one review, none twice while there are others."""

from __future__ import annotations

import random
from collections.abc import Container, Iterable
from datetime import date, timedelta

from pipeline.training import bank
from pipeline.training.report import Item
from pipeline.training.rich import Passage, Rich, join
from pipeline.training.speaker import Speaker


class Writer:
    """Frames by key, written out by the review's speaker. A frame is used once while it can be.

    `taken` are frames that other reviews have used and that come after all others.
    """

    def __init__(
        self, rng: random.Random, speaker: Speaker, number: int, taken: Container[str] = ()
    ) -> None:
        self.rng = rng
        self.taken = taken
        self.speaker = speaker
        self.frames = bank.load(number)
        self.used: set[str] = set()

    def fitting(self, key: str) -> list[bank.Frame]:
        """The frames under a key that this world can say."""
        return [f for f in self.frames.get(key, ()) if self.speaker.can_say(f)]

    def frame(self, key: str) -> bank.Frame | None:
        """One frame under the key, an unused one first; None where nothing fits."""
        fitting = self.fitting(key)
        if not fitting:
            return None
        fresh = [f for f in fitting if f.text not in self.used]
        unheard = [f for f in fresh if f.text not in self.taken]
        chosen = self.rng.choice(unheard or fresh or fitting)
        self.used.add(chosen.text)
        return chosen

    def say(self, key: str) -> Rich | None:
        """One sentence or a few under the key, told of a day that suits it."""
        frame = self.frame(key)
        if frame is None:
            return None
        self.speaker.age_day = self.speaker.world.incident
        self.speaker.day = self._day(key)
        return self.speaker.say(frame.text)

    def _day(self, key: str) -> date:
        """A day in the stretch of time that a section speaks of."""
        world = self.speaker.world
        born = world.subject.born or world.start
        settled = min(world.start, born) if world.about == "child" else world.start
        spans = {
            "background": (world.start - timedelta(days=1500), world.start),
            "family": (settled - timedelta(days=3600), settled),
            "localarea": (world.start, world.incident),
            "analysis": (world.start, world.incident),
            "intro": (world.incident + timedelta(days=20), world.incident + timedelta(days=100)),
            "circumstances": (world.incident, world.incident + timedelta(days=120)),
        }
        after = (world.incident + timedelta(days=110), world.published)
        section = key.partition(".")[0]
        first, last = spans.get("background" if section[0] == "E" else section, after)
        return first + timedelta(days=self.rng.randint(0, max(1, (last - first).days)))

    def some(self, key: str, low: int, high: int) -> list[Rich]:
        """Between `low` and `high` unused wordings under the key, as far as there are."""
        unsaid = sum(f.text not in self.used for f in self.fitting(key))
        count = min(self.rng.randint(low, high), unsaid)
        said = (self.say(key) for _ in range(count))
        return [s for s in said if s is not None]

    def paragraphs(self, key: str, low: int, high: int, role: str) -> list[Item]:
        """Paragraphs of one to three frames each."""
        said = self.some(key, low, high)
        items: list[Item] = []
        while said:
            size = self.rng.choice((1, 1, 2, 3))
            items.append(paragraph(said[:size], role))
            said = said[size:]
        return items

    def bullets(self, key: str, low: int, high: int, role: str) -> list[Item]:
        """Bullets of one frame each."""
        return [Item("bullet", s, passage=Passage(role)) for s in self.some(key, low, high)]


def paragraph(
    said: Iterable[Rich],
    role: str,
    themes: tuple[str, ...] = (),
    lesson: str | None = None,
    note: str | None = None,
) -> Item:
    """A paragraph from what was said."""
    passage = Passage(role, themes, lesson, note)
    return Item("paragraph", join(said, " "), passage=passage)
