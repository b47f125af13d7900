"""The register by file, at the desk: a sheet in, what it would do or did, back again, and out."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import register_sheets
from pipeline.flow.register_sheets import OtherPlanError, Taken
from pipeline.web.desk.site import STAFF, desk_of
from pipeline.web.sent import file_content
from pipeline.web.visit import Visit
from pipeline.web.visiting import needs, page

ADDRESS = "/register/sheet"
_NO_FILE = "No file was chosen. Nothing was changed. Choose the CSV file of the register."
REFUSED = (
    "Some rows are refused; each says why. Nothing of the file was taken. Correct those rows and "
    "send the file again, or take in the good rows alone."
)
_SHOWN = 500
# A row, its fields with what stood there and what comes, the board and the subject.
Shown = tuple[register_sheets.Row, tuple[tuple[str, str, str], ...], tuple[str, str]]


@needs(*STAFF, raw=True, files=True)
def sheet(visit: Visit) -> Response:
    """The form for a sheet, and what it would do; nothing is written before that was seen."""
    if visit.request.method == "GET":
        return _page(visit)
    try:
        sent = visit.form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise UsageError(_NO_FILE)
        return _looked(visit, file_content(sent), leave_out=visit.said("leave", 8) == "yes")
    except CandourError as refused:
        return _page(visit, error=str(refused))


def _looked(visit: Visit, content: bytes, *, leave_out: bool, error: str = "") -> Response:
    """What a sheet would do, with a key by which it can be taken in without sending it again."""
    taken = register_sheets.read_in(
        visit.workspace, content, dry_run=True, leave_out=leave_out, as_name=visit.who
    )
    key = desk_of(visit).sheets.keep(visit.who.id, content, leave_out=leave_out, plan=taken.plan)
    return _page(visit, taken, error, key=key)


@needs(*STAFF, raw=True)
def take(visit: Visit) -> Response:
    """Take in the sheet that was looked at, if it still does what was shown."""
    sheets, key = desk_of(visit).sheets, visit.said("sheet", 60)
    try:
        one = sheets.of(visit.who.id, key)
    except CandourError as refused:
        return _page(visit, error=str(refused))
    try:
        taken = register_sheets.read_in(
            visit.workspace, one.content, skip_bad=visit.said("skip", 8) == "yes",
            leave_out=one.leave_out, plan=one.plan, as_name=visit.who,
        )  # fmt: skip
    except OtherPlanError as other:
        return _looked(visit, one.content, leave_out=one.leave_out, error=str(other))
    except CandourError as refused:
        return _page(visit, error=str(refused))
    if taken.kept:
        sheets.drop(key)
    return _page(visit, taken, "" if taken.kept else REFUSED, key="" if taken.kept else key)


def _page(
    visit: Visit, taken: Taken | None = None, error: str = "", *, key: str = "", undone: int = -1
) -> Response:
    shown, more = first_rows(taken)
    return page(
        visit, "sheet.html", 400 if error else 200, taken=taken, rows=shown, key=key,
        more=more, undone=undone, error=error, last=register_sheets.last(visit.workspace),
    )  # fmt: skip


def first_rows(taken: Taken | None) -> tuple[list[Shown], int]:
    """The rows to show, and how many more there are.

    Of hundreds of rows people look for those that are refused, changed or odd.
    """
    rows = () if taken is None else zip(taken.rows, taken.changes, taken.named, strict=True)
    order = {"refused": 0, "changed": 1, "added": 2, "left": 3}
    found = sorted(rows, key=lambda one: (order[str(one[0]["what"])], not one[0]["odd"]))
    return found[:_SHOWN], max(0, len(found) - _SHOWN)


@needs(*STAFF, raw=True)
def undo(visit: Visit) -> Response:
    """Take back what the last sheet did."""
    try:
        rows = register_sheets.undo(
            visit.workspace, expected=visit.said("batch", 20), as_name=visit.who
        )
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
    Route(f"{ADDRESS}/take", take, methods=["POST"], name="sheet-take"),
    Route(f"{ADDRESS}/undo", undo, methods=["POST"], name="sheet-undo"),
    Route(f"{ADDRESS}/register.csv", download, methods=["POST"], name="sheet-download"),
)
