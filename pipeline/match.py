"""The one matcher of names: what links, replaces and verifies sees the same mentions.

The words of a folded text are looked up in an index of first words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from pipeline.fold import Folded, left_out
from pipeline.fold import fold as fold
from pipeline.installed import shipped
from pipeline.span import Span

_SMALL = frozenset("a an and at by de del di for from in la le of on or the to upon van".split())
_MONTHS = frozenset("january february march april may june july august october".split())
# Ordinary words that have a capital wherever they stand, so that it tells nothing.
_ALWAYS_CAPITAL = frozenset(("christian",))
_KEEP_WHOLE = frozenset("mc mac o fitz de le la du van di da del st".split())
_DATED_BEFORE = re.compile(
    r"(?:\d(?: ?(?:st|nd|rd|th))?(?: of)?|\b(?:in|during|since|until|throughout|late|early|mid"
    r"|last|next|this|of))[ -]$"
)
_DATED_AFTER = re.compile(r",? ?\d")
_BEFORE_FAMILY = re.compile(r"s? (?:famil|household|child|sibling|brother|sister|parent|grand)")


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], dict[str, tuple[tuple[str, int], ...]]]:
    """Ordinary words; and for each, the stock phrases with it and where in them it stands."""
    path = shipped("configs/lists/common_words.txt")
    lines = [t for t in path.read_text(encoding="utf-8").splitlines() if t and t[0] != "#"]
    phrases: dict[str, list[tuple[str, int]]] = {}
    for phrase in (line for line in lines if " " in line):
        for word in re.finditer(r"[^\W\d_]+", phrase):
            phrases.setdefault(word.group(), []).append((phrase, word.start()))
    words = frozenset(line for line in lines if " " not in line)
    return words, {word: tuple(found) for word, found in phrases.items()}


def is_ordinary(name: str) -> bool:
    """Whether every word of a name is an ordinary English word, so that capitals must tell.

    >>> is_ordinary("Grace Young"), is_ordinary("Grace Okafor")
    (True, False)
    """
    words = _WORD.findall(fold(name))
    return bool(words) and all(w in _lists()[0] or w in _SMALL or w.isdigit() for w in words)


def _starts_sentence(source: str, at: int) -> bool:
    before = source[max(0, at - 12) : at].rstrip(" \t\u00a0\"'“”‘’([")
    return not before or before[-1] in ".!?:;•\n\r\uf0b7|" or before[-1].isdigit()


def _in_stock_phrase(folded: Folded, start: int, word: str) -> bool:
    """Whether an ordinary word stands in a phrase in which it is no name."""
    for phrase, inside in _lists()[1].get(word, ()):
        first = start - inside
        last = first + len(phrase)
        if first < 0 or not folded.text.startswith(phrase, first):
            continue
        around = folded.text[max(0, first - 1) : first] + folded.text[last : last + 1]
        if any(c.isalpha() for c in around):
            continue
        words = (folded.source[folded.origin(first + m.start())] for m in _WORD.finditer(phrase))
        if phrase.startswith("the "):
            return _BEFORE_FAMILY.match(folded.text, last) is None
        capital = all(w.isupper() for w in words) or word in _ALWAYS_CAPITAL
        if capital or _starts_sentence(folded.source, folded.origin(first)):
            return True
    return False


def _in_date(text: str, start: int, end: int) -> bool:
    """Whether a month's name stands in a date: "12 May", "May 2019", "in May"."""
    if text.startswith("'s", end):
        return False
    before = _DATED_BEFORE.search(text, max(0, start - 16), start)
    return before is not None or _DATED_AFTER.match(text, end) is not None


_WORD = re.compile(r"[^\W\d_]+|\d+")
_CODE = re.compile(r"(?=(?:\D*\d){2})(?=(?:[^a-z0-9]*[a-z0-9]){5})(?!.*[^\W\d_]{4})[^@]+")
_SIGN = re.compile("[a-z0-9]")
# A code has five signs at least; by so many of them codes that start alike are told.
_DEPTH = 4
_SPACED = r"[ \-./]?"
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_ABBREVIATED = frozenset("st dr mr mrs ms rev prof".split())
_PLURAL = re.compile(r"s(?![^\W\d_])|(?<=[sxz])es(?![^\W\d_])")
_SPACE, _HYPHEN, _APOSTROPHE, _OTHER, _COMMA = range(5)
# Words that are written in other ways as well; and the most signs between two words of a name.
_VARIED = frozenset(("and", "st"))
_WIDEST = 5


