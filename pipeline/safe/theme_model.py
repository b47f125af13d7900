"""Themes by meaning: what cues and heads say is weighed, with abstention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.safe.embed import Vectors, spoken
from pipeline.safe.lesson import BY_CUE, Passage, Polarity, Role, Theme, ThemeMark
from pipeline.safe.polarity import CONTESTED, may_tell, polarity
from pipeline.safe.sentence import sentences
from pipeline.safe.theme_heads import NO_THEME, OF_ADULTS, Heads, Known, Settings, load, softmax
from pipeline.span import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.safe.embed import Matrix

    Chances = NDArray[np.float64]

MOST = 3  # themes of one passage
FEWEST = 4  # words of a passage that the heads are asked about
# Roles in which a theme can be a finding. The rest (a third of what was planted in the first
# bank lies here, and 0.1 % in the others) would cost twice the time and give false themes.
ASKED = frozenset(
    {
        Role.ANALYSIS,
        Role.CHRONOLOGY,
        Role.GOOD_PRACTICE,
        Role.LEARNING,
        Role.RECOMMENDATION,
        Role.QUOTE,
    }
)


def propose(
    passages: Sequence[Passage],
    themes: Sequence[Theme],
    encode: Vectors,
    heads: Heads,
    *,
    of_adults: Collection[str] = (),
    known: Known | None = None,
) -> tuple[Passage, ...]:
    """The passages with themes by cue and by meaning weighed together, at most three each.

    A review's passages are read together: what a review says again and again is likelier in a
    passage that says it half. `of_adults` are the reviews of adults, in which alone the themes
    of adults are proposed by meaning.
    """
    known = Known() if known is None else known
    able = {theme.code: theme for theme in themes if heads.knows(theme)}
    children = {code: one for code, one in able.items() if not code.startswith(OF_ADULTS)}
    made = list(passages)
    by_review: dict[str, list[int]] = defaultdict(list)
    for place, passage in enumerate(passages):
        if passage.role in ASKED and len(passage.text.split()) >= FEWEST:
            by_review[passage.review].append(place)
    for review in sorted(by_review):
        places = by_review[review]
        own = [passages[i] for i in places]
        read = _read(own)
        said = known.logits([spoken(one.text) for one in read], heads, encode)
        rows = chances(said, read, len(own), heads, adult=review in of_adults)
        asked = able if review in of_adults else children
        weighed = [
            _Weighed(dict(zip(heads.codes, row.tolist(), strict=True)), asked) for row in rows
        ]
        _ask_again(own, weighed, heads, known, encode)
        proposed = [_proposed(p, one, heads) for p, one in zip(own, weighed, strict=True)]
        known.logits(_told(proposed), heads, encode)
        for place, one in zip(places, proposed, strict=True):
            made[place] = _marked(one, heads, known, encode)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the heads are asked about: a passage, or a sentence of one, with the cues met in it."""

    passage: int
    text: str
    cues: tuple[str, ...]


def _read(passages: Sequence[Passage]) -> tuple[Reading, ...]:
    """The passages, and behind them the sentences of those that tell events."""
    whole = [
        Reading(number, passage.text, _cues(passage, passage.span))
        for number, passage in enumerate(passages)
    ]
    parts = [
        Reading(number, part.of(passage.text), _cues(passage, part.shift(passage.span.start)))
        for number, passage in enumerate(passages)
        if passage.role is Role.CHRONOLOGY and len(found := sentences(passage.text)) > 1
        for part in found
    ]
    return (*whole, *(one for one in parts if len(one.text.split()) >= FEWEST))


def _cues(passage: Passage, part: Span) -> tuple[str, ...]:
    return tuple(
        mark.code
        for mark in passage.themes
        if mark.polarity is not Polarity.NEGATED and part.start <= mark.span.start < part.end
    )


