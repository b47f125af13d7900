"""Recommendations of a report: to whom, what, by when, measurable or not, said twice, answered."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.safe import wording
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
    r"^\W*(?:(?:\d{1,2}[.-]){0,3}\s*)?(?:recommendation\s+|R)?(\d{1,3}(?:\.\d{1,3})*)[.:)]?\s+",
    re.I,
)
_LEAD = re.compile(
    r"^\W*(?:\d{1,3}(?:[.-]\d{1,3})*[.):]?\s+)?(?:(?:recommendation|action|"
    r"R)\s*\d+(?:\.\d+)*\s*[:.–—-]?\s*)?",
    re.I,
)
_MUST = re.compile(
    r"\b(?:should|must|shall|needs? to|ought to|is to|are to|be (?:established|published|"
    r"introduced))\b",
    re.I,
)
_TO_DO = re.compile(
    r"^(?P<who>(?:[^.;:]{3,260}?))\s+(?:(?:may (?:wish|want) to|should|must|shall|needs? to|"
    r"ought to|is to|are to|will|to)\b)",
    re.I,
)
_THAT = re.compile(
    r"^(?:that|(?:(?:it is|we|(?:the|this) [\w ]{3,40}?)\s+)?recommend(?:s|ed)?\s+that)\s+", re.I
)
_DOES = re.compile(  # "It is recommended that the school review its plan": no verb but the act's
    r"^(?P<who>[^.;:]{2,120}?)\s+(?=(?:urgently\s+|regularly\s+)?(?:reviews?|ensures?|develops?|"
    r"audits?|considers?|establish(?:es)?|promotes?|reminds?|strengthens?|commissions?|"
    r"introduces?|implements?|writes?|agrees?|produces?|revises?|updates?|records?|seeks?|"
    r"provides?|makes?|shares?|trains?|publish(?:es)?|adopts?|takes?)\b)", re.I)  # fmt: skip
_IMPERATIVE = re.compile(
    r"^(?:to\s+)?(?:urgently\s+|regularly\s+)?(?:review|ensure|develop|disseminate|audit|"
    r"consider|establish|promote|remind|"
    r"strengthen|commission|introduce|implement|write|agree|produce|revise|update|work|challenge|"
    r"support|raise|gather|lead|have|put|provide|make|share|seek|train|challenging|supporting|"
    r"raising|leading|having|working|gathering|commissioning|ensuring|"
    r"developing)\b", re.I)  # fmt: skip
_DUE = re.compile(
    r"\b(?:(?:with)?in|by|before|no later than|not later than|until|"
    r"after)\s+(?:the\s+)?(?:end of\s+)?"
    r"(?:the next\s+|at most\s+)?(?:(?:\d+|one|two|three|four|five|six|nine|ten|twelve|"
    r"eighteen)\s+(?:working\s+)?"
    r"(?:days|weeks|months|years|day|week|month|year)(?:\s+of\s+[^.,;]{3,40})?|"
    r"(?:\d{1,2}\s+)?(?:January|February|March|"
    r"April|May|June|July|August|September|October|November|December)(?:\s+(?:19|20)\d\d)?|"
    r"(?:from\s+)?(?:19|20)\d\d(?:/\d\d)?|"
    r"the (?:year|month|financial year))\b|\bin the coming (?:weeks|months|year)\b|\bimmediately\b|"
    r"\bas soon as (?:is )?(?:possible|practicable)\b", re.I)  # fmt: skip
_ANSWER = re.compile(
    r"^\W*(?:(?:the\s+)?(?:government|board|agency|council|trust|department|"
    r"partnership)(?:['’]s)?\s+)?"
    r"(?:response|comment|reply|answer|accepted|partially accepted|rejected|not accepted|"
    r"agreed)\b\s*[:.–—-]?", re.I)  # fmt: skip
_OF_CONTENTS = re.compile(r"^(?:\S+\s+){1,8}\d{1,3}$")  # "13 Recommendations for the Board 19"
_ENDS = re.compile(r"[.!?:;”’\")\]]\s*$")
CUT = "The text of this recommendation seems to be cut off."
NOBODY = "Nobody is named who should do this."


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of configs/lists/addressees.toml."""

    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    measures: re.Pattern[str]


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


@lru_cache(maxsize=1)
def _shipped() -> Path:
    return shipped("configs/lists/addressees.toml")