@dataclass(frozen=True, slots=True)
class Match:
    """A mention: where it stands (a possessive 's left out), and whose name it is.

    `near` is true where what stands there is only like the name: misread from a picture.
    """

    span: Span
    key: str
    name: str
    near: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a name; `joins` says of each gap between its words what it is.

    `second` is a word that follows soon wherever the form stands; empty where none must.
    """

    order: int
    key: str
    name: str
    words: tuple[str, ...]
    joins: tuple[int, ...]
    ordinary: bool
    capitals: bool
    second: str


def _join(join: str) -> int:
    if join == "'":
        return _APOSTROPHE
    if join in ("-", "_"):
        return _HYPHEN
    return _SPACE if join in (" ", ". ") else _OTHER


@lru_cache(maxsize=20_000)
def _pattern(words: tuple[str, ...], joins: tuple[int, ...]) -> re.Pattern[str]:
    """Made when the first word is met: of 2,400 forms of a long report few ever are."""
    out = []
    for at, word in enumerate(words):
        out.append({"and": "(?:and|&)", "st": "(?:saint|st)"}.get(word, re.escape(word)))
        if at == len(joins):
            break
        dotted = len(word) == 1 or word in _ABBREVIATED
        space = r"(\.? ?[-_]? ?)" if dotted else r"( ?[-_] ?| |\.(?=\S)|)"
        if word.isdigit():
            # "Episode 6 – April 2017" is not the sixth of April.
            space = r"(\.? ?|[-_]|)"
        out.append(
            (space, r"( ?[-_]? ?)", r"(' ?| |)", r"( ?[^\w\s]{0,3} ?)", r"( ?, ?)")[joins[at]]
        )
    return re.compile("".join(out))


def _writings(name: str) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    """The words of a name with the gaps between them, in each order and fused."""
    folded = fold(name).replace("&", " and ").replace("  ", " ")
    found = list(_WORD.finditer(folded))
    words = tuple("st" if m.group() == "saint" else m.group() for m in found)
    joins = tuple(_join(folded[a.end() : b.start()]) for a, b in pairwise(found))
    yield words, joins
    fused = "".join(words)
    tight = all(join in (_HYPHEN, _APOSTROPHE) for join in joins)
    long = len(fused) >= (5 if tight else 8) and (tight or min(map(len, words)) > 1)
    if len(words) in (2, 3) and fused.isalpha() and long and fused not in _lists()[0]:
        yield (fused,), ()
    given, comma, rest = folded.partition(", ")
    if comma and given and rest:
        yield from _writings(f"{rest} {given}")
    if joins and len(words[0]) == len(words[1]) == 1 and _APOSTROPHE not in joins[:2]:
        yield (words[0] + words[1], *words[2:]), joins[1:]
    gaps = [at for at, join in enumerate(joins) if join == _SPACE]
    if gaps and len(gaps) < 4 and _OTHER not in joins:
        cut = gaps[-1] + 1
        turned = (*joins[cut:], _COMMA, *joins[: cut - 1])
        yield (*words[cut:], *words[:cut]), turned


def _forms(entries: Iterable[tuple[str, str]]) -> Iterator[_Form]:
    for order, (key, name) in enumerate(entries):
        capitals = name.isupper() and len(name) <= 3
        ordinary = is_ordinary(name) or len(name) <= 2
        for words, joins in _writings(name):
            if len("".join(words)) > 1:
                second = words[1] if len(words) > 1 and words[1] not in _VARIED else ""
                yield _Form(order, key, name, words, joins, ordinary, capitals, second)


class Names:
    """Names and their variants, to be found in any text as whole words.

    Entries are (key, surface form); where two keys have the same form, the first has it. One
    letter is never looked for; up to three capitals only in capitals; ordinary words only
    where they have capitals.

    >>> Names([("a", "Ann"), ("b", "John Smith")]).find("Annual ANN’S SMITH, John")
    (Match(span=Span(start=7, end=10), key='a', name='Ann'), \
Match(span=Span(start=13, end=24), key='b', name='John Smith'))
    """

    __slots__ = ("_codes", "_entries", "_index", "_orders")

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._entries = tuple(dict.fromkeys(entries))
        self._index: dict[str, list[_Form]] = {}
        for form in _forms(self._entries):
            self._index.setdefault(form.words[0], []).append(form)
        for st in self._index.get("st", []):
            self._index.setdefault("saint", []).append(st)
        self._codes, self._orders = _codes(name for _, name in self._entries)

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """The (key, surface form) pairs that are looked for."""
        return self._entries

    def find(self, text: str) -> tuple[Match, ...]:
        """Every mention in the text: sorted, the longest at each place, none overlapping."""
        found: set[tuple[int, int, int]] = set()
        gaps = left_out(text)
        for folded in [Folded(text), *([Folded(text, gaps)] if gaps else [])]:
            found.update(self._words(folded))
            found.update(self._numbers(folded))
        out: list[Match] = []
        end = 0
        for start, last, order in sorted(found, key=lambda f: (f[0], -f[1], f[2])):
            if start >= end:
                out.append(Match(Span(start, last), *self._entries[order]))
                end = last
        return tuple(out)

    def _words(self, folded: Folded) -> Iterator[tuple[int, int, int]]:
        look = self._index.get
        # Most words of a text begin no form. Which do is told once a word, not at each place.
        live = self._begin(set(_WORD.findall(folded.text)))
        for word in _WORD.finditer(folded.text) if live else ():
            token = word.group()
            for known in live.get(token, ()):
                for form in _near(folded, look(known, ()), word.start() + len(known)):
                    yield from _at(folded, form, word.start())
        for camel in _CAMEL.finditer(folded.source):
            at = folded.place(camel.start())
            head = at
            while head and folded.text[head - 1].isalpha():
                head -= 1
            for rest in filter(None, (_WORD.match(folded.text, start) for start in {head, at})):
                for size in range(2, len(rest.group()) + 1):
                    forms = look(rest.group()[:size], ())
                    for form in _near(folded, forms, rest.start() + size):
                        yield from _at(folded, form, rest.start())

    def _begin(self, words: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Of some words those that begin a form, each with the beginnings that it may be."""
        index, live = self._index, {}
        for word in words:
            ends = (word, word[:-1], word[:-2]) if word[-1] == "s" else (word,)
            if known := tuple(one for one in ends if one in index):
                live[word] = known
        return live

    def _numbers(self, folded: Folded) -> Iterator[tuple[int, int, int]]:
        for number in self._codes.finditer(folded.text) if self._codes else ():
            span = folded.span(number.start(), number.end())
            yield span.start, span.end, self._orders["".join(_SIGN.findall(number.group()))]


