"""The digest of a period: what a central body circulates. No raw text is met here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from pipeline.exporters import to_digest
from pipeline.flow import learned
from pipeline.safe.digest import Digest, Period
from pipeline.safe.digest import digest as make_digest
from pipeline.safe.lesson import NOT_STATED, SafeFacts

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

_EMPTY_YEARS = (
    "No review of the library belongs to this period: the digest is empty. In years, a review "
    "belongs to the year that it states."
)
_EMPTY_MONTHS = (
    "No review of the library belongs to this period: the digest is empty. In months, a review "
    "belongs to the month in which it was published here or, where it was not yet, received; give "
    "years for what the reports say."
)


def digest(
    workspace: Workspace,
    since: str,
    until: str,
    *,
    agency: str | None = None,
    pdf: bool = False,
    include_drafts: bool = False,
    tell: Callable[[str], None] | None = None,
) -> bytes:
    """The digest of a period as an HTML page or as a PDF.

    In years, a review belongs to the year that it states; in months, to the month in which it
    was published here or, where it was not yet, received. With an `agency`, only what speaks to
    that agency is told. `tell` hears it where the period has no review.
    """
    made = digest_of(workspace, since, until, agency=agency, include_drafts=include_drafts)
    if tell is not None and not made.reviews:
        tell(_EMPTY_MONTHS if made.period.by_month else _EMPTY_YEARS)
    return to_digest.render_pdf(made) if pdf else to_digest.render(made)


def digest_of(
    workspace: Workspace,
    since: str,
    until: str,
    *,
    agency: str | None = None,
    include_drafts: bool = False,
) -> Digest:
    """What the digest of a period says."""
    period = Period(since, until)
    lessons = learned.lessons(
        workspace.library, include_drafts=include_drafts, prefer=workspace.settings.profile
    )
    found = workspace.library.passages(include_drafts=include_drafts)
    facts = {
        d.review: d.facts
        for d in workspace.library.documents(
            include_drafts=include_drafts, prefer=workspace.settings.profile
        )
    }
    return make_digest(
        period,
        _dates(workspace, period, facts),
        found,
        lessons,
        learned.codebook(workspace.library).all,
        facts=facts,
        published=_published(workspace, facts),
        agency=agency,
    )


def _published(workspace: Workspace, reviews: Iterable[str]) -> dict[str, str]:
    """The public ids of reviews that were published here, under the profile that is set."""
    out = {row.review for row in workspace.register.rows() if row.published}
    profile = workspace.settings.profile
    ids = {one: workspace.register.public_id(one, profile) for one in reviews if one in out}
    return {review: public_id for review, public_id in ids.items() if public_id}


def _dates(
    workspace: Workspace, period: Period, facts: Mapping[str, SafeFacts]
) -> dict[str, str | None]:
    if not period.by_month:
        years = {review: one.year for review, one in facts.items()}
        return {review: None if y == NOT_STATED else y for review, y in years.items()}
    days = {row.review: row.published or row.received for row in workspace.register.rows()}
    return {review: days.get(review) for review in facts}
