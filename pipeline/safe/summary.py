"""Whether a summary says what its report says: what it left out, put in, changed or turned."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.safe import align, claim, embed, polarity, wording
from pipeline.safe.cues import role_cues, weigh
from pipeline.safe.lesson import Passage, Polarity, Role
from pipeline.safe.sentence import sentences
from pipeline.span import Span

FOUND = 0.42  # the share of a point's content that its counterpart must have
MEANT = 0.62  # or: how near the two must be in meaning
MEANT_BETWEEN = 0.4  # the same where their neighbours are counterparts
STANCE = 0.1  # what it counts to stay a finding, praise or advice in other words
MOST_MEANT = 400  # points on either side; beyond, words decide alone: a vector takes 20 ms
NEAR = 0.8  # what is no learning point is compared only with what is nearly the same
LONGER = 1.5  # a counterpart that is so much longer is cut to its nearest sentences
PART = 0.75  # the share of a sentence's content that says it stands elsewhere
AGAIN = 0.9  # the share of an earlier point that makes a later one its repetition
EVIDENCE = 3  # paragraphs that are named
LEAST_LISTED = 3  # learning points under headings of their own: then only those are awaited

_TEACHING = (Role.LEARNING, Role.RECOMMENDATION, Role.GOOD_PRACTICE)
_OUT = (Role.TABLE, Role.FURNITURE, Role.QUOTE, Role.ACTION)
_BULLET = re.compile(r"^\s*[•◦▪‣*o–—−-]\s")
_EXPLICIT = re.compile(
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

OMITTED = "The report makes this point and the summary does not."
ADDED = "The summary makes this point and the report does not."


@dataclass(frozen=True, slots=True)
class Stated:
    """A stretch of one of the two texts: whose passage it is in, and where it stands."""

    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        """The words of the stretch."""
        start = self.span.start - self.passage.span.start
        return self.passage.text[start : start + len(self.span)]


@dataclass(frozen=True, slots=True)
class Difference:
    """One row: kind, the two stretches (None where there is none), why, and how sure.

    `evidence` are the numbered paragraphs of the report on which the point seems to rest.
    """

    kind: str
    summary: Stated | None
    full: Stated | None
    why: tuple[str, ...]
    score: float
    evidence: tuple[str, ...] = ()


def differences(
    summary: Sequence[Passage],
    full: Sequence[Passage],
    vectors: embed.Vectors | None = None,
) -> tuple[Difference, ...]:
    """What the summary changed, in its own order; then what it left out, in the report's order.

    `vectors` tell whether two points that share few words mean the same; without them, words
    decide alone.
    """
    told = [p for p in summary if p.role not in _OUT]
    known = [p for p in full if p.role not in _OUT]
    awaited = _awaited(known)
    points, among = [p.text for p in told], [p.text for p in known]
    scores = align.likeness(points, among)
    taught = [p.role in _TEACHING for p in known]
    matches = list(align.counterparts(points, among, taught, scores))
    shares = [
        0.0 if m is None else _share(points[n], among[m.place]) for n, m in enumerate(matches)
    ]
    missing = _missing(told, known, awaited, matches, shares)
    _by_meaning(told, known, matches, shares, missing, vectors)
    rests = _evidence(told, known, matches)
    rows: list[Difference] = []
    for number, passage in enumerate(told):
        match, share = matches[number], shares[number]
        teaches = passage.role in _TEACHING
        if not _whole(passage):
            continue
        if match is not None and share >= (FOUND if teaches else NEAR):
            rows += _compared(passage, known[match.place], rests[number], teaches)
        elif _claims(passage) and not _spread(passage.text, known):
            score = round(0.5 + 0.5 * (1 - share), 4)
            whole = Stated(passage, passage.span)
            rows.append(Difference("addition", whole, None, (ADDED,), score))
    rows += [_omission(known[place], awaited[place]) for place in missing]
    return tuple(rows)


def _omission(passage: Passage, sure: float) -> Difference:
    return Difference("omission", None, Stated(passage, passage.span), (OMITTED,), sure)


def _whole(passage: Passage) -> bool:
    """Whether a passage is a statement: no heading, no line that leads to a list, no form."""
    bare = " ".join(passage.text.split()).rstrip(" -–")
    if bare.endswith(":") or bare == passage.heading or _OF_ITSELF.match(bare):
        return False
    if len(bare.split()) <= 8 and re.search(r"[^.;:]\s\d{1,3}$", bare):  # a line of contents
        return False
    said = sentences(bare)
    if all(claim.wordings().formulas.search(s.of(bare)) for s in said):
        return False
    return len(wording.content(wording.words(bare))) >= 3


def _claims(passage: Passage) -> bool:
    """Whether a passage of the summary claims something that the report should hold."""
    if passage.role not in _TEACHING or not _whole(passage):
        return False
    if _BULLET.match(passage.text) or _EXPLICIT.match(passage.text):
        return True
    weights = weigh(passage.text)
    telling = max(weights[Role.CHRONOLOGY], weights[Role.CONTEXT])
    return max(weights[role] for role in _TEACHING) > max(1.0, telling)


def _awaited(known: Sequence[Passage]) -> dict[int, float]:
    """The places of the points that a summary should have, and how surely they are points.

    Where a report sets its learning points (or recommendations) apart under a heading of their
    own, those are awaited, the bullets first; where it does not, whatever reads like one.
    """
    listed = {role: _listed(known, role) for role in (Role.LEARNING, Role.RECOMMENDATION)}
    awaited = listed[Role.LEARNING] | listed[Role.RECOMMENDATION]
    for role, found in listed.items():
        if not found and (role is Role.LEARNING or not awaited):
            own = [n for n, p in enumerate(known) if p.role is role and _claims(p)]
            awaited |= dict.fromkeys(own, 0.6)
    return awaited


def _listed(known: Sequence[Passage], role: Role) -> dict[int, float]:
    """The points of one role that are set apart."""
    heading = next(r.heading for r in role_cues() if r.role is role)
    own = [n for n, p in enumerate(known) if p.role is role and _whole(p)]
    apart = [n for n in own if heading and heading.search(known[n].heading or "")]
    explicit = [n for n in own if _EXPLICIT.match(_bare(known[n].text))]
    bullets = [n for n in apart if _BULLET.match(known[n].text) and _led(known, n)]
    for chosen, sure in ((explicit, 0.95), (bullets, 0.9), (apart, 0.85)):
        if len(chosen) >= LEAST_LISTED:
            return dict.fromkeys(chosen, sure)
    return {}


def _led(known: Sequence[Passage], place: int) -> bool:
    """Whether a bullet's list is one of points: no other sentence leads to it or goes on in it."""
    last = _before(known, place)
    if last is not None and re.search(r"[a-z,]$", last.text) and not _BULLET.match(last.text):
        return False
    for before in reversed(known[:place]):
        if before.heading != known[place].heading:
            return True
        if not _BULLET.match(before.text):
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


