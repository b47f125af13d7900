"""The digest of a period: what a central body circulates. No raw text is met here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.exporters import to_digest
from pipeline.flow import kept
from pipeline.safe import theme
from pipeline.safe.digest import Digest, Period
from pipeline.safe.digest import digest as make_digest
from pipeline.safe.lesson import NOT_STATED

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace


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
    lessons = kept.lessons(workspace, include_drafts)
    found = workspace.library.passages(include_drafts=include_drafts)
    dates = _dates(workspace, period, include_drafts)
    return make_digest(period, dates, found, lessons, theme.load())


def _dates(workspace: Workspace, period: Period, include_drafts: bool) -> dict[str, str | None]:
    years = {d.review: d.facts.year for d in kept.documents(workspace, include_drafts)}
    if not period.by_month:
        return {review: None if y == NOT_STATED else y for review, y in years.items()}
    days = {row.review: row.published or row.received for row in workspace.register.rows()}
    return {review: days.get(review) for review in years}
