"""Trends over the library: themes and lessons by year, what is met together, tables of facts.

`timeline`, `co_occurrence`, `tables` and `completeness` give frozen values that pages and
notebooks use; `rows` gives what the command lists. Every number carries the reviews that make
it up and, where a text was read for it, their quotations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import UsageError
from pipeline.flow import learned
from pipeline.safe import trends, trends_pairs, trends_tables
from pipeline.safe.evidence import Quote
from pipeline.safe.lesson import SafeFacts
from pipeline.safe.trends import Met, Trend
from pipeline.safe.trends_pairs import Pair
from pipeline.safe.trends_tables import STANDARD, Cell, Completeness, Table

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Row = dict[str, object]

THEME, LESSON, PAIR = "theme", "lesson", "pair"
BY = (THEME, LESSON, PAIR)
COMPLETENESS = "completeness"
_NO_SUCH = (
    "Trends are told by theme, by lesson or by pair. Nothing was listed. Write --by theme, "
    "--by lesson or --by pair."
)


class Facts(NamedTuple):
    """What the reviews of the library say of themselves, and which of them are drafts."""

    by_review: dict[str, SafeFacts]
    drafts: frozenset[str]


def timeline(
    workspace: Workspace,
    by: str = THEME,
    *,
    process: bool = False,
    everywhere: bool = False,
    include_drafts: bool = False,
) -> tuple[Trend, ...]:
    """The share of each year's reviews that meet each theme (or lesson), the most met first.

    `by` is "theme" or "lesson" (lessons that two reviews or more make). Each `Trend` has `key`,
    `title`, `group`, `all` (a `Share`: `part`, `of`, `share`, `interval`, `few`), `years` (each
    with `year`, `share` and `quotes`; the last is "not stated" where some review states none),
    `change` ("rises", "falls", "no clear change", "too few to say"), `chance`, `lasting` with
    `met_years` of `told_years`, and `draft`. Themes of the review itself are left out unless
    `process`; what the story of the case mentions counts only with `everywhere`.
    UsageError where nothing was learned yet.
    """
    learned.need_run(workspace.library)
    facts = _facts(workspace, include_drafts)
    met = _met(workspace, by, process, everywhere, include_drafts)
    return trends.timeline({r: one.year for r, one in facts.by_review.items()}, met)


def co_occurrence(
    workspace: Workspace,
    *,
    least: int = trends_pairs.LEAST_TOGETHER,
    process: bool = False,
    everywhere: bool = False,
    include_drafts: bool = False,
) -> tuple[Pair, ...]:
    """Every two themes that at least so many reviews have both of, the most met first.

    Each `Pair` has `first` and `second` (codes) with their titles, `together` of `of` reviews,
    `of_first`, `of_second`, `expected`, `lift`, `chance`, `clear`, `reviews`, `quotes` and
    `draft`.
    """
    learned.need_run(workspace.library)
    reviews = _facts(workspace, include_drafts).by_review
    met = _met(workspace, THEME, process, everywhere, include_drafts)
    return trends_pairs.co_occurrence(reviews, met, least=least)


def tables(
    workspace: Workspace, names: Sequence[str] = STANDARD, *, include_drafts: bool = False
) -> tuple[Table, ...]:
    """Tables of one fact by another, as "judgement-duration"; every review is in one cell.

    Each `Table` has `rows` and `columns` (words, "not stated" last), `cells`, `row_totals`,
    `column_totals` (each cell with the `reviews` that it counts), `of` and `stated`.
    UsageError where there is no such table.
    """
    facts = _facts(workspace, include_drafts).by_review
    return tuple(trends_tables.table(name, facts) for name in names)


def completeness(workspace: Workspace, *, include_drafts: bool = False) -> tuple[Completeness, ...]:
    """For each fact: how many reviews state it, and which do not."""
    return trends_tables.completeness(_facts(workspace, include_drafts).by_review)


def _facts(workspace: Workspace, include_drafts: bool) -> Facts:
    found = {
        d.review: (d.facts, d.draft)
        for d in workspace.library.documents(
            include_drafts=include_drafts, prefer=workspace.settings.profile
        )
    }
    return Facts(
        {review: facts for review, (facts, _) in sorted(found.items())},
        frozenset(review for review, (_, draft) in found.items() if draft),
    )


def _met(
    workspace: Workspace, by: str, process: bool, everywhere: bool, include_drafts: bool
) -> tuple[Met, ...]:
    passages = workspace.library.passages(include_drafts=include_drafts)
    themes = learned.codebook(workspace.library).all
    if by == THEME:
        return trends.met_by_theme(passages, themes, process=process, everywhere=everywhere)
    if by == LESSON:
        lessons = learned.lessons(
            workspace.library, include_drafts=include_drafts, prefer=workspace.settings.profile
        )
        return trends.met_by_lesson(lessons, passages, themes, process=process)
    raise UsageError(_NO_SUCH)


def rows(
    workspace: Workspace,
    *,
    by: str = THEME,
    table: str | None = None,
    process: bool = False,
    everywhere: bool = False,
    include_drafts: bool = False,
) -> Iterator[Row]:
    """What `candour trends` lists: a row a theme and year, a pair, or a cell of a table."""
    if table == COMPLETENESS:
        facts = _facts(workspace, include_drafts)
        return (_stated_row(one, facts) for one in trends_tables.completeness(facts.by_review))
    if table is not None:
        facts = _facts(workspace, include_drafts)
        return _table_rows(trends_tables.table(table, facts.by_review), facts.drafts)
    if by == PAIR:
        found = co_occurrence(
            workspace, process=process, everywhere=everywhere, include_drafts=include_drafts
        )
        return (_pair_row(pair) for pair in found)
    told = timeline(
        workspace, by, process=process, everywhere=everywhere, include_drafts=include_drafts
    )
    return (row for trend in told for row in _trend_rows(trend, by))


def _trend_rows(trend: Trend, by: str) -> Iterator[Row]:
    for one in trend.years:
        low, high = one.share.interval or (None, None)
        yield {
            "by": by,
            "key": trend.key,
            "title": trend.title,
            "group": trend.group,
            "year": one.year,
            "reviews": one.share.part,
            "of": one.share.of,
            "share": one.share.share,
            "low": low,
            "high": high,
            "few": one.share.few,
            "in_all": trend.all.part,
            "of_all": trend.all.of,
            "change": trend.change.value,
            "chance": trend.chance,
            "lasting": trend.lasting,
            "met_years": trend.met_years,
            "told_years": trend.told_years,
            "passages": [quote_row(quote) for quote in one.quotes],
            "draft": any(quote.draft for quote in one.quotes),
        }


def quote_row(quote: Quote) -> Row:
    """A quotation as the listings have it."""
    return {
        "review": quote.review,
        "passage": quote.passage,
        "page": quote.page,
        "paragraph": quote.paragraph,
        "start": quote.span.start,
        "end": quote.span.end,
        "quote": quote.text,
    }


def _pair_row(pair: Pair) -> Row:
    return {
        "by": PAIR,
        "first": pair.first,
        "second": pair.second,
        "first_title": pair.first_title,
        "second_title": pair.second_title,
        "reviews": pair.together,
        "of": pair.of,
        "of_first": pair.of_first,
        "of_second": pair.of_second,
        "expected": pair.expected,
        "lift": pair.lift,
        "chance": pair.chance,
        "clear": pair.clear,
        "in_reviews": list(pair.reviews),
        "passages": [quote_row(quote) for quote in pair.quotes],
        "draft": pair.draft,
    }


def _table_rows(table: Table, drafts: frozenset[str]) -> Iterator[Row]:
    """The cells, then the totals of rows, of columns and of all, then kinds that overlap."""
    every = tuple(sorted(review for cell in table.row_totals for review in cell.reviews))
    parts = (
        ("cell", table.cells),
        ("row total", table.row_totals),
        ("column total", table.column_totals),
        ("total", (Cell("", "", every),)),
        ("alone or with others", table.beside),
    )
    for part, cells in parts:
        for cell in cells:
            yield {
                "table": table.name,
                "part": part,
                "row": cell.row,
                "column": cell.column,
                "reviews": len(cell.reviews),
                "of": table.of,
                "stated": table.stated,
                "in_reviews": list(cell.reviews),
                "draft": not drafts.isdisjoint(cell.reviews),
            }


def _stated_row(one: Completeness, facts: Facts) -> Row:
    return {
        "table": COMPLETENESS,
        "fact": one.fact,
        "title": one.title,
        "reviews": one.stated.part,
        "of": one.stated.of,
        "missing": list(one.missing),
        "draft": bool(facts.drafts),
    }
