"""The codebook as people changed it: themes added, renamed, merged, split, in versions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.safe.coding import ON_THEMES, Act, Event, heirs, live
from pipeline.safe.lesson import Theme

OPEN, MERGED, SPLIT = "open", "merged", "split"
Closed = tuple[Theme, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Codebook:
    """The themes that may be used, those that may not any more, and the version.

    `closed` has each theme that was merged or split, with the themes that stand for it. The
    version is the hash of the themes before people changed them, "+", and the number of the
    last change.
    """

    themes: tuple[Theme, ...]
    closed: tuple[Closed, ...]
    version: str

    @property
    def all(self) -> tuple[Theme, ...]:
        """Every theme that a passage may have, in the order of the codes: split ones stay."""
        split = [theme for theme, how, _ in self.closed if how == SPLIT]
        return tuple(sorted((*self.themes, *split), key=lambda theme: order(theme.code)))

    def titles(self) -> dict[str, str]:
        """What each theme is called, those that are closed too."""
        return {t.code: t.title for t in (*(t for t, _, _ in self.closed), *self.themes)}


def order(code: str) -> tuple[str, int, str]:
    """What codes are sorted by: the letters, then the number.

    >>> sorted(["B10", "B2", "A1"], key=order)
    ['A1', 'B2', 'B10']
    """
    letters, digits = re.match(r"(\D*)(\d{0,9})", code).groups()  # type: ignore[union-attr]
    return letters, int(digits or 0), code


def codebook(themes: Sequence[Theme], events: Sequence[Event], at: int | None = None) -> Codebook:
    """The codebook at a version: the shipped themes with what people changed up to then.

    >>> theme = Theme("A1", "sharing", "Sharing", "practice", "", ())
    >>> said = [Event(1, "", "u-a", Act.RENAME_THEME, themes=("A1",), title="Telling others")]
    >>> [t.title for t in codebook([theme], said).themes], codebook([theme], said).version[-2:]
    (['Telling others'], '+1')
    """
    acts = live(events, at)
    known = {theme.code: theme for theme in themes}
    split: dict[str, tuple[str, ...]] = {}
    for event in acts:
        if event.act is Act.ADD_THEME and event.themes[0] not in known:
            known[event.themes[0]] = _added(event)
        elif event.act is Act.RENAME_THEME and event.themes[0] in known:
            known[event.themes[0]] = _renamed(known[event.themes[0]], event)
        elif event.act is Act.SPLIT_THEME:
            split[event.themes[0]] = event.into
    merged = {old: new for old, new in heirs(acts).items() if old in known}
    gone: list[Closed] = [(known[old], MERGED, (new,)) for old, new in merged.items()]
    gone += [(known[c], SPLIT, into) for c, into in split.items() if c in known and c not in merged]
    still = [t for t in known.values() if t.code not in merged and t.code not in split]
    return Codebook(
        tuple(sorted(still, key=lambda theme: order(theme.code))),
        tuple(sorted(gone, key=lambda row: order(row[0].code))),
        f"{fingerprint(themes)}+{_last(events, at)}",
    )


def _added(event: Event) -> Theme:
    name = re.sub(r"\W+", "_", event.title.lower()).strip("_")
    return Theme(event.themes[0], name, event.title, event.group, event.definition, ())


def _renamed(theme: Theme, event: Event) -> Theme:
    return replace(
        theme,
        title=event.title or theme.title,
        definition=event.definition or theme.definition,
    )


def _last(events: Iterable[Event], at: int | None) -> int:
    """The number of the last step that changed the codebook, or undid such a step."""
    until = {e.number: e for e in events if at is None or e.number <= at}

    def concerns(event: Event) -> bool:
        if event.act is Act.UNDO:
            return event.undoes in until and concerns(until[event.undoes])
        return event.act in ON_THEMES

    return max((number for number, event in until.items() if concerns(event)), default=0)


def fingerprint(themes: Iterable[Theme]) -> str:
    """Twelve hex digits of the themes' codes, titles, definitions and patterns."""
    told = [
        [t.code, t.title, t.group, t.definition, t.cues, t.exclude, t.needs]
        for t in sorted(themes, key=lambda theme: theme.code)
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]
