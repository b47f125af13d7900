"""What was learned as pandas frames, for notebooks: read only, and without the vault's key.

    from pipeline.flow import frames
    frames.lessons("reviews")

`home` is the folder of a workspace. The columns are those of the listing commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import config
from pipeline.errors import UsageError
from pipeline.flow import learned, learning
from pipeline.safe.lesson import NOT_STATED, Polarity
from pipeline.safe.study import Study, by_review, coding_row, lesson_row, passage_row, review_row
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
    """One row a theme of the codebook, with how many reviews of how many have it.

    A mention that the text denies does not count.
    """
    study = _study(home, include_drafts, as_name, texts=True)
    have = _reviews_by_theme(study)
    return _frame(
        {
            "code": theme.code,
            "title": theme.title,
            "group": theme.group,
            "definition": theme.definition,
            "reviews": len(have.get(theme.code, set())),
            "of": len(study.documents),
            "codebook": study.book.version,
        }
        for theme in study.book.all
    )


def trends(
    home: str | Path, *, include_drafts: bool = False, as_name: str | None = None
) -> pd.DataFrame:
    """One row a theme and year: `reviews` of `of`, the share, and its 95 % interval (Wilson).

    Reviews that state no year stand under "not stated"; the parts of a year sum to all reviews.
    """
    study = _study(home, include_drafts, as_name, texts=True)
    years = {one.review: one.facts.year for one in study.documents}
    have = _reviews_by_theme(study)
    rows = []
    for theme in study.book.all:
        for year in sorted(set(years.values()), key=lambda y: (y == NOT_STATED, y)):
            of = [review for review, stated in years.items() if stated == year]
            n = len(have.get(theme.code, set()).intersection(of))
            low, high = interval(n, len(of))
            rows.append(
                {
                    "theme": theme.code, "title": theme.title, "year": year, "reviews": n,
                    "of": len(of), "share": round(n / len(of), 4), "low": low, "high": high,
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


def interval(n: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, JASA 1927): honest where there are few reviews.

    >>> interval(0, 10), interval(5, 10)
    ((0.0, 0.2775), (0.2366, 0.7634))
    """
    if of == 0:
        return 0.0, 1.0
    z = 1.959964
    share, scale = n / of, 1 + z * z / of
    middle = share + z * z / (2 * of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (
        round(max(0.0, (middle - half) / scale), 4),
        round(min(1.0, (middle + half) / scale), 4),
    )


def _reviews_by_theme(study: Study) -> dict[str, set[str]]:
    have: dict[str, set[str]] = {}
    for coded in study.codings:
        if not coded.alone and coded.polarity is not Polarity.NEGATED:
            have.setdefault(coded.theme, set()).add(coded.review)
    return have


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
