"""Vectors by which claims lie close that say the same, whatever their words.

Upper layers that were taught so (training/claims_encoder) read them, above the lower ones that
all share. Search and the definitions of themes go on with those that are published (embed): these
hear what is claimed, those what is spoken of.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import StoreError
from pipeline.installed import shipped
from pipeline.safe import embed, encoder
from pipeline.safe.encoder import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

FOLDER = "models/claims"
ENCODER = "encoder.onnx"
# How much of the nearness of two texts is that of what they claim; the rest is that of what they
# mean. On eleven draws of the second bank .7 to .85 were alike (B-cubed F1 .865 to .867, KIN and
# LEAST of recur chosen for each); on eight .6 gave .859. On three, with the encoder of before, the
# claims alone gave .847, and none .822.
SHARE = 0.75
_NOT_THE_SAME = (
    "The encoder of claims is missing or is not the one that its manifest names. No lesson was "
    "made. Install Candour again."
)


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    sha256: dict[str, str]
    lower: str  # the SHA-256 of the layers below


@lru_cache(maxsize=1)
def _row() -> _Row:
    try:
        told = (shipped(FOLDER).parent / "manifest.toml").read_text(encoding="utf-8")
        row = _Row.model_validate(tomllib.loads(told)["claims"])
    except (OSError, KeyError, ValidationError, tomllib.TOMLDecodeError) as error:
        raise StoreError(_NOT_THE_SAME) from error
    if row.lower != encoder.lower():
        raise StoreError(_NOT_THE_SAME)
    return row


def stamp() -> str:
    """What tells this encoder from another: vectors that are kept are of no use to another."""
    row = _row()
    return hashlib.sha256(f"{row.lower} {row.sha256.get(ENCODER)}".encode()).hexdigest()


def cache(path: Path) -> embed.Cache:
    """The vectors of claims that are kept in a file."""
    return embed.Cache.open(path, stamp())


def vectors(
    threads: int = 1,
    known: embed.Cache | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Vectors:
    """What turns claims into unit vectors, with those that it has met, by so many threads."""
    return embed.vectors(
        threads, known, progress, encoder.each(lambda text: _upper()(text), threads)
    )


def beside(texts: Sequence[str], meant: Matrix, claimed: Vectors | None) -> Matrix:
    """Vectors of what texts mean with those of what they claim, so that products add up.

    Without `claimed`, those of what they mean alone.
    """
    import numpy as np

    if claimed is None:
        return meant
    parts = [meant * (1 - SHARE) ** 0.5, claimed(texts) * SHARE**0.5]
    return np.asarray(np.hstack(parts).round(6), dtype=np.float32)


@lru_cache(maxsize=1)
def _upper() -> Callable[[str], Matrix]:
    return encoder.above(
        encoder.checked(shipped(FOLDER) / ENCODER, _row().sha256.get(ENCODER, "")), unit=True
    )
