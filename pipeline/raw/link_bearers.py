"""Which people bear a part of a name, and which names are like it."""

from __future__ import annotations

from pipeline.raw.link_names import Slips


class Bearers:
    """Which people bear a part of a name, by their numbers.

    A long report names a thousand people: a name is held against those who may bear it.
    """

    def __init__(self) -> None:
        self._by: dict[str, set[int]] = {}
        self._slips = Slips()

    def add(self, part: str, number: int) -> None:
        """One more who bears a part."""
        if part not in self._by:
            self._by[part] = set()
            self._slips.add(part)
        self._by[part].add(number)

    def of(self, *parts: str) -> set[int]:
        """Who bears one of these parts."""
        return {number for part in parts for number in self._by.get(part, ())}

    def near(self, part: str) -> list[str]:
        """The parts that are near this one."""
        return self._slips.near(part)
