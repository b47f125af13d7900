"""The generator's gold beside our own passages: which themes are planted where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.config import Settings
from pipeline.door import policy as policies
from pipeline.door import redact
from pipeline.door.plan import Plan
from pipeline.flow import proposing
from pipeline.raw import settle
from pipeline.raw.readers import text as text_reader
from pipeline.safe import segment
from pipeline.safe.lesson import Passage
from pipeline.span import Span


@dataclass(frozen=True, slots=True)
class Planted:
    """A passage of the gold: its themes, its role, and which passages of ours it is.

    These are the one that covers most of it and those that lie in it for their greater part: a
    table is one passage of the gold, and each of its rows one of ours. None covers any of it
    where there is no place.
    """

    themes: tuple[str, ...]
    role: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """One review as the program reads it, and what was planted in it.

    `free` are the passages of ours that touch no planted passage.
    """

    review: str
    passages: tuple[Passage, ...]
    planted: tuple[Planted, ...]
    free: tuple[int, ...]

    def themes(self) -> dict[int, set[str]]:
        """All that is planted in each passage of ours in which something is."""
        found: dict[int, set[str]] = {}
        for one in self.planted:
            for place in one.places:
                found.setdefault(place, set()).update(one.themes)
        return found


def read(gold: Path, settings: Settings | None = None) -> Iterator[Read]:
    """The reviews of a file of gold, each redacted as a draft under the public profile."""
    with gold.open(encoding="utf-8") as lines:
        for line in lines:
            yield _read(json.loads(line), settings or Settings())


def _read(row: Mapping[str, Any], settings: Settings) -> Read:
    document = text_reader.from_string(row["text"])
    proposal = proposing.propose(document, settings)
    settled = settle.accept_all(proposal)
    made = redact.redact(document, settled, policies.load("public"), review=row["id"])
    ours = segment.passages(made.document)
    spans = [document.to_source(_back(p.span, made.plan)) for p in ours]
    planted: list[Planted] = []
    touched: set[int] = set()
    for one in row["passages"]:
        if not one["themes"]:
            continue
        gold = Span(one["start"], one["end"])
        shared = [_shared(gold, span) for span in spans]
        most = max(range(len(spans)), key=lambda i: (shared[i], -i), default=-1)
        places = tuple(
            i
            for i, share in enumerate(shared)
            if share and (i == most or 2 * share > len(spans[i]))
        )
        planted.append(Planted(tuple(one["themes"]), one["role"], places))
        touched |= {i for i, share in enumerate(shared) if share}
    free = tuple(i for i in range(len(ours)) if i not in touched)
    return Read(row["id"], ours, tuple(planted), free)


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _back(span: Span, plan: Plan) -> Span:
    """Where a stretch of the safe text stands in the canonical text, widened to whole changes."""
    return Span(_from(span.start, plan, end=False), _from(span.end, plan, end=True))


def _from(offset: int, plan: Plan, *, end: bool) -> int:
    shift = 0
    for change in plan.replacements:
        start = change.span.start + shift
        if offset <= start:
            break
        if offset < start + len(change.label):
            return change.span.end if end else change.span.start
        shift += len(change.label) - len(change.span)
    return offset - shift
