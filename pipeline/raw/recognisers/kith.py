"""Names beside a family's: of pets, of people by other names, and in messages without capitals."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import lists, places, wording
from pipeline.raw.recognisers.row import PATTERN_SECONDS, Family, Row, pattern
from pipeline.span import Kind, Span

_WORD = r"\p{Lu}\p{Ll}{1,14}(?:-\p{Lu}\p{Ll}{1,14})?"
_PET = (
    r"(?:dogs?|pupp(?:y|ies)|cats?|kittens?|rabbits?|hamsters?|guinea[ ]pigs?|pony|horse|budgie"
    r"|parrot|tortoise|ferret|pet|staffie|staffy|terrier|bulldog|alsatian|lurcher|rottweiler"
    r"|labrador|spaniel|greyhound|pit[ ]?bull)"
)

# A few words in letters of another script amid English: nearly always somebody's name.
_SCRIPTS = (
    r"[\p{Arabic}\p{Hebrew}\p{Cyrillic}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Devanagari}"
    r"\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Tamil}\p{Telugu}\p{Malayalam}\p{Sinhala}\p{Ethiopic}"
    r"\p{Thai}\p{Georgian}\p{Armenian}\p{M}\u200c\u200d]"
)


def _name(text: str) -> tuple[int, int] | None:
    plain = wording.is_generic(text) or wording.is_function(text) or wording.is_label(text)
    return None if plain else (0, len(text))


def _word_as_surname(text: str) -> tuple[int, int] | None:
    known = lists.words("surnames-ambiguous.txt")
    return (0, len(text)) if text.split()[-1].lower() in known else None


ROWS = (
    Row(
        Kind.PERSON,
        "pet",
        pattern(
            rf"\b(?i:{_PET})(?:,|[ ]\(|[ ]called|[ ]named|,[ ](?:called|named))?[ ][\"“'‘]?"
            rf"(?P<it>{_WORD})(?=[\"”'’]?(?:[.,;:)!?]|['’]s\b|[ ](?:and|or|was|had|is|who|which"
            rf"|died|to|bit|barked|at|in|with)\b|\t|$))"
        ),
        0.7,
        examples=("her cat «Quibble».", "the family dog, «Zorro», had", "a puppy called «Muffin»"),
        lookalikes=("a dog. The", "Dog Unit", "CAT scan", "dog Warden was"),
        narrow=_name,
    ),
    Row(
        Kind.PERSON,
        "person",
        # Behind a title, a word for a body or a role is a surname.
        pattern(
            r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|W?PC|W?DC|DS|DI|DCI|Sgt|PCSO)\.?[ ](?:\d{2,5}[ ])?"
            r"\p{Lu}\p{Ll}{2,14}(?![\p{L}-]|[ ]\p{Lu})"
        ),
        0.85,
        examples=("PC Bishop", "DC 2214 Ward", "Mrs Young"),
        lookalikes=("Dr Who", "DS Team", "DI Office", "PC Bishop Quill", "Mr Chair"),
        narrow=_word_as_surname,
    ),
    Row(
        Kind.PERSON,
        "person",
        # A title that lost its space: "MrQuill", "NurseQuill".
        pattern(
            r"(?<![\p{L}\d])(?:Mr|Mrs|Ms|Miss|Dr|PC|DC|DS|Nurse)\.?(?P<it>\p{Lu}\p{Ll}{2,24}"
            r"(?:[-'’]\p{Lu}\p{Ll}{1,24})?)(?![\p{L}\d])"
        ),
        0.8,
        examples=("Mr«Quill»", "seen by Dr«Quill-Zorbel»", "Nurse«Marlstone» said"),
        lookalikes=("MSc", "DrPH", "PCs", "Mr Quill", "McDonald", "NurseManager"),
        narrow=_name,
    ),
    Row(
        Kind.PERSON,
        "person",
        pattern(
            r"(?=[\u0080-\U0010ffff])"
            rf"(?:(?<![\p{{L}}\p{{M}}]|{_SCRIPTS}[ \u00a0-])(?=\p{{L}}){_SCRIPTS}{{2,30}}"
            rf"(?:[ \u00a0-]{_SCRIPTS}{{1,30}}){{0,4}}+(?![ \u00a0-]?{_SCRIPTS}|\p{{L}})"
            r"|(?<![\p{L}\p{M}]|\p{Greek}[ ])\p{Greek}{4,30}(?:[ ]\p{Greek}{2,30}){0,4}+"
            r"(?![ ]?\p{Greek}|\p{L}))"
        ),
        0.6,
        examples=("ليلى البرزنجي", "Зора", "左拉", "Ζορβάς"),
        lookalikes=("5 μg", "Zorah", "β-blocker", "α and β"),
    ),
)

_CUE = regex.compile(
    r"(?i)\b(?:known[ ](?:to|by|among|amongst|locally|online)(?:[ ]\w+){0,4}?[ ]as|nicknamed"
    r"|street[ ]name(?:[ ](?:is|was|of))?|goes[ ]by(?:[ ]the[ ]name(?:[ ]of)?)?"
    r"|aka|alias(?:es)?)[ :]+"
)
_QUOTED = regex.compile(
    rf"(?:,?[ ]?(?:and|or)?[ ]?)?[\"“'‘](?P<it>{_WORD}(?:[ ]{_WORD}){{0,2}})[\"”'’]"
)
_SPEECH = regex.compile(r"[\"“](?P<it>[^\"“”\n]{8,400})[\"”]")
_LOW = regex.compile(r"(?<![\w'’.@/-])\p{Ll}{4,}(?:['’]s)?(?![\w@])")
_TO_PLACE = regex.compile(r"\b(?:in|to|at|from|near|outside)[ ]$")


def _aliases(text: str) -> Iterator[Finding]:
    """All the quoted names of "known to friends as 'Zo' or 'Big Quill'"."""
    for cue in _CUE.finditer(text, timeout=PATTERN_SECONDS):
        at = cue.end()
        while quoted := _QUOTED.match(text, at):
            at = quoted.end()
            if not wording.only_generic(quoted["it"]) and not wording.is_label(quoted["it"]):
                yield Finding(Span(*quoted.span("it")), Kind.PERSON, "person", 0.8, "kith")


@cache
def _low_names() -> frozenset[str]:
    plain = lists.words("given-names.txt") - lists.words("given-names-ambiguous.txt")
    return plain - lists.ordinary() - {name.lower() for name in places.names_of_places()}


@cache
def _low_places() -> frozenset[str]:
    return frozenset(n.lower() for n in places.names_of_places()) - lists.ordinary()


def _typed(text: str) -> Iterator[Finding]:
    """First names, and places after "in", in quoted words that have no capital at all."""
    for speech in _SPEECH.finditer(text, timeout=PATTERN_SECONDS):
        start, end = speech.span("it")
        if regex.search(r"\p{Lu}", speech["it"].replace("I", "")):
            continue
        for word in _LOW.finditer(text, start, end):
            bare = regex.sub(r"['’]s$", "", word.group())
            if bare in _low_names():
                kind, subkind = Kind.PERSON, "person"
            elif bare in _low_places() and _TO_PLACE.search(
                text, max(start, word.start() - 9), word.start()
            ):
                kind, subkind = Kind.PLACE, "town"
            else:
                continue
            yield Finding(Span(word.start(), word.start() + len(bare)), kind, subkind, 0.6, "kith")


def _more(text: str, _found: tuple[Finding, ...]) -> Iterator[Finding]:
    yield from _aliases(text)
    yield from _typed(text)


FAMILY = Family("kith", ROWS, more=_more, parts=True)
