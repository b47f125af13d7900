"""No vocabulary that was made here holds the surname of somebody who died.

What a model or a list was made from may be real reports: a word list, a classifier's vocabulary
or a tokenizer that was fitted on them would carry the names in them to everybody. The names are
those of a set of coroners' reports that lies beside the project where it is worked on.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REPORTS = ROOT.parent / "shared" / "data" / "pfd"
# Taken from sources that anybody may look up, each named at the head of its file: names of
# people, places, bodies, works and medicines are what they are for.
FROM_PUBLIC_SOURCES = frozenset(
    f"configs/lists/{name}.txt"
    for name in (
        "common_words", "given-names", "given-names-ambiguous", "surnames-ambiguous",
        "places-ambiguous", "places-areas", "deny-organisations", "allow-guidance",
        "allow-inquiries", "allow-medicine", "allow-national-bodies", "allow-statutes",
    )
)  # fmt: skip
STOCK = ("models/encoder/tokenizer.json", "models/tagger/tokenizer.json")
# The vocabulary of BERT, uncased, as its makers publish it: one piece a line.
STOCK_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LETTERS = re.compile(rb"[A-Za-z]{6,40}")


def made_here(root: Path) -> Iterator[Path]:
    """Everything that ships and may hold words, but for the sources that are named above."""
    for folder in ("models", "configs"):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and name not in STOCK and name not in FROM_PUBLIC_SOURCES:
                yield path


def words(path: Path) -> set[str]:
    """The words in a file, in small letters; of no text, runs of six letters."""
    data = path.read_bytes()
    try:
        said = data.decode("utf-8")
    except UnicodeDecodeError:
        return {run.decode("ascii").lower() for run in _LETTERS.findall(data)}
    found = {word.lower() for word in _WORD.findall(said)}
    return found | {part for word in found for part in re.split("['’-]", word)}


def ordinary() -> set[str]:
    """Words of English, from the list that says where it has them from."""
    return words(ROOT / "configs/lists/common_words.txt")


def stock(name: str) -> dict[str, int]:
    """A tokenizer's vocabulary: each piece with its number."""
    made = json.loads((ROOT / name).read_text(encoding="utf-8"))["model"]["vocab"]
    assert isinstance(made, dict)
    return made


def surnames() -> frozenset[str]:
    """The surnames of those who died, but for those that are words of English."""
    files = sorted(REPORTS.glob("*.jsonl"))
    if not files:
        pytest.skip("the coroners' reports are not here")
    rows = [json.loads(line) for f in files for line in f.read_text(encoding="utf-8").splitlines()]
    names = {row["deceased_name_parts"][-1].lower() for row in rows if row["deceased_name_parts"]}
    return frozenset(name for name in names - ordinary() if len(name) > 3)


def kept(names: Iterable[str], root: Path) -> dict[str, int]:
    """How many of the names are in each file that was made here; files without one left out."""
    wanted = frozenset(names)
    counts = {p.relative_to(root).as_posix(): len(words(p) & wanted) for p in made_here(root)}
    return {name: count for name, count in counts.items() if count}


def test_no_surname_of_somebody_who_died_is_in_a_vocabulary_made_here() -> None:
    names = surnames()
    # In lists that people wrote, a name that everybody's vocabulary has tells nothing.
    telling = names - set(stock(STOCK[0]))
    assert len(names) > 200 and len(telling) > 80
    assert kept(telling, ROOT) == {}
    fitted = {name for name in kept(names, ROOT) if name.startswith("models/")}
    assert fitted == set()


@pytest.mark.parametrize("name", STOCK)
def test_a_tokenizers_vocabulary_is_the_stock_one(name: str) -> None:
    vocabulary = stock(name)
    listed = sorted(vocabulary, key=lambda word: vocabulary[word])
    assert [vocabulary[word] for word in listed] == list(range(len(listed)))
    said = "".join(f"{word}\n" for word in listed).encode()
    assert hashlib.sha256(said).hexdigest() == STOCK_SHA256


def test_every_public_source_is_there_and_says_where_it_comes_from() -> None:
    for name in FROM_PUBLIC_SOURCES:
        head = (ROOT / name).read_text(encoding="utf-8")[:1200]
        assert re.search(r"[Ss]ource|Derived", head), name


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("models/classifier/vocabulary.json", b'{"child": 0, "zorbelquist": 1}'),
        ("models/classifier/weights.bin", b"\xff\x00\x08vocabul\x01Zorbelquist\x00\xfe\x80"),
        ("models/classifier/words.npy", b"\x93NUMPY\xffzorbelquist\x00"),
        ("configs/themes/more.toml", b'words = ["zorbelquist-marl"]'),
        ("configs/lists/cues.txt", "child\nZorbelquist’s\n".encode()),
    ],
)
def test_a_surname_that_is_planted_is_found(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert kept({"zorbelquist"}, tmp_path) == {name: 1}
