"""Names that were misread: words like a name, in stretches that were recognised from a picture.

A word of a name may be one edit off if it has five to seven letters, two if it has eight or more;
what scans confuse ("rn" for "m") is one edit. A word that is English, or that is another name's
own, is no misread name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from pipeline.fold import Folded, fold
from pipeline.match import Match, Names, is_ordinary
from pipeline.span import Span

_ONE, _TWO = 5, 8
# What looks alike to a program that reads letters; each of these is one edit, both ways.
ALIKE = (
    ("rn", "m"), ("nn", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u"), ("li", "h"), ("ri", "n"),
    ("lc", "k"), ("lo", "b"), ("tt", "u"), ("fi", "h"),
)  # fmt: skip
# Small letters that look like a capital, which may have been one; a capital I is read as an l.
_SAME_SHAPE = frozenset((c, c) for c in "ckopsuvwxyz") | {("i", "l"), ("l", "i"), ("j", "i")}
_SHAPES = frozenset(seen for _, seen in _SAME_SHAPE)
_TOKEN = re.compile(r"[^\W_]+(?:[|!$][^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly")
_GAP = re.compile(r"[^\w\n]{1,3}|\n")


class _Grade(Enum):
    """How a word of a name is read: as it is, misread, or as what is also an English word."""

    EXACT = 0
    MISREAD = 1
    ENGLISH = 2


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a text, or two that may be one; `next` is the place of the word after it."""

    text: str
    start: int
    end: int
    first: str
    next: int
    split: bool = False


def _edits(word: str) -> int:
    """How many edits a word of a name may be off.

    >>> _edits("Hill"), _edits("Quill"), _edits("Llewelyn")
    (0, 1, 2)
    """
    return (len(word) >= _ONE) + (len(word) >= _TWO)


def _shortened(word: str, edits: int) -> set[str]:
    """The word, and the word without one letter, without two, as far as the edits go."""
    short = {word}
    for _ in range(edits):
        short |= {one[:at] + one[at + 1 :] for one in short for at in range(len(one))}
    return short


def _confused(word: str) -> set[str]:
    """The word with one confusion of letters that look alike."""
    made = set()
    for one, other in ALIKE:
        for old, new in ((one, other), (other, one)):
            at = word.find(old)
            while at >= 0:
                made.add(word[:at] + new + word[at + len(old) :])
                at = word.find(old, at + 1)
    return made - {word}


