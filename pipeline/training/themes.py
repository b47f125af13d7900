"""`themes`: makes the heads that know themes by meaning (models/themes).

    python -m pipeline.training themes [--out models/themes]

It learns from pipeline/training/themes/*.txt and from the frames of the generator's first bank;
CPU only, a few minutes. The same input gives the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipeline.safe import embed, theme, theme_model
from pipeline.safe.theme_model import NO_THEME
from pipeline.training import themes_data
from pipeline.training.tagger_export import write_manifest

VERSION = "1"
STRENGTH = 5.0  # inverse of the penalty on weights
ADULTS_WEIGH = 2.5
# Chosen on reviews of the first bank by heads that had learned from the invented sentences alone
# (24 reviews, seed 501: micro-F1 .73; without `review` .65), so that the second bank is unseen.
SETTINGS = theme_model.Settings(
    cue=3.0,
    none=-3.0,
    review=1.0,
    ground=0.1,
    least=0.25,
    alone=0.3,
    slope=0.6,
    shift=0.6,
)


def _rows() -> list[tuple[str, str]]:
    both = [*themes_data.sentences(), *themes_data.frames()]
    return [(theme_model.words(text), code) for text, code in both]


def fitted(rows: Sequence[tuple[str, str]], encode: embed.Vectors) -> theme_model.Heads:
    """The heads that tell the codes of the rows apart."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = {one.code: theme_model.meaning(one) for one in theme.load()}
    told = [code for _, code in rows]
    few = theme_model.OF_ADULTS  # a third as many sentences as the others, and no frames
    even = [ADULTS_WEIGH if code.startswith(few) else 1.0 for code in told]
    model = LogisticRegression(C=STRENGTH, max_iter=300)
    model.fit(encode([text for text, _ in rows]), told, sample_weight=even)
    codes = tuple(str(code) for code in model.classes_)
    return theme_model.Heads(
        version=VERSION,
        codes=codes,
        meanings=tuple(names.get(code, NO_THEME) for code in codes),
        weights=np.asarray(model.coef_.round(4), dtype=np.float32),
        bias=np.asarray(model.intercept_.round(4), dtype=np.float32),
        settings=SETTINGS,
    )


def write(heads: theme_model.Heads, out: Path, rows: Sequence[tuple[str, str]]) -> None:
    """The files of the heads, and their row in the manifest beside the folder."""
    import numpy as np

    out.mkdir(parents=True, exist_ok=True)
    with (out / "heads.npz").open("wb") as stream:
        np.savez(stream, weights=heads.weights, bias=heads.bias)
    said = {
        "codes": list(heads.codes),
        "meanings": list(heads.meanings),
        "settings": heads.settings.model_dump(),
    }
    (out / "heads.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    files = ("heads.npz", "heads.json")
    learned = hashlib.sha256("\n".join(f"{c}\t{t}" for t, c in rows).encode()).hexdigest()
    row = {
        "version": VERSION,
        "licence": "MIT",
        "sha256": {n: hashlib.sha256((out / n).read_bytes()).hexdigest() for n in files},
        "encoder": embed.MODEL,
        "encoder_sha256": embed.WEIGHTS_SHA256,
        "data": ["pipeline/training/themes", "bank"],
        "sentences": len(rows),
        "sentences_sha256": learned,
    }
    write_manifest(out.parent / "manifest.toml", row, "themes")


def main(argv: list[str]) -> int:
    """The subcommand `themes`."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.training themes", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("models/themes"))
    parser.add_argument("--cache", type=Path, help="a file of vectors that are known already")
    options = parser.parse_args(argv)
    cache = embed.Cache(None) if options.cache is None else embed.Cache.open(options.cache)
    rows = _rows()
    heads = fitted(rows, embed.vectors(cache=cache))
    write(heads, options.out, rows)
    few = sorted(Counter(code for _, code in rows).items(), key=lambda row: row[1])[:3]
    sys.stderr.write(f"{len(rows)} sentences, {len(heads.codes)} codes, fewest {few}\n")
    return 0
