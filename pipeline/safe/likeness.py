"""How alike long texts are: by their rare words and pairs of words, and by what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

# Measured on 275 coroners' reports, from concerns to the circumstances of the same report, each
# value chosen on one half of them and confirmed on the other (`benchmarks/search.py`).
WORDS = r"(?u)[^\W_]+"
RARITY = 1.5  # the power of the inverse document frequency
NEAREST = 5  # askers whose nearness says how much a text is near to everything
DISCOUNT = 0.75  # of that nearness, taken from every likeness of the text
MEANING = 0.25  # the weight of meaning beside words
FEWEST = 20  # askers below which nothing is known of what is near to everything


def likeness(asked: Sequence[str], found: Sequence[str], meaning: Matrix | None = None) -> Matrix:
    """How alike each asked text is to each found one: a row an asked text, higher is nearer.

    A text that is near to many askers tells little about one of them: it is discounted by its
    nearness to those that it is nearest to. The askers should be texts of one kind. `meaning`
    are the cosines of their vectors.
    """
    import numpy as np

    if not asked or not found:
        return np.zeros((len(asked), len(found)), dtype=np.float32)
    near = _spread(_discounted(_by_words(asked, found)))
    if meaning is not None:
        near = near + MEANING * _spread(_discounted(meaning))
    return np.asarray(near.round(4), dtype=np.float32)


def _by_words(asked: Sequence[str], found: Sequence[str]) -> Matrix:
    """The cosines of words and pairs of neighbouring words, without the commonest words."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    counter = CountVectorizer(
        ngram_range=(1, 2), stop_words="english", token_pattern=WORDS, dtype=np.float64
    )
    try:
        counts = counter.fit_transform([*found, *asked])
    except ValueError:  # no word is left
        return np.zeros((len(asked), len(found)), dtype=np.float32)
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = (1 + np.log((1 + counts.shape[0]) / (1 + held))) ** RARITY
    counts.data = 1 + np.log(counts.data)
    rows = normalize(counts.multiply(rarity).tocsr())
    near = (rows[len(found) :] @ rows[: len(found)].T).toarray()
    return np.asarray(near, dtype=np.float32)


def _discounted(near: Matrix) -> Matrix:
    """Without what each found text shares with the askers that are nearest to it."""
    import numpy as np

    if len(near) < FEWEST:
        return near
    hub = np.sort(near, axis=0)[-NEAREST:].mean(axis=0)
    return np.asarray(near - DISCOUNT * hub)


def _spread(near: Matrix) -> Matrix:
    """On a scale of its own: mean 0, deviation 1."""
    import numpy as np

    return np.asarray((near - near.mean()) / (float(near.std()) or 1.0))
