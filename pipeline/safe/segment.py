"""A safe document into passages, each with the role that it plays in the report."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from pipeline.safe.contents import contents, title
from pipeline.safe.cues import role_cues
from pipeline.safe.lesson import Passage, Role, SafeBlock, SafeDocument, is_picture
from pipeline.safe.page_end import page_end
from pipeline.safe.polarity import boilerplate
from pipeline.safe.role import Place, roles
from pipeline.safe.sentence import sentences
from pipeline.span import BlockKind, Span

LONGEST = 90  # words of a passage; a longer paragraph is split at the ends of sentences
LONGEST_HEADING = 14  # words of a line in capitals that is read as a heading

# A lead that asks governs "1.", "2." below it; one that speaks of concerns may report a call.
_COUNTED = (Role.RECOMMENDATION, Role.ACTION)
_LABEL = re.compile(r"\[[^\]]*\]")


def passages(document: SafeDocument) -> tuple[Passage, ...]:
    """The passages of a document in reading order, with roles and without themes.

    A passage is a paragraph, a bullet, a quotation, a row of a table, or a part of a long
    paragraph that ends where a sentence ends. Headings (also lines in capitals) and furniture are
    not passages, but a heading that is itself a finding is one. The same safe text always gives
    the same ids.
    """
    places = tuple(_places(document))
    found = roles(places, document.text.value)
    told = [Role.OTHER if place.law else role for place, role in zip(places, found, strict=True)]
    pairs = zip(places, told, strict=True)
    return _with_ids([_passage(document, place, role) for place, role in pairs])


def _passage(document: SafeDocument, place: Place, role: Role) -> Passage:
    return Passage(
        review=document.review,
        id="",
        page=place.block.page,
        paragraph=place.block.number,
        heading=place.heading,
        span=place.span,
        role=role,
        text=place.span.of(document.text.value),
        draft=document.draft,
    )


def _with_ids(made: list[Passage]) -> tuple[Passage, ...]:
    """An id is made of the passage's own words, so that an edit elsewhere does not move it."""
    seen: Counter[str] = Counter()
    named = []
    for passage in made:
        stem = hashlib.sha256(" ".join(passage.text.split()).encode()).hexdigest()[:10]
        seen[stem] += 1
        suffix = f"-{seen[stem]}" if seen[stem] > 1 else ""
        named.append(replace(passage, id=f"p{stem}{suffix}"))
    return tuple(named)


def _places(document: SafeDocument) -> Iterator[Place]:
    text = document.text.value
    headings: list[tuple[int, str]] = []
    lead: Role | None = None
    shown: Role | None = None
    law = False  # "a review should be held where:" lists the law, not advice
    due = 1  # the number that the next item of a counted list has
    end = page_end(document)
    named = contents(document) | title(document)
    for block in document.blocks:
        if block.kind is BlockKind.FURNITURE:
            continue
        if block.span.start in named:
            yield from (Place(s, block, None, None, None, True) for s in _pieces(block, text))
            continue
        if block.kind is BlockKind.HEADING or _is_capitals(block, text):
            headings = _headings(headings, block, text)
            lead, shown, due = None, None, 1
            if not _is_finding(block.span.of(text)):
                continue
        above = headings[-1][1] if headings else None
        section = _section(headings)
        counted = lead in _COUNTED and _item(block, text) == due
        bullet = block.kind is BlockKind.BULLET or _listed(block, text)
        inherited = lead if bullet or counted else None
        if shown is not None and _is_shown(block):
            inherited = shown
        for span in _pieces(block, text):
            below = block.span.start >= end
            yield Place(span, block, above, inherited, section, below, law and bullet)
        if not is_picture(block.span.of(text)):  # a list goes on after a picture
            lead = lead if counted else _lead(block, text, lead)
            law = law if bullet else bool(boilerplate(_last(block, text)))
            due = due + counted if counted or bullet else 1
            shown = _shown(block, lead, shown)


def _headings(stack: list[tuple[int, str]], block: SafeBlock, text: str) -> list[tuple[int, str]]:
    level = block.level or 1
    words = " ".join(block.span.of(text).split())
    return [*(h for h in stack if h[0] < level), (level, words)]


