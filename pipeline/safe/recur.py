"""Learning points that say the same in several reviews become one lesson."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.safe.claim_vectors import beside
from pipeline.safe.embed import WIDTH, Vectors
from pipeline.safe.group import Cells, Regrouping, groups, mean_near, together
from pipeline.safe.learning_point import is_point, words
from pipeline.safe.lesson import Lesson, Passage, Polarity, Role, Theme, ThemeMark
from pipeline.safe.tell import UNTHEMED, Claim, Teller, span_of_years
from pipeline.safe.title import usage

if TYPE_CHECKING:
    from pipeline.safe.group import Matrix

LEAST = 0.56  # mean similarity of the claims of one lesson
# What a shared theme brings nearer, and what themes that differ put apart; a theme counts where it
# is likelier than not. LEAST, KIN and SHARE of claim_vectors were chosen together on eleven draws
# of the second bank (B-cubed F1 .867); what was tried of SHARE .7 to .85 and KIN .175 to .225 gave
# .86 or more where LEAST was KIN and .35 to .375 more. With every mark it was .002 less, on eight.
KIN = 0.2
LIKELY = 0.5
# How near claims of a lesson are on average, themes aside: coroners' concerns of one theme lie as
# near (.37) as other lessons of it do in invented reviews (.36; one lesson .55), and without it a
# lesson was half a theme. It costs those nothing (.858 on twelve draws; from .48 on it does).
MEAN = 0.46
SLICE = 512  # claims that are weighed at once
CLOSEST = 12  # lessons that a new claim is weighed against, by their means
SAMPLES = 10

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a run of learning gave.

    `renamed` leads from each lesson id of the run before that is gone to the lesson that took
    its place, or to "" where nothing did. `unassigned` are learning points without a theme that
    only one review makes, as (review, passage) pairs.
    """

    lessons: tuple[Lesson, ...]
    renamed: tuple[Pair, ...]
    unassigned: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """The claims of one lesson to be; `id` is that of a lesson of the last run, if it is one."""

    rows: tuple[int, ...]
    id: str | None = None
    stability: float = 1.0


def lessons(
    passages: Sequence[Passage],
    years: Mapping[str, str],
    themes: Sequence[Theme],
    previous: Sequence[Lesson] = (),
    *,
    vectors: Vectors | None = None,
    claimed: Vectors | None = None,
    fresh: bool = False,
) -> Learned:
    """The lessons of a set of marked passages, the most recurrent first.

    `years` has the year of every review, also of those that teach nothing: they are counted.
    With `previous`, lessons keep their ids and new learning points join them or make lessons
    of their own; with `fresh`, all are grouped anew and the answer depends on the set of
    reviews only, not on their order. `claimed` are vectors of what texts claim (claim_vectors);
    without them texts are compared by what they mean alone.
    """
    encode = vectors or _default_vectors()
    claims = _claims(passages)
    texts = [one.text for one in claims]
    matrix = encode(texts)
    base = () if fresh else tuple(previous)
    made = _grouped(claims, beside(texts, matrix, claimed), _owners(claims, base))
    teller = Teller(matrix, encode, years, themes, usage(p.text for p in passages))
    found = tuple(sorted(_told(claims, made, base, teller), key=_order))
    return Learned(found, _renamed(previous, found), _unassigned(found))


def partition(
    passages: Sequence[Passage], vectors: Vectors, claimed: Vectors | None = None
) -> tuple[tuple[Pair, ...], ...]:
    """Which learning points are one lesson, as (review, passage) pairs: no titles, no counts.

    The same groups as `lessons` makes of the same passages with `fresh`.
    """
    claims = _claims(passages)
    texts = [one.text for one in claims]
    matrix = beside(texts, vectors(texts), claimed)
    made: list[tuple[Pair, ...]] = []
    for side in sorted({one.side for one in claims}):
        rows = [row for row, one in enumerate(claims) if one.side == side]
        own = _Side([claims[row] for row in rows], matrix[rows])
        for group in own.cut(range(len(rows))):
            made.append(tuple((p.review, p.id) for i in group for p in own.claims[i].passages))
    return tuple(made)


def _unassigned(found: Sequence[Lesson]) -> tuple[Pair, ...]:
    alone = (one for one in found if one.theme == UNTHEMED and len(one.reviews) == 1)
    return tuple(pair for lesson in alone for pair in lesson.passages)


