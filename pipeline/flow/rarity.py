"""How rare the facts are that a review's text leaves, among the reviews registered here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import NotSettledError
from pipeline.safe import risk as rarity

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

_NO_TEXT = (
    "The library has no text of this review: it was withdrawn, or the gate kept its draft back. "
    "Nothing was judged."
)


def risk(workspace: Workspace, review: str) -> tuple[dict[str, object], ...]:
    """How rare what a review's text leaves is, among the reviews registered; a row a finding.

    NotSettledError where the library has no text of it.
    """
    workspace.register.row(review)
    people = rarity.people(workspace.library.documents(include_drafts=True))
    judged = people.judged(review)
    if judged is None:
        raise NotSettledError(_NO_TEXT, review=review)
    return rarity.rows(judged, len(people.facts))
