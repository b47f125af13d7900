"""What was withdrawn or purged, written down where no backup of the workspace reaches.

A backup is older than what came after it. Without this list, restoring one would publish what
was withdrawn since and open what was purged since: the wrapped keys of purged reviews are still
in it, and the master key opens them. So each withdrawal and each purge is also a signed line in a
file beside the master key, and whoever restores a backup meets the list as they need the key.
Whoever has an old backup, the master key and no intention to follow the list can open what was
purged: only deleting old backups ends that (docs/administrator.md).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.door import provenance
from pipeline.door.provenance import Statement
from pipeline.errors import StoreError
from pipeline.store.workspace import Workspace

_NOT_WRITTEN = (
    "The list of what was purged, beside the master key, could not be written. Nothing was "
    "destroyed: an old backup would bring the review back. Check who owns that folder and the "
    "room on its disk, and try again."
)
_DAMAGED = (
    "The list of what was withdrawn and purged, beside the master key, is damaged or was changed. "
    "Nothing was done. Bring it back from the newest copy of the folder of keys."
)


@dataclass(frozen=True, slots=True)
class Taken:
    """One line: a review that was withdrawn or purged, on a day (YYYY-MM-DD), and the statement.

    `scope` says of a purge what it took: the raw text, or all.
    """

    review: str
    purged: bool
    date: str
    scope: str
    statement: Statement

    @property
    def whole(self) -> bool:
        """Whether nothing at all of the review is to come back."""
        return self.scope != "raw"


def withdrawal(workspace: Workspace, review: str, date: str) -> Statement:
    """That a review was withdrawn: for the list alone."""
    told: Statement = {"workspace": workspace.id, "review": review, "date": date}
    return provenance.kept(provenance.TAKEN_BACK, {}, told)


def add(workspace: Workspace, statement: Statement) -> bytes:
    """Sign a statement and put it at the end of the list; what was signed.

    StoreError where the list cannot be written: then nothing may be destroyed.
    """
    content = provenance.signed(statement, workspace.keys.signing_key())
    line = json.dumps(json.loads(content), sort_keys=True).encode() + b"\n"
    path = workspace.keys.taken_back
    try:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as stream:
            # A line that was cut short goes: nothing was destroyed for it.
            stream.truncate(stream.seek(stream.read().rfind(b"\n") + 1))
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(_NOT_WRITTEN) from None
    return content


def listed(workspace: Workspace) -> tuple[Taken, ...]:
    """The lines of the list that speak of this workspace, the oldest first.

    StoreError where one is damaged. A last line that was cut short before anything was destroyed
    says nothing.
    """
    try:
        content = workspace.keys.taken_back.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError:
        raise StoreError(_DAMAGED) from None
    return tuple(_lines(workspace, content))


def _lines(workspace: Workspace, content: bytes) -> Iterator[Taken]:
    trusted = workspace.keys.signing_key().public_key()
    for line in content.split(b"\n")[:-1]:
        try:
            statement = provenance.verify(line, trusted)
        except StoreError as error:
            raise StoreError(_DAMAGED) from error
        told = provenance.told(statement)
        if told.get("workspace") != workspace.id:
            continue
        purged = statement["predicateType"] == provenance.PURGE
        yield Taken(
            review=str(told.get("review")),
            purged=purged,
            date=str(told.get("date")),
            scope=str(told.get("scope", "all")),
            statement=statement,
        )
