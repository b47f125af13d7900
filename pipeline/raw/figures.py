"""Whether the figures of a report fit together: sums, shares, lists, periods, counts told twice.

A row has numbers and the numbers of paragraphs, never a word of the report.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.raw import figures_across, figures_lists, figures_prose
from pipeline.raw.document import Document
from pipeline.raw.figures_numbers import parts
from pipeline.raw.figures_rows import FAILS, Figure


def check(documents: Sequence[Document]) -> tuple[Figure, ...]:
    """What the figures of the documents say of each other, the failing ones first."""
    read = parts(documents)
    found = [
        *figures_prose.check(read),
        *figures_lists.check(read, documents),
        *figures_across.check(read, documents),
    ]
    unique = {(f.verdict, f.why, f.paragraphs, f.numbers): f for f in found}
    return tuple(sorted(unique.values(), key=lambda f: f.verdict != FAILS))
