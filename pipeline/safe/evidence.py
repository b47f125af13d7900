"""The quotations that a number rests on: exact parts of safe texts, with their places."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.safe.claim import strongest
from pipeline.safe.lesson import Passage, ThemeMark
from pipeline.safe.sentence import around
from pipeline.span import Span

QUOTE_LONGEST = 400  # characters


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

    >>> cut("He was seen. Records were not shared.")
    'Records were not shared.'
    """
    best = strongest(text) or (Span(0, len(text)),)
    whole = Span(best[0].start, best[-1].end)
    quote = (whole if len(whole) <= QUOTE_LONGEST else best[0]).of(text)
    if len(quote) <= QUOTE_LONGEST:
        return quote
    return quote[: quote.rfind(" ", 0, QUOTE_LONGEST)]


def quote(passage: Passage, text: str | None = None) -> Quote:
    """What a passage teaches as a quotation, or the part of it that is given."""
    said = cut(passage.text) if text is None else text
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
