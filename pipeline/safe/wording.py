"""Two wordings of one statement: what of the meaning one of them changed, by closed word lists."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.installed import shipped

Words = tuple[str, ...]

_WORD = re.compile(r"\[[^\]\n]{1,60}\]|\d+(?:[.,]\d+)*%?|[^\W\d_]+(?:'[^\W\d_]+)*")
_LEAD = re.compile(
    r"^[^\w\[]*(?:\d{1,3}(?:[.-]\d{1,3})*[.):]?\s+)?(?:(?:(?:key |overview )?(?:lesson|"
    r"learning point|"
    r"learning|finding|recommendation|action|theme)s?\s*\d+(?:\.\d+)*|"
    r"R\d+(?:\.\d+)*)\s*[:.–—-]?\s+)?",
    re.I,
)
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = dict(
    zip(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        range(20, 100, 10),
        strict=True,
    )
)
NUMBERS = {word: n for n, word in enumerate(_UNITS)} | _TENS
_BE = frozenset("is are was were be been being am".split())
_HAVE = frozenset("has have had having".split())
_DO = frozenset("does do did doing done".split())
# Below this share of common words two texts say the same in other words, if they do.
REWORDED = 0.5


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of configs/lists/drifts.toml, phrases as words."""

    modals: dict[Words, int]
    quantities: dict[Words, int]
    negations: frozenset[str]
    trends: dict[Words, int]
    openers: frozenset[Words]
    actors: frozenset[str]
    qualifiers: frozenset[str]
    severe: frozenset[str]
    mild: frozenset[str]
    general: frozenset[str]
    light: frozenset[str]
    same: dict[str, str]


@lru_cache(maxsize=1)
def _shipped() -> Path:
    return shipped("configs/lists/drifts.toml")


@lru_cache(maxsize=4)
def lists(path: Path | None = None) -> Lists:
    """The word lists that ship with the program, or those of another file of the same form."""
    try:
        read = tomllib.loads((path or _shipped()).read_text(encoding="utf-8"))
        return Lists(
            modals=_levels(read["modals"]),
            quantities=_levels(read["quantities"]),
            negations=frozenset(read["negations"]["words"]),
            trends=_levels({"1": read["trends"]["words"]}),
            openers=frozenset(tuple(o.split()) for o in read["conditions"]["openers"]),
            actors=frozenset(map(stem, read["actors"]["words"])),
            qualifiers=frozenset(map(stem, read["actors"]["qualifiers"])),
            severe=frozenset(map(stem, read["judgements"]["severe"])),
            mild=frozenset(map(stem, read["judgements"]["mild"])),
            general=frozenset(map(stem, read["general"]["words"])),
            light=frozenset(map(stem, read["light"]["words"])),
            same={stem(a): stem(b) for a, b in read["same"]["pairs"]},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            "The list of words of drifts cannot be read. Nothing was compared. Compare it with "
            "the one that ships with Candour (configs/lists/drifts.toml)."
        ) from error


def _levels(rows: dict[str, list[str]]) -> dict[Words, int]:
    return {tuple(phrase.split()): int(level) for level, row in rows.items() for phrase in row}


def words(text: str) -> Words:
    """The words of a statement as they are compared: small, no number or lead, digits.

    >>> words("R2. Twenty-one front-line teams recognize it; they can't.")
    ('21', 'front', 'line', 'teams', 'recognise', 'it', 'they', 'can', 'not')
    """
    flat = _LEAD.sub("", " ".join(text.split()), count=1).lower()
    flat = flat.replace("’", "'").replace("‘", "'").replace("can't", "can not")
    flat = flat.replace("n't", " not").replace("cannot", "can not").replace("per cent", "%")
    found = [m[0].removesuffix("'s").strip("'") for m in _WORD.finditer(flat)]
    return tuple(_digits([re.sub(r"iz(e|es|ed|ing|ation)\b", r"is\1", w) for w in found if w]))


