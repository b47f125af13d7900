"""The gold of a review: spans, passages and what was planted, over one text."""

from __future__ import annotations

from typing import Any

from pipeline.training.report import Report
from pipeline.training.rich import Mark, Passage, Placed, Rich


def _span(placed: Placed, mark: Mark) -> dict[str, Any]:
    return {
        "start": placed.start,
        "end": placed.end,
        "kind": mark.kind.value,
        "identity": mark.identity,
        "action": mark.action,
    }


def _passage(placed: Placed, passage: Passage) -> dict[str, Any]:
    return {
        "start": placed.start,
        "end": placed.end,
        "role": passage.role,
        "themes": list(passage.themes),
        "lesson": passage.lesson,
    }


def places(text: Rich) -> dict[str, Placed]:
    """Where the passages of a text stand that have a note, by the note."""
    ordered = sorted(text.placed, key=lambda p: (p.start, p.end))
    return {
        p.what.note: p for p in ordered if isinstance(p.what, Passage) and p.what.note is not None
    }


def extent(notes: dict[str, Placed], note: str | None) -> dict[str, int] | None:
    """Start and end of a noted passage; None where there is none."""
    if note is None or note not in notes:
        return None
    return {"start": notes[note].start, "end": notes[note].end}


def row(report: Report, text: Rich, *, file: str, exact: bool) -> dict[str, Any]:
    """One line of gold.jsonl.

    `exact` says that `text` is what the file decodes to; for other formats it is the plain
    text of the same review. Beside the fields of the contract stand `file`, `kind`, `year`,
    `bank`, `furniture` (page marks and running heads between the pages, which may lie inside a
    passage), `identities` (their forms), `drifts` and `figures`.
    """
    placed = sorted(text.placed, key=lambda p: (p.start, p.end))
    notes = places(text)
    drifts = [
        {"kind": d.kind, "summary": extent(notes, d.summary), "full": extent(notes, d.full)}
        for d in report.drifts
    ]
    figures = [
        {
            "verdict": s.verdict,
            "spans": [extent(notes, n) for n in s.notes],
            "numbers": list(s.numbers),
        }
        for s in report.sums
    ]
    world = report.world
    return {
        "id": report.id,
        "file": file,
        "text_is_file": exact,
        "kind": world.kind,
        "year": world.year,
        "bank": report.bank,
        "text": text.text,
        "spans": [_span(p, p.what) for p in placed if isinstance(p.what, Mark)],
        "passages": [
            _passage(p, p.what)
            for p in placed
            if isinstance(p.what, Passage) and p.what.role != "furniture"
        ],
        "furniture": [
            {"start": p.start, "end": p.end}
            for p in placed
            if isinstance(p.what, Passage) and p.what.role == "furniture"
        ],
        "identities": {key: list(forms) for key, forms in sorted(report.forms.items())},
        "lessons": [{"theme": theme, "lesson": lesson} for theme, lesson in report.planted],
        "drifts": drifts,
        "figures": figures,
    }
