"""Presidio as it comes, and Candour, on the same invented reviews in the same run.

    python -m pipeline.training corpus --bank 1 --reviews 80 --seed N --out ONE --formats txt
    python -m pipeline.training corpus --bank 2 --reviews 24 --seed M --out TWO --formats txt
    python benchmarks/detection_others.py TWO/gold.jsonl --train ONE/gold.jsonl --model MODEL
    ... --judgments TAB.jsonl          the model learns from the Text Anonymization Benchmark too

Presidio's AnalyzerEngine stands with its default recognisers, entities and threshold around a
spaCy pipeline. No model of spaCy's can be had without a network, so one is made: the usual small
network for words and names (tok2vec and ner), from nothing, on texts of the first bank; what is
measured is of the second, and of a seed that neither has seen. The folder MODEL keeps it for the
next run; it is never part of Candour. The pipeline has no parser and no vectors, which makes it
faster than spaCy's own; it learned from reviews, which makes it better at them than spaCy's own.

Presidio leaves organisations out by default, because they give "many false positives"; a third
row turns them on. What Presidio finds counts as hidden; for Candour what the profile public
changes. Seconds are of the processor, on one thread, the systems in turns, models loaded. Only
counts are printed, and each row goes to FILE as well (--out).
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from detection import roles_kept

from pipeline.config import Settings
from pipeline.flow import measuring
from pipeline.flow.measuring import Found, GoldText, Tally
from pipeline.span import Kind, Span

ROUNDS, SEED = 5, 1
# What a general model of names looks for, by spaCy's names.
_LABELS = {
    Kind.PERSON: "PERSON",
    Kind.PLACE: "GPE",
    Kind.ORGANISATION: "ORG",
    Kind.DATE: "DATE",
    Kind.DEMOGRAPHIC: "NORP",
}
_TAB = {"PERSON": "PERSON", "LOC": "GPE", "ORG": "ORG", "DATETIME": "DATE", "DEM": "NORP"}
# Presidio's entities by our kinds; every other one is a code.
_KINDS = {
    "PERSON": Kind.PERSON,
    "LOCATION": Kind.PLACE,
    "ORGANIZATION": Kind.ORGANISATION,
    "DATE_TIME": Kind.DATE,
    "NRP": Kind.DEMOGRAPHIC,
    "EMAIL_ADDRESS": Kind.CONTACT,
    "PHONE_NUMBER": Kind.CONTACT,
    "URL": Kind.CONTACT,
}
_SHOWN = (
    ("every-mention recall, 3 or more", "PERSON"),
    ("recall", "PERSON"),
    ("recall", "ORGANISATION"),
    ("recall", "PLACE"),
    ("recall", "CODE"),
    ("recall", "CONTACT"),
    ("over-redaction", "ALL"),
)
Part = tuple[str, tuple[tuple[int, int, str], ...]]
System = Callable[[GoldText], Found]


def _silent() -> None:
    """Presidio and what it uses write words of a text into logs."""
    from pipeline.raw.recognisers import presidio

    presidio.silence()
    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)


def _pieces(text: str, marks: Sequence[tuple[int, int, str]]) -> Iterator[Part]:
    """A text in paragraphs with the marks inside each; no mark crosses a blank line."""
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        start, end = match.span()
        inside = ((a - start, b - start, k) for a, b, k in marks if start <= a and b <= end)
        yield match.group(), tuple(inside)


def _learned(gold: Path, judgments: Path | None) -> list[Part]:
    """What the model learns from: names, places, bodies and dates, whatever a profile would do.

    Labels that a review uses itself, national bodies and roles are no names here: a model that
    hid them would lose below.
    """
    found: list[Part] = []
    for one in measuring.load(gold):
        marks = [
            (s.start, s.end, _LABELS[s.kind])
            for s in one.spans
            if s.kind in _LABELS and (s.action != "keep" or s.kind is Kind.DATE)
        ]
        found.extend(_pieces(one.text, marks))
    if judgments:
        from pipeline.training import tagger_data

        for example in tagger_data.tab(judgments):
            if not example.held:
                marks = [
                    (m.start, m.end, _TAB[t]) for m in example.marks for t in m.types if t in _TAB
                ]
                found.extend(_pieces(example.text, marks))
    return found


def train(gold: Path, judgments: Path | None, folder: Path) -> None:
    """Make the spaCy pipeline from nothing and keep it."""
    import spacy
    from spacy.training import Example
    from spacy.util import compounding, filter_spans, fix_random_seed, minibatch

    fix_random_seed(SEED)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    rng, examples = random.Random(SEED), []
    for text, marks in _learned(gold, judgments):
        doc = nlp.make_doc(text)
        spans = [doc.char_span(a, b, k, alignment_mode="expand") for a, b, k in marks]
        told = [(s.start_char, s.end_char, s.label_) for s in filter_spans([s for s in spans if s])]
        examples.append(Example.from_dict(doc, {"entities": told}))
    began = time.process_time()
    optimizer = nlp.initialize(lambda: examples)
    for turn in range(ROUNDS):
        rng.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, compounding(48.0, 128.0, 1.002)):
            nlp.update(batch, sgd=optimizer, drop=0.1, losses=losses)
        spent = time.process_time() - began
        print(
            f"round {turn + 1} of {ROUNDS}: loss {losses['ner']:.0f}, {spent:.0f} s",
            file=sys.stderr,
        )
    nlp.to_disk(folder)


def _presidio(folder: Path, *, organisations: bool) -> System:
    """Presidio's analyser with its defaults; with organisations where they are asked for."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from spacy.language import Language
    from spacy.tokens import Doc

    # Presidio compares lemmas with the words that raise a score; a pipeline made here has none.
    def plain(doc: Doc) -> Doc:
        for token in doc:
            token.lemma_ = token.lower_
        return doc

    Language.component("plain_lemmas", func=plain)
    provider = NlpEngineProvider()
    given: dict[str, Any] = provider.nlp_configuration
    given["models"] = [{"lang_code": "en", "model_name": str(folder)}]
    if organisations:
        ignored = given["ner_model_configuration"]["labels_to_ignore"]
        asked = [label for label in ignored if label not in ("ORG", "ORGANIZATION")]
        given["ner_model_configuration"]["labels_to_ignore"] = asked
    made = NlpEngineProvider(nlp_configuration=given).create_engine()
    made.nlp["en"].add_pipe("plain_lemmas")
    engine = AnalyzerEngine(nlp_engine=made, supported_languages=["en"])

    def find(gold: GoldText) -> Found:
        results = engine.analyze(gold.text, language="en")
        found = sorted(
            (Span(r.start, r.end), _KINDS.get(r.entity_type, Kind.CODE)) for r in results
        )
        return Found(_apart(found), [Span(0, max(1, len(gold.text)))])

    return find