def _digits(found: Sequence[str]) -> list[str]:
    made: list[str] = []
    for word in found:
        before = made[-1] if made else ""
        if word in NUMBERS and word != "one":
            made.append(str(NUMBERS[word]))
        else:
            made.append(word)
        tens = before.isdigit() and int(before) in _TENS.values()
        if tens and word in _UNITS[1:10] and found:
            made[-2:] = [str(int(before) + NUMBERS[word])]
    return made


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without the ending of its number or tense.

    >>> [stem(w) for w in ("agencies", "assessments", "was", "identified", "identifies")]
    ['agency', 'assessment', 'be', 'identify', 'identify']
    """
    for forms, base in ((_BE, "be"), (_HAVE, "have"), (_DO, "do")):
        if word in forms:
            return base
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            bare = word[: -len(ending)]
            return bare[:-1] if bare[-1] == bare[-2] and bare[-1] not in "ls" else bare.rstrip("e")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "ches", "shes", "xes")) else word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


def content(found: Iterable[str]) -> list[str]:
    """The stems of the words that say something, equal ones in one form."""
    known = lists()
    return [known.same.get(s, s) for s in map(stem, found) if s not in known.light]


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which the second wording departs: a key of WHY, and how sure it is."""

    key: str
    score: float


WHY = {
    "polarity": "The summary says the opposite: a negation was put in or taken out.",
    "weaker": "The summary is weaker: what must or should be, or is, became what may be.",
    "stronger": "The summary is stronger: what may or should be became what must be, or is.",
    "described": "A demand of the report became a description in the summary.",
    "narrower": "The summary narrows how much or how often this holds.",
    "wider": "The summary widens how much or how often this holds.",
    "number": "A number differs.",
    "condition": "A condition was put in or left out.",
    "actor": "Who acts, or of whom this is said, was changed, narrowed or widened.",
    "trend": "A trend or a comparison in time was put in or left out.",
    "softer": "A judgement was softened.",
    "harder": "A judgement was sharpened.",
    "general": "What is spoken of became more general.",
    "added": "The summary adds something that the report does not say here.",
    "dropped": "The summary leaves out a part of the statement.",
    "other": "A word was exchanged for another one.",
    "rewritten": "The summary says this in other words; compare the two.",
}


def same(full: str, summary: str) -> bool:
    """Whether two wordings are one but for capitals, stops, quotes, spelling and light words."""
    return not changes(full, summary)


def overlap(full: str, summary: str) -> float:
    """The share of the shorter statement's content that the other one has."""
    a, b = Counter(content(words(full))), Counter(content(words(summary)))
    least = min(a.total(), b.total())
    return (a & b).total() / least if least else 0.0


def changes(full: str, summary: str) -> tuple[Change, ...]:
    """What the summary's wording changes, the surest first; none where they are the same.

    >>> [c.key for c in changes("Staff must record it.", "staff may record it")]
    ['weaker']
    >>> changes("Staff must record it.", "“Staff must record it”")
    ()
    """
    a, b = words(full), words(summary)
    if a == b or "".join(a) == "".join(b):
        return ()
    found = {c.key: c for c in (*_graded(a, b), *_stretches(a, b))}
    ranked = sorted(found.values(), key=lambda c: (-c.score, c.key))
    if overlap(full, summary) < REWORDED:
        return (Change("rewritten", 0.6), *(c for c in ranked if c.key not in ("other", "dropped")))
    return tuple(ranked)


def _graded(a: Words, b: Words) -> list[Change]:
    """Changes of strength, amount, number and negation, counted over the whole statement."""
    known = lists()
    found: list[Change] = []
    before, after = _negated(a), _negated(b)
    if before != after:
        found.append(Change("polarity", 0.9 if abs(before - after) % 2 else 0.7))
    found += _moved(a, b, known.modals, ("weaker", "stronger", "described", ""))
    found += _moved(a, b, known.quantities, ("narrower", "wider", "wider", "narrower"))
    if Counter(filter(_is_number, a)) != Counter(filter(_is_number, b)):
        found.append(Change("number", 0.95))
    if (ors := a.count("or") - b.count("or")) != 0:
        found.append(Change("narrower" if ors > 0 else "wider", 0.6))
    if _met(a, known.trends) != _met(b, known.trends):
        found.append(Change("trend", 0.75))
    return found


def _is_number(word: str) -> bool:
    return word[0].isdigit()


def _negated(found: Words) -> int:
    known = lists()
    return sum(w in known.negations for w in found) - sum(
        pair in (("not", "only"), ("not", "just")) for pair in pairwise(found)
    )


