"""Text in lines as programs set it: raised marks, hyphens, ligatures, words cut in cells."""

from __future__ import annotations

import random
import re
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from pipeline.training.artefacts import break_within
from pipeline.training.flaws import Flaws

BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Vera": "VeraBd"}
SOFT = "\u00ad"
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b")
_LIGATURES = (("fi", "\ufb01"), ("fl", "\ufb02"))
_CUT = re.compile(r"(?<=[^\W\d_]{2}-)(?=[^\W\d_]{2})")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that are drawn in one go."""

    text: str
    face: str
    size: float
    rise: float = 0.0

    @property
    def width(self) -> float:
        """How wide the letters are."""
        return float(pdfmetrics.stringWidth(self.text, self.face, self.size))


Word = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one base line; `full` says that the paragraph goes on after it."""

    words: tuple[Word, ...]
    full: bool

    @property
    def width(self) -> float:
        """How wide the line is with plain spaces."""
        space = float(pdfmetrics.stringWidth(" ", self.words[0][0].face, self.words[0][0].size))
        return sum(width_of(w) for w in self.words) + space * (len(self.words) - 1)


@dataclass(frozen=True, slots=True)
class Setting:
    """How the letters of a piece are set."""

    face: str
    size: float
    flaws: Flaws

    @property
    def space(self) -> float:
        """The width of a space."""
        return float(pdfmetrics.stringWidth(" ", self.face, self.size))


def fonts() -> None:
    """Makes the embedded font known; its files come with the library."""
    if "Vera" not in pdfmetrics.getRegisteredFontNames():
        folder = Path(reportlab.__file__).parent / "fonts"
        for name in ("Vera", "VeraBd"):
            pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
        # A font whose bullet says that it is a sign of private use, as symbol fonts do; of a file
        # of its own, since the library knows a font by its file.
        odd = TTFont("VeraSign", str(folder / "VeraIt.ttf"))
        odd.face = copy(odd.face)
        for table in ("charToGlyph", "charWidths"):
            known = dict(getattr(odd.face, table))
            setattr(odd.face, table, known | {0xF0B7: known[0x2022]})
        pdfmetrics.registerFont(odd)


def width_of(word: Word) -> float:
    """How wide a word is."""
    return sum(run.width for run in word)


def words_of(text: str, how: Setting, note: str = "", at: int = -1) -> list[Word]:
    """The words of a text; a footnote's mark is raised after its word, ordinals where asked for.

    An empty word is a further space.
    """
    if note and at >= 0:
        before, after = text[:at].split(" "), text[at:].split(" ")
        made = [_word(w, how) for w in before]
        tail = _word(after[0], how) if after[0] else ()
        made[-1] = (*made[-1], _raised(note, how), *tail)
        return [*made, *(_word(w, how) for w in after[1:])]
    made = [_word(w, how) for w in text.split(" ")]
    if note:
        made[-1] = (*made[-1], _raised(note, how))
    return made


def _raised(text: str, how: Setting) -> Run:
    return Run(text, how.face, how.size * 0.62, how.size * 0.35)


def _word(text: str, how: Setting) -> Word:
    runs: list[Run] = []
    at = 0
    if "raised ordinals" in how.flaws:
        for found in _ORDINAL.finditer(text):
            runs += [Run(text[at : found.start()], how.face, how.size), _raised(found[0], how)]
            at = found.end()
    if at < len(text) or not runs:
        runs.append(Run(text[at:], how.face, how.size))
    if "ligatures" in how.flaws and how.face.startswith("Vera"):
        runs = [replace(run, text=_joined(run.text)) for run in runs]
    return tuple(runs)


def _joined(text: str) -> str:
    for plain, sign in _LIGATURES:
        text = text.replace(plain, sign)
    return text


def lines_of(words: list[Word], how: Setting, width: float, first: float = 0.0) -> list[Line]:
    """The words in lines; the first line is narrower by `first`."""
    rng = random.Random("".join(run.text for word in words for run in word))
    waiting = list(words)
    lines: list[Line] = []
    line: list[Word] = []
    room = width - first
    while waiting:
        word = waiting.pop(0)
        need = width_of(word) + (how.space if line else 0.0)
        if need <= room:
            line.append(word)
            room -= need
            continue
        cut = _cut(rng, word, how, room - (how.space if line else 0.0), alone=not line)
        if cut is not None:
            line.append(cut[0])
            word = cut[1]
        if line:
            lines.append(Line(tuple(line), full=True))
        line, room = [], width
        waiting.insert(0, word)
    if line:
        lines.append(Line(tuple(line), full=False))
    return lines


def _cut(
    rng: random.Random, word: Word, how: Setting, room: float, *, alone: bool
) -> tuple[Word, Word] | None:
    """A word in two where it may be cut to fit, the hyphen in the first part."""
    if len(word) != 1:
        return (word[:1], word[1:]) if alone else None
    run = word[0]
    if "words broken at their hyphen" in how.flaws or alone:
        for found in reversed(list(_CUT.finditer(run.text))):
            first = replace(run, text=run.text[: found.start()])
            if first.width <= room:
                return (first,), (replace(run, text=run.text[found.start() :]),)
    sign = SOFT if "soft hyphens" in how.flaws else "-"
    if sign == SOFT or "hyphens" in how.flaws:
        at = break_within(rng, run.text, int(room / (how.size * 0.5)))
        first = replace(run, text=run.text[:at] + sign)
        if at and first.width <= room:
            return (first,), (replace(run, text=run.text[at:]),)
    return _forced(run, room) if alone else None


def _forced(run: Run, room: float) -> tuple[Word, Word]:
    """A word that is wider than its line, cut where the line ends, as Word does in a cell."""
    at = len(run.text) - 1
    while at > 1 and replace(run, text=run.text[:at]).width > room:
        at -= 1
    return (replace(run, text=run.text[:at]),), (replace(run, text=run.text[at:]),)
