"""What the register may hold twice: pairs that may be one review, and those that are not.

Nothing is joined by this. That two are not the same is kept, so that they are not shown again
until something surer speaks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.flow import registered
from pipeline.flow.registered import Held, Opened
from pipeline.raw import entry, entry_alike
from pipeline.raw.entry_alike import Pair
from pipeline.raw.entry_match import folded
from pipeline.raw.facts_nouns import NOT_STATED
from pipeline.store.accounts import Who
from pipeline.store.apart import Apart, Told
from pipeline.store.casefile import CaseFile
from pipeline.store.register import State
from pipeline.store.workspace import Workspace

Row = dict[str, object]
Progress = Callable[[str], None]
_AT_ONCE = 50
SUREST = (
    entry_alike.SAME_TEXT, entry_alike.NEAR_TEXT, entry_alike.SAME_CASE, entry_alike.SAME_DAY,
)  # fmt: skip
NOT_SHOWN = "not_shown"  # why two were set apart that no reason put together
_ONE_ID = (
    "Both ids are of one review. Nothing was changed. Name two that were shown as possibly the "
    "same."
)
_NOT_SAID = (
    "Nobody said of these two that they are not the same. Nothing was changed. See the list of "
    "duplicates."
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Two reviews side by side: a row a field that either has, and whether they agree in it.

    `why` is the reason for which they are shown, "" where there is none; `told` that somebody
    said that they are not the same.
    """

    one: Held
    other: Held
    fields: tuple[tuple[str, str, str, str], ...]
    why: str
    score: float | None
    told: Told | None


def duplicates(
    workspace: Workspace,
    *,
    apart: bool = False,
    most: int | None = None,
    as_name: Who,
    password: str | None = None,
    progress: Progress | None = None,
) -> tuple[Row, ...]:
    """Pairs that may be one review, the surest first. They are shown, and never made one.

    Texts are compared by sketches that are kept in the vault and made once a text, at `most` so
    many now. Pairs of which somebody said that they are not the same are left out unless `apart`
    asks for them, or a surer reason speaks for it by now.
    """
    register = registered.opened(workspace, as_name, password=password, step="duplicates")
    held = _standing(register)
    _sketch(register, held, most, progress or (lambda _: None))
    said = _said(register)
    rows = []
    for pair in _pairs(register, held):
        told = said.get((pair.review, pair.other))
        known = told is not None and not _surer(pair, told)
        if known == apart:
            rows.append(_row(pair, held, told))
    return tuple(rows)


def _row(pair: Pair, held: Mapping[str, Held], told: Told | None) -> Row:
    one, other = held[pair.review].values, held[pair.other].values
    return {
        "why": pair.why,
        "review": pair.review,
        "other": pair.other,
        "score": pair.score,
        "fields": list(pair.fields),
        "board": one.get("board", ""),
        "subject": one.get("subject", ""),
        "other_board": other.get("board", ""),
        "other_subject": other.get("subject", ""),
        "apart": "" if told is None else told.date,
    }


def _standing(register: Opened) -> dict[str, Held]:
    return {r: one for r, one in register.all().items() if one.state != State.WITHDRAWN}


def _said(register: Opened) -> dict[tuple[str, str], Told]:
    """What was said of pairs, by the ids that they have now."""
    turned = register.expecting.turned()
    found = {}
    for told in Apart(register.workspace.database).all():
        one, other = sorted((turned.get(told.review, told.review),
                             turned.get(told.other, told.other)))  # fmt: skip
        found[one, other] = told
    return found


def _surer(pair: Pair, told: Told) -> bool:
    """Whether what speaks for a pair now is surer than what spoke for it when it was judged."""
    if told.why not in SUREST:
        return False
    return SUREST.index(pair.why) < SUREST.index(told.why)


def _pairs(register: Opened, held: Mapping[str, Held]) -> list[Pair]:
    hashes = {r: one.row.text_sha256 for r, one in held.items() if one.row is not None}
    sketches = {r: marks for r, (_, marks) in register.entries.sketches().items() if r in hashes}
    texts = list(entry_alike.by_text(sketches, hashes))
    known = {(pair.review, pair.other) for pair in texts}
    records = entry_alike.by_record({r: one.values for r, one in held.items()})
    pairs = [*texts, *(one for one in records if (one.review, one.other) not in known)]
    pairs.sort(key=lambda p: (SUREST.index(p.why), -(p.score or 0), p.review, p.other))
    return pairs


