"""Searching the library: the index that answers, its vectors, its facets, and kept searches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.safe import embed, encoder, facets, resembling
from pipeline.safe.facets import Facets, Where
from pipeline.safe.lesson import Hit, SafeFacts
from pipeline.safe.search import Index, Meaning, Ranked
from pipeline.store import passage_vectors, searches
from pipeline.store.passage_vectors import Quantised
from pipeline.store.passages_index import Stored
from pipeline.store.searches import Saved

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from pipeline.safe.lesson import Passage
    from pipeline.store.workspace import Workspace

    Mask = NDArray[np.bool_]

Row = dict[str, object]

_NOT_YET = (
    "Nothing was learned from this workspace yet. Nothing can be searched. Approve a review and "
    "run `candour learn`."
)
_NO_NAME = (
    "No search is kept under that name. Nothing was searched. `candour searches` lists those "
    "that are."
)
_NO_PASSAGE = (
    "There is no such passage in the last run of learning. Nothing was searched. Name it as "
    "REVIEW:PASSAGE, with the ids that `candour passages` lists."
)
_NOT_A_NAME = (
    "The name of a search is one to 60 letters, figures, blanks, dots or dashes. Nothing was "
    "kept. Give it another name."
)


@dataclass(frozen=True, slots=True)
class Answers:
    """The best hits of a query, how many passages answer it in all, and what those are."""

    hits: tuple[Hit, ...]
    total: int
    counts: tuple[facets.Count, ...]


@dataclass(frozen=True, slots=True)
class Searcher:
    """An open index. It keeps what it read, so that the next query is quicker.

    It shows the library as it was when it was opened; a passage that is gone since is left out.
    """

    index: Index
    stored: Stored
    facets: Callable[[], Facets]
    drafts: bool

    def find(self, query: str, limit: int = 20, *, where: Sequence[str] = ()) -> tuple[Hit, ...]:
        """The best answers, at most `limit`, of passages with the values that `where` names."""
        return self.index.hits(self._ranked(query, where), limit)

    def answers(self, query: str, limit: int = 20, *, where: Sequence[str] = ()) -> Answers:
        """The best answers, with the counts of every facet over all answers."""
        ranked = self._ranked(query, where)
        hits = self.index.hits(ranked, limit)
        return Answers(hits, len(ranked.numbers), self.facets().counts(ranked.numbers))

    def like(
        self, review: str, passage: str, limit: int = 20, *, where: Sequence[str] = ()
    ) -> tuple[Hit, ...]:
        """Passages of other reviews that say what one passage says, the nearest first."""
        asked: Where = facets.asked(where)
        among = self.facets().mask(asked) if asked else None
        at = self.stored.number(review, passage, self.index.fetch)
        if at is None:
            raise UsageError(_NO_PASSAGE)
        return resembling.resembling(self.index, at, self.stored.others(review), limit, among)

    def _ranked(self, query: str, where: Sequence[str]) -> Ranked:
        asked: Where = facets.asked(where)
        return self.index.ranked(query, self.facets().mask(asked) if asked else None)

    @property
    def library(self) -> str:
        """The hash of what is searched: the approved texts, and the passages taken from them."""
        told = [[one.review, one.text, one.sha256] for one in self.stored.told]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def model(self) -> str:
        """What makes the vectors; "" where no passage has one, and words alone decide."""
        if self.index.meaning is None:
            return ""
        return encoder.name()


def build_index(workspace: Workspace, *, include_drafts: bool = False) -> Searcher:
    """What answers many queries over the last run; an unchanged library is opened once."""
    stamp = workspace.library.stamp()
    if stamp[0] == 0:
        raise UsageError(_NOT_YET)
    vectors = _state(workspace.home / passage_vectors.NAME)
    return _opened(_Place(workspace), include_drafts, stamp, vectors)


class _Place:
    """A workspace as the key of a cache: the same folder is the same workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __hash__(self) -> int:
        return hash(self.workspace.home)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Place) and other.workspace.home == self.workspace.home


def _state(path: Path) -> tuple[int, int]:
    try:
        known = path.stat()
    except OSError:
        return 0, 0
    return known.st_mtime_ns, known.st_size


@lru_cache(maxsize=4)
def _opened(
    place: _Place, include_drafts: bool, stamp: tuple[int, ...], vectors: tuple[int, int]
) -> Searcher:
    """`stamp` and `vectors` are in the key alone: a change of either opens the index anew."""
    workspace = place.workspace
    stored = workspace.library.index(include_drafts=include_drafts)
    if stored is None:
        raise UsageError(_NOT_YET)
    rows, matrix = Quantised.open(workspace.home).find(stored.vectors)
    meaning = Meaning(rows, matrix, embed.unremembered()) if len(rows) else None

    def fetch(numbers: Sequence[int]) -> Sequence[Passage | None]:
        at = [int(stored.at[number]) for number in numbers]
        return workspace.library.passages_at(at, include_drafts=include_drafts)

    marked = lru_cache(maxsize=1)(lambda: _marked(stored))
    return Searcher(
        Index(stored, fetch, meaning),
        stored,
        lambda: _facets(workspace, stored, marked(), include_drafts),
        include_drafts,
    )


