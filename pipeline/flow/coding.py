"""Coding by people: one step at a time, each with its account, and each can be undone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.flow import learned
from pipeline.safe import coding
from pipeline.safe.coding import Act, Event, Pair
from pipeline.safe.coding_lessons import name_of_split
from pipeline.safe.coding_themes import OPEN, Codebook
from pipeline.safe.lesson import Lesson, Passage, Polarity, Theme
from pipeline.safe.polarity import CONTESTED
from pipeline.safe.polarity import polarity as polarity_of
from pipeline.span import Span
from pipeline.store.accounts import Actor, Duty

if TYPE_CHECKING:
    from pipeline.store.accounts import Who
    from pipeline.store.workspace import Workspace

Row = dict[str, object]

LONGEST = 300  # characters of a title; of a definition and a reason, ten times that
NO_PASSAGE = (
    "There is no such passage among those that were learned. Nothing was coded. List passages "
    "with `candour passages`, and name the review and the passage as they stand there."
)
NO_THEME = (
    "The codebook has no such theme, or it was merged or split. Nothing was coded. List the "
    "themes with `candour code themes`."
)
NOT_THERE = (
    "The passage does not have that theme. Nothing was coded. Add it with `candour code add`, or "
    "name another one."
)
NOT_IN_TEXT = (
    "The quotation does not stand in the passage word for word. Nothing was coded. Copy it from "
    "the passage, or leave it out."
)
FULL = (
    "People gave this passage three themes already, and it may have no more. Nothing was coded. "
    "Reject one of them first."
)
SAME = "That is so already. Nothing was changed. There is nothing to do."
_TAKEN = (
    "The codebook has or had a theme with that code. Nothing was changed. Choose another code, "
    "or rename the theme."
)
_BAD_CODE = (
    "A code is a letter and up to 23 more letters, digits, dots, hyphens or underscores. Nothing "
    "was changed. Give another code."
)
_BAD_WORDS = (
    "A title has 1 to 300 characters, a definition or a reason 3,000 at most. Nothing was "
    "changed. Write it shorter."
)
_ITSELF = (
    "A theme or a lesson cannot be merged into or split into itself. Nothing was changed. Name "
    "two different ones."
)
_NO_LESSON = (
    "There is no such lesson. Nothing was changed. List the lessons with `candour lessons`."
)
_NOT_ITS = (
    "The lesson does not have that passage, or the passages are all that it has. Nothing was "
    "changed. Name some of its passages as `candour lessons --format jsonl` shows them."
)
_NO_STEP = (
    "There is no step of that number that holds. Nothing was undone. List the steps with "
    "`candour code trail`."
)
_IN_USE = (
    "Later steps use the theme that this step added. Nothing was undone. Undo those steps first."
)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,23}")


def coder(workspace: Workspace, who: Who, password: str | None = None) -> Actor:
    """The account that codes; an error of its own where it is neither researcher nor reviewer."""
    return workspace.accounts.act(who, Duty.RESEARCHER, Duty.REVIEWER, password=password)


def decide(
    workspace: Workspace,
    actor: Actor,
    act: Act,
    review: str,
    passage: str,
    theme: str,
    *,
    quote: str = "",
    polarity: Polarity | None = None,
    reason: str = "",
    include_drafts: bool = False,
) -> Row:
    """Confirm, reject or add a theme of a passage; what was kept, as a row.

    `quote` is the evidence, word for word; without it, an added theme has the whole passage.
    """
    with workspace.writing():  # nobody codes between the look and the step
        events = workspace.library.coding.events()
        found = find(workspace, review, passage, include_drafts=include_drafts)
        known = {one.code: one for one in learned.codebook(workspace.library).themes}
        event = decision(found, known, events, act, theme, quote=quote, polarity=polarity)
        return _keep(workspace, replace(event, coder=actor.id, reason=_short(reason, LONGEST * 10)))


def find(
    workspace: Workspace, review: str, passage: str, *, include_drafts: bool = False
) -> Passage:
    """The passage as it is coded now; UsageError where there is none."""
    listed = workspace.library.passages(include_drafts=include_drafts, reviews=(review,))
    found = next((one for one in listed if one.id == passage), None)
    if found is None:
        raise UsageError(NO_PASSAGE)
    return found


def decision(
    passage: Passage,
    known: dict[str, Theme],
    events: Sequence[Event],
    act: Act,
    theme: str,
    *,
    quote: str = "",
    polarity: Polarity | None = None,
) -> Event:
    """The step that decides on a theme of a passage; UsageError where it cannot be taken."""
    mark = next((one for one in passage.themes if one.code == theme), None)
    if theme not in known and mark is None:
        raise UsageError(NO_THEME)
    if act is not Act.ADD and mark is None:
        raise UsageError(NOT_THERE)
    evidence = _evidence(passage, quote)
    event = Event(0, "", "", act, passage.review, passage.id, (theme,))
    if act is Act.REJECT:
        return event
    if evidence is None and mark is not None:
        evidence = mark.span.shift(-passage.span.start)
    evidence = evidence or Span(0, len(passage.text))
    how = polarity or (mark.polarity if mark is not None else None)
    if how is None:
        group = known[theme].group
        how = polarity_of(passage.text, evidence, group, contested=theme in CONTESTED)
    event = replace(event, span=evidence, polarity=how)
    _check_room(passage, events, event)
    return event


def _evidence(passage: Passage, quote: str) -> Span | None:
    if not quote:
        return None
    start = passage.text.find(quote)
    if start < 0:
        raise UsageError(NOT_IN_TEXT)
    return Span(start, start + len(quote))


def _check_room(passage: Passage, events: Sequence[Event], event: Event) -> None:
    """UsageError for a fourth theme, and for what a person said already."""
    own = coding.decided(events).get((passage.review, passage.id), {})
    set_by_people = {code: one for code, one in own.items() if one.act is not Act.REJECT}
    before = set_by_people.pop(event.themes[0], None)
    if before is not None and (before.span, before.polarity) == (event.span, event.polarity):
        raise UsageError(SAME)
    if len(set_by_people) >= coding.MOST:
        raise UsageError(FULL)


def _keep(workspace: Workspace, event: Event) -> Row:
    kept = workspace.library.coding.append(event)
    return event_row(kept)


def event_row(event: Event) -> Row:
    """A step as a row of the trail: ids and codes; a title that a person gave, no reason."""
    return {
        "version": event.number,
        "time": event.time,
        "coder": event.coder,
        "act": event.act.value,
        "review": event.review,
        "passage": event.passage,
        "themes": list(event.themes),
        "lesson": event.lesson,
        "into": list(event.into),
        "title": event.title,
        "undoes": event.undoes or None,
    }


def _short(words: str, most: int, least: int = 0) -> str:
    stripped = " ".join(words.split())
    if not least <= len(stripped) <= most:
        raise UsageError(_BAD_WORDS)
    return stripped


def change_theme(
    workspace: Workspace,
    actor: Actor,
    act: Act,
    code: str,
    into: Sequence[str] = (),
    *,
    title: str = "",
    definition: str = "",
    group: str = "own",
    reason: str = "",
) -> Row:
    """Add, rename, merge or split a theme: codings that exist are kept, and a version is made."""
    with workspace.writing():
        _check_theme(learned.codebook(workspace.library), act, code, into)
        least = 1 if act in (Act.ADD_THEME, Act.RENAME_THEME) else 0
        event = Event(
            0, "", actor.id, act,
            themes=(code,),
            into=tuple(dict.fromkeys(into)),
            group=_short(group, LONGEST) if act is Act.ADD_THEME else "",
            title=_short(title, LONGEST, least),
            definition=_short(definition, LONGEST * 10),
            reason=_short(reason, LONGEST * 10),
        )  # fmt: skip
        return _keep(workspace, event)


def _check_theme(book: Codebook, act: Act, code: str, into: Sequence[str]) -> None:
    """UsageError where the codebook cannot be changed so."""
    usable = {one.code for one in book.themes}
    if act is Act.ADD_THEME:
        if not _CODE.fullmatch(code):
            raise UsageError(_BAD_CODE)
        if code in book.titles():
            raise UsageError(_TAKEN)
    elif not {code, *into} <= usable:
        raise UsageError(NO_THEME)
    if act in (Act.MERGE_THEMES, Act.SPLIT_THEME) and (code in into or not into):
        raise UsageError(_ITSELF)


def change_lesson(
    workspace: Workspace,
    actor: Actor,
    act: Act,
    lesson: str,
    *,
    into: str = "",
    passages: Sequence[str] = (),
    title: str = "",
    reason: str = "",
    include_drafts: bool = False,
) -> Row:
    """Confirm, rename, merge or split a lesson, or take a passage out of it.

    Passages are named by id, or as REVIEW:PASSAGE where two reviews share the words.
    """
    prefer = workspace.settings.profile
    listed = learned.lessons(workspace.library, include_drafts=include_drafts, prefer=prefer)
    known = {one.id: one for one in listed}
    found = _lesson(known, lesson)
    event = Event(
        0, "", actor.id, act,
        lesson=found.id,
        pairs=found.passages,
        title=_short(title, LONGEST, 1 if act is Act.RENAME_LESSON else 0),
        reason=_short(reason, LONGEST * 10),
    )  # fmt: skip
    if act is Act.MERGE_LESSONS:
        other = _lesson(known, into)
        if other.id == found.id:
            raise UsageError(_ITSELF)
        event = replace(event, into=(other.id,), onto=other.passages)
    elif act in (Act.DROP_PASSAGE, Act.SPLIT_LESSON):
        own = _pairs(found, passages)
        if act is Act.DROP_PASSAGE:
            event = replace(event, review=own[0][0], passage=own[0][1])
        else:
            event = replace(event, pairs=own, into=(name_of_split(own),))
    return _keep(workspace, event)


def _lesson(known: dict[str, Lesson], name: str) -> Lesson:
    if name not in known:
        raise UsageError(_NO_LESSON)
    return known[name]


def _pairs(lesson: Lesson, names: Iterable[str]) -> tuple[Pair, ...]:
    """Some of a lesson's passages, by their names; not all of them."""
    wanted = set(names)
    found = tuple(p for p in lesson.passages if p[1] in wanted or ":".join(p) in wanted)
    told = {p[1] for p in found} | {":".join(p) for p in found}
    if not found or len(found) == len(lesson.passages) or wanted - told:
        raise UsageError(_NOT_ITS)
    return found


