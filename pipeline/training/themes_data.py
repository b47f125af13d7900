"""What the heads of themes learn from: invented sentences, and the frames of the first bank.

The second bank, and the examples, near misses and paraphrases of the codebook, are tests: no
sentence of theirs is here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.training import bank

FOLDER = Path(__file__).parent / "themes"
NO_THEME = ""
ADULTS_WEIGH = 2.5  # a sentence of an adult's theme: they have fewer, and no frames
RENDERED = 3  # wordings of a frame that has choices
_KEY = re.compile(r"(?:praise\.)?([A-E]\d+)(?:\.(\w+))?")
_SLOT = re.compile(r"\{([a-z0-9_]+)(?::([a-zA-Z0-9-]+))?\}")
_PRONOUNS = frozenset({"he", "his", "him"})
_NOT_SAID = ("figures", "glossary")  # numbers and lists, not statements


def sentences(folder: Path = FOLDER) -> Iterator[tuple[str, str]]:
    """The invented sentences, each with its code; those under [NONE] have none."""
    for path in sorted(folder.glob("*.txt")):
        code = NO_THEME
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                code = line.strip("[]")
                code = NO_THEME if code == "NONE" else code
            elif line and not line.startswith("#"):
                yield line, code


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
