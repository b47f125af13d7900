"""The quotations that a number rests on: exact parts of safe texts, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.safe.claim import strongest
from pipeline.safe.cues import NUMBER
from pipeline.safe.lesson import Passage, ThemeMark
from pipeline.safe.sentence import around
from pipeline.span import Span

QUOTE_LONGEST = 400  # characters
_GLYPH = re.compile(r"\s*(?:[•·▪◦●○■□➢✓\uf0b7\uf0a7*–—−-]+|o(?=\s+[A-Z\[]))\s+")
_PARAGRAPH = re.compile(r"\s*\d{1,3}(?:[.-]\d{1,3})*[.)]?\s+(?=[A-Z\[“\"‘])")
_LABEL = re.compile(
    r"\s*(?:(?:key )?(?:recommendation|lesson|learning point|finding)|R|L)\s?\d{1,2}(?:\.\d{1,2})*"
    r"\s*[.:)–-]+\s+",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact part of a safe text and where it stands; `span` counts in that text."""

    review: str
    passage: str
    page: int
    paragraph: str | None
    span: Span
    text: str
    draft: bool


def cut(text: str) -> str:
    """What a passage teaches, as one exact stretch of at most 400 characters, at word ends.

    The number or bullet that it begins with is left out.

    >>> cut("He was seen. Records were not shared."), cut("• 4.2 Records were not shared.")
    ('Records were not shared.', 'Records were not shared.')
    """
    best = strongest(text) or (Span(0, len(text)),)
    whole = Span(best[0].start, best[-1].end)
    quote = bare((whole if len(whole) <= QUOTE_LONGEST else best[0]).of(text))
    if len(quote) <= QUOTE_LONGEST:
        return quote
    return quote[: quote.rfind(" ", 0, QUOTE_LONGEST)]


def bare(text: str) -> str:
    """A text without the bullet, the number and the label that it begins with.

    >>> bare("• (2) No plan was made."), bare("13-4 R4. The board should ask."), bare("Records")
    ('No plan was made.', 'The board should ask.', 'Records')
    """
    for mark in (_GLYPH, NUMBER, _PARAGRAPH, _LABEL):
        found = mark.match(text)
        text = text[found.end() :] if found is not None and found.end() < len(text) else text
    return text


def once(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotations with each wording once, that of the first; small differences do not count."""
    first: dict[str, Quote] = {}
    for one in quotes:
        first.setdefault(" ".join(re.findall(r"\w+", bare(one.text).lower())), one)
    return tuple(first.values())


def quote(passage: Passage, text: str | None = None) -> Quote:
    """What a passage teaches as a quotation, or a given part of it, without its number."""
    said = cut(passage.text) if text is None else bare(text)
    start = passage.text.index(said)
    return _at(passage, Span(start, start + len(said)))


def quote_of(passage: Passage, mark: ThemeMark) -> Quote:
    """The sentence of a passage that holds the evidence of a theme, at most about 280 letters."""
    at = passage.span.start
    place = Span(mark.span.start - at, mark.span.end - at)
    return _at(passage, around(passage.text, place))


def _at(passage: Passage, part: Span) -> Quote:
    return Quote(
        review=passage.review,
        passage=passage.id,
        page=passage.page,
        paragraph=passage.paragraph,
        span=part.shift(passage.span.start),
        text=part.of(passage.text),
        draft=passage.draft,
    )
