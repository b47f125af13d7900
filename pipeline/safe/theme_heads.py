"""The heads that tell themes apart: numbers only, and no vocabulary in which a name could lie.

One linear model reads vectors of upper layers that were trained for it (encoder), a row of 384
weights a theme; another, beside it, words (theme_words). What they say of a text is added up.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import StoreError
from pipeline.installed import shipped
from pipeline.safe import encoder
from pipeline.safe.embed import Vectors, key, masked
from pipeline.safe.lesson import Theme
from pipeline.safe.theme_words import WordHeads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.safe.embed import Matrix

NAME = 16  # digits of a text's hash under which what was said of it is kept
OF_ADULTS = "F"  # how the codes of the themes of adults' reviews begin
NO_THEME = ""
ENCODER = "encoder.onnx"
FILES = ("heads.npz", "words.npz", "heads.json", ENCODER)
_NOT_THE_SAME = (
    "The heads of themes are missing or are not those that their manifest names. No theme was "
    "set. Install Candour again."
)


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    version: str
    sha256: dict[str, str]
    lower: str  # the SHA-256 of the layers below their encoder


class Settings(BaseModel):
    """How the heads' answers are read; chosen on the generator's first bank (models/themes)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: float  # the weight of what the words say beside what the vectors say
    cue: float  # what a cue adds to a theme's logit
    none: float  # what is added to the logit of no theme
    review: float  # the weight of how much the whole review speaks of a theme
    ground: float  # the mass that every theme of a review has from the start
    least: float  # the chance from which a theme is proposed
    doubt: float  # the chance from which a theme that a cue proposes is kept
    passing: float  # the same for an entry of a chronology, which names things in passing
    slope: float  # the chance as a probability: sigmoid(slope * logit + shift)
    shift: float


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads: a row of weights a code; the first code, NO_THEME, abstains.

    `meanings` tell which definition a head learned: a theme of another frame with the same code
    is not that theme.
    """

    version: str
    codes: tuple[str, ...]
    meanings: tuple[str, ...]
    weights: Matrix
    bias: Matrix
    by_words: WordHeads
    settings: Settings
    encoder: str  # the SHA-256 of the encoder whose vectors they read

    @property
    def by(self) -> str:
        """Who sets a mark: the model and its version."""
        return f"themes-{self.version}"

    def knows(self, theme: Theme) -> bool:
        """Whether the heads learned this theme as it is defined here."""
        return theme.code in self.codes and self.meanings[self.codes.index(theme.code)] == meaning(
            theme
        )

    def logits(self, texts: Sequence[str], encode: Vectors) -> Matrix:
        """A row a text, a column a code; rounded, so that every machine goes on from the same."""
        import numpy as np

        made = encode(texts) @ self.weights.T + self.bias
        made = made + self.settings.words * self.by_words.logits(texts)
        return np.asarray(made.round(2), dtype=np.float16)


def meaning(theme: Theme) -> str:
    """What tells a theme's definition from another: a short hash of its title and definition.

    >>> meaning(Theme("X1", "x", "X", "child", "d", ()))
    'a72b9f7af73aa9a3'
    """
    return hashlib.sha256(f"{theme.title}\n{theme.definition}".encode()).hexdigest()[:16]


def load(folder: Path | None = None) -> Heads:
    """The heads that ship with the program, or those of another folder beside a manifest.

    StoreError where a file is not the one that the manifest names.
    """
    return _load(folder or shipped("models/themes"))


@lru_cache(maxsize=2)
def _load(folder: Path) -> Heads:
    import numpy as np

    try:
        manifest = (folder.parent / "manifest.toml").read_text(encoding="utf-8")
        row = _Row.model_validate(tomllib.loads(manifest)["themes"])
        files = {name: (folder / name).read_bytes() for name in FILES}
        for name, data in files.items():
            if hashlib.sha256(data).hexdigest() != row.sha256[name]:
                raise StoreError(_NOT_THE_SAME)
        said = json.loads(files["heads.json"])
        with np.load(folder / "heads.npz", allow_pickle=False) as stored:
            weights, bias = stored["weights"], stored["bias"]
        with np.load(folder / "words.npz", allow_pickle=False) as stored:
            by_words = WordHeads(*(stored[name] for name in WordHeads.__slots__))
        heads = Heads(
            version=row.version,
            codes=tuple(said["codes"]),
            meanings=tuple(said["meanings"]),
            weights=weights,
            bias=bias,
            by_words=by_words,
            settings=Settings.model_validate(said["settings"]),
            encoder=row.sha256[ENCODER],
        )
    except (OSError, KeyError, ValueError, ValidationError, tomllib.TOMLDecodeError) as error:
        raise StoreError(_NOT_THE_SAME) from error
    if weights.shape[0] != len(heads.codes) or row.lower != encoder.lower():
        raise StoreError(_NOT_THE_SAME)
    return heads


def vectors(threads: int = 1) -> Vectors:
    """What turns texts into the vectors that the heads read, by so many threads.

    The upper layers were trained on invented sentences of themes (training/themes_encoder). Search
    and the grouping of lessons go on with those that are published (embed): they also compare
    what no theme is about.
    """
    return encoder.each(lambda text: _upper()(masked(text)), threads)


@lru_cache(maxsize=1)
def _upper() -> Callable[[str], Matrix]:
    heads = load()
    data = encoder.checked(shipped("models/themes") / ENCODER, heads.encoder)
    return encoder.above(data)


def softmax(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logits as chances, a row a text; none is quite 0, so that each has a logarithm."""
    import numpy as np

    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True) + 1e-12, dtype=np.float64)


