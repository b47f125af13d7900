"""What of a report's facts may cross the door: coarse words of closed lists, or "not stated".

The raw wing says what a report says; here each of it is held against its list. No name, no day
and no free text can pass: what is in no list is not stated. Ethnicity crosses only as a word for
whether it was recorded, since a rare one identifies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields

from pipeline.door import ages
from pipeline.raw import facts as raw
from pipeline.raw import facts_family, facts_harm, facts_person, facts_process, facts_services
from pipeline.raw.document import Document
from pipeline.raw.facts_cover import INDEPENDENT
from pipeline.raw.facts_titles import KINDS
from pipeline.safe.lesson import NOT_STATED, SafeFacts

YES, NO, RECORDED = "yes", "no", "recorded"
_YES_NO = frozenset({YES, NO})
# Up to so many whole months, in these words.
_LENGTHS = (
    (5, "under 6 months"), (11, "6 to 12 months"), (23, "1 to 2 years"), (1200, "over 2 years"),
)  # fmt: skip
_SPANS = frozenset(words for _, words in _LENGTHS)
_MONTHS = re.compile(r"(\d{1,4})(?: to (\d{1,4}))? months?")

# What each field of the safe facts may hold, besides "not stated".
CLOSED: Mapping[str, frozenset[str]] = {
    "kind": frozenset(KINDS),
    "year": frozenset(str(year) for year in range(1945, 2100)),
    "age_band": frozenset(ages.BANDS),
    "sex": frozenset(facts_person.SEXES),
    "ethnicity": frozenset({RECORDED, facts_person.NOT_RECORDED}),
    "harm": frozenset(facts_harm.HARMS),
    "judgement": frozenset(facts_process.JUDGEMENTS),
    "independent_author": _YES_NO,
    "family_involvement": frozenset(facts_family.FAMILY),
    "known_to_services": _YES_NO,
    "child_protection_plan": _YES_NO,
    "incident_to_completion": _SPANS,
    "completion_to_publication": _SPANS,
    "period_length": _SPANS,
}


def _same(value: str) -> str:
    return value


def _length(value: str) -> str:
    """A length in months as one of the spans; a range of months that lies in two is in none.

    >>> _length("14 months"), _length("5 to 6 months"), _length("Tamsin, 14 months")
    ('1 to 2 years', 'not stated', 'not stated')
    """
    found = _MONTHS.fullmatch(value)
    if found is None:
        return NOT_STATED
    ends = [int(found[1]), int(found[2] or found[1])]
    spans = {next((words for top, words in _LENGTHS if end <= top), "") for end in ends}
    return spans.pop() if len(spans) == 1 else NOT_STATED


def _ethnicity(value: str) -> str:
    return value if value == facts_person.NOT_RECORDED else RECORDED


def _known(value: str) -> str:
    if value == facts_services.NOT_KNOWN:
        return NO
    return YES if value in facts_services.KNOWN else NOT_STATED


def _planned(value: str) -> str:
    if value == facts_services.NO_PLAN:
        return NO
    return YES if value in facts_services.PLANS else NOT_STATED


def _independent(value: str) -> str:
    if value == INDEPENDENT:
        return YES
    return NO if value == facts_process.NOT_INDEPENDENT else NOT_STATED


# By the raw fact: the field of the safe facts that it may become, and how.
_CROSSINGS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "kind": ("kind", _same),
    "year": ("year", _same),
    "age": ("age_band", lambda value: ages.band(value) or NOT_STATED),
    "sex": ("sex", _same),
    "ethnicity": ("ethnicity", _ethnicity),
    "harm": ("harm", _same),
    "judgement": ("judgement", _same),
    "independence": ("independent_author", _independent),
    "family": ("family_involvement", _same),
    "known": ("known_to_services", _known),
    "plan": ("child_protection_plan", _planned),
    "incident_to_completion": ("incident_to_completion", _length),
    "completion_to_publication": ("completion_to_publication", _length),
    "period_length": ("period_length", _length),
}


def crossing(name: str, value: str) -> str | None:
    """What of one raw fact crosses: a word of its list or "not stated"; None where nothing may.

    >>> crossing("age", "4 months"), crossing("kind", "Tamsin Quill"), crossing("board", "Marl")
    ('under 6 months', 'not stated', None)
    """
    if name not in _CROSSINGS:
        return None
    field, made = _CROSSINGS[name]
    word = NOT_STATED if value == NOT_STATED else made(value)
    return word if word in CLOSED[field] else NOT_STATED


def coarse(facts: raw.Facts) -> SafeFacts:
    """The facts as far as they may cross; of several that are one word, "yes" goes before "no"."""
    found: dict[str, set[str]] = {}
    for name, fact in facts.each():
        word = crossing(name, fact.value)
        if word is not None and word != NOT_STATED:
            found.setdefault(_CROSSINGS[name][0], set()).add(word)

    def one(field: str) -> str:
        words = found.get(field, set())
        return YES if YES in words else min(words, default=NOT_STATED)

    return SafeFacts(
        kind=one("kind"),
        year=one("year"),
        age_band=one("age_band"),
        sex=one("sex"),
        ethnicity=one("ethnicity"),
        harm=tuple(word for word in facts_harm.HARMS if word in found.get("harm", ())),
        judgement=one("judgement"),
        independent_author=one("independent_author"),
        family_involvement=one("family_involvement"),
        known_to_services=one("known_to_services"),
        child_protection_plan=one("child_protection_plan"),
        incident_to_completion=one("incident_to_completion"),
        completion_to_publication=one("completion_to_publication"),
        period_length=one("period_length"),
    )


def strays(facts: SafeFacts) -> tuple[str, ...]:
    """The fields that hold something of no closed list: the gate lets no such facts out.

    >>> strays(SafeFacts(kind="rapid review", age_band="Tamsin"))
    ('age_band',)
    """
    return tuple(
        field.name for field in fields(facts) if not _closed(field.name, getattr(facts, field.name))
    )


def _closed(name: str, held: str | tuple[str, ...]) -> bool:
    words: Iterable[str] = held if isinstance(held, tuple) else (held,)
    nothing = NOT_STATED if isinstance(held, str) else ""
    return all(word in CLOSED.get(name, ()) or word == nothing for word in words)


def stated(document: Document, said: raw.Facts | None = None) -> SafeFacts:
    """What the report says of itself, as far as it may cross the door.

    `said` is all of it, where that was worked out already.
    """
    return coarse(raw.stated(document) if said is None else said)
