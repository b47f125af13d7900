"""Drafts and findings of single files, without a workspace: nothing is kept, nobody reviewed it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.config import Settings
from pipeline.door import plan, redact, verify
from pipeline.door import policy as policies
from pipeline.door.facts import crossing
from pipeline.exporters import to_text
from pipeline.flow import proposing
from pipeline.raw import detect, facts, settle
from pipeline.raw.document import Document, Finding
from pipeline.raw.readers import reading

DRAFT_ID = "draft"
_DRAWN = re.compile(r"page-(\d{3,9})\.png")
_AS_IT_IS = getattr(os, "O_BINARY", 0)


NO_TAGGER = (
    "The tagger is not installed: names are found by patterns alone, and many will be missed. "
    "Use what follows for a look only. Install Candour with its models."
)


def warnings() -> tuple[str, ...]:
    """What a user should know before trusting what is found, as constant texts."""
    return () if detect.tagger_present() else (NO_TAGGER,)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file's text with everything proposed hidden; `text` says on top that it is a draft.

    `words_kept` are the words of the file that still stand in it, also within a date that was
    made coarser.
    """

    text: bytes
    counts: Mapping[str, int]
    words: int
    words_kept: int
    unread: int


def draft(path: Path, profile: str, settings: Settings) -> Draft:
    """The draft of one file under a profile.

    LeakError where something that was hidden is still in the draft: then there is none.
    """
    policy = policies.load(profile)
    document = proposing.read(path, settings)
    proposal = proposing.propose(document, settings)
    redaction = redact.redact(document, settle.accept_all(proposal), policy, review=DRAFT_ID)
    text = to_text.render(redaction.document, public_id=DRAFT_ID)
    verify.require_clean({"draft.txt": text}, redaction)
    replaced = redaction.plan.replacements
    words = len(document.text.split())
    return Draft(
        text=text,
        counts=dict(sorted(Counter(r.kind.value for r in replaced).items())),
        words=words,
        words_kept=words - plan.words_lost(document.text, redaction.plan),
        unread=len(document.unread),
    )


def detected(path: Path, profile: str | None, settings: Settings) -> dict[str, object]:
    """What is found in one file, as the row of contracts: offsets in the text that users count in.

    With a profile, what that profile would change; without one, everything that may be
    a name or tell who it is, suspicions too.
    """
    document = proposing.read(path, settings)
    return {"path": str(path), **findings_row(document, profile, settings)}


def findings_row(document: Document, profile: str | None, settings: Settings) -> dict[str, object]:
    """The findings of a document and the hash of the text that their offsets count in."""
    counted = document.text if document.source_text is None else document.source_text
    return {
        "text_sha256": sha256(counted.encode()).hexdigest(),
        "findings": [_row(document, f) for f in _listed(document, profile, settings)],
    }


def _listed(document: Document, profile: str | None, settings: Settings) -> tuple[Finding, ...]:
    if profile is None:
        return proposing.everything(document, settings)
    proposal = proposing.propose(document, settings)
    return redact.would_change(document, proposal, policies.load(profile))


def _row(document: Document, finding: Finding) -> dict[str, object]:
    span = document.to_source(finding.span)
    return {
        "start": span.start,
        "end": span.end,
        "kind": finding.kind.value,
        "subkind": finding.subkind,
        "score": round(finding.score, 4),
        "by": finding.by,
        "identity": finding.identity,
    }


def facts_rows(path: Path, settings: Settings) -> tuple[dict[str, object], ...]:
    """What one file says of itself, a row a fact: gaps are rows too, since a gap is information.

    Offsets count in the text that users count in. `crosses` is what may leave the raw side of
    the fact, "" where nothing of it may.
    """
    document = proposing.read(path, settings)
    return tuple(_fact_row(document, name, fact) for name, fact in facts.stated(document).each())


def _fact_row(document: Document, name: str, fact: facts.Fact) -> dict[str, object]:
    span = None if fact.span is None else document.to_source(fact.span)
    return {
        "fact": name,
        "value": fact.value,
        "source": None if fact.source is None else fact.source.value,
        "page": None if fact.span is None else _page(document, fact.span.start),
        "start": None if span is None else span.start,
        "end": None if span is None else span.end,
        "crosses": crossing(name, fact.value) or "",
    }


def _page(document: Document, at: int) -> int | None:
    """The page of a place of the text: of its line where the format has lines, else its block."""
    for place in document.places:
        if place.start <= at < place.start + place.length:
            return place.page
    inside = (b.page for b in document.blocks if b.span and b.span.start <= at < b.span.end)
    return next(inside, None)


@dataclass(frozen=True, slots=True)
class Outlined:
    """How many pages were drawn, and how many pictures of other pages the folder held before."""

    pages: int
    older: int


def outlined(path: Path, folder: Path, settings: Settings) -> Outlined:
    """Draws each page of a PDF with its blocks outlined, as page-001.png and so on in a folder.

    The pictures show the whole report: nobody else may open them. UsageError for what has no
    pages of its own.
    """

    def keep(page: int, picture: bytes) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = folder / f"page-{page:03}.png"
        part = target.with_suffix(".part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(picture)
        part.replace(target)

    pages = reading.drawn(reading.bytes_of(path), path.name, settings, keep).pages
    found = (_DRAWN.fullmatch(one.name) for one in folder.iterdir())
    return Outlined(pages, sum(int(one[1]) > pages for one in found if one))
