"""What was learned, with what people decided about it: the library alone, without the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pipeline
from pipeline.errors import UsageError
from pipeline.safe import recur, study, theme
from pipeline.safe.coding import ON_LESSONS
from pipeline.safe.coding_lessons import amended
from pipeline.safe.coding_themes import Codebook
from pipeline.safe.coding_themes import codebook as as_changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.safe.lesson import Lesson, Theme
    from pipeline.safe.study import Stamp, Study
    from pipeline.store.library import Library

NOT_YET = (
    "Nothing was learned from this workspace yet. Nothing can be listed. Approve a review and "
    "run `candour learn`."
)


def codebook(library: Library, at: int | None = None) -> Codebook:
    """The codebook as people changed it, now or at a version of the coding.

    Where the last run had a frame of its own, that is the codebook: its codes stand in the texts.
    """
    return changed(library.frame() or theme.load(), library, at)


def changed(themes: Sequence[Theme], library: Library, at: int | None = None) -> Codebook:
    """Themes as people changed them, now or at a version of the coding."""
    return as_changed(themes, library.coding.events(), at)


def need_run(library: Library) -> None:
    """UsageError where nothing was learned yet."""
    if library.last_run(include_drafts=False) is None:
        raise UsageError(NOT_YET)


def lessons(
    library: Library, *, include_drafts: bool = False, prefer: str = "public"
) -> tuple[Lesson, ...]:
    """The lessons of the last run as people changed them.

    Without drafts they are counted again over what is approved.
    """
    run = library.last_run(include_drafts=False)
    if run is None:
        raise UsageError(NOT_YET)
    found = library.lessons(include_drafts=True) if run.drafts or include_drafts else run.lessons
    events = library.coding.events()
    recount = run.drafts and not include_drafts
    years: dict[str, str] = {}
    if recount or any(event.act in ON_LESSONS for event in events):  # else no text need be read
        documents = library.documents(include_drafts=include_drafts, prefer=prefer)
        years = {document.review: document.facts.year for document in documents}
    if recount:
        found = recur.approved(found, run.passages, years)
    if not events:
        return found
    passages = library.passages(include_drafts=include_drafts)
    return amended(found, passages, years, events)


def stamp(library: Library, *, include_drafts: bool = False, prefer: str = "public") -> Stamp:
    """What everything that is made from the library now rests on."""
    events = library.coding.events()
    return study.Stamp(
        library=study.library_hash(library.texts(include_drafts=include_drafts, prefer=prefer)),
        codebook=codebook(library).version,
        coding=events[-1].number if events else 0,
        program=pipeline.__version__,
    )


def everything(
    library: Library, *, include_drafts: bool = False, prefer: str = "public", texts: bool = True
) -> Study:
    """All that a researcher may take away; without `texts`, the reviews' own words stay here."""
    need_run(library)
    passages = library.passages(include_drafts=include_drafts)
    documents = library.documents(include_drafts=include_drafts, prefer=prefer) if texts else ()
    return study.Study(
        stamp=stamp(library, include_drafts=include_drafts, prefer=prefer),
        book=codebook(library),
        documents=tuple(documents),
        passages=passages,
        lessons=lessons(library, include_drafts=include_drafts, prefer=prefer),
        codings=study.codings(passages, library.coding.events()),
    )
