"""The vectors of passages: one file beside the library, mapped into memory when it is read.

A row is the key of a masked text (from its hash), a scale, and 384 numbers of one byte. Nothing
of a text can be read from a key; the rows of texts that are gone are dropped with the file that
held them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.safe import encoder
from pipeline.safe.encoder import WIDTH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Matrix = NDArray[np.float32]

NAME = "passages.vectors"
_STEP = 1024  # rows that are compared at once: they stay in the cache of the processor


@dataclass(frozen=True, slots=True)
class Quantised:
    """Unit vectors of one byte a number, by ascending key; `of` picks and orders the rows.

    A similarity is off by 0.001 or so (`benchmarks/search.py` counts what that changes).
    """

    rows: NDArray[np.void]
    of: NDArray[np.int64] | None = None

    @classmethod
    def open(cls, home: Path) -> Quantised:
        """The vectors of a workspace; none where there is no file, or one of another model."""
        import numpy as np

        path = home / NAME
        kind, head = _kind(), _head()
        try:
            with path.open("rb") as stream:
                right = stream.read(len(head)) == head
            size = path.stat().st_size - len(head)
        except OSError:
            return cls(np.zeros(0, dtype=kind))
        if not right or size <= 0 or size % kind.itemsize:
            return cls(np.zeros(0, dtype=kind))  # it can be made anew from the texts
        return cls(np.memmap(path, dtype=kind, mode="r", offset=len(head)))

    @property
    def keys(self) -> Keys:
        """The keys of the rows, ascending."""
        import numpy as np

        return np.ascontiguousarray(self.rows["key"])

    def find(self, keys: Keys) -> tuple[NDArray[np.int64], Quantised]:
        """Which of the keys have a vector here, and those vectors, a row each."""
        import numpy as np

        known = self.keys
        if not len(known):
            return np.zeros(0, dtype=np.int64), Quantised(self.rows, np.zeros(0, dtype=np.int64))
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        there = np.flatnonzero((known[at] == keys) & (keys != 0))
        return there, Quantised(self.rows, at[there])

    def __matmul__(self, vector: Matrix, /) -> Matrix:
        """How near each row is to a unit vector."""
        import numpy as np

        near = np.empty(len(self.rows), dtype=np.float32)
        numbers = self.rows["vector"]
        for at in range(0, len(near), _STEP):
            # Not BLAS: for pieces so small its threads only wait for each other (0.5 s a query).
            rows = numbers[at : at + _STEP].astype(np.float32)
            near[at : at + _STEP] = np.einsum("ij,j->i", rows, vector)
        near *= self.rows["scale"]
        return near if self.of is None else near[self.of]

    def __getitem__(self, numbers: NDArray[np.int64], /) -> Matrix:
        """Some of the vectors, as far as they were kept."""
        import numpy as np

        rows = self.rows[numbers if self.of is None else self.of[numbers]]
        return np.asarray(rows["vector"].astype(np.float32) * rows["scale"][:, None])


def _head() -> bytes:
    return f"candour passage vectors 1 {encoder.stamp()}\n".encode()


def _kind() -> np.dtype[np.void]:
    import numpy as np

    return np.dtype([("key", "<u8"), ("scale", "<f4"), ("vector", "i1", (WIDTH,))])


def add(home: Path, new: Mapping[int, Matrix]) -> None:
    """Bring new vectors to the file, and drop none."""
    import numpy as np

    keep(home, np.union1d(Quantised.open(home).keys, np.array(sorted(new), dtype=np.uint64)), new)


def keep(home: Path, wanted: Keys, new: Mapping[int, Matrix] | None = None) -> None:
    """Bring the file to the wanted keys, as far as they are known or `new`; drop all others."""
    import numpy as np

    (home / f"{NAME}.part").unlink(missing_ok=True)  # of a run that was cut short
    old = Quantised.open(home).rows
    stays = old[np.isin(old["key"], wanted)]
    added = np.zeros(len(new or {}), dtype=_kind())
    for row, (key, vector) in zip(added, (new or {}).items(), strict=True):
        row["key"], row["scale"], row["vector"] = key, *_quantised(vector)
    if not len(added) and len(stays) == len(old):
        if not len(old):
            (home / NAME).unlink(missing_ok=True)
        return
    rows = np.concatenate([stays, added])
    rows = rows[np.unique(rows["key"], return_index=True)[1]]
    if not len(rows):
        (home / NAME).unlink(missing_ok=True)
        return
    part = home / f"{NAME}.part"
    with part.open("wb") as stream:
        stream.write(_head())
        rows.tofile(stream)
    part.replace(home / NAME)


def _quantised(vector: Matrix) -> tuple[float, NDArray[np.int8]]:
    import numpy as np

    scale = float(np.abs(vector).max()) / 127 or 1.0
    return scale, np.round(vector / scale).astype(np.int8)
