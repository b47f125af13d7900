"""Recognisers that fail in a way of their own, for more than one file of tests."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.raw.document import Finding


@dataclass
class Hangs:
    """Ends only when it is told to, or after half a minute."""

    name: str = "hangs"
    stop: threading.Event = field(default_factory=threading.Event)

    def find(self, text: str) -> Iterable[Finding]:
        self.stop.wait(30)
        return ()
