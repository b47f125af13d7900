"""What the heads of themes learn from: invented sentences, and the frames of the first bank.

The second bank, and the examples, near misses and paraphrases of the codebook, are tests: no
sentence of theirs is here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from pipeline.safe import embed, theme_heads
from pipeline.training import bank
from pipeline.training.themes_pool import NO_THEME, Row

FOLDER = Path(__file__).parent / "themes"
ADULTS_WEIGH = 2.5  # a sentence of an adult's theme: they have fewer, and no frames
RENDERED = 3  # wordings of a frame that has choices
_KEY = re.compile(r"(?:praise\.)?([A-E]\d+)(?:\.(\w+))?")
_SLOT = re.compile(r"\{([a-z0-9_]+)(?::([a-zA-Z0-9-]+))?\}")
_PRONOUNS = frozenset({"he", "his", "him"})
_NOT_SAID = ("figures", "glossary")  # numbers and lists, not statements


def sentences(folder: Path = FOLDER) -> Iterator[Row]:
    """The invented sentences, each with its codes; those under [NONE] have NO_THEME alone."""
    for path in sorted(folder.glob("*.txt")):
        codes: tuple[str, ...] = (NO_THEME,)
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                found = line.strip("[]").split()
                codes = (NO_THEME,) if found == ["NONE"] else tuple(sorted(set(found)))
            elif line and not line.startswith("#"):
                yield line, codes


def masked() -> list[Row]:
    """The invented sentences as an encoder is asked about them, each once."""
    return sorted({(embed.masked(embed.spoken(text)), codes) for text, codes in sentences()})


def codes(rows: Sequence[Row]) -> tuple[str, ...]:
    """The codes of rows in alphabetical order, NO_THEME first."""
    return tuple(sorted({code for _, some in rows for code in some}))


def weights(known: Sequence[str]) -> list[float]:
    """How much a sentence of each code counts."""
    return [ADULTS_WEIGH if code.startswith(theme_heads.OF_ADULTS) else 1.0 for code in known]


@cache
def _slots() -> dict[str, str]:
    rows = (FOLDER / "slots.tsv").read_text(encoding="utf-8").splitlines()
    return dict(row.split("\t") for row in rows)


def rendered(rng: random.Random, frame: str) -> str:
    """A frame as a sentence in which everybody is called by what they are.

    >>> rendered(random.Random(1), "{mother} told {sw:full} that {mother:he} [was|was] well.")
    'The mother told the social worker that he was well.'
    """

    def said(slot: re.Match[str]) -> str:
        return slot[2] if slot[2] in _PRONOUNS else _slots().get(slot[1], "someone")

    text = _SLOT.sub(said, bank.chosen(rng, frame))
    return text[:1].upper() + text[1:]


def frames(seed: int = 7) -> Iterator[tuple[str, str]]:
    """The frames of the first bank, each with its code; near misses and the rest have none."""
    rng = random.Random(seed)
    for key, rows in sorted(bank.load(1).items()):
        if key.startswith(_NOT_SAID):
            continue
        found = _KEY.match(key)
        code = found[1] if found and found[2] != "near" else NO_THEME
        for frame in rows:
            times = RENDERED if "[" in frame.text else 1
            for text in sorted({rendered(rng, frame.text) for _ in range(times)}):
                yield text, code
