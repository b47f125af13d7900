"""What stays although it looks like a name: national bodies, statutes, guidance, citations.

A finding inside one of these stretches is dropped, with two exceptions: a bare word of a list
clears no person, and a person whose name also stands elsewhere is one of the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from pipeline.raw.recognisers import lists, wording
from pipeline.raw.recognisers.phrases import Phrases
from pipeline.raw.recognisers.row import PATTERN_SECONDS, pattern
from pipeline.span import Kind, Span

LISTS = (
    "allow-national-bodies.txt",
    "allow-statutes.txt",
    "allow-guidance.txt",
    "allow-inquiries.txt",
    "allow-medicine.txt",
    "allow-makes.txt",
)
_SURNAME = (
    r"(?:(?:Mc|Mac|O['’])?\p{Lu}\p{Ll}{1,24}(?:[-'’]\p{Lu}\p{Ll}{1,24})?(?:,?[ ]\p{Lu}\.){0,3})"
)
_YEAR = r"(?:19|20)\d{2}[a-z]?"
# "(Quill Marlstone, 2006)": a surname of two words, where the first is nobody's first name.
_DOUBLE = regex.compile(
    rf"(?:(?<=[(;][ ]?)|(?=[^()\n]{{0,60}}[ ]\((?:19|20)\d\d\)))"
    rf"(?P<it>\p{{Lu}}\p{{Ll}}{{2,24}}[ ]\p{{Lu}}(?:c\p{{Lu}}"
    rf"|['’]\p{{Lu}})?\p{{Ll}}{{1,24}})"
    rf"(?:,?[ ]{_YEAR}(?=[);:,])|[ ]\({_YEAR}\))"
)
# One work in brackets: "see Quill and Zorbel, 2010", "Marlstone et al. 2011, 2012".
_CITED = (
    rf"(?:(?:see|also|e\.g\.|cf\.?|cited[ ]in)[ ,]*){{0,3}}{_SURNAME}"
    rf"(?:,?[ ](?:and|&)[ ]{_SURNAME}|,[ ]{_SURNAME}|[ ]et[ ]al\.?){{0,5}},?[ ]{_YEAR}"
    rf"(?:[;,][ ]{_YEAR}){{0,5}}"
)
_FORMS = (
    # the Quill and Zorbel (Wales) Act 2009; the Zorbel Regulations 2010
    pattern(
        r"(?<=\b(?P<it>\p{Lu}[\p{L}-]{1,24}(?:[ ](?:and|of|the|for|to"
            r"|\p{Lu}[\p{L}-]{1,24},?|\(\p{Lu}[\p{L} ]{2,24}\))){0,9}[ ]))"
        r"(?P<end>(?:Act|Regulations|Order|Rules|Measure|Convention|Directive)(?:[ ](?:\("
            r"(?:England|Wales|Scotland|Northern[ ]Ireland)\)[ ])?(?:19|20)\d{2})?)(?!\w)"
    ),
    # Zorbel et al. (2009); Zorbel, Quill and Marlstone (2009); (Zorbel, 2009; Quill & Zorbel 2010)
    pattern(rf"{_SURNAME}(?:,[ ]{_SURNAME}){{0,4}},?[ ]et[ ]al\.?,?(?:[ ]\(?{_YEAR}\)?)?"),
    pattern(rf"{_SURNAME}(?:,[ ]{_SURNAME}){{0,4}}(?:,?[ ](?:and|&)[ ]{_SURNAME})?,?[ ]\({_YEAR}"
        r"(?:[:,][ ]?(?:pp?\.?[ ]?)?\d[\d-]*)?\)"),
    # What else stands in the brackets is no citation: "(Zorbel 2009; seen by Ann Quill)".
    pattern(rf"\({_CITED}(?:[;,][ ]?(?:{_CITED}|pp?\.?[ ]?\d[\d–-]*)){{0,9}}"
        r"(?=(?:[;,:.][^()]{0,120})?\))"),
    # PSI 64/2011, NICE guideline CG16: instructions and guidelines of national bodies
    pattern(r"\bPS[IO][ ]\d{1,4}(?:/\d{4})?(?!\w)|\b(?:CG|NG|QS|PH)\d{1,3}(?!\w)"),
    # Working Together 2013; Working Together (HM Government, 2015)
    pattern(r"(?:Working[ ]Together(?:[ ]to[ ][Ss]afeguard[ ][Cc]hildren)?"
        r"|Keeping[ ]Children[ ]Safe[ ]in[ ]Education)[ ,]{0,2}\(?(?:(?:HM[ ]Government|DfE|HMG"
        r"|DoH|DCSF)[ ,]{1,2})?(?:19|20)\d{2}\)?"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Allowed:
    """A stretch that stays; one that is a bare word of a list clears bodies only."""

    span: Span
    bare: bool

    def clears(self, kind: Kind) -> bool:
        """Whether a finding of this kind inside the stretch is dropped."""
        bodies = kind in {Kind.ORGANISATION, Kind.OTHER}
        return bodies or (not self.bare and kind in {Kind.PERSON, Kind.PLACE, Kind.DATE, Kind.CODE})


@cache
def _one_word_medicine() -> frozenset[str]:
    """Names of conditions and medicines that are no one's surname: alone they clear a person."""
    return frozenset(lists.forms("allow-medicine.txt"))


