"""The query language of search: words, "phrases", AND, OR, NOT, NEAR/n, wild*cards, brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.errors import UsageError

DEFAULT_NEAR = 10  # words between, where NEAR has no number
LONGEST = 20_000  # characters of a query
DEEPEST = 60  # brackets and NOTs inside each other; Python's own limit lies at about 240 of them

WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r'\s*(?:([()])|"([^"]*)"|“([^”]*)”|([^\s()"“”]+))')
_NEAR = re.compile(r"NEAR(?:/(\d{1,3}))?")
_PIECE = re.compile(r"[^\W_*]*\*[^\W_*]*(?:\*[^\W_*]*)*|[^\W_]+")

_EMPTY = (
    "The query has no word to look for. Nothing was searched. Write a word, or a phrase in "
    "double quotation marks."
)
_OPEN = (
    "A bracket or a quotation mark in the query is not closed. Nothing was searched. Close it, "
    "or leave it out."
)
_DANGLING = (
    "AND, OR or NEAR in the query lacks what stands on one of its sides. Nothing was searched. "
    "Write it as in: neglect AND (housing OR debt). As ordinary words, write them small."
)
_STAR = (
    "A star in the query stands alone. Nothing was searched. Put at least one letter before or "
    "after it, as in: neglect*"
)
_NEAR_WHAT = (
    "NEAR in the query joins something other than words and phrases. Nothing was searched. "
    'Write it as in: "social worker" NEAR/5 (visit OR call)'
)
_TOO_LONG = (
    "The query is longer than 20,000 characters. Nothing was searched. Shorten it; to find what "
    "is like a long text, give one paragraph of it."
)
_TOO_DEEP = (
    "The query has more than 60 brackets or NOTs inside each other. Nothing was searched. Write "
    "it with fewer."
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other; each may hold stars. One word is a phrase, too."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two parts with at most `most` words between them, in either order."""

    left: Query
    right: Query
    most: int


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not answer."""

    part: Query


Query = Phrase | Near | And | Or | Not


@dataclass(slots=True)
class _Reader:
    """Tokens from the left to the right; a phrase is a tuple, the rest are strings."""

    tokens: list[str | Phrase]
    at: int = 0
    depth: int = 0

    def look(self) -> str | Phrase | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str | Phrase | None:
        found = self.look()
        self.at += 1
        return found

    @contextmanager
    def inside(self) -> Iterator[None]:
        """One bracket or NOT further in; UsageError where there are too many."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise UsageError(_TOO_DEEP)
        yield
        self.depth -= 1


def parse(text: str) -> Query:
    """A query as a tree. UsageError, which says what to do, where it cannot be read.

    Words side by side must all be there. Operators are written in capitals; NOT binds most,
    then NEAR, AND, OR.

    >>> parse('neglect AND NOT "drug misuse"')
    And(parts=(Phrase(words=('neglect',)), Not(part=Phrase(words=('drug', 'misuse')))))
    >>> parse("visit* NEAR/3 home")
    Near(left=Phrase(words=('visit*',)), right=Phrase(words=('home',)), most=3)
    """
    if len(text) > LONGEST:
        raise UsageError(_TOO_LONG)
    reader = _Reader(list(_tokens(text)))
    if not reader.tokens:
        raise UsageError(_EMPTY)
    found = _either(reader)
    if reader.look() is not None:
        raise UsageError(_OPEN if reader.look() == ")" else _DANGLING)
    return found


def is_plain(text: str) -> bool:
    """Whether a query is only words, without an operator, a quotation mark, a star or a bracket.

    >>> is_plain("information was not shared"), is_plain("neglect OR debt"), is_plain("neglect*")
    (True, False, False)
    """
    if re.search(r'["“”()*]', text):
        return False
    return not any(w in ("AND", "OR", "NOT") or _NEAR.fullmatch(w) for w in text.split())


def _tokens(text: str) -> Iterator[str | Phrase]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise UsageError(_OPEN)
        at = match.end()
        bracket, quoted, curly, word = match.groups()
        if bracket:
            yield bracket
        elif word in ("AND", "OR", "NOT") or (word and _NEAR.fullmatch(word)):
            yield str(word)
        else:
            phrase = _phrase(next(p for p in (quoted, curly, word) if p is not None))
            if phrase is not None:
                yield phrase


def _phrase(text: str) -> Phrase | None:
    """The words of a piece; None where it is only punctuation."""
    words = tuple(piece.lower() for piece in _PIECE.findall(text))
    if any(not word.strip("*") for word in words):
        raise UsageError(_STAR)
    return Phrase(words) if words else None


def _either(reader: _Reader) -> Query:
    parts = [_all(reader)]
    while reader.look() == "OR":
        reader.take()
        parts.append(_all(reader))
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _all(reader: _Reader) -> Query:
    parts = [_near(reader)]
    while (found := reader.look()) is not None and found not in ("OR", ")"):
        if found == "AND":
            reader.take()
        parts.append(_near(reader))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _near(reader: _Reader) -> Query:
    left = _one(reader)
    while isinstance(found := reader.look(), str) and (match := _NEAR.fullmatch(found)):
        reader.take()
        right = _one(reader)
        if not (_has_place(left) and _has_place(right)):
            raise UsageError(_NEAR_WHAT)
        left = Near(left, right, int(match.group(1) or DEFAULT_NEAR))
    return left


def _has_place(query: Query) -> bool:
    """Whether what answers a query stands at places of its own."""
    if isinstance(query, Or):
        return all(_has_place(part) for part in query.parts)
    return isinstance(query, Phrase | Near)


def _one(reader: _Reader) -> Query:
    found = reader.take()
    if isinstance(found, Phrase):
        return found
    if found == "NOT":
        with reader.inside():
            return Not(_one(reader))
    if found == "(":
        with reader.inside():
            inside = _either(reader)
        if reader.take() != ")":
            raise UsageError(_OPEN)
        return inside
    raise UsageError(_OPEN if found == ")" else _DANGLING)
