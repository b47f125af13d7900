"""From local to national: what is asked of whom, and how it adds up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.flow import learned
from pipeline.safe import demand, recommendations, scope, segment
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.scope import Scope

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Row = dict[str, object]
ALL = "all"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing that is asked: in which review, as what, and of whom."""

    review: str
    point: bool
    scope: Scope


def points(
    workspace: Workspace, wanted: str | None = None, *, include_drafts: bool = False
) -> Iterator[Row]:
    """The learning points that ask somebody for something, by the scope of whom they ask.

    They stand beside the recommendations of the same scope: a review may say in its analysis
    what the government should do, and not repeat it.
    """
    learned.need_run(workspace.library)
    only = None if wanted is None else scope.named(wanted)
    for passage in workspace.library.passages(include_drafts=include_drafts):
        if passage.role is not Role.LEARNING:
            continue
        who, kind = demand.addressed(passage.text)
        own = scope.scope(who if kind else None)
        if who is not None and kind is not None and only in (None, own):
            yield _point_row(passage, who, kind, own)


def _point_row(passage: Passage, who: str, kind: str, own: Scope) -> Row:
    return {
        "review": passage.review,
        "paragraph": passage.paragraph,
        "page": passage.page,
        "start": passage.span.start,
        "end": passage.span.end,
        "addressee": who,
        "addressee_kind": kind,
        "action": passage.text,
        "scope": own.value,
        "draft": passage.draft,
    }


def rollup(workspace: Workspace, *, include_drafts: bool = False) -> tuple[Row, ...]:
    """Recommendations, learning points and reviews by scope, and all of them: the rows add up.

    A review counts in every scope that it asks, so that only the reviews do not add up.
    """
    found = list(_asked(workspace, include_drafts))
    rows = [_row(one.value, [a for a in found if a.scope is one]) for one in Scope]
    return (*rows, _row(ALL, found))


def _row(name: str, found: list[_Asked]) -> Row:
    return {
        "scope": name,
        "recommendations": sum(not one.point for one in found),
        "learning_points": sum(one.point for one in found),
        "reviews": len({one.review for one in found}),
    }


def _asked(workspace: Workspace, include_drafts: bool) -> Iterator[_Asked]:
    documents = workspace.library.documents(
        include_drafts=include_drafts, prefer=workspace.settings.profile
    )
    for document in documents:
        passages = segment.passages(document)
        for one in recommendations.recommendations(document, passages):
            yield _Asked(document.review, False, scope.scope(one.addressee))
        for passage in passages:
            if passage.role is Role.LEARNING:
                who, kind = demand.addressed(passage.text)
                yield _Asked(document.review, True, scope.scope(who if kind else None))
