"""Ten ways in which a summary goes astray from what the report says, each as edits of a text.

The words here were written down before the checker was, and it has lists of its own: what it
finds of these is found by what a change is, not by knowing this file.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from pipeline.training.rich import Edit, Rich, edited

Pairs = tuple[tuple[str, str], ...]
Change = Callable[[random.Random, str], list[Edit] | None]

_MODAL: Pairs = (
    (r"\bshould\b(?! not)", "could"),
    (r"\bshould\b(?! not)", "may wish to"),
    (r"\bshould\b(?! not)", "is expected to"),
    (r"\bmust\b", "should"),
    (r"\bmust\b", "can"),
    (r"\bneeds? to\b", "might"),
    (r"\bneeds? to\b", "would do well to"),
    (r"\bought to\b", "can"),
    (r"\bha(?:s|ve) to\b", "may"),
    (r"\bis\b(?! not)", "may be"),
    (r"\bare\b(?! not)", "may be"),
    (r"\bwas\b(?! not)", "may have been"),
    (r"\bwere\b(?! not)", "may have been"),
    (r"\bmay\b", "will"),
    (r"\bcan\b", "must"),
)
_QUANTITY: Pairs = (
    (r"\ball\b", "some"),
    (r"\ball\b", "most"),
    (r"\bevery\b", "nearly every"),
    (r"\beach\b", "the main"),
    (r"\balways\b", "usually"),
    (r"\bnever\b", "rarely"),
    (r"\bany\b", "a serious"),
    (r"\bany\b", "most"),
    (r"\boften\b", "always"),
    (r"\bsome\b", "all"),
    (r"\bmany\b", "a few"),
    (r"\bmost\b", "a number of"),
    (r"\brepeated\b", "occasional"),
    (r"\bthere is\b", "there is sometimes"),
    (r"\bshould\b", "should normally"),
    (r"\bneeds? to\b", "generally needs to"),
    (r"\bis\b", "is often"),
    (r"\bare\b", "are sometimes"),
)
_ACTOR: Pairs = (
    (r"\bprofessionals\b", "social workers"),
    (r"\bprofessionals\b", "experienced professionals"),
    (r"\bpractitioners\b", "health practitioners"),
    (r"\bpractitioners\b", "managers"),
    (r"\bstaff\b", "senior staff"),
    (r"\bstaff\b", "agency staff"),
    (r"\bagencies\b", "the lead agency"),
    (r"\bagencies\b", "statutory agencies"),
    (r"\bservices\b", "adult services"),
    (r"\bservices\b", "health services"),
    (r"\bmanagers\b", "their colleagues"),
    (r"\bleaders\b", "staff"),
    (r"\bboards\b", "agencies"),
    (r"\bthe board\b", "the chair"),
    (r"\breviews\b", "independent reviews"),
    (r"\bschools\b", "special schools"),
    (r"\bworkers\b", "qualified workers"),
    (r"\bteams\b", "specialist teams"),
    (r"\bassessments?\b", "joint assessments"),
    (r"\bplans?\b", "written plans"),
)
_POLARITY: Pairs = (
    (r"\bshould not\b", "should"),
    (r"\bmust not\b", "must"),
    (r"\bcannot\b", "can"),
    (r"\b(does|do|did|is|are|was|were|has|have) not\b", r"\1"),
    (r"\bwithout\b", "with"),
    (r"\bshould\b", "should not"),
    (r"\bmust\b", "must not"),
    (r"\bneeds? to\b", "does not need to"),
    (r"\bis\b", "is not"),
    (r"\bare\b", "are not"),
)
_CONDITIONS = (
    "where resources allow",
    "where this is practicable",
    "if the family agrees",
    "if there is time",
    "unless the case is closed",
    "subject to local priorities",
    "when a manager thinks it right",
    "provided that capacity allows",
)
_OPENING = re.compile(
    r"^(?:where|when|if|unless|once|before|after|until)\b[^,]{8,90}, (?=\w)", re.I
)
_TRENDS = (
    "This has become more common in recent years.",
    "Practice here is improving.",
    "This is a growing concern.",
    "There are signs of progress.",
    "The problem appears to be getting worse.",
)
_TREND_WORDS: Pairs = (
    (r"\bis\b(?= (?:a|an|no|not|the|more|less)\b)", "is increasingly"),
    (r"\bare\b", "are increasingly"),
    (r"\bshould\b", "should continue to"),
    (r"\bneeds? to\b", "increasingly needs to"),
)
_SOFTER: Pairs = (
    (r"\b[Ff]ailure(s?) (?:of|to|in)\b", r"difficulty\1 with"),
    (r"\black of\b", "limited"),
    (r"\babsence of\b", "variation in"),
    (r"\binsufficient\b", "some"),
    (r"\bpoor\b", "variable"),
    (r"\bessential\b", "helpful"),
    (r"\bvital\b", "useful"),
    (r"\bcrucial\b", "of value"),
    (r"\bdanger\b", "challenge"),
    (r"\bharm\b", "upset"),
    (r"\brisk\b", "concern"),
    (r"\burgent(ly)?\b", "timely"),
    (r"\bweak\b", "developing"),
    (r"\bensure\b", "encourage"),
    (r"\bmake sure\b", "try to see"),
    (r"\bmakes sure\b", "hopes"),
    (r"\bat once\b", "in due course"),
    (r"\bcannot be overstated\b", "is worth noting"),
    (r"\bis not complete\b", "could be fuller"),
    (r"\bviolence\b", "conflict"),
    (r"\babuse\b", "difficulties"),
    (r"\bmissed\b", "rearranged"),
    (r"\bleft the family without\b", "meant the family waited for"),
)
_GENERAL: Pairs = (
    (r"\bchildren\b", "family members"),
    (r"\b(?:the|a) child\b", "the family"),
    (r"\bdomestic abuse\b", "family issues"),
    (r"\bneglect\b", "wider concerns"),
    (r"\bmissed appointments?\b", "patterns of engagement"),
    (r"\bmental health\b", "health"),
    (r"\bsubstance (?:mis)?use\b", "lifestyle"),
    (r"\bparents?\b", "adults"),
    (r"\bmothers?\b", "parents"),
    (r"\bfathers?\b", "relatives"),
    (r"\bthe GP\b", "health services"),
    (r"\bpolice\b", "partners"),
    (r"\bassessments?\b", "work"),
    (r"\breferrals?\b", "contacts"),
    (r"\bplans?\b", "arrangements"),
    (r"\brecords?\b", "information"),
    (r"\btraining\b", "support"),
    (r"\bhousing\b", "circumstances"),
)
_TAIL = re.compile(
    r",? (?:and|so that|because|with|until|rather than|instead of|but|who|which|in which|"
    r"in order to|including|as well as|including)\b (?:[^.,]+)(?=\.?$)"
)
_ADDED = (
    ", in line with local procedures",
    ", and this should be reported to the Board",
    ", as national guidance requires",
    ", with the help of an outside adviser",
    " and the result should be told to the family",
)
_NUMBERS = (
    "This was seen in {a} of the {b} episodes that were looked at.",
    "It applied in {a} out of {b} contacts.",
    "Some {p}% of the records showed this.",
    "The delay was {a} weeks.",
)


def _swapped(rng: random.Random, text: str, pairs: Pairs) -> list[Edit] | None:
    """One swap of those that fit, in the place where it fits first."""
    fitting = [(m, new) for old, new in pairs if (m := re.search(old, text)) is not None]
    fitting += [
        (m, new[:1].upper() + new[1:])
        for old, new in pairs
        if old.startswith(r"\b") and (m := re.match(old, text, re.I)) and m[0][:1].isupper()
    ]
    if not fitting:
        return None
    found, new = rng.choice(fitting)
    return [Edit(found.start(), found.end(), found.expand(new))]


def _end(text: str) -> int:
    return len(text.rstrip().rstrip("."))


def _condition(rng: random.Random, text: str) -> list[Edit] | None:
    """A condition put at the end, or the one with which the sentence opens taken away."""
    if (opening := _OPENING.match(text)) is not None and rng.random() < 0.6:
        rest = text[opening.end()]
        return [Edit(0, opening.end() + 1, rest.upper())]
    return [Edit(_end(text), _end(text), ", " + rng.choice(_CONDITIONS))]


def _trend(rng: random.Random, text: str) -> list[Edit] | None:
    if rng.random() < 0.5 and (changed := _swapped(rng, text, _TREND_WORDS)) is not None:
        return changed
    stop = "" if text.rstrip().endswith(".") else "."
    at = len(text.rstrip())
    return [Edit(at, at, f"{stop} {rng.choice(_TRENDS)}")]


def _clause(rng: random.Random, text: str) -> list[Edit] | None:
    """The last clause left out, or one added that the report does not have."""
    tail = _TAIL.search(text)
    kept = text[: tail.start()].split() if tail else []
    if tail is not None and len(kept) >= 6 and len(tail[0].split()) >= 4 and rng.random() < 0.65:
        return [Edit(tail.start(), tail.end(), "")]
    return [Edit(_end(text), _end(text), rng.choice(_ADDED))]


def _from(pairs: Pairs) -> Change:
    return lambda rng, text: _swapped(rng, text, pairs)


CHANGES: dict[str, Change] = {
    "modal": _from(_MODAL),
    "quantity": _from(_QUANTITY),
    "actor": _from(_ACTOR),
    "polarity": _from(_POLARITY),
    "condition": _condition,
    "trend": _trend,
    "clause": _clause,
    "softer": _from(_SOFTER),
    "general": _from(_GENERAL),
}
KINDS = (*CHANGES, "number")


def changed(rng: random.Random, text: Rich, kind: str) -> Rich | None:
    """A statement changed in one way; None where that cannot be done to it."""
    edits = CHANGES[kind](rng, text.text)
    if edits is None or any(
        e.start < p.end and p.start < e.end for e in edits for p in text.placed
    ):
        return None  # a name is never cut
    return edited(text, edits)


def counted(rng: random.Random) -> tuple[str, str]:
    """A sentence with a number for the report, and the same with another for the summary."""
    frame = rng.choice(_NUMBERS)
    b = rng.randint(12, 40)
    a = rng.randint(3, b - 4)
    other = a + rng.choice((-2, -1, 1, 2, 3))
    p = rng.randint(30, 80)
    return frame.format(a=a, b=b, p=p), frame.format(a=other, b=b, p=p + rng.choice((-10, 5, 15)))


_HARMLESS: Pairs = (
    (r"\bwhilst\b", "while"),
    (r"\bwhile\b", "whilst"),
    (r"\bamong\b", "amongst"),
    (r"\bmulti-agency\b", "multi agency"),
    (r"\bfollow-up\b", "follow up"),
    (r"\bdecision-making\b", "decision making"),
    (r"\bfront-line\b", "frontline"),
    (r"\bcannot\b", "can not"),
    (r"\bparent’s\b", "parent's"),
    (r"\borganisation", "organization"),
    (r"\brecognise", "recognize"),
)


def harmless(rng: random.Random, text: Rich) -> Rich:
    """The same statement as another hand sets it: capital, full stop, spelling."""
    way = rng.random()
    if way < 0.35:
        return text
    edits: list[Edit] = []
    bare = text.text.rstrip()
    if way < 0.75 and bare.endswith("."):
        edits.append(Edit(len(bare) - 1, len(bare), "" if way < 0.6 else ";"))
    starts = any(p.start == 0 for p in text.placed)
    if way > 0.5 and not starts and bare[:1].isupper() and bare[1:2].islower():
        edits.append(Edit(0, 1, bare[0].lower()))
    if way > 0.4:
        edits += _swapped(rng, bare, _HARMLESS) or []
    return edited(text, _apart(edits))


def _apart(edits: list[Edit]) -> list[Edit]:
    """The edits without those that overlap an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
