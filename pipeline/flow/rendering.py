"""From a review in the vault to the files that are published, each checked before it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from pipeline.door import policy as policies
from pipeline.door import redact, verify
from pipeline.door.redact import Redaction
from pipeline.exporters import to_docx, to_html, to_json, to_markdown, to_pdf, to_text
from pipeline.raw.document import Document, Settlement
from pipeline.safe.lesson import SafeDocument
from pipeline.store import approval
from pipeline.store.approval import Bound
from pipeline.store.register import Row, public_prefix

_UNDRAWN = "unissued"


def artefacts(redaction: Redaction, public_id: str) -> dict[str, bytes]:
    """The files of one review by name, in every format; their names come from the public id.

    LeakError where something that was hidden is in one of them: then there are none.
    """
    made = unjudged(redaction, public_id)
    verify.require_clean(made, redaction)
    return made


def unjudged(redaction: Redaction, public_id: str) -> dict[str, bytes]:
    """The same files for who judges them before any goes out, as a release does with its folder."""
    return {
        **quick(redaction.document, public_id),
        f"{public_id}.pdf": _pdf(redaction.document, public_id),
    }


def quick(document: SafeDocument, public_id: str) -> dict[str, bytes]:
    """The same files but for the PDF, which takes seconds; nothing is judged here."""
    return {
        f"{public_id}.html": to_html.render(document, public_id=public_id),
        f"{public_id}.txt": to_text.render(document, public_id=public_id),
        f"{public_id}.json": to_json.render(document, public_id=public_id),
        f"{public_id}.md": to_markdown.render(document, public_id=public_id),
        f"{public_id}.docx": to_docx.render(document, public_id=public_id),
    }


def undrawn(*, demonstration: bool) -> str:
    """What stands in the files that are approved where the public id will: none is drawn yet.

    As long as an id; with vowels, which no id has, and without figures, which a report may hide.

    >>> undrawn(demonstration=False)
    'cr-unissued'
    """
    return public_prefix(demonstration=demonstration) + _UNDRAWN


@lru_cache(maxsize=4)
def _pdf(document: SafeDocument, public_id: str) -> bytes:
    """The PDF, which takes seconds: what was approved a moment ago is not set again."""
    return to_pdf.render(document, public_id=public_id)


def require_clean_text(redaction: Redaction) -> None:
    """Check the text alone, for a draft that is kept and not handed out; LeakError as above."""
    text = to_text.render(redaction.document, public_id=redaction.document.review)
    verify.require_clean({"draft.txt": text}, redaction)


def redacted(
    document: Document,
    settled: Settlement,
    profile: str,
    *,
    review: str,
    draft: bool,
    version: int = 0,
) -> Redaction:
    """A review under a profile, as it was settled.

    `version` says which of the reports that its author submitted this is; 0 is not told.
    NotSettledError where anything is open and this is no draft.
    """
    policy = policies.load(profile)
    made = redact.redact(document, settled, policy, review=review, draft=draft)
    return replace(made, document=replace(made.document, version=version))


def bound(row: Row, redaction: Redaction, outputs: Mapping[str, bytes]) -> Bound:
    """What an approval of these files rests on."""
    return Bound(
        edition=row.edition,
        original=row.sha256,
        text=redaction.plan.text_sha256,
        plan=approval.sha256(redact.to_bytes(redaction.plan).decode()),
        policy=redaction.plan.policy_sha256,
        safe_text=redaction.document.text.sha256,
        versions=row.versions,
        outputs=approval.hashes(outputs),
    )
