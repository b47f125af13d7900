"""The register by file, at the desk: a sheet in, what it would do or did, back again, and out."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import register_sheets
from pipeline.flow.register_sheets import Taken
from pipeline.web.desk.site import STAFF
from pipeline.web.sent import file_content
from pipeline.web.visit import Visit
from pipeline.web.visiting import needs, page

ADDRESS = "/register/sheet"
_NO_FILE = "No file was chosen. Nothing was changed. Choose the CSV file of the register."
_SHOWN = 500


@needs(*STAFF, raw=True, files=True)
def sheet(visit: Visit) -> Response:
    """The form for a sheet, and what became of one."""
    taken, error = None, ""
    if visit.request.method == "POST":
        try:
            taken = _taken(visit)
        except CandourError as refused:
            error = str(refused)
    return _page(visit, taken, error)


def _taken(visit: Visit) -> Taken:
    sent = visit.form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise UsageError(_NO_FILE)
    return register_sheets.read_in(
        visit.workspace,
        file_content(sent),
        dry_run=visit.said("how", 10) != "take",
        skip_bad=visit.said("skip", 8) == "yes",
        leave_out=visit.said("leave", 8) == "yes",
        as_name=visit.who,
    )


def _page(visit: Visit, taken: Taken | None = None, error: str = "", undone: int = -1) -> Response:
    rows = () if taken is None else taken.rows
    # Of hundreds of rows people look for those that are refused, changed or odd.
    order = {"refused": 0, "changed": 1, "added": 2, "left": 3}
    rows = tuple(sorted(rows, key=lambda row: (order[str(row["what"])], not row["odd"])))
    return page(
        visit, "sheet.html", 400 if error else 200, taken=taken, rows=rows[:_SHOWN],
        more=max(0, len(rows) - _SHOWN), undone=undone, error=error,
        tried=visit.said("how", 10) != "take",
    )  # fmt: skip


@needs(*STAFF, raw=True)
def undo(visit: Visit) -> Response:
    """Take back what the last sheet did."""
    try:
        rows = register_sheets.undo(visit.workspace, as_name=visit.who)
    except CandourError as refused:
        return _page(visit, error=str(refused))
    return _page(visit, undone=len(rows))


@needs(*STAFF, raw=True)
def download(visit: Visit) -> Response:
    """The register as a file for a spreadsheet."""
    content = register_sheets.written(visit.workspace, as_name=visit.who)
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="register.csv"'},
    )


ROUTES = (
    Route(ADDRESS, sheet, methods=["GET", "POST"], name="sheet"),
    Route(f"{ADDRESS}/undo", undo, methods=["POST"], name="sheet-undo"),
    Route(f"{ADDRESS}/register.csv", download, methods=["POST"], name="sheet-download"),
)