def _met(found: Words, phrases: dict[Words, int]) -> Counter[int]:
    """The levels of the phrases in a text, the longest phrase first."""
    longest = max(map(len, phrases))
    met: Counter[int] = Counter()
    at = 0
    while at < len(found):
        for size in range(longest, 0, -1):
            level = phrases.get(found[at : at + size])
            if level is not None and len(found[at : at + size]) == size:
                met[level] += 1
                at += size
                break
        else:
            at += 1
    return met


def _moved(
    a: Words, b: Words, phrases: dict[Words, int], keys: tuple[str, str, str, str]
) -> list[Change]:
    """Whether the levels fell, rose, or one was only dropped or only put in."""
    before, after = _met(a, phrases), _met(b, phrases)
    lost, won = before - after, after - before
    if lost and won:
        fell = sum(lost.elements()) / lost.total() > sum(won.elements()) / won.total()
        return [Change(keys[0] if fell else keys[1], 0.9)]
    if lost:
        return [Change(keys[2], 0.7)] if keys[2] else []
    if won:
        key = keys[3] or ("weaker" if min(won) <= 1 else "stronger")
        return [Change(key, 0.8)]
    return []


def _stretches(a: Words, b: Words) -> list[Change]:
    """Changes by the stretches in which the two wordings differ."""
    left, right = [_form(w) for w in a], [_form(w) for w in b]
    # A word that only moved to another place says nothing new.
    spare_a = Counter(left) - Counter(right)
    spare_b = Counter(right) - Counter(left)
    found: list[Change] = []
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal" or "".join(a[i:j]) == "".join(b[k:m]):
            continue
        old = [w for w in a[i:j] if spare_a[_form(w)]]
        new = [w for w in b[k:m] if spare_b[_form(w)]]
        following = a[j] if j < len(a) else ""
        found += _stretch(tuple(old), tuple(new), a[i:j], b[k:m], following)
    return found


def _form(word: str) -> str:
    bare = stem(word)
    return lists().same.get(bare, bare)


@lru_cache(maxsize=1)
def _graded_words() -> frozenset[str]:
    """The single words that are counted over the whole statement already."""
    known = lists()
    phrases = (*known.modals, *known.quantities, *known.trends)
    return frozenset({w[0] for w in phrases if len(w) == 1} | known.negations - known.severe)


def _stretch(old: Words, new: Words, left: Words, right: Words, following: str) -> list[Change]:
    known, counted = lists(), _graded_words()
    gone = content(w for w in old if w not in counted and not _is_number(w))
    come = content(w for w in new if w not in counted and not _is_number(w))
    found: list[Change] = []
    if _opens(left) != _opens(right) and content(left if _opens(left) else right):
        found.append(Change("condition", 0.85))
    if not gone and not come:
        return found
    one_sided = bool(old and new) and not (gone and come)
    if one_sided and len(gone or come) == 1 and set(gone or come) <= known.general:
        return found  # one word that says little for another
    actor = set(gone) & known.actors, set(come) & known.actors
    if gone and come:
        if actor[0] or actor[1]:
            found.append(Change("actor", 0.8))
        if set(gone) & known.severe and set(come) & known.mild:
            found.append(Change("softer", 0.85))
        elif set(come) & known.severe and set(gone) & known.mild:
            found.append(Change("harder", 0.8))
        elif set(come) & known.general and not set(gone) & known.general:
            found.append(Change("general", 0.75))
        if len(come) - len(gone) >= 4:
            found.append(Change("added", 0.7))
        if len(gone) - len(come) >= 4:
            found.append(Change("dropped", 0.7))
        return found or [Change("other", 0.55)]
    side = come or gone
    if (stem(following) in known.actors and len(side) <= 2) or set(side) <= known.qualifiers:
        found.append(Change("actor", 0.8))
    if len(side) >= 2 or not found:
        found.append(Change("added" if come else "dropped", 0.7 if len(side) > 2 else 0.6))
    return found


def _opens(side: Words) -> bool:
    """Whether a stretch opens a condition within its first three words."""
    known = lists()
    return any(
        side[at : at + size] in known.openers
        for at in range(min(3, len(side)))
        for size in (1, 2, 3)
    )
