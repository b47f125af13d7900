"""Coding by file: a sheet out, for a spreadsheet or another program, and decisions in again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.flow import coding, learned
from pipeline.safe.coding import Act, Event, applied, decided, live
from pipeline.safe.lesson import Passage, Polarity, Role
from pipeline.store.accounts import Actor

if TYPE_CHECKING:
    from pipeline.safe.lesson import Theme
    from pipeline.store.workspace import Workspace

Row = dict[str, object]

NOTHING = "none"  # what a coder writes who looked and found no theme
OUTCOMES = ("done", "same", "refused")
SOME_REFUSED = (
    "Some rows were refused; each says why. The others were taken. Correct those rows and import "
    "the file again."
)
_NOT_A_SHEET = (
    "The file is not a sheet of codings: CSV or JSON lines in UTF-8, with the columns review, "
    "passage, theme and decision, or review, passage and themes. Nothing was coded. Write one "
    "with `candour code export` and fill it in."
)
_NO_DECISION = (
    "A decision is confirm, reject or add. The row was left out. Correct it and import again."
)
_NO_POLARITY = (
    "A polarity is finding, praise, advice, negated, for or against. The row was left out. "
    "Correct it and import again."
)


def sheet(
    workspace: Workspace,
    reviews: Sequence[str] = (),
    *,
    blind: bool = False,
    sample: int | None = None,
    include_drafts: bool = False,
) -> Iterator[Row]:
    """The passages to code, one row a theme that the passage has, `decision` left open.

    A blind sheet has one row a passage and shows no theme at all, neither the program's nor
    another coder's. A sample is drawn by a hash of ids: the same passages whatever else there is.
    """
    learned.need_run(workspace.library)
    found = workspace.library.passages(
        include_drafts=include_drafts, reviews=tuple(reviews) or None
    )
    chosen = _sampled([p for p in found if p.role is not Role.FURNITURE], sample)
    titles = learned.codebook(workspace.library).titles()
    for passage in chosen:
        yield from (_blind(passage),) if blind else _open(passage, titles)


def _sampled(passages: Sequence[Passage], sample: int | None) -> Sequence[Passage]:
    if sample is None:
        return passages
    drawn = sorted(passages, key=lambda p: hashlib.sha256(f"{p.review} {p.id}".encode()).digest())
    kept = {(p.review, p.id) for p in drawn[:sample]}
    return [p for p in passages if (p.review, p.id) in kept]


def _place(passage: Passage) -> Row:
    return {
        "review": passage.review,
        "passage": passage.id,
        "page": passage.page,
        "paragraph": passage.paragraph,
        "heading": passage.heading,
        "role": passage.role.value,
    }


def _blind(passage: Passage) -> Row:
    told = {"text": passage.text, "draft": passage.draft}
    return _place(passage) | {"themes": "", "reason": ""} | told


def _open(passage: Passage, titles: dict[str, str]) -> Iterator[Row]:
    """A row a theme, or one without a theme where a person may want to add one."""
    marks: list[Row] = [
        {
            "theme": mark.code,
            "title": titles.get(mark.code, ""),
            "by": mark.by,
            "score": mark.score,
            "polarity": mark.polarity.value,
            "quote": mark.span.shift(-passage.span.start).of(passage.text),
        }
        for mark in passage.themes
    ]
    bare: Row = dict.fromkeys(("theme", "title", "by", "score", "polarity", "quote"), "")
    for row in marks or [bare]:
        told = {"text": passage.text, "draft": passage.draft}
        yield _place(passage) | row | {"decision": "", "reason": ""} | told


@dataclass(slots=True)
class _Import:
    """What an import works on: the steps so far, with those of the rows before."""

    passages: dict[tuple[str, str], Passage]
    known: dict[str, Theme]
    events: list[Event]
    actor: Actor

    def take(self, event: Event) -> Event:
        number = self.events[-1].number + 1 if self.events else 1
        kept = replace(event, coder=self.actor.id, number=number)
        self.events.append(kept)
        return kept


def read_in(
    workspace: Workspace,
    actor: Actor,
    content: bytes,
    *,
    dry_run: bool = False,
    include_drafts: bool = False,
) -> tuple[Row, ...]:
    """Take the decisions of a filled-in sheet; one row each says what became of it.

    All of them are kept as one change; a dry run keeps none. Rows that say nothing are skipped,
    and so is what is so already: a sheet can be imported twice.
    """
    rows = _rows(content)
    if dry_run:
        return _read(workspace, actor, rows, include_drafts)[0]
    with workspace.writing():
        told, steps = _read(workspace, actor, rows, include_drafts)
        for event in steps:
            workspace.library.coding.append(event)
    return told


def _read(
    workspace: Workspace, actor: Actor, rows: Sequence[dict[str, str]], include_drafts: bool
) -> tuple[tuple[Row, ...], list[Event]]:
    """What becomes of each row, and the steps to keep."""
    library = workspace.library
    found = {(p.review, p.id): p for p in library.suggested(include_drafts=include_drafts)}
    known = {theme.code: theme for theme in learned.codebook(library).themes}
    work = _Import(found, known, list(library.coding.events()), actor)
    told: list[Row] = []
    steps: list[Event] = []
    for number, row in enumerate(rows, start=1):
        outcome, why, event = _taken(work, row)
        if outcome:
            place = {"row": number, "review": row["review"], "passage": row["passage"]}
            told.append({**place, "outcome": outcome, "why": why})
        if event is not None:
            steps.append(event)
    return tuple(told), steps


def _rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV or JSON lines file, every value a text."""
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip()[:1] == "{":
            read = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            read = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, ValueError, csv.Error):
        raise UsageError(_NOT_A_SHEET) from None
    columns = {"review", "passage"}
    if not all(isinstance(row, dict) and columns <= row.keys() for row in read):
        raise UsageError(_NOT_A_SHEET)
    if not all("themes" in row or {"theme", "decision"} <= row.keys() for row in read):
        raise UsageError(_NOT_A_SHEET)
    return [{str(key): _text(value) for key, value in row.items()} for row in read]


