"""What a researcher takes away: passages, lessons and codings as rows, and what they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from pipeline.safe.coding import BY_PERSON, Act, Event, Pair, decided, heirs, live
from pipeline.safe.coding_themes import Codebook
from pipeline.safe.frame import DRAFT
from pipeline.safe.lesson import Lesson, Passage, Polarity, SafeDocument
from pipeline.span import Span

Row = dict[str, object]
# A text of the library: review, profile, hash of the text, and whether it is a draft.
Text = tuple[str, str, str, bool]
TAG = f"{DRAFT}: "


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an export was made from: the same stamp and the same question give the same bytes.

    `library` is a hash of the texts, `codebook` the version of the themes, `coding` the number
    of the last step of a coder, `program` the version of Candour.
    """

    library: str
    codebook: str
    coding: int
    program: str

    def row(self) -> Row:
        """The stamp as the last columns of every row of an export."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Coded:
    """One theme on one stretch of a text, and who set it.

    `by` is "cue", a model, or "person"; `coder` the account of a person. `alone` says that a
    coder set it in a coding of one's own, which the lists do not show.
    """

    review: str
    passage: str
    span: Span
    theme: str
    polarity: Polarity
    score: float
    by: str
    coder: str = ""
    time: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Study:
    """The approved texts of a library with all that was learned and coded."""

    stamp: Stamp
    book: Codebook
    documents: tuple[SafeDocument, ...]
    passages: tuple[Passage, ...]
    lessons: tuple[Lesson, ...]
    codings: tuple[Coded, ...]

    @property
    def draft(self) -> bool:
        """Whether anything in it comes from a text that nobody approved."""
        return (
            any(one.draft for one in self.documents)
            or any(one.draft for one in self.passages)
            or any(one.draft for one in self.lessons)
        )


def library_hash(texts: Iterable[Text]) -> str:
    """A hash of the texts of a library, whatever their order.

    >>> library_hash([("r-a", "public", "00", False)])[:8]
    'e5eb0d5e'
    """
    told = sorted(" ".join((r, p, sha, "draft" * draft)).strip() for r, p, sha, draft in texts)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def codings(passages: Sequence[Passage], events: Sequence[Event]) -> tuple[Coded, ...]:
    """Every theme that holds, in the order of the texts, then the codings of coders alone."""
    steps = decided(events)
    made = []
    for passage in passages:
        own = steps.get((passage.review, passage.id), {})
        for mark in passage.themes:
            step = own.get(mark.code) if mark.by == BY_PERSON else None
            who = (step.coder, step.time) if step is not None else ("", "")
            made.append(
                Coded(
                    passage.review, passage.id, mark.span, mark.code, mark.polarity, mark.score,
                    mark.by, *who,
                )
            )  # fmt: skip
    return (*made, *_alone(passages, events))


def _alone(passages: Sequence[Passage], events: Sequence[Event]) -> Iterator[Coded]:
    there = {(p.review, p.id): p for p in passages}
    acts = live(events)
    merged = heirs(acts)
    last: dict[tuple[Pair, str], Event] = {}
    for event in acts:
        if event.act is Act.CODE and event.pair in there:
            last[event.pair, event.coder] = event
    for (pair, coder), event in sorted(last.items(), key=lambda item: item[1].number):
        for theme in dict.fromkeys(merged.get(t, t) for t in event.themes):
            yield Coded(
                *pair, there[pair].span, theme, event.polarity, 1.0, BY_PERSON, coder, event.time,
                alone=True,
            )  # fmt: skip


def passage_row(passage: Passage) -> Row:
    """A passage as a row of the contract."""
    return {
        "review": passage.review,
        "passage": passage.id,
        "page": passage.page,
        "paragraph": passage.paragraph,
        "heading": passage.heading,
        "start": passage.span.start,
        "end": passage.span.end,
        "role": passage.role.value,
        "themes": [
            {
                "code": mark.code,
                "start": mark.span.start,
                "end": mark.span.end,
                "score": mark.score,
                "polarity": mark.polarity.value,
                "by": mark.by,
            }
            for mark in passage.themes
        ],
        "text": passage.text,
        "draft": passage.draft,
    }


def lesson_row(lesson: Lesson) -> Row:
    """A lesson as a row of the contract."""
    return {
        "id": lesson.id,
        "title": lesson.title,
        "theme": lesson.theme,
        "reviews": len(lesson.reviews),
        "of": lesson.of,
        "first": lesson.first,
        "last": lesson.last,
        "known": lesson.known,
        "stance": lesson.stance,
        "stability": lesson.stability,
        "passages": [{"review": review, "passage": name} for review, name in lesson.passages],
        "quote": lesson.quote,
        "quote_from": {"review": lesson.quote_from[0], "passage": lesson.quote_from[1]},
        "draft": lesson.draft,
        "confirmed": lesson.confirmed,
    }


def review_row(document: SafeDocument, own: Sequence[Passage] = ()) -> Row:
    """A review's safe facts, how long it is and which themes its passages have."""
    return {
        "review": document.review,
        "profile": document.profile,
        **asdict(document.facts),
        "words": len(document.text.value.split()),
        "passages": len(own),
        "themes": sorted(told(own)),
        "sha256": document.text.sha256,
        "draft": document.draft,
    }


def told(passages: Iterable[Passage]) -> frozenset[str]:
    """The themes that passages speak of; what a text denies does not count."""
    marks = (mark for one in passages for mark in one.themes)
    return frozenset(mark.code for mark in marks if mark.polarity is not Polarity.NEGATED)


def by_review(passages: Iterable[Passage]) -> dict[str, list[Passage]]:
    """The passages of each review, in their order."""
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.review, []).append(passage)
    return found


def coding_row(coded: Coded, passage: Passage, titles: dict[str, str]) -> Row:
    """One theme on one stretch, with the words that are its evidence."""
    return {
        "review": coded.review,
        "passage": coded.passage,
        "page": passage.page,
        "paragraph": passage.paragraph,
        "role": passage.role.value,
        "theme": coded.theme,
        "title": titles.get(coded.theme, ""),
        "start": coded.span.start,
        "end": coded.span.end,
        "polarity": coded.polarity.value,
        "score": coded.score,
        "by": coded.by,
        "coder": coded.coder,
        "time": coded.time,
        "alone": coded.alone,
        "quote": coded.span.shift(-passage.span.start).of(passage.text),
        "draft": passage.draft,
    }


WHAT = ("passages", "lessons", "reviews", "codings")


def rows(study: Study, what: str) -> Iterator[Row]:
    """The rows of one of the four listings, each with the stamp; a row of a draft says so."""
    stamp = study.stamp.row()
    return (row | stamp for row in _rows(study, what))


def _rows(study: Study, what: str) -> Iterator[Row]:
    if what == "passages":
        return (passage_row(one) for one in study.passages)
    if what == "lessons":
        return (lesson_row(one) for one in study.lessons)
    if what == "reviews":
        own = by_review(study.passages)
        return (review_row(one, own.get(one.review, ())) for one in study.documents)
    there = {(p.review, p.id): p for p in study.passages}
    titles = study.book.titles()
    return (coding_row(one, there[one.review, one.passage], titles) for one in study.codings)
