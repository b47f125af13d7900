"""Running headers, footers and page marks: the styles of page marks, and what recurs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_ROMAN = r"(?=[ivxlc]+\b)(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_N = rf"(?:\d{{1,3}}|{_ROMAN})"
_PAGE = r"p\s?a\s?g\s?e"
# A mark that says that it is one: "Page 2 of 43", "P a g e 2 | 25", "1 | P a g e", "P. 28".
_SAYS = re.compile(
    rf"(?:{_PAGE}\s*[:|]?\s*(?P<a>{_N})?\s*(?:(?:of|/|\||-|–)\s*\d{{1,4}})?"
    rf"|(?P<b>{_N})\s*[|:–-]?\s*{_PAGE}(?:\s*(?:of|\|)\s*\d{{1,4}})?"
    rf"|pp?\.?\s?(?P<c>\d{{1,4}})(?:\s*(?:of|/|\|)\s*\d{{1,4}})?"
    rf"|{_PAGE}\s*(?P<d>{_N})\s*(?:of|\|)"
    rf"|(?P<e>\d{{1,4}})\s*(?:of|/|\|)\s*\d{{1,4}})\.?",
    re.IGNORECASE,
)
# A mark that only its place gives away: "12", "- 12 -", "[12]", "xii", "Final 2", "JS 14".
_PLAIN = re.compile(
    rf"[-–—|\[(\s]*(?:(?:final|draft|version|v)?\s*|[A-Z]{{2,4}}\s+)(?P<n>{_N})[-–—|\])\s]*",
    re.IGNORECASE,
)
_BLANK_PAGE = re.compile(
    r"[\[(]?(?:this )?(?:page )?(?:is |has been |was )?(?:left )?intentionally (?:left )?blank"
    r"[\])]?\.?"
    r"|[\[(]?this page (?:is |has been )?(?:left )?blank[\])]?\.?",
    re.IGNORECASE,
)
# A running head with the page's number before or after it.
_HEADED = re.compile(r"(\d{1,3})\s+\D.{2,80}|\D.{2,80}?\s(\d{1,3})")
_SAID = re.compile(rf"\b{_PAGE}\s?(\d{{1,3}})(?:\s?(?:of|/|\|)\s?\d{{1,4}})?$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def roman(text: str) -> int | None:
    """The value of a small roman number, None where the text is none.

    >>> roman("xiv"), roman("x1"), roman("")
    (14, None, None)
    """
    low = text.lower()
    if not low or not re.fullmatch(_ROMAN, low):
        return None
    values = [_VALUES[sign] for sign in low]
    later = [*values[1:], 0]
    return sum(-v if v < n else v for v, n in zip(values, later, strict=True))


def says_page(text: str) -> bool:
    """Whether a whole line is a page mark by its words, wherever it stands.

    >>> [says_page(t) for t in ("Page 2 of 43", "1 | P a g e", "P. 28", "Page of 47", "Pages")]
    [True, True, True, True, False]
    """
    return bool(_SAYS.fullmatch(text)) or says_blank(text)


def says_blank(text: str) -> bool:
    """Whether a whole line says that its page was left blank.

    >>> says_blank("[This page is intentionally left blank]"), says_blank("The page was blank.")
    (True, False)
    """
    return bool(_BLANK_PAGE.fullmatch(text))


def plain_mark(text: str) -> bool:
    """Whether a line may be a page mark, were it at the top or the foot of a page.

    >>> [plain_mark(t) for t in ("12", "- 3 -", "xii", "Final 2", "JS 14", "12 weeks", "2013-14")]
    [True, True, True, True, True, False, False]
    """
    return bool(text) and bool(_PLAIN.fullmatch(text)) and bool(page_number(text))


def page_number(text: str) -> int | None:
    """The number that a page mark carries, roman or not; None where its field was lost.

    >>> page_number("Page 2 of 43"), page_number("P a g e 7 | 25"), page_number("Page of 47")
    (2, 7, None)
    """
    for pattern in (_SAYS, _PLAIN):
        if found := pattern.fullmatch(text):
            for value in found.groupdict().values():
                if value:
                    return int(value) if value.isdecimal() else roman(value)
            return None
    return None


def masked(text: str) -> str:
    """A line with its digits masked and its spaces evened out, to be told as the same line.

    >>> masked("Child K  overview, page 12")
    'child k overview, page #'
    """
    low = " ".join(text.casefold().split())
    return _DIGITS.sub("#", low)


@dataclass(frozen=True, slots=True)
class Banded:
    """A line near the top or the foot of a page: its text, its 6 pt band from the page's top."""

    text: str
    page: int
    band: int
    top: bool


