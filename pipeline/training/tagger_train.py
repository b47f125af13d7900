"""Training the tagger: one seeded run, on the processor, in minutes."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from pipeline.training import tagger_frames, tagger_swap
from pipeline.training.tagger_batch import Learned, batches, learned, stacked
from pipeline.training.tagger_data import Example
from pipeline.training.tagger_model import Network, fresh, published

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. `copies`: how often an example of a source is met, swapped copies included."""

    seed: int = 1
    threads: int = 2
    rounds: int = 2
    layers: int = 3
    batch_pieces: int = 2048
    rate: float = 2e-4
    head_rate: float = 1e-3
    warm_up: float = 0.1
    most_steps: int = 0
    frame_documents: int = 300
    copies: tuple[tuple[str, float], ...] = (
        ("tab", 2.0),
        ("tab-renamed", 1.0),
        ("bank", 0.4),
        ("bank-renamed", 0.1),
        ("wikigold", 1.0),
        ("presidio", 1.0),
        ("btc", 0.3),
        ("wnut", 0.3),
    )


def mix(examples: Sequence[Example], plan: Plan, dice: random.Random) -> list[Example]:
    """What one round of training sees: sources in their shares, with changed copies."""
    source = tagger_swap.names()
    shares = dict(plan.copies)
    found: list[Example] = []
    for example in examples:
        if example.held:
            continue
        for share, change in ((example.source, False), (f"{example.source}-renamed", True)):
            times = shares.get(share, 0.0)
            for _ in range(int(times) + (dice.random() < times % 1)):
                found.append(tagger_swap.renamed(example, source, dice) if change else example)
    found += tagger_frames.documents(plan.frame_documents, dice)
    return [_disturbed(example, dice) for example in found]


def _disturbed(example: Example, dice: random.Random) -> Example:
    """The example, now and then in other capitals or with broken lines."""
    draw = dice.random()
    if draw < 0.04:
        return tagger_swap.recased(example, dice)
    return tagger_swap.broken(example, dice) if draw < 0.12 else example


def tokenizer() -> Tokenizer:
    """The stock tokenizer of the published model, without its padding."""
    stock = Tokenizer.from_file(str(published() / "tokenizer.json"))
    stock.no_padding()
    stock.no_truncation()
    return stock


def loss(network: Network, batch: Sequence[Learned]) -> Tensor:
    """Minus the logarithm of the summed probability of what each word may be; the mean.

    In 32 bits: sixteen were six times slower on a processor without them (AVX2).
    """
    frames, heads, fits = stacked(batch)
    logits = network(torch.from_numpy(frames))
    flat = logits.float().flatten(0, 1)[torch.from_numpy(heads)]
    told = flat.masked_fill(~torch.from_numpy(fits), -1e9)
    per_word = torch.logsumexp(flat, -1) - torch.logsumexp(told, -1)
    return per_word.mean()


def _optimiser(network: Network, plan: Plan) -> torch.optim.AdamW:
    new = ("shapes", "spaces", "head", "labels")
    groups: dict[bool, list[torch.nn.Parameter]] = {True: [], False: []}
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            groups[name.split(".")[0].startswith(new)].append(weight)
    return torch.optim.AdamW(
        [
            {"params": groups[False], "lr": plan.rate},
            {"params": groups[True], "lr": plan.head_rate},
        ],
        weight_decay=0.01,
        fused=True,
    )


def train(examples: Sequence[Example], plan: Plan) -> Network:
    """A trained network. The same examples, plan and machine give the same network."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    np.random.seed(plan.seed)
    dice = random.Random(plan.seed)
    stock = tokenizer()
    steps: list[tuple[Learned, ...]] = []
    for _ in range(plan.rounds):
        windows = [w for e in mix(examples, plan, dice) for w in learned(e, stock)]
        steps += batches(windows, plan.batch_pieces, dice)
    if plan.most_steps:
        steps = steps[: plan.most_steps]
    network = fresh(plan.layers)
    _fit(network, steps, plan)
    return network.eval()


def _fit(network: Network, steps: Sequence[tuple[Learned, ...]], plan: Plan) -> None:
    optimiser = _optimiser(network, plan)
    total = len(steps)
    warm = max(1, int(plan.warm_up * total))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.0, (total - s) / (total - warm + 1)))
    )
    network.train()
    began, smooth = time.monotonic(), 0.0
    for number, batch in enumerate(steps):
        value = loss(network, batch)
        optimiser.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        smooth = 0.95 * smooth + 0.05 * float(value.detach()) if number else float(value.detach())
        if number % 50 == 0 or number == total - 1:
            seconds = time.monotonic() - began
            log.info("step %d of %d, loss %.4f, %.0f s", number + 1, total, smooth, seconds)
