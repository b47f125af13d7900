"""The words of a statement as two wordings of it are compared, and what they are about."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.installed import shipped

Words = tuple[str, ...]

_WORD = re.compile(r"\[[^\]\n]{1,60}\]|\d+(?:[.,]\d+)*%?|[^\W\d_]+(?:'[^\W\d_]+)*")
_LEAD = re.compile(
    r"^[^\w\[]*(?:(?:\d{1,3}(?:[.-]\d{1,3})*(?:[.):]|(?=\s+(?-i:[A-Z\[“\"])))|[a-z]\d{1,2}(?:\.\d+)*[.):])"
    r"\s+)?(?:(?:(?:key |overview )?(?:lesson|"
    r"learning point|"
    r"learning|finding|recommendation|action|theme)s?\s*\d+(?:\.\d+)*|"
    r"R\d+(?:\.\d+)*)\s*[:.–—-]?\s+)?",
    re.I,
)
_MAY = re.compile(r"(?<=[a-z\d,;] )May\b")  # the month, and not what may be
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
    phrases: tuple[tuple[re.Pattern[str], str], ...]
    weak: frozenset[str]
    endings: frozenset[str]
    bodies: dict[str, frozenset[str]]


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
            phrases=tuple((re.compile(rf"\b{a}\b"), b) for a, b in read["same"].get("phrases", ())),
            weak=frozenset(read["quantities"].get("weak", ())),
            endings=frozenset(map(stem, read["negations"].get("endings", ()))),
            bodies={k.lower(): frozenset(map(stem, v)) for k, v in read.get("bodies", {}).items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            "The list of words of drifts cannot be read. Nothing was compared. Compare it with "
            "the one that ships with Candour (configs/lists/drifts.toml)."
        ) from error


def _levels(rows: dict[str, list[str]]) -> dict[Words, int]:
    return {
        tuple(phrase.split()): int(level)
        for level, row in rows.items()
        if level.isdigit()
        for phrase in row
    }


def words(text: str) -> Words:
    """The words of a statement as they are compared: small, no number or lead, digits.

    >>> words("R2. Twenty-one front-line teams recognize it; they can't.")
    ('21', 'front', 'line', 'teams', 'recognise', 'it', 'they', 'can', 'not')
    """
    flat = _MAY.sub("maymonth", _LEAD.sub("", " ".join(text.split()), count=1)).lower()
    flat = flat.replace("’", "'").replace("‘", "'").replace("can't", "can not")
    flat = flat.replace("n't", " not").replace("cannot", "can not").replace("per cent", "%")
    found = [m[0].removesuffix("'s").strip("'") for m in _WORD.finditer(flat)]
    told = " ".join(
        re.sub(r"iz(e|es|ed|ing|ers?|ations?|ational)\b", r"is\1", w) for w in found if w
    )
    for phrase, one in lists().phrases:
        told = phrase.sub(one, told)
    made = _digits(_WORD.findall(told))
    # A name that the end of a line cuts has its label twice.
    return tuple(w for n, w in enumerate(made) if not (n and w[0] == "[" and w == made[n - 1]))


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
    if len(word) > 6 and word.endswith("ly") and not word.endswith("ily"):
        word = word[:-2]
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    for ending, least in (("ing", 6), ("ed", 6)):
        if len(word) >= least and word.endswith(ending):
            bare = word[: -len(ending)]
            return bare[:-1] if bare[-1] == bare[-2] and bare[-1] not in "ls" else bare.rstrip("e")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "ches", "shes", "xes")) else word[:-1]
    return word.rstrip("e") if len(word) > 3 else word


def content(found: Iterable[str]) -> list[str]:
    """The stems of the words that say something, equal ones in one form."""
    known = lists()
    return [known.same.get(s, s) for s in map(stem, found) if s not in known.light]


def core(text: str) -> list[str]:
    """What a statement is about: its content without numbers and words of degree.

    All of its content where that leaves next to nothing.
    """
    found = words(text)
    told = content(w for w in found if not is_number(w) and w not in graded_words())
    return told if len(told) >= 2 else content(found)


def is_number(word: str) -> bool:
    """Whether a word counts something."""
    return word[0].isdigit()


def form(word: str) -> str:
    """The stem of a word, or that of the word that is the same to a reader."""
    bare = stem(word)
    return lists().same.get(bare, bare)


@lru_cache(maxsize=1)
def graded_words() -> frozenset[str]:
    """The single words that are counted over the whole statement already."""
    known = lists()
    phrases = (*known.modals, *known.quantities, *known.trends)
    return frozenset({w[0] for w in phrases if len(w) == 1} | known.negations - known.severe)
