"""Clearing what was not read: the codes, what each says, and which line each may clear."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from pipeline.errors import UsageError
from pipeline.raw.document import (
    Clearance,
    ClearanceCode,
    Document,
    Unread,
    UnreadKind,
    Verdict,
    View,
)

LONGEST = 300  # characters of a description

# What each code says, in the words that a reviewer reads before choosing it.
MEANINGS: Mapping[ClearanceCode, str] = {
    ClearanceCode.PICTURE_REMOVED: "The picture was looked at and is removed. A description may "
    "say in the publication what it showed, without names.",
    ClearanceCode.NOTHING_IN_IT: "It was looked at, and nothing is in it: it is empty, blank or "
    "decoration.",
    ClearanceCode.NOTHING_TO_ADD: "It was read, and changes nothing: what it says stands in the "
    "report already, or has no place there.",
    ClearanceCode.LEFT_OUT: "It was looked at, is not in the text, and stays out of the "
    "publication.",
    ClearanceCode.NAMES_ADDED: "It was read, and what must be hidden of it in the text was added "
    "to the decisions.",
    ClearanceCode.VIEW_ACCEPTED: "The text with all changes accepted is the one that counts.",
    ClearanceCode.VIEW_ORIGINAL: "The text as it was before the changes is the one that counts.",
    ClearanceCode.ENCODING_CHECKED: "The text was compared with the file: accents, pound signs, "
    "quotation marks and dashes are right.",
    ClearanceCode.LANGUAGE_CHECKED: "Somebody who reads the language went through the text, and "
    "what must be hidden in it was added to the decisions.",
    ClearanceCode.SCAN_CHECKED: "The recognised text was compared with the page, letter by letter "
    "where names and numbers stand.",
    ClearanceCode.BEFORE_CODES: "It was cleared before reasons were asked for.",
}

_LOOKED_AT = (
    ClearanceCode.LEFT_OUT,
    ClearanceCode.NOTHING_TO_ADD,
    ClearanceCode.NAMES_ADDED,
    ClearanceCode.NOTHING_IN_IT,
)
_FITTING: Mapping[UnreadKind, tuple[ClearanceCode, ...]] = {
    UnreadKind.PICTURE: (
        ClearanceCode.PICTURE_REMOVED,
        ClearanceCode.LEFT_OUT,
        ClearanceCode.NAMES_ADDED,
        ClearanceCode.NOTHING_IN_IT,
    ),
    UnreadKind.LITTLE_TEXT: (
        ClearanceCode.NOTHING_IN_IT,
        ClearanceCode.NOTHING_TO_ADD,
        ClearanceCode.LEFT_OUT,
        ClearanceCode.NAMES_ADDED,
    ),
    UnreadKind.ANNOTATION: _LOOKED_AT,
    UnreadKind.ATTACHMENT: _LOOKED_AT,
    UnreadKind.FORM_FIELD: _LOOKED_AT,
    UnreadKind.HIDDEN_LAYER: _LOOKED_AT,
    UnreadKind.HIDDEN_TEXT: _LOOKED_AT,
    UnreadKind.OUTSIDE_PAGE: _LOOKED_AT,
    UnreadKind.COMMENT: _LOOKED_AT,
    UnreadKind.OTHER_PART: _LOOKED_AT,
    UnreadKind.TRACKED_CHANGE: (ClearanceCode.VIEW_ACCEPTED, ClearanceCode.VIEW_ORIGINAL),
    UnreadKind.ENCODING: (ClearanceCode.ENCODING_CHECKED,),
    UnreadKind.LANGUAGE: (ClearanceCode.LANGUAGE_CHECKED,),
    UnreadKind.SCAN: (ClearanceCode.SCAN_CHECKED,),
}
_OF_VIEW = {
    View.ACCEPTED: ClearanceCode.VIEW_ACCEPTED,
    View.ORIGINAL: ClearanceCode.VIEW_ORIGINAL,
}
# A page is looked at, each by itself: what it holds is in no list.
ONE_BY_ONE = frozenset({UnreadKind.LITTLE_TEXT, UnreadKind.SCAN})

_OFFERED = ", ".join(code.value for code in MEANINGS if code is not ClearanceCode.BEFORE_CODES)
NO_CODE = (
    "A line of what was not read is cleared without a code, or with one that does not fit it. "
    'Nothing was taken in. Set its "cleared_as" to one of the codes that its row lists under '
    f'"codes". The codes are: {_OFFERED}.'
)
_NO_VERDICT = (
    "A line of what was not read has a code or a description but is not accepted. Nothing was "
    'taken in. Set its "verdict" to accept as well, or its "cleared_as" and "description" to null.'
)
_NOT_ALL = (
    "Pages with little text and pages that were recognised from a picture cannot be cleared all "
    "at once. Nothing was taken in. Look at each page and clear its own line."
)
_DESCRIPTION = (
    "A description is for a picture that has a place in the text and is cleared as "
    f"picture-removed: one line of at most {LONGEST} characters, without square brackets. Nothing "
    "was taken in. Write it so, or set it to null."
)


def fitting(unread: Unread, view: View) -> tuple[ClearanceCode, ...]:
    """The codes that may clear a line; of a tracked change, that of the view that was read.

    >>> line = Unread("tracked_change-1-1", UnreadKind.TRACKED_CHANGE, 1, "A change.")
    >>> [code.value for code in fitting(line, View.ORIGINAL)]
    ['view-original']
    """
    codes = _FITTING[unread.what]
    if unread.what is UnreadKind.TRACKED_CHANGE:
        return tuple(code for code in codes if code is _OF_VIEW[view])
    return codes


def fits(clearance: Clearance, unread: Unread, view: View) -> bool:
    """Whether the clearance clears the line; what was cleared before codes were asked for does."""
    if clearance.code is ClearanceCode.BEFORE_CODES:
        return clearance.description is None
    described = clearance.description is not None
    if described and clearance.code is not ClearanceCode.PICTURE_REMOVED:
        return False
    return clearance.code in fitting(unread, view)


def still_open(document: Document, cleared: Iterable[Clearance]) -> tuple[Unread, ...]:
    """The lines that nobody has cleared with a code that fits."""
    by_id = {clearance.id: clearance for clearance in cleared}
    return tuple(
        line
        for line in document.unread
        if line.id not in by_id or not fits(by_id[line.id], line, document.view)
    )


def described(document: Document, cleared: Iterable[Clearance]) -> tuple[tuple[str, str], ...]:
    """What people wrote of removed pictures, by the id of the line."""
    lines = {line.id: line for line in document.unread}
    return tuple(
        (one.id, one.description)
        for one in cleared
        if one.description and one.id in lines and fits(one, lines[one.id], document.view)
    )


def unread_rows(
    document: Document, cleared: Iterable[Clearance], contexts: Mapping[str, str]
) -> list[dict[str, object]]:
    """The lines of what was not read, with the codes that may clear each, for a file."""
    by_id = {one.id: one for one in cleared}
    still = {line.id for line in still_open(document, by_id.values())}
    return [
        _row(line, None if line.id in still else by_id[line.id], document.view, contexts)
        for line in document.unread
    ]


def _row(
    line: Unread, cleared: Clearance | None, view: View, contexts: Mapping[str, str]
) -> dict[str, object]:
    row: dict[str, object] = {
        "id": line.id,
        "what": line.what.value,
        "page": line.page,
        "reason": line.reason,
        "context": contexts.get(line.id),
        "codes": {code.value: MEANINGS[code] for code in fitting(line, view)},
        "verdict": (Verdict.UNDECIDED if cleared is None else Verdict.ACCEPT).value,
        "cleared_as": None if cleared is None else cleared.code.value,
    }
    if line.what is UnreadKind.PICTURE and line.span is not None:
        row["description"] = None if cleared is None else cleared.description
    return row


class UnreadRow(BaseModel):
    """What a reviewer sets on a line; the rest of a row is there to be read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    verdict: Verdict = Verdict.UNDECIDED
    cleared_as: str | None = None
    description: str | None = Field(default=None, max_length=10_000)
    what: object = None
    page: object = None
    reason: object = None
    context: object = None
    codes: object = None


