"""Annotated texts of several makers, as one kind of example.

Corpora under terms that forbid trade, or without terms, have no reader here; reports of real
cases (coroners' letters among them) are for measuring and never train.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.raw.recognisers.tagger_words import TYPES

ALL = frozenset(TYPES)


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotation: text[start:end] is of one of `types`; `sure` is False where it may be none.

    Several types, or an unsure mark, leave the choice to the model.
    """

    start: int
    end: int
    types: frozenset[str]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its marks, in order and free of overlap.

    `annotated` are the types that its maker looked for: an unmarked word may still be of any
    other type. `held` is an evaluation name ("dev") or "" for what trains.
    """

    text: str
    marks: tuple[Mark, ...]
    annotated: frozenset[str]
    source: str
    held: str = ""


def _mark(start: int, end: int, *types: str, sure: bool = True) -> Mark:
    return Mark(start, end, frozenset(types), sure)


def _ordered(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks in order; of two that overlap, the longer stays."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.start - m.end, m.start)):
        if all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    return tuple(sorted(kept, key=lambda m: m.start))


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def tab(path: Path) -> list[Example]:
    """The Text Anonymization Benchmark: all types annotated; its dev split is held out."""
    found = []
    for row in _rows(path):
        entities: list[dict[str, object]] = row["entities"]  # type: ignore[assignment]
        marks = (_mark(int(str(e["start"])), int(str(e["end"])), str(e["type"])) for e in entities)
        held = "" if row["split"] == "train" else "dev"
        found.append(Example(str(row["text"]), _ordered(marks), ALL, "tab", held))
    return found


def masks(path: Path) -> list[tuple[Example, tuple[bool, ...]]]:
    """TAB's held-out documents with, for each mark, whether its annotator would hide it."""
    found = []
    for row, example in zip(_rows(path), tab(path), strict=True):
        if example.held:
            entities: list[dict[str, object]] = row["entities"]  # type: ignore[assignment]
            hidden = {(e["start"], e["end"]): e["identifier"] != "NO_MASK" for e in entities}
            found.append((example, tuple(hidden[m.start, m.end] for m in example.marks)))
    return found


_PRESIDIO: Mapping[str, str] = {
    "PERSON": "PERSON",
    "GPE": "LOC",
    "STREET_ADDRESS": "LOC",
    "ORGANIZATION": "ORG",
    "DATE_TIME": "DATETIME",
    "CREDIT_CARD": "CODE",
    "US_SSN": "CODE",
    "PHONE_NUMBER": "CODE",
    "IBAN_CODE": "CODE",
    "EMAIL_ADDRESS": "CODE",
    "IP_ADDRESS": "CODE",
    "DOMAIN_NAME": "CODE",
    "ZIP_CODE": "LOC",
    "US_DRIVER_LICENSE": "CODE",
    "NRP": "DEM",
}


def presidio(path: Path) -> list[Example]:
    """presidio-research's synthetic sentences; a title before a name, and an age, go either way."""
    found = []
    for row in json.loads(path.read_text(encoding="utf-8")):
        marks = []
        for span in row["spans"]:
            kind = _PRESIDIO.get(span["entity_type"])
            types = (kind,) if kind else TYPES
            marks.append(
                _mark(span["start_position"], span["end_position"], *types, sure=bool(kind))
            )
        annotated = frozenset(("PERSON", "LOC", "ORG", "CODE"))
        found.append(Example(row["full_text"], _ordered(marks), annotated, "presidio"))
    return found


_NO_SPACE_BEFORE = re.compile(r"[.,:;!?)\]}%]+|n't|'(?:s|m|re|ve|ll|d)|…|’s")
_NO_SPACE_AFTER = frozenset(("(", "[", "{", "£", "$", "#", "@"))


