"""Which passages of a text are points: what a summary should have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.safe import claim, wording
from pipeline.safe.cues import role_cues, weigh
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.sentence import sentences
from pipeline.span import Span

LEAST_LISTED = 3  # learning points under headings of their own: then only those are awaited
NEXT = 2  # characters between two passages that follow each other
PAGE_END = 200  # characters: the foot of a page and the head of the next have no more
BROKEN = 5  # words: what is shorter is a heading or an item of a list

TEACHING = (Role.LEARNING, Role.RECOMMENDATION, Role.GOOD_PRACTICE)
OUT = (Role.TABLE, Role.FURNITURE, Role.QUOTE, Role.ACTION)
BULLET = re.compile(r"^\s*[•◦▪‣*o–—−-]\s")
EXPLICIT = re.compile(
    r"^\W*(?:\d{1,3}(?:[.-]\d{1,3})*[.):]?\s+)?(?:(?:key |overview )?(?:lesson|learning point|"
    r"recommendation|finding)s?\s*\d|R\d)",
    re.I,
)

_ITEM = re.compile(r"^\W*(?:\(?[a-z]\)|\(?\d{1,3}(?:[.-]\d{1,3})*[.):])\s")
_NUMBERED = re.compile(r"^\W*\d{1,3}(?:[.-]\d{1,3})*\s+[A-Z\[]")
_PAGE_MARK = re.compile(
    r"^\W*(?:\d{1,3}\s*$|(?:\d{1,3}\s+)?(?:page|p\.?)\s*\d{1,3}\b|\d{1,3}\s*\|?\s*p ?a ?g ?e\b)",
    re.I,
)
_OPEN_ENDS = frozenset(
    "a an the and or of to in on at by for from with within into between across their its his her "
    "our your this that these those be all each every any , about through under upon over".split()
)

_OF_ITSELF = re.compile(
    r"^\W*(?:\d[\d.-]*\s+)?(?:this|the following|the|what follows|here)\b[^.]{0,40}?"
    r"\b(?:summary|report|review|chapter|section|points?|recommendations?)\b[^.]{0,20}?"
    r"\b(?:sets?|gives?|describes?|summaris\w+|follows?|arises?|makes?|are|is|covers?)\b"
    r"[^.]{0,40}\b(?:out|follow\w*|happened|findings?|analysis|below|here|to|full|report)\b",
    re.I,
)
_OF_POINTS = re.compile(r"\b(?:lessons?|learning|points?|findings?|recommend\w*|themes?)\b", re.I)


@dataclass(frozen=True, slots=True)
class Rejoined:
    """The passages of a text, and by place the words with which one may go on elsewhere.

    What goes on behind a page's end, or in what was read as a heading, stands in `tails`: it is
    compared and not quoted, since it does not follow in the text.
    """

    passages: tuple[Passage, ...]
    tails: Mapping[int, str]


def rejoined(passages: Sequence[Passage]) -> Rejoined:
    """The passages, each sentence that was cut in two in one piece again.

    A text without layout breaks its lines anywhere: what stops without a stop and goes on with a
    small letter, or behind an "and", is one statement.
    """
    made: list[Passage] = []
    tails: dict[int, str] = {}
    for one in passages:
        last = made[-1] if made else None
        if last is None:
            made.append(_headed(one, None))
        elif _is_page_mark(one) and _is_open(last):
            continue
        elif _goes_on(last, one):
            between = "\n" * (one.span.start - last.span.end)
            text = last.text + between + one.text
            span = Span(last.span.start, one.span.end)
            made[-1] = replace(last, span=span, text=text, themes=())
        elif _goes_on_behind(last, one):
            tails[len(made) - 1] = one.text
        else:
            if _is_open(last) and _only_heading_between(last, one):
                tails.setdefault(len(made) - 1, str(one.heading))
            made.append(_headed(one, last))
    return Rejoined(tuple(made), tails)


def _is_open(passage: Passage) -> bool:
    """Whether a passage stops without a stop, and is no short line."""
    text = passage.text.rstrip()
    return bool(re.search(r"[\w\],–-]$", text)) and len(text.split()) >= BROKEN


def _seam(first: str, then: str) -> bool:
    """Whether a text that stops without a stop goes on in another one."""
    if BULLET.match(then) or _ITEM.match(then) or _NUMBERED.match(then) or EXPLICIT.match(then):
        return False
    last = re.search(r"(\[[^\]]+\]|[^\W\d_]+|[,–-])$", first.rstrip())
    if last is None:
        return False
    if last[0][0] == "[" and then.startswith(last[0]):
        return True  # a name that the end of a line cuts has its label on both sides
    return last[0].lower() in _OPEN_ENDS or then[:1].islower()


def _goes_on(one: Passage, other: Passage) -> bool:
    near = 0 < other.span.start - one.span.end <= NEXT and one.heading == other.heading
    if not near or one.role in OUT:
        return False
    # A line that ends at a semicolon of an item: what has no sign of the list goes on in it.
    halved = one.text.rstrip().endswith(";") and is_item(one) and other.text[:1].islower()
    if halved and not is_item(other):
        return True
    return _is_open(one) and _seam(one.text, other.text)


def _goes_on_behind(one: Passage, other: Passage) -> bool:
    """Whether a passage goes on behind the foot of a page and the head of the next."""
    near = NEXT < other.span.start - one.span.end <= PAGE_END
    small = other.text[:1].islower() and not BULLET.match(other.text)
    return near and _is_open(one) and small and one.role not in OUT


def _is_page_mark(passage: Passage) -> bool:
    return bool(_PAGE_MARK.match(passage.text)) and len(passage.text.split()) <= 12


def _only_heading_between(one: Passage, other: Passage) -> bool:
    between = other.span.start - one.span.end
    heading = other.heading or ""
    return one.heading != heading and 0 < between - len(heading) <= 2 * NEXT


def _headed(one: Passage, last: Passage | None) -> Passage:
    """A passage with its beginning, where that was read as a heading."""
    heading = one.heading or ""
    explicit = EXPLICIT.match(heading) and not re.search(r"[.!?:;]$", heading)
    if not explicit or (last is not None and last.heading == heading):
        return one
    start = one.span.start - NEXT - len(heading)
    if start < (last.span.end if last else 0) or not _seam(heading, one.text):
        return one
    text = f"{heading}{NEXT * chr(10)}{one.text}"
    return replace(one, span=Span(start, one.span.end), text=text, themes=())


def is_item(passage: Passage) -> bool:
    """Whether a passage is an item of a list."""
    return bool(BULLET.match(passage.text) or _ITEM.match(passage.text))


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
    """The share of a point's content that another text has, whatever is counted or graded."""
    own, theirs = Counter(wording.core(point)), Counter(wording.core(other))
    return (own & theirs).total() / own.total() if own else 0.0
