"""A report as JSON for other programs: text, structure, and where labels stand."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pipeline.safe import frame
from pipeline.safe.lesson import SafeBlock, SafeDocument
from pipeline.span import Span

FORMAT = "candour-report/1"


def render(document: SafeDocument, *, public_id: str) -> bytes:
    """The document as JSON in UTF-8; offsets are code points of "text", ends not included."""
    data = {
        "format": FORMAT,
        "title": frame.title(public_id),
        "id": public_id,
        "profile": document.profile,
        "draft": document.draft,
        "warning": frame.WARNING if document.draft else None,
        **({"version": document.version} if document.version else {}),
        "note": frame.note(document.profile),
        "facts": asdict(document.facts),
        "text": document.text.value,
        "blocks": [_block(block) for block in document.blocks],
        "swaps": [
            {**_place(swap.span), "kind": swap.kind.value, "label": swap.label}
            for swap in document.swaps
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _place(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _block(block: SafeBlock) -> dict[str, Any]:
    rows = [[None if cell is None else _place(cell) for cell in row] for row in block.rows]
    return {
        "kind": block.kind.value,
        "page": block.page,
        **_place(block.span),
        "number": block.number,
        "level": block.level,
        "rows": rows,
    }
