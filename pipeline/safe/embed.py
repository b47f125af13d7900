"""Sentence vectors: texts that mean the same lie close together. CPU only, offline."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.safe import encoder
from pipeline.safe.encoder import WIDTH as WIDTH
from pipeline.safe.encoder import Vectors as Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

SOME = 2000  # texts that are looked at together

_LABEL = re.compile(r"\[[^\]\n]{1,60}\]")
_LAST = re.compile(r"\s*\d+$")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady)\.?\s+(?:someone|[A-Z]\w*)")
_FIGURE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:January|February|March|April|May|June|July|August|September|"
    r"October|November|December)(?:,?\s+\d{4})?|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
)
_NUMBER = re.compile(r"^\W*(?:\d{1,3}(?:\.\d{1,3})+[.):]?|\d{1,3}[.):]+|[a-z]\)|[ivx]{1,5}[.)])\s+")
_REPEATED = re.compile(r"\bsomeone(?:(?:['’]s)?(?: and| or|,)? someone)+\b")


def masked(text: str) -> str:
    """A text without what says nothing of its meaning: its number, labels, titles and dates.

    >>> masked("(3) [mother] told [health visitor 2] on 3 May 2014 about it.")
    'someone told someone on then about it.'
    """
    bare = _NUMBER.sub("", " ".join(text.split()))
    bare = _FIGURE.sub("then", _TITLE.sub("someone", _LABEL.sub("someone", bare)))
    return _REPEATED.sub("someone", bare)


def spoken(text: str) -> str:
    """A text in which a label says who somebody is, without its number, as one reads it aloud.

    >>> spoken("[mother] told [health visitor 2] about it.")
    'mother told health visitor about it.'
    """
    return " ".join(_LABEL.sub(lambda label: _LAST.sub("", label[0][1:-1]), text).split())


@dataclass(slots=True)
class Cache:
    """Vectors that are known already, by the hash of the masked text, in one file.

    Nothing of a text can be read from the file's keys; `keep` drops what is no longer used.
    `stamp` tells whose vectors they are.
    """

    path: Path | None = None
    stamp: str = ""
    rows: dict[str, Matrix] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def open(cls, path: Path, stamp: str | None = None) -> Cache:
        """The cache in a file; an empty one where there is no file, or one of another model.

        Without a stamp, the vectors are those of what texts mean.
        """
        import numpy as np

        own = stamp or encoder.stamp()
        if not path.is_file():
            return cls(path, own)
        try:
            with np.load(path, allow_pickle=False) as stored:
                if str(stored["model"]) != own:
                    return cls(path, own)
                keys = [str(key) for key in stored["keys"]]
                return cls(path, own, dict(zip(keys, stored["rows"], strict=True)))
        except (OSError, ValueError, KeyError, EOFError):
            return cls(path, own)  # it can be made anew from the texts at any time

    def find(self, texts: Sequence[str]) -> tuple[tuple[int, ...], Matrix]:
        """Which of the texts have a vector here, and those vectors, a row each."""
        import numpy as np

        keys = [key(masked(text)) for text in texts]
        known = tuple(place for place, name in enumerate(keys) if name in self.rows)
        rows = [self.rows[keys[place]] for place in known]
        return known, np.array(rows, dtype=np.float32).reshape(-1, WIDTH)

    def keep(self, texts: Iterable[str]) -> None:
        """Forget every vector that belongs to none of the texts, and write the file."""
        import numpy as np

        wanted = {key(masked(text)) for text in texts}
        kept = {name: row for name, row in self.rows.items() if name in wanted}
        if self.path is None or (len(kept) == len(self.rows) and not self.changed):
            self.rows = kept
            return
        self.rows = dict(sorted(kept.items()))
        part = self.path.with_name(f"{self.path.name}.part")
        rows = np.array(list(self.rows.values()), dtype=np.float32).reshape(-1, WIDTH)
        with part.open("wb") as stream:
            np.savez(stream, model=self.stamp, keys=list(self.rows), rows=rows)
        part.replace(self.path)
        self.changed = False


def key(text: str) -> str:
    """The name under which a masked text's vector is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def vectors(
    threads: int = 1,
    cache: Cache | None = None,
    progress: Callable[[int, int], None] | None = None,
    read: Vectors | None = None,
) -> Vectors:
    """What turns texts into vectors, with a cache of those that it has met.

    A text's vector does not depend on its company, nor on the number of threads. `read` makes
    vectors of masked texts; without it they are those of what the texts mean.
    """
    make = read or _model(threads)
    known = Cache() if cache is None else cache

    def encode(texts: Sequence[str]) -> Matrix:
        import numpy as np

        bare = [masked(text) for text in texts]
        keys = [key(text) for text in bare]
        missing = {k: t for k, t in zip(keys, bare, strict=True) if k not in known.rows}
        _fill(known.rows, missing, make, progress)
        known.changed = known.changed or bool(missing)
        if not keys:
            return np.zeros((0, WIDTH), dtype=np.float32)
        return np.stack([known.rows[k] for k in keys])

    return encode


def _fill(
    rows: dict[str, Matrix],
    missing: Mapping[str, str],
    encode: Vectors,
    progress: Callable[[int, int], None] | None,
) -> None:
    if not missing:
        return
    names = list(missing)
    for at in range(0, len(names), SOME):
        some = names[at : at + SOME]
        rows.update(zip(some, encode([missing[name] for name in some]), strict=True))
        if progress is not None and len(names) > SOME:
            progress(at + len(some), len(names))


def _model(threads: int, *, remember: bool = True) -> Vectors:
    """Texts as they stand to vectors, by so many threads."""
    return encoder.meanings(threads, remember=remember)


def unkept(threads: int = 1) -> Vectors:
    """What turns texts into vectors and keeps none: for more texts than memory has room for."""
    encode = _model(threads)
    return lambda texts: encode([masked(text) for text in texts])


def unremembered() -> Vectors:
    """What turns queries into vectors: nothing of them stays, not even for a while."""
    encode = _model(1, remember=False)
    return lambda texts: encode([masked(text) for text in texts])
