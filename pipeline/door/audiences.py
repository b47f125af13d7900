"""Who may receive what: the matrix of kinds of recipients and the profiles that may go to them."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.door import policy
from pipeline.errors import UsageError
from pipeline.installed import shipped

_UNREADABLE = (
    "The table of who may receive what cannot be read, or allows a profile that is never "
    "released. Nothing was sent. Compare it with the one that ships with Candour "
    "(configs/circulation.toml)."
)
_NO_KIND = (
    "There is no such kind of recipient. Nothing was changed. The kinds stand in "
    "configs/circulation.toml: public, researcher, professional, board, inspectorate, government."
)
TOO_MUCH = (
    "Recipients of this kind may not receive texts under that profile. Nothing was changed and "
    "nothing was sent. The table of who may receive what is configs/circulation.toml."
)


class Audience(BaseModel):
    """One kind of recipient, and the profiles that may go to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    means: str
    profiles: tuple[str, ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    audience: tuple[Audience, ...]


@lru_cache(maxsize=1)
def audiences() -> tuple[Audience, ...]:
    """The kinds of recipients, in the order of the table."""
    try:
        read = shipped("configs/circulation.toml").read_text(encoding="utf-8")
        table = _Table.model_validate(tomllib.loads(read))
        for one in table.audience:
            for profile in one.profiles:
                policy.load(profile).require_release()
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError, UsageError) as error:
        raise UsageError(_UNREADABLE) from error
    return table.audience


def require_allowed(kind: str, profile: str) -> None:
    """UsageError unless texts under a profile may go to this kind of recipient.

    >>> require_allowed("board", "practitioner")
    """
    allowed = {one.kind: one.profiles for one in audiences()}
    if kind not in allowed:
        raise UsageError(_NO_KIND)
    if profile not in allowed[kind]:
        raise UsageError(TOO_MUCH)
