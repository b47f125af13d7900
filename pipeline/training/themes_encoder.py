"""The encoder of themes: the upper layers of the published model learn the invented sentences.

    python -m pipeline.training themes-encoder [--out models/themes]

It writes those layers and the head that was trained with it; `themes` makes the rest afterwards.
CPU only, half an hour to an hour. A course with sentences of no theme beside each sentence, as
an entry of a chronology has them, was tried after this one: it lost elsewhere what it gained there.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.safe import embed, encoder, theme_heads
from pipeline.training import themes_data
from pipeline.training.encoder import FROZEN, published, write_upper

ROUNDS, BATCH, SEED = 3, 32, 0
RATE, RATE_OF_HEAD = 1e-4, 3e-3
LONGEST = 72  # pieces of a sentence
Progress = Callable[[str], None]


class Learner(nn.Module):
    """The published model, its pooled states and a head over codes."""

    def __init__(self, codes: int) -> None:
        super().__init__()
        self.model = published()
        self.head = nn.Linear(encoder.WIDTH, codes)
        for one in self.model.parameters():
            one.requires_grad = False
        for one in self.upper():
            one.requires_grad = True

    def upper(self) -> list[nn.Parameter]:
        """The weights that learn."""
        return list(self.model.encoder.layer[FROZEN:].parameters())

    def forward(self, ids: Tensor, there: Tensor) -> Tensor:
        """Ids and mask of shape (texts, pieces) to logits of shape (texts, codes)."""
        told = self.model(input_ids=ids, attention_mask=there).last_hidden_state
        mean = (told * there[:, :, None]).sum(dim=1) / there.sum(dim=1, keepdim=True)
        made: Tensor = self.head(functional.dropout(mean, 0.1, self.training))
        return made


def learned(rows: Sequence[tuple[str, str]], tell: Progress) -> Learner:
    """The network after ROUNDS over sentences and their codes, at rates that fall to nothing."""
    torch.manual_seed(SEED)
    codes = sorted({code for _, code in rows})
    network = Learner(len(codes))
    weights = torch.tensor(
        [themes_data.ADULTS_WEIGH if c.startswith(theme_heads.OF_ADULTS) else 1.0 for c in codes]
    )
    told = torch.tensor([codes.index(code) for _, code in rows])
    found = [encoder.pieces()(embed.masked(text))[:LONGEST] for text, _ in rows]
    parts = [
        {"params": network.upper(), "lr": RATE},
        {"params": network.head.parameters(), "lr": RATE_OF_HEAD},
    ]
    optimiser = torch.optim.AdamW(parts, weight_decay=0.01)
    steps = ROUNDS * -(-len(rows) // BATCH)
    slower = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 150) * max(0.0, 1 - step / steps)
    )
    network.train()
    for number in range(ROUNDS):
        for batch in batches([len(ids) for ids in found], random.Random(number)):
            ids, there = padded([found[i] for i in batch])
            loss = functional.cross_entropy(
                network(ids, there), told[batch], weight=weights, label_smoothing=0.1
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.upper(), 1.0)
            optimiser.step()
            slower.step()
        tell(f"Round {number + 1} of {ROUNDS}: the last batch's loss {loss.item():.2f}.")
    return network.eval()


def batches(lengths: Sequence[int], rng: random.Random) -> Iterator[list[int]]:
    """The places of texts in batches of about one length, in a drawn order; each place once."""
    places = list(range(len(lengths)))
    rng.shuffle(places)
    made = []
    for at in range(0, len(places), BATCH * 20):
        some = sorted(places[at : at + BATCH * 20], key=lambda place: lengths[place])
        made += [some[n : n + BATCH] for n in range(0, len(some), BATCH)]
    rng.shuffle(made)
    return iter(made)


def padded(found: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids filled up to one length, and where something stands: shape (texts, pieces) each."""
    length = max(map(len, found))
    ids = torch.tensor([[*one, *[0] * (length - len(one))] for one in found])
    there = torch.tensor([[1] * len(one) + [0] * (length - len(one)) for one in found])
    return ids, there


def export(network: Learner, out: Path) -> None:
    """The upper layers as an ONNX file, and the head's numbers."""
    import numpy as np

    out.mkdir(parents=True, exist_ok=True)
    with (out / "heads.npz").open("wb") as stream:
        weights, bias = network.head.weight.detach().numpy(), network.head.bias.detach().numpy()
        np.savez(stream, weights=weights.round(4), bias=bias.round(4))
    write_upper(network.model, out / theme_heads.ENCODER)


def main(argv: list[str]) -> int:
    """The subcommand `themes-encoder`."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.training themes-encoder", description=__doc__
    )
    parser.add_argument("--out", type=Path, default=Path("models/themes"))
    options = parser.parse_args(argv)
    torch.set_num_threads(1)
    rows = sorted({(embed.spoken(text), code) for text, code in themes_data.sentences()})
    export(learned(rows, _told), options.out)
    return 0


def _told(line: str) -> None:
    sys.stderr.write(line + "\n")
