"""What the twelve reviews of the sample corpus are: kind, year, format, lessons, habits."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.training.compose import Order

# Kind, year, format, lessons that are planted (they recur between reviews), fixed habits.
_ROWS = (
    (
        "SCR",
        2009,
        "pdf",
        "D1-a C1-a B1-a C4-a",
        "outline=A family=named events=table numbering=1.1",
    ),
    (
        "SCR",
        2012,
        "docx",
        "D1-a A7-a B2-a D5-a",
        "outline=A family=labels numbering=1.1 stage=infant",
    ),
    ("SAR", 2016, "txt", "D1-a C3-a A8-a C10-a", "outline=E family=named numbering=1.1"),
    ("SCR", 2014, "pdf", "C1-a A1-a A7-a D3-a", "outline=C family=first numbering=1.1"),
    ("DHR", 2015, "docx", "A1-a D1-a C3-a D6-a", "outline=E family=named numbering=1.1"),
    ("SCR", 2017, "txt", "C1-a C3-a C10-a D5-a", "outline=B family=labels numbering=1.1.1"),
    ("CPR", 2019, "pdf", "B1-a C4-a D1-a C2-a", "outline=D family=labels numbering=1.1.1"),
    ("SAR", 2019, "docx", "C1-a B1-a D5-a C4-a", "outline=E family=first numbering=running"),
    ("CSPR", 2020, "txt", "A1-a C3-a D3-a D1-a", "outline=C family=named numbering=running"),
    ("SAR", 2022, "pdf", "C10-a C1-a D6-a D1-b", "outline=E family=named numbering=1.1"),
    (
        "CSPR",
        2022,
        "docx",
        "A7-a C3-a B4-a D6-a",
        "outline=D family=labels numbering=1.1 stage=teen",
    ),
    ("DHR", 2021, "txt", "A1-a D3-a C2-a E12-a", "outline=E family=letters numbering=1.1"),
)
# Which of the twelve have a summary with changes, and sums that fit or do not.
_DRIFTS = {0: 2, 2: 1, 4: 2, 6: 1, 9: 2}
_SUMS = {0: "fails", 1: "holds", 4: "holds", 7: "fails", 9: "fails", 11: "holds"}


def orders(seed: str) -> Iterator[tuple[Order, str]]:
    """The orders of the sample and the format of each."""
    for number, (kind, year, form, lessons, fixed) in enumerate(_ROWS):
        habits: dict[str, object] = {}
        for pair in fixed.split():
            name, _, value = pair.partition("=")
            habits[name] = value
        stage = str(habits.pop("stage")) if "stage" in habits else None
        habits |= {"summary": number in _DRIFTS, "drifts": _DRIFTS.get(number, 0)}
        habits |= {"planted_sum": _SUMS.get(number, "none"), "themes": 4}
        order = Order(
            bank=2,
            seed=f"{seed}/{number + 1:02d}",
            kind=kind,
            year=year,
            themes=tuple(lessons.split()),
            invented=True,
            size=0.7,
            encoding="cp1252" if form == "pdf" else "utf-8",
            stage=stage,
            habits=tuple(sorted(habits.items())),
        )
        yield order, form
