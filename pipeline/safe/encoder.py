"""The encoder of sentences: a text is read once, for what it means and for its themes.

It is all-MiniLM-L6-v2 with weights of seven bits, in parts (training/encoder): two lower layers,
whose states are remembered for a while, and above them the four upper ones, as published for what
a text means, or trained for something else. ONNX Runtime reads it: nothing of PyTorch is needed.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import StoreError
from pipeline.installed import shipped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

WIDTH = 384
LONGEST = 256  # pieces of a text: what comes after them is not read
FOLDER = "models/encoder"
LOWER, MEANING, TOKENIZER = "lower.onnx", "meaning.onnx", "tokenizer.json"
REMEMBERED = 1500  # texts whose states are kept: about those of one review, 60 MB or so
_NOT_THE_SAME = (
    "The encoder of sentences is missing or is not the one that its manifest names. Nothing was "
    "read by meaning. Install Candour again."
)

Vectors = Callable[[Sequence[str]], "Matrix"]
"""Texts to vectors, one row a text: float32, shape (texts, WIDTH)."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    version: str
    sha256: dict[str, str]


@lru_cache(maxsize=1)
def _manifest() -> _Row:
    try:
        told = (shipped(FOLDER).parent / "manifest.toml").read_text(encoding="utf-8")
        return _Row.model_validate(tomllib.loads(told)["encoder"])
    except (OSError, KeyError, ValidationError, tomllib.TOMLDecodeError) as error:
        raise StoreError(_NOT_THE_SAME) from error


def stamp() -> str:
    """What tells this encoder from another: vectors that are kept are of no use to another."""
    own = _manifest().sha256
    return hashlib.sha256(f"{own.get(LOWER)} {own.get(MEANING)}".encode()).hexdigest()


def lower() -> str:
    """The SHA-256 of the lower layers: trained upper layers go with no others."""
    return _manifest().sha256.get(LOWER, "")


def name() -> str:
    """How the encoder is called where a person reads which one found something."""
    return f"encoder-{_manifest().version} {stamp()[:12]}"


def checked(path: Path, sha256: str) -> bytes:
    """The bytes of a file of the encoder. StoreError where they are not those that were named."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(_NOT_THE_SAME) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoreError(_NOT_THE_SAME)
    return data


def meanings(threads: int = 1, *, remember: bool = True) -> Vectors:
    """What turns texts into unit vectors by what they mean, by so many threads.

    What the lower layers make of them is remembered for a while, or not: a query may name a person.
    """
    low = states if remember else states.__wrapped__
    return each(lambda text: _unit(_meaning()(low(text))) if text else _nothing(), threads)


def above(network: bytes, *, unit: bool = False) -> Callable[[str], Matrix]:
    """What reads a text by upper layers of somebody's own, over the states of the lower ones.

    Its vector is of length 1 if `unit`.
    """
    upper = _session(network)
    made: Callable[[Matrix], Matrix] = _unit if unit else lambda rows: rows[0].round(4)
    return lambda text: made(upper(states(text))) if text else _nothing()


def each(one: Callable[[str], Matrix], threads: int) -> Vectors:
    """What turns texts into vectors one by one, by so many threads.

    Each text is read alone: numbers of eight bits are scaled by what is read with them, so in
    company a text's vector would depend on its neighbours. 1,000 pieces take .26 s so, .23 s in
    batches of 32, and .35 to .5 s in 32 bits (measured where there is no VNNI).
    """

    def encode(texts: Sequence[str]) -> Matrix:
        import numpy as np

        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        with ThreadPoolExecutor(threads) as pool:
            return np.stack(list(pool.map(one, texts)))

    return encode


@lru_cache(maxsize=REMEMBERED)
def states(text: str) -> Matrix:
    """What the lower layers make of a text: shape (1, pieces, WIDTH)."""
    import numpy as np

    return _lower()(np.array([pieces()(text)], dtype=np.int64))


def _unit(rows: Matrix) -> Matrix:
    import numpy as np

    row = rows[0]
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32).round(5)


def _nothing() -> Matrix:
    import numpy as np

    return np.zeros(WIDTH, dtype=np.float32)


@lru_cache(maxsize=1)
def _lower() -> Callable[[Matrix], Matrix]:
    return _session(_part(LOWER))


@lru_cache(maxsize=1)
def _meaning() -> Callable[[Matrix], Matrix]:
    return _session(_part(MEANING))


def _part(name: str) -> bytes:
    return checked(shipped(FOLDER) / name, _manifest().sha256.get(name, ""))


def _session(network: bytes) -> Callable[[Matrix], Matrix]:
    """A network of one input and one output."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # threads read texts of their own
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    put = session.get_inputs()[0].name
    return lambda given: np.asarray(session.run(None, {put: given})[0], dtype=np.float32)


@lru_cache(maxsize=1)
def pieces() -> Callable[[str], list[int]]:
    """What cuts a text into the pieces that the encoder reads, LONGEST at most, by number."""
    _part(TOKENIZER)
    return cutter(shipped(FOLDER) / TOKENIZER)


def cutter(tokenizer: Path) -> Callable[[str], list[int]]:
    """What cuts a text as a tokenizer's file says, into LONGEST pieces at most."""
    from tokenizers import Tokenizer

    told = Tokenizer.from_file(str(tokenizer))
    told.no_padding()
    told.enable_truncation(LONGEST)
    return lambda text: list(told.encode(text).ids)
