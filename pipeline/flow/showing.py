"""What is read in a file, without looking for what must be hidden: nothing else is loaded."""

from __future__ import annotations

from pathlib import Path

from pipeline.config import Settings
from pipeline.raw.readers import reading, showing


def rows(path: Path, settings: Settings) -> tuple[dict[str, object], ...]:
    """The structure of one file as rows of contracts (blocks, tables, what was not read)."""
    return tuple(showing.rows(reading.read(path, settings)))


def text(path: Path, form: str, settings: Settings) -> str:
    """The canonical text of one file, as "text" or as "markdown"."""
    document = reading.read(path, settings)
    return showing.as_markdown(document) if form == "markdown" else showing.as_text(document)
