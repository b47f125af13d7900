"""A lesson told: its title, quotation, theme, counts and stance, all from its own passages."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.safe.claim import strongest
from pipeline.safe.cues import NUMBER
from pipeline.safe.embed import Vectors
from pipeline.safe.lesson import NOT_STATED, Lesson, Passage, Polarity, Theme
from pipeline.safe.sentence import sentences
from pipeline.safe.title import Usage, candidates, fallback
from pipeline.span import Span

if TYPE_CHECKING:
    from pipeline.safe.group import Matrix

UNTHEMED = "none"
QUOTE_LONGEST = 320  # characters
THEME_SHARE = 0.25  # of the reviews of a lesson that must have its theme
SHORT = 24  # characters; so short a sentence is not quoted alone
FULLEST = 40  # claims that a title is looked for in
NEAREST = 8  # title candidates and sentences that are weighed by meaning


_GLYPH = re.compile(r"\s*(?:[•·▪◦‣●○■□➢✓\uf0b7\uf0a7*–—−-]+|o(?=\s+\S))\s+")
# What counts a point and says nothing of it: "Learning point 3:", "R2.", "Lesson two."
_COUNT = (
    r"(?:\d{1,2}(?:\.\d{1,2})*|[a-z]\b"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_LABELLED = re.compile(
    r"\W*(?:(?:key |overview |single[- ]agency |national )?(?:lessons?|learning(?: points?)?|"
    rf"findings?|recommendations?|good practice(?: points?)?|actions?)\s*(?:{_COUNT}\s*[:.–—-]|:)|"
    r"R\d{1,2}(?:\.\d{1,2})*\s*[:.–—-])+\s+",
    re.I,
)
# A sentence that opens so leans on the one before it.
_LEANS = re.compile(
    r"\W*(?:this(?! (?:review|report|case)\b)|that(?! (?:the|all|each|every|an?|no|\[)\b)(?! \[)"
    r"|it(?! (?:is|was|would be) \w+ (?:to|that|for)\b)"
    r"|these|those|they|he|she|such|his|her|their|its)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Learning points that make the same claim in the same words, labels apart.

    `side` is what must not be mixed: "against" with themes, "praise" or "rest". Approved passages
    go first.
    """

    text: str
    side: str
    passages: tuple[Passage, ...]
    themes: frozenset[str]


@dataclass(slots=True)
class Teller:
    """Makes lessons of groups of claims; no two of them with the same title."""

    matrix: Matrix
    encode: Vectors
    years: Mapping[str, str]
    themes: Sequence[Theme]
    used: Usage
    titles: set[str] = field(default_factory=set)

    def name(self, claims: Sequence[Claim], rows: Sequence[int], taken: Collection[str]) -> str:
        """An id from the words of the central claim, and one that is not taken."""
        text = claims[self._nearest_first(rows)[0]].text
        for salt in range(1000):
            stem = hashlib.sha256(f"{text}{salt or ''}".encode()).hexdigest()[:8]
            if f"L{stem}" not in taken:
                return f"L{stem}"
        raise ValueError("a thousand lessons have the same central claim")

    def tell(
        self,
        name: str,
        claims: Sequence[Claim],
        rows: Sequence[int],
        stability: float,
        before: Lesson | None,
    ) -> Lesson:
        """The lesson; title and quotation stay as they were in the last run where they can."""
        passages = sorted(
            (p for one in claims for p in one.passages), key=lambda p: (p.review, p.span.start)
        )
        reviews = tuple(sorted({p.review for p in passages}))
        theme = self._theme(passages)
        kept = _kept(before, passages)
        if kept is None or kept[0] in self.titles:
            title = self._title(claims, rows, theme)
            quote, where = self._quote(claims, rows, title)
        else:
            title, quote, where = kept
        self.titles.add(title)
        first, last = span_of_years(reviews, self.years)
        return Lesson(
            id=name,
            title=title,
            theme=theme,
            reviews=reviews,
            of=len(set(self.years) | set(reviews)),
            first=first,
            last=last,
            known=len(reviews) > 1,
            stance=stance(passages),
            stability=stability,
            passages=tuple((p.review, p.id) for p in passages),
            quote=quote,
            quote_from=where,
            draft=any(p.draft for p in passages),
        )

    def _nearest_first(self, rows: Sequence[int]) -> list[int]:
        """The places in `rows`, from the claim that is nearest to all the others on."""
        near = (self.matrix[list(rows)] @ self._sum(rows)).round(4).tolist()
        return sorted(range(len(rows)), key=lambda i: (-near[i], i))

    def _sum(self, rows: Sequence[int]) -> Matrix:
        total: Matrix = self.matrix[list(rows)].sum(axis=0)
        return total

    def _theme(self, passages: Sequence[Passage]) -> str:
        """The theme that most reviews of the lesson have, if enough do; stronger marks first."""
        reviews: dict[str, set[str]] = {}
        weight: Counter[str] = Counter()
        for passage in passages:
            for mark in passage.themes:
                if mark.polarity is not Polarity.NEGATED:
                    reviews.setdefault(mark.code, set()).add(passage.review)
                    weight[mark.code] += round(mark.score * 1000)
        order = {theme.code: i for i, theme in enumerate(self.themes)}
        best = sorted(
            reviews, key=lambda c: (-len(reviews[c]), -weight[c], order.get(c, len(order)), c)
        )
        least = len({p.review for p in passages}) * THEME_SHARE
        return best[0] if best and len(reviews[best[0]]) >= least else UNTHEMED

    def _approved(self, claims: Sequence[Claim], rows: Sequence[int]) -> list[int]:
        """The claims that an approved text makes, nearest first; all where none does."""
        order = self._nearest_first(rows)
        return [i for i in order if not claims[i].passages[0].draft] or order

    def _quote(
        self, claims: Sequence[Claim], rows: Sequence[int], title: str
    ) -> tuple[str, tuple[str, str]]:
        """An exact part of the most central passage that has the words of the title."""
        order = self._approved(claims, rows)
        words = title.lower().split()
        holds = [i for i in order if all(w in claims[i].passages[0].text.lower() for w in words)]
        shown = [
            (quotation(p.text, title), p) for i in holds or order for p in claims[i].passages[:1]
        ]
        quote, passage = next((row for row in shown if not leans(row[0])), shown[0])
        return quote, (passage.review, passage.id)

    def _title(self, claims: Sequence[Claim], rows: Sequence[int], theme: str) -> str:
        texts = [claims[i].passages[0].text for i in self._approved(claims, rows)[:FULLEST]]
        found = [t for t in candidates(texts, self.used) if t not in self.titles][:NEAREST]
        if found:
            return found[0] if len(rows) == 1 else self._nearest(found, rows)
        titles = {one.code: one.title for one in self.themes}
        plain = fallback(titles.get(theme, ""), texts, self.used) or "Untitled"
        title, number = plain, 2
        while title in self.titles:
            title, number = f"{plain} ({number})", number + 1
        return title

    def _nearest(self, found: Sequence[str], rows: Sequence[int]) -> str:
        """Of the best candidates, the one whose meaning is nearest to the whole lesson."""
        near = (self.encode(found) @ self._sum(rows)).round(4).tolist()
        best = max(range(len(found)), key=lambda i: (near[i] - 0.01 * i * len(rows), -i))
        return found[best]


