"""A report that is there twice is told of, since it counts twice; forms and quotations are not."""

from __future__ import annotations

import pytest
from learning_parts import report

from pipeline.safe.lesson import SafeDocument
from pipeline.safe.repeated import repeated
from pipeline.safe.segment import passages


def points(name: str, count: int) -> list[str]:
    """Paragraphs that no other name has."""
    return [
        f"The {name} team should write plan number {at} down before it is carried out by others."
        for at in range(1, count + 1)
    ]


SAME = points("first", 10)
FORM = [f"Was question {n} of the common form answered by each of the agencies?" for n in range(9)]
FEW = points("short", 3)


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        ((report("r-a", *SAME),), []),
        ((report("r-a", *SAME), report("r-b", *points("other", 10))), []),
        ((report("r-a", *SAME), report("r-b", *SAME)), [("r-a", "r-b", 1.0)]),
        # A draft and what came of it; an overview, and the same with its annexes.
        (
            (report("r-a", *SAME), report("r-b", *SAME[:8], *points("new", 2))),
            [("r-a", "r-b", 0.8)],
        ),
        (
            (report("r-a", *SAME), report("r-b", *SAME, *points("annex", 30))),
            [("r-a", "r-b", 1.0)],
        ),
        ((report("r-a", *SAME), report("r-b", *SAME[:5], *points("new", 5))), []),
        # Other spaces, signs and capitals make no other report.
        (
            (report("r-a", *SAME), report("r-b", *(one.upper()[:-1] for one in SAME))),
            [("r-a", "r-b", 1.0)],
        ),
        ((report("r-a", *FEW), report("r-b", *FEW)), []),
        (
            tuple(report(f"r-{n:02}", *FORM, *points(f"own{n}", 4)) for n in range(30)),
            [],
        ),
        (
            tuple(report(f"r-{n:02}", *SAME) for n in range(50)),
            [("r-00", f"r-{n:02}", 1.0) for n in range(1, 50)],
        ),
    ],
)
def test_reviews_that_repeat_another_are_told(
    documents: tuple[SafeDocument, ...], found: list[tuple[str, str, float]]
) -> None:
    told = repeated(p for one in documents for p in passages(one))
    assert [(one.review, one.other, one.share) for one in told] == found
