"""A short title for a lesson, in the words of the reviews that say it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.safe import title_end
from pipeline.safe.claim import GRANTED, Wordings, opened, strongest, wordings
from pipeline.safe.sentence import sentences
from pipeline.safe.traits import nameless
from pipeline.span import Span

SHORTEST, LONGEST = 3, 16  # words of a title
SHORTEST_CUT = 5  # of one that is the beginning of a clause
SHORTEST_RUN = 4  # of one that is taken from the middle of a sentence
IDEAL = 9
CUT, VAGUE = 0.6, 0.7  # what a title loses that was cut, or that has a word of little meaning
FULL = 6  # words with a meaning of their own that say enough of any sentence
RARE = 3  # capitals of a word, up to which a list of ordinary words says whether it is a name
LEAST_SAID = 3  # words with a meaning of their own, with fewer of which nothing is said
SAID, THIN = 4, 0.6  # with fewer than so many a title says little, and loses this much
_DENIES = frozenset({"not", "no", "never", "without", "lack", "failure"})
_LABEL = re.compile(r"\[[^\]]*\]")
_TOKEN = re.compile(r"[^\s]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’&-]*")
_NO_WORD = re.compile(r"[\[\]\d@*/%£…]")
_GLYPH = re.compile(r"^\W*(?:[•·▪◦●○■□➢✓\uf0b7\uf0a7*–—−-]|\bo(?=\s))\s*")
_ARTICLE = frozenset({"a", "an", "the"})
# "was not shared" reads "not shared" in a title; "is not a risk" must stay whole.
_WAS_NOT = re.compile(
    r"^((?:(?!\b(?:who|which|that)\b).)*?)\b(?:is|are|was|were|has been|have been|had been) "
    r"(not|never)\b(?! (?:an?|the|in|at|on|only|just|simply|merely|about|to|who|what|one)\b)",
    re.I,
)
# A label that only says where or whose: the sentence reads on without it.
_ASIDE = re.compile(
    r" (?:in|across|at|by|of|from|with|within|for) \[[^\]]*\]"
    r"(?=[,.;:]|\s*$| (?:has|have|had|is|are|was|were|did|does|do|will|would|should|could|can|may|"
    r"must|needs?|and|or|to|of|in|on|for|with|by|at|from|who|which|that|when|where|as|after|before)\b)"
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
_PIECES = re.compile(r"[;:]|,\s|\s[–—-]\s|\bbecause\b|\band that\b")
# What turns round or grants what stands behind it, in the same clause.
_GOVERNS = re.compile(
    r"\b(?:no|not|never|nor|neither|nobody|without|unless|cannot|whether|if|lack|absence|fail\w*|"
    r"whil(?:e|st)|although|though|despite)\b|n[’']t\b",
    re.I,
)
_ASKS = frozenset({"what", "how", "why"})  # a title may begin so, if it is long enough
LONG = 6
_STOPS = re.compile(r"[.;:?!()“”\"–—]\s*|,\s|\s-\s")
# The end of an enumeration, as "the room or the record is a reason": its head is lost.
_LISTED = re.compile(r"\s*(?:(?:an?|the) )?[\w’'-]+ (?:and|or)\b", re.I)
_SHOULD = re.compile(r"^.{0,90}?\b(?:should|must|need to|needs to) (?=\w)", re.I)


_ASIDES = re.compile(
    r"\s*\([^()]{0,80}\)|,\s(?:while|whilst|although|though|even if)\b[^,.;]{3,90},(?=\s)"
)
_WHOSE = re.compile(r"\b(?:its|their|his|her) (?=[a-z])", re.I)
# A label that does a thing: "[police force] review how" asks for a review.
_DOER = re.compile(
    r"^\[[^\]]*\] (?=(?:review|ensure|train|introduce|consider|develop|provide|audit|establish|"
    r"agree|publish|remind|revise|seek|share)s?\b)",
    re.I,
)


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
    weights = _weights([_teaching(text) for text in texts])
    found: dict[str, tuple[float, str]] = {}
    for clause, said in (row for text in sorted(set(texts)) for row in _clauses(text)):
        for strict in (True, False):
            title, cut = _clean(clause, used, wordings(), strict=strict)
            if title:
                less = (CUT if cut else 1.0) * (1.0 if strict else VAGUE) * _whole(title, said)
                less *= 1.0 if says(title.split()) >= SAID else THIN
                merit = round(_merit(title, weights) * less, 6)
                found[title.lower()] = max(found.get(title.lower(), (0.0, "")), (merit, title))
    return tuple(t for _, t in sorted(found.values(), key=lambda row: (-row[0], row[1])))


def _teaching(text: str) -> str:
    flat = " ".join(text.split())
    return " ".join(span.of(flat) for span in strongest(flat))


def _plain(sentence: str) -> str:
    """A sentence without the sign or number of its list and without what it puts in between."""
    return _NUMBERED.sub("", _GLYPH.sub("", _ASIDES.sub("", sentence)))


def _stated(flat: str, found: Sequence[Span]) -> Iterator[Span]:
    """The sentences, but for those that ask how, what or why."""
    for span in found:
        first, *_ = _bare(opened(span.of(flat))).split() or [""]
        if not (span.of(flat).endswith("?") and first in _ASKS):
            yield span


def _clauses(text: str) -> Iterator[tuple[str, int]]:
    """Parts of the sentences that teach, each with the number of words of its sentence."""
    breaks = wordings().breaks
    flat = " ".join(text.split())
    stated = _stated(flat, strongest(flat))
    for part in (part for span in stated for part in _JOINED.split(span.of(flat))):
        plain = _said(_plain(part))
        bare = _DOER.sub("", _ASIDE.sub("", plain))
        sentence = _ADDRESSED.sub("", bare, count=1)
        said = len(_content(_LABEL.sub(" ", sentence)))
        yield breaks.split(sentence, maxsplit=1)[0], said
        for bare in (_SHOULD.sub("", sentence, count=1), sentence, _WHOSE.sub("", sentence)):
            yield bare, said
            for piece in _pieces(bare, _PIECES):
                yield breaks.split(opened(piece), maxsplit=1)[0], said


def _pieces(sentence: str, parted: re.Pattern[str]) -> Iterator[str]:
    """The parts of a sentence that say by themselves what they say in it.

    >>> list(_pieces("no way that an agent, a nurse and a clerk can tell; it was late", _PIECES))
    ['no way that an agent', ' it was late']
    """
    start = clause = 0
    for end, behind, mark in [
        *((m.start(), m.end(), m.group()) for m in parted.finditer(sentence)),
        (len(sentence), len(sentence), ""),
    ]:
        piece, before = sentence[start:end], sentence[clause:start]
        if start == 0 or not (_LISTED.match(piece) or _GOVERNS.search(before)):
            yield piece
        start = behind
        if mark.strip() in {";", ":", ".", "?", "!"}:
            clause = behind


def _said(sentence: str) -> str:
    """What a sentence says behind what it grants, and as much of its opening as it needs.

    >>> _said("I heard that whilst there is new training, no tools were bought.")
    'no tools were bought.'
    >>> _said("What a child says has to be heard.")
    'What a child says has to be heard.'
    """
    rest = opened(sentence)
    if not GRANTED.match(rest):
        return rest
    _, comma, behind = rest.partition(", ")
    return _said(behind) if comma and len(behind.split()) >= SHORTEST else rest


def _clean(clause: str, used: Usage, lists: Wordings, *, strict: bool) -> tuple[str, bool]:
    """The clause as a headline and whether it had to be cut; "" where it cannot be one."""
    words = _TOKEN.findall(_WAS_NOT.sub(r"\1\2", clause.strip(" ,.;:-–'\"“”‘’"), count=1))
    while words and words[0].lower() in _ARTICLE:
        words = words[1:]
    whole = len(words)
    barred = lists.banned | lists.vague if strict else lists.banned
    sound = title_end.shortened(_sound(words, barred, used, lists), LONGEST)
    words = title_end.ended(sound, lists, cut=len(sound) < whole)
    least = SHORTEST if len(words) == whole else SHORTEST_CUT
    if not least <= len(words) <= LONGEST or not _may_begin(words, lists):
        return "", False
    if says(words) < LEAST_SAID or (strict and title_end.PARTICIPLE.match(words[0])):
        return "", False
    title = " ".join(_cased(word, used, lists) or word for word in words).rstrip(",;:.")
    return title[0].upper() + title[1:], len(words) < whole


def _sound(words: list[str], barred: frozenset[str], used: Usage, lists: Wordings) -> list[str]:
    """The words before the first that may not stand in a title: a label, a figure, a name."""
    for at, word in enumerate(words):
        if _NO_WORD.search(word) or _bare(word) in barred or _cased(word, used, lists) is None:
            return words[:at]
    return words


def says(words: Sequence[str]) -> int:
    """How many of the words mean something by themselves.

    >>> says("adult has been seen".split()), says("information was not shared".split())
    (1, 3)
    """
    lists = wordings()
    empty = (lists.weak_ends | lists.weak_starts | lists.vague | lists.banned) - _DENIES
    return len({_bare(word) for word in words} - empty)


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.lower().strip(".,;:"))


def _may_begin(words: Sequence[str], lists: Wordings) -> bool:
    first = words[0].lower()
    tells = first in _ASKS and len(words) >= LONG and not words[-1].endswith("?")
    return (first not in lists.weak_starts or tells) and not _hangs(words)


def _hangs(words: Sequence[str]) -> bool:
    """Whether it is only said without what, and not what happened then."""
    return words[0].lower() == "without" and not any(word.endswith(",") for word in words)


def _cased(word: str, used: Usage, lists: Wordings) -> str | None:
    """The word in small letters; None where its capital could be that of a name."""
    bare = re.sub(r"['’]s?$", "", word)
    if word[0].islower():
        return word if word.lower() == word else None
    if bare in lists.acronyms or (bare.endswith("s") and bare[:-1] in lists.acronyms):
        return word
    if bare in lists.capitals:
        return word.lower()
    low = bare.lower()
    if word.isupper() and len(word) > 1:
        return None
    large = used.capital.get(low, 0)
    common = used.small.get(low, 0) >= max(1, large / 3) or (large <= RARE and low in nameless())
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
    """The longest run of words that may stand in a title, where no clause can be one.

    Where there is no such run, the theme and the words that the texts share most.
    """
    ordered = sorted(set(texts))
    runs = [run for text in ordered for run in _runs(text, used, strongest)]
    runs = runs or [run for text in ordered for run in _runs(text, used, sentences)]
    if runs:
        run = min(runs, key=lambda row: (-says(row), len(row), row))
        title = " ".join(_cased(word, used, wordings()) or word for word in run).rstrip(",;:.")
        return title[0].upper() + title[1:]
    return _shared(theme_title, texts, used)


def _runs(text: str, used: Usage, chosen: Callable[[str], Sequence[Span]]) -> Iterator[list[str]]:
    """Stretches of the sentences that are chosen in which every word may stand in a title."""
    lists = wordings()
    flat = " ".join(text.split())
    for span in _stated(flat, chosen(flat)):
        sentence = _WHOSE.sub("", _said(_plain(span.of(flat))))
        for piece in _pieces(sentence, _STOPS):
            words, at = _TOKEN.findall(piece), 0
            while at < len(words) and not _GOVERNS.search(" ".join(words[:at])):
                sound = _sound(words[at:], lists.banned, used, lists)
                begun = title_end.shortened(_begun(sound, lists), LONGEST)
                run = title_end.ended(begun, lists, cut=True)
                enough = len(run) >= SHORTEST_RUN and says(run) >= LEAST_SAID
                if enough and not (_hangs(run) or title_end.PARTICIPLE.match(run[0])):
                    yield run
                at += len(sound) + 1


def _begun(words: list[str], lists: Wordings) -> list[str]:
    """The words from the first on that may begin a title; a denial among those before it stays.

    >>> " ".join(_begun("had not been able to visit".split(), wordings()))
    'not able to visit'
    """
    weak = (lists.weak_starts | _ARTICLE) - _ASKS
    at = next((n for n, word in enumerate(words) if word.lower() not in weak), len(words))
    left = [word for word in words[:at] if _GOVERNS.fullmatch(word)]
    if left and left[-1].lower() not in _DENIES:
        return []
    return [*left[-1:], *words[at:]]


def _shared(theme_title: str, texts: Sequence[str], used: Usage) -> str:
    """The theme and the words that the texts share most."""
    lists = wordings()
    shares: Counter[str] = Counter()
    for text in texts:
        words = {_bare(w) for w in _WORD.findall(_LABEL.sub(" ", text)) if len(w) > 4}
        shares.update(w for w in words if used.small.get(w, 0) > used.capital.get(w, 0))
    best = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    empty = lists.weak_ends | lists.banned | lists.vague | set(theme_title.lower().split())
    top = [w for w, _ in best if w not in empty][:3]
    if not top:
        return theme_title
    return f"{theme_title}: {', '.join(top)}" if theme_title else ", ".join(top).capitalize()
