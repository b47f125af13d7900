"""Everything in a document that may have to be hidden, from every recogniser, without overlap.

What the findings do not contain, whichever recogniser proposed it: labels that the report uses
itself ("Child A", "SW4"), generic words ("the Board"), national bodies, statutes, guidance and
citations (configs/lists), numbers of sections. `link` adds every further mention.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import regex

from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.raw.document import Document, Finding, Recogniser
from pipeline.raw.recognisers import (
    acronyms,
    agencies,
    ages,
    allowed,
    communities,
    contacts,
    dates,
    demographics,
    identifiers,
    kith,
    lists,
    mistaken,
    organisations,
    people,
    places,
    welsh,
    wording,
)
from pipeline.raw.recognisers.deadline import within
from pipeline.span import Kind, Span

FAMILIES: tuple[Recogniser, ...] = (
    identifiers.FAMILY,
    contacts.FAMILY,
    dates.FAMILY,
    ages.FAMILY,
    organisations.FAMILY,
    communities.FAMILY,
    places.FAMILY,
    people.FAMILY,
    kith.FAMILY,
    demographics.FAMILY,
    welsh.FAMILY,
)
# On a tie of length and score the kind that is the more harmful to miss wins.
_ORDER = (
    Kind.PERSON,
    Kind.CODE,
    Kind.CONTACT,
    Kind.PLACE,
    Kind.ORGANISATION,
    Kind.DATE,
    Kind.AGE,
    Kind.DEMOGRAPHIC,
    Kind.QUANTITY,
    Kind.OTHER,
)
_NAMES = frozenset({Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.DEMOGRAPHIC, Kind.OTHER})
# Only a reviewer's decision hides these: they never take the place of what a profile hides.
_ASKED = frozenset({Kind.DEMOGRAPHIC, Kind.QUANTITY, Kind.OTHER})
# Recognisers that know no subkind: where a pattern says the same of a stretch, it knows more.
_UNTYPED = mistaken.UNTYPED
_DISCOUNT = 0.15
_SECTION = regex.compile(
    r"(?i)(?:s|ss|sec|section|art|article|para|paragraph|paras|reg|regulation|chapter|recommendation|"
    r"finding|table|page|p|pp|appendix|annex|figure|part|schedule|tier|level|stage|step|phase|"
    r"working|v|ver|version|draft)s?\.?\s?\d{1,3}(?:\.\d{1,3})*(?:\s?\([a-z\d]+\))*|\d{1,2}(?:\.\d{1,3}){1,3}|\d{1,3}"
)
# A date names a day, a month, a season or a year; a length of time and a clock time do not.
_DATED = regex.compile(
    r"(?i)\b(?:jan|feb|mar(?!k)|apr|jun|jul|aug|sep|oct|nov|dec|(?-i:May|MAY)|spring|summer|autumn"
    r"|winter|christmas|boxing|easter|eid|diwali|ramadan|hallowe|valentine|new year|bonfire"
    r"|(?:mother|father)['’]?s day|good friday|sunday|michaelmas|whitsun|half[ -]term|pancake"
    r"|shrove|st\.? \w+['’]s day|guy fawkes|nineties|eighties|noughties)"
    r"|(?:19|20)\d\d|\d[/.-]\d{1,2}[/.-]\d|\d{1,2}/\d{1,2}(?!\d)|\d ?(?:st|nd|rd|th)\b"
    r"|\d0['’]?s\b|['’]\d\d"
    # Welsh months, months in Roman numbers, a day's name with two numbers, figures read as letters
    r"|ionawr|chwefror|mawrth|ebrill|\d\w* (?:o )?(?-i:[MF]ai)\b|f?mehefin|gorffennaf|awst"
    r"|[mf]edi\b|hydref"
    r"|tachwedd|rhagfyr|\d[./-][ivx]{1,4}[./-]\d|(?:mon|tue|wed|thu|fri|sat"
    r"|sun)\w*\.?,? \d{1,2}[./]\d"
    r"|[\doil]{1,2}/[\doil]{1,2}/[\doil]{2}|\d(?:tn|lh|tb)\b"
    r"|^(?:\w+[ -])?(?:fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|\w+teenth|\w+tieth)$"
)
_WORD = regex.compile(r"[\p{L}\d][\p{L}\d'’.-]*")
_GAP = "\n" * 6
_TITLE = regex.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|PC|DC|DS|DI)\.?")
_ROAD = regex.compile(r"[AMB]\d{1,4}(?:\(M\))?")
# "Ia Hanging", "1b) Pneumonia": the causes of death as a certificate numbers them.
_INITIAL_I = regex.compile(r"I\.? ?(?P<surname>\p{Lu}\p{Ll}+(?:['’-]\p{Lu}?\p{Ll}+)*)")
_CAUSE = regex.compile(r"(?:I{1,2}|[12])\s?\(?[a-d]?\)?[.:)]?\s.*", regex.DOTALL)


def tagger_present() -> bool:
    """Whether the tagger ships with this installation; without it only patterns find names."""
    try:
        return shipped("models/tagger").is_dir()
    except UsageError:
        return False


def recognisers(settings: Settings) -> tuple[Recogniser, ...]:
    """All families of patterns, and the tagger or the spaCy model of the settings.

    Without the folder models/tagger the patterns work alone (`tagger_present` says so); a folder
    that is there and damaged is a RecogniserError.
    """
    if settings.spacy_model:
        from pipeline.raw.recognisers.spacy_model import SpacyModel

        return (*FAMILIES, SpacyModel.load(settings.spacy_model))
    if not tagger_present():
        return FAMILIES
    from pipeline.raw.recognisers.tagger import Tagger

    return (*FAMILIES, Tagger.load(shipped("models/tagger"), settings.threads))


def findings(
    document: Document, using: Sequence[Recogniser], *, seconds: float
) -> tuple[Finding, ...]:
    """What the recognisers find, sorted, without overlap, and without what stays.

    RecogniserError where one of them crashes or takes longer than `seconds`.
    """
    return in_text(document.text, using, seconds=seconds)


def margin_findings(
    document: Document, using: Sequence[Recogniser], *, seconds: float
) -> tuple[tuple[str, Finding], ...]:
    """What is found in running headers, properties and the file's name, each with its text."""
    texts = [text for text in dict.fromkeys((*document.furniture, *document.margins)) if text]
    # A file's name joins words with "_", which no pattern reads as a gap; the offsets stay.
    joined = _GAP.join(text.replace("_", " ") for text in texts)
    found = in_text(joined, using, seconds=seconds)
    return tuple(_split(texts, found))


