"""A bank of wordings: sentence frames by what they say, with slots and inner alternatives.

A frame is a string of a TOML file. `[a|b]` is a choice, `{slot}` or `{slot:form}` a mention,
`@tag,tag ` at its start what the world must be.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BANKS = Path(__file__).parent / "banks"
FOLDERS = {1: "one", 2: "two"}

_SLOT = re.compile(r"\{([a-z0-9_]+)(?::([a-z0-9-]+))?\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_TAGS = re.compile(r"@([a-z,!]+) ")


@dataclass(frozen=True, slots=True)
class Frame:
    """One wording: its text, its slots, and what the world must be (or, with !, must not)."""

    text: str
    slots: frozenset[str]
    tags: frozenset[str]

    @staticmethod
    def parse(line: str) -> Frame:
        """Read one line of a bank; ValueError where its brackets do not close."""
        tags = _TAGS.match(line)
        text = line[tags.end() :] if tags else line
        if text.count("[") != text.count("]") or text.count("{") != text.count("}"):
            raise ValueError("the brackets of a frame close")
        slots = frozenset(m[1] for m in _SLOT.finditer(text))
        return Frame(text, slots, frozenset(tags[1].split(",")) if tags else frozenset())

    def fits(self, tags: frozenset[str]) -> bool:
        """Whether the world has what the frame asks for."""
        return all((t[1:] not in tags) if t.startswith("!") else t in tags for t in self.tags)


def chosen(rng: random.Random, text: str) -> str:
    """The frame with each inner alternative decided, innermost first.

    >>> chosen(random.Random(1), "a [b|b [c|c]] d") in {"a b d", "a b c d"}
    True
    """
    while found := _CHOICE.search(text):
        text = text[: found.start()] + rng.choice(found[1].split("|")) + text[found.end() :]
    return re.sub(r"  +", " ", text).replace(" ,", ",").replace(" .", ".")


def slots(text: str) -> Iterator[tuple[str, str, str]]:
    """The text cut at its slots: (plain text before, slot, form); the last slot is empty."""
    at = 0
    for found in _SLOT.finditer(text):
        yield text[at : found.start()], found[1], found[2] or ""
        at = found.end()
    yield text[at:], "", ""


def _walk(prefix: str, node: object) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, list):
        yield prefix, [str(line) for line in node]
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(f"{prefix}.{key}" if prefix else str(key), value)
    else:
        raise ValueError("a bank holds lists of frames")


@cache
def load(number: int) -> dict[str, tuple[Frame, ...]]:
    """The frames of a bank by key, such as "D1.lesson.a" or "event.police"."""
    found: dict[str, tuple[Frame, ...]] = {}
    for path in sorted((BANKS / FOLDERS[number]).glob("*.toml")):
        for key, lines in _walk("", tomllib.loads(path.read_text(encoding="utf-8"))):
            found[key] = found.get(key, ()) + tuple(Frame.parse(line) for line in lines)
    return found
