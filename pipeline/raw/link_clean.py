"""Findings made whole before they are linked: whole words, whole names, no labels and no roles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.raw.document import Document, Finding
from pipeline.raw.link_bodies import is_generic, kind_of, plain
from pipeline.raw.link_names import (
    BEFORE,
    CIVIL,
    TITLES,
    is_label,
    is_role,
    parse,
    role_words,
    words,
)
from pipeline.raw.mention import apart, edges, within
from pipeline.span import Kind, Span

NAMED = frozenset({Kind.PERSON, Kind.ORGANISATION, Kind.PLACE})
_HALF = re.compile(r"[-‐‑–][A-ZÀ-Þ][\w’']*")
_POSSESSIVE = re.compile(r"(?:['’ʼ‛`´‟][sS]?|[\s,.;:()\[\]\"“”'’‘–-]+)$")
_LEAD = re.compile(
    r"^(?:(?:[Tt]he|THE|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Aa]nd|[Oo]f)\s+|[\s,.;:(\[\"“‘'-]+)"
)
_TRAIL_NUMBER = re.compile(r"(?<=[^\W\d_])\s*\d+$")


def cleaned(document: Document, found: Iterable[Finding]) -> list[Finding]:
    """The findings on whole words inside one block or cell, adjacent parts of a name joined.

    What is no name at all (labels, roles, generic words) is left out of the named kinds.
    """
    text = document.text
    cuts = edges(document)
    whole = [
        replace(finding, span=grown)
        for finding in found
        for piece in within(text, cuts, finding.span)
        if (grown := _whole(text, piece, finding.kind)) is not None
    ]
    joined = _joined(text, cuts, apart(text, whole))
    return [replace(f, span=span) for f in joined if (span := _name(text, f)) is not None]


def _whole(text: str, span: Span, kind: Kind) -> Span | None:
    """The span over whole words, without a possessive, an article or a bracket at its ends."""
    start, end = span.start, span.end
    while start and text[start].isalnum() and text[start - 1].isalnum() and not _fused(text, start):
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        if _fused(text, end):
            break
        end += 1
    if kind not in NAMED:
        return Span(start, end)
    while hyphened := _HALF.match(text, end):
        end = hyphened.end()
    return _bare(text, start, end)


def _fused(text: str, at: int) -> bool:
    return text[at].isupper() and text[at - 1].islower()


def _bare(text: str, start: int, end: int) -> Span | None:
    while start < end and (lead := _LEAD.match(text[start:end])):
        start += lead.end()
    while start < end and (tail := _POSSESSIVE.search(text[start:end])):
        if tail.group()[0] in "'’" and re.search(r"[sS]$", text[start : start + tail.start()]):
            end -= len(tail.group())
            break
        end -= len(tail.group())
    return Span(start, end) if start < end else None


def _joined(text: str, cuts: Sequence[int], found: Sequence[Finding]) -> Iterator[Finding]:
    """Adjacent parts of one person's name as one finding: "Jane" and "Doe"."""
    held: Finding | None = None
    for finding in found:
        if held is not None and _continues(text, cuts, held, finding):
            span = Span(held.span.start, finding.span.end)
            held = replace(held, span=span, score=max(held.score, finding.score))
            continue
        if held is not None:
            yield held
        held = finding
    if held is not None:
        yield held


def _continues(text: str, cuts: Sequence[int], one: Finding, other: Finding) -> bool:
    if one.kind is not Kind.PERSON or other.kind is not Kind.PERSON:
        return False
    gap = text[one.span.end : other.span.start]
    first, second = one.span.of(text), other.span.of(text)
    if gap not in (" ", "\u00a0", "-", "\n") or any(
        one.span.end <= c <= other.span.start for c in cuts
    ):
        return False
    start = words(second)[:1]
    return bool(start) and start[0] not in TITLES and second[0].isupper() and not is_label(first)


def _name(text: str, finding: Finding) -> Span | None:
    """The part of a finding that is a name; None where there is none. Other kinds pass."""
    if finding.kind not in NAMED:
        return finding.span
    span = finding.span
    if finding.kind is not Kind.PERSON:
        return None if is_generic(span.of(text)) else span
    if is_label(span.of(text)):
        return None
    number = _TRAIL_NUMBER.search(span.of(text))
    start, end = span.start, span.end - (len(number.group()) if number else 0)
    start = _after_roles(text, start, end)
    name = text[start:end]
    if not name.strip() or is_role(name) or is_label(name) or not parse(name).parts:
        return None
    title = BEFORE.search(text, max(0, start - 24), start)
    return Span(title.start(1) if title and "and" not in title.group() else start, end)


def _after_roles(text: str, start: int, end: int) -> int:
    """Where the name starts after words such as "Mother" or "Social Worker"; titles stay."""
    while word := re.match(r"([^\W\d_]+)[.,:]?\s+(?=\S)", text[start:end]):
        folded = word[1].lower()
        if folded not in role_words() or folded in CIVIL or folded in ("dr", "prof", "professor"):
            break
        start += word.end()
    return start


def unified(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Findings in which the same words have one kind: the one they were found as most often."""
    named = [f for f in found if f.kind in NAMED]
    kinds = kind_of((f.kind, f.span.of(text)) for f in named)
    return [replace(f, kind=kinds[plain(f.span.of(text))]) if f.kind in NAMED else f for f in found]
