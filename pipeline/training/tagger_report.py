"""`tagger-scores`: measures a tagger that is there; rows of JSON on standard output."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.raw.recognisers.tagger import Tagger
from pipeline.raw.recognisers.tagger_words import TYPES
from pipeline.training import tagger_score


def arguments() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.training tagger-scores")
    parser.add_argument("--model", type=Path, default=Path("models/tagger"))
    parser.add_argument("--data", type=Path, required=True, help="folder with the TAB file")
    parser.add_argument("--bank", type=Path, help="gold of the generator; one review in ten")
    parser.add_argument("--test", type=Path, help="gold of the generator; all of it")
    parser.add_argument("--letters", type=Path, nargs="*", default=[], help="coroners' reports")
    return parser


def reports(path: Path) -> list[dict[str, object]]:
    """Coroners' reports as rows of texts and the name parts of the dead person."""
    found: list[dict[str, object]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        fields = (row["investigation"], row["circumstances"], row["concerns"])
        text = "\n\n".join(field for field in fields if field)
        found.append({"texts": [text], "parts": row["deceased_name_parts"]})
    return found


def measured(options: argparse.Namespace) -> Iterator[Mapping[str, object]]:
    """Rows of figures; no row holds a word of a text."""
    tagger = Tagger.load(options.model, 2)
    sets = tagger_score.held_out(tagger, options.data, options.bank)
    if options.test is not None:
        sets["test"] = tagger_score.unseen(tagger, options.test)
    for name, texts in sets.items():
        for bias in (0.0, 1.0, 2.0, 3.0):
            alike = tagger_score.scores(texts, dict.fromkeys(TYPES, bias))
            yield {"set": name, "bias": bias, **tagger_score.figures(alike)}
        shipped = tagger_score.scores(texts, tagger.biases)
        yield {"set": name, "bias": "shipped", **tagger_score.figures(shipped)}
    rows = [row for path in options.letters for row in reports(path)]
    if rows:
        left, total, thousand = tagger_score.parts_left(tagger, rows)
        yield {"reports": total, "reports_with_a_part_left": left, "hidden_per_1000": thousand}
        sample = "\n\n".join(str(text) for row in rows[:40] for text in row["texts"])  # type: ignore[attr-defined]
        for threads in (1, 2):
            yield _speed(options.model, threads, sample)


def _speed(model: Path, threads: int, text: str) -> dict[str, object]:
    """Words a second on one long text."""
    tagger = Tagger.load(model, threads)
    tagger.find(text[:2000])
    began = time.monotonic()
    tagger.find(text)
    words = len(text.split())
    return {"threads": threads, "words_a_second": round(words / (time.monotonic() - began))}


def main(argv: list[str]) -> int:
    """Print the figures."""
    for row in measured(arguments().parse_args(argv)):
        sys.stdout.write(json.dumps(row) + "\n")
    return 0
