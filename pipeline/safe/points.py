"""Which passages of a text are points: what a summary should have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.safe import claim, wording
from pipeline.safe.cues import role_cues, weigh
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.sentence import sentences
from pipeline.span import Span

LEAST_LISTED = 3  # learning points under headings of their own: then only those are awaited
NEXT = 2  # characters between two passages that follow each other
BROKEN = 5  # words: what is shorter is a heading or an item of a list

TEACHING = (Role.LEARNING, Role.RECOMMENDATION, Role.GOOD_PRACTICE)
OUT = (Role.TABLE, Role.FURNITURE, Role.QUOTE, Role.ACTION)
BULLET = re.compile(r"^\s*[•◦▪‣*o–—−-]\s")
EXPLICIT = re.compile(
    r"^\W*(?:\d{1,3}(?:[.-]\d{1,3})*[.):]?\s+)?(?:(?:key |overview )?(?:lesson|learning point|"
    r"recommendation|finding)s?\s*\d|R\d)",
    re.I,
)

_OF_ITSELF = re.compile(
    r"^\W*(?:\d[\d.-]*\s+)?(?:this|the following|the|what follows|here)\b[^.]{0,40}?"
    r"\b(?:summary|report|review|chapter|section|points?|recommendations?)\b[^.]{0,20}?"
    r"\b(?:sets?|gives?|describes?|summaris\w+|follows?|arises?|makes?|are|is|covers?)\b"
    r"[^.]{0,40}\b(?:out|follow\w*|happened|findings?|analysis|below|here|to|full|report)\b",
    re.I,
)
_OF_POINTS = re.compile(r"\b(?:lessons?|learning|points?|findings?|recommend\w*|themes?)\b", re.I)


def rejoined(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages, each sentence that a blank line had cut in two in one piece again.

    A text without layout breaks its lines anywhere: what stops without a stop and goes on with a
    small letter is one statement.
    """
    made: list[Passage] = []
    for one in passages:
        last = made[-1] if made else None
        if last is not None and _goes_on(last, one):
            between = "\n" * (one.span.start - last.span.end)
            text = last.text + between + one.text
            span = Span(last.span.start, one.span.end)
            made[-1] = replace(last, span=span, text=text, themes=())
        else:
            made.append(one)
    return tuple(made)


def _goes_on(one: Passage, other: Passage) -> bool:
    near = 0 < other.span.start - one.span.end <= NEXT and one.heading == other.heading
    broken = re.search(r"[a-z,–-]$", one.text.rstrip()) and len(one.text.split()) >= BROKEN
    goes_on = other.text[:1].islower() and not BULLET.match(other.text)
    return near and bool(broken) and goes_on and one.role in TEACHING


def is_statement(passage: Passage) -> bool:
    """Whether a passage is a statement: no heading, no line that leads to a list, no form."""
    flat = " ".join(passage.text.split()).rstrip(" -–")
    if flat.endswith(":") or flat == passage.heading or _OF_ITSELF.match(flat):
        return False
    if len(flat.split()) <= 8 and re.search(r"[^.;:]\s\d{1,3}$", flat):  # a line of contents
        return False
    said = sentences(flat)
    if all(claim.wordings().formulas.search(s.of(flat)) for s in said):
        return False
    return len(wording.content(wording.words(flat))) >= 3


def claims(passage: Passage) -> bool:
    """Whether a passage of the summary claims something that the report should hold."""
    if passage.role not in TEACHING or not is_statement(passage):
        return False
    if BULLET.match(passage.text) or EXPLICIT.match(passage.text):
        return True
    weights = weigh(passage.text)
    telling = max(weights[Role.CHRONOLOGY], weights[Role.CONTEXT])
    return max(weights[role] for role in TEACHING) > max(1.0, telling)


def awaited_points(known: Sequence[Passage]) -> dict[int, float]:
    """The places of the points that a summary should have, and how surely they are points.

    Where a report sets its learning points (or recommendations) apart under a heading of their
    own, those are awaited, the bullets first; where it does not, whatever reads like one.
    """
    listed = {role: _listed(known, role) for role in (Role.LEARNING, Role.RECOMMENDATION)}
    awaited = listed[Role.LEARNING] | listed[Role.RECOMMENDATION]
    for role, found in listed.items():
        if not found and (role is Role.LEARNING or not awaited):
            own = [n for n, p in enumerate(known) if p.role is role and claims(p)]
            awaited |= dict.fromkeys(own, 0.6)
    return awaited


def _listed(known: Sequence[Passage], role: Role) -> dict[int, float]:
    """The points of one role that are set apart."""
    heading = next(r.heading for r in role_cues() if r.role is role)
    own = [n for n, p in enumerate(known) if p.role is role and is_statement(p)]
    apart = [n for n in own if heading and heading.search(known[n].heading or "")]
    explicit = [n for n in own if EXPLICIT.match(bare(known[n].text))]
    bullets = [n for n in apart if BULLET.match(known[n].text) and _led(known, n)]
    for chosen, sure in ((explicit, 0.95), (bullets, 0.9), (apart, 0.85)):
        if len(chosen) >= LEAST_LISTED:
            return dict.fromkeys(chosen, sure)
    return {}


def _led(known: Sequence[Passage], place: int) -> bool:
    """Whether a bullet's list is one of points: no other sentence leads to it or goes on in it."""
    last = _before(known, place)
    if last is not None and re.search(r"[a-z,]$", last.text) and not BULLET.match(last.text):
        return False
    for before in reversed(known[:place]):
        if before.heading != known[place].heading:
            return True
        if not BULLET.match(before.text):
            lead = sentences(before.text)[-1].of(before.text).rstrip(" -–")
            return not lead.endswith(":") or bool(_OF_POINTS.search(lead))
    return True


def _before(known: Sequence[Passage], place: int) -> Passage | None:
    """The passage that another one follows, without the notes at the foot of the page."""
    for n in range(place - 1, -1, -1):
        note = n > 0 and known[n - 1].text.strip().isdigit()
        if known[n].role is not Role.OTHER and not note:
            return known[n]
    return None


def bare(text: str) -> str:
    """A point without the sign of its list."""
    return BULLET.sub("", text)


def share_of(point: str, other: str) -> float:
    """The share of a point's content that another text has."""
    own = Counter(wording.content(wording.words(point)))
    theirs = Counter(wording.content(wording.words(other)))
    return (own & theirs).total() / own.total() if own else 0.0
