"""How rare what is left in a text is: who shares its combination of facts among the reviews.

It counts reviews of this workspace, and says nothing of who else could be meant. A review that
shares its facts with many others can still be recognised by somebody who knows the case.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.safe.lesson import NOT_STATED, SafeDocument, SafeFacts

LEAST = 50  # reviews, below which nothing is judged
FEW = 5  # reviews that share a combination, below which it is rare
DRAWS = 200
NOT_KNOWN = "not known to the library"
TOO_FEW = "too few to judge"
ALONE = "the only one"
RARE = "rare"
SHARED = "shared"
NO_FACTS = "no fact is stated"
_SIBLING = re.compile(r"\[(?:half-|step-)?(?:sibling|brother|sister)(?: (\d+))?\]", re.I)

Value = str | frozenset[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A combination of facts, how many reviews share it, and what makes it rare.

    `k` counts reviews that state every one of these facts alike; `at_most` also those that do
    not state one of them and so may share it. `rare_by` is the fact without which most reviews
    share the rest, "" where no single one makes a difference. `control` is the share of random
    combinations of as many facts that are as rare.
    """

    review: str
    facts: tuple[tuple[str, str], ...]
    k: int
    at_most: int
    without: tuple[tuple[str, int], ...]
    by_itself: tuple[tuple[str, int], ...]
    rare_by: str
    control: float
    control_k: int
    verdict: str
    draft: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """The facts of every review that is registered, by review, and which texts are drafts."""

    facts: Mapping[str, Mapping[str, Value]]
    drafts: frozenset[str] = frozenset()

    def judged(self, review: str) -> Judged | None:
        """How rare a review's combination is; None where the library has no text of it."""
        own = self.facts.get(review)
        if own is None:
            return None
        names = tuple(name for name in FACTS if name in own)
        k, at_most = self._sharing(own, names), self._maybe(own, names)
        without = tuple((n, self._sharing(own, [m for m in names if m != n])) for n in names)
        control, control_k = self._control(review, len(names), k)
        return Judged(
            review=review,
            facts=tuple((name, _shown(own[name])) for name in names),
            k=k,
            at_most=at_most,
            without=without,
            by_itself=tuple((name, self._sharing(own, [name])) for name in names),
            rare_by=_most(without, k),
            control=control,
            control_k=control_k,
            verdict=self._verdict(k, names),
            draft=review in self.drafts,
        )

    def _verdict(self, k: int, names: Sequence[str]) -> str:
        if not names:
            return NO_FACTS
        if len(self.facts) < LEAST:
            return TOO_FEW
        return ALONE if k == 1 else RARE if k < FEW else SHARED

    def _sharing(self, own: Mapping[str, Value], names: Sequence[str]) -> int:
        return sum(
            all(name in other and _alike(own[name], other[name]) for name in names)
            for other in self.facts.values()
        )

    def _maybe(self, own: Mapping[str, Value], names: Sequence[str]) -> int:
        return sum(
            all(name not in other or _alike(own[name], other[name]) for name in names)
            for other in self.facts.values()
        )

    def _control(self, review: str, many: int, k: int) -> tuple[float, int]:
        """Random combinations of as many facts of random reviews: how many are as rare, the median.

        Drawn by the review's id, so that the same question has the same answer.
        """
        able = sorted(name for name, own in self.facts.items() if len(own) >= many)
        if not many or not able:
            return 0.0, 0
        seed = int.from_bytes(hashlib.sha256(review.encode()).digest()[:8], "big")
        drawn = random.Random(seed)
        counts = []
        for _ in range(DRAWS):
            own = self.facts[drawn.choice(able)]
            names = drawn.sample(sorted(own), many)
            counts.append(self._sharing(own, names))
        counts.sort()
        return round(sum(count <= k for count in counts) / DRAWS, 2), counts[DRAWS // 2]


def siblings(document: SafeDocument) -> str:
    """How many siblings the labels of a text tell apart; "not stated" where they tell of none.

    Only what a reader of the text can count: a label without a number is one sibling.
    """
    found = [match for swap in document.swaps if (match := _SIBLING.fullmatch(swap.label))]
    told = {match.group().lower() for match in found}
    return str(len(told)) if told else NOT_STATED


def people(documents: Iterable[SafeDocument]) -> People:
    """The facts of some texts, one text a review."""
    facts, drafts = {}, set()
    for one in documents:
        facts[one.review] = _stated(one)
        if one.draft:
            drafts.add(one.review)
    return People(facts, frozenset(drafts))


# The facts that a combination is made of, as readers call them.
FACTS: Mapping[str, Callable[[SafeFacts], str | tuple[str, ...]]] = {
    "age band": lambda facts: facts.age_band,
    "sex": lambda facts: facts.sex,
    "siblings": lambda facts: NOT_STATED,
    "harm": lambda facts: facts.harm,
    "year": lambda facts: facts.year,
    "kind of review": lambda facts: facts.kind,
}
# What an officer may look for here in vain, and why.
UNKNOWN = (("ethnicity", NOT_KNOWN),)


def _stated(document: SafeDocument) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, of in FACTS.items():
        value = siblings(document) if name == "siblings" else of(document.facts)
        if isinstance(value, tuple):
            if value:
                found[name] = frozenset(value)
        elif value != NOT_STATED:
            found[name] = value
    return found


def _alike(own: Value, other: Value) -> bool:
    """Whether another review has the same value; of harms, every one of these."""
    if isinstance(own, frozenset) and isinstance(other, frozenset):
        return own <= other
    return own == other


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(sorted(value))


def _most(without: Sequence[tuple[str, int]], k: int) -> str:
    """The fact without which most reviews share the rest; the first of several."""
    best = max(without, key=lambda pair: pair[1], default=("", k))
    return best[0] if best[1] > k else ""


Row = dict[str, object]


def rows(judged: Judged, of: int) -> tuple[Row, ...]:
    """What an officer reads: the combination, each fact, what is not known, and the control."""
    verdict = judged.verdict

    def row(what: str, fact: str, value: str, k: int | None, at_most: int | None, says: str) -> Row:
        return {
            "review": judged.review,
            "what": what,
            "fact": fact,
            "value": value,
            "k": k,
            "k_at_most": at_most,
            "of": of,
            "says": says,
            "draft": judged.draft,
        }

    together = "; ".join(f"{name}: {value}" for name, value in judged.facts)
    made = [row("combination", "all", together, judged.k, judged.at_most, verdict)]
    by_itself, values = dict(judged.by_itself), dict(judged.facts)
    for name, k in judged.without:
        if judged.rare_by == name and verdict not in (SHARED, TOO_FEW):
            says = "this fact makes it rare"
        else:
            says = TOO_FEW if verdict == TOO_FEW else ""
        made.append(row("fact alone", name, values[name], by_itself[name], None, ""))
        made.append(row("without this fact", name, values[name], k, None, says))
    stated = set(values)
    made += [
        row("fact", name, NOT_STATED, None, None, "counts for nothing")
        for name in FACTS
        if name not in stated
    ]
    made += [row("fact", name, value, None, None, "read the text") for name, value in UNKNOWN]
    if judged.facts:
        told = f"{round(judged.control * 100)} % of {DRAWS} random combinations are as rare"
        says = TOO_FEW if verdict == TOO_FEW else told
        made.append(
            row(
                "random combinations",
                f"{len(judged.facts)} facts",
                "",
                judged.control_k,
                None,
                says,
            )
        )
    return tuple(made)
