"""Metrics: counts of a workspace as Prometheus reads them, without ids and without content.

Every label is a word of the program: a state, a basis, a role, a duty, an action of the ledger.
The form is that of Prometheus' text exposition, version 0.0.4.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from pipeline import __version__
from pipeline.errors import StoreError
from pipeline.safe.lesson import Role
from pipeline.store.accounts import Duty
from pipeline.store.migrations import NAMES, VERSION
from pipeline.store.register import Basis, State
from pipeline.store.workspace import Workspace

_NOT_WRITTEN = (
    "The file of metrics could not be written. Nothing was changed. Check the folder and who owns "
    "it."
)
_TAKEN_IN = ("findings", "identities", "pages", "unread")


def text(workspace: Workspace) -> str:
    """All counts of a workspace; the same workspace gives the same text."""
    return "".join(line + "\n" for line in _lines(workspace))


def write(workspace: Workspace, path: Path) -> None:
    """Write them into a file as a whole, for a collector that reads files."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text(workspace), encoding="utf-8")
        part.replace(path)
    except OSError:
        # Not chained: the error holds a path.
        part.unlink(missing_ok=True)
        raise StoreError(_NOT_WRITTEN) from None


def _lines(workspace: Workspace) -> Iterator[str]:
    info: Counts = {(("program", __version__), ("tables", str(VERSION))): 1}
    yield from _metric("info", "The program and the version of the tables.", info)
    rows = workspace.register.rows()
    states = Counter(row.state.value for row in rows)
    yield from _by("reviews", "Reviews by state.", "state", [s.value for s in State], states)
    holds = Counter(row.hold.basis.value for row in rows if row.hold is not None)
    yield from _by("holds", "Holds that stand, by basis.", "basis", [b.value for b in Basis], holds)
    duties = Counter(duty.value for one in workspace.accounts.all() for duty in one.duties)
    yield from _by("accounts", "Accounts by duty.", "duty", [d.value for d in Duty], duties)
    yield from _safe(workspace)
    yield from _ledger(workspace)
    sizes: Counts = {(("file", name),): _size(workspace.home / f"{name}.db") for name in NAMES}
    yield from _metric("file_bytes", "Sizes of the files.", sizes)


def _safe(workspace: Workspace) -> Iterator[str]:
    texts = Counter(
        "draft" if draft else "approved" for _, draft in workspace.library.states().values()
    )
    yield from _by("safe_texts", "Safe texts.", "kind", ["draft", "approved"], texts)
    roles, lessons = workspace.library.tally()
    listed = [role.value for role in Role]
    yield from _by(
        "passages", "Passages of the last run of learning, by role.", "role", listed, roles
    )
    yield from _metric("lessons", "Lessons of the last run of learning.", {(): lessons})


def _ledger(workspace: Workspace) -> Iterator[str]:
    tally = workspace.ledger.tally()
    named: Counts = {(("action", action),): count for action, (count, _) in tally.items()}
    yield from _metric("ledger_rows", "Rows of the ledger, by action.", named)
    counts: Counter[str] = Counter()
    for entry in workspace.ledger.after(0, "ingest"):
        told = json.loads(entry.detail)
        counts.update({what: int(told.get(what, 0)) for what in _TAKEN_IN})
    told_of = "Counts of reviews when they were taken in."
    yield from _by("taken_in", told_of, "what", list(_TAKEN_IN), counts)
    times: Counts = {(("action", action),): _seconds(last) for action, (_, last) in tally.items()}
    yield from _metric("last_seconds", "When it was done last, in seconds since 1970.", times)


def _seconds(time: str) -> int:
    return int(datetime.fromisoformat(time).timestamp())


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


Labels = tuple[tuple[str, str], ...]
Counts = dict[Labels, int]


def _by(
    name: str, told: str, label: str, every: list[str], counts: Mapping[str, int]
) -> Iterator[str]:
    """A count for each word of a closed list, also where it is nought."""
    yield from _metric(name, told, {((label, word),): counts.get(word, 0) for word in every})


def _metric(name: str, told: str, values: Counts) -> Iterator[str]:
    r"""The lines of one metric.

    >>> list(_metric("holds", "Holds.", {(("basis", "family"),): 2}))[2]
    'candour_holds{basis="family"} 2'
    """
    yield f"# HELP candour_{name} {told}"
    yield f"# TYPE candour_{name} gauge"
    for labels, value in sorted(values.items()):
        inside = ",".join(f'{key}="{word}"' for key, word in labels)
        yield f"candour_{name}{{{inside}}} {value}" if inside else f"candour_{name} {value}"
