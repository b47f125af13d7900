"""What a check of figures gives."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.raw.figures_numbers import Part

HOLDS, FAILS = "holds", "fails"


@dataclass(frozen=True, slots=True)
class Figure:
    """Figures that belong together: whether they fit, where they stand, and what was compared.

    `files` are the ordinals of the files, one for each paragraph.
    """

    verdict: str
    paragraphs: tuple[str, ...]
    numbers: tuple[int, ...]
    why: str
    files: tuple[int, ...]


def figure(holds: bool, where: tuple[Part, ...], numbers: tuple[int, ...], why: str) -> Figure:
    """A row about figures of these parts."""
    places = dict.fromkeys((part.file, part.place) for part in where)
    return Figure(
        HOLDS if holds else FAILS,
        tuple(place for _, place in places),
        numbers,
        why,
        tuple(file for file, _ in places),
    )
