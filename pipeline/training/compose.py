"""One review from a seed: world, style, plan, text."""

from __future__ import annotations

import random
import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

from pipeline.training import front, layout, outline, plan, style, world
from pipeline.training.report import Report
from pipeline.training.rich import Rich, join
from pipeline.training.speaker import Speaker
from pipeline.training.writer import Writer


@dataclass(frozen=True, slots=True)
class Order:
    """What one review is to be: None leaves it to chance.

    `themes` are codes or lessons to plant; `habits` are fields of the style that are fixed;
    reviews of one `area` share its towns and public bodies.
    """

    bank: int
    seed: str
    kind: str | None = None
    year: int | None = None
    themes: tuple[str, ...] = ()
    invented: bool = False
    size: float = 1.0
    encoding: str = "utf-8"
    stage: str | None = None
    habits: tuple[tuple[str, Any], ...] = ()
    area: str | None = None


def _header(rng: random.Random, speaker: Speaker, title: str) -> Rich:
    """What runs along the top of each page: title and subject, the board one time in three."""
    parts = [Rich.of(f"{title} – "), speaker.person("subject")]
    if rng.random() < 0.35:
        parts = [speaker.org("board", "full"), Rich.of(" – "), *parts]
    if rng.random() < 0.3:
        parts.append(Rich.of(rng.choice((" – CONFIDENTIAL", " – OFFICIAL", " – Final version 3"))))
    return join(parts)


def _footer(rng: random.Random, speaker: Speaker) -> Rich:
    choice = rng.random()
    if choice < 0.3:
        return Rich.of("© ") + speaker.org("board", "full") + Rich.of(f" {speaker.world.year}")
    if choice < 0.5:
        return Rich.of("Final – ") + speaker.slot("url", "")
    if choice < 0.7:
        return Rich.of(
            rng.choice(("OFFICIAL – SENSITIVE", "Restricted: not for publication", "Final v2"))
        )
    return Rich()


def _stem(rng: random.Random, speaker: Speaker, kind: str, number: str) -> str:
    """A file's name, which one time in three holds the subject's name or label."""
    subject = speaker.labels["subject"]
    if rng.random() < 0.35:
        subject = speaker.world.subject.given
    elif rng.random() < 0.4:
        subject = "overview report"
    plain = re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")
    return f"{number}-{kind.lower()}-{plain}"


_KINDS = ("SCR", "SCR", "SCR", "CSPR", "CSPR", "CPR", "SAR", "SAR", "DHR")


@dataclass(frozen=True, slots=True)
class _Case:
    """What a text tells of: a world, an author's habits and voice, themes, events."""

    world: world.World
    habits: style.Style
    writer: Writer
    themes: tuple[plan.Theme, ...]
    events: tuple[plan.Event, ...]


def _world(rng: random.Random, order: Order) -> world.World:
    built = world.build(
        rng,
        order.kind or rng.choice(_KINDS),
        invented=order.invented,
        year=order.year,
        encoding=order.encoding,
        stage=order.stage,
    )
    if order.area is None:
        return built
    return world.moved(built, order.area, invented=order.invented)


def _case(rng: random.Random, order: Order, taken: Container[str]) -> _Case:
    where = _world(rng, order)
    drawn = style.draw(rng, where.kind, where.year, order.size)
    habits = replace(drawn, **dict(order.habits))
    writer = Writer(rng, Speaker(rng, where, habits), order.bank, taken)
    themes = plan.themes(rng, writer, habits.themes, order.themes)
    happened = plan.events(rng, writer, themes, habits.count)
    return _Case(where, habits, writer, themes, happened)


def review(order: Order, taken: Container[str] = ()) -> Report:
    """Write one review; the same order gives the same review.

    `taken` are frames that were used elsewhere and are avoided while there are others.
    """
    rng = random.Random(f"{order.seed}/{order.bank}")
    return _written(rng, order, _case(rng, order, taken))


def retold(order: Order, bank: int, share: float) -> Report:
    """Write a second text about the case of the review that this order gives.

    The same people, places, services and days, some of its events (`share`) and themes, in the
    wordings of `bank` and another author's habits (the order's). With the review's own bank the
    two texts may share sentences, so that wording tells of the case.
    """
    first = _case(random.Random(f"{order.seed}/{order.bank}"), replace(order, habits=()), ())
    rng = random.Random(f"{order.seed}/{order.bank}/{bank}")
    drawn = style.draw(rng, first.world.kind, first.world.year, order.size)
    habits = replace(drawn, **dict(order.habits))
    writer = Writer(rng, Speaker(rng, first.world, habits), bank)
    themes = tuple(rng.sample(first.themes, min(len(first.themes), habits.themes)))
    happened = plan.retold(rng, writer, first.events, share)
    case = _Case(first.world, habits, writer, themes, happened)
    return _written(rng, replace(order, bank=bank), case)


def _written(rng: random.Random, order: Order, case: _Case) -> Report:
    """The report of a case: outline, layout, header, footer, name of its file."""
    where, habits, writer = case.world, case.habits, case.writer
    speaker = writer.speaker
    title = front.review_title(rng, where)
    draft = outline.Draft(rng, writer, case.themes, case.events, title)
    items = outline.written(draft)
    items = layout.contents(rng, layout.numbered(rng, items, habits.numbering))
    number = order.seed.rsplit("/", 1)[-1]
    report = Report(
        id=f"review-{number}",
        world=where,
        style=habits,
        items=tuple(items),
        header=_header(rng, speaker, title),
        footer=_footer(rng, speaker),
        stem=_stem(rng, speaker, where.kind, number),
        drifts=draft.drifts,
        sums=draft.sums,
        planted=tuple((t.code, t.lesson) for t in case.themes),
        forms={},
        bank=order.bank,
        frames=frozenset(writer.used),
    )
    forms = {key: tuple(sorted(found)) for key, found in speaker.forms.items()}
    return replace(report, forms=forms)