def _text(value: object) -> str:
    if isinstance(value, list):
        return ";".join(str(one) for one in value) or NOTHING
    return "" if value is None else str(value).strip()


def _taken(work: _Import, row: dict[str, str]) -> tuple[str, str, Event | None]:
    """What a row asks for: ("done" | "same" | "refused", why, the step) or nothing."""
    asked = row.get("decision", "") or row.get("themes", "")
    if not asked:
        return "", "", None
    try:
        event = _event(work, row)
    except UsageError as error:
        same = str(error) == coding.SAME
        return ("same", "", None) if same else ("refused", str(error), None)
    if event is None:
        return "same", "", None
    return "done", "", work.take(event)


def _event(work: _Import, row: dict[str, str]) -> Event | None:
    passage = work.passages.get((row["review"], row["passage"]))
    if passage is None:
        raise UsageError(coding.NO_PASSAGE)
    reason = row.get("reason", "")[: coding.LONGEST * 10]
    if not row.get("decision"):
        return _alone(work, passage, row["themes"], reason)
    try:
        act = Act(row["decision"].lower())
        said = row.get("polarity", "").lower()
        polarity = Polarity(said) if said else None
    except ValueError:
        bad = row["decision"].lower() in {"confirm", "reject", "add"}
        raise UsageError(_NO_POLARITY if bad else _NO_DECISION) from None
    if act not in (Act.CONFIRM, Act.REJECT, Act.ADD):
        raise UsageError(_NO_DECISION)
    now = applied([passage], work.events)[0]
    before = decided(work.events).get((passage.review, passage.id), {}).get(row["theme"])
    if act is Act.REJECT and before is not None and before.act is Act.REJECT:
        return None
    quote = _unquoted(row.get("quote", ""), passage.text)
    event = coding.decision(
        now, work.known, work.events, act, row["theme"], quote=quote, polarity=polarity
    )
    return replace(event, reason=reason)


def _unquoted(quote: str, text: str) -> str:
    """A quotation without the mark that kept a spreadsheet from taking it for a formula."""
    return quote[1:] if quote[:1] == "'" and quote not in text else quote


def _alone(work: _Import, passage: Passage, said: str, reason: str) -> Event | None:
    """A coding of one's own: every theme of a passage at once, or none."""
    named = [one.strip() for one in said.replace(",", ";").split(";") if one.strip()]
    codes = () if [n.lower() for n in named] == [NOTHING] else tuple(named)
    if not set(codes) <= work.known.keys():
        raise UsageError(coding.NO_THEME)
    themes = tuple(sorted(set(codes)))
    before = [
        e.themes
        for e in live(work.events)
        if (e.act, e.coder, e.pair) == (Act.CODE, work.actor.id, (passage.review, passage.id))
    ]
    if before and before[-1] == themes:
        return None
    return Event(0, "", "", Act.CODE, passage.review, passage.id, themes, reason=reason)
