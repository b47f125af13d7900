"""How far two coders agree, and where they do not: read from the trail, changing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.flow import learned
from pipeline.safe import agreement as safe
from pipeline.safe import coding

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Row = dict[str, object]


def table(workspace: Workspace, first: str, second: str, at: int | None = None) -> tuple[Row, ...]:
    """How far two coders agree, by theme and over all, on the passages that both coded."""
    rows = safe.agreement(*_views(workspace, first, second, at))
    titles = learned.codebook(workspace.library, at).titles()
    return tuple(
        {
            "theme": row.theme,
            "title": titles.get(row.theme, ""),
            "n": row.n,
            "both": row.both,
            "only_first": row.only_first,
            "only_second": row.only_second,
            "neither": row.neither,
            "agreed": row.agreed,
            "kappa": row.kappa,
            "alpha": row.alpha,
        }
        for row in rows
    )


def disagreements(
    workspace: Workspace, first: str, second: str, at: int | None = None
) -> Iterator[Row]:
    """What the two see differently, one row a passage and theme, to be settled between them."""
    for one in safe.disagreements(*_views(workspace, first, second, at)):
        review, passage = one.pair
        yield {
            "review": review,
            "passage": passage,
            "theme": one.theme,
            "first": one.first,
            "second": one.second,
        }


def _views(
    workspace: Workspace, first: str, second: str, at: int | None
) -> tuple[safe.View, safe.View]:
    events = [e for e in workspace.library.coding.events() if at is None or e.number <= at]
    a, b = (workspace.accounts.named(name).id for name in (first, second))
    return coding.view(events, a), coding.view(events, b)
