"""From a file to a document, and from a document to what should be hidden in it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pipeline.config import Settings
from pipeline.raw import detect
from pipeline.raw.document import Document, Proposal, Recogniser
from pipeline.raw.link import link
from pipeline.raw.readers import reading


def read(path: Path, settings: Settings) -> Document:
    """The document in a file. ReadError where it cannot be read."""
    return reading.read(path, settings)


def read_bytes(data: bytes, name: str, settings: Settings) -> Document:
    """The document in a file's bytes; `name` is the file's. ReadError where it cannot be read."""
    return reading.read_bytes(data, name, settings)


@lru_cache(maxsize=2)
def _recognisers(settings: Settings) -> tuple[Recogniser, ...]:
    """The recognisers of these settings, loaded once a process: a model takes a while to load."""
    return detect.recognisers(settings)


def propose(
    document: Document, settings: Settings, using: tuple[Recogniser, ...] | None = None
) -> Proposal:
    """Every mention of everybody and everything that may have to be hidden.

    RecogniserError where a recogniser fails: then nothing of the document may be used.
    """
    recognisers = _recognisers(settings) if using is None else using
    seconds = settings.recogniser_seconds
    found = detect.findings(document, recognisers, seconds=seconds)
    margin = detect.margin_findings(document, recognisers, seconds=seconds)
    return link(document, found, margin)