def _marked(stored: Stored) -> dict[str, list[tuple[str, ...]]]:
    """The role and the themes of every passage."""
    marks = [mark for one in stored.told for mark in json.loads(one.marks)]
    return {
        "role": [(mark[0],) for mark in marks],
        "theme": [tuple(mark[1:]) or (facets.NO_THEME,) for mark in marks],
    }


def _facets(
    workspace: Workspace,
    stored: Stored,
    marked: dict[str, list[tuple[str, ...]]],
    include_drafts: bool,
) -> Facets:
    """Facts and publications are read each time: they change without the passages."""
    import numpy as np

    facts = workspace.library.facts(
        include_drafts=include_drafts, prefer=workspace.settings.profile
    )
    out = {row.review for row in workspace.register.rows() if row.published}
    known = [
        facets.of_review(facts.get(one.review, SafeFacts()), published=one.review in out)
        for one in stored.told
    ]
    values = {name: [one[name] for one in known] for name in facets.OF_REVIEWS} | marked
    sizes = [one.passages for one in stored.told]
    return Facets(np.repeat(np.arange(len(sizes)), sizes), len(sizes), values)


def forget_vectors(workspace: Workspace) -> None:
    """Drop the vectors of passages that are in the library no more."""
    import numpy as np

    stored = workspace.library.index(include_drafts=True)
    wanted = np.zeros(0, dtype=np.uint64) if stored is None else stored.vectors
    passage_vectors.keep(workspace.home, wanted)


def search(
    workspace: Workspace,
    query: str,
    limit: int = 20,
    *,
    include_drafts: bool = False,
    where: Sequence[str] = (),
) -> tuple[Row, ...]:
    """The passages that answer a query, the best first (contracts: search)."""
    found = build_index(workspace, include_drafts=include_drafts).find(query, limit, where=where)
    return tuple(_row(hit) for hit in found)


def like(
    workspace: Workspace,
    review: str,
    passage: str,
    limit: int = 20,
    *,
    include_drafts: bool = False,
    where: Sequence[str] = (),
) -> tuple[Row, ...]:
    """Passages of other reviews that are like one passage, the nearest first."""
    searcher = build_index(workspace, include_drafts=include_drafts)
    return tuple(_row(hit) for hit in searcher.like(review, passage, limit, where=where))


def counts(
    workspace: Workspace, query: str, *, include_drafts: bool = False, where: Sequence[str] = ()
) -> tuple[Row, ...]:
    """What the passages are that answer a query, facet by facet."""
    searcher = build_index(workspace, include_drafts=include_drafts)
    found = searcher.answers(query, 0, where=where)
    return tuple({**asdict(count), "of": found.total} for count in found.counts)


def _row(hit: Hit) -> Row:
    return {
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


# -- searches that are kept ----------------------------------------------------------------


def save(
    workspace: Workspace,
    name: str,
    query: str,
    limit: int = 20,
    *,
    include_drafts: bool = False,
    where: Sequence[str] = (),
) -> None:
    """Keep a search under a name, with the hashes of the library, the model and the answer."""
    plain = all(c.isalnum() or c in " .-" for c in name)
    if not (plain and name.strip() == name and 0 < len(name) <= 60):
        raise UsageError(_NOT_A_NAME)
    searcher = build_index(workspace, include_drafts=include_drafts)
    answer = _answer(searcher.find(query, limit, where=where))
    kept = Saved(
        name, query, json.dumps(list(where)), limit, include_drafts, searcher.library,
        searcher.model, answer,
    )  # fmt: skip
    searches.save(workspace.database, kept)


def _answer(hits: Sequence[Hit]) -> str:
    told = json.dumps([_row(hit) for hit in hits], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def saved(workspace: Workspace, *, include_drafts: bool = False) -> tuple[Row, ...]:
    """The searches that are kept, and whether the library or the model changed since."""
    kept = searches.saved_searches(workspace.database)
    return tuple(_told(workspace, one) for one in kept if include_drafts or not one.drafts)


def _told(workspace: Workspace, one: Saved) -> Row:
    searcher = build_index(workspace, include_drafts=one.drafts)
    return {
        "name": one.name,
        "query": one.query,
        "where": json.loads(one.where),
        "limit": one.most,
        "library": one.library,
        "model": one.model,
        "answer": one.answer,
        "library_changed": one.library != searcher.library,
        "model_changed": one.model != searcher.model,
        "draft": one.drafts,
    }


def again(
    workspace: Workspace, name: str, *, include_drafts: bool = False
) -> tuple[Row, tuple[Row, ...]]:
    """A search that is kept, asked again: what is told of it, and its answers."""
    kept = {one.name: one for one in searches.saved_searches(workspace.database)}
    one = kept.get(name)
    if one is None or (one.drafts and not include_drafts):
        raise UsageError(_NO_NAME)
    searcher = build_index(workspace, include_drafts=one.drafts)
    hits = searcher.find(one.query, one.most, where=json.loads(one.where))
    same = _answer(hits) == one.answer
    return {**_told(workspace, one), "same_answer": same}, tuple(_row(hit) for hit in hits)


def forget(workspace: Workspace, name: str) -> None:
    """Forget a search that is kept; its text is overwritten."""
    if not searches.forget_search(workspace.database, name):
        raise UsageError(_NO_NAME)
