"""The lines of a PDF's page, from pdfium's characters: text, place, size, bold, visible or not."""

from __future__ import annotations

import re
from bisect import bisect_right as bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pypdfium2 as pdfium

from pipeline.raw.readers.assemble import Spot, Stretch
from pipeline.raw.readers.pdf_glyphs import Glyphs, frame

_HYPHEN = "\ufffe"
_END = re.compile(r"[.!?:;][)\]’”'\"]*(?:\s?\d{1,3})?$")
_OPENERS = "“‘\"'(["
# In sizes of the type: a gap that wide lies between two lines side by side.
_WIDE = 3.0
_LARGER = 2.5
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One line of a page. Points from the page's left and top edges, as it is shown.

    `bold` is true where all of it is; `turned` where it does not run from left to right;
    `hidden` where it is drawn invisibly or in white on nothing; `outside` where it lies off
    the page. A hyphen at the end that pdfium took out is back as U+FFFE. `signs` are the small
    raised numbers in the line, `raised` says that it starts with one; `picture` that it is no
    text and stands for a picture. `base` and `edge` are the left and the right end of the
    column, box or page that the line was broken for, and `region` tells these apart. `follows`
    says that it stands at the height of the line before it, a wide gap to the right.
    `unsure` says that it was recognised from a picture.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    turned: bool = False
    hidden: bool = False
    outside: bool = False
    signs: tuple[str, ...] = ()
    raised: bool = False
    picture: bool = False
    base: float = 0.0
    edge: float = 0.0
    region: int = 0
    follows: bool = False
    unsure: bool = False

    @property
    def lower(self) -> bool:
        """Whether the line starts as a sentence goes on: with a small letter."""
        return self.text.lstrip(_OPENERS)[:1].islower()

    def within(self, base: float, edge: float) -> PdfLine:
        """The same line in a region with these ends; `replace` takes six times as long."""
        return PdfLine(
            self.text,
            self.page,
            self.left,
            self.right,
            self.top,
            self.bottom,
            self.size,
            self.bold,
            self.turned,
            self.hidden,
            self.outside,
            self.signs,
            self.raised,
            self.picture,
            base,
            edge,
            self.region,
            self.follows,
            self.unsure,
        )

    @property
    def stretch(self) -> Stretch:
        """The line's text, with its place on the page."""
        spot = Spot(self.page, self.left, self.top, self.right, self.bottom)
        return Stretch(self.text, spot=spot, unsure=self.unsure)

    @property
    def reach(self) -> float:
        """How far the line would run if it were set from the left, as a centred one is not."""
        before, after = self.left - self.base, self.edge - self.right
        centred = before > 2 * self.size and abs(before - after) < self.size
        return self.base + self.right - self.left if centred else self.right

    @property
    def terminal(self) -> bool:
        """Whether the line ends as a sentence or a clause of a list does."""
        return bool(_END.search(self.text[-12:]))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is shown: its number from 1, its size in points, its lines in reading order."""

    page: int
    width: float
    height: float
    lines: tuple[PdfLine, ...]


_Place = tuple[int, int, bool]
_LINE = re.compile(r"([^\r\n\x02\ufffe]+)([\x02\ufffe]?)")
_WORD = re.compile(r"\S+")
_SPACE = re.compile(" ")
_GAP = re.compile(r"(?<=[^\s\x02\ufffe])[^\S\r\n]+(?=[^\s\x02\ufffe])")
_NUMBER = re.compile(r"\d+")


def _stretches(signs: str) -> Iterator[_Place]:
    """Start, end and "broken by a hyphen" of each line among the characters."""
    for found in _LINE.finditer(signs):
        yield found.start(1), found.end(1), bool(found.group(2))


def _spread(glyphs: Glyphs, signs: str, start: int, end: int) -> tuple[str, tuple[str, ...]]:
    """The line's text, with a space around a small raised number (the sign of a note); and those.

    A letter that leans on a raised number is set apart as well.
    """
    out: list[str] = []
    found: list[str] = []
    at = start
    for number in _NUMBER.finditer(signs, start, end):
        first, last = number.span()
        while first < last and not _is_raised(glyphs, signs, (start, first, end)):
            first += 1
        size = glyphs.size(first) if first < last else 0.0
        stop = first
        while stop < last and abs(glyphs.size(stop) - size) < 0.5:
            stop += 1
        if first == stop:
            continue
        before, after = signs[first - 1 : first], signs[stop : stop + 1] if stop < end else ""
        apart = " " if first > start and not before.isspace() else ""
        out += [signs[at:first], apart, signs[first:stop], " " if after.isalnum() else ""]
        found.append(signs[first:stop])
        at = stop
    out.append(signs[at:end])
    return "".join(out), tuple(found)


def _is_raised(glyphs: Glyphs, signs: str, place: tuple[int, int, int]) -> bool:
    """Whether a digit is smaller than what stands before it, or else than what leans on it."""
    start, k, end = place
    small = glyphs.size(k)
    if k > start and not signs[k - 1].isspace():
        return small < 0.8 * glyphs.size(k - 1)
    at = k + 1
    while at < end and signs[at].isdecimal() and abs(glyphs.size(at) - small) < 0.5:
        at += 1
    if at < end and signs[at].isalnum():
        return small < 0.8 * glyphs.size(at)
    after = next((i for i in range(k, min(end, k + 4)) if signs[i].isalpha()), None)
    return k == start and after is not None and small < 0.8 * glyphs.size(after)


def _line(glyphs: Glyphs, signs: str, place: _Place, page: int) -> PdfLine | None:
    start, end = _bare(signs, place)
    if start >= end:
        return None
    middle = (start + end) // 2
    seen = (start, end - 1) if signs[middle].isspace() else (start, middle, end - 1)
    text = signs[start:end]
    raised: tuple[str, ...] = ()
    if _NUMBER.search(text) is not None:
        text, raised = _spread(glyphs, signs, start, end)
    first, last = glyphs.box(start), glyphs.box(end - 1)
    size = round(2 * _middle(glyphs.size, seen)) / 2
    turned = glyphs.turned(start)
    top, bottom = min(first[1], last[1]), max(first[3], last[3])
    if not turned:
        # From the base line, which does not change with the fonts inside a line.
        base = _middle(glyphs.base, seen)
        top, bottom = base - 0.78 * size, base + 0.22 * size
    return PdfLine(
        text=text + (_HYPHEN if place[2] else ""),
        page=page,
        left=min(first[0], last[0]),
        right=max(first[2], last[2]),
        top=top,
        bottom=bottom,
        size=size,
        bold=all(glyphs.bold(i) for i in seen),
        turned=turned,
        hidden=glyphs.hidden(start),
        signs=raised,
        raised=bool(raised) and re.match(rf"{raised[0]}(?!\d)", text) is not None,
    )


def _middle(measure: Callable[[int], float], places: Sequence[int]) -> float:
    """The middle one of up to three measures; where the outer two are the same it is that."""
    first = measure(places[0])
    if first == measure(places[-1]):
        return first
    return sorted(map(measure, places))[len(places) // 2]


def sheet(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> Sheet:
    """The lines of a pypdfium2 page, in the order of the file."""
    view = frame(page)
    width, height = view.size
    glyphs = Glyphs(textpage, view)
    signs = glyphs.signs()
    gaps = _made_gaps(glyphs, signs)
    starts = [before for before, _ in gaps]
    found = [
        replace(line, follows=True) if follows else line
        for place in _stretches(signs)
        for part, follows in _cut(
            glyphs, signs, place, gaps[bisect(starts, place[0] - 1) : bisect(starts, place[1] - 1)]
        )
        if (line := _line(glyphs, signs, part, number)) is not None
    ]
    lines = [_off(line, width, height) for line in found]
    return Sheet(number, width, height, tuple(joined_up(lines, _beside)))


def joined_up(
    lines: Iterable[PdfLine], go_together: Callable[[PdfLine, PdfLine], bool]
) -> Iterator[PdfLine]:
    """The lines, those that go together with the one before joined to it by a space."""
    waiting: PdfLine | None = None
    for line in lines:
        if waiting is not None and go_together(waiting, line):
            waiting = _side_by_side(waiting, line)
            continue
        if waiting is not None:
            yield waiting
        waiting = line
    if waiting is not None:
        yield waiting


def of_one_type(before: PdfLine, line: PdfLine) -> bool:
    """Whether neither of two lines is a letter of a watermark beside the text."""
    return max(before.size, line.size) <= _LARGER * min(before.size, line.size)


def _made_gaps(glyphs: Glyphs, signs: str) -> list[tuple[int, int]]:
    """The characters before and after each gap in a line that pdfium saw and the file has not."""
    spaces = [found.start() for found in _SPACE.finditer(signs)]
    found = (_GAP.match(signs, at) for at in glyphs.generated(spaces))
    return [(gap.start() - 1, gap.end()) for gap in found if gap is not None]


def _bare(signs: str, place: _Place) -> tuple[int, int]:
    """Start and end of what a line says, without the blanks at its ends."""
    start, end, _ = place
    body = signs[start:end]
    return end - len(body.lstrip()), start + len(body.rstrip())


def _cut(
    glyphs: Glyphs, signs: str, place: _Place, gaps: Sequence[tuple[int, int]]
) -> list[tuple[_Place, bool]]:
    """A line in parts, each with whether it follows the one before at its height.

    It is cut where some of its characters lie off the page, at wide gaps, and where pdfium took
    what stands at another height for a line's end.
    """
    start, end, broken = place
    first, last = _bare(signs, place)
    last -= 1
    if first > last:
        return [(place, False)]
    moved = _moved(glyphs, first, last)
    away = not (glyphs.on_page(first) and glyphs.on_page(last))
    wide = {b for a, b in gaps if _wide(glyphs, a, b)}
    if not (moved or away or wide):
        return [(place, False)]
    words = [found.span() for found in _WORD.finditer(signs, start, end)]
    apart: set[int] = set()
    if moved:
        apart = {b for a, b in gaps if _moved(glyphs, a, b)} | set(_run_together(glyphs, words))
    off: set[int] = set()
    if away:
        seen = [i for a, b in words for i in range(a, b)]
        off = {b for a, b in pairwise(seen) if glyphs.on_page(a) != glyphs.on_page(b)}
    if not (apart or wide or off):
        return [(place, False)]
    ends = [start, *sorted(apart | wide | off), end]
    return [((a, b, broken and b == end), a in wide - apart) for a, b in pairwise(ends)]


def _run_together(glyphs: Glyphs, words: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Where a word goes on at another height without any character between: "Page" over "6"."""
    for start, end in words:
        if end - start > 1 and _moved(glyphs, start, end - 1):
            pairs = pairwise(range(start, end))
            yield from (b for a, b in pairs if _moved(glyphs, a, b))