@dataclass(slots=True)
class Known:
    """What the heads said of texts that they have met, in one file, by the hash of the text.

    Nothing of a text can be read from it. A row and its key are 206 bytes in the file, where a
    vector has 1,536: 1,200 texts a review make 350 MB of 1,400 reviews. `keep` drops what is no
    longer asked about.
    """

    path: Path | None = None
    stamp: str = ""
    rows: dict[str, Matrix] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, path: Path, heads: Heads) -> Known:
        """What a file knows; nothing where there is none, or it is of other heads."""
        import numpy as np

        stamp = _stamp(heads)
        try:
            with np.load(path, allow_pickle=False) as stored:
                if str(stored["stamp"]) != stamp:
                    return cls(path, stamp)
                keys = [str(name) for name in stored["keys"]]
                return cls(path, stamp, dict(zip(keys, stored["rows"], strict=True)))
        except (OSError, ValueError, KeyError, EOFError):
            return cls(path, stamp)  # it can be made anew from the texts at any time

    def logits(self, texts: Sequence[str], heads: Heads, encode: Vectors) -> Matrix:
        """What the heads say of the texts, a row each."""
        import numpy as np

        keys = [key(masked(text))[:NAME] for text in texts]
        self.asked.update(keys)
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self.rows}
        if missing:
            made = heads.logits(list(missing.values()), encode)
            self.rows.update(zip(missing, made, strict=True))
        if not keys:
            return np.zeros((0, len(heads.codes)), dtype=np.float64)
        return np.stack([self.rows[k] for k in keys]).astype(np.float64)

    def keep(self) -> None:
        """Forget whatever was not asked about since the file was opened, and write the file."""
        import numpy as np

        self.rows = {name: self.rows[name] for name in sorted(self.asked & self.rows.keys())}
        if self.path is None:
            return
        part = self.path.with_name(f"{self.path.name}.part")
        with part.open("wb") as stream:
            rows = np.array(list(self.rows.values()), dtype=np.float16)
            np.savez(stream, stamp=self.stamp, keys=list(self.rows), rows=rows)
        part.replace(self.path)


def _stamp(heads: Heads) -> str:
    own = hashlib.sha256(heads.weights.tobytes() + heads.bias.tobytes())
    own.update(heads.by_words.weights.tobytes() + heads.by_words.scale.tobytes())
    own.update(heads.settings.model_dump_json().encode())
    return f"{own.hexdigest()} {heads.encoder} {encoder.lower()}"
