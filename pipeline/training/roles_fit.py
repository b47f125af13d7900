"""The model of roles fitted: two linear classifiers over hashed words, shape and cues."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.safe.lesson import Role
from pipeline.safe.role_model import GROUPS, RoleModel
from pipeline.safe.traits import TABLE, Traits, width
from pipeline.training.roles_data import Unit, different, follows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

OWN_C = 3.0  # of .3, 1, 3 and 10 the best on the coroners' reports, cross-validated
TURN_C = 10.0
RARE = 200  # units; a role with fewer counts for less than the others
_ROUNDS = 400
_NEVER = -20.0  # a change that was never met


def fit(
    units: Sequence[Unit], traits: Sequence[Traits], roles: Sequence[Role], sectioned: set[str]
) -> RoleModel:
    """The model learnt from units; `sectioned` are reports whose sections may stand in any order.

    `roles` are those of the last group, learnt from the other texts only: a section of concerns
    holds every one of them.
    """
    grouped = [replace(unit, role=group(unit.role)) for unit in units]
    kept = different(units, [one.places for one in traits])
    inner = [i for i in kept if units[i].role in roles and units[i].report not in sectioned]
    source = [(units[i].report in sectioned, units[i].role) for i in kept]
    return RoleModel(
        tuple(roles),
        _linear([traits[i] for i in kept], [grouped[i].role for i in kept], GROUPS, source),
        _linear(
            [traits[i] for i in inner],
            [units[i].role for i in inner],
            roles,
            [(False, units[i].role) for i in inner],
        ),
        _turn(grouped, traits, sectioned),
    )


def group(role: Role) -> Role:
    """The group of a role: itself, or the last one."""
    return role if role in GROUPS else GROUPS[-1]


def _linear(
    traits: Sequence[Traits],
    gold: Sequence[Role],
    columns: Sequence[Role],
    source: Sequence[tuple[bool, Role]],
) -> NDArray[np.float32]:
    """One column of weights a role; zeros where there is nothing to tell apart."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    made = np.zeros((TABLE + width() + 1, len(columns)), dtype=np.float32)
    if len(set(gold)) < 3:
        return made
    count = Counter(source)
    # Roles count alike, in each source: a rare one is not told least often because it is rare.
    weight = np.array([1.0 / max(count[one], RARE) for one in source])
    fitted = LogisticRegression(C=OWN_C, max_iter=_ROUNDS, tol=1e-4)
    fitted.fit(described(traits), [columns.index(role) for role in gold], weight / weight.mean())
    made[-1] = _NEVER
    made[:, fitted.classes_] = np.vstack([fitted.coef_.T, fitted.intercept_[None, :]])
    return made.astype(np.float16).astype(np.float32)


def _turn(
    units: Sequence[Unit], traits: Sequence[Traits], sectioned: set[str]
) -> NDArray[np.float32]:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    inside = [i for i, unit in enumerate(units) if unit.report in sectioned]
    outside = [i for i, unit in enumerate(units) if unit.report not in sectioned]
    pairs = [
        (part[a], part[b])
        for part, drawn in ((inside, True), (outside, False))
        for a, b in follows([units[i] for i in part], drawn)
    ]
    begun = [
        0 if units[a].role is units[b].role else 1 + GROUPS.index(units[b].role) for a, b in pairs
    ]
    turn = LogisticRegression(C=TURN_C, max_iter=_ROUNDS, tol=1e-4)
    turn.fit(neighbours(units, traits, pairs), begun)
    made = np.full((2 * TABLE + 2, len(GROUPS) + 1), 0.0, dtype=np.float32)
    made[-1] = _NEVER
    made[:, turn.classes_] = np.vstack([turn.coef_.T, turn.intercept_[None, :]])
    return made.astype(np.float16).astype(np.float32)


def words(traits: Sequence[Traits]) -> csr_matrix:
    """The words as a matrix, a row a text; the squares of a row sum to 1."""
    import numpy as np
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(one.places) for one in traits)])
    at = np.fromiter((place for one in traits for place in one.places), dtype=np.int32)
    value = np.repeat([max(len(one.places), 1) ** -0.5 for one in traits], np.diff(ends))
    return csr_matrix((value, at, ends), shape=(len(traits), TABLE))


def described(traits: Sequence[Traits]) -> csr_matrix:
    """Words, shape and cues as a matrix, a row a text."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    told = csr_matrix(np.array([one.told for one in traits], dtype=np.float64))
    return hstack([words(traits), told], format="csr")


def neighbours(
    units: Sequence[Unit], traits: Sequence[Traits], pairs: Sequence[tuple[int, int]]
) -> csr_matrix:
    """Pairs of neighbours as a matrix: the words of the later, of the earlier, and a new block."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    later = words([traits[b] for _, b in pairs])
    earlier = words([traits[a] for a, _ in pairs])
    new = np.array([[float(units[a].block != units[b].block)] for a, b in pairs])
    return hstack([later, earlier, csr_matrix(new)], format="csr")


def written(model: RoleModel) -> bytes:
    """The model as the bytes of its file: the same model, the same bytes."""
    import zipfile

    import numpy as np

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, array in (("own", model.own), ("inner", model.inner), ("turn", model.turn)):
            part = io.BytesIO()
            np.lib.format.write_array(part, array.astype(np.float16), allow_pickle=False)
            packed.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), part.getvalue())
    return stream.getvalue()