def clearances(
    rows: Sequence[UnreadRow],
    kinds: Mapping[UnreadKind, str],
    document: Document,
    before: Iterable[Clearance] = (),
) -> tuple[Clearance, ...]:
    """What the rows of a file clear, and what `kinds` clears of all that is still open.

    `before` is what was cleared already: a line of it keeps its code where a kind is cleared.
    UsageError where a code is lacking or does not fit. Every row is of a line of the document.
    """
    lines = {line.id: line for line in document.unread}
    stood = {one.id: one for one in before}
    made = [_clearance(row, lines[row.id], document.view, stood) for row in rows if _says(row)]
    judged = {row.id for row in rows if row.verdict is not Verdict.UNDECIDED}
    settled = {line for line in stood if line not in {row.id for row in rows}}
    settled -= {line.id for line in still_open(document, stood.values())}
    return (*made, *_whole_kinds(kinds, document, judged | settled))


def _says(row: UnreadRow) -> bool:
    """Whether the row clears its line; UsageError where its parts contradict each other."""
    if row.verdict is Verdict.ACCEPT:
        return True
    if row.cleared_as is not None or row.description:
        raise UsageError(_NO_VERDICT)
    return False


def _clearance(
    row: UnreadRow, line: Unread, view: View, stood: Mapping[str, Clearance]
) -> Clearance:
    code = _code(row.cleared_as)
    if code is ClearanceCode.BEFORE_CODES:
        earlier = stood.get(row.id)
        if earlier is None or earlier.code is not code:
            raise UsageError(NO_CODE)
    elif code not in fitting(line, view):
        raise UsageError(NO_CODE)
    description = _one_line(row.description)
    shown = code is ClearanceCode.PICTURE_REMOVED and line.span is not None
    if description is not None and not shown:
        raise UsageError(_DESCRIPTION)
    return Clearance(row.id, code, description)


def _code(written: str | None) -> ClearanceCode:
    if written not in set(ClearanceCode):
        raise UsageError(NO_CODE)
    return ClearanceCode(written)


def _one_line(written: str | None) -> str | None:
    """A description with single spaces; UsageError where it is not one plain line."""
    if written is None or not written.strip():
        return None
    text = written.strip()
    # Control, format and private characters, lone surrogates, line and paragraph separators.
    odd = any(unicodedata.category(c)[0] == "C" or c in "[]\u2028\u2029" for c in text)
    text = " ".join(text.split())
    if odd or len(text) > LONGEST:
        raise UsageError(_DESCRIPTION)
    return text


def _whole_kinds(
    kinds: Mapping[UnreadKind, str], document: Document, settled: Collection[str]
) -> Iterator[Clearance]:
    for kind, written in kinds.items():
        if kind in ONE_BY_ONE:
            raise UsageError(_NOT_ALL)
        code = _code(written)
        if code not in fitting(Unread("", kind, None, ""), document.view):
            raise UsageError(NO_CODE)
        for line in document.unread:
            if line.what is kind and line.id not in settled:
                yield Clearance(line.id, code)
