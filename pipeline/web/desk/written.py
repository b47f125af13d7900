"""A form of the register as it was written, against what stood in it when it was opened.

A form carries the mark of the record that it shows, and each field as it stood then. So only
what somebody touched is sent on, and where others changed the record meanwhile the page can say
what is whose: nothing is overwritten that nobody saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from pipeline.errors import CandourError
from pipeline.flow.registered import ChangedMeanwhileError
from pipeline.raw.field import Field
from pipeline.raw.record import Record, mark
from pipeline.web.visit import Visit
from pipeline.web.visiting import back

MOST = 4000
_WAS = "was-"
Change = Callable[..., object]
Form = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form shows: the values in its fields, what stood there, and the record's mark."""

    values: Mapping[str, str]
    was: Mapping[str, str]
    mark: str


@dataclass(frozen=True, slots=True)
class Met:
    """One field that somebody else changed while a form was open.

    `mine` is what this form wrote into it, None where it left the field alone.
    """

    field: str
    was: str
    now: str
    by: str
    time: str
    mine: str | None


def fresh(record: Record, fields: Sequence[Field]) -> Shown:
    """A form that is opened now."""
    values = {field.name: record.get(field.name) for field in fields}
    return Shown(values, values, mark(record))


def mark_of(visit: Visit) -> str:
    """The mark of the record that a form was opened with."""
    return visit.said("seen", 40)


def touched(visit: Visit, fields: Sequence[Field]) -> dict[str, str]:
    """What was written into the fields that are not as they were when the form was opened."""
    was, said = _sent(visit, fields, _WAS), _sent(visit, fields)
    return {name: held for name, held in said.items() if held != was[name]}


def again(visit: Visit, fields: Sequence[Field]) -> Shown:
    """The same form once more, as it was sent: a value in it was refused."""
    return Shown(_sent(visit, fields), _sent(visit, fields, _WAS), mark_of(visit))


def merged(visit: Visit, record: Record, fields: Sequence[Field]) -> Shown:
    """The form over the record as it is now: what somebody touched, the rest as it stands."""
    now = fresh(record, fields)
    return Shown({**now.values, **touched(visit, fields)}, now.was, now.mark)


def met(
    visit: Visit,
    record: Record,
    fields: Sequence[Field],
    history: Sequence[Mapping[str, object]],
) -> tuple[Met, ...]:
    """The fields that others changed while the form was open; `history` has the last first."""
    was, mine = _sent(visit, fields, _WAS), touched(visit, fields)
    found = []
    for field in fields:
        name, now = field.name, record.get(field.name)
        if now != was[name]:
            last = next((row for row in history if row["field"] == name), {})
            by, time = str(last.get("by", "")), str(last.get("time", ""))
            found.append(Met(name, was[name], now, by, time, mine.get(name)))
    return tuple(found)


def shown_after(
    visit: Visit,
    record: Record,
    fields: Sequence[Field],
    history: Sequence[Mapping[str, object]],
    *,
    refused: bool,
    others: bool,
) -> tuple[Shown, tuple[Met, ...]]:
    """What a form shows once it was sent: as it was sent where a value in it was `refused`.

    Where `others` changed the record meanwhile, it is merged, with what they changed beside it.
    """
    if others:
        return merged(visit, record, fields), met(visit, record, fields, history)
    return again(visit, fields) if refused else fresh(record, fields), ()


def recorded(
    visit: Visit, fields: Sequence[Field], one: str, address: str, change: Change, form: Form
) -> Response:
    """Record what somebody touched in the form of one record, and go back to its address."""
    try:
        given = touched(visit, fields)
        if not given:
            return back(address, "nothing-new")
        change(visit.workspace, one, given, since=mark_of(visit), as_name=visit.who)
    except ChangedMeanwhileError as error:
        return form(visit, str(error), met=True)
    except CandourError as error:
        return form(visit, str(error))
    return back(address, "recorded")


def _sent(visit: Visit, fields: Sequence[Field], before: str = "") -> dict[str, str]:
    # Browsers send every line break of a form as two characters.
    return {
        field.name: visit.said(f"{before}{field.name}", MOST * 2).replace("\r\n", "\n")
        for field in fields
    }
