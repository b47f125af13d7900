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

    `themes` are codes or lessons to plant; `habits` are fields of the style that are fixed.
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


def review(order: Order, taken: Container[str] = ()) -> Report:
    """Write one review; the same order gives the same review.

    `taken` are frames that were used elsewhere and are avoided while there are others.
    """
    rng = random.Random(f"{order.seed}/{order.bank}")
    kind = order.kind or rng.choice(_KINDS)
    where = world.build(
        rng,
        kind,
        invented=order.invented,
        year=order.year,
        encoding=order.encoding,
        stage=order.stage,
    )
    drawn = style.draw(rng, kind, where.year, order.size)
    habits = replace(drawn, **dict(order.habits))
    speaker = Speaker(rng, where, habits)
    writer = Writer(rng, speaker, order.bank, taken)
    themes = plan.themes(rng, writer, habits.themes, order.themes)
    happened = plan.events(rng, writer, themes, habits.count)
    title = front.review_title(rng, where)
    draft = outline.Draft(rng, writer, themes, happened, title)
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
        stem=_stem(rng, speaker, kind, number),
        drifts=draft.drifts,
        sums=draft.sums,
        planted=tuple((t.code, t.lesson) for t in themes),
        forms={},
        bank=order.bank,
        frames=frozenset(writer.used),
    )
    forms = {key: tuple(sorted(found)) for key, found in speaker.forms.items()}
    return replace(report, forms=forms)
