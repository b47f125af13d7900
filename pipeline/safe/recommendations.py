"""Recommendations of a report: to whom, what, by when, measurable or not, said twice, answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.safe import claim, points, wording
from pipeline.safe.deadline import deadline
from pipeline.safe.demand import LEAD, MUST, THAT, TO_DO, kind_of, lists, whom
from pipeline.safe.lesson import Passage, Role, SafeDocument
from pipeline.span import BlockKind, Span

OPENING = 3  # words of an act that make two demands open alike
RARE = 6  # units that may have a word that still tells two demands apart
SHARED = 0.15  # the share of what follows that two demands of one opening have in common
MOST_RELATED = 3
MOST_UNITS = 600  # beyond, no likeness is told: every two are compared, and 600 take 3 seconds
MERGE, LINK = "merge", "link"
ALIKE = 0.24  # so much of the weighted words in common: one of the two could go
KIN = 0.08  # so much: somebody should look at both together
_NUMBERED = re.compile(
    r"^[^\w\[]*(?:(?:\d{1,2}[.-]){0,3}\s*)?(?:recommendation\s+|[A-Z])?"
    r"(\d{1,3}(?:\.\d{1,3})*)[.:)]?\s+",
    re.I,
)
_ANSWER = re.compile(
    r"^\W*(?:(?:the\s+)?(?:government|board|agency|council|trust|department|"
    r"partnership)(?:['’]s)?\s+)?"
    r"(?:response|comment|reply|answer|accepted|partially accepted|rejected|not accepted|"
    r"agreed)\b\s*[:.–—-]?", re.I)  # fmt: skip
_OF_CONTENTS = re.compile(r"^(?:\S+\s+){1,8}\d{1,3}$")  # "13 Recommendations for the Board 19"
_ENDS = re.compile(r"[.!?:;”’\")\]]\s*$")
_HEAD = re.compile(r"^\W*recommendation\s+(\d{1,3}(?:\.\d{1,3})*)\W*$", re.I)
# What teaches has numbers too, and is no recommendation.
_TAUGHT = re.compile(
    r"^\W*(?:\d{1,3}(?:[.-]\d{1,3})*[.):]?\s+)?(?:(?:key |overview )?(?:lesson|learning(?: point)?|"
    r"finding|theme|issue|question|practice episode)s?)\s*\d",
    re.I,
)
CUT = "The text of this recommendation seems to be cut off."
NOBODY = "Nobody is named who should do this."


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation and what is known of it.

    `addressee` is the words that name whom it is for, `kind` the kind of body, None where nobody
    is named. `duplicate_of` names the recommendation, or the part of one, into which it, or its
    part `repeats`, could be merged; `related` those to look at beside it. `flags` what is
    wrong.
    """

    name: str
    span: Span
    page: int
    text: str
    addressee: str | None
    kind: str | None
    action: str
    due: str | None
    measurable: bool
    duplicate_of: str | None = None
    repeats: str | None = None
    related: tuple[str, ...] = ()
    response: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """A recommendation while it is put together."""

    number: str
    span: Span
    page: int
    text: str
    parts: list[tuple[Span, str]]
    answer: list[str]
    below: list[str]


def recommendations(
    document: SafeDocument, passages: Sequence[Passage]
) -> tuple[Recommendation, ...]:
    """The recommendations of a document in order, with their answers and near-duplicates."""
    found = _collected(document, passages)
    made = [_made(one) for one in found]
    units = [list(_units(one, m.name)) for one, m in zip(found, made, strict=True)]
    return tuple(_with_kin(made, units))


def _collected(document: SafeDocument, passages: Sequence[Passage]) -> list[_Found]:
    """The runs of numbered demands, or else the passages that have the role."""
    by_role = [
        _Found(p.paragraph or _named(p), p.span, p.page, p.text, [], [], [])
        for p in passages
        if p.role is Role.RECOMMENDATION
        and _recommends(p)
        and not _OF_CONTENTS.search(p.text.rstrip())
    ]
    numbered = _numbered(document)
    if len(numbered) >= 3 and (not by_role or _any_shared(numbered, by_role)):
        return numbered
    return by_role


