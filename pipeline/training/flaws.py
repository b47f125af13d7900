"""What is odd about the pages of one file, drawn once a review: each oddity has a name."""

from __future__ import annotations

import random
from dataclasses import dataclass

# Page marks by the name of their style.
MARKS = {
    "mark: number": "{n}",
    "mark: Page n of m": "Page {n} of {of}",
    "mark: page n of m": "page {n} of {of}",
    "mark: Page n | m": "Page {n} | {of}",
    "mark: P a g e n | m": "P a g e {n} | {of}",
    "mark: n | P a g e": "{n} | P a g e",
    "mark: P. n": "P. {n}",
    "mark: P n": "P {n}",
    "mark: Final n": "Final {n}",
    "mark: initials n": "JH {n}",
    "mark: - n -": "- {n} -",
    "mark: two lines": "Page\n{n}",
    "mark: field lost": "Page of {of}",
    "mark: roman, then arabic": "{n}",
    "mark: in the head": "{n}",
    "mark: in head and foot": "Page {n}",
    "mark: outer edge": "{n}",
}
# Running heads and feet by the name of their style.
HEADS = (
    "head: the same",
    "head: odd and even",
    "head: chapter",
    "head: chapter and number",
    "head: the child's name",
    "head: two lines",
    "head: foot only",
    "head: first page too",
)
# What is put into the text or beside it.
PIECES = (
    "repository page",
    "cover scrambled",
    "contents in columns",
    "two-line headings",
    "doubled number",
    "skipped number",
    "mark of a note after a year",
    "long notes",
    "box beside",
    "box between",
    "columns",
    "table over pages",
    "merged cells",
    "empty cells",
    "narrow cells",
    "words cut in cells",
    "borderless table",
    "landscape page",
    "rotated page",
    "blank page",
    "contact page",
)
# What happens to lines and letters.
LETTERS = (
    "hyphens",
    "soft hyphens",
    "words broken at their hyphen",
    "ligatures",
    "wide spaces",
    "justified by spaces",
    "justified word by word",
    "fake bold",
    "mojibake",
    "raised ordinals",
    "bullets in a symbol font",
    "bullets of private use",
    "bullets without a meaning",
)
# How paragraphs are numbered; the review is written so, its pages have nothing odd.
NUMBERS = {
    "numbers: 1.1": "1.1",
    "numbers: 1.1.1": "1.1.1",
    "numbers: through the report": "running",
    "numbers: 4-12": "4-12",
    "numbers: sections only": "top",
    "numbers: none": "none",
}
# What a Word file may hold; PDFs have nothing of it.
WORD = (
    "word: automatic numbers",
    "word: odd and even heads",
    "word: first page head",
    "word: content controls",
    "word: contents field",
    "word: hyperlinks",
    "word: split runs",
    "word: old text boxes",
)
OVER = ("watermark turned", "watermark in letters", "site line")
ARTEFACTS = (*NUMBERS, *MARKS, *HEADS, *PIECES, *LETTERS, *OVER)
_KNOWN = frozenset((*ARTEFACTS, *WORD))
# The fonts by which a file may be set: two of every PDF program, one that is embedded.
FONTS = ("Helvetica", "Times-Roman", "Vera")


@dataclass(frozen=True, slots=True)
class Flaws:
    """How one file is set and what is odd about it.

    `hang` is how far the text stands to the right of its number, 0 where it stands under it;
    `indent` is how far the first line of a paragraph without a number is set in.
    """

    font: str
    size: float
    gap: float
    hang: float
    indent: float
    names: frozenset[str]

    def __post_init__(self) -> None:
        unknown = self.names - _KNOWN
        if unknown or self.font not in FONTS:
            raise ValueError("an artefact and a font have a known name")

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def one_of(self, group: tuple[str, ...]) -> str:
        """The artefact of a group that these flaws have; "" for none."""
        return next((name for name in group if name in self.names), "")


NONE = Flaws("Helvetica", 11.0, 8.0, 0.0, 0.0, frozenset({"mark: number", "head: the same"}))


def draw(rng: random.Random, number: int) -> Flaws:
    """The flaws of one file among many: marks and heads in turn, the others by chance."""
    marks = tuple(MARKS)
    names = {marks[number % len(marks)], HEADS[number % len(HEADS)]}
    names |= {name for name in (*PIECES, *LETTERS, *OVER) if rng.random() < 0.22}
    # Nearly all programs break a line at a hyphen that the word has itself.
    names |= {"words broken at their hyphen"} if rng.random() < 0.7 else set()
    if "justified by spaces" in names:
        names.discard("justified word by word")
    gap = rng.choice((0.0, 4.0, 6.0, 8.0))
    font = "Vera" if "ligatures" in names else rng.choice(FONTS)
    return Flaws(
        font=font,
        size=rng.choice((10.0, 10.5, 11.0, 12.0)),
        gap=gap,
        hang=rng.choice((0.0, 0.0, 30.0, 42.0)),
        indent=0.0 if gap else 18.0,
        names=frozenset(names),
    )


def only(name: str) -> Flaws:
    """A clean file with one artefact, and a page mark and a head as most reports have."""
    names = {name}
    names |= set() if name in MARKS else {"mark: Page n of m"}
    names |= set() if name in HEADS else {"head: the same"}
    font = "Vera" if name == "ligatures" else "Helvetica"
    return Flaws(font, 11.0, 6.0, 0.0, 0.0, frozenset(names))
