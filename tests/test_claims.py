"""Claims: which lie close, what their encoder needs, and the groups that it learns from."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.errors import StoreError, UsageError
from pipeline.installed import shipped
from pipeline.safe import claim_vectors, embed, encoder, like, theme
from pipeline.safe.lesson import Passage, Role
from pipeline.span import Span
from pipeline.training import claims_data, claims_encoder, themes_learner
from pipeline.training.claims_data import Group
from pipeline.training.encoder import FROZEN, published
from pipeline.training.themes_learner import Network

# Two that make one claim in other words, and a third of the same theme that makes another.
TRIPLES = [
    (
        "Whoever closes a case has to write down what became of the danger.",
        "The file was shut without a word on whether the girl was any safer.",
        "A letter to say that help has ended should reach the family's surgery.",
    ),
    (
        "Ask the child while the parents are in another room.",
        "He was only ever spoken to with his mother sitting beside him.",
        "Drawings and play tell what small children have no words for.",
    ),
    (
        "A manager ought to look again at cases in which nothing moves.",
        "Month after month went by, and no senior person asked why the plan stood still.",
        "Staff who take on a case from a colleague who is ill need time to read it.",
    ),
]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the models that ships, in whose place the program looks for claims."""
    shutil.copytree(shipped("models/claims"), tmp_path / "models" / "claims")
    shutil.copyfile(shipped("models") / "manifest.toml", tmp_path / "models" / "manifest.toml")
    monkeypatch.setattr(claim_vectors, "shipped", lambda name: tmp_path / name)
    _forget()
    yield tmp_path / "models"
    _forget()


def _forget() -> None:
    claim_vectors._row.cache_clear()
    claim_vectors._upper.cache_clear()


@pytest.mark.parametrize("three", TRIPLES, ids=["closing", "alone", "standing still"])
def test_the_same_claim_in_other_words_is_nearer_than_another_of_the_theme(
    three: tuple[str, str, str],
) -> None:
    one, same, other = claim_vectors.vectors()(three)
    assert one @ same > one @ other
    assert np.allclose([one @ one, other @ other], 1, atol=1e-3)


def test_vectors_of_claims_are_kept_apart_from_those_of_the_published_network(
    tmp_path: Path,
) -> None:
    path = tmp_path / "vectors.npz"
    known = claim_vectors.cache(path)
    made = claim_vectors.vectors(known=known)(["Nobody asked."])
    known.keep(["Nobody asked."])
    assert np.array_equal(list(claim_vectors.cache(path).rows.values()), made)
    assert embed.Cache.open(path).rows == {}
    assert not np.allclose(embed.vectors()(["Nobody asked."]), made)


def test_what_is_meant_and_what_is_claimed_are_weighed_together() -> None:
    texts = list(TRIPLES[0])
    meant, claimed = embed.vectors()(texts), claim_vectors.vectors()(texts)
    both = claim_vectors.beside(texts, meant, claim_vectors.vectors())
    share = claim_vectors.SHARE
    wanted = (1 - share) * (meant @ meant.T) + share * (claimed @ claimed.T)
    assert np.allclose(both @ both.T, wanted, atol=1e-3)
    assert claim_vectors.beside(texts, meant, None) is meant


@pytest.mark.parametrize("three", TRIPLES, ids=["closing", "alone", "standing still"])
def test_more_like_this_hears_the_claim(three: tuple[str, str, str]) -> None:
    points = [
        Passage(f"R{n}", "p1", 1, None, None, Span(0, len(text)), Role.LEARNING, text, ())
        for n, text in enumerate("Staff should know: " + one for one in three)
    ]
    found = like.nearest(points[0], points, embed.vectors(), 2, claim_vectors.vectors())
    assert [one.passage.review for one in found] == ["R1", "R2"]


def test_an_encoder_that_is_not_the_one_of_the_manifest_is_refused(elsewhere: Path) -> None:
    assert claim_vectors.vectors()(["Why?"]).shape == (1, encoder.WIDTH)
    _forget()
    path = elsewhere / "claims" / claim_vectors.ENCODER
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoreError, match="Install Candour again"):
        claim_vectors.vectors()(["Why?"])


