"""How paragraphs and list items are marked: numbers, letters, bullets, and what follows what."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from functools import lru_cache

from pipeline.raw.readers.assemble import Stretch

BULLET = "•"
_SURE_BULLET = re.compile(
    # U+FFFD: a sign of a symbol font that says nothing of itself.
    r"(?:\ufffd(?=\s)|[•●○◦▪▫■□◊◆➢➤➔►▶▸‣⁃∙❖❑✓✔✦⮚]|[\ue000-\uf8ff])(?:\s*(?:[•●○◦▪■◊]|[\ue000-\uf8ff]))*\s*"
)
_PERHAPS_BULLET = re.compile(r"[-–—−*·o]\s+(?=\S)")
_DOTTED = re.compile(
    r"(\d{1,3}(?:\.\d{1,3}){1,4})\.?(?=\s|$)|(\d{1,3}(?:\.\d{1,3}){1,4})\.(?=[A-Z])"
)
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{2}|\d{4})$")
_SINGLE = re.compile(r"\(?(\d{1,3})(?:[.)]|\s?[.])(?=\s|$|[A-Z‘“'\"])")
_HYPHEN = re.compile(r"(\d{1,2}-\d{1,3})(?=\s+(?:\1\s+)?[A-Z‘“'\"]|$)")
# A bare number before a month is a day.
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_BARE = re.compile(rf"(\d{{1,3}})(?=\s+(?:\1\s+)?(?!{_MONTH}\b)[A-Z‘“'\"]|$)")
_LETTER = re.compile(r"(?:\(([a-z]|[ivx]{1,5})\)|([a-z]|[ivx]{1,5})[.)])(?=\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marker:
    """What a line starts with: its number (dots and brackets at the ends taken off) or a bullet.

    `length` is how many characters the mark takes, `sure` whether it can be nothing else;
    `day` says that it may as well be a date ("10.2.10"), so that only its turn tells.
    """

    number: str | None
    length: int
    sure: bool
    day: bool = False

    @property
    def bullet(self) -> bool:
        """Whether the mark is a bullet."""
        return self.number is None

    @property
    def depth(self) -> int:
        """1 for "4", 2 for "4.1"; 0 for bullets and letters."""
        parts = _parts(self.number or "")
        return len(parts)


@lru_cache(maxsize=4096)
def _parts(number: str) -> tuple[int, ...]:
    pieces = re.split(r"[.-]", number)
    return tuple(int(piece) for piece in pieces) if all(p.isdecimal() for p in pieces) else ()


def marker(text: str) -> Marker | None:
    r"""The mark that a line starts with, or None.

    >>> marker("4.12 The nurse called."), marker("Nothing here.")
    (Marker(number='4.12', length=4, sure=True, day=False), None)
    >>> marker("12. A visit was made.").number, marker("\uf0b7 to share").bullet
    ('12', True)
    >>> marker("12 Weeks later").sure, marker("30.05.17 Visit"), marker("10.2.10 A").day
    (False, None, True)
    """
    if found := _SURE_BULLET.match(text):
        return Marker(None, found.end(), sure=True)
    if found := _PERHAPS_BULLET.match(text):
        return Marker(None, found.end(), sure=False)
    if found := _DOTTED.match(text):
        number = found.group(1) or found.group(2)
        if _DATE.match(number) and re.search(r"\b0|\d{4}", number):
            return None
        day = _DATE.match(number) is not None
        return Marker(number, found.end(), sure=not day, day=day)
    if found := _SINGLE.match(text):
        return Marker(found.group(1), found.end(), sure=True)
    if found := _LETTER.match(text):
        return Marker(found.group(1) or found.group(2), found.end(), sure=found.group()[-1] == ")")
    if found := _HYPHEN.match(text) or _BARE.match(text):
        return Marker(found.group(1), found.end(), sure=False)
    return None


def follows(number: str, before: str | None, *, skip: int = 2) -> bool:
    """Whether a number may come after another in the same run of paragraphs.

    >>> follows("4.2", "4.1"), follows("5.1", "4.12"), follows("5", "4.12"), follows("6.11", "2.3")
    (True, True, True, False)
    """
    now, last = _parts(number), _parts(before or "")
    if not now or number.startswith("0"):
        return False
    if not last:
        return now[-1] <= skip and all(part <= skip for part in now)
    if len(now) > len(last):
        return _deeper(now, last, skip)
    same = now[:-1] == last[: len(now) - 1]
    step = now[-1] - last[len(now) - 1]
    if same and 0 <= step <= skip:
        return step > 0 or len(now) == len(last)
    # A new section that starts with its first paragraph: 4.12, then 5.1.
    up = now[0] - last[0]
    return len(now) > 1 and 1 <= up <= skip and all(part == 1 for part in now[1:])


def _deeper(now: tuple[int, ...], last: tuple[int, ...], skip: int) -> bool:
    if now[: len(last)] == last:
        return all(part <= skip for part in now[len(last) :])
    return now[0] - last[0] == 1 and all(part == 1 for part in now[1:])


def begins(mark: Marker, text: str) -> bool:
    """Whether a line's number may begin a run of its own: a sure one before a capital, or a first.

    >>> [begins(marker(t), t) for t in ("4.1 The nurse", "5.87 kg at birth", "1 Summary", "7 Who")]
    [True, False, True, False]
    """
    rest = text[mark.length :].lstrip(" .\t“‘\"'([")
    if mark.day or (mark.depth > 1 and rest[:1].islower()):
        return False
    return mark.sure or set(_parts(mark.number or "")) == {1}


class Runs:
    """The numbers met so far, those of headings apart: both may count from 1 through a report.

    >>> runs = Runs()
    >>> runs.note("1", title=True), runs.note("1", title=False), runs.note("2", title=False)
    (None, None, None)
    >>> runs.takes("2", title=True), runs.takes("3", title=False), runs.takes("7", title=False)
    (True, True, False)
    """

    def __init__(self) -> None:
        # A number that was none (a weight, a reference) must not end the run for good.
        self._last: dict[bool, deque[str]] = {True: deque(maxlen=3), False: deque(maxlen=3)}

    def takes(self, number: str, *, title: bool, skip: int = 3) -> bool:
        """Whether a number stands in its turn: in the run of its like, or "5.1" after a "5"."""
        own, other = self._last[title], self._last[not title]
        if not own and not other:
            return follows(number, None, skip=skip)
        if any(follows(number, end, skip=skip) for end in own):
            return True
        across = not own or len(_parts(number)) > 1
        return across and any(follows(number, end, skip=skip) for end in other)

    def note(self, number: str, *, title: bool) -> None:
        """Takes a number as the last of its run."""
        self._last[title].append(number)


class Counted:
    """The numbers of paragraphs whose lists are known: an automatic one counts, a typed in turn.

    >>> counted = Counted()
    >>> counted.number(marker("4 Visits"), automatic=True), counted.number(marker("9 May"))
    ('4', None)
    """

    def __init__(self) -> None:
        self._last: str | None = None

    def number(self, mark: Marker | None, *, automatic: bool = False) -> str | None:
        """The paragraph's number; None where its mark is a bullet or no number in its turn."""
        if mark is None or mark.bullet:
            return None
        typed = mark.sure or follows(mark.number or "", self._last)
        if not automatic and not typed:
            return None
        if mark.depth:
            self._last = mark.number
        return mark.number


def bulleted(parts: tuple[Stretch, ...], mark: Marker | None) -> tuple[Stretch, ...]:
    """A bullet's text with one plain sign in the place of its own, or put in where it was lost.

    A dash, a star or an "o" stays as it is: it may be a word's.
    """
    if mark is None:
        return (Stretch(f"{BULLET} "), *parts)
    if not mark.sure:
        return parts
    first = parts[0]
    sign = first.part(0, mark.length).saying(BULLET)
    return (sign, Stretch(" "), first.part(mark.length), *parts[1:])
