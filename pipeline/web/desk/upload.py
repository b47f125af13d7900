"""Taking reviews in: files are sent, and read one after the other while the page tells of it."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import UsageError
from pipeline.store.accounts import Duty
from pipeline.web.desk.jobs import Item, Job, Stage
from pipeline.web.desk.showing import size
from pipeline.web.desk.site import desk_of
from pipeline.web.sent import MOST_FILES, file_content
from pipeline.web.visit import Visit
from pipeline.web.visiting import needs, page
from pipeline.web.wording import many

ADDRESS = "/upload"
MOST_A_FILE = 100 * 1024 * 1024
_NONE = "No file was chosen. Nothing was taken in. Choose one or more files."
_LARGE = (
    "One of the files is larger than 100 MB. Nothing was taken in. Send the others without it, "
    "and take the large one in with `candour ingest`."
)
_STAGES = {
    Stage.WAITING: "Waiting",
    Stage.READING: "Being read",
    Stage.TAKEN: "Taken in",
    Stage.KNOWN: "Taken in before",
    Stage.REFUSED: "Not taken in",
}


@needs(Duty.UPLOADER)
def form(visit: Visit) -> Response:
    """The form to choose files with."""
    return _form(visit)


def _form(visit: Visit, error: str = "") -> Response:
    return page(
        visit,
        "upload.html",
        400 if error else 200,
        error=error,
        jobs=desk_of(visit).jobs.all_of(visit.who),
        most_files=MOST_FILES,
        most_a_file=MOST_A_FILE,
    )


@needs(Duty.UPLOADER, files=True)
def send(visit: Visit) -> Response:
    """Take the files that were sent, and go on to the page that tells what becomes of them."""
    sent = [one for one in visit.form.getlist("files") if isinstance(one, UploadFile)]
    files = [(_shown(one.filename), file_content(one)) for one in sent if one.filename]
    if not files:
        return _form(visit, _NONE)
    if any(len(content) > MOST_A_FILE for _, content in files):
        visit.site.refusals.tell("too-large", actor=visit.who.id)
        return _form(visit, _LARGE)
    try:
        job = desk_of(visit).jobs.add(visit.who, files)
    except UsageError as error:
        return _form(visit, str(error))
    return RedirectResponse(f"{ADDRESS}/{job.id}", 303)


def _shown(name: str | None) -> str:
    """The name of a file as whoever sent it sees it again: without folders and odd characters."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:120]


@needs(Duty.UPLOADER)
def job(visit: Visit) -> Response:
    """What becomes of the files of one job."""
    known = _job(visit)
    return page(visit, "job.html", job=known, rows=_rows(known), said=_said(known))


@needs(Duty.UPLOADER)
def state(visit: Visit) -> Response:
    """The same for the script of the page."""
    known = _job(visit)
    over = known.done == len(known.items)
    return JSONResponse({"said": _said(known), "over": over, "rows": _rows(known)})


def _job(visit: Visit) -> Job:
    found = desk_of(visit).jobs.of(visit.who, visit.request.path_params["job"])
    if found is None:
        raise HTTPException(404)
    return found


def _said(job: Job) -> str:
    if job.done < len(job.items):
        return f"{job.done} of {many(len(job.items), 'file')} done."
    refused = sum(item.stage is Stage.REFUSED for item in job.items)
    taken = sum(item.stage is Stage.TAKEN for item in job.items)
    known = len(job.items) - refused - taken
    said = f"All done. {many(taken, 'file')} taken in"
    said += f", {many(known, 'file')} known already" if known else ""
    return said + (f", {many(refused, 'file')} not taken in." if refused else ".")


def _rows(job: Job) -> list[dict[str, str]]:
    return [_row(item) for item in job.items]


def _row(item: Item) -> dict[str, str]:
    return {
        "name": item.name,
        "size": size(item.size),
        "stage": item.stage.value,
        "shown": _STAGES[item.stage],
        "review": item.review,
        "why": item.why,
    }


ROUTES = (
    Route(ADDRESS, form, name="upload"),
    Route(ADDRESS, send, methods=["POST"]),
    Route("/upload/{job}", job, name="job"),
    Route("/upload/{job}/state", state, name="job-state"),
)
