"""The residual list in a file of decisions: what stays, to be looked at and let stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from pipeline.errors import UsageError
from pipeline.raw.document import Document, Verdict
from pipeline.raw.residual import Left
from pipeline.raw.settle_rows import NOT_A_FILE, context

_MOST = 3


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    verdict: Verdict = Verdict.UNDECIDED
    kind: object = None
    title: object = None
    forms: object = None
    count: object = None
    contexts: object = None


_ROWS = TypeAdapter(tuple[_Row, ...])


def left_rows(
    document: Document, groups: Sequence[Left], passed: Collection[str]
) -> list[dict[str, object]]:
    """A row a group of what is left; "accept" says that somebody looked, and that it may stay."""
    return [
        {
            "id": group.key,
            "kind": group.kind.value,
            "title": group.title,
            "forms": list(group.forms),
            "count": len(group.spans),
            "contexts": [context(document.text, span) for span in group.spans[:_MOST]],
            "verdict": (Verdict.ACCEPT if group.key in passed else Verdict.UNDECIDED).value,
        }
        for group in groups
    ]


def passed_rows(content: Mapping[str, object]) -> tuple[str, ...]:
    """The groups that a file of decisions lets stay; UsageError where its list is none.

    What a reviewer finds in a group and wants hidden goes into "added", as any other miss does.
    """
    try:
        rows = _ROWS.validate_python(content.get("left") or ())
    except ValidationError:
        raise UsageError(NOT_A_FILE) from None
    return tuple(row.id for row in rows if row.verdict is Verdict.ACCEPT)
