"""Learning from the library: passages, lessons and search. No raw text is met here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.errors import StoreError, UsageError
from pipeline.flow import learned, marking, searching
from pipeline.flow.searching import build_index as build_index
from pipeline.flow.searching import search as search
from pipeline.safe import (
    claim_vectors,
    coding,
    embed,
    learning_point,
    like,
    recur,
    shelf,
    theme,
    theme_model,
)
from pipeline.safe.lesson import Lesson, Passage, SafeDocument, Theme
from pipeline.safe.repeated import Repeated, repeated
from pipeline.safe.study import lesson_row, passage_row
from pipeline.safe.tell import quotation
from pipeline.store.accounts import LOCAL, Duty
from pipeline.store.library import Run

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Row = dict[str, object]
Progress = Callable[[str], None]

VECTORS = "vectors.npz"
CLAIMS = "claims.npz"
_MAY_SEE_DRAFTS = (Duty.UPLOADER, Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)
_WHO_ASKS = (
    "Drafts may hold names, and this workspace has accounts of researchers, who may not see "
    "them. Nothing was shown. Name your account with --as NAME."
)
_NO_PASSAGE = (
    "There is no such passage in the last run of learning. Nothing was compared. Name it as "
    "REVIEW:PASSAGE, with the ids that `candour passages` lists."
)
MOST_TOLD = 5  # pairs of reviews that repeat each other
_TWICE = (
    "{} and {} share {:.0f} % of the passages of the shorter one, and count as two. "
    "See `candour register duplicates`. If they are one report, withdraw one and learn again."
)
_MORE_TWICE = "{} more pairs of reviews repeat each other: see `candour register duplicates`."
_NONE_TO_LEARN = (
    "No review in this workspace is approved. Nothing was learned. Approve one, or add drafts "
    "with --include-drafts."
)


def allow_drafts(workspace: Workspace, as_name: str | None, *, password: str | None = None) -> None:
    """Whether this account may see drafts; an error of its own where it may not."""
    if as_name is not None:
        workspace.accounts.act(as_name, *_MAY_SEE_DRAFTS, password=password)
    elif any(Duty.RESEARCHER in account.duties for account in workspace.accounts.all()):
        raise UsageError(_WHO_ASKS)


def learn(
    workspace: Workspace,
    *,
    fresh: bool = False,
    include_drafts: bool = False,
    progress: Progress | None = None,
    frame: Sequence[Theme] | None = None,
    reader: marking.Reader = marking.here,
    threads: int = 1,
) -> tuple[Row, ...]:
    """Learn from the library and keep what was learned in the place of the last run.

    `frame` are the themes that are looked for; without it, those that ship with the program.
    `reader` and `threads` say who reads the texts and how many make vectors: what is learned does
    not depend on them.

    The first row counts; a row for each lesson id of the last run that is gone follows, with
    the id of the lesson that took its place ("" where none did).
    """
    tell = progress or (lambda _: None)
    themes = theme.load() if frame is None else tuple(frame)
    read = _read(workspace, themes, include_drafts, reader, tell)
    cache = embed.Cache.open(workspace.home / VECTORS)
    encode = embed.vectors(
        threads, cache, lambda done, of: tell(f"{done} of {of} learning points compared.")
    )
    asked = marking.Asked.of(workspace.home, threads)
    searchable = marking.Searchable(workspace.home, threads)
    themed = marking.themed(
        asked, read.passages, themes, read.of_adults,
        lambda done, of: tell(f"{done} of {of} reviews searched for themes."), searchable,
    )  # fmt: skip
    read = replace(read, passages=theme.suggest(themed, theme_model.unknown(themes), encode))
    heard = claim_vectors.cache(workspace.home / CLAIMS)
    claimed = claim_vectors.vectors(threads, heard)
    while True:
        if not read.years:
            raise UsageError(_NONE_TO_LEARN)
        previous = _previous(workspace, include_drafts)
        coded = coding.applied(read.passages, workspace.library.coding.events())
        book = themes if frame is not None else learned.changed(themes, workspace.library).all
        made = recur.lessons(
            coded, read.years, book, previous, vectors=encode, claimed=claimed, fresh=fresh
        )
        twice = repeated(read.passages)
        counts = _counts(made, read.passages, len(read.years), include_drafts, len(twice))
        with workspace.writing():
            gone = _changed(workspace, read)
            if not gone:
                workspace.library.put_run(
                    Run(read.passages, made.lessons, include_drafts, made.renamed, _bare(frame))
                )
                workspace.ledger.append(LOCAL, "learn", detail={**counts, "fresh": fresh})
                break
        read = _without(read, gone)
    _tell_twice(twice, tell)
    moved: list[Row] = [{"old": old, "new": new} for old, new in made.renamed]
    del read, themed, coded, made  # half a megabyte a review: not twice beside what is read now
    _kept(workspace, (cache, heard), asked, searchable)
    return (dict(counts), *moved)


def _bare(frame: Sequence[Theme] | None) -> tuple[Theme, ...]:
    """A frame as it is kept: without examples, which may quote a review that is withdrawn later."""
    return tuple(replace(one, examples=(), near_misses=(), paraphrases=()) for one in frame or ())


def _kept(
    workspace: Workspace,
    caches: Sequence[embed.Cache],
    asked: marking.Asked,
    searchable: marking.Searchable,
) -> None:
    """Keep what the next run would work out again, and what search needs; forget the rest."""
    kept = workspace.library.passages(include_drafts=True)
    for cache in caches:
        cache.keep(_claims(kept))
    asked.known.keep()
    searchable.add(kept)
    searchable.keep()
    searching.forget_vectors(workspace)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a run read: the passages, the years, and of which state of each text."""

    passages: tuple[Passage, ...]
    years: dict[str, str]
    states: dict[tuple[str, str], tuple[str, bool]]
    of_adults: frozenset[str]


