"""What extraction and carelessness do to the text of a report, each drawn once a review."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from pipeline.training.rich import Edit, Rich, edited

PAGE_MARKS = (
    "{n}",
    "{n}",
    "Page {n} of {of}",
    "page {n} of {of}",
    "Page {n} | {of}",
    "P a g e {n} | {of}",
    "{n} | P a g e",
    "P. {n}",
    "P {n}",
    "Final {n}",
    "Page\n{n}",
    "Page of {of}",
    "JH {n}",
)


@dataclass(frozen=True, slots=True)
class Artefacts:
    """The flaws of one text. Rates are probabilities, `width` 0 leaves lines unbroken."""

    width: int
    page_mark: str
    page_lines: int
    header: bool
    spaced: bool
    fused: float
    hyphens: float
    ligatures: bool
    bullet: str
    apostrophe: str
    quotes: bool
    wide_spaces: float
    leaders: bool
    cells: str
    footnote: str
    soft: float
    watermark: bool
    newline: str
    blank_page: float
    site: bool


def draw(rng: random.Random) -> Artefacts:
    """The flaws of a text; one in four has next to none."""
    clean = rng.random() < 0.25
    return Artefacts(
        width=rng.choice((0, 72, 80, 92, 100)),
        page_mark="" if clean else rng.choice((*PAGE_MARKS, "", "")),
        page_lines=rng.randint(34, 52),
        header=not clean and rng.random() < 0.55,
        spaced=not clean and rng.random() < 0.08,
        fused=0.0 if clean else rng.choice((0.0, 0.0, 0.004, 0.01)),
        hyphens=0.0 if clean else rng.choice((0.0, 0.0, 0.04, 0.1)),
        ligatures=not clean and rng.random() < 0.1,
        bullet=rng.choice(("• ", "- ", "\uf0b7 ", "o ", " ", "• ")),
        apostrophe=rng.choice(
            ("’", "’", "’", "'", "'", "\u201f", "&rsquo;", "â€™" if not clean else "'")
        ),
        quotes=rng.random() < 0.5,
        wide_spaces=0.0 if clean else rng.choice((0.0, 0.0, 0.0, 0.015, 0.08)),
        leaders=rng.random() < 0.6,
        cells=rng.choice(("line", "line", "tab", "spaces")),
        footnote=rng.choice(("fused", "bracket", "plain")),
        soft=0.0 if clean else rng.choice((0.0, 0.0, 0.0, 0.0004)),
        watermark=not clean and rng.random() < 0.06,
        newline="\r\n" if rng.random() < 0.12 else "\n",
        blank_page=0.0 if clean or rng.random() < 0.85 else 0.1,
        site=not clean and rng.random() < 0.07,
    )


_LIGATURES = (("ffi", "\ufb03"), ("ffl", "\ufb04"), ("fi", "\ufb01"), ("fl", "\ufb02"))


def _ligatures(text: str) -> list[Edit]:
    pattern = re.compile("|".join(plain for plain, _ in _LIGATURES))
    drawn = dict(_LIGATURES)
    return [Edit(m.start(), m.end(), drawn[m[0]]) for m in pattern.finditer(text)]


def characters(rng: random.Random, rich: Rich, flaws: Artefacts) -> Rich:
    """The text with apostrophes, quotes, ligatures, wide spaces and soft hyphens as drawn."""
    edits: list[Edit] = []
    if flaws.apostrophe != "’":
        edits += [Edit(m.start(), m.end(), flaws.apostrophe) for m in re.finditer("’", rich.text)]
    if flaws.quotes:
        edits += [Edit(m.start(), m.end(), '"') for m in re.finditer("[“”]", rich.text)]
    if flaws.ligatures:
        edits += _ligatures(rich.text)
    if flaws.wide_spaces:
        for found in re.finditer(r"(?<=\w) (?=\w)", rich.text):
            if rng.random() < flaws.wide_spaces:
                edits.append(Edit(found.start(), found.end(), rng.choice(("  ", "  ", "   "))))
    if flaws.soft:
        for found in re.finditer(r"(?<=[a-z]{3})(?=[a-z]{3})", rich.text):
            if rng.random() < flaws.soft:
                edits.append(Edit(found.start(), found.start(), "\u00ad"))
    return edited(rich, _apart(edits))


def _apart(edits: list[Edit]) -> list[Edit]:
    """The edits in order without those that touch the one before."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


_SYLLABLE = re.compile(
    r"[aeiouy][lmnrsct](?=[bcdfgkpt])|[aeiouy](?=[bcdfgklmnprstv][aeiouy])|[a-z](?=tion|ment|ing\b)"
)


def break_within(rng: random.Random, word: str, room: int) -> int:
    """Where a word may be cut with a hyphen so that its first part fits; 0 for nowhere."""
    if len(word) < 7 or not word.isalpha():
        return 0
    places = [m.end() for m in _SYLLABLE.finditer(word) if 3 <= m.end() <= min(room, len(word) - 3)]
    return rng.choice(places) if places else 0


def wrapped(rng: random.Random, rich: Rich, flaws: Artefacts) -> Rich:
    """The text with its lines broken at the width, some words cut or fused at the break."""
    if not flaws.width:
        return rich
    edits: list[Edit] = []
    line_start = 0
    for found in re.finditer(r"\S+", rich.text):
        before = rich.text[line_start : found.start()]
        if "\n" in before:
            line_start = found.start() - len(before) + before.rindex("\n") + 1
        if found.end() - line_start <= flaws.width or found.start() == line_start:
            continue
        if rich.text[found.start() - 1] != " ":
            continue
        cut = 0
        if rng.random() < flaws.hyphens:
            cut = break_within(rng, found[0], flaws.width - (found.start() - line_start) - 1)
        if cut:
            edits.append(Edit(found.start() + cut, found.start() + cut, "-\n"))
            line_start = found.start() + cut
        else:
            fused = rng.random() < flaws.fused
            edits.append(Edit(found.start() - 1, found.start(), "" if fused else "\n"))
            line_start = found.start()
    return edited(rich, edits)
