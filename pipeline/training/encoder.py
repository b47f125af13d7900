"""`encoder`: the published model of sentences in two parts, with weights of seven bits.

    python -m pipeline.training encoder [--out models]

It trains nothing: it writes the lower layers, the upper ones as published, the stock tokenizer and
their row in the manifest, with large channels divided (smoothing). Upper layers that were trained
(`themes-encoder`, `claims`) go on the same lower ones, so that a text need not be read twice from
the start. A minute.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from pipeline.safe import encoder
from pipeline.training import smoothing, tagger_model, themes_data
from pipeline.training.tagger_export import write_manifest, write_onnx

if TYPE_CHECKING:
    from transformers import BertModel

VERSION = "2"
SHOWN = 300  # invented sentences that show which channels are large
FROZEN = 2  # layers that all who read share: they stay as published
FILES = (encoder.LOWER, encoder.MEANING, encoder.TOKENIZER)


class Lower(nn.Module):
    """The pieces of one text to the states of the lower layers."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.embeddings = model.embeddings
        self.layers = model.encoder.layer[:FROZEN]

    def forward(self, ids: Tensor) -> Tensor:
        """Ids of shape (1, pieces) to states of shape (1, pieces, width)."""
        return _through(self.layers, self.embeddings(input_ids=ids))


class Upper(nn.Module):
    """The states of one text to its vector, the mean over its pieces."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.layers = model.encoder.layer[FROZEN:]

    def forward(self, states: Tensor) -> Tensor:
        """States of shape (1, pieces, width) to a vector of shape (1, width)."""
        return _through(self.layers, states).mean(dim=1)


def _through(layers: Iterable[nn.Module], states: Tensor) -> Tensor:
    for layer in layers:
        told = layer(states, None)  # no mask: one text fills its batch
        states = told[0] if isinstance(told, tuple) else told
    return states


def published() -> BertModel:
    """The model as its package has it, its weights checked."""
    from transformers import BertModel

    return BertModel.from_pretrained(
        str(tagger_model.published()),
        local_files_only=True,
        add_pooling_layer=False,
        attn_implementation="eager",
    )


def shown() -> Sequence[Sequence[int]]:
    """The pieces of some invented sentences, the same ones each time."""
    rows = themes_data.masked()
    return [encoder.pieces()(text) for text, _ in random.Random(0).sample(rows, SHOWN)]


def write_lower(model: BertModel, out: Path) -> None:
    """The lower layers of a smoothed model as an ONNX file."""
    put = {"ids": {0: "rows", 1: "pieces"}}
    told = {"states": {0: "rows", 1: "pieces"}}
    write_onnx(Lower(model), torch.full((1, 16), 1000, dtype=torch.int64), out, put, told)


def write_upper(model: BertModel, out: Path) -> None:
    """The upper layers of a smoothed model as an ONNX file."""
    put = {"states": {0: "rows", 1: "pieces"}}
    sample = torch.zeros((1, 16, encoder.WIDTH))
    write_onnx(Upper(model), sample, out, put, {"vector": {0: "rows"}})


def main(argv: list[str]) -> int:
    """The subcommand `encoder`."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.training encoder", description=__doc__
    )
    parser.add_argument("--out", type=Path, default=Path("models"))
    options = parser.parse_args(argv)
    torch.set_num_threads(1)
    out = options.out / "encoder"
    out.mkdir(parents=True, exist_ok=True)
    model = smoothing.smoothed(published(), shown())
    write_lower(model, out / encoder.LOWER)
    write_upper(model, out / encoder.MEANING)
    shutil.copyfile(tagger_model.published() / encoder.TOKENIZER, out / encoder.TOKENIZER)
    row = {
        "version": VERSION,
        "licence": "Apache-2.0",
        "sha256": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES},
        "from": "all-MiniLM-L6-v2 as published, large channels divided, weights of seven bits",
        "lower_layers": FROZEN,
    }
    write_manifest(options.out / "manifest.toml", row, "encoder")
    return 0
