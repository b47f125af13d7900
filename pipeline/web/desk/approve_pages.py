"""The second person: the finished text to read, the checklist to answer, and the publication."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CandourError, UsageError
from pipeline.flow import deciding, overview, publishing, settling
from pipeline.flow.desks import Desk
from pipeline.store.accounts import Duty
from pipeline.store.approval import CHECKLIST
from pipeline.store.register import State
from pipeline.web.desk import panes, queue, sittings
from pipeline.web.desk.site import desk_of
from pipeline.web.visit import Visit
from pipeline.web.visiting import back, needs, page, review_asked, said_of

_PUBLISHERS = (Duty.APPROVER, Duty.ADMINISTRATOR)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_NOT_READ = (
    "This edition was not on your screen under the profile that you approve. Nothing was approved. "
    "Read the text below, then answer the checklist again."
)
_NO_PROFILE = "That profile is not made for release. Nothing was done. Choose one of the list."


@needs(Duty.APPROVER, raw=True)
def approve(visit: Visit) -> Response:
    """The text as it will be published, and the checklist; what is sent approves it."""
    review = review_asked(visit)
    if visit.request.method == "GET":
        return _form(visit, review, visit.asked("profile"))
    answers = {question.code: visit.said(question.code, 40) for question in CHECKLIST}
    edition, profile = sittings.number(visit.said("edition", 12)), visit.said("profile", 40)
    edition = -1 if edition is None else edition
    try:
        if not sittings.was_read(
            visit.said("shown", 80), visit.form_token, review, profile, edition
        ):
            raise UsageError(_NOT_READ)
        settling.approve(
            visit.workspace,
            review,
            profile,
            as_name=visit.who,
            checklist={code: answer for code, answer in answers.items() if answer},
            signatory=visit.said("signatory", 200),
            edition=edition,
        )
    except CandourError as error:
        return _form(visit, review, profile, said_of(error))
    return back(f"/reviews/{review}", "approved")


def _form(visit: Visit, review: str, wanted: str, error: str = "") -> Response:
    profiles = publishing.releasable()
    profile = wanted or visit.workspace.settings.profile
    if profile not in dict(profiles):
        raise UsageError(_NO_PROFILE)
    readings = desk_of(visit).sittings.readings
    desk = deciding.opened(
        visit.workspace, review, who=visit.who, what="approve", readings=readings
    )
    return page(
        visit,
        "approve.html",
        400 if error else 200,
        row=desk.row,
        profile=profile,
        profiles=profiles,
        text=_text(visit, desk, profile),
        stays=[card for card in desk.cards if card.verdict in ("reject", queue.MIXED)],
        passed=[group for group in desk.groups if group.key in desk.decided.passed],
        tallies=queue.tallies(desk.cards),
        added=len(desk.decided.added),
        questions=CHECKLIST,
        shown=sittings.read_ticket(visit.form_token, review, profile, desk.row.edition),
        said=visit.said,
        named=queue.named,
        names=overview.names(visit.workspace),
        ready=desk.row.state in (State.SETTLED, State.APPROVED, State.PUBLISHED),
        mine=desk.row.editor == visit.who.id,
        error=error,
        field="checklist" if error else "",
    )


def _text(visit: Visit, desk: Desk, profile: str) -> panes.Rows:
    if profile == visit.workspace.settings.profile:
        return desk_of(visit).sittings.published(desk)
    return panes.published(deciding.preview(visit.workspace, desk, profile))


@needs(*_PUBLISHERS)
def publish(visit: Visit) -> Response:
    """The publication as one file to keep: every format, and the manifest that proves them."""
    review = review_asked(visit)
    approvals = overview.glance(visit.workspace, review).approvals
    if visit.request.method == "GET":
        return page(visit, "publish.html", review=review, approvals=approvals)
    profile = visit.said("profile", 40)
    try:
        with tempfile.TemporaryDirectory(prefix="candour-") as folder:
            made = publishing.publish(
                visit.workspace,
                [review],
                profile,
                Path(folder),
                as_name=visit.who,
                recipients=[
                    one for one in visit.said("recipients", 4000).split("\n") if one.strip()
                ],
            )
            content = _packed(Path(folder))
    except CandourError as error:
        said = said_of(error)
        return page(visit, "publish.html", 409, review=review, approvals=approvals, error=said)
    name = f"{made[0]['public_id']}.zip"
    return Response(
        content,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _packed(folder: Path) -> bytes:
    """The files of a folder in one; the same files give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.writestr(zipfile.ZipInfo(path.name, _FIRST_DAY), path.read_bytes())
    return held.getvalue()


ROUTES = (
    Route("/reviews/{review}/approve", approve, methods=["GET", "POST"], name="approve"),
    Route("/reviews/{review}/publish", publish, methods=["GET", "POST"], name="publish"),
)
