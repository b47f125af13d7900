"""The reviews as RIS, for a reference manager: no author, no board, no title but the id."""

from __future__ import annotations

from pipeline.exporters.refi import origin
from pipeline.safe.frame import WARNING, title
from pipeline.safe.lesson import NOT_STATED, SafeDocument
from pipeline.safe.study import TAG, Study, by_review, told


def render(study: Study) -> bytes:
    """One record a review, its themes as key words."""
    titles = study.book.titles()
    own = by_review(study.passages)
    made = []
    for document in study.documents:
        words = [titles.get(code, code) for code in sorted(told(own.get(document.review, ())))]
        made.append(_record(document, words, origin(study)))
    return "\r\n".join(made).encode()


def _record(document: SafeDocument, words: list[str], stamp: str) -> str:
    year = document.facts.year
    warning = [("N1", WARNING)] if document.draft else []
    fields = [
        ("TY", "RPRT"),
        ("ID", document.review),
        ("TI", f"{TAG if document.draft else ''}{title(document.review)}"),
        *([("PY", year)] if year != NOT_STATED else []),
        *([("M3", document.facts.kind)] if document.facts.kind != NOT_STATED else []),
        *(("KW", word) for word in words),
        *warning,
        ("N1", stamp),
        ("DB", "Candour"),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields)
