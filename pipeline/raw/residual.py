"""What is left once everything proposed was decided on: words and numbers that nobody looked at.

Going through what was proposed finds what was proposed too much, never what was missed. So every
word with a capital, number, date and code that no finding covers and no list of harmless ones
explains is put before a person, in groups: what may be a name by itself, harmless shapes together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import regex

from pipeline.match import fold
from pipeline.raw import scripts
from pipeline.raw.document import Document, Settlement
from pipeline.raw.recognisers import allowed, lists, wording
from pipeline.span import BlockKind, Span


class LeftKind(StrEnum):
    """What a group of the residual list holds, the most telling first."""

    CODE = "code"
    NAME = "name"
    LETTERS = "letters"
    DATE = "date"
    YEAR = "year"
    NUMBER = "number"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Left:
    """One group: `key` names it as long as the same forms are in it, as often where they are names.

    `forms` are as written, each once.
    """

    key: str
    kind: LeftKind
    title: str
    forms: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that would be in the list if nothing covered it; `title` of a common group."""

    span: Span
    kind: LeftKind
    title: str = ""


WORDS = "Ordinary words written with a capital"
HEADINGS = "Ordinary words in headings and tables"
_ORDER = tuple(LeftKind)
_RUN = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}])\p{Lu}[\p{L}\p{M}\p{N}]*(?:[.'’&-]\p{L}[\p{L}\p{M}\p{N}]*)*"
    r"(?:[ \u00a0](?:(?:de|la|le|van|von|der|bin|ibn|al|el|y)[ ])?"
    r"\p{Lu}[\p{L}\p{M}\p{N}]*(?:[.'’&-]\p{L}[\p{L}\p{M}\p{N}]*)*)*"
)
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’&.-]*")
# A capital after a small letter or a digit: "mcZorbel", "4Zorbel".
_INNER = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}])[\p{Ll}\p{N}][\p{Ll}\p{M}\p{N}]*\p{Lu}\p{Ll}[\p{L}\p{M}\p{N}]*"
)
_SMALL_WORD = regex.compile(r"(?<![\p{L}\p{M}\p{N}'’-])\p{Ll}{3,}(?![\p{L}\p{M}\p{N}])")
_LETTER = regex.compile(r"\p{Lu}(?:['’]s?)?")
_WORD_BEFORE = regex.compile(r"(\p{Lu}[\p{L}’'-]*)\.?[ \u00a0-]$")
_NEXT_WORD = regex.compile(r"[ \u00a0](\p{Lu}[\p{L}\p{M}'’-]*)")
_ADDRESS = regex.compile(r"\S+@\S+")
_LINK = regex.compile(
    r"(?:https?://|www\.)\S+|\b[A-Za-z0-9-]+\.(?:org|com|gov|nhs|co|net|ac|sch)\b\S*"
)
_CODE = regex.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}\b"
    r"|\b(?!\d+-[a-z])(?=[A-Za-z/-]*\d)(?=[\d/-]*[A-Za-z])[A-Za-z\d/-]{4,}\b"
    r"|\b\d[\d /-]{6,}\d\b"
)
_DATE = regex.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?[ ](?:of[ ])?)?(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?"
    r"|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?"
    r"|Dec(?:ember)?)"
    r"(?:[ ]\d{1,2}(?:st|nd|rd|th)?)?(?:,?[ ](?:19|20)\d\d)?\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_NUMBER = regex.compile(r"(?<![\p{L}\p{N}])\d[\d,.:]*(?:st|nd|rd|th|am|pm|%)?(?![\p{N}])")
_UNIT = regex.compile(
    r"[ -]*(?:%|per[ ]cent|(?:second|minute|hour|day|night|week|month|year|time|visit|contact|call"
    r"|meeting|session|appointment|referral|report|page|child|children|sibling|people|person"
    r"|agenc(?:y|ies)|occasion|incident|interview|recommendation|finding|review|case|ml|mg|g|kg|cm"
    r"|mm|m|mile|km|lb|oz|st|stone|unit|litre|pint|can|bottle|gram|pound|bed|practitioner|member"
    r"|professional|attempt|strateg|conference|plan|episode|assessment|working|school|other|of[ ]"
    r"|out[ ])\w*)",
    regex.IGNORECASE,
)
_PART = regex.compile(
    r"(?:sections?|ss?\.|paragraphs?|para\.?|pages?|pp?\.|chapters?|appendi(?:x|ces)|annex|figures?"
    r"|tables?|recommendations?|findings?|steps?|parts?|regulations?|schedules?|articles?|questions?"
    r"|levels?|stages?|categor(?:y|ies)|tiers?|versions?|v|numbers?|no\.?|items?|points?|lessons?"
    r"|bands?|grades?|classes?|year|key[ ]stages?|volumes?|vol\.?|issues?|footnotes?|themes?"
    r"|principles?|standards?)[ ]?\(?$",
    regex.IGNORECASE,
)
_TIME = regex.compile(r"\d{1,2}[:.]\d\d(?:am|pm)?|\d{1,2}(?:am|pm)|\d{4}hrs")
_YEAR = regex.compile(r"(?:19|20)\d\d")
_STARTS = regex.compile(r"(?:^|[.!?:•▪◦*|\n][\"”’')\]]?|\d[.)]|\n[–—-])[\s\"“‘'(\[]*$")
_SHORT = 3


def candidates(document: Document) -> tuple[Candidate, ...]:
    """Every place of the canonical text that the list would hold if nothing covered it, by start.

    It depends on the text alone, so that it can be kept while people decide.
    """
    text = document.text
    stays = [a.span for a in allowed.stretches(text) if not a.bare]
    numbers = [
        Span(b.span.start, b.span.start + len(b.number))
        for b in document.blocks
        if b.span and b.number and text.startswith(b.number, b.span.start)
    ]
    quiet = _quiet(document)
    covered = _Cover(len(text), [*stays, *numbers])
    found: list[Candidate] = []
    calm = _Cover(len(text), quiet)
    for one in _found(text, Span(0, len(text)), calm, whole=True):
        found += _free(text, one, covered, calm, whole=True)
    return tuple(sorted(found, key=lambda one: one.span))


def groups(document: Document, every: Sequence[Candidate], settled: Settlement) -> tuple[Left, ...]:
    """The residual list: what no finding covers and nobody decided to keep, grouped and ordered.

    Of a name that is covered in part, the rest is in the list.
    """
    text = document.text
    covered = _Cover(len(text), [*(f.span for f in settled.findings), *settled.kept])
    calm = _Cover(len(text), _quiet(document))
    held: dict[tuple[LeftKind, str], list[Span]] = {}
    for candidate in every:
        for one in _free(text, candidate, covered, calm, whole=False):
            name = one.title or fold(one.span.of(text))
            held.setdefault((one.kind, name), []).append(one.span)
    made = [_left(text, kind, name, spans) for (kind, name), spans in held.items()]
    return tuple(sorted(made, key=lambda g: (_ORDER.index(g.kind), -len(g.spans), g.title)))


def _quiet(document: Document) -> list[Span]:
    kinds = (BlockKind.HEADING, BlockKind.TABLE)
    return [b.span for b in document.blocks if b.span and b.kind in kinds]


def still_open(every: Iterable[Left], passed: Collection[str]) -> tuple[Left, ...]:
    """The groups that nobody has looked at as they are now."""
    return tuple(group for group in every if group.key not in passed)


def _left(text: str, kind: LeftKind, name: str, spans: Sequence[Span]) -> Left:
    forms = tuple(dict.fromkeys(" ".join(span.of(text).split()) for span in spans))
    common = name in _TITLES
    # Of what may be a name, one more place is another question: it came to light by a step.
    count = "" if common else str(len(spans))
    said = "\0".join((kind.value, name, count, *sorted({fold(form) for form in forms})))
    key = f"{kind.value}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    return Left(key, kind, name if common else forms[0], forms, tuple(spans))


class _Cover:
    """Which code points of a text are spoken for."""

    def __init__(self, length: int, spans: Iterable[Span]) -> None:
        self._taken = bytearray(length)
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        self._taken[span.start : span.end] = b"\x01" * len(span)

    def touches(self, span: Span) -> bool:
        return self._taken.find(1, span.start, span.end) >= 0

    def free(self, span: Span) -> Iterator[Span]:
        """The stretches of a span that nothing covers."""
        at = span.start
        while at < span.end:
            start = self._taken.find(0, at, span.end)
            if start < 0:
                return
            end = self._taken.find(1, start, span.end)
            at = span.end if end < 0 else end
            yield Span(start, at)


def _found(text: str, within: Span, calm: _Cover, *, whole: bool) -> Iterator[Candidate]:
    """What the list would hold of a stretch; the same place may come more than once.

    `whole` is false for what stands beside something that is hidden: no sentence opens there.
    """
    part = within.of(text)
    for span in scripts.foreign(part):
        yield Candidate(_moved((span.start, span.end), within), LeftKind.NAME)
    yield from _dates(text, within)
    yield from _codes(part, within)
    yield from _words(text, within, calm, whole=whole)
    yield from _numbers(text, within)


def _moved(place: tuple[int, int], within: Span) -> Span:
    return Span(within.start + place[0], within.start + place[1])


def _free(
    text: str, one: Candidate, covered: _Cover, calm: _Cover, *, whole: bool
) -> Iterator[Candidate]:
    """The candidate; or, where a part of it is spoken for, what of the rest is one by itself."""
    for piece in tuple(covered.free(one.span)):
        if piece == one.span:
            covered.add(piece)
            yield one
            return
        for rest in _found(text, piece, calm, whole=whole):
            yield from _free(text, rest, covered, calm, whole=whole)


def _codes(part: str, within: Span) -> Iterator[Candidate]:
    # Each is looked for only where a sign of it stands: most reports have neither.
    signs = ((_ADDRESS, "@" in part), (_LINK, "." in part), (_CODE, True))
    for pattern in (pattern for pattern, there in signs if there):
        for match in pattern.finditer(part):
            written = match.group()
            if not _TIME.fullmatch(written) and not wording.is_label(written):
                yield Candidate(_moved(match.span(), within), LeftKind.CODE)


def _dates(text: str, within: Span) -> Iterator[Candidate]:
    for match in _DATE.finditer(within.of(text)):
        span = _moved(match.span(), within)
        if match.group() not in ("May", "March") and not _is_given(text, span):
            yield Candidate(span, LeftKind.DATE)


def _is_given(text: str, span: Span) -> bool:
    """Whether a month or a day without a number stands before what may be a surname."""
    following = None if span.of(text)[-1].isdigit() else _NEXT_WORD.match(text, span.end)
    return span.of(text).isalpha() and following is not None and _may_name(following.group(1))


def _numbers(text: str, within: Span) -> Iterator[Candidate]:
    for match in _NUMBER.finditer(within.of(text)):
        end = match.end() - (match.group()[-1] in ",.:")
        span = _moved((match.start(), end), within)
        kind, title = _number(text, span)
        yield Candidate(span, kind, title)


TIMES, PARTS, UNITS = "Times of day", "Numbers of parts, sections and levels", "Counts with a unit"
SMALL, YEARS = "Other numbers of up to three digits", "Years"
_TITLES = frozenset((TIMES, PARTS, UNITS, SMALL, YEARS, WORDS, HEADINGS))


def _number(text: str, span: Span) -> tuple[LeftKind, str]:
    written = span.of(text)
    if _TIME.fullmatch(written):
        return LeftKind.NUMBER, TIMES
    if _UNIT.match(text, span.end) or written.endswith("%"):
        return LeftKind.NUMBER, UNITS
    if _PART.search(text[max(0, span.start - 16) : span.start]):
        return LeftKind.NUMBER, PARTS
    if _YEAR.fullmatch(written):
        return LeftKind.YEAR, YEARS
    digits = sum(sign.isdigit() for sign in written)
    return LeftKind.NUMBER, SMALL if digits <= _SHORT else ""


def _words(text: str, within: Span, calm: _Cover, *, whole: bool) -> Iterator[Candidate]:
    """Words with a capital: each name-like run by itself, ordinary words together."""
    part = within.of(text)
    for match in _RUN.finditer(part):
        run = _moved(match.span(), within)
        letter = lone_letter(text, run)
        if letter is not None:
            yield Candidate(letter, LeftKind.LETTERS)
        for span in _runs(text, run):
            yield from _run(text, span, in_heading=calm.touches(span), whole=whole)
    for match in _INNER.finditer(part):
        yield Candidate(_moved(match.span(), within), LeftKind.NAME)
    for match in _SMALL_WORD.finditer(part):
        if _is_small_name(match.group()):
            yield Candidate(_moved(match.span(), within), LeftKind.NAME)


def lone_letter(text: str, run: Span) -> Span | None:
    """The one capital letter that a run comes down to, unless it says which of several it is."""
    tokens = list(_TOKEN.finditer(run.of(text)))
    while len(tokens) > 1 and wording.is_function(tokens[0].group()):
        tokens = tokens[1:]
    if len(tokens) > 1 or not _LETTER.fullmatch(tokens[0].group().rstrip(".")):
        return None
    span = _moved((tokens[0].start(), tokens[0].start() + 1), run)
    before = text[max(0, span.start - 24) : span.start]
    word = _WORD_BEFORE.search(before)
    if _PART.search(before) or (word and wording.is_generic(word.group(1))):
        return None
    dotted = regex.match(r"\.[ \u00a0]?\p{Lu}", text, pos=span.end) is not None
    written = span.of(text)
    if written == "I" or (written == "A" and (span.start == 0 or _STARTS.search(before))):
        return span if dotted else None
    return span


def _runs(text: str, span: Span) -> Iterator[Span]:
    """A run without the words at its ends that open sentences or say what something is."""
    tokens = [
        Span(span.start + t.start(), span.start + t.end()) for t in _TOKEN.finditer(span.of(text))
    ]
    plain = [_says_nothing(token.of(text)) for token in tokens]
    while tokens and plain[0]:
        tokens, plain = tokens[1:], plain[1:]
    while tokens and plain[-1]:
        tokens, plain = tokens[:-1], plain[:-1]
    if tokens:
        yield Span(tokens[0].start, tokens[-1].end)


def _run(text: str, span: Span, *, in_heading: bool, whole: bool) -> Iterator[Candidate]:
    written = span.of(text)
    if wording.is_label(written):
        return
    words = [token.group() for token in _TOKEN.finditer(written)]
    starts = _STARTS.search(text[max(0, span.start - 8) : span.start]) or span.start == 0
    named = [word for word in words if _may_name(word)]
    if not named and len(words) == 1 and starts and whole:
        return  # an ordinary word that opens a sentence
    if not named:
        yield Candidate(span, LeftKind.WORD, HEADINGS if in_heading else WORDS)
    elif all(word.isupper() and len(word) <= 8 for word in words):
        yield Candidate(span, LeftKind.LETTERS)
    else:
        yield Candidate(span, LeftKind.NAME)


@cache
def _says_nothing(word: str) -> bool:
    """Whether a word opens a sentence or only says what something is, and names nobody."""
    plain = word.strip(".'’-")
    quiet = wording.is_function(plain) or wording.is_generic(plain) or plain in ("I", "A")
    return quiet and not _listed(plain)


@cache
def _may_name(word: str) -> bool:
    plain = word.strip(".'’-")
    if "-" in plain:
        return any(_may_name(part) for part in plain.split("-") if part)
    return _listed(plain) or not (wording.is_ordinary(plain) or _is_derived(plain.lower()))


def _is_derived(word: str) -> bool:
    """Whether a word is made of a longer ordinary one by a beginning or an end that names lack.

    >>> [_is_derived(word) for word in ("unexplained", "resubmitted", "browning", "jared")]
    [True, True, False, False]
    """
    bare = _BEFORE.sub("", word)
    stems = {bare, _PAST.sub("", bare), _PAST.sub("e", bare), _MANY.sub("y", bare)} - {word}
    return any(len(stem) >= _STEM and stem in lists.ordinary() for stem in stems)


_BEFORE = regex.compile(r"^(?:un|re|mis|non)(?=\p{L}{5})")
_PAST = regex.compile(r"ed$")
_MANY = regex.compile(r"ies$")
_STEM = 5


@cache
def _is_small_name(word: str) -> bool:
    """Whether a word in small letters is a first name and no word of English."""
    return word in lists.words("given-names.txt") and not wording.is_ordinary(word)


@cache
def _listed(word: str) -> bool:
    """Whether a list of first names, surnames or places has the word."""
    bare = word.lower().removesuffix("'s").removesuffix("’s")
    return (
        wording.is_given(word)
        or wording.is_area(word)
        or any(bare in lists.words(name) for name in _AMBIGUOUS)
    )


_AMBIGUOUS = ("surnames-ambiguous.txt", "places-ambiguous.txt")
