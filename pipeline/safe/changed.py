"""What of a statement's meaning another wording of it changed, by closed word lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from pipeline.safe.wording import Words, content, form, graded_words, is_number, lists, stem, words

# Below this share of common words two texts say the same in other words, if they do.
REWORDED = 0.5
CLAUSE = 3  # words that say something: a stretch that only one side has is then a clause
_BAND = re.compile(r"\[[^\]]*\d+ (?:to|months|years|years old)\b[^\]]*\]|\[(?:age|date|year|month)")
_PLAIN = frozenset("not no never none nobody nor neither cannot without nothing".split())
_DEMANDS = frozenset(("should", "must", "shall", "ought", "need", "needs", "will"))


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
    "number": "A number differs, or was put in.",
    "uncounted": "A number of the report was left out.",
    "twice": "More than one negation was put in or taken out: see whether the sense is the same.",
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
    if a == b or "".join(a) == "".join(b) or full.casefold() == summary.casefold():
        return ()
    found = ranked((*_graded(a, b), *_stretches(a, b)))
    if overlap(full, summary) < REWORDED:
        return (Change("rewritten", 0.6), *(c for c in found if c.key not in ("other", "dropped")))
    return found


def without_moved_numbers(found: Sequence[Change], full: str, summary: str) -> tuple[Change, ...]:
    """The changes of several sentences without a number that only moved from one to another."""
    left, right = (Counter(filter(is_number, words(text))) for text in (full, summary))
    same_numbers = left == right and all(c.score < 0.9 for c in found if c.key == "number")
    return tuple(c for c in found if not (same_numbers and c.key in ("number", "uncounted")))


def ranked(found: Iterable[Change]) -> tuple[Change, ...]:
    """One change of each key, the surest first."""
    best: dict[str, Change] = {}
    for one in found:
        if one.key not in best or one.score > best[one.key].score:
            best[one.key] = one
    return tuple(sorted(best.values(), key=lambda c: (-c.score, c.key)))


def _graded(a: Words, b: Words) -> list[Change]:
    """Changes of strength, amount, number and negation, counted over the whole statement.

    A clause that was left out or put in takes its own with it: it is told as such.
    """
    known = lists()
    kept, said = _without_clauses(a, b)
    found = _turned(kept, said)
    found += _moved(kept, said, known.modals, ("weaker", "stronger", "described", ""))
    amounts = ("narrower", "wider", "wider", "narrower")
    if len(changed := _moved(kept, said, known.quantities, amounts)) and changed[0].score < 0.9:
        bare = [tuple(w for w in side if w not in known.weak) for side in (kept, said)]
        changed = _moved(bare[0], bare[1], known.quantities, amounts)
    found += changed
    found += _numbers(a, b)
    if (ors := kept.count("or") - said.count("or")) != 0 and not _exchanged_with(kept, said, "or"):
        found.append(Change("narrower" if ors > 0 else "wider", 0.6))
    if _met(kept, known.trends) != _met(b, known.trends):
        found.append(Change("trend", 0.75))
    return found


def _differences(a: Words, b: Words) -> list[tuple[int, int, int, int]]:
    left, right = [form(w) for w in a], [form(w) for w in b]
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [(i, j, k, m) for tag, i, j, k, m in codes if tag != "equal"]


def _without_clauses(a: Words, b: Words) -> tuple[Words, Words]:
    """The two wordings without the clauses that only one of them has."""
    spare_a, spare_b = Counter(map(form, a)), Counter(map(form, b))
    out_a: set[int] = set()
    out_b: set[int] = set()
    for i, j, k, m in _differences(a, b):
        gone = content(w for w in a[i:j] if spare_a[form(w)] > spare_b[form(w)])
        come = content(w for w in b[k:m] if spare_b[form(w)] > spare_a[form(w)])
        if len(gone) >= CLAUSE and not come:
            out_a |= set(range(i, j))
        if len(come) >= CLAUSE and not gone:
            out_b |= set(range(k, m))
    return (
        tuple(w for n, w in enumerate(a) if n not in out_a),
        tuple(w for n, w in enumerate(b) if n not in out_b),
    )


def _exchanged_with(a: Words, b: Words, word: str) -> bool:
    """Whether a word stands in a stretch that was put in the place of another one."""
    return any(
        word in (*a[i:j], *b[k:m]) and content(a[i:j]) and content(b[k:m])
        for i, j, k, m in _differences(a, b)
    )


def _numbers(a: Words, b: Words) -> list[Change]:
    """Numbers that differ; what the summary hides as an age or a date is no other number."""
    left, right = (Counter(filter(is_number, side)) for side in (a, b))
    lost, won = left - right, right - left
    if lost and won:
        return [Change("number", 0.95)]
    if not lost and not won:
        return []
    hidden = Counter(w for w in (a if won else b) if _BAND.match(w))
    if (lost or won).total() <= (hidden - Counter(b if won else a)).total():
        return []
    return [Change("uncounted", 0.75) if lost else Change("number", 0.85)]


def _turned(a: Words, b: Words) -> list[Change]:
    """Whether a negation was put in or taken out."""
    known = lists()
    before, after = _negated(a), _negated(b)
    if before == after:
        return []
    fewer, more = (a, b) if before < after else (b, a)
    spare = (Counter(map(stem, fewer)) - Counter(map(stem, more))).keys()
    if abs(before - after) == 1 and spare & known.endings:
        return []  # "should end the use" is "should not use"
    named = [w for w, n in Counter(more).items() if w in known.negations and n > fewer.count(w)]
    if named and all(w in fewer and w not in _PLAIN for w in named):
        return []  # said twice there and once here: "failed visits", "a failed visit"
    return [Change("polarity", 0.9) if (before - after) % 2 else Change("twice", 0.7)]


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
    if lost and not won and keys[2] == "described":
        # "should read it and should sign it", "should read it and sign it"
        lost = Counter({level: n for level, n in lost.items() if not after[level]})
        if lost and max(lost) <= 1:
            return [Change("stronger", 0.7)]
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
    # A word that only moved to another place says nothing new.
    forms_a, forms_b = Counter(map(form, a)), Counter(map(form, b))
    spare_a, spare_b = forms_a - forms_b, forms_b - forms_a
    found: list[Change] = []
    for i, j, k, m in _differences(a, b):
        if "".join(a[i:j]) == "".join(b[k:m]):
            continue
        old = tuple(w for w in a[i:j] if spare_a[form(w)])
        new = tuple(w for w in b[k:m] if spare_b[form(w)])
        old, new = _unlabelled(old, new)
        following = a[j] if j < len(a) else ""
        found += _stretch(old, new, (a[i:j], b[k:m]), following)
        found += _asked_of(a, i, old) + _asked_of(b, k, new)
    return found


def _unlabelled(old: Words, new: Words) -> tuple[Words, Words]:
    """Two stretches without a label on one side that hides what the other side says."""
    bodies = lists().bodies
    for side, other in ((old, new), (new, old)):
        for label in (w for w in side if w[0] == "["):
            kind = re.sub(r" \d+$", "", label.strip("[]"))
            said = {w for w in other if stem(w) in bodies.get(kind, frozenset())}
            if said or (_BAND.match(label) and any(map(is_number, other))):
                said |= {w for w in other if is_number(w) or w in ("year", "years", "old")}
                left = (
                    tuple(w for w in side if w != label),
                    tuple(w for w in other if w not in said),
                )
                return left if side is old else left[::-1]
    return old, new


def _asked_of(words_: Words, at: int, side: Words) -> list[Change]:
    """Whether a body was put in or left out among those of whom something is asked."""
    demand = next((n for n, w in enumerate(words_) if w in _DEMANDS), 0)
    named = set(content(side)) & lists().actors
    return [Change("actor", 0.8)] if at < demand and named else []


def _stretch(old: Words, new: Words, whole: tuple[Words, Words], following: str) -> list[Change]:
    known, counted = lists(), graded_words()
    left, right = whole
    gone = content(w for w in old if w not in counted and not is_number(w))
    come = content(w for w in new if w not in counted and not is_number(w))
    found: list[Change] = []
    if _opens(left) != _opens(right):
        stretch, opening = (old, left) if _opens(left) else (new, right)
        if content(stretch) and set(opening) & {*old, *new}:
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
