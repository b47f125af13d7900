"""Refusing: what was asked for and not done is written down, but nobody can flood the ledger."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from pipeline.store.ledger import Detail
from pipeline.store.workspace import Workspace

# Who acts where nobody is signed in.
NOBODY = "nobody"
_WINDOW = 60.0
_MOST_OF_ACCOUNT = 20


@dataclass(slots=True)
class _Window:
    """What was refused of one kind since a moment: how often it was written, and how often not."""

    begun: float
    written: int = 0
    left_out: int = 0


class Refusals:
    """The refusals of one workspace: one row a minute and kind for nobody, twenty for an account.

    The next row that is written says how many were not.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._windows: dict[tuple[str, str, str], _Window] = {}
        self._lock = threading.Lock()

    def tell(
        self,
        code: str,
        *,
        actor: str = NOBODY,
        review: str | None = None,
        account: str | None = None,
        why: str | None = None,
    ) -> bool:
        """Write that something was refused, and whether it was written.

        `account` is whose name or session was used where that is known, `why` a second code.
        """
        left_out = self._due(actor, code, account or "")
        if left_out is None:
            return False
        detail: dict[str, str | int] = {"code": code}
        if account is not None:
            detail["account"] = account
        if why is not None:
            detail["why"] = why
        if left_out:
            detail["more"] = left_out
        written: Detail = detail
        self.workspace.ledger.append(actor, "refused", review, written)
        return True

    def _due(self, actor: str, code: str, account: str) -> int | None:
        """How many were left out before this one; None where it is left out itself."""
        most = 1 if actor == NOBODY else _MOST_OF_ACCOUNT
        at = time.monotonic()
        with self._lock:
            window = self._windows.get((actor, code, account))
            left_out = 0
            if window is None or at - window.begun >= _WINDOW:
                left_out = 0 if window is None else window.left_out
                window = self._windows[actor, code, account] = _Window(at)
            if window.written >= most:
                window.left_out += 1
                return None
            window.written += 1
            return left_out
