"""A short title for a lesson, in the words of the reviews that say it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.safe.claim import Wordings, strongest, unopened, wordings

SHORTEST, LONGEST = 3, 16  # words of a title
SHORTEST_CUT = 5  # of one that is the beginning of a clause
IDEAL = 9
CUT, VAGUE = 0.6, 0.7  # what a title loses that was cut, or that has a word of little meaning
FULL = 6  # words with a meaning of their own that say enough of any sentence
LEAST_SAID = 3  # words with a meaning of their own, with fewer of which nothing is said
SAID, THIN = 4, 0.6  # with fewer than so many a title says little, and loses this much
_DENIES = frozenset({"not", "no", "never", "without", "lack", "failure"})
_LABEL = re.compile(r"\[[^\]]*\]")
_TOKEN = re.compile(r"[^\s]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’&-]*")
_NO_WORD = re.compile(r"[\[\]\d@*/%£…]")
_GLYPH = re.compile(r"^\W*(?:[•·▪◦●○■□➢✓\uf0b7\uf0a7*–—−-]|\bo(?=\s))\s*")
_ARTICLE = frozenset({"a", "an", "the"})
_FUSED = frozenset({"of", "for", "to", "in", "with", "by", "from", "at", "on", "and", "or", "into"})
_WAS_NOT = re.compile(r"\b(?:is|are|was|were|has been|have been|had been) (not|never)\b", re.I)
_PARTICIPLE = re.compile(
    r"(?!(?:continued|limited|delayed|missed|increased|improved|reduced|detailed|shared|mixed|need|"
    r"combined|repeated|prolonged|failed|unresolved|untrained|fragmented|isolated)$)\w+ed$",
    re.I,
)
# A label that only says where or whose: the sentence reads on without it.
_ASIDE = re.compile(
    r" (?:in|across|at|by|of|from|with|within|for) \[[^\]]*\](?:['’]s)?(?=[\s,.;:]|$)"
)
_BODY = (
    r"(?:\[[^\]]*\]|(?:[\w’'-]+ ){0,4}?(?:someone|hospital|trust|board|surgery|council|authority|"
    r"partnership|police|agenc(?:y|ies)|services?|providers?|commissioners?|schools?|practices?|"
    r"teams?|leaders|managers|officers))"
)
# Whom a recommendation is addressed to: what follows is what they are to do.
_ADDRESSED = re.compile(rf"^{_BODY}(?:,? (?:and )?{_BODY})* to (?=[a-z])", re.I)
_NUMBERED = re.compile(
    r"^(?:(?:R|L|LP|Rec(?:ommendation)?|Lesson|Learning point)\.? ?\d{1,2}[.:)]+\s*"
    r"|\(?(?:[a-z]|[ivx]{2,4})[.)]\s+(?=\w))",
    re.I,
)
# A sentence that lost its first words, so that it begins small behind the one before it.
_JOINED = re.compile(r"(?<=[a-z]{4}[.?!]) (?=[a-z])")
_PIECES = re.compile(r"[;:]|,\s|\s[–—-]\s|\bbecause\b|\bwhich\b|\band that\b")
# The end of an enumeration, as "the room or the record is a reason": its head is lost.
_LISTED = re.compile(r"\s*(?:(?:an?|the) )?[\w’'-]+ (?:and|or)\b", re.I)
_SHOULD = re.compile(r"^.{0,90}?\b(?:should|must|need to|needs to) (?=\w)", re.I)


@dataclass(frozen=True, slots=True)
class Usage:
    """How often each word of the corpus is written small, and how often with a capital."""

    small: Mapping[str, int]
    capital: Mapping[str, int]


def usage(texts: Iterable[str]) -> Usage:
    """Count small and capital spellings inside sentences, by the word in small letters."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for word in _WORD.findall(_LABEL.sub(" ", text)):
            (small if word[0].islower() else capital)[word.lower()] += 1
    return Usage(small, capital)


def candidates(texts: Sequence[str], used: Usage) -> tuple[str, ...]:
    """Clauses of the texts that could be a title, the one nearest to all of them first.

    A candidate has no name, pronoun, bracketed label or figure, and stands in one of the texts
    but for an article before it and labels that only say where or whose. The answer depends on
    the set of texts, not on their order.
    """
    weights = _weights(texts)
    found: dict[str, tuple[float, str]] = {}
    for clause, said in (row for text in sorted(set(texts)) for row in _clauses(text)):
        for strict in (True, False):
            title, cut = _clean(clause, used, wordings(), strict=strict)
            if title:
                less = (CUT if cut else 1.0) * (1.0 if strict else VAGUE) * _whole(title, said)
                less *= 1.0 if _says(title.split()) >= SAID else THIN
                merit = round(_merit(title, weights) * less, 6)
                found[title.lower()] = max(found.get(title.lower(), (0.0, "")), (merit, title))
    return tuple(t for _, t in sorted(found.values(), key=lambda row: (-row[0], row[1])))


def _clauses(text: str) -> Iterator[tuple[str, int]]:
    """Parts of the sentences that teach, each with the number of words of its sentence."""
    breaks = wordings().breaks
    flat = " ".join(text.split())
    parts = (part for span in strongest(flat) for part in _JOINED.split(span.of(flat)))
    for part in parts:
        plain = _NUMBERED.sub("", _GLYPH.sub("", part))
        sentence = _ADDRESSED.sub("", _ASIDE.sub("", unopened(plain)), count=1)
        said = len(_content(_LABEL.sub(" ", sentence)))
        yield breaks.split(sentence, maxsplit=1)[0], said
        for bare in (_SHOULD.sub("", sentence, count=1), sentence):
            yield bare, said
            for number, piece in enumerate(_PIECES.split(bare)):
                if number == 0 or not _LISTED.match(piece):
                    yield breaks.split(unopened(piece), maxsplit=1)[0], said


