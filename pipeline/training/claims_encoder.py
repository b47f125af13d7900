"""`claims`: the encoder by which sentences lie close that make the same claim in other words.

    python -m pipeline.training claims [--start build/themes/network.pt] [--out models/claims]

Two reviews seldom use the same words for one lesson, and the published model of sentences hears
the topic more than the claim. The upper layers go on from those of the themes (`themes-encoder`
keeps them in floats): of a group of invented sentences, one claim as six authors would make it,
those of the same group are to be nearer than all others, above all those of the theme; beside them
sentences are told by their themes as before, so that those are not unlearned. Two courses are
taken, and the layers are the mean of both. CPU only, about an hour on two cores.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from pipeline.errors import UsageError
from pipeline.safe import claim_vectors, embed, encoder
from pipeline.training import themes_learner, themes_teacher
from pipeline.training.claims_data import Group, shipped
from pipeline.training.themes_learner import Network
from pipeline.training.themes_pool import Row

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Course:
    """How the layers are taught: rounds over the groups, and what a step has of each."""

    rounds: int
    groups: int = 16
    sentences: int = 4  # of each group
    others: int = 32  # sentences that are told by their themes alone
    rate: float = 1e-4
    warming: int = 50
    sharpness: float = 0.1  # what similarities are divided by before they compete
    told: float = 0.5  # the weight of telling themes beside that of claims


# One course a seed. Where similarities compete more sharply, sentences of one claim come nearer
# and those of a theme too: by itself that gave a B-cubed F1 of .82 on eight draws of the second
# bank, the other .866, the mean of both .870.
COURSES = (Course(rounds=5), Course(rounds=5, sharpness=0.05))


def steps(found: Sequence[Group], course: Course, rng: random.Random) -> list[list[int]]:
    """The places of the groups by steps, in a drawn order: those of a hand and theme meet."""
    by_hand: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, one in enumerate(found):
        by_hand[one.hand][one.theme].append(place)
    made: list[list[int]] = []
    for hand in sorted(by_hand):
        themes = by_hand[hand]
        order: list[int] = []
        for theme in rng.sample(sorted(themes), len(themes)):
            order += rng.sample(themes[theme], len(themes[theme]))
        made += [order[at : at + course.groups] for at in range(0, len(order), course.groups)]
    rng.shuffle(made)
    return made


class Sentences:
    """What is learned, as pieces: the groups, and sentences with their themes."""

    def __init__(self, found: Sequence[Group], rows: Sequence[Row], codes: Sequence[str]) -> None:
        cut = encoder.pieces()
        self.found, self.codes = found, codes
        self.pieces = [[cut(embed.masked(embed.spoken(s))) for s in one.said] for one in found]
        self.chances = self._smooth([("", (one.theme,)) for one in found])
        self.rows, self.cut = rows, cut

    def _smooth(self, rows: Sequence[Row]) -> Tensor:
        even = themes_teacher.SMOOTHED
        return themes_teacher.told(rows, self.codes) * (1 - even) + even / len(self.codes)

    def drawn(
        self, places: Sequence[int], course: Course, rng: random.Random
    ) -> tuple[list[list[int]], Tensor, Tensor]:
        """Pieces of some sentences of these groups, which group each is of, and its chances."""
        rows = [
            (place, ids)
            for place in places
            for ids in rng.sample(
                self.pieces[place], min(course.sentences, len(self.pieces[place]))
            )
        ]
        of = torch.tensor([place for place, _ in rows])
        return [ids for _, ids in rows], of, self.chances[of]

    def others(self, course: Course, rng: random.Random) -> tuple[list[list[int]], Tensor]:
        """Pieces of sentences that stand alone, and their chances."""
        some = [rng.choice(self.rows) for _ in range(course.others)]
        return [self.cut(text) for text, _ in some], self._smooth(some)


def learned(
    network: Network, sentences: Sentences, course: Course, tell: themes_learner.Progress, seed: int
) -> Network:
    """The network after its course; the layers below, which all share, stay as they are."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    parts = [
        {"params": network.learning(), "lr": course.rate},
        {"params": network.head.parameters(), "lr": course.rate * 5},
    ]
    optimiser = torch.optim.AdamW(parts, weight_decay=0.01)
    count = course.rounds * len(steps(sentences.found, course, random.Random(0)))
    slower = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / course.warming) * max(0.0, 1 - step / count)
    )
    network.train()
    for number in range(course.rounds):
        for places in steps(sentences.found, course, rng):
            ids, of, chances = sentences.drawn(places, course, rng)
            loss = _loss(network, ids, of, chances, course)
            if sentences.rows:
                said, _ = _read(network, (more := sentences.others(course, rng))[0])
                loss = loss + course.told * _untold(said, more[1])
            themes_learner.step(network, loss, optimiser, slower)
        tell(f"Round {number + 1} of {course.rounds}: the last step's loss {loss.item():.2f}.")
    return network.eval()