def _far(one: str, other: str, most: int) -> int:
    """The number of letters put in, left out or changed between two words; `most` + 1 if more.

    >>> _far("smith", "smlth", 1), _far("smith", "schmidt", 2)
    (1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            now = before if a == b else 1 + min(before, row[j], row[j - 1])
            before, row[j] = row[j], now
        if min(row) > most:
            return most + 1
    return row[-1]


class Near:
    """Names, to be found as whole words in text that was recognised from pictures.

    Entries are (key, surface form), as Names has them; `others` are names that stand in the text
    in their own right: a word of theirs is no misread word of an entry.

    >>> names = Near([("q", "Karen Quillarn"), ("b", "Ann")])
    >>> text = "Karen Quillam and Ann met Quill."
    >>> [match.span.of(text) for match in names.find(text, [Span(0, len(text))])]
    ['Karen Quillam']
    >>> names.find(text, [])
    ()
    """

    __slots__ = ("_entries", "_firsts", "_index", "_known", "_read")

    def __init__(self, entries: Iterable[tuple[str, str]], others: Iterable[str] = ()) -> None:
        self._entries: list[tuple[str, str, tuple[str, ...]]] = []
        self._firsts: dict[str, list[int]] = {}
        for key, name in dict.fromkeys(entries):
            words = tuple(_TOKEN.findall(fold(name)))
            if any(_edits(word) and word.isalpha() for word in words):
                self._firsts.setdefault(words[0], []).append(len(self._entries))
                self._entries.append((key, name, words))
        names = {word for _, _, words in self._entries for word in words}
        self._known = names | {word for name in others for word in _TOKEN.findall(fold(name))}
        self._index: dict[str, list[tuple[str, str, int]]] = {}
        for word in filter(str.isalpha, sorted(names)):
            self._add(word)
        self._read: dict[tuple[str, str], tuple[str, ...]] = {}

    def _add(self, word: str) -> None:
        """Puts a word of a name into the index, in every way in which it may be misread."""
        left = _edits(word)
        ways = {word: left}
        for _ in range(left):
            for way, rest in list(ways.items()):
                for other in _confused(way) if rest else ():
                    ways[other] = max(ways.get(other, 0), rest - 1)
        for way, rest in ways.items() if left else ():
            for short in _shortened(way, rest):
                self._index.setdefault(short, []).append((word, way, rest))

    def like(self, word: str) -> tuple[str, ...]:
        """The words of the names, folded, that a word may be a misreading of; not itself.

        >>> Near([("q", "Karen Quillarn")]).like("Quillam")
        ('quillarn',)
        """
        folded = fold(word)
        one = _Word(folded, 0, len(folded), word[:1], 1)
        return tuple(known for known in self._misread(one) if known != folded)

    def find(self, text: str, where: Iterable[Span]) -> tuple[Match, ...]:
        """Every misread mention in these stretches: sorted, the longest at each place."""
        found: list[tuple[Span, int]] = []
        for stretch in where if self._entries else ():
            folded = Folded(stretch.of(text))
            for start, end, order in self._runs(folded):
                found.append((folded.span(start, end).shift(stretch.start), order))
        out: list[Match] = []
        last = 0
        for span, order in sorted(found, key=lambda f: (f[0].start, -f[0].end, f[1])):
            if span.start >= last:
                key, name, _ = self._entries[order]
                out.append(Match(span, key, name, near=True))
                last = span.end
        return tuple(out)

    def _runs(self, folded: Folded) -> Iterator[tuple[int, int, int]]:
        """Where the words of a name stand one after the other, at least one of them misread."""
        plain = list(_words(folded))
        at: dict[int, list[_Word]] = {}
        for place, word in [*enumerate(plain), *_joined(folded, plain)]:
            at.setdefault(place, []).append(word)
        for place in range(len(plain)):
            for word in at[place]:
                for known, grade in self._known_as(word):
                    for order in self._firsts.get(known, ()):
                        words = self._entries[order][2]
                        for end, grades in self._rest(at, folded, word, words[1:], (grade,)):
                            if _is_misread(words, grades):
                                yield word.start, end, order

    def _rest(
        self,
        at: dict[int, list[_Word]],
        folded: Folded,
        word: _Word,
        rest: Sequence[str],
        grades: tuple[_Grade, ...],
    ) -> Iterator[tuple[int, tuple[_Grade, ...]]]:
        """Where a name whose last word so far stands here may end, and how each word is read."""
        if not rest:
            yield word.end, grades
            return
        for other in at.get(word.next, ()):
            if not _GAP.fullmatch(folded.text[word.end : other.start]):
                continue
            for known, grade in self._known_as(other):
                if known == rest[0]:
                    yield from self._rest(at, folded, other, rest[1:], (*grades, grade))

    def _known_as(self, word: _Word) -> Iterator[tuple[str, _Grade]]:
        """The words of names that a word may be, and how it is read."""
        if word.text in self._known and not word.split:
            yield word.text, _Grade.EXACT
            return
        key = (word.text, word.first + " " * word.split)
        if key not in self._read:
            self._read[key] = tuple(self._misread(word))
        english = not word.split and _is_english(word.text)
        for known in self._read[key]:
            yield known, _Grade.ENGLISH if english else _Grade.MISREAD

    def _misread(self, word: _Word) -> Iterator[str]:
        text = word.text
        if word.first.islower() and (
            fold(word.first) not in _SHAPES or (not word.split and _is_english(text))
        ):
            return
        seen = set()
        cost = int(word.split)
        for short in _shortened(text, 1 + (len(text) >= _TWO - 2) - cost):
            for known, way, rest in self._index.get(short, ()):
                if known in seen or not _may_be_capital(word.first, known):
                    continue
                if _far(text, way, rest) <= rest - cost:
                    seen.add(known)
        yield from sorted(seen)


def _is_misread(words: Sequence[str], grades: Sequence[_Grade]) -> bool:
    """Whether a run is a misread name: an English word is one only beside a name as it is.

    "Karen Bums" is Karen Burns; "Bums" alone is not.
    """
    if _Grade.ENGLISH not in grades:
        return _Grade.MISREAD in grades
    pairs = zip(words, grades, strict=True)
    return any(grade is _Grade.EXACT and not _is_english(word) for word, grade in pairs)


def _may_be_capital(first: str, known: str) -> bool:
    """Whether the first letter may have been the capital of a name."""
    return not first.islower() or (known[0], fold(first)) in _SAME_SHAPE


@lru_cache(maxsize=65536)
def _is_english(word: str) -> bool:
    """Whether a word is an ordinary one, or a form of one.

    >>> _is_english("walls"), _is_english("walked"), _is_english("wallis")
    (True, True, False)
    """
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return is_ordinary(word) or any(len(stem) > 3 and is_ordinary(stem) for stem in stems)


def _words(folded: Folded) -> Iterator[_Word]:
    for at, found in enumerate(_TOKEN.finditer(folded.text)):
        first = folded.source[folded.origin(found.start())]
        yield _Word(found.group(), found.start(), found.end(), first, at + 1)


def _joined(folded: Folded, words: Sequence[_Word]) -> Iterator[tuple[int, _Word]]:
    """Two words that may be one with a space in it: one of them at least is no English word."""
    for at, (one, other) in enumerate(pairwise(words)):
        if folded.text[one.end : other.start] not in (" ", "-", "."):
            continue
        whole = one.text + other.text
        if len(whole) < _ONE or not _LETTERS.fullmatch(whole):
            continue
        if not (_is_english(one.text) and _is_english(other.text)):
            yield at, _Word(whole, one.start, other.end, one.first, at + 2, split=True)


def found(
    names: Names, text: str, uncertain: Sequence[Span], others: Iterable[str] = ()
) -> tuple[Match, ...]:
    """Every mention of the names in the text, misread ones in the uncertain stretches as well.

    Sorted and without overlap: a misread name that holds an exact one has its place.
    """
    exact = names.find(text)
    misread = Near(names.entries, others).find(text, uncertain) if uncertain else ()
    if not misread:
        return exact
    whole = [m for m in misread if not any(_crosses(e.span, m.span) for e in exact)]
    rest = [e for e in exact if not any(m.span.overlaps(e.span) for m in whole)]
    return tuple(sorted((*whole, *rest), key=lambda match: match.span))


def _crosses(exact: Span, misread: Span) -> bool:
    return exact.overlaps(misread) and not misread.contains(exact)
