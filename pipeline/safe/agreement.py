"""How far two coders agree: Cohen's kappa by theme, Krippendorff's alpha over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.safe.coding import Pair

OVERALL = "overall"

View = Mapping[Pair, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two coders coded the same `n` passages for one theme, or for all of them.

    For one theme n counts passages; for all of them, `units` counts passage and theme. Kappa
    and alpha are None where they are not defined: both coders said the same of every unit.
    `kappa` of all themes is the mean of those that are defined.
    """

    theme: str
    n: int
    units: int
    both: int
    only_first: int
    only_second: int
    neither: int
    agreed: float
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A theme that one coder gave a passage and the other did not."""

    pair: Pair
    theme: str
    first: bool
    second: bool


def agreement(first: View, second: View) -> tuple[Agreement, ...]:
    """One row a theme that either coder used on the passages that both coded, and one for all.

    >>> a = {("r", "p1"): frozenset({"A1"}), ("r", "p2"): frozenset()}
    >>> [(row.theme, row.kappa) for row in agreement(a, a)]
    [('A1', 1.0), ('overall', 1.0)]
    """
    pairs = sorted(first.keys() & second.keys())
    rows = []
    for theme in _themes(first, second, pairs):
        said = [(theme in first[pair], theme in second[pair]) for pair in pairs]
        rows.append(_row(theme, len(pairs), said))
    everything = [
        (row.theme in first[pair], row.theme in second[pair]) for row in rows for pair in pairs
    ]
    return (*rows, _overall(len(pairs), everything, rows))


def disagreements(first: View, second: View) -> tuple[Disagreement, ...]:
    """Every theme of every passage that both coded and that they see differently."""
    pairs = sorted(first.keys() & second.keys())
    return tuple(
        Disagreement(pair, theme, theme in first[pair], theme in second[pair])
        for pair in pairs
        for theme in sorted(first[pair] ^ second[pair])
    )


def _themes(first: View, second: View, pairs: Sequence[Pair]) -> list[str]:
    return sorted({theme for pair in pairs for theme in first[pair] | second[pair]})


def _row(theme: str, n: int, said: Sequence[tuple[bool, bool]]) -> Agreement:
    return Agreement(
        theme=theme,
        n=n,
        units=len(said),
        both=said.count((True, True)),
        only_first=said.count((True, False)),
        only_second=said.count((False, True)),
        neither=said.count((False, False)),
        agreed=round(sum(a == b for a, b in said) / len(said), 3) if said else 0.0,
        kappa=kappa(said),
        alpha=alpha(said),
    )


def _overall(n: int, said: Sequence[tuple[bool, bool]], rows: Sequence[Agreement]) -> Agreement:
    defined = [row.kappa for row in rows if row.kappa is not None]
    mean = round(sum(defined) / len(defined), 3) if defined else None
    made = _row(OVERALL, n, said)
    return Agreement(
        OVERALL, n, made.units, made.both, made.only_first, made.only_second, made.neither,
        made.agreed, mean, made.alpha,
    )  # fmt: skip


def kappa(said: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of two coders' yes and no; None where both said the same of all.

    >>> kappa([(True, True), (True, False), (False, False), (False, False)])
    0.5
    """
    if len(set(said)) < 2 and all(a == b for a, b in said):
        return None
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*said, strict=True)
    return round(float(cohen_kappa_score(first, second, labels=[False, True])), 3)


def alpha(said: Sequence[tuple[bool, bool]]) -> float | None:
    """Krippendorff's alpha for two coders, nominal, nothing missing; None where all is the same.

    One less the disagreement that was seen over the one that chance would give
    (Krippendorff, "Computing Krippendorff's alpha-reliability", section C).

    >>> alpha([(True, True), (True, False), (False, False), (False, False)])
    0.533
    """
    values = 2 * len(said)
    yes = sum(a + b for a, b in said)
    no = values - yes
    if not yes or not no:
        return None
    seen = 2 * sum(a != b for a, b in said)
    return round(1 - (values - 1) * seen / (2 * yes * no), 3)
