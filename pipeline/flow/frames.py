"""What was learned as pandas frames, for notebooks: read only, and without the vault's key.

    from pipeline.flow import frames
    frames.lessons("reviews")

`home` is the folder of a workspace. The columns are those of the listing commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import config
from pipeline.errors import UsageError
from pipeline.flow import learned, learning
from pipeline.safe.study import Study, by_review, coding_row, lesson_row, passage_row, review_row
from pipeline.safe.trends import by_year, reviews_by_theme
from pipeline.safe.trends_share import Share
from pipeline.store.library import Library
from pipeline.store.workspace import SETTINGS, Workspace

if TYPE_CHECKING:
    import pandas as pd

_NO_PANDAS = (
    "Frames need pandas, which is not installed. Nothing was read. Install it with `pip install "
    "'candour[research]'` and try again."
)


def passages(
    home: str | Path, *, include_drafts: bool = False, as_name: str | None = None
) -> pd.DataFrame:
    """One row a passage: review, passage, page, paragraph, heading, role, themes, text.

    `themes` has the codes; each with its evidence is a row of `codings`.
    """
    study = _study(home, include_drafts, as_name)
    rows = (
        passage_row(one) | {"themes": [mark.code for mark in one.themes]} for one in study.passages
    )
    return _frame(rows)


def codings(
    home: str | Path, *, include_drafts: bool = False, as_name: str | None = None
) -> pd.DataFrame:
    """One row a theme on a passage: its evidence, its polarity, and who set it.

    Rows with `alone` are coders' codings of their own, which the lists do not show.
    """
    study = _study(home, include_drafts, as_name)
    there = {(p.review, p.id): p for p in study.passages}
    titles = study.book.titles()
    return _frame(coding_row(c, there[c.review, c.passage], titles) for c in study.codings)


def lessons(
    home: str | Path, *, include_drafts: bool = False, as_name: str | None = None
) -> pd.DataFrame:
    """One row a lesson, the most recurrent first: n `reviews` of N (`of`), with its quotation."""
    return _frame(lesson_row(one) for one in _study(home, include_drafts, as_name).lessons)


def reviews(
    home: str | Path, *, include_drafts: bool = False, as_name: str | None = None
) -> pd.DataFrame:
    """One row a review: what it says of itself as far as that is safe, and its themes."""
    study = _study(home, include_drafts, as_name, texts=True)
    own = by_review(study.passages)
    return _frame(review_row(one, own.get(one.review, ())) for one in study.documents)


def themes(
    home: str | Path, *, include_drafts: bool = False, as_name: str | None = None
) -> pd.DataFrame:
    """One row a theme of the codebook, with how many reviews of how many it was met in.

    It is met where a passage analyses, teaches or recommends it, as in `candour trends`.
    """
    study = _study(home, include_drafts, as_name, texts=True)
    have = reviews_by_theme(study.passages)
    return _frame(
        {
            "code": theme.code,
            "title": theme.title,
            "group": theme.group,
            "definition": theme.definition,
            "reviews": len(have.get(theme.code, frozenset())),
            "of": len(study.documents),
            "codebook": study.book.version,
        }
        for theme in study.book.all
    )


def trends(
    home: str | Path, *, include_drafts: bool = False, as_name: str | None = None
) -> pd.DataFrame:
    """One row a theme and year: `reviews` of `of`, the share, and its 95 % interval (Wilson).

    The numbers are those of `candour trends`; the themes of the review itself are there as well.
    Reviews that state no year stand under "not stated"; the parts of a year sum to all reviews.
    """
    study = _study(home, include_drafts, as_name, texts=True)
    have = reviews_by_theme(study.passages)
    years = by_year({one.review: one.facts.year for one in study.documents})
    rows = []
    for theme in study.book.all:
        met = have.get(theme.code, frozenset())
        for year, reviews in years.items():
            share = Share(len(met & reviews), len(reviews))
            if share.interval is None:
                continue
            low, high = share.interval
            rows.append(
                {
                    "theme": theme.code, "title": theme.title, "year": year,
                    "reviews": share.part, "of": share.of, "share": share.share,
                    "low": low, "high": high,
                }
            )  # fmt: skip
    return _frame(rows)


def stamp(
    home: str | Path, *, include_drafts: bool = False, as_name: str | None = None
) -> dict[str, object]:
    """What the frames rest on: the hash of the library, and the versions of codebook and program.

    Write it down beside a figure: the same stamp gives the same figure.
    """
    return _study(home, include_drafts, as_name).stamp.row()


def _study(
    home: str | Path, include_drafts: bool, as_name: str | None, *, texts: bool = False
) -> Study:
    """The library alone; with drafts, the workspace is asked whether this account may see them."""
    folder = Path(home)
    if include_drafts:
        workspace = Workspace.open(folder)
        learning.allow_drafts(workspace, as_name)
        library, prefer = workspace.library, workspace.settings.profile
    else:
        library, prefer = Library.alone(folder), config.load(folder / SETTINGS).profile
    return learned.everything(library, include_drafts=include_drafts, prefer=prefer, texts=texts)


def _frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    try:
        import pandas as pd
    except ImportError:
        raise UsageError(_NO_PANDAS) from None
    return pd.DataFrame(list(rows))