@pytest.mark.parametrize(
    "manifest",
    ["", '[claims]\nlower = "0"\n\n[claims.sha256]\n"encoder.onnx" = "0"\n'],
    ids=["no row", "other lower layers"],
)
def test_an_encoder_without_its_row_or_its_lower_layers_is_refused(
    elsewhere: Path, manifest: str
) -> None:
    (elsewhere / "manifest.toml").write_text(manifest, encoding="utf-8")
    with pytest.raises(StoreError, match="No lesson was made"):
        claim_vectors.stamp()


def test_groups_are_parted_by_empty_lines_and_headed_by_their_theme(tmp_path: Path) -> None:
    (tmp_path / "some.txt").write_text("# Of it.\n[C3]\nA.\nB.\n\nC.\n[D1]\nD.\n", "utf-8")
    assert tuple(claims_data.groups(tmp_path)) == (
        Group("some", "C3", ("A.", "B.")),
        Group("some", "C3", ("C.",)),
        Group("some", "D1", ("D.",)),
    )


def test_the_groups_that_ship_have_known_themes_and_no_sentence_twice() -> None:
    found = tuple(claims_data.shipped())
    said = [text for one in found for text in one.said]
    assert len(found) > 1900
    assert len(set(said)) == len(said)
    assert {one.theme for one in found} <= {one.code for one in theme.load()}
    assert min(len(one.said) for one in found) > 2


def test_no_sentence_of_the_codebook_is_learned() -> None:
    tests = {
        text for one in theme.load() for text in (*one.examples, *one.near_misses, *one.paraphrases)
    }
    assert not tests & {text for one in claims_data.shipped() for text in one.said}


@given(
    st.lists(
        st.tuples(st.sampled_from(["h", "k"]), st.sampled_from(["A1", "B2", "C3"])),
        min_size=1, max_size=70,
    ),
    st.integers(0, 99),
)  # fmt: skip
def test_each_group_is_in_one_step_and_a_step_is_of_one_hand(
    of: list[tuple[str, str]], seed: int
) -> None:
    found = [Group(hand, code, (f"{place}.",)) for place, (hand, code) in enumerate(of)]
    course = claims_encoder.Course(rounds=1, groups=5)
    made = claims_encoder.steps(found, course, random.Random(seed))
    assert sorted(place for step in made for place in step) == list(range(len(found)))
    assert all(len({found[place].hand for place in step}) == 1 for step in made)
    assert max(map(len, made)) <= 5


def test_a_course_brings_the_sentences_of_a_group_together() -> None:
    found = [
        Group("one", "C3", ("The boiler was cold.", "A nurse rang twice.")),
        Group("one", "C3", ("The boiler was hot.", "Nobody rang at all.")),
    ]
    course = claims_encoder.Course(rounds=25, groups=2, sentences=2, rate=3e-4, warming=2)
    lines: list[str] = []
    sentences = claims_encoder.Sentences(found, [], ("", "C3"))
    network = claims_encoder.learned(
        Network(published(), 2, FROZEN), sentences, course, lines.append, seed=1
    )
    rows = _unit(network, [text for one in found for text in one.said])
    near = rows @ rows.T
    assert near[0, 1] > near[0, 2]
    assert near[2, 3] > near[0, 2]
    assert lines[-1].startswith("Round 25 of 25")


def _unit(network: Network, texts: list[str]) -> NDArray[np.float32]:
    _, made = themes_learner.said(network, [encoder.pieces()(text) for text in texts])
    rows = made.float().numpy()
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def test_the_mean_of_networks_lies_between_them_and_leaves_them_as_they_are() -> None:
    one, other = (Network(published(), 2, FROZEN) for _ in range(2))
    before = one.head.weight.detach().clone()
    made = claims_encoder.mean([one, other])
    assert torch.allclose(made.head.weight, (before + other.head.weight) / 2)
    assert torch.equal(one.head.weight, before)


def test_without_the_layers_of_the_themes_nothing_is_begun(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="themes-encoder"):
        claims_encoder.started(tmp_path / "network.pt", 71)