def _read(
    workspace: Workspace,
    themes: Sequence[Theme],
    include_drafts: bool,
    reader: marking.Reader,
    tell: Progress,
) -> _Read:
    passages: list[Passage] = []
    years: dict[str, str] = {}
    states: dict[tuple[str, str], tuple[str, bool]] = {}
    of_adults: set[str] = set()
    documents = workspace.library.documents(
        include_drafts=include_drafts, prefer=workspace.settings.profile
    )

    def noted() -> Iterator[SafeDocument]:
        for document in documents:
            years[document.review] = document.facts.year
            states[document.review, document.profile] = (document.text.sha256, document.draft)
            if theme_model.is_of_adults(document.facts.kind):
                of_adults.add(document.review)
            yield document

    for number, found in enumerate(reader(noted(), themes), start=1):
        passages.extend(found)
        if number % 25 == 0:
            tell(f"{number} reviews read.")
    return _Read(tuple(passages), years, states, frozenset(of_adults))


def _changed(workspace: Workspace, read: _Read) -> frozenset[str]:
    """The reviews that were withdrawn, decided anew or taken back since they were read."""
    now = workspace.library.states()
    return frozenset(
        review
        for (review, profile), (sha256, draft) in read.states.items()
        if now.get((review, profile), ("", True))[0] != sha256 or now[review, profile][1] > draft
    )


def _without(read: _Read, gone: frozenset[str]) -> _Read:
    """What was read of the other reviews: lessons are made of them again, and counted again."""
    return _Read(
        tuple(p for p in read.passages if p.review not in gone),
        {review: year for review, year in read.years.items() if review not in gone},
        {key: state for key, state in read.states.items() if key[0] not in gone},
        read.of_adults,
    )


def _claims(passages: Sequence[Passage]) -> list[str]:
    return [learning_point.words(p) for p in passages if learning_point.is_point(p)]


def forget_vectors(workspace: Workspace) -> None:
    """Drop the vectors of passages and learning points that are in the library no more."""
    for name in (marking.CHANCES, f"{marking.CHANCES}.part"):  # the next run makes them again
        (workspace.home / name).unlink(missing_ok=True)
    left = _claims(workspace.library.passages(include_drafts=True))
    for name, opened in ((VECTORS, embed.Cache.open), (CLAIMS, claim_vectors.cache)):
        path = workspace.home / name
        path.with_name(f"{name}.part").unlink(missing_ok=True)
        try:
            cache = opened(path)
            cache.keep(left)
        except StoreError:  # an encoder is missing: what cannot be told apart is all forgotten
            cache = embed.Cache()
        if not cache.rows:  # the next run makes them again
            path.unlink(missing_ok=True)
    searching.forget_vectors(workspace)


