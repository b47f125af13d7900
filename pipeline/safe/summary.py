"""Whether a summary says what its report says: what it left out, put in, changed or turned."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.safe import align, changed, claim, embed, polarity, sentence_pairs, wording
from pipeline.safe.cues import role_cues
from pipeline.safe.lesson import Passage, Polarity, Role
from pipeline.safe.points import (
    BULLET,
    EXPLICIT,
    TEACHING,
    awaited_points,
    bare,
    claims,
    is_item,
    is_statement,
    share_of,
)
from pipeline.safe.sentence import sentences
from pipeline.safe.statements import PART, Beside, Stated, statements
from pipeline.span import Span

FOUND = 0.42  # the share of a point's content that its counterpart must have
MEANT = 0.62  # or: how near the two must be in meaning
MEANT_BETWEEN = 0.4  # the same where their neighbours are counterparts
STANCE = 0.1  # what it counts to stay a finding, praise or advice in other words
MOST_MEANT = 400  # points on either side; beyond, words decide alone: a vector takes 20 ms
NEAR = 0.8  # what is no learning point is compared only with what is nearly the same
LONGER = 1.5  # a counterpart that is so much longer is cut to its nearest sentences
AGAIN = 0.9  # the share of an earlier point that makes a later one its repetition
EVIDENCE = 3  # paragraphs that are named
# What is no fault where a summary tells a story shorter.
QUIET = frozenset({"added", "dropped", "other", "rewritten", "general", "described", "uncounted"})
TELLING = (Role.ANALYSIS, Role.CHRONOLOGY, Role.CONTEXT)

OMITTED = "The report makes this point and the summary does not."
ADDED = "The summary makes this point and the report does not."


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
    told, ends = statements(summary, by_sentence=True)
    known, other_ends = statements(full)
    awaited = awaited_points(known)
    points, among = [p.text for p in told], [p.text for p in known]
    scores = align.likeness(points, among)
    taught = [p.role in TEACHING for p in known]
    matches = list(align.counterparts(points, among, taught, scores))
    for n, p in enumerate(told):
        if p.role not in TEACHING and not is_item(p) and among:
            best = int(scores[n].argmax())  # what tells a story is looked for in the story
            matches[n] = align.Match(best, float(scores[n, best])) if scores[n, best] else None
    shares = [
        0.0 if m is None else share_of(points[n], among[m.place]) for n, m in enumerate(matches)
    ]
    missing = _missing(told, known, awaited, matches, shares)
    _by_meaning(told, known, matches, shares, missing, vectors)
    rests = _evidence(told, known, matches)
    least = [FOUND if p.role in TEACHING else NEAR for p in told]
    alone = [n for n, p in enumerate(told) if shares[n] < least[n] and _adds(p, shares[n])]
    spread = _spread({n: points[n] for n in alone}, among)
    both = Beside(told, known, ends, other_ends)
    rows: list[Difference] = []
    for number, passage in enumerate(told):
        match, share = matches[number], shares[number]
        if not is_statement(passage):
            continue
        if match is not None and (share >= least[number] or _tells(passage, known[match.place])):
            rows += _compared(both, number, match.place, rests[number])
        elif number in alone and number not in spread:
            score = round(0.5 + 0.5 * (1 - share), 4)
            whole = Stated(passage, passage.span)
            rows.append(Difference("addition", whole, None, (ADDED,), score))
    rows += [_omission(known[place], awaited[place]) for place in missing]
    return tuple(rows)


def _tells(passage: Passage, other: Passage) -> bool:
    """Whether a sentence of the summary's story is a sentence of the report's, but for a word."""
    if passage.role in TEACHING:
        return False
    own = Counter(wording.core(passage.text))
    return own.total() >= 3 and any(
        sentence_pairs.mean(own, Counter(wording.core(s.of(other.text)))) >= NEAR
        for s in sentences(other.text)
    )


def _adds(passage: Passage, share: float) -> bool:
    """Whether a passage of the summary without a counterpart is a point that was put in."""
    judges = passage.role is Role.ANALYSIS and is_item(passage) and share < FOUND
    return claims(passage) or (judges and is_statement(passage))


def _omission(passage: Passage, sure: float) -> Difference:
    return Difference("omission", None, Stated(passage, passage.span), (OMITTED,), sure)


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
    heads = dict.fromkeys(p.heading for p in told if p.heading)
    for row, place in enumerate(left):
        if place in repeated or any(share_of(known[place].text, h) >= PART for h in heads):
            continue  # a point without a full stop was read as a heading
        best = int(back[row].argmax()) if told else 0
        if not told or share_of(known[place].text, told[best].text) < PART:
            missing.append(place)
    return sorted(missing)


def _repeated(known: Sequence[Passage], awaited: dict[int, float]) -> frozenset[int]:
    """The points that were made before already, as in the table of an action plan."""
    first: dict[tuple[str, ...], int] = {}
    repeated = set()
    for place in sorted(awaited):
        opening = tuple(w for w in wording.words(known[place].text) if not w.isdigit())[:5]
        before = first.setdefault(opening, place)
        if before != place and share_of(known[before].text, known[place].text) >= AGAIN:
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
        n
        for n, p in enumerate(told)
        if p.role in TEACHING and is_statement(p) and shares[n] < FOUND
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


def _spread(points: Mapping[int, str], among: Sequence[str]) -> frozenset[int]:
    """The statements whose every sentence stands somewhere in the report, each by itself."""
    parts = [(n, s.of(text)) for n, text in points.items() for s in sentences(text)]
    found = align.counterparts([part for _, part in parts], among, [False] * len(among))
    several = {n for n, count in Counter(n for n, _ in parts).items() if count > 1}
    missed = {
        n
        for (n, part), m in zip(parts, found, strict=True)
        if m is None or share_of(part, among[m.place]) < PART
    }
    return frozenset(several - missed)


def _compared(both: Beside, number: int, place: int, evidence: tuple[str, ...]) -> list[Difference]:
    """The row of a pair, where its wordings differ in what they mean."""
    passage, other = both.told[number], both.known[place]
    here, teaches = Stated(passage, passage.span), passage.role in TEACHING
    found, there = _by_sentence(both, passage, other)
    if found and (number in both.ends or place in both.other_ends):
        found = min(found, *_continued(both, number, place), key=len)
    item = is_item(passage)
    told = (not teaches and not item) or (other.role in TELLING and not item)
    keys = {c.key for c in found}
    if not found or (told and not keys - (QUIET if keys != {"added"} else frozenset())):
        return []
    kind = "polarity" if any(c.key == "polarity" and c.score > 0.8 for c in found) else "drift"
    why = tuple(dict.fromkeys(changed.WHY[c.key] for c in found))
    return [Difference(kind, here, there, why, found[0].score, evidence)]


def _continued(both: Beside, number: int, place: int) -> list[tuple[changed.Change, ...]]:
    """What is changed if the one, the other or both go on in what follows them."""
    own, other = bare(both.told[number].text), bare(both.known[place].text)
    more = f"{own} {both.ends[number]}" if number in both.ends else own
    most = f"{other} {both.other_ends[place]}" if place in both.other_ends else other
    return [changed.changes(b, a) for a, b in ((more, other), (own, most), (more, most))]


def _by_sentence(
    both: Beside, passage: Passage, other: Passage
) -> tuple[tuple[changed.Change, ...], Stated]:
    """What a statement changes of another, sentence by sentence; and which stretch of it."""
    text, full = bare(passage.text), other.text
    found: list[changed.Change] = []
    told = sentence_pairs.parts(text, full)
    teaches = passage.role in TEACHING and other.role in TEACHING
    spans = [s for _, theirs in told.pairs for s in theirs]
    away: list[Stated] = []
    for own, theirs in told.pairs:
        found += changed.changes(_join(theirs, full), _join(own, text))
    for span in told.alone:
        there = both.elsewhere(span.of(text))
        if there is None and not both.heads(span.of(text)):
            found.append(changed.Change("added", 0.7))
        elif there is None:
            continue
        elif differs := changed.changes(bare(there.text), span.of(text)):
            found += differs
            away.append(there)
    for span in told.left:
        said = span.of(full)
        if teaches and claim.asks(said) and not both.says(said):
            found.append(changed.Change("dropped", 0.7))
            spans.append(span)
    if not told.pairs:
        nearest = _nearest(passage.text, other, teaches)
        return changed.changes(bare(nearest.text), text), nearest
    if len(away) == 1 and _only_away(told, text, full):
        return changed.ranked(found), away[0]
    matched = _join([s for _, theirs in told.pairs for s in theirs], full)
    found = list(changed.without_moved_numbers(found, matched, text))
    hull = Span(min(s.start for s in spans), max(s.end for s in spans))
    return changed.ranked(found), Stated(other, hull.shift(other.span.start))


def _only_away(told: sentence_pairs.Parts, text: str, full: str) -> bool:
    """Whether nothing differs in the sentences that stand together."""
    return not any(changed.changes(_join(b, full), _join(a, text)) for a, b in told.pairs)


def _join(spans: Sequence[Span], text: str) -> str:
    return " ".join(bare(s.of(text)) for s in spans)


def _nearest(text: str, other: Passage, teaches: bool) -> Stated:
    """The counterpart, cut to the run of its sentences that is nearest where it is much longer."""
    whole = Stated(other, other.span)
    parts = sentences(other.text)
    size = len(text.split())
    keeps = teaches and other.role in TEACHING and len(other.text.split()) <= 2 * LONGER * size
    keeps = keeps and not any(EXPLICIT.match(s.of(other.text)) for s in parts[1:])
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
    rows = [n for n, m in enumerate(matches) if m is not None and is_statement(told[n])]
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
        now = (now and bool(BULLET.match(passage.text))) or (closing and now)
        if closing and not now:
            ends.append(n)
        closing = now
    return [bisect_right(ends, n) for n in range(len(known))]