def _read(network: Network, pieces: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Logits and unit vectors of texts."""
    ids, there = themes_learner.padded(pieces)
    with torch.autocast("cpu", torch.bfloat16):
        said, vectors = network(ids, there)
    return said.float(), functional.normalize(vectors.float(), dim=1)


def _untold(said: Tensor, chances: Tensor) -> Tensor:
    return -(chances * functional.log_softmax(said, dim=1)).sum(dim=1).mean()


def _loss(
    network: Network, ids: Sequence[Sequence[int]], of: Tensor, chances: Tensor, course: Course
) -> Tensor:
    """How far from each sentence the others of its group are, beside all that were drawn."""
    said, near = _read(network, ids)
    itself = torch.eye(len(of), dtype=torch.bool)
    like = (near @ near.T / course.sharpness).masked_fill(itself, -1e4)
    same = (of[:, None] == of[None, :]) & ~itself
    share = functional.log_softmax(like, dim=1)
    apart = -((share * same).sum(dim=1) / same.sum(dim=1).clamp(min=1)).mean()
    return apart + course.told * _untold(said, chances)


def mean(networks: Sequence[Network]) -> Network:
    """A network whose weights are the mean of those of others that began as one."""
    states = [one.state_dict() for one in networks]
    made = copy.deepcopy(networks[0])
    made.load_state_dict(
        {
            name: torch.stack([state[name].float() for state in states]).mean(dim=0).to(told.dtype)
            for name, told in states[0].items()
        }
    )
    return made.eval()


def started(path: Path, codes: int) -> Network:
    """The network that `themes-encoder` kept. UsageError where there is none."""
    from pipeline.training.encoder import FROZEN, published

    if not path.is_file():
        raise UsageError(
            "The layers of the themes are not there. No encoder of claims was made. Run "
            "`python -m pipeline.training themes-encoder` first, or name its file with --start."
        )
    network = Network(published(), codes, FROZEN)
    network.load_state_dict(torch.load(path, weights_only=True), strict=False)
    return network


def _taught(start: Path, tell: themes_learner.Progress) -> Iterator[Network]:
    from pipeline.training import themes_data

    rows = themes_data.masked()
    codes = themes_data.codes(rows)
    sentences = Sentences(tuple(shipped()), rows, codes)
    for seed, course in enumerate(COURSES, start=1):
        tell(f"Course {seed} of {len(COURSES)}.")
        yield learned(started(start, len(codes)), sentences, course, tell, seed)


def main(argv: list[str]) -> int:
    """The subcommand `claims`."""
    from pipeline.training.encoder import shown, write_upper
    from pipeline.training.smoothing import smoothed
    from pipeline.training.tagger_export import write_manifest

    parser = argparse.ArgumentParser(prog="python -m pipeline.training claims", description=__doc__)
    parser.add_argument("--start", type=Path, default=Path("build/themes/network.pt"))
    parser.add_argument("--out", type=Path, default=Path("models/claims"))
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / claim_vectors.ENCODER
    network = mean(list(_taught(options.start, themes_learner.say)))
    write_upper(smoothed(network.model, shown()), path)
    row = {
        "version": VERSION,
        "licence": "MIT (code and weights; the encoder underneath is Apache-2.0)",
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()},
        "lower": encoder.lower(),
        "groups": len(tuple(shipped())),
        "from": "the upper layers of the themes, taught by groups of invented sentences",
    }
    write_manifest(options.out.parent / "manifest.toml", row, "claims")
    return 0