def _previous(workspace: Workspace, include_drafts: bool) -> tuple[Lesson, ...]:
    """The lessons of the last run, without words that came from a draft unless they may stay."""
    run = workspace.library.last_run(include_drafts=True)
    lessons = run.lessons if run is not None else ()
    if include_drafts:
        return lessons
    return tuple(replace(one, title="", quote="") if one.draft else one for one in lessons)


def _counts(
    made: recur.Learned, passages: Sequence[Passage], reviews: int, drafts: bool, twice: int
) -> dict[str, int]:
    return {
        "reviews": reviews,
        "passages": len(passages),
        "learning_points": sum(len(one.passages) for one in made.lessons),
        "lessons": len(made.lessons),
        "recurring": sum(len(one.reviews) > 1 for one in made.lessons),
        "unassigned": len(made.unassigned),
        "drafts": drafts,
        "repeated": twice,
    }


def _tell_twice(pairs: Sequence[Repeated], tell: Progress) -> None:
    """Tell what people should look at: a report that is there twice counts twice."""
    for one in pairs[:MOST_TOLD]:
        tell(_TWICE.format(one.review, one.other, one.share * 100))
    if len(pairs) > MOST_TOLD:
        tell(_MORE_TWICE.format(len(pairs) - MOST_TOLD))


def passages(
    workspace: Workspace, reviews: Sequence[str] = (), *, include_drafts: bool = False
) -> Iterator[Row]:
    """The passages of the last run, of all reviews or of those named (contracts: passages)."""
    learned.need_run(workspace.library)
    found = workspace.library.passages(
        include_drafts=include_drafts, reviews=tuple(reviews) or None
    )
    return (passage_row(passage) for passage in found)


def _lessons(workspace: Workspace, include_drafts: bool) -> tuple[Lesson, ...]:
    return learned.lessons(
        workspace.library, include_drafts=include_drafts, prefer=workspace.settings.profile
    )


def lessons(workspace: Workspace, *, include_drafts: bool = False) -> Iterator[Row]:
    """The lessons of the last run, the most recurrent first (contracts: lessons)."""
    return (lesson_row(one) for one in _lessons(workspace, include_drafts))


def by_theme(workspace: Workspace, *, include_drafts: bool = False) -> Iterator[Row]:
    """The lessons of the last run by theme, then what recurs where no theme fits, then the rest."""
    for one in shelf.shelves(
        _lessons(workspace, include_drafts), learned.codebook(workspace.library).all
    ):
        yield {
            "theme": one.code,
            "title": one.title,
            "reviews": len(one.reviews),
            "of": one.of,
            "lessons": [{"id": own.id, "title": own.title} for own in one.lessons],
        }


def more_like(
    workspace: Workspace, place: str, limit: int = 10, *, include_drafts: bool = False
) -> Iterator[Row]:
    """The learning points that are nearest to a passage, "REVIEW:PASSAGE", with their lessons."""
    learned.need_run(workspace.library)
    review, _, name = place.rpartition(":")
    found = workspace.library.passages(include_drafts=include_drafts)
    own = next((p for p in found if (p.review, p.id) == (review, name)), None)
    if own is None:
        raise UsageError(_NO_PASSAGE)
    lessons = _lessons(workspace, include_drafts)
    by_pair = {pair: one for one in lessons for pair in one.passages}
    encode = embed.vectors(cache=embed.Cache.open(workspace.home / VECTORS))
    claimed = claim_vectors.vectors(known=claim_vectors.cache(workspace.home / CLAIMS))
    nearest = like.nearest(own, found, encode, limit, claimed)
    for rank, near in enumerate(nearest, start=1):
        p = near.passage
        lesson = by_pair.get((p.review, p.id))
        yield {
            "rank": rank,
            "review": p.review,
            "passage": p.id,
            "page": p.page,
            "paragraph": p.paragraph,
            "quote": quotation(p.text),
            "score": near.score,
            "lesson": lesson.id if lesson else "",
            "title": lesson.title if lesson else "",
            "draft": p.draft,
        }
