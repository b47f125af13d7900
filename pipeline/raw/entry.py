"""An entry of the register: what the central body records of a review, with or without its file.

Author, chair and subject are names: an entry is of the raw wing and is kept under a key.
"""

from __future__ import annotations

from pipeline.raw.facts_nouns import NAMED, NOT_STATED
from pipeline.raw.facts_process import INDEPENDENCE, JUDGEMENTS
from pipeline.raw.facts_titles import KINDS
from pipeline.raw.field import Field, Sort
from pipeline.raw.record import Record

EXPECTED = "expected"
OTHER = "other"  # a kind of review that has no word of its own
NOT_JUDGED = "not judged"
INADEQUATE = "inadequate"
YES, NO = "yes", "no"
_SHORT_KINDS = (
    ("scr", "serious case review"),
    ("cspr", "child safeguarding practice review"),
    ("lcspr", "child safeguarding practice review"),
    ("local child safeguarding practice review", "child safeguarding practice review"),
    ("cpr", "child practice review"),
    ("apr", "adult practice review"),
    ("sar", "safeguarding adults review"),
    ("safeguarding adult review", "safeguarding adults review"),
    ("dhr", "domestic homicide review"),
    ("dardr", "domestic abuse related death review"),
    ("susr", "single unified safeguarding review"),
    ("cmr", "case management review"),
    ("other review", OTHER),
)


def _day(name: str, *also: str, wanted: bool = False) -> Field:
    return Field(name, Sort.DAY, also=also, wanted=wanted)


FIELDS = (
    Field(
        "kind", Sort.WORD, (*KINDS, OTHER),
        ("type", "review type", "type of review", "kind of review"), _SHORT_KINDS, wanted=True,
    ),
    Field(
        "board",
        also=(
            "lscb", "lscp", "sab", "partnership", "safeguarding board", "safeguarding partnership",
            "local authority", "authority", "name of board", "local safeguarding children board",
        ),
        wanted=True,
    ),
    Field("subject", also=("subject label", "child", "adult", "label"), wanted=True),
    Field("reference", also=("ref", "case reference", "case number", "board reference")),
    Field("author", also=("report author", "overview author", "reviewer", "lead reviewer"),
          wanted=True),
    Field("chair", also=("panel chair", "chair of panel", "chair of the panel"), wanted=True),
    Field("independence", Sort.WORD, INDEPENDENCE, ("independent", "independent author"),
          ((YES, INDEPENDENCE[0]), (NO, INDEPENDENCE[1])), wanted=True),
    _day("incident", "date of incident", "incident date", "date of death", wanted=True),
    _day("notified", "date notified", "notification", "notification date", "announced"),
    _day("expected_by", "expected", "due to arrive", "report due"),
    _day("begun", "started", "date begun", "start date", "commissioned"),
    _day("completed", "date completed", "completion date", "signed off", wanted=True),
    Field("judgement", Sort.WORD, (*JUDGEMENTS, NOT_JUDGED),
          ("judgment", "grade", "rating", "evaluation"),
          (("not yet judged", NOT_JUDGED), ("not evaluated", NOT_JUDGED)), wanted=True),
    _day("judged", "date of judgement", "date judged", "date of evaluation", "date evaluated",
         "evaluated", "evaluation date"),
    _day("resubmission_due", "resubmit by"),
    Field("resubmitted", Sort.WORD, (YES, NO), ("resubmission",), (("y", YES), ("n", NO))),
    _day("resubmitted_on", "date resubmitted", "date of resubmission"),
    _day("publication_due", "publish by", "to be published"),
    _day("board_published", "published", "publication date", "date published",
         "date of publication", "published by board"),
    Field("note", Sort.NOTE, also=("notes", "comment", "comments", "remarks")),
)  # fmt: skip


def told(record: Record, board: str = "", subject: str = "", kind: str = "") -> dict[str, str]:
    """What is recorded of a review; what its report says stands where nobody recorded it.

    >>> told(Record((("board", "Marl Board"),)), "MARL BOARD", "named", "serious case review")
    {'board': 'Marl Board', 'kind': 'serious case review'}
    """
    said = {"kind": kind, "board": board, "subject": subject}
    known = {k: v for k, v in said.items() if v and v not in (NAMED, NOT_STATED)}
    known |= {"kind": kind} if kind in KINDS else {}
    if kind not in KINDS:
        known.pop("kind", None)
    values = known | dict(record.values)
    return dict(sorted(values.items()))
