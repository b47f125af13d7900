"""Themes by meaning: one linear head a theme over sentence vectors, with abstention.

The heads hold numbers only: 384 weights a theme and no vocabulary, so no name can lie in them.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import StoreError
from pipeline.installed import shipped
from pipeline.safe.embed import WEIGHTS_SHA256, Vectors, key, masked, spoken
from pipeline.safe.lesson import BY_CUE, Passage, Polarity, Role, Theme, ThemeMark
from pipeline.safe.polarity import CONTESTED, may_tell, polarity
from pipeline.safe.sentence import sentences
from pipeline.span import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.safe.embed import Matrix

MOST = 3  # themes of one passage
OF_ADULTS = "F"  # how the codes of the themes of adults' reviews begin
NO_THEME = ""
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
_NOT_THE_SAME = (
    "The heads of themes are missing or are not those that their manifest names. No theme was "
    "set. Install Candour again."
)


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    version: str
    sha256: dict[str, str]
    encoder_sha256: str


class Settings(BaseModel):
    """How the heads' answers are read; chosen on the generator's first bank (models/themes)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cue: float  # what a cue adds to a theme's logit
    none: float  # what is added to the logit of no theme
    review: float  # the weight of how much the whole review speaks of a theme
    ground: float  # the mass that every theme of a review has from the start
    least: float  # the chance from which a theme is proposed
    alone: float  # how often a cue is right of which the heads think nothing
    slope: float  # the chance as a probability: sigmoid(slope * logit + shift)
    shift: float


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads: a row of weights a code; the first code, NO_THEME, abstains.

    `meanings` tell which definition a head learned: a theme of another frame with the same code
    is not that theme.
    """

    version: str
    codes: tuple[str, ...]
    meanings: tuple[str, ...]
    weights: Matrix
    bias: Matrix
    settings: Settings

    @property
    def by(self) -> str:
        """Who sets a mark: the model and its version."""
        return f"themes-{self.version}"

    def knows(self, theme: Theme) -> bool:
        """Whether the heads learned this theme as it is defined here."""
        return theme.code in self.codes and self.meanings[self.codes.index(theme.code)] == meaning(
            theme
        )

    def logits(self, vectors: Matrix) -> Matrix:
        """A row a text, a column a code; rounded, so that every machine goes on from the same."""
        import numpy as np

        made = vectors @ self.weights.T + self.bias
        return np.asarray(made.round(2), dtype=np.float16)


def meaning(theme: Theme) -> str:
    """What tells a theme's definition from another: a short hash of its title and definition.

    >>> meaning(Theme("X1", "x", "X", "child", "d", ()))
    'a72b9f7af73aa9a3'
    """
    return hashlib.sha256(f"{theme.title}\n{theme.definition}".encode()).hexdigest()[:16]


def load(folder: Path | None = None) -> Heads:
    """The heads that ship with the program, or those of another folder beside a manifest.

    StoreError where a file is not the one that the manifest names.
    """
    return _load(folder or shipped("models/themes"))


@lru_cache(maxsize=2)
def _load(folder: Path) -> Heads:
    import numpy as np

    try:
        manifest = (folder.parent / "manifest.toml").read_text(encoding="utf-8")
        row = _Row.model_validate(tomllib.loads(manifest)["themes"])
        files = {name: (folder / name).read_bytes() for name in ("heads.npz", "heads.json")}
        for name, data in files.items():
            if hashlib.sha256(data).hexdigest() != row.sha256[name]:
                raise StoreError(_NOT_THE_SAME)
        said = json.loads(files["heads.json"])
        with np.load(folder / "heads.npz", allow_pickle=False) as stored:
            weights, bias = stored["weights"], stored["bias"]
        heads = Heads(
            version=row.version,
            codes=tuple(said["codes"]),
            meanings=tuple(said["meanings"]),
            weights=weights,
            bias=bias,
            settings=Settings.model_validate(said["settings"]),
        )
    except (OSError, KeyError, ValueError, ValidationError, tomllib.TOMLDecodeError) as error:
        raise StoreError(_NOT_THE_SAME) from error
    if row.encoder_sha256 != WEIGHTS_SHA256 or weights.shape[0] != len(heads.codes):
        raise StoreError(_NOT_THE_SAME)
    return heads


def words(text: str) -> str:
    """A text as the heads read it: a label of the door says who somebody is, without its number.

    >>> words("[mother] told [health visitor 2] about it.")
    'mother told health visitor about it.'
    """
    return spoken(text)


@dataclass(slots=True)
class Known:
    """What the heads said of texts that they have met, in one file, by the hash of the text.

    Nothing of a text can be read from it. A row is 142 bytes where a vector has 1,536: those of
    1,400 reviews take about 60 MB. `keep` drops what is no longer asked about.
    """

    path: Path | None = None
    stamp: str = ""
    rows: dict[str, Matrix] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, path: Path, heads: Heads) -> Known:
        """What a file knows; nothing where there is none, or it is of other heads."""
        import numpy as np

        stamp = _stamp(heads)
        try:
            with np.load(path, allow_pickle=False) as stored:
                if str(stored["stamp"]) != stamp:
                    return cls(path, stamp)
                keys = [str(name) for name in stored["keys"]]
                return cls(path, stamp, dict(zip(keys, stored["rows"], strict=True)))
        except (OSError, ValueError, KeyError, EOFError):
            return cls(path, stamp)  # it can be made anew from the texts at any time

    def logits(self, texts: Sequence[str], heads: Heads, encode: Vectors) -> Matrix:
        """What the heads say of the texts, a row each."""
        import numpy as np

        keys = [key(masked(text)) for text in texts]
        self.asked.update(keys)
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self.rows}
        if missing:
            made = heads.logits(encode(list(missing.values())))
            self.rows.update(zip(missing, made, strict=True))
        if not keys:
            return np.zeros((0, len(heads.codes)), dtype=np.float64)
        return np.stack([self.rows[k] for k in keys]).astype(np.float64)

    def keep(self) -> None:
        """Forget whatever was not asked about since the file was opened, and write the file."""
        import numpy as np

        self.rows = {name: self.rows[name] for name in sorted(self.asked & self.rows.keys())}
        if self.path is None:
            return
        part = self.path.with_name(f"{self.path.name}.part")
        with part.open("wb") as stream:
            rows = np.array(list(self.rows.values()), dtype=np.float16)
            np.savez(stream, stamp=self.stamp, keys=list(self.rows), rows=rows)
        part.replace(self.path)


def _stamp(heads: Heads) -> str:
    own = hashlib.sha256(heads.weights.tobytes() + heads.bias.tobytes()).hexdigest()
    return f"{own} {WEIGHTS_SHA256}"


def propose(
    passages: Sequence[Passage],
    themes: Sequence[Theme],
    encode: Vectors,
    heads: Heads,
    *,
    of_adults: Collection[str] = (),
    known: Known | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Passage, ...]:
    """The passages with themes by cue and by meaning weighed together, at most three each.

    A review's passages are read together: what a review says again and again is likelier in a
    passage that says it half. `of_adults` are the reviews of adults, in which alone the themes
    of adults are proposed by meaning.
    """
    known = Known() if known is None else known
    able = {theme.code: theme for theme in themes if heads.knows(theme)}
    made = list(passages)
    by_review: dict[str, list[int]] = defaultdict(list)
    for place, passage in enumerate(passages):
        if passage.role in ASKED and len(passage.text.split()) >= FEWEST:
            by_review[passage.review].append(place)
    for done, review in enumerate(sorted(by_review), start=1):
        if progress is not None and done % 25 == 0:
            progress(done, len(by_review))
        places = by_review[review]
        texts = [words(passages[i].text) for i in places]
        said = known.logits(texts, heads, encode)
        said = _with_sentences(said, [passages[i] for i in places], heads, known, encode)
        rows = chances(said, [passages[i] for i in places], heads, adult=review in of_adults)
        weighed = [
            _Weighed(dict(zip(heads.codes, row.tolist(), strict=True)), able) for row in rows
        ]
        told = _told([passages[i] for i in places], weighed, heads.settings)
        known.logits(told, heads, encode)
        for place, one in zip(places, weighed, strict=True):
            made[place] = _marked(passages[place], one, heads, known, encode)
    return tuple(made)


def _with_sentences(
    said: Matrix, passages: Sequence[Passage], heads: Heads, known: Known, encode: Vectors
) -> Matrix:
    """What is said of a passage of events, halfway to what is said of its sentences.

    One entry of a chronology tells of several things, and one vector blurs them (first bank,
    entries of chronologies: micro-F1 .57 with sentences, .51 without; elsewhere no gain).
    """
    owner: list[int] = []
    texts: list[str] = []
    for number, passage in enumerate(passages):
        found = sentences(passage.text) if passage.role is Role.CHRONOLOGY else ()
        if len(found) > 1:
            texts += [words(sentence.of(passage.text)) for sentence in found]
            owner += [number] * len(found)
    rows = known.logits(texts, heads, encode)
    for number in sorted(set(owner)):
        own = rows[[place for place, of in enumerate(owner) if of == number]]
        said[number] = (said[number] + own.max(axis=0)) / 2
    return said


def chances(said: Matrix, passages: Sequence[Passage], heads: Heads, *, adult: bool) -> Matrix:
    """The chance of each code for the passages of one review, from what the heads say of them."""
    import numpy as np

    use = heads.settings
    column = {code: number for number, code in enumerate(heads.codes)}
    rows = np.array(said, dtype=np.float64)
    rows[:, column[NO_THEME]] += use.none
    for number, passage in enumerate(passages):
        for mark in passage.themes:
            if mark.code in column and mark.polarity is not Polarity.NEGATED:
                rows[number, column[mark.code]] += use.cue
    if not adult:
        rows[:, [n for code, n in column.items() if code.startswith(OF_ADULTS)]] = -30.0
    first = _softmax(rows)
    second = first
    for _ in range(2):  # the second time, with what the first has settled
        mass = (second**2).sum(axis=0) + use.ground
        mass[column[NO_THEME]] = mass.max()
        second = _softmax(np.log(first) + use.review * np.log(mass / mass.max()))
    return np.asarray(second.round(4), dtype=np.float32)


def _softmax(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True) + 1e-12, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The chances of one passage, and the themes that may be proposed."""

    chance: Mapping[str, float]
    able: Mapping[str, Theme]


