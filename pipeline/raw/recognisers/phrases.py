"""Fixed phrases of a list, found in a text: by their first word, the longest at each place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import regex

_WORD = regex.compile(
    r"(?<![\p{L}\d'’-])\p{Lu}[\p{L}\d]*(?:['’&][\p{L}]+)*|(?<![\p{L}\d'’-])the(?=\s)"
)
_ENDS = regex.compile(r"(?![\p{L}\d])(?!-\p{L})")
_FIRST = regex.compile(r"[\p{L}\d]+(?:['’&][\p{L}]+)*")


def _straight(text: str) -> str:
    """A text of the same length with straight apostrophes and plain spaces."""
    return text.translate({0x2019: "'", 0x2018: "'", 0xA0: " ", 0x0A: " "})


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases by their first word, longest first."""

    by_first: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, forms: Iterable[str]) -> Phrases:
        """The phrases of these forms; one that starts with no letter is left out."""
        groups: dict[str, list[str]] = {}
        for form in sorted({_straight(f) for f in forms}, key=lambda f: (-len(f), f)):
            first = _FIRST.match(form)
            if first:
                groups.setdefault(first.group(), []).append(form)
        return cls({first: tuple(rest) for first, rest in groups.items()})

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the phrases stand as whole words, capitals as in the list.

        >>> list(Phrases.of(["Old Bailey", "Old"]).find("the Old Bailey"))
        [(4, 14)]
        """
        plain, end = _straight(text), 0
        for word in _WORD.finditer(plain):
            start = word.start()
            if start < end:
                continue
            stop = self._longest(plain, start, word.group())
            if stop:
                end = stop
                yield start, stop

    def _longest(self, text: str, start: int, word: str) -> int:
        for key in dict.fromkeys((word, word.removesuffix("'s"))):
            for form in self.by_first.get(key, ()):
                stop = start + len(form)
                if text.startswith(form, start) and _ENDS.match(text, stop):
                    return stop
        return 0
