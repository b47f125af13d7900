"""What the words of a passage say of its role, as a small linear model learnt it.

Made by `python -m pipeline.training roles`; what it learnt from and how well it does is in
models/roles/CARD.md. It holds numbers only, no word of any text.
"""

from __future__ import annotations

import hashlib
import io
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import StoreError, UsageError
from pipeline.installed import shipped
from pipeline.safe.lesson import Role
from pipeline.safe.traits import TABLE, Traits, width

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FILE = "roles.npz"
_DAMAGED = (
    "The model of roles is missing or is not the one that its manifest names. No passage was "
    "made. Install Candour again, or make the model anew."
)


GROUPS = (Role.CONTEXT, Role.CHRONOLOGY, Role.LEARNING)
"""What real reports tell apart; the last stands for all that says what was wrong or should be."""


@dataclass(frozen=True, slots=True)
class RoleModel:
    """The weights of words, shape and cues, and those of two neighbours.

    `own` has TABLE + width() + 1 rows (the last is the constant) and a column a group, `inner` the
    same rows and a column each of `roles`; `turn` has 2 * TABLE + 2 rows (words of a passage, words
    of the one before, a new block, the constant), a column for no change and one for a change to
    each group.
    """

    roles: tuple[Role, ...]
    own: Floats
    inner: Floats
    turn: Floats

    def groups(self, found: Traits) -> tuple[float, ...]:
        """The logarithm of the probability of each group, by the words alone."""
        return _logarithms(_sums(self.own, found))

    def within(self, found: Traits) -> tuple[float, ...]:
        """The same of each role of the last group, for a passage of that group."""
        return _logarithms(_sums(self.inner, found))

    def turns(self, before: Traits, found: Traits, *, new_block: bool) -> tuple[float, ...]:
        """The logarithms of the probabilities of no change of group and of a change to each.

        Together they are 1; what counts is the words of both neighbours.
        """
        import numpy as np

        sums = self.turn[-1] + self.turn[-2] * np.float32(new_block)
        for start, one in ((0, found), (TABLE, before)):
            if one.places:
                rows = self.turn[[start + place for place in one.places]]
                sums = sums + rows.sum(axis=0) * np.float32(len(one.places) ** -0.5)
        return _logarithms(sums)


def _sums(weights: Floats, found: Traits) -> Floats:
    import numpy as np

    sums = np.array((*found.told, 1.0), dtype=np.float32) @ weights[TABLE:]
    if found.places:
        rows = weights[list(found.places)].sum(axis=0, dtype=np.float32)
        sums = sums + rows * np.float32(len(found.places) ** -0.5)
    return np.asarray(sums, dtype=np.float32)


def _logarithms(sums: Floats) -> tuple[float, ...]:
    import numpy as np

    top = float(sums.max())
    total = top + float(np.log(np.exp(sums - top).sum()))
    return tuple(round(float(value) - total, 4) for value in sums)


def load(folder: Path | None = None, manifest: Path | None = None) -> RoleModel:
    """The model that ships, or one of another folder; its file is checked against the manifest."""
    try:
        at = folder or shipped("models/roles")
        listed = manifest or shipped("models/manifest.toml")
    except UsageError as error:
        raise StoreError(_DAMAGED) from error
    return _load(at, listed)


@lru_cache(maxsize=2)
def _load(folder: Path, manifest: Path) -> RoleModel:
    try:
        row = tomllib.loads(manifest.read_text(encoding="utf-8"))["roles"]
        data = (folder / FILE).read_bytes()
        if hashlib.sha256(data).hexdigest() != row["sha256"][FILE]:
            raise StoreError(_DAMAGED)
        return read(data, tuple(Role(name) for name in row["roles"]))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise StoreError(_DAMAGED) from error


def read(data: bytes, roles: Sequence[Role]) -> RoleModel:
    """The model in the bytes of its file; ValueError where its shape is another."""
    import numpy as np

    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        own, inner, turn = (stored[n].astype(np.float32) for n in ("own", "inner", "turn"))
    rows = TABLE + width() + 1
    shapes = (rows, len(GROUPS)), (rows, len(roles)), (2 * TABLE + 2, len(GROUPS) + 1)
    if (own.shape, inner.shape, turn.shape) != shapes:
        raise ValueError("a model fits the traits and roles that it was made for")
    return RoleModel(tuple(roles), own, inner, turn)
