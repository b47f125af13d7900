"""Which agencies and services a text speaks to: a closed list of general names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.span import Span

ALL = "all agencies"
NOT_SAID = "not said"
_NO_SUCH = (
    "No agency of that name is in the list. No digest was made. The names stand in "
    'configs/lists/agencies.toml; write one as it is there, as --agency "health visitors".'
)
_UNREADABLE = (
    "The list of agencies cannot be read. No digest was made. Compare it with the one that ships "
    "with Candour (configs/lists/agencies.toml)."
)
# What a recommendation asks stands behind one of these; whom it asks stands before it.
_MODAL = re.compile(
    r"\b(?:should|must|shall|will|needs? to|ought to"
    r"|(?:is|are) (?:asked|required|recommended) to)\b",
    re.I,
)
_TO = re.compile(r"(?<=\w\s)to (?!the\b|an?\b|this\b|be\b|which\b|whom\b|their\b|its\b)[a-z]+")
_FAR = 90  # characters before "to", beyond which it belongs to another sentence part
_IMPERATIVE = re.compile(
    r"^\W*(?:recommendation[^:.]{0,20}[:.]\s*)?(?:to |that )?(?:review|ensure|develop|disseminate|"
    r"audit|consider|establish|promote|remind|strengthen|commission|introduce|implement|agree|"
    r"produce|revise|update|provide|seek|request|make|improve|include|write)\b",
    re.I,
)

# "That the police review how …": whom it asks stands between "that" and the verb.
_THAT = re.compile(
    r"^\W*(?:\d[\d.]*\W+)?(?:recommendation[^:.]{0,20}[:.]\s*)?that (?P<who>[^,.;:]{2,70}?) "
    r"(?:review|ensure|train|introduce|share|consider|develop|provide|audit|establish|agree|publish|"
    r"remind|revise|seek|update|strengthen|promote|commission|implement|produce|make|monitor|test)"
    r"(?:e?s)?\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency: its general name, what it is called in reports, and what only looks like it."""

    name: str
    words: re.Pattern[str]
    exact: re.Pattern[str]
    looks_like: re.Pattern[str]


def agencies(path: Path | None = None) -> tuple[Agency, ...]:
    """The agencies that ship with the program, or those of another file of the same form."""
    return _load(path or _shipped())


@lru_cache(maxsize=1)
def _shipped() -> Path:
    return shipped("configs/lists/agencies.toml")


@lru_cache(maxsize=4)
def _load(path: Path) -> tuple[Agency, ...]:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["agency"]
        return tuple(_agency(row) for row in rows)
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise UsageError(_UNREADABLE) from error


def _agency(row: Mapping[str, Any]) -> Agency:
    return Agency(
        name=row["name"],
        words=_choice(row["words"], re.I),
        exact=_choice(row.get("exact", []), re.NOFLAG),
        looks_like=_choice(row.get("not", []), re.I),
    )


def _choice(patterns: list[str], flags: re.RegexFlag) -> re.Pattern[str]:
    together = "|".join(pattern.replace(" ", r"\s+") for pattern in patterns)
    return re.compile(rf"(?<!\w)(?:{together})(?!\w)" if patterns else r"(?!)", flags)


def named(name: str) -> Agency:
    """The agency of a name, whatever its capitals; UsageError where there is none.

    >>> named("Health Visitors").name
    'health visitors'
    """
    wanted = " ".join(name.lower().replace("’", "'").split())
    for agency in agencies():
        if agency.name == wanted:
            return agency
    raise UsageError(_NO_SUCH)


def speaks_to(agency: Agency, text: str) -> bool:
    """Whether a text names an agency, its staff or its service.

    >>> speaks_to(named("health visitors"), "The [health visitor 2] was not told.")
    True
    >>> speaks_to(named("children's social care"), "Adult social care was not told.")
    False
    """
    return place(agency, text) is not None


def place(agency: Agency, text: str) -> Span | None:
    """Where a text first names an agency, its staff or its service.

    >>> place(named("police"), "The police came.")
    Span(start=4, end=10)
    """
    barred = [match.span() for match in agency.looks_like.finditer(text)]
    found = [*agency.exact.finditer(text)]
    found += [
        match
        for match in agency.words.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in barred)
    ]
    return min((Span(*match.span()) for match in found), default=None)


def spoken_to(text: str) -> tuple[str, ...]:
    """The names of the agencies that a text speaks to, in the order of the list.

    >>> spoken_to("The GP and the school nurse should have met.")
    ('school nurses', 'general practice')
    """
    return tuple(agency.name for agency in agencies() if speaks_to(agency, text))


def asked(text: str) -> tuple[str, ...]:
    """Whom a recommendation asks: those named before what should be done, else ("not said",).

    Empty where a text asks nothing.

    >>> asked("Midwives should tell the health visitor of every pregnancy.")
    ('midwives and maternity services',)
    >>> asked("Ensure that the form is shorter."), asked("Version 4 of the report")
    (('not said',), ())
    >>> asked("That the police review how a history is shown.")
    ('police',)
    """
    verb = _MODAL.search(text) or _TO.search(text, 0, _FAR)
    if verb is not None:
        return spoken_to(text[: verb.start()]) or (NOT_SAID,)
    told = _THAT.match(text)
    if told is not None:
        return spoken_to(told["who"]) or (NOT_SAID,)
    return (NOT_SAID,) if _IMPERATIVE.match(text) else ()
