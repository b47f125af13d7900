"""What the tagger takes for a name although the place where it stands says that it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import glossary
from pipeline.span import Kind, Span

_UNTYPED = frozenset({"tagger", "spacy"})
_CELL = regex.compile(r"[^\t\n]+")
_NUMBER = regex.compile(r"\d{1,4}")
_NAMES = frozenset({Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.CODE})


def without_mistaken(text: str, found: Sequence[Finding]) -> list[Finding]:
    """The findings but for three kinds of the tagger's that patterns and tables tell better.

    An abbreviation that a list explains in ordinary words; a number of four digits at most that
    fills a cell; an ethnicity or a faith of two words that is taken for a person.
    """
    explained = glossary.plain(text, [f for f in found if f.kind in _NAMES])
    groups = {
        f.span
        for f in found
        if f.kind is Kind.DEMOGRAPHIC and f.subkind not in _UNTYPED and " " in f.span.of(text)
    }

    def mistaken(finding: Finding) -> bool:
        if finding.subkind not in _UNTYPED:
            return False
        said = finding.span.of(text)
        if finding.kind is Kind.CODE and _NUMBER.fullmatch(said) and _fills(text, finding.span):
            return True
        if finding.kind is Kind.PERSON and any(g.contains(finding.span) for g in groups):
            return True
        return finding.kind in _NAMES and said in explained

    return [_in_one_cell(text, finding) for finding in found if not mistaken(finding)]


def _in_one_cell(text: str, finding: Finding) -> Finding:
    """A code without what the tagger read on to of the next cell, where that holds no digit."""
    if finding.kind is not Kind.CODE or finding.subkind not in _UNTYPED:
        return finding
    start, end = finding.span.start, finding.span.end
    parts = list(_CELL.finditer(text, start, end))
    coded = [part for part in parts if any(sign.isdigit() for sign in part.group())]
    if len(parts) < 2 or len(coded) != 1:
        return finding
    return replace(finding, span=Span(*coded[0].span()))


def _fills(text: str, span: Span) -> bool:
    """Whether a finding is all that stands in its cell or on its line."""
    before, after = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]
    return before in ("", "\n", "\t") and after in ("", "\n", "\t")
