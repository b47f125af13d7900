"""What a Dask worker does: a sealed order in, a sealed answer out.

Dask logs the arguments of a task that fails, shows them on its pages, and writes what it holds to
the disk when memory is short. So a task is given nothing but sealed bytes (AES-256-GCM) and gives
nothing but sealed bytes back. The key is drawn for one run, is handed to each worker when it
joins, lies in its memory alone, and is gone with the run.
"""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from distributed import WorkerPlugin

from pipeline.flow import taking

if TYPE_CHECKING:
    from distributed import Worker

_NONCE = 12
_THREADS = 1  # of a model, for each task that a worker has at a time
_keys: dict[str, bytes] = {}


class Key(WorkerPlugin):  # type: ignore[misc]
    """The key of a run, on each worker for as long as the run lasts."""

    def __init__(self, run: str, key: bytes) -> None:
        self.name = f"candour-{run}"
        self.run = run
        self.key = key

    def __repr__(self) -> str:
        return f"Key({self.run!r})"

    def setup(self, worker: Worker) -> None:
        """Take the key: Dask calls this when a worker joins."""
        _keys[self.run] = self.key

    def teardown(self, worker: Worker) -> None:
        """Forget the key: Dask calls this at the end of the run."""
        _keys.pop(self.run, None)


def seal(key: bytes, run: str, thing: object) -> bytes:
    """A thing as bytes that say nothing without the key."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, pickle.dumps(thing), run.encode())


def opened(key: bytes, run: str, sealed: bytes) -> object:
    """What was sealed. ValueError where another key sealed it: then nothing of it is looked at."""
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], run.encode())
    except InvalidTag:
        raise ValueError("sealed with another key") from None
    return pickle.loads(plain)  # noqa: S301 - this run's key has sealed it


def worked(run: str, sealed: bytes, act: taking.Act = taking.answer) -> bytes:
    """The sealed answer to a sealed order; nothing where this worker has no key of the run."""
    key = _keys.get(run)
    if key is None:
        return b""
    order = opened(key, run, sealed)
    if not isinstance(order, taking.Order):
        return b""
    return seal(key, run, act(order.on(_THREADS)))


def program() -> str:
    """Which Candour a worker has; a run is given to workers with one and the same."""
    return taking.program()