def suspected(
    text: str, found: Sequence[Finding], using: Sequence[Recogniser], *, seconds: float
) -> tuple[Finding, ...]:
    """What the tagger only suspects, beside what was found, in order; no allow-list clears it.

    For those who ask for everything: no profile hides it.
    """
    from pipeline.raw.recognisers.tagger import Tagger

    taken = sorted(finding.span for finding in found)
    parts: list[Finding] = []
    for tagger in (one for one in using if isinstance(one, Tagger)):
        for finding in within(seconds, lambda: tagger.eager(text), tagger.name):  # noqa: B023
            for span in _free(finding.span, taken):
                words = list(_WORD.finditer(text, span.start, span.end))
                if any(not wording.is_function(w.group()) for w in words):
                    parts.append(_moved(finding, Span(words[0].start(), words[-1].end())))
    return tuple(parts)


def _split(texts: Sequence[str], found: Sequence[Finding]) -> Iterator[tuple[str, Finding]]:
    start = 0
    for text in texts:
        end = start + len(text)
        for finding in found:
            inside = max(finding.span.start, start), min(finding.span.end, end)
            if inside[0] < inside[1]:
                yield text, _moved(finding, Span(inside[0] - start, inside[1] - start))
        start = end + len(_GAP)


def in_text(text: str, using: Sequence[Recogniser], *, seconds: float) -> tuple[Finding, ...]:
    """As `findings`, for a bare text."""
    from pipeline.raw.recognisers import presidio

    raw = presidio.analyse(text, using, seconds)
    kept = within(seconds, lambda: _without_what_stays(text, raw), "allowed")
    return without_overlap(text, (agencies.cut(text, finding) for finding in kept))


