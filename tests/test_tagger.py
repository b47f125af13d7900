"""The tagger that ships: it finds names of many kinds and leaves roles and labels alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import RecogniserError
from pipeline.installed import shipped
from pipeline.raw.recognisers import tagger_decode, tagger_windows
from pipeline.raw.recognisers.tagger import Tagger
from pipeline.raw.recognisers.tagger_decode import Floats
from pipeline.raw.recognisers.tagger_words import LABELS, SHAPES, SPACES, TYPES, shape, words
from pipeline.span import Kind, Span, free_of_overlap

MODEL = shipped("models/tagger")


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(MODEL, 1)


def covered(tagger: Tagger, text: str) -> list[bool]:
    """For each code point of a text, whether a finding covers it."""
    out = [False] * len(text)
    for finding in tagger.find(text):
        out[finding.span.start : finding.span.end] = [True] * len(finding.span)
    return out


# (text, what must be hidden); every name is invented.
FOUND = [
    ("Kayleigh O'Shea's health visitor rang the surgery.", ["Kayleigh", "O'Shea"]),
    ("The social worker saw Jayden and his sister Lacey-Mae at home.", ["Jayden", "Lacey-Mae"]),
    ("KAYLEIGH O'SHEA DIED ON 3 MARCH 2014.", ["KAYLEIGH", "O'SHEA", "3 MARCH 2014"]),
    ("Mrs Adaeze Okonkwo-Smith chaired the meeting.", ["Adaeze", "Okonkwo-Smith"]),
    ("Abdi lived with his aunt Hodan in Netherbury.", ["Abdi", "Hodan", "Netherbury"]),
    ("He told Dr Nguyen that Zbigniew had hit him.", ["Nguyen", "Zbigniew"]),
    ("Rukhsana’s brother, Tariq Mahmood, was interviewed.", ["Rukhsana", "Tariq Mahmood"]),
    ("Wexshire Safeguarding Children Partnership agreed.", ["Wexshire"]),
    ("She was admitted to St Brendan's Hospital in Dunmore.", ["St Brendan's", "Dunmore"]),
    ("They moved to 14 Larch Close, Embersley, on 2 May 2016.", ["Larch Close", "Embersley"]),
    ("Pupils at Hollin Bank Primary School knew him.", ["Hollin Bank"]),
    ("The author, Maryam Farah-Jones, interviewed staff.", ["Maryam Farah-Jones"]),
    ("Grace said that Will would collect Hope from nursery.", ["Grace", "Will", "Hope"]),
    ("Corlshire County Council closed the case in June 2011.", ["Corlshire", "June 2011"]),
    ("Mr Tesfaye was recalled to HMP Ravensgate.", ["Tesfaye", "Ravensgate"]),
    ("Siân Llewellyn and Caoimhe Ní Bhriain wrote to him.", ["Siân Llewellyn", "Caoimhe"]),
    (
        "Mother	24	Danuta Wolska\nFather	31	Florin Dumitrescu",
        ["Danuta Wolska", "Florin"],
    ),
]


@pytest.mark.parametrize(("text", "names"), FOUND, ids=range(len(FOUND)))
def test_names_are_found_whole(tagger: Tagger, text: str, names: list[str]) -> None:
    hidden = covered(tagger, text)
    for name in names:
        start = text.index(name)
        assert all(hidden[start : start + len(name)])


# Texts in which nothing is a person, a place or a body.
LEFT = [
    "Mother said that Father had left and that the Maternal Grandmother would help.",
    "The Board asked the Partnership to consider recommendation 4.2.",
    "The Chief Executive and the Independent Chair agreed with the Panel.",
    "The health visitor, the midwife and the GP did not share what they knew.",
    "A section 47 enquiry should have begun within 10 days.",
    "He was given £240 a week for eighteen months.",
    "Was the social worker's supervision recorded? The team manager thought so.",
    "Professionals should ask direct questions and write down the answers.",
    "There were twelve contacts, of which three led to an assessment.",
    "Neglect was recorded as a concern, but the threshold was not met.",
    "Learning Point 3: information was not shared between agencies.",
    "Young people told the reviewers that they were not listened to.",
]
NAMING = {Kind.PERSON, Kind.PLACE, Kind.ORGANISATION}


@pytest.mark.parametrize("text", LEFT, ids=range(len(LEFT)))
def test_roles_agencies_and_numbers_are_left(tagger: Tagger, text: str) -> None:
    assert not [f.kind for f in tagger.find(text) if f.kind in NAMING]


JUNK = {
    "empty": "",
    "spaces": " \n\t \u00a0",
    "emoji": "👩‍👩‍👧 👍🏽 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "right to left": "שלום עליכם \u202eאב\u202c مرحبا",
    "zero width": "\u200b\u200d\ufeff",
    "nul": "\x00\x01 a \ufffd",
    "one line of letters": "a" * 1_000_000,
    "one line of words": "x " * 500_000,
}


@pytest.mark.parametrize("text", JUNK.values(), ids=JUNK.keys())
def test_junk_passes(tagger: Tagger, text: str) -> None:
    assert all(f.span.end <= len(text) for f in tagger.find(text))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_findings_inside_it(text: str) -> None:
    found = list(_LOADED.find(text))
    assert all(f.span.of(text).strip() and f.by == "tagger" for f in found)
    assert free_of_overlap(f.span for f in found)


_LOADED = Tagger.load(MODEL, 1)


def test_same_text_same_findings(tagger: Tagger) -> None:
    text = "\n\n".join(text for text, _ in FOUND) * 20
    assert list(tagger.find(text)) == list(tagger.find(text)) == list(_LOADED.find(text))


@pytest.mark.parametrize("shift", range(0, 300, 37))
def test_a_name_is_whole_wherever_a_window_ends(tagger: Tagger, shift: int) -> None:
    before = "the visit was recorded " * (40 + shift // 8) + "and " * (shift % 8)
    text = f"{before}by Mrs Adaeze Okonkwo-Smith, who left."
    start = text.index("Adaeze")
    assert all(covered(tagger, text)[start : start + len("Adaeze Okonkwo-Smith")])


def copied(folder: Path) -> Path:
    shutil.copytree(MODEL, folder / "tagger")
    shutil.copyfile(MODEL.parent / "manifest.toml", folder / "manifest.toml")
    return folder / "tagger"


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    target = copied(tmp_path) / name
    target.write_bytes(target.read_bytes()[:-1] + b"!")
    with pytest.raises(RecogniserError):
        Tagger.load(tmp_path / "tagger", 1)


@pytest.mark.parametrize("name", ["tagger/model.onnx", "tagger/tokenizer.json", "manifest.toml"])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    copied(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(RecogniserError):
        Tagger.load(tmp_path / "tagger", 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [("[tagger]", "[other]"), ('"B-PERSON"', '"B-NAME"'), ("shapes = ", "shapes = 1"), ("=", "")],
)
def test_a_manifest_for_another_model_is_refused(tmp_path: Path, old: str, new: str) -> None:
    copied(tmp_path)
    path = tmp_path / "manifest.toml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(RecogniserError):
        Tagger.load(tmp_path / "tagger", 1)


def test_the_model_is_small_and_described() -> None:
    size = sum(path.stat().st_size for path in MODEL.iterdir())
    assert size < 50_000_000
    card = (MODEL / "CARD.md").read_text(encoding="utf-8")
    assert all(part in card for part in ("MIT", "CC BY 4.0", "Apache-2.0", "## Limits"))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 12), max_size=400), st.integers(40, 80), st.integers(0, 20))
def test_every_word_is_judged_once_inside_its_window(
    lengths: list[int], most: int, overlap: int
) -> None:
    found = tagger_windows.windows(lengths, most, overlap)
    judged = [i for w in found for i in range(w.judge_begin, w.judge_end)]
    assert judged == list(range(len(lengths)))
    for window in found:
        assert window.begin <= window.judge_begin <= window.judge_end <= window.end
        assert sum(lengths[window.begin : window.end]) <= most - 2


@settings(deadline=None)
@given(st.text(max_size=200))
def test_words_are_in_order_and_leave_only_space(text: str) -> None:
    found = words(text)
    assert free_of_overlap(Span(w.start, w.end) for w in found)
    inside = {i for w in found for i in range(w.start, w.end)}
    assert all(text[i].isspace() or i in inside for i in range(len(text)))
    assert all(0 <= w.shape < SHAPES and 0 <= w.space < SPACES for w in found)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ann", "Bob", True),
        ("Ann", "ann", False),
        ("ANN", "Ann", False),
        ("McKay", "DeSouza", True),
        ("2nd", "21st", True),
        ("SW4", "HV1", True),
        ("SW4", "SWA", False),
        ("1987", "2019", True),
        (".", ",", False),
        ("名", "الله", True),
    ],
)
def test_shapes(one: str, other: str, alike: bool) -> None:
    assert (shape(one) == shape(other)) is alike


def logits(text: str, labels: list[str]) -> Floats:
    assert len(words(text)) == len(labels)
    out = np.zeros((len(labels), len(LABELS)), dtype=np.float32)
    for row, label in enumerate(labels):
        out[row, LABELS.index(label)] = 5.0
    return out


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ("Ann Lee ran", ["B-PERSON", "I-PERSON", "O"], ["Ann Lee"]),
        ("Ann, Lee", ["B-PERSON", "I-PERSON", "B-PERSON"], ["Ann", "Lee"]),
        ("Ann Lee", ["B-PERSON", "B-PERSON"], ["Ann", "Lee"]),
        ("Al-Amin ran", ["B-PERSON", "O", "O", "O"], ["Al-Amin"]),
        ("O’Shea ran", ["O", "O", "B-PERSON", "O"], ["O’Shea"]),
        ("Ann's dog", ["B-PERSON", "O", "O", "O"], ["Ann"]),
        ("Lee-based", ["B-LOC", "O", "O"], ["Lee"]),
        (", .", ["B-ORG", "I-ORG"], []),
        ("Al-Amin", ["B-PERSON", "O", "B-PERSON"], ["Al-Amin"]),
    ],
)
def test_mentions(text: str, labels: list[str], expected: list[str]) -> None:
    seen = words(text)
    likely = tagger_decode.leaned(logits(text, labels), {})
    found = tagger_decode.mentions(likely, text, seen)
    assert [text[seen[m.begin].start : seen[m.end - 1].end] for m in found] == expected


def test_a_bias_only_adds() -> None:
    said = np.zeros((3, len(LABELS)), dtype=np.float32)
    said[:, 0] = [1.0, 3.0, 9.0]
    before = tagger_decode.leaned(said, {})[:, 0]
    after = tagger_decode.leaned(said, dict.fromkeys(TYPES, 2.0))[:, 0]
    assert (after < before).all()


def test_the_tagger_is_a_component_of_a_spacy_pipeline_with_scores() -> None:
    import spacy

    nlp = spacy.blank("en")
    # By its entry point: nothing of Candour is imported here for it.
    nlp.add_pipe("candour_tagger", config={"threads": 1})
    doc = nlp("Anna Reed rang Westmoor Council on 3 May 2012.")
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("Anna Reed", "PERSON"),
        ("Westmoor Council", "ORGANISATION"),
        ("3 May 2012", "DATE"),
    ]
    scores = doc.spans["candour_tagger"].attrs["scores"]
    assert len(scores) == 3
    assert all(0.5 < score <= 1.0 for score in scores)


def test_an_eager_component_finds_all_that_the_other_does() -> None:
    import spacy

    text = "Mother, a Roma woman of 32, sold 12 tablets. Anna told Mrs Q about St Bride's."
    found = []
    for eager in (False, True):
        nlp = spacy.blank("en")
        nlp.add_pipe("candour_tagger", config={"threads": 1, "eager": eager})
        doc = nlp(text)
        found.append({i for e in doc.ents for i in range(e.start, e.end)})
    assert found[0] <= found[1]
