"""Commands of search: search, and searches for those that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import Format, say, show
from pipeline.cli.workspace import Home, opened
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Drafts = Annotated[
    bool,
    typer.Option("--include-drafts", help="Add texts that nobody approved; every row says so."),
]
Form = Annotated[Format, typer.Option("--format", help="For people, or for other programs.")]
As = Annotated[str | None, typer.Option("--as", help="The account that asks.", metavar="NAME")]
_APART = ("start", "end", "score")
_NOTHING_ASKED = (
    "There is neither a query nor a passage to find others like. Nothing was searched. Write a "
    "query, or --like REVIEW:PASSAGE."
)
_BOTH = (
    "A query and --like were given, or --like with --save or --facets. Nothing was searched. "
    "Ask for one of them."
)
_CHANGED = "The library has changed since this search was kept: its answers may differ."
_MODEL_CHANGED = "The model of meaning has changed since this search was kept: answers may differ."
_SAME = "The library is the one of which this search was first asked, and the answer is the same."
_DIFFERS = (
    "The library is the one of which this search was first asked, but the answer is another: it "
    "was kept by another version of Candour."
)


def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, NEAR/5, wild*.')] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many hits.")] = 20,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="Only what has a value, as role=learning,year=2011|2012."),
    ] = None,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count what the answers are, in place of the hits.")
    ] = False,
    like: Annotated[
        str | None,
        typer.Option(
            "--like", metavar="REVIEW:PASSAGE", help="Passages of other reviews like this one."
        ),
    ] = None,
    save: Annotated[
        str | None, typer.Option("--save", help="Keep the search under a name.", metavar="NAME")
    ] = None,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Find passages by words and by meaning, with the exact quotation and its page.

    Example: candour search "information was not shared between agencies"
    """
    from pipeline.flow import searching

    asked = tuple(where or ())
    if like is not None and (query or save or facets):
        raise UsageError(_BOTH)
    if like is None and not query:
        raise UsageError(_NOTHING_ASKED)
    workspace = opened(home, as_name, include_drafts)
    if like is not None:
        review, _, passage = like.partition(":")
        near = searching.like(
            workspace, review, passage, limit, include_drafts=include_drafts, where=asked
        )
        show(near, form, apart=_APART)
        return
    if save is not None:
        searching.save(workspace, save, query, limit, include_drafts=include_drafts, where=asked)
    if facets:
        show(searching.counts(workspace, query, include_drafts=include_drafts, where=asked), form)
        return
    found = searching.search(workspace, query, limit, include_drafts=include_drafts, where=asked)
    show(found, form, apart=_APART)


def searches(
    name: Annotated[str | None, typer.Argument(help="Ask this one again.")] = None,
    forget: Annotated[
        str | None,
        typer.Option("--forget", help="Forget a search and overwrite its text.", metavar="NAME"),
    ] = None,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List the searches that are kept, or ask one of them again.

    Example: candour searches
    """
    from pipeline.flow import searching

    workspace = opened(home, as_name, include_drafts)
    if forget is not None:
        searching.forget(workspace, forget)
        say("The search is forgotten.")
    elif name is None:
        kept = searching.saved(workspace, include_drafts=include_drafts)
        show(_narrower(kept) if form is Format.TABLE else kept, form)
    else:
        told, rows = searching.again(workspace, name, include_drafts=include_drafts)
        say(_told(told))
        show(rows, form, apart=_APART)


def _narrower(rows: Iterable[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """The rows without the hashes, which only programs compare."""
    for row in rows:
        yield {k: held for k, held in row.items() if k not in ("library", "model", "answer")}


def _told(told: Mapping[str, object]) -> str:
    """How an answer stands to the one that was kept.

    >>> _told({"library_changed": True, "model_changed": False, "same_answer": True})
    'The library has changed since this search was kept: its answers may differ.'
    """
    if told["library_changed"]:
        return _CHANGED
    if told["model_changed"]:
        return _MODEL_CHANGED
    return _SAME if told["same_answer"] else _DIFFERS


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for command in (search, searches):
        app.command()(command)