def _codes(names: Iterable[str]) -> tuple[re.Pattern[str] | None, dict[str, int]]:
    """A pattern for all codes, however they are spaced; and which name each is, without spaces."""
    plain: dict[str, int] = {}
    for order, name in enumerate(map(fold, names)):
        if _CODE.fullmatch(name):
            plain.setdefault("".join(_SIGN.findall(name)), order)
    codes = sorted(plain, key=lambda code: (-len(code), code))
    each = _either(codes, _DEPTH)
    pattern = re.compile(rf"(?<![^\W_])(?:{each})(?![^\W_])") if codes else None
    return pattern, plain


def _either(codes: Iterable[str], depth: int) -> str:
    """Any of the codes, each longer than `depth`; those that start alike are tried together.

    A long report has a thousand codes: one by one they would be tried at every word of it.
    """
    if not depth:
        return "|".join(_SPACED.join(code) for code in codes)
    alike: dict[str, list[str]] = {}
    for code in codes:
        alike.setdefault(code[0], []).append(code[1:])
    return "|".join(
        f"{first}{_SPACED}(?:{_either(rest, depth - 1)})" for first, rest in alike.items()
    )


def _near(folded: Folded, forms: Iterable[_Form], end: int) -> Iterator[_Form]:
    """The forms whose second word stands near enough behind their first, which ends there.

    Most that share a first word do not: their patterns are not even made.
    """
    find = folded.text.find
    for form in forms:
        second = form.second
        if not second or find(second, end, end + _WIDEST + len(second)) >= 0:
            yield form


