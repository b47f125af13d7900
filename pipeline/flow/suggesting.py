"""Suggesting: what reports say of themselves, for a person to read and take over.

All that reports say comes as a sheet, which is looked through in a spreadsheet and taken in as
any sheet is. What one report says stands beside what the register says, and is taken over field
by field. Nothing is recorded by itself, and nothing in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.errors import UsageError
from pipeline.flow import registered
from pipeline.flow.registered import Held, Opened
from pipeline.raw import entry, facts, sheet
from pipeline.raw.document import Document
from pipeline.raw.entry_match import folded
from pipeline.raw.facts import NAMED, NOT_STATED, Facts
from pipeline.raw.field import Sort, ValueRefusedError, named, value
from pipeline.raw.record import changed
from pipeline.store.accounts import Who
from pipeline.store.casefile import CaseFile
from pipeline.store.register import State
from pipeline.store.workspace import Workspace

Progress = Callable[[str], None]
_FIELDS = named(entry.FIELDS)
# By the field of the register: the fact of a report that may fill it.
_FROM = {
    "kind": "kind",
    "board": "board",
    "subject": "subject",
    "author": "authors",
    "chair": "chairs",
    "independence": "independence",
    "incident": "incident",
    "begun": "begun",
    "completed": "completed",
    "judgement": "judgement",
    "board_published": "published",
}
_SAYS_OTHER = (
    "The report does not say that, or not any more: another version of it was taken in or read "
    "meanwhile. Nothing was changed. Look at the page again."
)


class Verdict(StrEnum):
    """How what a report says and what is recorded stand to each other."""

    SAME = "same"
    DIFFERS = "differs"
    REPORT_ONLY = "report_only"
    REGISTER_ONLY = "register_only"


@dataclass(frozen=True, slots=True)
class Said:
    """One field: what the report says and on which page, what is recorded, and how they stand.

    `page` is None where it is not known.
    """

    field: str
    report: str
    recorded: str
    verdict: Verdict
    page: int | None = None


def beside(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> tuple[Held, tuple[Said, ...]]:
    """What a review's report says of itself beside what is recorded, for every field it may fill.

    Nothing at all where its file has not come, or was purged.
    """
    register = registered.opened(workspace, as_name, password=password, step="report-says")
    held = register.one(review)
    return held, _compared(held, _of_report(register, held))


def _of_report(register: Opened, held: Held) -> Mapping[str, tuple[str, int | None]] | None:
    """What the report says, by field, with its page; None where there is no text of it."""
    if held.row is None or "document" not in register.entries.sealed.names(held.id):
        return None
    document = CaseFile(register.entries.sealed, held.id).document(held.row.edition)
    stated = facts.stated(document)
    return {name: (said, _page(stated, name, document)) for name, said in _said(stated)}


def _page(stated: Facts, name: str, document: Document) -> int | None:
    """The page on which a fact stands first; a text file has only one, which tells nothing."""
    found = getattr(stated, _FROM[name])
    first = found[0] if isinstance(found, tuple) else found
    if first.span is None or document.pages < 2:
        return None
    pages = (b.page for b in document.blocks if b.span and b.span.start <= first.span.start)
    return max(pages, default=None)


def _compared(held: Held, said: Mapping[str, tuple[str, int | None]] | None) -> tuple[Said, ...]:
    if said is None:
        return ()
    rows = []
    for name in _FROM:
        report, page = said.get(name, ("", None))
        recorded = held.record.get(name)
        if report or recorded:
            rows.append(Said(name, report, recorded, _verdict(name, report, recorded), page))
    return tuple(rows)


def _verdict(name: str, report: str, recorded: str) -> Verdict:
    """How both stand to each other; a date that is told less exactly is no difference.

    >>> _verdict("completed", "2009-03", "2009-03-31").value
    'same'
    >>> _verdict("author", "A. Writer", "not stated").value
    'differs'
    """
    if not recorded:
        return Verdict.REPORT_ONLY
    if not report:
        return Verdict.REGISTER_ONLY
    same = folded(report) == folded(recorded)
    if _FIELDS[name].sort is Sort.DAY and NOT_STATED not in (report, recorded):
        short = min(len(report), len(recorded))
        same = report[:short] == recorded[:short]
    return Verdict.SAME if same else Verdict.DIFFERS


def take_over(
    workspace: Workspace,
    review: str,
    shown: Mapping[str, str],
    *,
    since: str | None = None,
    as_name: Who,
    password: str | None = None,
) -> tuple[str, ...]:
    """Record what the report says in some fields, as it was shown; the fields that changed.

    `since` is the mark of the record that somebody looked at. UsageError where the report says
    something else than was shown; what stood in the register before stays in its history.
    """
    register = registered.opened(
        workspace, as_name, password=password, step="report-says", looks=False
    )
    with registered.writing(register):
        held = register.changeable(review)
        registered.require_as_seen(held.record, since, held.id)
        said = _of_report(register, held) or {}
        if not shown or any(said.get(name, ("",))[0] != it for name, it in shown.items()):
            raise UsageError(_SAYS_OTHER)
        after = changed(held.record, shown, register.stamp("report"))
        if after is held.record:
            return ()
        register.entries.keep(held.id, after)
        fields = after.steps[-1].fields
        workspace.ledger.append(
            register.actor.id, "register-report", held.id, {"fields": list(fields)}
        )
    return fields


def suggested(
    workspace: Workspace,
    *,
    as_name: Who,
    password: str | None = None,
    progress: Progress | None = None,
) -> bytes:
    """A sheet of what reports say and nobody has recorded: a row a review that has any of it.

    What a report does not say is left empty, and not told as "not stated": nobody has looked.
    """
    register = registered.opened(workspace, as_name, password=password, step="suggest")
    held = [
        one for one in register.all().values()
        if one.row is not None and one.row.state is not State.WITHDRAWN
    ]  # fmt: skip
    rows = []
    for number, one in enumerate(held, start=1):
        if one.row is not None and "document" in register.entries.sealed.names(one.id):
            case = CaseFile(register.entries.sealed, one.id)
            said = dict(_said(facts.stated(case.document(one.row.edition))))
            new = {name: it for name, it in said.items() if not one.record.get(name)}
            if new:
                rows.append({"review": one.id, **new})
        if progress is not None and (number % 20 == 0 or number == len(held)):
            progress(f"{number} of {len(held)} reports looked through.")
    return sheet.write(rows, ("review", *_FROM))


def _said(stated: Facts) -> Iterator[tuple[str, str]]:
    for name, fact in _FROM.items():
        if name == "subject" and stated.register_subject == NAMED:
            continue  # the register calls a subject by a label: a name is not offered
        found = getattr(stated, fact)
        told = found if isinstance(found, tuple) else (found,)
        words = "; ".join(dict.fromkeys(one.value for one in told if one.stated))
        try:
            kept = value(_FIELDS[name], words) if words else ""
        except ValueRefusedError:  # a kind or a date that the register has no word for
            continue
        if kept:
            yield name, kept