# -- two side by side ----------------------------------------------------------------------


def beside(
    workspace: Workspace, one: str, other: str, *, as_name: Who, password: str | None = None
) -> Beside:
    """Two reviews side by side, the expected one first; with what speaks for their being one."""
    register = registered.opened(workspace, as_name, password=password, step="duplicates")
    first, second = sorted((register.one(one), register.one(other)), key=lambda held: held.id)
    if first.id == second.id:
        raise UsageError(_ONE_ID)
    pair = _found(register, first, second)
    return Beside(
        first,
        second,
        tuple(_compared(first.values, second.values)),
        "" if pair is None else pair.why,
        None if pair is None else pair.score,
        _said(register).get((first.id, second.id)),
    )


def _found(register: Opened, first: Held, second: Held) -> Pair | None:
    both = {first.id: first, second.id: second}
    pairs = _pairs(register, _standing(register) | both)
    return next((one for one in pairs if {one.review, one.other} == set(both)), None)


def _compared(one: Mapping[str, str], other: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Each field that either has: its name, both values, and "same", "differs" or "one"."""
    rows = []
    for field in entry.FIELDS:
        here, there = one.get(field.name, ""), other.get(field.name, "")
        if not here and not there:
            continue
        if not here or not there or NOT_STATED in (here, there):
            verdict = "same" if here == there else "one"
        else:
            verdict = "same" if folded(here) == folded(there) else "differs"
        rows.append((field.name, here, there, verdict))
    return rows


def keep_apart(
    workspace: Workspace, one: str, other: str, *, as_name: Who, password: str | None = None
) -> None:
    """Keep that two reviews are not the same: this reason does not bring them up again."""
    register = registered.opened(workspace, as_name, password=password, step="apart", looks=False)
    with registered.writing(register):
        first, second = _two(register, one, other)
        pair = _found(register, first, second)
        why = NOT_SHOWN if pair is None else pair.why
        Apart(workspace.database).keep(first.id, second.id, why, register.actor.id)
        told = {"other": second.id, "why": why}
        workspace.ledger.append(register.actor.id, "register-apart", first.id, told)


def show_again(
    workspace: Workspace, one: str, other: str, *, as_name: Who, password: str | None = None
) -> None:
    """Take back that two reviews are not the same: they are shown as a pair again."""
    register = registered.opened(workspace, as_name, password=password, step="apart", looks=False)
    with registered.writing(register):
        first, second = _two(register, one, other)
        told = _said(register).get((first.id, second.id))
        if told is None or not Apart(workspace.database).drop(told.review, told.other):
            raise UsageError(_NOT_SAID)
        detail = {"other": second.id}
        workspace.ledger.append(register.actor.id, "register-together", first.id, detail)


def _two(register: Opened, one: str, other: str) -> tuple[Held, Held]:
    first, second = sorted((register.one(one), register.one(other)), key=lambda held: held.id)
    if first.id == second.id:
        raise UsageError(_ONE_ID)
    return first, second


# -- texts ---------------------------------------------------------------------------------


def not_compared(workspace: Workspace, *, as_name: Who, password: str | None = None) -> int:
    """How many texts are not compared yet."""
    register = registered.opened(
        workspace, as_name, password=password, step="duplicates", looks=False
    )
    return len(_wanted(register, _standing(register)))


def _wanted(register: Opened, held: Mapping[str, Held]) -> list[Held]:
    kept = register.entries.sketches()
    return [
        one
        for review, one in held.items()
        if one.row is not None
        and one.row.text_sha256 != kept.get(review, ("", ()))[0]
        and "document" in register.entries.sealed.names(review)
    ]


def _sketch(register: Opened, held: Mapping[str, Held], most: int | None, tell: Progress) -> None:
    """Make the sketches of texts that have none yet, some at a time: it can be cut short."""
    wanted = [(one.id, one.row) for one in _wanted(register, held)[:most] if one.row is not None]
    done = 0
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        with registered.writing(register):
            for review, row in some:
                text = CaseFile(register.entries.sealed, review).document(row.edition).text
                register.entries.keep_sketch(review, row.text_sha256, entry_alike.sketch(text))
            register.workspace.ledger.append(
                register.actor.id, "register-sketch", None, {"reviews": len(some)}
            )
        done += len(some)
        tell(f"{done} of {len(wanted)} texts made ready to be compared.")
