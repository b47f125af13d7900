"""The encoder that learned themes: texts to the vectors that the heads read.

It is all-MiniLM-L6-v2 whose upper four layers were trained on invented sentences of themes
(training/themes_encoder); weights of seven bits, read by ONNX Runtime. Search and the grouping of
lessons go on with the vectors of the model as it is published (embed): they also compare what no
theme is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.safe.embed import WIDTH, Vectors, masked, pieces
from pipeline.safe.theme_heads import encoder

if TYPE_CHECKING:
    from pipeline.safe.embed import Matrix

_Read = Callable[[str], "Matrix"]


def vectors(threads: int = 1) -> Vectors:
    """What turns texts into vectors for the heads, by so many threads.

    Each text is read alone: numbers of eight bits are scaled by what is read with them, so in
    company a text's vector would depend on its neighbours. 1,000 pieces take .26 s so, .23 s in
    batches of 32, and .54 s by the published model in 32 bits (in one run on a busy machine).
    """

    def encode(texts: Sequence[str]) -> Matrix:
        import numpy as np

        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        read = _reader()
        with ThreadPoolExecutor(threads) as pool:
            return np.stack(list(pool.map(lambda text: read(masked(text)), texts)))

    return encode


@lru_cache(maxsize=1)
def _reader() -> _Read:
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # threads read texts of their own
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(encoder(), options, providers=["CPUExecutionProvider"])
    cut = pieces()

    def read(text: str) -> Matrix:
        ids = np.array([cut(text)], dtype=np.int64)
        return np.asarray(session.run(None, {"ids": ids})[0][0], dtype=np.float32).round(4)

    return read
