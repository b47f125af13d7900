"""What a reviewer does at the desk, one step at a time, and what was decided after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.errors import UsageError
from pipeline.flow import standing
from pipeline.match import Names, fold
from pipeline.raw import settle
from pipeline.raw.cards import Card
from pipeline.raw.document import (
    Amendment,
    AmendmentKind,
    Clearance,
    ClearanceCode,
    Decision,
    Document,
    Finding,
    Proposal,
    Verdict,
)
from pipeline.span import Kind, Span
from pipeline.store.casefile import Decided, unique

_UNKNOWN = (
    "That step speaks of something that this review does not have, or not any more. Nothing was "
    "changed. Load the page again and repeat the step."
)
_NOT_SEEN = (
    "This card was not accepted: its mentions were not on your screen, or they have changed since. "
    "Look at them again, then accept."
)
_BOTH_ADDED = (
    "Two names that were both added by hand cannot be made one. Nothing was changed. Take one "
    "back, and add it again as a name of the other."
)
_LABEL_NAMES = (
    "The label holds a name that this review hides. Nothing was changed. Write a role or a kind of "
    "place."
)
_LONGEST_LABEL = 60
_BAD_LABEL = (
    "A label is one line of 1 to 60 characters. Nothing was changed. Write a role or a kind of "
    "place, never a name."
)


@dataclass(frozen=True, slots=True)
class Judge:
    """A verdict on a card, for all its mentions. To accept, `seen` is that of the card."""

    card: str
    verdict: Verdict
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """What a card is to be called: a position, or a label of the reviewer's own; it is accepted."""

    card: str
    position: str | None = None
    label: str | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Except:
    """A verdict on one mention, against that of its card; UNDECIDED goes with the card again."""

    finding: str
    verdict: Verdict
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a mention really starts and ends, in this place and wherever it is written so."""

    finding: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Add:
    """Something that was missed: it is hidden wherever it stands, as a card's or by itself."""

    start: int
    end: int
    kind: Kind
    card: str | None = None
    position: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Two cards are one person, place or body; the second is the one that stays."""

    card: str
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """Some mentions of a card are somebody else's."""

    card: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clear:
    """A line of what was not read was looked at; without a code it is open again."""

    line: str
    code: ClearanceCode | None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """Groups of the residual list were looked at and may stay; or are open again."""

    groups: tuple[str, ...]
    open_again: bool = False


Step = Judge | Name | Except | Bound | Add | Merge | Split | Clear | Pass


@dataclass(frozen=True, slots=True)
class Table:
    """What a step is taken on: the text, what was proposed at first, and the cards as they are."""

    document: Document
    proposal: Proposal
    cards: tuple[Card, ...]

    def card(self, wanted: str) -> Card:
        """The card of that id; UsageError where there is none."""
        for card in self.cards:
            if card.id == wanted:
                return card
        raise UsageError(_UNKNOWN)

    def of(self, finding: str) -> Card:
        """The card that a mention belongs to; UsageError where there is none."""
        for card in self.cards:
            if finding in card.findings:
                return card
        raise UsageError(_UNKNOWN)


def taken(table: Table, before: Decided, step: Step) -> Decided:
    """What is decided after a step; UsageError where it speaks of something unknown.

    What was decided on something that is there no more goes: what comes in its place is open.
    """
    after = _taken(table, before, step)
    if (after.added, after.amended) == (before.added, before.amended):
        return after
    there = standing.targets(table.document, _amended(table, after), after)
    return _without(after, [one.target for one in after.decisions if one.target not in there])


def _taken(table: Table, before: Decided, step: Step) -> Decided:
    match step:
        case Judge():
            return _judged(table, before, step)
        case Name():
            return _called(table, before, step)
        case Except():
            table.of(step.finding)
            label = _label(step.label)
            _require_no_name(table, label)
            return _with(before, [Decision(step.finding, step.verdict, None, label)])
        case Bound():
            return _bounded(table, before, step)
        case Add():
            return _added(table, before, step)
        case Merge():
            return _merged(table, before, step)
        case Split():
            return _split(table, before, step)
        case Clear():
            return _cleared(before, step)
        case Pass():
            passed = set(before.passed) - set(step.groups)
            passed |= set() if step.open_again else set(step.groups)
            return replace(before, passed=tuple(sorted(passed)))


