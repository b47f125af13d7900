"""Sheets and reports that were looked at and wait to be taken in: in memory, for whoever sent them.

They hold names, so nothing of them is written down before somebody says that it is meant.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.raw.entry_tables import Asked

_KEPT, _SECONDS = 8, 30 * 60
_GONE = (
    "The file is not kept any more: that is for half an hour, or until another is sent. Nothing "
    "was changed. Send it again."
)


@dataclass(frozen=True, slots=True)
class Report:
    """That what was sent is a report: under which name it is read, what was said of its tables."""

    name: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sheet that somebody looked at. `plan` is the mark of what it would have done then."""

    account: str
    content: bytes
    leave_out: bool
    plan: str
    until: float
    report: Report | None = None


class Sheets:
    """The sheets and reports that wait; of each account the last one."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()
        self._lock = threading.Lock()

    def keep(
        self,
        account: str,
        content: bytes,
        *,
        plan: str,
        leave_out: bool = False,
        report: Report | None = None,
    ) -> str:
        """Keep a sheet or a report; the key by which the same account finds it again."""
        key, until = secrets.token_urlsafe(18), time.monotonic() + _SECONDS
        with self._lock:
            for other, one in list(self._waiting.items()):
                if one.account == account or one.until < time.monotonic():
                    del self._waiting[other]
            self._waiting[key] = Waiting(account, content, leave_out, plan, until, report)
            while len(self._waiting) > _KEPT:
                self._waiting.popitem(last=False)
        return key

    def of(self, account: str, key: str) -> Waiting:
        """The sheet of a key; UsageError where it is another's, a report, or not kept any more."""
        one = self._kept(account, key)
        if one.report is not None:
            raise UsageError(_GONE)
        return one

    def report_of(self, account: str, key: str) -> tuple[Waiting, Report]:
        """The same of a report."""
        one = self._kept(account, key)
        if one.report is None:
            raise UsageError(_GONE)
        return one, one.report

    def _kept(self, account: str, key: str) -> Waiting:
        with self._lock:
            one = self._waiting.get(key)
            if one is None or one.account != account or one.until < time.monotonic():
                raise UsageError(_GONE)
            return one

    def drop(self, key: str) -> None:
        """Let go of a sheet."""
        with self._lock:
            self._waiting.pop(key, None)