@cache
def _phrases() -> Phrases:
    return Phrases.of(form for name in LISTS for form in lists.forms(name))


# The last cell of a row, or a word beside its fellows: how an action plan rates what is done.
_RATED = regex.compile(
    r"(?:\t|[ ]{2,})(?P<it>Red|Amber|Green)[ ]*$"
    r"|(?P<it>\b(?:Red|Amber|Green)(?:[ ]?[/,][ ]?(?:and[ ])?(?:Red|Amber|Green)){1,2}\b)"
    r"|\bRAG\b[^\n]{0,30}?(?P<it>Red|Amber|Green)\b",
    regex.MULTILINE,
)


def _ratings(text: str) -> Iterator[Allowed]:
    """Red, amber and green where a document uses two of them as ratings."""
    found = list(_RATED.finditer(text, timeout=PATTERN_SECONDS))
    if len({match["it"] for match in found}) > 1 or any(
        " " in m["it"] or "/" in m["it"] for m in found
    ):
        yield from (Allowed(Span(*match.span("it")), bare=False) for match in found)


def _medicines(text: str) -> Iterator[Allowed]:
    """Names that only a disease can have: "Quill syndrome", "Quill-Zorbel disease"."""
    for match in _EPONYM.finditer(text, timeout=PATTERN_SECONDS):
        if not any(wording.is_given(word) for word in regex.split(r"[- ]", match["it"])):
            yield Allowed(Span(*match.span()), bare=False)


_EPONYM = regex.compile(
    r"(?<![\p{L}-])(?P<it>\p{Lu}\p{Ll}{2,15}(?:[- ]\p{Lu}\p{Ll}{2,15})?)['’]?s?[ ]"
    r"(?i:syndrome|disease|palsy|sarcoma|lymphoma|dystrophy|chorea|an(?:a)?emia)\b"
)


def _found(text: str) -> Iterator[Allowed]:
    yield from _ratings(text)
    yield from _medicines(text)
    for start, end in _phrases().find(text):
        written = text[start:end]
        bare = (
            not regex.search(r"\s", written)
            and written.replace("’", "'") not in _one_word_medicine()
        )
        yield Allowed(Span(start, end), bare)
    for match in _DOUBLE.finditer(text, timeout=PATTERN_SECONDS):
        if not any(wording.is_given(word) for word in match["it"].split()):
            yield Allowed(Span(*match.span()), bare=False)
    for form in _FORMS:
        for match in form.finditer(text, timeout=PATTERN_SECONDS):
            start = match.start("it") if "it" in match.re.groupindex else match.start()
            yield Allowed(Span(start, match.end()), bare=False)


def stretches(text: str) -> tuple[Allowed, ...]:
    """The stretches of a text that stay, by start; they may overlap."""
    return tuple(sorted(_found(text), key=lambda a: (a.span, a.bare)))
