"""`roles`: trains the model of roles and writes what ships; the same data give the same bytes."""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipeline.safe.lesson import Role
from pipeline.safe.role_model import FILE, read
from pipeline.safe.traits import TABLE, traits
from pipeline.training import roles_data, roles_fit
from pipeline.training.roles_data import Unit

_CARD = """# Model card: the roles

Three linear classifiers (logistic regression) that say by its words which role a passage plays in
a report. The first tells context, chronology and all the rest apart; the second tells analysis,
learning, recommendation, good practice and action apart within the rest; the third looks at two
neighbours: does the later one begin something else? `pipeline/safe/role.py` weighs what they say
beside cues, headings, lead-ins and lists.

- **What it sees**: words and pairs of words, hashed into {table} places; whether each cue of
  `configs/lists/role_cues.toml` is met; length, dates, labels, a question. Before that, names
  are taken out: a capitalised word that is no ordinary word counts as "someone".
- **No vocabulary**: `roles.npz` holds three tables of numbers and no word of any text. No pickles.
- **Made by** `python -m pipeline.training roles --reports REPORTS.jsonl... --bank GOLD...`.
  The same data, libraries and machine give the same bytes. It must be made again when a cue is
  added to `role_cues.toml` or taken away: a model of another width is refused.
- **Licence**: MIT (code and weights); the coroners' reports are Crown copyright, Open Government
  Licence v3.0.

## What it learnt from
{data}

Passages of the bank that say the same once names are gone count once. Each role counts alike in
each source (a role with under {rare} passages counts for less).

## How well it does
`benchmarks/roles.py` measures it; figures of version 1:

| measured on | figure | value |
|---|---|---|
| 283 coroners' reports, five folds by report, order drawn | macro-F1, neighbours | 0.836 |
| the same, and where paragraphs begin | macro-F1 | 0.844 |
| 18 reviews of bank 2 (three seeds), the whole program | macro-F1 of ten roles | 0.715 |
| the same | passages with the gold's role | 933 of 1,224 |

Before it, with patterns alone, bank 2 stood at 0.554 and 828 of 1,224. Bank 2 never trains.

## Limits
- Coroners' reports stand in for real case reviews: their "concerns" are all it knows of real
  learning points. Analysis, recommendations, good practice and actions are known from invented
  reviews only, whose wordings are few.
- Analysis and chronology shade into each other, also for people.
- It was made for English. Welsh and other languages say nothing to it.
"""


def arguments() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.training roles")
    parser.add_argument("--reports", type=Path, nargs="+", required=True, help="coroners' reports")
    parser.add_argument("--bank", type=Path, nargs="+", required=True, help="gold of bank 1")
    parser.add_argument("--out", type=Path, default=Path("models"))
    return parser


def main(argv: list[str]) -> int:
    """Train, and write model, card and the row of the manifest."""
    options = arguments().parse_args(argv)
    real = roles_data.reports(options.reports)
    invented = roles_data.reviews(options.bank)
    units = [*real, *invented]
    roles = tuple(Role(name) for name in roles_data.INNER)
    found = [traits(unit.text) for unit in units]
    model = roles_fit.fit(units, found, roles, {unit.report for unit in real})
    data = roles_fit.written(model)
    read(data, roles)
    folder = options.out / "roles"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(data)
    told = (
        f"- {_told(real)}: real coroners' reports (OGL v3.0), names masked\n- {_told(invented)}: "
    )
    told += "synthetic reviews of this project's generator, bank 1 (MIT)"
    card = _CARD.format(table=f"{TABLE:,}", rare=roles_fit.RARE, data=told)
    (folder / "CARD.md").write_text(card, encoding="utf-8")
    _list(options.out / "manifest.toml", hashlib.sha256(data).hexdigest())
    return 0


def _told(units: Sequence[Unit]) -> str:
    count = Counter(unit.role.value for unit in units)
    each = ", ".join(f"{name} {number:,}" for name, number in sorted(count.items()))
    reports = len({unit.report for unit in units})
    return f"{len(units):,} passages of {reports} texts ({each})"


def _list(manifest: Path, sha256: str) -> None:
    """The model's row in the manifest, in the place of the one that was there."""
    row = (
        '[roles]\nversion = "1"\n'
        'licence = "MIT (code and weights); learnt in part from Crown copyright under OGL v3.0"\n'
        f'sha256 = {{ "{FILE}" = "{sha256}" }}\n'
        f"roles = {list(roles_data.INNER)!r}\n".replace("'", '"')
    )
    text = manifest.read_text(encoding="utf-8")
    text = re.sub(r"\n*\[roles\]\n(?:[^\[\n].*\n?)*", "\n", text).rstrip("\n")
    manifest.write_text(f"{text}\n\n{row}", encoding="utf-8")