def _any_shared(some: Sequence[_Found], others: Sequence[_Found]) -> bool:
    """Whether the two have a place in common: else the run counts the story's own paragraphs."""
    spans = [span for one in some for span in (one.span, *(part for part, _ in one.parts))]
    return any(
        span.start < other.span.end and other.span.start < span.end
        for span in spans
        for other in others
    )


def _named(passage: Passage) -> str:
    """The number of a recommendation whose heading is nothing else."""
    mark = _HEAD.match(passage.heading or "")
    return mark[1] if mark else ""


def _recommends(passage: Passage) -> bool:
    """Whether a passage with the role asks for something: no question, no title, no aim told."""
    said = " ".join(passage.text.split())
    body = LEAD.sub("", said, count=1)
    if said.endswith((":", "?")):
        return False
    if claim.asks(said) or MUST.search(said) or THAT.match(body):
        return True
    named = re.search("recommend", f"{passage.heading or ''} {said[: len(said) - len(body)]}", re.I)
    return bool(named) and points.is_statement(passage)


def _numbered(document: SafeDocument) -> list[_Found]:
    """The longest run 1, 2, 3 … whose paragraphs demand something, what follows each its answer."""
    text = document.text.value
    runs: list[list[_Found]] = [[]]
    for block in document.blocks:
        said = " ".join(block.span.of(text).split())
        if block.kind in (BlockKind.FURNITURE, BlockKind.TABLE) or not said:
            continue
        current = runs[-1]
        mark = None if _TAUGHT.match(said) else _NUMBERED.match(said)
        number = int(mark[1].split(".")[-1]) if mark else 0
        due = len(current) + 1
        if mark and number == due and (MUST.search(said) or TO_DO.match(said[mark.end() :])):
            current.append(_Found(str(number), block.span, block.page, said, [], [], []))
        elif mark and number == 1 and current and MUST.search(said):
            runs.append([_Found("1", block.span, block.page, said, [], [], [])])
        elif current:
            _goes_on(current[-1], block.kind, block.span, said)
    found = max(runs, key=lambda run: (_says_so(run), len(run)))
    if 2 * sum(bool(one.answer) for one in found) > len(found):
        for one in found:  # a short answer without a full stop was read as a heading
            one.answer = one.answer or one.below[:1]
    elif found and not (found[-1].answer and _ANSWER.match(found[-1].answer[0])):
        found[-1].answer.clear()  # the rest of the report follows the last one
    return found


def _says_so(run: Sequence[_Found]) -> bool:
    """Whether a run of at least three calls its members recommendations."""
    return len(run) >= 3 and all(re.search(r"\brecommendation", r.text[:40], re.I) for r in run)


def _goes_on(last: _Found, kind: BlockKind, span: Span, said: str) -> None:
    """What follows a recommendation: its bullets, a second paragraph of it, or its answer."""
    if kind is BlockKind.HEADING:
        last.below.append(said)
        return
    open_list = last.parts and re.search(r"(?:[;,]|\band)\s*$", last.parts[-1][1])
    if kind is BlockKind.BULLET and open_list:
        last.answer.clear()  # a stray line inside a list
    if (kind is BlockKind.BULLET and not last.answer) or (
        not last.answer and len(said.split()) > 3 and not _ANSWER.match(said) and _torn(last, said)
    ):
        last.parts.append((span, said))
    else:
        last.answer.append(said)


def _torn(last: _Found, said: str) -> bool:
    """Whether a paragraph goes on in the middle of a sentence of the recommendation."""
    whole = last.parts[-1][1] if last.parts else last.text
    return bool(re.match(r"[a-z(]", said)) and not _ENDS.search(whole)


def _made(one: _Found) -> Recommendation:
    body = LEAD.sub("", one.text, count=1)
    whole = " ".join([body, *(p for _, p in one.parts)])
    addressee, action = whom(body)
    kind = kind_of(addressee) if addressee else None
    due = deadline(whole)
    flags = []
    if kind is None:
        addressee = None
        flags.append(NOBODY)
    if _cut(body, one.parts):
        flags.append(CUT)
    return Recommendation(
        name=one.number,
        span=one.span,
        page=one.page,
        text=whole,
        addressee=addressee,
        kind=kind,
        action=action,
        due=due,
        measurable=bool(due or lists().measures.search(whole)),
        response=" ".join(one.answer) or None,
        flags=tuple(flags),
    )