def _bare(text: str) -> str:
    return _BULLET.sub("", text)


def _share(point: str, other: str) -> float:
    """The share of a point's content that another text has."""
    own = Counter(wording.content(wording.words(point)))
    theirs = Counter(wording.content(wording.words(other)))
    return (own & theirs).total() / own.total() if own else 0.0


def _missing(
    told: Sequence[Passage],
    known: Sequence[Passage],
    awaited: dict[int, float],
    matches: Sequence[align.Match | None],
    shares: Sequence[float],
) -> list[int]:
    """The places of awaited points that no passage of the summary states."""
    met = {m.place for m, s in zip(matches, shares, strict=True) if m is not None and s >= FOUND}
    left = [place for place in awaited if place not in met]
    back = align.likeness([known[p].text for p in left], [p.text for p in told])
    repeated = _repeated(known, awaited)
    missing: list[int] = []
    for row, place in enumerate(left):
        if place in repeated:
            continue
        best = int(back[row].argmax()) if told else 0
        if not told or _share(known[place].text, told[best].text) < PART:
            missing.append(place)
    return sorted(missing)


def _repeated(known: Sequence[Passage], awaited: dict[int, float]) -> frozenset[int]:
    """The points that were made before already, as in the table of an action plan."""
    first: dict[tuple[str, ...], int] = {}
    repeated = set()
    for place in sorted(awaited):
        opening = tuple(w for w in wording.words(known[place].text) if not w.isdigit())[:5]
        before = first.setdefault(opening, place)
        if before != place and _share(known[before].text, known[place].text) >= AGAIN:
            repeated.add(place)
    return frozenset(repeated)


def _by_meaning(
    told: Sequence[Passage],
    known: Sequence[Passage],
    matches: list[align.Match | None],
    shares: list[float],
    missing: list[int],
    vectors: embed.Vectors | None,
) -> None:
    """Pair what has few words in common by its meaning: in the report's order, then the rest.

    Where the neighbours of the two are pairs, less likeness will do.
    """
    import numpy as np

    lost = [
        n for n, p in enumerate(told) if p.role in _TEACHING and _whole(p) and shares[n] < FOUND
    ]
    if not lost or not missing or vectors is None or max(len(lost), len(missing)) > MOST_MEANT:
        return
    near, weighed = _meant([told[n].text for n in lost], [known[p].text for p in missing], vectors)
    least = np.full(near.shape, MEANT)
    for row, number in enumerate(lost):
        low, high = _gap(number, matches, shares, len(known))
        least[row, [low < place < high for place in missing]] = MEANT_BETWEEN
    gain = np.where(near >= least, weighed - least, 0.0)
    places = tuple(missing)
    while found := align.in_order(gain.round(4).tolist()):
        for row, column in found:
            matches[lost[row]] = align.Match(places[column], FOUND)
            shares[lost[row]] = FOUND
            missing.remove(places[column])
            gain[row, :] = gain[:, column] = 0.0


