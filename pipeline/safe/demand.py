"""Whom a demand names and what it asks for, by its words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.safe.deadline import undated

LEAD = re.compile(
    r"^[^\w\[]*(?:\d{1,3}(?:[.-]\d{1,3})*[.):]?\s+)?(?:(?:recommendation|action|"
    r"[A-Z])\s*\d+(?:\.\d+)*\s*[:.–—-]?\s*)?",
    re.I,
)
MUST = re.compile(
    r"\b(?:should|must|shall|needs? to|ought to|is to|are to|be (?:established|published|"
    r"introduced))\b",
    re.I,
)
TO_DO = re.compile(
    r"^(?P<who>(?:[^.;:]{3,260}?))\s+(?:(?:may (?:wish|want) to|should|must|shall|needs? to|"
    r"ought to|is to|are to|will|to)\b)",
    re.I,
)
THAT = re.compile(
    r"^(?:that|(?:(?:it is|we|[\w][\w ’'-]{3,60}?)\s+)?recommend(?:s|ed)?\s+that)\s+", re.I
)
_DOES = re.compile(  # "It is recommended that the school review its plan": no verb but the act's
    r"^(?P<who>[^.;:]{2,120}?)\s+(?=(?:urgently\s+|regularly\s+)?(?:reviews?|ensures?|develops?|"
    r"audits?|considers?|establish(?:es)?|promotes?|reminds?|strengthens?|commissions?|"
    r"introduces?|implements?|writes?|agrees?|produces?|revises?|updates?|records?|seeks?|"
    r"provides?|makes?|shares?|trains?|publish(?:es)?|adopts?|takes?)\b)", re.I)  # fmt: skip
IMPERATIVE = re.compile(
    r"^(?:to\s+)?(?:urgently\s+|regularly\s+)?(?:review|ensure|develop|disseminate|audit|"
    r"consider|establish|promote|remind|"
    r"strengthen|commission|introduce|implement|write|agree|produce|revise|update|work|challenge|"
    r"support|raise|gather|lead|have|put|provide|make|share|seek|train|challenging|supporting|"
    r"raising|leading|having|working|gathering|commissioning|ensuring|"
    r"developing)\b", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of configs/lists/addressees.toml."""

    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    measures: re.Pattern[str]


@lru_cache(maxsize=1)
def _shipped() -> Path:
    return shipped("configs/lists/addressees.toml")


@lru_cache(maxsize=4)
def lists(path: Path | None = None) -> Lists:
    """The lists that ship with the program, or those of another file of the same form."""
    try:
        read = tomllib.loads((path or _shipped()).read_text(encoding="utf-8"))
        return Lists(
            tuple((kind, re.compile(pattern, re.I)) for kind, pattern in read["kinds"]),
            re.compile("|".join(f"(?:{p})" for p in read["measures"]), re.I),
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise UsageError(
            "The list of addressees cannot be read. No recommendation was listed. Compare it with "
            "the one that ships with Candour (configs/lists/addressees.toml)."
        ) from error


def whom(body: str) -> tuple[str | None, str]:
    """Whom a demand names, and what is to be done."""
    bare = undated(THAT.sub("", body))
    if re.match(r"(?:whether|where|if|when|while|in|following|as|given)\b[^,]*, ", bare, re.I):
        bare = bare.split(", ", 1)[1]
    found = TO_DO.match(bare) or (_DOES.match(bare) if THAT.match(body) else None)
    if found is None or IMPERATIVE.match(bare) or re.search(r"\bbe \w+ed$", found["who"]):
        return None, bare
    return found["who"].strip(" ,"), bare[found.end() :].strip()


def addressed(text: str) -> tuple[str | None, str | None]:
    """Whom a demand names, and the kind of body; None for both where it names nobody.

    >>> addressed("2. The Department for Education should publish the figures.")
    ('The Department for Education', 'government')
    """
    who, _ = whom(LEAD.sub("", text, count=1))
    return who, kind_of(who) if who else None


def kind_of(who: str) -> str | None:
    """The kind of body that words name: all, government, board, agency; None for nobody's."""
    head = (
        re.split(
            r", (?:working|together|in (?:consultation|partnership|conjunction|collaboration))\b|"
            r"\b(?:that|which|who|reviewing|on|for the)\b",
            who,
        )[0]
        or who
    )
    for kind, pattern in lists().kinds:
        if pattern.search(head):
            return kind
    return None
