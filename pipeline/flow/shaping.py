"""What a release is made of: some approved reviews, their lessons, and what went out before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.flow import learned
from pipeline.flow.approved import Going
from pipeline.safe import release as nouns
from pipeline.safe.lesson import NOT_STATED
from pipeline.safe.release import Gone, Past, Release
from pipeline.store.register import State
from pipeline.store.releases import Released

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace


def shaped(
    workspace: Workspace,
    quarter: str,
    going: Sequence[Going],
    edition: int,
    before: Sequence[Released],
    gone: tuple[Gone, ...] = (),
) -> Release:
    """The release that some reviews make: in the order of their ids, with their lessons."""
    library = workspace.library
    ids = {one.row.review: one.public_id for one in going}
    passages = library.passages(include_drafts=False)
    themes = nouns.themes_of(p for p in passages if p.review in ids)
    texts = {one.public_id: _json(one) for one in going}
    reports = tuple(
        nouns.report(texts[public_id], themes.get(review, ()))
        for review, public_id in sorted(ids.items(), key=lambda pair: pair[1])
    )
    past = standing_past(workspace, before)
    everyone = {**{review: drawn for one in past for review, drawn in one.reviews}, **ids}
    years = {review: one.year for review, one in library.facts().items()}
    counted = {drawn: years.get(review, NOT_STATED) for review, drawn in everyone.items()}
    titles = {theme.code: theme.title for theme in learned.codebook(library).all}
    run = library.last_run(include_drafts=False)
    known = learned.lessons(library, prefer=workspace.settings.profile) if run is not None else ()
    told = nouns.told(known, passages, everyone, reports, counted, titles)
    met = {code for one in reports for code in one.themes} | {one.theme for one in told}
    return Release(
        quarter=quarter,
        profile=going[0].approval.profile,
        edition=edition,
        reports=reports,
        lessons=told,
        counted=tuple(sorted(counted.items())),
        themes=tuple(sorted((code, title) for code, title in titles.items() if code in met)),
        gone=gone,
        past=tuple(
            sorted(
                (Past(one.quarter, len(one.reviews)) for one in past),
                key=lambda one: one.quarter,
                reverse=True,
            )
        ),
    )


def standing_past(workspace: Workspace, before: Sequence[Released]) -> list[Released]:
    """The last edition of every other quarter, without what was withdrawn since."""
    gone = {row.review for row in workspace.register.rows(state=State.WITHDRAWN.value)}
    last: dict[str, Released] = {}
    for one in before:
        last[one.quarter] = one
    return [
        Released(
            one.quarter,
            one.profile,
            one.edition,
            one.date,
            tuple(pair for pair in one.reviews if pair[0] not in gone),
        )
        for one in last.values()
    ]


def _json(one: Going) -> bytes:
    return one.files[f"{one.public_id}.json"]
