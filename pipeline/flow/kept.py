"""What was learned, read back: lessons, passages and facts, with drafts only where wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.safe import recur

if TYPE_CHECKING:
    from pipeline.safe.lesson import Lesson, SafeDocument
    from pipeline.store.workspace import Workspace

_NOT_YET = (
    "Nothing was learned from this workspace yet. Nothing can be listed. Approve a review and "
    "run `candour learn`."
)


def need_run(workspace: Workspace) -> None:
    """UsageError where nothing was learned yet."""
    if workspace.library.last_run(include_drafts=False) is None:
        raise UsageError(_NOT_YET)


def documents(workspace: Workspace, include_drafts: bool) -> Iterator[SafeDocument]:
    """The safe text of every review, that of the workspace's own profile where there is one."""
    return workspace.library.documents(
        include_drafts=include_drafts, prefer=workspace.settings.profile
    )


def lessons(workspace: Workspace, include_drafts: bool) -> tuple[Lesson, ...]:
    """The lessons of the last run; without drafts, counted again over what is approved."""
    run = workspace.library.last_run(include_drafts=False)
    if run is None:
        raise UsageError(_NOT_YET)
    if include_drafts:
        return workspace.library.lessons(include_drafts=True)
    if not run.drafts:
        return run.lessons
    years = {d.review: d.facts.year for d in documents(workspace, include_drafts=False)}
    return recur.approved(workspace.library.lessons(include_drafts=True), run.passages, years)