def joined(tokens: Iterable[tuple[str, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    """Tokens with IO or BIO tags as running text, and what the tags say as spans.

    >>> joined([("Ann", "B-PER"), ("Lee", "I-PER"), (",", "O"), ("here", "O")])
    ('Ann Lee, here', [(0, 7, 'PER')])
    """
    text = ""
    spans: list[tuple[int, int, str]] = []
    before, last = "O", ""
    for token, tag in tokens:
        glue = not text or _NO_SPACE_BEFORE.fullmatch(token) or last in _NO_SPACE_AFTER
        text += token if glue else f" {token}"
        start = len(text) - len(token)
        kind = tag[2:]
        if tag != "O":
            if tag.startswith("I-") and before == kind and spans:
                spans[-1] = (spans[-1][0], len(text), kind)
            else:
                spans.append((start, len(text), kind))
        before, last = kind if tag != "O" else "O", token
    return text, spans


def _sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Sentences of a file with a token and its tag a line; a document mark yields an empty one."""
    sentence: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        parts = line.rstrip("\r").rsplit("\t" if "\t" in line else " ", 1)
        if len(parts) == 2 and parts[0].strip() and not parts[0].startswith("-DOCSTART-"):
            sentence.append((parts[0].strip(), parts[1].strip() or "O"))
            continue
        if sentence:
            yield sentence
            sentence = []
        if line.startswith("-DOCSTART-"):
            yield []
    if sentence:
        yield sentence


def _conll(
    path: Path, table: Mapping[str, tuple[str, ...]], annotated: frozenset[str], source: str
) -> Iterator[Example]:
    """The sentences of a file, one text a document where it marks them, else one a sentence."""
    documents = "-DOCSTART-" in path.read_text(encoding="utf-8")
    text, marks = "", list[Mark]()
    for sentence in [*_sentences(path), []]:
        if not sentence or not documents:
            if text:
                yield Example(text, _ordered(marks), annotated, source)
            text, marks = "", []
        more, spans = joined(sentence)
        shift = len(text) + 1 if text else 0
        text = f"{text} {more}" if text else more
        for start, end, kind in spans:
            types = table[kind]
            marks.append(_mark(start + shift, end + shift, *types, sure=len(types) == 1))
    if text:
        yield Example(text, _ordered(marks), annotated, source)


_NEWS = {"PER": ("PERSON",), "LOC": ("LOC",), "ORG": ("ORG",), "MISC": ("MISC", "DEM")}
_WNUT = {
    "person": ("PERSON",),
    "location": ("LOC",),
    "corporation": ("ORG",),
    "group": ("ORG", "MISC", "DEM"),
    "product": ("MISC",),
    "creative-work": ("MISC",),
}
_THREE = frozenset(("PERSON", "LOC", "ORG"))


def corpora(folder: Path) -> list[Example]:
    """All that lies in a folder of annotated sets, whatever of them is there, in fixed order."""
    found: list[Example] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("tab_"):
            found += tab(path)
        elif path.name.startswith("presidio_"):
            found += presidio(path)
        elif path.name.startswith("wikigold"):
            found += _conll(path, _NEWS, _THREE, "wikigold")
        elif path.name.startswith("wnut"):
            found += _conll(path, _WNUT, _THREE, "wnut")
        elif path.name.startswith("btc"):
            found += _conll(path, _NEWS, _THREE, "btc")
    return found


_KINDS: Mapping[str, str] = {
    "PERSON": "PERSON",
    "PLACE": "LOC",
    "ORGANISATION": "ORG",
    "DATE": "DATETIME",
    "CODE": "CODE",
    "CONTACT": "CODE",
    "DEMOGRAPHIC": "DEM",
    "QUANTITY": "QUANTITY",
    "OTHER": "MISC",
}


def _gold(span: Mapping[str, object]) -> Mark | None:
    """A span of the generator's gold as a mark; None for what is no name although it is marked.

    A kept person, place or code is a label; what else is kept and other is a statute, guidance
    or a citation. A kept body or fact about a person may be found or not: the profile decides.
    An age is the age recogniser's; here it may be a fact about a person, a time, or nothing.
    """
    start, end, named = int(str(span["start"])), int(str(span["end"])), str(span["kind"])
    kept = span.get("action") == "keep"
    if named == "AGE":
        return _mark(start, end, "DEM", "DATETIME", sure=False)
    if kept and named in ("PERSON", "PLACE", "CODE", "OTHER"):
        return None
    return _mark(start, end, _KINDS[named], sure=not kept or named == "DATE")


def bank(path: Path, held_in: int = 10) -> list[Example]:
    """Gold of the generator (contracts: gold); every `held_in`-th review is held out."""
    found = []
    for index, row in enumerate(_rows(path)):
        spans: list[dict[str, object]] = row["spans"]  # type: ignore[assignment]
        marks = (mark for span in spans if (mark := _gold(span)))
        held = "bank" if index % held_in == held_in - 1 else ""
        found.append(Example(str(row["text"]), _ordered(marks), ALL, "bank", held))
    return found