def _with(before: Decided, decisions: Iterable[Decision]) -> Decided:
    """What was decided, with these decisions in place of those on the same things."""
    by_target = {one.target: one for one in (*before.decisions, *decisions)}
    said = (
        one
        for one in by_target.values()
        if one.verdict is not Verdict.UNDECIDED or one.position or one.label
    )
    return replace(before, decisions=tuple(sorted(said, key=lambda one: one.target)))


def _label(words: str | None) -> str | None:
    if words is None:
        return None
    plain = " ".join(words.split()).strip("[]").strip()
    if not 0 < len(plain) <= _LONGEST_LABEL:
        raise UsageError(_BAD_LABEL)
    return plain


def _require_no_name(table: Table, label: str | None) -> None:
    """UsageError where a label has a name of the case in it: the door would refuse it later."""
    entries = [(c.id, name) for c in table.cards if c.identity for name in c.identity.names]
    if label is not None and Names(entries).find(label):
        raise UsageError(_LABEL_NAMES)


def _own(table: Table, before: Decided, card: Card) -> list[Finding]:
    """What a reviewer added to make a card that the proposal does not have."""
    if card.identity is None or card.id in {i.id for i in _amended(table, before).identities}:
        return []
    return [finding for finding in before.added if finding.id in card.findings]


def _amended(table: Table, before: Decided) -> Proposal:
    return settle.amended(table.document, table.proposal, before.amended)


def _require_seen(card: Card, seen: str) -> None:
    if card.seen != seen:
        raise UsageError(_NOT_SEEN)


def _judged(table: Table, before: Decided, step: Judge) -> Decided:
    """A verdict on a card holds for all its mentions, but for those that were decided alone."""
    card = table.card(step.card)
    if step.verdict is Verdict.ACCEPT:
        _require_seen(card, step.seen)
    own = _own(table, before, card)
    if own and step.verdict is Verdict.REJECT:
        gone = {finding.id for finding in own}
        kept = tuple(finding for finding in before.added if finding.id not in gone)
        return replace(_without(before, gone), added=kept)
    if card.identity is None:
        return _judged_alike(table, before, card, step.verdict)
    earlier = {one.target: one for one in before.decisions}
    was = earlier.get(card.id)
    whole = Decision(
        card.id, step.verdict, was.position if was else None, was.label if was else None
    )
    return before if own else _with(before, [whole])


def _judged_alike(table: Table, before: Decided, card: Card, verdict: Verdict) -> Decided:
    """A verdict on things of one shape; what was added by hand over other things is taken back."""
    if verdict is not Verdict.REJECT:
        return _with(before, [Decision(target, verdict) for target in card.findings])
    proposed = {f.id for f in _amended(table, before).findings}
    kept = tuple(f for f in before.added if f.id not in card.findings)
    said = [Decision(target, verdict) for target in card.findings if target in proposed]
    return _with(replace(_without(before, card.findings), added=kept), said)


def _called(table: Table, before: Decided, step: Name) -> Decided:
    card, label = table.card(step.card), _label(step.label)
    _require_seen(card, step.seen)
    position = _label(step.position)
    _require_no_name(table, label)
    own = _own(table, before, card)
    if own:
        said = Decision(own[0].id, Verdict.ACCEPT, position, label)
        return _with(before, [said])
    if card.identity is None:
        wanted = (Decision(t, Verdict.ACCEPT, position, label) for t in card.findings)
        return _with(before, wanted)
    return _with(before, [Decision(card.id, Verdict.ACCEPT, position, label)])


def _without(before: Decided, gone: Iterable[str]) -> Decided:
    targets = set(gone)
    stay = tuple(one for one in before.decisions if one.target not in targets)
    return replace(before, decisions=stay)


def _corrected(table: Table, before: Decided, one: Amendment) -> Decided:
    """A further correction of the proposal; what was decided goes with the ids as they are now."""
    proposal = _amended(table, before)
    names = dict(settle.renamed(table.document, proposal, one))
    if one.kind is AmendmentKind.MERGE and one.into is not None:
        kind = table.card(one.into).kind
        own = (f for f in before.added if f.identity == one.target)
        names |= {f.id: replace(f, kind=kind).id for f in own}
    moved = []
    for decision in before.decisions:
        target = names.get(decision.target, decision.target)
        if target is not None:
            moved.append(replace(decision, target=target))
    added = list(before.added)
    if one.kind is AmendmentKind.MERGE and one.into is not None:
        kind = table.card(one.into).kind
        added = [
            replace(f, identity=one.into, kind=kind) if f.identity == one.target else f
            for f in before.added
        ]
    return replace(
        before, decisions=tuple(moved), added=unique(added), amended=(*before.amended, one)
    )