def _marked(
    passage: Passage, weighed: _Weighed, heads: Heads, known: Known, encode: Vectors
) -> Passage:
    """The passage with its marks by cue weighed again and those by meaning added."""
    use = heads.settings
    marks: list[ThemeMark] = []
    for mark in passage.themes:
        chance = weighed.chance.get(mark.code, 0.0) if mark.code in weighed.able else 0.0
        agreed = chance >= use.least and mark.polarity is not Polarity.NEGATED
        score = max(round(use.alone * mark.score, 3), probability(chance, use) if agreed else 0.0)
        by = f"{BY_CUE}, {heads.by}" if agreed else mark.by
        marks.append(replace(mark, score=score, by=by))
    for code in _likely(passage, weighed, use):
        span = _evidence(passage.text, heads.codes.index(code), heads, known, encode)
        if span is not None:
            theme = weighed.able[code]
            how = polarity(passage.text, span, theme.group, contested=code in CONTESTED)
            score = probability(weighed.chance[code], use)
            marks.append(ThemeMark(code, span.shift(passage.span.start), score, how, heads.by))
    marks.sort(key=lambda mark: (-mark.score, mark.span, mark.code))
    return replace(passage, themes=tuple(marks))


def _likely(passage: Passage, weighed: _Weighed, use: Settings) -> list[str]:
    """The themes that are proposed by meaning, as many as the cues leave room for."""
    cued = {mark.code for mark in passage.themes}
    free = MOST - len(cued)  # words of the theme itself are the better evidence
    likely = [c for c in weighed.able if c not in cued and weighed.chance[c] >= use.least]
    return sorted(likely, key=lambda c: (-weighed.chance[c], c))[: max(0, free)]


def _told(passages: Sequence[Passage], weighed: Sequence[_Weighed], use: Settings) -> list[str]:
    """The sentences of all passages that get a theme by meaning: read in one go, not by twos."""
    texts: list[str] = []
    for passage, one in zip(passages, weighed, strict=True):
        able = may_tell(passage.text) if _likely(passage, one, use) else []
        texts += [words(s.of(passage.text)) for s in able] if len(able) > 1 else []
    return texts


def _evidence(text: str, column: int, heads: Heads, known: Known, encode: Vectors) -> Span | None:
    """The sentence that is nearest to the theme; None where all deny it or quote the law."""
    able = may_tell(text)
    if len(able) < 2:
        return able[0] if able else None
    said = known.logits([words(s.of(text)) for s in able], heads, encode)[:, column].tolist()
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