def _bands(line: Banded) -> tuple[tuple[str, int], ...]:
    """The keys that a line counts under: its own band and both neighbours (a rounding apart)."""
    text = masked(line.text)
    return tuple((text, band) for band in (line.band - 1, line.band, line.band + 1))


def _often(seen: set[int], of: Sequence[int]) -> bool:
    return len(seen) >= 3 and len(seen) >= 0.4 * len(of)


def recurring(lines: Sequence[Banded], pages: int) -> frozenset[int]:
    """Which of the lines are furniture, as indexes.

    The same text (digits masked) in the same 6 pt band on at least 40 % of the pages, of the
    odd or of the even ones, and on three pages at least; and page marks in that place.
    """
    where: dict[tuple[str, int], set[int]] = defaultdict(set)
    for line in lines:
        for key in _bands(line):
            where[key].add(line.page)
    every = range(1, pages + 1)
    odd, even = every[::2], every[1::2]

    def repeats(line: Banded) -> bool:
        seen = where[(masked(line.text), line.band)]
        sides = ((seen, every), (seen & set(odd), odd), (seen & set(even), even))
        return any(_often(on, of) for on, of in sides)

    found = {i for i, line in enumerate(lines) if says_page(line.text) or repeats(line)}
    found |= _marks(lines) | _chapter_marks(lines, pages) | _said_marks(lines)
    return frozenset(found | _short_reports(lines, pages))


def _outermost(lines: Sequence[Banded]) -> Iterable[int]:
    """The first of the top lines and the last of the foot lines of each page."""
    tops: dict[int, int] = {}
    feet: dict[int, int] = {}
    for index, line in enumerate(lines):
        best = tops if line.top else feet
        held = best.get(line.page)
        outer = held is None or (
            line.band < lines[held].band if line.top else line.band > lines[held].band
        )
        if outer:
            best[line.page] = index
    return {*tops.values(), *feet.values()}


def _marks(lines: Sequence[Banded]) -> set[int]:
    """Page marks without a word: they keep the same step from the page's own number.

    Arabic marks after roman ones keep another step, so each step needs three pages of its own
    (two in a report of three pages or fewer); a number alone beside such marks is one too.
    """
    last = max((line.page for line in lines), default=0)
    numbers = {
        index: number
        for index, line in enumerate(lines)
        if (number := page_number(line.text) if plain_mark(line.text) else None) is not None
    }
    found = _in_step(lines, numbers, 3 if last > 3 else 2)
    places = {(lines[i].top, lines[i].band + off) for i in found for off in (-1, 0, 1)}
    return found | {i for i in numbers if (lines[i].top, lines[i].band) in places}


def _chapter_marks(lines: Sequence[Banded], pages: int) -> set[int]:
    """Running heads that change with the chapter: outermost, with the page's number in them."""
    numbers = {
        i: int(headed.group(1) or headed.group(2))
        for i in _outermost(lines)
        if (headed := _HEADED.fullmatch(lines[i].text.strip()))
    }
    found = _in_step(lines, numbers, max(3, round(0.3 * pages)))
    # A chapter's head stands on more than one page; headings that happen to count do not.
    counts = Counter(masked(lines[i].text) for i in found)
    again = sum(count for count in counts.values() if count > 1)
    return found if again * 2 > len(found) else set()


def _said_marks(lines: Sequence[Banded]) -> set[int]:
    """Lines that end in a page mark that counts with the pages: on two pages they are no chance."""
    numbers = {
        i: int(said.group(1))
        for i in _outermost(lines)
        if (said := _SAID.search(lines[i].text)) is not None
    }
    return _in_step(lines, numbers, 2)


def _in_step(lines: Sequence[Banded], numbers: Mapping[int, int], least: int) -> set[int]:
    """The lines whose numbers keep one step from their pages' on so many pages at least."""
    steps: dict[tuple[bool, int], list[int]] = defaultdict(list)
    for index, number in numbers.items():
        steps[(lines[index].top, number - lines[index].page)].append(index)
    return {
        index
        for members in steps.values()
        if len({lines[i].page for i in members}) >= least
        for index in members
    }


def _short_reports(lines: Sequence[Banded], pages: int) -> set[int]:
    """In two pages nothing can recur three times: the outermost line, the same on both."""
    if pages != 2:
        return set()
    outer = set(_outermost(lines))
    counts = Counter((masked(lines[i].text), lines[i].band, lines[i].top) for i in outer)
    return {i for i in outer if counts[(masked(lines[i].text), lines[i].band, lines[i].top)] == 2}