def _wide(glyphs: Glyphs, before: int, after: int) -> bool:
    """Whether a gap is too wide for one between words."""
    gap = glyphs.box(after)[0] - glyphs.box(before)[2]
    return gap > _WIDE * glyphs.size(before)


def _moved(glyphs: Glyphs, before: int, after: int) -> bool:
    """Whether two characters stand on base lines a line apart, or one is a watermark's."""
    sizes = glyphs.size(before), glyphs.size(after)
    step = abs(glyphs.base(after) - glyphs.base(before))
    return step > 0.8 * max(sizes) or max(sizes) > _LARGER * min(sizes)


def _off(line: PdfLine, width: float, height: float) -> PdfLine:
    """The line, marked where its middle lies off the page."""
    x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    on = -1 <= x <= width + 1 and -1 <= y <= height + 1
    return line if on else replace(line, outside=True)


def _beside(before: PdfLine, after: PdfLine) -> bool:
    """Whether pdfium split one line: the second goes on to the right, at the same height."""
    if before.turned or after.turned or before.outside != after.outside:
        return False
    if not of_one_type(before, after):
        return False
    shared = min(before.bottom, after.bottom) - max(before.top, after.top)
    low = min(before.bottom - before.top, after.bottom - after.top)
    if shared < 0.5 * low:
        return False
    gap = after.left - before.right
    return -0.3 * before.size <= gap <= _WIDE * max(before.size, after.size)


def _side_by_side(before: PdfLine, after: PdfLine) -> PdfLine:
    large = max(before, after, key=lambda line: len(line.text))
    ordinal = _ORDINAL.match(after.text) and before.text[-1:].isdecimal()
    close = after.left - before.right < 0.1 * large.size and not after.text[:1].isdecimal()
    stop = after.text[0] in ",.;:)]’”!?" and after.left - before.right < 0.3 * large.size
    joint = "" if ordinal or stop or (close and after.size < 0.8 * before.size) else " "
    raised = _sign_alone(before, after), _sign_alone(after, before)
    return replace(
        large,
        text=before.text + joint + after.text,
        left=before.left,
        right=after.right,
        top=min(before.top, after.top),
        bottom=max(before.bottom, after.bottom),
        bold=before.bold and after.bold,
        signs=(*(raised[0] or before.signs), *(raised[1] or after.signs)),
        raised=before.raised or bool(raised[0]),
    )


def _sign_alone(line: PdfLine, beside: PdfLine) -> tuple[str, ...]:
    """The number of a line that is nothing but a small number set beside larger text."""
    alone = line.text.isdecimal() and len(line.text) <= 3 and line.size < 0.8 * beside.size
    return (line.text,) if alone else ()