def chances(
    said: Matrix, read: Sequence[Reading], number: int, heads: Heads, *, adult: bool
) -> Matrix:
    """The chance of each code for the passages of one review, from what the heads say.

    `said` has a row a reading, of which the first `number` are the passages. One entry of a
    chronology tells of several things: a passage with sentences has the mean of its own chance
    and of the best of its sentences, which do not compete (entries of the first bank: micro-F1
    .74; .67 where logits were added up; sentences of other passages gain nothing).
    """
    import numpy as np

    use = heads.settings
    column = {code: number for number, code in enumerate(heads.codes)}
    rows = np.array(said, dtype=np.float64)
    rows[:, column[NO_THEME]] += use.none
    for row, one in zip(rows, read, strict=True):
        for code in one.cues:
            if code in column:
                row[column[code]] += use.cue
    if not adult:
        rows[:, [n for code, n in column.items() if code.startswith(OF_ADULTS)]] = -30.0
    first = softmax(rows)
    second = _together(first, read, number)
    for _ in range(2):  # the second time, with what the first has settled
        mass = (second**2).sum(axis=0) + use.ground
        mass[column[NO_THEME]] = mass.max()
        again = softmax(np.log(first) + use.review * np.log(mass / mass.max()))
        second = _together(again, read, number)
    return np.asarray(second.round(4), dtype=np.float32)


