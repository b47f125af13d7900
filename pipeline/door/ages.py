"""Ages made bands, in the words of the sentence they stand in.

The bands: under 6 months · 6 to 11 months · 1 to 2 · 3 to 5 · 6 to 9 · 10 to 12 · 13 to 15 ·
16 to 17 · 18 to 24 · then ten years each (25 to 34 …) · 85 or over. They follow the stages at
which services change: infancy, nursery, the two halves of primary school, secondary school,
leaving care.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

AGE_LABEL = "[age]"

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: n for n, word in enumerate(_UNITS)} | {
    word: 20 + 10 * n for n, word in enumerate(_TENS)
}

_FLAGS = re.IGNORECASE
_NUMBER = (
    rf"(?:\d{{1,3}}(?:\.\d+|½|¼|¾)?|½|(?:{'|'.join(_TENS)})(?:[\s-]+(?:{'|'.join(_UNITS[1:10])}))?"
    rf"|{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
)
_UNIT = r"(?:years?|yrs?|y|months?|mths?|mos?|m|weeks?|wks?|w|days?|d)"
_AMOUNT = re.compile(
    rf"(?<![\w.])(?P<n>{_NUMBER})(?:(?P<gap>[\s-]*)(?P<unit>{_UNIT})(?![a-z]))?"
    rf"(?:,?\s*(?:and\s+)?(?:a half(?:[\s-]*{_UNIT}(?![a-z]))?|"
    rf"{_NUMBER}[\s-]*(?:months?|mths?|m|weeks?|wks?|w|days?|d)(?![a-z])))*",
    _FLAGS,
)
_JOIN = re.compile(r"\s*(?:-|–|—|/|,|\bto\b|\band\b|\bor\b)\s*", _FLAGS)
_STAYS = re.compile(
    r"\b(?:under|over|below|above|at least|younger than|older than|up to)\b"
    r"|\bor (?:over|older|under|younger)\b"
    r"|\band (?:over|above|under)\b|\b\d0[’']?s\b|\bteen|\btwenties|\bthirties|\bforties|\bfifties"
    r"|\bsixties|\bseventies|\beighties|\bnineties",
    _FLAGS,
)
# "under" a year, 16 "and over": already a bound, and no age.
_BOUND_BEFORE = re.compile(
    r"\b(?:under|over|below|above|at least|younger than|older than|less than|more than|up to)\s+"
    r"(?:a |an |the )?(?:age of )?$",
    _FLAGS,
)
_BOUND_AFTER = re.compile(
    r"\s*(?:years?\s+)?(?:of age\s+)?(?:\+|(?:and|or) (?:over|above|under|older|younger|below)\b)",
    _FLAGS,
)
_BIRTHDAY = re.compile(r"\bbirthdays?\b", _FLAGS)
_AS_NOUN = re.compile(r"-olds?\b", _FLAGS)
_OLD_NOUN = re.compile(r"[\s-]+olds?\b", _FLAGS)
_DESCRIBED = re.compile(
    r"(?:[\s-]+[\w-]+){0,2}?\s+(?:boys?|girls?|child(?:ren)?|bab(?:y|ies)|infants?|toddlers?|sons?|daughters?"
    r"|siblings?|twins?|brothers?|sisters?|half-(?:brother|sister)s?|males?|females?|m[ae]n|wom[ae]n"
    r"|mothers?|fathers?|partners?|pupils?|students?|teenagers?|youths?|adults?|persons?|people"
    r"|cousins?|nephews?|nieces?|stepsons?|stepdaughters?|grandsons?|granddaughters?)\b",
    _FLAGS,
)
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}


@dataclass(frozen=True, slots=True)
class _Band:
    """One band: its bounds in years and its words without "aged"."""

    top: float
    words: str
    person: str


_BANDS = (
    _Band(0.5, "under 6 months", "baby"),
    _Band(1, "6 to 11 months", "baby"),
    _Band(3, "1 to 2", "child"),
    _Band(6, "3 to 5", "child"),
    _Band(10, "6 to 9", "child"),
    _Band(13, "10 to 12", "child"),
    _Band(16, "13 to 15", "child"),
    _Band(18, "16 to 17", "young person"),
    _Band(25, "18 to 24", "person"),
    *(_Band(top, f"{top - 10} to {top - 1}", "person") for top in range(35, 86, 10)),
    _Band(1000, "85 or over", "person"),
)
BANDS = tuple(band.words for band in _BANDS)
_PLURALS = {
    "baby": "babies",
    "child": "children",
    "young person": "young people",
    "person": "people",
}


def _band(years: float) -> _Band:
    return next(band for band in _BANDS if years < band.top)


def _number(words: str) -> float:
    if words in _FRACTIONS:
        return _FRACTIONS[words]
    if words[-1] in _FRACTIONS:
        return float(words[:-1]) + _FRACTIONS[words[-1]]
    if words[0].isdigit():
        return float(words)
    return float(sum(_WORDS[part] for part in re.split(r"[\s-]+", words.lower())))


def _in_years(number: float, unit: str) -> float:
    divisor = {"m": 12.0, "w": 365.25 / 7, "d": 365.25}.get(unit[:1].lower(), 1.0)
    return number / divisor


def _amounts(text: str) -> list[re.Match[str]]:
    return [match for match in _AMOUNT.finditer(text) if match["n"]]


def _years(amounts: list[re.Match[str]]) -> list[float]:
    """Each amount in years; one without a unit takes that of the next that has one."""
    unit = "y"
    years: list[float] = []
    for match in reversed(amounts):
        unit = match["unit"] or unit
        years.append(_in_years(_number(match["n"]), unit))
    return years[::-1]


def band(text: str) -> str | None:
    """The band of the first age that the text gives, or None.

    >>> band("the 4-year-old"), band("aged six weeks"), band("elderly")
    ('3 to 5', 'under 6 months', None)
    """
    amounts = _amounts(text)
    return _band(_years(amounts)[0]).words if amounts else None


def _joined(bands: list[_Band], text: str, between: list[str]) -> str:
    """The words of one or several bands; a range of ages becomes a range of bands."""
    words = list(dict.fromkeys(band.words for band in bands))
    if len(words) == 1:
        return words[0]
    is_range = "between" in text.lower() or all(
        re.fullmatch(r"\s*(?:-|–|—|to)\s*", gap) for gap in between
    )
    if is_range and len(bands) == 2 and "months" not in words[0] + words[1]:
        return f"{words[0].split(' ')[0]} to {words[1].split(' ')[-1]}"
    return ", ".join(words[:-1]) + " and " + words[-1]


def banded(text: str, after: str = "", before: str = "") -> str:
    """An age as a band, fitted into its sentence: `before` and `after` are the text around it.

    What is a band already ("under 5", "in his 30s", "teenager") stays.

    >>> banded("4-year-old", " boy"), banded("4-year-old", " was seen")
    ('[aged 3 to 5]', '[child aged 3 to 5]')
    >>> banded("aged 8 months"), banded("6 weeks old"), banded("over 18")
    ('[aged 6 to 11 months]', '[under 6 months old]', 'over 18')
    """
    if _BIRTHDAY.search(text):
        return "[birthday]"
    if _STAYS.search(text) or _BOUND_BEFORE.search(before) or _BOUND_AFTER.match(after):
        return text
    amounts = _amounts(text)
    if not amounts:
        return AGE_LABEL if re.search(r"\d", text) else text
    bands = [_band(years) for years in _years(amounts)]
    words = _joined(
        bands, before[-9:] + text, [text[a.end() : b.start()] for a, b in pairwise(amounts)]
    )
    head, tail = text[: amounts[0].start()], text[amounts[-1].end() :]
    if amounts[-1]["unit"] and not re.search(r"(?i)s$", amounts[-1]["unit"]):
        tail = re.sub(r"(?i)^[\s-]+(?=olds?\b)", "-", tail)  # "a 4 year old" is a noun
    return _in_place(head, words, tail, bands[0], after)


def _in_place(head: str, words: str, tail: str, first: _Band, after: str) -> str:
    noun = _OLD_NOUN.match(tail)
    if noun is not None and (_AS_NOUN.match(tail) or _DESCRIBED.match(after)):
        if tail.rstrip().lower().endswith("olds"):
            return f"{head}[{_PLURALS[first.person]} aged {words}]"
        rest = tail[noun.end() :] if noun else ""
        described = _DESCRIBED.match(rest + after)
        return (
            f"{head}[aged {words}]{rest}"
            if described
            else f"{head}[{first.person} aged {words}]{rest}"
        )
    if noun is not None:
        unit = "" if "months" in words or "over" in words else " years"
        return f"{head}[{words}{unit} old]{tail[noun.end() :]}"
    aged = re.search(r"\b(aged?)(?:\s+between)?\s*:?\s*$", head, _FLAGS)
    if aged:
        return f"{head[: aged.start()]}[aged {words}]{tail}"
    between = re.search(r"\bbetween\s+$", head, _FLAGS)
    head = head[: between.start()] if between else head
    return f"{head}[{words}]{tail}"
