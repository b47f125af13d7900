"""A report as plain text: the title, what was changed, and the safe text as it is."""

from __future__ import annotations

from pipeline.safe import frame
from pipeline.safe.lesson import SafeDocument


def render(document: SafeDocument, *, public_id: str) -> bytes:
    """The document as UTF-8 text; the same input gives the same bytes."""
    title, *rest = frame.top(
        public_id, document.profile, draft=document.draft, version=document.version
    )
    # The first line of a draft is its warning: other programs look for it there (contracts).
    first, *rest = [*rest[:1], title, *rest[1:]] if document.draft else [title, *rest]
    return "\n\n".join([first, *rest, document.text.value, ""]).rstrip("\n").encode() + b"\n"
