"""From a redaction to the files that are published, each checked before it is handed out."""

from __future__ import annotations

from pipeline.door import verify
from pipeline.door.redact import Redaction
from pipeline.exporters import to_html, to_json, to_markdown, to_text


def artefacts(redaction: Redaction, public_id: str) -> dict[str, bytes]:
    """The files of one review by name, in every format; their names come from the public id.

    LeakError where something that was hidden is in one of them: then there are none.
    """
    made = {
        f"{public_id}.html": to_html.render(redaction.document, public_id=public_id),
        f"{public_id}.txt": to_text.render(redaction.document, public_id=public_id),
        f"{public_id}.json": to_json.render(redaction.document, public_id=public_id),
        f"{public_id}.md": to_markdown.render(redaction.document, public_id=public_id),
    }
    verify.require_clean(made, redaction)
    return made


def require_clean_text(redaction: Redaction) -> None:
    """Check the text alone, for a draft that is kept and not handed out; LeakError as above."""
    text = to_text.render(redaction.document, public_id=redaction.document.review)
    verify.require_clean({"draft.txt": text}, redaction)
