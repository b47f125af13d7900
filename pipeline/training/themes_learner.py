"""The network that learns themes, and the course by which a teacher and a learner are taught.

It needs nothing of the program, so that a course can run where only PyTorch is.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from transformers import PreTrainedModel

WARMING = 150  # steps in which the rates rise to their full size
READ_AT_ONCE = 512  # texts that a trained network reads together
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Course:
    """How a network is taught: rounds over its texts, texts of a step, rates of learning."""

    rounds: int
    batch: int
    rate: float
    rate_of_head: float = 3e-3


@dataclass(frozen=True, slots=True)
class Matter:
    """What is learned in one round.

    `pieces` are the ids of each text; `chances` (texts, codes) what it should be told to be;
    `weights` how much it counts; `vectors`, where a teacher gave them, its states of the texts.
    """

    pieces: Sequence[Sequence[int]]
    chances: Tensor
    weights: Tensor
    vectors: Tensor | None = None


class Network(nn.Module):
    """A published model, the mean of its states over a text, and a head over codes."""

    def __init__(self, model: PreTrainedModel, codes: int, frozen: int = 0) -> None:
        super().__init__()
        self.model = model
        self.head = nn.Linear(model.config.hidden_size, codes)
        for one in [model.embeddings, *model.encoder.layer[:frozen]] if frozen else []:
            one.requires_grad_(False)

    def forward(self, ids: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
        """Ids and mask of shape (texts, pieces) to logits (texts, codes) and vectors."""
        told = self.model(input_ids=ids, attention_mask=there).last_hidden_state
        mean = (told * there[:, :, None]).sum(dim=1) / there.sum(dim=1, keepdim=True)
        return self.head(functional.dropout(mean, 0.1, self.training)), mean

    def learning(self) -> list[nn.Parameter]:
        """The weights of the model that learn."""
        return [one for one in self.model.parameters() if one.requires_grad]

    @property
    def filler(self) -> int:
        """The id that fills short texts up."""
        return int(self.model.config.pad_token_id)


def device() -> torch.device:
    """Where a course runs: on an accelerator, where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def say(line: str) -> None:
    """Tell how far a course is, on the standard error stream."""
    sys.stderr.write(line + "\n")


def teach(
    network: Network, drawn: Callable[[int], Matter], course: Course, tell: Progress, seed: int = 0
) -> Network:
    """The network after a course; `drawn` gives the matter of each round, of one size.

    The loss is the cross-entropy against the chances and, with vectors, one less the cosine
    between them and a linear image of the network's own.
    """
    torch.manual_seed(seed)
    where = network.head.weight.device
    matter = drawn(0)
    image: nn.Linear | None = None
    parts = [
        {"params": network.learning(), "lr": course.rate},
        {"params": network.head.parameters(), "lr": course.rate_of_head},
    ]
    if matter.vectors is not None:
        image = nn.Linear(network.head.in_features, matter.vectors.shape[1]).to(where)
        parts.append({"params": image.parameters(), "lr": course.rate_of_head})
    optimiser = torch.optim.AdamW(parts, weight_decay=0.01)
    steps = course.rounds * -(-len(matter.pieces) // course.batch)
    slower = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARMING) * max(0.0, 1 - step / steps)
    )
    network.train()
    for number in range(course.rounds):
        matter = matter if number == 0 else drawn(number)
        lengths = [len(one) for one in matter.pieces]
        for some in batches(lengths, random.Random(seed * 1000 + number), course.batch):
            loss = _loss(network, image, matter, some)
            step(network, loss, optimiser, slower)
        tell(f"Round {number + 1} of {course.rounds}: the last step's loss {loss.item():.2f}.")
    return network.eval()


def step(
    network: Network,
    loss: Tensor,
    optimiser: torch.optim.Optimizer,
    slower: torch.optim.lr_scheduler.LRScheduler,
) -> None:
    """Learn from one loss: no step is larger than 1."""
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.learning(), 1.0)
    optimiser.step()
    slower.step()


def _loss(network: Network, image: nn.Linear | None, matter: Matter, some: list[int]) -> Tensor:
    where = network.head.weight.device
    ids, there = padded([matter.pieces[place] for place in some], network.filler)
    chances, weights = matter.chances[some].to(where), matter.weights[some].to(where)
    with _halved(where):
        logits, vector = network(ids.to(where), there.to(where))
        seen = None if image is None else image(vector)
    off = -(chances * functional.log_softmax(logits.float(), dim=1)).sum(dim=1)
    loss = (off * weights).sum() / weights.sum()
    if seen is None or matter.vectors is None:
        return loss
    aim = matter.vectors[some].to(where).float()
    return loss + (1 - functional.cosine_similarity(seen.float(), aim, dim=1)).mean()


def _halved(where: torch.device) -> torch.autocast:
    """Products of 16 bits where there is an accelerator, else of 32."""
    return torch.autocast(where.type, torch.bfloat16, enabled=where.type == "cuda")


def said(network: Network, pieces: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """What a trained network says of texts: logits (texts, codes) and vectors (texts, width)."""
    network.eval()
    where = network.head.weight.device
    order = sorted(range(len(pieces)), key=lambda place: len(pieces[place]))
    width = network.head.in_features
    logits = torch.zeros(len(pieces), network.head.out_features, dtype=torch.float16)
    vectors = torch.zeros(len(pieces), width, dtype=torch.float16)
    with torch.inference_mode(), _halved(where):
        for at in range(0, len(order), READ_AT_ONCE):
            some = order[at : at + READ_AT_ONCE]
            ids, there = padded([pieces[place] for place in some], network.filler)
            told, vector = network(ids.to(where), there.to(where))
            logits[some], vectors[some] = told.half().cpu(), vector.half().cpu()
    return logits, vectors


def batches(lengths: Sequence[int], rng: random.Random, size: int) -> Iterator[list[int]]:
    """The places of texts in batches of about one length, in a drawn order; each place once."""
    places = list(range(len(lengths)))
    rng.shuffle(places)
    made = []
    for at in range(0, len(places), size * 20):
        some = sorted(places[at : at + size * 20], key=lambda place: lengths[place])
        made += [some[n : n + size] for n in range(0, len(some), size)]
    rng.shuffle(made)
    return iter(made)


def padded(found: Sequence[Sequence[int]], filler: int = 0) -> tuple[Tensor, Tensor]:
    """Ids filled up to one length, and where something stands: shape (texts, pieces) each."""
    length = max(map(len, found))
    ids = torch.tensor([[*one, *[filler] * (length - len(one))] for one in found])
    there = torch.tensor([[1] * len(one) + [0] * (length - len(one)) for one in found])
    return ids, there
