"""The words and headings that speak for a role, as weights."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.safe import literal
from pipeline.safe.lesson import Role

NUMBER = re.compile(
    r"^\s*(?:\d{1,3}(?:\.\d{1,3})+[.)]?|\(?\d{1,3}[.)]+|\d{1,3}(?=\s+[A-Z])|\(?[a-z]\)|"
    r"\(?[ivx]{1,5}[.)])\s+"
)


@dataclass(frozen=True, slots=True)
class RoleCues:
    """The patterns that speak for one role, compiled."""

    role: Role
    heading: re.Pattern[str] | None
    lead_in: re.Pattern[str] | None
    cues: tuple[tuple[re.Pattern[str], float], ...]
    runs: tuple[literal.Runs, ...]  # of each cue, the letters without which it meets nothing


def role_cues(path: Path | None = None) -> tuple[RoleCues, ...]:
    """The role cues that ship with the program, or those of another file of the same form."""
    return _load(path or _shipped())


@lru_cache(maxsize=1)
def _shipped() -> Path:
    return shipped("configs/lists/role_cues.toml")


@lru_cache(maxsize=4)
def _load(path: Path) -> tuple[RoleCues, ...]:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["role"]
        return tuple(_row(row) for row in rows)
    except (KeyError, TypeError, ValueError, IndexError, re.error) as error:
        raise UsageError(
            "The list of role cues cannot be read. No passage was made. Compare it with the "
            "one that ships with Candour (configs/lists/role_cues.toml)."
        ) from error


def _row(row: Mapping[str, Any]) -> RoleCues:
    def choice(key: str) -> re.Pattern[str] | None:
        patterns = row.get(key, [])
        return re.compile("|".join(f"(?:{p})" for p in patterns), re.I) if patterns else None

    weighted = tuple((re.compile(cue[0], re.I), float(cue[1])) for cue in row["cues"])
    runs = tuple(literal.needed(cue[0]) for cue in row["cues"])
    return RoleCues(Role(row["role"]), choice("heading"), choice("lead_in"), weighted, runs)


def weigh(words: str, rows: tuple[RoleCues, ...] | None = None) -> dict[Role, float]:
    """How much the words alone speak for each role; 0 where nothing does.

    A long text meets more cues by chance, so its weights count for less.

    >>> weights = weigh("Lack of communication between the services.")
    >>> max(weights, key=weights.__getitem__).value
    'learning'
    """
    bare = NUMBER.sub("", words)
    length = max(1.0, len(bare.split()) / 45)
    rows = rows or role_cues()
    found = iter(met(bare) if rows is role_cues() else _met(bare, rows))
    return {
        row.role: sum(weight for _, weight in row.cues if next(found)) / length**0.3 for row in rows
    }


@lru_cache(maxsize=1024)
def met(words: str) -> tuple[bool, ...]:
    """Which of the cues that ship are met, in their order: asked twice of each passage."""
    return _met(words, role_cues())


def _met(words: str, rows: tuple[RoleCues, ...]) -> tuple[bool, ...]:
    folded = literal.folded(words)
    return tuple(
        literal.may_match(runs, folded) and pattern.search(words) is not None
        for row in rows
        for (pattern, _), runs in zip(row.cues, row.runs, strict=True)
    )
