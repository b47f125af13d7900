"""Which sentences of two statements say the same thing, so that each is compared with its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.safe import wording
from pipeline.safe.sentence import sentences
from pipeline.span import Span

ALIKE = 0.4  # the share of what two sentences say that makes them a pair
HELD = 0.7  # or: the share of what the one says that the other holds
LEFT = 0.25  # the share of both for sentences that are left on both sides
SAME = 0.6  # the share of both that says that a name of a point is a statement of its own
LEAD = 3  # words: a first sentence of no more is the name of the point


@dataclass(frozen=True, slots=True)
class Parts:
    """Stretches of one text that say the same as stretches of another.

    `pairs` hold the sentences of the one and of the other; `alone` are those of the one that have
    no counterpart, `left` those of the other.
    """

    pairs: tuple[tuple[tuple[Span, ...], tuple[Span, ...]], ...]
    alone: tuple[Span, ...]
    left: tuple[Span, ...]


def parts(text: str, other: str) -> Parts:
    """The sentences of `text` and of `other` in pairs; two may stand against one.

    >>> found = parts("Staff must listen. Plans need dates.", "All plans need dates.")
    >>> [(a[0].of("Staff must listen. Plans need dates."), len(b)) for a, b in found.pairs]
    [('Plans need dates.', 1)]
    """
    own, theirs = sentences(text), sentences(other)
    bags = [Counter(wording.core(s.of(text))) for s in own]
    among = [Counter(wording.core(s.of(other))) for s in theirs]
    if len(own) > 1 and _names(own[0].of(text)) and all(mean(bags[0], b) < SAME for b in among):
        own, bags = own[1:], bags[1:]
    links = {*_links(bags, among, turned=False), *_links(among, bags, turned=True)}
    free = [n for n in range(len(own)) if all(n != i for i, _ in links)]
    rest = [n for n in range(len(theirs)) if all(n != j for _, j in links)]
    for n in free:
        shared = [(mean(bags[n], among[m]), -m) for m in rest]
        if shared and max(shared)[0] >= LEFT:
            links.add((n, -max(shared)[1]))
            rest.remove(-max(shared)[1])
    return Parts(
        tuple(
            (tuple(own[i] for i in ones), tuple(theirs[j] for j in others))
            for ones, others in _joined(links)
        ),
        tuple(s for n, s in enumerate(own) if all(n != i for i, _ in links)),
        tuple(s for n, s in enumerate(theirs) if all(n != j for _, j in links)),
    )


def _names(sentence: str) -> bool:
    """Whether a sentence is so short that it only names the point that it opens."""
    return len(wording.words(sentence)) <= LEAD


def mean(one: Counter[str], other: Counter[str]) -> float:
    """The share of what two sentences say that both of them say."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def alike(one: Counter[str], other: Counter[str], *, held_only: bool = False) -> float:
    """How much two sentences have in common, 0 where it is too little to make them a pair.

    Either most of the two, or nearly all of the first; the latter alone if `held_only`.
    """
    both = (one & other).total()
    if both < min(2, one.total(), other.total()) or not both:
        return 0.0
    half = mean(one, other)
    held = both / one.total()
    if (half >= ALIKE and not held_only) or (held >= HELD and both >= 3) or held == 1.0:
        return half + held
    return 0.0


def _links(
    bags: Sequence[Counter[str]], among: Sequence[Counter[str]], *, turned: bool
) -> list[tuple[int, int]]:
    """For each sentence its best counterpart, the first of equals."""
    found = []
    for n, bag in enumerate(bags):
        scored = ((alike(bag, one, held_only=turned), -m) for m, one in enumerate(among))
        best = max(scored, default=(0.0, 0))
        if best[0] > 0:
            found.append((-best[1], n) if turned else (n, -best[1]))
    return found


def _joined(links: set[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """The links as groups that share no sentence, in the order of the first text."""
    groups: list[tuple[set[int], set[int]]] = []
    for i, j in sorted(links):
        met = [g for g in groups if i in g[0] or j in g[1]]
        groups = [g for g in groups if g not in met]
        groups.append(
            (
                {i}.union(*(g[0] for g in met)),
                {j}.union(*(g[1] for g in met)),
            )
        )
    return [(sorted(a), sorted(b)) for a, b in sorted(groups, key=lambda g: min(g[0]))]
