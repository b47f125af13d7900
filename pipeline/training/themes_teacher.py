"""`themes-teacher`: a large published model learns the invented sentences, and labels a pool.

    python -m pipeline.training themes-teacher --model DIR --out build/themes

DIR is all-mpnet-base-v2 as it is published (Apache-2.0; 438 MB, not shipped). It is fine-tuned
on the sentences and on joined ones, and says of each text of a pool what it makes of it: chances
of the codes, and its vector. From these `themes-encoder` teaches the small encoder that ships:
micro-F1 on two draws of the second bank .79, where the same encoder, taught by fewer sentences
alone, had .69 to .71; the teacher itself has .80. An accelerator is used where there is one (two
minutes); without, it takes a day.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from pipeline.errors import UsageError
from pipeline.training import themes_learner, themes_pool
from pipeline.training.themes_learner import Course, Matter, Network
from pipeline.training.themes_pool import Row

if TYPE_CHECKING:
    from transformers import PreTrainedModel

WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
COURSE = Course(rounds=3, batch=96, rate=6e-5)
LONGEST = 128  # pieces of a text
SMOOTHED = 0.1  # of a text's chance lies evenly over all codes
POOL_SEED = 1
LABELS, VECTORS, DIGEST = "labels.npy", "vectors.npy", "pool.sha256"
Reader = Callable[[Sequence[str]], list[list[int]]]  # texts to the ids of their pieces


def taught(
    model: PreTrainedModel,
    rows: Sequence[Row],
    codes: Sequence[str],
    weights: Sequence[float],
    read: Reader,
    tell: themes_learner.Progress,
) -> Network:
    """The model after its course over rows, others joined anew in each round; weights a code."""
    network = Network(model, len(codes)).to(themes_learner.device())
    heavy = torch.tensor(weights)

    def drawn(number: int) -> Matter:
        some = themes_pool.joined(rows, random.Random(number))
        chances = told(some, codes)
        smooth = chances * (1 - SMOOTHED) + SMOOTHED / len(codes)
        return Matter(read([text for text, _ in some]), smooth, (chances * heavy).sum(dim=1))

    return themes_learner.teach(network, drawn, COURSE, tell)


def told(rows: Sequence[Row], codes: Sequence[str]) -> Tensor:
    """Rows as chances of shape (rows, codes): even over the codes that a row has."""
    place = {code: number for number, code in enumerate(codes)}
    chances = torch.zeros(len(rows), len(codes))
    for number, (_, some) in enumerate(rows):
        chances[number, [place[code] for code in some]] = 1 / len(some)
    return chances


def reader(tokenizer: Path, longest: int = LONGEST) -> Reader:
    """What turns texts into the ids of their pieces, by a file of Tokenizers."""
    from tokenizers import Tokenizer

    pieces = Tokenizer.from_file(str(tokenizer))
    pieces.no_padding()
    pieces.enable_truncation(longest)
    return lambda texts: [one.ids for one in pieces.encode_batch(list(texts))]


def published(folder: Path) -> PreTrainedModel:
    """The teacher as it is published, its weights checked; UsageError where it is another."""
    from transformers import MPNetModel

    weights = folder / "model.safetensors"
    if not weights.is_file() or hashlib.sha256(weights.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise UsageError(
            "The folder has no all-mpnet-base-v2 as it was published. Nothing was taught. Name "
            "the folder in which its model.safetensors and tokenizer.json lie."
        )
    return MPNetModel.from_pretrained(str(folder), local_files_only=True, add_pooling_layer=False)


def digest(texts: Sequence[str]) -> str:
    """What tells a pool from another."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def main(argv: list[str]) -> int:
    """The subcommand `themes-teacher`."""
    import numpy as np

    from pipeline.training import themes_data

    parser = argparse.ArgumentParser(
        prog="python -m pipeline.training themes-teacher", description=__doc__
    )
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("build/themes"))
    options = parser.parse_args(argv)
    model, read = published(options.model), reader(options.model / "tokenizer.json")
    rows = themes_data.masked()
    codes = themes_data.codes(rows)
    network = taught(model, rows, codes, themes_data.weights(codes), read, themes_learner.say)
    texts = themes_pool.pool(rows, POOL_SEED)
    logits, vectors = themes_learner.said(network, read(texts))
    options.out.mkdir(parents=True, exist_ok=True)
    np.save(options.out / LABELS, logits.numpy())
    np.save(options.out / VECTORS, vectors.numpy())
    (options.out / DIGEST).write_text(digest(texts) + "\n", encoding="utf-8")
    return 0