def _default_vectors() -> Vectors:
    from pipeline.safe import embed

    return embed.vectors()


def _claims(passages: Iterable[Passage]) -> tuple[Claim, ...]:
    """The learning points, those with the same words together, in an order of their own."""
    found: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        if is_point(passage):
            found[(words(passage), _side(passage))].append(passage)
    made = []
    for (text, side), same in sorted(found.items(), key=lambda item: item[0]):
        ordered = tuple(sorted(same, key=lambda p: (p.draft, p.review, p.span.start, p.id)))
        themes = frozenset(m.code for p in ordered for m in p.themes if _counts(m))
        made.append(Claim(text, side, ordered, themes))
    return tuple(made)


def _counts(mark: ThemeMark) -> bool:
    """Whether a mark tells what a claim is about."""
    return mark.score >= LIKELY and mark.polarity is not Polarity.NEGATED


def _side(passage: Passage) -> str:
    """What must not be mixed: those against one thing or another, praise, and all else."""
    against = {mark.code for mark in passage.themes if mark.polarity is Polarity.AGAINST}
    if against:
        return " ".join(["against", *sorted(against)])
    if passage.role is Role.GOOD_PRACTICE:
        return "praise"
    return "rest"


def _owners(claims: Sequence[Claim], previous: Sequence[Lesson]) -> dict[int, str]:
    """For each claim that a lesson of the last run has: that lesson's id.

    A lesson stays on the side that most of its claims are on.
    """
    by_pair = {pair: lesson.id for lesson in previous for pair in lesson.passages}
    owners: dict[int, str] = {}
    sides: dict[str, Counter[str]] = defaultdict(Counter)
    for row, one in enumerate(claims):
        ids = Counter(by_pair[p.review, p.id] for p in one.passages if (p.review, p.id) in by_pair)
        if ids:
            owners[row] = min(ids, key=lambda name: (-ids[name], name))
            sides[owners[row]][one.side] += 1
    own = {name: min(found, key=lambda side: (-found[side], side)) for name, found in sides.items()}
    return {row: name for row, name in owners.items() if claims[row].side == own[name]}


def _grouped(
    claims: Sequence[Claim], matrix: Matrix, owners: Mapping[int, str]
) -> tuple[_Group, ...]:
    made: list[_Group] = []
    for side in sorted({one.side for one in claims}):
        rows = [row for row, one in enumerate(claims) if one.side == side]
        made.extend(_grouped_side(claims, matrix, rows, owners))
    return tuple(made)


def _grouped_side(
    claims: Sequence[Claim], matrix: Matrix, rows: Sequence[int], owners: Mapping[int, str]
) -> list[_Group]:
    side = _Side([claims[row] for row in rows], matrix[list(rows)])
    kept: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row in owners:
            kept[owners[row]].append(place)
    free = [place for place, row in enumerate(rows) if row not in owners]
    left = side.joined(kept, free) if kept else free
    everything = range(len(rows))
    tenths = [_tenth(one) for one in side.claims]
    samples = [
        Regrouping.of(side.cut([i for i in everything if tenths[i] != number]))
        for number in range(SAMPLES)
    ]
    old = [_Group(tuple(sorted(kept[name])), name) for name in sorted(kept)]
    return [
        replace(
            one,
            rows=tuple(rows[place] for place in one.rows),
            stability=together(one.rows, samples),
        )
        for one in [*old, *(_Group(group) for group in side.cut(left))]
    ]


def _tenth(one: Claim) -> int:
    """Which sample leaves the claim out, by its words."""
    return hashlib.sha256(one.text.encode()).digest()[0] % SAMPLES