def _meant(
    points: Sequence[str], among: Sequence[str], vectors: embed.Vectors
) -> tuple[align.Scores, align.Scores]:
    """How near each point is in meaning to each of the others, without and with its stance.

    A point of several sentences is as near as the nearest of them. Put in other words, a finding
    stays a finding and advice stays advice: of two points on one subject that tells which.
    """
    import numpy as np

    parts = [[" ".join(s.of(text).split()) for s in sentences(text)] or [text] for text in among]
    flat = [part for row in parts for part in row]
    starts = np.cumsum([0, *map(len, parts)])[:-1]
    near = (vectors(points) @ vectors(flat).T).astype(float)
    own, theirs = [_stance(text) for text in points], [_stance(text) for text in flat]
    alike = np.array([[one is other for other in theirs] for one in own], dtype=float)
    return (
        np.maximum.reduceat(near, starts, axis=1).round(4),
        np.maximum.reduceat(near + STANCE * alike, starts, axis=1).round(4),
    )


def _stance(text: str) -> Polarity:
    flat = " ".join(text.split())
    return polarity.polarity(flat, Span(0, len(flat)), "system")


def _gap(
    number: int, matches: Sequence[align.Match | None], shares: Sequence[float], end: int
) -> tuple[int, int]:
    """The places of the counterparts of the nearest neighbours that have one."""
    sure = [(n, m.place) for n, m in enumerate(matches) if m is not None and shares[n] >= FOUND]
    low = max((place for n, place in sure if n < number), default=-1)
    return low, min((place for n, place in sure if n > number and place > low), default=end)


def _spread(text: str, known: Sequence[Passage]) -> bool:
    """Whether every sentence of a statement stands somewhere in the report, each by itself."""
    parts = [s.of(text) for s in sentences(text)]
    if len(parts) < 2:
        return False
    found = align.counterparts(parts, [p.text for p in known], [False] * len(known))
    return all(
        m is not None and _share(part, known[m.place].text) >= PART
        for part, m in zip(parts, found, strict=True)
    )


def _compared(
    passage: Passage,
    other: Passage,
    evidence: tuple[str, ...],
    teaches: bool,
) -> list[Difference]:
    """The row of a pair, where its wordings differ in what they mean."""
    here, there = Stated(passage, passage.span), _nearest(passage.text, other, teaches)
    found = wording.changes(_bare(there.text), _bare(here.text))
    if not found:
        return []
    kind = "polarity" if any(c.key == "polarity" and c.score > 0.8 for c in found) else "drift"
    why = tuple(wording.WHY[c.key] for c in found)
    return [Difference(kind, here, there, why, found[0].score, evidence)]


def _nearest(text: str, other: Passage, teaches: bool) -> Stated:
    """The counterpart, cut to the run of its sentences that is nearest where it is much longer."""
    whole = Stated(other, other.span)
    parts = sentences(other.text)
    size = len(text.split())
    keeps = teaches and other.role in _TEACHING and len(other.text.split()) <= 2 * LONGER * size
    if len(parts) < 2 or len(other.text.split()) <= LONGER * size or keeps:
        return whole
    own = Counter(wording.content(wording.words(text)))
    bags = [Counter(wording.content(wording.words(s.of(other.text)))) for s in parts]
    best, chosen = -1.0, (0, 1)
    for start in range(len(parts)):
        bag: Counter[str] = Counter()
        for end in range(start, min(len(parts), start + 4)):
            bag += bags[end]
            both = 2 * (own & bag).total() / max(1, own.total() + bag.total())
            if both > best + 1e-9:
                best, chosen = both, (start, end)
    span = Span(parts[chosen[0]].start, parts[chosen[1]].end)
    return Stated(other, span.shift(other.span.start))


def _evidence(
    told: Sequence[Passage], known: Sequence[Passage], matches: Sequence[align.Match | None]
) -> list[tuple[str, ...]]:
    """For each passage of the summary, the numbers of the paragraphs that it rests on."""
    numbered = [n for n, p in enumerate(known) if p.paragraph and p.role is not Role.RECOMMENDATION]
    rows = [n for n, m in enumerate(matches) if m is not None and _whole(told[n])]
    made: list[tuple[str, ...]] = [()] * len(told)
    if not numbered or not rows:
        return made
    chapters = _chapters(known)
    own = []
    for n in rows:
        match = matches[n]
        place = match.place if match is not None else 0
        own.append([chapters[p] == chapters[place] for p in numbered])
    found = align.evidence([told[n].text for n in rows], [known[p].text for p in numbered], own)
    for n, places in zip(rows, found, strict=True):
        names = dict.fromkeys(str(known[numbered[p]].paragraph) for p in places[:8])
        made[n] = tuple(names)[:EVIDENCE]
    return made


def _chapters(known: Sequence[Passage]) -> list[int]:
    """The chapter of each passage: a section of learning points closes one."""
    heading = next(r.heading for r in role_cues() if r.role is Role.LEARNING)
    ends: list[int] = []
    closing = False
    for n, passage in enumerate(known):
        short = len((passage.heading or "").split()) <= 4
        now = bool(heading and short and heading.search(passage.heading or ""))
        now = (now and bool(_BULLET.match(passage.text))) or (closing and now)
        if closing and not now:
            ends.append(n)
        closing = now
    return [bisect_right(ends, n) for n in range(len(known))]
