"""The lines of a plain text: where each stands, how wide lines run, and what is furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import fmean, median, pstdev

from pipeline.raw.readers import furniture

_BREAK = re.compile(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_END = re.compile(r"[.!?:;][)\]’”'\"]*\d{0,3}$")
_NARROW = set("ijltfrI.,;:'’‘|!()[]-1 ")
_WIDE = set("mwMW—…@%")
_FEW = 12
_OPENERS = "“‘\"'(["
# A year, or a date's, to which a note's sign may be glued: "23/04/20098", "in 20131 and".
YEAR = r"(?:(?<=\d[/.-]\d[/.-])|(?<=\d[/.-]\d\d[/.-])|(?<![^\s(‘“]))(?:19|20)\d\d"
AFTER_SIGN = r"(?![\d%/–-]|[.,]\d)"


@dataclass(frozen=True)
class TextLine:
    """One line with something on it.

    `start` is the offset of its first visible code point, `blanks` how many empty lines stand
    before it, `indent` how many white-space characters; `page` counts form feeds from 1;
    `broken` says that a form feed or furniture stands before it.
    """

    text: str
    start: int
    indent: int
    blanks: int
    page: int
    broken: bool = False

    @property
    def end(self) -> int:
        """The offset after the last visible code point."""
        return self.start + len(self.text)

    @cached_property
    def width(self) -> float:
        """How wide the line runs in a proportional font, in ordinary letters."""
        return breadth(self.text)

    @property
    def lower(self) -> bool:
        """Whether the line starts as a sentence goes on: with a small letter."""
        return self.text.lstrip(_OPENERS)[:1].islower()

    @property
    def terminal(self) -> bool:
        """Whether the line ends as a sentence or a clause of a list does."""
        return bool(_END.search(self.text[-12:]))


def breadth(text: str) -> float:
    """A rough width in ordinary small letters; capitals and m, w are wider, i, l narrower."""
    narrow = sum(map(text.count, _NARROW))
    wide = sum(map(text.count, _WIDE))
    capitals = sum(map(str.isupper, text))
    return len(text) - 0.5 * narrow + 0.5 * wide + 0.3 * capitals


def split(text: str) -> tuple[TextLine, ...]:
    """The lines that have something on them, in order."""
    found = []
    at, blanks, page, fresh = 0, 0, 1, False
    ends = [(m.start(), m.end(), m.group()) for m in _BREAK.finditer(text)]
    for stop, after, sign in [*ends, (len(text), len(text), "")]:
        raw = text[at:stop]
        body = raw.strip()
        if body:
            indent = len(raw) - len(raw.lstrip())
            found.append(TextLine(body, at + indent, indent, blanks, page, fresh))
            blanks, fresh = 0, False
        else:
            blanks += 1
        if sign == "\f":
            page, fresh, blanks = page + 1, True, 0
        at = after
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Measure:
    """How far lines run before they are broken: `edge` in the unit of `proportional`.

    `edge` is 0 in a text whose paragraphs are one line each.
    """

    edge: float
    proportional: bool

    def of(self, text: str) -> float:
        """A text's width in the measure's unit."""
        return breadth(text) if self.proportional else float(len(text))

    def full(self, line: TextLine, after: str, *, strict: bool = False, inset: float = 0.0) -> bool:
        """Whether the line could not have taken the first word of the next one.

        `inset` is the share of the width that a list or a number takes.
        """
        if not self.edge:
            return False
        long = line.width if self.proportional else float(len(line.text))
        if long > 1.35 * self.edge:
            return False
        word = after[:60].split(None, 1)[0]
        # A line that ends no sentence goes on even where it was broken early.
        least = 0.97 - inset if strict or line.terminal else 0.88
        return long + 0.5 + self.of(word) > least * self.edge


_AS_LINES = Measure(0.0, proportional=False)


def measure(lines: Sequence[TextLine]) -> Measure:
    """How wide the lines of a text run, learned from lines that certainly go on."""
    going = [
        (a, b)
        for a, b in pairwise(lines)
        if b.lower and not a.terminal and len(a.text) < 240 and len(a.text) > 20
    ]
    if len(going) < 3 and len(lines) <= _FEW:
        return _measure_of_few(lines, going)
    if len(going) < 3 or len(going) < 0.05 * len(lines):
        return _AS_LINES
    tried = [_fit(going, proportional=unit) for unit in (False, True)]
    missed, made = min(tried, key=lambda fit: fit[0])
    return made if missed <= 0.5 else _AS_LINES


def _measure_of_few(
    lines: Sequence[TextLine], going: Sequence[tuple[TextLine, TextLine]]
) -> Measure:
    """How wide the lines of a short text run: one that goes on is enough if all others agree."""
    width = max((len(line.text) for line in lines), default=0)
    made = Measure(float(width), proportional=False)
    inner = [a for a, b in pairwise(lines) if not b.blanks and not a.terminal]
    agree = all(len(a.text) >= 0.8 * width for a in inner)
    fits = all(made.full(a, b.text, strict=True) for a, b in going)
    return made if going and agree and fits and 45 <= width <= 120 else _AS_LINES


def _fit(
    going: Sequence[tuple[TextLine, TextLine]], *, proportional: bool
) -> tuple[float, Measure]:
    """The share of lines that the measure does not explain, and the measure."""
    unit = Measure(1.0, proportional)
    widths = sorted(unit.of(a.text) for a, _ in going)
    made = Measure(widths[min(len(widths) - 1, round(0.95 * len(widths)))], proportional)
    missed = sum(not made.full(a, b.text, strict=True) for a, b in going)
    return missed / len(going), made


def _page_words(lines: Sequence[TextLine]) -> set[int]:
    """Lines that say that they are page marks, and "Page" with its number on the next line."""
    found = {i for i, line in enumerate(lines) if furniture.says_page(line.text)}
    for i in sorted(found):
        if lines[i].text.lower() == "page":
            after = lines[i + 1].text if i + 1 < len(lines) else ""
            if after.isdecimal():
                found.add(i + 1)
            else:
                found.discard(i)
    return found


def cited(lines: Sequence[TextLine], index: int, number: str = "", reach: int = 70) -> bool:
    """Whether a number is glued, as a note's sign, to a word or a year shortly before the line.

    The year may be a cell's: a page of cells has more lines than one of words.
    """
    sign = re.escape(number or lines[index].text)
    # After a word or a year with its stop: "action.1", "2008.2"; but "1.1" is a paragraph.
    before = r"(?:[A-Za-z;:)’”'\"]|(?:(?<=\d{4})|(?<!\d))[.,])"
    pattern = re.compile(rf"{before}{sign}(?![\d.])|\S ?\[{sign}\]")
    if any(pattern.search(line.text) for line in lines[max(0, index - reach) : index]):
        return True
    year = re.compile(rf"{YEAR}{sign}{AFTER_SIGN}")
    return any(year.search(line.text) for line in lines[max(0, index - 2 * reach) : index])


def _counting(lines: Sequence[TextLine]) -> set[int]:
    """Bare numbers that count pages: the longest rising chain, a page's length apart.

    A number between other numbers is a table's; one that a word carries as its sign is a note's.
    """
    bare: list[tuple[int, int]] = []
    for i, line in enumerate(lines):
        number = furniture.page_number(line.text) if _may_count(lines, i) else None
        if number is not None:
            bare.append((i, number))
    chain = _longest(lines, bare[:1500])
    return set(chain) if len(chain) >= 3 else set()


def _may_count(lines: Sequence[TextLine], i: int) -> bool:
    near = [lines[k].text for k in (i - 1, i + 1) if 0 <= k < len(lines)]
    alone = not any(text.isdecimal() for text in near)
    if not alone or len(lines[i].text) >= 12 or not furniture.plain_mark(lines[i].text):
        return False
    # Between cells of a table or the labels of a figure a number is theirs.
    long = any(len(text) > 30 or furniture.says_page(text) for text in near)
    return (long or not near) and not cited(lines, i)


def _longest(lines: Sequence[TextLine], bare: Sequence[tuple[int, int]]) -> list[int]:
    """The longest chain of numbers in which each is a plausible number of pages further on."""
    best: list[tuple[int, int]] = []  # the length of the chain that ends here, where from
    for k, (i, number) in enumerate(bare):
        length, came = 1, -1
        for j in range(k - 1, -1, -1):
            at, before = bare[j]
            pages, signs = number - before, lines[i].start - lines[at].end
            if pages >= 1 and 600 * pages <= signs <= 6000 * pages and best[j][0] >= length:
                length, came = best[j][0] + 1, j
        best.append((length, came))
    if not best:
        return []
    k = max(range(len(best)), key=lambda at: (best[at][0], at))
    chain = []
    while k >= 0:
        chain.append(bare[k][0])
        k = best[k][1]
    return chain


def _repeated(lines: Sequence[TextLine], marks: set[int], width: Measure) -> set[int]:
    """Lines that recur and stand where a page ends: inside sentences, or beside page marks."""
    places: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if len(line.text) <= 200 and i not in marks and not line.text.isdecimal():
            places.setdefault(furniture.masked(line.text), []).append(i)
    found: set[int] = set()
    often = {key: at for key, at in places.items() if len(at) >= 3}
    for _ in range(12):  # each round may find what stands beside the finds of the last
        known = found | marks
        new = {
            i
            for at in often.values()
            if not found.issuperset(at) and _runs(lines, at, known, width)
            for i in at
        }
        if not new:
            break
        found |= new
    return found


def _runs(lines: Sequence[TextLine], at: Sequence[int], known: set[int], width: Measure) -> bool:
    """Whether a recurring line is a running one."""
    gaps = [b - a for a, b in pairwise(at)]
    if median(gaps) < 8:
        return False
    beside = sum(i - 1 in known or i + 1 in known or _page_edge(lines, i) for i in at)
    if len(lines[at[0]].text.split()) >= 3 and _evenly(lines, at):
        return True
    inside = sum(_interrupts(lines, i, known, width) for i in at)
    if beside * 2 >= len(at) and len(at) >= 3:
        return True
    return inside >= max(2, 0.15 * len(at))


def _evenly(lines: Sequence[TextLine], at: Sequence[int]) -> bool:
    """Whether lines stand apart as pages do: a page's length, nearly always the same.

    Few of them have to do so more strictly, and from the text's start to its end.
    """
    starts = [lines[i].start for i in at]
    gaps = [b - a for a, b in pairwise(starts)]
    middle = fmean(gaps)
    if len(at) >= 6:
        return middle >= 1000 and pstdev(gaps) <= 0.25 * middle
    near = starts[0] <= 1.2 * middle and lines[-1].end - starts[-1] <= 1.2 * middle
    into = any(line.lower for i in at for line in lines[i : i + 2])
    into = into or any(lines[i].terminal for i in at)
    return (
        len(at) >= 4
        and near
        and not into
        and 1200 <= middle <= 6000
        and pstdev(gaps) <= 0.1 * middle
    )


def _page_edge(lines: Sequence[TextLine], i: int) -> bool:
    """Whether a form feed stands right before or after the line."""
    return lines[i].broken or (i + 1 < len(lines) and lines[i + 1].broken)


def _interrupts(lines: Sequence[TextLine], i: int, known: set[int], width: Measure) -> bool:
    """Whether a line stands inside a sentence: what is before it goes on after it."""
    a, b = i - 1, i + 1
    while a >= 0 and a in known:
        a -= 1
    while b < len(lines) and b in known:
        b += 1
    if a < 0 or b >= len(lines):
        return False
    before, after = lines[a], lines[b]
    if lines[i].lower or (lines[i].text[-1] in ".,;" and not after.lower):
        return False
    if before.terminal or len(before.text) < 20 or before.text.isupper():
        return False
    return width.full(before, after.text) if width.edge else after.lower


def _edges(lines: Sequence[TextLine]) -> set[int]:
    """With form feeds: what recurs among the first and last three lines of pages."""
    pages = lines[-1].page if lines else 1
    if pages < 2:
        return set()
    by_page: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        by_page.setdefault(line.page, []).append(i)
    picked: list[tuple[int, furniture.Banded]] = []
    for page, at in by_page.items():
        half = min(3, max(1, len(at) // 2))
        picked += [(i, _banded(lines[i], page, k, top=True)) for k, i in enumerate(at[:half])]
        foot = list(reversed(at[half:]))[:half]
        picked += [(i, _banded(lines[i], page, -k, top=False)) for k, i in enumerate(foot)]
    kept = furniture.recurring([banded for _, banded in picked], pages)
    return {picked[k][0] for k in kept}


def _banded(line: TextLine, page: int, band: int, *, top: bool) -> furniture.Banded:
    # Bands three apart, so that a line counts with its own rank only.
    return furniture.Banded(line.text, page, 3 * band + (0 if top else 10_000), top)


def furniture_of(lines: Sequence[TextLine], width: Measure) -> frozenset[int]:
    """Which lines are running headers, footers or page marks, as indexes."""
    marks = _page_words(lines) | _edges(lines)
    marks |= _counting(lines)
    return frozenset(marks | _repeated(lines, marks, width))


def printed_pages(lines: Sequence[TextLine], gone: Iterable[int]) -> tuple[TextLine, ...]:
    """The lines with pages taken from page marks, where the text has lost its form feeds.

    Marks at the head of pages number what comes after them, marks at the foot what is before.
    """
    ordered = sorted(gone)
    found = [(i, furniture.page_number(lines[i].text)) for i in ordered]
    marks = [(i, n) for i, n in found if n is not None and _is_mark(lines[i].text)]
    steps = Counter(b[1] - a[1] for a, b in pairwise(marks))
    if any(line.page > 1 for line in lines) or len(marks) < 3 or steps[1] < 0.6 * len(marks):
        return tuple(lines)
    rising = [mark for mark, after in pairwise([*marks, marks[-1]]) if mark[1] <= after[1]]
    head = rising[0][0] < 5
    page, made, at = max(1, rising[0][1] - (1 if head else 0)), [], dict(rising)
    for i, line in enumerate(lines):
        if head and i in at:
            page = max(page, at[i])
        made.append(replace(line, page=page))
        if not head and i in at:
            page = max(page, at[i] + 1)
    return tuple(made)


def _is_mark(text: str) -> bool:
    return furniture.says_page(text) or furniture.plain_mark(text)
