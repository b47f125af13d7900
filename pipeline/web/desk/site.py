"""The desk as a site: what its pages share beyond what every site has."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.store.accounts import Duty
from pipeline.web.desk.jobs import Jobs
from pipeline.web.desk.sheets import Sheets
from pipeline.web.desk.sittings import Sittings
from pipeline.web.visit import Site, Visit

STAFF = (Duty.UPLOADER, Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Desk(Site):
    """What the pages of one desk share."""

    jobs: Jobs
    sittings: Sittings
    sheets: Sheets


def desk_of(visit: Visit) -> Desk:
    """The desk that is visited; it holds nothing any more of what was taken back meanwhile."""
    if not isinstance(visit.site, Desk):
        raise TypeError("this page belongs to the desk")
    visit.site.sittings.let_go()
    return visit.site
