"""Any steps in any order: nothing hidden comes to light but by the step that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from door_parts import document, person, proposal
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.door import policy, verify
from pipeline.door.redact import Redaction, redact
from pipeline.errors import UsageError
from pipeline.exporters import to_text
from pipeline.flow import deciding, steps
from pipeline.flow.deciding import Desk, Reading
from pipeline.flow.steps import Add, Bound, Except, Judge, Merge, Name, Pass, Split, Step, Table
from pipeline.raw import residual
from pipeline.raw.cards import Card
from pipeline.raw.document import Identity, Verdict
from pipeline.span import BlockKind, Kind, Span
from pipeline.store.casefile import Decided
from pipeline.store.register import Row, State

DOCUMENT = document(
    (BlockKind.HEADING, "About Orla Zorbel"),
    "Orla Zorbel met Piers Quillan and Zorbel at Kettleworth. Tamsin Piers Quillan was there.",
    "Zorbel House School wrote to Ms Quillan of Orla Zorbel House on 14 June 2012, about Orla.",
    (BlockKind.TABLE, "Orla Zorbel\tKettleworth\nPiers\tQuillan of Kettleworth School"),
    "In Kettleworth Orla saw Dervla, and Piers Quillan, reference ZQ/4471.",
)
TEXT = DOCUMENT.text
PROPOSAL = proposal(
    DOCUMENT,
    [
        person("i1", "Orla Zorbel", "Zorbel", "Orla", position="mother"),
        person("i2", "Piers Quillan", "Quillan", position="father"),
        Identity("i3", Kind.ORGANISATION, ("Zorbel House School", "Kettleworth School"), "school"),
        Identity("i4", Kind.PLACE, ("Kettleworth",)),
    ],
    [("14 June 2012", Kind.DATE, ""), ("ZQ/4471", Kind.CODE, "reference")],
)
NAMES = "Orla Zorbel Piers Quillan Kettleworth Tamsin Dervla"
WORDS = [Span(*m.span()) for m in re.finditer(r"\b(?:" + NAMES.replace(" ", "|") + r")\b", TEXT)]
TOKENS = [Span(*m.span()) for m in re.finditer(r"\w+", TEXT)]
READING = Reading(DOCUMENT, PROPOSAL, residual.candidates(DOCUMENT))
ROW = Row(
    review="r-test", state=State.PROPOSED, kind="", board="", subject="", received="",
    published=None, sha256="", text_sha256="", media="", edition=0, editor=None,
)  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """One step, drawn as numbers: what, on which of the things that are there, and how far."""

    do: int
    one: int
    other: int
    more: int


TURNS = st.builds(
    Turn, st.integers(0, 11), st.integers(0, 60), st.integers(0, 60), st.integers(0, 7)
)


def desk_of(decided: Decided) -> Desk:
    return deciding._desk(ROW, READING, decided)


def offsets(spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end) if TEXT[at].isalnum()}


def hidden(desk: Desk) -> set[int]:
    return offsets(f.span for f in desk.settlement.findings)


def spans_of(desk: Desk, card: Card) -> list[Span]:
    own = set(card.findings)
    return [f.span for f in desk.proposal.findings if f.id in own]


def step_of(desk: Desk, turn: Turn) -> Step:
    cards = desk.cards
    card = cards[turn.one % len(cards)]
    finding = card.findings[turn.other % len(card.findings)]
    verdict = (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNDECIDED)[turn.more % 3]
    first = TOKENS[turn.one % len(TOKENS)]
    last = TOKENS[min(len(TOKENS) - 1, turn.one % len(TOKENS) + turn.more % 4)]
    kind = list(Kind)[turn.other % len(Kind)]
    match turn.do:
        case 0 | 1:
            return Judge(card.id, verdict, card.seen)
        case 2:
            return Name(card.id, position="aunt" if turn.more % 2 else None, label="somebody",
                        seen=card.seen)  # fmt: skip
        case 3 | 4:
            return Except(finding, verdict, "a person" if turn.more > 5 else None)
        case 5:
            at = int(finding.rsplit("-", 2)[1])
            near = [t for t in TOKENS if abs(t.start - at) < 30]
            begin = near[turn.more % len(near)]
            return Bound(finding, begin.start, near[turn.other % len(near)].end)
        case 6 | 7:
            into = cards[turn.other % len(cards)].id if turn.more > 4 else None
            return Add(first.start, last.end, kind, into)
        case 8 | 9:
            return Merge(card.id, cards[turn.other % len(cards)].id)
        case 10:
            return Split(card.id, (finding,))
        case _:
            groups = desk.groups[turn.one % max(1, len(desk.groups)) :][: turn.more]
            return Pass(tuple(group.key for group in groups), turn.more % 2 == 1)


def may_show(desk: Desk, step: Step) -> set[int]:
    """What a step says shall not be hidden any more."""
    by_id = {card.id: card for card in desk.cards}
    if isinstance(step, Judge) and step.verdict is Verdict.REJECT:
        return offsets(spans_of(desk, by_id[step.card]))
    if isinstance(step, Except) and step.verdict is not Verdict.ACCEPT:
        return offsets(f.span for f in desk.proposal.findings if f.id == step.finding)
    if isinstance(step, Bound):
        card = next(card for card in desk.cards if step.finding in card.findings)
        return offsets(spans_of(desk, card))
    return set()


def accounted(desk: Desk) -> set[int]:
    """What is hidden, was let stay, or waits in the list of what is left."""
    left = offsets(span for group in desk.groups for span in group.spans)
    return hidden(desk) | offsets(desk.settlement.kept) | left


def finished(desk: Desk) -> tuple[Desk, Redaction]:
    """Everything that is open accepted, and the text as it would be published."""
    decided = desk.decided
    while desk.open_cards:
        card = desk.open_cards[0]
        table = Table(DOCUMENT, PROPOSAL, desk.cards)
        decided = steps.taken(table, decided, Judge(card.id, Verdict.ACCEPT, card.seen))
        was, desk = len(desk.open_cards), desk_of(decided)
        assert len(desk.open_cards) < was
    for finding in desk.proposal.findings:
        assert finding.span in desk.settlement.kept or finding.id in {
            f.id for f in desk.settlement.findings
        }
    decided = replace(decided, passed=tuple(group.key for group in desk.groups))
    desk = desk_of(decided)
    made = redact(
        DOCUMENT, desk.settlement, policy.load("public"), review="r-test", draft=False
    )
    return desk, made


@settings(max_examples=600, deadline=None)
@given(st.lists(TURNS, min_size=1, max_size=9))
def test_after_any_steps_nothing_hidden_came_to_light(turns: list[Turn]) -> None:
    desk = desk_of(Decided())
    for turn in turns:
        step = step_of(desk, turn)
        try:
            before, desk = desk, deciding.stepped(desk, step)
        except UsageError:
            continue
        newly = hidden(before) - hidden(desk) - may_show(before, step)
        assert not newly, (step, "".join(TEXT[at] for at in sorted(newly)))
        if isinstance(step, Add):
            assert offsets([Span(step.start, step.end)]) <= hidden(desk), step
        if isinstance(step, Judge) and step.verdict is Verdict.ACCEPT:
            assert not next(c for c in desk.cards if c.id == step.card).is_open
        missing = offsets(WORDS) - accounted(desk)
        assert not missing, (step, "".join(TEXT[at] for at in sorted(missing)))
    desk, made = finished(desk)
    text = to_text.render(made.document, public_id="r-test")
    verify.require_clean({"draft.txt": text}, made)
    changed = offsets(change.span for change in made.plan.replacements)
    named = (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION)
    stays = offsets(WORDS) & offsets(
        f.span for f in desk.settlement.findings if f.kind in named or f.by == "reviewer"
    )
    assert stays <= changed, "".join(TEXT[at] for at in sorted(stays - changed))