def _together(chance: Chances, read: Sequence[Reading], number: int) -> Chances:
    """The chances of the passages: of each as a whole, and of its sentences."""
    import numpy as np

    best: dict[int, Chances] = {}
    for row, one in zip(chance[number:], read[number:], strict=True):
        best[one.passage] = np.maximum(best.get(one.passage, row), row)
    made = chance[:number].copy()
    for passage, row in best.items():
        made[passage] = (made[passage] + row) / 2
    return made


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The chances of one passage, and the themes that may be proposed.

    `again` has the chances of marks by cue whose own sentence was asked about.
    """

    chance: Mapping[str, float]
    able: Mapping[str, Theme]
    again: dict[ThemeMark, float] = field(default_factory=dict)


def _ask_again(
    passages: Sequence[Passage],
    weighed: Sequence[_Weighed],
    heads: Heads,
    known: Known,
    encode: Vectors,
) -> None:
    """Ask about the sentence of a cue that the heads deny for the passage as a whole.

    A long paragraph says several things, and its vector none of them: of 92 places of national
    reports where a cue was rightly met and denied, 58 are kept by their sentence, and of 99
    wrong ones of the first bank 30.
    """
    doubted = [
        (mark, one, _sentence(passage, mark))
        for passage, one in zip(passages, weighed, strict=True)
        for mark in passage.themes
        if mark.code in one.able and one.chance[mark.code] < _asked_of(passage, heads.settings)
    ]
    import numpy as np

    told = known.logits([spoken(text) for *_, text in doubted], heads, encode)
    said = np.asarray(told, dtype=np.float64)
    said[:, heads.codes.index(NO_THEME)] += heads.settings.none
    for (mark, one, _), row in zip(doubted, softmax(said), strict=True):
        one.again[mark] = round(float(row[heads.codes.index(mark.code)]), 4)


def _sentence(passage: Passage, mark: ThemeMark) -> str:
    at = mark.span.start - passage.span.start
    found = (s for s in sentences(passage.text) if s.start <= at < s.end)
    return next((s.of(passage.text) for s in found), passage.text)


@dataclass(frozen=True, slots=True)
class _Proposed:
    """One passage with its marks by cue that are kept and the codes that meaning adds."""

    passage: Passage
    weighed: _Weighed
    kept: tuple[ThemeMark, ...]
    likely: tuple[str, ...]


def _proposed(passage: Passage, weighed: _Weighed, heads: Heads) -> _Proposed:
    kept = tuple(_kept(passage, weighed, heads))
    return _Proposed(passage, weighed, kept, _likely(kept, weighed, heads.settings))


def _kept(passage: Passage, weighed: _Weighed, heads: Heads) -> Iterator[ThemeMark]:
    """The marks by cue without those that the heads deny in the passage and in its sentence.

    Who argues for or against a thing speaks of it: such a mark stands as it was.
    """
    use = heads.settings
    least = _asked_of(passage, use)
    for mark in passage.themes:
        if mark.code not in weighed.able or mark.polarity is Polarity.NEGATED:
            yield mark
            continue
        chance = max(weighed.chance[mark.code], weighed.again.get(mark, 0.0))
        if chance >= least:
            by = f"{BY_CUE}, {heads.by}" if chance >= use.least else mark.by
            yield replace(mark, score=probability(chance, use), by=by)
        elif mark.polarity in (Polarity.FOR, Polarity.AGAINST):
            yield mark


def _asked_of(passage: Passage, use: Settings) -> float:
    """The chance from which a mark by cue is kept.

    An entry of a chronology names things in passing: from .06 to .4, none of 25 marks on planted
    entries of both banks was right (heads of version 4, three draws).
    """
    return use.passing if passage.role is Role.CHRONOLOGY else use.doubt


def _likely(kept: Sequence[ThemeMark], weighed: _Weighed, use: Settings) -> tuple[str, ...]:
    """The themes that are proposed by meaning, as many as the cues leave room for."""
    cued = {mark.code for mark in kept}
    free = MOST - len(cued)  # words of the theme itself are the better evidence
    likely = [c for c in weighed.able if c not in cued and weighed.chance[c] >= use.least]
    return tuple(sorted(likely, key=lambda c: (-weighed.chance[c], c))[: max(0, free)])


def _told(proposed: Sequence[_Proposed]) -> list[str]:
    """The sentences of all passages that get a theme by meaning: read in one go, not by twos."""
    texts: list[str] = []
    for one in proposed:
        able = may_tell(one.passage.text) if one.likely else []
        texts += [spoken(s.of(one.passage.text)) for s in able] if len(able) > 1 else []
    return texts


def _marked(proposed: _Proposed, heads: Heads, known: Known, encode: Vectors) -> Passage:
    """The passage with its marks by cue weighed again and those by meaning added."""
    passage, weighed = proposed.passage, proposed.weighed
    marks = list(proposed.kept)
    for code in proposed.likely:
        span = _evidence(passage.text, heads.codes.index(code), heads, known, encode)
        if span is not None:
            theme = weighed.able[code]
            how = polarity(
                passage.text,
                span,
                theme.group,
                contested=code in CONTESTED,
                praised=passage.role is Role.GOOD_PRACTICE,
            )
            score = probability(weighed.chance[code], heads.settings)
            marks.append(ThemeMark(code, span.shift(passage.span.start), score, how, heads.by))
    marks.sort(key=lambda mark: (-mark.score, mark.span, mark.code))
    return replace(passage, themes=tuple(marks))


def _evidence(text: str, column: int, heads: Heads, known: Known, encode: Vectors) -> Span | None:
    """The sentence that is nearest to the theme; None where all deny it or quote the law."""
    able = may_tell(text)
    if len(able) < 2:
        return able[0] if able else None
    said = known.logits([spoken(s.of(text)) for s in able], heads, encode)[:, column].tolist()
    return max(zip(said, able, strict=True), key=lambda row: (row[0], -row[1].start))[1]


def probability(chance: float, use: Settings) -> float:
    """A chance as a share of right answers, rounded to three places."""
    import math

    held = min(max(chance, 1e-4), 1 - 1e-4)
    odds = use.slope * math.log(held / (1 - held)) + use.shift
    return round(1 / (1 + math.exp(-odds)), 3)


def is_of_adults(kind: str) -> bool:
    """Whether reviews of a kind are about adults.

    >>> is_of_adults("safeguarding adults review"), is_of_adults("serious case review")
    (True, False)
    """
    return "adult" in kind or "domestic" in kind


def unknown(themes: Sequence[Theme], heads: Heads | None = None) -> tuple[Theme, ...]:
    """The themes that have no cue and no head: they can be found by their definition alone."""
    heads = heads or load()
    return tuple(theme for theme in themes if not theme.cues and not heads.knows(theme))
