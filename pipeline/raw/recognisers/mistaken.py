"""What the tagger takes for a name although the place where it stands says that it is none."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import glossary, wording
from pipeline.span import Kind, Span

# Recognisers that know no subkind.
UNTYPED = frozenset({"tagger", "spacy"})
_CELL = regex.compile(r"[^\s][^\t\n]*(?<!\s)")
_WORD = regex.compile(r"[^\s,;()]+")
_NUMBER = regex.compile(r"\d{1,3}|(?:19|20)\d\d")
_NAMES = frozenset({Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.CODE})


def without_mistaken(text: str, found: Sequence[Finding]) -> list[Finding]:
    """The findings but for four kinds of the tagger's that patterns and tables tell better.

    An abbreviation that a list explains in ordinary words; a year or a small number that
    fills a cell; an ethnicity or a faith of two words that is taken for a person; a faith that
    somebody is said to have. What it read from several cells at once is a finding for each.
    """
    explained = glossary.plain(text, [f for f in found if f.kind in _NAMES])
    groups = {
        f.span
        for f in found
        if f.kind is Kind.DEMOGRAPHIC and f.subkind not in UNTYPED and " " in f.span.of(text)
    }

    # "in Polish", "Black African": a people or a language, and no place or body.
    peoples = {f.span for f in found if f.kind is Kind.DEMOGRAPHIC and f.subkind not in UNTYPED}
    dated = sorted(f.span for f in found if f.kind is Kind.DATE and f.subkind not in UNTYPED)

    def mistaken(finding: Finding) -> bool:
        if finding.kind in _NAMES and _is_faith(text, finding.span):
            return True
        if finding.kind is Kind.PERSON and any(g.contains(finding.span) for g in groups):
            return True
        if finding.subkind not in UNTYPED:
            return False
        said = finding.span.of(text)
        if finding.kind in (Kind.PLACE, Kind.ORGANISATION) and finding.span in peoples:
            return True
        if finding.kind is Kind.DATE and (
            _is_no_date(text, finding.span) or _cuts(finding.span, dated)
        ):
            return True
        if finding.kind in (Kind.PLACE, Kind.ORGANISATION) and _COLLAR.fullmatch(said):
            return True
        if finding.kind is Kind.CODE and _PLAIN_CODE.fullmatch(said):
            return True
        if finding.kind is Kind.CODE and _NUMBER.fullmatch(said) and _fills(text, finding.span):
            return True
        return finding.kind in _NAMES and said in explained

    parts = (
        _name_only(text, name)
        for finding in found
        for part in _by_cell(text, finding)
        for name in _signed(text, part)
    )
    return [part for part in parts if not mistaken(part)]


# "Flat 2/1" is a door of a stair in Scotland, "14/40" a week of a pregnancy.
_FLAT = regex.compile(r"(?i:\b(?:flat|apartment|apt|unit|room|bay|house)\.?[ ])$")
_GESTATION = regex.compile(r"[1-4]?\d(?:\+\d)?/40")
# "PC 2217": an officer's number, which is a code and no place.
_COLLAR = regex.compile(r"(?:W?PC|W?DC|W?PS|DS|PCSO|Sgt|Con)\.?\s\d{2,6}")
# Letters without a figure, in small letters, are a word: "video", "tel.".
_PLAIN_CODE = regex.compile(r"\p{Ll}{2,}\.?|v\.?[ ]?\d{1,2}(?:\.\d{1,2})?")


def _cuts(span: Span, dated: Sequence[Span]) -> bool:
    """Whether a span holds a part of a date that a pattern read whole."""
    at = bisect_left(dated, span)
    return any(
        span.overlaps(other) and not span.contains(other) and not other.contains(span)
        for other in dated[max(0, at - 3) : at + 3]
    )


def _is_no_date(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 12) : span.start]
    said = span.of(text)
    flat = _FLAT.search(before + said[: said.find("/")].rstrip("0123456789"))
    return _GESTATION.fullmatch(said) is not None or (flat is not None and "/" in said)


_FAITH = regex.compile(r"(?:Roman )?(?:Christian|Catholic|Muslim|Hindu|Sikh|Jewish|Buddhist)")
_PREDICATE = regex.compile(
    r"(?:\b(?:is|was|are|were|as|being|be|a|practising|devout|nominally) |\")$"
)
_GOES_ON = regex.compile(
    r"[.,;:)\"”]|\s+(?:and|or|but|by|in|family|faith|home|household|heritage)\b"
)


def _is_faith(text: str, span: Span) -> bool:
    """Whether "Christian" is what somebody is, and nobody's name: "who is Christian."."""
    return (
        _FAITH.fullmatch(span.of(text)) is not None
        and _PREDICATE.search(text, max(0, span.start - 12), span.start) is not None
        and _GOES_ON.match(text, span.end) is not None
    )


