"""BERTopic on the same vectors, as it comes and as its documentation advises.

BERTopic (MIT), umap-learn and hdbscan (BSD) are not needed by Candour; give them an environment
of their own:

    python -m venv OTHERS && OTHERS/bin/pip install bertopic umap-learn hdbscan
    python benchmarks/lessons.py ... --others OTHERS/bin/python

Run by that Python, this file fits and prints the labels; it imports nothing of the project.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.safe.embed import Vectors
    from pipeline.safe.lesson import Passage

RESAMPLES = 3
WAYS = ("default", "advised")
Pair = tuple[str, str]
Line = tuple[str, float | str, str]
Score = Callable[[Mapping[Pair, str], Mapping[Pair, str]], tuple[float, float, float]]


def measure(
    python: str | None,
    points: Sequence[Passage],
    encode: Vectors,
    what: str,
    gold: tuple[Mapping[Pair, str], Score] | None,
) -> Iterator[Line]:
    """The lines of BERTopic, in both ways; one that says so where it is not there."""
    if python is None:
        yield f"{what}: BERTopic not measured: no --others PYTHON was given", "-", ""
        return
    from pipeline.safe import learning_point

    texts = [learning_point.words(p) for p in points]
    pairs = [(p.review, p.id) for p in points]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "texts.json"
        place.write_text(json.dumps({"texts": texts, "rows": encode(texts).tolist()}), "utf-8")
        done = subprocess.run(  # noqa: S603
            [python, __file__, str(place)], capture_output=True, text=True, check=False
        )
    if done.returncode:
        yield f"{what}: BERTopic cannot be run by that Python", "-", ""
        return
    told = json.loads(done.stdout.splitlines()[-1])
    for way in WAYS:
        yield from _told(f"{what}: BERTopic {way}", told[way], pairs, gold)


def _told(
    name: str,
    one: Mapping[str, Any],
    pairs: Sequence[Pair],
    gold: tuple[Mapping[Pair, str], Score] | None,
) -> Iterator[Line]:
    from sklearn.metrics import adjusted_rand_score

    whole = one["whole"]
    yield f"{name}: topics", len(set(whole) - {-1}), ""
    yield f"{name}: left out", whole.count(-1) / len(whole), ""
    found = [
        adjusted_rand_score([whole[row] for row in rows], got)
        for rows, got in zip(one["rows"], one["parts"], strict=True)
    ]
    yield f"{name}: stability, mean of {len(found)}", sum(found) / len(found), ""
    if gold is not None:
        wanted, score = gold
        got = {p: f"t{t}" if t >= 0 else f"{p}" for p, t in zip(pairs, whole, strict=True)}
        said = {pair: got.get(pair, f"{pair}") for pair in wanted}
        yield f"{name}: B-cubed F1", score(said, wanted)[2], ""
    yield f"{name}: seconds of CPU, one fit", one["seconds"], ""


def _fit(way: str, texts: list[str], rows: Any) -> list[int]:  # noqa: ANN401
    """The topic of each text; -1 where none."""
    from bertopic import BERTopic  # type: ignore[import-not-found]

    if way == "default":
        topics, _ = BERTopic().fit_transform(texts, rows)
        return [int(t) for t in topics]
    from hdbscan import HDBSCAN  # type: ignore[import-not-found]
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP  # type: ignore[import-not-found]

    model = BERTopic(
        umap_model=UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=42
        ),
        hdbscan_model=HDBSCAN(
            min_cluster_size=5, metric="euclidean", cluster_selection_method="eom",
            prediction_data=True,
        ),
        vectorizer_model=CountVectorizer(stop_words="english"),
    )  # fmt: skip
    topics, _ = model.fit_transform(texts, rows)
    if len(set(topics)) > 1 and -1 in topics:
        topics = model.reduce_outliers(texts, topics, strategy="embeddings", embeddings=rows)
    return [int(t) for t in topics]


def main() -> None:
    """Fit both ways on all texts and on nine tenths of them, and print the labels as JSON."""
    import numpy as np

    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    texts, rows = given["texts"], np.asarray(given["rows"], dtype=np.float32)
    _fit("advised", texts, rows)  # the first fit compiles; it is not timed
    told: dict[str, Any] = {}
    for way in WAYS:
        before = time.process_time()
        whole = _fit(way, texts, rows)
        seconds = time.process_time() - before
        kept = [
            sorted(random.Random(seed).sample(range(len(texts)), len(texts) * 9 // 10))
            for seed in range(RESAMPLES)
        ]
        parts = [_fit(way, [texts[i] for i in own], rows[own]) for own in kept]
        told[way] = {"whole": whole, "seconds": seconds, "rows": kept, "parts": parts}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
