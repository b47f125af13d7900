"""How far a recommendation reaches: local, regional, national, or nobody is named."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import lru_cache

from pipeline.errors import UsageError
from pipeline.installed import shipped

_UNREADABLE = (
    "The list of scopes cannot be read. Nothing was listed. Compare it with the one that ships "
    "with Candour (configs/lists/scopes.toml)."
)
NO_SCOPE = (
    "A scope is one of: local, regional, national, not-said. Nothing was listed. Name one of them."
)


class Scope(StrEnum):
    """For whom it is: bodies of an area, of a region, of the country; or nobody is named."""

    LOCAL = "local"
    REGIONAL = "regional"
    NATIONAL = "national"
    NOT_SAID = "not-said"


@lru_cache(maxsize=1)
def _lists() -> tuple[re.Pattern[str], re.Pattern[str]]:
    try:
        read = tomllib.loads(shipped("configs/lists/scopes.toml").read_text(encoding="utf-8"))
        national, regional = (
            re.compile("|".join(f"(?:{one})" for one in read[name]), re.IGNORECASE)
            for name in ("national", "regional")
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise UsageError(_UNREADABLE) from error
    return national, regional


def scope(addressee: str | None) -> Scope:
    """The scope of those words of a recommendation that say whom it is for.

    >>> [scope(one).value for one in ("The Home Office", "Government offices", "The board", None)]
    ['national', 'regional', 'local', 'not-said']
    """
    if not addressee:
        return Scope.NOT_SAID
    national, regional = _lists()
    if regional.search(addressee) and not re.search(r"\bnational", addressee, re.IGNORECASE):
        return Scope.REGIONAL
    return Scope.NATIONAL if national.search(addressee) else Scope.LOCAL


def named(written: str) -> Scope:
    """A scope as somebody writes it; UsageError where it is none.

    >>> named("Not said").value
    'not-said'
    """
    try:
        return Scope(written.strip().lower().replace(" ", "-"))
    except ValueError:
        raise UsageError(NO_SCOPE) from None
