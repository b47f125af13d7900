"""Groups of texts that say the same, by their vectors: deterministic, whatever the order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

LARGEST = 6000  # texts that are compared all with all; a larger piece is taken apart first
BLOCK = 1024
WIDEST = 2.0  # no two texts are nearer than this, themes included; it keeps distances positive


def near(vectors: Matrix, themes: Sequence[frozenset[str]], weight: float) -> Matrix:
    """How near the texts are to each other, 1 is the same: shape (texts, texts).

    Two texts that share a theme are `weight` nearer, two that both have themes and share none
    are `weight` further apart.
    """
    import numpy as np

    found = np.asarray(vectors @ vectors.T, dtype=np.float32)
    return np.asarray((found + weight * _kin(themes)).round(4), dtype=np.float32)


def _kin(themes: Sequence[frozenset[str]]) -> Matrix:
    """1 where two texts share a theme, -1 where both have some and share none, else 0."""
    import numpy as np

    codes = sorted(set().union(*themes)) if themes else []
    has = np.zeros((len(themes), max(1, len(codes))), dtype=np.float32)
    for row, own in enumerate(themes):
        has[row, [codes.index(code) for code in sorted(own)]] = 1
    some = has.any(axis=1)
    shared = (has @ has.T) > 0
    apart = np.logical_and.outer(some, some) & ~shared
    return shared.astype(np.float32) - apart.astype(np.float32)


def groups(
    vectors: Matrix,
    themes: Sequence[frozenset[str]],
    *,
    least: float,
    weight: float,
) -> tuple[tuple[int, ...], ...]:
    """Which rows belong together: average linkage, no looser than `least`.

    Rows come in an order that does not depend on how the reviews were read; the groups are
    sorted by their first row. Pieces that no similarity of `least` connects are grouped
    apart, which changes nothing of the answer.
    """
    rows = list(range(len(themes)))
    made: list[tuple[int, ...]] = []
    for piece in _pieces(vectors, rows, least - weight):
        made.extend(_linked(vectors, themes, piece, least, weight))
    return tuple(sorted(made))


def _pieces(vectors: Matrix, rows: Sequence[int], least: float) -> list[list[int]]:
    """Connected components at `least`; one that is too large is cut at a higher similarity."""
    import numpy as np

    own = vectors[list(rows)]
    above = list(range(len(rows)))  # each row leads to an earlier row of its component
    for start in range(0, len(rows), BLOCK):
        hits = np.argwhere((own[start : start + BLOCK] @ own.T).round(4) >= least)
        for left, right in hits.tolist():
            _join(above, left + start, right)
    pieces: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        pieces[_first(above, place)].append(row)
    cut: list[list[int]] = []
    for piece in pieces.values():
        cut.extend([piece] if len(piece) <= LARGEST else _pieces(vectors, piece, least + 0.02))
    return cut


def _first(above: list[int], row: int) -> int:
    while above[row] != row:
        above[row] = above[above[row]]
        row = above[row]
    return row


def _join(above: list[int], left: int, right: int) -> None:
    one, other = _first(above, left), _first(above, right)
    above[max(one, other)] = min(one, other)


def _linked(
    vectors: Matrix,
    themes: Sequence[frozenset[str]],
    piece: Sequence[int],
    least: float,
    weight: float,
) -> list[tuple[int, ...]]:
    if len(piece) == 1:
        return [tuple(piece)]
    import numpy as np
    from sklearn.cluster import AgglomerativeClustering

    distance = WIDEST - near(vectors[list(piece)], [themes[row] for row in piece], weight)
    np.fill_diagonal(distance, 0)
    model = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=WIDEST - least
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row, label in zip(piece, model.fit_predict(distance), strict=True):
        found[int(label)].append(row)
    return [tuple(rows) for rows in found.values()]


@dataclass(frozen=True, slots=True)
class Regrouping:
    """The group of each row of a sample, and how many rows each group has."""

    where: Mapping[int, int]
    sizes: Mapping[int, int]

    @classmethod
    def of(cls, found: Sequence[Sequence[int]]) -> Regrouping:
        """From groups of row numbers."""
        where = {row: number for number, group in enumerate(found) for row in group}
        return cls(where, {number: len(group) for number, group in enumerate(found)})


def together(group: Sequence[int], samples: Sequence[Regrouping]) -> float:
    """The share of regroupings of samples in which the pairs of a group stay together.

    For a group of one row: in which the row stays alone. 1.0 where no sample tells.
    """
    kept = pairs = 0
    for sample in samples:
        own = Counter(sample.where[row] for row in group if row in sample.where)
        if len(group) == 1:
            pairs += len(own)
            kept += sum(sample.sizes[number] == 1 for number in own)
            continue
        count = sum(own.values())
        pairs += count * (count - 1) // 2
        kept += sum(n * (n - 1) // 2 for n in own.values())
    return round(kept / pairs, 2) if pairs else 1.0
