"""Training needs: where reviews find training wanting or ask for it, on what and for whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.safe.agencies import NOT_SAID, agencies, spoken_to
from pipeline.safe.evidence import Quote, bare, quote
from pipeline.safe.lesson import Passage, Role, Theme
from pipeline.safe.sentence import around, sentences
from pipeline.safe.theme import evidence
from pipeline.safe.trends import FOUND, PROCESS, TEACHING
from pipeline.safe.trends_share import Share
from pipeline.span import Span

TRAINING = "D8"  # the theme of training and competence
OTHER = ""  # the topic meets no theme, or is not said

_WORD = re.compile(
    r"\b(?:training|trained|briefings?|inductions?|refresher|learning events?)\b", re.I
)
# What stands between the word and what the training is on.
_ON = re.compile(
    r"\b(?:(?:training|briefings?|inductions?|learning events?|skills)"
    r"(?: (?:courses?|sessions?|programmes?|packages?|days?|materials?))?|trained|briefed)"
    r"(?: (?:was|were|is|are|be|to be|that is|which is|provided|given|offered|delivered|needed"
    r"|required))*(?: for(?: [\w’'-]+){1,6}?)?"
    r" (?:(?:in relation to|in respect of|relating to|on|in|about|around|regarding|concerning"
    r"|covering|(?:should|must|to) (?:include|cover|address)) (?:(?:how|when|whether) to )?"
    r"|to (?=(?:recogni|identif|assess|respond|manag|work|use|understand|ask)))"
    r"(?!(?:place|order|full|general|particular|line|time|place|post|\d|\[|january|february|march"
    r"|april|may|june|july|august|september|october|november|december"
    r"|(?:an?|the) (?:[\w-]+ )?basis"
    r"|(?:their|its|this|that|the) (?:own )?(?:role|agency|area|board|work|team|review))\b)",
    re.I,
)
# "Include hoarding in its training": the subject stands before the word.
_INTO = re.compile(
    r"\b(?:include|cover|embed|address|add|put) ([^.;:,]{4,90}?) (?:in|into|within|to)"
    r"(?: (?:its|their|the|all|any|core|induction|mandatory|multi-agency|safeguarding|staff)){0,4}"
    r" training\b",
    re.I,
)
_STAFF = (
    r" for (?:[\w-]+ ){0,3}(?:staff|practitioners?|professionals|workers?|managers|leaders|officers"
    r"|visitors|nurses|midwives|teachers|carers|doctors|agencies)\b"
)
_TOPIC_ENDS = re.compile(
    rf"{_STAFF}"
    r"|[.;:()]|,? (?:so that|because|should|must|was|were|is|are|had|has|have|will|so as to"
    r"|in order to|and (?:that|this|to|should))\b|, (?:which|who)\b",
    re.I,
)
_GOES_ON = re.compile(
    r"(?:that|including|such as|as well as|particularly|especially)\b",
    re.I,
)
_CLAUSE = re.compile(r", (?:and )?(?:which|who|there|they|it|this|he|she)\b", re.I)
_LAST = re.compile(r",? and (?=\S)")
_TAIL = re.compile(r"(?:[ ,]+(?:and|or|who|which|that|the|a))*[ ,]*$")
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b(?:morning|afternoon|evening|night|day) of\b|^\W*$", re.I)
_LONGEST = 140  # characters of a topic


@dataclass(frozen=True, slots=True)
class Need:
    """One training need, with every place that states it.

    `topic` is an exact part of each quotation, "" where none is said; `who` are the agencies
    that the quotations speak of.
    """

    theme: str
    topic: str
    who: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Training:
    """The training needs that go with one theme; `title` is "" where they go with none."""

    theme: str
    title: str
    share: Share
    needs: tuple[Need, ...]


def training(
    passages: Iterable[Passage], themes: Sequence[Theme], inside: Collection[str]
) -> tuple[Training, ...]:
    """The training needs of the reviews of a period by theme, the most met first."""
    own = [theme for theme in themes if theme.code != TRAINING and theme.group != PROCESS]
    found: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for passage in passages:
        if passage.review in inside and asks_for_training(passage):
            for need in needs(passage, own):
                said = need.topic or bare(need.quotes[0].text)
                found[need.theme, said.lower()].append(need)
    by_theme: dict[str, list[Need]] = defaultdict(list)
    for (code, _), same in sorted(found.items()):
        by_theme[code].append(_merged(same))
    titles = {theme.code: theme.title for theme in themes}
    made = [
        Training(
            code,
            titles.get(code, ""),
            Share(len({q.review for need in rows for q in need.quotes}), len(inside)),
            tuple(sorted(rows, key=lambda n: (not n.topic, -len(n.quotes), n.quotes[0].text))),
        )
        for code, rows in by_theme.items()
    ]
    return tuple(sorted(made, key=lambda t: (t.theme == OTHER, -t.share.part, t.title)))


def _merged(same: Sequence[Need]) -> Need:
    """The same need of several places as one."""
    quotes = {quote for need in same for quote in need.quotes}
    ordered = sorted(quotes, key=lambda q: (q.review, q.span, q.text))
    spoken = {name for need in same for name in need.who} - {NOT_SAID}
    who = tuple(agency.name for agency in agencies() if agency.name in spoken)
    first = min(same, key=lambda need: (need.quotes[0].review, need.quotes[0].span, need.topic))
    return Need(first.theme, first.topic, who or (NOT_SAID,), tuple(ordered))


def asks_for_training(passage: Passage) -> bool:
    """Whether a passage finds training wanting or asks for it: its theme, or a recommendation."""
    if passage.role not in TEACHING or not _WORD.search(passage.text):
        return False
    marked = any(m.code == TRAINING and m.polarity in FOUND for m in passage.themes)
    return marked or passage.role is Role.RECOMMENDATION


def needs(passage: Passage, themes: Sequence[Theme]) -> Iterator[Need]:
    """The needs of a passage, one a topic; one without a topic where it says none."""
    text = passage.text
    found = list(_topics(text))
    for span in found:
        sentence = around(text, span, most=400)
        yield Need(
            _theme_of(span.of(text), themes),
            span.of(text),
            _who(text, sentence),
            (quote(passage, bare(sentence.of(text))),),
        )
    if not found:
        word = _WORD.search(text)
        if word is not None:
            sentence = around(text, Span(*word.span()), most=400)
            said = quote(passage, bare(sentence.of(text)))
            yield Need(OTHER, "", _who(text, sentence), (said,))


def topics(text: str) -> tuple[str, ...]:
    """What training is asked for on, each an exact part of the text.

    >>> topics("There were gaps in training on hoarding, use of restraint, and fire risk.")
    ('hoarding', 'use of restraint', 'fire risk')
    >>> topics("Training was good.")
    ()
    """
    return tuple(span.of(text) for span in _topics(text))


def _topics(text: str) -> Iterator[Span]:
    for sentence in sentences(text):
        for match in _ON.finditer(text, sentence.start, sentence.end):
            end = _TOPIC_ENDS.search(text, match.end(), sentence.end)
            yield from _listed(text, match.end(), end.start() if end else sentence.end)
        for match in _INTO.finditer(text, sentence.start, sentence.end):
            yield Span(*match.span(1))


def _listed(text: str, start: int, end: int) -> Iterator[Span]:
    """The parts of a list with commas; the whole stretch where it is no list."""
    whole = _CLAUSE.split(text[start:end], maxsplit=1)[0].rstrip(" .,")
    cuts = [m.end() for m in re.finditer(r", (?:and )?", whole)]
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    if len(pieces) < 3 and not re.search(r", and ", whole):
        pieces = _two(whole) if len(pieces) == 2 else [whole]
    elif ", and " not in whole and (last := list(_LAST.finditer(pieces[-1]))):
        at = last[-1].end()
        pieces[-1:] = [pieces[-1][:at], pieces[-1][at:]]
    at = start
    for piece in pieces:
        said = _TAIL.sub("", piece)
        fits = 0 < len(said) <= _LONGEST and not _DAY.search(said)
        if fits and not _GOES_ON.match(said):
            yield Span(at, at + len(said))
        at += len(piece)


def _two(whole: str) -> list[str]:
    """`a, b and c` is a list; `a, b` is one thing said twice."""
    first, _, second = whole.partition(", ")
    last = list(_LAST.finditer(second))
    if not last:
        return [whole]
    at = last[-1].end()
    return [f"{first}, ", second[:at], second[at:]]


def _theme_of(topic: str, themes: Sequence[Theme]) -> str:
    best = [(len(evidence(theme, topic)), theme.code) for theme in themes]
    most = max(best, default=(0, OTHER), key=lambda found: found[0])
    return most[1] if most[0] else OTHER


def _who(text: str, sentence: Span) -> tuple[str, ...]:
    return spoken_to(sentence.of(text)) or (NOT_SAID,)