@dataclass(slots=True)
class _Side:
    """The claims of one side with their vectors; places count in it."""

    claims: Sequence[Claim]
    matrix: Matrix
    cells: Cells = field(init=False)

    def __post_init__(self) -> None:
        # By what texts mean alone: it spreads them more evenly than what they claim.
        self.cells = Cells.of(self.matrix[:, :WIDTH])

    def cut(self, places: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        """The groups of some of the claims."""
        themes = [one.themes for one in self.claims]
        return groups(
            self.matrix,
            themes,
            least=LEAST,
            weight=KIN,
            mean=MEAN,
            cells=self.cells,
            rows=places,
        )

    def joined(self, kept: dict[str, list[int]], free: Sequence[int]) -> list[int]:
        """Let new claims join the lesson that they are nearest to; what is left over.

        A lesson's mean tells which lessons to weigh exactly, so that time grows with the claims.
        """
        import numpy as np

        names = sorted(kept)
        members = {name: tuple(kept[name]) for name in names}
        means = np.stack([self.matrix[list(members[name])].mean(axis=0) for name in names])
        left = []
        for start in range(0, len(free), SLICE):
            rows = free[start : start + SLICE]
            likeness = (self.matrix[list(rows)] @ means.T).round(4)
            closest = np.argsort(-likeness, axis=1, kind="stable")[:, :CLOSEST].tolist()
            for place, some in zip(rows, closest, strict=True):
                weighed = [(self._nearness(place, members[names[i]]), -i) for i in some]
                nearness, at = max(weighed)
                if nearness >= LEAST and self._fits(place, members[names[-at]]):
                    kept[names[-at]].append(place)
                else:
                    left.append(place)
        return left

    def _fits(self, place: int, group: Sequence[int]) -> bool:
        """Whether a lesson with a new claim is as close as lessons are, or as it was."""
        before, after = (mean_near(self.matrix[list(g)]) for g in (group, (*group, place)))
        return len(group) == 1 or after >= min(MEAN, before)

    def _nearness(self, place: int, group: Sequence[int]) -> float:
        """The mean nearness of a claim to the claims of a group, themes counted."""
        own = self.claims[place].themes
        total = float((self.matrix[list(group)] @ self.matrix[place]).sum())
        for other in group:
            theirs = self.claims[other].themes
            total += KIN * (1 if own & theirs else -1 if own and theirs else 0)
        return round(total / len(group), 4)


def _told(
    claims: Sequence[Claim], made: Sequence[_Group], previous: Sequence[Lesson], teller: Teller
) -> tuple[Lesson, ...]:
    """The groups as lessons, each with an id and a title that no other has."""
    before = {lesson.id: lesson for lesson in previous}
    found: list[Lesson] = []
    ids = {one.id for one in made if one.id is not None}
    for one in made:
        own = [claims[row] for row in one.rows]
        name = one.id or teller.name(own, one.rows, ids)
        ids.add(name)
        found.append(teller.tell(name, own, one.rows, one.stability, before.get(name)))
    return tuple(found)


def _order(lesson: Lesson) -> tuple[int, bool, int, str, str]:
    without = lesson.theme == UNTHEMED
    return -len(lesson.reviews), without, -len(lesson.passages), lesson.theme, lesson.id


def _renamed(previous: Sequence[Lesson], found: Sequence[Lesson]) -> tuple[Pair, ...]:
    """Where the lessons of the last run that are gone went: by the passages they share."""
    present = {lesson.id for lesson in found}
    now = {pair: lesson.id for lesson in found for pair in lesson.passages}
    moved = []
    for lesson in sorted(previous, key=lambda one: one.id):
        if lesson.id not in present:
            heirs = Counter(now[pair] for pair in lesson.passages if pair in now)
            heir = min(heirs, key=lambda name: (-heirs[name], name)) if heirs else ""
            moved.append((lesson.id, heir))
    return tuple(moved)


def approved(
    found: Sequence[Lesson], passages: Iterable[Passage], years: Mapping[str, str]
) -> tuple[Lesson, ...]:
    """Lessons of a run with drafts, counted again over approved passages only.

    `passages` and `years` are those of approved reviews. A lesson that only drafts make is
    left out; one whose quotation comes from a draft, too.
    """
    there = {(p.review, p.id) for p in passages if not p.draft}
    kept = []
    for lesson in found:
        pairs = tuple(pair for pair in lesson.passages if pair in there)
        if not pairs or lesson.quote_from not in there:
            continue
        reviews = tuple(sorted({review for review, _ in pairs}))
        first, last = span_of_years(reviews, years)
        kept.append(
            replace(
                lesson,
                reviews=reviews,
                of=len(years),
                first=first,
                last=last,
                known=len(reviews) > 1,
                passages=pairs,
                draft=False,
            )
        )
    return tuple(sorted(kept, key=_order))