@lru_cache(maxsize=4)
def lists(path: Path | None = None) -> Lists:
    """The lists that ship with the program, or those of another file of the same form."""
    try:
        read = tomllib.loads((path or _shipped()).read_text(encoding="utf-8"))
        return Lists(
            tuple((kind, re.compile(pattern, re.I)) for kind, pattern in read["kinds"]),
            re.compile("|".join(f"(?:{p})" for p in read["measures"]), re.I),
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise UsageError(
            "The list of addressees cannot be read. No recommendation was listed. Compare it with "
            "the one that ships with Candour (configs/lists/addressees.toml)."
        ) from error


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
        _Found(p.paragraph or "", p.span, p.page, p.text, [], [], [])
        for p in passages
        if p.role is Role.RECOMMENDATION
        and not p.text.rstrip().endswith(":")
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


def _numbered(document: SafeDocument) -> list[_Found]:
    """The longest run 1, 2, 3 … whose paragraphs demand something, what follows each its answer."""
    text = document.text.value
    runs: list[list[_Found]] = [[]]
    for block in document.blocks:
        said = " ".join(block.span.of(text).split())
        if block.kind in (BlockKind.FURNITURE, BlockKind.TABLE) or not said:
            continue
        current = runs[-1]
        mark = _NUMBERED.match(said)
        number = int(mark[1].split(".")[-1]) if mark else 0
        due = len(current) + 1
        if mark and number == due and (_MUST.search(said) or _TO_DO.match(said[mark.end() :])):
            current.append(_Found(str(number), block.span, block.page, said, [], [], []))
        elif mark and number == 1 and current and _MUST.search(said):
            runs.append([_Found("1", block.span, block.page, said, [], [], [])])
        elif current:
            _goes_on(current[-1], block.kind, block.span, said)
    found = max(runs, key=len)
    if 2 * sum(bool(one.answer) for one in found) > len(found):
        for one in found:  # a short answer without a full stop was read as a heading
            one.answer = one.answer or one.below[:1]
    return found


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
    body = _LEAD.sub("", one.text, count=1)
    whole = " ".join([body, *(p for _, p in one.parts)])
    addressee, action = _who(body)
    kind = _kind(addressee) if addressee else None
    due = _DUE.search(whole)
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
        due=due[0] if due else None,
        measurable=bool(due or lists().measures.search(whole)),
        response=" ".join(one.answer) or None,
        flags=tuple(flags),
    )


def _who(body: str) -> tuple[str | None, str]:
    """Whom a demand names, and what is to be done."""
    bare = _THAT.sub("", body)
    if re.match(r"(?:whether|where|if|when|while|in|following|as|given)\b[^,]*, ", bare, re.I):
        bare = bare.split(", ", 1)[1]
    found = _TO_DO.match(bare) or (_DOES.match(bare) if bare != body else None)
    if found is None or _IMPERATIVE.match(bare) or re.search(r"\bbe \w+ed$", found["who"]):
        return None, bare
    return found["who"].strip(" ,"), bare[found.end() :].strip()


def addressed(text: str) -> tuple[str | None, str | None]:
    """Whom a demand names, and the kind of body; None for both where it names nobody.

    >>> addressed("2. The Department for Education should publish the figures.")
    ('The Department for Education', 'government')
    """
    who, _ = _who(_LEAD.sub("", text, count=1))
    return who, _kind(who) if who else None


def _kind(who: str) -> str | None:
    head = (
        re.split(
            r", (?:working|together|in (?:consultation|partnership|conjunction|collaboration))\b|"
            r"\b(?:that|which|who|reviewing|on|for the)\b",
            who,
        )[0]
        or who
    )
    for kind, pattern in lists().kinds:
        if pattern.search(head):
            return kind
    return None


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
    yield name, _LEAD.sub("", one.text, count=1)
    for number, (_, text) in enumerate(one.parts, start=1):
        yield f"{name}.{number}", _LEAD.sub("", text, count=1)


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
    who, action = _who(text)
    return who, tuple(wording.content(wording.words(action)))


def _alike(a: Counter[str], b: Counter[str], weight: dict[str, float]) -> float:
    both = sum(weight[w] * n for w, n in (a & b).items())
    every = sum(weight[w] * n for w, n in (a | b).items())
    return both / every if every else 0.0