def _cut(body: str, parts: Sequence[tuple[Span, str]]) -> bool:
    """Whether the last sentence breaks off: no stop, and an end that wants a word after it."""
    last = (parts[-1][1] if parts else body).rstrip()
    if _ENDS.search(last):
        return False
    words = re.findall(r"[\w’'-]+", last)
    return bool(words) and not last[-1].isdigit() and _wants_more(words)


_OPEN_ENDS = frozenset(
    "a an the and or of to in on at by for from with within their its his her our your this that "
    "these those is are be as frontline social all each every any which who multi local "
    "should must shall will".split()
)


def _wants_more(words: Sequence[str]) -> bool:
    last = words[-1].lower()
    return last in _OPEN_ENDS or len(words) > 12


def _units(one: _Found, name: str) -> Iterator[tuple[str, str]]:
    """What can be a duplicate: the recommendation, and each of its bullets by itself."""
    yield name, LEAD.sub("", one.text, count=1)
    for number, (_, text) in enumerate(one.parts, start=1):
        yield f"{name}.{number}", LEAD.sub("", text, count=1)


def _with_kin(
    made: Sequence[Recommendation], units: Sequence[Sequence[tuple[str, str]]]
) -> Iterator[Recommendation]:
    """The recommendations with what they double and what they are near to."""
    named = Counter(row.name for row in made)
    owner = {unit[0]: row for row, own in zip(made, units, strict=True) for unit in own}
    merges: dict[str, tuple[str, str]] = {}
    links: dict[str, list[str]] = {}
    # What has no name, or one that others have too, cannot be pointed at.
    told = [u for row, own in zip(made, units, strict=True) for u in own if named[row.name] == 1]
    for how, one, other in kin([u for u in told if u[0]]):
        if how == MERGE:
            merges.setdefault(owner[other].name, (one, other))
        else:
            links.setdefault(owner[other].name, []).append(one)
    for row in made:
        double, own = merges.get(row.name, (None, None))
        near = tuple(links.get(row.name, ())[:MOST_RELATED])
        yield replace(row, duplicate_of=double, repeats=own, related=near)


def kin(units: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Pairs of units that say nearly the same: to merge, or only to look at together.

    Words that many units have weigh little; what only the opening has in common is no likeness
    where the acts differ.
    """
    if len(units) > MOST_UNITS:
        return ()
    bags = [Counter(_asked(text)[1]) for _, text in units]
    often = Counter(w for bag in bags for w in bag)
    weight = {w: 1.0 / (1 + n) for w, n in often.items()}
    rows = []
    for i, bag in enumerate(bags):
        for j in range(i):
            if units[i][0].partition(".")[0] == units[j][0]:
                continue  # a part of a recommendation and its own opening
            score = _alike(bag, bags[j], weight)
            again = _opens_alike(units[j][1], units[i][1], often)
            if score >= KIN or again:
                how = MERGE if score >= ALIKE or again else LINK
                rows.append((round(score, 4), how, units[j][0], units[i][0]))
    return tuple((how, a, b) for _, how, a, b in sorted(rows, key=lambda r: (-r[0], r[2], r[3])))


def _opens_alike(one: str, other: str, often: Counter[str]) -> bool:
    """Whether two demands ask the same body for the same act, and share what is rare besides."""
    (who, a), (whom, b) = _asked(one), _asked(other)
    if not who or who != whom:
        return False
    if len(a) <= OPENING or a[:OPENING] != b[:OPENING]:
        return False
    rest, theirs = set(a[OPENING:]), set(b[OPENING:])
    rare = {w for w in rest & theirs if often[w] <= RARE}
    return bool(rare) and len(rest & theirs) >= SHARED * len(rest | theirs)


@lru_cache(maxsize=2048)
def _asked(text: str) -> tuple[str | None, tuple[str, ...]]:
    """Whom a demand names, and the content of what it asks for."""
    who, action = whom(text)
    return who, tuple(wording.content(wording.words(action)))


def _alike(a: Counter[str], b: Counter[str], weight: dict[str, float]) -> float:
    both = sum(weight[w] * n for w, n in (a & b).items())
    every = sum(weight[w] * n for w, n in (a | b).items())
    return both / every if every else 0.0
