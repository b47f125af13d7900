"""What codes, dates and rows of the ledger are called on the pages of the desk."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime

from pipeline.flow.refusing import NOBODY
from pipeline.store.accounts import LOCAL, Duty
from pipeline.store.ledger import Entry
from pipeline.store.register import NOT_STATED, Basis, State
from pipeline.web.wording import many, words

STATES = {
    State.RECEIVED: "Received",
    State.READ: "Read",
    State.PROPOSED: "To settle",
    State.SETTLED: "To approve",
    State.APPROVED: "Approved",
    State.PUBLISHED: "Published",
    State.WITHDRAWN: "Withdrawn",
}
BASES = {
    Basis.CRIMINAL: "Criminal proceedings",
    Basis.INQUEST: "Inquest",
    Basis.COURT_ORDER: "Order of a court",
    Basis.FAMILY: "Family proceedings, or the family asks",
    Basis.OTHER: "Another reason",
}
DUTIES = {
    Duty.UPLOADER: "Takes reviews in",
    Duty.REVIEWER: "Settles what is hidden",
    Duty.APPROVER: "Approves what a colleague settled",
    Duty.RESEARCHER: "Uses the texts that are safe, never the others",
    Duty.ADMINISTRATOR: "Looks after accounts and holds",
}
# What a step at the desk is called, by its code.
STEPS = {
    "judge": "Decided on a card",
    "name": "Gave a card its label",
    "except": "Decided on a single place",
    "bound": "Moved the bounds of a name",
    "add": "Hid something that was missed",
    "merge": "Made two cards one",
    "split": "Made a card two",
    "clear": "Cleared a line of what was not read",
    "pass": "Looked at what is left",
    "undo": "Took a step back",
    "redo": "Took a step again",
}
# What a page says after a step, by the code in its address.
DONE = {
    "held": "The review is on hold. It cannot be published until the hold is lifted.",
    "lifted": "The hold is lifted.",
    "recorded": "It is recorded. Every earlier state is in the history below.",
    "joined": "Both are one review now. What was recorded of the file stands where they differed.",
    "removed": "The review is out of the register.",
    "nothing-new": "That is recorded already. Nothing was changed.",
    "taken-over": "What the report says is recorded. What stood there before is in the history.",
    "unjoined": "They are two reviews again, each as it was.",
    "unjoined-but": (
        "They are two reviews again. What was changed since they were joined stays with the other."
    ),
    "apart": "It is kept that they are not the same. They are not shown as a pair again.",
    "together": "They are shown as a pair again.",
    "compared": "Texts were compared.",
    "action": "The action is added. What is recorded of it can be changed below.",
    "actions": "An action is added for each recommendation that this board had none for.",
    "no-actions": "There is an action for each recommendation already. Nothing was added.",
    "action-removed": "The action is taken out.",
    "entered": "The review is in the register. It is expected until its file is joined with it.",
    "version": "The version is taken in. A reviewer has to look at what changed.",
    "approved": "The review is approved. Any later change to it makes the approval void.",
    "password": "Your password is changed. You were signed out everywhere else.",
    "added": "The account is added. Its owner chooses another password at the first sign-in.",
    "reset": "The password is set. Its owner chooses another at the next sign-in.",
    "duties": "The duties of the account are changed.",
    "disabled": "The account is disabled. Nobody can sign in with it.",
}
REFUSALS = {
    "approval-by-editor": "an approval by whoever decided last",
    "replayed-session": "a session that had ended was used again",
    "forged-form": "a form that came from no open page",
    "no-duty-for-raw": "a text with names, asked for without the duty",
    "no-duty": "a page asked for without the duty",
    "path-outside": "an address that leads out of what is served",
    "hostile-or-unreadable": "a file that could not be read, or does harm",
    "not-taken-in": "a file that could not be taken in",
    "sign-in-failed": "a name and a password that do not fit",
    "wrong-password": "a wrong password, given by somebody who was signed in",
    "too-many-tries": "a password tried too often",
    "too-many-requests": "too many requests at once",
    "wrong-host": "a request under another name than the one that is served",
    "too-large": "more was sent than is taken at once",
    "malformed-request": "a request that makes no sense",
}
_ENDS = {
    "signed-out": "it was signed out",
    "idle": "it was not used for too long",
    "too-long": "it had lasted too long",
    "password-changed": "the password was changed",
    "signed-out-everywhere": "it was signed out everywhere",
    "account-disabled": "the account was disabled",
}
# What fields of the register are called where their names are too short.
_CALLED = {
    "task": "What is to be done",
    "due": "Due by",
    "evidence_on": "Date of the evidence",
    "reference": "The board’s own reference",
    "incident": "Date of the incident",
    "notified": "Date notified",
    "expected_by": "Its file is expected by",
    "begun": "Date begun",
    "completed": "Date completed",
    "judged": "Date of the judgement",
    "resubmission_due": "To be submitted again by",
    "resubmitted": "Submitted again",
    "resubmitted_on": "Date submitted again",
    "publication_due": "To be published by",
    "board_published": "Date published by the board",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

# Why two reviews may be one, and how a change of the register came about, by their codes.
TWICE = {
    "same_text": "The same text",
    "near_text": "Nearly the same text",
    "same_case": "The same case",
    "same_day": "One board, one date",
    "not_shown": "Somebody compared them",
}
ODD = {
    "like_a_formula": "a cell begins like a formula: it is kept as text, never reckoned",
    "outside_period": "a date outside the period that the report speaks of",
}
HOW = {
    "import": "by a sheet",
    "from-report": "by the tables of a report",
    "report": "taken over from the report",
    "undo": "a sheet was taken back",
    "recommendations": "from the recommendations",
}

Details = Mapping[str, object]
Names = Mapping[str, str]


def day(written: str | None) -> str:
    """A date as people write it.

    >>> day("2026-03-04"), day(None), day("2011")
    ('4 March 2026', '', '2011')
    """
    try:
        on = date.fromisoformat(written or "")
    except ValueError:
        return written or ""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def moment(written: str) -> str:
    """A time of the ledger as people write it, in UTC.

    >>> moment("2026-03-04T09:05:10.123+00:00")
    '4 March 2026, 09:05'
    """
    try:
        at = datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return written
    return f"{day(at.date().isoformat())}, {at:%H:%M}"


def stated(value: str | None) -> str:
    """What a report says of itself, or that it does not."""
    return "Not stated" if not value or value == NOT_STATED else value


def called(field: str) -> str:
    """What a field of the register is called.

    >>> called("judged"), called("author")
    ('Date of the judgement', 'Author')
    """
    return _CALLED.get(field, words(field))


def shown_as(held: str) -> str:
    """A value of the register as people read it: days and months in words, the rest as it is.

    >>> shown_as("2026-03-04"), shown_as("2026-03"), shown_as("not stated"), shown_as("A. Writer")
    ('4 March 2026', 'March 2026', 'Not stated', 'A. Writer')
    """
    if re.fullmatch(r"\d{4}-\d\d", held):
        return day(f"{held}-01").partition(" ")[2]
    return "Not stated" if held == NOT_STATED else day(held)


def lower_first(said: str) -> str:
    """Words as they stand inside a sentence.

    >>> lower_first("The same text")
    'the same text'
    """
    return said[:1].lower() + said[1:]


def size(count: int) -> str:
    """A number of bytes as people say it.

    >>> size(900), size(2_500_000), size(52_428_800)
    ('1 KB', '2.5 MB', '52 MB')
    """
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1e6:.1f} MB" if count < 1e7 else f"{count / 1e6:.0f} MB"


def who(account: str | None, names: Names) -> str:
    """The name of an account."""
    if account == LOCAL:
        return "Command line of this computer"
    if account in (None, NOBODY):
        return "Nobody signed in"
    return names.get(account, "An account that is gone")


def told(entry: Entry, names: Names) -> str:
    """A row of the ledger in plain words."""
    detail = json.loads(entry.detail)
    known = ACTIONS.get(entry.action)
    return words(entry.action.replace("-", "_")) + "." if known is None else known(detail, names)


def _ingest(d: Details, _: Names) -> str:
    found = many(d.get("findings"), "finding")
    said = f"Took the review in: {many(d.get('pages'), 'page')}, {found}"
    unread = d.get("unread")
    said += f", {many(unread, 'part')} not read" if unread else ""
    return said + (". The gate kept the draft back." if d.get("leak") else ".")


def _decide(d: Details, _: Names) -> str:
    if "view" in d:
        said = f"Had the file read again, in the {d['view']} view"
    else:
        what = STEPS.get(str(d.get("step")), "Decided")
        said = f"{what} (edition {d.get('edition')})"
    left = f"{d.get('undecided', 0)} undecided, {d.get('uncleared', 0)} not cleared"
    left += f", {d['left']} left to look at" if "left" in d else ""
    void = f" {many(d['voided'], 'approval')} became void." if d.get("voided") else ""
    return f"{said}: {left}.{void}"


def _hold(d: Details, _: Names) -> str:
    basis = str(d.get("basis", ""))
    said = BASES[Basis(basis)] if basis in set(Basis) else words(basis)
    until = d.get("until")
    again = f", to be looked at again on {day(str(until))}" if until else ""
    return f"Set a hold: {said[:1].lower()}{said[1:]}{again}."


def _approve(d: Details, _: Names) -> str:
    more = " For a demonstration." if d.get("demonstration") else ""
    proven = "" if d.get("proven", True) else " Without a password: unproven."
    return f"Approved under profile {d.get('profile')} (edition {d.get('edition')}).{proven}{more}"


def _refused(d: Details, names: Names) -> str:
    code = str(d.get("code"))
    said = f"Refused: {REFUSALS.get(code, words(code.replace('-', '_')).lower())}"
    if d.get("account"):
        said += f" (account of {who(str(d['account']), names)})"
    if d.get("why"):
        said += f", after {_ENDS.get(str(d['why']), str(d['why']))}"
    more = f" {d['more']} more like it before this were not written." if d.get("more") else ""
    return f"{said}.{more}"


def _user(d: Details, names: Names) -> str:
    return f"Gave {who(str(d.get('account')), names)} the duty of {d.get('duty')}."


def _version(d: Details, _: Names) -> str:
    opened = f"{d.get('carried', 0)} decisions still count, {d.get('opened', 0)} do not"
    void = f" {many(d['voided'], 'approval')} became void." if d.get("voided") else ""
    return f"Took in version {d.get('version')}: {opened}.{void}"


def _recheck(d: Details, _: Names) -> str:
    return f"Looked at it with today's program: {many(d.get('new', 0), 'place')} to look at."


def _withdraw(d: Details, _: Names) -> str:
    return f"Withdrew it ({str(d.get('reason', '')).replace('-', ' ')})."


def _withdraw_files(d: Details, _: Names) -> str:
    left = f", {many(d['left'], 'file')} left" if d.get("left") else ""
    return f"Put a notice in the place of {many(d.get('removed', 0), 'published file')}{left}."


ACTIONS: Mapping[str, Callable[[Details, Names], str]] = {
    "init": lambda d, _: f"Made the workspace (Candour {d.get('program')}).",
    "user-add": _user,
    "duty-removed": lambda d, n: f"Took the duty of {d.get('duty')} from {who(_of(d), n)}.",
    "account-disabled": lambda d, n: f"Disabled the account of {who(_of(d), n)}.",
    "password-reset": lambda d, n: f"Set a password for {who(_of(d), n)}.",
    "release": lambda d, _: (
        f"Released {many(d.get('reviews'), 'review')} for {str(d.get('quarter')).upper()}."
    ),
    "withdraw-releases": lambda *_: "Made the releases that held it again, without it.",
    "recipient": lambda d, _: f"Entered who receives releases, profile {d.get('profile')}.",
    "recipient-removed": lambda *_: "Took a recipient of releases out of the list.",
    "password-change": lambda *_: "Changed their own password.",
    "sign-in": lambda *_: "Signed in.",
    "sign-out": lambda *_: "Signed out.",
    "sign-out-everywhere": lambda *_: "Signed out everywhere.",
    "ingest": _ingest,
    "view-raw": lambda d, _: f"Opened the text with names{_part(d)} (edition {d.get('edition')}).",
    "decide": _decide,
    "approve": _approve,
    "learn": lambda d, _: f"Learned from {many(d.get('reviews'), 'review')}.",
    "publish": lambda d, _: f"Published under profile {d.get('profile')}.",
    "version": _version,
    "view-senders": lambda *_: "Looked at who sent which version.",
    "recheck": _recheck,
    "withdraw": _withdraw,
    "withdraw-files": _withdraw_files,
    "purge": lambda *_: "Destroyed the key of the review.",
    "purge-ask": lambda *_: "Asked for the key of the review to be destroyed.",
    "purge-cancel": lambda *_: "Took back that the key was to be destroyed.",
    "backup": lambda *_: "Made a backup.",
    "restore": lambda *_: "Restored the workspace from a backup.",
    "migrate": lambda d, _: f"Brought the workspace up to Candour {d.get('program')}.",
    "subject-access": lambda d, _: f"Searched for a person: {many(d.get('found'), 'review')}.",
    "rectify": lambda d, _: f"Kept a request to correct it ({d.get('outcome')}).",
    "hold": _hold,
    "lift-hold": lambda *_: "Lifted the hold.",
    "refused": _refused,
    "view-register": lambda *_: "Looked at what the register keeps sealed.",
    "register-add": lambda d, _: f"Entered an expected review: {_fields(d)}.",
    "register-set": lambda d, _: f"Recorded in the register: {_fields(d)}.",
    "register-row": lambda d, _: f"By a sheet, {d.get('what')}: {_fields(d)}.",
    "register-import": lambda d, _: (
        f"Took a sheet in: {d.get('added')} added, {d.get('changed')} changed."
    ),
    "register-report": lambda d, _: f"Took over what the report says: {_fields(d)}.",
    "register-unjoin": lambda d, _: f"Took back that it was joined with {d.get('entry')}.",
    "register-apart": lambda d, _: f"Said that it is not the same as {d.get('other')}.",
    "register-together": lambda d, _: f"Took back that it is not the same as {d.get('other')}.",
    "register-undo": lambda *_: "Took back what the last sheet did.",
    "register-join": lambda d, _: f"Joined it with what was expected as {d.get('entry')}.",
    "register-remove": lambda *_: "Took an expected review out of the register.",
    "register-sketch": lambda d, _: f"Had {many(d.get('reviews'), 'text')} compared.",
    "action-add": lambda d, _: f"Added action {d.get('action')}: {_fields(d)}.",
    "action-set": lambda d, _: f"Changed action {d.get('action')}: {_fields(d)}.",
    "action-row": lambda d, _: f"Changed action {d.get('action')} by a sheet: {_fields(d)}.",
    "action-remove": lambda d, _: f"Took out action {d.get('action')}.",
}


def _fields(detail: Details) -> str:
    """The names of the fields of a change."""
    named = detail.get("fields")
    return ", ".join(words(str(one)).lower() for one in named) if isinstance(named, list) else ""


def _of(detail: Details) -> str:
    return str(detail.get("account"))


def _part(detail: Details) -> str:
    parts = {
        "desk": " at the desk",
        "approve": " to approve it",
        "compare": " to compare versions",
        "subject-access": " for a person who asked what is held",
        "rectify": " to see requests to correct it",
    }
    return parts.get(str(detail.get("what")), "")


def folded(entries: Iterable[Entry]) -> list[tuple[Entry, int]]:
    """Rows of the ledger, runs of steps of one account at the desk as one with their number."""
    out: list[tuple[Entry, int]] = []
    for entry in entries:
        last = out[-1][0] if out else None
        alike = last is not None and (last.actor, last.action) == (entry.actor, entry.action)
        if alike and entry.action in ("decide", "view-raw") and '"step"' in entry.detail:
            out[-1] = (out[-1][0], out[-1][1] + 1)
        else:
            out.append((entry, 1))
    return out
