"""Themes by their words: a linear model over hashed words and pairs, beside that over vectors.

Vectors see what a sentence is like, words what it names: together they are right far more often
than either (models/README.md). Words are hashed: no vocabulary ships, so no name can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.safe.embed import masked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    from pipeline.safe.embed import Matrix

BUCKETS = 1 << 16


@dataclass(frozen=True, slots=True)
class WordHeads:
    """`weights` int8, shape (codes, BUCKETS), times `scale`; `rarity` weighs a bucket (BUCKETS)."""

    weights: NDArray[np.int8]
    scale: Matrix
    rarity: Matrix
    bias: Matrix

    def logits(self, texts: Sequence[str]) -> Matrix:
        """A row a text, a column a code."""
        import numpy as np

        found = counted(texts, self.rarity)
        made = found @ self.weights.T.astype(np.float32)
        return np.asarray(made * self.scale + self.bias, dtype=np.float32)


def counted(texts: Sequence[str], rarity: Matrix) -> csr_matrix:
    """The words and pairs of words of texts as a sparse matrix of unit rows, rare ones heavier."""
    import numpy as np
    from sklearn.preprocessing import normalize

    found = raw(texts)
    found.data = 1 + np.log(found.data)
    return normalize(found.multiply(rarity).tocsr()).astype(np.float32)


def raw(texts: Sequence[str]) -> csr_matrix:
    """How often each bucket is met in each text."""
    return _hasher().transform([masked(text) for text in texts])


@lru_cache(maxsize=1)
def _hasher() -> HashingVectorizer:
    import numpy as np
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        ngram_range=(1, 2),
        n_features=BUCKETS,
        alternate_sign=False,
        norm=None,
        stop_words="english",
        dtype=np.float32,
    )
