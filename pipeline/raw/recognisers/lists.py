"""The lists that ship in configs/lists: forms of names, and words of a kind."""

from __future__ import annotations

from functools import cache

from pipeline.errors import UsageError
from pipeline.installed import shipped

_BROKEN = (
    "A word list in configs/lists is not UTF-8 text. Nothing was read with it. Install Candour "
    "again, or save the list as UTF-8."
)


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of a list, one a line, without comments and blank lines.

    >>> "Old Bailey | Central Criminal Court" in lines("deny-organisations.txt")
    True
    """
    try:
        text = (shipped("configs/lists") / name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(_BROKEN) from error
    bare = [line.partition("#")[0] if "#" in line else line for line in text.splitlines()]
    return tuple([line for line in map(str.strip, bare) if line])


@cache
def forms(name: str) -> tuple[str, ...]:
    """Every form of every entry of a list whose forms are split by " | "."""
    parts = (part.strip() for line in lines(name) for part in line.split(" | "))
    return tuple(dict.fromkeys(part for part in parts if part))


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list that is split by spaces, in lower case."""
    return frozenset(word.lower() for line in lines(name) for word in line.split())


@cache
def exact_words(name: str) -> frozenset[str]:
    """The words of a list that is split by spaces, as they are written."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def ordinary() -> frozenset[str]:
    """Words of ordinary English, in lower case (the matcher's list, single words only)."""
    return frozenset(line for line in lines("common_words.txt") if " " not in line)
