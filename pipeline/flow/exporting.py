"""Exports for researchers: what was learned and coded, in the formats of their own tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.exporters import to_csv, to_jsonl, to_qdc, to_qdpx, to_ris, to_xlsx
from pipeline.exporters.kinds import Kind, What
from pipeline.flow import learned
from pipeline.safe.study import WHAT, rows

if TYPE_CHECKING:
    from pipeline.safe.study import Study
    from pipeline.store.workspace import Workspace

_ONE_KIND = (
    "That format holds everything of its kind, so it takes no --what. Nothing was written. Leave "
    "--what out, or choose csv, jsonl or xlsx."
)


_NOTHING = (
    "No approved text holds anything of that kind. Nothing was written. Approve a review and run "
    "`candour learn`, or add drafts with --include-drafts."
)


def export(
    workspace: Workspace, kind: Kind, what: What | None = None, *, include_drafts: bool = False
) -> bytes:
    """What the library holds now as a file: approved texts only, unless drafts are asked for.

    The same library, codings and program give the same bytes.
    """
    listing = kind in (Kind.CSV, Kind.JSONL, Kind.XLSX)
    if what is not None and not listing:
        raise UsageError(_ONE_KIND)
    texts = not listing or what is What.REVIEWS or (kind is Kind.XLSX and what is None)
    study = learned.everything(
        workspace.library,
        include_drafts=include_drafts,
        prefer=workspace.settings.profile,
        texts=texts and kind is not Kind.QDC,
    )
    if kind is not Kind.QDC and not _holds(study, what):
        raise UsageError(_NOTHING)
    if kind is Kind.XLSX:
        return to_xlsx.render(study, WHAT if what is None else (what.value,))
    if listing:
        table = to_csv.render if kind is Kind.CSV else to_jsonl.render
        return table(rows(study, (what or What.PASSAGES).value))
    whole = {Kind.QDC: to_qdc.render, Kind.QDPX: to_qdpx.render, Kind.RIS: to_ris.render}
    return whole[kind](study)


def _holds(study: Study, what: What | None) -> bool:
    listed = {What.LESSONS: study.lessons, What.CODINGS: study.codings}
    return bool(listed.get(what, study.passages) if what else study.passages)
