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

LARGEST = 4000  # texts that are compared all with all; more are shared out among cells first
CELL = 1000  # texts of a cell, on average: time and memory grow with their number alone
BLOCK = 1024
STEP = 0.04  # how much nearer the texts of a loose group have to be when it is cut again
WIDEST = 2.0  # no two texts are nearer than this, themes included; it keeps distances positive

Themes = Sequence[frozenset[str]]
Rows = tuple[int, ...]


def near(vectors: Matrix, themes: Themes, weight: float) -> Matrix:
    """How near the texts are to each other, 1 is the same: shape (texts, texts).

    Two texts that share a theme are `weight` nearer, two that both have themes and share none
    are `weight` further apart.
    """
    import numpy as np

    found = np.asarray(vectors @ vectors.T, dtype=np.float32)
    return np.asarray((found + weight * _kin(themes)).round(4), dtype=np.float32)


def _kin(themes: Themes) -> Matrix:
    """1 where two texts share a theme, -1 where both have some and share none, else 0."""
    import numpy as np

    codes = {code: at for at, code in enumerate(sorted(set().union(*themes)))} if themes else {}
    has = np.zeros((len(themes), max(1, len(codes))), dtype=np.float32)
    for row, own in enumerate(themes):
        has[row, [codes[code] for code in sorted(own)]] = 1
    some = has.any(axis=1)
    shared = (has @ has.T) > 0
    apart = np.logical_and.outer(some, some) & ~shared
    return shared.astype(np.float32) - apart.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Cells:
    """Where each row lies, and which cell is the next nearest to it; one cell for few rows."""

    own: Rows
    second: Rows

    @classmethod
    def of(cls, vectors: Matrix) -> Cells:
        """The cells of some vectors: k-means from a fixed seed where there are too many.

        The rows come in an order of their own, so that the cells depend on the set of texts.
        """
        import numpy as np

        count = len(vectors)
        if count <= LARGEST:
            return cls((0,) * count, (0,) * count)
        from sklearn.cluster import MiniBatchKMeans

        model = MiniBatchKMeans(count // CELL, random_state=0, n_init=1, batch_size=4096)
        centres = np.asarray(model.fit(vectors).cluster_centers_, dtype=np.float32)
        own: list[int] = []
        second: list[int] = []
        for start in range(0, count, BLOCK):
            rows = vectors[start : start + BLOCK]
            far = ((centres**2).sum(axis=1) - 2 * rows @ centres.T).round(4)
            nearest = np.argsort(far, axis=1, kind="stable")[:, :2]
            own.extend(nearest[:, 0].tolist())
            second.extend(nearest[:, 1].tolist())
        return cls(tuple(own), tuple(second))


def groups(
    vectors: Matrix,
    themes: Themes,
    *,
    least: float,
    weight: float,
    mean: float = -1.0,
    cells: Cells | None = None,
    rows: Sequence[int] | None = None,
) -> tuple[Rows, ...]:
    """Which rows belong together: average linkage, no looser than `least`.

    A group of three or more whose texts are on average further from each other than `mean`,
    themes left aside, shares a theme and little else: it is cut again, more closely.
    Rows come in an order that does not depend on how the reviews were read; the groups are
    sorted by their first row. Beyond LARGEST rows, each cell is grouped by itself, and then
    groups along the border of two cells are joined where they are near enough.
    """
    wanted = range(len(themes)) if rows is None else rows
    where = cells or Cells.of(vectors)
    shares: dict[int, list[int]] = defaultdict(list)
    for row in wanted:
        shares[where.own[row]].append(row)
    made: list[Rows] = []
    for _, share in sorted(shares.items()):
        if len(share) <= LARGEST or len(shares) > 1:
            made.extend(_parted(vectors, themes, share, least, weight))
        else:  # nothing tells these rows apart: they are taken in pieces, in their order
            for at in range(0, len(share), LARGEST):
                made.extend(_parted(vectors, themes, share[at : at + LARGEST], least, weight))
    if len(made) > 1 and len(list(wanted)) > LARGEST:
        made = _across(vectors, themes, made, where, least, weight)
    close: list[Rows] = []
    for group in made:
        close.extend(_cut_again(vectors, themes, group, least, weight, mean))
    return tuple(sorted(close))


def mean_near(vectors: Matrix) -> float:
    """How near unit vectors are to each other on average; 1.0 for one alone."""
    count = len(vectors)
    if count < 2:
        return 1.0
    whole = vectors.sum(axis=0, dtype="float64")
    return round(float((whole @ whole - count) / (count * (count - 1))), 4)


def _cut_again(
    vectors: Matrix, themes: Themes, group: Rows, least: float, weight: float, mean: float
) -> list[Rows]:
    """The group, or what it falls into: by average linkage it ends before `mean` plus `weight`."""
    if len(group) < 3 or mean_near(vectors[list(group)]) >= mean:
        return [group]
    made: list[Rows] = []
    for part in _parted(vectors, themes, group, least + STEP, weight):
        made.extend(_cut_again(vectors, themes, part, least + STEP, weight, mean))
    return made


def _parted(
    vectors: Matrix, themes: Themes, rows: Sequence[int], least: float, weight: float
) -> list[Rows]:
    """The groups of a cell; one that is too large is cut into cells of its own."""
    if len(rows) <= LARGEST:
        return _linked(vectors[list(rows)], [themes[row] for row in rows], rows, least, weight)
    inner = groups(vectors[list(rows)], [themes[row] for row in rows], least=least, weight=weight)
    return [tuple(rows[i] for i in group) for group in inner]


def _across(
    vectors: Matrix, themes: Themes, made: list[Rows], cells: Cells, least: float, weight: float
) -> list[Rows]:
    """Join groups of two cells that lie next to each other, by their means."""
    import numpy as np

    borders: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, group in enumerate(made):
        own, second = cells.own[group[0]], cells.second[group[0]]
        borders[min(own, second), max(own, second)].append(number)
    joined: list[Rows] = []
    for _, numbers in sorted(borders.items()):
        means = np.stack([vectors[list(made[n])].mean(axis=0) for n in numbers])
        held = [_shared_by_half([themes[row] for row in made[n]]) for n in numbers]
        for group in _linked(means, held, range(len(numbers)), least, weight):
            joined.append(tuple(sorted(row for i in group for row in made[numbers[i]])))
    return joined


def _shared_by_half(themes: Themes) -> frozenset[str]:
    counted = Counter(code for own in themes for code in own)
    return frozenset(code for code, count in counted.items() if 2 * count >= len(themes))


def _linked(
    vectors: Matrix, themes: Themes, rows: Sequence[int], least: float, weight: float
) -> list[Rows]:
    if len(rows) == 1:
        return [tuple(rows)]
    import numpy as np
    from sklearn.cluster import AgglomerativeClustering

    distance = WIDEST - near(vectors, themes, weight)
    np.fill_diagonal(distance, 0)
    model = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=WIDEST - least
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row, label in zip(rows, model.fit_predict(distance), strict=True):
        found[int(label)].append(row)
    return [tuple(own) for own in found.values()]


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
