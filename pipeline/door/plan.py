"""A plan: where a canonical text is changed, and to what. Coordinates and labels, no content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import SequenceMatcher

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import StoreError
from pipeline.span import Kind, Span, free_of_overlap

BROKEN_PLAN = (
    "A plan of redactions is damaged or of another version. Nothing was released. Settle the "
    "review again."
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """One change: the span of the canonical text gives way to the label."""

    span: Span
    label: str
    kind: Kind
    identity: str | None = None

    def __post_init__(self) -> None:
        if not self.label:
            raise ValueError("a replacement leaves a label")


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change to one canonical text under one profile; both are named by their hashes.

    Replacements are sorted by start and do not overlap.
    """

    review: str
    profile: str
    policy_sha256: str
    text_sha256: str
    replacements: tuple[Replacement, ...]

    def __post_init__(self) -> None:
        spans = [replacement.span for replacement in self.replacements]
        if spans != sorted(spans) or not free_of_overlap(spans):
            raise ValueError("replacements are sorted and do not overlap")


_PLAN = TypeAdapter(Plan)


def to_bytes(plan: Plan) -> bytes:
    """The plan as JSON: the same plan gives the same bytes."""
    data = _PLAN.dump_python(plan, mode="json")
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(data: bytes) -> Plan:
    """The plan that `to_bytes` wrote; StoreError where it is no such plan."""
    try:
        return _PLAN.validate_json(data)
    except ValidationError:
        raise StoreError(BROKEN_PLAN) from None


def words_lost(text: str, plan: Plan) -> int:
    """How many words of a canonical text its replacements take away.

    A word that the label repeats in its place is not lost: of "9 June 2022", which becomes
    "June 2022", one word is.
    """
    return sum(_lost(change.span.of(text), change.label) for change in plan.replacements)


def _lost(written: str, label: str) -> int:
    """Words of what was written that the label does not say again, in order.

    >>> _lost("on 9 June 2022", "in June 2022"), _lost("Ann Lee", "[mother]")
    (2, 2)
    """
    before, after = written.split(), label.strip("[]").split()
    same = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return len(before) - sum(block.size for block in same)