def _clean(clause: str, used: Usage, lists: Wordings, *, strict: bool) -> tuple[str, bool]:
    """The clause as a headline and whether it had to be cut; "" where it cannot be one."""
    words = _TOKEN.findall(_WAS_NOT.sub(r"\1", clause.strip(" ,.;:-–'\"“”‘’")))
    while words and words[0].lower() in _ARTICLE:
        words = words[1:]
    whole = len(words)
    barred = lists.banned | lists.vague if strict else lists.banned
    words = _trimmed(_cut(_sound(words, barred, used, lists)), lists)
    least = SHORTEST if len(words) == whole else SHORTEST_CUT
    if not least <= len(words) <= LONGEST:
        return "", False
    if _says(words) < LEAST_SAID or (strict and _PARTICIPLE.match(words[0])):
        return "", False
    title = " ".join(_cased(word, used, lists) or word for word in words).rstrip(",;:.")
    return title[0].upper() + title[1:], len(words) < whole


def _sound(words: list[str], barred: frozenset[str], used: Usage, lists: Wordings) -> list[str]:
    """The words before the first that may not stand in a title: a label, a figure, a name."""
    for at, word in enumerate(words):
        if _NO_WORD.search(word) or _bare(word) in barred or _cased(word, used, lists) is None:
            return words[:at]
    return words


def _says(words: Sequence[str]) -> int:
    """How many of the words mean something by themselves.

    >>> _says("adult has been seen".split()), _says("information was not shared".split())
    (1, 3)
    """
    lists = wordings()
    empty = (lists.weak_ends | lists.weak_starts | lists.vague | lists.banned) - _DENIES
    return len({_bare(word) for word in words} - empty)


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.lower().strip(".,;:"))


def _cut(words: list[str]) -> list[str]:
    """At most LONGEST words, ending before a word that joins two parts."""
    if len(words) <= LONGEST:
        return words
    joints = [i for i in range(4, LONGEST + 1) if words[i].lower() in _FUSED]
    return words[: joints[-1]] if joints else []


def _trimmed(words: list[str], lists: Wordings) -> list[str]:
    while words and words[-1].lower() in lists.weak_ends:
        words = words[:-1]
    return [] if words and words[0].lower() in lists.weak_starts else words


def _cased(word: str, used: Usage, lists: Wordings) -> str | None:
    """The word in small letters; None where its capital could be that of a name."""
    bare = re.sub(r"['’]s?$", "", word)
    if word[0].islower():
        return word if word.lower() == word else None
    if bare in lists.acronyms:
        return word
    if bare in lists.capitals:
        return word.lower()
    low = bare.lower()
    if word.isupper() and len(word) > 1:
        return None
    common = used.small.get(low, 0) >= max(1, used.capital.get(low, 0) / 3)
    return word.lower() if common and word[1:].islower() else None


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|ly)$", "", word.lower())


def _content(text: str) -> list[str]:
    lists = wordings()
    words = (word for word in _WORD.findall(text) if len(word) > 2)
    return [_stem(w) for w in words if w.lower() not in lists.weak_ends | lists.banned]


def _weights(texts: Sequence[str]) -> dict[str, float]:
    """In what share of the texts each content word stands."""
    shares: Counter[str] = Counter()
    for text in texts:
        shares.update(set(_content(_LABEL.sub(" ", text))))
    return {word: count / len(texts) for word, count in shares.items()}


def _whole(title: str, said: int) -> float:
    """Less for a scrap of a long sentence: it rarely says what the sentence says."""
    return 0.4 + 0.6 * min(1.0, len(_content(title)) / max(1, min(said, FULL)))


_FORM = re.compile(
    r"^(?:lack|absence|failure|need|delay|gap|shortage|insufficient|inadequate|poor|limited|no|"
    r"confusion|inconsistent|unclear|incomplete|missed|ensur\w+|review|provide|improv\w+|not)\b",
    re.I,
)


def _merit(title: str, weights: Mapping[str, float]) -> float:
    """How much of what the texts share is in the title, for its length."""
    words = set(_content(title))
    length = len(title.split())
    shared = sum(weights.get(word, 0.0) for word in words)
    form = 0.25 if _FORM.match(title) else 0.0
    return round(shared / (1 + 0.12 * abs(length - IDEAL)) + form, 6)


def fallback(theme_title: str, texts: Sequence[str], used: Usage) -> str:
    """The theme and the words that the texts share most, where no clause can be a title."""
    lists = wordings()
    shares: Counter[str] = Counter()
    for text in texts:
        words = {w.lower() for w in _WORD.findall(_LABEL.sub(" ", text)) if len(w) > 4}
        shares.update(w for w in words if used.small.get(w, 0) > used.capital.get(w, 0))
    best = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    empty = lists.weak_ends | lists.banned | lists.vague | set(theme_title.lower().split())
    top = [w for w, _ in best if w not in empty][:3]
    if not top:
        return theme_title
    return f"{theme_title}: {', '.join(top)}" if theme_title else ", ".join(top).capitalize()
