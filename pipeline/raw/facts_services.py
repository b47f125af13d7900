"""Whether the person was known to services, and whether there was a child protection plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.raw.facts_nouns import NOTHING, Fact, Source
from pipeline.raw.facts_sentences import Sentence, matches

NOT_KNOWN = "not known to services"
PLAN_THEN, PLAN_BEFORE, PLAN = (
    "child protection plan at the time", "child protection plan in the past", "child protection"
    " plan",
)  # fmt: skip
NO_PLAN = "no child protection plan"
PLANS = (PLAN_THEN, PLAN_BEFORE, PLAN, NO_PLAN)

# The subject, alone or with kin of theirs.
_WHO = (
    r"§(?:,? (?:and|with) (?:his|her|their|the) (?:\w+ )?(?:family|siblings?|brothers?|sisters?"
    r"|twin|mother|parents))?(?:,? who)?"
)
_ALSO = (
    r"(?: (?:also|already|still|previously|well|then|first|both|all|currently|briefly|initially))*"
)
_CARE = (
    r"(?:(?:the )?(?:local authority|council)|(?:children|adult)s?['’]?s? (?:social (?:care"
    r"|services)|services)|social (?:care|services|work)|children and families|adult social"
    r" care|safeguarding services)"
)
_SOME = (
    r"(?:(?:a |the )?(?:number|range|variety) of |several |many |various |multiple |all |most "
    r"|local |both )*"
)
_SERVICES = (
    rf"{_SOME}(?:(?:\w+ ){{0,3}}?(?:services?|agenc(?:y|ies)|CAMHS|social (?:care|workers)"
    r"|professionals)"
    rf"|{_CARE})"
)
_HEALTH = (
    r"(?:(?:\w+ ){0,5}?(?:mental health (?:services?|teams?|trust|unit)|CAMHS|CMHT|crisis"
    r" (?:resolution )?(?:and home treatment )?team|home treatment team|early intervention"
    r" (?:in psychosis )?(?:team|service)))"
)
_SUBJECT_OF = r"(?:the )?(?:subjects? (?:to|of)|on|placed on|made (?:the )?subject (?:to|of))"
_CP = (
    r"(?:an? |the |any )?(?:multi-agency )?(?:(?i:child protection (?:plans?|register))|CP"
    r" [Pp]lan|at risk register)\b"
)
_BE = rf"(?: (?:was|were|is|had been|has been|remained|became))(?! not\b| never\b){_ALSO}"
_NOT = (
    r"(?: (?:was|were|had|has|is))(?: never| not)(?: ever)?(?: been)?(?: ever| previously| at"
    r" any time)*"
)

_IN_CARE = (
    r"(?:in (?:the )?care of (?:the )?(?:local authority|council)|(?:the )?subject (?:to|of)"
    r" (?:an? )?(?:full |interim )?care order|accommodated under section 20)"
)
_KIN_CARE = (
    r"(?! by (?:his|her|their|the|a) (?:\w+ )?(?:mother|father|grand|parent|aunt|uncle|family"
    r"|neighbour|friend|relative))"
)
_IN_NEED = rf"(?:{_SUBJECT_OF} )?(?:an? )?(?:(?i:child(?:ren)? in need)|CIN)\b"
_LOOKED_AFTER = (
    rf"(?:an? )?looked[- ]after\b{_KIN_CARE}"
    r"(?= child\b| by (?:the )?(?:local authority|council)|[.,;])"
)
_OPEN = rf"(?:an )?open(?: case)? (?:to|with) {_CARE}"
_RECEIVING = rf"(?:receiving|in receipt of) (?:\w+ ){{0,3}}?(?:from {_CARE}|adult social care)"
_MARAC = (
    r"(?:referred to|discussed at|heard at|the subject of) (?:an? |the )?(?:MARAC"
    r"|[Mm]ulti[- ][Aa]gency [Rr]isk [Aa]ssessment [Cc]onference)"
)
_MAPPA = (
    r"(?:managed|supervised|monitored|subject) (?:under|by|to|through) (?:the )?(?:MAPPA"
    r"|[Mm]ulti[- ][Aa]gency [Pp]ublic [Pp]rotection)"
)
_MENTAL_HEALTH = (
    rf"(?:(?:known|open) to|under (?:the )?care of) {_HEALTH}",
    r"(?:detained|sectioned) under (?:section \w+ of )?the Mental Health Act",
)
_CASE = r"(?:['’]s case)?"
_FAMILY_KNOWN = (
    r"\b[Tt]he family (?:was|were|had been)(?! not\b| never\b)(?: (?:well|already|previously"
    rf"|also))* known to {_SERVICES}"
)
_KNOWN = (
    ("child in need", rf"{_WHO}{_BE} {_IN_NEED}"),
    ("looked after", rf"{_WHO}{_BE} (?:{_LOOKED_AFTER}|{_IN_CARE})"),
    ("open to social care", rf"{_WHO}{_CASE}{_BE} (?:{_OPEN}|{_RECEIVING})"),
    ("MARAC", rf"{_WHO}{_CASE}{_BE} {_MARAC}"),
    ("MAPPA", rf"{_WHO}{_BE} {_MAPPA}"),
    ("mental health services", rf"{_WHO}{_BE} (?:{'|'.join(_MENTAL_HEALTH)})"),
    ("known to services", rf"{_WHO}{_BE} known to {_SERVICES}"),
    ("known to services", _FAMILY_KNOWN),
)
_UNKNOWN_TO = rf" (?:was|were) (?:previously |entirely )?unknown to (?:any )?{_SERVICES}"
_NOT_KNOWN_TO = rf"{_NOT} known to (?:any (?:of )?(?:the )?)?{_SERVICES}"
_UNKNOWN = tuple(
    who + unknown for who in (_WHO, r"\b[Tt]he family") for unknown in (_UNKNOWN_TO, _NOT_KNOWN_TO)
)
KNOWN = (PLAN, *dict.fromkeys(value for value, _ in _KNOWN), NOT_KNOWN)

_PLANNED = rf"{_WHO}{_BE}(?: no longer)? {_SUBJECT_OF} {_CP}"
_PLANNED_AT = (
    r"[Cc]onference[^.;]{0,60}? (?:made|placed) §(?: and (?:his|her) (?:siblings?|brothers?"
    r"|sisters?))? (?:the )?(?:subject (?:to|of)|on) (?:an? |the )?(?:child protection"
    r" )?(?:plan|register)"
)
_UNPLANNED = (
    rf"{_WHO}{_NOT} {_SUBJECT_OF} {_CP}",
    rf"{_WHO} never (?:was|became) {_SUBJECT_OF} {_CP}",
    rf"{_WHO} (?:was|were) (?:neither|at no time) {_SUBJECT_OF} {_CP}",
)
_THEN = regex.compile(
    r"at the (?:time|date)|when (?:he|she|they|the) |on the day|at (?:his|her|their) death"
    r"|until (?:his|her|their) death|at that time|throughout"
)
_THEN_OF = regex.compile(
    r"(?:death|died|incident|injur|killed|murder|harm|throughout|at the time[.,;]|at that time)"
)
# "Not on a plan when he died, but ...": then there was one at another time.
_YET = regex.compile(
    r"\b(?:but|although|though|however|previous\w*|had been|in the past|earlier|until|since|by"
    r" then|again|at this (?:point|time|stage)|any ?more)\b"
)
_EARLIER = regex.compile(
    r"\b(?:previously|in the past|formerly|had been|until|ended|ceased|removed|closed|between"
    r"|stepped down|earlier|before|de-registered|no longer)\b"
)


def _told(patterns: Sequence[str], one: Sentence) -> Iterator[regex.Match[str]]:
    for pattern in patterns:
        for match in matches(pattern, one):
            if one.tells(match.end()):
                yield match


def known(sentences: Sequence[Sentence], plan: Fact) -> tuple[Fact, ...]:
    """How the person was known to services; that they were not, where nothing says otherwise."""
    found: dict[str, Fact] = {}
    if plan.stated and plan.value != NO_PLAN:
        found[PLAN] = Fact(PLAN, plan.span, plan.source)
    unknown: Fact = NOTHING
    for one in sentences:
        for name, pattern in _KNOWN:
            for match in _told((pattern,), one):
                found.setdefault(name, Fact(name, one.span(*match.span()), Source.BODY))
        for match in _told(_UNKNOWN, one):
            if not unknown.stated:
                unknown = Fact(NOT_KNOWN, one.span(*match.span()), Source.BODY)
    if unknown.stated and not found:
        return (unknown,)
    return tuple(found[name] for name in KNOWN if name in found)


def plan(sentences: Sequence[Sentence]) -> Fact:
    """Whether the child was on a child protection plan: then, before, at some time, or never.

    Where the report says both that there was one and that there never was, none is stated.
    """
    found: dict[str, Fact] = {}
    for one in sentences:
        for match in _told((_PLANNED, _PLANNED_AT), one):
            value = _when(one.text, match)
            found.setdefault(value, Fact(value, one.span(*match.span()), Source.BODY))
        for match in _told(_UNPLANNED, one):
            if _YET.search(one.text, match.end()):
                continue
            found.setdefault(NO_PLAN, Fact(NO_PLAN, one.span(*match.span()), Source.BODY))
    if NO_PLAN in found and len(found) > 1:
        return NOTHING
    return next((found[name] for name in PLANS if name in found), NOTHING)


def _when(text: str, match: regex.Match[str]) -> str:
    after = text[match.end() : match.end() + 60]
    opening = text[max(0, match.start() - 30) : match.start()]
    then = _THEN.search(after)
    at_the_time = regex.search(
        r"[Aa]t the time of (?:his|her|their|the) (?:\w+ )?(?:death|incident|injur)", opening
    )
    if at_the_time or (then and _THEN_OF.search(after, then.start())):
        return PLAN_THEN
    return PLAN_BEFORE if _EARLIER.search(match.group() + after) else PLAN
