"""The encoder of themes: the upper layers of the published model learn the invented sentences.

    python -m pipeline.training themes-encoder [--out models/themes/encoder.onnx]

CPU only: on one processor with nothing else to do about an hour and a half. The same seed, data,
libraries and machine give the same weights. The heads (`themes`) must be made anew afterwards.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.safe import embed, theme_heads
from pipeline.training import themes_data

if TYPE_CHECKING:
    from transformers import BertModel

FROZEN = 2  # layers that stay as published
BATCH = 32
SEED = 0
ADULTS_WEIGH = 2.5  # fewer sentences than the others
COMPANY = (0, 0, 0, 1, 1, 2, 2, 3)  # how many sentences of no theme may stand beside one
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Course:
    """How often the sentences are read, at which rates, and whether others stand beside them."""

    rounds: int
    rate: float
    rate_of_head: float
    company: bool


# An entry of a chronology tells several things: after the sentences alone, they are learned again
# with sentences of no theme around them.
COURSES = (Course(3, 1e-4, 3e-3, company=False), Course(1, 6e-5, 1e-3, company=True))


class Learner(nn.Module):
    """The published model, its pooled states and a head over codes."""

    def __init__(self, codes: int) -> None:
        super().__init__()
        self.model = published()
        self.head = nn.Linear(embed.WIDTH, codes)
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
        return self.head(functional.dropout(mean, 0.1, self.training))


class Exported(nn.Module):
    """One text's pieces to its vector: what ships."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor) -> Tensor:
        """Ids of shape (1, pieces) to a vector of shape (1, width)."""
        there = torch.ones_like(ids)
        told: Tensor = self.model(input_ids=ids, attention_mask=there).last_hidden_state
        return told.mean(dim=1)


def published() -> BertModel:
    """The model as its package has it, its weights checked."""
    from transformers import BertModel

    embed.check(embed.published() / "model.safetensors")
    return BertModel.from_pretrained(
        str(embed.published()),
        local_files_only=True,
        add_pooling_layer=False,
        attn_implementation="eager",
    )


def learned(rows: Sequence[tuple[str, str]], tell: Progress) -> BertModel:
    """The model after all courses over sentences and their codes."""
    torch.manual_seed(SEED)
    codes = sorted({code for _, code in rows})
    network = Learner(len(codes))
    weights = [ADULTS_WEIGH if code.startswith(theme_heads.OF_ADULTS) else 1.0 for code in codes]
    told = torch.tensor([codes.index(code) for _, code in rows])
    for number, course in enumerate(COURSES):
        _learn(network, course, [text for text, _ in rows], told, torch.tensor(weights), tell)
        tell(f"Course {number + 1} of {len(COURSES)} is done.")
    return network.model.eval()


def _learn(
    network: Learner,
    course: Course,
    texts: Sequence[str],
    told: Tensor,
    weights: Tensor,
    tell: Progress,
) -> None:
    parts = [
        {"params": network.upper(), "lr": course.rate},
        {"params": network.head.parameters(), "lr": course.rate_of_head},
    ]
    optimiser = torch.optim.AdamW(parts, weight_decay=0.01)
    steps = course.rounds * -(-len(texts) // BATCH)
    slower = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 150) * max(0.0, 1 - step / steps)
    )
    none = [text for text, code in zip(texts, told.tolist(), strict=True) if code == 0]
    for number in range(course.rounds):
        rng = random.Random(100 * number + course.company)
        said = [beside(text, none, rng) for text in texts] if course.company else list(texts)
        found = [embed.pieces()(embed.masked(text)) for text in said]
        network.train()
        for batch in batches([len(ids) for ids in found], rng):
            ids, there = padded([found[i] for i in batch])
            loss = functional.cross_entropy(
                network(ids, there), told[batch], weight=weights, label_smoothing=0.1
            )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.upper(), 1.0)
            optimiser.step()
            slower.step()
        tell(f"Round {number + 1} of {course.rounds}: the last batch's loss {loss.item():.2f}.")


def beside(text: str, none: Sequence[str], rng: random.Random) -> str:
    """A sentence among some of no theme, in any order.

    >>> beside("A.", ["B."], random.Random(3))
    'A. B.'
    """
    said = [text]
    for _ in range(rng.choice(COMPANY)):
        said.insert(rng.randrange(len(said) + 1), rng.choice(none))
    return " ".join(said)


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


def export(model: BertModel, out: Path) -> None:
    """The model as an ONNX file with weights of seven bits."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            Exported(model).eval(),
            (torch.full((1, 16), 1000, dtype=torch.int64),),
            str(plain),
            dynamo=False,
            opset_version=17,
            input_names=["ids"],
            output_names=["vector"],
            dynamic_axes={"ids": {0: "rows", 1: "pieces"}, "vector": {0: "rows"}},
        )
        # Seven bits: on processors without VNNI eight would overflow and give other answers.
        quantize_dynamic(
            plain, out, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )


def main(argv: list[str]) -> int:
    """The subcommand `themes-encoder`."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.training themes-encoder", description=__doc__
    )
    parser.add_argument("--out", type=Path, default=Path("models/themes") / theme_heads.ENCODER)
    options = parser.parse_args(argv)
    torch.set_num_threads(1)
    rows = sorted({(embed.spoken(text), code) for text, code in themes_data.sentences()})
    export(learned(rows, _told), options.out)
    return 0


def _told(line: str) -> None:
    sys.stderr.write(line + "\n")
