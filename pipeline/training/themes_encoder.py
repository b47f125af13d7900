"""The encoder of themes: the upper layers of the published model learn what a teacher says.

    python -m pipeline.training themes-encoder [--labels build/themes] [--out models/themes]

`themes-teacher` makes the labels of the pool. Of the sentences themselves, the half of what is
learned is what the teacher says, and the half their own codes. It writes the layers and the head
that was trained with them; `themes` makes the rest afterwards. An accelerator is used where there
is one (two minutes); without, it takes half a day.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from pipeline.errors import UsageError
from pipeline.training import themes_learner, themes_pool, themes_teacher
from pipeline.training.themes_learner import Course, Matter, Network

COURSE = Course(rounds=5, batch=256, rate=3e-4)
NETWORK = "network.pt"  # the network in floats, from which `claims` goes on


def learned(
    network: Network,
    pieces: Sequence[Sequence[int]],
    logits: Tensor,
    vectors: Tensor | None,
    own: Tensor,
    tell: themes_learner.Progress,
) -> Network:
    """The network after its course over texts and what a teacher says of them.

    `own` (sentences, codes) are the chances that the first of the texts have by their own codes.
    """
    chances = torch.softmax(logits.float(), dim=1)
    chances[: len(own)] = (chances[: len(own)] + own) / 2
    matter = Matter(pieces, chances, torch.ones(len(pieces)), vectors)
    return themes_learner.teach(network.to(themes_learner.device()), lambda _: matter, COURSE, tell)


def export(network: Network, out: Path) -> None:
    """The upper layers as an ONNX file, and the head's numbers."""
    import numpy as np

    from pipeline.safe import theme_heads
    from pipeline.training.encoder import shown, write_upper
    from pipeline.training.smoothing import smoothed

    network = network.cpu().eval()
    out.mkdir(parents=True, exist_ok=True)
    with (out / "heads.npz").open("wb") as stream:
        weights, bias = network.head.weight.detach().numpy(), network.head.bias.detach().numpy()
        np.savez(stream, weights=weights.round(4), bias=bias.round(4))
    write_upper(smoothed(network.model, shown()), out / theme_heads.ENCODER)


def main(argv: list[str]) -> int:
    """The subcommand `themes-encoder`."""
    import numpy as np

    from pipeline.training import themes_data
    from pipeline.training.encoder import FROZEN, published
    from pipeline.training.tagger_model import published as where

    parser = argparse.ArgumentParser(
        prog="python -m pipeline.training themes-encoder", description=__doc__
    )
    parser.add_argument("--labels", type=Path, default=Path("build/themes"))
    parser.add_argument("--out", type=Path, default=Path("models/themes"))
    options = parser.parse_args(argv)
    rows = themes_data.masked()
    texts = themes_pool.pool(rows, themes_teacher.POOL_SEED)
    stamp = options.labels / themes_teacher.DIGEST
    if not stamp.is_file() or stamp.read_text().strip() != themes_teacher.digest(texts):
        raise UsageError(
            "There are no labels of these sentences. No encoder was made. Run "
            "`python -m pipeline.training themes-teacher` first."
        )
    logits = torch.from_numpy(np.load(options.labels / themes_teacher.LABELS))
    vectors = torch.from_numpy(np.load(options.labels / themes_teacher.VECTORS))
    pieces = themes_teacher.reader(where() / "tokenizer.json")(texts)
    network = Network(published(), logits.shape[1], FROZEN)
    own = themes_teacher.told(rows, themes_data.codes(rows))
    network = learned(network, pieces, logits, vectors, own, themes_learner.say).cpu()
    torch.save(network.state_dict(), options.labels / NETWORK)
    export(network, options.out)
    return 0
