"""The story of a review: its events as prose, as key episodes, or as a chronology table."""

from __future__ import annotations

import random
import re
from datetime import date
from itertools import groupby

from pipeline.training import days
from pipeline.training.plan import Event
from pipeline.training.report import Item
from pipeline.training.rich import Passage, Rich, join
from pipeline.training.writer import Writer, paragraph

_AGENCY = {"health": "Health", "police": "Police", "social": "Social care", "school": "Education"}


def _told(writer: Writer, event: Event, *, opening: bool) -> Rich:
    """An event written out; without its opening words where a table says when it was."""
    writer.speaker.day = writer.speaker.age_day = event.day
    text = event.frame.text
    if not opening:
        text = re.sub(r"\{when\},? | \{when\}", "", text)
    return writer.speaker.say(text)


def _passage(events: list[Event]) -> Passage:
    codes = dict.fromkeys(e.theme for e in events if e.theme)
    return Passage("chronology", tuple(codes))


def _paragraph(writer: Writer, events: list[Event]) -> Item:
    said = [_told(writer, e, opening=True) for e in events]
    return Item("paragraph", join(said, " "), passage=_passage(events))


def _groups(rng: random.Random, events: list[Event]) -> list[list[Event]]:
    """Events in groups of one to three that share a paragraph."""
    groups: list[list[Event]] = []
    room = 0
    for event in events:
        # A remark that only looks like a theme does not stand by itself.
        if groups and (room > 0 or event.near):
            groups[-1].append(event)
        else:
            groups.append([event])
            room = rng.choice((1, 1, 2, 2, 3))
        room -= 1
    return groups


def prose(rng: random.Random, writer: Writer, events: tuple[Event, ...], level: int) -> list[Item]:
    """Paragraphs under a heading for each year or half-year."""
    items: list[Item] = []
    halves = len({e.day.year for e in events}) < 3 and len(events) > 8

    def period(event: Event) -> tuple[int, int]:
        return event.day.year, (event.day.month > 6) * halves

    for (year, half), group in groupby(events, key=period):
        span = ("January to June ", "July to December ")[half] if halves else ""
        text = Rich.of(span) + days.year(date(year, 1, 1))
        items.append(Item("heading", text, level))
        for part in _groups(rng, list(group)):
            items.append(_paragraph(writer, part))
    return items


def episodes(
    rng: random.Random, writer: Writer, events: tuple[Event, ...], level: int
) -> list[Item]:
    """Three to seven key practice episodes, each under a heading with its months."""
    count = max(2, min(7, len(events) // 4))
    size = -(-len(events) // count)
    items: list[Item] = []
    for number in range(count):
        part = list(events[number * size : (number + 1) * size])
        if not part:
            break
        first, last = days.month(rng, part[0].day), days.month(rng, part[-1].day)
        name = rng.choice((f"Key practice episode {number + 1}: ", f"Episode {number + 1} – "))
        text = Rich.of(name) + first
        if first.text != last.text:
            text = join([text, Rich.of(" to "), last])
        items.append(Item("heading", text, level))
        for group in _groups(rng, part):
            items.append(_paragraph(writer, group))
        if rng.random() < 0.5 and (said := writer.say("analysis.general")) is not None:
            items.append(paragraph([said], "analysis"))
    return items


_CLUES = (
    ("Police", ("police", "officer", "constabulary", "arrest", "DS1", "PC1")),
    ("Education", ("school", "teacher", "nursery", "pupil")),
    (
        "Health",
        ("hospital", "GP", "nurse", "health visitor", "midwi", "clinic", "surgery", "HV", "ward"),
    ),
    ("Housing", ("housing", "tenan", "rent ", "landlord", "neighbour")),
)


def _source(text: str) -> str:
    """The agency that an event comes from, guessed from its words as a clerk would."""
    for agency, clues in _CLUES:
        if any(clue in text for clue in clues):
            return agency
    return "Social care"


_COMMENTS = ("NFA", "Noted", "Referred on", "See analysis", "", "", "Not shared", "Case open")


def table(rng: random.Random, writer: Writer, events: tuple[Event, ...], level: int) -> list[Item]:
    """A chronology table: date, source, event, comment."""
    del level  # a table has no headings of its own
    head = tuple(
        Rich.of(t)
        for t in rng.choice(
            (
                ("Date", "Source", "Event", "Comment"),
                ("Date", "Agency", "Significant event", "Response"),
            )
        )
    )
    rows = [head]
    style = writer.speaker.style.date
    for event in events:
        said = _told(writer, event, opening=False)
        if event.near and len(rows) > 1:
            # A remark that only looks like a theme shares the row of what went before.
            day, source_cell, before, comment = rows[-1]
            rows[-1] = (day, source_cell, join([before, said], " "), comment)
        else:
            source = _AGENCY.get(event.key.partition(".")[2]) or _source(said.text)
            written = Rich.of(days.written(event.day, style), days.FINE)
            rows.append((written, Rich.of(source), said, Rich.of(rng.choice(_COMMENTS))))
    codes = dict.fromkeys(e.theme for e in events if e.theme)
    return [Item("table", rows=tuple(rows), passage=Passage("table", tuple(codes)))]


FORMS = {"prose": prose, "episodes": episodes, "table": table}


def told(rng: random.Random, writer: Writer, events: tuple[Event, ...], level: int) -> list[Item]:
    """The events in the form that the author likes; long tables are cut in two."""
    form = writer.speaker.style.events
    if form == "table" and len(events) > 24:
        early = prose(rng, writer, events[: len(events) // 2], level)
        return early + table(rng, writer, events[len(events) // 2 :], level)
    return FORMS[form](rng, writer, events, level)
