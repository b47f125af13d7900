"""Words in a script that is not ours: most have no capitals that could tell a name."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.span import Span

_LETTER = r"(?![\p{Latin}\p{Common}\p{Inherited}])\p{L}"
_WORD = rf"[\p{{L}}\p{{M}}\p{{N}}]*{_LETTER}[\p{{L}}\p{{M}}\p{{N}}\u200c\u200d'’-]*"
_THERE = regex.compile(_LETTER)
_RUN = regex.compile(rf"{_WORD}(?:[ \u00a0]{_WORD})*")


def foreign(text: str) -> Iterator[Span]:
    """The stretches of such words, side by side.

    >>> [(span.start, span.end) for span in foreign("Her aunt Мария Зорбель left.")]
    [(9, 22)]
    """
    if _THERE.search(text):
        for match in _RUN.finditer(text):
            yield Span(*match.span())