def _bounded(table: Table, before: Decided, step: Bound) -> Decided:
    card = table.of(step.finding)
    if not 0 <= step.start < step.end <= len(table.document.text):
        raise UsageError(_UNKNOWN)
    span = Span(step.start, step.end)
    if step.finding in {f.id for f in _amended(table, before).findings}:
        one = Amendment(AmendmentKind.BOUNDS, step.finding, span=span)
        return _corrected(table, before, one)
    text = table.document.text
    _, start, end = step.finding.rsplit("-", 2)
    written = fold(text[int(start) : int(end)])
    alike = [f for f in before.added if f.id in card.findings and fold(f.span.of(text)) == written]
    if not alike:
        raise UsageError(_UNKNOWN)
    gone = {f.id for f in alike}
    new = replace(alike[0], span=span)
    rest = [f for f in before.added if f.id not in gone]
    said = [replace(d, target=new.id) for d in before.decisions if d.target in gone]
    return replace(_with(_without(before, gone), said), added=unique([*rest, new]))


def _added(table: Table, before: Decided, step: Add) -> Decided:
    if not 0 <= step.start < step.end <= len(table.document.text):
        raise UsageError(_UNKNOWN)
    identity = kind = None
    if step.card is not None:
        card = table.card(step.card)
        kind = card.kind
        if card.identity is not None and not _own(table, before, card):
            identity = card.id
    finding = Finding(
        Span(step.start, step.end), kind or step.kind, "added", 1.0, settle.REVIEWER, identity
    )
    after = replace(before, added=unique([*before.added, finding]))
    # What stands there may have been let stay before: adding it is the later word.
    after = _without(after, [finding.id])
    held = standing.holding(table.document, _amended(table, after), after, finding)
    after = _with(after, (Decision(one.id, Verdict.ACCEPT) for one in held))
    called = [Decision(finding.id, Verdict.ACCEPT, _label(step.position))]
    return after if step.position is None else _with(after, called)


def _merged(table: Table, before: Decided, step: Merge) -> Decided:
    card, into = table.card(step.card), table.card(step.into)
    own, other = _own(table, before, card), _own(table, before, into)
    if card.identity is None or into.identity is None:
        raise UsageError(_UNKNOWN)
    if own and other:
        raise UsageError(_BOTH_ADDED)
    if own or other:
        mine, stays = (own, into) if own else (other, card)
        ids = {finding.id for finding in mine}
        added = [
            replace(f, identity=stays.id, kind=stays.kind) if f.id in ids else f
            for f in before.added
        ]
        return replace(_without(before, ids), added=unique(added))
    verdicts = {one.target: one.verdict for one in before.decisions}
    if verdicts.get(into.id) is Verdict.REJECT and verdicts.get(card.id) is not Verdict.REJECT:
        before = _without(before, [into.id])  # nobody let the other's mentions stay
    return _corrected(table, before, Amendment(AmendmentKind.MERGE, card.id, into.id))


def _split(table: Table, before: Decided, step: Split) -> Decided:
    card = table.card(step.card)
    if card.identity is None or _own(table, before, card):
        raise UsageError(_UNKNOWN)
    # Names that were added to the card stay with it; only what was proposed can be told apart.
    proposed = {f.id for f in _amended(table, before).findings}
    leaving = tuple(f for f in step.findings if f in proposed)
    if not leaving:
        raise UsageError(_UNKNOWN)
    number = sum(one.kind is AmendmentKind.SPLIT for one in before.amended) + 1
    one = Amendment(AmendmentKind.SPLIT, card.id, f"split-{number}", findings=leaving)
    return _corrected(table, _without(before, [card.id]), one)


def _cleared(before: Decided, step: Clear) -> Decided:
    lines = {line.id: line for line in before.cleared if line.id != step.line}
    if step.code is not None:
        lines[step.line] = Clearance(step.line, step.code, step.description)
    return replace(before, cleared=tuple(lines[line] for line in sorted(lines)))
