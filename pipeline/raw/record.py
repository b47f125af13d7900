"""A record of fields with every change that was made to it: who, when, what stood there before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One change. `how` is a code, `batch` the import that it is part of, `by` an account's id.

    `before` and `after` hold the fields that changed; a field that is in one of them only was
    recorded, or taken away.
    """

    time: str
    by: str
    how: str
    before: Pairs = ()
    after: Pairs = ()
    batch: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that changed."""
        return tuple(sorted({name for name, _ in (*self.before, *self.after)}))


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded now, and how it came so. `was` is the id that it had before."""

    values: Pairs = ()
    steps: tuple[Step, ...] = ()
    was: str = ""

    def __post_init__(self) -> None:
        names = [name for name, _ in self.values]
        if names != sorted(set(names)) or not all(held for _, held in self.values):
            raise ValueError("each field stands once, in order, with a value")

    def get(self, name: str) -> str:
        """What a field holds; "" where nothing is recorded."""
        return dict(self.values).get(name, "")

    @property
    def batches(self) -> tuple[str, ...]:
        """The imports that added to it or changed it, each once."""
        return tuple(dict.fromkeys(step.batch for step in self.steps if step.batch))


def ever(record: Record) -> Pairs:
    """Each field with whatever it holds or held, each once; what it holds now comes first.

    >>> step = Step("t1", "u-1", "set", (("chair", "A"),), (("chair", "B"),))
    >>> ever(Record((("chair", "B"),), (step,)))
    (('chair', 'B'), ('chair', 'A'))
    """
    past = (pair for step in record.steps for pair in (*step.before, *step.after))
    return tuple(dict.fromkeys((*record.values, *past)))


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something is done, by whom and how."""

    time: str
    by: str
    how: str
    batch: str = ""


def changed(record: Record, new: Mapping[str, str], stamp: Stamp) -> Record:
    """The record with other values in the named fields; an empty value takes one away.

    What makes no difference is no step.

    >>> stamp = Stamp("2026-01-01T09:00", "u-1", "set")
    >>> one = changed(Record(), {"board": "Marl Board", "chair": ""}, stamp)
    >>> one.values, one.steps[0].fields
    ((('board', 'Marl Board'),), ('board',))
    >>> changed(one, {"board": "Marl Board"}, stamp) is one
    True
    """
    old = dict(record.values)
    moved = {name: held for name, held in new.items() if old.get(name, "") != held}
    if not moved:
        return record
    values = {name: held for name, held in (old | moved).items() if held}
    step = Step(
        stamp.time,
        stamp.by,
        stamp.how,
        tuple(sorted((name, old[name]) for name in moved if name in old)),
        tuple(sorted((name, held) for name, held in moved.items() if held)),
        stamp.batch,
    )
    return replace(record, values=tuple(sorted(values.items())), steps=(*record.steps, step))


def mark(record: Record) -> str:
    """A short mark of this very state of a record, by which any other is told from it.

    >>> one = Record((("board", "Marl Board"),))
    >>> mark(one) == mark(Record((("board", "Marl Board"),))), mark(one) == mark(Record())
    (True, False)
    """
    return hashlib.sha256(repr(record).encode()).hexdigest()[:16]


def taken_back(record: Record, batch: str, stamp: Stamp) -> tuple[Record, tuple[str, ...]]:
    """The record without what an import did, and the fields that were changed since and stay.

    >>> add, later = Stamp("t1", "u-1", "import", "b-1"), Stamp("t2", "u-1", "set")
    >>> one = changed(changed(Record(), {"board": "A", "chair": "B"}, add), {"chair": "C"}, later)
    >>> back, stayed = taken_back(one, "b-1", Stamp("t3", "u-1", "undo"))
    >>> back.values, stayed
    ((('chair', 'C'),), ('chair',))
    """
    now, stayed = dict(record.values), []
    new: dict[str, str] = {}
    for step in reversed([one for one in record.steps if one.batch == batch]):
        before, after = dict(step.before), dict(step.after)
        for name in step.fields:
            if new.get(name, now.get(name, "")) == after.get(name, ""):
                new[name] = before.get(name, "")
            else:
                stayed.append(name)
    return changed(record, new, stamp), tuple(sorted(set(stayed)))
