"""What a page of the desk sends: checked, and turned into a step of a reviewer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import UsageError
from pipeline.flow import looking
from pipeline.flow.desks import Desk
from pipeline.flow.steps import Add, Bound, Clear, Except, Judge, Merge, Name, Pass, Split, Step
from pipeline.raw.document import ClearanceCode, Verdict
from pipeline.span import Kind

NOT_UNDERSTOOD = (
    "What the page sent is not a step that the desk knows. Nothing was changed. Load the page "
    "again and repeat the step."
)
_Does = Literal[
    "judge", "name", "except", "bound", "add", "merge", "split", "clear", "pass", "undo", "redo"
]


class Sent(BaseModel):
    """One step as a page sends it; which fields count depends on what it does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    do: _Does
    edition: int = Field(ge=0)
    at: str = Field(default="", max_length=120)
    card: str = Field(default="", max_length=80)
    into: str | None = Field(default=None, max_length=80)
    verdict: Verdict = Verdict.UNDECIDED
    seen: str = Field(default="", max_length=40)
    label: str | None = Field(default=None, max_length=200)
    finding: str = Field(default="", max_length=80)
    start: int = Field(default=0, ge=0)
    end: int = Field(default=0, ge=0)
    kind: Kind = Kind.PERSON
    words: str = Field(default="", max_length=500)
    findings: tuple[str, ...] = ()
    line: str = Field(default="", max_length=80)
    code: ClearanceCode | None = None
    description: str | None = Field(default=None, max_length=400)
    groups: tuple[str, ...] = ()
    again: bool = False


def sent(content: Mapping[str, object]) -> Sent:
    """What a page sent; UsageError where it is no step."""
    try:
        return Sent.model_validate({key: value for key, value in content.items() if value != ""})
    except ValidationError:
        # Not chained: it quotes what was sent.
        raise UsageError(NOT_UNDERSTOOD) from None


def step_of(desk: Desk, one: Sent) -> Step | None:
    """The step that was sent, None to undo and redo; UsageError where its words are nowhere."""
    match one.do:
        case "judge":
            return Judge(one.card, one.verdict, one.seen)
        case "name":
            return _name(desk, one)
        case "except":
            return Except(one.finding, one.verdict, one.label)
        case "bound":
            return Bound(one.finding, one.start, one.end)
        case "add":
            return _add(desk, one)
        case "merge":
            return Merge(one.card, one.into or "")
        case "split":
            return Split(one.card, one.findings)
        case "clear":
            return Clear(one.line, one.code, one.description)
        case "pass":
            return Pass(one.groups, one.again)
        case _:
            return None


def _name(desk: Desk, one: Sent) -> Name:
    """A label that is a known position is numbered by itself; any other stays as it is written."""
    written = " ".join((one.label or "").split()).strip("[]").strip()
    card = next((card for card in desk.cards if card.id == one.card), None)
    known = looking.positions(card.kind) if card is not None and card.identity else ()
    if written.lower() in known:
        return Name(one.card, position=written.lower(), seen=one.seen)
    return Name(one.card, label=written, seen=one.seen)


def _add(desk: Desk, one: Sent) -> Add:
    """A miss: where it was marked in the text, or where its words first stand."""
    if one.words and not one.end:
        span = looking.where(desk, one.words)
        return Add(span.start, span.end, one.kind, one.into or None)
    return Add(one.start, one.end, one.kind, one.into or None)
