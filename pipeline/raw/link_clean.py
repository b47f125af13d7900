"""Findings made whole before they are linked: whole words, whole names, no labels and no roles."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cache

from pipeline.match import fold, is_ordinary
from pipeline.raw import link_positions as positions
from pipeline.raw.document import Document, Finding
from pipeline.raw.link_bodies import is_generic, kind_of, plain
from pipeline.raw.link_names import (
    BEFORE,
    CIVIL,
    PARTICLES,
    SURNAMES,
    TITLES,
    is_label,
    is_role,
    parse,
    role_words,
    words,
)
from pipeline.raw.mention import apart, edges, within
from pipeline.raw.recognisers import lists
from pipeline.span import Kind, Span

_LETTERS_BEFORE = re.compile(r"(?<![\w.&/-])([A-Z]{2,3}) $")
_OWN_BEFORE = re.compile(r"(?<![\w.&/-])([A-Z]{2,3})[^\S\n]*\s[^\S\n]*$")
# "I am D. Winter": initials with their points, behind a small word or at the start of a line.
_POINTED_BEFORE = re.compile(
    r"(?:^|[\n\t(]|(?<![\w’'-])([a-z]+)[^\S\n])((?:[A-Z]\.[^\S\n]?){1,3})$"
)
_RANKS = frozenset("PC DC DS DI DCI PS SW HV TM GP HT MW SN PO CPN HHJ QC KC NHS".split())
NAMED = frozenset({Kind.PERSON, Kind.ORGANISATION, Kind.PLACE})
_HALF = re.compile(r"[-‐‑–][A-ZÀ-Þ][\w’']*")
_POSSESSIVE = re.compile(r"(?:['’ʼ‛`´‟][sS]?|[\s,.;:()\[\]\"“”'’‘–-]+)$")
_LEAD = re.compile(
    r"^(?:(?:[Tt]he|THE|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Aa]nd|[Oo]f)\s+|[\s,.;:(\[\"“‘'-]+)"
)
_WORD = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*[^\W\d_]"
_NICKNAME = re.compile(rf"[^\S\n]+\([\"“‘']?({_WORD})[\"”’']?\)|[^\S\n]+[\"“‘]({_WORD})[\"”’]")
_NEXT = re.compile(
    rf"[ \u00a0]((?:(?:[Dd]e|[Vv]an|[Vv]on|[Ll]e|[Ll]a|El|Al|[Bb]in|Mc|Mac|ap|AP|ab|ferch|Ní"
    rf"|Nic) )?{_WORD}"
    # Irish: Mac an tSaoir, Nic na Mara.
    r"|(?:(?:Mac|Nic|Mhic|Mag) |(?<=\bMac |\bNic |\bMag ))(?:an|na) t?[^\W\d_a-z]\w+)"
)
_CAPITAL_NEXT = re.compile(r"[ \u00a0][^\W\d_a-zß-öø-ÿ]")
# Words without a capital after a name ("Ann Quill aged") are no part of it.
_TRAIL_WORD = re.compile(r"(?<=[^\W\d_])(?:\s+(?:[a-zß-öø-ÿ]+|\W))+$")
# "mark Ann", "Unfortunately Ann", "on 3 May Ann": what a name was taken together with.
_LEAD_TOKEN = re.compile(r"(?P<word>[^\s]+)\s+(?=[A-Z])")
_ADVERB = re.compile(r"[a-z]{7,}ly,?")
_DAY_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?(?: of)? $")
MONTHS = frozenset("april august december january july june march may".split())
_TRAIL_NUMBER = re.compile(r"(?<=[^\W\d_])\s*\d+$")


def cleaned(document: Document, found: Iterable[Finding]) -> list[Finding]:
    """The findings on whole words inside one block or cell, adjacent parts of a name joined.

    What is no name at all (labels, roles, generic words) is left out of the named kinds.
    """
    text = document.text
    cuts = edges(document)
    whole = [
        replace(finding, span=grown)
        for one in found
        for finding in _without_number(text, one)
        for piece in within(text, cuts, finding.span)
        if (grown := _whole(text, piece, finding.kind)) is not None
    ]
    longer = [_continued(text, cuts, finding) for finding in whole]
    joined = _joined(text, cuts, apart(text, longer))
    return [replace(f, span=span) for f in joined if (span := _name(text, f)) is not None]


_OPEN_QUOTE = re.compile(r"\s[\"“‘][^\"”’]+$")
_SECOND = re.compile(r"[^\W\d_a-z]\.[^\S\n]?[^\W\d_a-z][^\W\d_]")
# "PC 2217 Quill": the number on an officer's shoulder is a code beside the name.
_COLLAR = re.compile(r"[^\W\d_]+\.?[^\S\n]+(\d{3,6})[^\S\n]+(?=[^\W\d_])")


def _without_number(text: str, finding: Finding) -> Iterator[Finding]:
    number = _COLLAR.match(text, finding.span.start, finding.span.end)
    if finding.kind is not Kind.PERSON or number is None:
        yield finding
        return
    yield replace(finding, span=Span(number.end(), finding.span.end))
    yield replace(
        finding,
        span=Span(*number.span(1)),
        kind=Kind.CODE,
        subkind="professional_registration",
        identity=None,
    )


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


def _continued(text: str, cuts: Sequence[int], finding: Finding) -> Finding:
    """A person's name with what plainly belongs to it: a nickname in brackets, a surname.

    The capitalised word after a first name is a surname, an ordinary word too ("Katie Long");
    a word for a role only where the pair comes again ("Ann Sergeant").
    """
    start, end = finding.span.start, finding.span.end
    if finding.kind is not Kind.PERSON or is_role(finding.span.of(text)):
        return finding
    if is_label(finding.span.of(text)):
        return finding
    if _OPEN_QUOTE.search(text[start:end]) and text[end : end + 1] in ('"', "”", "’"):
        end += 1
    nickname = _NICKNAME.match(text, end)
    if nickname and _may_follow(text, start, nickname):
        end = nickname.end()
    for _ in range(3):
        after = _NEXT.match(text, end)
        if not after or not _may_follow(text, start, after):
            break
        end = after.end(1)
    ahead = bisect_left(cuts, finding.span.end)
    bound = cuts[ahead] if ahead < len(cuts) else len(text)
    first = initials_before(text, start)
    behind = bisect_right(cuts, first)
    if behind == len(cuts) or cuts[behind] > start:
        start = first
    return replace(finding, span=Span(start, min(end, bound)))


def initials_before(text: str, start: int, own: Set[str] = frozenset()) -> int:
    """Where a surname starts with the capitals before it: "NO Smith".

    `own` are the initials of the surname's bearer, in small letters: they may be an acronym of
    every report ("TB Bogle"), but no rank, and the line may end behind them.
    """
    told = _OWN_BEFORE.search(text, max(0, start - 9), start) if own else None
    if told and fold(told[1]) in own and not _is_rank(told[1]):
        return told.start(1)
    letters = _LETTERS_BEFORE.search(text, max(0, start - 5), start)
    if letters and _are_initials(letters[1]) and text[start + 1 : start + 2].islower():
        return letters.start(1)
    pointed = _POINTED_BEFORE.search(text, max(0, start - 24), start)
    if pointed and not (pointed[1] and is_label(f"{pointed[1]} {pointed[2][0]}")):
        return pointed.start(2)
    return start


def _opens_with_initials(name: str) -> bool:
    """Whether a name is capitals and a surname: "NO Smith"."""
    found = re.match(r"([A-Z]{2,3})\s(?=[A-Z]['’]?[^\W\d_A-Z])", name)
    return found is not None and _are_initials(found[1])


def _are_initials(letters: str) -> bool:
    """Whether capitals before a surname are its bearer's: no rank, no post, no label."""
    known = letters in lists.exact_words("acronyms.txt") or is_label(letters)
    return not known and not _is_rank(letters)