def _at(folded: Folded, form: _Form, start: int) -> Iterator[tuple[int, int, int]]:
    """The mention by this form at this place of the folded text, if it is one."""
    placed = _placed(folded.text, form, start)
    if placed is None:
        return
    starts, end = placed
    if not _bounded(folded, form, start, end):
        return
    if not _written_as_name(folded, form, starts, end):
        return
    if form.ordinary and len(form.words) == 1:
        word = form.words[0]
        if word in _MONTHS and _in_date(folded.text, start, end):
            return
        if _in_stock_phrase(folded, start, word):
            return
    span = folded.span(start, end)
    yield span.start, span.end, form.order


def _placed(text: str, form: _Form, start: int) -> tuple[list[int], int] | None:
    """Where each word of a form starts and the last ends; its first word was met at `start`."""
    if not form.joins and form.words[0] not in _VARIED:
        # Of one word there is nothing more to look at, and no pattern to make.
        return [start], start + len(form.words[0])
    found = _pattern(form.words, form.joins).match(text, start)
    if found is None:
        return None
    return [start, *(found.end(at + 1) for at in range(len(form.joins)))], found.end()


def _written_as_name(folded: Folded, form: _Form, starts: list[int], end: int) -> bool:
    """Whether the capitals are as they must be for this form."""
    first = [folded.source[folded.origin(at)] for at in starts]
    for at, word in enumerate(form.words):
        beside = {*form.joins[max(0, at - 1) : at + 1]}
        initial = len(word) == 1 and word.isalpha() and _APOSTROPHE not in beside
        must = (form.ordinary and word not in _SMALL) or (initial and _OTHER not in beside)
        if must and first[at].islower():
            return False
        fused = at > 0 and form.joins[at - 1] == _SPACE and folded.text[starts[at] - 1].isalnum()
        if fused and first[at].islower():
            return False
    if form.capitals:
        return folded.span(starts[0], end).of(folded.source).isupper()
    return True


def _bounded(folded: Folded, form: _Form, start: int, end: int) -> bool:
    """Whether the form stands there as whole words."""
    text = folded.text
    before, after = text[start - 1] if start else " ", text[end : end + 1]
    if before.isdigit() if form.words[0].isdigit() else before.isalpha():
        return before.isalpha() and _camel(folded, form, start) and _ends(folded, form, end)
    if form.words[-1].isdigit():
        return not after.isdigit()
    family = text[max(0, start - 4) : start] == "the " and _PLURAL.match(text, end)
    if family and len(form.words) == 1:
        # "the Storys at number 21": a family, of whatever word its name is.
        return len(form.words[0]) >= 3
    return _ends(folded, form, end)


def _ends(folded: Folded, form: _Form, end: int) -> bool:
    """Whether a word may end here: no letter follows, or a plural's, or a fused word's."""
    if not folded.text[end : end + 1].isalpha():
        return True
    long = not form.ordinary and len(form.words[-1]) >= 4
    return (long and _PLURAL.match(folded.text, end) is not None) or _camel(folded, form, end)


def _camel(folded: Folded, form: _Form, at: int) -> bool:
    """Whether a word was fused to its neighbour here: "diedSmith", but not "McDonald"."""
    here = folded.origin(at)
    if (form.ordinary and len(form.words) == 1) or not _CAMEL.match(folded.source, here):
        return False
    head = at
    while head and folded.text[head - 1].isalpha():
        head -= 1
    return folded.text[head:at] not in _KEEP_WHOLE