def undo(workspace: Workspace, actor: Actor, number: int | None = None) -> Row:
    """Take back a step, of whatever kind: that of the number, or the account's last one."""
    events = workspace.library.coding.events()
    holds = {e.number: e for e in coding.live(events)}
    undone = {e.undoes for e in events if e.act is Act.UNDO and e.number not in _undone(events)}
    if number is None:
        own = [n for n, e in holds.items() if e.coder == actor.id]
        number = max(own, default=0)
    redo = any(e.number == number and e.act is Act.UNDO for e in events) and number not in undone
    if number not in holds and not redo:
        raise UsageError(_NO_STEP)
    step = holds.get(number)
    if step is not None and step.act is Act.ADD_THEME:
        used = {c for e in holds.values() if e is not step for c in (*e.themes, *e.into)}
        if step.themes[0] in used:
            raise UsageError(_IN_USE)
    return _keep(workspace, Event(0, "", actor.id, Act.UNDO, undoes=number))


def _undone(events: Iterable[Event]) -> set[int]:
    """The undo steps that were undone themselves."""
    gone: set[int] = set()
    for event in reversed(tuple(events)):
        if event.act is Act.UNDO and event.number not in gone:
            gone.add(event.undoes)
    return gone


def trail(workspace: Workspace, *, reasons: bool = False) -> Iterator[Row]:
    """Every step in order, with whether it still holds, and why it was taken if asked for."""
    events = workspace.library.coding.events()
    holds = {event.number for event in coding.live(events)}
    for event in events:
        row = event_row(event) | {"holds": event.number in holds or event.act is Act.UNDO}
        yield row | ({"reason": event.reason} if reasons else {})


def themes(workspace: Workspace, at: int | None = None) -> Iterator[Row]:
    """The codebook, now or at a version of the coding, with what became of each theme."""
    book = learned.codebook(workspace.library, at)
    state: dict[str, tuple[str, tuple[str, ...]]]
    state = {theme.code: (how, into) for theme, how, into in book.closed}
    every = {t.code: t for t in (*book.themes, *(theme for theme, _, _ in book.closed))}
    for code, theme in sorted(every.items()):
        how, into = state.get(code, (OPEN, ()))
        yield {
            "code": code,
            "title": theme.title,
            "group": theme.group,
            "definition": theme.definition,
            "state": how,
            "into": list(into),
            "codebook": book.version,
        }
