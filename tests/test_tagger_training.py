"""Training the tagger: what is read, what each word may be, and a run of seconds."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from pipeline.raw.recognisers.tagger import Tagger
from pipeline.raw.recognisers.tagger_words import LABELS, TYPES, words
from pipeline.training import tagger_data, tagger_frames, tagger_swap
from pipeline.training.__main__ import main
from pipeline.training.tagger_batch import allowed, batches, learned
from pipeline.training.tagger_data import ALL, Example, Mark

TEXT = "Mrs Ada Quillmore of Dunmore rang on 3 May 2014. Ada Quillmore waited."


def mark(text: str, name: str, *types: str, sure: bool = True) -> Mark:
    start = text.index(name)
    return Mark(start, start + len(name), frozenset(types), sure)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one invented document of each format."""
    folder = tmp_path / "ner"
    folder.mkdir()
    entities = [
        {"start": 4, "end": 17, "type": "PERSON", "identifier": "DIRECT"},
        {"start": 21, "end": 28, "type": "LOC", "identifier": "NO_MASK"},
        {"start": 37, "end": 47, "type": "DATETIME", "identifier": "QUASI"},
        {"start": 49, "end": 62, "type": "PERSON", "identifier": "DIRECT"},
    ]
    rows = [
        {"doc_id": str(n), "split": split, "text": TEXT, "entities": entities}
        for n, split in enumerate(("train", "dev"))
    ]
    (folder / "tab_small.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    span = {"entity_type": "GPE", "start_position": 3, "end_position": 10}
    title = {"entity_type": "TITLE", "start_position": 0, "end_position": 2}
    sentences = [{"full_text": "to Dunmore", "spans": [span, title], "template_id": 1}]
    (folder / "presidio_small.json").write_text(json.dumps(sentences))
    (folder / "wikigold.conll").write_text("-DOCSTART- O\n\nAda I-PER\n. O\n\nThe O\nEnd I-MISC\n")
    (folder / "wnut_small.conll").write_text("Ada\tB-person\nwent\tO\n\nthe\tO\nBand\tB-group\n")
    (folder / "btc_small.conll").write_text("Ada\tB-PER\nLee\tB-PER\n")
    return folder


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    spans = [
        {"start": 4, "end": 17, "kind": "PERSON", "identity": "p1", "action": "hide"},
        {"start": 21, "end": 28, "kind": "PLACE", "identity": "o1", "action": "hide"},
    ]
    path = tmp_path / "gold.jsonl"
    rows = [{"id": str(n), "text": TEXT, "spans": spans, "passages": []} for n in range(10)]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_every_set_is_read(data: Path) -> None:
    found = tagger_data.corpora(data)
    assert [e.source for e in found] == [
        "btc", "presidio", "tab", "tab", "wikigold", "wnut", "wnut",
    ]  # fmt: skip
    told = {(e.source, e.text[m.start : m.end], m.sure) for e in found for m in e.marks}
    assert {("btc", "Ada", True), ("btc", "Lee", True), ("presidio", "to", False)} <= told
    assert {("wikigold", "End", False), ("wnut", "Band", False), ("tab", "Dunmore", True)} <= told
    assert [e.held for e in found if e.source == "tab"] == ["", "dev"]


def test_gold_is_read_and_one_review_in_ten_is_held_out(gold: Path) -> None:
    found = tagger_data.bank(gold)
    assert [e.held for e in found] == [""] * 9 + ["bank"]
    assert [(m.types, m.sure) for m in found[0].marks] == [
        (frozenset(["PERSON"]), True),
        (frozenset(["LOC"]), True),
    ]


@pytest.mark.parametrize(
    ("kind", "action", "expected"),
    [
        ("PERSON", "keep", None),
        ("PERSON", "hide", ({"PERSON"}, True)),
        ("OTHER", "keep", None),
        ("DATE", "keep", ({"DATETIME"}, True)),
        ("ORGANISATION", "keep", ({"ORG"}, False)),
        ("CONTACT", "hide", ({"CODE"}, True)),
        ("DATE", "generalise", ({"DATETIME"}, True)),
        ("AGE", "generalise", ({"DEM", "DATETIME"}, False)),
    ],
)
def test_actions_of_gold(
    tmp_path: Path, kind: str, action: str, expected: tuple[set[str], bool] | None
) -> None:
    path = tmp_path / "gold.jsonl"
    span = {"start": 0, "end": 4, "kind": kind, "action": action}
    path.write_text(json.dumps({"id": "1", "text": "Some text", "spans": [span]}))
    marks = tagger_data.bank(path)[0].marks
    assert [(set(m.types), m.sure) for m in marks] == ([expected] if expected else [])


def labels(row: np.ndarray) -> set[str]:
    return {LABELS[i] for i in np.flatnonzero(row)}


def test_what_a_word_may_be() -> None:
    text = "Ada Lee saw Romans near Dunmore"
    marks = (
        mark(text, "Ada Lee", "PERSON"),
        mark(text, "Romans", "DEM", "MISC", sure=False),
        mark(text, "Dunmore", "LOC", "ORG"),
    )
    fits = allowed(Example(text, marks, ALL - {"DATETIME"}, "t"), words(text))
    unlooked = {"B-DATETIME", "I-DATETIME"}
    assert [labels(row) for row in fits] == [
        {"B-PERSON"},
        {"I-PERSON"},
        {"O"} | unlooked,
        {"O", "B-DEM", "I-DEM", "B-MISC", "I-MISC"},
        {"O"} | unlooked,
        {"B-LOC", "B-ORG"},
    ]


def test_renaming_keeps_marks_and_is_the_same_throughout() -> None:
    people = [Mark(4, 17, frozenset(["PERSON"])), Mark(49, 62, frozenset(["PERSON"]))]
    example = Example(TEXT, tuple(people), ALL, "t")
    changed = tagger_swap.renamed(example, tagger_swap.names(), random.Random(1))
    one, other = (changed.text[m.start : m.end] for m in changed.marks)
    assert one == other != "Ada Quillmore"
    assert changed.text.startswith("Mrs ")
    assert "of Dunmore rang on 3 May 2014. " in changed.text


@pytest.mark.parametrize("seed", range(5))
def test_frames_are_filled_and_marked(seed: int) -> None:
    made = tagger_frames.documents(3, random.Random(seed))
    assert made == tagger_frames.documents(3, random.Random(seed))
    for example in made:
        assert "{" not in example.text
        assert "}" not in example.text
        for one in example.marks:
            assert example.text[one.start : one.end].strip()
            assert one.types <= set(TYPES)


def test_batches_hold_every_window_once() -> None:
    from pipeline.training.tagger_train import tokenizer

    stock = tokenizer()
    made = tagger_frames.documents(4, random.Random(2))
    windows = [w for example in made for w in learned(example, stock)]
    grouped = batches(windows, 600, random.Random(3))
    assert sorted(id(w) for batch in grouped for w in batch) == sorted(map(id, windows))
    assert all(len(b) * max(w.frame.shape[1] for w in b) <= 600 + 8 * len(b) for b in grouped)


def test_a_run_of_seconds_makes_a_model_that_loads(data: Path, gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "models" / "tagger"
    options = [
        "--data",
        data,
        "--bank",
        gold,
        "--out",
        out,
        "--steps",
        3,
        "--frames",
        2,
        "--seed",
        7,
    ]
    assert main(["tagger", *map(str, options)]) == 0
    weights = (out / "model.onnx").read_bytes()
    assert main(["tagger", *map(str, options), "--again", "--test", str(gold)]) == 0
    assert (out / "model.onnx").read_bytes() == weights
    found = list(Tagger.load(out, 1).find(TEXT))
    assert all(0.0 <= f.score <= 1.0 for f in found)
    assert "seed 7" in (out / "CARD.md").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_network(data: Path) -> None:
    from pipeline.training.tagger_train import Plan, train

    plan = Plan(seed=3, rounds=1, most_steps=2, frame_documents=1)
    one, other = (train(tagger_data.corpora(data), plan).state_dict() for _ in range(2))
    assert all(bool((one[name] == other[name]).all()) for name in one)
