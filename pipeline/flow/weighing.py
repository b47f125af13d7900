"""How much of each report tells, asks and explains: the roles of its passages, counted in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.safe.shares import Share, shares

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Row = dict[str, object]
_NOT_YET = (
    "Nothing was learned from this workspace yet. Nothing can be counted. Approve a review and "
    "run `candour learn`."
)


def roles(
    workspace: Workspace, reviews: Sequence[str] = (), *, include_drafts: bool = False
) -> Iterator[Row]:
    """A row a figure of each review of the last run, with the places that make it up."""
    if workspace.library.last_run(include_drafts=False) is None:
        raise UsageError(_NOT_YET)
    found = workspace.library.passages(
        include_drafts=include_drafts, reviews=tuple(reviews) or None
    )
    return (_row(share) for share in shares(found))


def _row(share: Share) -> Row:
    return {
        "review": share.review,
        "measure": share.measure,
        "words": share.words,
        "of": share.of,
        "share": share.share,
        "told": f"{share.words:,} of {share.of:,} words",
        "places": [
            {"passage": one.passage, "start": one.span.start, "end": one.span.end}
            for one in share.places
        ],
        "draft": share.draft,
    }
