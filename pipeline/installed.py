"""Where what ships with the program lies. It loads nothing, since every process needs it."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import UsageError


def shipped(name: str) -> Path:
    """Where a file or folder that ships with the program lies: "configs/…" or "models/…".

    In a wheel it is in pipeline/shipped; in a checkout it is in the repository.
    """
    here = Path(__file__).resolve().parent
    for root in (here / "shipped", here.parent):
        if (root / name).exists():
            return root / name
    raise UsageError(
        "A file that ships with Candour is missing. Nothing was done. Install Candour again."
    )