def _name_only(text: str, finding: Finding) -> Finding:
    """A person's name without the rest of its row: "Ann Lee Subject one White British"."""
    if finding.kind is not Kind.PERSON or finding.subkind not in UNTYPED:
        return finding
    words = list(_WORD.finditer(text, finding.span.start, finding.span.end))
    for at, word in enumerate(words[1:-1], start=1):
        rest = [other.group() for other in words[at + 1 :]]
        plain = any(w.isdigit() or (w.islower() and wording.is_ordinary(w)) for w in rest)
        if plain and wording.is_label(word.group()) and word.group()[0].isupper():
            return replace(finding, span=Span(finding.span.start, words[at - 1].end()))
    return finding


def _by_cell(text: str, finding: Finding) -> Iterator[Finding]:
    """The finding; where the tagger read on from one row or cell into the next, its parts."""
    said = finding.span.of(text)
    if finding.subkind not in UNTYPED or not _in_rows(text, finding.span):
        yield finding
        return
    telling = str.isdigit if finding.kind is Kind.CODE else str.isalnum
    for part in _CELL.finditer(said):
        if any(telling(sign) for sign in part.group()):
            at = finding.span.start
            yield replace(finding, span=Span(at + part.start(), at + part.end()))


# Two names of one line of signatures: "Zorah Quill-Marl B. Zorbel", and a heading behind one.
_SECOND = regex.compile(r"(?<first>\S+\s+\S+)\s+(?<next>\p{Lu}\.\s?\p{Lu}\S+)")
_HEADED = regex.compile(
    r"(?<=\p{Ll})\s+(?:Date|Dated|Signed|Signature|Dyddiad|Enw|Llofnod|Swydd|Footnotes?|Annexe?|Appendix|ANNEXE?"
    r"|APPENDIX|Contents)$"
)


def _signed(text: str, finding: Finding) -> Iterator[Finding]:
    """A person's name by itself where two names, or a name and a heading, were read as one."""
    if finding.kind is not Kind.PERSON or finding.subkind not in UNTYPED:
        yield finding
        return
    span = finding.span
    head = _HEADED.search(span.of(text))
    if head is not None:
        span = Span(span.start, span.start + head.start())
    two = _SECOND.fullmatch(span.of(text))
    if two is None or wording.is_given(two["first"].split()[-1]):
        yield replace(finding, span=span)
        return
    for name in ("first", "next"):
        yield replace(finding, span=Span(span.start + two.start(name), span.start + two.end(name)))


def _in_rows(text: str, span: Span) -> bool:
    """Whether a finding runs over cells: over a tab, or over the end of a line that has one."""
    said = span.of(text)
    if "\t" in said:
        return True
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    return "\n" in said and "\t" in text[start : end if end >= 0 else len(text)]


def _fills(text: str, span: Span) -> bool:
    """Whether a finding is all that stands in its cell or on its line."""
    before, after = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]
    return before in ("", "\n", "\t") and after in ("", "\n", "\t")
