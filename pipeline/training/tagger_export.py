"""From a trained network to the files that ship: ONNX with 8-bit weights, manifest, hashes."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from pipeline.raw.recognisers.tagger_windows import FIRST, LAST
from pipeline.raw.recognisers.tagger_words import LABELS, SHAPES, SPACES
from pipeline.training.tagger_model import Network, published

FILES = ("model.onnx", "tokenizer.json")
_Axes = dict[str, dict[int, str]]


def export(network: Network, folder: Path) -> None:
    """model.onnx (dynamic int8, per channel) and the stock tokenizer, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    sample = torch.zeros((2, 3, 16), dtype=torch.int64)
    sample[:, 0, :] = 1000
    sample[:, 0, 0], sample[:, 0, -1] = FIRST, LAST
    write_onnx(
        network,
        sample,
        folder / "model.onnx",
        {"frames": {0: "rows", 2: "pieces"}},
        {"logits": {0: "rows", 1: "pieces"}},
    )
    shutil.copyfile(published() / "tokenizer.json", folder / "tokenizer.json")


def write_onnx(
    network: nn.Module, sample: torch.Tensor, out: Path, put: _Axes, told: _Axes
) -> None:
    """A network of one input and one output, as ONNX with weights of seven bits per channel.

    `put` and `told` name the input and the output, each with its axes of any length.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            network.eval(),
            (sample,),
            str(plain),
            dynamo=False,
            opset_version=17,
            input_names=list(put),
            output_names=list(told),
            dynamic_axes={**put, **told},
        )
        # Seven bits: on processors without VNNI eight would overflow and give other answers.
        quantize_dynamic(
            plain, out, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )


def _value(value: object) -> str:
    """A TOML value; strings and arrays of strings are written as JSON, which TOML reads too."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(str(key))} = {_value(one)}" for key, one in value.items())
        return "{ " + inner + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def write_manifest(path: Path, row: Mapping[str, object], name: str = "tagger") -> None:
    """Put one model's row into a manifest; the rows of other models stay."""
    rows: dict[str, Any] = {}
    if path.exists():
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
    rows[name] = dict(row)
    lines = ["# What is shipped: a table a model. Candour refuses a file whose hash is another."]
    for one in sorted(rows):
        lines += ["", f"[{one}]"]
        lines += [f"{key} = {_value(value)}" for key, value in rows[one].items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def row(
    folder: Path,
    biases: Mapping[str, float],
    eager: Mapping[str, float],
    about: Mapping[str, object],
) -> dict[str, object]:
    """The manifest's row for the files in a folder."""
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    return {
        "version": "1",
        "licence": "MIT (code and weights; the encoder underneath is Apache-2.0)",
        "sha256": digests,
        "labels": list(LABELS),
        "shapes": SHAPES,
        "spaces": SPACES,
        "biases": dict(biases),
        "eager": dict(eager),
        **about,
    }
