"""Tesseract: a picture of a page in grey goes in, its lines with their places come out.

The program is one of the machine's own; nothing is written to a file, and nothing leaves the
machine. Without it scans are not read.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.raw.readers import picture, refusals

if TYPE_CHECKING:
    from lxml import etree

    from pipeline.config import Settings
    from pipeline.raw.readers.picture import Grey

# How sure the program must be of a page on average (measured: benchmarks/scans.py): below the
# first nothing of it is used, below the second it may lie on its side, below the third the page
# is called hard to read.
UNREADABLE, ASTRAY, HARD = 60.0, 80.0, 90.0
# A line that the program is less sure of is grain or a drawing, and no text.
_LEAST_LINE = 30.0
# Full automatic layout: the only way that keeps the columns of a page apart and loses no words.
_LAYOUT = "3"
_ORIENTATION = "0"
_X_HEIGHT = 0.52  # of the size, in the common faces
_DPI = "300"
_BOX = re.compile(r"bbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)")
_BASELINE = re.compile(r"baseline -?[\d.]+ (-?[\d.]+)")
_SIZES = re.compile(r"x_size ([\d.]+); x_descenders (-?[\d.]+); x_ascenders (-?[\d.]+)")
_SURE = re.compile(r"x_wconf (\d+)")
_ROTATE = re.compile(r"Rotate: (\d+)")
# What a round bullet is read as.
_BULLETS = frozenset("¢ ° » * e « ® ·".split())
# A row of dots in a list of contents; so many of them make one.
_DOTS = "...."
_CONTENTS = 3
_BOLD = 1.3  # times the page's usual stroke
_SIGN = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its text, its left, top, right and bottom in dots, how sure the program is."""

    text: str
    box: tuple[float, ...]
    sure: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a picture; `base` is its base line in dots, `size` is in points."""

    words: tuple[Word, ...]
    base: float
    size: float
    bold: bool = False

    @property
    def text(self) -> str:
        """The words with a space between two."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised: lines in reading order, and how sure the program is (0 to 100)."""

    rows: tuple[Row, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Line:
    words: tuple[Word, ...]
    box: tuple[float, ...]
    base: float
    x_height: float


@dataclass(frozen=True, slots=True)
class _Leader:
    """A row of dots between an entry of a list of contents and its page."""

    box: tuple[float, ...]
    tail: tuple[Word, ...]

    def beside(self, line: _Line) -> bool:
        """Whether the row stands on the line."""
        return self.box[1] < line.base < self.box[3] + 0.5 * line.x_height


def _program() -> str | None:
    return shutil.which("tesseract")


def is_wanted(settings: Settings) -> bool:
    """Whether text in pictures is recognised: it is not switched off, and the program is there."""
    return settings.ocr == "auto" and _program() is not None


@lru_cache(maxsize=1)
def version() -> str:
    """The program with its version: another one may read another text."""
    said = _run(["--version"], b"", 20.0) or b""
    found = re.search(rb"tesseract v?([\w.-]+)", said)
    return "tesseract-" + (found.group(1).decode() if found else "unknown")


@lru_cache(maxsize=4)
def _require(languages: str) -> None:
    said = _run(["--list-langs"], b"", 20.0) or b""
    known = set(said.decode("utf-8", "replace").split())
    # Where the program lists nothing, recognition itself will tell.
    if known and not set(languages.split("+")) <= known:
        raise UsageError(refusals.USAGE_OCR_LANGUAGE)


def _run(arguments: Sequence[str], given: bytes, seconds: float) -> bytes | None:
    """What the program says; None where it fails or takes too long."""
    program = _program()
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell, none of them content
            [program, *arguments],
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _picture(drawn: Grey) -> bytes:
    """The picture as PGM."""
    high, wide = drawn.shape
    return b"P5 %d %d 255\n" % (wide, high) + drawn.tobytes()


def turn(drawn: Grey, settings: Settings) -> int:
    """By how many degrees to the right the picture is to be turned; 0 where nobody can tell."""
    asked = ["stdin", "stdout", "--dpi", _DPI, "--psm", _ORIENTATION, "-l", "osd"]
    said = _run(asked, _picture(drawn), settings.ocr_page_seconds) or b""
    found = _ROTATE.search(said.decode("utf-8", "replace"))
    return int(found.group(1)) if found else 0


def recognised(drawn: Grey, settings: Settings) -> Recognised | None:
    """The text in a picture of a page; None where the program failed or took too long."""
    _require(settings.ocr_languages)
    found = _read(drawn, settings)
    leaders = [one for line in found or () if (one := _leader(line)) is not None]
    if found is not None and len(leaders) >= _CONTENTS:
        # Rows of dots spoil the words before them: the page is read again without them.
        again = _read(picture.blotted(drawn, [one.box for one in leaders]), settings)
        found = None if again is None else list(_with_leaders(again, leaders))
    if found is None:
        return None
    sure = _confidence(word for line in found for word in line.words)
    legible = [line for line in found if _confidence(line.words) >= _LEAST_LINE]
    return Recognised(tuple(_rows(legible, drawn)), sure)


def _confidence(words: Iterable[Word]) -> float:
    """How sure the program is of words, the longer ones counting for more."""
    lettered = [word for word in words if _SIGN.search(word.text)]
    signs = sum(len(word.text) for word in lettered)
    return sum(len(word.text) * word.sure for word in lettered) / max(1, signs)


def _read(drawn: Grey, settings: Settings) -> list[_Line] | None:
    languages = ["-l", settings.ocr_languages]
    asked = ["stdin", "stdout", *languages, "--dpi", _DPI, "--psm", _LAYOUT, "hocr"]
    said = _run(asked, _picture(drawn), settings.ocr_page_seconds)
    return None if said is None else list(_lines(said))


def _leader(line: _Line) -> _Leader | None:
    """The row of dots of a line of contents, if it has one, and the words after it."""
    boxes = [word.box for word in line.words if word.text == _DOTS]
    if not boxes:
        return None
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    tail = tuple(word for word in line.words if word.box[0] >= right)
    return _Leader((left, line.box[1], right, line.box[3]), tail)


def _with_leaders(found: Sequence[_Line], leaders: Sequence[_Leader]) -> Iterator[_Line]:
    """The lines with their rows of dots put back as four dots, and with the words after these."""
    for line in found:
        own = next((one for one in leaders if one.beside(line)), None)
        if own is None:
            yield line
            continue
        words = tuple(
            word for word in line.words if word.box[0] < own.box[0] and word.text.strip(".… ")
        )
        if words:  # what stands after the dots alone is their tail
            yield replace(line, words=(*words, Word(_DOTS, own.box, 100.0), *own.tail))


def _lines(said: bytes) -> Iterator[_Line]:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=True
    )
    root = etree.fromstring(said, parser)
    for node in () if root is None else root.iter("{*}span"):
        title = node.get("title", "")
        box, sizes = _BOX.search(title), _SIZES.search(title)
        if node.get("class") == "ocrx_word" or box is None or sizes is None:
            continue
        size, below, above = (float(part) for part in sizes.groups())
        high = max(1.0, size - below - above)
        words = tuple(_words(node, high))
        if words:
            offset = _BASELINE.search(title)
            edges = tuple(float(part) for part in box.groups())
            base = edges[3] + (float(offset.group(1)) if offset else 0.0)
            yield _Line(words, edges, base, high)