def _apart(found: Sequence[tuple[Span, Kind]]) -> list[tuple[Span, Kind]]:
    """The same stretches without overlap: what overlaps is joined, under the kind of the first."""
    joined: list[tuple[Span, Kind]] = []
    for span, kind in found:
        if joined and span.start < joined[-1][0].end:
            first, own = joined[-1]
            joined[-1] = (Span(first.start, max(first.end, span.end)), own)
        else:
            joined.append((span, kind))
    return joined


def _undated(found: Found) -> Found:
    """The same without dates: Presidio hides each, a profile keeps months and years."""
    kept = [(span, kind) for span, kind in found.changed if kind is not Kind.DATE]
    return Found(kept, found.shown)


def row(
    name: str, golds: Sequence[GoldText], found: Sequence[Found], seconds: float
) -> dict[str, Any]:
    """The figures of one system over all texts."""
    tallies: list[Tally] = [measuring.tally(g, f) for g, f in zip(golds, found, strict=True)]
    known = {(s.measure, s.kind): s for s in measuring.scores(tallies)}
    dateless = [measuring.tally(g, _undated(f)) for g, f in zip(golds, found, strict=True)]
    wrong = {(s.measure, s.kind): s for s in measuring.scores(dateless)}["over-redaction", "ALL"]
    roles = [roles_kept(g, f) for g, f in zip(golds, found, strict=True)]
    words = sum(len(g.text.split()) for g in golds)
    figures: dict[str, Any] = {"system": name, "reviews": len(golds), "words": words}
    for key in _SHOWN:
        if one := known.get(key):
            figures[" ".join(key)] = [one.good, one.of, round(one.value, 4)]
    figures["over-redaction without dates"] = [wrong.good, wrong.of, round(wrong.value, 4)]
    good, of = (sum(pair[n] for pair in roles) for n in (0, 1))
    figures["roles and agencies kept"] = [good, of, round(good / max(of, 1), 4)]
    kept = known.get(("kept", "PERSON"))
    if kept:
        figures["labels of persons kept"] = [kept.good, kept.of, round(kept.value, 4)]
    return figures | {"words a second of processor": round(words / seconds)}


def compare(
    golds: Sequence[GoldText], systems: dict[str, System], runs: int
) -> Iterator[dict[str, Any]]:
    """Each system on every text, in turns; the median of the runs counts."""
    took: dict[str, list[float]] = {name: [] for name in systems}
    found: dict[str, list[Found]] = {}
    for system in systems.values():
        system(golds[0])
    for turn in range(runs):
        for name, system in systems.items():
            began = time.process_time()
            found[name] = [system(gold) for gold in golds]
            took[name].append(time.process_time() - began)
            print(f"run {turn + 1} of {runs}: {name}", file=sys.stderr)
    for name in systems:
        yield row(name, golds, found[name], statistics.median(took[name]))


def main() -> None:
    """Make the model where there is none, then measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--train", type=Path, help="gold of the first bank")
    parser.add_argument("--judgments", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    _silent()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if not given.model.is_dir():
        if given.train is None:
            sys.exit("There is no model in that folder. Give --train GOLD of the first bank.")
        train(given.train, given.judgments, given.model)
    settings = Settings(threads=1)
    systems: dict[str, System] = {
        "Candour, profile public": lambda gold: measuring.found_in(gold, "public", settings),
        "Presidio by default": _presidio(given.model, organisations=False),
        "Presidio with organisations": _presidio(given.model, organisations=True),
    }
    for figures in compare(tuple(measuring.load(given.gold)), systems, given.runs):
        line = json.dumps(figures)
        print(line, flush=True)
        if given.out:
            with given.out.open("a", encoding="utf-8") as rows:
                rows.write(line + "\n")


if __name__ == "__main__":
    main()
