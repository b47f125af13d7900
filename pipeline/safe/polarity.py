"""How a sentence speaks of what it mentions: as a finding, praise, advice, or not at all."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.safe.lesson import Polarity
from pipeline.safe.sentence import sentences
from pipeline.span import Span

_OF_THE_CASE = frozenset({"family", "child", "adult"})
CONTESTED = frozenset({"E8", "E11"})  # publication and blame: people argue for and against


@dataclass(frozen=True, slots=True)
class Wordings:
    """The patterns of configs/lists/polarity.toml, compiled; each is a choice of several."""

    boilerplate: re.Pattern[str]
    boilerplate_sentence: re.Pattern[str]
    no_concern: re.Pattern[str]
    no_harm: re.Pattern[str]
    after: re.Pattern[str]
    against: re.Pattern[str]
    in_favour: re.Pattern[str]
    praise: re.Pattern[str]
    not_praise: re.Pattern[str]
    advice: re.Pattern[str]
    absent: re.Pattern[str]


def wordings(path: Path | None = None) -> Wordings:
    """The wordings that ship with the program, or those of another file of the same form."""
    return _wordings(path or _shipped())


@lru_cache(maxsize=1)
def _shipped() -> Path:
    return shipped("configs/lists/polarity.toml")


@lru_cache(maxsize=4)
def _wordings(path: Path) -> Wordings:
    try:
        lists = tomllib.loads(path.read_text(encoding="utf-8"))
        lists["in_favour"] = lists.pop("for")
        return Wordings(
            **{
                name: re.compile("|".join(f"(?:{p})" for p in ps), re.I)
                for name, ps in lists.items()
            }
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise UsageError(
            "The list of polarity wordings cannot be read. No theme was set. Compare it with the "
            "one that ships with Candour (configs/lists/polarity.toml)."
        ) from error


def boilerplate(text: str) -> tuple[Span, ...]:
    """Stretches that define or quote the law and say nothing about a case.

    >>> text = "A review is held where abuse or neglect is known or suspected."
    >>> [s.of(text) for s in boilerplate(text)]
    ['abuse or neglect is known or suspected']
    """
    words = wordings()
    found = [Span(*match.span()) for match in words.boilerplate.finditer(text)]
    if words.boilerplate_sentence.search(text):
        found += [s for s in sentences(text) if words.boilerplate_sentence.search(s.of(text))]
    return tuple(sorted(found))


def absent(sentence: str) -> bool:
    """Whether a sentence says that there was nothing of the kind, whatever the kind is.

    >>> absent("There were no concerns about drugs."), absent("No one was told about it.")
    (True, False)
    """
    return wordings().absent.search(sentence) is not None


def polarity(
    text: str, place: Span, group: str, *, contested: bool = False, praised: bool = False
) -> Polarity:
    """How the sentence that holds `place` speaks of it.

    `group` is the theme's group; `contested` says that people take sides on the theme, so that
    "for" and "against" are possible; `praised` that the passage tells good practice, so that what
    it finds is praise.

    >>> polarity("There were no concerns about neglect.", Span(29, 36), "child").value
    'negated'
    >>> polarity("Staff should share information.", Span(13, 30), "system").value
    'advice'
    """
    words = wordings()
    sentence = next((s for s in sentences(text) if s.overlaps(place)), Span(0, len(text)))
    whole = sentence.of(text)
    before = text[min(sentence.start, place.start) : place.start]
    after = text[place.end : max(sentence.end, place.end)]
    if _negated(words, before, after, group):
        return Polarity.NEGATED
    if contested and words.against.search(whole):
        return Polarity.AGAINST
    if contested and words.in_favour.search(whole):
        return Polarity.FOR
    if words.praise.search(whole) and not words.not_praise.search(whole):
        return Polarity.PRAISE
    if words.advice.search(whole):
        return Polarity.ADVICE
    return Polarity.PRAISE if praised else Polarity.FINDING


def _negated(words: Wordings, before: str, after: str, group: str) -> bool:
    if words.no_concern.search(before):
        return True
    if group not in _OF_THE_CASE:
        return False
    return bool(words.no_harm.search(before) or words.after.search(after))


def may_tell(text: str) -> list[Span]:
    """The sentences that may be evidence of something: none that denies, none that quotes the law.

    >>> len(may_tell("It went well. Nobody was told."))
    2
    """
    void = boilerplate(text)
    return [
        sentence
        for sentence in sentences(text)
        if not absent(sentence.of(text)) and not any(sentence.overlaps(v) for v in void)
    ]
