"""The master export: one accessible page that needs nothing from anywhere else."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.exporters import tree
from pipeline.safe import frame
from pipeline.safe.lesson import SafeDocument

if TYPE_CHECKING:
    from jinja2 import Template


def render(document: SafeDocument, *, public_id: str, anchors: bool = True) -> bytes:
    """The document as an HTML page in UTF-8; the same input gives the same bytes.

    With `anchors`, a link can lead to each paragraph; the PDF that is set from it has none.
    """
    laid = tree.laid_out(document)
    html = _template().render(
        title=frame.title(public_id),
        draft=document.draft,
        draft_title=f"{frame.DRAFT}: " if document.draft else "",
        warning=frame.WARNING,
        notes=frame.notes(document.profile, document.version),
        style=_Style(frame.style(draft=document.draft)),
        skip=frame.SKIP,
        end=frame.END,
        contents_title=frame.CONTENTS,
        contents=laid.contents,
        parts=laid.parts,
        anchors=anchors,
    )
    return (html.rstrip("\n") + "\n").encode()


class _Style(str):
    """The stylesheet, our own text: markup as it stands."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = (files("pipeline.exporters") / "templates" / "report.html").read_text("utf-8")
    made = Environment(autoescape=True, undefined=StrictUndefined)
    return made.from_string(source)