def _is_capitals(block: SafeBlock, text: str) -> bool:
    """Whether a line of its own is set in capitals, as headings and titles are."""
    line = " ".join(_LABEL.sub(" ", block.span.of(text)).split())
    plain = block.kind is BlockKind.PARAGRAPH and block.number is None
    return (
        plain
        and len(line.split()) <= LONGEST_HEADING
        and line.isupper()
        and not line.endswith((".", ":", ";", "!", '"', "”"))
        and len(re.findall(r"[A-Z]{2,}", line)) > 1
    )


def _is_finding(heading: str) -> bool:
    """Whether a heading is a sentence that states a finding, as in some outlines."""
    return bool(re.match(r"\W*finding\b", heading, re.I)) and len(heading.split()) > 8


def _section(headings: list[tuple[int, str]]) -> Role | None:
    """The role that the nearest telling heading announces."""
    for _, heading in reversed(headings):
        for row in role_cues():
            if row.heading is not None and row.heading.search(heading):
                return row.role
    return None


def _listed(block: SafeBlock, text: str) -> bool:
    """Whether a paragraph is an item of a list: (a), (1), i) and the like."""
    return bool(re.match(r"\s*(?:\(?[a-z]\)|\(?\d{1,2}\)|\(?[ivx]+\))\s", block.span.of(text)))


def _item(block: SafeBlock, text: str) -> int | None:
    """The number of an item of a list that is counted as in "1." and "2."."""
    found = re.match(r"\s*(\d{1,2})[.)]\s", block.span.of(text))
    return None if found is None else int(found[1])


def _lead(block: SafeBlock, text: str, lead: Role | None) -> Role | None:
    """The role that a paragraph ending in a colon gives to the list below it."""
    if block.kind is BlockKind.BULLET or _listed(block, text):
        return lead
    sentence = _last(block, text)
    for row in role_cues() if sentence else ():
        if row.lead_in is not None and row.lead_in.search(sentence):
            return row.role
    return None


def _last(block: SafeBlock, text: str) -> str:
    """The last sentence of a paragraph if it leads to a list, with a colon at its end; else ""."""
    last = block.span.of(text).rstrip()
    if not last.endswith((":", ":-", ": -")):
        return ""
    return sentences(last)[-1].of(last).rstrip(" -")


def _is_shown(block: SafeBlock) -> bool:
    return block.kind is not BlockKind.FOOTNOTE and block.number is None


def _shown(block: SafeBlock, lead: Role | None, shown: Role | None) -> Role | None:
    """The role of the paragraphs without a number that a numbered one announces with a colon.

    Reports that number their paragraphs set extracts and examples off by giving them no number.
    """
    if block.number is not None and block.kind is BlockKind.PARAGRAPH:
        return lead if lead in (Role.QUOTE, Role.GOOD_PRACTICE) else None
    return shown


def _pieces(block: SafeBlock, text: str) -> Iterator[Span]:
    if block.rows:
        yield from _rows(block)
        return
    words = block.span.of(text)
    inside = words.strip()
    if not inside:
        return
    start = block.span.start + words.index(inside)
    count = len(inside.split())
    if count <= LONGEST:
        yield Span(start, start + len(inside))
        return
    for piece in _split(inside, count):
        yield piece.shift(start)


def _rows(block: SafeBlock) -> Iterator[Span]:
    for row in block.rows:
        cells = [cell for cell in row if cell is not None]
        if cells:
            yield Span(min(c.start for c in cells), max(c.end for c in cells))


def _split(text: str, count: int) -> Iterator[Span]:
    """Parts of about the same length, each of whole sentences."""
    share = count / -(-count // LONGEST)
    start, words = 0, 0
    found = sentences(text)
    for index, sentence in enumerate(found):
        words += len(sentence.of(text).split())
        last = index == len(found) - 1
        following = 0 if last else len(found[index + 1].of(text).split())
        if last or words + following / 2 > share:
            yield Span(start, sentence.end)
            start, words = (0 if last else found[index + 1].start), 0
