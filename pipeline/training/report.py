"""A written review before it is laid out: its pieces in order, and what was planted in it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.training.rich import Passage, Rich
from pipeline.training.style import Style
from pipeline.training.world import World

NOTHING = Rich()


@dataclass(frozen=True, slots=True)
class Item:
    """One piece: title, heading, paragraph, bullet, quote, footnote, table or page break.

    `rows` are the cells of a table, the first row its header. `passage` says what the piece
    does; a heading has none.
    """

    kind: str
    text: Rich = NOTHING
    level: int = 0
    number: str = ""
    passage: Passage | None = None
    rows: tuple[tuple[Rich, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """A statement that the summary changed, left out or added; notes name the two passages.

    `change` is one of the ten ways of `astray`, empty where nothing of the kind was planted.
    """

    kind: str
    summary: str | None
    full: str | None
    change: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures that fit together or do not; notes name the passages, numbers as they stand.

    `shape` is one of those of `reckoning`, empty for the table and split that any review may have.
    """

    verdict: str
    notes: tuple[str, ...]
    numbers: tuple[int, ...]
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A review as its author wrote it."""

    id: str
    world: World
    style: Style
    items: tuple[Item, ...]
    header: Rich
    footer: Rich
    stem: str
    drifts: tuple[Drift, ...]
    sums: tuple[Sum, ...]
    planted: tuple[tuple[str, str], ...]
    forms: dict[str, tuple[str, ...]]
    bank: int
    frames: frozenset[str]