def _kept(
    before: Lesson | None, passages: Sequence[Passage]
) -> tuple[str, str, tuple[str, str]] | None:
    """The title and quotation of the last run, where the quotation still stands."""
    if before is None or not before.title or not before.quote:
        return None
    texts = {(p.review, p.id): p for p in passages}
    source = texts.get(before.quote_from)
    if source is None or before.quote not in source.text:
        return None
    if source.draft and not all(p.draft for p in passages):
        return None
    return before.title, before.quote, before.quote_from


def stance(passages: Sequence[Passage]) -> str:
    """Which side the passages take: "for", "against", "both" or "none"."""
    how = {mark.polarity for passage in passages for mark in passage.themes}
    both = {Polarity.FOR, Polarity.AGAINST} & how
    if len(both) == 2:
        return "both"
    return both.pop().value if both else "none"


def span_of_years(reviews: Sequence[str], years: Mapping[str, str]) -> tuple[str, str]:
    """The first and the last year that the reviews state; "not stated" where none does."""
    stated = sorted(y for r in reviews if (y := years.get(r, NOT_STATED)) != NOT_STATED)
    return (stated[0], stated[-1]) if stated else (NOT_STATED, NOT_STATED)


def quotation(text: str, title: str = "") -> str:
    """The sentence of a passage that has most of a title's words, and those that go with it.

    One exact stretch of the text, without the sign, number or label of a list before it, of at
    most 320 characters.

    >>> quotation("He was seen in May. Records were not shared. He went home.")
    'Records were not shared.'
    >>> quotation("(2) No plan was made. Records were not shared.", "Records not shared")
    'Records were not shared.'
    >>> quotation("o Lesson two. Records must be shared.", "Records must be shared")
    'Records must be shared.'
    """
    best = strongest(text) or sentences(text)
    words = set(title.lower().split())
    alone = [not leans(s.of(text)) for s in best]
    hits = [sum(word in s.of(text).lower() for word in words) for s in best]
    first = max(range(len(best)), key=lambda n: (hits[n], alone[n], -n))
    span = _with_neighbours(best[first], sentences(text), text)
    return _shortened(_unlabelled(span.of(text)))


def _with_neighbours(span: Span, found: Sequence[Span], text: str) -> Span:
    """A sentence, with the one before it where it leans on that, or after it where it is short."""
    at = next(n for n, one in enumerate(found) if one.overlaps(span))
    if at > 0 and leans(span.of(text)) and span.end - found[at - 1].start <= QUOTE_LONGEST:
        span = Span(found[at - 1].start, span.end)
    for one in (*found[at + 1 :], *reversed(found[:at])):
        wider = Span(min(span.start, one.start), max(span.end, one.end))
        if len(_unlabelled(span.of(text))) < SHORT and len(wider) <= QUOTE_LONGEST:
            span = wider
    return span


def leans(sentence: str) -> bool:
    """Whether a sentence opens with a word that stands for something said before it.

    >>> leans("This was not done."), leans("Nobody did this.")
    (True, False)
    """
    return _LEANS.match(_unlabelled(sentence)) is not None


def _unlabelled(quote: str) -> str:
    """A quotation without the sign, the number or the label that its list puts before it."""
    for mark in (_GLYPH, NUMBER, _LABELLED):
        found = mark.match(quote)
        quote = quote[found.end() :] if found is not None and found.end() < len(quote) else quote
    return quote


def _shortened(quote: str) -> str:
    """A quotation of at most QUOTE_LONGEST characters, to the end of a clause where one is near."""
    if len(quote) <= QUOTE_LONGEST:
        return quote
    ends = [m.start() for m in re.finditer(r"[,;:](?=\s)|\s[–—-]\s", quote[:QUOTE_LONGEST])]
    if ends and ends[-1] >= QUOTE_LONGEST // 2:
        return quote[: ends[-1]].rstrip()
    return quote[: quote.rfind(" ", 0, QUOTE_LONGEST)].rstrip(" ,;:")