def _words(node: etree._Element, x_height: float) -> Iterator[Word]:
    for child in node.iter("{*}span"):
        title = child.get("title", "")
        box, sure = _BOX.search(title), _SURE.search(title)
        text = "".join(str(part) for part in child.itertext()).strip()
        if child.get("class") != "ocrx_word" or not text or box is None or sure is None:
            continue
        edges = tuple(float(part) for part in box.groups())
        flat = edges[3] - edges[1] < 0.35 * x_height and len(text) > 1
        # A row of dots is read as letters: "eee". A list of contents is full of them.
        if not text.strip("|"):
            continue  # a ruling line
        yield Word(_DOTS if flat and _SIGN.search(text) else text, edges, float(sure.group(1)))


def _rows(found: Sequence[_Line], drawn: Grey) -> Iterator[Row]:
    """Lines with even sizes, and whether they are bold."""
    if not found:
        return
    usual = _usual([(line.x_height, _length(line)) for line in found])
    strokes = [picture.stroke(drawn, line.box) / line.x_height for line in found]
    thin = _usual([(stroke, _length(li)) for stroke, li in zip(strokes, found, strict=True)])
    for line, stroke in zip(found, strokes, strict=True):
        words = _bulleted(line.words)
        if any(_SIGN.search(word.text) for word in words):
            size = _even(line.x_height, usual) / _X_HEIGHT * 72 / float(_DPI)
            bold = stroke > _BOLD * thin and _length(line) > 2
            yield Row(words, line.base, round(2 * size) / 2, bold)


def _bulleted(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words with a bullet at their start where the round sign was read as another one."""
    if len(words) > 1 and words[0].text in _BULLETS:
        return (replace(words[0], text="•"), *words[1:])
    return words


def _length(line: _Line) -> int:
    return sum(len(word.text) for word in line.words)


def _usual(measured: Sequence[tuple[float, int]]) -> float:
    """The measure in which the middle one of all letters is set."""
    ordered = sorted(measured)
    half, count = sum(n for _, n in ordered) / 2, 0
    for measure, letters in ordered:
        count += letters
        if count >= half:
            return measure
    return 1.0


def _even(x_height: float, usual: float) -> float:
    """The height of a line's letters: the page's own, but where it clearly differs."""
    return usual if 0.84 < x_height / usual < 1.14 else x_height
