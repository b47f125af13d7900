"""From a file to a document, and from a document to what should be hidden in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pipeline import __version__, installed
from pipeline.config import Settings
from pipeline.raw import detect, facts, recase
from pipeline.raw.document import Block, Document, Finding, Proposal, Recogniser, View
from pipeline.raw.link import link
from pipeline.raw.readers import reading
from pipeline.raw.recognisers.deadline import within
from pipeline.span import BlockKind, Kind, Span

_TELLING = frozenset({Kind.PERSON, Kind.PLACE, Kind.CODE, Kind.CONTACT})


def read(path: Path, settings: Settings, *, view: View = View.ACCEPTED) -> Document:
    """The document in a file, in one view of its tracked changes. ReadError where it has none."""
    return reading.read(path, settings, view=view)


def read_again(original: bytes, document: Document, view: View, settings: Settings) -> Document:
    """A Word file that was read before, in another view of its tracked changes.

    What stands in the margins of either view is known of the case.
    """
    again = reading.read_bytes(original, "", settings, view=view)
    return replace(again, margins=tuple(dict.fromkeys((*document.margins, *again.margins))))


def registered(
    document: Document, proposal: Proposal, settings: Settings, said: facts.Facts | None = None
) -> dict[str, str]:
    """What the register says of a text: what it says of itself, its hash, what read it.

    The register is not encrypted: no author, no chair, and no name of a subject.
    """
    said = facts.stated(document) if said is None else said
    people = (one for one in proposal.identities if one.kind is Kind.PERSON)
    return {
        "kind": said.kind.value,
        "board": said.register_board(name for one in people for name in one.names),
        "subject": said.register_subject,
        "text_sha256": document.text_sha256,
        "media": document.media,
        "versions": versions(document, settings),
    }


def versions(document: Document, settings: Settings) -> str:
    """What read and proposed: codes of the reader, the program and the models."""
    models = installed.shipped("models") / "manifest.toml"
    tagger = settings.spacy_model or "none"
    if not settings.spacy_model and models.is_file():
        tagger = hashlib.sha256(models.read_bytes()).hexdigest()[:12]
    return f"{document.reader} candour-{__version__} models-{tagger}"


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
    margin = detect.margin_findings(document, recognisers, seconds=seconds)
    found = detect.findings(document, recognisers, seconds=seconds)
    (read,) = within(seconds, lambda: (recase.document(document, found),), "recase")
    if read is None:
        return link(document, found, margin)
    # Of one case only: names are found, and known again, by the capitals that they should have.
    more = detect.findings(read, recognisers, seconds=seconds)
    both = detect.without_overlap(read.text, (*found, *more))
    return replace(link(read, both, margin), text_sha256=document.text_sha256)


def everything(document: Document, settings: Settings) -> tuple[Finding, ...]:
    """All that is proposed and all that is only suspected, by start, free of overlap."""
    found = propose(document, settings).findings
    recognisers, seconds = _recognisers(settings), settings.recogniser_seconds
    more = detect.suspected(document.text, found, recognisers, seconds=seconds)
    return tuple(sorted((*found, *more), key=lambda f: f.span))


def names_something(text: str, settings: Settings) -> bool:
    """Whether a line that a reviewer wrote seems to name a person, a place, a code or a contact."""
    block = Block(BlockKind.PARAGRAPH, text, 1, Span(0, len(text)))
    alone = Document("", "text/plain", "reviewer", 1, text, (block,))
    return any(finding.kind in _TELLING for finding in propose(alone, settings).findings)
