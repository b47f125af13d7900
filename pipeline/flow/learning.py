"""Learning from the library: passages, lessons, search and the digest. No raw text is met here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.exporters import to_digest
from pipeline.safe import embed, recur, segment, theme, theme_model
from pipeline.safe.digest import Digest, Period
from pipeline.safe.digest import digest as make_digest
from pipeline.safe.lesson import NOT_STATED, Lesson, Passage
from pipeline.safe.search import Index, Meaning
from pipeline.store.accounts import Duty
from pipeline.store.library import Run

if TYPE_CHECKING:
    from pipeline.safe.lesson import SafeDocument, Theme
    from pipeline.store.workspace import Workspace

Row = dict[str, object]
Progress = Callable[[str], None]

VECTORS = "vectors.npz"
CHANCES = "chances.npz"
_MAY_SEE_DRAFTS = (Duty.UPLOADER, Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)
_WHO_ASKS = (
    "Drafts may hold names, and this workspace has accounts of researchers, who may not see "
    "them. Nothing was shown. Name your account with --as NAME."
)
_NOT_YET = (
    "Nothing was learned from this workspace yet. Nothing can be listed. Approve a review and "
    "run `candour learn`."
)
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
) -> tuple[Row, ...]:
    """Learn from the library and keep what was learned in the place of the last run.

    `frame` are the themes that are looked for; without it, those that ship with the program.

    The first row counts; a row for each lesson id of the last run that is gone follows, with
    the id of the lesson that took its place ("" where none did).
    """
    tell = progress or (lambda _: None)
    themes = theme.load() if frame is None else tuple(frame)
    passages: list[Passage] = []
    years: dict[str, str] = {}
    of_adults: set[str] = set()
    for document in _documents(workspace, include_drafts):
        passages.extend(theme.mark(segment.passages(document), themes))
        years[document.review] = document.facts.year
        if theme_model.is_of_adults(document.facts.kind):
            of_adults.add(document.review)
        if len(years) % 25 == 0:
            tell(f"{len(years)} reviews read.")
    if not years:
        raise UsageError(_NONE_TO_LEARN)
    cache = embed.Cache.open(workspace.home / VECTORS)
    encode = embed.vectors(
        cache=cache, progress=lambda done, of: tell(f"{done} of {of} learning points compared.")
    )
    passages = _themed(workspace, passages, themes, of_adults, tell)
    passages = list(theme.suggest(passages, theme_model.unknown(themes), encode))
    previous = _previous(workspace, include_drafts)
    learned = recur.lessons(passages, years, themes, previous, vectors=encode, fresh=fresh)
    with workspace.writing():
        workspace.library.put_run(
            Run(tuple(passages), learned.lessons, include_drafts, learned.renamed)
        )
        for review in sorted(years.keys() - workspace.library.reviews()):
            workspace.library.drop(review)  # it was withdrawn while the run went on
    cache.keep(_claims(workspace.library.passages(include_drafts=True)))
    counts = _counts(learned, passages, len(years), include_drafts)
    moved: list[Row] = [{"old": old, "new": new} for old, new in learned.renamed]
    return (counts, *moved)


def _themed(
    workspace: Workspace,
    passages: Sequence[Passage],
    themes: Sequence[Theme],
    of_adults: set[str],
    tell: Progress,
) -> list[Passage]:
    """The passages with themes by meaning too.

    What the heads said is kept, the vectors are not: those of all passages of 1,400 reviews
    would take 650 MB.
    """
    heads = theme_model.load()
    known = theme_model.Known.open(workspace.home / CHANCES, heads)
    made = theme_model.propose(
        passages,
        themes,
        lambda texts: embed.vectors()(texts),
        heads,
        of_adults=of_adults,
        known=known,
        progress=lambda done, of: tell(f"{done} of {of} reviews searched for themes."),
    )
    known.keep()
    return list(made)


def _documents(workspace: Workspace, include_drafts: bool) -> Iterator[SafeDocument]:
    return workspace.library.documents(
        include_drafts=include_drafts, prefer=workspace.settings.profile
    )


def _claims(passages: Sequence[Passage]) -> list[str]:
    return [recur.words(p) for p in passages if recur.is_point(p)]


def forget_vectors(workspace: Workspace) -> None:
    """Drop the vectors of learning points that are in the library no more."""
    for name in (CHANCES, f"{CHANCES}.part"):  # the next run makes them again
        (workspace.home / name).unlink(missing_ok=True)
    path = workspace.home / VECTORS
    path.with_name(f"{path.name}.part").unlink(missing_ok=True)
    cache = embed.Cache.open(path)
    if cache.rows:
        cache.keep(_claims(workspace.library.passages(include_drafts=True)))
    else:  # nothing that could be told apart: the next run makes them again
        path.unlink(missing_ok=True)


def _previous(workspace: Workspace, include_drafts: bool) -> tuple[Lesson, ...]:
    """The lessons of the last run, without words that came from a draft unless they may stay."""
    run = workspace.library.last_run(include_drafts=True)
    lessons = run.lessons if run is not None else ()
    if include_drafts:
        return lessons
    return tuple(replace(one, title="", quote="") if one.draft else one for one in lessons)


def _counts(learned: recur.Learned, passages: Sequence[Passage], reviews: int, drafts: bool) -> Row:
    return {
        "reviews": reviews,
        "passages": len(passages),
        "learning_points": sum(len(one.passages) for one in learned.lessons),
        "lessons": len(learned.lessons),
        "recurring": sum(len(one.reviews) > 1 for one in learned.lessons),
        "unassigned": len(learned.unassigned),
        "drafts": drafts,
    }


def passages(
    workspace: Workspace, reviews: Sequence[str] = (), *, include_drafts: bool = False
) -> Iterator[Row]:
    """The passages of the last run, of all reviews or of those named (contracts: passages)."""
    _need_run(workspace)
    found = workspace.library.passages(
        include_drafts=include_drafts, reviews=tuple(reviews) or None
    )
    return (_passage_row(passage) for passage in found)


def _passage_row(passage: Passage) -> Row:
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
            }
            for mark in passage.themes
        ],
        "text": passage.text,
        "draft": passage.draft,
    }


def _need_run(workspace: Workspace) -> None:
    if workspace.library.last_run(include_drafts=False) is None:
        raise UsageError(_NOT_YET)


def _lessons(workspace: Workspace, include_drafts: bool) -> tuple[Lesson, ...]:
    """The lessons of the last run; without drafts, counted again over what is approved."""
    run = workspace.library.last_run(include_drafts=False)
    if run is None:
        raise UsageError(_NOT_YET)
    if include_drafts:
        return workspace.library.lessons(include_drafts=True)
    if not run.drafts:
        return run.lessons
    years = {d.review: d.facts.year for d in _documents(workspace, include_drafts=False)}
    return recur.approved(workspace.library.lessons(include_drafts=True), run.passages, years)


def lessons(workspace: Workspace, *, include_drafts: bool = False) -> Iterator[Row]:
    """The lessons of the last run, the most recurrent first (contracts: lessons)."""
    return (_lesson_row(one) for one in _lessons(workspace, include_drafts))


def _lesson_row(lesson: Lesson) -> Row:
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
    }


def search(
    workspace: Workspace, query: str, limit: int = 20, *, include_drafts: bool = False
) -> tuple[Row, ...]:
    """The passages that answer a query, the best first (contracts: search)."""
    _need_run(workspace)
    index = build_index(workspace, include_drafts=include_drafts)
    return tuple(
        {
            "rank": hit.rank,
            "review": hit.review,
            "passage": hit.passage,
            "page": hit.page,
            "paragraph": hit.paragraph,
            "quote": hit.quote,
            "start": hit.span.start,
            "end": hit.span.end,
            "score": hit.score,
            "draft": hit.draft,
        }
        for hit in index.find(query, limit)
    )


def build_index(workspace: Workspace, *, include_drafts: bool = False) -> Index:
    """What answers many queries: the passages of the last run, with the vectors that are kept."""
    found = workspace.library.passages(include_drafts=include_drafts)
    cache = embed.Cache.open(workspace.home / VECTORS)
    points = [(number, recur.words(p)) for number, p in enumerate(found) if recur.is_point(p)]
    known, matrix = cache.find([text for _, text in points])
    if not known:
        return Index.build(found)
    rows = tuple(points[place][0] for place in known)
    encode = embed.vectors(cache=cache)
    return Index.build(found, meaning=Meaning(rows, matrix, encode))


def digest(workspace: Workspace, since: str, until: str, *, include_drafts: bool = False) -> bytes:
    """The digest of a period as an HTML page.

    In years, a review belongs to the year that it states; in months, to the month in which it
    was published here or, where it was not yet, received.
    """
    return to_digest.render(digest_of(workspace, since, until, include_drafts=include_drafts))


def digest_of(
    workspace: Workspace, since: str, until: str, *, include_drafts: bool = False
) -> Digest:
    """What the digest of a period says."""
    period = Period(since, until)
    lessons = _lessons(workspace, include_drafts)
    found = workspace.library.passages(include_drafts=include_drafts)
    dates = _dates(workspace, period, include_drafts)
    return make_digest(period, dates, found, lessons, theme.load())


def _dates(workspace: Workspace, period: Period, include_drafts: bool) -> dict[str, str | None]:
    years = {d.review: d.facts.year for d in _documents(workspace, include_drafts)}
    if not period.by_month:
        return {review: None if y == NOT_STATED else y for review, y in years.items()}
    days = {row.review: row.published or row.received for row in workspace.register.rows()}
    return {review: days.get(review) for review in years}
