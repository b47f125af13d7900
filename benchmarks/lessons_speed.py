"""How grouping grows: seconds of CPU and memory for 100 to 1,400 reviews, on made-up vectors.

    python benchmarks/lessons_speed.py

43 learning points a review (60,200 for 1,400), as unit vectors around 2,000 middles, with themes.
What is timed is a run of learning without its texts: cells, the groups, and the groups of the
ten samples that stability comes from. Each size runs in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import time

POINTS = 43  # of a review
SIZES = (100, 350, 700, 1400)
MIDDLES = 2000


def run(reviews: int) -> None:
    """Group the points of so many reviews and print what it took."""
    import resource

    import numpy as np

    from pipeline.safe.claim_vectors import SHARE
    from pipeline.safe.group import Cells, groups
    from pipeline.safe.recur import KIN, LEAST, SAMPLES

    rng = np.random.default_rng(1)
    count = reviews * POINTS
    middles = rng.normal(size=(MIDDLES, 384)) + 0.35 * rng.normal(size=384)
    which = rng.integers(0, MIDDLES, count)
    rows = middles[which] + rng.normal(scale=0.8, size=(count, 384))
    vectors = np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
    # What is claimed lies around the middles too.
    vectors = np.hstack([vectors * (1 - SHARE) ** 0.5, vectors[:, ::-1] * SHARE**0.5])
    themes = [frozenset({f"T{n % 50}"}) if n % 3 else frozenset[str]() for n in which.tolist()]
    before = time.process_time()
    cells = Cells.of(vectors[:, :384])
    found = groups(vectors, themes, least=LEAST, weight=KIN, cells=cells)
    for number in range(SAMPLES):
        kept = [row for row in range(count) if row % SAMPLES != number]
        groups(vectors, themes, least=LEAST, weight=KIN, cells=cells, rows=kept)
    seconds = time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{reviews:>6} reviews {count:>7} points {len(found):>6} groups "
          f"{seconds:>7.1f} s of CPU {1000 * seconds / count:>6.2f} ms a point "
          f"{memory:>6.0f} MiB")  # fmt: skip


def main() -> None:
    """One process a size, so that memory is that of the size."""
    if len(sys.argv) > 1:
        run(int(sys.argv[1]))
        return
    for reviews in SIZES:
        subprocess.run([sys.executable, __file__, str(reviews)], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