def _moved(finding: Finding, span: Span) -> Finding:
    return replace(finding, span=span)


# --------------------------------------------------------------------------------------
# What stays
# --------------------------------------------------------------------------------------


def _without_what_stays(text: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
    found = mistaken.without_mistaken(text, found)
    surnames = _surnames(text, found)
    spelled = acronyms.spelled_out(text)
    named = [
        f
        for f in found
        if (
            not (f.kind in _NAMES and f.span.of(text).removesuffix("s") in spelled)
            and not _is_no_name(f.kind, f.span.of(text))
        )
        or (f.kind is Kind.PERSON and f.span.of(text).lower() in surnames)
    ]
    stretches = allowed.stretches(text)
    starts = [stretch.span.start for stretch in stretches]
    longest = max((len(stretch.span) for stretch in stretches), default=0)

    def cleared(finding: Finding) -> bool:
        first = bisect_left(starts, finding.span.end - longest)
        last = bisect_right(starts, finding.span.start)
        return any(
            s.span.contains(finding.span) and s.clears(finding.kind) for s in stretches[first:last]
        )

    inside = [cleared(finding) for finding in named]
    people = {
        word
        for finding, stays in zip(named, inside, strict=True)
        if finding.kind is Kind.PERSON and not stays
        for word in _words(finding.span.of(text))
    }
    return tuple(
        finding
        for finding, stays in zip(named, inside, strict=True)
        if not stays
        or (finding.kind is Kind.PERSON and people & set(_words(finding.span.of(text))[-1:]))
    )


def _surnames(text: str, found: Sequence[Finding]) -> set[str]:
    """Surnames behind a first name or a title, in lower case: a word for a thing may be one."""
    people = (f.span.of(text).split() for f in found if f.kind is Kind.PERSON)
    return {
        words[-1].lower()
        for words in people
        if len(words) > 1 and words[-1][0].isupper() and _opens_name(words[0])
    }


def _opens_name(word: str) -> bool:
    return wording.is_given(word) or _TITLE.fullmatch(word) is not None


def _words(text: str) -> list[str]:
    """The words of a name that tell it from others, in lower case."""
    words = [word.rstrip(".'’").lower() for word in _WORD.findall(text)]
    return [word for word in words if len(word) > 2 and not wording.is_generic(word)]


def _is_no_name(kind: Kind, text: str) -> bool:
    """Whether a finding is a label of the report, a generic word or the number of a section."""
    if kind is Kind.CODE:
        return (
            wording.is_label(text)
            or _is_dotted_acronym(text)
            or _SECTION.fullmatch(text) is not None
        )
    if kind is Kind.DATE:
        return _DATED.search(text) is None
    if kind not in _NAMES:
        return False
    if kind is Kind.PLACE and (_ROAD.fullmatch(text) or wording.is_plain_address(text)):
        return False
    if wording.is_label(text):
        return True
    if _is_dotted_acronym(text) or (kind is Kind.PERSON and _is_cause(text)):
        return True
    words = _WORD.findall(text)
    if kind is Kind.PERSON and any(wording.is_given(w) for w in words if w[0].isupper()):
        return False
    # A letter of a script without capitals speaks as a capital does.
    spoken = any(c.isalnum() and not c.islower() for c in text) or any(
        wording.is_given(w) for w in words
    )
    return not spoken or wording.only_generic(text)


def _is_cause(text: str) -> bool:
    """Whether this is a cause of death with its number, and nobody's initial and surname."""
    named = _INITIAL_I.fullmatch(text)
    return _CAUSE.fullmatch(text) is not None and (
        named is None or wording.is_ordinary(named["surname"])
    )


def _is_dotted_acronym(text: str) -> bool:
    """Whether this is an acronym of every report with full stops in it: "G.P"."""
    return "." in text and regex.sub(r"[.\s]", "", text) in lists.exact_words("acronyms.txt")


# --------------------------------------------------------------------------------------
# Overlap: the longest, then the best score, then the kind
# --------------------------------------------------------------------------------------


def without_overlap(text: str, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that do not overlap, by start: the longest wins, then the score, then the kind.

    Kinds that only a reviewer's decision hides come last, and so does a body or a place without
    a type around a person's name: else a name would hang on whether such a thing is hidden.
    What of a loser sticks out of the winners and holds a word stays a finding of its own, so
    that nothing that was found is left uncovered.
    """
    given = sorted(found, key=lambda f: f.span)
    around = _around_people(given)
    ranked = sorted(
        given,
        key=lambda f: (
            f.kind in _ASKED,
            f.span in around and f.subkind in _UNTYPED and f.kind is not Kind.PERSON,
            -len(f.span),
            -f.score + (_DISCOUNT if f.subkind in _UNTYPED else 0),
            _ORDER.index(f.kind),
            f.span,
            f.subkind,
            f.by,
        ),
    )
    taken: list[Span] = []
    kept: list[Finding] = []
    for finding in ranked:
        for span in _free(finding.span, taken):
            part = finding if span == finding.span else _rest(text, finding, span)
            if part is not None:
                taken.insert(bisect_left(taken, part.span), part.span)
                kept.append(part)
    typed = _with_types(given)
    return tuple(sorted((typed(finding) for finding in kept), key=lambda f: f.span))


def _around_people(given: Sequence[Finding]) -> set[Span]:
    """Spans that hold the name of a person, found by a pattern, and more."""
    people = [f.span for f in given if f.kind is Kind.PERSON and f.subkind not in _UNTYPED]
    starts = [span.start for span in people]
    return {
        f.span
        for f in given
        for inner in people[bisect_left(starts, f.span.start) : bisect_left(starts, f.span.end)]
        if f.span.contains(inner) and f.span != inner
    }


def _with_types(given: Sequence[Finding]) -> Callable[[Finding], Finding]:
    """What gives an untyped winner the subkind of the longest pattern inside it, of its kind."""
    patterns = [f for f in given if f.subkind not in _UNTYPED]
    starts = [f.span.start for f in patterns]

    def typed(finding: Finding) -> Finding:
        if finding.subkind not in _UNTYPED:
            return finding
        first, last = (bisect_left(starts, at) for at in (finding.span.start, finding.span.end))
        inner = [
            f
            for f in patterns[first:last]
            if f.kind is finding.kind and finding.span.contains(f.span)
        ]
        best = max(inner, key=lambda f: len(f.span), default=finding)
        return replace(finding, subkind=best.subkind)

    return typed


def _free(span: Span, taken: Sequence[Span]) -> list[Span]:
    """The parts of a span that no taken span covers; `taken` is sorted and free of overlap."""
    free: list[Span] = []
    at = span.start
    index = max(0, bisect_left(taken, span) - 1)
    while index < len(taken) and taken[index].start < span.end:
        if taken[index].end > at:
            if taken[index].start > at:
                free.append(Span(at, taken[index].start))
            at = taken[index].end
        index += 1
    return [*free, Span(at, span.end)] if at < span.end else free


def _rest(text: str, finding: Finding, span: Span) -> Finding | None:
    """What is left of a finding beside a longer one, if it holds a word that tells something."""
    words = [w for w in _WORD.finditer(text, span.start, span.end) if _tells(w.group())]
    if not words:
        return None
    return _moved(finding, Span(words[0].start(), words[-1].end()))


def _tells(word: str) -> bool:
    plain = wording.is_generic(word) or wording.is_function(word)
    return (word[0].isupper() or word[0].isdigit()) and not plain
