"""The tables of a report as rows of the register: what they would do, taking them in, and back."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import register_sheets
from pipeline.flow.register_sheets import OtherPlanError, Taken
from pipeline.raw.entry import FIELDS
from pipeline.raw.entry_tables import Asked
from pipeline.raw.field import named
from pipeline.web.desk.sheet_pages import REFUSED, first_rows
from pipeline.web.desk.sheets import Report
from pipeline.web.desk.site import STAFF, desk_of
from pipeline.web.desk.upload import MOST_A_FILE
from pipeline.web.sent import file_content, plain_name
from pipeline.web.visit import Visit
from pipeline.web.visiting import needs, page

ADDRESS = "/register/tables"
_NO_FILE = "No file was chosen. Nothing was changed. Choose the report that has the tables."
_LARGE = (
    "The file is larger than 100 MB. Nothing was changed. Take its tables in with `candour "
    "register from-report` on the command line."
)
_NO_NUMBER = "A table is named by its number in the report, such as 2. Nothing was changed."
_SAID = ("columns", "kind", "first", "last", "table")


@needs(*STAFF, raw=True, files=True)
def tables(visit: Visit) -> Response:
    """The form for a report, and what its tables would do; nothing is written before."""
    if visit.request.method == "GET":
        return _page(visit)
    try:
        asked = _asked(visit)
        sent = visit.form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise UsageError(_NO_FILE)
        content = file_content(sent)
        if len(content) > MOST_A_FILE:
            raise UsageError(_LARGE)
        return _looked(visit, content, Report(plain_name(sent), asked))
    except CandourError as refused:
        return _page(visit, error=str(refused))


def _asked(visit: Visit) -> Asked:
    """What was said of the tables; UsageError where it cannot be meant."""
    said = {name: visit.said(name, 400).strip() for name in _SAID}
    period = f"{said['first']}..{said['last']}" if said["first"] or said["last"] else ""
    if said["table"] and not (said["table"].isdecimal() and int(said["table"])):
        raise UsageError(_NO_NUMBER)
    number = int(said["table"]) if said["table"] else None
    return register_sheets.asked(said["columns"], said["kind"], period, number)


def _looked(visit: Visit, content: bytes, report: Report, error: str = "") -> Response:
    """What the tables would do, with a key by which they can be taken in."""
    taken = register_sheets.from_report_bytes(
        visit.workspace, content, report.name, report.asked, dry_run=True, as_name=visit.who
    )
    sheets = desk_of(visit).sheets
    key = sheets.keep(visit.who.id, content, plan=taken.plan, report=report)
    return _page(visit, taken, error, key=key)


@needs(*STAFF, raw=True)
def take(visit: Visit) -> Response:
    """Take in the tables that were looked at, if they still do what was shown."""
    sheets, key = desk_of(visit).sheets, visit.said("sheet", 60)
    try:
        one, report = sheets.report_of(visit.who.id, key)
        try:
            taken = register_sheets.from_report_bytes(
                visit.workspace, one.content, report.name, report.asked,
                skip_bad=visit.said("skip", 8) == "yes", plan=one.plan, as_name=visit.who,
            )  # fmt: skip
        except OtherPlanError as other:
            return _looked(visit, one.content, report, error=str(other))
    except CandourError as refused:
        return _page(visit, error=str(refused))
    if taken.kept:
        sheets.drop(key)
    return _page(visit, taken, "" if taken.kept else REFUSED, key="" if taken.kept else key)


@needs(*STAFF, raw=True)
def undo(visit: Visit) -> Response:
    """Take back what was taken in last."""
    try:
        batch = visit.said("batch", 20)
        rows = register_sheets.undo(visit.workspace, expected=batch, as_name=visit.who)
    except CandourError as refused:
        return _page(visit, error=str(refused))
    return _page(visit, undone=len(rows))


def _page(
    visit: Visit, taken: Taken | None = None, error: str = "", *, key: str = "", undone: int = -1
) -> Response:
    rows, more = first_rows(taken)
    return page(
        visit, "tables.html", 400 if error else 200, taken=taken, rows=rows, more=more, key=key,
        error=error, undone=undone, last=register_sheets.last(visit.workspace), fields=FIELDS,
        kinds=named(FIELDS)["kind"].words, said={name: visit.said(name, 400) for name in _SAID},
    )  # fmt: skip


ROUTES = (
    Route(ADDRESS, tables, methods=["GET", "POST"], name="tables"),
    Route(f"{ADDRESS}/take", take, methods=["POST"], name="tables-take"),
    Route(f"{ADDRESS}/undo", undo, methods=["POST"], name="tables-undo"),
)
