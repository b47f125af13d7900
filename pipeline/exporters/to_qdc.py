"""The codebook as a REFI-QDA codebook (.qdc)."""

from __future__ import annotations

from pipeline.exporters import refi
from pipeline.safe.study import Study


def render(study: Study) -> bytes:
    """The themes that may be used and those that were split, by group."""
    book = refi.root("CodeBook", refi.CODEBOOK, origin=refi.origin(study))
    refi.codes(book, study.book.all)
    return refi.written(book)
