"""What a family is made of: one row a thing that is hidden, with its examples and look-alikes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers.capitals import calmed
from pipeline.raw.recognisers.cells import parted
from pipeline.span import Kind, Span

# A pattern that needs longer than this for one document has run away; the document is refused.
PATTERN_SECONDS = 60.0
_LOWEST, _SURE = 0.01, 0.99


def pattern(text: str, *, caseless: bool = False) -> regex.Pattern[str]:
    r"""A compiled pattern, written with free white space (`[ ]` or `\\s` is a space)."""
    flags = regex.VERBOSE | regex.MULTILINE | (regex.IGNORECASE if caseless else 0)
    return regex.compile(text, flags)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is hidden and how it is written.

    What is hidden is the group `it` where the pattern has one, else the whole match; a group
    `name` before it (in a lookbehind) belongs to it. `score` is the probability that a match
    is such a thing. `examples` must be found whole, or where they have «marks», what stands
    between these; in `lookalikes` the row must find nothing. `context` words nearby raise the
    score. `valid` checks a checksum: it raises the score when it holds and never drops a match.
    `narrow` says which part of a match is hidden, None where the match is a look-alike.
    `opens`, where given, says in two patterns what stands before every match and how it starts.
    A family looks once for the places where rows that share the first may match, and tries them
    only there.
    """

    kind: Kind
    subkind: str
    pattern: regex.Pattern[str]
    score: float
    examples: tuple[str, ...]
    lookalikes: tuple[str, ...]
    context: tuple[str, ...] = ()
    valid: Callable[[str], bool] | None = None
    narrow: Callable[[str], tuple[int, int] | None] | None = None
    opens: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if not _LOWEST <= self.score <= _SURE:
            raise ValueError("a score is a probability and never certain")

    def spans(
        self, text: str, *, seconds: float = PATTERN_SECONDS, places: Sequence[int] | None = None
    ) -> Iterator[tuple[Span, float]]:
        """Where the row's thing stands, with its score; TimeoutError where it runs away.

        `places`, where given, are all the places at which it may match.
        """
        for match in self._matches(text, seconds, places):
            start, end = _extent(match)
            part = self.narrow(text[start:end]) if self.narrow else (0, end - start)
            if part is None or part[0] >= part[1]:
                continue
            end = start + part[0] + len(text[start + part[0] : start + part[1]].rstrip())
            span = Span(start + part[0], end)
            sure = self.valid is not None and self.valid(span.of(text))
            yield span, max(self.score, 0.98) if sure else self.score

    def _matches(
        self, text: str, seconds: float, places: Sequence[int] | None
    ) -> Iterator[regex.Match[str]]:
        if places is None:
            yield from self.pattern.finditer(text, timeout=seconds)
            return
        end = 0
        for at in places:
            match = self.pattern.match(text, at, timeout=seconds) if at >= end else None
            if match is not None:
                end = match.end()
                yield match


@cache
def _either(before: str, starts: tuple[str, ...]) -> regex.Pattern[str]:
    """A pattern for the places behind `before` where one of the starts stands."""
    return pattern(rf"{before}(?={'|'.join(f'(?:{start})' for start in starts)})")


def _extent(match: regex.Match[str]) -> tuple[int, int]:
    groups = match.re.groupindex
    start, end = match.span("it") if "it" in groups and match["it"] else match.span()
    if "name" in groups and match["name"]:
        start = min(start, match.start("name"))
    return start, end


@dataclass(frozen=True, slots=True)
class Family:
    """Rows that belong together: a recogniser.

    `more`, where given, finds what only the whole text tells (an acronym that it defines), from
    the text and from what the rows found. `calms` reads lines in capitals as title case;
    `parts` reads the end of a cell of a table as an edge that no name runs over.
    A pattern that takes longer than `seconds` has run away (TimeoutError).
    """

    name: str
    rows: tuple[Row, ...]
    more: Callable[[str, tuple[Finding, ...]], Iterable[Finding]] | None = None
    calms: bool = True
    parts: bool = False
    seconds: float = PATTERN_SECONDS

    def matches(self, text: str) -> Iterator[tuple[Finding, tuple[str, ...]]]:
        """What is in the text, each with the context words that would raise its score."""
        found: list[Finding] = []
        text = calmed(text) if self.calms else text
        text = parted(text) if self.parts else text
        places = self.places(text)
        for row in self.rows:
            before = row.opens[0] if row.opens else ""
            for span, score in row.spans(text, seconds=self.seconds, places=places.get(before)):
                finding = Finding(span, row.kind, row.subkind, score, self.name)
                found.append(finding)
                yield finding, row.context
        if self.more:
            for finding in self.more(text, tuple(found)):
                yield finding, ()

    def places(self, text: str) -> dict[str, list[int]]:
        """Where rows that open alike may match."""
        starts: dict[str, list[str]] = {}
        for row in self.rows:
            if row.opens:
                starts.setdefault(row.opens[0], []).append(row.opens[1])
        found = {before: _either(before, tuple(every)) for before, every in starts.items()}
        return {
            before: [match.start() for match in either.finditer(text, timeout=self.seconds)]
            for before, either in found.items()
        }

    def find(self, text: str) -> tuple[Finding, ...]:
        """What is in the text; findings may overlap."""
        return tuple(finding for finding, _ in self.matches(text))
