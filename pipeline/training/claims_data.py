"""Groups of invented sentences that make one claim in other words.

Whoever learns claims learns which belong together (claims_encoder). Those of `themes/claims_*.txt`
are learned as sentences of their themes too (themes_data).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDERS = (Path(__file__).parent / "claims", Path(__file__).parent / "themes")
FILES = ("*.txt", "claims_*.txt")


@dataclass(frozen=True, slots=True)
class Group:
    """One claim of a theme, as several authors would make it.

    `hand` tells who wrote it: groups of one hand are claims that differ, those of two need not.
    """

    hand: str
    theme: str
    said: tuple[str, ...]


def shipped() -> Iterator[Group]:
    """The groups that the encoder learns from."""
    for folder, files in zip(FOLDERS, FILES, strict=True):
        yield from groups(folder, files)


def groups(folder: Path, files: str = "*.txt") -> Iterator[Group]:
    """The groups of a folder: under a theme's code in brackets, with an empty line between."""
    for path in sorted(folder.glob(files)):
        theme = ""
        said: list[str] = []
        for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
            if line and not line.startswith(("[", "#")):
                said.append(line)
                continue
            if said:
                yield Group(path.stem, theme, tuple(said))
                said = []
            theme = line.strip("[]") if line.startswith("[") else theme
