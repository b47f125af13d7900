"""Where a picture stood, the safe text says so, with what a reviewer wrote that it showed."""

from __future__ import annotations

from pipeline.door.plan import Replacement
from pipeline.errors import LeakError
from pipeline.match import Names
from pipeline.raw.document import PICTURE_SIGN, Document, Settlement, UnreadKind
from pipeline.safe.lesson import PICTURE_LABEL, picture_label
from pipeline.span import Kind, Span

DESCRIPTION_HOLDS_NAME = (
    "A description that a reviewer wrote of a removed picture holds a name that is hidden. "
    "Nothing was changed. Write the description with roles in the place of names."
)


def removed(document: Document, settled: Settlement) -> list[Replacement]:
    """A change for each sign that stands for a picture, in the order of the text.

    Only what a line of the unread list points at counts: the same words in the report are its own.
    """
    written = dict(settled.descriptions)
    found: dict[Span, list[str]] = {}
    for line in document.unread:
        span = line.span
        if line.what is UnreadKind.PICTURE and span and span.of(document.text) == PICTURE_SIGN:
            found.setdefault(span, []).append(written.get(line.id, ""))
    return [
        Replacement(span, picture_label("; ".join(filter(None, found[span]))), Kind.OTHER)
        for span in sorted(found)
    ]


def require_nameless(pictures: list[Replacement], hidden: Names) -> None:
    """LeakError where a description holds a hidden name."""
    if any(hidden.find(one.label) for one in pictures if one.label != PICTURE_LABEL):
        raise LeakError(DESCRIPTION_HOLDS_NAME)