def _is_rank(letters: str) -> bool:
    return letters in _RANKS or (fold(letters) in TITLES and letters != "HM")


def _may_follow(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a capitalised word may belong to the name before it."""
    group = found.lastindex or 1
    word = fold(found[group])
    last = word.split(" ")[-1].removesuffix("'s")
    if is_label(found[group]) or last in _never() or (found[group].isupper() and len(last) < 4):
        return False
    if found[group].isupper() and not text[start : found.start()].isupper():
        return last not in role_words() and not is_ordinary(last)
    if found.re is _NICKNAME:
        quoted = any(sign in "\"“‘'" for sign in found.group()[:4])
        if quoted and last not in role_words() and _NEXT.match(text, found.end()):
            return True
        return last not in role_words() and (last in _given() or not is_ordinary(last))
    if last not in role_words() or (last in SURNAMES and last not in TITLES):
        return True
    pair = text[start : found.end(group)]
    return not _CAPITAL_NEXT.match(text, found.end(group)) and text.count(pair) > 1


@cache
def _never() -> frozenset[str]:
    more = (
        "monday tuesday wednesday thursday friday saturday sunday january february march april may"
        " june july august september october november december mr mrs ms miss mx dr prof deceased"
    )
    return lists.words("function-words.txt") | frozenset(more.split())


@cache
def _given() -> frozenset[str]:
    return lists.words("given-names.txt") | lists.words("given-names-ambiguous.txt")


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
    ahead = bisect_left(cuts, one.span.end)
    cut = ahead < len(cuts) and cuts[ahead] <= other.span.start
    if cut or gap not in (" ", "\u00a0", "-", "\n"):
        return False
    start = words(second)[:1]
    # A line of signatures: "Zorah Quill B. Zorbel" are two people.
    if len(words(first)) > 1 and _SECOND.match(second):
        return False
    return bool(start) and start[0] not in TITLES and second[0].isupper() and not is_label(first)


def _name(text: str, finding: Finding) -> Span | None:
    """The part of a finding that is a name; None where there is none. Other kinds pass."""
    if finding.kind not in NAMED:
        return finding.span
    span = finding.span
    if span.of(text).islower() and is_ordinary(span.of(text)):
        return None
    if finding.kind is not Kind.PERSON:
        # "A40" and "Quill Rd. SE18" are written as labels are.
        road = finding.subkind == "road" or _is_district(text, span)
        return None if is_generic(span.of(text)) and not road else span
    if is_label(span.of(text)):
        return None
    number = _TRAIL_NUMBER.search(span.of(text))
    start, end = span.start, span.end - (len(number.group()) if number else 0)
    start = _after_place(text, _after_roles(text, start, end), end)
    trail = _TRAIL_WORD.search(text[start:end])
    if trail and text[start].isupper() and is_ordinary(trail.group()):
        end = start + trail.start()
    start = _after_words(text, start, end)
    name = text[start:end]
    if not name.strip() or is_role(name) or is_label(name) or not parse(name).parts:
        return None
    title = BEFORE.search(text, max(0, start - 24), start)
    return Span(title.start(1) if title and "and" not in title.group() else start, end)


_DISTRICT = re.compile(r"(?:EC?|NW?|SE|SW|WC?)\d{1,2}")
_STREET_BEFORE = re.compile(
    r"\b(?:Street|Road|Avenue|Lane|Way|Close|Gardens|Terrace|Court|St|Rd|Ave|Ln|Cl|Gdns)\.?,?\s$"
)


def _is_district(text: str, span: Span) -> bool:
    """Whether this is a postal district behind a street, and no label such as "SW4"."""
    before = text[max(0, span.start - 12) : span.start]
    return (
        _DISTRICT.fullmatch(span.of(text)) is not None and _STREET_BEFORE.search(before) is not None
    )


def _after_roles(text: str, start: int, end: int) -> int:
    """Where the name starts after words such as "Mother" or "Social Worker"; titles stay."""
    while word := re.match(r"([^\W\d_]+(?:-[^\W\d_]+)?)[.,:]?\s+(?=\S)", text[start:end]):
        folded = word[1].lower()
        if folded not in role_words() or folded in CIVIL or folded in _given():
            break
        if folded in ("dr", "prof", "professor") or _opens_with_initials(text[start:end]):
            break
        start += word.end()
    return start


def _after_place(text: str, start: int, end: int) -> int:
    """Where the name starts after a place and a comma: "In Lewes, Ann Quill"."""
    place, comma, _ = text[start:end].partition(",")
    if not comma or positions.of_body(Kind.PLACE, [place]) not in (
        "town",
        "county",
        "region",
        "area",
    ):
        return start
    start += len(place) + 1
    return start + len(text[start:end]) - len(text[start:end].lstrip())


def _after_words(text: str, start: int, end: int) -> int:
    """Where a name starts behind what is none: an ordinary word, a number, a date's month."""
    at = start
    while lead := _LEAD_TOKEN.match(text, at, end):
        word, folded = lead["word"], fold(lead["word"])
        small = word.islower() and is_ordinary(word) and folded not in PARTICLES
        month = folded in MONTHS and _DAY_BEFORE.search(text, max(0, at - 6), at)
        opens = folded in _never() - _given() - TITLES or _ADVERB.fullmatch(folded)
        if _opens_with_initials(text[at:end]):
            break
        if not (small or month or opens or word[0].isdigit()):
            break
        at = lead.end()
    return at


def unified(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Findings in which the same words have one kind: the one they were found as most often.

    A town's or a county's name is a place unless somebody of the report bears it.
    """
    named = [f for f in found if f.kind in NAMED]
    kinds = kind_of((f.kind, f.span.of(text)) for f in named)
    people = [words(f.span.of(text)) for f in named if f.kind is Kind.PERSON]
    borne = {word for parts in people if len(parts) > 1 for word in parts} | _given()
    for name in kinds:
        if name not in borne and positions.of_body(Kind.PLACE, [name]) in (
            "town",
            "area",
            "county",
        ):
            kinds[name] = Kind.PLACE
    last = {parts[-1] for parts in people if len(parts) > 1 and len(parts[-1]) > 3}
    for name in kinds:
        # A surname by itself, which the tagger takes for a place: "a visit to Quill".
        if name in last and positions.of_body(Kind.PLACE, [name]) is None and not is_ordinary(name):
            kinds[name] = Kind.PERSON
    return [replace(f, kind=kinds[plain(f.span.of(text))]) if f.kind in NAMED else f for f in found]
