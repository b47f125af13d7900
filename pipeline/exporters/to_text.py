"""A report as plain text: the title, what was changed, and the safe text as it is."""

from __future__ import annotations

from pipeline.safe import frame
from pipeline.safe.lesson import SafeDocument


def render(document: SafeDocument, *, public_id: str) -> bytes:
    """The document as UTF-8 text; the same input gives the same bytes."""
    top = frame.top(public_id, document.profile, draft=document.draft)
    return "\n\n".join([*top, document.text.value, ""]).rstrip("\n").encode() + b"\n"
