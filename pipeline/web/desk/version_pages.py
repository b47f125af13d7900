"""The author's versions: the files as they were received, a later one sent, two compared."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import versions, withdrawing
from pipeline.store.accounts import Duty
from pipeline.web.desk import sittings
from pipeline.web.desk.site import STAFF, desk_of
from pipeline.web.desk.upload import MOST_A_FILE
from pipeline.web.sent import file_content, plain_name
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, needs, page, review_asked

PART = "/versions"
_SENDERS = (Duty.UPLOADER, Duty.REVIEWER)
_WITHDRAWERS = (Duty.APPROVER, Duty.ADMINISTRATOR)
_NO_FILE = "No file was chosen. Nothing was changed. Choose the file of the later version."
_LARGE = (
    "The file is larger than 100 MB. Nothing was changed. Take it in with `candour version` on "
    "the command line."
)
_NO_SENDER = "From whom did the file come? Nothing was changed. Write it down."
_NOT_SURE = "Tick that it is meant. Nothing was changed."
# What a page says of a reason.
_REASONS = {
    "leak": "Something is in it that had to be hidden",
    "court-order": "A court forbids it",
    "family": "The family asks",
    "error": "The report was wrong",
    "superseded": "A later version takes its place",
    "other": "Another reason",
}


@needs(*STAFF, raw=True, files=True)
def listed(visit: Visit) -> Response:
    """The versions of a report, and the form for a later one."""
    review = review_asked(visit)
    error, field = "", ""
    if visit.request.method == "POST":
        try:
            error, field = _received(visit, review)
        except CandourError as refused:
            error, field = str(refused), "file"
        if not error:
            return back(f"/reviews/{review}{PART}", "version")
    return page(
        visit,
        "versions.html",
        400 if error else 200,
        review=review,
        rows=versions.listed(visit.workspace, review, as_name=visit.who),
        may_send=bool(set(_SENDERS) & set(visit.duties)),
        may_compare=bool({Duty.REVIEWER, Duty.APPROVER} & set(visit.duties)),
        error=error,
        field=field,
    )


def _received(visit: Visit, review: str) -> tuple[str, str]:
    """Take a later version in; what is wrong with what was sent, and in which field."""
    sent, sender = visit.form.get("file"), visit.said("sender", 200).strip()
    if not isinstance(sent, UploadFile) or not sent.filename:
        return _NO_FILE, "file"
    if not sender:
        return _NO_SENDER, "sender"
    content = file_content(sent)
    if len(content) > MOST_A_FILE:
        return _LARGE, "file"
    name = plain_name(sent)
    versions.receive_bytes(visit.workspace, review, content, name, sender=sender, as_name=visit.who)
    desk_of(visit).sittings.forget(review)
    return "", ""


@needs(Duty.REVIEWER, Duty.APPROVER, raw=True)
def compare(visit: Visit) -> Response:
    """Two versions paragraph by paragraph; without numbers, the last two."""
    review = review_asked(visit)
    first, second = sittings.number(visit.asked("a")), sittings.number(visit.asked("b"))
    both = (first, second) if first is not None and second is not None else None
    made = versions.compared(visit.workspace, review, as_name=visit.who, versions=both)
    every = visit.asked("all") == "yes"
    return page(
        visit,
        "compare.html",
        review=review,
        versions=made.versions,
        counts=made.counts,
        rows=versions.rows(made, every=every),
        every=every,
    )


@needs(*_WITHDRAWERS)
def withdraw(visit: Visit) -> Response:
    """Take a review back for good, and list to whom it went."""
    review = review_asked(visit)
    error, done = "", None
    if visit.request.method == "POST":
        try:
            if visit.said("sure", 8) != "yes":
                raise UsageError(_NOT_SURE)
            reason = visit.said("reason", 40)
            done = withdrawing.withdraw(visit.workspace, review, reason, as_name=visit.who)
            desk_of(visit).sittings.forget(review)
        except CandourError as refused:
            error = str(refused)
    return page(
        visit,
        "withdraw.html",
        400 if error else 200,
        review=review,
        reasons=_REASONS,
        withdrawn=done is not None,
        rows=withdrawing.recipients(visit.workspace, review, as_name=visit.who),
        error=error,
        field="sure" if error == _NOT_SURE else "reason" if error else "",
    )


ROUTES = (
    Route(f"/reviews/{{review}}{PART}", listed, methods=["GET", "POST"], name="versions"),
    Route("/reviews/{review}/compare", compare, name="compare"),
    Route("/reviews/{review}/withdraw", withdraw, methods=["GET", "POST"], name="withdraw"),
)
