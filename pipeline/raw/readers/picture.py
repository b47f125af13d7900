"""A page as a picture in grey: set straight, its ruling lines, how thick its letters are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]
    Dark = NDArray[np.bool_]

_DARK = 150
_SQUARE, _INKED = 6, 170
_LEAST_CONTRAST = 40.0
# A page is looked at for its slope in so many strips, in steps, as far as this; falls a dot.
_STRIPS = 32
_STEP, _STEEPEST, _LEAST_SLOPE = 0.001, 0.06, 0.0015
# At 150 dots an inch: the shortest rules, how thick one may be, and how many make a drawing.
_SHORTEST_FLAT, _SHORTEST_UPRIGHT, _THICKEST = 40, 30, 9
_MOST_RUNS = 20_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line of a picture, in dots: `at` across its run, from `start` to `end` along it."""

    upright: bool
    at: float
    start: float
    end: float
    thick: float


def levelled(drawn: Grey) -> Grey:
    """The picture with its paper white and its ink black, as far as it has both."""
    import numpy as np

    black, white = np.percentile(drawn[::4, ::4], (1, 50))
    if white - black < _LEAST_CONTRAST:
        return drawn
    stretched = (drawn.astype(np.float32) - black) * (255.0 / (white - black))
    levels: Grey = np.clip(stretched, 0, 255).astype(np.uint8)
    return levels


def straightened(drawn: Grey) -> Grey:
    """The picture with its lines of text level, where it was put in askew by a few degrees."""
    slope = _slope(drawn)
    if abs(slope) < _LEAST_SLOPE:
        return drawn
    return _sheared(_sheared(drawn, slope).T, -slope).T.copy()


def _slope(drawn: Grey) -> float:
    """How far the lines fall to the right, a dot: where the rows of ink are most distinct."""
    import numpy as np

    ink = 255.0 - drawn[::3, ::3]
    wide = ink.shape[1] // _STRIPS
    if wide == 0 or ink.shape[0] < 4:
        return 0.0
    strips = [ink[:, k * wide : (k + 1) * wide].sum(axis=1) for k in range(_STRIPS)]
    steps = round(_STEEPEST / _STEP)

    def distinct(step: int) -> float:
        moved = (
            np.roll(strip, -round(step * _STEP * (k - _STRIPS / 2) * wide))
            for k, strip in enumerate(strips)
        )
        return float(np.square(np.diff(sum(moved))).sum())

    best = max(range(-steps, steps + 1), key=lambda step: (distinct(step), -abs(step)))
    return best * _STEP if distinct(best) > 1.02 * distinct(0) else 0.0


def _sheared(drawn: Grey, slope: float) -> Grey:
    """Each column moved up by the slope times its distance from the middle."""
    import numpy as np

    made = np.full_like(drawn, 255)
    high, wide = drawn.shape
    for column in range(wide):
        by = round(slope * (column - wide / 2))
        if abs(by) >= high:
            continue
        if by >= 0:
            made[: high - by, column] = drawn[by:, column]
        else:
            made[-by:, column] = drawn[:by, column]
    return made


def stroke(drawn: Grey, box: Iterable[float]) -> float:
    """How thick the letters in a box are drawn, in dots: bold type is a third thicker.

    The dark surface over the length of its upright edges is the mean width of what stands in it.
    """
    import numpy as np

    left, top, right, bottom = (max(0, round(edge)) for edge in box)
    part = drawn[top:bottom, left:right]
    if part.size == 0:
        return 0.0
    dark = part < 128
    edges = int(np.count_nonzero(dark[:, 1:] != dark[:, :-1])) / 2
    return float(np.count_nonzero(dark)) / max(1.0, edges)


def rules(drawn: Grey) -> list[Rule]:
    """The ruling lines of the picture; none where it is a photograph."""
    dark = drawn < _DARK
    high, wide = (2 * (side // 2) for side in dark.shape)
    dark = dark[:high, :wide]
    half = dark[::2, ::2] | dark[1::2, ::2] | dark[::2, 1::2] | dark[1::2, 1::2]
    return [*_rules(half, _SHORTEST_FLAT, False), *_rules(half.T, _SHORTEST_UPRIGHT, True)]


def without(drawn: Grey, gone: Iterable[Rule]) -> Grey:
    """The picture with these ruling lines painted over."""
    made = drawn.copy()
    for rule in gone:
        edges = (rule.at - rule.thick / 2 - 2, rule.at + rule.thick / 2 + 2)
        low, high = (max(0, round(edge)) for edge in edges)
        start, end = max(0, round(rule.start)), round(rule.end)
        if rule.upright:
            made[start:end, low:high] = 255
        else:
            made[low:high, start:end] = 255
    return made


def blotted(drawn: Grey, boxes: Iterable[Sequence[float]]) -> Grey:
    """The picture with these boxes (left, top, right, bottom) painted over."""
    made = drawn.copy()
    for box in boxes:
        left, top, right, bottom = (max(0, round(edge)) for edge in box)
        made[top:bottom, left:right] = 255
    return made


def ink(drawn: Grey) -> float:
    """How much ink is on the picture, grain left out: its dark surface, in small squares."""
    import numpy as np

    high, wide = (_SQUARE * (side // _SQUARE) for side in drawn.shape)
    squares = drawn[:high, :wide].reshape(high // _SQUARE, _SQUARE, wide // _SQUARE, _SQUARE)
    return float(np.count_nonzero(squares.mean(axis=(1, 3)) < _INKED))


def _rules(dark: Dark, shortest: int, upright: bool) -> Iterator[Rule]:
    runs = _runs(dark, shortest)
    for top, bottom, start, end in _joined(runs) if len(runs) <= _MOST_RUNS else ():
        if bottom - top < _THICKEST:
            yield Rule(
                upright, float(top + bottom + 1), 2.0 * start, 2.0 * end, 2.0 * (bottom - top + 1)
            )


def _runs(dark: Dark, shortest: int) -> list[tuple[int, int, int]]:
    """Row, start and end of each run of dark dots that is long enough; a few may be missing."""
    import numpy as np

    if dark.shape[1] <= shortest:
        return []
    count = np.zeros((dark.shape[0], dark.shape[1] + 1), dtype=np.int32)
    np.cumsum(dark, axis=1, out=count[:, 1:])
    full = (count[:, shortest:] - count[:, :-shortest]) >= 0.9 * shortest
    edges = np.diff(np.pad(full, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    found = zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True)
    return [(row, start, end + shortest - 1) for row, start, end in found]


def _joined(runs: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Runs that lie one under the other as one: first and last row, start and end."""
    done: list[tuple[int, int, int, int]] = []
    open_: list[tuple[int, int, int, int]] = []
    for row, start, end in runs:
        still = [one for one in open_ if one[1] >= row - 1]
        done += [one for one in open_ if one[1] < row - 1]
        touching = [one for one in still if one[2] <= end + 2 and start <= one[3] + 2]
        merged = (row, row, start, end)
        for one in touching:
            merged = (
                min(merged[0], one[0]),
                row,
                min(merged[2], one[2]),
                max(merged[3], one[3]),
            )
        open_ = [one for one in still if one not in touching] + [merged]
    return done + open_
